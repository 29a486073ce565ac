package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dogear/bot"
	"dogear/bot/reply"
)

// TestDeliveredTwice gives one event to several processes: one of them answers,
// and does what it asks for once.
func TestDeliveredTwice(t *testing.T) {
	eachWay(t, 2, func(t *testing.T, all []*table) {
		answers := func(tb *table, reader bot.ReaderID, command, event string) bool {
			t.Helper()
			doc := tb.bot.Handle(t.Context(), bot.Request{Seat: seat(reader), Command: command, Event: event, Options: map[string]string{"place": "7"}})
			return doc != nil
		}
		for i, tb := range all {
			other := all[1-i]
			event := fmt.Sprint("event ", i)
			if !answers(tb, "ann", "progress", event) {
				t.Error("the first delivery is not answered")
			}
			for _, again := range []*table{other, tb} {
				if answers(again, "ann", "progress", event) || answers(again, "ann", "help", event) {
					t.Error("a further delivery is answered")
				}
			}
			if !answers(other, "bob", "progress", event) || !answers(other, "ann", "progress", event+"!") {
				t.Error("what is another's, or another event, is not answered")
			}
			for range 2 {
				if !answers(tb, "ann", "help", "") {
					t.Error("what comes once is not answered")
				}
			}
		}
	})
}

// TestTooFast bounds how often a reader may ask, and says when they may again.
func TestTooFast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory(t)
		all := processes(t, 2, func() bot.Store { return s })
		for _, tb := range all {
			tb.bot.LimitTo(bot.Rate{Burst: 2, Every: 30 * time.Second})
		}
		all[0].want(all[0].say("ann", prose), quiet)
		all[1].want(all[1].say("ann", prose), quiet)
		for _, tb := range all {
			tb.want(tb.say("ann", prose), "That was a lot at once. Please try again in 30 seconds.")
			tb.want(tb.say("ann", "progress 7"), "That was a lot at once")
			tb.never(tb.say("ann", prose), "quote")
		}
		all[0].want(all[0].say("bob", prose), quiet)
		time.Sleep(29*time.Second + time.Millisecond)
		all[0].want(all[0].say("ann", prose), "again in 1 second.")
		time.Sleep(time.Second)
		all[0].want(all[0].say("ann", "progress"), "haven't told me") // the 7 was not saved
		all[0].want(all[0].say("ann", prose), "30 seconds")
	})
}

// TestAskedAgain posts answers of a reader who has asked as often as they may:
// that they are kept in mind, and made again when something in them is covered,
// counts for no limit and is no second delivery.
func TestAskedAgain(t *testing.T) {
	p := newPosting(t)
	p.bot.LimitTo(bot.Rate{Burst: 4, Every: time.Hour})
	private := p.say("bob", prose)
	for i := range 4 {
		req := p.ask("ann")
		req.Event = fmt.Sprint("event ", i)
		p.post(bot.MessageID(req.Event), req, nil)
		p.reads(bot.MessageID(req.Event), "prose is plain", "")
	}
	p.want(p.handle(p.ask("ann")), "That was a lot at once")
	if p.wall.edits != 0 {
		t.Errorf("%d messages were edited as they were posted", p.wall.edits)
	}
	p.report(private, "1", "")
	for i := range 4 {
		p.reads(bot.MessageID(fmt.Sprint("event ", i)), "", "prose is plain")
		p.reads(bot.MessageID(fmt.Sprint("event ", i)), "", "a lot at once")
	}
	if p.wall.edits != 4 {
		t.Errorf("%d messages were edited", p.wall.edits)
	}
	// Sharing is one visit, although it asks again what was asked.
	private = p.say("cleo", "is the pacing slow?")
	share := bot.Request{Seat: seat("cleo"), Command: "share", Options: map[string]string{"ticket": string(private.reply)}, Event: "share"}
	p.post("shared", share, nil)
	share.Room = true
	if doc := p.bot.Handle(t.Context(), share); doc != nil {
		t.Error("a further delivery is shared again")
	}
	for range 2 {
		p.never(p.say("cleo", prose), "a lot at once")
	}
	p.want(p.say("cleo", prose), "a lot at once")
	var docs []reply.Doc
	for range 3 {
		docs = append(docs, p.bot.Handle(t.Context(), bot.Request{Seat: seat("cleo"), Command: "help", Event: "refused"}))
	}
	if docs[0] == nil || !strings.Contains(told(docs[0]), "a lot at once") || docs[1] != nil || docs[2] != nil {
		t.Error("a refusal is said other than once")
	}
}
