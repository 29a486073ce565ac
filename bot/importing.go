package bot

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

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
	By       ReaderID                        // who imports it; empty: the operator
	DryRun   bool                            // say what would happen, and change nothing
	Progress func(what Stage, done, all int) // called as often as anything is done; nil: nobody watches
	Skipped  []library.Skipped               // files that were left out before
}

// Stage is a part of an import that takes its time.
type Stage string

// The stages of an import, in their order.
const (
	Reading   Stage = "reading"
	Labelling Stage = "labelling"
	Writing   Stage = "writing"
)

// progress tells whoever watches how far an import is.
func (in Import) progress(what Stage, done, all int) {
	if in.Progress != nil {
		in.Progress(what, done, all)
	}
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
func (b *Bot) Import(ctx context.Context, id ClubID, in Import) (out Imported, err error) {
	var read reading
	err = b.change(ctx, id, func(c *club) (change Change, err error) {
		if read.club != c { // else another try, over the same library
			if read, err = in.read(ctx, c); err != nil {
				return Change{}, err
			}
		}
		out, change = in.take(c, read, b.now())
		if in.DryRun || len(change.PutSources)+len(change.PutBooks) == 0 {
			return Change{}, nil
		}
		in.progress(Writing, 0, len(change.PutSources))
		return change, nil
	})
	if err != nil {
		return Imported{}, err
	}
	return out, nil
}

// reading is what an import found in its files, for a club as it was then.
type reading struct {
	club    *club
	book    library.Book
	isNew   bool
	sources []library.Source
	skipped []library.Skipped
}

// read reads the files and labels what they hold.
func (in Import) read(ctx context.Context, c *club) (reading, error) {
	r := reading{club: c}
	book, known := c.book(in.Book)
	switch {
	case !known && (in.Title == "" || in.Chapters < 1):
		return reading{}, fmt.Errorf("the book %q is not known; say what it is with --title and --chapters", in.Book)
	case !known:
		var err error
		if book, err = library.NewBook(in.Book, in.Title, in.Author, in.Chapters); err != nil {
			return reading{}, err
		}
		r.isNew = true
	case in.Chapters != 0 && in.Chapters != book.Chapters():
		return reading{}, fmt.Errorf("%q has %d chapters here, not %d", in.Book, book.Chapters(), in.Chapters)
	}
	for _, f := range in.Files {
		if strings.HasPrefix(f.Name, hereFolder) {
			return reading{}, library.Problem{File: f.Name, Why: "dogear keeps what members write under “here”; give this folder another name"}
		}
	}
	sources, skipped, err := library.ReadAllWatched(ctx, in.Files, book, c.books, func(done, all int) { in.progress(Reading, done, all) })
	if err != nil {
		return reading{}, err
	}
	r.book, r.skipped = book, append(append([]library.Skipped{}, in.Skipped...), skipped...)
	digests := map[string]library.Source{}
	for _, src := range c.sources {
		digests[src.Digest] = src.labelled
	}
	for _, src := range sources {
		if same, ok := digests[src.Digest]; ok && same.ID != src.ID && same.Book == src.Book {
			r.skipped = append(r.skipped, library.Skipped{File: src.File, Why: "the same as " + same.File + ", which is there already"})
			continue
		}
		r.sources = append(r.sources, src)
	}
	return r, in.label(ctx, c, book, r.sources)
}

// label labels sources in their place, as many at once as there are cores for.
func (in Import) label(ctx context.Context, c *club, book library.Book, sources []library.Source) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	var mu sync.Mutex
	done := 0
	for i, src := range sources {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			about := book
			if other, ok := c.book(src.Book); ok {
				about = other
			}
			sources[i] = c.labellers.of(about).Label(src)
			mu.Lock()
			defer mu.Unlock()
			done++
			in.progress(Labelling, done, len(sources))
			return nil
		})
	}
	return g.Wait()
}

// take works out what becomes of what was read.
func (in Import) take(c *club, r reading, when time.Time) (Imported, Change) {
	out := Imported{Book: r.book.ID, ByLayer: map[library.Layer]int{}, Skipped: r.skipped, Files: []ImportedFile{}}
	change := Change{}
	if r.isNew {
		change.PutBooks = append(change.PutBooks, r.book)
	}
	covered := c.covered()
	for _, src := range r.sources {
		out.count(src)
		if label.Foreign(src) {
			out.Foreign = append(out.Foreign, src.File)
		}
		file := out.file(library.FileOf(src.File))
		old := c.sources[src.ID]
		switch {
		case old == nil:
			file.New++
		case old.Digest != src.Digest || old.Labels != src.Labels:
			file.Replaced++
		default:
			file.Unchanged++
			continue
		}
		change.PutSources = append(change.PutSources, src)
		change.PutRulings = append(change.PutRulings, covered.over(old, src, c.rulings[src.ID], when)...)
	}
	out.Changed = len(change.PutSources)
	change.Entry = Entry{By: in.By, What: "import", On: string(r.book.ID), Count: out.Changed}
	return out, change
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
