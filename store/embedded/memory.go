package embedded

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"dogear/bot"
	"dogear/bot/reply"
)

// Memory is a bot.Store that keeps everything in memory and nothing after
// Close. It is its own, plain implementation instead of a bbolt file out of
// sight, so that mem: touches no disk on any system.
type Memory struct {
	mu      sync.RWMutex
	closed  bool
	readers map[bot.ReaderID]bot.Reader
	clubs   map[bot.ClubID]*memoryClub
	gone    map[bot.ClubID]time.Time
	issued  int // since the last sweep
	gate    gate
}

var _ bot.Store = (*Memory)(nil)

// memoryClub holds everything of a club's but its readers in its stored form,
// which nobody else can reach into.
type memoryClub struct {
	standing
	entries uint64 // the number of the latest
	members map[bot.ReaderID]bool
	kept    map[bot.RecordKind]map[string][]byte // by ID
}

// NewMemory returns an empty store in memory.
func NewMemory() *Memory {
	return &Memory{readers: map[bot.ReaderID]bot.Reader{}, clubs: map[bot.ClubID]*memoryClub{}, gone: map[bot.ClubID]time.Time{}}
}

// Close implements bot.Store.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return nil
}

// ready says whether a call may go on. The caller holds the lock.
func (m *Memory) ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if m.closed {
		return errClosed
	}
	return nil
}

// read makes a call that changes nothing of a club, which is empty where it is
// not known.
func (m *Memory) read(ctx context.Context, club bot.ClubID, f func(*memoryClub) error) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := m.ready(ctx); err != nil {
		return err
	}
	c := m.clubs[club]
	if c == nil {
		c = &memoryClub{}
	}
	return f(c)
}

// write makes a call that may change a club. f changes nothing where it returns
// an error.
func (m *Memory) write(ctx context.Context, club bot.ClubID, f func(*memoryClub) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ready(ctx); err != nil {
		return err
	}
	c := m.clubs[club]
	if c == nil {
		c = &memoryClub{members: map[bot.ReaderID]bool{}, kept: map[bot.RecordKind]map[string][]byte{}}
		m.clubs[club] = c
	}
	return f(c)
}

func (c *memoryClub) put(r bot.Record) {
	if c.kept[r.Kind] == nil {
		c.kept[r.Kind] = map[string][]byte{}
	}
	c.kept[r.Kind][r.ID] = bytes.Clone(r.Data)
}

// records returns the records of some kinds, in that order and then in the
// order of their IDs. The data is the store's own, which is never changed.
func (c *memoryClub) records(kinds ...bot.RecordKind) []bot.Record {
	var records []bot.Record
	for _, kind := range kinds {
		for _, id := range slices.Sorted(maps.Keys(c.kept[kind])) {
			records = append(records, bot.Record{Kind: kind, ID: id, Data: c.kept[kind][id]})
		}
	}
	return records
}

// Look implements bot.Readers.
func (m *Memory) Look(ctx context.Context, visit bot.Visit) (view bot.View, err error) {
	err = m.read(ctx, visit.Club, func(c *memoryClub) error {
		r := m.readers[visit.Reader]
		view.Reader = bot.Reader{Bookmarks: maps.Clone(r.Bookmarks), Veils: maps.Clone(r.Veils)}
		view.Version = c.now()
		if data := c.kept[bot.ChannelRecord][string(visit.Channel)]; data != nil {
			view.Channel, err = bot.DecodeChannel(data)
		}
		return err
	})
	if err != nil {
		return bot.View{}, fmt.Errorf("look: %w", err)
	}
	view.Seen, view.Wait = m.gate.enter(visit)
	return view, nil
}

// reader returns a reader whose maps can be added to, and keeps it. The caller
// holds the lock.
func (m *Memory) reader(id bot.ReaderID) bot.Reader {
	r, ok := m.readers[id]
	if !ok {
		r = bot.Reader{Bookmarks: map[bot.BookKey]bot.Bookmark{}, Veils: map[bot.BookKey]reply.Veil{}}
		m.readers[id] = r
	}
	return r
}

// Move implements bot.Readers.
func (m *Memory) Move(ctx context.Context, at bot.Seat, book bot.BookKey, move bot.Move) (mark bot.Bookmark, err error) {
	err = m.write(ctx, at.Club, func(c *memoryClub) error {
		mark, err = m.readers[at.Reader].Bookmarks[book].Apply(move)
		if err == nil && mark != (bot.Bookmark{}) {
			c.members[at.Reader] = true
			m.reader(at.Reader).Bookmarks[book] = mark
		}
		return err
	})
	if err != nil {
		return bot.Bookmark{}, fmt.Errorf("move bookmark: %w", err)
	}
	return mark, nil
}

// SetVeil implements bot.Readers.
func (m *Memory) SetVeil(ctx context.Context, at bot.Seat, book bot.BookKey, veil reply.Veil) error {
	if err := checkVeil(veil); err != nil {
		return err
	}
	err := m.write(ctx, at.Club, func(c *memoryClub) error {
		if veil == "" {
			delete(m.readers[at.Reader].Veils, book)
			return nil
		}
		c.members[at.Reader] = true
		m.reader(at.Reader).Veils[book] = veil
		return nil
	})
	if err != nil {
		return fmt.Errorf("set veil: %w", err)
	}
	return nil
}

// Forget implements bot.Readers.
func (m *Memory) Forget(ctx context.Context, reader bot.ReaderID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	err := m.ready(ctx)
	if err == nil {
		delete(m.readers, reader)
		for _, c := range m.clubs {
			err = cmp.Or(err, c.forget(reader))
		}
		m.gate.forget(reader)
	}
	if err != nil {
		return fmt.Errorf("forget reader: %w", err)
	}
	return nil
}

// Clubs implements bot.Readers.
func (m *Memory) Clubs(ctx context.Context, reader bot.ReaderID) ([]bot.ClubID, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := m.ready(ctx); err != nil {
		return nil, fmt.Errorf("find clubs: %w", err)
	}
	var clubs []bot.ClubID
	for id, c := range m.clubs {
		if c.members[reader] {
			clubs = append(clubs, id)
		}
	}
	slices.Sort(clubs)
	return clubs, nil
}

func (c *memoryClub) forget(reader bot.ReaderID) error {
	delete(c.members, reader)
	for id, data := range c.kept[bot.EntryRecord] {
		e, err := bot.DecodeEntry(data)
		if err == nil && e.Names(reader) {
			data, err = bot.EncodeEntry(e.Forgotten(reader))
			c.kept[bot.EntryRecord][id] = data
		}
		if err != nil {
			return err
		}
	}
	for id, data := range c.kept[bot.TicketRecord] {
		stub, err := bot.DecodeStub(data)
		if err != nil {
			return err
		}
		if stub.Reader == reader {
			delete(c.kept[bot.TicketRecord], id)
		}
	}
	for id, data := range c.kept[bot.PostRecord] {
		post, err := bot.DecodePost(data)
		if err == nil && post.Asker == reader {
			data, err = bot.EncodePost(post.Forgotten())
			c.kept[bot.PostRecord][id] = data
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// SetChannel implements bot.Channels.
func (m *Memory) SetChannel(ctx context.Context, club bot.ClubID, channel bot.ChannelID, was, set bot.Channel) error {
	err := m.write(ctx, club, func(c *memoryClub) error {
		var stands bot.Channel
		if data := c.kept[bot.ChannelRecord][string(channel)]; data != nil {
			var err error
			if stands, err = bot.DecodeChannel(data); err != nil {
				return err
			}
		}
		if stands != was {
			return bot.ErrStale
		}
		if set == (bot.Channel{}) {
			delete(c.kept[bot.ChannelRecord], string(channel))
			return nil
		}
		c.put(bot.Record{Kind: bot.ChannelRecord, ID: string(channel), Data: bot.EncodeChannel(set)})
		return nil
	})
	if err != nil {
		return fmt.Errorf("set channel: %w", err)
	}
	return nil
}

// Channels implements bot.Channels.
func (m *Memory) Channels(ctx context.Context, club bot.ClubID) (map[bot.ChannelID]bot.Channel, error) {
	set := map[bot.ChannelID]bot.Channel{}
	err := m.read(ctx, club, func(c *memoryClub) (err error) {
		for id, data := range c.kept[bot.ChannelRecord] {
			if set[bot.ChannelID(id)], err = bot.DecodeChannel(data); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list channels: %w", err)
	}
	return set, nil
}
