package embedded

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// Memory is a bot.Store that keeps everything in memory and nothing after
// Close. It is its own, plain implementation instead of a bbolt file out of
// sight, so that mem: touches no disk on any system.
type Memory struct {
	mu       sync.RWMutex
	closed   bool
	readers  map[bot.ReaderID]bot.Reader
	channels map[in[bot.ChannelID]]bot.Channel
	shelves  map[bot.ClubID]*memoryShelf
	tickets  map[in[reply.Ticket]]bot.Stub
	issued   int // since the last sweep
}

var _ bot.Store = (*Memory)(nil)

// in names something of a club's.
type in[ID ~string] struct {
	club bot.ClubID
	id   ID
}

// memoryShelf holds books and sources in their stored forms, which nobody else
// can reach into.
type memoryShelf struct {
	version uint64
	books   map[spoiler.BookID][]byte
	sources map[library.SourceID][]byte
}

// NewMemory returns an empty store in memory.
func NewMemory() *Memory {
	return &Memory{
		readers:  map[bot.ReaderID]bot.Reader{},
		channels: map[in[bot.ChannelID]]bot.Channel{},
		shelves:  map[bot.ClubID]*memoryShelf{},
		tickets:  map[in[reply.Ticket]]bot.Stub{},
	}
}

// Close implements bot.Store.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return nil
}

// ready says whether a call may go on. The caller holds the lock.
func (m *Memory) ready(ctx context.Context, doing string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if m.closed {
		return fmt.Errorf("%s: %w", doing, errClosed)
	}
	return nil
}

// Look implements bot.Readers.
func (m *Memory) Look(ctx context.Context, at bot.Seat) (bot.View, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := m.ready(ctx, "look"); err != nil {
		return bot.View{}, err
	}
	r := m.readers[at.Reader]
	view := bot.View{
		Reader:  bot.Reader{Bookmarks: maps.Clone(r.Bookmarks), Veils: maps.Clone(r.Veils)},
		Channel: m.channels[in[bot.ChannelID]{at.Club, at.Channel}],
	}
	if s := m.shelves[at.Club]; s != nil {
		view.Version = s.version
	}
	return view, nil
}

// Move implements bot.Readers.
func (m *Memory) Move(ctx context.Context, reader bot.ReaderID, book bot.BookKey, move bot.Move) (bot.Bookmark, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ready(ctx, "move bookmark"); err != nil {
		return bot.Bookmark{}, err
	}
	r := m.readers[reader]
	mark, err := r.Bookmarks[book].Apply(move)
	if err != nil {
		return bot.Bookmark{}, fmt.Errorf("move bookmark: %w", err)
	}
	if mark != (bot.Bookmark{}) {
		if r.Bookmarks == nil {
			r.Bookmarks = map[bot.BookKey]bot.Bookmark{}
		}
		r.Bookmarks[book] = mark
		m.readers[reader] = r
	}
	return mark, nil
}

// SetVeil implements bot.Readers.
func (m *Memory) SetVeil(ctx context.Context, reader bot.ReaderID, book bot.BookKey, veil reply.Veil) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := cmp.Or(m.ready(ctx, "set veil"), checkVeil(veil)); err != nil {
		return err
	}
	r := m.readers[reader]
	if veil == "" {
		delete(r.Veils, book)
		return nil
	}
	if r.Veils == nil {
		r.Veils = map[bot.BookKey]reply.Veil{}
	}
	r.Veils[book] = veil
	m.readers[reader] = r
	return nil
}

// Forget implements bot.Readers.
func (m *Memory) Forget(ctx context.Context, reader bot.ReaderID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ready(ctx, "forget reader"); err != nil {
		return err
	}
	delete(m.readers, reader)
	maps.DeleteFunc(m.tickets, func(_ in[reply.Ticket], stub bot.Stub) bool { return stub.Reader == reader })
	return nil
}

// SetChannel implements bot.Channels.
func (m *Memory) SetChannel(ctx context.Context, club bot.ClubID, channel bot.ChannelID, set bot.Channel) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ready(ctx, "set channel"); err != nil {
		return err
	}
	if set == (bot.Channel{}) {
		delete(m.channels, in[bot.ChannelID]{club, channel})
		return nil
	}
	m.channels[in[bot.ChannelID]{club, channel}] = set
	return nil
}

// Shelf implements bot.Shelves. Books too come in the order of their IDs.
func (m *Memory) Shelf(ctx context.Context, club bot.ClubID) (bot.Shelf, error) {
	version, books, sources, err := m.items(ctx, club)
	if err != nil {
		return bot.Shelf{}, err
	}
	shelf, err := unpackShelf(version, books, sources)
	if err != nil {
		return bot.Shelf{}, fmt.Errorf("read shelf: %w", err)
	}
	return shelf, nil
}

func (m *Memory) items(ctx context.Context, club bot.ClubID) (version uint64, books, sources []item, err error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := m.ready(ctx, "read shelf"); err != nil {
		return 0, nil, nil, err
	}
	s := m.shelves[club]
	if s == nil {
		return 0, nil, nil, nil
	}
	return s.version, sorted(s.books), sorted(s.sources), nil
}

func sorted[ID ~string](m map[ID][]byte) []item {
	var items []item
	for id, data := range m {
		items = append(items, item{string(id), data})
	}
	slices.SortFunc(items, byID)
	return items
}

// Change implements bot.Shelves.
func (m *Memory) Change(ctx context.Context, club bot.ClubID, change bot.Change) (uint64, error) {
	books, sources, err := packChange(change)
	if err != nil {
		return 0, fmt.Errorf("change library: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ready(ctx, "change library"); err != nil {
		return 0, err
	}
	s := m.shelves[club]
	if s == nil {
		s = &memoryShelf{books: map[spoiler.BookID][]byte{}, sources: map[library.SourceID][]byte{}}
		m.shelves[club] = s
	}
	for _, id := range change.RemoveBooks {
		delete(s.books, id)
	}
	for _, id := range change.RemoveSources {
		delete(s.sources, id)
	}
	for _, it := range books {
		s.books[spoiler.BookID(it.id)] = it.data
	}
	for _, it := range sources {
		s.sources[library.SourceID(it.id)] = it.data
	}
	s.version++
	return s.version, nil
}

// Issue implements bot.Tickets.
func (m *Memory) Issue(ctx context.Context, club bot.ClubID, id reply.Ticket, stub bot.Stub) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ready(ctx, "issue ticket"); err != nil {
		return err
	}
	if m.issued++; m.issued > max(sweepEvery, len(m.tickets)) {
		m.issued = 0
		now := time.Now()
		maps.DeleteFunc(m.tickets, func(_ in[reply.Ticket], stub bot.Stub) bool { return now.After(stub.Expires) })
	}
	stub.Expires = stub.Expires.UTC()
	stub.Passages = slices.Clone(stub.Passages)
	m.tickets[in[reply.Ticket]{club, id}] = stub
	return nil
}

// Ticket implements bot.Tickets.
func (m *Memory) Ticket(ctx context.Context, club bot.ClubID, id reply.Ticket, now time.Time) (bot.Stub, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ready(ctx, "read ticket"); err != nil {
		return bot.Stub{}, err
	}
	key := in[reply.Ticket]{club, id}
	stub, ok := m.tickets[key]
	if !ok || !now.Before(stub.Expires) {
		delete(m.tickets, key)
		return bot.Stub{}, fmt.Errorf("read ticket: %w", bot.ErrNotFound)
	}
	stub.Passages = slices.Clone(stub.Passages)
	return stub, nil
}
