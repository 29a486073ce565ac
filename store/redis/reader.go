package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
	"dogear/bot/reply"
)

// Look implements bot.Readers. It is one round trip; in a Cluster, the reader's
// place and the club's are asked at once. Where the server takes no writes, the
// visit's event and allowance count for nothing: what can be read is safe to
// answer by.
func (s *Store) Look(ctx context.Context, visit bot.Visit) (bot.View, error) {
	ctx, cancel := s.small.reading(ctx)
	defer cancel()
	view, err := s.look(ctx, visit)
	if err != nil {
		return bot.View{}, fmt.Errorf("look: %w", plain(err))
	}
	return view, nil
}

func (s *Store) look(ctx context.Context, visit bot.Visit) (view bot.View, err error) {
	pipe := s.small.Pipeline()
	reader := pipe.HGetAll(ctx, s.readerKey("r", visit.Reader))
	club := pipe.HMGet(ctx, s.clubKey(visit.Club), versionField, channelKey(visit.Channel))
	var entered *redis.Cmd
	if visit.Event != "" || visit.Rate != (bot.Rate{}) {
		entered = evaluate(ctx, pipe, "evalsha", s.enter.Hash(), s.visitKeys(visit), visitArgs(visit))
	}
	if _, err := pipe.Exec(ctx); err != nil && entered == nil {
		return view, err
	}
	fields, err := reader.Result()
	if err != nil {
		return view, err
	}
	if view.Reader, err = decodeReader(fields); err != nil {
		return view, err
	}
	values, err := club.Result()
	if err != nil {
		return view, err
	}
	version, _ := values[0].(string)
	channel, _ := values[1].(string)
	if view.Version, err = decodeVersion(version); err != nil {
		return view, err
	}
	if view.Channel, err = channelOf(channel); err != nil {
		return view, err
	}
	if entered != nil {
		view.Seen, view.Wait, err = s.entered(ctx, visit, entered)
	}
	return view, err
}

func (s *Store) visitKeys(v bot.Visit) []string {
	return []string{s.readerKey("l", v.Reader), s.readerKey("d", v.Reader)}
}

func visitArgs(v bot.Visit) []any {
	return []any{v.Now.UnixMilli(), v.Rate.Every.Milliseconds(), v.Rate.Burst, v.Event, v.Now.Add(bot.EventLife).UnixMilli()}
}

// entered reads what the script of a visit said. A server that has forgotten it
// is given it again; one that takes no writes has nothing to say.
func (s *Store) entered(ctx context.Context, v bot.Visit, cmd *redis.Cmd) (seen bool, wait time.Duration, err error) {
	if redis.HasErrorPrefix(cmd.Err(), "NOSCRIPT") {
		cmd = s.enter.Eval(ctx, s.small, s.visitKeys(v), visitArgs(v)...)
	}
	said, err := cmd.Int64Slice()
	if _, refused := errors.AsType[redis.Error](err); refused {
		return false, 0, nil
	}
	if err != nil {
		return false, 0, err
	}
	if len(said) != 2 {
		return false, 0, bot.ErrDamaged
	}
	return said[0] == 1, time.Duration(said[1]) * time.Millisecond, nil
}

// decodeReader reads a reader's fields.
func decodeReader(fields map[string]string) (bot.Reader, error) {
	var r bot.Reader
	for name, value := range fields {
		data, err := unwrap(value)
		if err != nil {
			return bot.Reader{}, fmt.Errorf("reader: %w", err)
		}
		if name == "" {
			return bot.Reader{}, bot.ErrDamaged
		}
		if name[0] == memberField || name == setsField {
			continue
		}
		book, ok := bot.DecodeBookKey(name[1:])
		switch {
		case ok && name[0] == placeField:
			mark, err := bot.DecodeBookmark(data)
			if err != nil {
				return bot.Reader{}, bot.ErrDamaged
			}
			if r.Bookmarks == nil {
				r.Bookmarks = map[bot.BookKey]bot.Bookmark{}
			}
			r.Bookmarks[book] = mark
		case ok && name[0] == veilField:
			if r.Veils == nil {
				r.Veils = map[bot.BookKey]reply.Veil{}
			}
			if r.Veils[book], err = veilOf(value); err != nil {
				return bot.Reader{}, err
			}
		default:
			return bot.Reader{}, bot.ErrDamaged
		}
	}
	return r, nil
}

// Move implements bot.Readers.
func (s *Store) Move(ctx context.Context, at bot.Seat, book bot.BookKey, move bot.Move) (bot.Bookmark, error) {
	ctx, cancel, err := s.small.writing(ctx)
	if err != nil {
		return bot.Bookmark{}, fmt.Errorf("move bookmark: %w", err)
	}
	defer cancel()
	key, field := s.readerKey("r", at.Reader), placeKey(book)
	var mark bot.Bookmark
	set := ""
	err = again(ctx, func() (bool, error) {
		stands, err := fields(ctx, s.small, key, field, memberKey(at.Club), setsField)
		if err != nil {
			return false, err
		}
		if set != "" && stands[0] == set {
			return s.setAgain(ctx, key, field, set, set, stands[2]) // a cluster's client may send a call twice
		}
		before := bot.Bookmark{}
		if stands[0] != "" {
			data, err := unwrap(stands[0])
			if err != nil {
				return false, err
			}
			if before, err = bot.DecodeBookmark(data); err != nil {
				return false, bot.ErrDamaged
			}
		}
		if mark, err = before.Apply(move); err != nil || mark == (bot.Bookmark{}) {
			return true, err
		}
		if stands[1] != joined {
			if err := s.join(ctx, at.Club, at.Reader); err != nil {
				return false, err
			}
		}
		set = stands[0]
		if mark != before {
			set = wrap(bot.EncodeBookmark(mark))
		}
		return s.setAgain(ctx, key, field, stands[0], set, stands[2], memberKey(at.Club), joined)
	})
	if err != nil {
		if !errors.Is(err, bot.ErrNothingToUndo) {
			err = plain(err)
		}
		return bot.Bookmark{}, fmt.Errorf("move bookmark: %w", err)
	}
	return mark, nil
}

// joined and joining are what a reader's field of a club holds: from when the
// club's list has the reader, and until then.
var joined, joining = wrap(""), wrap("+")

// join notes that a reader is one of a club: with the reader first, so that
// forgetting them finds every club, and there once more when the club has it, so
// that a call which was cut off between is made up for by the next one. Where the
// club is purged between, it is done again.
func (s *Store) join(ctx context.Context, club bot.ClubID, reader bot.ReaderID) error {
	key, field := s.readerKey("r", reader), memberKey(club)
	return again(ctx, func() (bool, error) {
		if _, err := s.setField(ctx, key, field, "", joining); err != nil {
			return false, err
		}
		if err := s.send(ctx, s.small, "sadd", s.membersKey(club), string(reader)); err != nil {
			return false, err
		}
		s.list(ctx, club)
		if done, err := s.setField(ctx, key, field, joining, joined); done || err != nil {
			return done, err
		}
		stands, err := fields(ctx, s.small, key, field) // they may have been one before
		return err == nil && stands[0] == joined, err
	})
}

// SetVeil implements bot.Readers.
func (s *Store) SetVeil(ctx context.Context, at bot.Seat, book bot.BookKey, veil reply.Veil) error {
	if _, ok := reply.ParseVeil(string(veil)); !ok && veil != "" {
		return errors.New("set veil: there is no such veil")
	}
	ctx, cancel, err := s.small.writing(ctx)
	if err != nil {
		return fmt.Errorf("set veil: %w", err)
	}
	defer cancel()
	key, field := s.readerKey("r", at.Reader), veilKey(book)
	err = again(ctx, func() (bool, error) {
		stands, err := fields(ctx, s.small, key, field, memberKey(at.Club), setsField)
		if err != nil {
			return false, err
		}
		if _, err := veilOf(stands[0]); err != nil {
			return false, err
		}
		set := ""
		if veil != "" {
			set = wrap(veil)
		}
		if veil == "" {
			return s.setAgain(ctx, key, field, stands[0], set, stands[2])
		}
		if stands[1] != joined {
			if err := s.join(ctx, at.Club, at.Reader); err != nil {
				return false, err
			}
		}
		return s.setAgain(ctx, key, field, stands[0], set, stands[2], memberKey(at.Club), joined)
	})
	if err != nil {
		return fmt.Errorf("set veil: %w", plain(err))
	}
	return nil
}

// veilOf reads a veil's field; nothing is no veil.
func veilOf(value string) (reply.Veil, error) {
	if value == "" {
		return "", nil
	}
	data, err := unwrap(value)
	if err != nil {
		return "", fmt.Errorf("veil: %w", err)
	}
	veil, ok := reply.ParseVeil(string(data))
	if !ok {
		return "", bot.ErrDamaged
	}
	return veil, nil
}

// Clubs implements bot.Readers.
func (s *Store) Clubs(ctx context.Context, reader bot.ReaderID) ([]bot.ClubID, error) {
	ctx, cancel := s.small.reading(ctx)
	defer cancel()
	clubs, err := s.clubs(ctx, reader)
	if err != nil {
		return nil, fmt.Errorf("find clubs: %w", plain(err))
	}
	return clubs, nil
}

func (s *Store) clubs(ctx context.Context, reader bot.ReaderID) ([]bot.ClubID, error) {
	fields, err := s.small.HGetAll(ctx, s.readerKey("r", reader)).Result()
	if err != nil {
		return nil, err
	}
	var clubs []bot.ClubID
	for name, value := range fields {
		if _, err := unwrap(value); err != nil {
			return nil, err // what it means to be one of a club may be another thing by now
		}
		if name != "" && name[0] == memberField {
			clubs = append(clubs, bot.ClubID(name[1:]))
		}
	}
	slices.Sort(clubs)
	return clubs, nil
}
