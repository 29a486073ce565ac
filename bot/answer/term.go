package answer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dogear/bot/library"
	"dogear/bot/search"
)

// term is a word of a sentence.
type term struct {
	text    string
	pause   rune // the mark before it; 0: none
	aspect  aspect
	capital bool
}

// terms returns the words of a sentence as the list has them: in lower case,
// without a possessive, "don't" as two. The book's title is one word.
func terms(text string, book library.Book) []term {
	var out []term
	pause := rune(0)
	start := 0
	flush := func(end int) {
		for _, raw := range strings.Fields(text[start:end]) {
			first, _ := firstRune(raw)
			shout := strings.ToUpper(raw) == raw
			for i, w := range search.Terms(raw) {
				for j, part := range expand(w) {
					t := term{text: part, aspect: aspectOf(part)}
					if i+j == 0 {
						t.capital = unicode.IsUpper(first) && !shout
						t.pause, pause = pause, 0
					}
					out = append(out, t)
				}
			}
		}
	}
	for i, r := range text {
		if !strings.ContainsRune(",;:()—–….!?\"“”", r) || r == '.' && i+1 < len(text) && text[i+1] != ' ' {
			continue
		}
		flush(i)
		pause, start = r, i+len(string(r))
	}
	flush(len(text))
	for _, title := range append([]string{book.Title}, book.Also...) {
		var words []string
		for _, w := range search.Terms(title) {
			words = append(words, expand(w)...)
		}
		out = joined(out, words)
	}
	return out
}

// titled stands for the book's own title.
const titled = "*"

// joined makes one word of every run of words that is a title.
func joined(list []term, title []string) []term {
	if len(title) == 0 {
		return list
	}
	for i := 0; i+len(title) <= len(list); i++ {
		if slices.EqualFunc(list[i:i+len(title)], title, func(t term, w string) bool { return t.text == w }) &&
			(len(title) > 1 || list[i].capital) {
			list = slices.Replace(list, i, i+len(title), term{text: titled, pause: list[i].pause, aspect: whole})
		}
	}
	return list
}

// expand parts a contraction, so that its negation stands alone.
func expand(w string) []string {
	switch w {
	case "cannot", "can't", "cant":
		return []string{"can", "not"}
	case "won't", "wont":
		return []string{"will", "not"}
	case "dont", "didnt", "doesnt", "isnt", "wasnt", "couldnt", "wouldnt", "havent", "hasnt", "shouldnt":
		return []string{strings.TrimSuffix(w, "nt"), "not"}
	}
	if base, ok := strings.CutSuffix(w, "n't"); ok {
		return []string{base, "not"}
	}
	for _, tail := range []string{"'s", "'m", "'ve", "'d", "'ll", "'re"} {
		if base, ok := strings.CutSuffix(w, tail); ok {
			return []string{base}
		}
	}
	return []string{w}
}

// words returns the set of the words in a text.
func words(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}

// firstRune returns the first letter of a word, past what stands before it.
func firstRune(s string) (rune, int) {
	return utf8.DecodeRuneInString(strings.TrimLeft(s, "\"'“‘([*_"))
}
