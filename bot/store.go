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

// MessageID names a message within a channel.
type MessageID string

var (
	// ErrNotFound is what a store says of a ticket that it does not hold, or
	// holds no longer.
	ErrNotFound = errors.New("not found")
	// ErrStale is what a store says to a change that was worked out from
	// something else than it holds now.
	ErrStale = errors.New("it has changed meanwhile")
	// ErrNewer is what a store says to a call that would have to read or write
	// over what a newer dogear has kept.
	ErrNewer = errors.New("a newer dogear has written this")
	// ErrDamaged is what a store says of what it keeps and can't read.
	ErrDamaged = errors.New("a record does not decode")
	// ErrNotEmpty is what a store says to a Load into a club that it knows.
	ErrNotEmpty = errors.New("the club has a library already")
)

// Store is everything that dogear keeps. Every method is safe for concurrent
// use; what one of them acknowledges is on disk wherever the store has one, or
// as safe as the server that holds it is set to make it; a cancelled context
// changes nothing. What a store returns and what it was given stay the caller's
// to change.
type Store interface {
	Readers
	Channels
	Shelves
	Tickets
	Posts
	Tallies
	Archive
	Departures
	Close() error
}

// Readers keeps each reader's places and veils.
type Readers interface {
	// Look is the one call that an answer needs: it reads what is kept, marks
	// the visit's event as seen, and takes from what the reader may ask. A
	// reader, channel or club that was never heard of yields its zero value.
	Look(ctx context.Context, visit Visit) (View, error)
	// Move changes a reader's bookmark in one atomic step, as Bookmark.Apply
	// says, and returns the bookmark as it then stands. It returns
	// ErrNothingToUndo, and changes nothing, where Apply does. The reader is
	// then one of the seat's club.
	Move(ctx context.Context, at Seat, book BookKey, move Move) (Bookmark, error)
	// SetVeil sets the reader's veil for one book, or for all those without
	// their own where the key is zero. An empty veil takes the setting away.
	// The reader is then one of the seat's club.
	SetVeil(ctx context.Context, at Seat, book BookKey, veil reply.Veil) error
	// Clubs returns the clubs that a reader is one of, in the order of their
	// IDs: those where they set anything or changed the library.
	Clubs(ctx context.Context, reader ReaderID) ([]ClubID, error)
	// Forget removes everything kept of a reader in every club: places, veils,
	// tickets, from posts what they asked, from logs their name. One not known
	// is no error.
	Forget(ctx context.Context, reader ReaderID) error
}

// Channels keeps what a club set for a channel.
type Channels interface {
	// SetChannel sets a channel that stands as was; ErrStale, and nothing is
	// set, where it stands otherwise.
	SetChannel(ctx context.Context, club ClubID, channel ChannelID, was, set Channel) error
	// Channels returns a club's channels that are set to anything.
	Channels(ctx context.Context, club ClubID) (map[ChannelID]Channel, error)
}

// Shelves keeps each club's library.
type Shelves interface {
	// Shelf returns a club's library; the zero Version and nothing for a club
	// without any. What it lists comes in the byte order of its IDs.
	Shelf(ctx context.Context, club ClubID) (Shelf, error)
	// Since returns what makes the library that stood at a version into the one
	// that stands now, and the version of that; ErrStale where the store can't
	// tell, and the whole of it has to be read.
	Since(ctx context.Context, club ClubID, from Version) (Change, Version, error)
	// Change changes a club's library whole or not at all, counts its version
	// up by one and returns the new one; ErrStale where it does not stand at
	// the version that the change was worked out from.
	Change(ctx context.Context, club ClubID, change Change) (Version, error)
	// Watch calls changed, one call at a time, when another process has changed
	// a club's library, until ctx ends. A call may come late, twice or never:
	// the version that Look returns is the truth.
	Watch(ctx context.Context, changed func(ClubID)) error
	// Log returns up to n of a club's latest entries, the latest first.
	Log(ctx context.Context, club ClubID, n int) ([]Entry, error)
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

// Posts keeps which messages hold what, so that they can be edited.
type Posts interface {
	// Post keeps what a message holds until that expires, in place of what was
	// kept of it before; one that holds nothing is kept no longer. Where whoever
	// asked was forgotten, nothing of them is kept again.
	Post(ctx context.Context, club ClubID, post Post) error
	// Posts returns a club's posts that hold anything of a source, or all of
	// them where that is empty, if they have not expired by now, in the byte
	// order of channel and message.
	Posts(ctx context.Context, club ClubID, source library.SourceID, now time.Time) ([]Post, error)
	// Owing returns the clubs whose posts may not be edited up to their library,
	// in the order of their IDs.
	Owing(ctx context.Context) ([]ClubID, error)
	// ClaimEdits returns up to which version of a club's library its posts have
	// been edited, and leaves the rest of them to the caller for as long as
	// lease; false where nothing is to be done, or another has claimed it.
	ClaimEdits(ctx context.Context, club ClubID, lease time.Duration) (from Version, ok bool, err error)
	// EditsDone ends a claim: posts have been edited up to a version, which is
	// from itself where it came to nothing. Where somebody else has meanwhile
	// edited further, that stands.
	EditsDone(ctx context.Context, club ClubID, from, upTo Version) error
}

// Tallies counts how often a sentence would have been quoted, had it been open.
type Tallies interface {
	// Tally adds to the counts of a club's sentences.
	Tally(ctx context.Context, club ClubID, add map[library.SentenceID]int) error
	// Tallies returns the counts that are not zero.
	Tallies(ctx context.Context, club ClubID) (map[library.SentenceID]int, error)
}

// Archive moves a whole club from one store to another.
type Archive interface {
	// Dump hands out everything kept of a club: its library and log, channels,
	// tickets, posts, tallies, and its readers as far as concerns books that
	// dogear ships and the club's own. Records come in the byte order of kind
	// and ID; the library is as of one moment.
	Dump(ctx context.Context, club ClubID) (version uint64, records []Record, err error)
	// Load puts what Dump handed out into a club whose version is 0, whole or
	// not at all; ErrNotEmpty where it is not. A place or veil that a reader
	// has already stays.
	Load(ctx context.Context, club ClubID, version uint64, records []Record) error
}

// Departures keeps which clubs have removed dogear, until nothing is kept of
// them.
type Departures interface {
	// Known returns the clubs of which anything is kept, other than tickets and
	// posts, which expire, and whose IDs begin with a prefix, in the order of their
	// IDs.
	Known(ctx context.Context, prefix string) ([]ClubID, error)
	// Gone returns the clubs that are noted as gone and whose IDs begin with a
	// prefix, and since when; the zero time for one of which a Purge has begun
	// and not ended.
	Gone(ctx context.Context, prefix string) (map[ClubID]time.Time, error)
	// SetGone notes since when a club is gone or, with the zero time, that it is
	// not, and reports whether that is news: what is noted already stays, and so
	// does what a Purge has begun.
	SetGone(ctx context.Context, club ClubID, since time.Time) (news bool, err error)
	// Purge removes everything that Dump hands out of a club, what its members
	// have for the club's own books with it, and that it is gone. What readers
	// have for books that dogear ships, and their veils for all books, stay. The
	// club is then one that was never heard of; one that was not is no error. A
	// Purge that was cut off is ended by the next one.
	Purge(ctx context.Context, club ClubID) error
}

// Seat is where a question comes from.
type Seat struct {
	Club    ClubID
	Reader  ReaderID
	Channel ChannelID
}

// Visit is a question on its way in.
type Visit struct {
	Seat
	Event string    // names what the platform delivered, which it may deliver again; empty: it comes once
	Rate  Rate      // how often the reader may ask; zero: as often as they like
	Now   time.Time // counts for Event and Rate alone
}

// EventLife is how long an event is remembered: longer than any platform goes
// on delivering it.
const EventLife = 15 * time.Minute

// Rate is an allowance: Burst at once, and one more each time that Every goes
// by. The zero Rate is no limit.
type Rate struct {
	Burst int
	Every time.Duration
}

// Take returns the state of an allowance after one was taken from it at now,
// or how long to wait for the next where there is none left; the state is kept
// either way. It is the time at which all of the Burst is there again; zero, or
// past: it is. It is the one rule that every store follows.
func (r Rate) Take(state, now time.Time) (next time.Time, wait time.Duration) {
	if r.Burst <= 0 || r.Every <= 0 {
		return state, 0
	}
	whole := time.Duration(r.Burst) * r.Every
	if state.Before(now) {
		state = now
	}
	// A clock that went back must not shut anybody out for longer.
	if full := now.Add(whole); state.After(full) {
		state = full
	}
	if wait = state.Sub(now) - (whole - r.Every); wait > 0 {
		return state, wait
	}
	return state.Add(r.Every), 0
}

// View is what a store knows about a Seat at one moment.
type View struct {
	Reader  Reader
	Channel Channel
	Version Version       // of the club's library
	Seen    bool          // the visit's event has been here before
	Wait    time.Duration // until the reader may ask again; 0: they may now
}

// Version says how a club's library stands. The zero Version is that of a club
// without any.
type Version struct {
	N uint64 // how often it was changed
	// Mark tells libraries apart that were changed as often: a server that lost
	// its last changes in a failover counts them again, and so does a club that
	// was purged. Empty where neither can be.
	Mark string
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
	Of      spoiler.BookID   `json:"of,omitempty"` // what BookKey calls that book, where this is another name: a pace counts for no other
	Pace    spoiler.Position `json:"pace,omitempty"`
	TagsOff bool             `json:"tags_off,omitempty"` // no message here holds what lies past the pace
	Buttons bool             `json:"buttons,omitempty"`  // with TagsOff: a button stands in its place; a dogear that does not know them hides it
	Before  spoiler.Position `json:"before,omitempty"`   // the pace before the last change of it
	Paced   int64            `json:"paced,omitempty"`    // when that was, in Unix seconds; 0: nothing to undo
}

// BookKey names a book as bookmarks do: a book that dogear ships has no club,
// so that a reader's place follows them from club to club; a club's own book
// has its club's.
type BookKey struct {
	Club ClubID
	Book spoiler.BookID
}

// Stub is what a ticket stands for: a reply, by how to make it again and by
// where its passages are. It holds no book text.
type Stub struct {
	Reader   ReaderID          `json:"reader"`
	Channel  ChannelID         `json:"channel"`
	Public   bool              `json:"public,omitempty"` // the channel saw the reply, not the reader alone
	Asks     bool              `json:"asks,omitempty"`   // the reply asks for a yes: the ticket says it, and does nothing else
	Book     spoiler.BookID    `json:"book,omitempty"`
	Command  string            `json:"command,omitempty"`
	Options  map[string]string `json:"options,omitempty"` // in the reader's own words
	Covered  []Ref             `json:"covered,omitempty"`
	Shown    []Ref             `json:"shown,omitempty"`
	Language string            `json:"language,omitempty"` // of the reply, as its Doc says; empty: English
	Expires  time.Time         `json:"expires"`
}

// Ref is where a quotation is: which sentences of which source, counted from 0.
type Ref struct {
	Source    library.SourceID `json:"source"`
	Digest    string           `json:"digest,omitempty"` // of the source as it was then: a corrected one counts anew
	Sentences []int            `json:"sentences"`        // or other texts, as library.Source.Has knows them
}

// Post is a message that others can see, with what it holds and how to make it
// again.
type Post struct {
	Channel  ChannelID         `json:"channel"`
	Message  MessageID         `json:"message"`
	Asker    ReaderID          `json:"asker,omitempty"`
	Command  string            `json:"command,omitempty"` // empty: whoever asked was forgotten, with what they asked
	Options  map[string]string `json:"options,omitempty"`
	Holds    []Ref             `json:"holds,omitempty"`
	Language string            `json:"language,omitempty"` // of the message; empty: English
	Owed     bool              `json:"owed,omitempty"`     // its channel wants it otherwise, and it could not be edited
	Expires  time.Time         `json:"expires"`
}
