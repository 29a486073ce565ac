package slack_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dogear/adapters/slack"
	"dogear/adapters/slack/slacktest"
	"dogear/bot"
	"dogear/store"
	"dogear/store/redis"
	"dogear/store/redistest"
)

// More at once than dogear answers: what is too much is not acknowledged. Events
// come again, and are answered then; a command's reader is told by Slack.
func fullPool(t *testing.T, mode string) {
	retries := []time.Duration{200 * time.Millisecond}
	for range 40 {
		retries = append(retries, time.Second/2)
	}
	s := newFaulty(t)
	c := serveOn(t, s, mode, slacktest.Patience(time.Minute), slacktest.AckWithin(time.Second), slacktest.Retries(retries...))
	c.has(c.bob.Mention(c.books, question), safe) // bob is known, and so are the books
	visits := s.visits.Load()
	over := s.hold(t)
	const extra = 40
	var all sync.WaitGroup
	for i := range slack.MostAtOnce + extra {
		all.Go(func() {
			if !c.Event("app_mention", object{"user": c.bob.ID, "team": c.TeamID, "channel": c.books.ID, "ts": fmt.Sprintf("1.%06d", i), "text": c.Mention() + " " + question}) {
				t.Error("an event was given up")
			}
		})
	}
	becomes(t, "the others wait", func() bool { return s.visits.Load()-visits == slack.MostAtOnce })
	c.log.await(t, "too much at once")
	ann, _ := c.idle()
	if seen := ann.Slash(c.books, question); !seen.Failed || !seen.Nothing() {
		t.Errorf("ann is told by Slack: %v; ann sees: %s", seen.Failed, seen.Text())
	}
	if n := s.visits.Load() - visits; n != slack.MostAtOnce {
		t.Errorf("%d are answered at once", n)
	}
	over()
	all.Wait()
	c.Await("all are answered", func() bool { return len(c.books.Messages()) >= 2+slack.MostAtOnce+extra })
	c.well("too many")
	c.answers(1 + slack.MostAtOnce + extra)
}

// A store that hangs keeps nobody from being told that they were heard.
func hangingStore(t *testing.T, mode string) {
	s := newFaulty(t)
	c := serveOn(t, s, mode, slacktest.Patience(30*time.Second))
	home := c.has(c.ann.Slash(c.books, ""), "Your books")
	form := c.bob.Slash(c.books, "reviews add").View()
	s.deaf.Store(true)
	over := s.hold(t)

	acks, visits := len(c.calls("ack")), s.visits.Load()
	if got := c.ann.Options(home.View(), "Set my place", "chapter 9"); len(got) != 0 {
		t.Errorf("choices: %v", got)
	}
	var all sync.WaitGroup
	defer all.Wait()
	defer over()
	for _, ask := range []func(){
		func() { c.has(c.mo.Slash(c.books, question), safe) },
		func() { c.has(c.mo.DM(question), safe) },
		func() {
			c.has(c.bob.Submit(form, map[string]string{"title": "My evening", "text": "I enjoyed every page.", "book": book}), "is with the moderators")
		},
	} {
		all.Go(ask)
	}
	becomes(t, "all wait", func() bool { return s.visits.Load() >= visits+4 })
	becomes(t, "all are acknowledged", func() bool { return len(c.calls("ack")) >= acks+4 })
	over()
	all.Wait()
	c.answers(0)
	c.well("a hanging store")
}

// A panic ends what it is in, and its reader is told.
func panics(t *testing.T, mode string) {
	s := newFaulty(t)
	c := serveOn(t, s, mode)
	const wrong = "Something went wrong on my side"
	home := c.has(c.ann.Slash(c.books, ""), "Your books").View()
	s.panics.Store(true)
	if got := c.ann.Options(home, "Set my place", "chapter 9"); len(got) != 0 {
		t.Errorf("choices: %v", got)
	}
	c.has(c.ann.Slash(c.books, question), wrong)
	c.has(c.ann.DM(question), wrong)
	c.has(c.ann.OpenHome(), wrong)
	c.has(c.ann.Slash(c.books, ""), wrong)
	c.has(c.bob.Mention(c.books, question), wrong)
	if c.counts("panic: string") < 5 {
		t.Error("the log does not say so")
	}
	s.panics.Store(false)
	c.answers(0)
	c.well("panics")

	// One that nothing in the core is above.
	var breaks atomic.Bool
	c.stop()
	c.bot.MeasureWith(func(bot.Handled) {
		if breaks.Load() {
			panic(spoils)
		}
	})
	c.again()
	form := c.bob.Slash(c.books, "reviews add").View()
	breaks.Store(true)
	ann, bob := c.idle()
	broke := func() int { return c.counts("a delivery broke what took it") }
	for name, do := range map[string]func(){
		"a command":  func() { ann.Slash(c.books, question) },
		"a home":     func() { ann.Slash(c.books, "") },
		"a mention":  func() { ann.Mention(c.books, question) },
		"the tab":    func() { ann.OpenHome() },
		"submitting": func() { bob.SubmitRaw(form, nil) },
	} {
		before := broke()
		do()
		becomes(t, name+" breaks what takes it", func() bool { return broke() == before+1 })
	}
	breaks.Store(false)
	c.answers(0)
	c.well("panics")
}

// A store that fails is one that has read and saved nothing.
func failingStore(t *testing.T, mode string) {
	s := newFaulty(t)
	c := serveOn(t, s, mode)
	c.has(c.ann.Slash(c.books, "progress finished"), "Finished Never Let Me Go?")
	asked := c.asksToReveal()
	s.fails.Store(true)
	c.lacks(c.has(c.ann.Slash(c.books, question), "I can't read your progress right now", safe), spoils)
	c.lacks(c.ann.Slash(c.books, ending), spoils)
	c.lacks(c.ann.Press(asked, "Yes, show it to me"), spoils)
	c.lacks(c.ann.Slash(c.books, "progress 7"), "Saved.", spoils)
	c.lacks(c.bob.Mention(c.books, ending), spoils)
	c.lacks(c.ann.OpenHome(), spoils)
	s.fails.Store(false)
	c.has(c.ann.Slash(c.books, "progress 7"), "Saved.")
	c.answers(0)

	// What could not be covered later is taken down.
	s.forgets.Store(true)
	c.bob.Mention(c.books, question)
	becomes(t, "it is taken down", func() bool { return c.counts("it is taken down") > 0 && !holding(c.books.Messages(), safe) })
	s.forgets.Store(false)
	c.well("a failing store")
}

// Redis goes away in the middle of a conversation, and comes back.
func redisGone(t *testing.T, mode string) {
	server := redistest.Start(t)
	s, err := store.OpenWith(t.Context(), server.URL(), redis.Options{Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	c := serveOn(t, s, mode, slacktest.Patience(30*time.Second))
	t.Cleanup(func() { c.stop(); s.Close(); server.Kill() }) // before what is left is counted
	c.has(c.ann.Slash(c.books, "progress 7"), "Saved.")
	asked := c.ann.Slash(c.books, ending)
	yes := c.ann.Press(asked.Message(), "Reveal")
	home := c.ann.OpenHome().Home()

	server.Kill()
	c.lacks(c.has(c.ann.Slash(c.books, question), "I can't read your progress right now", safe), spoils)
	if got := c.ann.Options(home, "Set my place", "chapter 9"); len(got) != 0 {
		t.Errorf("choices: %v", got)
	}
	if saving := c.ann.Slash(c.books, "progress 9").Text(); strings.Contains(saving, "Saved.") || saving == "" {
		t.Errorf("it was not saved: %s", saving)
	}
	c.lacks(c.ann.Press(yes.Message(), "Yes, show it to me"), spoils)
	c.lacks(c.bob.Mention(c.books, ending), spoils)
	if holding(c.books.Messages(), spoils) {
		t.Error("everybody sees it")
	}

	server.Restart(t)
	becomes(t, "it answers as before", func() bool {
		return !strings.Contains(c.ann.Slash(c.books, question).Text(), "can't read")
	})
}
