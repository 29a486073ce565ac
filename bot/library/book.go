package library

import (
	"slices"

	"dogear/bot/spoiler"
)

// Book is what dogear knows about one book. Title, Author and Also are what is
// printed on its cover; everything about the plot is sealed.
type Book struct {
	ID       spoiler.BookID
	Title    string
	Author   string
	Year     int      // of first publication; zero: unknown
	Language string   // BCP 47, "en"; empty: unknown
	Also     []string // other ways readers name the book
	Outline  Outline
	Editions []Edition
	Names    []Name            // whoever and whatever has a name in it
	Premise  []spoiler.Passage // what a back cover tells, in our own words
	Loaded   []spoiler.Passage // words that are innocent elsewhere, and in talk about this book are not
	Ledger   []Event           // what the book reveals and when
	file     func() []byte     // the book file that this was read from; a function, as nothing prints one
}

// File returns the book file from which the Book was read, which is also its
// stored form; nil for the zero Book.
func (b Book) File() []byte {
	if b.file == nil {
		return nil
	}
	return slices.Clone(b.file())
}

// Chapters returns how many chapters the book has; the end of the book is that
// Position.
func (b Book) Chapters() int { return b.Outline.Chapters() }

// End returns the Position of somebody who has finished the book.
func (b Book) End() spoiler.Position { return spoiler.Position(b.Chapters()) }

// Outline is a book's parts in order. The zero Outline has no chapters.
type Outline []Part

// Part is a run of chapters. Title may be the zero Passage; Titles, if there
// are any, has one Passage a chapter.
type Part struct {
	Title    spoiler.Passage
	Chapters int
	Titles   []spoiler.Passage
}

// Chapters returns the number of chapters in all parts.
func (o Outline) Chapters() int {
	n := 0
	for _, p := range o {
		n += p.Chapters
	}
	return n
}

// ChapterTitle returns the title of chapter n, counted from 1; the zero
// Passage where it has none.
func (o Outline) ChapterTitle(n int) spoiler.Passage {
	for _, p := range o {
		if n <= p.Chapters {
			if n < 1 || n > len(p.Titles) {
				return spoiler.Passage{}
			}
			return p.Titles[n-1]
		}
		n -= p.Chapters
	}
	return spoiler.Passage{}
}

// NameKind tells a person from a place.
type NameKind string

// The kinds of names.
const (
	Person NameKind = "person"
	Group  NameKind = "group"
	Place  NameKind = "place"
	Thing  NameKind = "thing"
	Term   NameKind = "term"
)

// Name is a person, place, thing or coined term and the words readers use for
// it. Words[0] is the name by which the ledger knows it.
type Name struct {
	Words    []spoiler.Passage
	Kind     NameKind
	Pronoun  string // "she", "he", "they" or "it"
	From     spoiler.Position
	Narrator bool
}

// Class says what sort of fact an Event is.
type Class string

// The classes of events.
const (
	Fate    Class = "fate"    // what becomes of somebody
	Secret  Class = "secret"  // what the book keeps back
	Bond    Class = "bond"    // who is what to whom
	Happens Class = "event"   // something that happens
	World   Class = "world"   // how the book's world works
	Outcome Class = "outcome" // how the whole comes out
)

// Event is one entry of a ledger: a fact and the first chapter after which it
// is told.
type Event struct {
	ID      spoiler.Passage // a short name, which may spoil like any other text
	Chapter spoiler.Position
	Fact    spoiler.Passage
	Class   Class
	Major   bool              // tells a fate, the central secret or the outcome
	Who     []spoiler.Passage // Words[0] of the names that it is about
	Says    []spoiler.Passage // paraphrases
	Terms   []spoiler.Passage // words that tell the fact wherever they stand
	Words   []spoiler.Passage // further words that statements of it use
	After   []spoiler.Passage // the events that it presupposes, by ID
	Line    int               // in the book file, from 1
}
