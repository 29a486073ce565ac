package main

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"dogear/bot/library"
)

var (
	many   = flag.Int("many", 100, "how many reviews a large club has, for tests and benchmarks")
	manyTo = flag.String("many-to", "", "write the reviews of a large club to this `FOLDER`, as files and as a CSV")
)

// The reviews of a large club are made of these: each sentence of a pattern and
// of words for its gaps, so that there are far more sentences than patterns.
var (
	patterns = []string{
		"The %f is %q.", "I found the %f %q and the %f %q.", "The %f felt %q to me.", "I %v the %f of this novel.", "I %v this book.",
		"I %v the %f more than I expected to.", "It is %q, and I %v it.", "Readers who want a %q book should try it.",
		"I read it in %n days.", "My %k gave it to me %n years ago.", "I will think about the %f for %n weeks.",
		"This was my book club's choice for the autumn.", "I finished it on a train, %n hours late.",
		"Kathy tells the story.", "The novel is set in England in the late 1990s.", "Ishiguro writes %q prose.",
		"Kathy, Ruth and Tommy grow up at Hailsham.", "The students make %k pictures for the gallery.", "Madame is afraid of the children, said my %k.",
		"Miss Lucy tells the students what they are for.", "In Norfolk they look for the woman in the office, and my %k cried.",
		"Tommy dies after his fourth donation.", "Ruth completes, and I put the book away for %n days.", "There are no deferrals, and there never were.",
		"The tape turns up in a shop, %n years on.", "I did not see the end coming and my %k did.", "After %n pages I knew what the house by the sea meant.",
	}
	gaps = map[byte][]string{
		'f': {"prose", "pacing", "narration", "dialogue", "structure", "plot", "language", "tone", "voice", "characterisation", "style", "opening"},
		'q': {"quiet", "slow", "beautiful", "flat", "precise", "dull", "haunting", "elegant", "cold", "moving", "tedious", "brilliant", "thin", "clever"},
		'v': {"loved", "liked", "enjoyed", "disliked", "hated", "admired", "endured"},
		'k': {"sister", "teacher", "neighbour", "brother", "mother", "colleague", "friend"},
		'n': {"two", "three", "four", "six", "nine", "ten", "twelve"},
	}
	firstNames = []string{"Ada", "Bo", "Cleo", "Dan", "Edith", "Finn", "Gwen", "Hal", "Iris", "Jon", "Kit", "Lena", "Max", "Nora", "Otto", "Pia"}
)

// review is one review of a large club.
type manyReview struct{ reviewer, title, rating, date, text string }

// reviewOf returns the n-th review of a large club, the same each time.
func reviewOf(n int) manyReview {
	rng := rand.New(rand.NewPCG(7, uint64(n)))
	var text strings.Builder
	for i := range 8 + rng.IntN(17) {
		if i > 0 && i%5 == 0 {
			text.WriteString("\n\n")
		}
		pattern := patterns[rng.IntN(len(patterns))]
		for {
			before, after, gap := strings.Cut(pattern, "%")
			text.WriteString(before)
			if !gap {
				break
			}
			words := gaps[after[0]]
			text.WriteString(words[rng.IntN(len(words))])
			pattern = after[1:]
		}
		text.WriteByte(' ')
	}
	return manyReview{
		reviewer: fmt.Sprintf("%s %d", firstNames[rng.IntN(len(firstNames))], n),
		title:    "What I thought, part " + strconv.Itoa(n), rating: strconv.Itoa(1 + rng.IntN(5)),
		date: fmt.Sprintf("20%02d-%02d-%02d", 5+rng.IntN(20), 1+rng.IntN(12), 1+rng.IntN(28)), text: text.String(),
	}
}

// manyFiles returns the reviews of a large club as files.
func manyFiles(n int) []library.File {
	var files []library.File
	for i := range n {
		r := reviewOf(i)
		files = append(files, library.File{
			Name: fmt.Sprintf("%05d.md", i),
			Data: fmt.Appendf(nil, "---\ntitle: %s\nreviewer: %s\nrating: %s/5\ndate: %s\n---\n\n%s\n", r.title, r.reviewer, r.rating, r.date, r.text),
		})
	}
	return files
}

// manyCSV returns the reviews of a large club as Goodreads exports them.
func manyCSV(t testing.TB, n int) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	rows := [][]string{{"Book Id", "Title", "Author", "My Rating", "Date Read", "Date Added", "My Review", "Spoiler"}}
	for i := range n {
		r := reviewOf(i)
		rows = append(rows, []string{
			strconv.Itoa(100_000 + i), "Never Let Me Go", "Kazuo Ishiguro", r.rating, r.date, r.date, strings.ReplaceAll(r.text, "\n\n", "<br/><br/>"), "",
		})
	}
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// writeMany writes the reviews of a large club into a folder: files below
// "files", and "goodreads.csv" beside it.
func writeMany(t testing.TB, dir string, n int) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "files"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, f := range manyFiles(n) {
		if err := os.WriteFile(filepath.Join(dir, "files", f.Name), f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "goodreads.csv"), manyCSV(t, n), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestWriteMany writes a large club to where -many-to says.
func TestWriteMany(t *testing.T) {
	if *manyTo == "" {
		t.Skip("nobody said where to, with -many-to")
	}
	writeMany(t, *manyTo, *many)
}
