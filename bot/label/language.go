package label

import (
	"dogear/bot/library"
	"dogear/bot/spoiler/unsealed"
)

// Foreign reports whether a source is in a language that the word lists do not
// know. Nothing vouches for its sentences, so all of them stay covered until
// the end of the book.
func Foreign(src library.Source) bool {
	words, known := 0, 0
	for _, s := range src.Sentences {
		for _, w := range splitWords(unsealed.Text(s.Passage)) {
			words++
			if lexicon()[w.text]&(function|negation|third) != 0 {
				known++
			}
		}
	}
	// In English, two words of five are grammar; elsewhere only a few look
	// like it.
	return words >= 10 && known*5 < words
}
