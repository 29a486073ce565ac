package embedded

import (
	"sync"
	"time"

	"dogear/bot"
)

// gate keeps what need not outlive a process that has its store for itself:
// which events were seen, what readers may still ask, and who edits posts. The
// zero gate has seen nothing.
type gate struct {
	mu     sync.Mutex
	seen   map[event]time.Time        // until when
	taken  map[bot.ReaderID]time.Time // the states of bot.Rate.Take
	claims map[bot.ClubID]time.Time   // until when
	visits int                        // since the last sweep
}

type event struct {
	reader bot.ReaderID
	id     string
}

// enter marks a visit's event and takes from the reader's allowance. An event
// that was seen takes nothing.
func (g *gate) enter(v bot.Visit) (seen bool, wait time.Duration) {
	if v.Event == "" && v.Rate == (bot.Rate{}) {
		return false, 0
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sweep(v.Now)
	if v.Event != "" {
		e := event{v.Reader, v.Event}
		if v.Now.Before(g.seen[e]) {
			return true, 0
		}
		put(&g.seen, e, v.Now.Add(bot.EventLife))
	}
	state, wait := v.Rate.Take(g.taken[v.Reader], v.Now)
	if v.Rate != (bot.Rate{}) {
		put(&g.taken, v.Reader, state)
	}
	return false, wait
}

// sweep removes what is over, once there have been as many visits as things
// are kept. The caller holds the lock.
func (g *gate) sweep(now time.Time) {
	if g.visits++; g.visits < len(g.seen)+len(g.taken) {
		return
	}
	g.visits = 0
	over(g.seen, now)
	over(g.taken, now)
}

// forget removes what is kept of a reader.
func (g *gate) forget(reader bot.ReaderID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.taken, reader)
	for e := range g.seen {
		if e.reader == reader {
			delete(g.seen, e)
		}
	}
}

// claim reports whether the editing of a club's posts is the caller's now. It
// asks whether that is owed while nobody else can claim it or be done with it.
func (g *gate) claim(club bot.ClubID, lease time.Duration, owed func() (bool, error)) (bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	ok, err := owed()
	now := time.Now()
	if err != nil || !ok || now.Before(g.claims[club]) {
		return false, err
	}
	put(&g.claims, club, now.Add(lease))
	return true, nil
}

func (g *gate) release(club bot.ClubID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.claims, club)
}

func put[K comparable](m *map[K]time.Time, k K, t time.Time) {
	if *m == nil {
		*m = map[K]time.Time{}
	}
	(*m)[k] = t
}

func over[K comparable](m map[K]time.Time, now time.Time) {
	for k, t := range m {
		if !now.Before(t) {
			delete(m, k)
		}
	}
}
