package label

import (
	"strings"
	"unicode"

	"dogear/bot/library"
	"dogear/bot/spoiler/unsealed"
)

// works are what names other books, word by word in lower case: their titles, and
// the people and places of those that dogear ships.
type works [][]word

// otherWorks returns the books that a source's author also read or recommends,
// and the others that dogear ships, with who and what is in these.
func (l *Labeller) otherWorks(src library.Source) works {
	var out works
	add := func(title string) {
		// One word is too little to tell a title from the word.
		if words := splitWords(title); len(words) > 1 {
			out = append(out, words)
		}
	}
	for _, r := range src.Related {
		title, _, _ := strings.Cut(unsealed.Text(r), " by ")
		add(title)
	}
	for _, b := range library.Shipped() {
		if b.ID == l.book.ID {
			continue
		}
		add(b.Title)
		for _, n := range b.Names {
			for _, p := range n.Words {
				text := unsealed.Text(p)
				// Without a capital it is no name: "his wife", "the pond".
				proper := (n.Kind == library.Person || n.Kind == library.Place) && strings.ContainsFunc(text, unicode.IsUpper)
				if words := splitWords(text); proper && l.foreign(words) {
					out = append(out, words)
				}
			}
		}
	}
	return out
}

// shortestForeign is how many letters a single name of another book has at
// least: shorter ones are anybody's.
const shortestForeign = 6

// foreign reports whether a name of another book names nothing in this one, and
// is no word that anybody uses.
func (l *Labeller) foreign(name []word) bool {
	long := len(name) > 1
	text := ""
	for _, w := range name {
		long = long || len(w.text) >= shortestForeign && lexicon()[w.text] == 0
		text += w.text + " "
	}
	return long && !l.clause(text).any(func(t token) bool { return t.is != nobody })
}

// in reports whether a text names one of these works, or somebody or a place of
// it.
func (ws works) in(text string) bool {
	words := splitWords(text)
	for _, w := range ws {
		for i := 0; i+len(w) <= len(words); i++ {
			same := true
			for j := range w {
				same = same && words[i+j].text == w[j].text
			}
			if same {
				return true
			}
		}
	}
	return false
}
