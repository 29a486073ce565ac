package slack_test

import (
	"strings"
	"testing"
	"time"

	"dogear/adapters/slack/slacktest"
	"dogear/bot"
)

// TestAttackNowhere posts a spoiler where dogear is not: nothing is kept of what
// nobody could open, report or remove.
func TestAttackNowhere(t *testing.T) {
	c := serve(t, "socket")
	defer c.stop()
	form := c.has(c.bob.Slash(c.books, "spoiler"), "behind a cover")
	c.books.Without()
	c.bob.Submit(form.View(), map[string]string{"text": "The canary sings."})
	c.Await("bob is told", func() bool { return strings.Contains(posts(c.bob.DMs()), "I can't post in this channel.") })
	if kept := c.has(c.bob.Slash(c.books, "privacy export"), "reader"); strings.Contains(kept.Text(), "canary") {
		t.Error("it is kept")
	}
}

// TestAttackFlood asks before everybody for far more than one reader may: only
// whoever does that hears of it.
func TestAttackFlood(t *testing.T) {
	c := serve(t, "socket")
	defer c.stop()
	c.bot.LimitTo(bot.Rate{Burst: 3, Every: time.Minute})
	for range 10 {
		c.bob.Mention(c.books, "is the prose good?")
	}
	if n := len(c.Requests(slacktest.To("chat.postMessage"))); n != 3 {
		t.Errorf("%d answers are posted", n)
	}
}
