package embedded

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"iter"
	"time"

	"dogear/bot"
	"dogear/bot/reply"
)

// How many expired tickets one sweep removes at most, and how often one is
// made: more often than tickets come, so that they do not pile up.
const (
	sweepEvery  = 64
	sweepAtMost = 4 * sweepEvery
	sweepAtOpen = 10_000
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

// Shelf implements bot.Shelves. Books too come in the order of their IDs.
func (s *Store) Shelf(ctx context.Context, club bot.ClubID) (bot.Shelf, error) {
	var version uint64
	var books, sources []item
	err := s.view(ctx, func(t *txn) (err error) {
		if version, err = t.version(club); err != nil {
			return err
		}
		if books, err = t.items(booksBucket, club); err != nil {
			return err
		}
		sources, err = t.items(sourcesBucket, club)
		return err
	})
	var shelf bot.Shelf
	if err == nil {
		// Outside the transaction, which would hold up the writer.
		shelf, err = unpackShelf(version, books, sources)
	}
	if err != nil {
		return bot.Shelf{}, fmt.Errorf("read shelf: %w", err)
	}
	return shelf, nil
}

func (t *txn) items(bucket []byte, club bot.ClubID) ([]item, error) {
	var items []item
	own := part(nil, club)
	for k, v := range t.under(bucket, own) {
		data, err := unwrap(k, v)
		if err != nil {
			return nil, err
		}
		items = append(items, item{string(k[len(own):]), bytes.Clone(data)})
	}
	return items, nil
}

// Change implements bot.Shelves.
func (s *Store) Change(ctx context.Context, club bot.ClubID, change bot.Change) (uint64, error) {
	version, err := s.change(ctx, club, change)
	if err != nil {
		return 0, fmt.Errorf("change library: %w", err)
	}
	return version, nil
}

func (s *Store) change(ctx context.Context, club bot.ClubID, change bot.Change) (version uint64, err error) {
	books, sources, err := packChange(change)
	if err != nil {
		return 0, err
	}
	var gone [2][][]byte
	for _, id := range change.RemoveBooks {
		gone[0] = append(gone[0], clubKey(club, id))
	}
	for _, id := range change.RemoveSources {
		gone[1] = append(gone[1], clubKey(club, id))
	}
	err = s.update(ctx, func(t *txn) error {
		if version, err = t.version(club); err != nil {
			return err
		}
		version++
		for i, bucket := range [][]byte{booksBucket, sourcesBucket} {
			for _, key := range gone[i] {
				if err := t.remove(bucket, key); err != nil {
					return err
				}
			}
			for _, it := range [][]item{books, sources}[i] {
				if err := t.put(bucket, clubKey(club, it.id), it.data); err != nil {
					return err
				}
			}
		}
		return t.put(versionsBucket, part(nil, club), binary.AppendUvarint(nil, version))
	})
	return version, err
}

// Issue implements bot.Tickets.
func (s *Store) Issue(ctx context.Context, club bot.ClubID, id reply.Ticket, stub bot.Stub) error {
	key := clubKey(club, id)
	data, err := packStub(stub)
	if err == nil {
		payload := append(part(nil, stub.Reader), data...)
		err = s.update(ctx, func(t *txn) error {
			if s.issued.Add(1)%sweepEvery == 0 {
				if err := t.sweep(time.Now(), sweepAtMost); err != nil {
					return err
				}
			}
			if err := t.removeTicket(key); err != nil { // with its old expiry
				return err
			}
			if err := t.put(expiriesBucket, expiryKey(stub.Expires, key), nil); err != nil {
				return err
			}
			return t.put(ticketsBucket, key, payload)
		})
	}
	if err != nil {
		return fmt.Errorf("issue ticket: %w", err)
	}
	return nil
}

// Ticket implements bot.Tickets.
func (s *Store) Ticket(ctx context.Context, club bot.ClubID, id reply.Ticket, now time.Time) (bot.Stub, error) {
	key := clubKey(club, id)
	var stub bot.Stub
	err := s.view(ctx, func(t *txn) (err error) {
		stub, err = t.ticket(key)
		return err
	})
	if err == nil && !now.Before(stub.Expires) {
		err = bot.ErrNotFound
		// What it held goes at once; should that fail, a sweep will do it.
		_ = s.update(ctx, func(t *txn) error {
			if again, err := t.ticket(key); err != nil || now.Before(again.Expires) {
				return err
			}
			return t.removeTicket(key)
		})
	}
	if err != nil {
		return bot.Stub{}, fmt.Errorf("read ticket: %w", err)
	}
	return stub, nil
}

func (t *txn) ticket(key []byte) (bot.Stub, error) {
	payload, err := t.get(ticketsBucket, key)
	if err != nil {
		return bot.Stub{}, err
	}
	if payload == nil {
		return bot.Stub{}, bot.ErrNotFound
	}
	_, data, ok := cut(payload)
	if !ok {
		return bot.Stub{}, errDamaged
	}
	return unpackStub(data)
}

// removeTicket removes a ticket, if there is one, and its expiry.
func (t *txn) removeTicket(key []byte) error {
	stub, err := t.ticket(key)
	if err == bot.ErrNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.remove(expiriesBucket, expiryKey(stub.Expires, key)); err != nil {
		return err
	}
	return t.remove(ticketsBucket, key)
}

// removeTicketsOf looks at every ticket: they are few, because they expire, and
// seldom does anybody ask to be forgotten.
func (t *txn) removeTicketsOf(reader bot.ReaderID) error {
	var keys [][]byte
	for k, v := range t.under(ticketsBucket, nil) {
		payload, err := unwrap(k, v)
		if err != nil {
			return err
		}
		if name, _, ok := cut(payload); ok && bot.ReaderID(name) == reader {
			keys = append(keys, bytes.Clone(k))
		}
	}
	for _, key := range keys {
		if err := t.removeTicket(key); err != nil {
			return err
		}
	}
	return nil
}

// expirySize is how many bytes of an expiry's key are its time.
const expirySize = 8

// expiryKey orders tickets by the second in which they expire; the sign bit is
// turned so that bytes sort as the numbers do.
func expiryKey(at time.Time, ticket []byte) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(at.Unix())^1<<63), ticket...)
}

// sweep removes up to n tickets that expired before the second of now.
func (t *txn) sweep(now time.Time, n int) error {
	end := expiryKey(now, nil)
	var keys [][]byte
	for k := range t.under(expiriesBucket, nil) {
		if len(k) < expirySize || len(keys) == n || bytes.Compare(k[:expirySize], end) >= 0 {
			break
		}
		keys = append(keys, bytes.Clone(k))
	}
	for _, k := range keys {
		if err := t.remove(expiriesBucket, k); err != nil {
			return err
		}
		if err := t.remove(ticketsBucket, k[expirySize:]); err != nil {
			return err
		}
	}
	return nil
}
