package bot

import (
	"errors"
	"maps"

	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// askFirst starts a reply that asks for a yes before its request is done, to be
// offered with reply.Confirm. Its ticket keeps the request as it now stands,
// with the book that it is about, so that a yes is for the same whatever has
// changed by then; about is empty where it is about none.
func (t *turn) askFirst(about spoiler.BookID) draft {
	if about != "" {
		t.req.Options["book"] = string(about)
	}
	ticket := newTicket()
	if t.blind == nil {
		stub := Stub{
			Reader: t.req.Reader, Channel: t.req.Channel, Book: about, Asks: true, Expires: t.bot.now().Add(ticketLife),
			Command: t.req.Command, Options: bounded(t.req.Options),
		}
		t.bot.keep(t.ctx, t.req.Club, ticket, stub)
	}
	h, _ := t.audience(about)
	return write(t.req, h, reply.Hide, ticket)
}

var lapsed = Refusal{reply.Words("That question has expired. Say it again, and I'll ask you once more.")}

// runYes does what an earlier reply asked its reader a yes for, if they still
// may.
func runYes(t *turn) (reply.Doc, error) {
	if t.blind != nil {
		return t.notSaved(), nil
	}
	stub, err := t.bot.stub(t.ctx, t.req.Club, reply.Ticket(t.option("ticket")))
	if errors.Is(err, ErrNotFound) {
		return nil, lapsed
	}
	if err != nil {
		return nil, err
	}
	cmd, ok := commandNamed(stub.Command)
	if !ok || !stub.Asks || !stub.opens(t.req.Seat) {
		return nil, lapsed
	}
	t.req.Command, t.req.Options, t.req.Confirmed = cmd.Name, map[string]string{}, true
	maps.Copy(t.req.Options, stub.Options)
	return t.do(cmd)
}
