package library

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"dogear/bot/spoiler"
)

// bookFile is a book file as a moderator writes it. The README documents it.
type bookFile struct {
	ID       lined         `yaml:"id,omitempty"`
	Title    lined         `yaml:"title,omitempty"`
	Author   string        `yaml:"author,omitempty"`
	Year     int           `yaml:"year,omitempty"`
	Language string        `yaml:"language,omitempty"`
	Also     []string      `yaml:"also,omitempty"`
	Outline  []partFile    `yaml:"outline,omitempty"`
	Editions []editionFile `yaml:"editions,omitempty"`
	Names    []nameFile    `yaml:"names,omitempty"`
	Premise  []lined       `yaml:"premise,omitempty"`
	Loaded   []lined       `yaml:"loaded,omitempty"`
	Ledger   []eventFile   `yaml:"ledger,omitempty"`
}

type partFile struct {
	Part     string   `yaml:"part,omitempty"`
	Chapters int      `yaml:"chapters,omitempty"`
	Titles   []string `yaml:"titles,omitempty"`
}

type editionFile struct {
	Name    lined `yaml:"name,omitempty"`
	First   []int `yaml:"first,omitempty"`
	Pages   int   `yaml:"pages,omitempty"`
	Minutes int   `yaml:"minutes,omitempty"`
}

type nameFile struct {
	Name     lined    `yaml:"name,omitempty"`
	Also     []string `yaml:"also,omitempty"`
	Kind     string   `yaml:"kind,omitempty"`
	Pronoun  string   `yaml:"pronoun,omitempty"`
	From     int      `yaml:"from,omitempty"`
	Narrator bool     `yaml:"narrator,omitempty"`
}

type eventFile struct {
	ID      lined   `yaml:"id,omitempty"`
	Chapter int     `yaml:"chapter,omitempty"`
	Fact    string  `yaml:"fact,omitempty"`
	Class   string  `yaml:"class,omitempty"`
	Major   bool    `yaml:"major,omitempty"`
	Who     []lined `yaml:"who,omitempty"`
	Says    []lined `yaml:"says,omitempty"`
	Terms   []lined `yaml:"terms,omitempty"`
	Words   []lined `yaml:"words,omitempty"`
	After   []lined `yaml:"after,omitempty"`
}

// lined is a string of a YAML file that remembers its line.
type lined struct {
	s    string
	line int
}

func (t *lined) UnmarshalYAML(n *yaml.Node) error {
	t.line = n.Line
	return n.Decode(&t.s)
}

func (t lined) MarshalYAML() (any, error) { return t.s, nil }

// IsZero says to YAML what need not be written.
func (t lined) IsZero() bool { return t.s == "" }

// bookID is what a book's ID may look like: short, and safe in any key or URL.
var bookID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// maxChapters bounds an outline, so that a slip of the keyboard does not make
// a book of a million chapters.
const maxChapters = 2000

// ParseBook reads a book file. name is what the file is called in errors,
// which are Problems with the line of each.
func ParseBook(data []byte, name string) (Book, error) {
	var f bookFile
	if err := decodeYAML(data, name, &f); err != nil {
		return Book{}, err
	}
	p := &bookParser{file: name}
	book := p.book(f)
	if err := p.err(); err != nil {
		return Book{}, err
	}
	data = slices.Clone(data)
	book.file = func() []byte { return data }
	return book, nil
}

// decodeYAML reads the one document of a file, of which every field is known.
func decodeYAML(data []byte, name string, into any) error {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		return yamlProblems(name, err)
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return Problem{File: name, Why: "a book file holds one book; remove the second document (after the line ---)"}
	}
	return nil
}

// NewBook makes a book of which only title, author and number of chapters are
// known. The error says what is wrong with them.
func NewBook(id spoiler.BookID, title, author string, chapters int) (Book, error) {
	data, err := yaml.Marshal(map[string]any{
		"id": string(id), "title": title, "author": author,
		"outline": []map[string]any{{"chapters": chapters}},
	})
	if err != nil {
		return Book{}, fmt.Errorf("write book file: %w", err)
	}
	return ParseBook(data, string(id))
}

type bookParser struct {
	file     string
	id       spoiler.BookID
	end      spoiler.Position
	problems Problems
}

func (p *bookParser) wrong(line int, format string, args ...any) {
	p.problems = append(p.problems, Problem{File: p.file, Line: line, Why: fmt.Sprintf(format, args...)})
}

// err returns what was wrong, in the order of the lines; nil: nothing.
func (p *bookParser) err() error {
	if len(p.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(p.problems, func(a, b Problem) int { return a.Line - b.Line })
	return p.problems
}

func (p *bookParser) book(f bookFile) Book {
	p.id = spoiler.BookID(f.ID.s)
	if !bookID.MatchString(f.ID.s) {
		p.wrong(f.ID.line, "id: want up to 64 lower-case letters, digits and hyphens, such as never-let-me-go")
	}
	if strings.TrimSpace(f.Title.s) == "" {
		p.wrong(f.Title.line, "title: missing")
	}
	for _, t := range append([]string{f.Title.s, f.Author}, f.Also...) {
		if strings.ContainsFunc(t, unicode.IsControl) || len(t) > 200 {
			p.wrong(f.Title.line, "title, author, also: one line of up to 200 characters each")
			break
		}
	}
	book := Book{ID: p.id, Title: f.Title.s, Author: f.Author, Year: f.Year, Language: f.Language, Also: f.Also}
	book.Outline = p.outline(f.Outline)
	p.end = book.End()
	for _, e := range f.Editions {
		book.Editions = append(book.Editions, p.edition(e))
	}
	names := map[string]bool{}
	for _, n := range f.Names {
		book.Names = append(book.Names, p.name(n, names))
	}
	book.Premise = p.seal(0, f.Premise)
	book.Loaded = p.seal(p.end, f.Loaded)
	ids := map[string]bool{}
	p.once(f.Ledger, ids)
	for _, e := range f.Ledger {
		book.Ledger = append(book.Ledger, p.event(e, names, ids))
	}
	return book
}

func (p *bookParser) outline(parts []partFile) Outline {
	var o Outline
	for i, f := range parts {
		if f.Chapters < 1 {
			p.wrong(0, "outline: part %d has %d chapters; a part has at least one", i+1, f.Chapters)
			continue
		}
		if len(f.Titles) > 0 && len(f.Titles) != f.Chapters {
			p.wrong(0, "outline: part %d has %d chapters and %d titles; give each chapter one, or none", i+1, f.Chapters, len(f.Titles))
		}
		part := Part{Chapters: f.Chapters}
		// A part's or a chapter's title is safe for those who have finished
		// it or, for a part, its first chapter: until then the number serves.
		first := spoiler.Position(o.Chapters() + 1)
		if f.Part != "" {
			part.Title = spoiler.Seal(p.id, first, f.Part)
		}
		for j, t := range f.Titles {
			part.Titles = append(part.Titles, spoiler.Seal(p.id, first+spoiler.Position(j), t))
		}
		o = append(o, part)
	}
	switch n := o.Chapters(); {
	case n == 0:
		p.wrong(0, "outline: missing; it lists the parts with their chapters, such as - {chapters: 23}")
	case n > maxChapters:
		p.wrong(0, "outline: %d chapters are more than the %d that dogear takes", n, maxChapters)
		return nil
	}
	return o
}

func (p *bookParser) edition(f editionFile) Edition {
	e := Edition{Name: f.Name.s, Unit: Pages, Length: f.Pages, First: f.First, Chapters: int(p.end)}
	if f.Minutes != 0 {
		e.Unit, e.Length = Minutes, f.Minutes
	}
	line := f.Name.line
	switch {
	case strings.ContainsFunc(e.Name, unicode.IsControl) || len(e.Name) > 200:
		p.wrong(line, "editions: name: one line of up to 200 characters")
	case f.Pages != 0 && f.Minutes != 0:
		p.wrong(line, "editions: an edition has pages or minutes, not both")
	case e.Length < 1:
		p.wrong(line, "editions: say how many pages it has, or how many minutes")
	case e.First == nil: // places in it are estimates
	case len(e.First) != e.Chapters || e.Chapters == 0:
		p.wrong(line, "editions: first lists %d %s, and the outline has %d chapters", len(e.First), e.Unit, e.Chapters)
	case !slices.IsSorted(e.First) || e.First[0] < 0 || e.Unit == Pages && e.First[0] < 1:
		p.wrong(line, "editions: first must rise from chapter to chapter")
	case e.Length < e.First[len(e.First)-1]:
		p.wrong(line, "editions: the last chapter begins after the end")
	}
	return e
}

var (
	nameKinds = []NameKind{Person, Group, Place, Thing, Term}
	pronouns  = []string{"", "she", "he", "they", "it"}
)

func (p *bookParser) name(f nameFile, known map[string]bool) Name {
	if strings.TrimSpace(f.Name.s) == "" {
		p.wrong(f.Name.line, "names: a name is empty")
	}
	if known[f.Name.s] {
		p.wrong(f.Name.line, "names: this name stands here twice")
	}
	known[f.Name.s] = true
	from := spoiler.Position(f.From)
	if from < 0 || from > p.end {
		p.wrong(f.Name.line, "names: from: %d is no position between 0 and %d", f.From, p.end)
		from = p.end
	}
	kind := NameKind(f.Kind)
	if !slices.Contains(nameKinds, kind) {
		p.wrong(f.Name.line, "names: kind: want person, group, place, thing or term")
	}
	if !slices.Contains(pronouns, f.Pronoun) {
		p.wrong(f.Name.line, "names: pronoun: want she, he, they or it")
	}
	n := Name{Kind: kind, Pronoun: f.Pronoun, From: from, Narrator: f.Narrator}
	for _, w := range append([]string{f.Name.s}, f.Also...) {
		n.Words = append(n.Words, spoiler.Seal(p.id, from, w))
	}
	return n
}

// once notes the ids of entries, each of which is used once.
func (p *bookParser) once(entries []eventFile, ids map[string]bool) {
	for _, e := range entries {
		if ids[e.ID.s] {
			p.wrong(e.ID.line, "ledger: a second entry with this id; ids are used once")
		}
		ids[e.ID.s] = true
	}
}

func (p *bookParser) event(f eventFile, names, ids map[string]bool) Event {
	line := f.ID.line
	if f.ID.s == "" {
		p.wrong(line, "ledger: an entry has no id")
	}
	at := spoiler.Position(f.Chapter)
	if at < 1 || at > p.end {
		p.wrong(line, "ledger: chapter: %d is no chapter between 1 and %d", f.Chapter, p.end)
		at = p.end
	}
	class := Class(f.Class)
	if !slices.Contains([]Class{Fate, Secret, Bond, Happens, World, Outcome}, class) {
		p.wrong(line, "ledger: class: want fate, secret, bond, event, world or outcome")
	}
	if strings.TrimSpace(f.Fact) == "" {
		p.wrong(line, "ledger: fact: missing")
	}
	if n := len(f.Says); n < 3 || n > 8 {
		p.wrong(line, "ledger: says: %d paraphrases; want three to eight", n)
	}
	for _, w := range f.Who {
		if !names[w.s] {
			p.wrong(w.line, "ledger: who: no such name in names")
		}
	}
	for _, id := range f.After {
		if !ids[id.s] {
			p.wrong(id.line, "ledger: after: no entry has this id")
		}
	}
	return Event{
		ID: spoiler.Seal(p.id, at, f.ID.s), Chapter: at, Fact: spoiler.Seal(p.id, at, f.Fact), Class: class, Major: f.Major,
		Who: p.seal(at, f.Who), Says: p.seal(at, f.Says), Terms: p.seal(at, f.Terms), Words: p.seal(at, f.Words),
		After: p.seal(at, f.After), Line: line,
	}
}

func (p *bookParser) seal(at spoiler.Position, texts []lined) []spoiler.Passage {
	var out []spoiler.Passage
	for _, t := range texts {
		if strings.TrimSpace(t.s) == "" {
			p.wrong(t.line, "an empty text")
		}
		out = append(out, spoiler.Seal(p.id, at, t.s))
	}
	return out
}

var (
	bookLine  = regexp.MustCompile(`line (\d+): (.*)`)
	bookQuote = regexp.MustCompile("`[^`]*`|\"[^\"]*\"|into library\\.\\w+|in type library\\.\\w+")
)

// yamlProblems says where YAML does not decode, without the values that the
// decoder would quote.
func yamlProblems(file string, err error) error {
	if errors.Is(err, io.EOF) {
		return Problem{File: file, Why: "the file is empty"}
	}
	var ps Problems
	for _, m := range bookLine.FindAllStringSubmatch(err.Error(), -1) {
		line, _ := strconv.Atoi(m[1])
		why := strings.Join(strings.Fields(bookQuote.ReplaceAllString(m[2], "")), " ")
		ps = append(ps, Problem{File: file, Line: line, Why: why})
	}
	if len(ps) == 0 {
		ps = Problems{{File: file, Why: "this is no YAML that a book file could be"}}
	}
	return ps
}
