package discord_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dogear/adapters/discord/discordtest"
	"dogear/bot"
	"dogear/store"
)

// TestCoveredLater posts answers, each in another way, and then changes what
// their channel may see: nothing goes on saying it, nor covering it where there
// are no tags.
func TestCoveredLater(t *testing.T) {
	question := "tell me about Tommy's donation"
	share := discordtest.Opt{"question": question, "share": "yes"}
	changes := map[string]func(*club){
		"a lower pace": func(c *club) {
			c.has(c.mo.Slash(c.books, "club pace", discordtest.Opt{"place": "3"}), "Saved.")
			c.has(c.mo.Slash(c.books, "club tags", discordtest.Opt{"tags": "off"}), "Saved.")
		},
		"buttons and a lower pace": func(c *club) {
			c.has(c.mo.Slash(c.books, "club tags", discordtest.Opt{"tags": "button"}), "Saved.")
			c.has(c.mo.Slash(c.books, "club pace", discordtest.Opt{"place": "22"}), "Saved.")
		},
		"another book": func(c *club) {
			c.has(c.mo.Slash(c.books, "club tags", discordtest.Opt{"tags": "off"}), "Saved.")
			c.has(c.mo.Slash(c.books, "club book", discordtest.Opt{"book": "jane-eyre"}), "now reads")
		},
		"a correction": func(c *club) { c.load("A review\n\nI enjoyed this novel.\n") },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			c := serve(t, "gateway")
			thread := c.books.Thread("evening")
			asked := c.has(c.mo.Slash(c.books, "club pace", discordtest.Opt{"place": "finished"}), "Has everybody")
			c.has(c.mo.Press(asked.Message(), "Yes, all have finished it"), "Saved.")
			c.ann.Mention(c.books, question)
			c.ann.Mention(thread, question)
			c.bob.Slash(thread, "ask", share)
			c.bob.Slash(c.books, "ask", share)
			private := c.ann.Slash(c.books, "ask", discordtest.Opt{"question": question})
			c.ann.Press(private.Message(), "Share with the channel")
			c.bob.Mention(c.books, "/reviews read Wren")
			if n := len(quoting(c.books, spoils)) + len(quoting(thread, spoils)); n != 6 {
				t.Fatalf("%d messages quote it", n)
			}
			change(c)
			c.gone(c.books, spoils)
			c.gone(thread, spoils)
		})
	}
}

// TestCoveredMeanwhile covers what is said in answers that are on their way.
func TestCoveredMeanwhile(t *testing.T) {
	for mode := range modes {
		t.Run(mode, func(t *testing.T) {
			c := serve(t, mode)
			c.Fault(discordtest.Fault{Method: "POST", Path: "/", Slow: 40 * time.Millisecond, Times: -1})
			var asking sync.WaitGroup
			for n := range 8 {
				asking.Go(func() {
					if n%2 == 0 {
						c.ann.Slash(c.books, "ask", sharing)
					} else {
						c.bob.Mention(c.books, "how is the prose?")
					}
				})
			}
			time.Sleep(45 * time.Millisecond) // so that some of them are just being sent
			c.load("A review\n\nI enjoyed this novel.\n")
			asking.Wait()
			c.gone(c.books, safe)
		})
	}
}

// shaky is a store of which every few calls fail.
type shaky struct {
	bot.Store
	every, calls atomic.Int64
}

var errShaky = errors.New("the store shakes")

func (s *shaky) fails() error {
	if every := s.every.Load(); every > 0 && s.calls.Add(1)%every == 0 {
		return errShaky
	}
	return nil
}

func (s *shaky) Look(ctx context.Context, v bot.Visit) (bot.View, error) {
	if err := s.fails(); err != nil {
		return bot.View{}, err
	}
	return s.Store.Look(ctx, v)
}

func (s *shaky) Move(ctx context.Context, at bot.Seat, key bot.BookKey, m bot.Move) (bot.Bookmark, error) {
	if err := s.fails(); err != nil {
		return bot.Bookmark{}, err
	}
	return s.Store.Move(ctx, at, key, m)
}

func (s *shaky) Post(ctx context.Context, club bot.ClubID, p bot.Post) error {
	if err := s.fails(); err != nil {
		return err
	}
	return s.Store.Post(ctx, club, p)
}

// TestShaky asks while the store fails now and then: nothing of what lies past
// is seen uncovered by whoever wants it hidden, or in a channel without tags.
func TestShaky(t *testing.T) {
	inner, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { inner.Close() })
	s := &shaky{Store: inner}
	c := serveOn(t, s, "gateway", discordtest.Quiet(12*time.Millisecond))
	c.has(c.mo.Slash(c.books, "club tags", discordtest.Opt{"tags": "off"}), "Saved.")
	c.has(c.ann.Slash(c.books, "spoilers", discordtest.Opt{"veil": "hide"}), "Saved")
	for every := range int64(4) {
		s.every.Store(every + 1)
		for range 3 {
			asked := c.ann.Slash(c.books, "ask", discordtest.Opt{"question": "tell me about Tommy's donation"})
			c.never("a reader who hides", asked, endings...)
			for _, id := range ids(asked) {
				c.never("pressing "+id, c.ann.Forge(c.books, id), endings...)
			}
			c.ann.Slash(c.books, "ask", discordtest.Opt{"question": "tell me about Tommy's donation", "share": "yes"})
			c.bob.Mention(c.books, "tell me about Tommy's donation")
			c.ann.DM("tell me about Tommy's donation")
			c.bob.Mention(c.books.Thread("evening"), "tell me about Tommy's donation")
		}
	}
	s.every.Store(0)
	for _, sent := range c.Sent() {
		for _, w := range endings {
			if strings.Contains(plain(sent), w) {
				t.Errorf("it was sent:\n%s", sent)
			}
		}
	}
	if log := c.log.String(); strings.Contains(log, "Tommy") {
		t.Error("the log holds what was asked")
	}
}
