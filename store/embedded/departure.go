package embedded

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"dogear/bot"
)

// Known implements bot.Departures. It looks at every key of a club's: seldom
// does anybody ask for that.
func (s *Store) Known(ctx context.Context, prefix string) ([]bot.ClubID, error) {
	known := map[bot.ClubID]bool{}
	err := s.view(ctx, func(t *txn) error {
		for _, bucket := range append(slices.Collect(maps.Values(recordBuckets)), versionsBucket, membersBucket) {
			for k := range t.under(bucket, nil) {
				club, _, ok := cut(k)
				if !ok {
					return errDamaged
				}
				if strings.HasPrefix(string(club), prefix) {
					known[bot.ClubID(club)] = true
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find clubs: %w", err)
	}
	return slices.Sorted(maps.Keys(known)), nil
}

// Gone implements bot.Departures. A Purge is one step here: none is half done.
func (s *Store) Gone(ctx context.Context, prefix string) (map[bot.ClubID]time.Time, error) {
	gone := map[bot.ClubID]time.Time{}
	err := s.view(ctx, func(t *txn) error {
		for k, v := range t.under(goneBucket, nil) {
			data, err := unwrap(k, v)
			if err != nil {
				return err
			}
			club, _, ok := cut(k)
			nanos, size := binary.Varint(data)
			if !ok || size <= 0 {
				return errDamaged
			}
			if strings.HasPrefix(string(club), prefix) {
				gone[bot.ClubID(club)] = time.Unix(0, nanos)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find clubs that are gone: %w", err)
	}
	return gone, nil
}

// SetGone implements bot.Departures.
func (s *Store) SetGone(ctx context.Context, club bot.ClubID, since time.Time) (news bool, err error) {
	key := part(nil, club)
	err = s.update(ctx, func(t *txn) error {
		noted, err := t.get(goneBucket, key)
		news = err == nil && since.IsZero() == (noted != nil)
		switch {
		case !news:
			return err
		case since.IsZero():
			return t.remove(goneBucket, key)
		}
		return t.put(goneBucket, key, binary.AppendVarint(nil, since.UnixNano()))
	})
	if err != nil {
		return false, fmt.Errorf("note that a club is gone: %w", err)
	}
	return news, nil
}

// Purge implements bot.Departures.
func (s *Store) Purge(ctx context.Context, club bot.ClubID) error {
	err := s.update(ctx, func(t *txn) error { return t.purge(club) })
	if err != nil {
		return fmt.Errorf("purge club: %w", err)
	}
	s.gate.release(club)
	return nil
}

func (t *txn) purge(club bot.ClubID) error {
	own := part(nil, club)
	for kind, bucket := range recordBuckets {
		for _, key := range t.keysUnder(bucket, own) {
			var err error
			if kind == bot.TicketRecord || kind == bot.PostRecord {
				err = t.drop(kind, key) // with its expiry
			} else {
				err = t.remove(bucket, key)
			}
			if err != nil {
				return err
			}
		}
	}
	for _, key := range t.keysUnder(membersBucket, own) {
		if err := t.leave(club, bot.ReaderID(key[len(own):])); err != nil {
			return err
		}
		if err := t.remove(membersBucket, key); err != nil {
			return err
		}
	}
	if err := t.remove(versionsBucket, own); err != nil {
		return err
	}
	return t.remove(goneBucket, own)
}

// leave removes what a reader has for a club's own books.
func (t *txn) leave(club bot.ClubID, reader bot.ReaderID) error {
	own := part(nil, reader)
	for _, key := range t.keysUnder(readersBucket, own) {
		_, book, ok := readerSubject(key[len(own):])
		if !ok {
			return errDamaged
		}
		if club == "" || book.Club != club {
			continue // no club: dogear ships it
		}
		if err := t.remove(readersBucket, key); err != nil {
			return err
		}
	}
	return nil
}
