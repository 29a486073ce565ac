package bot

import (
	"cmp"
	"slices"
	"strings"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// homeLines is how many books each list of the overview has at most.
const homeLines = 15

// runHome gives readers an overview: their books, what becomes of what lies past
// their place, what the club reads, and what they can have of what is kept.
func runHome(t *turn) (reply.Doc, error) {
	reads := t.reads()
	w := plain(t.req)
	t.warn(w)
	if t.blind == nil {
		t.homeBooks(w, reads)
		t.homeVeils(w)
		t.homeClub(w, reads)
		w.Head("Your data")
		w.OfferDeed(reply.Deed{Command: "privacy show"}, reply.Words("See it"))
		w.OfferDeed(reply.Deed{Command: "privacy export"}, reply.Words("Get it as data"))
		w.OfferDeed(reply.Deed{Command: "privacy forget"}, reply.Words("Forget it"))
	}
	w.OfferDeed(reply.Deed{Command: "help"}, reply.Words("Ask how it works"))
	return w.doc(), nil
}

// current is a book that channels read, and how far those are.
type current struct {
	book library.Book
	pace spoiler.Position
}

// reads returns what the channel reads; where it has no book, or is none, what
// the club's channels read, once each: which those are is theirs to know.
func (t *turn) reads() []current {
	channels := map[ChannelID]Channel{t.req.Channel: t.view.Channel}
	if _, ok := t.club.book(t.view.Channel.Book); !ok && t.req.Club != "" && t.blind == nil {
		channels, t.blind = t.bot.store.Channels(t.ctx, t.req.Club)
		if t.blind != nil {
			t.bot.log.ErrorContext(t.ctx, "a club's channels can't be read", "club", t.req.Club, "cause", t.blind)
		}
	}
	var out []current
	for _, ch := range channels {
		ch = t.current(ch)
		if book, ok := t.club.book(ch.Book); ok {
			out = append(out, current{book, ch.Pace})
		}
	}
	order := func(a, b current) int {
		return cmp.Or(strings.Compare(a.book.Title, b.book.Title), cmp.Compare(a.book.ID, b.book.ID), cmp.Compare(a.pace, b.pace))
	}
	slices.SortFunc(out, order)
	return slices.CompactFunc(out, func(a, b current) bool { return order(a, b) == 0 })
}

// homeBooks says how far the reader is in the books that are read here and in
// those that they have a place in, or else in those to begin with.
func (t *turn) homeBooks(w draft, reads []current) {
	var books, marked []library.Book
	for _, r := range reads {
		books = append(books, r.book)
	}
	for _, b := range t.club.books {
		if t.bookmark(b.ID).Set {
			marked = append(marked, b)
		}
	}
	slices.SortFunc(marked, func(a, b library.Book) int {
		return cmp.Or(t.bookmark(b.ID).When.Compare(t.bookmark(a.ID).When), strings.Compare(a.Title, b.Title)) // the latest first
	})
	for _, b := range marked {
		if !slices.ContainsFunc(books, func(o library.Book) bool { return o.ID == b.ID }) {
			books = append(books, b)
		}
	}
	books = slices.CompactFunc(books, func(a, b library.Book) bool { return a.ID == b.ID }) // read at several paces
	w.Head("Your books")
	if len(marked) == 0 {
		w.Say("You haven't told me your place in any book yet. Set it, and I'll quote as far as you have read.")
	}
	if len(books) == 0 && t.req.Club != "" {
		if books = t.club.reviewed(); len(books) == 0 {
			books = t.club.books
		}
	}
	for _, b := range books[:min(len(books), homeLines)] {
		w.List("{1}: {2}", reply.Name(b.Title), reply.Place(t.bookmark(b.ID).At, b.Chapters()))
		if t.req.Club != "" {
			w.OfferDeed(reply.Deed{Command: "progress", Options: map[string]string{"book": string(b.ID)}, Asks: "place"}, reply.Words("Set my place"))
		}
	}
	if more := len(books) - homeLines; more > 0 {
		w.Say("And {1} more: “/book list”.", reply.Number(more))
	}
}

// homeVeils says what becomes of what lies past the reader's place.
func (t *turn) homeVeils(w draft) {
	everywhere := t.veil("")
	w.Head("Spoilers")
	t.sayVeil(w, everywhere)
	if t.req.Club != "" {
		w.OfferDeed(reply.Deed{Command: "spoilers", Options: map[string]string{"where": "everywhere"}, Asks: "veil"}, reply.Words("Change that for every book"),
			reply.Option{Value: string(reply.Hide), Words: reply.Words("Hide it: no trace of it")},
			reply.Option{Value: string(reply.Tag), Words: reply.Words("Cover it until I open it")},
			reply.Option{Value: string(reply.Show), Words: reply.Words("Show it, in replies that only I see")})
	}
	lines := 0
	for _, b := range t.club.books {
		veil := t.veil(b.ID)
		if veil == everywhere || lines == homeLines {
			continue
		}
		lines++
		switch title := reply.Name(b.Title); veil {
		case reply.Hide:
			w.List("{1}: hidden", title)
		case reply.Show:
			w.List("{1}: shown to you", title)
		default:
			w.List("{1}: covered until you open it", title)
		}
	}
}

// homeClub says what is read here.
func (t *turn) homeClub(w draft, reads []current) {
	w.Head("The club")
	book, here := t.club.book(t.view.Channel.Book)
	switch {
	case t.req.Club == "":
		w.Write(reply.Plain, clubless.Words)
	case here && t.req.Channel != "":
		t.sayCurrent(w, book)
	case len(reads) == 0:
		w.Say("No channel here has a current book yet. “/club book” and a title choose one, in the channel that reads it.")
	default:
		for _, r := range reads[:min(len(reads), homeLines)] {
			w.List("A channel here reads {1}. Its place: {2}.", reply.Name(r.book.Title), reply.Place(r.pace, r.book.Chapters()))
		}
	}
}
