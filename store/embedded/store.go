package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"

	"dogear/bot"
	"dogear/bot/reply"
)

var errClosed = errors.New("the store is closed")

// Store is a bot.Store in one file. A change is on disk when the call that
// made it returns.
type Store struct {
	db      *bolt.DB
	file    *os.File
	path    string
	changes chan *change
	written chan struct{} // closed when the writer has ended
	broken  bool          // the writer's, and Close's after it
	issued  atomic.Uint64
	gate    gate

	mu     sync.RWMutex // read-held by every call, so that Close waits for them
	closed bool
}

var _ bot.Store = (*Store)(nil)

func start(db *bolt.DB, file *os.File, path string) *Store {
	s := &Store{db: db, file: file, path: path, changes: make(chan *change), written: make(chan struct{})}
	// Without it, the store works and a second process cannot name this one.
	_ = os.WriteFile(holderFile(path), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600)
	go s.write()
	_ = s.update(context.Background(), func(t *txn) error { return t.sweep(time.Now(), sweepAtOpen) })
	return s
}

// Close waits for the calls under way and lets go of the file.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	close(s.changes)
	<-s.written
	os.Remove(holderFile(s.path))
	err := error(nil)
	if s.broken {
		err = s.file.Close() // bbolt's own Close may wait for ever
	} else {
		err = s.db.Close()
	}
	if err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// enter begins a call; unless it returns an error, the caller ends it with
// s.mu.RUnlock.
func (s *Store) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.RLock()
	if s.closed {
		s.mu.RUnlock()
		return errClosed
	}
	return nil
}

func (s *Store) view(ctx context.Context, f func(*txn) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.mu.RUnlock()
	return guard(func() error {
		return s.db.View(func(tx *bolt.Tx) error { return f(&txn{tx: tx}) })
	})
}

// Look implements bot.Readers.
func (s *Store) Look(ctx context.Context, visit bot.Visit) (bot.View, error) {
	var view bot.View
	err := s.view(ctx, func(t *txn) error {
		var err error
		if view.Reader, err = t.reader(visit.Reader); err != nil {
			return err
		}
		if view.Channel, err = t.channel(visit.Club, visit.Channel); err != nil {
			return err
		}
		view.Version, err = t.version(visit.Club)
		return err
	})
	if err != nil {
		return bot.View{}, fmt.Errorf("look: %w", err)
	}
	view.Seen, view.Wait = s.gate.enter(visit)
	return view, nil
}

func (t *txn) channel(club bot.ClubID, id bot.ChannelID) (bot.Channel, error) {
	data, err := t.get(recordBuckets[bot.ChannelRecord], clubKey(club, id))
	if data == nil || err != nil {
		return bot.Channel{}, err
	}
	return bot.DecodeChannel(data)
}

func (t *txn) reader(id bot.ReaderID) (bot.Reader, error) {
	var r bot.Reader
	own := part(nil, id)
	for key, v := range t.under(readersBucket, own) {
		payload, err := unwrap(key, v)
		if err != nil {
			return bot.Reader{}, err
		}
		kind, book, ok := readerSubject(key[len(own):])
		switch {
		case ok && kind == placeKind:
			mark, err := bot.DecodeBookmark(payload)
			if err != nil {
				return bot.Reader{}, err
			}
			if r.Bookmarks == nil {
				r.Bookmarks = map[bot.BookKey]bot.Bookmark{}
			}
			r.Bookmarks[book] = mark
		case ok && kind == veilKind:
			veil, ok := reply.ParseVeil(string(payload))
			if !ok {
				return bot.Reader{}, errDamaged
			}
			if r.Veils == nil {
				r.Veils = map[bot.BookKey]reply.Veil{}
			}
			r.Veils[book] = veil
		default:
			return bot.Reader{}, errDamaged
		}
	}
	return r, nil
}

// Move implements bot.Readers.
func (s *Store) Move(ctx context.Context, at bot.Seat, book bot.BookKey, move bot.Move) (bot.Bookmark, error) {
	key := readerKey(at.Reader, placeKind, book)
	var mark bot.Bookmark
	err := s.update(ctx, func(t *txn) error {
		mark = bot.Bookmark{}
		data, err := t.get(readersBucket, key)
		if err != nil {
			return err
		}
		if data != nil {
			if mark, err = bot.DecodeBookmark(data); err != nil {
				return err
			}
		}
		before := mark
		if mark, err = before.Apply(move); err != nil || mark == (bot.Bookmark{}) {
			return err
		}
		if err := t.note(at.Club, at.Reader); err != nil || mark == before {
			return err
		}
		return t.put(readersBucket, key, bot.EncodeBookmark(mark))
	})
	if err != nil {
		return bot.Bookmark{}, fmt.Errorf("move bookmark: %w", err)
	}
	return mark, nil
}

// note keeps that a reader is one of a club.
func (t *txn) note(club bot.ClubID, reader bot.ReaderID) error {
	key := clubKey(club, reader)
	if known, err := t.get(membersBucket, key); known != nil || err != nil {
		return err
	}
	return t.put(membersBucket, key, nil)
}

// SetVeil implements bot.Readers.
func (s *Store) SetVeil(ctx context.Context, at bot.Seat, book bot.BookKey, veil reply.Veil) error {
	if err := checkVeil(veil); err != nil {
		return err
	}
	key := readerKey(at.Reader, veilKind, book)
	err := s.update(ctx, func(t *txn) error {
		if veil == "" {
			return t.remove(readersBucket, key)
		}
		if err := t.note(at.Club, at.Reader); err != nil {
			return err
		}
		return t.put(readersBucket, key, []byte(veil))
	})
	if err != nil {
		return fmt.Errorf("set veil: %w", err)
	}
	return nil
}

func checkVeil(veil reply.Veil) error {
	if _, ok := reply.ParseVeil(string(veil)); !ok && veil != "" {
		return errors.New("set veil: there is no such veil")
	}
	return nil
}

// Clubs implements bot.Readers. It looks at every member: seldom does anybody
// ask for that.
func (s *Store) Clubs(ctx context.Context, reader bot.ReaderID) ([]bot.ClubID, error) {
	var clubs []bot.ClubID
	err := s.view(ctx, func(t *txn) error {
		for k := range t.under(membersBucket, nil) {
			if club, id, ok := cut(k); ok && bot.ReaderID(id) == reader {
				clubs = append(clubs, bot.ClubID(club))
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find clubs: %w", err)
	}
	slices.Sort(clubs)
	return clubs, nil
}

// Forget implements bot.Readers. It looks at every member, ticket, post and
// entry: seldom does anybody ask to be forgotten.
func (s *Store) Forget(ctx context.Context, reader bot.ReaderID) error {
	err := s.update(ctx, func(t *txn) error {
		for _, key := range t.keysUnder(readersBucket, part(nil, reader)) {
			if err := t.remove(readersBucket, key); err != nil {
				return err
			}
		}
		var clubs [][]byte
		for k := range t.under(membersBucket, nil) {
			if _, id, ok := cut(k); ok && bot.ReaderID(id) == reader {
				clubs = append(clubs, bytes.Clone(k))
			}
		}
		for _, key := range clubs {
			if err := t.remove(membersBucket, key); err != nil {
				return err
			}
		}
		return errors.Join(t.removeTicketsOf(reader), t.removeAsker(reader), t.removeActor(reader))
	})
	if err != nil {
		return fmt.Errorf("forget reader: %w", err)
	}
	s.gate.forget(reader)
	return nil
}

// SetChannel implements bot.Channels.
func (s *Store) SetChannel(ctx context.Context, club bot.ClubID, channel bot.ChannelID, was, set bot.Channel) error {
	key, bucket := clubKey(club, channel), recordBuckets[bot.ChannelRecord]
	err := s.update(ctx, func(t *txn) error {
		stands, err := t.channel(club, channel)
		if err != nil {
			return err
		}
		if stands != was {
			return bot.ErrStale
		}
		if set == (bot.Channel{}) {
			return t.remove(bucket, key)
		}
		return t.put(bucket, key, bot.EncodeChannel(set))
	})
	if err != nil {
		return fmt.Errorf("set channel: %w", err)
	}
	return nil
}

// Channels implements bot.Channels.
func (s *Store) Channels(ctx context.Context, club bot.ClubID) (map[bot.ChannelID]bot.Channel, error) {
	own, set := part(nil, club), map[bot.ChannelID]bot.Channel{}
	err := s.view(ctx, func(t *txn) error {
		for k := range t.under(recordBuckets[bot.ChannelRecord], own) {
			id := bot.ChannelID(k[len(own):])
			var err error
			if set[id], err = t.channel(club, id); err != nil {
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
