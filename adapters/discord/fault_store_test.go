package discord_test

import (
	"strings"
	"testing"
	"time"

	"dogear/adapters/discord/discordtest"
	"dogear/store"
	"dogear/store/redis"
	"dogear/store/redistest"
)

// Whatever the store does, a reader has a first response within three seconds:
// the fake refuses a later one, and the test fails.
func slowStore(t *testing.T) {
	var b beside
	defer b.Wait()
	for mode := range modes {
		for _, deaf := range []bool{false, true} {
			b.run(t, mode, func(t *testing.T) {
				s := newFaulty(t)
				c := serveOn(t, s, mode, discordtest.Patience(20*time.Second))
				c.has(c.ann.Slash(c.books, "progress", discordtest.Opt{"place": "7"}), "Saved.")
				asked := c.ann.Slash(c.books, "ask", question)
				s.deaf.Store(deaf)
				s.slow.Store(int64(4 * time.Second))
				if got := c.ann.Autocomplete(c.books, "progress", "place", "1"); len(got) != 0 {
					t.Errorf("choices: %v", got)
				}
				if got := c.ann.Autocomplete(c.ann.Direct(), "progress", "place", "1"); len(got) != 0 {
					t.Errorf("choices: %v", got)
				}
				c.has(c.ann.Slash(c.books, "ask", question), safe)
				c.has(c.ann.Slash(c.ann.Direct(), "ask", question), safe) // which asks twice
				c.has(c.ann.Select(asked.Message(), "I've read further", "9"), "Saved.")
				if text := plain(shareAsked(c).Text()); !strings.Contains(text, safe) {
					t.Errorf("for the channel: %s", text)
				}
				s.slow.Store(0)
				c.posts(c.books, 1)
				c.well("a slow store")
			})
		}
	}
}

// Redis goes away in the middle of a conversation, and comes back.
func redisGone(t *testing.T) {
	server := redistest.Start(t)
	s, err := store.OpenWith(t.Context(), server.URL(), redis.Options{Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	c := serveOn(t, s, "gateway", discordtest.Patience(20*time.Second))
	c.has(c.ann.Slash(c.books, "progress", discordtest.Opt{"place": "7"}), "Saved.")
	asked := c.ann.Slash(c.books, "ask", question)

	server.Kill()
	c.has(c.ann.Slash(c.books, "ask", question), "I can't read your progress right now", safe)
	saving := plain(c.ann.Select(asked.Message(), "I've read further", "9").Text())
	if strings.Contains(saving, "Saved.") || saving == "" {
		t.Errorf("it was not saved: %s", saving)
	}
	t.Logf("progress while the store is gone: %s", saving)
	c.ann.Press(asked.Message(), "Share with the channel")
	c.tellsNothing(c.books) // what could not be covered later is not left there
	if text := plain(c.ann.Mention(c.books, "how is the prose?").Text()); strings.Contains(text, spoils) {
		t.Errorf("mentioned: %s", text)
	}
	if got := c.ann.Autocomplete(c.books, "progress", "place", "1"); len(got) != 0 {
		t.Errorf("choices: %v", got)
	}

	server.Restart(t)
	eventually(t, "it answers as before", func() bool {
		return !strings.Contains(plain(c.ann.Slash(c.books, "ask", question).Text()), "can't read")
	})
}
