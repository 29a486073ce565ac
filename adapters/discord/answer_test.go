package discord_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"dogear/adapters/discord/discordtest"
	"dogear/bot"
	"dogear/store"
)

// slowClubs is a store that takes its time to say where a reader is one of the
// club.
type slowClubs struct {
	bot.Store
	takes time.Duration
}

func (s slowClubs) Clubs(ctx context.Context, reader bot.ReaderID) ([]bot.ClubID, error) {
	select {
	case <-time.After(s.takes):
	case <-ctx.Done():
	}
	return s.Store.Clubs(ctx, reader)
}

// TestSlowClub shows that a direct message is told in time that the answer is on
// its way, whatever it takes to find the club that it is for.
func TestSlowClub(t *testing.T) {
	s, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	c := serveOn(t, slowClubs{s, 4 * time.Second}, "gateway")
	c.ann.Slash(c.books, "progress")
	c.has(c.ann.Slash(c.ann.Direct(), "ask", discordtest.Opt{"question": "how is the prose?"}), safe)
	first := c.Requests(discordtest.To(http.MethodPost, "/callback"))
	if kind := first[len(first)-1].Object()["type"]; kind != float64(5) {
		t.Errorf("the first response is of type %v, want 5: it is on its way", kind)
	}
}

// TestSharedInDirect shows that what is asked in a direct message is answered
// for its reader, though it is to be shared: there is no channel.
func TestSharedInDirect(t *testing.T) {
	c := serve(t, "gateway")
	c.ann.Slash(c.books, "progress", discordtest.Opt{"place": "7"})
	seen := c.ann.Slash(c.ann.Direct(), "ask", discordtest.Opt{"question": "how is the prose?", "share": "yes"})
	if labels := seen.Message().Labels(); !slices.Contains(labels, "Look past my place") {
		t.Errorf("it has %q, and nothing that a reader's own reply has:\n%s", labels, seen.Text())
	}
}

// TestUnsureOfPost shows that nothing stands in a channel of which dogear does
// not know that it does: it could not be covered later.
func TestUnsureOfPost(t *testing.T) {
	c := serve(t, "gateway")
	c.Fault(discordtest.Fault{Method: http.MethodPost, Path: "/callback", Status: http.StatusBadGateway, After: true, Times: -1})
	c.ann.Slash(c.books, "ask", discordtest.Opt{"question": "how is the prose?", "share": "yes"})
	c.Await("what was posted is taken back", func() bool {
		taken := c.Requests(discordtest.To(http.MethodDelete, "/messages/@original"))
		return len(taken) > 0 && taken[0].Status == http.StatusNoContent && len(c.books.Messages()) == 0
	})
}

// TestChannelUnknown shows that a mention is not answered from the library where
// it is not known what its channel may see, and that its writer is told.
func TestChannelUnknown(t *testing.T) {
	c := serve(t, "gateway")
	c.Fault(discordtest.Fault{Method: http.MethodGet, Path: "/channels/" + c.books.ID, Status: http.StatusForbidden, Code: 50001, Times: -1})
	text := plain(c.bob.Mention(c.books, "how is the prose?").Text())
	if strings.Contains(text, safe) || !strings.Contains(text, "use “/ask”") {
		t.Errorf("it says:\n%s", text)
	}
}

// TestUnseenChannel shows that nothing is posted where dogear could not cover it
// later, because it does not see the channel; its reader is told.
func TestUnseenChannel(t *testing.T) {
	c := serve(t, "gateway")
	answer := c.has(c.ann.Slash(c.books, "ask", discordtest.Opt{"question": "how is the prose?"}), safe)
	c.books.Refuse(50001)
	for name, seen := range map[string]discordtest.Seen{
		"asked for the channel": c.ann.Slash(c.books, "ask", discordtest.Opt{"question": "how is the prose?", "share": "yes"}),
		"shared":                c.ann.Press(answer.Message(), "Share with the channel"),
	} {
		if m := seen.Message(); !m.Ephemeral || !strings.Contains(plain(m.Content), "I can't see this channel") {
			t.Errorf("%s: %+v", name, m)
		}
	}
	if got := c.books.Messages(); len(got) != 0 {
		t.Errorf("everybody sees %+v", got)
	}
	c.has(c.ann.Slash(c.books, "ask", discordtest.Opt{"question": "how is the prose?"}), safe)
}

// TestFormChosen shows that what was chosen among suggestions is not asked for
// again, and counts.
func TestFormChosen(t *testing.T) {
	c := serve(t, "gateway")
	m := c.mo.Slash(c.books, "reviews add").Modal
	c.has(c.mo.Submit(m, map[string]string{"title": "First", "text": "I enjoyed every page of this novel."}), "is in the library")
	own := c.mo.Autocomplete(c.books, "reviews edit", "which", "")
	if len(own) != 1 {
		t.Fatalf("offered: %+v", own)
	}
	m = c.mo.Slash(c.books, "reviews edit", discordtest.Opt{"which": own[0].Value}).Modal
	if len(m.Fields) != 1 || m.Fields[0].CustomID != "text" {
		t.Fatalf("it asks for %+v", m.Fields)
	}
	c.has(c.mo.Submit(m, map[string]string{"text": "I admired the pacing of this novel."}), "is in the library")
	c.has(c.mo.Slash(c.books, "reviews read", discordtest.Opt{"review": own[0].Value}), "I admired the pacing of this novel.")
}

// TestNoHistory: where dogear may write and not read what was written, it answers a
// mention without saying which.
func TestNoHistory(t *testing.T) {
	c := serve(t, "gateway")
	c.Fault(discordtest.Fault{Method: http.MethodPost, Path: "/messages", Status: 403, Code: 160002})
	c.ann.Say(c.books, c.Mention()+" how is the prose?")
	eventually(t, "it is answered", func() bool {
		return slices.ContainsFunc(c.books.Messages(), func(m discordtest.Message) bool {
			return m.Author == "" && strings.Contains(plain(m.Content), safe)
		})
	})
	c.posts(c.books, 1)
}

// TestHomeHere: a home is made of controls that replies here have none of.
func TestHomeHere(t *testing.T) {
	c := serve(t, "gateway")
	for _, seen := range []discordtest.Seen{c.ann.Mention(c.books, "/home"), c.ann.DM("/home")} {
		if text := plain(seen.Text()); strings.Contains(text, "/home") || strings.Contains(text, "Your data") {
			t.Errorf("it is answered: %s", text)
		}
	}
}

// TestPromisedElsewhere: where an interaction comes to two processes, or twice, and
// one has promised the reply that the other makes, it arrives.
func TestPromisedElsewhere(t *testing.T) {
	s := newFaulty(t)
	c := serveOn(t, s, "gateway", discordtest.Patience(8*time.Second), discordtest.Tolerate(discordtest.Answers))
	c.well("the start")
	c.Repeat(2)
	for range 3 {
		s.slow.Store(int64(1700 * time.Millisecond))
		c.Fault(discordtest.Fault{Method: http.MethodPost, Path: "/callback", Slow: 400 * time.Millisecond})
		seen := c.has(c.ann.Slash(c.books, "ask", question), safe)
		if seen.Thinking {
			t.Error("it is still on its way")
		}
		s.slow.Store(0)
		c.ClearFaults()
	}
}
