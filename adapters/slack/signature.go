package slack

import (
	"crypto/sha256"
	"sync"
	"time"
)

const (
	staleAfter = 5 * time.Minute // a request's time may be off so much, either way
	mostSeen   = 1 << 17         // signatures, at most twice
)

// signature is what Slack has signed a request with.
type signature [sha256.Size]byte

// signatures remembers what was signed, for at least as long as it is fresh. The
// zero signatures remembers nothing.
type signatures struct {
	mu       sync.Mutex
	now, old map[signature]struct{}
	since    time.Time // now began
}

// add remembers a signature, and returns false where it was there. Where there
// are too many the oldest go early: only Slack can make them.
func (s *signatures) add(one signature) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == nil || len(s.now) >= mostSeen || time.Since(s.since) > 2*staleAfter {
		s.now, s.old, s.since = map[signature]struct{}{}, s.now, time.Now()
	}
	for _, seen := range []map[signature]struct{}{s.now, s.old} {
		if _, ok := seen[one]; ok {
			return false
		}
	}
	s.now[one] = struct{}{}
	return true
}
