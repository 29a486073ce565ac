package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"dogear/bot/library"
)

// slot holds a club's library as this process last read it.
type slot struct {
	mu   sync.Mutex           // held while another library is put in its place, and never while the store is asked
	club atomic.Pointer[club] // nil: none was read
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

// club returns a club's library as it stood at a version, or later: an older
// one never answers. One reading serves all who wait for it, and goes on for
// the others where one of them can wait no longer.
func (b *Bot) club(ctx context.Context, id ClubID, version Version) (*club, error) {
	s := b.slot(id)
	for range 2 { // a reading that had begun before this call may be too old
		if c := s.club.Load(); c != nil && c.version == version {
			return c, nil
		}
		reading := b.reading.DoChan(string(id), func() (any, error) { return b.read(context.WithoutCancel(ctx), id, s) })
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("read library: %w", ctx.Err())
		case r := <-reading:
			if r.Err != nil {
				return nil, fmt.Errorf("read library: %w", r.Err)
			}
			if c := r.Val.(*club); c.version == version || c.version.N > version.N {
				return c, nil
			}
		}
	}
	return nil, fmt.Errorf("read library: %w", ErrStale)
}

// read brings a slot up to how the store has the club's library now: by what has
// changed since it was read, where the store can tell, else by all of it.
func (b *Bot) read(ctx context.Context, id ClubID, s *slot) (c *club, err error) {
	defer func() {
		if p := recover(); p != nil { // this goroutine is nobody's else
			err = fmt.Errorf("panic: %T", p)
		}
	}()
	for {
		held := s.club.Load()
		switch {
		case id != SampleClub:
		case held == nil:
			return s.renew(nil, b.newClub(Shelf{Sources: library.Sample(), Settings: Settings{Steer: Member}})), nil
		default:
			return held, nil
		}
		if held != nil {
			change, now, err := b.store.Since(ctx, id, held.version)
			switch {
			case err == nil && now == held.version:
				return held, nil
			case err == nil:
				next, ok := s.follow(held, change, now)
				if next != nil {
					return next, nil
				}
				if !ok {
					continue
				}
			case !errors.Is(err, ErrStale):
				return nil, err
			}
		}
		shelf, err := b.store.Shelf(ctx, id)
		if err != nil {
			return nil, err
		}
		return s.renew(held, b.newClub(shelf)), nil
	}
}

// follow puts into a slot what a change makes of the library in it; false where
// another has come into its place meanwhile. It is nil where it has to be read
// anew, and the slot is empty then.
func (s *slot) follow(held *club, change Change, version Version) (next *club, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.club.Load() != held {
		return nil, false
	}
	// The index is changed in place: nobody may go on with half of it.
	defer func() { s.club.Store(next) }()
	return held.after(change, version), true
}

// renew puts a library that was read into a slot, unless a later one has come
// into it meanwhile. It returns the one that is there then.
func (s *slot) renew(held, read *club) *club {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.club.Load(); c != nil && c != held && c.version.Mark == read.version.Mark && c.version.N > read.version.N {
		return c
	}
	s.club.Store(read)
	return read
}

// newest returns a club's library as it now stands.
func (b *Bot) newest(ctx context.Context, id ClubID) (*club, error) {
	view, err := b.store.Look(ctx, Visit{Seat: Seat{Club: id}})
	if err != nil {
		return nil, fmt.Errorf("read library: %w", err)
	}
	return b.club(ctx, id, view.Version)
}

// known returns the club as it was last read, without asking the store; nil if
// it never was.
func (b *Bot) known(id ClubID) *club { return b.slot(id).club.Load() }

// knownClubs returns the clubs of which this process holds a library that the
// store keeps.
func (b *Bot) knownClubs() (ids []ClubID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, s := range b.clubs {
		if id != SampleClub && s.club.Load() != nil {
			ids = append(ids, id)
		}
	}
	return ids
}
