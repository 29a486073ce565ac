package search

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// madeUp returns sources of 50 passages each, n passages in all, of words as
// frequent as they are in reviews.
func madeUp(n int) []library.Source {
	rng := rand.New(rand.NewPCG(1, 2))
	var stems []string
	for stem := range table() {
		stems = append(stems, stem)
	}
	slices.Sort(stems)
	slices.SortStableFunc(stems, func(a, b string) int { return int(table()[b] - table()[a]) })
	sums := make([]int, len(stems))
	sum := 0
	for i, s := range stems {
		sum += int(table()[s])
		sums[i] = sum
	}
	word := func() string {
		at, _ := slices.BinarySearch(sums, rng.IntN(sum))
		return stems[at]
	}
	var list []library.Source
	for len(list)*50 < n {
		s := library.Source{ID: library.SourceID(fmt.Sprintf("source-%05d", len(list))), Book: tideClock}
		for i := range 50 {
			words := make([]string, 6+rng.IntN(12))
			for j := range words {
				words[j] = word()
			}
			if i%3 == 0 {
				words = append(words, "Mara")
			}
			kind := library.Prose
			if i%25 == 0 {
				kind = library.Heading
			}
			s.Sentences = append(s.Sentences, library.Sentence{
				Start: 100 * i, Kind: kind, Section: 1 + i/25, Paragraph: 1 + i/5,
				Passage: seal(spoiler.Position(rng.IntN(13)), strings.Join(words, " of the ")),
			})
		}
		list = append(list, s)
	}
	return list
}

var asks3 = []string{
	"is it worth reading?", "what is the secret of the clock in the cellar?", "does mara die at the end of the story?",
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		x := indexOf(madeUp(n)...)
		for i, text := range asks3 {
			for _, place := range []int{3, 12} {
				b.Run(fmt.Sprintf("passages=%d/question=%d/place=%d", n, i+1, place), func(b *testing.B) {
					q := Query{Book: tideClock, Words: WordsOf(text), Limit: 10}
					h := at(place)
					b.ReportAllocs()
					for b.Loop() {
						x.Search(h, q)
					}
				})
			}
		}
	}
}

// BenchmarkAsk is what one question costs, from its text to both lists of hits.
func BenchmarkAsk(b *testing.B) {
	x := indexOf(madeUp(10_000)...)
	h := at(6)
	b.ReportAllocs()
	for b.Loop() {
		q := Query{Book: tideClock, Words: WordsOf(asks3[2]), Limit: 10}
		x.Search(h, q)
		x.Beyond(h, q)
	}
}

func BenchmarkWordsOf(b *testing.B) {
	for name, text := range map[string]string{"short": asks3[2], "10000": strings.Repeat(asks3[2], 10_000/len(asks3[2]))} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				WordsOf(text)
			}
		})
	}
}

// BenchmarkBuild builds an Index of 10,000 passages.
func BenchmarkBuild(b *testing.B) {
	list := madeUp(10_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	kept := indexOf(list...)
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportAllocs()
	for b.Loop() {
		indexOf(list...)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB")
	runtime.KeepAlive(kept)
}

func BenchmarkPutRemove(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		list := madeUp(n)
		x := indexOf(list...)
		b.Run(fmt.Sprintf("replace/passages=%d", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				x.Put(list[i*7%len(list)])
			}
		})
		b.Run(fmt.Sprintf("remove/passages=%d", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				s := list[i*7%len(list)]
				x.Remove(s.ID)
				b.StopTimer()
				x.Put(s)
				b.StartTimer()
			}
		})
	}
}
