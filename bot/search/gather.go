package search

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// How much a word counts by where it stands, in sixteenths of a word of the
// sentence itself. Whole units add up to the same in every order, which floats
// do not.
const (
	own       = 16 // each time
	question  = 14 // the FAQ question that the sentence answers: once, as below
	heading   = 3  // the heading that it stands under
	paragraph = 3  // the other sentences of its paragraph
	title     = 2  // the source's title
)

// mostLent is how many passages of a kind lend their words to a sentence, so
// that one endless paragraph does not cost the square of its length. Those
// with the lowest Reveal come first: a hidden one never takes the place of a
// visible one.
const mostLent = 32

// kinds is a set of kinds of sentences.
type kinds uint8

const (
	prose kinds = 1 << iota
	item
	asks
	heads
	titles
)

// kindsOf returns the set of the kinds in a list, without those it does not
// know.
func kindsOf(list ...library.Kind) kinds {
	var set kinds
	for _, k := range list {
		switch k {
		case library.Prose:
			set |= prose
		case library.Item:
			set |= item
		case library.Question:
			set |= asks
		case library.Heading:
			set |= heads
		case library.Title:
			set |= titles
		}
	}
	return set
}

// gathered is what is to be posted of a source.
type gathered struct {
	docs    []doc    // in the order of its sentences
	names   []string // the stems
	books   []spoiler.BookID
	entries []entry // by key, then doc
}

// key says in which bucket an entry belongs.
type key struct {
	stem, book int32 // their indexes in names and books
	reveal     int32
}

// entry is a posting to be; doc is counted from the source's first.
type entry struct {
	key
	doc            uint32
	weight, length uint16
}

// gatherer takes a source apart.
type gatherer struct {
	gathered
	source  library.Source
	stemmer *stemmer
	number  map[string]int32 // of a stem in names
	book    int32            // of the last of docs, in books
	texts   []text           // by sentence
	lent    []int32          // by stem: the last mark under which it was lent
	mark    int32
}

// text is a passage as the stems in it; words counts them with repetition.
type text struct {
	passage spoiler.Passage
	stems   []stemCount
	words   int
}

type stemCount struct {
	stem  int32
	times int
}

// gather finds what is to be posted of a source.
func gather(source library.Source, st *stemmer) gathered {
	g := gatherer{source: source, stemmer: st, number: make(map[string]int32)}
	g.texts = make([]text, len(source.Sentences))
	for i, s := range source.Sentences {
		g.texts[i] = g.read(s.Passage)
	}
	var (
		theTitle   = []text{g.read(source.Title)}
		questions  = g.lenders(func(s library.Sentence) int { return s.Entry }, library.Question)
		headings   = g.lenders(func(s library.Sentence) int { return s.Section }, library.Heading)
		paragraphs = g.lenders(func(s library.Sentence) int { return s.Paragraph }, library.Prose, library.Item)
	)
	g.lent = make([]int32, len(g.names))
	for i, s := range source.Sentences {
		kind := kindsOf(s.Kind)
		if kind == 0 || s.Passage.Reveal() >= spoiler.Never {
			continue
		}
		me := &g.texts[i]
		g.book = int32(slices.Index(g.books, me.passage.Book()))
		if g.book < 0 {
			g.book = int32(len(g.books))
			g.books = append(g.books, me.passage.Book())
		}
		g.docs = append(g.docs, doc{sentence: int32(i), kind: kind, answer: s.Entry > 0 && kind&(prose|item) != 0})
		for _, c := range me.stems {
			g.enter(me, me.passage.Reveal(), c.stem, min(c.times, math.MaxUint16/own)*own)
		}
		if kind&(prose|item) != 0 {
			g.lend(me, questions[s.Entry], question)
			g.lend(me, paragraphs[s.Paragraph], paragraph)
		}
		if kind&(heads|titles) == 0 {
			g.lend(me, headings[s.Section], heading)
		}
		if kind&titles == 0 {
			g.lend(me, theTitle, title)
		}
	}
	g.merge()
	return g.gathered
}

// read takes a passage apart.
func (g *gatherer) read(p spoiler.Passage) text {
	t := text{passage: p}
	if p.Reveal() >= spoiler.Never {
		return t
	}
	var all []int32
	eachWord(unsealed.Text(p), func(word string) {
		stem := g.stemmer.stem(word)
		if stem == "" {
			return
		}
		n, ok := g.number[stem]
		if !ok {
			n = int32(len(g.names))
			g.number[stem] = n
			g.names = append(g.names, stem)
		}
		all = append(all, n)
	})
	t.words = len(all)
	slices.Sort(all)
	for i, n := range all {
		if i > 0 && all[i-1] == n {
			t.stems[len(t.stems)-1].times++
		} else {
			t.stems = append(t.stems, stemCount{n, 1})
		}
	}
	return t
}

// lenders groups the passages of some kinds by a number that they have, the
// lowest Reveal first. Number 0 means none and has no group. The number, not
// the order, says what belongs together: whoever stands next to whom would
// change when a hidden sentence between them goes.
func (g *gatherer) lenders(number func(library.Sentence) int, of ...library.Kind) map[int][]text {
	groups := make(map[int][]text)
	for i, s := range g.source.Sentences {
		if n := number(s); n > 0 && kindsOf(s.Kind)&kindsOf(of...) != 0 {
			groups[n] = append(groups[n], g.texts[i])
		}
	}
	for _, group := range groups {
		slices.SortStableFunc(group, func(a, b text) int { return cmp.Compare(a.passage.Reveal(), b.passage.Reveal()) })
	}
	return groups
}

// lend enters the stems of some passages, lowest Reveal first, for the passage
// in whose context they stand: each stem once, from the later Reveal of the two
// on.
func (g *gatherer) lend(to *text, from []text, weight int) {
	g.mark++
	lenders := 0
	for i := range from {
		p := from[i].passage
		if p == to.passage {
			continue
		}
		if p.Book() != to.passage.Book() && p.Reveal() > 0 {
			continue // a place in one book is no place in another
		}
		if lenders++; lenders > mostLent {
			return
		}
		for _, c := range from[i].stems {
			if g.lent[c.stem] != g.mark {
				g.lent[c.stem] = g.mark
				g.enter(to, max(to.passage.Reveal(), p.Reveal()), c.stem, weight)
			}
		}
	}
}

// enter notes a stem of the last of docs, whose text is t.
func (g *gatherer) enter(t *text, reveal spoiler.Position, stem int32, weight int) {
	if reveal >= spoiler.Never {
		return
	}
	g.entries = append(g.entries, entry{
		key:    key{stem, g.book, int32(reveal)},
		doc:    uint32(len(g.docs) - 1),
		weight: uint16(weight),
		length: uint16(min(t.words, math.MaxUint16)),
	})
}

// merge orders the entries and makes one of those that share a key and a doc.
func (g *gatherer) merge() {
	// There are few entries a stem: dealing them out by stem first is several
	// times as fast as sorting the lot.
	ends := make([]int, len(g.names)+1)
	for _, e := range g.entries {
		ends[e.stem+1]++
	}
	for i := 1; i < len(ends); i++ {
		ends[i] += ends[i-1]
	}
	dealt := make([]entry, len(g.entries))
	for _, e := range g.entries {
		dealt[ends[e.stem]] = e
		ends[e.stem]++
	}
	merged, from := g.entries[:0], 0
	for _, end := range ends[:len(g.names)] {
		hand := dealt[from:end]
		from = end
		slices.SortFunc(hand, func(a, b entry) int {
			if a.key != b.key {
				return cmp.Or(cmp.Compare(a.book, b.book), cmp.Compare(a.reveal, b.reveal))
			}
			return cmp.Compare(a.doc, b.doc)
		})
		for _, e := range hand {
			if n := len(merged); n > 0 && merged[n-1].key == e.key && merged[n-1].doc == e.doc {
				merged[n-1].weight = uint16(min(int(merged[n-1].weight)+int(e.weight), math.MaxUint16))
				continue
			}
			merged = append(merged, e)
		}
	}
	g.entries = merged
}

// stemmer remembers the stems of the words it has seen. It is not safe for
// concurrent use. The zero stemmer is ready.
type stemmer struct {
	of map[string]string
	remembered
}

// remembered is how much a stemmer holds.
type remembered struct{ words, letters int }

// mostRemembered keeps a club from filling the memory with made-up words.
const mostRemembered = 1 << 16

// stem returns the stem of a word, empty if it is a function word.
func (st *stemmer) stem(word string) string {
	if stem, ok := st.of[word]; ok {
		return stem
	}
	word = strings.Clone(word) // and not the whole text that it stands in
	stem := ""
	if !Stop(word) {
		stem = Stem(word)
	}
	if st.of == nil {
		st.of = make(map[string]string)
	}
	if len(st.of) < mostRemembered {
		st.of[word] = stem
		st.words++
		st.letters += len(word) + len(stem)
	}
	return stem
}
