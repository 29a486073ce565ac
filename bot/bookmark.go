package bot

import (
	"encoding/binary"
	"errors"
	"time"

	"dogear/bot/spoiler"
)

// UndoFor is how long a change of place can be taken back.
const UndoFor = 24 * time.Hour

// ErrNothingToUndo is what undoing says when there is no change of the last
// day to take back.
var ErrNothingToUndo = errors.New("nothing to undo")

// Bookmark is a reader's place in one book, with the place before it for one
// step of undo. The zero Bookmark has not started and was never set.
type Bookmark struct {
	At     spoiler.Position `json:"at"`
	Set    bool             `json:"set,omitempty"`     // false: the reader never said
	When   time.Time        `json:"when"`              // of the last change, to the second; zero: never
	Before spoiler.Position `json:"before,omitempty"`  // the place before that change
	WasSet bool             `json:"was_set,omitempty"` // whether there was a place before it
	Undo   bool             `json:"undo,omitempty"`    // whether that change can still be taken back
}

// How says what a Move does to a bookmark.
type How byte

// The ways to move a bookmark.
const (
	// Advance goes forward only: a place at or before the one that stands
	// changes nothing.
	Advance How = iota + 1
	// Put goes to the place, forward or back, because the reader said so.
	Put
	// Undo takes the last change back, once.
	Undo
	// Clear forgets the place; it can be undone.
	Clear
)

// Move is one change of a bookmark. To counts for Advance and Put only; a
// negative one counts as zero.
type Move struct {
	How How
	To  spoiler.Position
	Now time.Time
}

// Apply returns the bookmark as it stands after a move. It is the one rule
// that every store follows.
func (b Bookmark) Apply(m Move) (Bookmark, error) {
	m.To = max(m.To, 0)
	now := m.Now.UTC().Truncate(time.Second)
	next := Bookmark{At: m.To, Set: true, When: now, Before: b.At, WasSet: b.Set, Undo: true}
	switch m.How {
	case Advance:
		if b.Set && m.To <= b.At {
			return b, nil
		}
	case Put:
		if b.Set && m.To == b.At {
			return b, nil
		}
	case Clear:
		if !b.Set {
			return b, nil
		}
		next.At, next.Set = 0, false
	case Undo:
		if !b.Undo || now.Sub(b.When) > UndoFor {
			return b, ErrNothingToUndo
		}
		next.At, next.Set, next.Undo = b.Before, b.WasSet, false
	default:
		return b, errors.New("bookmark: a move of no known kind")
	}
	return next, nil
}

// The flags of a packed bookmark.
const (
	isSet = 1 << iota
	wasSet
	canUndo
)

// EncodeBookmark returns a bookmark in the packed form in which stores keep it:
// flags, place, place before, and seconds, of a few bytes each.
func EncodeBookmark(b Bookmark) []byte {
	var flags byte
	if b.Set {
		flags |= isSet
	}
	if b.WasSet {
		flags |= wasSet
	}
	if b.Undo {
		flags |= canUndo
	}
	v := binary.AppendVarint([]byte{flags}, int64(b.At))
	v = binary.AppendVarint(v, int64(b.Before))
	return binary.AppendVarint(v, b.When.Unix())
}

// DecodeBookmark reads what EncodeBookmark wrote.
func DecodeBookmark(v []byte) (Bookmark, error) {
	if len(v) == 0 {
		return Bookmark{}, ErrDamaged
	}
	flags, v := v[0], v[1:]
	if flags >= 2*canUndo {
		return Bookmark{}, ErrDamaged
	}
	var n [3]int64
	for i := range n {
		var size int
		if n[i], size = binary.Varint(v); size <= 0 {
			return Bookmark{}, ErrDamaged
		}
		v = v[size:]
	}
	if len(v) > 0 {
		return Bookmark{}, ErrDamaged
	}
	return Bookmark{
		At: spoiler.Position(n[0]), Set: flags&isSet != 0,
		Before: spoiler.Position(n[1]), WasSet: flags&wasSet != 0,
		When: time.Unix(n[2], 0).UTC(), Undo: flags&canUndo != 0,
	}, nil
}

// Encode returns a key as a string that is no other key's: the club with its
// length in front, then the book.
func (k BookKey) Encode() string {
	return string(append(binary.AppendUvarint(nil, uint64(len(k.Club))), string(k.Club)+string(k.Book)...))
}

// DecodeBookKey reads what Encode wrote.
func DecodeBookKey(s string) (BookKey, bool) {
	n, size := binary.Uvarint([]byte(s))
	if size <= 0 || n > uint64(len(s)-size) {
		return BookKey{}, false
	}
	end := size + int(n)
	return BookKey{Club: ClubID(s[size:end]), Book: spoiler.BookID(s[end:])}, true
}
