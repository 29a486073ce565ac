package storetest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dogear/bot"
)

func visit(tb rapid.TB, s bot.Store, v bot.Visit) bot.View {
	tb.Helper()
	view, err := s.Look(bg, v)
	must(tb, err)
	return view
}

// events: seen once per reader, for as long as EventLife by the visit's own
// time, and never before a call that came to nothing.
func events(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	seen := func(reader bot.ReaderID, event string, now time.Time) bool {
		t.Helper()
		return visit(t, s, bot.Visit{Seat: by(reader), Event: event, Now: now}).Seen
	}
	names := append(odd[1:8:8], "c", ":b", "b:a", "a:b:a") // names and events that may run together
	for _, want := range []bool{false, true, true} {
		for _, r := range names {
			for _, e := range names {
				same(t, fmt.Sprintf("event %q of %q was seen", e, r), seen(bot.ReaderID(r), e, today), want)
			}
		}
	}
	for range 2 {
		same(t, "no event was seen", seen("r", "", today), false)
	}

	same(t, "first", seen("r", "e", today), false)
	same(t, "halfway", seen("r", "e", today.Add(bot.EventLife/2)), true)
	same(t, "by an earlier clock", seen("r", "e", today.Add(-time.Minute)), true)
	same(t, "at the end", seen("r", "e", today.Add(bot.EventLife-time.Millisecond)), true)
	same(t, "past the end", seen("r", "e", today.Add(bot.EventLife)), false)
	same(t, "again", seen("r", "e", today.Add(2*bot.EventLife-time.Millisecond)), true)

	ctx, cancel := context.WithCancel(bg)
	cancel()
	if _, err := s.Look(ctx, bot.Visit{Seat: by("r"), Event: "late", Rate: bot.Rate{Burst: 1, Every: time.Hour}, Now: today}); err == nil {
		t.Error("a cancelled look came to something")
	}
	same(t, "seen by a cancelled look", seen("r", "late", today), false)
	same(t, "wait after a cancelled look", visit(t, s, bot.Visit{Seat: by("r"), Rate: bot.Rate{Burst: 1, Every: time.Hour}, Now: today}).Wait, 0)

	must(t, s.Forget(bg, "r"))
	same(t, "forgotten", seen("r", "late", today), false)
	same(t, "of somebody else", seen("a", "b", today), true)

	// Of a visit that waits at several processes, one alone is the first.
	hands := made.hands()
	for i := range 20 {
		var first atomic.Int32
		var wg sync.WaitGroup
		for j := range 8 {
			wg.Go(func() {
				view, err := hands[j%len(hands)].Look(bg, bot.Visit{Seat: by("r"), Event: fmt.Sprint(i), Now: today})
				if err != nil {
					t.Error(err)
				} else if !view.Seen {
					first.Add(1)
				}
			})
		}
		wg.Wait()
		same(t, "who saw it first", first.Load(), 1)
	}
}

// rate: Burst at once, then one for each Every, by reader, whatever the club; an
// event that was seen, and a visit without a Rate, take nothing.
func rate(t *testing.T, fresh Maker) {
	s := fresh(t).Store
	limit := bot.Rate{Burst: 3, Every: 10 * time.Minute}
	n := 0
	asks := func(reader bot.ReaderID, after, wait time.Duration) {
		t.Helper()
		n++
		v := bot.Visit{Seat: by(reader), Event: fmt.Sprint(n), Rate: limit, Now: today.Add(after)}
		v.Club = bot.ClubID(fmt.Sprint(n))
		same(t, "wait", visit(t, s, v).Wait, wait)
		for range 2 {
			if view := visit(t, s, v); !view.Seen || view.Wait != 0 {
				t.Errorf("delivered again: seen %t, wait %v", view.Seen, view.Wait)
			}
		}
		visit(t, s, bot.Visit{Seat: by(reader), Now: today.Add(after)})
		look(t, s, by(reader))
	}
	for range 3 {
		asks("r", 0, 0)
	}
	asks("r", 0, 10*time.Minute)
	asks("r", 0, 10*time.Minute) // a refusal takes nothing
	asks("r", 4*time.Minute, 6*time.Minute)
	asks("q", 4*time.Minute, 0)
	asks("r", 10*time.Minute, 0)
	asks("r", 10*time.Minute, 10*time.Minute)
	asks("r", 40*time.Minute-time.Millisecond, 0)
	asks("r", 40*time.Minute-time.Millisecond, 0)
	asks("r", 40*time.Minute-time.Millisecond, time.Millisecond)
	asks("r", 40*time.Minute, 0)
	asks("r", 1000*time.Hour, 0)
	asks("r", 1000*time.Hour, 0)
	asks("r", 1000*time.Hour, 0)
	asks("r", 1000*time.Hour, 10*time.Minute)

	must(t, s.Forget(bg, "r"))
	asks("r", 1000*time.Hour, 0)
	for range 3 {
		asks("q", 1000*time.Hour, 0)
	}
	asks("q", 1000*time.Hour, 10*time.Minute)
}

// rateTogether: from many at the same moment, on several processes, exactly
// Burst are admitted.
func rateTogether(t *testing.T, fresh Maker) {
	made := fresh(t)
	hands := made.hands()
	const askers, burst = 16, 23
	now := today
	for _, want := range []int32{burst, 0, 1, burst} {
		var admitted atomic.Int32
		var wg sync.WaitGroup
		for i := range askers {
			wg.Go(func() {
				for j := range 4 {
					view, err := hands[(i+j)%len(hands)].Look(bg, bot.Visit{Seat: by("r"), Rate: bot.Rate{Burst: burst, Every: time.Hour}, Now: now})
					if err != nil {
						t.Error(err)
					} else if view.Wait == 0 {
						admitted.Add(1)
					}
				}
			})
		}
		wg.Wait()
		same(t, "admitted", admitted.Load(), want)
		now = now.Add(map[int32]time.Duration{burst: 0, 0: time.Hour, 1: burst * time.Hour}[want])
	}
}

// clockBack: a clock that goes back shuts nobody out for longer than Every.
func clockBack(t *testing.T, fresh Maker) {
	s := fresh(t).Store
	asks := func(now time.Time) time.Duration {
		return visit(t, s, bot.Visit{Seat: by("r"), Rate: bot.Rate{Burst: 2, Every: time.Minute}, Now: now}).Wait
	}
	for range 2 {
		same(t, "wait", asks(today.Add(100*time.Hour)), 0)
	}
	same(t, "wait after the clock went back", asks(today), time.Minute)
	same(t, "wait after that", asks(today.Add(time.Minute)), 0)
	same(t, "wait for the next", asks(today.Add(time.Minute)), time.Minute)
}

// visits compares random visits with what Rate.Take says.
func visits(t *testing.T, fresh Maker) {
	made := fresh(t)
	hands := made.hands()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++ // nobody of the run before comes again
		g, now := gate{}, today
		readers := rapid.SampledFrom([]bot.ReaderID{bot.ReaderID(fmt.Sprint("a", n)), bot.ReaderID(fmt.Sprint("b", n))})
		for range rapid.IntRange(1, 40).Draw(rt, "visits") {
			now = now.Add(time.Duration(rapid.IntRange(0, 400_000).Draw(rt, "ms")) * time.Millisecond)
			if rapid.IntRange(0, 20).Draw(rt, "forget") == 20 {
				r := readers.Draw(rt, "reader")
				must(rt, hands[0].Forget(bg, r))
				g.forget(r)
			}
			v := bot.Visit{
				Seat: by(readers.Draw(rt, "reader")), Event: rapid.SampledFrom([]string{"", "", "1", "2"}).Draw(rt, "event"),
				Rate: rapid.SampledFrom([]bot.Rate{{}, {Burst: 3, Every: 61_003 * time.Millisecond}, {Burst: 1, Every: 5 * time.Minute}}).Draw(rt, "rate"),
				Now:  now,
			}
			seen, wait := g.enter(v)
			view := visit(rt, hands[rapid.IntRange(0, len(hands)-1).Draw(rt, "hand")], v)
			same(rt, "seen", view.Seen, seen)
			same(rt, "wait", view.Wait, wait)
		}
	})
}

// gate is what visits do, as plainly as can be.
type gate struct {
	seen  map[[2]string]time.Time // until when
	taken map[bot.ReaderID]time.Time
}

func (g *gate) enter(v bot.Visit) (seen bool, wait time.Duration) {
	if g.seen == nil {
		g.seen, g.taken = map[[2]string]time.Time{}, map[bot.ReaderID]time.Time{}
	}
	key := [2]string{string(v.Reader), v.Event}
	if v.Event != "" && v.Now.Before(g.seen[key]) {
		return true, 0
	}
	g.seen[key] = v.Now.Add(bot.EventLife)
	g.taken[v.Reader], wait = v.Rate.Take(g.taken[v.Reader], v.Now)
	return false, wait
}

func (g *gate) forget(r bot.ReaderID) {
	delete(g.taken, r)
	for key := range g.seen {
		if key[0] == string(r) {
			delete(g.seen, key)
		}
	}
}
