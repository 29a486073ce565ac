package library_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"dogear/bot/label"
	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

const island = `
id: island
title: The Island
author: Somebody
outline: [{chapters: 10}]
names:
  - {name: Ann, also: [Annie], kind: person, pronoun: she, from: 0}
  - {name: the lighthouse, kind: place, pronoun: it, from: 3}
premise: ["Ann comes back to the island where she grew up."]
ledger:
  - {id: letter, chapter: 5, fact: Ann finds a letter in the lighthouse., class: event, who: [Ann], says: [Ann finds the letter, Ann discovers a letter, a letter turns up]}
  - {id: storm, chapter: 8, fact: A storm destroys the lighthouse., class: event, says: [the storm destroys the lighthouse, the lighthouse falls, the lighthouse is destroyed]}
`

func parse(t testing.TB, file string) library.Book {
	t.Helper()
	b, err := library.ParseBook([]byte(file), "island.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func overlaid(t testing.TB, base library.Book, file string) library.Book {
	t.Helper()
	o, err := library.ParseOverlay([]byte(file), "ours.yaml", base)
	if err != nil {
		t.Fatal(err)
	}
	with, err := base.With(o)
	if err != nil {
		t.Fatal(err)
	}
	return with
}

// ledger says which entries a book has, and at which chapters.
func ledger(b library.Book) string {
	var out []string
	for _, e := range b.Ledger {
		out = append(out, fmt.Sprintf("%s@%d", unsealed.Text(e.ID), e.Chapter))
	}
	return strings.Join(out, " ")
}

const ours = `book: island
names:
  - {name: Ann, also: [Nan], from: 2}
  - {name: Ben, kind: person, pronoun: he, from: 4}
premise: [The island is far away.]
loaded: [wave]
editions: [{name: paperback, pages: 320}]
ledger:
  - {id: storm, chapter: 9}
  - {id: boat, chapter: 6, fact: Ben sinks the boat., class: event, who: [Ben], after: [letter], says: [Ben sinks the boat, the boat goes down, Ben drowns his boat]}
`

func TestOverlay(t *testing.T) {
	base := parse(t, island)
	with := overlaid(t, base, ours)
	if got := ledger(with); got != "letter@5 storm@9 boat@6" {
		t.Errorf("ledger: %s", got)
	}
	if ann := with.Names[0]; len(with.Names) != 3 || ann.From != 2 || len(ann.Words) != 3 || unsealed.Text(ann.Words[2]) != "Nan" {
		t.Errorf("names: %d, the first from %d with %d words", len(with.Names), ann.From, len(ann.Words))
	}
	if len(with.Premise) != 2 || len(with.Loaded) != 1 || len(with.Editions) != 1 || with.Author != base.Author || with.Chapters() != base.Chapters() {
		t.Errorf("the book is %d premise, %d loaded, %d editions", len(with.Premise), len(with.Loaded), len(with.Editions))
	}
	if label.Version(with) == label.Version(base) {
		t.Error("labels of the book without its overlay would pass for new ones")
	}
	if again := parse(t, string(with.File())); ledger(again) != ledger(with) || label.Version(again) != label.Version(with) {
		t.Error("the book changes on its way through its own file")
	}
	// The same overlay once more, read from where it is kept.
	o, err := library.ParseOverlay([]byte(ours), "ours.yaml", base)
	if err != nil {
		t.Fatal(err)
	}
	if got := o.Entries(); len(got) != 2 || unsealed.Text(got[1]) != "boat" || got[1].Reveal() != 6 {
		t.Errorf("%d entries", len(got))
	}
	kept, err := library.DecodeOverlay(o.File(), "kept")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := base.With(kept); err != nil || !bytes.Equal(again.File(), with.File()) {
		t.Errorf("what was kept adds something else: %v", err)
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if s := fmt.Sprintf(format, o); strings.Contains(s, "boat") {
			t.Errorf("%s prints the overlay: %s", format, s)
		}
	}
}

// TestOverlayAndNewerBook shows that where the book has come to know an entry
// of the club's, both stay, from the later chapter on.
func TestOverlayAndNewerBook(t *testing.T) {
	o, err := library.ParseOverlay([]byte(ours), "ours.yaml", parse(t, island))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		chapter int
		want    string
	}{{4, "letter@5 storm@9 boat@6 boat-2@6"}, {7, "letter@5 storm@9 boat@7 boat-2@7"}} {
		newer := parse(t, island+fmt.Sprintf("  - {id: boat, chapter: %d, fact: A boat sinks., class: event, says: [a boat sinks, the boat sinks, the boat is lost]}\n", c.chapter))
		with, err := newer.With(o)
		if err != nil || ledger(with) != c.want {
			t.Errorf("%s, %v; want %s", ledger(with), err, c.want)
		}
	}
	if _, err := parse(t, strings.ReplaceAll(island, "chapters: 10", "chapters: 8")).With(o); err == nil {
		t.Error("an entry past the end of the book is taken")
	}
	if _, err := parse(t, strings.ReplaceAll(island, "id: island", "id: other")).With(o); err == nil {
		t.Error("an overlay goes with another book")
	}
	if _, err := parse(t, island).With(library.Overlay{}); err == nil {
		t.Error("the zero overlay goes with a book")
	}
	// Nothing added, nothing changed.
	if same := overlaid(t, parse(t, island), "book: island\n"); string(same.File()) != island {
		t.Error("an empty overlay changes the book")
	}
}

func TestOverlayProblems(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"", "ours.yaml: the file is empty"},
		{"book: emma\n", `ours.yaml:1: book: this overlay is read for "island"; name that book`},
		{"names: []\n", `ours.yaml: book: this overlay is read for "island"; name that book`},
		{"book: island\ntitle: New\n", "ours.yaml:2: field title not found"},
		{"book: island\nledger:\n  - {id: storm, chapter: 7}\n", "ours.yaml:3: ledger: the book has an entry with this id at a later chapter; an overlay moves an entry later, never earlier"},
		{"book: island\nledger:\n  - {id: storm, chapter: 11}\n", "ours.yaml:3: ledger: chapter: 11 is no chapter between 1 and 10"},
		{"book: island\nledger:\n  - {id: storm, chapter: 9}\n  - {id: storm, chapter: 9}\n", "ours.yaml:4: ledger: a second entry with this id; ids are used once"},
		{"book: island\nledger:\n  - {id: new, chapter: 9}\n", "ours.yaml:3: ledger: class: want fate, secret, bond, event, world or outcome\nours.yaml:3: ledger: fact: missing\nours.yaml:3: ledger: says: 0 paraphrases; want three to eight"},
		{"book: island\nledger:\n  - {id: n, chapter: 9, fact: CANARY, class: event, who: [CANARY], says: [a, b, c], after: [CANARY]}\n", "ours.yaml:3: ledger: who: no such name in names\nours.yaml:3: ledger: after: no entry has this id"},
		{"book: island\nnames:\n  - {name: Ben}\n", "ours.yaml:3: names: kind: want person, group, place, thing or term"},
		{"book: island\neditions:\n  - {name: a}\n", "ours.yaml:3: editions: say how many pages it has, or how many minutes"},
		{"book: island\neditions:\n  - {name: a, pages: 3, minutes: 3}\n", "ours.yaml:3: editions: an edition has pages or minutes, not both"},
		{"book: island\neditions:\n  - {name: a, minutes: 9, first: []}\n", "ours.yaml:3: editions: first lists 0 minutes, and the outline has 10 chapters"},
		{"book: island\n---\nbook: island\n", "ours.yaml: a book file holds one book; remove the second document (after the line ---)"},
	} {
		_, err := library.ParseOverlay([]byte(c.file), "ours.yaml", parse(t, island))
		var p library.Problem
		var ps library.Problems
		if err == nil || err.Error() != c.want || !errors.As(err, &p) && !errors.As(err, &ps) {
			t.Errorf("%q:\n%v\nwant\n%s", c.file, err, c.want)
		}
	}
}

// TestOverlayOpensNothingElse lays random overlays of the program's own book
// over it. Loaded words and editions open nothing; a later chapter opens no
// sentence that does not state that entry; a new entry opens no sentence before
// its own chapter.
func TestOverlayOpensNothingElse(t *testing.T) {
	all := library.Shipped()
	base := all[slices.IndexFunc(all, func(b library.Book) bool { return b.ID == "never-let-me-go" })]
	src := sentences(t, base)
	before := label.New(base).Label(src)
	r := rand.New(rand.NewPCG(3, 4))
	pick := func() library.Event { return base.Ledger[r.IntN(len(base.Ledger))] }
	texts := func(ps []spoiler.Passage) []string {
		var out []string
		for _, p := range ps {
			out = append(out, fmt.Sprintf("%q", unsealed.Text(p)))
		}
		return out
	}
	opened := 0
	check := func(t *testing.T, overlay string, may func(s library.Sentence) bool) {
		t.Helper()
		for i, s := range label.New(overlaid(t, base, overlay)).Label(src).Sentences {
			was := before.Sentences[i].Passage.Reveal()
			if s.Passage.Reveal() >= was {
				continue
			}
			opened++
			if !may(s) {
				t.Errorf("opens at %d instead of %d: %q\n%s", s.Passage.Reveal(), was, unsealed.Text(s.Passage), overlay)
			}
		}
	}
	head := "book: " + string(base.ID) + "\n"
	for range 2 {
		var words []string
		for range 40 {
			words = append(words, texts(pick().Words)...)
		}
		words = append(words, `"prose"`, `"quiet"`, `"good"`)
		check(t, head+"editions: [{name: a, pages: 300}]\nloaded: ["+strings.Join(words, ", ")+"]\n", func(library.Sentence) bool { return false })

		moved := pick()
		for moved.Chapter == base.End() {
			moved = pick()
		}
		later := int(moved.Chapter) + 1 + r.IntN(int(base.End()-moved.Chapter))
		id := unsealed.Text(moved.ID)
		check(t, fmt.Sprintf("%sledger: [{id: %q, chapter: %d}]\n", head, id, later), func(s library.Sentence) bool {
			for _, e := range s.Because {
				if unsealed.Text(e.Event) == id && e.Reveal == spoiler.Position(later) {
					return true
				}
			}
			return false
		})

		like, chapter := pick(), 1+r.IntN(base.Chapters())
		says := texts(like.Says)
		for i := range says { // with other words in them than the book knows
			says[i] = strings.TrimSuffix(says[i], `"`) + ` in the ` + []string{"rain", "garden", "corridor"}[i%3] + `"`
		}
		check(t, fmt.Sprintf("%sledger: [{id: ours, chapter: %d, fact: %s, class: event, says: [%s]}]\n", head, chapter, says[0], strings.Join(says, ", ")),
			func(s library.Sentence) bool { return s.Passage.Reveal() >= spoiler.Position(chapter) })
	}
	if opened == 0 {
		t.Error("no overlay opened anything: this test looked at too little")
	}
}

// sentences is a source about the program's own book: the reviews of its sample
// club, what its ledger says, and the sentences that attack the labels.
func sentences(t *testing.T, book library.Book) library.Source {
	t.Helper()
	var lines []string
	for _, src := range library.Sample() {
		for _, s := range src.Sentences {
			lines = append(lines, unsealed.Text(s.Passage))
		}
	}
	for _, e := range book.Ledger {
		lines = append(lines, unsealed.Text(e.Fact))
		for _, s := range e.Says {
			lines = append(lines, unsealed.Text(s)+" in the rain.")
		}
	}
	data, err := os.ReadFile("../label/testdata/attacks.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		lines = append(lines, fields[len(fields)-1])
	}
	src, err := library.Read(library.File{Name: "all.txt", Data: []byte("A review\n\n" + strings.Join(lines, "\n\n"))}, book)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// FuzzOverlay reads any overlay without a panic; one that is taken makes a book
// that reads again, has all that the book had, and no entry earlier.
func FuzzOverlay(f *testing.F) {
	f.Add(ours)
	f.Add("book: island\nledger:\n  - {id: storm, chapter: 9, fact: x, class: fate, says: [a, b, c]}\n  - {id: storm-2, chapter: 1, fact: x, class: fate, says: [a, b, c]}\n")
	f.Add("book: island\nnames: [{name: the lighthouse, also: [yes, 1, ~], from: 1}]\neditions: [{minutes: 3, first: [0,0,0,0,0,0,0,0,1,3]}]\n")
	f.Fuzz(func(t *testing.T, file string) {
		base := parse(t, island)
		o, err := library.ParseOverlay([]byte(file), "ours.yaml", base)
		if err != nil {
			var p library.Problem
			var ps library.Problems
			if !errors.As(err, &p) && !errors.As(err, &ps) {
				t.Fatalf("%v is no Problem", err)
			}
			return
		}
		with, err := base.With(o)
		if err != nil {
			t.Fatal(err)
		}
		again := parse(t, string(with.File()))
		if ledger(again) != ledger(with) || len(with.Premise) < 1 || len(with.Names) < 2 {
			t.Fatal("the book has changed")
		}
		for i, e := range base.Ledger {
			if with.Ledger[i].Chapter < e.Chapter || len(with.Ledger[i].Says) != len(e.Says) {
				t.Fatal("an entry of the book is weaker than it was")
			}
		}
		for i, n := range base.Names {
			if with.Names[i].From < n.From || len(with.Names[i].Words) < len(n.Words) {
				t.Fatal("a name of the book is weaker than it was")
			}
		}
	})
}
