package embedded

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"dogear/bot"
)

// Dump implements bot.Archive, as Store does.
func (m *Memory) Dump(ctx context.Context, club bot.ClubID) (version uint64, records []bot.Record, err error) {
	err = m.read(ctx, club, func(c *memoryClub) error {
		readers := map[bot.ReaderID]bot.Reader{}
		for id := range c.members {
			readers[id] = m.readers[id]
		}
		version = c.version
		records, err = dumped(club, c.records(slices.Collect(maps.Keys(c.kept))...), readers)
		return err
	})
	if err != nil {
		return 0, nil, fmt.Errorf("dump: %w", err)
	}
	for i := range records {
		records[i].Data = bytes.Clone(records[i].Data)
	}
	return version, records, nil
}

// Load implements bot.Archive, as Store does.
func (m *Memory) Load(ctx context.Context, club bot.ClubID, version uint64, records []bot.Record) error {
	records, err := bot.CheckRecords(club, version, records, time.Now())
	readers := map[bot.ReaderID]bot.Reader{}
	for _, r := range records {
		if err == nil && r.Kind == bot.ReaderRecord {
			readers[bot.ReaderID(r.ID)], err = bot.DecodeReader(r.Data)
		}
	}
	if err == nil {
		err = m.write(ctx, club, func(c *memoryClub) error {
			if c.version > 0 {
				return bot.ErrNotEmpty
			}
			for _, r := range records {
				switch r.Kind {
				case bot.EntryRecord:
					c.entries, _ = bot.EntryNumber(r.ID) // they rise
				case bot.ReaderRecord:
					continue
				}
				c.put(r)
			}
			for id, r := range readers {
				c.members[id] = true
				m.bring(id, r)
			}
			c.standing = begun(max(version, 1))
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	return nil
}

// bring keeps what a reader has no place or veil of their own for.
func (m *Memory) bring(id bot.ReaderID, from bot.Reader) {
	to := m.reader(id)
	for book, mark := range from.Bookmarks {
		if _, ok := to.Bookmarks[book]; !ok {
			to.Bookmarks[book] = mark
		}
	}
	for book, veil := range from.Veils {
		if _, ok := to.Veils[book]; !ok {
			to.Veils[book] = veil
		}
	}
}
