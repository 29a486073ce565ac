package bot

import (
	"context"
	"errors"
	"time"

	"dogear/bot/answer"
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
	// stored is the channel as the store has it, before anything was filled in.
	stored Channel
	club   *club
	// blind is why the store could not be read; nil when it could. Everyone
	// is then at the start of every book, under Hide.
	blind  error
	margin int          // how many chapters less a place counts as its page would say
	past   past         // what becomes of the part of an answer past the place
	more   bool         // the reply has a next page
	news   reply.Phrase // what the reply says first; zero: nothing
	// unstated says that a place which a question names does not count: where
	// the asker is, is nobody else's business.
	unstated bool
	unsaved  bool // what the request was to change is not in the store
}

// errSeen ends a request whose event was handled before.
var errSeen = errors.New("this was delivered before")

// LimitTo says how often each reader may ask; it is to be called before the
// first request. Without it there is no limit.
func (b *Bot) LimitTo(r Rate) { b.rate = r }

// turn makes the one read of the store that an answer needs and fetches the
// library that it names.
func (b *Bot) turn(ctx context.Context, req Request) (*turn, error) {
	t := &turn{bot: b, ctx: ctx, req: req}
	visit := Visit{Seat: req.Seat, Event: req.Event, Now: b.now()}
	if !req.again {
		visit.Rate = b.rate
	}
	t.view, t.blind = b.store.Look(ctx, visit)
	if t.blind != nil {
		t.view = View{}
	}
	t.stored = t.view.Channel
	t.req.tags = t.stored.tags()
	if req.Club == SampleClub && t.view.Channel.Book == "" {
		t.view.Channel.Book = sampleBook
	}
	if t.blind != nil {
		b.log.ErrorContext(ctx, "progress can't be read", "club", req.Club, "cause", t.blind)
		if t.club = b.blindly(ctx, req.Club, t.blind); t.club == nil {
			return nil, t.blind
		}
		return t, nil
	}
	if t.view.Seen {
		return nil, errSeen
	}
	if wait := t.view.Wait; wait > 0 {
		seconds := int((wait + time.Second - 1) / time.Second)
		return nil, Refusal{reply.Words("That was a lot at once. Please try again in {1}.", reply.Count(seconds, "second", "seconds"))}
	}
	if !req.again {
		b.slot(req.Club).asked.Store(visit.Now.UnixNano())
	}
	var err error
	if t.club, err = b.club(ctx, req.Club, t.view.Version); err != nil {
		return nil, err
	}
	t.view.Channel = t.current(t.view.Channel)
	return t, nil
}

var noBookClub = Refusal{reply.Words("This channel is no book club's yet. A moderator makes it one: “/club book” and a title.")}

// enter lets a request whose reply is the channel's have it there, where the
// channel may see replies at all. Elsewhere the reply is the reader's alone; a
// command that has none but the channel's is refused.
func (t *turn) enter(cmd Command) (room bool, err error) {
	t.req.Room = !t.req.ByBook || t.stored.Book != ""
	switch {
	case t.req.Room || cmd.sight != public:
		return t.req.Room, nil
	case t.blind != nil: // nobody knows which it is
		return false, t.blind
	}
	return false, noBookClub
}

// current returns a channel without its pace where another book has taken the
// place of the one that it was for.
func (t *turn) current(ch Channel) Channel {
	if ch.Of != t.paced(ch.Book) {
		ch.Pace, ch.Before, ch.Paced = 0, 0, 0
	}
	return ch
}

// paced returns what a channel's pace in a book is kept for, as Channel.Of.
func (t *turn) paced(book spoiler.BookID) spoiler.BookID {
	if key := t.club.key(t.req.Club, book).Book; key != book {
		return key
	}
	return ""
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
		if ch.tags() == reply.NoTags || t.blind != nil {
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
		return library.Book{}, Refusal{reply.Words("I don't know the book “{1}”. Say “/book list” to see the ones I know.", reply.Own(named))}
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
	return library.Book{}, Refusal{reply.Words("Which book do you mean? “/book list” lists the ones I know. Name it in your question, or have one chosen for this channel: “/club book” and a title.")}
}

// warn writes the line that goes with an answer given blind.
func (t *turn) warn(w draft) {
	if t.blind != nil {
		w.Say("I can't read your progress right now, so this is only what is safe for everyone.")
	}
}

// issue keeps the ticket of a reply that something can be asked of later. A
// reply given blind covers nothing and offers nothing.
func (t *turn) issue(id reply.Ticket, book library.Book, doc reply.Doc) {
	if t.blind != nil {
		return
	}
	stub := Stub{
		Reader: t.req.Reader, Channel: t.req.Channel, Public: t.req.Room, Book: book.ID, Expires: t.bot.now().Add(t.ticketLife()),
		Command: t.req.Command, Options: bounded(t.req.Options), Covered: t.refs(doc.Covered()), Shown: t.refs(doc.Shown()),
		Language: doc.Language().Tag(),
	}
	stub.Options["book"] = string(book.ID)
	delete(stub.Options, nextPage)
	if t.more {
		stub.Options[nextPage] = "yes"
	}
	t.bot.keep(t.ctx, t.req.Club, id, stub)
}

// ticketLife returns how long a reply can be taken up: a posted spoiler as long
// as its message is kept in mind.
func (t *turn) ticketLife() time.Duration {
	if t.req.Command == spoilerCommand {
		return postLife
	}
	return ticketLife
}

// bounded returns the options of a request, cut to what is kept of them; never
// nil.
func bounded(options map[string]string) map[string]string {
	kept := map[string]string{}
	for name, v := range options {
		kept[name] = v[:min(len(v), longestQuestion)]
	}
	return kept
}

// refs says where quotations are.
func (t *turn) refs(quotations [][]reply.Excerpt) []Ref {
	var out []Ref
	for _, q := range quotations {
		ref := Ref{Source: library.SourceID(q[0].ID)}
		src, _ := t.club.source(ref.Source)
		ref.Digest = edition(src)
		for _, e := range q {
			ref.Sentences = append(ref.Sentences, e.Sentence)
		}
		out = append(out, ref)
	}
	return out
}

// edition tells a source from a corrected one.
func edition(src library.Source) string { return src.Digest[:min(len(src.Digest), 12)] }

// excerpts returns what a Ref points to; false where it has left the library
// or was corrected since.
func (t *turn) excerpts(ref Ref) ([]reply.Excerpt, bool) {
	src, ok := t.club.source(ref.Source)
	if !ok || edition(src) != ref.Digest {
		return nil, false
	}
	var out []reply.Excerpt
	for _, n := range ref.Sentences {
		if !src.Has(n) {
			return nil, false
		}
		e := answer.Cite(src)
		switch {
		case n >= 0:
			e = answer.ExcerptOf(src, n)
		case n != library.TitleOf:
			e.Passage = src.Passage(n)
		}
		e.Sentence = n
		out = append(out, e)
	}
	return out, len(out) > 0
}
