package bot

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"unicode/utf8"

	"dogear/bot/library"
	"dogear/bot/reply"
)

// exportVersion is the version of the file that Export writes. An older one is
// still read; a newer one is refused.
const exportVersion = 1

// The lines of an export: a head, a record each, and an end that shows that
// nothing is missing.
type (
	exportHead struct {
		Dogear  string `json:"dogear"` // "club"
		V       int    `json:"v"`
		Club    ClubID `json:"club"`
		Version uint64 `json:"version"`
	}
	exportLine struct {
		Kind RecordKind      `json:"kind"`
		ID   string          `json:"id"`
		Data json.RawMessage `json:"data,omitempty"`
		Text string          `json:"text,omitempty"` // of the kinds whose form is no JSON
	}
	exportEnd struct {
		End     bool   `json:"end"`
		Records int    `json:"records"`
		Digest  string `json:"sha256"` // of the lines before it
	}
)

// isText reports whether the stored form of a kind is no JSON.
func (k RecordKind) isText() bool { return k == BookRecord || k == OverlayRecord }

// Export writes everything that is kept of a club as lines of JSON: its library
// with all texts, its log, channels, readers, tickets and posts. It is for
// those who operate dogear alone.
func (b *Bot) Export(ctx context.Context, id ClubID, w io.Writer) error {
	if id == SampleClub {
		return errSample
	}
	b.flush(ctx, id)
	if err := b.caughtUp(ctx); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	version, records, err := b.store.Dump(ctx, id)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	sum := sha256.New()
	enc := json.NewEncoder(io.MultiWriter(w, sum))
	enc.SetEscapeHTML(false)
	if err := enc.Encode(exportHead{"club", exportVersion, id, version}); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	for _, r := range records {
		line := exportLine{Kind: r.Kind, ID: r.ID}
		if r.Kind.isText() {
			line.Text = string(r.Data)
		} else {
			line.Data = r.Data
		}
		if !utf8.ValidString(r.ID) || !utf8.ValidString(line.Text) {
			return fmt.Errorf("export: a %s has a name that is not UTF-8, which no export can hold", r.Kind)
		}
		if err := enc.Encode(line); err != nil {
			return fmt.Errorf("export: a %s: %w", r.Kind, err)
		}
	}
	if err := enc.Encode(exportEnd{true, len(records), hex.EncodeToString(sum.Sum(nil))}); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// Restored says what a restore brought.
type Restored struct {
	Club    ClubID             `json:"club"`
	From    ClubID             `json:"from"` // which club it was when it was exported
	Records map[RecordKind]int `json:"records"`
}

// Restore puts an export into a club that has no library yet, whole or not at
// all. name is what the file is called in errors, which are library.Problems
// where the file is at fault.
func (b *Bot) Restore(ctx context.Context, id ClubID, name string, r io.Reader) (Restored, error) {
	if id == SampleClub {
		return Restored{}, errSample
	}
	head, records, err := readExport(name, r)
	if err != nil {
		return Restored{}, err
	}
	out := Restored{Club: id, From: head.Club, Records: map[RecordKind]int{}}
	for i, r := range records {
		out.Records[r.Kind]++
		if r.Kind == ReaderRecord && head.Club != id {
			reader, err := DecodeReader(r.Data)
			if err != nil {
				return Restored{}, library.Problem{File: name, Line: i + 2, Why: "this reader does not decode"}
			}
			if records[i].Data, err = EncodeReader(reader.movedTo(head.Club, id)); err != nil {
				return Restored{}, fmt.Errorf("restore: %w", err)
			}
		}
	}
	err = b.store.Load(ctx, id, head.Version, records)
	if errors.Is(err, ErrNotEmpty) {
		return Restored{}, fmt.Errorf("the club %q has a library already; restore into a new store, or into another club with --club", id)
	}
	if err != nil {
		if at := misfit(id, name, records); at != nil {
			return Restored{}, at
		}
		return Restored{}, fmt.Errorf("restore: %w", err)
	}
	return out, nil
}

// misfit returns what is wrong with the first record that no store would take,
// by line; nil where all would do.
func misfit(club ClubID, file string, records []Record) error {
	type name struct {
		kind RecordKind
		id   string
	}
	line := map[name]int{}
	for i, r := range records {
		err := r.check(club)
		first := line[name{r.Kind, r.ID}]
		if err == nil && first > 0 {
			err = fmt.Errorf("it stands on line %d already", first)
		}
		line[name{r.Kind, r.ID}] = i + 2 // after the head
		if err != nil {
			return library.Problem{File: file, Line: i + 2, Why: err.Error()}
		}
	}
	return nil
}

// movedTo returns the reader with the places in a club's own books under
// another club.
func (r Reader) movedTo(from, to ClubID) Reader {
	out := Reader{Bookmarks: map[BookKey]Bookmark{}, Veils: map[BookKey]reply.Veil{}}
	move := func(key BookKey) BookKey {
		if key.Club == from && from != "" {
			key.Club = to
		}
		return key
	}
	for key, mark := range r.Bookmarks {
		out.Bookmarks[move(key)] = mark
	}
	for key, veil := range r.Veils {
		out.Veils[move(key)] = veil
	}
	return out
}

// readExport reads the file that Export wrote.
func readExport(name string, r io.Reader) (exportHead, []Record, error) {
	in := exportReader{lines: bufio.NewReaderSize(r, 1<<16), name: name, sum: sha256.New()}
	var head exportHead
	if err := in.next(&head); err != nil {
		return head, nil, err
	}
	switch {
	case head.Dogear != "club":
		return head, nil, in.problem("this is no export of a dogear club")
	case head.V < 1 || head.V > exportVersion:
		return head, nil, in.problem(fmt.Sprintf("it has form %d, and this dogear reads forms 1 to %d", head.V, exportVersion))
	}
	var records []Record
	for {
		digest := hex.EncodeToString(in.sum.Sum(nil))
		var line struct {
			exportLine
			exportEnd
		}
		if err := in.next(&line); err != nil {
			return head, nil, err
		}
		if line.End {
			if line.Records != len(records) || line.Digest != digest {
				return head, nil, in.problem("lines before this one were changed, or are missing")
			}
			if err := in.next(&line); !errors.As(err, new(endOfExport)) {
				return head, nil, in.problem("something follows the end of the export")
			}
			return head, records, nil
		}
		data := []byte(line.Data)
		if line.Kind.isText() {
			data = []byte(line.Text)
		}
		records = append(records, Record{line.Kind, line.ID, data})
	}
}

// exportReader reads an export line by line.
type exportReader struct {
	lines *bufio.Reader
	name  string
	line  int
	sum   hash.Hash
}

// endOfExport says that a file has no more lines.
type endOfExport struct{ library.Problem }

func (e endOfExport) Unwrap() error { return e.Problem }

func (in *exportReader) next(v any) error {
	line, err := in.lines.ReadBytes('\n')
	if err == io.EOF && len(line) == 0 {
		if in.line == 0 {
			return library.Problem{File: in.name, Why: "the file is empty"}
		}
		return endOfExport{library.Problem{File: in.name, Line: in.line, Why: "the export ends here, before its last line"}}
	}
	if err != nil && err != io.EOF {
		return fmt.Errorf("%s: %w", in.name, err)
	}
	in.line++
	in.sum.Write(line)
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if dec.Decode(v) != nil {
		return in.problem("this line is no line of an export")
	}
	if _, err := dec.Token(); err != io.EOF {
		return in.problem("this line is no line of an export")
	}
	return nil
}

func (in *exportReader) problem(why string) error {
	return library.Problem{File: in.name, Line: in.line, Why: why}
}
