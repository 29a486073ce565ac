package bot

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

var expired = Refusal{reply.Words("I can't open that any more. Ask again, and I'll look it up afresh.")}

var hidden = Refusal{reply.Words("You have asked me to hide what lies past your place. “/spoilers tag” changes that.")}

// stub fetches what a ticket stands for, if this reader may use it here: their
// own private reply, or a reply that this channel saw.
func (t *turn) stub(ticket reply.Ticket) (Stub, error) {
	if t.blind != nil {
		return Stub{}, t.blind
	}
	stub, err := t.bot.stub(t.ctx, t.req.Club, ticket)
	if errors.Is(err, ErrNotFound) {
		return Stub{}, expired
	}
	if err != nil {
		return Stub{}, err
	}
	if !stub.opens(t.req.Seat) || stub.Asks {
		return Stub{}, expired
	}
	t.req.Language = cmp.Or(t.req.Language, stub.Language)
	return stub, nil
}

// opens reports whether a ticket may be used from a seat.
func (s Stub) opens(at Seat) bool {
	return s.Channel == at.Channel && (s.Public || s.Reader == at.Reader)
}

// runReveal opens a covered passage for the reader who asks, in private
// whoever saw the cover, after their place has been looked at again.
func runReveal(t *turn) (reply.Doc, error) {
	name, number, _ := strings.Cut(t.option("ticket"), ".")
	stub, err := t.stub(reply.Ticket(name))
	if err != nil {
		return nil, err
	}
	ref, ok := pick(stub.Covered, number)
	if !ok {
		return nil, expired
	}
	excerpts, ok := t.excerpts(ref)
	if !ok {
		return nil, expired
	}
	book, ok := t.club.book(stub.Book)
	if !ok {
		return nil, expired
	}
	h, veil := t.audience(book.ID)
	if src, _ := t.club.source(ref.Source); src.Spoiler && src.Author != "" && src.Author == string(t.req.Reader) {
		h = h.With(src.Book, book.End()) // their own words: whether those lie past their place is nothing to learn
	}
	return t.open(book, h, veil, excerpts)
}

// pick returns the one of a reply's quotations that a number names, counted
// from 1.
func pick(refs []Ref, number string) (Ref, bool) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(refs) || strconv.Itoa(n) != number {
		return Ref{}, false
	}
	return refs[n-1], true
}

// open shows excerpts to a reader alone: at once where they have read far
// enough, after a confirmation where they have not, and never under Hide.
func (t *turn) open(book library.Book, h spoiler.Horizon, veil reply.Veil, excerpts []reply.Excerpt) (reply.Doc, error) {
	excerpts = slices.DeleteFunc(excerpts, func(e reply.Excerpt) bool { return e.Passage.Reveal() == spoiler.Never })
	if len(excerpts) == 0 {
		return nil, expired // a report covers it for everybody
	}
	within := true
	for _, e := range excerpts {
		within = within && e.Passage.Within(h)
	}
	switch {
	case within:
	case veil == reply.Hide:
		return nil, hidden
	case !t.req.Confirmed:
		w := t.askFirst(book.ID)
		w.Say("That lies past your place. Do you want to see it all the same?")
		w.Offer(reply.Confirm, "Yes, show it to me")
		return w.doc(), nil
	}
	// The reader has asked for these, once and by name.
	ticket := newTicket()
	w := reply.In(t.req.Language).ToReader(h, reply.Show, ticket)
	if len(excerpts) == 1 && excerpts[0].Kind != "spoiler" { // which is long enough without its author
		w.Passage(excerpts[0])
	} else {
		w.Source(0, excerpts[0])
		w.Paragraph(excerpts)
	}
	w.Offer(reply.Report, "Report a spoiler")
	doc := w.Doc()
	t.issue(ticket, book, doc)
	return doc, nil
}

// runPast answers a question again with what lies past the reader's place.
func runPast(t *turn) (reply.Doc, error) {
	cmd, next, err := t.again()
	if err != nil {
		return nil, err
	}
	if cmd.Name != "ask" {
		return nil, expired
	}
	if _, veil := t.audience(spoiler.BookID(next.option("book"))); veil == reply.Hide {
		return nil, hidden
	}
	next.past = onlyPast
	return next.do(cmd)
}

var forOneAlone = Refusal{reply.Words("That reply is for you alone.")}

// runShare makes a reply again, for the whole channel: with its place and its
// tags, and never the asker's.
func runShare(t *turn) (reply.Doc, error) {
	cmd, next, err := t.again()
	if err != nil {
		return nil, err
	}
	if cmd.sight != asAsked {
		return nil, forOneAlone
	}
	next.unstated = true
	return next.do(cmd)
}

// nextPage is set among a ticket's options where its reply has a next page.
const nextPage = "more"

// offerMore offers the next page of a reply.
func (t *turn) offerMore(w draft) {
	t.more = true
	w.Offer(reply.More, "Next page")
}

// runMore makes the next page of a reply.
func runMore(t *turn) (reply.Doc, error) {
	cmd, next, err := t.again()
	if err != nil {
		return nil, err
	}
	if next.option(nextPage) == "" {
		return nil, Refusal{reply.Words("That was all of it: there is no next page.")}
	}
	if next.req.Room && cmd.sight != asAsked {
		return nil, forOneAlone
	}
	next.turnPage()
	return next.do(cmd)
}

func (t *turn) turnPage() { t.req.Options["page"] = strconv.Itoa(t.page() + 1) }

// again takes up an earlier reply, for whoever the audience is now.
func (t *turn) again() (Command, *turn, error) {
	stub, err := t.stub(reply.Ticket(t.option("ticket")))
	if err != nil {
		return Command{}, nil, err
	}
	cmd, ok := commandNamed(stub.Command)
	if _, known := t.club.book(stub.Book); !ok || !known {
		return Command{}, nil, expired
	}
	next := *t
	next.req.Command, next.req.Options = cmd.Name, maps.Clone(stub.Options)
	return cmd, &next, nil
}
