package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"dogear/bot/library"
)

// slot holds a club's library as this process last read it.
type slot struct {
	// confirmed is when the store last said that the library is the one that it
	// has, in Unix nanoseconds.
	confirmed atomic.Int64
	asked     atomic.Int64         // when the club last asked something, in Unix nanoseconds
	mu        sync.Mutex           // held while another library is put in its place, and never while the store is asked
	club      atomic.Pointer[club] // nil: none was read
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
	for range maxReadings { // one that had begun before this call may be too old
		if c := s.club.Load(); c != nil && c.version == version {
			s.confirmed.Store(time.Now().UnixNano())
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
			c := r.Val.(*club)
			if c.version == version {
				s.confirmed.Store(time.Now().UnixNano())
				return c, nil
			}
			// It has changed since it was looked at, or what was read comes from a
			// server that is no longer the one: a higher count does not tell.
			view, err := b.store.Look(ctx, Visit{Seat: Seat{Club: id}})
			if err != nil {
				return nil, fmt.Errorf("read library: %w", err)
			}
			version = view.Version
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
	if id == SampleClub {
		if c := s.club.Load(); c != nil {
			return c, nil
		}
		c := b.newClub(Shelf{Sources: library.Sample(), Settings: Settings{Steer: Member}})
		s.put(c)
		return c, nil
	}
	for {
		held := s.club.Load()
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
		if shelf.Version == (Version{}) {
			b.untally(id) // another process may have purged it
		}
		c := b.newClub(shelf)
		s.put(c) // in place of a later one, too: the next look at the store tells
		return c, nil
	}
}

func (s *slot) put(c *club) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.club.Store(c)
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

// newest returns a club's library as it now stands.
func (b *Bot) newest(ctx context.Context, id ClubID) (*club, error) {
	view, err := b.store.Look(ctx, Visit{Seat: Seat{Club: id}})
	if err != nil {
		return nil, fmt.Errorf("read library: %w", err)
	}
	return b.club(ctx, id, view.Version)
}

// maxReadings is how often a library is read anew that others keep changing.
const maxReadings = 20

// blindFor is how long a library answers that the store can't be asked about:
// longer than Run goes without asking. Other processes may have covered
// something since.
const blindFor = 2 * keepEvery

// blindly returns the library to answer from where a look at the store has
// failed; nil where there is none that may. Where the store does answer, and
// only something that it holds can't be read, that is its newest.
func (b *Bot) blindly(ctx context.Context, id ClubID, why error) *club {
	if errors.Is(why, ErrNewer) || errors.Is(why, ErrDamaged) {
		c, _ := b.newest(ctx, id)
		return c
	}
	c := b.known(id)
	if c == nil || id != SampleClub && time.Since(time.Unix(0, b.slot(id).confirmed.Load())) > blindFor {
		return nil
	}
	return c
}

// known returns the club as it was last read, without asking the store; nil if
// it never was.
func (b *Bot) known(id ClubID) *club {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s := b.clubs[id]; s != nil {
		return s.club.Load()
	}
	return nil
}

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
