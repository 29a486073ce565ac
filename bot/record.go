package bot

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// Record is one thing that is kept of a club, in the form in which stores and
// exports hold it. Data holds texts unsealed: it goes nowhere else.
type Record struct {
	Kind RecordKind
	ID   string
	Data []byte
}

// RecordKind says what a Record is of.
type RecordKind string

// The kinds of records. Those up to SettingsRecord make up the library.
const (
	BookRecord     RecordKind = "book"
	OverlayRecord  RecordKind = "overlay"
	SourceRecord   RecordKind = "source"
	ProposalRecord RecordKind = "proposal"
	RulingRecord   RecordKind = "ruling"
	SettingsRecord RecordKind = "settings"
	EntryRecord    RecordKind = "entry"   // ID: its number, of 16 hexadecimal digits
	ChannelRecord  RecordKind = "channel" // ID: the channel's
	ReaderRecord   RecordKind = "reader"  // ID: the reader's
	TicketRecord   RecordKind = "ticket"  // ID: the ticket
	PostRecord     RecordKind = "post"    // ID: channel, a zero byte, message
	TallyRecord    RecordKind = "tally"   // ID: the sentence's
)

// LibraryRecords lists the kinds that make up a club's library.
var LibraryRecords = []RecordKind{BookRecord, OverlayRecord, SourceRecord, ProposalRecord, RulingRecord, SettingsRecord}

var errMisplaced = errors.New("a record stands under another's ID")

// Records returns what a change puts and what it removes, of which the records
// have no data. It refuses what ReadShelf could not read again.
func (c Change) Records() (put, gone []Record, err error) {
	for _, b := range c.PutBooks {
		data := b.File()
		again, err := library.ParseBook(data, string(b.ID))
		if err != nil {
			return nil, nil, fmt.Errorf("book %q: %w", b.ID, err)
		}
		if again.ID != b.ID {
			return nil, nil, fmt.Errorf("book %q: its file is that of book %q", b.ID, again.ID)
		}
		put = append(put, Record{BookRecord, string(b.ID), data})
	}
	for _, o := range c.PutOverlays {
		put = append(put, Record{OverlayRecord, string(o.Book), o.File()})
	}
	for _, src := range c.PutSources {
		data, err := library.EncodeSource(src)
		if err != nil {
			return nil, nil, fmt.Errorf("source %q: %w", src.ID, err)
		}
		put = append(put, Record{SourceRecord, string(src.ID), data})
	}
	for _, p := range c.PutProposals {
		src, err := library.EncodeSource(p.Source)
		if err != nil {
			return nil, nil, fmt.Errorf("proposal %q: %w", p.Source.ID, err)
		}
		data, err := encode(storedProposal{1, p.When.UTC(), src})
		if err != nil {
			return nil, nil, fmt.Errorf("proposal %q: %w", p.Source.ID, err)
		}
		put = append(put, Record{ProposalRecord, string(p.Source.ID), data})
	}
	for _, r := range c.PutRulings {
		data, err := encode(storedRuling{1, r})
		if err != nil {
			return nil, nil, fmt.Errorf("ruling %q: %w", r.Sentence, err)
		}
		put = append(put, Record{RulingRecord, string(r.Sentence), data})
	}
	if c.Settings != nil {
		data, err := encode(storedSettings{1, *c.Settings})
		if err != nil {
			return nil, nil, fmt.Errorf("settings: %w", err)
		}
		put = append(put, Record{SettingsRecord, "", data})
	}
	gone = append(gone, without(BookRecord, c.RemoveBooks)...)
	gone = append(gone, without(OverlayRecord, c.RemoveOverlays)...)
	gone = append(gone, without(SourceRecord, c.RemoveSources)...)
	gone = append(gone, without(ProposalRecord, c.RemoveProposals)...)
	gone = append(gone, without(RulingRecord, c.RemoveRulings)...)
	return put, gone, nil
}

func without[ID ~string](kind RecordKind, ids []ID) (out []Record) {
	for _, id := range ids {
		out = append(out, Record{Kind: kind, ID: string(id)})
	}
	return out
}

// The stored forms of what has no form of its own. An older form is still
// read; a newer one is refused, because it may say what this code would
// overlook.
type (
	storedProposal struct {
		V      int             `json:"v"`
		When   time.Time       `json:"when"`
		Source json.RawMessage `json:"source"`
	}
	storedRuling struct {
		V int `json:"v"`
		Ruling
	}
	storedSettings struct {
		V int `json:"v"`
		Settings
	}
	storedReader struct {
		V         int             `json:"v"`
		Bookmarks []storedPlace   `json:"bookmarks,omitempty"`
		Veils     []storedVeiling `json:"veils,omitempty"`
	}
	storedPlace struct {
		Club ClubID         `json:"club,omitempty"`
		Book spoiler.BookID `json:"book"`
		Bookmark
	}
	storedVeiling struct {
		Club ClubID         `json:"club,omitempty"`
		Book spoiler.BookID `json:"book,omitempty"`
		Veil reply.Veil     `json:"veil"`
	}
)

// encode returns the JSON of what has one unless a date in it lies too far off.
func encode(v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, errors.New("a date in it is none that can be kept")
	}
	return data, nil
}

// decode reads a stored form whose version is 1. The error never quotes it.
func decode[T any](data []byte) (out T, err error) {
	var form struct {
		V int `json:"v"`
	}
	if json.Unmarshal(data, &form) != nil {
		return out, ErrDamaged
	}
	if form.V != 1 {
		return out, fmt.Errorf("a record has form %d, and this dogear reads form 1", form.V)
	}
	if json.Unmarshal(data, &out) != nil {
		return out, ErrDamaged
	}
	return out, nil
}

// ReadShelf makes a shelf of the records of a library, each kind in the order
// in which its records come. Records of other kinds are left out.
func ReadShelf(version Version, records []Record) (Shelf, error) {
	shelf := Shelf{Version: version}
	for _, r := range records {
		if err := shelf.take(r); err != nil {
			return Shelf{}, fmt.Errorf("%s %q: %w", r.Kind, r.ID, err)
		}
	}
	return shelf, nil
}

func (shelf *Shelf) take(r Record) error {
	switch r.Kind {
	case BookRecord:
		b, err := library.ParseBook(r.Data, r.ID)
		if err != nil {
			return err
		}
		if string(b.ID) != r.ID {
			return errMisplaced
		}
		shelf.Books = append(shelf.Books, b)
	case OverlayRecord:
		o, err := library.DecodeOverlay(r.Data, r.ID)
		if err != nil {
			return err
		}
		shelf.Overlays = append(shelf.Overlays, o)
	case SourceRecord:
		src, err := library.DecodeSource(r.Data)
		if err != nil {
			return err
		}
		if string(src.ID) != r.ID {
			return errMisplaced
		}
		shelf.Sources = append(shelf.Sources, src)
	case ProposalRecord:
		p, err := decode[storedProposal](r.Data)
		if err != nil {
			return err
		}
		src, err := library.DecodeSource(p.Source)
		if err != nil {
			return err
		}
		if string(src.ID) != r.ID {
			return errMisplaced
		}
		shelf.Proposals = append(shelf.Proposals, Proposal{src, p.When})
	case RulingRecord:
		ruling, err := decode[storedRuling](r.Data)
		if err != nil {
			return err
		}
		if string(ruling.Sentence) != r.ID {
			return errMisplaced
		}
		shelf.Rulings = append(shelf.Rulings, ruling.Ruling)
	case SettingsRecord:
		set, err := decode[storedSettings](r.Data)
		if err != nil {
			return err
		}
		if r.ID != "" {
			return errMisplaced
		}
		shelf.Settings = set.Settings
	}
	return nil
}

// EncodeReader returns what is kept of a reader in its stored form. It refuses
// a date that has none.
func EncodeReader(r Reader) ([]byte, error) {
	out := storedReader{V: 1}
	for key, mark := range r.Bookmarks {
		out.Bookmarks = append(out.Bookmarks, storedPlace{key.Club, key.Book, mark})
	}
	for key, veil := range r.Veils {
		out.Veils = append(out.Veils, storedVeiling{key.Club, key.Book, veil})
	}
	slices.SortFunc(out.Bookmarks, func(a, b storedPlace) int {
		return cmp.Or(cmp.Compare(a.Club, b.Club), cmp.Compare(a.Book, b.Book))
	})
	slices.SortFunc(out.Veils, func(a, b storedVeiling) int {
		return cmp.Or(cmp.Compare(a.Club, b.Club), cmp.Compare(a.Book, b.Book))
	})
	return encode(out)
}

// DecodeReader reads the stored form of a reader.
func DecodeReader(data []byte) (Reader, error) {
	in, err := decode[storedReader](data)
	if err != nil {
		return Reader{}, err
	}
	out := Reader{Bookmarks: map[BookKey]Bookmark{}, Veils: map[BookKey]reply.Veil{}}
	for _, p := range in.Bookmarks {
		p.When = p.When.UTC().Truncate(time.Second) // as Apply leaves it
		out.Bookmarks[BookKey{p.Club, p.Book}] = p.Bookmark
	}
	for _, v := range in.Veils {
		if _, ok := reply.ParseVeil(string(v.Veil)); !ok {
			return Reader{}, ErrDamaged
		}
		out.Veils[BookKey{v.Club, v.Book}] = v.Veil
	}
	return out, nil
}
