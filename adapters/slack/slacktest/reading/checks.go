package reading

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// within notes a text that is longer than Slack takes.
func (r *reader) within(path, text string, most int) {
	if n := UTF16(text); n > most {
		r.broken(path, "%d > %d", n, most)
	}
}

// words returns the check of a text object: plain text, or mrkdwn as well.
func words(most int, as role, types ...string) check {
	return func(r *reader, path string, v any) {
		fields, _ := v.(map[string]any)
		kind, _ := fields["type"].(string)
		text, ok := fields["text"].(string)
		if !ok || !slices.Contains(types, kind) {
			r.broken(path, "no text of type %s", strings.Join(types, " or "))
			r.unread(v)
			return
		}
		r.within(path, text, most)
		r.object(path, v, shape{fields: []field{{"type", true, ignored}, {"text", true, ignored}, textFlags[kind]}})
		shown := text
		if kind == mrkdwn {
			shown = r.mrkdwn(text, all)
			r.show(as, shown)
		} else {
			r.plain(as, text, fields["emoji"] != false)
		}
		if blank(shown) {
			r.broken(path, "blank")
		}
	}
}

const (
	plainText = "plain_text"
	mrkdwn    = "mrkdwn"
)

// textFlags is what a text object of each type may say beside its text.
var textFlags = map[string]field{
	plainText: {"emoji", false, flag},
	mrkdwn:    {"verbatim", false, flag},
}

// plain and either return the checks of plain text alone, and of both.
func plain(most int, as role) check  { return words(most, as, plainText) }
func either(most int, as role) check { return words(most, as, plainText, mrkdwn) }

// plain notes a plain text. Slack may decode entities in it, so both that and
// what is written counts as seen.
func (r *reader) plain(as role, text string, emoji bool) {
	r.show(as, text)
	if decoded := entities.Replace(text); decoded != text {
		r.show(as, decoded)
	}
	if emoji {
		r.live = append(r.live, emojis.FindAllString(text, -1)...)
	}
}

// bare returns the check of a string that is seen as it is: an alt text, or
// what a field is filled with.
func bare(most int, as role) check {
	return func(r *reader, path string, v any) {
		text, ok := v.(string)
		if !ok {
			r.broken(path, "not a string")
			r.unread(v)
			return
		}
		r.within(path, text, most)
		if blank(text) {
			r.broken(path, "blank")
		}
		r.plain(as, text, false)
	}
}

// unseen returns the check of a string that nobody sees.
func unseen(most int) check {
	return func(r *reader, path string, v any) {
		text, ok := v.(string)
		if !ok {
			r.broken(path, "not a string")
		} else if text == "" {
			r.broken(path, "empty")
		}
		r.within(path, text, most)
		r.hide(v)
	}
}

// link is the check of an address that something leads to.
func link(r *reader, path string, v any) {
	unseen(3000)(r, path, v)
	if s, ok := v.(string); ok {
		r.live = append(r.live, s)
	}
}

// blockID and actionID are the checks of ids, which may not come twice: a
// block's in a payload, an action's in a block.
func blockID(r *reader, path string, v any)  { r.id(path, v, r.blockIDs) }
func actionID(r *reader, path string, v any) { r.id(path, v, r.actionIDs) }

func (r *reader) id(path string, v any, taken map[string]bool) {
	unseen(255)(r, path, v)
	if id, ok := v.(string); ok && taken != nil {
		if taken[id] {
			r.broken(path, "twice")
		}
		taken[id] = true
	}
}

// flag is the check of a yes or no. A form has it in words.
func flag(r *reader, path string, v any) {
	if _, _, ok := yes(v); !ok {
		r.broken(path, "neither true nor false")
		r.unread(v)
	}
}

// yes returns what a flag says, whether it was set, and whether it is a flag.
func yes(v any) (value, given, ok bool) {
	switch v := v.(type) {
	case nil:
		return false, false, true
	case bool:
		return v, true, true
	case string:
		b, err := strconv.ParseBool(v)
		return b, true, err == nil
	}
	return false, true, false
}

// number returns the check of a whole number.
func number(least, most int64) check {
	return func(r *reader, path string, v any) {
		n, ok := v.(json.Number)
		if !ok {
			r.broken(path, "not a number")
			r.unread(v)
			return
		}
		if i, err := n.Int64(); err != nil || i < least || i > most {
			r.broken(path, "%s is not from %d to %d", n, least, most)
		}
		r.hide(v)
	}
}

// choice returns the check of a string out of a few.
func choice(of ...string) check {
	return func(r *reader, path string, v any) {
		if s, ok := v.(string); !ok || !slices.Contains(of, s) {
			r.broken(path, "none of %s", strings.Join(of, ", "))
			r.unread(v)
			return
		}
		r.hide(v)
	}
}

// noEnd is the most where Slack names no limit.
const noEnd = math.MaxInt

// list returns the check of a list.
func list(least, most int, of check) check {
	return func(r *reader, path string, v any) {
		elements, ok := v.([]any)
		if !ok {
			r.broken(path, "not a list")
			r.unread(v)
			return
		}
		if n := len(elements); n > most {
			r.broken(path, "%d > %d", n, most)
		} else if n < least {
			r.broken(path, "%d < %d", n, least)
		}
		for i, e := range elements {
			of(r, fmt.Sprintf("%s[%d]", path, i), e)
		}
	}
}

// shaped returns the check of an object of one shape.
func shaped(s shape) check {
	return func(r *reader, path string, v any) { r.object(path, v, s) }
}

// blank reports whether there is nothing to see in a text.
func blank(text string) bool {
	return strings.TrimFunc(text, func(c rune) bool {
		return unicode.IsSpace(c) || unicode.In(c, unicode.C, unicode.Mn, unicode.Other_Default_Ignorable_Code_Point) || c == '\u2800'
	}) == ""
}

// has reports whether an object has a field.
func has(fields map[string]any, name string) bool { return fields[name] != nil }

// contains reports whether a list has an element like another.
func contains(elements, like any) bool {
	list, _ := elements.([]any)
	return slices.ContainsFunc(list, func(e any) bool { return reflect.DeepEqual(e, like) })
}
