package bot

import (
	"context"
	"fmt"
	"testing"

	"dogear/bot/library"
)

// slowTallies is a store that does not answer a Tally until it is told to.
type slowTallies struct {
	Store
	release chan bool
	added   int
}

func (s *slowTallies) Tally(_ context.Context, _ ClubID, add map[library.SentenceID]int) error {
	<-s.release
	s.added += len(add)
	return nil
}

// TestTallyBehind shows that the reader whose question makes the counts too many
// does not wait until they are kept, and that Flush does.
func TestTallyBehind(t *testing.T) {
	s := &slowTallies{release: make(chan bool)}
	b := New(s, nil)
	counts := map[library.SentenceID]int{}
	for i := range flushAfter {
		counts[library.SentenceID(fmt.Sprint(i))] = 1
	}
	b.tallies["club"] = counts
	b.tally(t.Context(), "club", nil)
	close(s.release)
	b.Flush(t.Context())
	if s.added != flushAfter {
		t.Errorf("%d counts are kept, want %d", s.added, flushAfter)
	}
}
