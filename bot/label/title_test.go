package label_test

import (
	"os"
	"strings"
	"testing"

	"dogear/bot/label"
	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// related labels one item of a reading list.
func related(l *label.Labeller, book library.Book, item string, flagged bool) spoiler.Position {
	src := library.Source{Book: book.ID, Flagged: flagged, Related: []spoiler.Passage{spoiler.Seal(book.ID, book.End(), item)}}
	return l.Label(src).Related[0].Reveal()
}

// TestWorks labels reading lists: works that people read beside our books, and
// spoilers dressed as works. The bounds are what the labels reach now: a change
// may lower the first number and raise the second.
func TestWorks(t *testing.T) {
	data, err := os.ReadFile("testdata/works.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		book        spoiler.BookID
		early, safe int
	}{
		{"never-let-me-go", 1, 46},
		{"jane-eyre", 0, 32},
	} {
		t.Run(string(c.book), func(t *testing.T) {
			b := book(t, c.book)
			l := label.New(b)
			spoilers, safe, all := 0, 0, 0
			var early []string
			for line := range strings.Lines(string(data)) {
				id, rest, _ := strings.Cut(strings.TrimSpace(line), "\t")
				gold, item, ok := strings.Cut(rest, "\t")
				if !ok || id != string(c.book) {
					continue
				}
				open := related(l, b, item, false) == 0
				if gold == "0" {
					all++
					if open {
						safe++
					}
					continue
				}
				spoilers++
				if open {
					early = append(early, item)
				}
			}
			t.Logf("of %d spoilers %d are open; of %d works %d are", spoilers, len(early), all, safe)
			if len(early) > c.early {
				t.Errorf("more spoilers are open than the %d known:\n%s", c.early, strings.Join(early, "\n"))
			}
			if safe < c.safe || spoilers < 60 {
				t.Errorf("%d works are open, fewer than the %d known, or only %d spoilers were read", safe, c.safe, spoilers)
			}
		})
	}
}

// TestNoWork shows what keeps a work sealed: a review that its author flagged,
// and a book of which nothing is known.
func TestNoWork(t *testing.T) {
	const item = "The Remains of the Day by Kazuo Ishiguro"
	b := shipped(t)
	if at := related(label.New(b), b, item, true); at != b.End() {
		t.Errorf("in a flagged review: %d", at)
	}
	unknown, err := library.NewBook("some-book", "Some Book", "Some Author", 30)
	if err != nil {
		t.Fatal(err)
	}
	if at := related(label.New(unknown), unknown, item, false); at != unknown.End() {
		t.Errorf("of an unknown book: %d", at)
	}
	if at := related(label.New(unknown), unknown, "Jane Eyre", false); at != 0 {
		t.Errorf("a shipped book: %d", at)
	}
}
