package label

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// longestWork is how many words a title and its author have at most.
const longestWork = 12

// creditShape parts a work of a reading list into its title and its author.
var creditShape = regexp.MustCompile(`^(.+) (?:by|[–—-]) ([^()–—]+)$|^(.+) \(([^()]+)\)$`)

// small are the words of grammar that a title may hold. Each is followed by a
// noun, so that none begins a clause.
var small = strings.Fields("a an the of in on at for from with under between beyond among and")

// prefixes of surnames may stand in lower case.
var prefixes = strings.Fields("de da di del della van von der den la le du")

// isWork reports whether an item of a reading list is nothing but a work: the
// title of a book that dogear ships, or "Title by Author" where the title is a
// noun phrase of words that tell nothing of this book, and the author a name.
// Where nothing is known of what happens in this book, nobody knows which words
// those are.
func (l *Labeller) isWork(item string) bool {
	item = strings.TrimRight(strings.Trim(item, " *_"), ".")
	title, author := item, ""
	if m := creditShape.FindStringSubmatch(item); m != nil {
		title, author = m[1]+m[3], m[2]+m[4]
	}
	title = strings.Trim(title, "*_\"“”‘’'")
	author = strings.Trim(author, "*_")
	if shippedWork(title, author) {
		return true
	}
	return author != "" && len(l.events) > 0 && len(strings.Fields(item)) <= longestWork && l.titleShaped(title) && l.authorShaped(author)
}

// shippedWork reports whether this is a book that dogear ships; author is empty
// where none is given.
func shippedWork(title, author string) bool {
	return slices.ContainsFunc(library.Shipped(), func(b library.Book) bool {
		return strings.EqualFold(b.Title, title) && (author == "" || strings.EqualFold(b.Author, author))
	})
}

// titleShaped reports whether this can be no more than a title: in title case,
// and a noun phrase none of whose words tells anything of this book.
func (l *Labeller) titleShaped(s string) bool {
	if !plainWords(s, small) {
		return false
	}
	c := l.clause(s)
	nouns := 0
	for i, t := range c.tokens {
		if slices.Contains(small, t.text) {
			continue
		}
		nominal := i > 0 && slices.Contains(small[:len(small)-1], c.tokens[i-1].text)
		if t.class&function != 0 || !l.innocent(t, nominal) || t.class == 0 && l.soundsTold(t.text) || t.class&(kin|endtone) != 0 || i > 0 && predicates(c.tokens[i-1], t) {
			return false
		}
		if i == 0 && inflected(t.text) && verbal(t.text) && !strings.HasSuffix(t.text, "ing") {
			return false // "Leaves Home"
		}
		nouns++
	}
	return nouns > 0 && !slices.Contains(small, c.tokens[len(c.tokens)-1].text)
}

// authorShaped reports whether this can be nothing but a person's name, and of
// nobody in this book.
func (l *Labeller) authorShaped(s string) bool {
	if !l.nameFormed(s) || !plainWords(strings.ReplaceAll(s, ".", ""), prefixes) || len(strings.Fields(s)) < 2 {
		return false
	}
	personal := false
	for _, t := range l.clause(s).tokens {
		switch {
		case t.is == author:
			personal = true
		case slices.Contains(prefixes, t.text), utf8.RuneCountInString(t.text) == 1:
		case t.class&function != 0 || !l.innocent(t, true) || inflected(t.text) && verbal(t.text):
			return false
		default:
			personal = personal || t.class == 0 || t.marks&given != 0
		}
	}
	return personal
}

// plainWords reports whether a text is Latin words alone, each with a capital
// but for these.
func plainWords(s string, but []string) bool {
	for i, w := range strings.Fields(s) {
		first, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(first) && (i == 0 || !slices.Contains(but, w)) ||
			strings.ContainsFunc(w, func(r rune) bool { return !unicode.Is(unicode.Latin, r) && !strings.ContainsRune("'’-&", r) }) {
			return false
		}
	}
	return s != ""
}

// innocent reports whether a word tells nothing of this book: it is no name of
// it, no word for an event or an end, nothing that happens is told with it, and
// it is no name misspelt. As a noun, a common verb tells nothing: "The
// Remains".
func (l *Labeller) innocent(t token, noun bool) bool {
	plain := evaluation | form | reading | writing | light | everyday
	if noun {
		plain |= loose
	}
	told := l.earliest[t.atom] > 0 && !l.premise.all[t.atom] && (t.class&plain == 0 || l.telling[t.atom] && t.class&everyday != 0)
	return t.is == nobody && !told && t.class&(fate|plot|negation|third|outcome|turn|people) == 0 &&
		!slices.ContainsFunc(bases(t.text), func(w string) bool { return l.loaded[w] }) && !l.soundsLikeName(t.text)
}

// soundsLikeName reports whether a word may be a person of this book, misspelt.
func (l *Labeller) soundsLikeName(w string) bool {
	return slices.ContainsFunc(l.book.Names, func(n library.Name) bool {
		return n.Kind == library.Person && slices.ContainsFunc(n.Words, func(p spoiler.Passage) bool {
			return slices.ContainsFunc(splitWords(unsealed.Text(p)), func(name word) bool { return w != name.text && nearly(w, name.text) })
		})
	})
}

// soundsTold reports whether a word that no list knows may be one that tells
// something, misspelt.
func (l *Labeller) soundsTold(w string) bool {
	for told := range l.telling {
		if nearly(stem(w), string(told)) {
			return true
		}
	}
	for told := range l.loaded {
		if nearly(w, told) {
			return true
		}
	}
	return false
}

// nearly reports whether two words, one of them of five letters or more, differ
// in one letter at most.
func nearly(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if max(len(x), len(y)) < 5 || max(len(x), len(y))-min(len(x), len(y)) > 1 {
		return false
	}
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	return len(x) <= 1 && len(y) <= 1
}

// predicates reports whether a word may be what the one before it does: "The
// School Closes", "Friends Part". After a word of grammar it is a noun.
func predicates(before, t token) bool {
	if slices.Contains(small, before.text) && before.text != "and" {
		return false
	}
	return verbal(t.text) || before.class != 0 && strings.HasSuffix(before.text, "s") && !strings.HasSuffix(t.text, "s")
}

// verbal reports whether a word may be a form of a verb: one that the lists
// hold with -ing too.
func verbal(w string) bool {
	return strings.HasSuffix(w, "ing") || slices.ContainsFunc(bases(w), func(b string) bool {
		n := len(b)
		if n < 2 {
			return false
		}
		return lexicon()[b+"ing"] != 0 || lexicon()[strings.TrimSuffix(b, "e")+"ing"] != 0 || lexicon()[b+b[n-1:]+"ing"] != 0
	})
}

// inflected reports whether a verb of this form is no bare infinitive.
func inflected(w string) bool {
	return irregular[w] != "" || strings.HasSuffix(w, "s") || strings.HasSuffix(w, "ed") || strings.HasSuffix(w, "ing")
}
