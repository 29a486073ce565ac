package bot_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"dogear/bot"
	"dogear/bot/reply"
)

// TestPublic shows that Public says what Handle does, whatever the command.
func TestPublic(t *testing.T) {
	tb := newTable(t)
	answer, private := tb.say("ann", "how is the prose?"), tb.as("mo", true, "/club preview 0 1")
	for _, cmd := range append(bot.Commands(), bot.Command{Name: "nonsense"}, bot.Command{}) {
		for _, room := range []bool{false, true} {
			for _, options := range []map[string]string{
				nil, {"share": "yes", "question": "how is the prose?"}, {"share": "no", "question": "how is the prose?"}, {"share": "maybe"},
				{"ticket": string(answer.reply)}, {"ticket": string(private.reply)},
			} {
				req := bot.Request{Seat: seat("ann"), Command: cmd.Name, Options: maps.Clone(options), Room: room}
				says := bot.Public(req)
				doc := tb.bot.Handle(t.Context(), req)
				if _, public := doc.(reply.PublicDoc); public != says {
					t.Errorf("%q %v, room %t: public %t, and Public says %t", cmd.Name, options, room, public, says)
				}
			}
		}
	}
}

// TestAskShared asks a question for the channel, as the channel: the asker's
// place does not count, nor one that the question names, even once the message
// is edited.
func TestAskShared(t *testing.T) {
	p := newPosting(t)
	p.handle(bot.Request{Seat: seat("ann"), Command: "progress", Options: map[string]string{"place": "finished"}, Confirmed: true})
	req := bot.Request{Seat: seat("ann"), Command: "ask", Options: map[string]string{"question": "i'm on chapter 2. why are the students raised for organs?", "share": "yes"}}
	p.never(p.handle(req), "quote: The students")
	p.pace(23)
	said := p.handle(req)
	p.want(said, "quote: The students")
	doc := p.bot.Handle(p.Context(), req).(reply.PublicDoc)
	p.bot.Posted(p.Context(), req, doc, "m1")
	p.moderate("club pace", map[string]string{"place": "22"})
	p.reads("m1", "quote: The students", "")
	p.moderate("club pace", map[string]string{"place": "start"})
	p.reads("m1", "", "quote: The students")
	req.Options["share"] = "no"
	if _, public := p.bot.Handle(p.Context(), req).(reply.PublicDoc); public {
		t.Error("what is not to be shared is public")
	}
}

// TestElsewhere shows what a channel sees in the place of a private reply.
func TestElsewhere(t *testing.T) {
	tb := newTable(t)
	for command, want := range map[string]string{
		"progress": "That is between you and me: use “/progress”, and only you will see it.\n",
		"past":     "That is between you and me: use what stands below my reply, and only you will see it.\n",
	} {
		req := bot.Request{Seat: seat("ann"), Command: command, Options: map[string]string{"place": "7"}}
		if got := told(tb.bot.Elsewhere(t.Context(), req)); got != want {
			t.Errorf("%s: got %q, want %q", command, got, want)
		}
	}
	if got := told(tb.bot.Elsewhere(t.Context(), bot.Request{Command: late})); strings.Contains(got, "Tommy") {
		t.Errorf("a channel sees %q", got)
	}
}

// TestElsewhereOnce shows that what was delivered twice is told once, and to
// nobody more often than they may ask.
func TestElsewhereOnce(t *testing.T) {
	tb := newTable(t)
	tb.bot.LimitTo(bot.Rate{Burst: 2, Every: time.Hour})
	for i, want := range []bool{true, false, true, false} {
		req := bot.Request{Seat: seat("ann"), Command: "progress", Event: []string{"a", "a", "b", "c"}[i]}
		if doc := tb.bot.Elsewhere(t.Context(), req); (doc != nil) != want {
			t.Errorf("message %d: told %t, want %t", i, doc != nil, want)
		}
	}
}
