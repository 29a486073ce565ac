package bot_test

import (
	"maps"
	"strings"
	"testing"

	"dogear/bot"
	"dogear/bot/reply"
)

// TestByBook: a channel for which no book was chosen sees no reply, whatever is
// asked in it and whatever becomes of it; once one was, it sees what any channel
// does.
func TestByBook(t *testing.T) {
	tb := newTable(t)
	answer := tb.say("ann", "how is the prose?")
	blind := bot.New(&lost{tb.store, true}, nil)
	requests := func(f func(bot.Request)) {
		for _, cmd := range append(bot.Commands(), bot.Command{Name: "nonsense"}, bot.Command{}) {
			for _, options := range []map[string]string{
				nil, {"share": "yes", "question": "how is the prose?"}, {"share": "maybe"}, {"ticket": string(answer.reply)}, {"ticket": "none"},
				{"book": "nothing of that name"},
			} {
				if cmd.Name == "privacy forget" || cmd.Name == "club book" {
					continue // they would end what the others are about
				}
				f(bot.Request{Seat: seat("ann"), Command: cmd.Name, Options: maps.Clone(options), Room: true, ByBook: true})
			}
		}
	}
	private := func(b *bot.Bot) func(bot.Request) {
		return func(req bot.Request) {
			t.Helper()
			if doc, ok := b.Handle(t.Context(), req).(reply.PrivateDoc); !ok {
				t.Errorf("%q %v: a channel without a book sees %s", req.Command, req.Options, told(doc))
			}
			if doc := b.Elsewhere(t.Context(), req); doc != nil {
				t.Errorf("%q: a channel without a book sees %s", req.Command, told(doc))
			}
		}
	}
	requests(private(tb.bot))
	requests(private(blind))
	tb.as("mo", true, "/club tags off") // is no book
	requests(private(tb.bot))

	tb.as("mo", true, "/club book Never Let Me Go")
	seen := 0
	requests(func(req bot.Request) {
		says := bot.Public(req)
		doc := tb.bot.Handle(t.Context(), req)
		if _, public := doc.(reply.PublicDoc); public {
			if seen++; !says {
				t.Errorf("%q is public, and Public says it is not", req.Command)
			}
		}
		req.ByBook = false
		if _, always := tb.bot.Handle(t.Context(), req).(reply.PublicDoc); always != says {
			t.Errorf("%q: public %t, and Public says %t", req.Command, always, says)
		}
	})
	if seen < 20 {
		t.Errorf("a channel with a book sees %d replies", seen)
	}
	if tb.bot.Elsewhere(t.Context(), bot.Request{Seat: seat("ann"), Command: "progress", ByBook: true}) == nil {
		t.Error("a channel with a book is not told where to ask")
	}
	requests(private(blind))
	tb.as("mo", true, "/club book none")
	requests(private(tb.bot))
}

// TestByBookReader: what a channel does not see, its asker sees as far as they
// have read; and nothing is shared with it.
func TestByBookReader(t *testing.T) {
	tb := newTable(t)
	tb.handle(bot.Request{Seat: seat("ann"), Command: "progress", Options: map[string]string{"place": "finished", "book": "never-let-me-go"}, Confirmed: true})
	ask := bot.Request{Seat: seat("ann"), Options: map[string]string{"question": "what happens to tommy on his donation"}, Room: true, ByBook: true}
	got := tb.handle(ask)
	tb.want(got, "quote: "+late)
	bobs := ask
	bobs.Seat = seat("bob")
	tb.never(tb.handle(bobs), late)
	asked := ask
	asked.Room, asked.Options = false, map[string]string{"question": "what happens to tommy on his donation", "share": "yes"}
	tb.want(tb.handle(asked), "quote: "+late)

	share := bot.Request{Seat: seat("ann"), Command: "share", Options: map[string]string{"ticket": string(got.reply)}, ByBook: true}
	tb.want(tb.handle(share), "This channel is no book club's yet. A moderator makes it one: “/club book” and a title.")
	tb.never(tb.handle(share), late)
	tb.as("mo", true, "/club book Never Let Me Go")
	tb.never(tb.handle(share), "no book club's")
	tb.never(tb.handle(share), late)
	tb.never(tb.handle(ask), late)
	tb.as("mo", true, "/club book off")
	tb.want(tb.handle(share), "This channel is no book club's yet.")

	// While nobody knows which it is, it is not said to be none.
	tb.bot = bot.New(&lost{tb.store, true}, nil)
	tb.never(tb.handle(share), "no book club's")
}

// TestClubBookNone takes a channel's book away, with its pace; its tags stay, and
// what was posted there is edited.
func TestClubBookNone(t *testing.T) {
	p := newPosting(t)
	ask := bot.Request{Seat: seat("ann"), Command: "ask", Options: map[string]string{"question": "why are the students raised for organs?", "book": "never-let-me-go"}}
	p.as("mo", true, "/club tags off")
	p.pace(23)
	p.post("m1", ask, nil)
	p.reads("m1", "quote: The students", "")
	suggested := func() (values string) {
		for _, c := range p.bot.Suggest(t.Context(), bot.Request{Seat: seat("mo"), Command: "club book", Options: map[string]string{"book": "no"}, Moderator: true}, "book") {
			values += c.Value + " "
		}
		return values
	}
	if got := suggested(); !strings.HasSuffix(got, "none ") {
		t.Errorf("suggested are %q", got)
	}
	p.want(p.as("mo", true, "/club book None"), "This channel has no current book now.")
	p.reads("m1", "", "quote: The students")
	p.want(p.as("mo", true, "/book current"), "This channel has no current book.")
	view, err := p.store.Look(t.Context(), bot.Visit{Seat: seat("mo")})
	if want := (bot.Channel{TagsOff: true}); err != nil || view.Channel != want {
		t.Errorf("the channel is %+v, want %+v (%v)", view.Channel, want, err)
	}
	if got := suggested(); strings.Contains(got, "none ") {
		t.Errorf("suggested are %q", got)
	}
	p.want(p.as("ann", false, "/club book none"), "for moderators to decide")

	// A book of that name is meant, where there is one.
	if err := p.bot.AddBook(t.Context(), "club", parseBook(t, "id: o\ntitle: Off\noutline: [{chapters: 9}]\n")); err != nil {
		t.Fatal(err)
	}
	p.want(p.as("mo", true, "/club book off"), "This channel now reads Off.")
	p.want(p.as("mo", true, "/club book none"), "This channel has no current book now.")
}
