package search

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite testdata/golden.txt")

type asking struct {
	place          int
	question, want string
}

func readQuestions(t testing.TB) []asking {
	t.Helper()
	data, err := os.ReadFile("testdata/questions.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []asking
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		place, rest, _ := strings.Cut(strings.TrimSpace(line), ": ")
		question, want, ok := strings.Cut(rest, " = ")
		n, err := strconv.Atoi(place)
		if err != nil || !ok {
			t.Fatalf("bad line %q", line)
		}
		all = append(all, asking{n, question, want})
	}
	return all
}

// TestGolden keeps the ranking of the club's passages: a change of a constant
// shows here, sentence by sentence.
func TestGolden(t *testing.T) {
	x := indexOf(readClub(t)...)
	var got strings.Builder
	for _, a := range readQuestions(t) {
		fmt.Fprintf(&got, "%d: %s\n", a.place, a.question)
		for _, h := range x.Search(at(a.place), Query{Book: tideClock, Words: WordsOf(a.question), Limit: 3}) {
			fmt.Fprintf(&got, "\t%.2f %.2f %s\n", h.Score, h.Cover, open(t, h, a.place))
		}
	}
	const golden = "testdata/golden.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("ranking changed (go test -run Golden -update, once it is looked at):\n%s", diff)
	}
}

// TestRecall asks questions as readers put them and looks where the sentence
// that answers each comes.
func TestRecall(t *testing.T) {
	x := indexOf(readClub(t)...)
	var first, three, n int
	var mrr float64
	for _, a := range readQuestions(t) {
		n++
		rank := 0
		for i, h := range find(x, a.place, a.question) {
			if strings.HasPrefix(open(t, h, a.place), a.want) {
				rank = i + 1
				break
			}
		}
		t.Logf("%2d  %2d: %s", rank, a.place, a.question)
		if rank > 0 {
			mrr += 1 / float64(rank)
		}
		if rank == 1 {
			first++
		}
		if rank > 0 && rank <= 3 {
			three++
		}
	}
	mrr /= float64(n)
	t.Logf("%d questions: first %d, among three %d, MRR %.3f", n, first, three, mrr)
	if mrr < 0.85 || float64(three) < 0.9*float64(n) {
		t.Errorf("MRR %.3f, %d of %d among the first three: too low", mrr, three, n)
	}
}
