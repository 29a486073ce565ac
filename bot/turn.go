package bot

import (
	"context"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// turn is one request on its way to a reply: who asks, what the store knows
// about them, and the library that answers.
type turn struct {
	bot  *Bot
	ctx  context.Context
	req  Request
	view View
	club *club
	// blind is why the store could not be read; nil when it could. Everyone
	// is then at the start of every book, under Hide.
	blind error
}

// turn makes the one read of the store that an answer needs and fetches the
// library that it names.
func (b *Bot) turn(ctx context.Context, req Request) (*turn, error) {
	t := &turn{bot: b, ctx: ctx, req: req}
	t.view, t.blind = b.store.Look(ctx, req.Seat)
	if t.blind != nil {
		t.view = View{}
	}
	if req.Club == SampleClub && t.view.Channel.Book == "" {
		t.view.Channel.Book = sampleBook
	}
	if t.blind != nil {
		b.log.Error("progress can't be read", "club", req.Club, "cause", t.blind)
		if t.club = b.known(req.Club); t.club == nil {
			return nil, t.blind
		}
		return t, nil
	}
	var err error
	t.club, err = b.club(ctx, req.Club, t.view.Version)
	return t, err
}

// option returns an option of the request; empty where it was not given.
func (t *turn) option(name string) string { return t.req.Options[name] }

// bookmark returns the reader's bookmark in a book.
func (t *turn) bookmark(book spoiler.BookID) Bookmark {
	return t.view.Reader.Bookmarks[t.club.key(t.req.Club, book)]
}

// veil returns the reader's veil for a book.
func (t *turn) veil(book spoiler.BookID) reply.Veil {
	if t.blind != nil {
		return reply.Hide
	}
	here, everywhere := t.view.Reader.Veils[t.club.key(t.req.Club, book)], t.view.Reader.Veils[BookKey{}]
	switch {
	case here != "":
		return here
	case everywhere != "":
		return everywhere
	}
	return reply.Tag
}

// audience returns how far those who will see the reply have read, and what
// they want done with the rest. It is the audience that decides, not the
// asker: for a reply that a channel can see, the channel's pace and tags.
func (t *turn) audience(book spoiler.BookID) (spoiler.Horizon, reply.Veil) {
	var h spoiler.Horizon
	if t.req.Room {
		ch := t.view.Channel
		if ch.Book != "" {
			h = h.With(ch.Book, ch.Pace)
		}
		if ch.TagsOff || t.blind != nil {
			return h, reply.Hide
		}
		return h, reply.Tag
	}
	for _, b := range t.club.books {
		h = h.With(b.ID, min(t.bookmark(b.ID).At, b.End()))
	}
	return h, t.veil(book)
}

// book returns the book that a request is about: the one that it names, that
// its question names, that the channel reads, or the only one there is.
func (t *turn) book(named, question string) (library.Book, error) {
	if named != "" {
		if book, ok := t.club.bookCalled(named); ok {
			return book, nil
		}
		return library.Book{}, Refusal{reply.Words("I don't know the book “{1}”. Say “book” to see the ones I know.", reply.Own(named))}
	}
	if book, ok := t.club.bookIn(question); ok {
		return book, nil
	}
	if book, ok := t.club.book(t.view.Channel.Book); ok {
		return book, nil
	}
	candidates := t.club.reviewed()
	if len(candidates) == 0 {
		candidates = t.club.books
	}
	if len(candidates) == 1 {
		return candidates[0], nil
	}
	return library.Book{}, Refusal{reply.Words("Which book do you mean? Say “book” to see the ones I know, and “book” with a title to choose one for this channel.")}
}

// warn writes the line that goes with an answer given blind.
func (t *turn) warn(w draft) {
	if t.blind != nil {
		w.Say("I can't read your progress right now, so this is only what is safe for everyone.")
	}
}

// issue keeps the ticket of a reply that something can be asked of later. A
// ticket that cannot be kept opens nothing, which is the safe side.
func (t *turn) issue(id reply.Ticket, stub Stub, doc reply.Doc) {
	stub.Question = stub.Question[:min(len(stub.Question), longestQuestion)]
	stub.Reader, stub.Channel, stub.Public = t.req.Reader, t.req.Channel, t.req.Room
	stub.Expires = t.bot.now().Add(ticketLife)
	for _, e := range doc.Covered() {
		stub.Passages = append(stub.Passages, Ref{Source: library.SourceID(e.ID), Sentence: e.Sentence})
	}
	if err := t.bot.store.Issue(t.ctx, t.req.Club, id, stub); err != nil {
		t.bot.log.Error("a ticket was not kept", "club", t.req.Club, "cause", err)
	}
}
