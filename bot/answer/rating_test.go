package answer

import (
	"math"
	"testing"
)

// TestParseRating is the table of what stands in the place of a rating.
func TestParseRating(t *testing.T) {
	for s, want := range map[string]struct {
		shown string
		share float64
	}{
		"4/5":                    {"4/5", 0.8},
		"3.75/5":                 {"3.75/5", 0.75},
		"4,5/5":                  {"4.5/5", 0.9},
		"4 of 5":                 {"4/5", 0.8},
		"8 out of 10":            {"8/10", 0.8},
		"8/10.":                  {"8/10", 0.8},
		"4.5/5 stars":            {"4.5/5", 0.9},
		"3 stars out of 5":       {"3/5", 0.6},
		"four out of five":       {"4/5", 0.8},
		"Four stars":             {"4/5", 0.8},
		"4 and a half stars":     {"4.5/5", 0.9},
		"3½":                     {"3.5/5", 0.7},
		"5-star":                 {"5/5", 1},
		"4":                      {"4/5", 0.8},
		"0":                      {"0/5", 0},
		"7":                      {"7/10", 0.7},
		"85%":                    {"85/100", 0.85},
		"70/100":                 {"70/100", 0.7},
		"★★★★☆":                  {"4/5", 0.8},
		"★★★★":                   {"4/5", 0.8},
		"★★★½":                   {"3.5/5", 0.7},
		"⭐️⭐️":                   {"2/5", 0.4},
		"* * * * *":              {"5/5", 1},
		"B+":                     {"B+", 0.85},
		"a−":                     {"A-", 0.9},
		"":                       {},
		"6/5":                    {},
		"24/7":                   {},
		"9/11":                   {},
		"150%":                   {},
		"☆☆☆☆☆":                  {"0/5", 0},
		"Tommy dies":             {},
		"4/5, until Tommy dies":  {},
		"★ for the ending, dead": {},
		"A plus":                 {},
		"4-5":                    {},
		"loved it":               {},
	} {
		r := ParseRating(s)
		if r.String() != want.shown || math.Abs(r.Share()-want.share) > 1e-9 || r.IsZero() != (want.shown == "") {
			t.Errorf("%q is %q, %.3f; want %q, %.3f", s, r, r.Share(), want.shown, want.share)
		}
	}
}

// TestStarsIn is the table of what a sentence gives.
func TestStarsIn(t *testing.T) {
	for s, want := range map[string]string{
		"Four stars from me and three from the cats.": "4/5",
		"I give it 3.5 stars.":                        "3.5/5",
		"A solid four and a half stars.":              "4.5/5",
		"4/5 stars":                                   "4/5",
		"Two stars, one for the prose.":               "2/5",
		"Somewhere between 3 stars and 4 stars.":      "",
		"Nine stars!":                                 "",
		"The stars are out.":                          "",
		"He started at one.":                          "",
	} {
		if got := starsIn(s); got.String() != want {
			t.Errorf("%q gives %q, want %q", s, got, want)
		}
	}
}

func FuzzParseRating(f *testing.F) {
	f.Add("4/5")
	f.Add("★★★★☆")
	f.Fuzz(func(t *testing.T, s string) {
		if r := ParseRating(s); r.Share() < 0 || r.Share() > 1 || len(r.String()) > 12 {
			t.Errorf("a rating of %v", r.Share())
		}
	})
}
