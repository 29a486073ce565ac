// Package bot is the life of a book club: a request comes in, a typed document
// goes out, and nothing in between knows which platform it was.
package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// SampleClub is the club that dogear brings along to be tried: its library is
// part of the program, and cannot be changed.
const SampleClub ClubID = "sample"

// sampleBook is the book that a channel of the sample club reads until it
// chooses one.
const sampleBook spoiler.BookID = "never-let-me-go"

// Bot answers readers. It is safe for concurrent use; make one with New.
type Bot struct {
	store Store
	log   *slog.Logger
	now   func() time.Time

	posters map[string]Poster // by what the IDs of their clubs begin with
	measure func(Handled)     // nil: nothing is measured
	typing  typing
	rate    Rate // how often a reader may ask; zero: as often as they like

	reading singleflight.Group // of libraries, by club
	issuing sync.Map           // the Stubs of tickets on their way to the store, by issued
	even    sync.Map           // clubs none of whose posts is owed to its channel, as far as this process knows
	under   sync.Map           // what goes on behind replies, by a channel that is closed when it is over

	mu      sync.Mutex
	clubs   map[ClubID]*slot
	tallies map[ClubID]map[library.SentenceID]int // not in the store yet
	latest  time.Time                             // that Present or Departed was called at
}

// New makes a Bot on a store. A nil log discards. Log lines about a request
// carry its id.
func New(store Store, log *slog.Logger) *Bot {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	log = slog.New(WithRequestIDs(log.Handler()))
	return &Bot{store: store, log: log, now: time.Now, posters: map[string]Poster{}, clubs: map[ClubID]*slot{}, tallies: map[ClubID]map[library.SentenceID]int{}}
}

// Request is something that a reader did.
type Request struct {
	Seat
	Command   string             // a name of the command table; empty: ask
	Options   map[string]string  // by the names of the command's options; Handle notes in it what a number stood for, so that a yes is for the same
	Room      bool               // the reply can be seen by the whole channel
	ByBook    bool               // a channel sees replies only where a book was chosen for it (“/club book”); elsewhere they are for whoever asked, alone
	Confirmed bool               // the reader has said yes already; the command “yes” sets it for what its ticket asked
	Name      string             // what the platform calls the reader, for what they write; empty: nobody knows
	Roles     []string           // of the reader in the club
	Moderator bool               // the platform says that the reader may moderate the club
	Files     []File             // that the reader handed over
	Lacks     func(Command) bool // reports what the platform has no way to ask for: help leaves it out; nil: nothing
	Event     string             // names what the platform delivered, which it may deliver again; empty: it comes once
	Language  string             // of the reply, as the platform tells it: the reader's, or of a Room the club's; empty: English, or what the reply that it goes back to was in
	tags      reply.Tags         // of the channel
	again     bool               // the bot itself asks again what was asked before: that counts for no limit
}

// File is a file that a reader handed over.
type File struct {
	Name string // as they call it
	Data []byte // nil: it could not be fetched
}

// Handle does what a request asks for and returns the reply: a PublicDoc where
// the command answers the channel, or answers where it was asked and the
// request came with Room, else a PrivateDoc; Public tells, but for a request with
// ByBook, which may have a PrivateDoc all the same. It never fails: a problem that
// the reader can mend is told in words that say how; any other shows one
// neutral line with an id, under which the log has the cause. The Doc is nil
// where the request's event was handled before: then nothing is to be said.
func (b *Bot) Handle(ctx context.Context, req Request) reply.Doc {
	start := time.Now()
	ctx, first := withRequestID(ctx)
	doc, h := b.handle(ctx, req)
	if first {
		h.Took = time.Since(start)
		b.handled(ctx, req.Club, h)
	}
	return doc
}

// handle does what a request asks for and returns the reply, with all there is
// to count of it but how long it took.
func (b *Bot) handle(ctx context.Context, req Request) (doc reply.Doc, h Handled) {
	defer func() {
		if p := recover(); p != nil {
			doc, h.Outcome = b.neutral(ctx, req, fmt.Errorf("panic: %T in %q", p, h.Command)), Failed
		}
	}()
	h.Outcome = Refused
	room := Public(req)
	req.Room = room && !req.ByBook // until the store says that a book was chosen
	cmd, ok := commandNamed(req.Command)
	if !ok {
		return refusal(req, unknown), h
	}
	h.Command = cmd.Name
	if err := cmd.check(req.Options); err != nil {
		return refusal(req, *err), h
	}
	req.Command = cmd.Name
	if req.Options == nil {
		req.Options = map[string]string{}
	}
	t, err := b.turn(ctx, req)
	if err == nil && room {
		req.Room, err = t.enter(cmd)
	}
	if err == nil {
		doc, err = t.do(cmd)
		h.Command = t.req.Command // a yes counts as what it was said to
	}
	var no Refusal
	switch {
	case err == nil:
		return doc, t.handledAs(doc)
	case errors.Is(err, errSeen):
		h.Outcome = Dropped
		return nil, h
	case errors.Is(err, errSample):
		return refusal(req, Refusal{reply.Words("This is the sample club: its library is part of dogear and can't be changed.")}), h
	case errors.As(err, &no):
		return refusal(req, no), h
	default:
		h.Outcome = Failed
		return b.neutral(ctx, req, fmt.Errorf("%s: %w", cmd.Name, err)), h
	}
}

var unknown = Refusal{reply.Words("I don't know that command. Say “/help” to see what I can do.")}

var clubless = Refusal{reply.Words("I don't know which club you are in. Tell me your place once where your club is, with “/progress”; then I know it here too.")}

// do runs a command for whoever may.
func (t *turn) do(cmd Command) (reply.Doc, error) {
	if t.req.Club == "" && !cmd.alone {
		return nil, clubless
	}
	if !t.standing().AtLeast(cmd.For) {
		return nil, Refusal{reply.Words("That is for the club's moderators.")}
	}
	if cmd.steers {
		if err := t.maySteer(); err != nil {
			return nil, err
		}
	}
	return cmd.run(t)
}

// draft is a document being written, for whichever audience it is.
type draft struct {
	*reply.Writer
	doc func() reply.Doc
}

// write starts the reply to a request.
func write(req Request, h spoiler.Horizon, veil reply.Veil, ticket reply.Ticket) draft {
	if req.Room {
		tags := req.tags
		if veil == reply.Hide {
			tags = reply.NoTags
		}
		w := reply.In(req.Language).ToChannel(h, tags, ticket)
		return draft{&w.Writer, func() reply.Doc { return w.Doc() }}
	}
	w := reply.In(req.Language).ToReader(h, veil, ticket)
	return draft{&w.Writer, func() reply.Doc { return w.Doc() }}
}

// offerReport offers to report what the reply shows. Under Show that may be what
// lies past the place alone, on which nothing else may hang.
func (w draft) offerReport(veil reply.Veil) {
	if veil == reply.Show || len(w.doc().Shown()) > 0 {
		w.Offer(reply.Report, "Report a spoiler")
	}
}

// plain starts a reply that quotes nothing.
func plain(req Request) draft { return write(req, spoiler.Horizon{}, reply.Hide, "") }

func refusal(req Request, no Refusal) reply.Doc {
	w := plain(req)
	w.Refuse(no.Words)
	return w.doc()
}

// neutral logs what went wrong and returns the one line that readers see.
func (b *Bot) neutral(ctx context.Context, req Request, cause error) reply.Doc {
	b.log.ErrorContext(ctx, "request failed", "club", req.Club, "cause", cause)
	w := plain(req)
	w.Say("Something went wrong on my side, so this may not be done. If it happens again, tell a moderator this number: {1}.", reply.Name(requestIDOf(ctx)))
	return w.doc()
}

// newTicket returns a name that nobody can guess.
func newTicket() reply.Ticket { return reply.Ticket(rand.Text()) }

// Club is what a bot can answer from in one club: the books that every club
// knows and its own, and its sources, of which the spoilers that readers posted
// are none.
func (b *Bot) Club(ctx context.Context, id ClubID) ([]library.Book, []library.Source, error) {
	c, err := b.newest(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	return c.books, c.list(), nil
}

// ClubsOf returns the clubs that a reader is one of, in the order of their IDs:
// those where they set anything or changed the library.
func (b *Bot) ClubsOf(ctx context.Context, reader ReaderID) ([]ClubID, error) {
	return b.store.Clubs(ctx, reader)
}
