package discord_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"dogear/adapters/discord"
	"dogear/adapters/discord/discordtest"
	"dogear/bot"
)

// A request that Discord did not sign, or not now, is refused, and nothing else
// happens. The SDK's check knows no time and no limit, and panics on a short key.
func forged(t *testing.T) {
	s := newFaulty(t)
	c := serveOn(t, s, "http")
	c.well("the start")
	if !c.Saves() {
		t.Error("Discord would not take the address")
	}
	before, log, calls := s.done(), c.log.String(), len(c.Requests())
	for name, with := range map[string]discordtest.Tamper{
		"another body": discordtest.TamperBody, "a signature of nothing": discordtest.TamperSignature, "another time": discordtest.TamperTimestamp,
		"another key": discordtest.OtherKey, "no signature": discordtest.NoSignature, "no time": discordtest.NoTimestamp,
		"a short signature": discordtest.ShortSignature, "ten minutes ago": discordtest.Stale, "in ten minutes": discordtest.Early,
	} {
		c.Tamper(with)
		seen := c.ann.Slash(c.books, "progress", discordtest.Opt{"place": "9"})
		if seen.Status != http.StatusUnauthorized || len(seen.Messages) != 0 {
			t.Errorf("%s: %d, %+v", name, seen.Status, seen.Messages)
		}
	}
	if got := c.Deliver(bytes.Repeat([]byte("how is the prose? "), 1<<17)); got.Status != http.StatusUnauthorized {
		t.Errorf("a long body: %d", got.Status)
	}
	if got := c.Deliver([]byte("how is the prose?")); got.Status != http.StatusBadRequest {
		t.Errorf("no JSON: %d", got.Status)
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
	if s.done() != before {
		t.Error("the store was asked")
	}
	for _, r := range c.Requests()[calls:] {
		if r.Method != "INLINE" || strings.Contains(r.Path, "/webhooks/") {
			t.Errorf("it called %s %s", r.Method, r.Path)
		}
	}
	for line := range strings.Lines(strings.TrimPrefix(c.log.String(), log)) {
		if !strings.Contains(line, "an interaction can't be read") && !strings.Contains(line, "msg=discordgo ") {
			t.Errorf("the log has %s", line)
		}
	}
	if got := c.Ping(); got.Status != http.StatusOK || strings.TrimSpace(string(got.Body)) != `{"type":1}` {
		t.Errorf("PING: %d %s", got.Status, got.Body)
	}
	c.well("forged requests")
}

// A request that comes again does nothing, here and in another process.
func replayed(t *testing.T) {
	s := newFaulty(t)
	c := serveOn(t, s, "http")
	c.has(c.ann.Slash(c.books, "progress", discordtest.Opt{"place": "7"}), "Saved.")
	moves := s.moves.Load()
	if got := c.Replay(); got.Status != http.StatusUnauthorized {
		t.Errorf("again: %d", got.Status)
	}

	settings := c.settings
	settings.Listen = freeAddress(t)
	log := &logged{}
	other, err := discord.New(settings, bot.New(s, slog.New(slog.NewTextHandler(log, nil))), slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	other.Hurry()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- other.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	eventually(t, "the other is ready", func() bool { return other.Ready() == nil })
	c.DeliverTo("http://" + settings.Listen + "/")
	if got := c.Replay(); got.Status != http.StatusAccepted || len(got.Body) != 0 {
		t.Errorf("elsewhere: %d %s", got.Status, got.Body)
	}
	if !strings.Contains(log.String(), "outcome=dropped") || s.moves.Load() != moves {
		t.Errorf("it was done again: %s", log.String())
	}
}

// A key that is none ends Run at once.
func shortKey(t *testing.T) {
	c := serve(t, "http")
	for _, key := range []string{"abcd", "no key", c.PublicKey()[2:], c.PublicKey() + "00"} {
		settings := c.settings
		settings.PublicKey, settings.Listen = key, freeAddress(t)
		d, err := discord.New(settings, c.bot, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		d.Hurry()
		if err := d.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "discord.public_key") {
			t.Errorf("%s: %v", key, err)
		}
	}
}
