package embedded

import (
	"context"
	"fmt"
	"slices"

	"dogear/bot"
	"dogear/bot/library"
)

// Shelf implements bot.Shelves.
func (m *Memory) Shelf(ctx context.Context, club bot.ClubID) (shelf bot.Shelf, err error) {
	var version bot.Version
	var records []bot.Record
	err = m.read(ctx, club, func(c *memoryClub) error {
		version, records = c.now(), c.records(bot.LibraryRecords...)
		return nil
	})
	if err == nil {
		shelf, err = bot.ReadShelf(version, records)
	}
	if err != nil {
		return bot.Shelf{}, fmt.Errorf("read shelf: %w", err)
	}
	return shelf, nil
}

// Change implements bot.Shelves.
func (m *Memory) Change(ctx context.Context, club bot.ClubID, change bot.Change) (version bot.Version, err error) {
	put, gone, err := change.Records()
	if err != nil {
		return version, fmt.Errorf("change library: %w", err)
	}
	entry, err := bot.EncodeEntry(change.Entry)
	if err != nil {
		return version, fmt.Errorf("change library: %w", err)
	}
	err = m.write(ctx, club, func(c *memoryClub) error {
		if change.Base != c.now() && change.Base != bot.AnyVersion {
			return bot.ErrStale
		}
		for _, r := range gone {
			delete(c.kept[r.Kind], r.ID)
		}
		for _, r := range put {
			c.put(r)
		}
		if change.Entry.By != "" {
			c.members[change.Entry.By] = true
		}
		if !change.Entry.IsZero() {
			c.entries++
			c.put(bot.Record{Kind: bot.EntryRecord, ID: bot.EntryID(c.entries), Data: entry})
			if c.entries > bot.MaxLog {
				delete(c.kept[bot.EntryRecord], bot.EntryID(c.entries-bot.MaxLog))
			}
		}
		c.standing = c.next()
		version = c.now()
		return nil
	})
	if err != nil {
		return bot.Version{}, fmt.Errorf("change library: %w", err)
	}
	return version, nil
}

// Since implements bot.Shelves. Nobody else changes what a process has in its
// memory: there is nothing to catch up with.
func (m *Memory) Since(ctx context.Context, club bot.ClubID, from bot.Version) (bot.Change, bot.Version, error) {
	var now bot.Version
	err := m.read(ctx, club, func(c *memoryClub) error {
		if now = c.now(); now != from {
			return bot.ErrStale
		}
		return nil
	})
	if err != nil {
		return bot.Change{}, bot.Version{}, fmt.Errorf("read changes: %w", err)
	}
	return bot.Change{}, now, nil
}

// Watch implements bot.Shelves: there is no other process.
func (m *Memory) Watch(ctx context.Context, _ func(bot.ClubID)) error {
	<-ctx.Done()
	return ctx.Err()
}

// Log implements bot.Shelves.
func (m *Memory) Log(ctx context.Context, club bot.ClubID, n int) (entries []bot.Entry, err error) {
	err = m.read(ctx, club, func(c *memoryClub) error {
		for _, r := range slices.Backward(c.records(bot.EntryRecord)) {
			if len(entries) >= n {
				break
			}
			e, err := bot.DecodeEntry(r.Data)
			if err != nil {
				return err
			}
			entries = append(entries, e)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	return entries, nil
}

// Tally implements bot.Tallies. Adding nothing or less changes nothing.
func (m *Memory) Tally(ctx context.Context, club bot.ClubID, add map[library.SentenceID]int) error {
	err := m.write(ctx, club, func(c *memoryClub) error {
		for id, n := range add {
			have := 0
			if data := c.kept[bot.TallyRecord][string(id)]; data != nil {
				have, _ = bot.DecodeTally(data)
			}
			if sum := bot.AddTally(have, n); sum != have {
				c.put(bot.Record{Kind: bot.TallyRecord, ID: string(id), Data: bot.EncodeTally(sum)})
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("tally: %w", err)
	}
	return nil
}

// Tallies implements bot.Tallies.
func (m *Memory) Tallies(ctx context.Context, club bot.ClubID) (counts map[library.SentenceID]int, err error) {
	err = m.read(ctx, club, func(c *memoryClub) error {
		counts, err = readTallies(c.records(bot.TallyRecord))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read tallies: %w", err)
	}
	return counts, nil
}
