package embedded

import (
	"bytes"
	"context"
	"fmt"
	"iter"

	"dogear/bot"
	"dogear/bot/library"
)

// under yields the keys with a prefix and their values, in the order of bytes.
func (t *txn) under(bucket, prefix []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		c := t.tx.Bucket(bucket).Cursor()
		for k, v := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, v = c.Next() {
			if !yield(k, v) {
				return
			}
		}
	}
}

// keysUnder returns copies of the keys with a prefix, to change them by:
// bbolt's cursors do not survive a change.
func (t *txn) keysUnder(bucket, prefix []byte) [][]byte {
	var keys [][]byte
	for k := range t.under(bucket, prefix) {
		keys = append(keys, bytes.Clone(k))
	}
	return keys
}

// records returns copies of a club's records of some kinds, in that order and
// then in the order of their IDs.
func (t *txn) records(club bot.ClubID, kinds ...bot.RecordKind) ([]bot.Record, error) {
	var records []bot.Record
	own := part(nil, club)
	for _, kind := range kinds {
		for k, v := range t.under(recordBuckets[kind], own) {
			data, err := unwrap(k, v)
			if err != nil {
				return nil, err
			}
			records = append(records, bot.Record{Kind: kind, ID: string(k[len(own):]), Data: bytes.Clone(data)})
		}
	}
	return records, nil
}

// Shelf implements bot.Shelves.
func (s *Store) Shelf(ctx context.Context, club bot.ClubID) (bot.Shelf, error) {
	var version bot.Version
	var records []bot.Record
	err := s.view(ctx, func(t *txn) (err error) {
		if version, err = t.version(club); err != nil {
			return err
		}
		records, err = t.records(club, bot.LibraryRecords...)
		return err
	})
	var shelf bot.Shelf
	if err == nil {
		// Outside the transaction, which would hold up the writer.
		shelf, err = bot.ReadShelf(version, records)
	}
	if err != nil {
		return bot.Shelf{}, fmt.Errorf("read shelf: %w", err)
	}
	return shelf, nil
}

// Change implements bot.Shelves.
func (s *Store) Change(ctx context.Context, club bot.ClubID, change bot.Change) (bot.Version, error) {
	version, err := s.change(ctx, club, change)
	if err != nil {
		return bot.Version{}, fmt.Errorf("change library: %w", err)
	}
	return version, nil
}

// Since implements bot.Shelves. Nobody else changes a file that a process has
// open: there is nothing to catch up with.
func (s *Store) Since(ctx context.Context, club bot.ClubID, from bot.Version) (bot.Change, bot.Version, error) {
	var now bot.Version
	err := s.view(ctx, func(t *txn) (err error) {
		if now, err = t.version(club); err == nil && now != from {
			err = bot.ErrStale
		}
		return err
	})
	if err != nil {
		return bot.Change{}, bot.Version{}, fmt.Errorf("read changes: %w", err)
	}
	return bot.Change{}, now, nil
}

// Watch implements bot.Shelves: there is no other process.
func (s *Store) Watch(ctx context.Context, _ func(bot.ClubID)) error {
	<-ctx.Done()
	return ctx.Err()
}

func (s *Store) change(ctx context.Context, club bot.ClubID, change bot.Change) (version bot.Version, err error) {
	put, gone, err := change.Records()
	if err != nil {
		return version, err
	}
	entry, err := bot.EncodeEntry(change.Entry)
	if err != nil {
		return version, err
	}
	err = s.update(ctx, func(t *txn) error {
		stands, err := t.standing(club)
		if err != nil {
			return err
		}
		if change.Base != stands.now() && change.Base != bot.AnyVersion {
			return bot.ErrStale
		}
		for _, r := range gone {
			if err := t.remove(recordBuckets[r.Kind], clubKey(club, r.ID)); err != nil {
				return err
			}
		}
		for _, r := range put {
			if err := t.put(recordBuckets[r.Kind], clubKey(club, r.ID), r.Data); err != nil {
				return err
			}
		}
		if !change.Entry.IsZero() {
			if err := t.log(club, entry); err != nil {
				return err
			}
		}
		if change.Entry.By != "" {
			if err := t.note(club, change.Entry.By); err != nil {
				return err
			}
		}
		stands = stands.next()
		version = stands.now()
		return t.stand(club, stands)
	})
	return version, err
}

// log adds an entry to a club's log, and removes what is too old for it.
func (t *txn) log(club bot.ClubID, entry []byte) error {
	bucket := recordBuckets[bot.EntryRecord]
	var n uint64
	for k := range t.latest(club) {
		var err error
		if n, err = entryNumber(k); err != nil {
			return err
		}
		break
	}
	n++
	var old [][]byte
	for k := range t.under(bucket, part(nil, club)) {
		first, err := entryNumber(k)
		if err != nil {
			return err
		}
		if n-first < bot.MaxLog {
			break
		}
		old = append(old, bytes.Clone(k))
	}
	for _, k := range old {
		if err := t.remove(bucket, k); err != nil {
			return err
		}
	}
	return t.put(bucket, clubKey(club, bot.EntryID(n)), entry)
}

func entryNumber(key []byte) (uint64, error) {
	_, id, ok := cut(key)
	if !ok {
		return 0, errDamaged
	}
	return bot.EntryNumber(string(id))
}

// latest yields a club's entries, the latest first.
func (t *txn) latest(club bot.ClubID) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		own := part(nil, club)
		c := t.tx.Bucket(recordBuckets[bot.EntryRecord]).Cursor()
		step := c.Prev
		if k, _ := c.Seek(append(bytes.Clone(own), 0xff)); k == nil { // past every ID
			step = c.Last
		}
		for k, v := step(); bytes.HasPrefix(k, own) && k != nil; k, v = c.Prev() {
			if !yield(k, v) {
				return
			}
		}
	}
}

// Log implements bot.Shelves.
func (s *Store) Log(ctx context.Context, club bot.ClubID, n int) ([]bot.Entry, error) {
	var entries []bot.Entry
	err := s.view(ctx, func(t *txn) error {
		for k, v := range t.latest(club) {
			if len(entries) >= n {
				break
			}
			data, err := unwrap(k, v)
			if err != nil {
				return err
			}
			e, err := bot.DecodeEntry(data)
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
func (s *Store) Tally(ctx context.Context, club bot.ClubID, add map[library.SentenceID]int) error {
	bucket := recordBuckets[bot.TallyRecord]
	err := s.update(ctx, func(t *txn) error {
		for id, n := range add {
			key := clubKey(club, id)
			data, err := t.get(bucket, key)
			if err != nil {
				return err
			}
			have := 0
			if data != nil {
				if have, err = bot.DecodeTally(data); err != nil {
					return err
				}
			}
			if sum := bot.AddTally(have, n); sum != have {
				if err := t.put(bucket, key, bot.EncodeTally(sum)); err != nil {
					return err
				}
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
func (s *Store) Tallies(ctx context.Context, club bot.ClubID) (map[library.SentenceID]int, error) {
	var records []bot.Record
	err := s.view(ctx, func(t *txn) (err error) {
		records, err = t.records(club, bot.TallyRecord)
		return err
	})
	var counts map[library.SentenceID]int
	if err == nil {
		counts, err = readTallies(records)
	}
	if err != nil {
		return nil, fmt.Errorf("read tallies: %w", err)
	}
	return counts, nil
}

func readTallies(records []bot.Record) (map[library.SentenceID]int, error) {
	counts := map[library.SentenceID]int{}
	for _, r := range records {
		n, err := bot.DecodeTally(r.Data)
		if err != nil {
			return nil, err
		}
		counts[library.SentenceID(r.ID)] = n
	}
	return counts, nil
}
