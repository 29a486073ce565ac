package bot

import (
	"context"
	"errors"
	"fmt"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

var errSample = errors.New("the sample club's library is part of dogear and cannot be changed; use a club of your own")

// runBook lists the club's books or chooses the one that a channel reads.
func runBook(t *turn) (reply.Doc, error) {
	w := plain(t.req)
	if title := t.option("book"); title != "" {
		book, err := t.book(title, "")
		if err != nil {
			return nil, err
		}
		set := t.view.Channel
		if set.Book != book.ID {
			set.Book, set.Pace = book.ID, 0 // a pace counts for one book
		}
		if err := t.bot.store.SetChannel(t.ctx, t.req.Club, t.req.Channel, set); err != nil {
			t.bot.log.Error("a channel's book was not saved", "club", t.req.Club, "cause", err)
			return t.notSaved(), nil
		}
		w.Say("This channel now reads {1}.", reply.Name(book.Title))
		return w.doc(), nil
	}
	t.warn(w)
	w.Head("Books:")
	for _, book := range t.club.books {
		switch {
		case book.Author == "":
			w.List("{1}, {2}", reply.Name(book.Title), reply.Count(book.Chapters(), "chapter", "chapters"))
		default:
			w.List("{1} by {2}, {3}", reply.Name(book.Title), reply.Name(book.Author), reply.Count(book.Chapters(), "chapter", "chapters"))
		}
	}
	if book, ok := t.club.book(t.view.Channel.Book); ok {
		w.Say("This channel reads {1}.", reply.Name(book.Title))
	}
	return w.doc(), nil
}

// AddBook puts a book into a club's library, in place of one with the same ID.
// The club's reviews of it are labelled anew.
func (b *Bot) AddBook(ctx context.Context, id ClubID, book library.Book) error {
	if id == SampleClub {
		return errSample
	}
	_, err := b.store.Change(ctx, id, Change{PutBooks: []library.Book{book}})
	return err
}

// RemoveBook takes a book of the club's own out of its library, with all that
// the club holds about it.
func (b *Bot) RemoveBook(ctx context.Context, id ClubID, book spoiler.BookID) error {
	if id == SampleClub {
		return errSample
	}
	c, err := b.club(ctx, id, anyVersion)
	if err != nil {
		return err
	}
	if !c.own[book] {
		return fmt.Errorf("the book %q is none of the club's own", book)
	}
	change := Change{RemoveBooks: []spoiler.BookID{book}}
	for _, src := range c.list() {
		if src.Book == book {
			change.RemoveSources = append(change.RemoveSources, src.ID)
		}
	}
	_, err = b.store.Change(ctx, id, change)
	return err
}
