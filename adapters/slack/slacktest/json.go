package slacktest

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"unicode/utf16"
)

// object is a JSON object.
type object = map[string]any

// text returns a string of an object; empty where it holds none.
func text(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

func flag(o object, key string) bool { return o[key] == true }

func list(o object, key string) []any {
	l, _ := o[key].([]any)
	return l
}

// at returns an object of an object; nil where it holds none.
func at(o object, key string) object {
	inner, _ := o[key].(object)
	return inner
}

// objects are those of a list.
func objects(l []any) []object {
	var out []object
	for _, v := range l {
		if o, ok := v.(object); ok {
			out = append(out, o)
		}
	}
	return out
}

// units is how long Slack takes a text to be.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// stringsOf appends all strings of a decoded JSON value, keys too.
func stringsOf(v any, to []string) []string {
	switch v := v.(type) {
	case string:
		return append(to, v)
	case []any:
		for _, inner := range v {
			to = stringsOf(inner, to)
		}
	case object:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			to = stringsOf(v[key], append(to, key))
		}
	}
	return to
}

// clone returns a deep copy of what JSON can hold, as a decoder makes it.
func clone[T any](v T) T {
	var out T
	raw, _ := json.Marshal(v)
	_ = json.Unmarshal(raw, &out)
	return out
}

// compact returns JSON as short as it gets, nothing escaped that need not be.
func compact(v any) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v)
	return bytes.TrimSpace(out.Bytes())
}

// take returns the first of a queue and removes it; false where there is none.
func take[T any](queue *[]T) (first T, ok bool) {
	if len(*queue) == 0 {
		return first, false
	}
	first = (*queue)[0]
	*queue = (*queue)[1:]
	return first, true
}
