package bot

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"dogear/bot/library"
)

const (
	// MaxLog is how many of a club's latest entries a store keeps.
	MaxLog = 10_000
	// MaxTally is where a tally stops counting.
	MaxTally = math.MaxInt32
)

// EncodeChannel returns what a club set for a channel in its stored form.
func EncodeChannel(c Channel) []byte {
	data, _ := json.Marshal(c) // it holds names and numbers, which all have one
	return data
}

// DecodeChannel reads the stored form of a channel.
func DecodeChannel(data []byte) (Channel, error) { return decodePlain[Channel](data) }

// EntryID returns the ID of the record of a club's n-th entry.
func EntryID(n uint64) string { return fmt.Sprintf("%016x", n) }

// EntryNumber reads what EntryID wrote.
func EntryNumber(id string) (uint64, error) {
	n, err := strconv.ParseUint(id, 16, 64)
	if err != nil || EntryID(n) != id {
		return 0, ErrDamaged
	}
	return n, nil
}

// EncodeEntry returns an entry in its stored form. It refuses a date that has
// none.
func EncodeEntry(e Entry) ([]byte, error) {
	e.When = e.When.UTC()
	return encode(e)
}

// DecodeEntry reads the stored form of an entry.
func DecodeEntry(data []byte) (Entry, error) { return decodePlain[Entry](data) }

// EncodeStub returns a ticket's stub in its stored form. It refuses an expiry
// that has none.
func EncodeStub(s Stub) ([]byte, error) {
	s.Expires = s.Expires.UTC()
	return encode(s)
}

// DecodeStub reads the stored form of a stub.
func DecodeStub(data []byte) (Stub, error) { return decodePlain[Stub](data) }

// RecordID returns the ID of a post's record.
func (p Post) RecordID() string { return string(p.Channel) + "\x00" + string(p.Message) }

// EncodePost returns a post in its stored form. It refuses an expiry that has
// none, and a channel with a zero byte in it, which would make its record's ID
// another's.
func EncodePost(p Post) ([]byte, error) {
	if strings.Contains(string(p.Channel), "\x00") {
		return nil, errors.New("its channel has a zero byte in it")
	}
	p.Expires = p.Expires.UTC()
	return encode(p)
}

// DecodePost reads the stored form of a post.
func DecodePost(data []byte) (Post, error) { return decodePlain[Post](data) }

// HoldsOf reports whether a post holds anything of a source; of any, where that
// is empty.
func (p Post) HoldsOf(source library.SourceID) bool {
	return source == "" || slices.ContainsFunc(p.Holds, func(r Ref) bool { return r.Source == source })
}

// Forgotten returns a post without what was asked, and by whom.
func (p Post) Forgotten() Post {
	p.Asker, p.Command, p.Options = "", "", nil
	return p
}

// Replacing returns what is kept of a post in the place of one that stands:
// whoever asked may have been forgotten while their message was edited.
func (p Post) Replacing(stands Post) Post {
	if stands.Command == "" {
		return p.Forgotten()
	}
	return p
}

// EncodeTally returns a count in its stored form.
func EncodeTally(n int) []byte { return strconv.AppendInt(nil, int64(n), 10) }

// DecodeTally reads the stored form of a count, from 1 to MaxTally.
func DecodeTally(data []byte) (int, error) {
	n, err := strconv.Atoi(string(data))
	if err != nil || n < 1 || n > MaxTally {
		return 0, ErrDamaged
	}
	return n, nil
}

// AddTally returns a count after adding to it. Adding nothing or less leaves it
// as it is, and it never exceeds MaxTally.
func AddTally(have, add int) int {
	return have + min(max(add, 0), MaxTally-have)
}

// decodePlain reads a stored form that has no version. The error never quotes
// it.
func decodePlain[T any](data []byte) (out T, err error) {
	if json.Unmarshal(data, &out) != nil {
		return *new(T), ErrDamaged
	}
	return out, nil
}

// In returns what is kept of a reader as far as it concerns books that dogear
// ships and a club's own.
func (r Reader) In(club ClubID) Reader {
	foreign := func(k BookKey) bool { return k.Club != "" && k.Club != club }
	r.Bookmarks, r.Veils = maps.Clone(r.Bookmarks), maps.Clone(r.Veils)
	for k := range r.Bookmarks {
		if foreign(k) {
			delete(r.Bookmarks, k)
		}
	}
	for k := range r.Veils {
		if foreign(k) {
			delete(r.Veils, k)
		}
	}
	return r
}

// Expires returns when the record of a ticket or a post expires.
func (r Record) Expires() (time.Time, error) {
	form, err := decodePlain[struct {
		Expires time.Time `json:"expires"`
	}](r.Data)
	return form.Expires, err
}

// Expired reports whether a record is a ticket or a post that has expired by
// now.
func (r Record) Expired(now time.Time) (bool, error) {
	if r.Kind != TicketRecord && r.Kind != PostRecord {
		return false, nil
	}
	at, err := r.Expires()
	return !now.Before(at), err
}

// CompareRecords orders records by the bytes of kind and ID.
func CompareRecords(a, b Record) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

// CheckRecords reads everything that is to be loaded into a club, before a
// store writes any of it. It returns the records in the order of
// CompareRecords, without the tickets and posts that have expired by now and
// the entries that are too many. It refuses a record that is of no known kind,
// does not read, stands under another's ID or twice, and a reader's places in
// another club's books.
func CheckRecords(club ClubID, version uint64, records []Record, now time.Time) ([]Record, error) {
	if version > math.MaxInt64 {
		return nil, errors.New("the library's version is too high")
	}
	records = slices.SortedFunc(slices.Values(records), CompareRecords)
	var kept []Record
	var last uint64 // entry's number
	for i, r := range records {
		err := r.check(club)
		if i > 0 && CompareRecords(r, records[i-1]) == 0 {
			err = errors.New("it is there twice")
		}
		expired := false
		if err == nil {
			expired, err = r.Expired(now)
		}
		if err != nil {
			return nil, fmt.Errorf("%s %q: %w", r.Kind, r.ID, err)
		}
		if r.Kind == EntryRecord {
			last, _ = EntryNumber(r.ID)
		}
		if !expired {
			kept = append(kept, r)
		}
	}
	return slices.DeleteFunc(kept, func(r Record) bool {
		n, _ := EntryNumber(r.ID)
		return r.Kind == EntryRecord && last-n >= MaxLog
	}), nil
}

// check reads a record.
func (r Record) check(club ClubID) error {
	if slices.Contains(LibraryRecords, r.Kind) {
		return new(Shelf).take(r)
	}
	switch r.Kind {
	case EntryRecord:
		e, err := DecodeEntry(r.Data)
		n, bad := EntryNumber(r.ID)
		if err != nil || bad != nil || n > math.MaxInt64 || e.IsZero() {
			return ErrDamaged
		}
	case ChannelRecord:
		_, err := DecodeChannel(r.Data)
		return err
	case ReaderRecord:
		reader, err := DecodeReader(r.Data)
		if err != nil {
			return err
		}
		if own := reader.In(club); len(own.Bookmarks) < len(reader.Bookmarks) || len(own.Veils) < len(reader.Veils) {
			return errors.New("it has a place or veil in another club's book")
		}
	case TicketRecord:
		_, err := DecodeStub(r.Data)
		return err
	case PostRecord:
		p, err := DecodePost(r.Data)
		if err != nil {
			return ErrDamaged
		}
		if p.RecordID() != r.ID {
			return errMisplaced
		}
		_, err = EncodePost(p)
		return err
	case TallyRecord:
		_, err := DecodeTally(r.Data)
		return err
	default:
		return errors.New("this dogear knows no records of this kind")
	}
	return nil
}
