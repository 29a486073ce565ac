package answer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Rating is what a reviewer gave a book. What reviewers write in its place may
// say anything, so a Rating keeps the numbers or the grade and nothing else of
// it. The zero Rating is none.
type Rating struct {
	got, of float64
	grade   string
}

// IsZero reports whether there is no rating.
func (r Rating) IsZero() bool { return r == Rating{} }

// Share returns the rating as a share of the best one, from 0 to 1; 0 for the
// zero Rating.
func (r Rating) Share() float64 {
	switch {
	case r.grade != "":
		return grades[r.grade]
	case r.of == 0:
		return 0
	}
	return r.got / r.of
}

// String returns the rating as "3.75/5" or "B+"; empty for the zero Rating.
func (r Rating) String() string {
	if r.grade != "" || r.of == 0 {
		return r.grade
	}
	return strconv.FormatFloat(r.got, 'f', -1, 64) + "/" + strconv.FormatFloat(r.of, 'f', -1, 64)
}

// grades are school grades as shares: our reading of them, with a pass and no
// more in the middle.
var grades = map[string]float64{
	"A+": 1, "A": 0.95, "A-": 0.9, "B+": 0.85, "B": 0.8, "B-": 0.7,
	"C+": 0.6, "C": 0.55, "C-": 0.5, "D+": 0.4, "D": 0.35, "D-": 0.3, "F": 0.1,
}

var (
	ratingOf = regexp.MustCompile(`^(\d{1,3}(?:\.\d{1,2})?)(?: ?stars?)? ?(?:/|(?:out )?of) ?(\d{1,3})(?: ?stars?)?$`)
	percents = regexp.MustCompile(`^(\d{1,3}(?:\.\d)?) ?%$`)
	bare     = regexp.MustCompile(`^(\d(?:\.\d{1,2})?|10)(?: ?stars?)?$`)
	inStars  = regexp.MustCompile(`\b(\d(?:\.\d{1,2})?) ?(?:(?:/|(?:out )?of) ?5 )?stars?\b`)
	commas   = regexp.MustCompile(`(\d),(\d)`)
	halves   = regexp.MustCompile(`(\d) (?:and a half|½|1/2)`)
	numerals = regexp.MustCompile(`\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten)\b`)
)

// scales are the best ratings that reviewers count from; "24/7" is no rating.
var scales = []float64{4, 5, 6, 7, 10, 20, 100}

// ParseRating reads a rating as reviewers write it: "4/5", "8 out of 10",
// "3.75", "85%", "★★★★☆", "four stars", "B+". It returns the zero Rating for
// anything else, and for one that is better than the best.
func ParseRating(s string) Rating {
	s = strings.Trim(strings.Join(strings.Fields(s), " "), " .!")
	if r, ok := counted(s); ok {
		return r
	}
	if _, ok := grades[strings.ToUpper(strings.ReplaceAll(s, "−", "-"))]; ok {
		return Rating{grade: strings.ToUpper(strings.ReplaceAll(s, "−", "-"))}
	}
	s = figures(s)
	if m := ratingOf.FindStringSubmatch(s); m != nil {
		return rating(m[1], m[2])
	}
	if m := percents.FindStringSubmatch(s); m != nil {
		return rating(m[1], "100")
	}
	if m := bare.FindStringSubmatch(s); m != nil {
		if got, _ := strconv.ParseFloat(m[1], 64); got > 5 {
			return rating(m[1], "10")
		}
		return rating(m[1], "5")
	}
	return Rating{}
}

// starsIn returns the rating that a sentence gives in stars, out of five; the
// zero Rating for one that names none, or a range of them.
func starsIn(text string) Rating {
	if !strings.Contains(strings.ToLower(text), "star") {
		return Rating{} // as nearly all, and figures are slow to find
	}
	all := inStars.FindAllStringSubmatch(figures(text), -1)
	if len(all) != 1 {
		return Rating{}
	}
	return rating(all[0][1], "5")
}

// figures writes numbers in digits.
func figures(s string) string {
	s = numerals.ReplaceAllStringFunc(strings.ToLower(strings.ReplaceAll(s, "½", " ½")), func(w string) string {
		return strconv.Itoa(slices.Index(numberWords, w))
	})
	s = halves.ReplaceAllString(strings.Join(strings.Fields(s), " "), "$1.5")
	return commas.ReplaceAllString(strings.ReplaceAll(s, "-star", " star"), "$1.$2")
}

func rating(got, of string) Rating {
	g, err := strconv.ParseFloat(got, 64)
	o, err2 := strconv.ParseFloat(of, 64)
	if err != nil || err2 != nil || g > o || !slices.Contains(scales, o) {
		return Rating{}
	}
	return Rating{got: g, of: o}
}

// counted reads a rating in signs: filled stars, half a one, empty ones.
func counted(s string) (Rating, bool) {
	full, half, empty := 0, 0, 0
	for _, r := range s {
		switch r {
		case '★', '⭐', '🌟', '✭', '✮', '✪', '*':
			full++
		case '½', '⯪', '⯨':
			half++
		case '☆', '✩', '✰':
			empty++
		default:
			if !unicode.Is(unicode.Mn, r) && !unicode.IsSpace(r) {
				return Rating{}, false
			}
		}
	}
	of := full + half + empty
	if empty == 0 && of < 5 {
		of = 5
	}
	if full+half+empty == 0 || of > 10 || half > 1 {
		return Rating{}, false
	}
	return Rating{got: float64(full) + float64(half)/2, of: float64(of)}, true
}
