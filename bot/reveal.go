package bot

import (
	"errors"
	"strconv"
	"strings"

	"dogear/bot/answer"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

var expired = Refusal{reply.Words("I can't open that any more. Ask again, and I'll look it up afresh.")}

// stub fetches what a ticket stands for, if this reader may use it here: their
// own private reply, or a reply that this channel saw.
func (t *turn) stub(ticket reply.Ticket) (Stub, error) {
	if t.blind != nil {
		return Stub{}, t.blind
	}
	stub, err := t.bot.store.Ticket(t.ctx, t.req.Club, ticket, t.bot.now())
	if errors.Is(err, ErrNotFound) {
		return Stub{}, expired
	}
	if err != nil {
		return Stub{}, err
	}
	if stub.Channel != t.req.Channel || !stub.Public && stub.Reader != t.req.Reader {
		return Stub{}, expired
	}
	return stub, nil
}

// runReveal opens a covered passage for the reader who asks, in private
// whoever saw the cover, after their place has been looked at again.
func runReveal(t *turn) (reply.Doc, error) {
	name, number, _ := strings.Cut(t.option("ticket"), ".")
	stub, err := t.stub(reply.Ticket(name))
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(stub.Passages) || strconv.Itoa(n) != number {
		return nil, expired
	}
	ref := stub.Passages[n-1]
	src, ok := t.club.sources[ref.Source]
	if !ok || ref.Sentence >= len(src.Sentences) {
		return nil, expired // it has left the library since
	}
	h, veil := t.audience(src.Book)
	excerpt := answer.ExcerptOf(src, ref.Sentence)
	return t.open(h, veil, []reply.Excerpt{excerpt})
}

// open shows excerpts to a reader alone: at once where they have read far
// enough, after a confirmation where they have not, and never under Hide.
func (t *turn) open(h spoiler.Horizon, veil reply.Veil, excerpts []reply.Excerpt) (reply.Doc, error) {
	within := true
	for _, e := range excerpts {
		within = within && e.Passage.Within(h)
	}
	switch {
	case within:
	case veil == reply.Hide:
		return nil, Refusal{reply.Words("You have asked me to hide what lies past your place. “spoilers tag” changes that.")}
	case !t.req.Confirmed:
		w := plain(t.req)
		w.Say("That lies past your place. Do you want to see it all the same?")
		w.Offer(reply.Confirm, "Yes, show it to me")
		return w.doc(), nil
	}
	// The reader has asked for these, once and by name.
	w := reply.ToReader(h, reply.Show, "")
	for _, e := range excerpts {
		w.Passage(e)
	}
	return w.Doc(), nil
}

// runPast answers a question again with what lies past the reader's place.
func runPast(t *turn) (reply.Doc, error) {
	in, err := t.again()
	if err != nil {
		return nil, err
	}
	if in.veil == reply.Hide {
		return nil, Refusal{reply.Words("You have asked me to hide what lies past your place. “spoilers tag” changes that.")}
	}
	in.past = onlyPast
	return t.reply(in)
}

// runShare answers a question again, for the whole channel: with its place and
// its tags, and never the asker's.
func runShare(t *turn) (reply.Doc, error) {
	in, err := t.again()
	if err != nil {
		return nil, err
	}
	in.unstated = true // where the asker is, is nobody else's business
	return t.reply(in)
}

// again takes up the question of an earlier reply, for whoever the audience is
// now.
func (t *turn) again() (inquiry, error) {
	stub, err := t.stub(reply.Ticket(t.option("ticket")))
	if err != nil {
		return inquiry{}, err
	}
	book, ok := t.club.book(stub.Book)
	if !ok {
		return inquiry{}, expired
	}
	h, veil := t.audience(book.ID)
	return inquiry{text: stub.Question, book: book, horizon: h, veil: veil, said: true, ticket: newTicket()}, nil
}
