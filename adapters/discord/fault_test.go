package discord_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dogear/adapters/discord/discordtest"
	"dogear/bot"
	"dogear/store"
)

// The tests of faults do to the whole adapter what Discord, the network and the
// store may do to it. After each fault it has to be well again: it answers ann.

// TestFaults does all that, several faults at the same time.
func TestFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes minutes")
	}
	leakless(t)
	var b beside
	defer b.Wait()
	for name, test := range map[string]func(*testing.T){
		"connections that end":    connectionsThatEnd,
		"heartbeats not answered": heartbeatsNotAnswered,
		"readiness":               readiness,
		"fatal codes":             fatalCodes,
		"malformed events":        malformedEvents,
		"repeated":                repeated,
		"repeated mention":        repeatedMention,
		"shards":                  shards,
		"faults that pass":        faultsThatPass,
		"edits that fail":         editsThatFail,
		"lost":                    lost,
		"public reply not found":  publicReplyNotFound,
		"public reply in doubt":   publicReplyInDoubt,
		"promise in doubt":        promiseInDoubt,
		"refused answer":          refusedAnswer,
		"custom ids":              customIDs, "strange interactions": strangeInteractions, "panics": panics, "too many": tooMany,
		"slow store": slowStore, "redis gone": redisGone, "forged": forged, "replayed": replayed, "short key": shortKey,
		"refused posts": refusedPosts,
	} {
		b.run(t, name, test)
	}
}

var question = discordtest.Opt{"question": "how is the prose?"}

// beside are tests that run beside each other, more of them than there are
// processors: they mostly wait.
type beside struct{ sync.WaitGroup }

func (b *beside) run(t *testing.T, name string, test func(*testing.T)) {
	b.Go(func() { t.Run(name, test) })
}

// well checks that dogear answers as it should.
func (c *club) well(after string) {
	c.t.Helper()
	if text := plain(c.ann.Slash(c.books, "ask", question).Text()); !strings.Contains(text, safe) {
		c.t.Errorf("after %s, it answers: %s", after, text)
	}
}

// eventually waits for what nothing on Discord's side tells of.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); !holds(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// logs checks that the log has a cause.
func (c *club) logs(cause string) {
	c.t.Helper()
	eventually(c.t, "the log has: "+cause, func() bool { return strings.Contains(c.log.String(), cause) })
}

// posts checks how many of dogear's messages everybody in a channel sees.
func (c *club) posts(in *discordtest.Channel, want int) {
	c.t.Helper()
	var got []string
	for _, m := range in.Messages() {
		if m.Author == "" {
			got = append(got, m.Content)
		}
	}
	if len(got) != want {
		c.t.Errorf("everybody sees %d messages, want %d: %q", len(got), want, got)
	}
}

// tellsNothing checks that nobody sees a sentence of a book in a channel.
func (c *club) tellsNothing(in *discordtest.Channel) {
	c.t.Helper()
	for _, m := range in.Messages() {
		if text := plain(m.Content); m.Author == "" && (strings.Contains(text, safe) || strings.Contains(text, "Tommy")) {
			c.t.Errorf("everybody sees: %s", text)
		}
	}
}

// faulty is a store that can be made to do what it should not. It counts what is
// asked of it.
type faulty struct {
	bot.Store
	slow    atomic.Int64 // how long what an answer needs takes; 0: no longer
	deaf    atomic.Bool  // to the end of contexts, while it is slow
	panics  atomic.Bool
	free    atomic.Pointer[chan struct{}] // closed: nothing is slow; nil: never
	visits  atomic.Int64
	moves   atomic.Int64
	changes atomic.Int64
}

func newFaulty(t *testing.T) *faulty {
	t.Helper()
	s, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &faulty{Store: s}
}

// suffer does what is wrong with the store.
func (f *faulty) suffer(ctx context.Context) error {
	if f.panics.Load() {
		panic(spoils)
	}
	slow := time.NewTimer(time.Duration(f.slow.Load()))
	defer slow.Stop()
	var free chan struct{}
	if until := f.free.Load(); until != nil {
		free = *until
	}
	done := ctx.Done()
	if f.deaf.Load() {
		done = nil
	}
	select {
	case <-slow.C:
		return nil
	case <-free:
		return nil
	case <-done:
		return ctx.Err()
	}
}

// Look implements bot.Store.
func (f *faulty) Look(ctx context.Context, v bot.Visit) (bot.View, error) {
	f.visits.Add(1)
	if err := f.suffer(ctx); err != nil {
		return bot.View{}, err
	}
	return f.Store.Look(ctx, v)
}

// Move implements bot.Store.
func (f *faulty) Move(ctx context.Context, at bot.Seat, book bot.BookKey, m bot.Move) (bot.Bookmark, error) {
	f.moves.Add(1)
	return f.Store.Move(ctx, at, book, m)
}

// Change implements bot.Store.
func (f *faulty) Change(ctx context.Context, club bot.ClubID, change bot.Change) (bot.Version, error) {
	f.changes.Add(1)
	return f.Store.Change(ctx, club, change)
}

// Clubs implements bot.Store.
func (f *faulty) Clubs(ctx context.Context, reader bot.ReaderID) ([]bot.ClubID, error) {
	if err := f.suffer(ctx); err != nil {
		return nil, err
	}
	return f.Store.Clubs(ctx, reader)
}

// until makes what is slow from now on so until the function is called.
func (f *faulty) until() (over func()) {
	free := make(chan struct{})
	f.free.Store(&free)
	return func() { close(free) }
}

// done is how much the store has been asked to do.
func (f *faulty) done() int64 { return f.visits.Load() + f.moves.Load() + f.changes.Load() }
