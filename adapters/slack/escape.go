package slack

import (
	"strings"
	"unicode"
)

// joiner keeps what stands on both sides of it from being read as one, and is
// not seen.
const joiner = '\u2060'

// escape keeps a text from being anything but text where Slack might read it as
// markup: at the top of a message, whatever the message says of markup.
//
// Three characters have an escape, and without the angle brackets there is no
// mention and no link with words of its own. Of those that have none, what
// formats is replaced with its like: it does so around any character, a joiner
// too. What makes emoji, links and mentions by standing at the beginning or
// within a word gets a joiner on both sides, which parts that word.
func escape(s string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	runes := []rune(s)
	begins := true // nothing but spaces stands before it on its line
	for i, r := range runes {
		last, next := ' ', ' '
		if i > 0 {
			last = runes[i-1]
		}
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		switch r {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			if begins { // it would quote the line
				b.WriteRune(joiner)
			}
			b.WriteString("&gt;")
		case ':', '@', '#':
			if unicode.IsSpace(next) {
				b.WriteRune(r)
			} else {
				b.WriteString(apart(r))
			}
		case '.':
			web := i >= 3 && strings.EqualFold(string(runes[i-3:i]), "www")
			number := digit(last) && digit(next)
			if web || !number && (unicode.IsLetter(next) || unicode.IsNumber(next) || lookalikes[next] != 0) { // which are letters
				b.WriteString(apart(r))
			} else {
				b.WriteRune(r)
			}
		default:
			within := r == '_' && alphanumeric(last) && alphanumeric(next) // a name: there it is nothing else
			if like := lookalikes[r]; like != 0 && !within {
				r = like
			}
			b.WriteRune(r)
		}
		begins = r == '\n' || begins && unicode.IsSpace(r)
	}
	return b.String()
}

// apart returns a character that parts what stands on both sides of it.
func apart(r rune) string { return string([]rune{joiner, r, joiner}) }

func digit(r rune) bool { return '0' <= r && r <= '9' }

// lookalikes look like characters that format, and like those that are wide or
// stand for one of them, which may be read as it.
var lookalikes = map[rune]rune{
	'*': '\u2217', '_': '\u02cd', '~': '\u223c', '`': '\u02cb',
	'＊': '\u2217', '＿': '\u02cd', '～': '\u223c', '｀': '\u02cb', '\u1fef': '\u02cb', '＜': '‹', '＞': '›',
}

// escaped is the length of a text once it is escaped, at most: whatever stands
// before and behind it.
func escaped(s string) int {
	n := units(s)
	for _, r := range s {
		switch r {
		case '&', '>':
			n += 4
		case '<':
			n += 3
		case ':', '@', '#', '.':
			n += 2
		}
	}
	return n
}

// normalise makes every end of a line a newline and every tab a space, and
// takes out what is not seen: controls, marks that change the direction of
// writing, spaces without a width, what every font draws as it likes. What joins
// emoji stays.
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
		case unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Co, unicode.Other_Default_Ignorable_Code_Point), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}

// flat returns a text on one line, on which it cannot pass for one of dogear's
// own; empty where nothing of it is seen.
func flat(s string) string {
	s = strings.Join(strings.Fields(normalise(s)), " ")
	if blank(s) {
		return ""
	}
	return s
}

// blank reports whether nothing of a text is seen: nothing but spaces, one of
// which is a pattern of Braille, and marks that want a letter.
func blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && r != '\u2800' && !unicode.In(r, unicode.White_Space, unicode.M)
	})
}

// inner turns double quotes inside a quotation into single ones.
var inner = strings.NewReplacer("“", "‘", "”", "’", `"`, "'").Replace
