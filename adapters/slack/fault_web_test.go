package slack_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"dogear/adapters/slack"
	"dogear/adapters/slack/slacktest"
	"dogear/bot"
)

// A request that Slack did not sign, or not now, is refused, and nothing else
// happens.
func forged(t *testing.T, mode string) {
	s := newFaulty(t)
	c := serveOn(t, s, mode, slacktest.Retries())
	c.well("the start")
	if !c.Saves() {
		t.Error("Slack would not take the address")
	}
	calls := func() int { return len(c.Requests()) - len(c.calls("ack")) }
	before, log, asked := s.done(), c.log.String(), calls()
	ann, _ := c.idle()
	for name, with := range map[string]slacktest.Tamper{
		"another body": slacktest.TamperBody, "a signature of nothing": slacktest.TamperSignature, "another time": slacktest.TamperTimestamp,
		"another secret": slacktest.OtherSecret, "no signature": slacktest.NoSignature, "no time": slacktest.NoTimestamp,
		"a short signature": slacktest.ShortSignature, "ten minutes ago": slacktest.Stale, "in ten minutes": slacktest.Early,
	} {
		for _, do := range []func() slacktest.Seen{
			func() slacktest.Seen { return ann.Slash(c.books, "progress 9") },
			func() slacktest.Seen { return ann.Mention(c.books, question) },
		} {
			c.Tamper(with)
			if seen := do(); seen.Status != http.StatusUnauthorized || !seen.Nothing() {
				t.Errorf("%s: %d, %s", name, seen.Status, seen.Text())
			}
		}
		if got := c.Verify(with); got.Status != http.StatusUnauthorized || strings.Contains(string(got.Body), "challenge") {
			t.Errorf("%s: the challenge is answered with %d %s", name, got.Status, got.Body)
		}
	}
	get, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.at, nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(get)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", resp.StatusCode)
	}
	if s.done() != before || calls() != asked {
		t.Error("something was done")
	}
	if said := strings.TrimPrefix(c.log.String(), log); said != "" {
		t.Errorf("the log has %s", said)
	}
	c.quiet()
	c.well("forged requests")
}

// A request that comes again to the byte does nothing, here and in another process.
func replayed(t *testing.T, mode string) {
	s := newFaulty(t)
	c := serveOn(t, s, mode)
	c.has(c.bob.Mention(c.books, question), safe)
	if got := c.Replay(); got.Status != http.StatusUnauthorized {
		t.Errorf("again: %d", got.Status)
	}
	c.has(c.ann.Slash(c.books, "progress 7"), "Saved.")
	moves := s.moves.Load()
	if got := c.Replay(); got.Status != http.StatusUnauthorized {
		t.Errorf("again: %d", got.Status)
	}
	settings := c.settings
	settings.Listen = freeAddress(t)
	log := c.beside(s, settings)
	c.DeliverTo("http://" + settings.Listen + "/")
	if got := c.Replay(); got.Status != http.StatusOK {
		t.Errorf("elsewhere: %d", got.Status)
	}
	log.await(t, "outcome=dropped")
	if s.moves.Load() != moves {
		t.Errorf("it was done again: %s", log.String())
	}
	c.answers(1)
}

// beside runs another dogear on the same store until the test ends, and returns
// its log.
func (c *club) beside(s bot.Store, settings slack.Settings) *logged {
	c.t.Helper()
	log := &logged{}
	to := slog.New(slog.NewTextHandler(log, nil))
	b := bot.New(s, to)
	other, err := slack.New(settings, b, to)
	if err != nil {
		c.t.Fatal(err)
	}
	other.Hurry()
	b.EditWith(slack.Platform, other)
	ctx, cancel := context.WithCancel(c.t.Context())
	done := make(chan error, 1)
	go func() { done <- other.Run(ctx) }()
	c.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			c.t.Errorf("the other stopped with: %v", err)
		}
	})
	becomes(c.t, "the other is ready", func() bool { return other.Ready() == nil })
	if settings.HTTP {
		log.await(c.t, "Slack's requests are taken")
	}
	return log
}

// Both of two processes are told everything: one of them answers.
func twoProcesses(t *testing.T, mode string) {
	s := newFaulty(t)
	c := serveOn(t, s, mode)
	log := c.beside(s, c.settings)
	c.AwaitConnected(2)
	c.Repeat(1)
	dropped := func() int { return c.counts("outcome=dropped") + strings.Count(log.String(), "outcome=dropped") }
	for i := range 4 {
		before := dropped()
		c.has(c.bob.Mention(c.books, question), safe)
		c.has(c.ann.DM(question), safe)
		becomes(t, "one of two is dropped", func() bool { return dropped() == before+2 })
		c.answers(i + 1)
		if n := strings.Count(reads(c.ann.Sees(c.ann.DMs())), safe); n != i+1 {
			t.Errorf("ann is answered %d times, want %d", n, i+1)
		}
	}
	moves := s.moves.Load()
	c.has(c.ann.Slash(c.books, "progress 7"), "Saved.")
	becomes(t, "the other command is dropped", func() bool { return dropped() == 9 })
	if n := s.moves.Load() - moves; n != 1 {
		t.Errorf("ann moves %d times", n)
	}
}

// Everything is delivered three times; over HTTP that is refused to the byte, and
// events are tried again.
func deliveredAgain(t *testing.T, mode string) {
	s := newFaulty(t)
	// Later than in the same second: signed anew.
	c := serveOn(t, s, mode, slacktest.Retries(1100*time.Millisecond, 1100*time.Millisecond, 1100*time.Millisecond))
	c.Repeat(2)
	dropped := func() int { return c.counts("outcome=dropped") }
	c.has(c.bob.Mention(c.books, question), safe)
	becomes(t, "two are dropped", func() bool { return dropped() == 2 })
	c.has(c.ann.DM(question), safe)
	becomes(t, "two more are dropped", func() bool { return dropped() >= 4 })
	c.answers(1)
	if n := strings.Count(reads(c.ann.Sees(c.ann.DMs())), safe); n != 1 {
		t.Errorf("ann is answered %d times", n)
	}
	moves := s.moves.Load()
	seen := c.ann.Unanswered().Slash(c.books, "progress 7") // over HTTP, a copy may be the first
	c.has(seen, "Saved.")
	if n := s.moves.Load() - moves; n != 1 || len(seen.Messages()) != 1 {
		t.Errorf("%d changes, %d replies", n, len(seen.Messages()))
	}
	c.Repeat(0)
	c.well("all that")
}
