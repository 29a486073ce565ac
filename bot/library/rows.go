package library

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// row is one review of a list: what its columns or fields say.
type row struct {
	line int    // of the file, from 1
	key  string // what names the row in its file, and stays when the review is corrected; empty: nothing does
	own  bool   // its author gave it that key
	book string // the title or ID of the book; empty: the one that the import is about
	by   string // who wrote the book; empty: not told
	text string
	html bool // the text is HTML, not Markdown
	meta metadata
}

// fromList is a source that was read from a list, and the line it stands on;
// 0: the source is a file.
type fromList struct {
	Source
	line int
}

// readList reads a file that holds many reviews. Reviews of books that nobody
// knows, and rows without a review, are skipped, all such rows as one.
func readList(ctx context.Context, f File, known shelf, w *watcher) ([]fromList, []Skipped, error) {
	if err := check(f); err != nil {
		return nil, nil, err
	}
	rows, bare, err := rowsOf(f)
	if err != nil {
		return nil, nil, err
	}
	var sources []fromList
	var problems Problems
	keys := map[string]int{}
	others := tally{}
	var wanted []row
	var books []Book // of each that is wanted
	for _, r := range rows {
		if book, ok := known.find(r.book, r.by); ok {
			wanted, books = append(wanted, r), append(books, book)
		} else {
			others.add(r.book)
		}
	}
	read := make([]Source, len(wanted))
	everyCore(ctx, len(wanted), func(i int) {
		if len(wanted[i].text) <= MaxFileSize {
			read[i] = wanted[i].source(f, books[i])
		}
		w.add(len(f.Data) / len(wanted))
	})
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	for i, r := range wanted {
		src, book := read[i], books[i]
		if len(r.text) > MaxFileSize {
			problems = append(problems, Problem{f.Name, r.line, fmt.Sprintf("the review is larger than %d KiB", MaxFileSize>>10)})
			continue
		}
		switch {
		case saysSomething(src.Sentences):
		case !isJSON(f.Name):
			bare++
			continue
		default:
			problems = append(problems, Problem{f.Name, r.line, "the review holds no sentence"})
			continue
		}
		where := fmt.Sprintf("%s\x00%t\x00%s", book.ID, r.own, r.key)
		keys[where]++
		switch n := keys[where]; {
		case n == 1 && r.key != "":
		case r.own:
			problems = append(problems, Problem{f.Name, r.line, "the id stands here for the second time"})
			continue
		default:
			r.key = strings.TrimSpace(fmt.Sprintf("%s %d", r.key, n))
		}
		src.File = f.Name + listMark + strings.ReplaceAll(r.key, listMark, " ")
		src.ID = r.id(f, book)
		sources = append(sources, fromList{src, r.line})
	}
	if len(problems) > 0 {
		return nil, nil, problems
	}
	var skipped []Skipped
	if bare > 0 {
		skipped = append(skipped, Skipped{f.Name, counted(bare, "row without a review", "rows without a review")})
	}
	if n := others.total; n > 0 {
		skipped = append(skipped, Skipped{f.Name, counted(n, "review of a book", "reviews of books") + " that the club does not have: " + others.String()})
	}
	return sources, skipped, nil
}

// id returns what stays the same when a row is corrected. Two readers may bring
// exports of one name: who the import says wrote them tells them apart, unless
// the row names its writer, or itself, in the file.
func (r row) id(f File, book Book) SourceID {
	by := f.Reviewer
	if r.own || r.meta.reviewer != "" {
		by = ""
	}
	name := f.Name + "\x00" + by + "\x00" + r.key
	if r.own {
		return sourceID(book.ID, "", name+"\x00id")
	}
	return sourceID(book.ID, r.meta.link, name)
}

// rowsOf reads the rows of a list, and how many of them hold no review.
func rowsOf(f File) ([]row, int, error) {
	if isJSON(f.Name) {
		rows, err := readJSON(f)
		return rows, 0, err
	}
	return readCSV(f)
}

// source makes a Source of a row. Its ID and file are the caller's.
func (r row) source(f File, book Book) Source {
	p := r.page(f, book)
	src := p.source()
	if src.Reviewer == "" {
		src.Reviewer = f.Reviewer
	}
	src.Digest = digest([]byte(strings.Join([]string{
		string(book.ID), r.meta.title, src.Reviewer, r.meta.link, r.meta.date, r.meta.rating, r.meta.language, strconv.FormatBool(r.meta.flagged), r.text,
	}, "\x00")))
	return src
}

func (r row) page(f File, book Book) *page {
	p := &page{name: f.Name, book: book, meta: r.meta}
	if r.html {
		p.fragment(r.text)
	} else {
		p.runes = []rune(r.text)
		p.text(true)
	}
	return p
}

// listMark stands between the name of a list and that of a row of it.
const listMark = "#"

// FileOf returns the file in which a source of this name stands: for a row of a
// list the list, for all others the file itself.
func FileOf(name string) string {
	if file, _, ok := strings.Cut(name, listMark); ok && isList(file) {
		return file
	}
	return name
}

// tally counts titles in the order in which they are first met.
type tally struct {
	titles []string
	count  map[string]int
	total  int
}

func (t *tally) add(title string) {
	title = strings.Join(strings.Fields(title), " ")
	if r := []rune(title); len(r) > maxField {
		title = string(r[:maxField]) + "…"
	}
	if t.count == nil {
		t.count = map[string]int{}
	}
	if t.count[title] == 0 {
		t.titles = append(t.titles, title)
	}
	t.count[title]++
	t.total++
}

// String names the first ten titles.
func (t *tally) String() string {
	const most = 10
	var parts []string
	for _, s := range t.titles[:min(most, len(t.titles))] {
		if n := t.count[s]; n > 1 {
			s = fmt.Sprintf("%s (%d)", s, n)
		}
		parts = append(parts, s)
	}
	all := strings.Join(parts, "; ")
	if n := len(t.titles) - most; n > 0 {
		all += fmt.Sprintf("; and %d more", n)
	}
	return all
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
