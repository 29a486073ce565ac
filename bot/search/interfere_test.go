package search

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"

	"pgregory.net/rapid"
)

// shown is all of a hit that may be compared across libraries: a sentence's
// index changes when one before it goes, its place in the file does not.
type shown struct {
	source       library.SourceID
	start        int
	kind         library.Kind
	text         string
	score, cover uint64
}

func shownOf(hits []Hit) []shown {
	var all []shown
	for _, h := range hits {
		all = append(all, shown{
			h.Source, h.From().Sentences[h.Sentence].Start, h.Kind, unsealed.Text(h.Passage()),
			math.Float64bits(h.Score), math.Float64bits(h.Cover),
		})
	}
	return all
}

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

// same fails unless two lists of hits are the same to the last bit.
func same(t fataler, want, got []Hit) {
	t.Helper()
	if a, b := shownOf(want), shownOf(got); !slices.Equal(a, b) {
		t.Fatalf("hits differ:\n%v\n%v", a, b)
	}
}

var (
	vocabulary = strings.Fields(`lamp lamps Mara Ivo clock clocks winding sea drowned drowning letter mother's storm
		island the of is book pages worth reading 🌊 Brontë ferry salt`)
	books = []spoiler.BookID{tideClock, "other", "third"}
	kind  = rapid.SampledFrom([]library.Kind{library.Prose, library.Prose, library.Prose, library.Item,
		library.Heading, library.Question, library.Title, "unknown"})
	line = rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 9).Draw(t, "words"), " ")
	})
	reveal  = rapid.SampledFrom([]spoiler.Position{0, 0, 1, 2, 3, 5, 8, 12, spoiler.Never, -1})
	passage = rapid.Custom(func(t *rapid.T) spoiler.Passage {
		if rapid.IntRange(0, 30).Draw(t, "zero") == 0 {
			return spoiler.Passage{}
		}
		// Now and then a passage in a review of one book is about another.
		book := books[0]
		if rapid.IntRange(0, 5).Draw(t, "elsewhere") == 0 {
			book = rapid.SampledFrom(books).Draw(t, "book")
		}
		return spoiler.Seal(book, reveal.Draw(t, "reveal"), line.Draw(t, "text"))
	})
	sources = rapid.Custom(func(t *rapid.T) []library.Source {
		list := make([]library.Source, rapid.IntRange(1, 4).Draw(t, "sources"))
		for i := range list {
			list[i] = library.Source{ID: library.SourceID(fmt.Sprint("s", i)), Book: books[0], Title: passage.Draw(t, "title")}
			// Sometimes more than may lend their words to a sentence.
			for j := range rapid.SampledFrom([]int{0, 3, 10, 60}).Draw(t, "sentences") {
				list[i].Sentences = append(list[i].Sentences, library.Sentence{
					Start: 10 * j, End: 10*j + 9, Kind: kind.Draw(t, "kind"), Passage: passage.Draw(t, "passage"),
					Section: rapid.IntRange(0, 2).Draw(t, "section"), Paragraph: rapid.IntRange(0, 2).Draw(t, "paragraph"),
					Entry: rapid.IntRange(0, 2).Draw(t, "entry"),
				})
			}
		}
		return list
	})
	horizon = rapid.Custom(func(t *rapid.T) spoiler.Horizon {
		var h spoiler.Horizon
		for _, b := range books[:2] {
			h = h.With(b, spoiler.Position(rapid.IntRange(0, 13).Draw(t, "place")))
		}
		return h
	})
	query = rapid.Custom(func(t *rapid.T) (q Query) {
		q.Words = WordsOf(line.Draw(t, "question")).Plus(0.5, line.Draw(t, "more"))
		q.Book = rapid.SampledFrom([]spoiler.BookID{books[0], books[0], books[1], ""}).Draw(t, "asked")
		q.Limit = rapid.SampledFrom([]int{0, 0, 1, 3, 10}).Draw(t, "limit")
		q.Answers = rapid.IntRange(0, 4).Draw(t, "answers") == 0
		q.Kinds = rapid.SampledFrom([][]library.Kind{nil, nil, {library.Question}, {library.Title, library.Heading}}).Draw(t, "kinds")
		return q
	})
)

// changes are what may happen to the passages past a Horizon. Each gives what
// takes the place of one.
var changes = []struct {
	name string
	of   func(t *rapid.T, p spoiler.Passage) []spoiler.Passage
}{
	{"delete", func(*rapid.T, spoiler.Passage) []spoiler.Passage { return nil }},
	{"blank", func(*rapid.T, spoiler.Passage) []spoiler.Passage { return []spoiler.Passage{{}} }},
	{"multiply", func(_ *rapid.T, p spoiler.Passage) []spoiler.Passage { return slices.Repeat([]spoiler.Passage{p}, 10) }},
	{"scramble", func(_ *rapid.T, p spoiler.Passage) []spoiler.Passage {
		r := []rune(unsealed.Text(p))
		slices.Reverse(r)
		return []spoiler.Passage{spoiler.Seal(p.Book(), p.Reveal(), string(r))}
	}},
	{"rewrite", func(_ *rapid.T, p spoiler.Passage) []spoiler.Passage {
		return []spoiler.Passage{spoiler.Seal(p.Book(), p.Reveal(), strings.Repeat(strings.Join(vocabulary, " "), 3))}
	}},
	{"rewrite and multiply", func(t *rapid.T, p spoiler.Passage) []spoiler.Passage {
		var all []spoiler.Passage
		for range 10 {
			all = append(all, spoiler.Seal(p.Book(), p.Reveal(), line.Draw(t, "rewritten")))
		}
		return all
	}},
}

// changed returns the sources with another library past the Horizon.
func changed(t *rapid.T, list []library.Source, h spoiler.Horizon, change func(*rapid.T, spoiler.Passage) []spoiler.Passage) []library.Source {
	list = slices.Clone(list)
	for i, s := range list {
		if !s.Title.Within(h) {
			list[i].Title = spoiler.Passage{}
			if now := change(t, s.Title); len(now) > 0 {
				list[i].Title = now[0]
			}
		}
		var left []library.Sentence
		for _, s := range s.Sentences {
			if s.Passage.Within(h) {
				left = append(left, s)
				continue
			}
			for _, p := range change(t, s.Passage) {
				s.Passage = p
				left = append(left, s)
			}
		}
		list[i].Sentences = left
	}
	return list
}

// TestNonInterference changes everything that an audience may not see and looks
// for a bit that changes in what it does.
func TestNonInterference(t *testing.T) {
	compared, found := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		list, h, q := sources.Draw(t, "list"), horizon.Draw(t, "horizon"), query.Draw(t, "query")
		x := indexOf(list...)
		want := x.Search(h, q)
		for _, hit := range want {
			if !hit.Passage().Within(h) {
				t.Fatalf("Search found what lies past the Horizon")
			}
		}
		for _, hit := range x.Beyond(h, q) {
			if hit.Passage().Within(h) || hit.Passage().Reveal() >= spoiler.Never {
				t.Fatalf("Beyond found what lies within the Horizon, or is sealed for ever")
			}
		}
		for _, c := range changes {
			other := changed(t, list, h, c.of)
			got := indexOf(other...).Search(h, q)
			if a, b := shownOf(want), shownOf(got); !slices.Equal(a, b) {
				t.Fatalf("%s: hits differ:\n%v\n%v", c.name, a, b)
			}
			for _, s := range other { // and in place, with the gaps that this leaves
				x.Put(s)
			}
			same(t, want, x.Search(h, q))
			compared += 2
		}
		if len(want) > 0 {
			found++
		}
	})
	t.Logf("%d comparisons, of searches %d found something", compared, found)
	if found == 0 {
		t.Error("no search found anything")
	}
}

// TestFindsTheSame compares an Index with one that never held anything else,
// and with the plain definition of what a Query finds.
func TestFindsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list, h, q := sources.Draw(t, "list"), horizon.Draw(t, "horizon"), query.Draw(t, "query")
		x, y := New(), indexOf(list...)
		for _, s := range sources.Draw(t, "others") {
			x.Put(s)
			x.Put(s)
		}
		for i := range 4 {
			x.Remove(library.SourceID(fmt.Sprint("s", i)))
		}
		for _, s := range slices.Backward(list) {
			x.Put(s)
			x.Put(s)
		}
		same(t, y.Search(h, q), x.Search(h, q))
		same(t, y.Beyond(h, q), x.Beyond(h, q))

		// Whoever holds a word that was asked for is found, on one side or the
		// other.
		q.Limit, q.Kinds, q.Answers, q.Book = 0, nil, false, ""
		sides := map[bool][]shown{true: shownOf(y.Search(h, q)), false: shownOf(y.Beyond(h, q))}
		for _, s := range list {
			for _, sent := range s.Sentences {
				p := sent.Passage
				if kindsOf(sent.Kind)&(prose|item) == 0 || p.Reveal() >= spoiler.Never || !holds(q.Words, unsealed.Text(p)) {
					continue
				}
				for side, hits := range sides {
					n := slices.IndexFunc(hits, func(f shown) bool { return f.source == s.ID && f.start == sent.Start })
					if (n >= 0) != (p.Within(h) == side) {
						t.Fatalf("a passage with Reveal %d: within %v, found there %v", p.Reveal(), side, n >= 0)
					}
				}
			}
		}
	})
}

func holds(w Words, text string) bool {
	for _, term := range Terms(text) {
		for _, t := range w.p.terms {
			if t.stem == Stem(term) {
				return true
			}
		}
	}
	return false
}
