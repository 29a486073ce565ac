package answer

import (
	"cmp"
	"slices"
	"strings"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/search"
	"dogear/bot/spoiler"
)

// RelatedRead is a work that reviewers of a book also read or recommend.
type RelatedRead struct {
	// NamedBy holds the work as each reviewer names it, one excerpt for each
	// of them, by source ID; never empty. Whoever gives the author comes
	// first.
	NamedBy []reply.Excerpt
}

// RelatedReads returns what those who write of a book also read or recommend,
// as far as it lies within an audience's horizon, most named first and then by
// title. A source of which nothing else is visible names nothing. A book that
// names itself is left out.
func RelatedReads(sources []library.Source, book library.Book, h spoiler.Horizon) []RelatedRead {
	sources = slices.Clone(sources)
	slices.SortFunc(sources, func(a, b library.Source) int { return cmp.Compare(a.ID, b.ID) })
	var works []*named
	byTitle := map[string][]*named{}
	for _, src := range sources {
		if src.Book != book.ID || !heard(src, book, h) {
			continue
		}
		for i, p := range src.Related {
			text, ok := p.Open(h)
			if !ok {
				continue
			}
			title, author := titleOf(text)
			if title == "" || isTitle(title, book) {
				continue
			}
			at := slices.IndexFunc(byTitle[title], func(w *named) bool { return w.author == "" || author == "" || w.author == author })
			if at < 0 {
				at = len(byTitle[title])
				byTitle[title] = append(byTitle[title], &named{title: title, voices: map[string]bool{}})
				works = append(works, byTitle[title][at])
			}
			byTitle[title][at].add(src, i, author)
		}
	}
	slices.SortStableFunc(works, func(a, b *named) int {
		return cmp.Or(cmp.Compare(len(b.by), len(a.by)), cmp.Compare(a.title, b.title), cmp.Compare(a.author, b.author))
	})
	var out []RelatedRead
	for _, w := range works {
		out = append(out, RelatedRead{w.by})
	}
	return out
}

// named is a work and who names it.
type named struct {
	title, author string // author is empty where nobody gives one
	voices        map[string]bool
	by            []reply.Excerpt
}

// add notes that a source names the work. One reviewer counts once.
func (w *named) add(src library.Source, i int, author string) {
	gives := w.author == "" && author != ""
	if gives {
		w.author = author
	}
	if w.voices[voiceOf(src)] {
		return
	}
	w.voices[voiceOf(src)] = true
	e := Cite(src)
	e.Passage, e.Sentence = src.Related[i], library.RelatedOf-i
	if gives {
		w.by = slices.Insert(w.by, 0, e)
		return
	}
	w.by = append(w.by, e)
}

// heard reports whether an audience may see a sentence of a source.
func heard(src library.Source, book library.Book, h spoiler.Horizon) bool {
	return slices.ContainsFunc(src.Sentences, func(s library.Sentence) bool {
		return (s.Kind == library.Prose || s.Kind == library.Item) && s.Passage.Book() == book.ID && s.Passage.Within(h)
	})
}

// titleOf returns the title and the author of a work as a reviewer lists it,
// "The Lamp by Mo Finch, for its ending", to compare with others. Author is
// empty where none is given.
func titleOf(text string) (title, author string) {
	for _, mark := range []string{", for ", ", because ", ", if ", " – ", " — ", " - ", " ("} {
		text, _, _ = strings.Cut(text, mark)
	}
	if i := strings.LastIndex(text, " by "); i > 0 {
		text, author = text[:i], text[i+len(" by "):]
	}
	words := search.Terms(text)
	if len(words) > 1 && (words[0] == "the" || words[0] == "a" || words[0] == "an") {
		words = words[1:]
	}
	return strings.Join(words, " "), strings.Join(search.Terms(author), " ")
}

// isTitle reports whether a title as titleOf returns it is the book's own.
func isTitle(title string, book library.Book) bool {
	return slices.ContainsFunc(append([]string{book.Title}, book.Also...), func(own string) bool {
		t, _ := titleOf(own)
		return t == title
	})
}
