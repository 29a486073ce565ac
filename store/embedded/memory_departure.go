package embedded

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"dogear/bot"
	"dogear/bot/reply"
)

// isEmpty reports whether nothing is kept of a club.
func (c *memoryClub) isEmpty() bool {
	held := 0
	for _, records := range c.kept {
		held += len(records)
	}
	return c.version == 0 && len(c.members)+held == 0
}

// Known implements bot.Departures.
func (m *Memory) Known(ctx context.Context, prefix string) ([]bot.ClubID, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := m.ready(ctx); err != nil {
		return nil, fmt.Errorf("find clubs: %w", err)
	}
	var known []bot.ClubID
	for id, c := range m.clubs {
		if strings.HasPrefix(string(id), prefix) && !c.isEmpty() {
			known = append(known, id)
		}
	}
	slices.Sort(known)
	return known, nil
}

// Gone implements bot.Departures.
func (m *Memory) Gone(ctx context.Context, prefix string) (map[bot.ClubID]time.Time, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := m.ready(ctx); err != nil {
		return nil, fmt.Errorf("find clubs that are gone: %w", err)
	}
	gone := maps.Clone(m.gone)
	maps.DeleteFunc(gone, func(id bot.ClubID, _ time.Time) bool { return !strings.HasPrefix(string(id), prefix) })
	return gone, nil
}

// SetGone implements bot.Departures.
func (m *Memory) SetGone(ctx context.Context, club bot.ClubID, since time.Time) (news bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ready(ctx); err != nil {
		return false, fmt.Errorf("note that a club is gone: %w", err)
	}
	_, noted := m.gone[club]
	switch {
	case noted != since.IsZero():
		return false, nil
	case noted:
		delete(m.gone, club)
	default:
		m.gone[club] = since.Round(0)
	}
	return true, nil
}

// Purge implements bot.Departures.
func (m *Memory) Purge(ctx context.Context, club bot.ClubID) error {
	err := m.write(ctx, club, func(c *memoryClub) error {
		own := func(k bot.BookKey) bool { return club != "" && k.Club == club } // no club: dogear ships it
		for id := range c.members {
			r := m.readers[id]
			maps.DeleteFunc(r.Bookmarks, func(k bot.BookKey, _ bot.Bookmark) bool { return own(k) })
			maps.DeleteFunc(r.Veils, func(k bot.BookKey, _ reply.Veil) bool { return own(k) })
			if len(r.Bookmarks)+len(r.Veils) == 0 {
				delete(m.readers, id)
			}
		}
		delete(m.clubs, club)
		delete(m.gone, club)
		m.gate.release(club)
		return nil
	})
	if err != nil {
		return fmt.Errorf("purge club: %w", err)
	}
	return nil
}
