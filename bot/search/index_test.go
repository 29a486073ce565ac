package search

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// one returns a source of sentences, each in a paragraph of its own.
func one(id library.SourceID, sentences ...spoiler.Passage) library.Source {
	s := library.Source{ID: id, Book: tideClock}
	for i, p := range sentences {
		s.Sentences = append(s.Sentences, library.Sentence{Start: 100 * i, Kind: library.Prose, Paragraph: i + 1, Passage: p})
	}
	return s
}

func seal(reveal spoiler.Position, text string) spoiler.Passage {
	return spoiler.Seal(tideClock, reveal, text)
}

func TestZeroIndex(t *testing.T) {
	var x Index
	x.Remove("nothing")
	if hits := find(&x, 12, "clock"); hits != nil || x.Len() != 0 {
		t.Errorf("%d hits, Len %d", len(hits), x.Len())
	}
	x.Put(one("a", seal(0, "A clock.")))
	if hits := find(&x, 0, "clock"); len(hits) != 1 || x.Len() != 1 {
		t.Errorf("%d hits, Len %d; want 1, 1", len(hits), x.Len())
	}
	var none Hit
	if !none.Passage().IsZero() || none.From().ID != "" {
		t.Error("the zero Hit has something")
	}
}

func TestHorizon(t *testing.T) {
	x := indexOf(one("a", seal(0, "Lamp one."), seal(3, "Lamp two."), seal(3, "Lamp three."), seal(7, "Lamp four."), seal(spoiler.Never, "Lamp five."), spoiler.Passage{}))
	for place, want := range map[int]int{0: 1, 1: 1, 2: 1, 3: 3, 6: 3, 7: 4, 12: 4} {
		q := Query{Book: tideClock, Words: WordsOf("lamp")}
		if got := len(x.Search(at(place), q)); got != want {
			t.Errorf("at %d: %d hits, want %d", place, got, want)
		}
		if got := len(x.Beyond(at(place), q)); got != 4-want {
			t.Errorf("past %d: %d hits, want %d", place, got, 4-want)
		}
	}
	if hits := x.Search(spoiler.Horizon{}, Query{Words: WordsOf("lamp")}); len(hits) != 1 {
		t.Errorf("the zero Horizon finds %d", len(hits))
	}
	if hits := x.Search(at(12), Query{Book: "another", Words: WordsOf("lamp")}); hits != nil {
		t.Error("another book has the passages of this one")
	}
}

func TestEveryBookToItsOwnPlace(t *testing.T) {
	const other spoiler.BookID = "other"
	x := indexOf(
		one("a", seal(5, "The lamp of one.")),
		one("b", spoiler.Seal(other, 5, "The lamp of another."), seal(0, "A lamp again.")))
	for _, c := range []struct {
		h    spoiler.Horizon
		want int
	}{{spoiler.Horizon{}, 1}, {at(5), 2}, {at(4).With(other, 5), 2}, {at(5).With(other, 9), 3}} {
		q := Query{Words: WordsOf("lamp")}
		if got := len(x.Search(c.h, q)); got != c.want {
			t.Errorf("Search: %d hits, want %d", got, c.want)
		}
		if got := len(x.Beyond(c.h, q)); got != 3-c.want {
			t.Errorf("Beyond: %d hits, want %d", got, 3-c.want)
		}
	}
}

func TestKinds(t *testing.T) {
	x := indexOf(readClub(t)...)
	for _, c := range []struct {
		q    Query
		text string
		want int
	}{
		{Query{Kinds: []library.Kind{library.Title}}, "tide clock", 1},
		{Query{Kinds: []library.Kind{library.Heading}}, "themes", 1},
		{Query{Kinds: []library.Kind{library.Question}}, "hidden letters", 1},
		{Query{Kinds: []library.Kind{library.Item}}, "grief", 1},
		{Query{Kinds: []library.Kind{"none of these"}}, "clock", 0},
		{Query{Answers: true}, "hidden letters", 1},
		{Query{Answers: true, Kinds: []library.Kind{library.Question}}, "hidden letters", 0},
	} {
		c.q.Book, c.q.Words = tideClock, WordsOf(c.text)
		hits := x.Search(at(12), c.q)
		if len(hits) != c.want {
			t.Errorf("%v, answers %v: %d hits, want %d", c.q.Kinds, c.q.Answers, len(hits), c.want)
		}
		for _, h := range hits {
			if len(c.q.Kinds) > 0 && h.Kind != c.q.Kinds[0] {
				t.Errorf("asked for a %s, got a %s", c.q.Kinds[0], h.Kind)
			}
		}
	}
}

// TestContext finds a sentence by what stands around it, but only by what the
// audience may see there.
func TestContext(t *testing.T) {
	s := library.Source{ID: "a", Book: tideClock, Title: seal(6, "Comet"), Sentences: []library.Sentence{
		{Start: 0, Kind: library.Heading, Section: 1, Passage: seal(5, "Walrus")},
		{Start: 10, Kind: library.Question, Section: 1, Paragraph: 1, Entry: 1, Passage: seal(4, "Turnip?")},
		{Start: 20, Kind: library.Prose, Section: 1, Paragraph: 2, Entry: 1, Passage: seal(0, "Yes.")},
		{Start: 30, Kind: library.Prose, Section: 1, Paragraph: 2, Entry: 1, Passage: seal(7, "Pelican.")},
	}}
	x := indexOf(s)
	for word, from := range map[string]int{"comet": 6, "walrus": 5, "turnip": 4, "pelican": 7} {
		for place := range 9 {
			found := false
			for _, h := range find(x, place, word) {
				found = found || h.Sentence == 2
			}
			if found != (place >= from) {
				t.Errorf("at %d %q finds the sentence: %v", place, word, found)
			}
		}
		for _, h := range x.Beyond(at(0), Query{Words: WordsOf(word)}) {
			if h.Sentence == 2 {
				t.Errorf("%q finds a visible sentence beyond the Horizon", word)
			}
		}
	}
	if asked, around := find(x, 12, "turnip"), find(x, 12, "walrus"); asked[0].Score < 2*around[0].Score {
		t.Errorf("the question lends %v, the heading %v", asked[0].Score, around[0].Score)
	}
}

func TestReplaceAndRemove(t *testing.T) {
	club := readClub(t)
	x, once := indexOf(club...), indexOf(club...)
	for range 30 { // through several compactions
		for _, s := range club {
			x.Put(one(s.ID, seal(0, "Something else about the clock.")))
			x.Put(one("guest", seal(0, "Ivo and the clock."), seal(9, "Mara and the lamp.")))
			x.Put(s)
		}
		for range 100 {
			x.Put(one("wide", seal(0, "One."), seal(0, "Two."), seal(1, "Three clocks."), seal(2, "Four.")))
		}
	}
	x.Remove("guest")
	x.Remove("wide")
	x.Remove("wide")
	if x.Len() != len(club) {
		t.Errorf("Len %d, want %d", x.Len(), len(club))
	}
	if len(x.in.docs) > 3000 {
		t.Errorf("%d numbers for the passages of four sources", len(x.in.docs))
	}
	for place := range 13 {
		for _, a := range readQuestions(t) {
			same(t, find(once, place, a.question), find(x, place, a.question))
		}
	}
	for _, s := range club {
		x.Remove(s.ID)
	}
	if len(x.in.shelves) != 0 || len(x.in.sources) != 0 || x.Len() != 0 {
		t.Errorf("an emptied Index keeps %d books, %d sources", len(x.in.shelves), len(x.in.sources))
	}
}

func TestPutKeepsItsOwnSentences(t *testing.T) {
	s := one("a", seal(0, "The lamp."), seal(12, "The lamp again."))
	x := indexOf(s)
	s.Sentences[0], s.Sentences[1] = s.Sentences[1], s.Sentences[0]
	hits := find(x, 0, "lamp")
	if len(hits) != 1 || open(t, hits[0], 0) != "The lamp." {
		t.Error("the Index follows what its caller does to a source")
	}
}

func TestLimitAndTies(t *testing.T) {
	var passages []spoiler.Passage
	for i := range 40 {
		passages = append(passages, seal(spoiler.Position(i%3), strings.Repeat("lamp ", 1+i%5)+"by the sea"))
	}
	x := indexOf(one("b", passages...), one("a", passages...), one("c", passages...))
	for place := range 3 {
		all := find(x, place, "lamp sea")
		for i := 1; i < len(all); i++ {
			p, q := all[i-1], all[i]
			if p.Score < q.Score || p.Score == q.Score && (p.Source > q.Source || p.Source == q.Source && p.Sentence >= q.Sentence) {
				t.Fatalf("hit %d stands before hit %d", i-1, i)
			}
		}
		for limit := -1; limit < len(all)+2; limit++ {
			got := x.Search(at(place), Query{Book: tideClock, Words: WordsOf("lamp sea"), Limit: limit})
			want := all
			if limit > 0 && limit < len(all) {
				want = all[:limit]
			}
			same(t, want, got)
		}
	}
}

// TestOddities puts in and asks for what texts should not be.
func TestOddities(t *testing.T) {
	odd := []string{"", " ", "🌊🌊", "\x00\xff", strings.Repeat("a", 1<<16), strings.Repeat("lamp ", 1<<15), "İstanbul", "ß", "'", "’s", "_", "...."}
	var passages []spoiler.Passage
	for _, o := range odd {
		passages = append(passages, seal(0, o))
	}
	s := one("odd", passages...)
	for i := range s.Sentences {
		s.Sentences[i].Paragraph = 1
		s.Sentences[i].Entry = -1
	}
	x := indexOf(s)
	for _, o := range odd {
		find(x, 0, o)
		find(x, 0, o+" lamp")
	}
	if hits := find(x, 0, "lamp"); len(hits) == 0 || hits[0].Sentence != 5 {
		t.Error("32,768 lamps do not come first")
	}
	if hits := find(x, 0, "what is it?"); hits != nil {
		t.Error("a question of function words finds something")
	}
}

// TestConcurrent searches while sources come and go; the race detector watches.
func TestConcurrent(t *testing.T) {
	club := readClub(t)
	x := indexOf(club...)
	var searching, putting sync.WaitGroup
	done := make(chan struct{})
	for i := range 4 {
		searching.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				for _, h := range find(x, i*4, "does mara find the clock?") {
					if h.Passage().Reveal() > spoiler.Position(i*4) {
						t.Error("a hit past the place")
						return
					}
				}
			}
		})
	}
	for i := range 2 {
		putting.Go(func() {
			for n := range 100 {
				id := library.SourceID(fmt.Sprint("guest", i, n%3))
				x.Put(one(id, seal(0, "The clock of Mara."), seal(9, "Mara finds it.")))
				x.Put(club[n%len(club)])
				x.Remove(id)
				x.Len()
			}
		})
	}
	putting.Wait()
	close(done)
	searching.Wait()
	if x.Len() != len(club) {
		t.Errorf("Len %d, want %d", x.Len(), len(club))
	}
}
