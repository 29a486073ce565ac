package library

import (
	"math"
	"math/rand/v2"
	"testing"

	"dogear/bot/spoiler"
)

// TestEditionAt is the table of pages in one printing whose chapters are known,
// and in one of which only the last page is.
func TestEditionAt(t *testing.T) {
	known := Edition{Unit: Pages, Length: 100, First: []int{5, 21, 21, 60}, Chapters: 4}
	guess := Edition{Unit: Pages, Length: 100, Chapters: 16} // two chapters behind
	for _, c := range []struct {
		e    Edition
		n    int
		want spoiler.Position
		has  bool
	}{
		{known, 0, 0, true}, {known, 4, 0, true}, {known, 20, 0, true}, {known, 21, 2, true}, {known, 59, 2, true}, {known, 60, 3, true},
		{known, 99, 3, true}, {known, 100, 4, true}, {known, 102, 4, true}, {known, 103, 0, false},
		{guess, -1, 0, true}, {guess, 0, 0, true}, {guess, 18, 0, true}, {guess, 19, 1, true}, {guess, 50, 6, true}, {guess, 99, 13, true},
		{guess, 100, 16, true}, {guess, 102, 16, true}, {guess, 103, 0, false},
		{Edition{Length: 100, Chapters: 1}, 99, 0, true}, {Edition{}, 0, 0, true},
	} {
		if got, has := c.e.At(c.n); got != c.want || has != c.has {
			t.Errorf("%d of %+v: %d, %v; want %d, %v", c.n, c.e, got, has, c.want, c.has)
		}
	}
	if known.Margin() != 0 || guess.Margin() != 2 || (Edition{Chapters: 23}).Margin() != 3 {
		t.Error("a margin is wrong")
	}
}

// TestLowest shows that of several editions the lowest place counts.
func TestLowest(t *testing.T) {
	book := Book{Editions: []Edition{
		{Name: "Paperback", Unit: Pages, Length: 100, First: []int{1, 50}, Chapters: 2},
		{Name: "Large print", Unit: Pages, Length: 200, First: []int{1, 100}, Chapters: 2},
		{Name: "Large", Unit: Pages, Length: 90, First: []int{1, 45}, Chapters: 2},
		{Name: "Read aloud", Unit: Minutes, Length: 10, First: []int{0, 1}, Chapters: 2},
	}}
	for _, c := range []struct {
		words string
		n     int
		want  spoiler.Position
		by    string
	}{
		{"", 60, 0, "Large print"}, {"", 120, 1, "Large print"}, {"", 300, 0, ""}, {"PAPER", 60, 1, "Paperback"}, {"large", 60, 1, "Large"},
		{"la", 60, 0, "Large print"}, {"read", 5, 0, ""}, {"kindle", 60, 0, ""},
	} {
		at, by, ok := Lowest(book.EditionsCalled(c.words, Pages), c.n)
		if at != c.want || by.Name != c.by || ok != (c.by != "") {
			t.Errorf("%q, %d: %d by %q, want %d by %q", c.words, c.n, at, by.Name, c.want, c.by)
		}
	}
}

// TestMargin shows on books of random chapters, which vary as those of novels
// do, that at most one book in twenty has a page whose estimate is ahead of the
// truth.
func TestMargin(t *testing.T) {
	const books, pages, variation = 4000, 1 << 20, 0.4
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 5, 10, 23, 61, 150} {
		ahead := 0
		for range books {
			if leads(estimated(lengths(r, n, variation), pages)) {
				ahead++
			}
		}
		t.Logf("%3d chapters: %.2f%% of books", n, 100*float64(ahead)/books)
		if ahead*20 > books {
			t.Errorf("%d chapters: in %d of %d books a page's estimate is ahead", n, ahead, books)
		}
	}
}

// TestMarginOfNovel does the same for a real book: the lengths of Persuasion's
// chapters (Jane Austen, 1817), in characters, as facts.
func TestMarginOfNovel(t *testing.T) {
	persuasion := []float64{16116, 12141, 17004, 11306, 19574, 22470, 19554, 19862, 17135, 22598, 18505, 32436,
		16397, 15104, 16939, 14703, 21112, 23699, 14535, 20793, 41108, 34747, 38187, 9838}
	mean, square := 0.0, 0.0
	for _, l := range persuasion {
		mean += l / float64(len(persuasion))
	}
	for _, l := range persuasion {
		square += (l - mean) * (l - mean) / float64(len(persuasion)-1)
	}
	if v := math.Sqrt(square) / mean; math.Abs(v-0.4) > 0.01 {
		t.Errorf("the chapters vary by %.2f, and the margin is made for 0.4", v)
	}
	if leads(estimated(persuasion, 240)) {
		t.Error("the estimate is ahead of the truth")
	}
}

// lengths returns n chapters' lengths whose coefficient of variation is about
// v: lognormal, for many chapters are middling and a few are long.
func lengths(r *rand.Rand, n int, v float64) []float64 {
	sigma := math.Sqrt(math.Log(1 + v*v))
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Exp(sigma * r.NormFloat64())
	}
	return out
}

// estimated lays chapters out on pages, and returns two editions of the book:
// one of which the beginnings are known, and one of which they are not.
func estimated(lengths []float64, pages int) (truth, guess Edition) {
	total, sum := 0.0, 0.0
	for _, l := range lengths {
		total += l
	}
	for _, l := range lengths {
		truth.First = append(truth.First, 1+int(sum/total*float64(pages)))
		sum += l
	}
	truth.Chapters, truth.Length = len(lengths), pages
	guess.Chapters, guess.Length = len(lengths), pages
	return truth, guess
}

// leads reports whether any page's estimate is ahead of the truth. It is most
// so on the last page of a chapter.
func leads(truth, guess Edition) bool {
	for _, first := range truth.First[1:] {
		is, _ := truth.At(first - 1)
		if says, _ := guess.At(first - 1); says > is {
			return true
		}
	}
	return false
}
