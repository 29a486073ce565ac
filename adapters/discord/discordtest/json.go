package discordtest

import (
	"maps"
	"slices"
	"unicode/utf16"
)

// text returns a string of an object; empty where it holds none.
func text(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

// number returns a whole number of an object; 0 where it holds none.
func number(o object, key string) int {
	switch n := o[key].(type) {
	case float64:
		return int(n)
	case int:
		return n
	}
	return 0
}

func flag(o object, key string) bool { return o[key] == true }

func list(o object, key string) []any {
	l, _ := o[key].([]any)
	return l
}

// has reports whether an object has a value that is not null.
func has(o object, key string) bool { return o[key] != nil }

func orEmpty(l []any) []any {
	if l == nil {
		return []any{}
	}
	return l
}

// units is how long Discord takes a text to be.
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
