package slack

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/slack-go/slack"
)

// units is the length of a text in UTF-16 code units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// encoded is how many bytes a text takes as JSON, without its quotes, where it
// has been normalised.
func encoded(s string) int {
	n := 0
	for _, r := range s {
		switch r {
		case '"', '\\', '\n':
			n += len(`\n`)
		case '<', '>', '&':
			n += len(`\u003c`)
		default:
			n += utf8.RuneLen(r)
		}
	}
	return n
}

// room is how much of a message a text takes: its length once it is escaped, or
// more where it takes many bytes as JSON, of which it takes at most five halves as
// many.
func room(s string) int { return max(escaped(s), (2*encoded(s)+4)/5) }

// cut returns as much of a text as takes up no more than most, which size
// measures, with an ellipsis where that is not all of it. It cuts between what
// a reader sees as characters, never within one.
func cut(s string, most int, size func(string) int) string {
	if size(s) <= most {
		return s
	}
	const ellipsis = "…"
	end := fits(s, most-size(ellipsis), size)
	return strings.TrimRightFunc(s[:end], unicode.IsSpace) + ellipsis
}

// fits returns how many bytes of a text are no more than most, in whole
// characters.
func fits(s string, most int, size func(string) int) int {
	end, used := 0, 0
	for g := graphemes.FromString(s); g.Next(); end = g.End() {
		if used += size(g.Value()); used > most {
			break
		}
	}
	return end
}

// chunks cuts a text into parts of at most so much, behind the end of a line
// where there is one.
func chunks(s string, most int, size func(string) int) (parts []string) {
	for s != "" {
		end := fits(s, most, size)
		if end == 0 { // not even one character, which must not be all
			end = len(s)
			for n := range s {
				if n > 0 {
					end = n
					break
				}
			}
		}
		if n := strings.LastIndexByte(s[:end], '\n'); n >= 0 && end < len(s) {
			end = n + 1
		}
		parts = append(parts, s[:end])
		s = s[end:]
	}
	return parts
}

// plainLabel returns a text that its reader may see as a label or a choice: on
// one line, nothing unseen in it, of at most so many UTF-16 code units, and
// never empty.
func plainLabel(s string, most int) string {
	if s = flat(s); s == "" {
		return "?"
	}
	return cut(s, most, units)
}

// space is what a message or a view has room for, or what something takes.
type space struct{ text, bytes, blocks int }

func (s space) plus(o space) space {
	return space{s.text + o.text, s.bytes + o.bytes, s.blocks + o.blocks}
}
func (s space) minus(o space) space {
	return space{s.text - o.text, s.bytes - o.bytes, s.blocks - o.blocks}
}
func (s space) within(o space) bool {
	return s.text <= o.text && s.bytes <= o.bytes && s.blocks <= o.blocks
}

// spaceOf is what blocks take, without a text.
func spaceOf(blocks ...slack.Block) space {
	s := space{blocks: len(blocks)}
	for _, b := range blocks {
		data, err := json.Marshal(b)
		if err != nil {
			panic(err) // dogear's blocks are strings and numbers
		}
		s.bytes += len(data) + len(",")
	}
	return s
}

// deal deals lines out to as many messages as they need, at most most, and
// reports whether some are left. No line is ever parted, none that stands over
// another ends a message, and no message begins with a cover: what stands over
// it does so again.
func deal(lines []line, each space, most int, words line) (pages [][]line, left bool) {
	var page []line
	var used space
	over := words
	for i, l := range lines {
		need := l.size()
		if l.over && i+1 < len(lines) {
			need = need.plus(lines[i+1].size())
		}
		if len(page) > 0 && !used.plus(need).within(each) {
			pages, page, used = append(pages, page), nil, space{}
			if len(pages) == most {
				return pages, true
			}
		}
		if len(page) == 0 && l.ticket != "" {
			page, used = append(page, over), over.size()
		}
		if l.over {
			over = l
		}
		page, used = append(page, l), used.plus(l.size())
	}
	return append(pages, page), false
}

// end puts a last line at the end of a message, for which it takes away as many
// lines as it must.
func end(page []line, last line, each space) []line {
	used := last.size()
	for _, l := range page {
		used = used.plus(l.size())
	}
	for len(page) > 0 && (!used.within(each) || page[len(page)-1].over) {
		used = used.minus(page[len(page)-1].size())
		page = page[:len(page)-1]
	}
	return append(page, last)
}
