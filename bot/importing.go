package bot

import (
	"context"
	"fmt"

	"dogear/bot/label"
	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// Import is a set of files to be taken into a club's library, whole or not at
// all.
type Import struct {
	Book     spoiler.BookID
	Title    string // of a book that the library does not know yet
	Author   string
	Chapters int
	Files    []library.File
	DryRun   bool                // say what would happen, and change nothing
	Progress func(done, all int) // called after each source; nil: nobody watches
	Skipped  []library.Skipped   // files that were left out before
}

// Imported says what an import did.
type Imported struct {
	Book      spoiler.BookID        `json:"book"`
	Sources   int                   `json:"sources"`           // reviews and pages of FAQ that were taken
	Questions int                   `json:"questions"`         // of FAQs in them
	Sentences int                   `json:"sentences"`         // headings, items and questions included
	ByLayer   map[library.Layer]int `json:"by_layer"`          // by the layer that decided; adds up to Sentences
	Unsure    int                   `json:"unsure"`            // sentences that nothing vouches for
	Changed   int                   `json:"changed"`           // sources that are new or corrected
	Foreign   []string              `json:"foreign,omitempty"` // files in a language that the labels do not know
	Skipped   []library.Skipped     `json:"skipped"`
	Files     []ImportedFile        `json:"files"` // in the order in which they were read
}

// ImportedFile says what becomes of the sources in one file.
type ImportedFile struct {
	File      string `json:"file"`
	New       int    `json:"new"`
	Replaced  int    `json:"replaced"` // older selves that were corrected
	Unchanged int    `json:"unchanged"`
}

// Import reads files and puts them into a club's library. Problems with the
// files are library.Problems; nothing is changed then.
func (b *Bot) Import(ctx context.Context, id ClubID, in Import) (Imported, error) {
	if id == SampleClub {
		return Imported{}, errSample
	}
	c, err := b.club(ctx, id, anyVersion)
	if err != nil {
		return Imported{}, err
	}
	change := Change{}
	book, known := c.book(in.Book)
	switch {
	case !known && (in.Title == "" || in.Chapters < 1):
		return Imported{}, fmt.Errorf("the book %q is not known; say what it is with --title and --chapters", in.Book)
	case !known:
		if book, err = library.NewBook(in.Book, in.Title, in.Author, in.Chapters); err != nil {
			return Imported{}, err
		}
		change.PutBooks = append(change.PutBooks, book)
	case in.Chapters != 0 && in.Chapters != book.Chapters():
		return Imported{}, fmt.Errorf("%q has %d chapters here, not %d", in.Book, book.Chapters(), in.Chapters)
	}
	out := Imported{Book: book.ID, ByLayer: map[library.Layer]int{}, Skipped: append([]library.Skipped{}, in.Skipped...), Files: []ImportedFile{}}
	sources, skipped, err := library.ReadAll(in.Files, book, c.books)
	if err != nil {
		return Imported{}, err
	}
	out.Skipped = append(out.Skipped, skipped...)
	digests := map[string]library.Source{}
	for _, src := range c.sources {
		digests[src.Digest] = src
	}
	l := labellers{}
	for i, src := range sources {
		about := book
		if other, ok := c.book(src.Book); ok {
			about = other
		}
		if same, ok := digests[src.Digest]; ok && same.ID != src.ID && same.Book == src.Book {
			out.Skipped = append(out.Skipped, library.Skipped{File: src.File, Why: "the same as " + same.File + ", which is there already"})
			continue
		}
		src = l.of(about).Label(src)
		out.count(src)
		if label.Foreign(src) {
			out.Foreign = append(out.Foreign, src.File)
		}
		file := out.file(library.FileOf(src.File))
		switch old, ok := c.sources[src.ID]; {
		case !ok:
			file.New++
			change.PutSources = append(change.PutSources, src)
		case old.Digest != src.Digest || old.Labels != src.Labels:
			file.Replaced++
			change.PutSources = append(change.PutSources, src)
		default:
			file.Unchanged++
		}
		if in.Progress != nil {
			in.Progress(i+1, len(sources))
		}
	}
	out.Changed = len(change.PutSources)
	if in.DryRun || len(change.PutSources)+len(change.PutBooks) == 0 {
		return out, nil
	}
	if _, err := b.store.Change(ctx, id, change); err != nil {
		return Imported{}, fmt.Errorf("write library: %w", err)
	}
	return out, nil
}

// file returns what is known of a file, the sources of which come in a row.
func (out *Imported) file(name string) *ImportedFile {
	if n := len(out.Files); n == 0 || out.Files[n-1].File != name {
		out.Files = append(out.Files, ImportedFile{File: name})
	}
	return &out.Files[len(out.Files)-1]
}

func (out *Imported) count(src library.Source) {
	out.Sources++
	entry := 0
	for _, s := range src.Sentences {
		out.Sentences++
		out.ByLayer[s.Decided()]++
		if s.Decided() == library.ByDefault {
			out.Unsure++
		}
		if s.Kind == library.Question && s.Entry > entry {
			entry = s.Entry
			out.Questions++
		}
	}
}
