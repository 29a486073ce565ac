package label

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestName is how many characters a reviewer's name has at most.
const longestName = 40

// particles may stand in a name in lower case.
var particles = strings.Fields("de da di du del della van von der den la le el al bin y of the and")

// nameShaped reports whether what a source gives as its reviewer can be one. It
// is shown to everybody, so nothing but a name will do: up to five words, each
// with a capital or a handle by itself, no sentence, nobody of this book, and
// no word that asserts an event.
func (l *Labeller) nameShaped(s string) bool {
	if s == "" {
		return true
	}
	words := strings.Fields(s)
	if utf8.RuneCountInString(s) > longestName || len(words) > 5 || strings.ContainsAny(s, ",;:!?\"“”()[]{}<>|*") || strings.ContainsFunc(s, unicode.IsControl) {
		return false
	}
	for i, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		switch {
		case len(words) == 1, unicode.IsUpper(first), unicode.IsDigit(first):
		case i > 0 && slices.Contains(particles, w):
		default:
			return false
		}
		if strings.HasSuffix(w, ".") && utf8.RuneCountInString(w) > 4 {
			return false // a sentence ends here, no initial
		}
	}
	// A handle is taken apart: tommy-dies is no name.
	c := l.clause(strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(s))
	return !c.any(func(t token) bool { return t.is == inBook || t.class&(fate|negation|third) != 0 })
}
