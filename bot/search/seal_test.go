package search

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"dogear/bot/library"
)

// TestPrintsNoText puts a canary wherever there is text and prints all that the
// package hands out.
func TestPrintsNoText(t *testing.T) {
	const canary = "zanzibar"
	s := one("a", seal(0, canary+" one"), seal(9, canary+" two"))
	s.Title, s.Link = seal(9, canary), seal(9, canary)
	s.Sentences = append(s.Sentences, library.Sentence{Kind: library.Heading, Section: 1, Passage: seal(9, canary)})
	x := indexOf(s)
	q := Query{Book: tideClock, Words: WordsOf(canary)}
	hits, hidden := x.Search(at(0), q), x.Beyond(at(0), q)
	if len(hits) != 1 || len(hidden) != 1 {
		t.Fatalf("%d and %d hits, want 1 and 1", len(hits), len(hidden))
	}
	wrapped := struct {
		x *Index
		q Query
		w *Words
		h []Hit
	}{x, q, &q.Words, hidden}
	for _, v := range []any{x, q, &q, q.Words, &q.Words, hits, hits[0], &hidden[0], hidden, wrapped, &wrapped} {
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		if err := json.NewEncoder(&out).Encode(v); err != nil {
			t.Fatal(err)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("said", "value", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("said", "value", v)
		for _, trace := range []string{canary, Stem(canary), fmt.Sprintf("%x", canary[:4])} {
			if strings.Contains(strings.ToLower(out.String()), trace) {
				t.Errorf("%T: printed %q: %s", v, trace, out.String())
			}
		}
	}
}
