package discord_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dogear/adapters/discord/discordtest"
	"dogear/bot"
)

// TestSpoiler posts a spoiler through a modal: the channel has it behind a tag,
// or behind a button; its author edits it, and a moderator removes it.
func TestSpoiler(t *testing.T) {
	for _, delivery := range []string{"gateway", "http"} {
		t.Run(delivery, func(t *testing.T) { spoil(serve(t, delivery)) })
	}
}

func spoil(c *club) {
	c.has(c.mo.Slash(c.books, "club book", discordtest.Opt{"book": book}), "now reads")
	last := func() discordtest.Message { all := c.books.Messages(); return all[len(all)-1] }
	seen := c.ann.Slash(c.books, "spoiler", discordtest.Opt{"place": "9"})
	if seen.Modal == nil {
		c.t.Fatalf("no modal: %s", seen.Text())
	}
	c.ann.Submit(seen.Modal, map[string]string{"text": "Tommy knows, says the canary."})
	m := last()
	if want := "ann has a spoiler for Never Let Me Go\\:\n||“Tommy knows, says the canary\\.”||"; !strings.Contains(m.Content, want) || strings.Contains(m.Content, "9") {
		c.t.Errorf("it reads: %s", m.Content)
	}

	// Under button no message has the text; each opens it alone.
	c.has(c.mo.Slash(c.books, "club tags", discordtest.Opt{"tags": "button"}), "Saved.")
	modal := c.ann.Slash(c.books, "spoiler").Modal
	c.ann.Submit(modal, map[string]string{"text": "Ruth knows, says the canary."})
	m = last()
	if strings.Contains(strings.Join(m.Strings(), "\n"), "canary") {
		c.t.Errorf("it reads: %q", m.Strings())
	}
	asked := c.has(c.bob.Press(m, "Open 1"), "Do you want to see it all the same?")
	opened := c.has(c.bob.Press(asked.Message(), "Yes, show it to me"), "Ruth knows, says the canary.")
	if !opened.Message().Ephemeral || !slices.Contains(opened.Message().Labels(), "Report a spoiler") {
		c.t.Errorf("opened: %+v", opened.Message())
	}

	// Its author edits it in a modal; it says the same where nothing of it shows.
	c.has(c.bob.Press(m, "Edit or remove…"), "Only whoever wrote a spoiler")
	mine := c.has(c.ann.Press(m, "Edit or remove…"), "is yours")
	edit := c.ann.Press(mine.Message(), "Edit…").Modal
	if edit == nil {
		c.t.Fatal("no modal asks for the new text")
	}
	c.has(c.ann.Submit(edit, map[string]string{"text": "Ruth knew, says the canary."}), "Saved.")
	asked = c.bob.Press(last(), "Open 1")
	c.has(c.bob.Press(asked.Message(), "Yes, show it to me"), "Ruth knew, says the canary.")

	// A moderator removes it, after a yes in the place of the question.
	manage := c.has(c.mo.Press(last(), "Edit or remove…"), "ann has a spoiler")
	sure := c.has(c.mo.Press(manage.Message(), "Remove"), "can't be undone")
	if done := c.has(c.mo.Press(sure.Message(), "Yes, delete it"), "Deleted."); done.Message().ID != manage.Message().ID {
		c.t.Error("it is answered elsewhere")
	}
	if got := plain(last().Content); !strings.Contains(got, "removed by a moderator") || len(last().Labels()) > 0 {
		c.t.Errorf("it reads: %s, with %v", got, last().Labels())
	}

	// What somebody writes before all is not posted again.
	if got := plain(c.ann.Mention(c.books, "/spoiler 9 Madame knows, says the canary.").Text()); !strings.Contains(got, "Use “/spoiler” in the channel") || strings.Contains(got, "canary") {
		c.t.Errorf("it is answered: %s", got)
	}
}

// TestSpoilerPostedNowhere: what nobody can open, or take away, is not kept, be it
// made before or after it is known that it can't be posted.
func TestSpoilerPostedNowhere(t *testing.T) {
	for name, takes := range map[string]time.Duration{"at once": 0, "late": 1900 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &slowChanges{Store: newFaulty(t)}
			c := serveOn(t, s, "gateway")
			form := c.bob.Slash(c.books, "spoiler").Modal
			if form == nil {
				t.Fatal("no modal")
			}
			c.Tolerate(discordtest.Answers)
			s.takes.Store(int64(takes))
			lost := discordtest.Lost
			lost.Slow = takes / 2 // a promise is being made while it is
			c.Fault(lost)
			c.bob.Submit(form, map[string]string{"text": "The canary sings."})
			eventually(t, "it is made", func() bool { return s.made.Load() > 0 })
			c.ClearFaults()
			s.takes.Store(0)
			c.has(c.bob.Slash(c.books, "progress", discordtest.Opt{"place": "3"}), "Saved.")
			eventually(t, "it is not kept", func() bool {
				export := c.bob.Slash(c.books, "privacy export").Message()
				return len(export.Files) == 1 && !strings.Contains(string(export.Files[0].Data), "canary")
			})
			c.posts(c.books, 0)
		})
	}
}

// slowChanges is a store that takes its time to change a library, and counts how
// often a source was put.
type slowChanges struct {
	bot.Store
	takes, made atomic.Int64
}

func (s *slowChanges) Change(ctx context.Context, club bot.ClubID, change bot.Change) (bot.Version, error) {
	time.Sleep(time.Duration(s.takes.Load()))
	v, err := s.Store.Change(ctx, club, change)
	if len(change.PutSources) > 0 {
		s.made.Add(1)
	}
	return v, err
}

// TestPrivateThread: where dogear can't see a thread, it posts nothing in it, though
// it sees the channel that it is in.
func TestPrivateThread(t *testing.T) {
	c := serve(t, "gateway")
	secret := c.books.Private("secret")
	c.Fault(discordtest.Fault{Path: "/channels/" + secret.ID, Status: 403, Code: 50001, Times: -1})
	c.has(c.ann.Submit(c.ann.Slash(secret, "spoiler").Modal, map[string]string{"text": "Tommy canary."}), "I can't see this channel")
	c.posts(secret, 0)
	c.ClearFaults()
	c.ann.Submit(c.ann.Slash(secret, "spoiler").Modal, map[string]string{"text": "Tommy canary."})
	c.posts(secret, 1)
}
