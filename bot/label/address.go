package label

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// addressWords are what addresses are made of.
var addressWords = strings.Fields("http https www com org net io co uk example html htm php aspx index blog blogs post posts article articles entry archive archives " +
	"book books novel novels review reviews reviewed show read reads reading note notes faq thoughts")

// hosts are parts of an address that say nothing but where its pages are kept.
var hosts = regexp.MustCompile(`(?i)\b(?:wordpress|blogspot|substack|medium|tumblr|goodreads|thestorygraph|bookwyrm|livejournal|github)\b`)

// plainAddress reports whether an address tells nothing but these words, what
// the book is called, and words that tell nothing of it.
func (l *Labeller) plainAddress(address, words string) bool {
	words += " " + l.book.Title + " " + l.book.Author + " " + strings.Join(l.book.Also, " ")
	known := slices.Clone(addressWords)
	for _, w := range splitWords(words) {
		known = append(known, strings.FieldsFunc(w.text, func(r rune) bool { return !unicode.IsLetter(r) })...)
	}
	if strings.Contains(address, "%") {
		return false // who knows what that spells
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(hosts.ReplaceAllString(address, "")), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if slices.Contains(known, w) || len(w) == 1 {
			continue
		}
		for _, t := range l.clause(w).tokens {
			plain := t.class&(evaluation|form|reading|writing|light|everyday) != 0 || slices.Contains(small, t.text)
			if !plain || !l.innocent(t, true) {
				return false
			}
		}
	}
	return true
}
