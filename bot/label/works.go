package label

import (
	"strings"

	"dogear/bot/library"
	"dogear/bot/spoiler/unsealed"
)

// works are titles of other books, word by word in lower case.
type works [][]word

// otherWorks returns the books that a source's author also read or recommends,
// and the others that dogear knows.
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
		if b.ID != l.book.ID {
			add(b.Title)
		}
	}
	return out
}

// in reports whether a text names one of these works.
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
