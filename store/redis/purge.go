package redis

import (
	"context"
	"errors"
	"fmt"

	"dogear/bot"
)

// Purge implements bot.Departures. That it has begun is noted first and taken
// away last, so that one that was cut off is ended; the club itself goes in one
// step, when none of its members is left. It ends with its context: what is done
// need not be done again.
func (s *Store) Purge(ctx context.Context, club bot.ClubID) error {
	err := ctx.Err()
	if err == nil {
		err = plain(s.purge(ctx, club))
	}
	if err != nil {
		return fmt.Errorf("purge club: %w", err)
	}
	return nil
}

func (s *Store) purge(ctx context.Context, club bot.ClubID) error {
	stands, err := fields(ctx, s.small, s.clubKey(club), versionField)
	if err != nil {
		return err
	}
	if _, err := decodeVersion(stands[0]); errors.Is(err, bot.ErrNewer) {
		return err // there may be more of it than is known here
	}
	if err := s.send(ctx, s.small, "hset", s.goneKey(), string(club), begun); err != nil {
		return err
	}
	// Before the club: who makes it anew adds it again.
	if err := s.send(ctx, s.small, "srem", s.clubsKey(), string(club)); err != nil {
		return err
	}
	err = again(ctx, func() (bool, error) {
		if err := s.unaskAll(ctx, club); err != nil {
			return false, err
		}
		if err := s.leaveAll(ctx, club); err != nil {
			return false, err
		}
		return s.wipe(ctx, club)
	})
	if err != nil {
		return err
	}
	return s.send(ctx, s.small, "hdel", s.goneKey(), string(club))
}

// leaveAll takes a club out of its members, and them out of it. Who joins at the
// same time is found the next time, or joins again.
func (s *Store) leaveAll(ctx context.Context, club bot.ClubID) error {
	members, err := s.bulk.SMembers(ctx, s.membersKey(club)).Result()
	if err != nil {
		return err
	}
	leave := []any{memberKey(club)}
	if club != "" { // what is of no club is of the books that dogear ships
		own := bot.BookKey{Club: club}
		leave = append(leave, placeKey(own), veilKey(own))
	}
	for _, member := range members {
		reader := bot.ReaderID(member)
		key := []string{s.readerKey("r", reader)}
		if err := s.unask(ctx, club, reader); err != nil {
			return err
		}
		if _, err := s.change(ctx, s.small, s.leave, key, leave...); err != nil {
			return err
		}
		if err := s.send(ctx, s.small, "srem", s.membersKey(club), member); err != nil {
			return err
		}
		// Who has joined between the two is no member either.
		if _, err := s.change(ctx, s.small, s.leave, key, leave...); err != nil {
			return err
		}
	}
	return nil
}

// unaskAll removes a club's tickets, and takes them and its posts out of the
// indexes of who asked. What does not decode names nobody.
func (s *Store) unaskAll(ctx context.Context, club bot.ClubID) error {
	askers := map[bot.ReaderID]bool{}
	posts, err := s.bulk.HVals(ctx, s.kindKey(club, bot.PostRecord)).Result()
	if err != nil {
		return err
	}
	for _, value := range posts {
		if data, err := unwrap(value); err == nil {
			if post, err := bot.DecodePost(data); err == nil {
				askers[post.Asker] = true
			}
		}
	}
	tickets, err := s.scan(ctx, s.ticketsOf(club))
	if err != nil {
		return err
	}
	for _, key := range tickets {
		stub, err := s.ticket(ctx, key)
		switch {
		case err == nil:
			askers[stub.Reader] = true
		case !errors.Is(err, bot.ErrNotFound) && !errors.Is(err, bot.ErrDamaged) && !errors.Is(err, bot.ErrNewer):
			return err
		}
	}
	for reader := range askers {
		if err := s.unask(ctx, club, reader); err != nil {
			return err
		}
	}
	for _, key := range tickets {
		if err := s.send(ctx, s.small, "del", key); err != nil {
			return err
		}
	}
	return nil
}

// unask takes all that a reader asked in a club out of their index.
func (s *Store) unask(ctx context.Context, club bot.ClubID, reader bot.ReaderID) error {
	index := s.readerKey("i", reader)
	members, err := s.bulk.ZRange(ctx, index, 0, -1).Result()
	if err != nil {
		return err
	}
	for _, member := range members {
		if _, of, _, ok := readAsked(member); ok && of == club {
			if err := s.send(ctx, s.small, "zrem", index, member); err != nil {
				return err
			}
		}
	}
	return nil
}

// wipe removes all of a club's own keys in one step; false where it has members
// again.
func (s *Store) wipe(ctx context.Context, club bot.ClubID) (bool, error) {
	keys := []string{s.membersKey(club), s.clubKey(club), s.journalKey(club), s.expiriesKey(club), s.editsKey(club)}
	for _, kind := range hashKinds {
		if kind != bot.ChannelRecord { // which are with the club itself
			keys = append(keys, s.kindKey(club, kind))
		}
	}
	stages, err := s.scan(ctx, s.stagesOf(club))
	if err != nil {
		return false, err
	}
	n, err := s.change(ctx, s.bulk, s.scripts.purge, append(keys, stages...), s.changed(), string(club))
	return n == 1, err
}

// scan finds the keys of a club that begin so.
func (s *Store) scan(ctx context.Context, begin string) (found []string, err error) {
	node, err := s.bulk.node(ctx, begin)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{} // a scan may name a key twice
	keys := node.Scan(ctx, 0, begin+"*", scanCount).Iterator()
	for keys.Next(ctx) {
		if key := keys.Val(); !seen[key] {
			seen[key] = true
			found = append(found, key)
		}
	}
	return found, keys.Err()
}
