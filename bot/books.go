package bot

import (
	"context"
	"errors"
	"fmt"

	"dogear/bot/answer"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

var errSample = errors.New("the sample club's library is part of dogear and cannot be changed; use a club of your own")

// runBooks lists the books.
func runBooks(t *turn) (reply.Doc, error) {
	w := plain(t.req)
	t.warn(w)
	w.Head("Books:")
	for _, book := range t.club.books {
		w.Write(reply.Item, introduction(book))
	}
	if book, ok := t.club.book(t.view.Channel.Book); ok {
		w.Say("This channel reads {1}.", reply.Name(book.Title))
	}
	return w.doc(), nil
}

// introduction says what a book is called, by whom it is and how long.
func introduction(book library.Book) reply.Phrase {
	chapters := reply.Count(book.Chapters(), "chapter", "chapters")
	if book.Author == "" {
		return reply.Words("{1}, {2}", reply.Name(book.Title), chapters)
	}
	return reply.Words("{1} by {2}, {3}", reply.Name(book.Title), reply.Name(book.Author), chapters)
}

// runAbout introduces a book with what its reviewers say that it is about.
func runAbout(t *turn) (reply.Doc, error) {
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return nil, err
	}
	w, h, ticket := t.start(book)
	w.Write(reply.Heading, introduction(book))
	for _, hit := range answer.Read(whatAbout, book).Visible(t.club.index, book.ID, h) {
		w.Passage(answer.Excerpt(hit))
	}
	switch reviews, entries := len(t.readable(book.ID, h)), len(t.entries(book.ID, h)); {
	case reviews+entries == 0:
		w.Say("The library has nothing on it that I can show you from where you are.")
	default:
		w.Say("From where you are, you can read {1} and {2}: “/reviews list”, “/faq list”.", reply.Count(reviews, "review", "reviews"), reply.Count(entries, "question", "questions"))
	}
	return t.finish(w, book, ticket), nil
}

// whatAbout is the question that tells most of a book to those who know nothing
// of it.
const whatAbout = "What is it about?"

// AddBook puts a book into a club's library, in place of one with the same ID.
// The club's reviews of it are labelled anew.
func (b *Bot) AddBook(ctx context.Context, id ClubID, book library.Book) error {
	return b.change(ctx, id, func(*club) (Change, error) {
		return Change{PutBooks: []library.Book{book}, Entry: Entry{What: "add book", On: string(book.ID)}}, nil
	})
}

// RemoveBook takes a book of the club's own out of its library, with all that
// the club holds about it.
func (b *Bot) RemoveBook(ctx context.Context, id ClubID, book spoiler.BookID) error {
	return b.change(ctx, id, func(c *club) (Change, error) {
		if !c.own[book] {
			return Change{}, fmt.Errorf("the book %q is none of the club's own", book)
		}
		change := Change{RemoveBooks: []spoiler.BookID{book}, RemoveOverlays: []spoiler.BookID{book}, Entry: Entry{What: "remove book", On: string(book)}}
		for id, src := range c.sources {
			if src.Book == book {
				change.RemoveSources = append(change.RemoveSources, id)
				for name := range c.rulings[id] {
					change.RemoveRulings = append(change.RemoveRulings, name)
				}
			}
		}
		for _, src := range c.unread {
			if src.Book == book {
				change.RemoveSources = append(change.RemoveSources, src.ID)
				for name := range c.rulings[src.ID] {
					change.RemoveRulings = append(change.RemoveRulings, name)
				}
			}
		}
		for id, p := range c.proposals {
			if p.Source.Book == book {
				change.RemoveProposals = append(change.RemoveProposals, id)
			}
		}
		return change, nil
	})
}

// AddOverlay reads what a club adds to what is known of a book and puts it in
// the place of what it had added before. Reviews of the book are labelled anew.
// Problems with the file are library.Problems.
func (b *Bot) AddOverlay(ctx context.Context, id ClubID, file library.File) (library.Overlay, error) {
	o, err := library.DecodeOverlay(file.Data, file.Name)
	if err != nil {
		return library.Overlay{}, err
	}
	return o, b.change(ctx, id, func(c *club) (Change, error) {
		base, ok := c.book(o.Book)
		if bare, has := c.bare[o.Book]; has {
			base, ok = bare, true
		}
		if !ok {
			return Change{}, library.Problem{File: file.Name, Why: fmt.Sprintf("book: %q is not known here", o.Book)}
		}
		if o, err = library.ParseOverlay(file.Data, file.Name, base); err != nil {
			return Change{}, err
		}
		return Change{PutOverlays: []library.Overlay{o}, Entry: Entry{What: "add overlay", On: string(o.Book)}}, nil
	})
}
