package search

import (
	"bufio"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTerms(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{" \n…—!? 🌊🫖", nil},
		{"Kathy H. doesn’t say.", []string{"kathy", "h", "doesn't", "say"}},
		{"‘Complete’ isn't 'die'", []string{"complete", "isn't", "die"}},
		{"Brontë’s naïve cliché", []string{"bronte's", "naive", "cliche"}},
		{"the end.Then __bold__ well-being", []string{"the", "end", "then", "bold", "well", "being"}},
		{"chapter 7 of 23", []string{"chapter", "7", "of", "23"}},
		{"ЧТО такое", []string{"что", "такое"}},
		{"読書会", []string{"読", "書", "会"}},
		{"hy\u00adphen", []string{"hyphen"}},
		{"a\xffb", []string{"a", "b"}},
		{strings.Repeat("x", longestWord+1) + " ok", []string{"ok"}},
	} {
		if diff := cmp.Diff(c.want, Terms(c.text)); diff != "" {
			t.Errorf("Terms(%q): %s", c.text, diff)
		}
	}
}

func TestStem(t *testing.T) {
	for _, same := range [][]string{{"die", "dies", "died", "dying"}, {"clone", "clones", "clone's"}, {"donor", "donors"}} {
		for _, w := range same[1:] {
			if Stem(w) != Stem(same[0]) {
				t.Errorf("Stem(%q) = %q, Stem(%q) = %q", w, Stem(w), same[0], Stem(same[0]))
			}
		}
	}
	if Stem("") != "" {
		t.Error("the empty word has a stem")
	}
}

// TestTable reads every line of the embedded table and weighs it.
func TestTable(t *testing.T) {
	if n := len(counts); n > 250_000 {
		t.Errorf("the table has %d bytes", n)
	}
	stems := 0
	for line := range strings.Lines(counts) {
		if strings.HasPrefix(line, "#") {
			if !strings.Contains(line, strconv.Itoa(corpus)) {
				t.Errorf("the heading %q names another number of sentences", line)
			}
			continue
		}
		f := strings.Fields(line)
		n, err := strconv.Atoi(f[0])
		if err != nil || n <= unlisted || n > corpus || len(f) < 2 {
			t.Fatalf("bad line %.40q", line)
		}
		stems += len(f) - 1
	}
	if got := len(table()); got != stems || stems < 15_000 {
		t.Errorf("%d stems in the table, %d in the file", got, stems)
	}
	if rare, common := Rarity("qwzx"), Rarity(Stem("book")); !(rare > 2*common) || common < 1 || rare > 13 {
		t.Errorf("Rarity: unknown %v, book %v", rare, common)
	}
	for stem := range table() {
		if r := Rarity(stem); !(r > 0) || r > Rarity("qwzx") {
			t.Errorf("Rarity(%q) = %v", stem, r)
		}
	}
}

// TestTableIsFresh compares the table with the list that it was made from,
// where that is at hand.
func TestTableIsFresh(t *testing.T) {
	f, err := os.Open("../../../shared/data/word-frequency.tsv")
	if err != nil {
		t.Skip("the list is not here")
	}
	defer f.Close()
	sums := make(map[string]int)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Split(lines.Text(), "\t")
		n, err := strconv.Atoi(fields[min(1, len(fields)-1)])
		if err != nil || strings.HasPrefix(fields[0], "#") {
			continue
		}
		for _, w := range Terms(fields[0]) {
			if !Stop(w) {
				sums[Stem(w)] += n
			}
		}
	}
	if len(sums) != len(table()) {
		t.Errorf("the list has %d stems, the table %d: run go generate", len(sums), len(table()))
	}
	for stem, n := range sums {
		if got := table()[stem]; int(got) != min(n, corpus) {
			t.Fatalf("%q: %d in the list, %d in the table: run go generate", stem, n, got)
		}
	}
}

func TestWords(t *testing.T) {
	for _, empty := range []Words{{}, WordsOf(""), WordsOf("Is it? What's that!"), WordsOf("🌊")} {
		if !empty.IsZero() {
			t.Errorf("%d terms of nothing", len(empty.p.terms))
		}
	}
	w := WordsOf("Clock, clocks and CLOCKS by the sea")
	if len(w.p.terms) != 2 {
		t.Errorf("%d terms, want 2", len(w.p.terms))
	}
	more := w.Plus(0.5, "clock tide").Plus(0, "no").Plus(-1, "no").Plus(math.NaN(), "no").Plus(math.Inf(1), "no")
	if len(more.p.terms) != 3 || len(w.p.terms) != 2 {
		t.Errorf("Plus: %d terms, want 3; %d before, want 2", len(more.p.terms), len(w.p.terms))
	}
	if got := more.p.terms[0].weight; got != Rarity("clock") {
		t.Errorf("a word that was asked for fell to %v", got)
	}
	if got := more.p.terms[2].weight; got != Rarity("tide")/2 {
		t.Errorf("a word at half weight has %v", got)
	}
}

func TestLongQuestion(t *testing.T) {
	// The commonest words there are, with one that is rare and one that no
	// table has.
	common := slices.DeleteFunc(strings.Fields(counts)[20:3500], func(s string) bool { return s[0] <= '9' || Stem(s) != s })
	q := "barometer hailsham " + strings.Join(common, " ")
	w := WordsOf(q)
	if len(q) < 10_000 || len(w.p.terms) != mostTerms {
		t.Fatalf("%d terms of %d bytes", len(w.p.terms), len(q))
	}
	if w.p.terms[0].stem != Stem("barometer") || w.p.terms[1].stem != Stem("hailsham") {
		t.Errorf("the first terms are %q and %q", w.p.terms[0].stem, w.p.terms[1].stem)
	}
	if hits := indexOf(readClub(t)...).Search(at(3), Query{Words: w}); len(hits) == 0 {
		t.Error("the rarest word of a long question finds nothing")
	}
}
