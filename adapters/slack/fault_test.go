package slack_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dogear/adapters/slack"
	"dogear/adapters/slack/slacktest"
	"dogear/bot"
	"dogear/store"
)

// The tests of faults do to the whole adapter what Slack, the network and the
// store may do to it. After each fault it has to be well again: it answers ann,
// what she has asked for is there once, and nothing is left running.

// faults are what goes wrong, either way that deliveries come.
var faults = []struct {
	name string
	do   func(t *testing.T, mode string)
	only string // the one way that it can come; empty: either
}{
	{"silence", silence, "socket"},
	{"connections that end", connectionsThatEnd, "socket"},
	{"disconnect after hello", disconnectAfterHello, "socket"},
	{"unreadable envelopes", unreadableEnvelopes, "socket"},
	{"many connections", manyConnections, "socket"},
	{"readiness", readiness, "socket"},
	{"lost acknowledgements", lostAcknowledgements, "socket"},
	{"strange frames", strangeFrames, "socket"},
	{"strange deliveries", strangeDeliveries, ""},
	{"strange requests", strangeRequests, "http"},
	{"too many calls", tooManyCalls, ""},
	{"calls that fail", callsThatFail, ""},
	{"no calls at all", noCallsAtAll, ""},
	{"edits that fail", editsThatFail, ""},
	{"late triggers", lateTriggers, ""},
	{"dead response_url", deadURL, ""},
	{"nowhere to tell", nowhereToTell, ""},
	{"no room", noRoom, ""},
	{"full pool", fullPool, ""},
	{"hanging store", hangingStore, ""},
	{"panics", panics, ""},
	{"failing store", failingStore, ""},
	{"redis gone", redisGone, ""},
	{"two processes", twoProcesses, "socket"},
	{"delivered again", deliveredAgain, ""},
	{"forged", forged, "http"},
	{"replayed", replayed, "http"},
	{"shutting down", shuttingDown, ""},
	{"wrong settings", wrongSettings, ""},
	{"revoked", revoked, "socket"},
	{"uninstalled", uninstalled, ""},
	{"purged", purged, ""},
}

// TestFaults does all that.
func TestFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes minutes")
	}
	for _, mode := range modes {
		for _, f := range faults {
			if f.only == "" || f.only == mode {
				t.Run(mode+"/"+f.name, func(t *testing.T) { f.do(t, mode) })
			}
		}
	}
}

const question = "how is the prose?"

// well checks that dogear answers as it should.
func (c *club) well(after string) {
	c.t.Helper()
	if text := c.ann.Slash(c.books, question).Text(); strings.Count(text, safe) != 1 {
		c.t.Errorf("after %s, it answers: %s", after, text)
	}
}

// becomes waits for what nothing on Slack's side tells of.
func becomes(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(30 * time.Second); !holds(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// counts is how often the log says something.
func (c *club) counts(words string) int { return strings.Count(c.log.String(), words) }

// answers checks how many of dogear's messages that quote the review everybody
// in a channel sees.
func (c *club) answers(want int) {
	c.t.Helper()
	var got []string
	for _, m := range c.books.Messages() {
		if m.Author == "" && strings.Contains(m.Reads(), safe) {
			got = append(got, m.Reads())
		}
	}
	if len(got) != want {
		c.t.Errorf("everybody sees %d answers, want %d: %q", len(got), want, got)
	}
}

// quiet checks that everybody sees nothing of dogear's in the channel.
func (c *club) quiet() {
	c.t.Helper()
	for _, m := range c.books.Messages() {
		if m.Author == "" {
			c.t.Errorf("everybody sees: %s", m.Reads())
		}
	}
}

// calls returns what was asked of Slack with one of the methods.
func (c *club) calls(methods ...string) []slacktest.Request {
	return c.Requests(slacktest.To(methods...))
}

// again stops dogear, and starts it as Impatient has it.
func (c *club) again(prepare ...func(*slack.Slack)) {
	c.t.Helper()
	if err := c.stop(); err != nil {
		c.t.Errorf("it stopped with: %v", err)
	}
	if c.at == "" {
		c.AwaitConnected(0)
	}
	c.start(slog.New(slog.NewTextHandler(c.log, nil)), prepare...)
	becomes(c.t, "it is ready", func() bool { return c.on.Ready() == nil })
}

// idle are people whom nothing needs to answer.
func (c *club) idle() (ann, bob *slacktest.User) { return c.ann.Unanswered(), c.bob.Unanswered() }

// faulty is a store that can be made to do what it should not. It counts what is
// asked of it.
type faulty struct {
	bot.Store
	held    atomic.Pointer[chan struct{}] // until it is closed, a look takes that long; nil: no longer
	deaf    atomic.Bool                   // to the end of contexts, while it is held
	panics  atomic.Bool
	fails   atomic.Bool
	forgets atomic.Bool // keeps no posts
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

// hold makes looks take until the function is called, or the test ends.
func (f *faulty) hold(t *testing.T) (over func()) {
	held := make(chan struct{})
	f.held.Store(&held)
	over = func() {
		if f.held.CompareAndSwap(&held, nil) {
			close(held)
		}
	}
	t.Cleanup(over)
	return over
}

// errStore is what a store fails with that fails.
var errStore = errors.New("the disk is full")

// suffer does what is wrong with the store.
func (f *faulty) suffer(ctx context.Context) error {
	switch {
	case f.panics.Load():
		panic(spoils)
	case f.fails.Load():
		return errStore
	}
	held := f.held.Load()
	if held == nil {
		return nil
	}
	done := ctx.Done()
	if f.deaf.Load() {
		done = nil
	}
	select {
	case <-*held:
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
	if f.fails.Load() {
		return bot.Bookmark{}, errStore
	}
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

// Post implements bot.Store.
func (f *faulty) Post(ctx context.Context, club bot.ClubID, post bot.Post) error {
	if f.forgets.Load() {
		return errStore
	}
	return f.Store.Post(ctx, club, post)
}

// done is how much the store has been asked to do.
func (f *faulty) done() int64 { return f.visits.Load() + f.moves.Load() + f.changes.Load() }

// holding reports whether one of the messages reads so.
func holding(messages []slacktest.Message, words string) bool {
	return slices.ContainsFunc(messages, func(m slacktest.Message) bool { return strings.Contains(m.Reads(), words) })
}
