package library

import (
	"regexp"
	"strings"
)

var (
	wordRun = regexp.MustCompile(`[\pL\pN]+(?:[*@$][\pL\pN]+)*`)
	// spaced is the word in letters that stand apart, with a "no" before it.
	spaced  = regexp.MustCompile(`(?:\b(n[\s._*-]{1,3}o|no)[\s._*-]{1,4})?\bs` + strings.Join(strings.Split("_p_o_i_l_e_r", "_"), `[\s._*-]{1,3}`) + `(?:[\s._*-]{1,3}s)?\b`)
	halved  = regexp.MustCompile(`\bspoil[\s-]ers?\b`)
	somehow = regexp.MustCompile(`\bspoilers?[\s-]ish\b`)
	// lettered is the word written from top to bottom.
	lettered = regexp.MustCompile(`(?i)(?:^|[\n\r])[^\pL\pN]*s` + strings.Join(strings.Split("_p_o_i_l_e_r", "_"), `[^\pL\pN\n\r]*[\n\r][^\pL\pN]*`) + `[^\pL\pN\n\r]*(?:[\n\r]|$)`)
)

// worded returns a text in small letters, with every spelling of "spoiler" that
// readers still take for it spelled right: one letter off ("spolier"), spaced,
// lengthened ("spoilery", "spoiler-ish").
func worded(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return r >= 0x7f || r == '&' || r == '\\' }) {
		s, _ = fold([]rune(s), 0)
	}
	s = strings.ReplaceAll(strings.ToLower(s), "’", "'")
	if apartFrom(s, 's', 'p') && apartFrom(s, 'i', 'l') { // which spares most sentences the search
		s = spaced.ReplaceAllStringFunc(s, func(m string) string {
			if m[0] == 'n' {
				return "no spoilers"
			}
			return "spoiler alert" // so written it is no remark
		})
	}
	if strings.Contains(s, "spoil") {
		s = halved.ReplaceAllString(s, "spoilers")
	}
	s = wordRun.ReplaceAllStringFunc(s, func(w string) string {
		switch {
		case w == "spoilerfree":
			return "spoiler free"
		case w == "spoiled", w == "spooler", w == "spoolers", w == "spoiler", w == "spoilers":
			return w
		case strings.HasPrefix(w, "spoiler"):
			return "spoilery"
		case near(w, "spoilers"):
			return "spoilers"
		case near(w, "spoiler"):
			return "spoiler"
		}
		return w
	})
	if !strings.Contains(s, "spoiler") {
		return s
	}
	return somehow.ReplaceAllString(s, "spoilery")
}

// apartFrom reports whether one letter follows another with only such between
// them as spaced lets stand there.
func apartFrom(s string, one, next byte) bool {
	for i := range len(s) {
		if s[i] != one {
			continue
		}
		rest := strings.TrimLeft(s[i+1:], " \t\n\f\r._*-")
		if n := len(s) - i - 1 - len(rest); n > 0 && n <= 3 && rest != "" && rest[0] == next {
			return true
		}
	}
	return false
}

// near reports whether one letter, or the order of two, tells two words apart.
func near(w, of string) bool {
	if len(w) > 4*len(of) {
		return false
	}
	a, b := []rune(w), []rune(of)
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}
