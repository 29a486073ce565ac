package label

import (
	"strings"

	"dogear/bot/library"
	"dogear/bot/spoiler/unsealed"
)

// subject is what a run of words names.
type subject int

const (
	nobody  subject = iota
	inBook          // a name of the book's list
	author          // who wrote it
	theBook         // the book itself, by its title
)

// phrasebook finds the names of a book in a sentence. Its keys are first
// words; longer phrases are tried first.
type phrasebook map[string][]phrase

type phrase struct {
	words []string
	is    subject
	name  int // index into Book.Names, where is == inBook
}

func newPhrasebook(book library.Book) phrasebook {
	pb := phrasebook{}
	for i, n := range book.Names {
		for _, w := range n.Words {
			pb.add(unsealed.Text(w), inBook, i)
		}
	}
	for _, title := range append([]string{book.Title}, book.Also...) {
		pb.add(title, theBook, 0)
	}
	pb.add(book.Author, author, 0)
	if names := strings.Fields(book.Author); len(names) > 1 {
		pb.add(names[len(names)-1], author, 0)
	}
	return pb
}

func (pb phrasebook) add(text string, is subject, name int) {
	var words []string
	for _, w := range splitWords(text) {
		words = append(words, w.text)
	}
	if len(words) > 1 && words[0] == "the" && is == inBook {
		words = words[1:]
	}
	if len(words) == 0 {
		return
	}
	p := phrase{words, is, name}
	list := pb[words[0]]
	at := len(list)
	for at > 0 && len(list[at-1].words) < len(words) {
		at--
	}
	list = append(list, phrase{})
	copy(list[at+1:], list[at:])
	list[at] = p
	pb[words[0]] = list
}

// at returns the longest phrase that begins with the first of these words, and
// how many of them it takes; 0 where none does. The last word of a common noun
// may be inflected: "students" is found in "student's" and "student".
func (pb phrasebook) at(words []word) (phrase, int) {
	for _, key := range bases(words[0].text) {
		for _, p := range pb[key] {
			if p.fits(words) {
				return p, len(p.words)
			}
		}
	}
	return phrase{}, 0
}

func (p phrase) fits(words []word) bool {
	if len(words) < len(p.words) {
		return false
	}
	for i, w := range p.words {
		if words[i].text == w {
			continue
		}
		if i < len(p.words)-1 || p.is != inBook || words[i].stem != stem(w) {
			return false
		}
	}
	return true
}
