package redis

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/spoiler"
)

const (
	// journalLength is how many of a library's latest changes the journal knows.
	journalLength = 256
	// journalRecords is how many records of one change it names. Who has missed
	// a larger one reads the whole library.
	journalRecords = 1000
)

// journal notes what a change changes, and drops what is too old.
func (st *steps) journal(s *Store, club bot.ClubID, next bot.Version, records []bot.Record) {
	st.set(s.journalKey(club), strconv.FormatUint(next.N, 10), wrap(encodeJournal(next.Mark, records)))
	if next.N > journalLength {
		st.set(s.journalKey(club), strconv.FormatUint(next.N-journalLength, 10), "")
	}
}

// journalWhole notes that a version has changed everything.
func (st *steps) journalWhole(s *Store, club bot.ClubID, next bot.Version) {
	st.set(s.journalKey(club), strconv.FormatUint(next.N, 10), wrap(next.Mark+"\n!"))
}

// encodeJournal returns an entry: the version's mark, a line's end, and then
// kind and ID of each record, with their lengths in front; a bare ! for too
// many of them.
func encodeJournal(mark string, records []bot.Record) string {
	out := []byte(mark + "\n")
	if len(records) > journalRecords {
		return string(append(out, '!'))
	}
	for _, r := range records {
		out = append(binary.AppendUvarint(out, uint64(len(r.Kind))), r.Kind...)
		out = append(binary.AppendUvarint(out, uint64(len(r.ID))), r.ID...)
	}
	return string(out)
}

// decodeJournal reads what encodeJournal wrote; ErrStale where it does not say
// which records.
func decodeJournal(value string) (mark string, records []bot.Record, err error) {
	if value == "" {
		return "", nil, bot.ErrStale
	}
	data, err := unwrap(value)
	if err != nil {
		return "", nil, err
	}
	mark, rest, ok := strings.Cut(string(data), "\n")
	if !ok {
		return "", nil, bot.ErrStale
	}
	if rest == "!" {
		return mark, nil, bot.ErrStale
	}
	name := func() (name string) {
		n, size := binary.Uvarint([]byte(rest))
		if size <= 0 || n > uint64(len(rest)-size) {
			ok = false
			return ""
		}
		name, rest = rest[size:size+int(n)], rest[size+int(n):]
		return name
	}
	for rest != "" {
		r := bot.Record{Kind: bot.RecordKind(name()), ID: name()}
		if !ok {
			return "", nil, bot.ErrStale
		}
		records = append(records, r)
	}
	return mark, records, nil
}

// Since implements bot.Shelves.
func (s *Store) Since(ctx context.Context, club bot.ClubID, from bot.Version) (bot.Change, bot.Version, error) {
	ctx, cancel := s.bulk.reading(ctx)
	defer cancel()
	var change bot.Change
	var now bot.Version
	err := again(ctx, func() (bool, error) {
		stands, err := fields(ctx, s.small, s.clubKey(club), versionField)
		if err != nil {
			return false, err
		}
		if now, err = decodeVersion(stands[0]); err != nil || now == from {
			return true, err
		}
		touched, err := s.touched(ctx, club, from, now)
		if err != nil {
			return false, err
		}
		found, whole, err := s.fetch(ctx, club, stands[0], touched)
		if err != nil || !whole {
			return false, err
		}
		change, err = changeOf(now, touched, found)
		return true, err
	})
	if err != nil {
		return bot.Change{}, bot.Version{}, fmt.Errorf("read changes: %w", plain(err))
	}
	return change, now, nil
}

// touched returns the records that have changed between two versions, each once.
func (s *Store) touched(ctx context.Context, club bot.ClubID, from, now bot.Version) ([]bot.Record, error) {
	if from.N >= now.N || now.N-from.N > journalLength || from.N == 0 && from.Mark != "" {
		return nil, bot.ErrStale
	}
	var names []string
	for n := from.N; n <= now.N; n++ {
		names = append(names, strconv.FormatUint(n, 10))
	}
	values, err := fields(ctx, s.small, s.journalKey(club), names...)
	if err != nil {
		return nil, err
	}
	mark, _, err := decodeJournal(values[0])
	if errors.Is(err, bot.ErrStale) && (values[0] != "" || from.N == 0) {
		err = nil // which records that was is of no matter
	}
	if err != nil {
		return nil, err
	}
	if mark != from.Mark {
		return nil, bot.ErrStale
	}
	var touched []bot.Record
	for _, value := range values[1:] {
		var records []bot.Record
		if mark, records, err = decodeJournal(value); err != nil {
			return nil, err
		}
		touched = append(touched, records...)
	}
	if mark != now.Mark {
		return nil, bot.ErrStale
	}
	slices.SortFunc(touched, bot.CompareRecords)
	return slices.CompactFunc(touched, func(a, b bot.Record) bool { return bot.CompareRecords(a, b) == 0 }), nil
}

// fetch returns the data of records, of those that are there; false where the
// version is another one by now.
func (s *Store) fetch(ctx context.Context, club bot.ClubID, was string, records []bot.Record) (found []bot.Record, ok bool, err error) {
	var stands *redis.StringCmd
	values := make([]*redis.StringCmd, len(records))
	_, err = s.bulk.TxPipelined(ctx, func(tx redis.Pipeliner) error {
		stands = tx.HGet(ctx, s.clubKey(club), versionField)
		for i, r := range records {
			values[i] = tx.HGet(ctx, s.kindKey(club, r.Kind), kindField(r.Kind, r.ID))
		}
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, false, err
	}
	if stands.Val() != was {
		return nil, false, nil
	}
	for i, r := range records {
		switch err := values[i].Err(); {
		case errors.Is(err, redis.Nil):
		case err != nil:
			return nil, false, err
		default:
			if r.Data, err = unwrap(values[i].Val()); err != nil {
				return nil, false, err
			}
			found = append(found, r)
		}
	}
	return found, true, nil
}

// changeOf makes a Change of the records that were touched and what of them is
// there.
func changeOf(version bot.Version, touched, found []bot.Record) (bot.Change, error) {
	shelf, err := bot.ReadShelf(version, found)
	if err != nil {
		return bot.Change{}, err
	}
	change := bot.Change{
		PutBooks: shelf.Books, PutOverlays: shelf.Overlays, PutSources: shelf.Sources, PutProposals: shelf.Proposals, PutRulings: shelf.Rulings,
	}
	for _, r := range touched {
		if r.Kind == bot.SettingsRecord {
			change.Settings = &shelf.Settings
		}
		if _, there := slices.BinarySearchFunc(found, r, bot.CompareRecords); there {
			continue
		}
		switch r.Kind {
		case bot.BookRecord:
			change.RemoveBooks = append(change.RemoveBooks, spoiler.BookID(r.ID))
		case bot.OverlayRecord:
			change.RemoveOverlays = append(change.RemoveOverlays, spoiler.BookID(r.ID))
		case bot.SourceRecord:
			change.RemoveSources = append(change.RemoveSources, library.SourceID(r.ID))
		case bot.ProposalRecord:
			change.RemoveProposals = append(change.RemoveProposals, library.SourceID(r.ID))
		case bot.RulingRecord:
			change.RemoveRulings = append(change.RemoveRulings, library.SentenceID(r.ID))
		}
	}
	return change, nil
}
