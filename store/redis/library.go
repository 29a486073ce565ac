package redis

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
)

// Shelf implements bot.Shelves. The library is read in one transaction.
func (s *Store) Shelf(ctx context.Context, club bot.ClubID) (bot.Shelf, error) {
	ctx, cancel := s.bulk.reading(ctx)
	defer cancel()
	version, records, err := s.records(ctx, club, bot.LibraryRecords...)
	if err != nil {
		return bot.Shelf{}, fmt.Errorf("read shelf: %w", plain(err))
	}
	shelf, err := bot.ReadShelf(version, records)
	if err != nil {
		return bot.Shelf{}, fmt.Errorf("read shelf: %w", err)
	}
	return shelf, nil
}

// records returns a club's version and its records of some kinds as of one
// moment, in the order of kind and ID.
func (s *Store) records(ctx context.Context, club bot.ClubID, kinds ...bot.RecordKind) (bot.Version, []bot.Record, error) {
	var stands *redis.StringCmd
	hashes := map[bot.RecordKind]*redis.MapStringStringCmd{}
	_, err := s.bulk.TxPipelined(ctx, func(tx redis.Pipeliner) error {
		stands = tx.HGet(ctx, s.clubKey(club), versionField)
		for _, kind := range kinds {
			hashes[kind] = tx.HGetAll(ctx, s.kindKey(club, kind))
		}
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return bot.Version{}, nil, err
	}
	version, err := decodeVersion(stands.Val())
	if err != nil {
		return bot.Version{}, nil, err
	}
	var records []bot.Record
	for kind, hash := range hashes {
		if err := hash.Err(); err != nil { // behind a version that is not there
			return bot.Version{}, nil, err
		}
		for field, value := range hash.Val() {
			id := field
			if kind == bot.ChannelRecord {
				if field[:min(1, len(field))] != channelField {
					continue // the club's own
				}
				id = field[1:]
			}
			data, err := unwrap(value)
			if err != nil {
				return bot.Version{}, nil, fmt.Errorf("%s: %w", kind, err)
			}
			records = append(records, bot.Record{Kind: kind, ID: id, Data: data})
		}
	}
	slices.SortFunc(records, bot.CompareRecords)
	return version, records, nil
}

// Change implements bot.Shelves.
func (s *Store) Change(ctx context.Context, club bot.ClubID, change bot.Change) (bot.Version, error) {
	version, err := s.changeLibrary(ctx, club, change)
	if err != nil {
		return bot.Version{}, fmt.Errorf("change library: %w", err)
	}
	return version, nil
}

func (s *Store) changeLibrary(ctx context.Context, club bot.ClubID, change bot.Change) (next bot.Version, err error) {
	put, gone, err := change.Records()
	if err != nil {
		return bot.Version{}, err
	}
	entry, err := bot.EncodeEntry(change.Entry)
	if err != nil {
		return bot.Version{}, err
	}
	var steps steps
	for _, r := range gone {
		steps.remove(s, club, r)
	}
	for _, r := range put {
		steps.put(s, club, r)
	}
	c := s.small
	if steps.large() {
		c = s.bulk
	}
	ctx, cancel, err := c.writing(ctx)
	if err != nil {
		return bot.Version{}, err
	}
	defer cancel()
	by := change.Entry.By
	err = again(ctx, func() (bool, error) {
		if by != "" { // again, where the club was purged meanwhile
			if err := s.join(ctx, club, by); err != nil {
				return false, err
			}
		}
		stands, err := fields(ctx, c, s.clubKey(club), versionField, latestField)
		if err != nil {
			return false, err
		}
		version, err := decodeVersion(stands[0])
		if err != nil {
			return false, err
		}
		if change.Base != version && change.Base != bot.AnyVersion {
			return false, bot.ErrStale
		}
		next = newVersion(version.N + 1)
		all := steps.clone()
		if !change.Entry.IsZero() {
			if err := all.log(s, club, stands[1], entry); err != nil {
				return false, err
			}
		}
		all.journal(s, club, next, append(slices.Clone(gone), put...))
		return s.commit(ctx, c, club, by, stands[0], next, all)
	})
	if err != nil {
		return bot.Version{}, plain(err)
	}
	return next, nil
}

// steps is what a change sets and removes, by hash and field.
type steps struct {
	hashes []string
	fields []step
	size   int // of all values, in bytes
}

type step struct {
	hash  int // among hashes
	field string
	value string // as the server holds it; empty: it is removed
}

// A change larger than either is brought in parts, and made when all are there.
const (
	largeSize  = 1 << 20
	largeSteps = 2000
)

func (st *steps) large() bool { return st.size > largeSize || len(st.fields) > largeSteps }

func (st *steps) set(hash, field, value string) {
	at := slices.Index(st.hashes, hash)
	if at < 0 {
		at = len(st.hashes)
		st.hashes = append(st.hashes, hash)
	}
	st.fields = append(st.fields, step{at, field, value})
	st.size += len(field) + len(value)
}

func (st *steps) put(s *Store, club bot.ClubID, r bot.Record) {
	st.set(s.kindKey(club, r.Kind), kindField(r.Kind, r.ID), wrap(r.Data))
}

func (st *steps) remove(s *Store, club bot.ClubID, r bot.Record) {
	st.set(s.kindKey(club, r.Kind), kindField(r.Kind, r.ID), "")
}

func (st *steps) clone() *steps {
	return &steps{slices.Clone(st.hashes), slices.Clone(st.fields), st.size}
}

// log adds an entry behind the latest one, and drops the one that is too many.
func (st *steps) log(s *Store, club bot.ClubID, latest string, entry []byte) error {
	n, err := decodeCount(latest)
	if err != nil {
		return err
	}
	n++
	st.put(s, club, bot.Record{Kind: bot.EntryRecord, ID: bot.EntryID(n), Data: entry})
	if n > bot.MaxLog {
		st.remove(s, club, bot.Record{Kind: bot.EntryRecord, ID: bot.EntryID(n - bot.MaxLog)})
	}
	st.set(s.clubKey(club), latestField, encodeCount(n))
	return nil
}

func encodeCount(n uint64) string { return wrap(strconv.FormatUint(n, 10)) }

// decodeCount reads what encodeCount wrote; nothing is 0.
func decodeCount(value string) (uint64, error) {
	if value == "" {
		return 0, nil
	}
	data, err := unwrap(value)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(string(data), 10, 64)
	if err != nil {
		return 0, bot.ErrDamaged
	}
	return n, nil
}

// firstHash is the number of the first hash that a change sets among the keys of
// its script: Lua counts from 1, and the club and its members come first.
const firstHash = 3

// stageLife is how long the parts of a large change are kept that was never
// made.
const stageLife = 10 * time.Minute

// commit makes a change where a club's version is as it was read and who makes it,
// if that is known, is one of the club; false where not. After a call that got no answer it looks whether it was made.
func (s *Store) commit(ctx context.Context, c *client, club bot.ClubID, by bot.ReaderID, was string, next bot.Version, st *steps) (bool, error) {
	set := encodeVersion(next)
	if was == "" {
		if err := c.SAdd(ctx, s.clubsKey(), string(club)).Err(); err != nil {
			return false, err
		}
	}
	keys := append([]string{s.clubKey(club), s.membersKey(club)}, st.hashes...)
	args := []any{was, set, s.changed(), string(club), 0, 0, string(by)}
	if st.large() {
		stage := s.stagesOf(club) + rand.Text()
		if err := s.stage(ctx, c, stage, st); err != nil {
			return false, err
		}
		keys = append(keys, stage)
		args[4], args[5] = len(keys), st.staged()
	}
	for _, f := range st.fields {
		if f.value == "" || !st.large() {
			args = append(args, f.hash+firstHash, f.field, f.value)
		}
	}
	n, err := s.change(ctx, c, s.scripts.commit, keys, args...)
	if was == "" && n == 1 {
		// Again, where a purge has taken it away meanwhile; else it is there.
		_ = c.SAdd(ctx, s.clubsKey(), string(club)).Err()
	}
	if err != nil && !answered(err) {
		look, cancel := s.small.reading(context.WithoutCancel(ctx))
		defer cancel()
		if stands, failed := fields(look, s.small, s.clubKey(club), versionField); s.wait == 0 && failed == nil && stands[0] == set {
			return true, nil
		}
	}
	if n == -1 {
		return false, bot.ErrNewer
	}
	return n == 1, err
}

// stage brings what a change sets in parts. What it removes is told with the
// call that makes it, and comes first there.
func (s *Store) stage(ctx context.Context, c *client, stage string, st *steps) error {
	var part []any
	size := 0
	send := func() error {
		if len(part) == 0 {
			return nil
		}
		// Both or none: a part that never expires would never be looked for.
		var set *redis.IntCmd
		_, err := c.TxPipelined(ctx, func(tx redis.Pipeliner) error {
			set = tx.HSet(ctx, stage, part...)
			tx.Expire(ctx, stage, stageLife)
			return nil
		})
		part, size = part[:0], 0
		return cmp.Or(set.Err(), err) // the first says why
	}
	for _, f := range st.fields {
		if f.value == "" {
			continue
		}
		part = append(part, strconv.Itoa(f.hash+firstHash)+" "+f.field, f.value)
		if size += len(f.field) + len(f.value); size >= largeSize {
			if err := send(); err != nil {
				return err
			}
		}
	}
	return send()
}

// Log implements bot.Shelves.
func (s *Store) Log(ctx context.Context, club bot.ClubID, n int) ([]bot.Entry, error) {
	ctx, cancel := s.bulk.reading(ctx)
	defer cancel()
	var entries []bot.Entry
	records, err := s.latest(ctx, club, n)
	for _, r := range records {
		e, bad := bot.DecodeEntry(r.Data)
		if bad != nil {
			return nil, fmt.Errorf("read log: %w", bot.ErrDamaged)
		}
		entries = append(entries, e)
	}
	if err != nil {
		return nil, fmt.Errorf("read log: %w", plain(err))
	}
	return entries, nil
}

// latest returns the records of up to n of the latest entries, the latest first.
func (s *Store) latest(ctx context.Context, club bot.ClubID, n int) ([]bot.Record, error) {
	key := s.kindKey(club, bot.EntryRecord)
	ids, err := s.bulk.HKeys(ctx, key).Result()
	if err != nil {
		return nil, err
	}
	slices.Sort(ids)
	slices.Reverse(ids)
	ids = ids[:min(max(n, 0), len(ids))]
	if len(ids) == 0 {
		return nil, nil
	}
	values, err := fields(ctx, s.bulk, key, ids...)
	if err != nil {
		return nil, err
	}
	var records []bot.Record
	for i, value := range values {
		if value == "" {
			continue // it has become too old meanwhile
		}
		data, err := unwrap(value)
		if err != nil {
			return nil, err
		}
		records = append(records, bot.Record{Kind: bot.EntryRecord, ID: ids[i], Data: data})
	}
	return records, nil
}

// Watch implements bot.Shelves. A connection that is lost is made anew; what was
// said meanwhile is not heard.
func (s *Store) Watch(ctx context.Context, changed func(bot.ClubID)) error {
	sub := s.bulk.Subscribe(ctx, s.changed())
	defer sub.Close()
	messages := sub.Channel()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case m, ok := <-messages:
			if !ok {
				return errClosed
			}
			changed(bot.ClubID(m.Payload))
		}
	}
}

// staged returns how many fields a stage of the steps has.
func (st *steps) staged() int {
	names := map[string]bool{}
	for _, f := range st.fields {
		if f.value != "" {
			names[strconv.Itoa(f.hash)+" "+f.field] = true
		}
	}
	return len(names)
}
