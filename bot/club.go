package bot

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"dogear/bot/label"
	"dogear/bot/library"
	"dogear/bot/search"
	"dogear/bot/spoiler"
)

// club is one club's library as this process holds it, indexed.
type club struct {
	version uint64
	books   []library.Book // those of the club first
	own     map[spoiler.BookID]bool
	sources map[library.SourceID]library.Source
	index   *search.Index
}

// anyVersion asks the store which version is the newest.
const anyVersion = math.MaxUint64

// slot holds a club as it was last read. Its lock is held while it is read
// again, so that one reading serves all who wait for it.
type slot struct {
	mu   sync.Mutex
	club *club
}

func (b *Bot) slot(id ClubID) *slot {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.clubs[id]
	if s == nil {
		s = new(slot)
		b.clubs[id] = s
	}
	return s
}

// club returns a club's library, at least as new as version: an older one
// never answers.
func (b *Bot) club(ctx context.Context, id ClubID, version uint64) (*club, error) {
	s := b.slot(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.club != nil && version != anyVersion && s.club.version >= version:
	case id == SampleClub:
		if s.club == nil {
			s.club = newClub(Shelf{Sources: library.Sample()})
		}
	default:
		shelf, err := b.store.Shelf(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("read library: %w", err)
		}
		s.club = newClub(shelf)
	}
	return s.club, nil
}

// known returns the club as it was last read, without asking the store; nil if
// it never was.
func (b *Bot) known(id ClubID) *club {
	s := b.slot(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.club
}

func newClub(shelf Shelf) *club {
	c := &club{
		version: shelf.Version, own: map[spoiler.BookID]bool{},
		sources: make(map[library.SourceID]library.Source, len(shelf.Sources)), index: search.New(),
	}
	for _, book := range shelf.Books {
		c.books = append(c.books, book)
		c.own[book.ID] = true
	}
	for _, book := range library.Shipped() {
		if !c.own[book.ID] {
			c.books = append(c.books, book)
		}
	}
	labellers := map[spoiler.BookID]*label.Labeller{}
	for _, src := range shelf.Sources {
		book, ok := c.book(src.Book)
		if !ok {
			continue // its book was removed: nothing says what spoils
		}
		l := labellers[book.ID]
		if l == nil {
			l = label.New(book)
			labellers[book.ID] = l
		}
		if src.Labels != l.Version() {
			// Labelled with an older ledger or by an older program.
			src = l.Label(src)
		}
		c.sources[src.ID] = src
		c.index.Put(src)
	}
	return c
}

// book returns a book that the club knows.
func (c *club) book(id spoiler.BookID) (library.Book, bool) {
	i := slices.IndexFunc(c.books, func(b library.Book) bool { return b.ID == id })
	if i < 0 {
		return library.Book{}, false
	}
	return c.books[i], true
}

// bookCalled returns the book that words name: by ID, title, or another name
// of it.
func (c *club) bookCalled(words string) (library.Book, bool) {
	s := strings.ToLower(strings.TrimSpace(words))
	for _, b := range c.books {
		for _, name := range append([]string{string(b.ID), b.Title}, b.Also...) {
			if strings.ToLower(name) == s {
				return b, true
			}
		}
	}
	return library.Book{}, false
}

// bookIn returns the book that a question names, the one with the longest
// title if it names several.
func (c *club) bookIn(question string) (library.Book, bool) {
	s := " " + strings.Join(search.Terms(question), " ") + " "
	var best library.Book
	length := 0
	for _, b := range c.books {
		for _, name := range append([]string{b.Title}, b.Also...) {
			n := " " + strings.Join(search.Terms(name), " ") + " "
			if search.WordsOf(name).IsZero() {
				continue // a book called “It” is in every other question
			}
			if len(n) > length && strings.Contains(s, n) {
				best, length = b, len(n)
			}
		}
	}
	return best, length > 0
}

// reviewed returns the books of which the club has sources, in the order of
// their titles.
func (c *club) reviewed() []library.Book {
	has := map[spoiler.BookID]bool{}
	for _, s := range c.sources {
		has[s.Book] = true
	}
	var out []library.Book
	for _, b := range c.books {
		if has[b.ID] {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(a, b library.Book) int { return cmp.Compare(a.Title, b.Title) })
	return out
}

// list returns the club's sources in the order of their IDs.
func (c *club) list() []library.Source {
	var out []library.Source
	for _, id := range slices.Sorted(maps.Keys(c.sources)) {
		out = append(out, c.sources[id])
	}
	return out
}

// key returns what bookmarks call a book in this club. A club's own book is
// known by what it is, too: one that was put in its place starts anew.
func (c *club) key(id ClubID, book spoiler.BookID) BookKey {
	b, ok := c.book(book)
	if !ok || !c.own[book] {
		return BookKey{Book: book}
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", b.Title, b.Author, b.Chapters()))
	return BookKey{Club: id, Book: book + "#" + spoiler.BookID(hex.EncodeToString(sum[:4]))}
}
