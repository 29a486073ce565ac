package library

import (
	"math"
	"slices"
	"strings"

	"dogear/bot/spoiler"
)

// Unit is what an Edition is counted in.
type Unit string

// The units of editions.
const (
	Pages   Unit = "pages"
	Minutes Unit = "minutes"
)

// Edition maps the pages of one printing, or the minutes of one recording, to
// chapters.
type Edition struct {
	Name     string // empty: it has none
	Unit     Unit
	Length   int   // the last page, or all minutes
	First    []int // where each chapter begins, ascending; nil: not known
	Chapters int   // of the book
}

// overrun is by how much of its length a place may lie past the end of an
// edition and still be the end: an afterword, or credits read aloud.
const overrun = 0.02

// At returns how many chapters somebody has finished who has come as far as a
// page or minute, rounded down: 0 before the first chapter, all of them at the
// last page. It returns false for a place that the edition does not have,
// which is one more than 2% past its end.
//
// Where no chapter's beginning is known, the place is an estimate, and Margin
// says how far it stays behind.
func (e Edition) At(n int) (spoiler.Position, bool) {
	switch {
	case float64(n) > float64(e.Length)*(1+overrun):
		return 0, false
	case n >= e.Length:
		return spoiler.Position(e.Chapters), true
	case e.First == nil:
		share := float64(max(n, 0)) / float64(e.Length)
		return spoiler.Position(max(share*float64(e.Chapters)-margin(e.Chapters), 0)), true
	}
	begun := 0
	for _, first := range e.First {
		if first <= n {
			begun++
		}
	}
	return spoiler.Position(max(begun-1, 0)), true
}

// Margin returns how many chapters an estimate may stay behind what the page
// alone would say, rounded up; 0 where it is known on which page each chapter
// begins.
func (e Edition) Margin() int {
	if e.First != nil {
		return 0
	}
	return int(math.Ceil(margin(e.Chapters)))
}

// margin is by how many chapters the share of a book that is read may be ahead
// of the share of its chapters that is finished, in 95 books of 100.
//
// Chapters differ in length. The largest excess of the cumulated lengths of n
// chapters over proportion goes, as that of a sample in the test of Kolmogorov
// and Smirnov does, towards the maximum of a Brownian bridge, times the
// coefficient of variation of the lengths and the root of n. That maximum is
// above 1.22 in one case of twenty (exp(-2·1.22²) = 0.05), and chapters of
// novels vary by 0.4 or so (Austen's Persuasion, in characters: 0.40):
// 1.22·0.4 is a half.
func margin(chapters int) float64 { return math.Sqrt(float64(chapters)) / 2 }

// EditionsCalled returns the book's editions in a unit whose name these words
// begin, in either case; the one that they name in full, if there is one. No
// words begin every name.
func (b Book) EditionsCalled(words string, unit Unit) []Edition {
	var begun, named []Edition
	words = strings.ToLower(words)
	for _, e := range b.Editions {
		switch name := strings.ToLower(e.Name); {
		case e.Unit != unit:
		case name == words:
			named = append(named, e)
		case strings.HasPrefix(name, words):
			begun = append(begun, e)
		}
	}
	if len(named) > 0 && words != "" {
		return named
	}
	return slices.Concat(named, begun)
}

// Lowest returns the lowest place that a page or minute has in any of these
// editions, and the edition that says so; false where none of them has it.
func Lowest(editions []Edition, n int) (at spoiler.Position, by Edition, ok bool) {
	for _, e := range editions {
		if here, has := e.At(n); has && (!ok || here < at) {
			at, by, ok = here, e, true
		}
	}
	return at, by, ok
}
