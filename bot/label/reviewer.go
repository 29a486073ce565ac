package label

import (
	"regexp"
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
	return s == "" || l.nameFormed(s) && !l.betrays(s)
}

// nameFormed reports whether a text looks like a name, and no word of it asserts
// anything.
func (l *Labeller) nameFormed(s string) bool {
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
	apart := takenApart(s)
	for _, text := range []string{apart, camel.ReplaceAllString(apart, "$1 $2")} {
		if l.clause(text).any(func(t token) bool { return t.is == inBook || t.class&(fate|negation|third) != 0 }) {
			return false
		}
	}
	return true
}

// takenApart makes words of a handle: tommy-dies is no name.
func takenApart(s string) string {
	return strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(s)
}

// camel is where the next word of a handle begins: TommyDies.
var camel = regexp.MustCompile(`(\p{Ll})(\p{Lu})`)

// betrays reports whether a name says something of this book: it states a fact of
// the ledger, or runs words together of which one is a name of the book or a
// word for an event: tommydies, everyonedies.
func (l *Labeller) betrays(name string) bool {
	apart := takenApart(name)
	if len(l.stated(l.clause(camel.ReplaceAllString(apart, "$1 $2")), nil)) > 0 {
		return true
	}
	return slices.ContainsFunc(strings.Fields(strings.ToLower(apart)), l.runTogether)
}

// runTogether reports whether a word in small letters is several known words,
// one of them a name of this book or a word for an event.
func (l *Labeller) runTogether(w string) bool {
	// parses[i] is 1 where the first i bytes are known words, 2 where one of
	// them tells something.
	parses := make([]int, len(w)+1)
	parses[0] = 1
	for to := range parses {
		for from := range to {
			if parses[from] == 0 || to-from == len(w) {
				continue
			}
			part := w[from:to]
			switch {
			case l.stands(part):
				parses[to] = 2
			case len(part) > 2 && lexicon()[part] != 0 || part == "a" && to < len(w) || slices.Contains(shortWords, part):
				parses[to] = max(parses[to], parses[from])
			}
		}
	}
	return parses[len(w)] == 2
}

// shortWords are the short words that handles hold.
var shortWords = strings.Fields("is in on of my we he me it to at an am as by do go so up no the are all they")

// stands reports whether a word is a name of this book, and no other word, or one
// for an event.
func (l *Labeller) stands(part string) bool {
	c := l.clause(part)
	if len(c.tokens) != 1 || len(part) < 4 && part != "die" {
		return false // short ones are in other words by chance: Robin
	}
	return c.tokens[0].class&fate != 0 || c.tokens[0].is == inBook && lexicon()[part] == 0 || len(l.stated(c, nil)) > 0
}
