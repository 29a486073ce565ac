package bot

import (
	"fmt"
	"testing"
)

// TestUnknownClubs: of a club that others say has changed, and that nobody has
// asked in here, nothing is held.
func TestUnknownClubs(t *testing.T) {
	b := New(nil, nil)
	for i := range 100 {
		if err := b.lookAfter(t.Context(), ClubID(fmt.Sprint("club", i))); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(b.clubs); n > 0 {
		t.Errorf("%d clubs are held that nobody has asked in", n)
	}
}
