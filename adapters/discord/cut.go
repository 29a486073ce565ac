package discord

import (
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// units is the length of a text as Discord counts it, in UTF-16 code units.
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

// cut returns as much of a text as takes up no more than most, which size
// measures, with an ellipsis where that is not all of it. It cuts between what
// a reader sees as characters, never within one.
func cut(s string, most int, size func(string) int) string {
	if size(s) <= most {
		return s
	}
	const ellipsis = "…"
	end, used := 0, size(ellipsis)
	for g := graphemes.FromString(s); g.Next(); end = g.End() {
		if used += size(g.Value()); used > most {
			break
		}
	}
	return strings.TrimRightFunc(s[:end], unicode.IsSpace) + ellipsis
}

// plainLabel returns a text that its reader may see as a label or a choice,
// which know no markup: on one line, nothing unseen in it, of at most so many
// UTF-16 code units, and never empty.
func plainLabel(s string, most int) string {
	s = strings.Join(strings.Fields(normalise(s)), " ")
	if blank(s) {
		return "?"
	}
	return cut(s, most, units)
}

// deal deals lines out to as many messages as they need, at most mostMessages,
// and reports whether some are left. No line is ever parted, none that stands
// over another ends a message, and no message begins with a cover: what stands
// over it does so again.
func deal(lines []line, words line) (pages [][]line, left bool) {
	var page []line
	size, over := 0, words
	for i, l := range lines {
		need := l.size()
		if l.over && i+1 < len(lines) {
			need += lines[i+1].size()
		}
		if size+need > longestContent && len(page) > 0 {
			pages, page, size = append(pages, page), nil, 0
			if len(pages) == mostMessages {
				return pages, true
			}
		}
		if len(page) == 0 && l.cover {
			page, size = append(page, over), over.size()
		}
		if l.over {
			over = l
		}
		page, size = append(page, l), size+l.size()
	}
	return append(pages, page), false
}

// end puts a last line at the end of a message, for which it takes away as many
// lines as it must.
func end(page []line, last line) []line {
	size := last.size()
	for _, l := range page {
		size += l.size()
	}
	for len(page) > 0 && (size > longestContent || page[len(page)-1].over) {
		size -= page[len(page)-1].size()
		page = page[:len(page)-1]
	}
	return append(page, last)
}
