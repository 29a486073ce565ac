package library

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// shelf finds the book that a list names. The first of its books is the one
// that the import is about.
type shelf struct {
	books []Book
	full  map[string][]int // by title
	short map[string][]int // by title without its subtitle
}

func newShelf(book Book, others []Book) shelf {
	s := shelf{full: map[string][]int{}, short: map[string][]int{}}
	for _, b := range append([]Book{book}, others...) {
		if slices.ContainsFunc(s.books, func(o Book) bool { return o.ID == b.ID }) {
			continue
		}
		i := len(s.books)
		s.books = append(s.books, b)
		for _, name := range append([]string{string(b.ID), b.Title}, b.Also...) {
			full, short := titleKeys(name)
			for _, key := range full {
				s.full[key] = append(s.full[key], i)
			}
			s.short[short] = append(s.short[short], i)
		}
	}
	return s
}

// find returns the book of a title or an ID that somebody of this name wrote;
// an empty title is the first book's, an empty author anybody. Two titles with
// different subtitles are two books.
func (s shelf) find(title, author string) (Book, bool) {
	if strings.TrimSpace(title) == "" {
		return s.books[0], true
	}
	full, short := titleKeys(title)
	var found []int
	for _, key := range full {
		found = append(found, s.full[key]...)
	}
	for _, key := range full {
		found = append(found, s.short[key]...)
	}
	for _, i := range append(found, s.full[short]...) {
		if sameAuthor(s.books[i].Author, author) {
			return s.books[i], true
		}
	}
	return Book{}, false
}

var (
	series   = regexp.MustCompile(`\s*[(\[][^()\[\]]*[)\]]\s*$`)
	foldCase = cases.Fold()
)

// titleKeys returns what a title is looked up by: the whole of it, it without
// the series in brackets behind it, and last without a subtitle.
func titleKeys(title string) (full []string, short string) {
	key := func(s string) string { return strings.Join(plainWords(s), " ") }
	bare := series.ReplaceAllString(title, "")
	main, _, _ := strings.Cut(bare, ":")
	for _, k := range []string{key(title), key(bare)} {
		if k != "" && !slices.Contains(full, k) {
			full = append(full, k)
		}
	}
	return full, key(main)
}

// plainWords returns the words of a name in small letters, without accents.
func plainWords(s string) []string {
	s = foldCase.String(norm.NFKD.String(s))
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
			return -1
		case unicode.IsLetter(r), unicode.IsNumber(r):
			return r
		}
		return ' '
	}, s)
	return strings.Fields(s)
}

// sameAuthor reports whether the surname of an author stands among those that
// somebody else names. Who is not named may be anybody.
func sameAuthor(known, named string) bool {
	a, b := plainWords(known), plainWords(named)
	for len(a) > 1 && slices.Contains([]string{"jr", "sr", "ii", "iii"}, a[len(a)-1]) {
		a = a[:len(a)-1]
	}
	return len(a) == 0 || len(b) == 0 || slices.Contains(b, a[len(a)-1])
}
