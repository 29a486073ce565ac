// Package spoiler is dogear's one rule: a passage is shown to those who have
// read far enough, and its text cannot be had without saying how far that is.
package spoiler

import (
	"maps"
	"math"
)

// BookID names a book. It is opaque; the empty BookID names no book.
type BookID string

// Position is the number of chapters that a reader has finished. Zero means
// not started; a book of N chapters is finished at N.
type Position int

// Never is the Reveal of a text that no reader may see, however far they are:
// one that spoils another book, say. No bookmark ever holds it.
const Never Position = math.MaxInt32

// Horizon is how far an audience has read, book by book. The zero Horizon has
// read nothing. A Horizon does not change: With returns another one.
type Horizon struct {
	at map[BookID]Position
}

// At returns how far the audience is in a book; zero for a book it has not
// begun.
func (h Horizon) At(book BookID) Position { return h.at[book] }

// With returns the same Horizon but for one book. A negative Position counts
// as zero.
func (h Horizon) With(book BookID, at Position) Horizon {
	next := maps.Clone(h.at)
	if next == nil {
		next = make(map[BookID]Position, 1)
	}
	next[book] = max(at, 0)
	return Horizon{at: next}
}

// Passage is a text with the Position from which it spoils nothing. The zero
// Passage holds no text and opens to nobody.
//
// The text is what a function returns, so that nothing prints it: a pointer
// alone would do for %v, JSON and slog, but fmt follows one for a verb that
// does not fit (%s, %x), and so do dumpers built on reflection.
type Passage struct {
	p *sealed
}

type sealed struct {
	book   BookID
	reveal Position
	text   func() string
}

// Seal makes a Passage of a text about a book that spoils nothing once reveal
// chapters are finished. A negative reveal is a mistake of the caller's and
// seals the text for ever.
func Seal(book BookID, reveal Position, text string) Passage {
	if reveal < 0 {
		reveal = Never
	}
	return Passage{&sealed{book: book, reveal: reveal, text: func() string { return text }}}
}

// IsZero reports whether the Passage holds no text at all.
func (p Passage) IsZero() bool { return p.p == nil }

// Book returns the book that the Passage is about; empty for the zero Passage.
func (p Passage) Book() BookID {
	if p.p == nil {
		return ""
	}
	return p.p.book
}

// Reveal returns the smallest Position at which the Passage spoils nothing;
// Never for the zero Passage.
func (p Passage) Reveal() Position {
	if p.p == nil {
		return Never
	}
	return p.p.reveal
}

// Within reports whether an audience with this Horizon may see the Passage.
func (p Passage) Within(h Horizon) bool {
	return p.p != nil && p.p.reveal <= h.At(p.p.book)
}

// Open returns the text, and true, to an audience that has read far enough;
// otherwise nothing and false.
func (p Passage) Open(h Horizon) (string, bool) {
	if !p.Within(h) {
		return "", false
	}
	return p.p.text(), true
}
