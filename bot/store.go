package bot

import (
	"context"
	"errors"
	"time"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// ClubID names a Discord server, a Slack workspace or a club of the console.
type ClubID string

// ReaderID names a person on one platform.
type ReaderID string

// ChannelID names a channel or a direct message within a club.
type ChannelID string

// ErrNotFound is what a store says of a ticket that it does not hold, or holds
// no longer.
var ErrNotFound = errors.New("not found")

// Store is everything that dogear keeps. Every method is safe for concurrent
// use; what one of them acknowledges is on disk wherever the store has one; a
// cancelled context changes nothing. What a store returns and what it was
// given stay the caller's to change.
type Store interface {
	Readers
	Channels
	Shelves
	Tickets
	Close() error
}

// Readers keeps each reader's places and veils.
type Readers interface {
	// Look is the one read that an answer needs. A reader, channel or club
	// that was never heard of yields its zero value.
	Look(ctx context.Context, at Seat) (View, error)
	// Move changes a reader's bookmark in one atomic step, as Bookmark.Apply
	// says, and returns the bookmark as it then stands. It returns
	// ErrNothingToUndo, and changes nothing, where Apply does.
	Move(ctx context.Context, reader ReaderID, book BookKey, move Move) (Bookmark, error)
	// SetVeil sets the reader's veil for one book, or for all those without
	// their own where the key is zero. An empty veil takes the setting away.
	SetVeil(ctx context.Context, reader ReaderID, book BookKey, veil reply.Veil) error
	// Forget removes everything kept of a reader, their tickets too; one not
	// known is no error.
	Forget(ctx context.Context, reader ReaderID) error
}

// Channels keeps what a club set for a channel.
type Channels interface {
	SetChannel(ctx context.Context, club ClubID, channel ChannelID, set Channel) error
}

// Shelves keeps each club's library.
type Shelves interface {
	// Shelf returns a club's books and sources; version 0 and nothing for a
	// club without any. Books and sources come in the byte order of their IDs.
	Shelf(ctx context.Context, club ClubID) (Shelf, error)
	// Change changes a club's library whole or not at all, raises its version
	// by one and returns the new one.
	Change(ctx context.Context, club ClubID, change Change) (version uint64, err error)
}

// Tickets keeps what covered passages carry out in place of their text.
type Tickets interface {
	// Issue keeps a ticket until it expires. A store may drop it as soon as its
	// own clock is past that.
	Issue(ctx context.Context, club ClubID, id reply.Ticket, stub Stub) error
	// Ticket returns a club's ticket; ErrNotFound where there is none, it is
	// another club's, or it has expired by now.
	Ticket(ctx context.Context, club ClubID, id reply.Ticket, now time.Time) (Stub, error)
}

// Seat is where a question comes from.
type Seat struct {
	Club    ClubID
	Reader  ReaderID
	Channel ChannelID
}

// View is what a store knows about a Seat at one moment.
type View struct {
	Reader  Reader
	Channel Channel
	Version uint64 // of the club's library; 0: it has none
}

// Reader is what is kept of a reader. The zero Reader has started no book.
type Reader struct {
	Bookmarks map[BookKey]Bookmark
	Veils     map[BookKey]reply.Veil // the zero key holds the veil for all other books
}

// Channel is what a club set for a channel. The zero Channel has no current
// book, no pace and its tags on.
type Channel struct {
	Book    spoiler.BookID   `json:"book,omitempty"`
	Pace    spoiler.Position `json:"pace,omitempty"`
	TagsOff bool             `json:"tags_off,omitempty"`
}

// BookKey names a book as bookmarks do: a book that dogear ships has no club,
// so that a reader's place follows them from club to club; a club's own book
// has its club's.
type BookKey struct {
	Club ClubID
	Book spoiler.BookID
}

// Shelf is a club's library as it stands in the store.
type Shelf struct {
	Version uint64
	Books   []library.Book
	Sources []library.Source
}

// Change is what an import or a removal does to a club's library. Removals
// come first; removing what is not there is no error.
type Change struct {
	RemoveSources []library.SourceID
	RemoveBooks   []spoiler.BookID
	PutBooks      []library.Book
	PutSources    []library.Source
}

// Stub is what a ticket stands for. It holds no book text: passages by where
// they are, and the question in the reader's own words.
type Stub struct {
	Reader   ReaderID       `json:"reader"`
	Channel  ChannelID      `json:"channel"`
	Public   bool           `json:"public,omitempty"` // the channel saw the reply, not the reader alone
	Book     spoiler.BookID `json:"book"`
	Question string         `json:"question,omitempty"`
	Passages []Ref          `json:"passages,omitempty"`
	Expires  time.Time      `json:"expires"`
}

// Ref is where a passage is: which sentence of which source, counted from 0.
type Ref struct {
	Source   library.SourceID `json:"source"`
	Sentence int              `json:"sentence"`
}
