package search

import (
	"slices"
	"sync"

	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// Index holds the passages of a club's sources, ready to be searched. It is
// safe for concurrent use: searches run beside each other, and each sees a
// source as it was before a Put or Remove or as it is after, never half of it.
// The zero Index is empty and ready to use; an Index must not be copied.
type Index struct {
	put sync.Mutex // held by Put and Remove, before mu
	mu  sync.RWMutex
	in  *inside
}

// inside is what an Index holds. The terms stand behind a second pointer, as a
// verb such as %s prints what the first one points to.
type inside struct {
	shelves    map[spoiler.BookID]*shelf
	sources    map[library.SourceID]*held
	docs       []doc    // by number; those of a removed source are zero
	dead       int      // how many of docs are zero
	stems      *stemmer // for Put alone
	counted    counted
	remembered remembered // by stems, after the last Put
}

// shelf holds what is about one book: for each stem its buckets by ascending
// Reveal. No bucket is empty. The nil shelf has nothing.
type shelf struct {
	terms map[string][]bucket
}

func (s *shelf) buckets(stem string) []bucket {
	if s == nil {
		return nil
	}
	return s.terms[stem]
}

// bucket holds the postings of a term that count from one Position on, by
// ascending number of the passage.
type bucket struct {
	reveal   spoiler.Position
	postings []posting
}

// posting says how much of a term a passage holds.
type posting struct {
	doc    uint32 // its number in docs
	weight uint16 // in units: see own and its like
	length uint16 // the passage's own words
}

// doc is a passage of a source.
type doc struct {
	from     *held
	sentence int32 // its index in the source
	kind     kinds
	answer   bool // it answers an FAQ question
}

// held is a source in the Index.
type held struct {
	source library.Source
	first  uint32 // the number of its first passage; the others follow
	n      int
	stems  map[spoiler.BookID][]string // those under which it is posted
}

// New returns an empty Index.
func New() *Index { return new(Index) }

// Len returns the number of sources in the Index.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.in == nil {
		return 0
	}
	return len(x.in.sources)
}

// Put adds a source, in place of the one with the same ID if there is one. It
// keeps a copy of the list of sentences. A passage that is sealed for ever is
// not indexed.
func (x *Index) Put(source library.Source) {
	source.Sentences = slices.Clone(source.Sentences)
	x.put.Lock()
	defer x.put.Unlock()
	if x.in == nil {
		in := &inside{
			shelves: make(map[spoiler.BookID]*shelf),
			sources: make(map[library.SourceID]*held),
			stems:   new(stemmer),
		}
		x.mu.Lock()
		x.in = in
		x.mu.Unlock()
	}
	// Cutting a text into stems is the work; searches go on meanwhile.
	g := gather(source, x.in.stems)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.in.remove(source.ID)
	x.in.add(source, g)
	x.in.remembered = x.in.stems.remembered
}

// Remove takes a source out of the Index. One that is not there is no mistake.
func (x *Index) Remove(id library.SourceID) {
	x.put.Lock()
	defer x.put.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.in != nil {
		x.in.remove(id)
	}
}

func (in *inside) add(source library.Source, g gathered) {
	h := &held{
		source: source,
		first:  uint32(len(in.docs)),
		n:      len(g.docs),
		stems:  make(map[spoiler.BookID][]string, 1),
	}
	in.sources[source.ID] = h
	in.counted.sentences += len(source.Sentences)
	for _, d := range g.docs {
		d.from = h
		in.docs = append(in.docs, d)
	}
	// The entries of one book, stem and Reveal stand together.
	for rest := g.entries; len(rest) > 0; {
		e := rest[0]
		n := 1
		for n < len(rest) && rest[n].key == e.key {
			n++
		}
		in.post(h, g.books[e.book], g.names[e.stem], rest[:n])
		rest = rest[n:]
	}
}

// post appends entries, all of one book, stem and Reveal, to their bucket.
func (in *inside) post(h *held, book spoiler.BookID, stem string, entries []entry) {
	s := in.shelves[book]
	if s == nil {
		s = &shelf{make(map[string][]bucket)}
		in.shelves[book] = s
	}
	if mine := h.stems[book]; len(mine) == 0 || mine[len(mine)-1] != stem {
		h.stems[book] = append(mine, stem)
		in.counted.posted++
	}
	buckets := s.terms[stem]
	if buckets == nil {
		in.counted.terms++
	}
	reveal := spoiler.Position(entries[0].reveal)
	at, found := bucketAt(buckets, reveal)
	if !found {
		buckets = slices.Insert(buckets, at, bucket{reveal: reveal})
		s.terms[stem] = buckets
		in.counted.buckets++
	}
	in.counted.postings += len(entries)
	b := &buckets[at]
	b.postings = slices.Grow(b.postings, len(entries))
	for _, e := range entries {
		b.postings = append(b.postings, posting{h.first + e.doc, e.weight, e.length})
	}
}

func (in *inside) remove(id library.SourceID) {
	h := in.sources[id]
	if h == nil {
		return
	}
	delete(in.sources, id)
	in.counted.sentences -= len(h.source.Sentences)
	for book, stems := range h.stems {
		s := in.shelves[book]
		in.counted.posted -= len(stems)
		for _, stem := range stems {
			buckets := s.terms[stem]
			left, gone := h.without(buckets)
			in.counted.postings -= gone
			in.counted.buckets -= len(buckets) - len(left)
			if len(left) > 0 {
				s.terms[stem] = left
			} else {
				delete(s.terms, stem)
				in.counted.terms--
			}
		}
		if len(s.terms) == 0 {
			delete(in.shelves, book)
		}
	}
	clear(in.docs[h.first : int(h.first)+h.n])
	in.dead += h.n
	if in.dead > 1024 && in.dead > len(in.docs)/2 {
		in.compact()
	}
}

// without returns the buckets but for the source's own postings, which stand in
// a row in each, and how many those were.
func (h *held) without(buckets []bucket) (left []bucket, gone int) {
	for i := range buckets {
		p := buckets[i].postings
		from, _ := slices.BinarySearchFunc(p, h.first, byDoc)
		to, _ := slices.BinarySearchFunc(p, h.first+uint32(h.n), byDoc)
		buckets[i].postings = slices.Delete(p, from, to)
		gone += to - from
	}
	return slices.DeleteFunc(buckets, func(b bucket) bool { return len(b.postings) == 0 }), gone
}

// compact numbers the passages anew, in the same order, without those that are
// gone.
func (in *inside) compact() {
	now := make([]uint32, len(in.docs))
	docs := make([]doc, 0, len(in.docs)-in.dead)
	for i, d := range in.docs {
		now[i] = uint32(len(docs))
		if d.from != nil {
			docs = append(docs, d)
		}
	}
	for _, h := range in.sources {
		if h.n == 0 {
			h.first = 0 // it has no passage to be renumbered with
		} else {
			h.first = now[h.first]
		}
	}
	for _, s := range in.shelves {
		for _, buckets := range s.terms {
			for _, b := range buckets {
				for i := range b.postings {
					b.postings[i].doc = now[b.postings[i].doc]
				}
			}
		}
	}
	in.docs, in.dead = docs, 0
}
