package redis

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
	"dogear/bot/reply"
)

// The kinds of what a reader's index names.
const (
	ticketAsked = 't'
	postAsked   = 'p'
)

// asked names a ticket or a post in a reader's index: kind, club with its
// length in front, ID.
func asked(kind byte, club bot.ClubID, id string) string {
	return string(append(binary.AppendUvarint([]byte{kind}, uint64(len(club))), string(club)+id...))
}

// readAsked reads what asked wrote.
func readAsked(member string) (kind byte, club bot.ClubID, id string, ok bool) {
	if member == "" {
		return 0, "", "", false
	}
	n, size := binary.Uvarint([]byte(member[1:]))
	if size <= 0 || n > uint64(len(member)-1-size) {
		return 0, "", "", false
	}
	rest := member[1+size:]
	return member[0], bot.ClubID(rest[:n]), rest[n:], true
}

// Issue implements bot.Tickets. The reader's index comes first: what it does
// not name would not be forgotten with the reader.
func (s *Store) Issue(ctx context.Context, club bot.ClubID, id reply.Ticket, stub bot.Stub) error {
	data, err := bot.EncodeStub(stub)
	if err == nil {
		ctx, cancel, begun := s.small.writing(ctx)
		if begun != nil {
			return fmt.Errorf("issue ticket: %w", begun)
		}
		defer cancel()
		err = plain(s.issue(ctx, club, id, stub, data))
	}
	if err != nil {
		return fmt.Errorf("issue ticket: %w", err)
	}
	return nil
}

func (s *Store) issue(ctx context.Context, club bot.ClubID, id reply.Ticket, stub bot.Stub, data []byte) error {
	key := s.ticketKey(club, id)
	if !time.Now().Before(stub.Expires) {
		return s.send(ctx, s.small, "del", key)
	}
	if err := s.note(ctx, stub.Reader, asked(ticketAsked, club, string(id)), stub.Expires); err != nil {
		return err
	}
	return s.send(ctx, s.small, "set", key, wrap(data), "exat", stub.Expires.Add(time.Second).Unix())
}

// note puts something into a reader's index.
func (s *Store) note(ctx context.Context, reader bot.ReaderID, what string, expires time.Time) error {
	_, err := s.change(ctx, s.small, s.remember, []string{s.readerKey("i", reader)}, what, expires.Unix()+1, time.Now().Unix())
	return err
}

// Ticket implements bot.Tickets.
func (s *Store) Ticket(ctx context.Context, club bot.ClubID, id reply.Ticket, now time.Time) (bot.Stub, error) {
	ctx, cancel := s.small.reading(ctx)
	defer cancel()
	stub, err := s.ticket(ctx, s.ticketKey(club, id))
	if err == nil && !now.Before(stub.Expires) {
		err = bot.ErrNotFound
	}
	if err != nil {
		return bot.Stub{}, fmt.Errorf("read ticket: %w", plain(err))
	}
	return stub, nil
}

func (s *Store) ticket(ctx context.Context, key string) (bot.Stub, error) {
	value, err := s.small.Get(ctx, key).Result()
	if errors.Is(err, redis.Nil) {
		return bot.Stub{}, bot.ErrNotFound
	}
	if err != nil {
		return bot.Stub{}, err
	}
	data, err := unwrap(value)
	if err != nil {
		return bot.Stub{}, err
	}
	stub, err := bot.DecodeStub(data)
	if err != nil {
		return bot.Stub{}, bot.ErrDamaged
	}
	return stub, nil
}
