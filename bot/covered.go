package bot

import (
	"slices"
	"time"
	"unicode"

	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// covered is what people's words cover in a club, by what it says.
type covered struct {
	club *club
	said map[string][]Ruling
}

// covered gathers it.
func (c *club) covered() covered {
	out := covered{c, map[string][]Ruling{}}
	for r := range c.allRulings {
		if _, ok := r.Reveal(); ok {
			out.said[r.Sentence.Said()] = append(out.said[r.Sentence.Said()], r)
		}
	}
	return out
}

// over returns the rulings that lie over a source when it comes in, in place of
// its older self, if it has one: what says the same as something that was
// covered is covered too, wherever that stands or stood. What is new in a
// correction may say the same in other words: it is covered where something
// covered is gone, and in what a member wrote as long as anything in it is
// covered by a person's word.
func (c covered) over(old *shelved, src library.Source, rulings map[library.SentenceID]Ruling, when time.Time) []Ruling {
	if len(c.said) == 0 {
		return nil
	}
	before, after := map[library.SentenceID]bool{}, map[library.SentenceID]bool{}
	for n := range src.Texts() {
		after[src.NameOf(n)] = true
	}
	guarded := false
	if old != nil {
		for n := range old.Texts() {
			name := old.NameOf(n)
			before[name] = true
			if at, ok := rulings[name].Reveal(); ok && at > old.labelled.Passage(n).Reveal() {
				guarded = guarded || !after[name] || src.Author != ""
			}
		}
	}
	var out []Ruling
	for n := range src.Texts() {
		name := src.NameOf(n)
		if _, ruled := rulings[name]; ruled {
			continue
		}
		if r, ok := c.like(name, src, src.Passage(n).Reveal()); ok {
			out = append(out, r)
		} else if guarded && !before[name] {
			out = append(out, Ruling{Sentence: name, Source: src.ID, Steps: []Step{{How: Carried, When: when}}})
		}
	}
	return out
}

// like returns the ruling on a sentence that says the same in another source of
// the book, as one on this sentence, if it covers longer than the label does; of
// several, the one that covers longest.
func (c covered) like(name library.SentenceID, src library.Source, label spoiler.Position) (longest Ruling, ok bool) {
	for _, r := range c.said[name.Said()] {
		if there := c.club.sources[r.Source]; there != nil && there.Book != src.Book {
			continue
		}
		at, _ := r.Reveal()
		if at > label || ok && at == label && r.Sentence < longest.Sentence { // else it would hang on the order of a map
			longest, label, ok = r, at, true
		}
	}
	if !ok {
		return Ruling{}, false
	}
	return Ruling{Sentence: name, Source: src.ID, Steps: longest.Steps}, true
}

// copies returns texts of a source with all in the sources of the same book
// that say the same.
func (c *club) copies(id library.SourceID, names []library.SentenceID) []library.SentenceID {
	of := c.sources[id]
	said, lengths := map[string]bool{}, map[int]bool{}
	length := func(p spoiler.Passage) (n int) {
		for _, r := range unsealed.Text(p) {
			if !unicode.IsSpace(r) { // as library.SentenceID has it
				n++
			}
		}
		return n
	}
	for _, name := range names {
		said[name.Said()] = true
	}
	for n := range of.Texts() {
		if said[of.NameOf(n).Said()] {
			lengths[length(of.Passage(n))] = true
		}
	}
	out := names
	for _, src := range slices.Concat(c.shelves()[of.Book], c.spoilers(of.Book)) {
		for n := range src.Texts() {
			// Nearly all are told apart by their length alone.
			if src.ID != id && lengths[length(src.Passage(n))] && said[src.NameOf(n).Said()] {
				out = append(out, src.NameOf(n))
			}
		}
	}
	return out
}
