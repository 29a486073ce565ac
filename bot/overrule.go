package bot

import (
	"slices"

	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// endOfBook is the Reveal of a sentence that was decided to belong to the end,
// however many chapters the book will be found to have.
const endOfBook = spoiler.Never - 1

// overrule returns a labelled source as people have ruled on it. What a
// sentence opens with may mean the one before it, so one that leans on a
// sentence which was covered is covered with it.
func overrule(src library.Source, rulings map[library.SentenceID]Ruling, end spoiler.Position) library.Source {
	if len(rulings) == 0 {
		return src
	}
	at := func(name library.SentenceID) (spoiler.Position, bool) {
		reveal, ok := rulings[name].Reveal()
		if reveal != spoiler.Never {
			reveal = min(reveal, end)
		}
		return reveal, ok
	}
	out := src
	out.Sentences = slices.Clone(src.Sentences)
	for i := range out.Sentences {
		s := &out.Sentences[i]
		if reveal, ok := at(src.NameOf(i)); ok {
			resealed(s, library.ByPerson, reveal)
			continue
		}
		if i == 0 || !s.Leans {
			continue
		}
		before := out.Sentences[i-1].Passage.Reveal()
		if before > src.Sentences[i-1].Passage.Reveal() && before > s.Passage.Reveal() {
			resealed(s, library.ByContext, before)
		}
	}
	out.Related = slices.Clone(src.Related)
	for i, r := range src.Related {
		if reveal, ok := at(src.NameOf(library.RelatedOf - i)); ok {
			out.Related[i] = unsealed.Relabel(r, reveal)
		}
	}
	if !src.Title.IsZero() {
		if reveal, ok := at(src.NameOf(library.TitleOf)); ok {
			out.Title = unsealed.Relabel(src.Title, reveal)
			out.Link = unsealed.Relabel(src.Link, max(reveal, src.Link.Reveal())) // it often spells the title out
		}
	}
	return out
}

// resealed gives a sentence another Reveal, and says whose doing it was.
func resealed(s *library.Sentence, layer library.Layer, reveal spoiler.Position) {
	s.Passage = unsealed.Relabel(s.Passage, reveal)
	s.Because = append([]library.Evidence{{Layer: layer, Reveal: reveal}}, s.Because...)
}
