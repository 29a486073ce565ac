package reading

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"
)

// reader goes through one payload and notes what is in it.
type reader struct {
	text, aloud, said []string
	live, hidden      []string
	breaches          []string

	blockIDs  map[string]bool
	actionIDs map[string]bool // of the block that is being read
	raw       []byte          // the whole payload, nil where it is a form
	inputs    bool            // a block of it takes an input
}

func newReader() *reader { return &reader{blockIDs: map[string]bool{}} }

// check reads a value of a payload, and says what is wrong with it.
type check func(r *reader, path string, v any)

// field is a field of an object.
type field struct {
	name  string
	must  bool // Slack refuses the object without it
	check check
}

// shape is what an object may hold, in the order in which a person sees it.
type shape struct {
	fields []field
	rule   func(r *reader, path string, v map[string]any) // nil: there is none
}

// broken notes a breach.
func (r *reader) broken(path, format string, args ...any) {
	if path == "" {
		path = "payload"
	}
	r.breaches = append(r.breaches, path+": "+fmt.Sprintf(format, args...))
}

// open returns the fields of a payload, nil where it has none.
func (r *reader) open(payload []byte) map[string]any {
	trimmed := bytes.TrimSpace(payload)
	if len(trimmed) > 0 && trimmed[0] == '{' {
		r.raw = trimmed
		fields, _ := r.decode("", trimmed).(map[string]any)
		return fields
	}
	form, err := url.ParseQuery(string(trimmed))
	if err != nil || len(form) == 0 || len(trimmed) == 0 || !bytes.ContainsRune(trimmed, '=') {
		r.broken("", "neither an object nor a form")
		r.show(label, string(trimmed))
		return nil
	}
	fields := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		values := form[name]
		fields[name] = values[0]
		if len(values) > 1 {
			r.broken(name, "given %d times", len(values))
			r.unread(values[1:])
		}
		for _, v := range values {
			if !utf8.ValidString(v) {
				r.broken(name, "not UTF-8")
			}
		}
	}
	return fields
}

// decode returns what JSON says, nil where it is none.
func (r *reader) decode(path string, raw []byte) any {
	if !utf8.Valid(raw) {
		r.broken(path, "not UTF-8")
	}
	if loneSurrogate(raw) {
		r.broken(path, "a lone surrogate")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more behind it")
		}
	}
	if err != nil {
		r.broken(path, "not JSON")
		r.show(label, string(raw))
		return nil
	}
	return v
}

// loneSurrogate reports whether an escape in JSON is half of a character.
func loneSurrogate(raw []byte) bool {
	unit := func(i int) uint64 {
		if i+6 > len(raw) || raw[i] != '\\' || raw[i+1] != 'u' {
			return 0
		}
		n, _ := strconv.ParseUint(string(raw[i+2:i+6]), 16, 16)
		return n
	}
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		switch n := unit(i); {
		case n >= 0xDC00 && n < 0xE000:
			return true
		case n >= 0xD800 && n < 0xDC00:
			if low := unit(i + 6); low < 0xDC00 || low >= 0xE000 {
				return true
			}
			i += 11
		default:
			i++ // what is escaped
		}
	}
	return false
}

// object reads an object.
func (r *reader) object(path string, v any, s shape) {
	fields, ok := v.(map[string]any)
	if !ok {
		r.broken(path, "not an object")
		r.unread(v)
		return
	}
	known := map[string]bool{}
	for _, f := range s.fields {
		known[f.name] = true
		v, given := fields[f.name]
		switch at := join(path, f.name); {
		case !given && f.must:
			r.broken(at, "missing")
		case !given:
		case v == nil:
			r.broken(at, "null")
		default:
			f.check(r, at, v)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !known[name] {
			r.broken(join(path, name), "unknown")
			r.unread(fields[name])
		}
	}
	if s.rule != nil {
		s.rule(r, path, fields)
	}
}

// typed returns a check of an object that is one of several by its type.
func typed(kinds map[string]shape) check {
	return func(r *reader, path string, v any) {
		fields, _ := v.(map[string]any)
		name, _ := fields["type"].(string)
		kind, ok := kinds[name]
		if !ok {
			r.broken(path, "of a type that is unknown here: %q", name)
			r.unread(v)
			return
		}
		kind.fields = append([]field{{"type", true, ignored}}, kind.fields...)
		r.object(path, v, kind)
	}
}

// ignored is the check of what is of no matter.
func ignored(*reader, string, any) {}

// unread notes what the judge can't read as if everybody could.
func (r *reader) unread(v any) {
	each(v, func(s string) { r.show(label, s) })
}

// hide notes all of a value as not seen.
func (r *reader) hide(v any) {
	each(v, func(s string) { r.hidden = append(r.hidden, s) })
}

// each calls a function with all strings of a value, names of fields too.
func each(v any, do func(string)) {
	switch v := v.(type) {
	case string:
		do(v)
	case json.Number:
		do(v.String())
	case []string:
		for _, s := range v {
			do(s)
		}
	case []any:
		for _, e := range v {
			each(e, do)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			do(name)
			each(v[name], do)
		}
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
