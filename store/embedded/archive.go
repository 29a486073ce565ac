package embedded

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"dogear/bot"
)

// Dump implements bot.Archive. Tickets and posts that have expired are kept no
// longer, even before a sweep has come by.
func (s *Store) Dump(ctx context.Context, club bot.ClubID) (uint64, []bot.Record, error) {
	var version uint64
	var records []bot.Record
	readers := map[bot.ReaderID]bot.Reader{}
	err := s.view(ctx, func(t *txn) (err error) {
		stands, err := t.standing(club)
		if version = stands.version; err != nil {
			return err
		}
		if records, err = t.records(club, slices.Collect(maps.Keys(recordBuckets))...); err != nil {
			return err
		}
		own := part(nil, club)
		for k, v := range t.under(membersBucket, own) {
			if _, err := unwrap(k, v); err != nil {
				return err
			}
			id := bot.ReaderID(k[len(own):])
			if readers[id], err = t.reader(id); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		records, err = dumped(club, records, readers)
	}
	if err != nil {
		return 0, nil, fmt.Errorf("dump: %w", err)
	}
	return version, records, nil
}

// dumped adds a club's readers to its records, drops what has expired, and puts
// all in order.
func dumped(club bot.ClubID, records []bot.Record, readers map[bot.ReaderID]bot.Reader) ([]bot.Record, error) {
	now := time.Now()
	var out []bot.Record
	for _, r := range records {
		expired, err := r.Expired(now)
		if err != nil {
			return nil, err
		}
		if !expired {
			out = append(out, r)
		}
	}
	for id, r := range readers {
		data, err := bot.EncodeReader(r.In(club))
		if err != nil {
			return nil, err
		}
		out = append(out, bot.Record{Kind: bot.ReaderRecord, ID: string(id), Data: data})
	}
	slices.SortFunc(out, bot.CompareRecords)
	return out, nil
}

// Load implements bot.Archive. What it brings of a channel, ticket or post goes
// in place of what the club has; a version of 0 becomes 1.
func (s *Store) Load(ctx context.Context, club bot.ClubID, version uint64, records []bot.Record) error {
	records, err := bot.CheckRecords(club, version, records, time.Now())
	if err == nil {
		err = s.update(ctx, func(t *txn) error {
			has, err := t.version(club)
			if err != nil {
				return err
			}
			if has.N > 0 {
				return bot.ErrNotEmpty
			}
			for _, r := range records {
				if err := t.load(club, r); err != nil {
					return err
				}
			}
			return t.stand(club, begun(max(version, 1)))
		})
	}
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	return nil
}

func (t *txn) load(club bot.ClubID, r bot.Record) error {
	switch r.Kind {
	case bot.ReaderRecord:
		return t.loadReader(club, r)
	case bot.TicketRecord, bot.PostRecord:
		return t.keep(club, r)
	}
	return t.put(recordBuckets[r.Kind], clubKey(club, r.ID), r.Data)
}

// loadReader keeps what a reader has no place or veil of their own for.
func (t *txn) loadReader(club bot.ClubID, r bot.Record) error {
	id := bot.ReaderID(r.ID)
	reader, err := bot.DecodeReader(r.Data)
	if err != nil {
		return err
	}
	if err := t.note(club, id); err != nil {
		return err
	}
	bring := func(key, payload []byte) error {
		if has, err := t.get(readersBucket, key); has != nil || err != nil {
			return err
		}
		return t.put(readersBucket, key, payload)
	}
	for book, mark := range reader.Bookmarks {
		if err := bring(readerKey(id, placeKind, book), bot.EncodeBookmark(mark)); err != nil {
			return err
		}
	}
	for book, veil := range reader.Veils {
		if err := bring(readerKey(id, veilKind, book), []byte(veil)); err != nil {
			return err
		}
	}
	return nil
}
