package bot_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"dogear/bot"
	"dogear/bot/reply"
)

// TestPressed presses every control.
func TestPressed(t *testing.T) {
	for _, c := range []struct {
		action         reply.Action
		value, command string
		options        map[string]string
	}{
		{reply.Share, "", "share", map[string]string{"ticket": "T"}},
		{reply.LookPast, "", "past", map[string]string{"ticket": "T"}},
		{reply.More, "", "more", map[string]string{"ticket": "T"}},
		{reply.Report, "", "report", map[string]string{"ticket": "T"}},
		{reply.Report, "3", "report", map[string]string{"ticket": "T.3"}},
		{reply.ReadFurther, "8", "progress", map[string]string{"ticket": "T", "place": "8"}},
		{reply.Confirm, "", "yes", map[string]string{"ticket": "T"}},
		{reply.Decide, "never", "club decide", map[string]string{"ticket": "T", "place": "never"}},
		{reply.Undo, "", "club undo", map[string]string{"ticket": "T"}},
		{reply.Manage, "", "manage", map[string]string{"ticket": "T"}},
		{reply.Edit, "", "rewrite", map[string]string{"ticket": "T"}},
		{reply.Cover, "", "cover", map[string]string{"ticket": "T"}},
		{reply.Remove, "", "retract", map[string]string{"ticket": "T"}},
	} {
		command, options, ok := bot.Pressed(c.action, "T", c.value)
		if !ok || command != c.command || !maps.Equal(options, c.options) {
			t.Errorf("%s %q: %s %v %t", c.action, c.value, command, options, ok)
		}
	}
	if command, options, ok := bot.Pressed("reveal", "T", ""); ok || command != "" || options != nil {
		t.Errorf("an unknown action: %s %v %t", command, options, ok)
	}
}

// chosen keeps the choices that a document offers.
type chosen struct {
	plainly
	of map[reply.Action][]reply.Choice
}

func (c *chosen) Control(o reply.Control) {
	c.plainly.Control(o)
	c.of[o.Action] = o.Choices
}

// choices hands a request to the bot and returns what its reply offers.
func (tb *table) choices(req bot.Request) *chosen {
	tb.Helper()
	c := &chosen{of: map[reply.Action][]reply.Choice{}}
	tb.bot.Handle(tb.Context(), req).Render(c)
	return c
}

func (tb *table) press(at bot.Seat, action reply.Action, c *chosen, value string) *plainly {
	tb.Helper()
	command, options, _ := bot.Pressed(action, c.reply, value)
	return tb.handle(bot.Request{Seat: at, Command: command, Options: options, Moderator: at.Reader == "mo"})
}

// TestReadFurther sets a place from an answer: of the book of the answer, not of
// the channel, and to the end after a yes.
func TestReadFurther(t *testing.T) {
	tb := newTable(t)
	tb.as("mo", true, "/club book Jane Eyre")
	ask := bot.Request{Seat: seat("ann"), Options: map[string]string{"question": "how is the prose?", "book": "never-let-me-go"}}
	tb.handle(bot.Request{Seat: seat("ann"), Command: "progress", Options: map[string]string{"place": "20", "book": "never-let-me-go"}})
	c := tb.choices(ask)
	if got := fmt.Sprint(c.of[reply.ReadFurther]); got != "[{21 Finished chapter 21} {22 Finished chapter 22} {finished Finished the book}]" {
		t.Errorf("to choose: %s", got)
	}
	tb.want(tb.press(seat("ann"), reply.ReadFurther, c, "22"), "Never Let Me Go: chapter 22 of 23")
	tb.want(tb.yes(seat("ann"), tb.press(seat("ann"), reply.ReadFurther, c, "finished"), false), "Never Let Me Go: finished")
	tb.never(tb.press(seat("bob"), reply.ReadFurther, c, "22"), "Saved")

	ask.Options["book"] = "jane-eyre" // of 38 chapters
	got := tb.choices(ask).of[reply.ReadFurther]
	if len(got) != reply.MostChoices || got[23].Value != "24" || got[24].Value != "finished" {
		t.Errorf("to choose: %v", got)
	}
}

// TestReportChoice reports one of several things by what was chosen.
func TestReportChoice(t *testing.T) {
	tb := newTable(t)
	tb.handle(bot.Request{Seat: seat("ann"), Command: "progress", Options: map[string]string{"place": "finished"}, Confirmed: true})
	review := tb.choices(bot.Request{Seat: seat("ann"), Command: "reviews read", Options: map[string]string{"review": "1"}})
	which := tb.choices(bot.Request{Seat: seat("ann"), Command: "report", Options: map[string]string{"ticket": string(review.reply)}})
	got := which.of[reply.Report]
	if len(got) < 2 || got[1] != (reply.Choice{Value: "2", Label: "Number 2"}) {
		t.Fatalf("to choose: %v\n%s", got, which.out.String())
	}
	tb.want(tb.press(seat("ann"), reply.Report, which, got[0].Value), "Thank you")
	if n := strings.Count(which.out.String(), "quote: ") + strings.Count(which.out.String(), "source: "); n != len(got) {
		t.Errorf("%d are listed, and %d can be chosen", n, len(got))
	}
}

// TestDecideChoice decides by every word that can be chosen.
func TestDecideChoice(t *testing.T) {
	tb := newTable(t)
	queue := tb.choices(bot.Request{Seat: seat("mo"), Moderator: true, Confirmed: true, Command: "club queue", Options: map[string]string{"book": "never-let-me-go"}})
	words := queue.of[reply.Decide]
	if len(words) != 5 {
		t.Fatalf("to choose: %v", words)
	}
	for _, c := range words {
		tb.never(tb.press(seat("mo"), reply.Decide, queue, c.Value), "Say from which chapter")
	}
}
