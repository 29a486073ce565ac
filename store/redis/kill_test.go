package redis

import (
	"math/rand/v2"
	"testing"
	"time"

	"dogear/store/redistest"
)

// TestKill kills a server that syncs every write in the middle of its updates,
// again and again: what was acknowledged is there, whole, and everybody goes on
// with the stores that they had.
func TestKill(t *testing.T) {
	t.Parallel()
	kills := 50
	if testing.Short() {
		kills = 5
	}
	server := redistest.Start(t, "appendonly yes", "appendfsync always")
	l := startLoad(t, server.URL(), Options{})
	l.goesOn(t, 1)
	for i := range kills {
		moment := time.NewTimer(time.Duration(rand.IntN(200)) * time.Millisecond)
		<-moment.C
		server.Kill()
		server.Restart(t)
		if i%5 != 4 { // some are killed while they are being found again
			l.goesOn(t, 1)
		}
	}
	l.goesOn(t, 1)
	l.hears(t)
	l.kept(t)
	if n := l.unseen.Load(); n > 0 {
		t.Errorf("%d places were seen that were gone later", n)
	}
}
