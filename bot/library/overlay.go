package library

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// Overlay is what a club adds to a book that it did not write itself: names,
// premise, loaded words, editions and ledger entries. It takes nothing away,
// and moves an entry of the book to a later chapter only, never to an earlier
// one. The zero Overlay is for no book.
type Overlay struct {
	Book spoiler.BookID
	file func() []byte // functions, as nothing prints them
	adds func() overlayFile
}

// overlayFile is an overlay as a moderator writes it. The README documents it.
type overlayFile struct {
	Book     lined         `yaml:"book"`
	Editions []editionFile `yaml:"editions"`
	Names    []nameFile    `yaml:"names"`
	Premise  []lined       `yaml:"premise"`
	Loaded   []lined       `yaml:"loaded"`
	Ledger   []eventFile   `yaml:"ledger"`
}

// ParseOverlay reads an overlay file and checks it against the book that it is
// for. name is what the file is called in errors, which are Problems with the
// line of each.
func ParseOverlay(data []byte, name string, base Book) (Overlay, error) {
	o, err := DecodeOverlay(data, name)
	if err != nil {
		return Overlay{}, err
	}
	p := &bookParser{file: name, id: base.ID, end: base.End()}
	p.overlay(o.adds(), base)
	if err := p.err(); err != nil {
		return Overlay{}, err
	}
	if _, err := base.With(o); err != nil {
		return Overlay{}, err
	}
	return o, nil
}

// DecodeOverlay reads an overlay from its file as a store kept it, without the
// book that it is for: With then says whether they fit.
func DecodeOverlay(data []byte, name string) (Overlay, error) {
	var f overlayFile
	if err := decodeYAML(data, name, &f); err != nil {
		return Overlay{}, err
	}
	data = slices.Clone(data)
	return Overlay{
		Book: spoiler.BookID(f.Book.s),
		file: func() []byte { return data }, adds: func() overlayFile { return f },
	}, nil
}

// File returns the file from which the Overlay was read, which is also its
// stored form; nil for the zero Overlay.
func (o Overlay) File() []byte {
	if o.file == nil {
		return nil
	}
	return slices.Clone(o.file())
}

// Entries returns the ids of the overlay's ledger entries, each sealed until
// its entry's chapter.
func (o Overlay) Entries() []spoiler.Passage {
	if o.adds == nil {
		return nil
	}
	var ids []spoiler.Passage
	for _, e := range o.adds().Ledger {
		ids = append(ids, spoiler.Seal(o.Book, spoiler.Position(e.Chapter), e.ID.s))
	}
	return ids
}

func (p *bookParser) overlay(f overlayFile, base Book) {
	if f.Book.s != string(base.ID) {
		p.wrong(f.Book.line, "book: this overlay is read for %q; name that book", base.ID)
	}
	for _, e := range f.Editions {
		p.edition(e)
	}
	kinds, names := map[string]NameKind{}, map[string]bool{}
	for _, n := range base.Names {
		kinds[unsealed.Text(n.Words[0])] = n.Kind
	}
	for _, n := range f.Names {
		if kind, known := kinds[n.Name.s]; known && n.Kind == "" {
			n.Kind = string(kind)
		}
		p.name(n, names)
	}
	for name := range kinds {
		names[name] = true
	}
	p.seal(0, f.Premise)
	p.seal(p.end, f.Loaded)
	told, ids := map[string]spoiler.Position{}, map[string]bool{}
	for _, e := range base.Ledger {
		told[unsealed.Text(e.ID)] = e.Chapter
	}
	p.once(f.Ledger, ids)
	for id := range told {
		ids[id] = true
	}
	for _, e := range f.Ledger {
		at, known := told[e.ID.s]
		switch {
		case known && spoiler.Position(e.Chapter) < at:
			p.wrong(e.ID.line, "ledger: the book has an entry with this id at a later chapter; an overlay moves an entry later, never earlier")
		case known && e.moves():
			if e.Chapter > int(p.end) {
				p.wrong(e.ID.line, "ledger: chapter: %d is no chapter between 1 and %d", e.Chapter, p.end)
			}
		default:
			p.event(e, names, ids)
		}
	}
}

// moves reports whether an entry gives a chapter and nothing else.
func (f eventFile) moves() bool {
	return f.Fact == "" && f.Class == "" && !f.Major && len(f.Who)+len(f.Says)+len(f.Terms)+len(f.Words)+len(f.After) == 0
}

// With returns the book together with what an overlay adds to it. Its file is
// another one, so that its labels are made anew; an overlay that adds nothing
// leaves the book as it is. The book may have changed since the overlay was
// written: where both have an entry under one id, both count, from the later of
// their chapters on. The error says why the two do not fit; the book alone is
// then no safe stand-in, because it may tell an entry earlier than the club
// said.
func (b Book) With(o Overlay) (Book, error) {
	if o.adds == nil || o.Book != b.ID {
		return Book{}, fmt.Errorf("an overlay for %q does not go with the book %q", o.Book, b.ID)
	}
	add := o.adds()
	if len(add.Editions)+len(add.Names)+len(add.Premise)+len(add.Loaded)+len(add.Ledger) == 0 {
		return b, nil
	}
	var f bookFile
	if err := decodeYAML(b.File(), string(b.ID), &f); err != nil {
		return Book{}, fmt.Errorf("read book: %w", err)
	}
	f.Editions = append(f.Editions, add.Editions...)
	f.Premise = append(f.Premise, add.Premise...)
	f.Loaded = append(f.Loaded, add.Loaded...)
	for _, n := range add.Names {
		f.addName(n)
	}
	for _, e := range add.Ledger {
		f.addEvent(e)
	}
	data, err := yaml.Marshal(f)
	if err != nil {
		return Book{}, errors.New("the book with its overlay cannot be written")
	}
	return ParseBook(data, string(b.ID)+" with its overlay")
}

// Try returns the book that a file makes of this one: with the overlay that the
// file is or, where it is a book file of the same book, in its place. entries
// are the ids of the ledger entries that come from the file. Problems are as
// those of ParseOverlay and ParseBook.
func (b Book) Try(data []byte, name string) (with Book, entries []spoiler.Passage, err error) {
	var has struct {
		ID any `yaml:"id"`
	}
	if yaml.Unmarshal(data, &has) == nil && has.ID != nil {
		if with, err = ParseBook(data, name); err == nil && (with.ID != b.ID || with.Chapters() != b.Chapters()) {
			err = Problem{File: name, Why: fmt.Sprintf("want a file of the book %q with its %d chapters", b.ID, b.Chapters())}
		}
		if err != nil {
			return Book{}, nil, err
		}
		for _, e := range with.Ledger {
			entries = append(entries, e.ID)
		}
		return with, entries, nil
	}
	o, err := ParseOverlay(data, name, b)
	if err == nil {
		with, err = b.With(o)
	}
	if err != nil {
		return Book{}, nil, err
	}
	known := map[string]bool{}
	for _, e := range b.Ledger {
		known[unsealed.Text(e.ID)] = true
	}
	for _, id := range o.Entries() {
		delete(known, unsealed.Text(id)) // moved
	}
	for _, e := range with.Ledger {
		if !known[unsealed.Text(e.ID)] {
			entries = append(entries, e.ID)
		}
	}
	return with, entries, nil
}

// addName adds a name, or to a name of the book further words, which tell as
// little as the later of both.
func (f *bookFile) addName(n nameFile) {
	i := slices.IndexFunc(f.Names, func(old nameFile) bool { return old.Name.s == n.Name.s })
	if i < 0 {
		n.Also = slices.Clone(n.Also)
		f.Names = append(f.Names, n)
		return
	}
	old := &f.Names[i]
	old.From = max(old.From, n.From)
	for _, w := range n.Also {
		if !slices.Contains(old.Also, w) {
			old.Also = append(old.Also, w)
		}
	}
}

// addEvent adds an entry. One of the same id is moved to the later chapter and
// stays: to replace its words would open what they cover.
func (f *bookFile) addEvent(e eventFile) {
	called := func(id string) int {
		return slices.IndexFunc(f.Ledger, func(old eventFile) bool { return old.ID.s == id })
	}
	i := called(e.ID.s)
	if i >= 0 {
		e.Chapter = max(e.Chapter, f.Ledger[i].Chapter)
		f.Ledger[i].Chapter = e.Chapter
		if e.moves() {
			return
		}
		id := e.ID.s
		for n := 2; called(e.ID.s) >= 0; n++ {
			e.ID.s = id + "-" + strconv.Itoa(n)
		}
	}
	f.Ledger = append(f.Ledger, e)
}
