package bot_test

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/store"
)

// reviewFiles returns the sample club's reviews of the first book as files, and
// the real ones where the machine has some beside the project.
func reviewFiles(t *testing.T) []library.File {
	t.Helper()
	var out []library.File
	for _, pattern := range []string{"library/sample/never-let-me-go/*", "../../shared/reviews/*.txt"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			data, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, library.File{Name: path.Base(filepath.ToSlash(p)), Data: data})
		}
	}
	if len(out) == 0 {
		t.Fatal("no reviews")
	}
	return out
}

// TestRulingsOnReviews takes sentences of real reviews through a report, a
// decision, its undoing and a new import, and looks at every page of every
// review as readers at several places have it.
func TestRulingsOnReviews(t *testing.T) {
	s, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	dogear := bot.New(s, nil)
	files := reviewFiles(t)
	bring := func() {
		t.Helper()
		if _, err := dogear.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: files}); err != nil {
			t.Fatal(err)
		}
	}
	bring()
	at := func(place string) bot.Seat {
		r := bot.Seat{Club: "club", Reader: bot.ReaderID("at " + place), Channel: "c"}
		dogear.Handle(t.Context(), bot.Request{Seat: r, Command: "progress", Options: map[string]string{"place": place}, Confirmed: true})
		return r
	}
	do := func(seat bot.Seat, command string, options map[string]string) *plainly {
		t.Helper()
		var p plainly
		dogear.Handle(t.Context(), bot.Request{Seat: seat, Command: command, Options: options, Moderator: seat.Reader == "mo", Confirmed: true}).Render(&p)
		return &p
	}
	// everything that a reader at a place can read, and what they are answered
	reads := func(place string) string {
		seat := at(place)
		var b strings.Builder
		for n := 1; n < 100; n++ {
			for page := 1; page < 30; page++ {
				p := do(seat, "reviews read", map[string]string{"review": fmt.Sprint(n), "page": fmt.Sprint(page)})
				if strings.Contains(p.out.String(), "I don't know which review") {
					for _, q := range questions {
						b.WriteString(do(seat, "ask", map[string]string{"question": q}).out.String())
					}
					return b.String()
				}
				if strings.HasSuffix(b.String(), p.out.String()) {
					break // the last page again
				}
				b.WriteString(p.out.String())
			}
		}
		t.Fatal("the list of reviews does not end")
		return ""
	}
	mo := bot.Seat{Club: "club", Reader: "mo", Channel: "c"}
	places := []string{"start", "8", "9", "finished"}
	before := map[string]string{}
	for _, place := range places {
		before[place] = reads(place)
	}
	tried := 0
	for _, q := range []string{"is it worth reading?", "how is it written?", "what is Hailsham?", "does Tommy die?", "what are donations?"} {
		p := do(at("finished"), "ask", map[string]string{"question": q})
		first, _, ok := strings.Cut(strings.TrimPrefix(p.out.String(), "quote: "), "\n")
		if !ok || !strings.HasPrefix(p.out.String(), "quote: ") {
			t.Fatalf("%q is not answered:\n%s", q, p.out.String())
		}
		tried++
		shown := func(step string, want map[string]bool) {
			t.Helper()
			for _, place := range places {
				if got := strings.Contains(reads(place), first); got != want[place] {
					t.Errorf("%q, %s, at %s: shown %t, want %t", q, step, place, got, want[place])
				}
			}
		}
		none, fromNine := map[string]bool{}, map[string]bool{"9": true, "finished": true}
		do(at("finished"), "report", map[string]string{"ticket": string(p.reply) + ".1"})
		shown("reported", none)
		bring()
		shown("reported and imported again", none)
		queue := do(mo, "club queue", map[string]string{})
		if !strings.Contains(queue.out.String(), first) {
			t.Fatalf("the queue does not begin with what was reported:\n%s", queue.out.String())
		}
		do(mo, "club decide", map[string]string{"ticket": string(queue.reply), "place": "9"})
		shown("decided", fromNine)
		bring()
		shown("decided and imported again", fromNine)
		do(mo, "club undo", nil)
		shown("undone", none)
		do(mo, "club restore", map[string]string{"reader": "at finished"})
		for _, place := range places {
			if got := reads(place); got != before[place] {
				t.Errorf("%q at %s: after everything was taken back, it is not as before", q, place)
			}
		}
	}
	t.Logf("%d sentences, %d bytes read at the start and %d at the end", tried, len(before["start"]), len(before["finished"]))
}
