package spoiler_test

import (
	"testing"

	"pgregory.net/rapid"

	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// TestZero shows what nothing means: no Horizon, no Passage.
func TestZero(t *testing.T) {
	var h spoiler.Horizon
	var p spoiler.Passage
	if h.At("b") != 0 || !p.IsZero() || p.Reveal() != spoiler.Never || p.Book() != "" || p.Within(h.With("", 1<<40)) {
		t.Error("a zero value is not what it should be")
	}
	if text, ok := p.Open(h); text != "" || ok || unsealed.Text(p) != "" {
		t.Error("the zero Passage opens")
	}
	if !unsealed.Relabel(p, 0).IsZero() {
		t.Error("the zero Passage becomes another one")
	}
	if got := spoiler.Seal("b", -1, "x").Reveal(); got != spoiler.Never {
		t.Errorf("a negative reveal seals until %d", got)
	}
}

// TestOpen is the rule: a passage opens where its reveal is reached, in its own
// book.
func TestOpen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reveal := spoiler.Position(rapid.IntRange(0, 30).Draw(t, "reveal"))
		at := spoiler.Position(rapid.IntRange(-3, 30).Draw(t, "at"))
		var none spoiler.Horizon
		h := none.With("other", 30).With("b", at)
		p := spoiler.Seal("b", reveal, "text")
		text, ok := p.Open(h)
		if want := reveal <= max(at, 0); ok != want || (text == "text") != want || p.Within(h) != want {
			t.Fatalf("a passage of %d is open at %d: %v", reveal, at, ok)
		}
		if none.At("b") != 0 || h.At("b") != max(at, 0) {
			t.Fatal("With changed the Horizon that it was called on")
		}
		if unsealed.Text(p) != "text" {
			t.Fatal("the door does not open")
		}
		if again := unsealed.Relabel(p, reveal+1); again.Reveal() != reveal+1 || unsealed.Text(again) != "text" || p.Reveal() != reveal {
			t.Fatal("relabelling did something else")
		}
	})
}
