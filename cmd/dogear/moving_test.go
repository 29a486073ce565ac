package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"

	"dogear/store/redistest"
)

// emptyStore returns the name of a store of a kind with nothing in it. What is
// in memory is not among them: it ends with its process.
func emptyStore(t *testing.T, kind string) string {
	t.Helper()
	switch kind {
	case "redis":
		return redistest.Start(t).URL()
	case "miniredis":
		return "redis://" + miniredis.RunT(t).Addr()
	}
	return "file:" + filepath.Join(t.TempDir(), "dogear.db")
}

// furnish gives a club in a store much of what is kept of one.
func furnish(t *testing.T, spec string) {
	t.Helper()
	sample, err := filepath.Abs("../../bot/library/sample/never-let-me-go")
	if err != nil {
		t.Fatal(err)
	}
	dogear(t, spec, nil, "import", "--book", "never-let-me-go", sample)
	for _, talk := range [][]string{
		{"ann", "/club channels everyone", "/club book never let me go", "progress 7", "spoilers show", "is it worth reading?", "/share"},
		{"bea", "progress 3", "spoilers hide here", "did people like it?", "/report 1", "/share"},
		{"mod", "/club pace 5", "/club trust Readers", "/club queue", "9"},
	} {
		said := dogear(t, spec, strings.NewReader(strings.Join(talk[1:], "\n")), "chat", "--moderator", "--as", talk[0])
		if strings.Contains(said, "Something went wrong") || strings.Contains(said, "not saved") {
			t.Fatal(said)
		}
	}
}

// answers returns what a club says to many questions and commands.
func answers(t *testing.T, spec string) string {
	t.Helper()
	var batch strings.Builder
	n := 0
	for _, q := range loadQuestions {
		for _, at := range []string{"start", "7", "end"} {
			for _, veil := range []string{"hide", "tag", "show"} {
				n++
				fmt.Fprintf(&batch, `{"id":%d,"q":%q,"book":"never-let-me-go","at":%q,"veil":%q}`+"\n", n, q, at, veil)
			}
		}
	}
	out := dogear(t, spec, strings.NewReader(batch.String()), "ask", "--batch")
	lines := []string{
		"progress", "spoilers", "is it worth reading?", "/reviews list", "/reviews read 1", "/reviews verdict", "/faq list", "/book current",
		"/club reports", "/club log", "/club settings", "/club sources", "/club queue",
	}
	for _, reader := range []string{"ann", "bea", "mod"} {
		out += dogear(t, spec, strings.NewReader(strings.Join(lines, "\n")), "chat", "--moderator", "--as", reader)
	}
	return out
}

// TestMoving moves a club from one store to another, through a pipe as the
// README has it: it answers the same there, byte for byte, and a second export
// is the same as the first.
func TestMoving(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts some hundred processes; without -short it runs")
	}
	kinds := []string{"file", "redis", "miniredis"}
	for _, from := range kinds {
		source := emptyStore(t, from)
		furnish(t, source)
		export := dogear(t, source, nil, "export")
		for _, kind := range []string{"source", "ruling", "settings", "entry", "channel", "reader", "ticket", "post", "tally"} {
			if !strings.Contains(export, `{"kind":"`+kind+`"`) {
				t.Fatalf("the club has no %s", kind)
			}
		}
		want := answers(t, source)
		for _, to := range kinds {
			t.Run(from+" to "+to, func(t *testing.T) {
				target := emptyStore(t, to)
				dogear(t, target, strings.NewReader(export), "restore", "-")
				if again := dogear(t, target, nil, "export"); again != export {
					t.Errorf("the second export is another one:\n%s\n--- and was\n%s", again, export)
				}
				if got := answers(t, target); got != want {
					t.Errorf("it answers:\n%s\n--- and before:\n%s", got, want)
				}
			})
		}
	}
}
