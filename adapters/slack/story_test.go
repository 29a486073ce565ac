package slack_test

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"dogear/adapters/slack"
	"dogear/adapters/slack/slacktest"
	"dogear/bot"
	"dogear/bot/library"
	"dogear/store"
)

// Sentences of the story's review: one that is safe for everybody, and one
// that tells the end.
const (
	safe   = "I loved the prose of this novel."
	spoils = "Tommy completes after his fourth donation."
	review = "---\ntitle: A quiet book\nreviewer: Wren\n---\n\n" + safe + "\n\nI admired the pacing.\n\n" + spoils + "\n\nNothing in the last pages is as it seemed.\n\nThe boat has a long shadow.\n"
	book   = "never-let-me-go"
)

// club is a workspace on a Slack of the test's own, which dogear serves.
type club struct {
	*slacktest.Slack
	t        *testing.T
	bot      *bot.Bot
	log      *logged
	books    *slacktest.Channel
	mo       *slacktest.User // moderates
	ann      *slacktest.User
	bob      *slacktest.User
	on       *slack.Slack
	at       string // where deliveries come over HTTP; empty: over Socket Mode
	settings slack.Settings
	stop     func() error // dogear stops
	ended    chan error   // what dogear stopped with
}

// logged is a log that can be read while it is written.
type logged struct {
	mu    sync.Mutex
	all   strings.Builder
	wrote chan struct{} // closed when anything is written; nil: nobody waits
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.wrote != nil {
		close(l.wrote)
		l.wrote = nil
	}
	return l.all.Write(p)
}

// await waits until the log says something.
func (l *logged) await(t *testing.T, words string) {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		l.mu.Lock()
		if l.wrote == nil {
			l.wrote = make(chan struct{})
		}
		wrote, there := l.wrote, strings.Contains(l.all.String(), words)
		l.mu.Unlock()
		if there {
			return
		}
		select {
		case <-wrote:
		case <-late:
			t.Fatalf("the log does not say %q", words)
		}
	}
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// modes are the two ways in which deliveries come.
var modes = []string{"socket", "http"}

// serve lets dogear serve a workspace with the story's review, whose channel reads
// the book. Nothing of it is left behind the test.
func serve(t *testing.T, mode string, options ...slacktest.Option) *club {
	t.Helper()
	s, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return serveOn(t, s, mode, options...)
}

func serveOn(t *testing.T, s bot.Store, mode string, options ...slacktest.Option) *club {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	c := &club{Slack: slacktest.New(t, options...), t: t, log: &logged{}}
	c.books = c.Channel("books")
	c.mo, c.ann, c.bob = c.User("mo").Admin(), c.User("ann"), c.User("bob")
	log := slog.New(slog.NewTextHandler(c.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	c.bot = bot.New(s, log)
	c.load(review)
	c.settings = slack.Settings{BotToken: c.BotToken, AppToken: c.AppToken, APIURL: c.URL()}
	if mode == "http" {
		c.settings.HTTP, c.settings.SigningSecret, c.settings.Listen = true, c.SigningSecret, freeAddress(t)
		c.at = "http://" + c.settings.Listen + "/"
		c.DeliverTo(c.at)
	}
	c.start(log)
	c.has(c.mo.Slash(c.books, "club book "+book), "This channel now reads Never Let Me Go.")
	return c
}

// start runs dogear until the test ends, after what else is done to it.
func (c *club) start(log *slog.Logger, prepare ...func(*slack.Slack)) {
	c.t.Helper()
	on, err := slack.New(c.settings, c.bot, log)
	if err != nil {
		c.t.Fatal(err)
	}
	on.Hurry()
	for _, do := range prepare {
		do(on)
	}
	c.bot.EditWith(slack.Platform, on)
	ctx, cancel := context.WithCancel(c.t.Context())
	done := make(chan error, 1)
	c.on, c.ended = on, done
	go func() { done <- on.Run(ctx) }()
	c.stop = sync.OnceValue(func() error { cancel(); return <-done })
	c.t.Cleanup(func() {
		if err := c.stop(); err != nil {
			c.t.Errorf("it stopped with: %v", err)
		}
		if log := c.log.String(); strings.Contains(log, spoils) || strings.Contains(log, safe) {
			c.t.Error("the log quotes the review")
		}
		if c.t.Failed() {
			c.t.Logf("the log:\n%s", c.log)
		}
	})
	if c.at != "" {
		c.log.await(c.t, "Slack's requests are taken")
		return
	}
	c.AwaitConnected(1)
}

// load puts a review into the club's library, in the place of the last one.
func (c *club) load(text string) {
	c.t.Helper()
	_, err := c.bot.Import(c.t.Context(), c.id(), bot.Import{Book: book, Files: []library.File{{Name: "wren.md", Data: []byte(text)}}})
	if err != nil {
		c.t.Fatal(err)
	}
}

// id is what the core calls the workspace.
func (c *club) id() bot.ClubID { return bot.ClubID(slack.Platform + c.TeamID) }

// has fails the test where what somebody sees does not say all of these.
func (c *club) has(seen slacktest.Seen, want ...string) slacktest.Seen {
	c.t.Helper()
	for _, w := range want {
		seen = seen.Until("it says "+w, func(s slacktest.Seen) bool { return strings.Contains(s.Text(), w) })
	}
	return seen
}

// lacks fails the test where what somebody got holds any of these, seen or not.
func (c *club) lacks(seen slacktest.Seen, no ...string) slacktest.Seen {
	c.t.Helper()
	for _, n := range no {
		if strings.Contains(strings.Join(seen.Strings(), "\n"), n) {
			c.t.Errorf("it holds %q:\n%s", n, seen.Text())
		}
	}
	return seen
}

// freeAddress returns an address on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// TestStory is an evening of a club, over either way.
func TestStory(t *testing.T) {
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			story(serve(t, mode))
		})
	}
}

func story(c *club) {
	t := c.t
	defer c.stop()
	question := "what becomes of Tommy's donation?"

	// A question for one's own eyes, before the book is begun.
	answer := c.lacks(c.ann.Slash(c.books, question), spoils)
	if m := answer.Message(); m.User != c.ann.ID {
		t.Errorf("the answer is for %q", m.User)
	}
	c.has(c.ann.Slash(c.books, "is the prose good?"), safe)

	// Reveal: a yes first, then the passage in a modal for her alone.
	asked := c.lacks(c.ann.Press(answer.Message(), "Reveal"), spoils)
	c.has(asked, "That lies past your place.")
	opened := c.has(c.ann.Press(asked.Message(), "Yes, show it to me"), spoils)
	if v, ok := c.ann.View(); !ok || v.Type != "modal" {
		t.Errorf("it opened in a %q", opened.View().Type)
	}

	// Progress, and home.
	c.has(c.ann.Slash(c.books, "progress 7"), "Saved.", "chapter 7 of 23")
	home := c.has(c.ann.Slash(c.books, ""), "Your books", "Never Let Me Go", "chapter 7 of 23")
	set := c.has(c.ann.Choose(home.View(), "Set my place", "chapter 9"), "chapter 9 of 23")
	c.has(c.ann.Choose(set.View(), "Set my place", "finished"), "Finished Never Let Me Go?")
	if v, ok := c.ann.View(); ok {
		c.has(c.ann.Submit(v, nil), "Your place in Never Let Me Go: finished.")
	}
	tab := c.has(c.ann.OpenHome(), "Your books", "finished")
	c.has(c.ann.Choose(tab.Home(), "Set my place", "start"), "not started")

	// For the channel, in a thread below the question.
	public := c.lacks(c.bob.Mention(c.books, question), spoils)
	if m := public.Message(); m.User != "" || m.Thread == "" {
		t.Errorf("the answer to the channel: %+v", m)
	}
	c.has(c.bob.MentionIn(public.Message(), "is the prose good?"), safe)
	c.lacks(c.has(c.bob.Press(public.Message(), "Reveal"), "That lies past your place."), spoils)
	c.has(c.bob.Slash(c.books, "spoilers hide"), "Saved")
	c.lacks(c.bob.Press(public.Message(), "Reveal"), spoils)

	// A direct message.
	c.has(c.bob.DM("is the prose good?"), safe)
}
