package bot_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"dogear/bot"
	"dogear/bot/reply"
)

// yes presses what says yes to a reply.
func (tb *table) yes(at bot.Seat, to *plainly, moderator bool) *plainly {
	tb.Helper()
	if !to.confirm {
		tb.Fatalf("no yes is asked for:\n%s", to.out.String())
	}
	command, options, ok := bot.Pressed(reply.Confirm, to.reply, "")
	if !ok {
		tb.Fatal("a yes can't be pressed")
	}
	return tb.handle(bot.Request{Seat: at, Command: command, Options: options, Moderator: moderator, Name: "Mo"})
}

// as sends a command by a reader who may be a moderator.
func (tb *table) as(reader bot.ReaderID, moderator bool, line string) *plainly {
	tb.Helper()
	command, options := bot.Typed(line)
	return tb.handle(bot.Request{Seat: seat(reader), Command: command, Options: options, Moderator: moderator})
}

// TestYes says yes to every kind of reply that asks for one.
func TestYes(t *testing.T) {
	tb := newTable(t)
	var last bot.Handled
	tb.bot.MeasureWith(func(h bot.Handled) { last = h })
	asked := tb.say("ann", "what happens to tommy on his donation")
	reveal := func() *plainly {
		return tb.handle(bot.Request{Seat: seat("ann"), Command: "reveal", Options: map[string]string{"ticket": string(asked.tickets[0])}})
	}
	tb.want(tb.yes(seat("ann"), reveal(), false), "quote: "+late)
	if last.Command != "reveal" || last.Opened != 1 {
		t.Errorf("a yes to a reveal counts as %+v", last)
	}
	tb.want(tb.yes(seat("ann"), tb.say("ann", "/progress finished"), false), "Saved. Your place in Never Let Me Go: finished.")
	tb.as("mo", true, "/club book Never Let Me Go")
	tb.want(tb.yes(seat("mo"), tb.as("mo", true, "/club pace finished"), true), "Saved. This channel's place in Never Let Me Go: finished.")
	tb.want(tb.yes(seat("mo"), tb.as("mo", true, "/club queue"), true), "Why it is here")
	tb.want(tb.yes(seat("mo"), tb.as("mo", true, "/club preview 7 1"), true), "chapter 7 of 23")
	tb.handle(bot.Request{Seat: seat("bob"), Name: "Bob", Command: "reviews add", Options: map[string]string{"text": "I loved this quiet novel."}})
	tb.want(tb.yes(seat("mo"), tb.as("mo", true, "/club proposals"), true), "quote: I loved this quiet novel.")
	tb.want(tb.yes(seat("bob"), tb.say("bob", "/reviews delete 1"), false), "Deleted.")
	tb.want(tb.yes(seat("mo"), tb.as("mo", true, "/club remove 1"), true), "Deleted.")
	forget := tb.say("ann", "/privacy forget keep")
	tb.want(tb.yes(seat("ann"), forget, false), "Your reviews are still there")
	tb.want(tb.yes(seat("ann"), forget, false), "has expired") // forgotten with all else
}

// TestYesIsTheirs shows that a yes is said by whoever was asked, where they
// were asked, who still may, and does nothing else.
func TestYesIsTheirs(t *testing.T) {
	tb := newTable(t)
	tb.as("mo", true, "/club book Never Let Me Go")
	queue := tb.as("mo", true, "/club queue")
	pace := tb.as("mo", true, "/club pace finished")
	for _, at := range []bot.Seat{seat("ann"), {Club: "club", Reader: "mo", Channel: "d"}, {Club: "other", Reader: "mo", Channel: "c"}} {
		tb.want(tb.yes(at, queue, true), "has expired")
	}
	tb.want(tb.yes(seat("mo"), queue, false), "for the club's moderators")
	tb.want(tb.yes(seat("mo"), pace, false), "is for moderators to decide")

	for _, command := range []string{"past", "share", "more", "report", "reveal", "progress", "club decide", "club undo"} {
		for _, ticket := range []reply.Ticket{queue.reply, queue.reply + ".1"} {
			p := tb.handle(bot.Request{Seat: seat("mo"), Moderator: true, Command: command, Options: map[string]string{"ticket": string(ticket), "place": "7"}})
			tb.never(p, "Why it is here")
			tb.never(p, "Saved")
			tb.never(p, "quote")
		}
	}
	answer := tb.say("mo", "how is the prose?")
	for _, ticket := range []reply.Ticket{answer.reply, queue.reply + ".1", "guess", ""} {
		tb.want(tb.handle(bot.Request{Seat: seat("mo"), Moderator: true, Command: "yes", Options: map[string]string{"ticket": string(ticket)}}), "has expired")
	}
}

// TestYesIsForTheSame shows that what has changed since a reply asked does not
// change what the yes is for.
func TestYesIsForTheSame(t *testing.T) {
	tb := newTable(t)
	book := func(title string) { tb.want(tb.as("mo", true, "/club book "+title), "now reads") }
	book("Never Let Me Go")
	progress, pace, queue := tb.say("ann", "/progress finished"), tb.as("mo", true, "/club pace finished"), tb.as("mo", true, "/club queue")
	book("Jane Eyre")
	tb.want(tb.yes(seat("ann"), progress, false), "Never Let Me Go: finished")
	tb.want(tb.yes(seat("ann"), progress, false), "Never Let Me Go: finished")
	tb.want(tb.say("ann", "/progress"), "haven't told me how far you are in Jane Eyre")
	tb.want(tb.yes(seat("mo"), pace, true), "Somebody else has just changed this channel")
	tb.want(tb.as("mo", true, "/book current"), "Jane Eyre. Its place: not started.")
	tb.want(tb.yes(seat("mo"), queue, true), "in Never Let Me Go")

	// A proposal of another book has moved up in the list.
	propose := func(reader bot.ReaderID, book, text string) {
		tb.handle(bot.Request{Seat: seat(reader), Name: "B", Command: "reviews add", Options: map[string]string{"text": text, "book": book}})
	}
	propose("bob", "never-let-me-go", "I loved this quiet novel.")
	propose("cat", "jane-eyre", "Rochester goes blind.")
	proposals := tb.as("mo", true, "/club proposals")
	tb.want(tb.as("mo", true, "/club decline 1"), "Declined")
	p := tb.yes(seat("mo"), proposals, true)
	tb.never(p, "Rochester")
	tb.want(tb.yes(seat("mo"), p, true), "Rochester")
}

// forgetful is a store that keeps no tickets.
type forgetful struct{ bot.Store }

func (forgetful) Issue(context.Context, bot.ClubID, reply.Ticket, bot.Stub) error { return errDown }

// TestYesLapses shows that nothing is done once its ticket is gone.
func TestYesLapses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tb := newTable(t)
		progress := tb.say("ann", "/progress finished")
		time.Sleep(15 * 24 * time.Hour)
		tb.want(tb.yes(seat("ann"), progress, false), "has expired")
		s := &broken{Store: tb.store}
		tb.bot = bot.New(s, nil)
		progress = tb.say("ann", "/progress finished")
		tb.bot.Flush(t.Context())
		s.down = true
		tb.want(tb.yes(seat("ann"), progress, false), "not saved")
		tb.bot = bot.New(forgetful{tb.store}, nil)
		progress = tb.say("ann", "/progress finished")
		tb.bot.Flush(t.Context())
		tb.want(tb.yes(seat("ann"), progress, false), "has expired")
		tb.want(tb.say("ann", "/progress"), "haven't told me")
	})
}
