package slack

import (
	"encoding/json"
	"regexp"
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
	g, ok := readBlocks(m.blocks, mostBlocks, longestBlocks)
	return ok && g.says(meant) && inert(m.text) && length(m.text) <= longestText && tells(m.text, meant, g)
}

// holdsView reports the same of a view, which has no text.
func holdsView(v view, meant []line) bool {
	g, ok := readBlocks(v.blocks, mostViewBlocks, longestView)
	return ok && g.says(meant)
}

// unbounded is how many parts something may have whose length is limited otherwise.
const unbounded = longestBlocks

// gist is what is read in blocks.
type gist struct {
	lines   []string
	tickets []string // what the buttons beside lines open
	labels  []string // of everything that can be pressed or chosen from
	ids     map[string]bool
}

// says reports whether what was read is what was meant.
func (g *gist) says(meant []line) bool {
	var lines, tickets []string
	for _, l := range meant {
		if l.text != "" {
			lines = append(lines, l.text)
		}
		if l.ticket != "" {
			tickets = append(tickets, string(l.ticket))
		}
	}
	return slices.Equal(g.lines, lines) && slices.Equal(g.tickets, tickets)
}

// tells reports whether a text has the letters and digits of all lines, in their
// order, and no others: of data as many as there is room for, and where all that
// there is only offers something, those of its labels.
func tells(text string, meant []line, g *gist) bool {
	words := slices.ContainsFunc(meant, func(l line) bool { return l.text != "" })
	return follows(skeleton(unescape(text)), meant, func(rest string) bool {
		return rest == "" || !words && strings.HasPrefix(skeleton(strings.Join(g.labels, "")), rest)
	})
}

// follows reports whether a skeleton is that of lines, and an end that may be left.
// Where data was cut, what comes next may begin as the rest of it does.
func follows(rest string, meant []line, end func(string) bool) bool {
	if len(meant) == 0 {
		return end(rest)
	}
	whole := skeleton(meant[0].text)
	n := common(rest, whole)
	if meant[0].kind != codeLine {
		return n == len(whole) && follows(rest[n:], meant[1:], end)
	}
	for least := max(0, n-mostAlike); n >= least; n-- {
		if follows(rest[n:], meant[1:], end) {
			return true
		}
	}
	return false
}

// mostAlike is how many bytes of data and of what follows it may be alike.
const mostAlike = 4

// common is how many bytes two texts have in common at their beginnings.
func common(a, b string) int {
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
	if !visible(strings.ReplaceAll(s, string(joiner), ""), true) || strings.ContainsAny(s, "<>*~`＊＿｀") {
		return false
	}
	if strings.Contains(strings.NewReplacer("&lt;", "", "&gt;", "", "&amp;", "").Replace(s), "&") {
		return false
	}
	for l := range strings.SplitSeq(s, "\n") {
		if l = strings.TrimSpace(l); strings.HasPrefix(l, "&gt;") || strings.HasPrefix(l, "＞") {
			return false
		}
	}
	return !live.MatchString(s)
}

// live is what makes links, mentions and emoji, where no joiner stands in between.
var live = regexp.MustCompile(`(?:^|[^\x{2060}]):\S|[:@#][^\x{2060}\s]|[^\x{2060}0-9]\.[\pL\pN]|[0-9]\.[^\P{L}]|[0-9]\.[^\P{N}0-9]|(?i:www)\.|(?:^|[^0-9A-Za-z])_|_(?:[^0-9A-Za-z]|$)`)

// visible reports whether there is something of a text to see, and nothing in it
// that is not: on one line, unless it may have several.
func visible(s string, lines bool) bool {
	graphic := false
	for _, r := range s {
		switch {
		case r == '\n' && lines, r == '\u200d':
		case r == unicode.ReplacementChar, unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co):
			return false
		default:
			graphic = graphic || unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r) && r != '\u2800'
		}
	}
	return graphic
}

// readBlocks reads blocks as Slack gets them; false where there is anything that
// dogear does not send.
func readBlocks(blocks []slack.Block, most, bytes int) (*gist, bool) {
	data, err := json.Marshal(blocks)
	if err != nil || len(data) > bytes || len(blocks) == 0 || len(blocks) > most {
		return nil, false
	}
	var all []any
	if json.Unmarshal(data, &all) != nil {
		return nil, false
	}
	g := &gist{}
	for _, b := range all {
		g.ids = map[string]bool{} // of one block
		if !g.block(b) {
			return nil, false
		}
	}
	return g, true
}

func (g *gist) block(v any) bool {
	switch o, kind := objectOf(v); kind {
	case "rich_text":
		return o.has("elements") && allOf(o["elements"], 1, 1, g.rich)
	case "actions":
		return o.has("elements") && allOf(o["elements"], 1, mostInBlock, g.element)
	case "section": // a line with what opens it
		button, _ := objectOf(o["accessory"])
		value, ok := button["value"].(string)
		text, said := g.words(o["text"], longestText)
		g.lines, g.tickets = append(g.lines, text), append(g.tickets, value)
		return o.has("text", "accessory") && ok && said && g.element(o["accessory"]) && button["action_id"] == string(revealAction)+":"+value+":"
	}
	return false
}

// rich reads a part of a rich text: a section, a list of sections, or data.
func (g *gist) rich(v any) bool {
	o, kind := objectOf(v)
	several := kind == "rich_text_preformatted"
	switch {
	case kind == "rich_text_list":
		return o.has("elements", "style", "indent", "border", "offset") && o["style"] == "bullet" && allOf(o["elements"], 1, unbounded, func(v any) bool {
			_, kind := objectOf(v)
			return kind == "rich_text_section" && g.rich(v)
		})
	case kind != "rich_text_section" && !several:
		return false
	}
	most, line := 1, ""
	if several {
		most = unbounded
	}
	ok := allOf(o["elements"], 1, most, func(v any) bool {
		e, kind := objectOf(v)
		text, _ := e["text"].(string)
		line += text
		style, styled := e["style"].(map[string]any)
		return kind == "text" && e.has("text", "style") && (e["style"] == nil || styled && len(style) == 1 && style["bold"] == true) &&
			length(text) <= longestText && (several && text != "" || visible(text, false))
	})
	g.lines = append(g.lines, line)
	return ok && visible(line, several) && (several || strings.TrimSpace(line) == line) && o.has("elements", "border")
}

// element reads a button or a menu.
func (g *gist) element(v any) bool {
	o, kind := objectOf(v)
	id, _ := o["action_id"].(string)
	fresh := !g.ids[id]
	g.ids[id] = true
	if !fresh || !some(id, longestID) || strings.ContainsFunc(id, func(r rune) bool { return r < ' ' || r >= unicode.MaxASCII }) {
		return false
	}
	name, most, known := "placeholder", longestPlaceholder, []string{"placeholder", "action_id"}
	switch kind {
	case "button":
		name, most, known = "text", longestLabel, []string{"text", "action_id", "value", "style"}
		_, rest, _ := strings.Cut(id, ":")
		ticket, _, _ := strings.Cut(rest, ":")
		if value, is := o["value"]; is && (value == "" || value != ticket) {
			return false
		}
		if style, is := o["style"]; is && style != "primary" {
			return false
		}
	case "static_select":
		known = append(known, "options")
		if values := map[any]bool{}; !allOf(o["options"], 1, mostChoices, func(v any) bool { return g.option(v, values) }) {
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
	label, ok := g.words(o[name], most)
	g.labels = append(g.labels, label)
	return ok && o.has(known...)
}

// option reads a choice of a menu, which has none of values yet.
func (g *gist) option(v any, values map[any]bool) bool {
	o, _ := objectOf(v)
	value, _ := o["value"].(string)
	if values[value] {
		return false
	}
	values[value] = true
	_, ok := g.words(o["text"], longestLabel)
	return ok && o.has("text", "value") && some(value, longestLabel)
}

// words reads a text that is no rich text, in which Slack looks for no markup
// and no emoji.
func (g *gist) words(v any, most int) (string, bool) {
	o, kind := objectOf(v)
	text, _ := o["text"].(string)
	return text, kind == "plain_text" && o.has("text", "emoji") && o["emoji"] == false && length(text) <= most && visible(text, false)
}

// fields is a JSON object.
type fields map[string]any

// objectOf returns what an object has, and its type; empty where it is none.
func objectOf(v any) (fields, string) {
	o, _ := v.(map[string]any)
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

// allOf reports whether something is an array of least to most elements, each of
// which is good.
func allOf(v any, least, most int, good func(any) bool) bool {
	all, ok := v.([]any)
	return ok && len(all) >= least && len(all) <= most && !slices.ContainsFunc(all, func(v any) bool { return !good(v) })
}

// some reports whether there is a text, and no more of it than most.
func some(s string, most int) bool { return s != "" && length(s) <= most }

// length is a text's length in UTF-16 code units.
func length(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}
