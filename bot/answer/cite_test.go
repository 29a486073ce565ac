package answer

import (
	"testing"

	"dogear/bot/library"
)

// TestCite shows that what a review says of itself is no way around the seal.
func TestCite(t *testing.T) {
	for _, c := range []struct{ date, rating, wantDate, wantRating string }{
		{"2026-11-22", "4/5", "2026-11-22", "4/5"},
		{"22 November 2026", "B+", "22 November 2026", "B+"},
		{"Sept. 3rd, 2024", "", "Sept. 3rd, 2024", ""},
		{"2026-11-22T10:00:00Z", "8/10", "2026-11-22T10:00:00Z", "8/10"},
		{"the day Tommy dies", "0, for she dies", "", ""},
		{"2024, when Tommy died", "2/5 and she dies", "", ""},
		{"", "clones", "", ""},
	} {
		e := Cite(library.Source{Date: c.date, Rating: c.rating})
		if e.Date != c.wantDate || e.Rating != c.wantRating {
			t.Errorf("%q, %q: cited as %q, %q; want %q, %q", c.date, c.rating, e.Date, e.Rating, c.wantDate, c.wantRating)
		}
	}
}
