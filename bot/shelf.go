package bot

import (
	"math"
	"time"

	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// Shelf is a club's library as it stands in the store.
type Shelf struct {
	Version   Version
	Books     []library.Book
	Overlays  []library.Overlay
	Sources   []library.Source
	Proposals []Proposal
	Rulings   []Ruling
	Settings  Settings
}

// AnyVersion is the Base of a Change that does not hang on what is there.
var AnyVersion = Version{N: math.MaxUint64}

// Change is what is done to a club's library in one step. Removals come first;
// removing what is not there is no error.
type Change struct {
	Base            Version // the version that it was worked out from
	RemoveBooks     []spoiler.BookID
	RemoveOverlays  []spoiler.BookID
	RemoveSources   []library.SourceID
	RemoveProposals []library.SourceID
	RemoveRulings   []library.SentenceID
	PutBooks        []library.Book
	PutOverlays     []library.Overlay
	PutSources      []library.Source
	PutProposals    []Proposal
	PutRulings      []Ruling
	Settings        *Settings // nil: they stay
	Entry           Entry     // for the log; zero: none
}

// Proposal is a review that a member wrote and a moderator has not approved
// yet.
type Proposal struct {
	Source library.Source
	When   time.Time
}

// Settings is what a club's moderators decide for all its channels. In the zero
// Settings nobody but moderators posts at once, or changes a channel.
type Settings struct {
	Trusted []string `json:"trusted,omitempty"` // roles whose members' reviews need no approval
	Steer   Standing `json:"steer,omitempty"`   // who may choose a channel's book, pace and tags; empty: moderators
}

// Standing is what somebody may do in a club.
type Standing string

// The standings, from the lowest.
const (
	Member    Standing = "member"
	Trusted   Standing = "trusted"
	Moderator Standing = "moderator"
)

// AtLeast reports whether a standing is that high. The empty Standing is a
// member's.
func (s Standing) AtLeast(want Standing) bool { return s.rank() >= want.rank() }

func (s Standing) rank() int {
	switch s {
	case Moderator:
		return 2
	case Trusted:
		return 1
	}
	return 0
}

// Entry is a line of a club's log: who did what to its library. It names
// sources by ID and quotes nothing.
type Entry struct {
	When  time.Time `json:"when"`
	By    ReaderID  `json:"by,omitempty"` // empty: the operator, at the command line
	What  string    `json:"what"`         // "import", "approve", "report", "decide" …
	On    string    `json:"on,omitempty"` // a source, a book or a reader, by ID
	Count int       `json:"count,omitempty"`
}

// Names reports whether an Entry names a reader; the operator has no name.
func (e Entry) Names(reader ReaderID) bool {
	return reader != "" && (e.By == reader || e.On == string(reader))
}

// Forgotten returns the Entry without a reader's name.
func (e Entry) Forgotten(reader ReaderID) Entry {
	const nobody = "left"
	if e.By == reader {
		e.By = nobody
	}
	if e.On == string(reader) {
		e.On = nobody
	}
	return e
}

// IsZero reports whether an Entry says nothing.
func (e Entry) IsZero() bool { return e == Entry{} }
