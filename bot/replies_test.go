package bot_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dogear/bot"
	"dogear/bot/label"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/store"
)

// TestRepliesDoNotInterfere changes everything past a place and compares, byte
// by byte, every reply that shows anything of the library: each page of each
// review, list and verdict, privately under every veil and in channels with
// that pace, and what is shared, reported and previewed.
func TestRepliesDoNotInterfere(t *testing.T) {
	for _, book := range library.Shipped() {
		l := label.New(book)
		var sources []library.Source
		for _, src := range library.Sample() {
			if src.Book == book.ID {
				sources = append(sources, l.Label(src))
			}
		}
		t.Run(string(book.ID), func(t *testing.T) { t.Parallel(); repliesDoNotInterfere(t, book, laden(sources, book)) })
	}
	t.Run("real reviews", func(t *testing.T) {
		t.Parallel()
		book := firstBook(t)
		real := sharedReviews(t, book)
		if real == nil {
			t.Skip()
		}
		l := label.New(book)
		for i, src := range real {
			real[i] = l.Label(src)
		}
		repliesDoNotInterfere(t, book, laden(real, book))
	})
}

// laden gives sources what few of them have: titles and related works at all
// places, a sentence that waits for a moderator, and a long review beside the
// short ones, so that lists have second pages.
func laden(sources []library.Source, book library.Book) []library.Source {
	rng := rand.New(rand.NewPCG(3, 4))
	places := []spoiler.Position{0, 0, 5, 10, 17, 22, book.End(), spoiler.Never}
	place := func() spoiler.Position { return places[rng.IntN(len(places))] }
	works := []string{"The Lamp by Mo Finch", "Salt Roads by Ada Quill", "An Empty Pier", "The Lamp", "Nightjar by R. Oss, for its end", "Twelve Doors", "The Weir by J. Holm"}
	var out []library.Source
	for i, src := range sources {
		src.Sentences = slices.Clone(src.Sentences)
		src.Related = slices.Clone(src.Related)
		for range 3 {
			src.Related = append(src.Related, spoiler.Seal(book.ID, place(), works[rng.IntN(len(works))]))
		}
		if i%2 == 0 {
			src.Title = spoiler.Seal(book.ID, place(), fmt.Sprintf("Where it ended for me, part %d", i))
			src.Link = spoiler.Seal(book.ID, place(), fmt.Sprintf("https://club.example/where-it-ended-%d", i))
		}
		for range 2 {
			s := &src.Sentences[rng.IntN(len(src.Sentences))]
			s.Passage = spoiler.Seal(book.ID, spoiler.Never, fmt.Sprintf("Somebody reported this %d. The prose is quiet.", rng.IntN(99)))
		}
		out = append(out, src)
	}
	for i := range 8 { // short ones, some of which are visible from late places alone
		src := out[i%len(sources)]
		src.ID = library.SourceID(fmt.Sprintf("short%d", i))
		src.Reviewer = fmt.Sprintf("Short %c", 'H'-i)
		keep := src.Sentences[i : i+2]
		src.Sentences = slices.Clone(keep)
		out = append(out, src)
	}
	return out
}

// audience is who sees a reply: a reader in private, or a channel.
type audience struct {
	seat  bot.Seat
	room  bool
	whole bool // no trace of what is hidden: the whole reply is the same
}

// audiences are all those at a place; the reader who asks in a channel has read
// the book to its end.
func audiences() map[string]audience {
	out := map[string]audience{
		"room":          {seat: bot.Seat{Club: "club", Reader: "far", Channel: "tags"}, room: true},
		"room, buttons": {seat: bot.Seat{Club: "club", Reader: "far", Channel: "buttons"}, room: true},
		"room, no tags": {seat: bot.Seat{Club: "club", Reader: "far", Channel: "no tags"}, room: true, whole: true},
	}
	for _, veil := range []reply.Veil{reply.Hide, reply.Tag, reply.Show} {
		out[string(veil)] = audience{seat: bot.Seat{Club: "club", Reader: bot.ReaderID(veil), Channel: "tags"}, whole: veil == reply.Hide}
	}
	return out
}

// peopled returns a club's bot whose store holds the audiences at a place.
func peopled(t *testing.T, sources []library.Source, book library.Book, at spoiler.Position) *bot.Bot {
	t.Helper()
	ctx := t.Context()
	s, err := store.Open(ctx, "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = s.Change(ctx, "club", bot.Change{PutSources: sources})
	must(err)
	must(s.SetChannel(ctx, "club", "tags", bot.Channel{}, bot.Channel{Book: book.ID, Pace: at}))
	must(s.SetChannel(ctx, "club", "no tags", bot.Channel{}, bot.Channel{Book: book.ID, Pace: at, TagsOff: true}))
	must(s.SetChannel(ctx, "club", "buttons", bot.Channel{}, bot.Channel{Book: book.ID, Pace: at, TagsOff: true, Buttons: true}))
	for _, a := range audiences() {
		to := at
		if a.room {
			to = book.End()
		} else {
			must(s.SetVeil(ctx, a.seat, bot.BookKey{}, reply.Veil(a.seat.Reader)))
		}
		_, err := s.Move(ctx, a.seat, bot.BookKey{Book: book.ID}, bot.Move{How: bot.Put, To: to})
		must(err)
	}
	return bot.New(s, nil)
}

// seenReply is what of one reply has to be the same.
type seenReply struct {
	asked string
	out   string
	empty bool
}

// walk asks for everything that an audience can ask for.
type walk struct {
	t       *testing.T
	bot     *bot.Bot
	a       audience
	seen    []seenReply
	tickets []reply.Ticket // of replies that can be shared
	preview bool           // a moderator looks at what a reader sees, tagged
}

// ask hands a request to the bot and notes what has to be the same.
func (w *walk) ask(command string, options ...string) *visible {
	req := bot.Request{Seat: w.a.seat, Room: w.a.room, Command: command, Options: map[string]string{}, Moderator: w.preview}
	for i := 0; i < len(options); i += 2 {
		req.Options[options[i]] = options[i+1]
	}
	// A preview is tagged, and so is what is shared with a channel that has tags.
	v := &visible{withPast: w.a.whole && !w.preview && !(command == "share" && w.a.seat.Channel == "tags")}
	doc := w.bot.Handle(w.t.Context(), req)
	doc.Render(v)
	if strings.Contains(v.out.String(), "went wrong") {
		w.t.Errorf("%s %q: %s", command, options, v.out.String())
	}
	w.seen = append(w.seen, seenReply{fmt.Sprint(command, " ", options), v.out.String(), v.quotes+v.named == 0})
	return v
}

// through asks for all pages of a reply, what of it can be reported, and, in
// private, for the reply as the channel may have it.
func (w *walk) through(command string, options ...string) *visible {
	first := w.ask(command, options...)
	for v := first; ; {
		if v.ticket != "" && v.quotes > 1 {
			w.report(v.ticket)
		}
		if v.ticket != "" && !w.a.room {
			w.tickets = append(w.tickets, v.ticket)
		}
		if !v.more {
			return first
		}
		v = w.again("more", v.ticket)
	}
}

// again asks for something about a reply. Tickets differ from bot to bot.
func (w *walk) again(command string, ticket reply.Ticket) *visible {
	v := w.ask(command, "ticket", string(ticket))
	w.seen[len(w.seen)-1].asked = command
	return v
}

// report asks which quotation is meant, which reports nothing yet.
func (w *walk) report(ticket reply.Ticket) {
	private := walk{t: w.t, bot: w.bot, a: w.a, seen: w.seen}
	if w.a.room {
		private.a = audiences()["hide"] // who reads in the channel what another asked
		private.a.seat.Channel = w.a.seat.Channel
	}
	private.again("report", ticket)
	w.seen = private.seen
	if strings.Contains(w.seen[len(w.seen)-1].out, "Thank you") {
		w.t.Fatal("the walk has reported something")
	}
}

// everything walks through all commands.
func (w *walk) everything(sources []library.Source, at spoiler.Position) {
	for _, command := range []string{"help", "home", "book list", "book current", "book about", "reviews list", "reviews verdict", "reviews related", "faq list"} {
		w.through(command)
	}
	for n := 1; ; n++ {
		if v := w.through("reviews read", "review", fmt.Sprint(n)); v.named == 0 {
			break
		}
	}
	for n := 1; ; n++ {
		if v := w.through("faq read", "which", fmt.Sprint(n)); v.quotes == 0 {
			break
		}
	}
	reviewers := map[string]bool{}
	for _, src := range sources {
		if !reviewers[src.Reviewer] {
			reviewers[src.Reviewer] = true
			w.through("reviews by", "reviewer", src.Reviewer)
			w.ask("reviews read", "review", src.Reviewer)
		}
	}
	for _, q := range []string{"what is it about?", "what do people say of the ending?", "does anybody die?", "is it worth reading?"} {
		v := w.through("ask", "question", q)
		if !w.a.room {
			w.again("past", v.ticket)
		}
	}
	if w.a.room {
		return
	}
	for _, ticket := range w.tickets {
		w.again("share", ticket)
	}
	w.preview = true
	for _, n := range []string{"1", "2", "3", "7", "999", "nobody"} {
		w.through("club preview", "place", fmt.Sprint("ch", at), "review", n)
	}
}

// shared shares the first pages of what somebody sees who has read the book to
// its end. What they see themselves is not compared.
func (w *walk) shared(sources []library.Source, at spoiler.Position) {
	w.a = audience{seat: bot.Seat{Club: "club", Reader: "far", Channel: "no tags"}}
	var tickets []reply.Ticket
	for _, command := range []string{"book about", "reviews list", "reviews verdict", "reviews related", "faq list"} {
		tickets = append(tickets, w.ask(command).ticket)
	}
	for _, q := range []string{"what is it about?", "what do people say of the ending?", "is it worth reading?"} {
		tickets = append(tickets, w.ask("ask", "question", q).ticket)
	}
	for _, src := range sources {
		if slices.ContainsFunc(src.Sentences, func(s library.Sentence) bool {
			return (s.Kind == library.Prose || s.Kind == library.Item) && s.Passage.Reveal() <= at && s.Entry == 0
		}) {
			tickets = append(tickets, w.ask("reviews read", "review", string(src.ID)).ticket)
		}
	}
	w.seen, w.a.whole = nil, true
	for _, ticket := range tickets {
		w.again("share", ticket)
	}
}

func repliesDoNotInterfere(t *testing.T, book library.Book, sources []library.Source) {
	rng := rand.New(rand.NewPCG(5, 6))
	compared, shown := 0, 0
	places := []spoiler.Position{0, 13, 7, 21, book.End()}
	if testing.Short() {
		places = places[:2]
	}
	for _, at := range places {
		tour := func(sources []library.Source) map[string][]seenReply {
			b, out := peopled(t, sources, book, at), map[string][]seenReply{}
			for name, a := range audiences() {
				w := &walk{t: t, bot: b, a: a}
				w.everything(sources, at)
				out[name] = w.seen
			}
			far := &walk{t: t, bot: b}
			far.shared(sources, at)
			out["shared from the end"] = far.seen
			return out
		}
		plain := tour(sources)
		for way, change := range mutations {
			changed := tour(mutate(sources, change, at, rng))
			for name, want := range plain {
				got := changed[name]
				for i := range min(len(want), len(got)) {
					compared++
					if !want[i].empty {
						shown++
					}
					if want[i].asked != got[i].asked || want[i].out != got[i].out {
						t.Errorf("%s, %s at %d, %s:\n--- before\n%s--- after, %s\n%s", way, name, at, want[i].asked, want[i].out, got[i].asked, got[i].out)
						break
					}
				}
				if len(want) != len(got) {
					t.Errorf("%s, %s at %d: %d replies before and %d after", way, name, at, len(want), len(got))
				}
			}
		}
	}
	t.Logf("%d replies compared, %d of them not empty", compared, shown)
	if shown*2 < compared {
		t.Errorf("only %d of %d replies hold anything", shown, compared)
	}
}
