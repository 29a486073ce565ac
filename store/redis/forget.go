package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
	"dogear/bot/reply"
)

// Forget implements bot.Readers. The reader's own keys go last: what was begun
// and failed can be begun again. A log is read where the reader is one of the
// club, which everybody is whom one names.
func (s *Store) Forget(ctx context.Context, reader bot.ReaderID) error {
	ctx, cancel, err := s.bulk.writing(ctx)
	if err != nil {
		return fmt.Errorf("forget reader: %w", err)
	}
	defer cancel()
	if err := s.forget(ctx, reader); err != nil {
		return fmt.Errorf("forget reader: %w", plain(err))
	}
	return nil
}

func (s *Store) forget(ctx context.Context, reader bot.ReaderID) error {
	index := s.readerKey("i", reader)
	members, err := s.bulk.ZRange(ctx, index, 0, -1).Result()
	if err != nil {
		return err
	}
	// What is done is noted, so that who has asked more than one call can forget
	// is forgotten in several.
	for part := range slices.Chunk(members, scanCount) {
		for _, member := range part {
			if err := s.forgetAsked(ctx, reader, member); err != nil {
				return err
			}
		}
		if err := s.bulk.ZRem(ctx, index, part).Err(); err != nil {
			return err
		}
	}
	clubs, err := s.clubs(ctx, reader)
	if err != nil {
		return err
	}
	for _, club := range clubs {
		if err := s.forgetActor(ctx, reader, club); err != nil {
			return err
		}
		if err := s.send(ctx, s.small, "srem", s.membersKey(club), string(reader)); err != nil {
			return err
		}
	}
	return s.send(ctx, s.small, "unlink", s.readerKey("r", reader), s.readerKey("l", reader), s.readerKey("d", reader), index)
}

// forgetAsked forgets what a member of the reader's index names.
func (s *Store) forgetAsked(ctx context.Context, reader bot.ReaderID, member string) error {
	kind, club, id, ok := readAsked(member)
	switch {
	case ok && kind == ticketAsked:
		return s.forgetTicket(ctx, reader, s.ticketKey(club, reply.Ticket(id)))
	case ok && kind == postAsked:
		return s.forgetAsker(ctx, reader, club, id)
	}
	return bot.ErrDamaged
}

// forgetTicket removes a ticket of the reader; of another one by now, it stays.
func (s *Store) forgetTicket(ctx context.Context, reader bot.ReaderID, key string) error {
	stub, err := s.ticket(ctx, key)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil || stub.Reader != reader {
		return err
	}
	return s.send(ctx, s.small, "del", key)
}

// forgetAsker removes from a post what the reader asked.
func (s *Store) forgetAsker(ctx context.Context, reader bot.ReaderID, club bot.ClubID, id string) error {
	return s.rewrite(ctx, club, bot.Record{Kind: bot.PostRecord, ID: id}, func(data []byte) ([]byte, error) {
		p, err := bot.DecodePost(data)
		if err != nil || p.Asker != reader {
			return data, err
		}
		return bot.EncodePost(p.Forgotten())
	})
}

// forgetActor removes the reader's name from a club's log.
func (s *Store) forgetActor(ctx context.Context, reader bot.ReaderID, club bot.ClubID) error {
	records, err := s.latest(ctx, club, bot.MaxLog)
	if err != nil {
		return err
	}
	for _, r := range records {
		e, err := bot.DecodeEntry(r.Data)
		if err != nil {
			return bot.ErrDamaged
		}
		if !e.Names(reader) {
			continue
		}
		err = s.rewrite(ctx, club, r, func(data []byte) ([]byte, error) {
			e, err := bot.DecodeEntry(data)
			if err != nil {
				return nil, err
			}
			return bot.EncodeEntry(e.Forgotten(reader))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// rewrite writes a record anew, if there is one, as of what stands.
func (s *Store) rewrite(ctx context.Context, club bot.ClubID, r bot.Record, write func([]byte) ([]byte, error)) error {
	key, field := s.kindKey(club, r.Kind), kindField(r.Kind, r.ID)
	return again(ctx, func() (bool, error) {
		stands, err := s.bulk.HGet(ctx, key, field).Result()
		if errors.Is(err, redis.Nil) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		data, err := unwrap(stands)
		if err != nil {
			return false, err
		}
		if data, err = write(data); err != nil {
			return false, bot.ErrDamaged
		}
		return s.setField(ctx, key, field, stands, wrap(data))
	})
}
