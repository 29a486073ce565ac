package embedded

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
)

// How many expired tickets and posts one sweep removes at most, and how often
// one is made: more often than they come, so that they do not pile up.
const (
	sweepEvery  = 64
	sweepAtMost = 4 * sweepEvery
	sweepAtOpen = 10_000
)

// Issue implements bot.Tickets.
func (s *Store) Issue(ctx context.Context, club bot.ClubID, id reply.Ticket, stub bot.Stub) error {
	data, err := bot.EncodeStub(stub)
	if err == nil {
		err = s.keep(ctx, club, func(*txn) (bot.Record, error) {
			return bot.Record{Kind: bot.TicketRecord, ID: string(id), Data: data}, nil
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
			return t.drop(bot.TicketRecord, key)
		})
	}
	if err != nil {
		return bot.Stub{}, fmt.Errorf("read ticket: %w", err)
	}
	return stub, nil
}

func (t *txn) ticket(key []byte) (bot.Stub, error) {
	data, err := t.get(recordBuckets[bot.TicketRecord], key)
	if err != nil {
		return bot.Stub{}, err
	}
	if data == nil {
		return bot.Stub{}, bot.ErrNotFound
	}
	return bot.DecodeStub(data)
}

// Post implements bot.Posts.
func (s *Store) Post(ctx context.Context, club bot.ClubID, post bot.Post) error {
	key := clubKey(club, post.RecordID())
	_, err := bot.EncodePost(post)
	if err == nil && len(post.Holds) == 0 {
		err = s.update(ctx, func(t *txn) error { return t.drop(bot.PostRecord, key) })
	} else if err == nil {
		err = s.keep(ctx, club, func(t *txn) (bot.Record, error) {
			stands, err := t.get(recordBuckets[bot.PostRecord], key)
			if err != nil {
				return bot.Record{}, err
			}
			data, err := replacing(post, stands)
			return bot.Record{Kind: bot.PostRecord, ID: post.RecordID(), Data: data}, err
		})
	}
	if err != nil {
		return fmt.Errorf("keep post: %w", err)
	}
	return nil
}

// replacing encodes a post that is kept in the place of the one that stands; nil:
// of none.
func replacing(post bot.Post, stands []byte) ([]byte, error) {
	if stands != nil {
		was, err := bot.DecodePost(stands)
		if err != nil {
			return nil, err
		}
		post = post.Replacing(was)
	}
	return bot.EncodePost(post)
}

// Posts implements bot.Posts.
func (s *Store) Posts(ctx context.Context, club bot.ClubID, source library.SourceID, now time.Time) ([]bot.Post, error) {
	var records []bot.Record
	err := s.view(ctx, func(t *txn) (err error) {
		records, err = t.records(club, bot.PostRecord)
		return err
	})
	var posts []bot.Post
	if err == nil {
		posts, err = readPosts(records, source, now)
	}
	if err != nil {
		return nil, fmt.Errorf("read posts: %w", err)
	}
	return posts, nil
}

// readPosts returns the posts that hold anything of a source and have not
// expired by now.
func readPosts(records []bot.Record, source library.SourceID, now time.Time) ([]bot.Post, error) {
	var posts []bot.Post
	for _, r := range records {
		p, err := bot.DecodePost(r.Data)
		if err != nil {
			return nil, err
		}
		if p.HoldsOf(source) && now.Before(p.Expires) {
			posts = append(posts, p)
		}
	}
	return posts, nil
}

// Owing implements bot.Posts.
func (s *Store) Owing(ctx context.Context) ([]bot.ClubID, error) {
	var clubs []bot.ClubID
	err := s.view(ctx, func(t *txn) error {
		for k := range t.under(versionsBucket, nil) {
			name, _, ok := cut(k)
			if !ok {
				return errDamaged
			}
			club := bot.ClubID(name)
			stands, err := t.standing(club)
			if err != nil {
				return err
			}
			if stands.version != stands.edited {
				clubs = append(clubs, club)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find owed edits: %w", err)
	}
	slices.Sort(clubs)
	return clubs, nil
}

// ClaimEdits implements bot.Posts.
func (s *Store) ClaimEdits(ctx context.Context, club bot.ClubID, lease time.Duration) (from bot.Version, ok bool, err error) {
	ok, err = s.gate.claim(club, lease, func() (owed bool, err error) {
		err = s.view(ctx, func(t *txn) error {
			stands, err := t.standing(club)
			from, owed = stands.at(stands.edited), stands.edited != stands.version
			return err
		})
		return owed, err
	})
	if err != nil {
		return bot.Version{}, false, fmt.Errorf("claim edits: %w", err)
	}
	if !ok {
		return bot.Version{}, false, nil
	}
	return from, true, nil
}

// EditsDone implements bot.Posts.
func (s *Store) EditsDone(ctx context.Context, club bot.ClubID, from, upTo bot.Version) error {
	stood := false
	err := s.update(ctx, func(t *txn) error {
		stands, err := t.standing(club)
		stood = err == nil && from == stands.at(stands.edited) && stands.had(upTo)
		if !stood || upTo == from {
			return err
		}
		stands.edited = upTo.N
		return t.stand(club, stands)
	})
	if stood && err == nil {
		s.gate.release(club)
	}
	if err != nil {
		return fmt.Errorf("end edits: %w", err)
	}
	return nil
}

// removeTicketsOf removes a reader's tickets.
func (t *txn) removeTicketsOf(reader bot.ReaderID) error {
	var keys [][]byte
	for k, v := range t.under(recordBuckets[bot.TicketRecord], nil) {
		data, err := unwrap(k, v)
		if err != nil {
			return err
		}
		stub, err := bot.DecodeStub(data)
		if err != nil {
			return err
		}
		if stub.Reader == reader {
			keys = append(keys, bytes.Clone(k))
		}
	}
	for _, key := range keys {
		if err := t.drop(bot.TicketRecord, key); err != nil {
			return err
		}
	}
	return nil
}

// removeAsker removes from posts what a reader asked.
func (t *txn) removeAsker(reader bot.ReaderID) error {
	bucket := recordBuckets[bot.PostRecord]
	changed := map[string]bot.Post{}
	for k, v := range t.under(bucket, nil) {
		data, err := unwrap(k, v)
		if err != nil {
			return err
		}
		p, err := bot.DecodePost(data)
		if err != nil {
			return err
		}
		if p.Asker == reader {
			changed[string(k)] = p.Forgotten()
		}
	}
	for key, p := range changed {
		data, err := bot.EncodePost(p)
		if err != nil {
			return err
		}
		if err := t.put(bucket, []byte(key), data); err != nil {
			return err
		}
	}
	return nil
}

// removeActor removes a reader's name from the logs.
func (t *txn) removeActor(reader bot.ReaderID) error {
	bucket := recordBuckets[bot.EntryRecord]
	changed := map[string]bot.Entry{}
	for k, v := range t.under(bucket, nil) {
		data, err := unwrap(k, v)
		if err != nil {
			return err
		}
		e, err := bot.DecodeEntry(data)
		if err != nil {
			return err
		}
		if e.Names(reader) {
			changed[string(k)] = e.Forgotten(reader)
		}
	}
	for key, e := range changed {
		data, err := bot.EncodeEntry(e)
		if err != nil {
			return err
		}
		if err := t.put(bucket, []byte(key), data); err != nil {
			return err
		}
	}
	return nil
}

// keep keeps a ticket or a post in place of the one before, and sweeps now and
// then.
func (s *Store) keep(ctx context.Context, club bot.ClubID, made func(*txn) (bot.Record, error)) error {
	return s.update(ctx, func(t *txn) error {
		if s.issued.Add(1)%sweepEvery == 0 {
			if err := t.sweep(time.Now(), sweepAtMost); err != nil {
				return err
			}
		}
		r, err := made(t)
		if err != nil {
			return err
		}
		return t.keep(club, r)
	})
}

func (t *txn) keep(club bot.ClubID, r bot.Record) error {
	at, err := r.Expires()
	if err != nil {
		return err
	}
	key := clubKey(club, r.ID)
	if err := t.drop(r.Kind, key); err != nil { // with its old expiry
		return err
	}
	if err := t.put(expiriesBucket, expiryKey(at, r.Kind, key), nil); err != nil {
		return err
	}
	return t.put(recordBuckets[r.Kind], key, r.Data)
}

// drop removes a ticket or a post, if there is one, and its expiry.
func (t *txn) drop(kind bot.RecordKind, key []byte) error {
	data, err := t.get(recordBuckets[kind], key)
	if data == nil || err != nil {
		return err
	}
	at, err := bot.Record{Kind: kind, Data: data}.Expires()
	if err != nil {
		return err
	}
	if err := t.remove(expiriesBucket, expiryKey(at, kind, key)); err != nil {
		return err
	}
	return t.remove(recordBuckets[kind], key)
}

// expirySize is how many bytes of an expiry's key are its time.
const expirySize = 8

// expiryKey orders tickets and posts by the second in which they expire; the
// sign bit is turned so that bytes sort as the numbers do. The first letter
// tells the kinds apart.
func expiryKey(at time.Time, kind bot.RecordKind, key []byte) []byte {
	return append(append(expirySecond(at), kind[0]), key...)
}

func expirySecond(at time.Time) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(at.Unix())^1<<63)
}

// sweep removes up to n tickets and posts that expired before the second of
// now.
func (t *txn) sweep(now time.Time, n int) error {
	end := expirySecond(now)
	var keys [][]byte
	for k := range t.under(expiriesBucket, nil) {
		if len(k) <= expirySize || len(keys) == n || bytes.Compare(k[:expirySize], end) >= 0 {
			break
		}
		keys = append(keys, bytes.Clone(k))
	}
	for _, k := range keys {
		bucket := recordBuckets[bot.TicketRecord]
		if k[expirySize] == bot.PostRecord[0] {
			bucket = recordBuckets[bot.PostRecord]
		}
		if err := t.remove(expiriesBucket, k); err != nil {
			return err
		}
		if err := t.remove(bucket, k[expirySize+1:]); err != nil {
			return err
		}
	}
	return nil
}
