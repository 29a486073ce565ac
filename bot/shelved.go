package bot

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"dogear/bot/answer"
	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// shelved is a source as a club holds it, with what lists ask of each one, so
// that a list of thousands does not read every sentence again. It does not
// change.
type shelved struct {
	library.Source                // as people have decided
	labelled       library.Source // as the labels have it
	byline         string         // what lists put it in order by
	first          spoiler.Passage
	asks           bool
	decided        []int // sentences, by the layer that decided, as library.Layers lists them
	unsure         func() []unsure
	review         *answer.Review
}

// unsure is a sentence that nothing vouches for: which one of its source, and
// its name.
type unsure struct {
	n    int
	name library.SentenceID
}

// shelve makes of a source what a club holds.
func shelve(labelled, src library.Source) *shelved {
	s := &shelved{Source: src, labelled: labelled, byline: strings.ToLower(src.Reviewer), decided: make([]int, len(library.Layers))}
	for _, t := range src.Sentences {
		// first is what opens first of the review itself.
		if t.Entry == 0 && said(t) && (s.first.IsZero() || t.Passage.Reveal() < s.first.Reveal()) {
			s.first = t.Passage
		}
		if i := slices.Index(library.Layers, t.Decided()); i >= 0 {
			s.decided[i]++
		}
		s.asks = s.asks || t.Kind == library.Question && t.Entry > 0
	}
	s.unsure = sync.OnceValue(func() []unsure { return unsureOf(src) })
	s.review = answer.NewReview(&s.Source)
	return s
}

// unsureOf returns the sentences of a source that nothing vouches for. What is
// said twice is there once.
func unsureOf(src library.Source) []unsure {
	var out []unsure
	seen := map[library.SentenceID]bool{}
	for n, s := range src.Sentences {
		if s.Decided() != library.ByDefault {
			continue
		}
		if name := src.NameOf(n); !seen[name] {
			seen[name] = true
			out = append(out, unsure{n, name})
		}
	}
	return out
}

// byReviewer orders sources as lists number them: those without a name last.
func byReviewer(a, b *shelved) int {
	if (a.byline == "") != (b.byline == "") {
		return -cmp.Compare(a.byline, b.byline)
	}
	return cmp.Or(cmp.Compare(a.byline, b.byline), cmp.Compare(a.ID, b.ID))
}

// order sees to it that the sources are put in order, and judged, when somebody
// asks. A spoiler that a reader posted is on no shelf: nothing lists, counts or
// quotes it.
func (c *club) order() {
	c.verdicts = new(verdicts)
	c.shelves = sync.OnceValue(func() map[spoiler.BookID][]*shelved {
		out := map[spoiler.BookID][]*shelved{}
		for _, s := range slices.SortedFunc(maps.Values(c.sources), byReviewer) {
			if !s.Spoiler {
				out[s.Book] = append(out[s.Book], s)
			}
		}
		return out
	})
}

// source returns a source as people have decided.
func (c *club) source(id library.SourceID) (library.Source, bool) {
	if s := c.sources[id]; s != nil {
		return s.Source, true
	}
	return library.Source{}, false
}
