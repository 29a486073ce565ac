package reading

import (
	"regexp"
	"strings"
	"unicode"
)

// text is a message's content with what is the same in all readings of it.
type text struct {
	content string
	escaped []bool // whether a backslash takes the character
	lines   []line
}

// line is a stretch that block markup sets apart: a line of a quote, a list or
// a heading, or as many others as stand together.
type line struct {
	start, end int
	kind       string // empty where no markup begins it
}

// tag is where a tag stands, pipes included.
type tag struct {
	start, end int
	within     string // the markup around it; empty where there is none
}

func newText(content string) *text {
	t := &text{content: content, escaped: make([]bool, len(content)+1), lines: split(content)}
	for i := 0; i+1 < len(content); i++ {
		t.escaped[i+1] = content[i] == '\\' && !t.escaped[i] && escapable(content[i+1])
	}
	return t
}

// read finds the tags in one reading, and notes in open what that shows.
func (t *text) read(known markup, open []bool) []tag {
	if known&blocks == 0 {
		return t.walk(known, 0, len(t.content), "", open)
	}
	var tags []tag
	for _, l := range t.lines {
		tags = append(tags, t.walk(known, l.start, l.end, "", open)...)
	}
	return tags
}

// walk reads a part of the text from left to right: what begins first counts.
func (t *text) walk(known markup, start, end int, within string, open []bool) []tag {
	s := &stretch{text: t, known: known, end: end, linkless: end}
	var tags []tag
	show := func(from, to int) {
		for ; from < to; from++ {
			open[from] = true
		}
	}
	for i := start; i < end; {
		if !begins[t.content[i]] {
			open[i] = true
			i++
			continue
		}
		if f := s.at(i); f.end > 0 {
			switch {
			case f.unreadable:
				show(i, f.end)
				tags = append(tags, t.walk(known, f.from, f.to, f.named, open)...)
			case f.from < f.to:
				show(i, f.from)
				tags = append(tags, t.walk(known, f.from, f.to, f.named, open)...)
				show(f.to, f.end)
			default:
				show(i, f.end)
			}
			i = f.end
			continue
		}
		if closer := s.closer(i); closer > 0 {
			tags = append(tags, tag{start: i, end: closer, within: within})
			i = closer
			continue
		}
		show(i, i+1)
		i++
	}
	return tags
}

// closer returns the place behind the tag that begins at i, zero where none
// does.
func (s *stretch) closer(i int) int {
	if !strings.HasPrefix(s.content[i:s.end], "||") {
		return 0
	}
	if s.known&inside == 0 {
		if i+3 < s.end {
			if n := strings.Index(s.content[i+3:s.end], "||"); n >= 0 {
				return i + 3 + n + 2
			}
		}
		return 0
	}
	for j := i + 2; j < s.end; {
		if !begins[s.content[j]] {
			j++
		} else if f := s.at(j); f.end > 0 {
			j = f.end
		} else if j > i+2 && strings.HasPrefix(s.content[j:s.end], "||") {
			return j + 2
		} else {
			j++
		}
	}
	return 0
}

// shown returns a part of the text as a person sees it: without the backslashes,
// and with a blank in place of what the mask leaves out. A nil mask leaves out
// nothing.
func (t *text) shown(start, end int, mask []bool) string {
	var b strings.Builder
	gap := false
	for i := start; i < end; i++ {
		switch {
		case mask != nil && !mask[i]:
			gap = b.Len() > 0
		case t.content[i] == '\\' && t.escaped[i+1] && i+1 < end:
		default:
			if gap {
				b.WriteByte(' ')
				gap = false
			}
			b.WriteByte(t.content[i])
		}
	}
	return b.String()
}

// block returns what kind of block a place stands in, empty for none.
func (t *text) block(i int) string {
	for _, l := range t.lines {
		if l.start <= i && i < l.end {
			return l.kind
		}
	}
	return ""
}

// prefixes are how the lines begin that are blocks.
var prefixes = regexp.MustCompile(`^[\s>]*(?:(>)|((?:-#|#{1,6})(?:\s|$))|((?:[-*+]|\d+[.)])(?:\s|$)))`)

// split returns the lines of a content in stretches. A line that begins with a
// blank goes on with the list before it, and >>> quotes all that follows.
func split(content string) []line {
	var out []line
	for start := 0; start < len(content); {
		end := len(content)
		if n := strings.IndexAny(content[start:], lineEnds); n >= 0 {
			end = start + n + 1
		}
		own := content[start:end]
		l := line{start: start, end: end}
		last := len(out) - 1
		switch m := prefixes.FindStringSubmatchIndex(own); {
		case strings.HasPrefix(strings.TrimSpace(own), ">>>"):
			return append(out, line{start: start, end: len(content), kind: "quote"})
		case m == nil && last >= 0 && out[last].kind == "list" && own[0] == ' ':
			l.kind = "list"
		case m == nil:
		case m[2] >= 0:
			l.kind = "quote"
		case m[4] >= 0:
			l.kind = "heading"
		default:
			l.kind = "list"
		}
		if l.kind == "" && last >= 0 && out[last].kind == "" {
			out[last].end = end
		} else {
			out = append(out, l)
		}
		start = end
	}
	return out
}

// begins are the characters with which a tag or other markup begins.
var begins = [256]bool{'|': true, '\\': true, '`': true, '*': true, '_': true, '~': true, ':': true, '<': true, '[': true}

// bracketed is an address between <>.
var bracketed = regexp.MustCompile(`^<[A-Za-z][A-Za-z0-9+.-]*:[^ <>]+>`)

func escapable(c byte) bool {
	return !isLetter(c) && (c < '0' || c > '9') && c != ' ' && (c < '\t' || c > '\r')
}

func isLetter(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z'
}

func endsAddress(r rune) bool {
	return r == '<' || r == '\uFEFF' || unicode.IsSpace(r)
}
