package bot

import (
	"errors"
	"strconv"
	"strings"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// runProgress shows or changes the reader's place in a book.
func runProgress(t *turn) (reply.Doc, error) {
	if err := t.bookOfTicket(); err != nil {
		return nil, err
	}
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return nil, err
	}
	place := strings.ToLower(strings.TrimSpace(t.option("place")))
	switch place {
	case "", "show":
		return t.showPlace(book), nil
	case "undo":
		return t.move(book, Move{How: Undo})
	case "clear":
		return t.move(book, Move{How: Clear})
	}
	at, edition, err := readPlace(book, place)
	if err != nil {
		return nil, err
	}
	if at == book.End() && !t.req.Confirmed && t.bookmark(book.ID).At != at && t.blind == nil {
		w := t.askFirst(book.ID)
		w.Say("Finished {1}? That opens every spoiler in it to you.", reply.Name(book.Title))
		w.Offer(reply.Confirm, "Yes, I've finished it")
		return w.doc(), nil
	}
	t.margin = edition.Margin()
	return t.move(book, Move{How: Put, To: at})
}

// bookOfTicket has a ticket's reply say which book a request is about, where
// the request comes with one: a control does, and nothing that is typed.
func (t *turn) bookOfTicket() error {
	ticket := reply.Ticket(t.option("ticket"))
	if ticket == "" || t.blind != nil {
		return nil
	}
	stub, err := t.stub(ticket)
	if err != nil {
		return err
	}
	if _, ok := t.club.book(stub.Book); !ok {
		return expired
	}
	t.req.Options["book"] = string(stub.Book)
	delete(t.req.Options, "ticket") // a yes does not ask it again
	return nil
}

// further returns the places past one that a reader may have reached, the end
// of the book last.
func further(book library.Book, at spoiler.Position) []reply.Option {
	var out []reply.Option
	for at++; at < book.End() && len(out) < reply.MostChoices-1; at++ {
		out = append(out, reply.Option{Value: strconv.Itoa(int(at)), Words: reply.Words("Finished chapter {1}", reply.Number(int(at)))})
	}
	return append(out, reply.Option{Value: "finished", Words: reply.Words("Finished the book")})
}

func (t *turn) showPlace(book library.Book) reply.Doc {
	w := plain(t.req)
	t.warn(w)
	switch mark := t.bookmark(book.ID); {
	case t.blind != nil:
	case !mark.Set:
		w.Say("You haven't told me how far you are in {1}. Say “/progress 7” once you have finished chapter 7.", reply.Name(book.Title))
	default:
		w.Say("Your place in {1}: {2}.", reply.Name(book.Title), reply.Place(mark.At, book.Chapters()))
	}
	return w.doc()
}

// move changes the reader's bookmark and says how it then stands. What was not
// saved is said to be not saved.
func (t *turn) move(book library.Book, m Move) (reply.Doc, error) {
	if t.blind != nil {
		return t.notSaved(), nil
	}
	m.Now = t.bot.now()
	mark, err := t.bot.store.Move(t.ctx, t.req.Seat, t.club.key(t.req.Club, book.ID), m)
	switch {
	case errors.Is(err, ErrNothingToUndo):
		return nil, Refusal{reply.Words("There is no change of the last day to undo.")}
	case err != nil:
		t.bot.log.ErrorContext(t.ctx, "progress was not saved", "club", t.req.Club, "cause", err)
		return t.notSaved(), nil
	}
	w := plain(t.req)
	if !mark.Set {
		w.Say("I've forgotten your place in {1}; for me you have not started.", reply.Name(book.Title))
	} else {
		w.Say("Saved. Your place in {1}: {2}.", reply.Name(book.Title), reply.Place(mark.At, book.Chapters()))
	}
	if t.margin > 0 && mark.Set && mark.At < book.End() {
		w.Say("I know only how long that edition is, not where its chapters begin, so I count up to {1} less than it would say.", reply.Count(t.margin, "chapter", "chapters"))
	}
	if mark.Undo {
		w.Say("If that was a slip, say “/progress undo”.")
	}
	return w.doc(), nil
}

func (t *turn) notSaved() reply.Doc {
	t.unsaved = true
	w := plain(t.req)
	w.Say("That was not saved: I can't reach my notes right now. Please try again in a moment.")
	return w.doc()
}

// runSpoilers shows or changes the reader's veil.
func runSpoilers(t *turn) (reply.Doc, error) {
	word := strings.ToLower(t.option("veil"))
	here := strings.ToLower(t.option("where")) == "here" || t.option("book") != ""
	var book library.Book
	var key BookKey
	if here {
		var err error
		if book, err = t.book(t.option("book"), ""); err != nil {
			return nil, err
		}
		key = t.club.key(t.req.Club, book.ID)
	}
	w := plain(t.req)
	if word == "" {
		if !here {
			if b, err := t.book("", ""); err == nil {
				book = b // what holds for the book at hand
			}
		}
		t.warn(w)
		t.sayVeil(w, t.veil(book.ID))
		return w.doc(), nil
	}
	veil, ok := reply.ParseVeil(word)
	if !ok {
		return nil, Refusal{reply.Words("Say “/spoilers hide”, “/spoilers tag” or “/spoilers show”.")}
	}
	if t.blind != nil {
		return t.notSaved(), nil // else a book's own setting could stay that was not seen
	}
	// What holds for every book takes away what was set for one: the general
	// setting first.
	keys := []BookKey{key}
	if !here {
		for k := range t.view.Reader.Veils {
			if k != key {
				keys = append(keys, k)
			}
		}
	}
	for _, k := range keys {
		set := veil
		if k != key {
			set = ""
		}
		if err := t.bot.store.SetVeil(t.ctx, t.req.Seat, k, set); err != nil {
			t.bot.log.ErrorContext(t.ctx, "a veil was not saved", "club", t.req.Club, "cause", err)
			return t.notSaved(), nil
		}
	}
	if here {
		w.Say("Saved, for {1}.", reply.Name(book.Title))
	} else {
		w.Say("Saved, for every book.")
	}
	t.sayVeil(w, veil)
	return w.doc(), nil
}

func (t *turn) sayVeil(w draft, veil reply.Veil) {
	switch veil {
	case reply.Hide:
		w.Say("What lies past your place is hidden: you will see no trace of it.")
	case reply.Show:
		w.Say("What lies past your place is shown to you, in replies that only you see.")
	default:
		w.Say("What lies past your place is covered until you open it.")
	}
}
