package redis

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
)

// begun is what stands in the place of a time where a club's Purge has begun.
var begun = wrap("")

// searchEvery is how often clubs are looked for by the names of all keys.
const searchEvery = 24 * time.Hour

// Known implements bot.Departures. The server has a list of them; what an earlier
// dogear did not put there, or a call that was cut off, is found within a day.
func (s *Store) Known(ctx context.Context, prefix string) ([]bot.ClubID, error) {
	known, err := s.known(ctx, prefix)
	if err != nil {
		return nil, fmt.Errorf("find clubs: %w", plain(err))
	}
	return known, nil
}

func (s *Store) known(ctx context.Context, prefix string) (known []bot.ClubID, err error) {
	err = s.bulk.Get(ctx, s.searchedKey()).Err()
	if errors.Is(err, redis.Nil) {
		err = s.search(ctx)
	}
	if err != nil {
		return nil, err
	}
	names, err := s.bulk.SMembers(ctx, s.clubsKey()).Result()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if strings.HasPrefix(name, prefix) {
			known = append(known, bot.ClubID(name))
		}
	}
	slices.Sort(known)
	return known, nil
}

// list puts a club where Known finds it, behind what is kept of it: a purge takes
// it from there before that. Nobody waits for replicas to have it, and where it
// fails, nothing else does: search finds the club.
func (s *Store) list(ctx context.Context, club bot.ClubID) {
	_ = s.small.SAdd(ctx, s.clubsKey(), string(club)).Err()
}

// search lists the clubs that have keys. That takes seconds where there are
// millions of readers, so that the server keeps, for all processes, that it was
// done.
func (s *Store) search(ctx context.Context) error {
	var mu sync.Mutex // several masters are asked at once
	found := map[string]bool{}
	err := s.bulk.masters(ctx, func(ctx context.Context, node redis.Cmdable) error {
		keys := node.Scan(ctx, 0, s.prefix+"c:{*", scanCount).Iterator()
		for keys.Next(ctx) {
			_, rest, _ := strings.Cut(keys.Val(), "{")
			name, _, _ := strings.Cut(rest, "}")
			club, err := unescape(name)
			if err != nil {
				return err
			}
			mu.Lock()
			found[club] = true
			mu.Unlock()
		}
		return keys.Err()
	})
	if err != nil {
		return err
	}
	for part := range slices.Chunk(slices.Collect(maps.Keys(found)), scanCount) {
		if err := s.bulk.SAdd(ctx, s.clubsKey(), part).Err(); err != nil {
			return err
		}
	}
	return s.bulk.Set(ctx, s.searchedKey(), wrap(""), searchEvery).Err()
}

// masters asks each server that takes writes.
func (c *client) masters(ctx context.Context, ask func(context.Context, redis.Cmdable) error) error {
	if all, ok := c.UniversalClient.(*redis.ClusterClient); ok {
		return all.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error { return ask(ctx, node) })
	}
	return ask(ctx, c)
}

// Gone implements bot.Departures.
func (s *Store) Gone(ctx context.Context, prefix string) (map[bot.ClubID]time.Time, error) {
	ctx, cancel := s.small.reading(ctx)
	defer cancel()
	noted, err := s.small.HGetAll(ctx, s.goneKey()).Result()
	gone := map[bot.ClubID]time.Time{}
	for name, value := range noted {
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		if gone[bot.ClubID(name)], err = sinceOf(value); err != nil {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("find clubs that are gone: %w", plain(err))
	}
	return gone, nil
}

// sinceOf reads since when a club is gone.
func sinceOf(value string) (time.Time, error) {
	if value == begun {
		return time.Time{}, nil
	}
	data, err := unwrap(value)
	if err != nil {
		return time.Time{}, err
	}
	nanos, err := strconv.ParseInt(string(data), 10, 64)
	if err != nil {
		return time.Time{}, bot.ErrDamaged
	}
	return time.Unix(0, nanos), nil
}

// SetGone implements bot.Departures.
func (s *Store) SetGone(ctx context.Context, club bot.ClubID, since time.Time) (bool, error) {
	ctx, cancel, err := s.small.writing(ctx)
	if err != nil {
		return false, fmt.Errorf("note that a club is gone: %w", err)
	}
	defer cancel()
	news, err := s.setGone(ctx, club, since)
	if err != nil {
		return false, fmt.Errorf("note that a club is gone: %w", plain(err))
	}
	return news, nil
}

func (s *Store) setGone(ctx context.Context, club bot.ClubID, since time.Time) (bool, error) {
	if !since.IsZero() {
		return s.setField(ctx, s.goneKey(), string(club), "", wrap(strconv.FormatInt(since.UnixNano(), 10)))
	}
	stands, err := fields(ctx, s.small, s.goneKey(), string(club))
	if err != nil || stands[0] == "" || stands[0] == begun {
		return false, err
	}
	return s.setField(ctx, s.goneKey(), string(club), stands[0], "")
}
