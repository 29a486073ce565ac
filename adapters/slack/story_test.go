package slack_test

import (
	"context"
	"log/slog"
	"net"
	"slices"
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
	return open(t, s, mode, options...)
}

// open is serveOn where others run at the same time: what they do is no leak.
func open(t *testing.T, s bot.Store, mode string, options ...slacktest.Option) *club {
	t.Helper()
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
	direct := c.has(c.bob.DM("is the prose good?"), safe)
	if m := direct.Message(); m.User != "" || slices.Contains(m.Buttons(), "Share with the channel") {
		t.Errorf("the answer to a direct message: %+v with %q", m, m.Buttons())
	}
	c.has(c.bob.DM("progress 3"), "Saved.")

	// A channel that is no book club's: for whoever asks alone.
	other := c.Channel("other")
	if m := c.has(c.ann.Mention(other, "is the prose good?"), safe).Message(); m.User != c.ann.ID {
		t.Errorf("the answer where no book is read: %+v", m)
	}
	// Turned on by a moderator, through a menu, and off again.
	c.has(c.ann.Slash(other, "club"), "for moderators to decide")
	form := c.has(c.mo.Slash(other, "club"), "Choose the book")
	c.has(c.mo.Submit(form.View(), map[string]string{"book": "Never Let Me Go"}), "This channel now reads Never Let Me Go.")
	if m := c.has(c.ann.Mention(other, "is the prose good?"), safe).Message(); m.User != "" {
		t.Errorf("the answer where a book is read: %+v", m)
	}
	c.has(c.mo.Slash(other, "club book none"), "no current book now")

	// Sharing, and a report that edits what was posted.
	mine := c.has(c.ann.Slash(c.books, "is the prose good?"), safe)
	shared := c.has(c.ann.Press(mine.Message(), "Share with the channel"), safe)
	if m := shared.Message(); m.User != "" {
		t.Errorf("what was shared: %+v", m)
	}
	report := c.bob.Press(shared.Message(), "Report a spoiler")
	if strings.Contains(report.Text(), "Which one is it?") {
		report = c.bob.Choose(report.Message(), "Report a spoiler", "Number 1")
	}
	c.has(report, "It is covered for everybody")
	c.Await("posted messages no longer quote it", func() bool {
		for _, m := range c.books.Messages() {
			if strings.Contains(m.Reads(), safe) {
				return false
			}
		}
		return true
	})

	c.has(c.mo.Slash(c.books, "club restore <@"+c.bob.ID+"|bob>"), "Lifted: 1 report")

	// A review by form, which a moderator approves.
	form = c.has(c.ann.Slash(c.books, "reviews add"), "Write a review")
	refused := c.ann.Submit(form.View(), map[string]string{"text": "   "})
	if len(refused.Errors) == 0 {
		t.Errorf("an empty review: %s", refused.Text())
	}
	c.has(c.ann.Submit(form.View(), map[string]string{"title": "My evening", "text": "I enjoyed every page of this novel."}), "is with the moderators")
	c.has(c.ann.Slash(c.books, "club proposals"), "That is for the club's moderators.")
	proposals := c.has(c.mo.Slash(c.books, "club proposals"), "Go on?")
	c.has(c.mo.Press(proposals.Message(), "Yes, show it to me"), "I enjoyed every page")
	c.has(c.mo.Slash(c.books, "club approve 1"), "Approved")

	// The queue, in windows.
	queue := c.has(c.mo.Slash(c.books, "club queue"), "Go on?")
	first := c.has(c.mo.Press(queue.Message(), "Yes, show them to me"), "to decide in")
	second := c.has(c.mo.Press(first.View(), "Not before the end"), "Saved.")
	chapter := c.has(c.mo.Press(second.View(), "A chapter…"), "From which chapter is it safe?")
	c.has(c.mo.Submit(chapter.View(), map[string]string{"value": "20"}), "Saved.")

	// A spoiler of one's own, by command and by shortcut.
	const secret = "Somebody hides a scarf."
	form = c.has(c.ann.Slash(c.books, "spoiler"), "Text")
	posted := c.lacks(c.ann.Submit(form.View(), map[string]string{"place": "chapter 12", "text": secret}), secret)
	c.has(posted, "ann has a spoiler for Never Let Me Go")
	c.has(c.mo.Slash(c.books, "progress 12"), "Saved.")
	c.has(c.mo.Press(posted.Message(), "Reveal"), secret)
	form = c.has(c.ann.Shortcut("spoiler"), "Channel")
	again := c.lacks(c.ann.Submit(form.View(), map[string]string{"channel": "books", "text": secret}), secret)
	manage := c.has(c.ann.Press(again.Message(), "Edit or remove"), "Delete")
	form = c.ann.Press(manage.Message(), "Edit")
	c.has(c.ann.Submit(form.View(), map[string]string{"text": "It was never theirs."}), "Saved")
	sure := c.ann.Press(manage.Message(), "Delete")
	c.has(c.ann.Press(sure.Message(), "Yes"), "")
	c.Await("the spoiler is taken back", func() bool {
		for _, m := range c.books.Messages() {
			if m.TS == again.Message().TS {
				return strings.Contains(m.Reads(), "taken back")
			}
		}
		return false
	})

	c.has(c.lacks(c.ann.Mention(c.books, "/spoiler 12 "+secret), secret), "before I have covered it")

	// Guests of a shared channel see what the channel may see.
	c.books.Shared()
	zoe := c.Guest("zoe")
	if m := c.lacks(zoe.Mention(c.books, "how is the pacing?"), spoils).Message(); m.User != "" {
		t.Errorf("the answer to a guest: %+v", m)
	}
	c.has(c.lacks(zoe.Press(public.Message(), "Reveal"), spoils), "members of this workspace")

	// Privacy: as data, and forgotten.
	c.has(c.ann.Slash(c.books, "privacy export"), "Never Let Me Go")
	forget := c.has(c.ann.Slash(c.books, "privacy forget"), "can't be undone")
	c.has(c.ann.Press(forget.Message(), "Yes, forget me"), "Forgotten.")
}
