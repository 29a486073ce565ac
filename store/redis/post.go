package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
	"dogear/bot/library"
)

// Post implements bot.Posts.
func (s *Store) Post(ctx context.Context, club bot.ClubID, post bot.Post) error {
	data, err := bot.EncodePost(post)
	if err == nil {
		ctx, cancel, begun := s.small.writing(ctx)
		if begun != nil {
			return fmt.Errorf("keep post: %w", begun)
		}
		defer cancel()
		err = plain(s.keep(ctx, club, post, data))
	}
	if err != nil {
		return fmt.Errorf("keep post: %w", err)
	}
	return nil
}

func (s *Store) keep(ctx context.Context, club bot.ClubID, post bot.Post, data []byte) error {
	value, what := wrap(data), asked(postAsked, club, post.RecordID())
	forgotten, err := bot.EncodePost(post.Forgotten())
	if err != nil {
		return err
	}
	if len(post.Holds) == 0 || !time.Now().Before(post.Expires) {
		value = ""
	} else if err := s.note(ctx, post.Asker, what, post.Expires); err != nil {
		return err
	}
	keys := []string{s.kindKey(club, bot.PostRecord), s.expiriesKey(club)}
	n, err := s.change(ctx, s.small, s.scripts.post, keys, post.RecordID(), value, post.Expires.Unix()+1, time.Now().Unix(), wrap(forgotten))
	if err == nil && n == 2 && value != "" { // it is none that they asked
		err = s.send(ctx, s.small, "zrem", s.readerKey("i", post.Asker), what)
	}
	if err != nil {
		return err
	}
	return refusedBy(n)
}

// Posts implements bot.Posts.
func (s *Store) Posts(ctx context.Context, club bot.ClubID, source library.SourceID, now time.Time) ([]bot.Post, error) {
	ctx, cancel := s.bulk.reading(ctx)
	defer cancel()
	_, records, err := s.records(ctx, club, bot.PostRecord)
	if err != nil {
		return nil, fmt.Errorf("read posts: %w", plain(err))
	}
	var posts []bot.Post
	for _, r := range records {
		p, err := bot.DecodePost(r.Data)
		if err != nil {
			return nil, fmt.Errorf("read posts: %w", bot.ErrDamaged)
		}
		if p.HoldsOf(source) && now.Before(p.Expires) {
			posts = append(posts, p)
		}
	}
	return posts, nil
}

// Owing implements bot.Posts. A club that can't be read counts: to edit what it
// has posted then says why, and the others do not wait for that.
func (s *Store) Owing(ctx context.Context) ([]bot.ClubID, error) {
	ctx, cancel := s.bulk.reading(ctx)
	defer cancel()
	names, err := s.bulk.SMembers(ctx, s.clubsKey()).Result()
	if err != nil {
		return nil, fmt.Errorf("find owed edits: %w", plain(err))
	}
	slices.Sort(names)
	var clubs []bot.ClubID
	for part := range slices.Chunk(names, scanCount) {
		stands := make([]*redis.SliceCmd, len(part))
		_, err := s.bulk.Pipelined(ctx, func(pipe redis.Pipeliner) error {
			for i, name := range part {
				stands[i] = pipe.HMGet(ctx, s.clubKey(bot.ClubID(name)), versionField, editedField)
			}
			return nil
		})
		for i, name := range part {
			is, refused := stands[i].Result()
			if refused == nil && len(is) != 2 || !answered(err) {
				return nil, fmt.Errorf("find owed edits: %w", plain(err)) // it was not asked
			}
			if refused != nil || is[0] != is[1] {
				clubs = append(clubs, bot.ClubID(name))
			}
		}
	}
	return clubs, nil
}

// ClaimEdits implements bot.Posts.
func (s *Store) ClaimEdits(ctx context.Context, club bot.ClubID, lease time.Duration) (bot.Version, bool, error) {
	ctx, cancel, err := s.small.writing(ctx)
	if err != nil {
		return bot.Version{}, false, fmt.Errorf("claim edits: %w", err)
	}
	defer cancel()
	done, err := s.claim.Run(ctx, s.small, []string{s.clubKey(club), s.editsKey(club)}, max(lease.Milliseconds(), 1)).Text()
	if errors.Is(err, redis.Nil) {
		return bot.Version{}, false, nil
	}
	var from bot.Version
	if err == nil {
		from, err = decodeVersion(done)
	}
	if err != nil {
		return bot.Version{}, false, fmt.Errorf("claim edits: %w", plain(err))
	}
	return from, true, nil
}

// EditsDone implements bot.Posts.
func (s *Store) EditsDone(ctx context.Context, club bot.ClubID, from, upTo bot.Version) error {
	ctx, cancel, err := s.small.writing(ctx)
	if err != nil {
		return fmt.Errorf("end edits: %w", err)
	}
	defer cancel()
	_, err = s.change(ctx, s.small, s.done, []string{s.clubKey(club), s.editsKey(club)}, encodeVersion(from), encodeVersion(upTo))
	if err != nil {
		return fmt.Errorf("end edits: %w", plain(err))
	}
	return nil
}
