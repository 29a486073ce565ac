package discord

import (
	"strings"
	"unicode"

	"dogear/bot/reply"
)

// rules are what keeps text that is not dogear's own from being markup, each
// rule a function, so that a test can put another in its place and show that
// none is spare. Every field is set: everyRule has them all.
type rules struct {
	normalise func(string) string
	escape    func(string) string
	split     func(string) []string                                  // covered text into what gets a tag each
	join      func([]line) string                                    // the lines of a message into its content
	cut       func(s string, most int, size func(string) int) string // before escaping
	by        func(reply.Citation, *reply.Language) string           // whose words a quotation is; no more of a source is shown
	label     func(s string, most int) string                        // of a component
	holds     func(m message, meant []line) bool                     // whether a finished message is what was meant
}

func everyRule() rules {
	return rules{normalise, escape, split, join, cut, reply.Citation.By, plainLabel, holds}
}

// line is a line of a message. The zero line is none.
type line struct {
	text  string // escaped; where it is covered, what stands between the bars
	cover bool
	over  bool // it stands over what follows it

	// Of a passage whose text is withheld: the ticket that opens it, and the
	// label of the button that does so. Empty: no such passage.
	ticket reply.Ticket
	label  string
}

const bars = "||"

// String returns the line as it stands in a message.
func (l line) String() string {
	if l.cover {
		return bars + l.text + bars
	}
	return l.text
}

// size is how much of a message the line takes, its end included.
func (l line) size() int { return units(l.String()) + 1 }

// join puts each line on a line of its own: a tag begins and ends where its
// line does, and nothing spans one.
func join(lines []line) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l.String())
	}
	return b.String()
}

// normalise makes every end of a line a newline and every tab a space, and
// takes out what is not seen: controls, marks that change the direction of
// writing, spaces without a width. What joins emoji stays.
func normalise(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r >= ' ' && r <= '~', r == '\n', r == '\u200d':
			return r
		case r == '\r', r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
			return '\n'
		case r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}

// escape keeps a text from being markup. Bars and backticks are replaced: what
// finds tags and code does not mind a backslash.
func escape(s string) string {
	const special = `\*_~[]()<>#:@-+.!`
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	for _, r := range s {
		switch {
		case r == '`':
			r = '\u02cb'
		case r == '|':
			r = '\u2223'
		case strings.ContainsRune(special, r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// split returns the lines of a covered text, of which each gets a tag: one that
// went on over the end of a line could be cut by what begins there. No text,
// no tag.
func split(s string) []string {
	var lines []string
	for l := range strings.SplitSeq(s, "\n") {
		if !blank(l) {
			lines = append(lines, strings.TrimSpace(l))
		}
	}
	return lines
}

// blank reports whether nothing of a text is seen.
func blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.In(r, unicode.White_Space, unicode.Variation_Selector)
	})
}

// inner turns double quotes inside a quotation into single ones.
func inner(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '“':
			return '‘'
		case '”':
			return '’'
		case '"':
			return '\''
		}
		return r
	}, s)
}
