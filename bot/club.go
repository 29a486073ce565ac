package bot

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
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
	version   Version
	books     []library.Book // those of the club first
	own       map[spoiler.BookID]bool
	bare      map[spoiler.BookID]library.Book // those with an overlay, without it
	labellers *labellers
	rulings   map[library.SourceID]map[library.SentenceID]Ruling
	unread    []library.Source // about books that the club does not know: shown to nobody
	sources   map[library.SourceID]*shelved
	proposals map[library.SourceID]Proposal
	settings  Settings
	index     *search.Index
	verdicts  *verdicts
	shelves   func() map[spoiler.BookID][]*shelved // sources by book, as lists number them
}

func (b *Bot) newClub(shelf Shelf) *club {
	c := &club{
		version: shelf.Version, own: map[spoiler.BookID]bool{}, bare: map[spoiler.BookID]library.Book{}, settings: shelf.Settings, index: search.New(),
		sources: make(map[library.SourceID]*shelved, len(shelf.Sources)),
		rulings: map[library.SourceID]map[library.SentenceID]Ruling{}, proposals: map[library.SourceID]Proposal{},
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
	for _, o := range shelf.Overlays {
		b.overlay(c, o)
	}
	c.labellers = newLabellers()
	for _, p := range shelf.Proposals {
		c.proposals[p.Source.ID] = p
	}
	for _, r := range shelf.Rulings {
		c.rule(r)
	}
	for _, src := range shelf.Sources {
		c.put(src)
	}
	c.order()
	return c
}

// overlay adds to a book what the club knows of it.
func (b *Bot) overlay(c *club, o library.Overlay) {
	i := slices.IndexFunc(c.books, func(book library.Book) bool { return book.ID == o.Book })
	if i < 0 {
		return // the book was removed
	}
	c.bare[o.Book] = c.books[i]
	with, err := c.books[i].With(o)
	if err == nil {
		c.books[i] = with
	} else {
		// What the club knows and dogear does not could open too early: nothing
		// of the book is known then, and no review of it shown.
		b.log.Error("an overlay does not fit its book any more; the book is left out", "book", o.Book, "cause", err)
		c.books = slices.Delete(c.books, i, i+1)
	}
}

// labellers makes a labeller for each book once, and only when there is something
// to label: that takes longer than all else that a start does.
type labellers struct {
	mu       sync.Mutex
	made     map[spoiler.BookID]*label.Labeller
	versions map[spoiler.BookID]string
}

func newLabellers() *labellers {
	return &labellers{made: map[spoiler.BookID]*label.Labeller{}, versions: map[spoiler.BookID]string{}}
}

// version returns what sources about a book are labelled with.
func (l *labellers) version(book library.Book) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.versions[book.ID] == "" {
		l.versions[book.ID] = label.Version(book)
	}
	return l.versions[book.ID]
}

func (l *labellers) of(book library.Book) *label.Labeller {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.made[book.ID] == nil {
		l.made[book.ID] = label.New(book)
	}
	return l.made[book.ID]
}

// put takes a source in, in place of the one with its ID.
func (c *club) put(src library.Source) {
	book, ok := c.book(src.Book)
	if !ok {
		c.remove(src.ID)
		c.unread = append(slices.Clip(c.unread), src)
		return // its book was removed: nothing says what spoils
	}
	if src.Labels != c.labellers.version(book) {
		// Labelled with an older ledger or by an older program.
		src = c.labellers.of(book).Label(src)
	}
	c.show(src)
}

// show puts a labelled source into the index as rulings have it now.
func (c *club) show(labelled library.Source) {
	book, _ := c.book(labelled.Book)
	src := overrule(labelled, c.rulings[labelled.ID], book.End())
	c.sources[src.ID] = shelve(labelled, src)
	if !src.Spoiler { // which is to be found nowhere
		c.index.Put(src)
	}
}

func (c *club) remove(id library.SourceID) {
	delete(c.sources, id)
	c.index.Remove(id)
	if i := slices.IndexFunc(c.unread, func(src library.Source) bool { return src.ID == id }); i >= 0 {
		c.unread = slices.Delete(slices.Clone(c.unread), i, i+1)
	}
}

// isUnread reports whether a source is about a book that the club does not know.
func (c *club) isUnread(id library.SourceID) bool {
	return slices.ContainsFunc(c.unread, func(src library.Source) bool { return src.ID == id })
}

// rule keeps a ruling, in place of the one on the same sentence. Maps may be
// shared with the club as it was before.
func (c *club) rule(r Ruling) {
	of := maps.Clone(c.rulings[r.Source])
	if of == nil {
		of = map[library.SentenceID]Ruling{}
	}
	of[r.Sentence] = r
	c.rulings[r.Source] = of
}

// lift takes a ruling away.
func (c *club) lift(name library.SentenceID) {
	of := maps.Clone(c.rulings[name.Source()])
	delete(of, name)
	c.rulings[name.Source()] = of
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
	var out []library.Book
	for _, b := range c.books {
		if len(c.shelves()[b.ID]) > 0 {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(a, b library.Book) int { return cmp.Compare(a.Title, b.Title) })
	return out
}

// list returns the club's sources in the order of their IDs, without the
// spoilers that readers posted.
func (c *club) list() []library.Source {
	var out []library.Source
	for _, id := range slices.Sorted(maps.Keys(c.sources)) {
		if src := c.sources[id].Source; !src.Spoiler {
			out = append(out, src)
		}
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
