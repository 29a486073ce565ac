package library

import (
	"strings"
	"unicode"
)

// span is a stretch of a file: code points from to to, the latter left out.
type span struct{ from, to int }

// glyph is a code point of a text and the stretch of the file it stands for.
type glyph struct {
	r    rune
	at   span
	hard bool // a line break that ends a sentence
	bold bool
}

// block is a run of text that the file's format sets apart: a paragraph, a
// line, a heading, a list item.
type block struct {
	kind  Kind // Prose, Heading, Item; later also Title and Question
	level int  // of a heading: 1 to 6 in Markdown, then plainLevel and colonLevel
	group int  // blocks between the same two blank lines
	text  []glyph

	sentences []span // as stretches of text
	asks      bool   // the first of them is an FAQ question
	section   int
	paragraph int
	entry     int
}

// The levels of headings that have none of their own. A line that ends in a
// colon ranks lowest: it may well stand inside the section of another one.
const (
	plainLevel = 7
	colonLevel = 8
)

func (b block) String() string     { return str(b.text) }
func (b block) from() int          { return b.text[0].at.from }
func (b block) to() int            { return b.text[len(b.text)-1].at.to }
func (b block) heads(top int) bool { return b.kind == Heading && b.level <= top }

// str returns the text of some glyphs.
func str(g []glyph) string {
	var b strings.Builder
	for _, c := range g {
		b.WriteRune(c.r)
	}
	return b.String()
}

// trim leaves out white space at both ends.
func trim(g []glyph) []glyph {
	for len(g) > 0 && isSpace(g[0].r) {
		g = g[1:]
	}
	for len(g) > 0 && isSpace(g[len(g)-1].r) {
		g = g[:len(g)-1]
	}
	return g
}

// isSpace reports whether a code point shows nothing: white space of every
// width, a byte order mark, a word joiner.
func isSpace(r rune) bool {
	return unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' || r == '\u2060'
}

// isBreak reports whether a code point ends a line.
func isBreak(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

// lines returns the lines of a file without what ends them.
func lines(runes []rune, from int) []span {
	var all []span
	start := from
	for i := from; i < len(runes); i++ {
		if !isBreak(runes[i]) {
			continue
		}
		all = append(all, span{start, i})
		if runes[i] == '\r' && i+1 < len(runes) && runes[i+1] == '\n' {
			i++
		}
		start = i + 1
	}
	return append(all, span{start, len(runes)})
}

// lineAfter returns where the line after this one begins.
func lineAfter(runes []rune, line span) int {
	i := line.to
	if i+1 < len(runes) && runes[i] == '\r' && runes[i+1] == '\n' {
		return i + 2
	}
	return min(i+1, len(runes))
}

// blank reports whether a stretch of the file shows nothing.
func blank(runes []rune, s span) bool {
	for _, r := range runes[s.from:s.to] {
		if !isSpace(r) {
			return false
		}
	}
	return true
}

// wordy reports whether a text has a letter or a digit in it; what has none
// (rules, stars, emoji) is no sentence.
func wordy(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) && !isEmoji(r) })
}

// cutLines returns the lines within a text, as stretches of its glyphs.
func cutLines(g []glyph) []span {
	var all []span
	start := 0
	for i, c := range g {
		if isBreak(c.r) {
			all = append(all, span{start, i})
			start = i + 1
		}
	}
	return append(all, span{start, len(g)})
}
