package library

import (
	"iter"
	"strings"

	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// SentenceID names a sentence of a club by its source and by what it says, but
// for case and spaces: not by where it stands, so that it is still the same
// after a correction elsewhere in the source. It does not tell what it says.
type SentenceID string

// Source returns the source that the sentence is of.
func (id SentenceID) Source() SourceID {
	return SourceID(id[:max(strings.LastIndexByte(string(id), '.'), 0)])
}

// Said returns what is the same for every sentence that says the same,
// whichever source it is of.
func (id SentenceID) Said() string { return string(id[strings.LastIndexByte(string(id), '.')+1:]) }

// NameOf returns the name of the n-th sentence of a source, counted from 0, or
// of another text that Has knows.
func (s Source) NameOf(n int) SentenceID {
	return s.named(s.Passage(n))
}

// Numbers of a source's texts that are no sentences of it.
const (
	TitleOf   = -1 // its title
	RelatedOf = -2 // the first of what its author also read; the others follow downwards
)

// Has reports whether a source has a sentence, a title or a related work of a
// number.
func (s Source) Has(n int) bool {
	return n >= 0 && n < len(s.Sentences) || n == TitleOf && !s.Title.IsZero() || n <= RelatedOf && RelatedOf-n < len(s.Related)
}

// Texts yields the numbers of a source's texts: its title, its sentences and
// its related works.
func (s Source) Texts() iter.Seq[int] {
	return func(yield func(int) bool) {
		for n := RelatedOf - len(s.Related) + 1; n < len(s.Sentences); n++ {
			if s.Has(n) && !yield(n) {
				return
			}
		}
	}
}

// Passage returns the sentence of a number, or another text that Has knows by
// it; it panics at a number that Has does not know.
func (s Source) Passage(n int) spoiler.Passage {
	switch {
	case n == TitleOf:
		return s.Title
	case n <= RelatedOf:
		return s.Related[RelatedOf-n]
	}
	return s.Sentences[n].Passage
}

func (s Source) named(p spoiler.Passage) SentenceID {
	said := strings.ToLower(strings.Join(strings.Fields(unsealed.Text(p)), " "))
	return SentenceID(string(s.ID) + "." + digest([]byte(said))[:16])
}
