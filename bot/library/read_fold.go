package library

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// reference is a character reference, be it escaped over and over ("&amp;gt;").
// Browsers do without the semicolon of numbers, "lt" and "gt".
var reference = regexp.MustCompile(`^&(?:(?:amp|#0*38|#[xX]0*26);)*(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[lLgG][tT])(?:;|\b)|([A-Za-z][A-Za-z0-9]{1,31});)`)

// bars are look-alikes of | and ||.
var bars = map[rune]string{'¦': "|", '│': "|", '┃': "|", '∣': "|", 'ǀ': "|", '❘': "|", '❙': "|", '⏐': "|", '‖': "||", '∥': "||", '║': "||"}

// fold returns a text as its reader takes it, wherever that can be told: code
// points that show nothing are left out, other widths and styles of letters and
// signs are plain ones, references are what they refer to, and what a backslash
// escapes stands without it. So each mark need be known in one form only. at
// says for each byte, and for the end, which code point it comes from, the
// first of them being base.
func fold(runes []rune, base int) (text string, at []int) {
	var b strings.Builder
	at = make([]int, 0, len(runes)+1)
	for i := 0; i < len(runes); {
		start := i
		for i < len(runes) && runes[i] == '\\' {
			i++
		}
		if i > start && (i == len(runes) || !strings.ContainsRune("!#&()*+-./:<=>[]_`{|}~", runes[i]) && plain(runes[i]) == string(runes[i])) {
			for ; start < i; start++ { // what is escaped is no sign
				b.WriteByte('\\')
				at = append(at, base+start)
			}
			continue
		}
		s, n := plain(runes[i]), 1
		if runes[i] == '&' {
			s, n = referred(runes[i:min(len(runes), i+80)])
		}
		b.WriteString(s)
		for range len(s) {
			at = append(at, base+start)
		}
		i += n
	}
	return b.String(), append(at, base+len(runes))
}

// referred returns what a character reference at the head of a text stands for,
// and how long it is. What is no plain character stays a reference.
func referred(runes []rune) (string, int) {
	m := reference.FindStringSubmatch(string(runes))
	if m == nil {
		return "&", 1
	}
	name := m[1] + m[2]
	if m[2] == "" {
		name = strings.ToLower(name)
	}
	s := ""
	for _, r := range html.UnescapeString("&" + name + ";") {
		p := plain(r)
		if p == string(r) && (r <= ' ' || r > '~' || r == '"' || r == '\'') {
			return "&", 1
		}
		s += p
	}
	return s, len([]rune(m[0]))
}

// plain returns the plain form of a code point: of what shows nothing "", of
// what has none the code point itself.
func plain(r rune) string {
	switch {
	case r < 0x20 || r == 0x7f:
		if unicode.IsSpace(r) {
			return string(r)
		}
		return ""
	case r < 0x80, isBreak(r):
		return string(r)
	case unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
		return ""
	}
	s := norm.NFKC.String(string(r))
	for _, c := range s {
		if bar := bars[c]; bar != "" {
			return bar
		}
		if c < ' ' || c > '~' {
			return string(r)
		}
	}
	return s
}
