package slack

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/slack-go/slack"
)

// holds reports whether a finished message reads as it was meant: its blocks
// say each of the lines and no more, its text says the same, and there is
// nothing that Slack refuses or reads as markup. It reads what is sent, and knows
// nothing of how that was made.
func holds(m message, meant []line) bool {
	r, ok := read(m.blocks, mostBlocks, longestBlocks)
	return ok && r.says(meant) && inert(m.text) && length(m.text) <= longestText && tells(m.text, meant, r)
}

// holdsView reports the same of a view, which has no text.
func holdsView(v view, meant []line) bool {
	r, ok := read(v.blocks, mostViewBlocks, longestView)
	return ok && r.says(meant)
}

// reading is what is read in blocks.
type reading struct {
	lines   []string
	tickets []string // what the buttons beside lines open
	labels  []string // of everything that can be pressed or chosen from
	ids     map[string]bool
}

// says reports whether what was read is what was meant.
func (r *reading) says(meant []line) bool {
	var lines, tickets []string
	for _, l := range meant {
		if l.text != "" {
			lines = append(lines, l.text)
		}
		if l.ticket != "" {
			tickets = append(tickets, string(l.ticket))
		}
	}
	return slices.Equal(r.lines, lines) && slices.Equal(r.tickets, tickets)
}

// tells reports whether a text has the letters and digits of all lines, in their
// order, and no others: of data as many as there is room for, and where all that
// there is only offers something, those of its labels.
func tells(text string, meant []line, r *reading) bool {
	rest, words := skeleton(unescape(text)), false
	for _, l := range meant {
		n := shared(rest, skeleton(l.text))
		if n < len(skeleton(l.text)) && l.kind != code {
			return false
		}
		rest, words = rest[n:], words || l.text != ""
	}
	return rest == "" || !words && strings.HasPrefix(skeleton(strings.Join(r.labels, "")), rest)
}

// shared is how many bytes two texts have in common at their beginnings.
func shared(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// skeleton returns the letters and digits of a text.
func skeleton(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Lm, r) || unicode.IsDigit(r) { // what looks like markup is a letter to Unicode
			return r
		}
		return -1
	}, s)
}

// unescape is what Slack makes of the three characters that have an escape.
func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// inert reports whether a text at the top of a message is nothing but text.
func inert(s string) bool {
	if !seen(strings.ReplaceAll(s, string(joiner), ""), true) || strings.ContainsAny(s, "<>*_~`") {
		return false
	}
	if strings.Contains(strings.NewReplacer("&lt;", "", "&gt;", "", "&amp;", "").Replace(s), "&") {
		return false
	}
	for l := range strings.SplitSeq(s, "\n") {
		if strings.HasPrefix(l, "&gt;") {
			return false
		}
	}
	var last rune
	for _, r := range s {
		if strings.ContainsRune(":@#", last) && last != 0 && r != joiner && !unicode.IsSpace(r) || last == '.' && (unicode.IsLetter(r) || unicode.IsNumber(r)) {
			return false
		}
		last = r
	}
	return true
}

// seen reports whether there is something of a text to see, and nothing in it
// that is not: on one line, unless it may have several.
func seen(s string, lines bool) bool {
	graphic := false
	for _, r := range s {
		switch {
		case r == '\n' && lines, r == '\u200d':
		case r == unicode.ReplacementChar, unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co):
			return false
		default:
			graphic = graphic || unicode.IsGraphic(r) && !unicode.IsSpace(r)
		}
	}
	return graphic
}

// read reads blocks as Slack gets them; false where there is anything that
// dogear does not send.
func read(blocks []slack.Block, most, bytes int) (*reading, bool) {
	data, err := json.Marshal(blocks)
	if err != nil || len(data) > bytes || len(blocks) == 0 || len(blocks) > most {
		return nil, false
	}
	var all []any
	if json.Unmarshal(data, &all) != nil {
		return nil, false
	}
	r := &reading{}
	for _, b := range all {
		r.ids = map[string]bool{} // of one block
		if !r.block(b) {
			return nil, false
		}
	}
	return r, true
}

func (r *reading) block(v any) bool {
	switch o, kind := object(v); kind {
	case "rich_text":
		return o.has("elements") && each(o["elements"], 1, 1, r.rich)
	case "actions":
		return o.has("elements") && each(o["elements"], 1, mostInBlock, r.element)
	case "section": // a line with what opens it
		button, _ := object(o["accessory"])
		value, ok := button["value"].(string)
		text, said := r.words(o["text"], longestText)
		r.lines, r.tickets = append(r.lines, text), append(r.tickets, value)
		return o.has("text", "accessory") && ok && said && r.element(button) && button["action_id"] == string(revealAction)+":"+value+":"
	}
	return false
}

// rich reads a part of a rich text: a section, a list of sections, or data.
func (r *reading) rich(v any) bool {
	o, kind := object(v)
	several := kind == "rich_text_preformatted"
	switch {
	case kind == "rich_text_list":
		return o.has("elements", "style", "indent", "border", "offset") && o["style"] == "bullet" && each(o["elements"], 1, len(r.lines)+longestText, func(v any) bool {
			_, kind := object(v)
			return kind == "rich_text_section" && r.rich(v)
		})
	case kind != "rich_text_section" && !several:
		return false
	}
	most, line := 1, ""
	if several {
		most = longestBlocks
	}
	ok := each(o["elements"], 1, most, func(v any) bool {
		e, kind := object(v)
		text, _ := e["text"].(string)
		line += text
		style, styled := e["style"].(map[string]any)
		return kind == "text" && e.has("text", "style") && (e["style"] == nil || styled && len(style) == 1 && style["bold"] == true) &&
			length(text) <= longestText && (several && text != "" || seen(text, false))
	})
	r.lines = append(r.lines, line)
	return ok && seen(line, several) && (several || strings.TrimSpace(line) == line) && o.has("elements", "border")
}

// element reads a button or a menu.
func (r *reading) element(v any) bool {
	o, kind := object(v)
	id, _ := o["action_id"].(string)
	fresh := !r.ids[id]
	r.ids[id] = true
	if !fresh || !within(id, longestID) || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r >= unicode.MaxASCII }) {
		return false
	}
	name, most, known := "placeholder", longestPlaceholder, []string{"placeholder", "action_id"}
	switch kind {
	case "button":
		name, most, known = "text", longestLabel, []string{"text", "action_id", "value", "style"}
		if value, is := o["value"]; is && (value == "" || value != strings.Split(id, ":")[1] || length(id) > longestValue) {
			return false
		}
		if style, is := o["style"]; is && style != "primary" {
			return false
		}
	case "static_select":
		known = append(known, "options")
		if values := map[any]bool{}; !each(o["options"], 1, mostChoices, func(v any) bool { return r.option(v, values) }) {
			return false
		}
	case "external_select":
		known = append(known, "min_query_length")
		if o["min_query_length"] != 0.0 {
			return false
		}
	default:
		return false
	}
	label, ok := r.words(o[name], most)
	r.labels = append(r.labels, label)
	return ok && o.has(known...)
}

// option reads a choice of a menu, which has none of values yet.
func (r *reading) option(v any, values map[any]bool) bool {
	o, _ := object(v)
	value, _ := o["value"].(string)
	if values[value] {
		return false
	}
	values[value] = true
	_, ok := r.words(o["text"], longestLabel)
	return ok && o.has("text", "value") && within(value, longestLabel)
}

// words reads a text that is no rich text, in which Slack looks for no markup
// and no emoji.
func (r *reading) words(v any, most int) (string, bool) {
	o, kind := object(v)
	text, _ := o["text"].(string)
	return text, kind == "plain_text" && o.has("text", "emoji") && o["emoji"] == false && length(text) <= most && seen(text, false)
}

// fields is a JSON object.
type fields map[string]any

// object returns what an object has, and its type; empty where it is none.
func object(v any) (fields, string) {
	o, ok := v.(map[string]any)
	if !ok {
		o, _ = v.(fields)
	}
	kind, _ := o["type"].(string)
	return o, kind
}

// has reports whether there are no other fields than these and the type.
func (f fields) has(names ...string) bool {
	for name := range f {
		if name != "type" && !slices.Contains(names, name) {
			return false
		}
	}
	return true
}

// each reports whether something is an array of least to most elements, each of
// which is good.
func each(v any, least, most int, good func(any) bool) bool {
	all, ok := v.([]any)
	return ok && len(all) >= least && len(all) <= most && !slices.ContainsFunc(all, func(v any) bool { return !good(v) })
}

// within reports whether there is a text, and no more of it than most.
func within(s string, most int) bool { return s != "" && length(s) <= most }

// length is a text's length in UTF-16 code units.
func length(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}
