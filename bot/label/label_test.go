package label_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"dogear/bot/label"
	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// shipped returns the first book.
func shipped(t testing.TB) library.Book { return book(t, "never-let-me-go") }

// reveals labels a text as a review and returns the Reveal of each sentence.
func reveals(t testing.TB, book library.Book, text string) map[string]spoiler.Position {
	t.Helper()
	src, err := library.Read(library.File{Name: "review.md", Data: []byte(text)}, book)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]spoiler.Position{}
	for _, s := range label.New(book).Label(src).Sentences {
		out[unsealed.Text(s.Passage)] = s.Passage.Reveal()
		if s.Because == nil {
			t.Errorf("%q has no evidence", unsealed.Text(s.Passage))
		}
	}
	return out
}

// expect compares the Reveals of some sentences with what they have to be. A
// sentence that was not read at all is a mistake too.
func expect(t *testing.T, got, want map[string]spoiler.Position) {
	t.Helper()
	for text, at := range want {
		if reveal, read := got[text]; !read || reveal != at {
			t.Errorf("%q: %d (read: %v), want %d", text, reveal, read, at)
		}
	}
}

// TestTwins holds pairs that look alike and differ in what they spoil.
func TestTwins(t *testing.T) {
	book := shipped(t)
	for _, c := range []struct {
		text string
		want spoiler.Position
	}{
		// Form, and the whole book.
		{"There are no clever twists.", 0},
		{"There is no uprising.", 23},
		{"Nobody runs away.", 23},
		{"The prose is never loud.", 0},
		{"I did not see that twist coming.", 23},
		// The author, and those in the story.
		{"Ishiguro never raises his voice.", 0},
		{"Tommy never raises his voice.", 23},
		{"Kathy narrates calmly.", 0},
		{"Kathy never fights back.", 23},
		// Bare words.
		{"Impressive.", 0},
		{"Just resignation.", 23},
		{"The system is absolute.", 23},
		{"Understatement can be powerful.", 0},
		// Facts at their chapters.
		{"The students are raised for their organs.", 7},
		{"They are clones.", 12},
		{"Hailsham has closed.", 18},
		{"Ruth dies.", 19},
		{"Tommy dies.", 23},
		{"Ruth and Tommy die.", 23},
		{"Kathy dies.", 23},
		{"There are no deferrals.", 22},
		{"Ruth does not die.", 23},
		// A mixed sentence is as late as its worst clause.
		{"The prose is quiet and Tommy dies.", 23},
		{"I loved how quiet the prose is.", 0},
	} {
		for text, got := range reveals(t, book, c.text) {
			if got != c.want {
				t.Errorf("%q: %d, want %d", text, got, c.want)
			}
		}
	}
}

// TestPronouns shows that a sentence which means what the one before said is
// no earlier than that.
func TestPronouns(t *testing.T) {
	book := shipped(t)
	got := reveals(t, book, "Tommy dies on his fourth donation. It is a quiet chapter that stayed with me.\n\n"+
		"He simply goes. That changes everything.\n\nThe prose is plain. It reads like a memoir.")
	expect(t, got, map[string]spoiler.Position{
		"He simply goes.":                    23,
		"That changes everything.":           23,
		"The prose is plain.":                0,
		"It reads like a memoir.":            0,
		"Tommy dies on his fourth donation.": 23,
	})
}

// TestPointsBack shows that a sentence which ends with a pronoun for what the
// one before said is no earlier than that either.
func TestPointsBack(t *testing.T) {
	for _, c := range []struct {
		before, text string
		want         spoiler.Position
	}{
		{"Nobody escapes.", "A modern reader has every right to be angry about that.", 23},
		{"Tommy dies.", "I was angry about that.", 23},
		{"Ruth dies.", "I hated that.", 19},
		{"Nobody escapes.", "I cried at this, and I was moved.", 23},
		{"The prose is plain.", "I loved that.", 0},
		// The book, and what the author did.
		{"Nobody escapes.", "If you like slow novels, you'll love this.", 0},
		{"Nobody escapes.", "Ishiguro won the Nobel Prize in 2017, and this novel certainly contributed to that.", 0},
	} {
		t.Run(c.text, func(t *testing.T) {
			expect(t, reveals(t, shipped(t), "## A note\n\n"+c.before+" "+c.text), map[string]spoiler.Position{c.text: c.want})
		})
	}
}

// TestReviewer shows that a sentence in the place of a reviewer's name is not
// shown as one.
func TestReviewer(t *testing.T) {
	book := shipped(t)
	l := label.New(book)
	for name, want := range map[string]bool{
		"": true, "Robin": true, "juniper_and_tea": true, "Dr. V. Castellane": true, "Ann van der Berg": true, "T. Okonedo-Lane": true,
		"Lamplight Book Club": true, "reader42": true,
		"the end Ruth and Tommy have both died": false, "Tommy who dies": false, "Tommy Dies": false, "Everybody Dies": false,
		"I cried. Tommy dies on his fourth donation.": false, "chapter 23, Tommy has died": false, "She Never Escapes": false,
		"tommy-dies": false, "a person with a very long name that never stops": false, "No One Survives": false,
	} {
		src := library.Source{Book: book.ID, Reviewer: name}
		if got := l.Label(src).Reviewer; (got == name) != want {
			t.Errorf("%q is shown as %q", name, got)
		}
	}
}

// TestMarks shows that inside an author's own marks only the ledger and stated
// chapters open anything.
func TestMarks(t *testing.T) {
	book := shipped(t)
	got := reveals(t, book, "The prose is plain.\n\n## Spoilers ahead\n\nThe pacing is slow. The students are raised for their organs. Nobody escapes.\n\n"+
		"## Should you read it?\n\nI enjoyed the pacing.")
	expect(t, got, map[string]spoiler.Position{
		"The prose is plain.":                       0,
		"The pacing is slow.":                       23,
		"The students are raised for their organs.": 7,
		"Nobody escapes.":                           23,
		"I enjoyed the pacing.":                     0,
	})
}

// TestOtherBooks shows that a sentence that may spoil another book is for
// nobody.
func TestOtherBooks(t *testing.T) {
	book := shipped(t)
	got := reveals(t, book, "I loved the prose. In The Glass Harbour the captain drowns in the end. The Glass Harbour is beautifully written.\n\n"+
		"## Also read\n\n- The Glass Harbour by Ann Other\n- Winter Light by Somebody Else\n")
	expect(t, got, map[string]spoiler.Position{
		"I loved the prose.": 0,
		"In The Glass Harbour the captain drowns in the end.": spoiler.Never,
	})
}

// TestUnknownBook shows what the general layers do by themselves.
func TestUnknownBook(t *testing.T) {
	book, err := library.NewBook("some-book", "Some Book", "Some Author", 30)
	if err != nil {
		t.Fatal(err)
	}
	got := reveals(t, book, "The prose is elegant. Margaret is brilliant. The heroine dies. I loved the writing. It was all a dream. She was her mother.")
	expect(t, got, map[string]spoiler.Position{
		"The prose is elegant.":  0,
		"I loved the writing.":   0,
		"Margaret is brilliant.": 30,
		"The heroine dies.":      30,
		"It was all a dream.":    30,
		"She was her mother.":    30,
	})
}

// TestForeign shows that a review in another language stays covered whole.
func TestForeign(t *testing.T) {
	book := shipped(t)
	src, err := library.Read(library.File{Name: "kritik.txt", Data: []byte(
		"Ein stilles Buch\n\nDie Sprache ist ruhig und genau. Ich habe den Roman sehr gern gelesen, auch wenn er traurig ist.")}, book)
	if err != nil {
		t.Fatal(err)
	}
	src = label.New(book).Label(src)
	if !label.Foreign(src) {
		t.Error("German passes for English")
	}
	for _, s := range src.Sentences {
		if s.Passage.Reveal() != book.End() {
			t.Errorf("a German sentence is open at %d", s.Passage.Reveal())
		}
	}
}

// TestSample keeps the sample club useful and safe: a title that spoils stays
// covered, and a good part of every review can be read by everyone.
func TestSample(t *testing.T) {
	book := shipped(t)
	l := label.New(book)
	spoiling, open, early, all := 0, 0, 0, 0
	for _, src := range library.Sample() {
		src = l.Label(src)
		if src.Title.Reveal() > 0 && !src.Title.IsZero() {
			spoiling++
		}
		for _, s := range src.Sentences {
			all++
			switch at := s.Passage.Reveal(); {
			case at == 0:
				open++
			case at < book.End():
				early++
			}
		}
	}
	t.Logf("of %d sentences %d are open to all, %d more before the end", all, open, early)
	if spoiling == 0 || open*5 < all || early < 10 {
		t.Errorf("%d titles spoil; of %d sentences %d are open to all, %d more before the end", spoiling, all, open, early)
	}
}

// TestDeterministic shows that labelling again changes nothing.
func TestDeterministic(t *testing.T) {
	l := label.New(shipped(t))
	for _, src := range library.Sample() {
		once := l.Label(src)
		twice := l.Label(once)
		for i := range once.Sentences {
			if once.Sentences[i].Passage.Reveal() != twice.Sentences[i].Passage.Reveal() {
				t.Errorf("%s: sentence %d is labelled otherwise the second time", src.File, i)
			}
		}
		if once.Labels != label.Version(shipped(t)) {
			t.Error("a labelled source does not say with what")
		}
	}
}

// TestPrinting shows that neither a book nor a labelled source nor the labeller
// prints what it knows.
func TestPrinting(t *testing.T) {
	const secret = "canaryofthetext"
	file := "id: b\ntitle: B\noutline: [{chapters: 3, part: " + secret + "}]\nnames: [{name: " + secret + ", kind: person, from: 2}]\n" +
		"premise: [" + secret + " stands here]\nledger:\n  - {id: " + secret + ", chapter: 2, fact: " + secret + ", class: fate, who: [" + secret + "], " +
		"says: [" + secret + " a, " + secret + " b, " + secret + " c], terms: [" + secret + "], words: [" + secret + "]}\n"
	book, err := library.ParseBook([]byte(file), "b.yaml")
	if err != nil {
		t.Fatal(err)
	}
	src, err := library.Read(library.File{Name: "r.txt", Data: []byte(secret + "\n\nThis is " + secret + " at length.")}, book)
	if err != nil {
		t.Fatal(err)
	}
	l := label.New(book)
	for _, v := range []any{book, &book, src, l.Label(src), book.Ledger, book.Names, book.Outline, l} {
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			fmt.Fprintf(&out, verb, v)
		}
		_ = json.NewEncoder(&out).Encode(v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("m", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "v", v)
		if strings.Contains(out.String(), secret) {
			t.Errorf("%T prints its text", v)
		}
	}
}

// BenchmarkLabel labels the sample club's longest review.
func BenchmarkLabel(b *testing.B) {
	l := label.New(shipped(b))
	var longest library.Source
	for _, src := range library.Sample() {
		if len(src.Sentences) > len(longest.Sentences) {
			longest = src
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		l.Label(longest)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(longest.Sentences)), "ns/sentence")
}
