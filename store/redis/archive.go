package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
	"dogear/bot/reply"
)

// hashKinds are the kinds whose records are in hashes of the club's.
var hashKinds = append(slices.Clone(bot.LibraryRecords), bot.EntryRecord, bot.ChannelRecord, bot.PostRecord, bot.TallyRecord)

// Dump implements bot.Archive. Of the club's own it is as of one moment; its
// readers and tickets are read after that.
func (s *Store) Dump(ctx context.Context, club bot.ClubID) (uint64, []bot.Record, error) {
	ctx, cancel := s.bulk.reading(ctx)
	defer cancel()
	version, records, err := s.records(ctx, club, hashKinds...)
	if err == nil {
		var more []bot.Record
		if more, err = s.tickets(ctx, club); err == nil {
			records = append(records, more...)
		}
	}
	if err == nil {
		var more []bot.Record
		if more, err = s.readers(ctx, club); err == nil {
			records = append(records, more...)
		}
	}
	if err != nil {
		return 0, nil, fmt.Errorf("dump: %w", plain(err))
	}
	now := time.Now()
	var kept []bot.Record
	for _, r := range records {
		expired, err := r.Expired(now)
		if err != nil {
			return 0, nil, fmt.Errorf("dump: %w", bot.ErrDamaged)
		}
		if !expired {
			kept = append(kept, r)
		}
	}
	slices.SortFunc(kept, bot.CompareRecords)
	return version.N, kept, nil
}

// scanCount is how many keys a server looks at in one step of a scan, and how
// many readers are read at once.
const scanCount = 1000

// tickets finds a club's tickets by their names: seldom does anybody ask for
// that.
func (s *Store) tickets(ctx context.Context, club bot.ClubID) ([]bot.Record, error) {
	begin := s.ticketsOf(club)
	keys, err := s.scan(ctx, begin)
	if err != nil {
		return nil, err
	}
	var records []bot.Record
	for _, key := range keys {
		id, err := unescape(strings.TrimPrefix(key, begin))
		if err != nil {
			return nil, err
		}
		value, err := s.bulk.Get(ctx, key).Result()
		if errors.Is(err, redis.Nil) {
			continue
		}
		if err != nil {
			return nil, err
		}
		data, err := unwrap(value)
		if err != nil {
			return nil, err
		}
		records = append(records, bot.Record{Kind: bot.TicketRecord, ID: id, Data: data})
	}
	return records, nil
}

// readers returns what is kept of a club's readers as far as it concerns the
// club.
func (s *Store) readers(ctx context.Context, club bot.ClubID) ([]bot.Record, error) {
	ids, err := s.bulk.SMembers(ctx, s.membersKey(club)).Result()
	if err != nil {
		return nil, err
	}
	var records []bot.Record
	for part := range slices.Chunk(ids, scanCount) {
		hashes := make([]*redis.MapStringStringCmd, len(part))
		_, err := s.bulk.Pipelined(ctx, func(pipe redis.Pipeliner) error {
			for i, id := range part {
				hashes[i] = pipe.HGetAll(ctx, s.readerKey("r", bot.ReaderID(id)))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		for i, id := range part {
			fields := hashes[i].Val()
			if fields[memberKey(club)] == "" {
				continue // forgotten
			}
			reader, err := decodeReader(fields)
			if err != nil {
				return nil, err
			}
			data, err := bot.EncodeReader(reader.In(club))
			if err != nil {
				return nil, err
			}
			records = append(records, bot.Record{Kind: bot.ReaderRecord, ID: id, Data: data})
		}
	}
	return records, nil
}

// Load implements bot.Archive. What readers have comes first, and the library,
// the log and the channels last and in one step: a load that was cut off can be
// done again, and does no harm before that.
func (s *Store) Load(ctx context.Context, club bot.ClubID, version uint64, records []bot.Record) error {
	records, err := bot.CheckRecords(club, version, records, time.Now())
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	ctx, cancel, err := s.bulk.writing(ctx)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	defer cancel()
	if err := s.load(ctx, club, version, records); err != nil {
		return fmt.Errorf("load: %w", plain(err))
	}
	return nil
}

func (s *Store) load(ctx context.Context, club bot.ClubID, version uint64, records []bot.Record) error {
	stands, err := fields(ctx, s.bulk, s.clubKey(club), versionField)
	if err != nil {
		return err
	}
	has, err := decodeVersion(stands[0])
	if err != nil {
		return err
	}
	if has != (bot.Version{}) {
		return bot.ErrNotEmpty
	}
	next := newVersion(max(version, 1))
	var all steps
	var latest uint64
	for _, r := range records {
		switch r.Kind {
		case bot.ReaderRecord:
			err = s.bring(ctx, club, r)
		case bot.TicketRecord:
			err = s.bringTicket(ctx, club, r)
		case bot.PostRecord:
			err = s.bringPost(ctx, club, r)
		case bot.EntryRecord:
			latest, _ = bot.EntryNumber(r.ID) // they rise
			fallthrough
		default:
			all.put(s, club, r)
		}
		if err != nil {
			return err
		}
	}
	if latest > 0 {
		all.set(s.clubKey(club), latestField, encodeCount(latest))
	}
	all.journalWhole(s, club, next)
	made, err := s.commit(ctx, s.bulk, club, "", stands[0], next, &all)
	if err == nil && !made {
		return bot.ErrNotEmpty
	}
	return err
}

// bring keeps what a reader has no place or veil of their own for. Joining comes
// last: what it waits for, all of this waits for.
func (s *Store) bring(ctx context.Context, club bot.ClubID, r bot.Record) error {
	reader, err := bot.DecodeReader(r.Data)
	if err != nil {
		return bot.ErrDamaged
	}
	id := bot.ReaderID(r.ID)
	key := s.readerKey("r", id)
	_, err = s.bulk.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		for book, mark := range reader.Bookmarks {
			pipe.HSetNX(ctx, key, placeKey(book), wrap(bot.EncodeBookmark(mark)))
		}
		for book, veil := range reader.Veils {
			pipe.HSetNX(ctx, key, veilKey(book), wrap(veil))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.join(ctx, club, id)
}

func (s *Store) bringTicket(ctx context.Context, club bot.ClubID, r bot.Record) error {
	stub, err := bot.DecodeStub(r.Data)
	if err != nil {
		return bot.ErrDamaged
	}
	return s.issue(ctx, club, reply.Ticket(r.ID), stub, r.Data)
}

func (s *Store) bringPost(ctx context.Context, club bot.ClubID, r bot.Record) error {
	post, err := bot.DecodePost(r.Data)
	if err != nil {
		return bot.ErrDamaged
	}
	return s.keep(ctx, club, post, r.Data)
}
