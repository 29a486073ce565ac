package reply_test

import (
	"fmt"
	"strings"
	"testing"

	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// TestMenu shows that no text from past the place becomes a choice, and that
// what was typed says nothing of it.
func TestMenu(t *testing.T) {
	var none spoiler.Horizon
	before := reply.Words("chapter {1}: ", reply.Name("5"))
	for at := range spoiler.Position(8) {
		for _, typed := range []string{"", "chapter", secret, "5"} {
			for reveal := range spoiler.Position(8) {
				m := reply.NewMenu(nil, none.With("b", at), typed)
				within := m.Passage("5", before, spoiler.Seal("b", reveal, secret))
				told := fmt.Sprint(m.Choices())
				if within != (reveal <= at) || strings.Contains(told, secret) != within || len(m.Choices()) > 0 != within {
					t.Errorf("at %d, of a passage from %d, after %q: %t, %s", at, reveal, typed, within, told)
				}
			}
			m := reply.NewMenu(nil, none.With("b", at), typed)
			if m.Passage("5", before, spoiler.Passage{}) || m.Passage("5", before, spoiler.Seal("b", spoiler.Never, secret)) || m.Passage("5", before, spoiler.Seal("c", 1, secret)) || len(m.Choices()) > 0 {
				t.Errorf("at %d: %v", at, m.Choices())
			}
		}
	}
	m := reply.NewMenu(nil, none, "ch 1")
	for n := range 99 {
		m.Fitting(fmt.Sprint(n), reply.Words("chapter {1}", reply.Name(fmt.Sprint(n))))
	}
	m.Always("x", reply.Words("whatever"))
	if got := m.Choices(); len(got) != 12 || got[0].Value != "1" || got[1].Value != "10" || got[11].Value != "x" {
		t.Errorf("choices: %v", got)
	}
	m = reply.NewMenu(nil, none, "")
	for range 99 {
		m.Always("x", reply.Words("whatever"))
	}
	if got := m.Choices(); len(got) != 25 {
		t.Errorf("%d choices", len(got))
	}
}

// TestFits is the table of what is found by what was typed.
func TestFits(t *testing.T) {
	for typed, want := range map[string]bool{"": true, "let": true, "NEVER g": true, "go never": true, "eve": false, "never x": false, "…": true, "dont": true, "don’t": true} {
		if got := reply.Fits(typed, "Never Let Me Go, don't"); got != want {
			t.Errorf("%q fits: %t", typed, got)
		}
	}
}
