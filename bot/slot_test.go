package bot_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/store/storetest"
)

// slow is a store that does not give out a library, or what has changed in it,
// before it may.
type slow struct {
	bot.Store
	may             atomic.Pointer[chan struct{}] // closed when it may; nil: at once
	shelves, sinces atomic.Int32                  // how often it was asked
	panics          atomic.Bool
	changed         func() // called after each change, before it is said to be made
}

func (s *slow) hold() (release func()) {
	held := make(chan struct{})
	s.may.Store(&held)
	return func() { s.may.Store(nil); close(held) }
}

func (s *slow) wait() {
	if s.panics.Load() {
		panic(late)
	}
	if may := s.may.Load(); may != nil {
		<-*may
	}
}

func (s *slow) Shelf(ctx context.Context, club bot.ClubID) (bot.Shelf, error) {
	s.shelves.Add(1)
	s.wait()
	return s.Store.Shelf(ctx, club)
}

func (s *slow) Since(ctx context.Context, club bot.ClubID, from bot.Version) (bot.Change, bot.Version, error) {
	s.sinces.Add(1)
	s.wait()
	return s.Store.Since(ctx, club, from)
}

func (s *slow) Change(ctx context.Context, club bot.ClubID, change bot.Change) (bot.Version, error) {
	version, err := s.Store.Change(ctx, club, change)
	if s.changed != nil && err == nil {
		s.changed()
	}
	return version, err
}

// TestSlowLibrary has a store take its time over a library: nobody waits longer
// than they can, and one reading serves all who wait.
func TestSlowLibrary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tb := newTable(t)
		other := bot.New(tb.store, nil)
		s := &slow{Store: tb.store}
		tb.bot = bot.New(s, tb.slog())
		ask := func(ctx context.Context) string {
			return told(tb.bot.Handle(ctx, bot.Request{Seat: seat("ann"), Options: map[string]string{"question": prose}}))
		}
		for round, want := range []struct {
			quote           string
			shelves, sinces int32
		}{
			{quiet, 1, 0},
			{"quote: The prose is calm.", 2, 1},
		} {
			release := s.hold()
			const patience = 2 * time.Second
			began := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			if out := ask(ctx); !strings.Contains(out, neutral) {
				t.Errorf("round %d: who can wait no longer sees\n%s", round, out)
			}
			cancel()
			if waited := time.Since(began); waited != patience {
				t.Errorf("round %d: waited %v", round, waited)
			}
			var all sync.WaitGroup
			for range 10 {
				all.Go(func() {
					if out := ask(t.Context()); !strings.Contains(out, want.quote) {
						t.Errorf("round %d: who could wait sees\n%s", round, out)
					}
				})
			}
			synctest.Wait()
			release()
			all.Wait()
			if s.shelves.Load() != want.shelves || s.sinces.Load() != want.sinces {
				t.Errorf("round %d: the library was asked for %d times, what has changed %d times; want %d and %d", round, s.shelves.Load(), s.sinces.Load(), want.shelves, want.sinces)
			}
			if out := ask(t.Context()); !strings.Contains(out, want.quote) || s.shelves.Load() != want.shelves {
				t.Errorf("round %d: then\n%s", round, out)
			}
			if _, err := other.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{{Name: "r.txt", Data: []byte("A review\n\nThe prose is calm.")}}}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestSlowForOthers has a library be read slowly for somebody just when another
// has changed it: whoever did does not wait for that, and both are right.
func TestSlowForOthers(t *testing.T) {
	s := &slow{Store: storetest.Serve(memory(t)).Open()}
	tb := processes(t, 1, func() bot.Store { return s })[0]
	report := bot.Request{Seat: seat("bob"), Command: "report", Options: map[string]string{"ticket": string(tb.say("bob", prose).reply) + ".1"}}
	answer := make(chan string, 1)
	var release func()
	s.changed = func() {
		release = s.hold()
		asked := s.sinces.Load()
		go func() {
			answer <- told(tb.bot.Handle(t.Context(), bot.Request{Seat: seat("ann"), Options: map[string]string{"question": prose}}))
		}()
		for s.sinces.Load() == asked {
			time.Sleep(time.Millisecond)
		}
	}
	reported := make(chan string, 1)
	go func() { reported <- told(tb.bot.Handle(t.Context(), report)) }()
	select {
	case out := <-reported:
		if !strings.Contains(out, "Thank you") {
			t.Errorf("the report: %s", out)
		}
	case <-time.After(20 * time.Second):
		t.Error("the report waits for somebody else's reading")
	}
	select {
	case out := <-answer:
		t.Errorf("answered before the library was read:\n%s", out)
	default:
	}
	release()
	if out := <-answer; strings.Contains(out, quiet) || strings.Contains(out, neutral) {
		t.Errorf("what was reported is shown:\n%s", out)
	}
	sameAnew(t, tb.bot, bot.New(s, nil), 0)
}

// TestPanicWhileReading has a store panic while a library is read: that ends in
// one line, quotes nothing, and the next who asks is answered.
func TestPanicWhileReading(t *testing.T) {
	s := &slow{Store: storetest.Serve(memory(t)).Open()}
	tb := processes(t, 1, func() bot.Store { return s })[0]
	for range 2 { // the library itself, and then what has changed in it
		s.panics.Store(true)
		for range 2 {
			tb.want(tb.say("ann", prose), neutral)
		}
		if log := tb.log.String(); !strings.Contains(log, "panic") || strings.Contains(log, late) {
			t.Errorf("the log: %s", log)
		}
		s.panics.Store(false)
		tb.want(tb.say("ann", prose), quiet)
		if _, err := s.Store.Change(t.Context(), "club", bot.Change{Base: bot.AnyVersion, Settings: &bot.Settings{}}); err != nil {
			t.Fatal(err)
		}
	}
	if s.sinces.Load() == 0 {
		t.Error("nobody asked what has changed")
	}
}
