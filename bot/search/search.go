package search

import (
	"cmp"
	"slices"

	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// Query is what to look for, and where.
type Query struct {
	Book    spoiler.BookID // empty: every book
	Words   Words
	Kinds   []library.Kind              // none: sentences and list items
	Answers bool                        // only what answers an FAQ question
	Keep    func(library.Sentence) bool `json:"-"` // of those that fit, which to find; nil: all
	Limit   int                         // of hits, the best; 0 or less: all
}

// Hit is a passage that fits a Query. It holds no text.
type Hit struct {
	Source   library.SourceID
	Sentence int // its index in the source
	Kind     library.Kind
	Score    float64 // more is better; it may be compared with other questions' scores
	Cover    float64 // the share of the Query's words, by weight, that it holds: from 0 to 1
	from     *library.Source
}

// From returns the source of a Hit as it was when it was found. What its slices
// hold is shared and must not be changed. The zero Hit has the zero Source.
func (h Hit) From() library.Source {
	if h.from == nil {
		return library.Source{}
	}
	return *h.from
}

// Passage returns the passage that was found; the zero Passage for the zero
// Hit.
func (h Hit) Passage() spoiler.Passage {
	if h.from == nil {
		return spoiler.Passage{}
	}
	return h.from.Sentences[h.Sentence].Passage
}

// Search returns what fits a Query and spoils nothing for an audience, the best
// first; what fits equally well by source and place in it. The hits, their
// scores and their order depend on nothing that lies past the Horizon. The zero
// Horizon finds only what is safe for all.
func (x *Index) Search(h spoiler.Horizon, q Query) []Hit {
	return x.find(h, q, within)
}

// Beyond returns what fits a Query but lies past an audience's Horizon, the
// best first. No part of it may reach that audience uncovered, not even the
// fact that it is there.
func (x *Index) Beyond(h spoiler.Horizon, q Query) []Hit {
	return x.find(h, q, beyond)
}

// side is the side of the Horizon that is searched.
type side int

const (
	within side = iota
	beyond
)

// of returns the buckets of a term on this side of a Position.
func (s side) of(buckets []bucket, at spoiler.Position) []bucket {
	n, found := bucketAt(buckets, at)
	if found {
		n++
	}
	if s == beyond {
		return buckets[n:]
	}
	return buckets[:n]
}

// bucketAt finds the bucket of a Reveal, or where it belongs.
func bucketAt(buckets []bucket, reveal spoiler.Position) (int, bool) {
	return slices.BinarySearchFunc(buckets, reveal, func(b bucket, r spoiler.Position) int {
		return cmp.Compare(b.reveal, r)
	})
}

func byDoc(p posting, doc uint32) int { return cmp.Compare(p.doc, doc) }

func (x *Index) find(h spoiler.Horizon, q Query, s side) []Hit {
	if q.Words.IsZero() {
		return nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.in == nil {
		return nil
	}
	sc := borrow(len(x.in.docs))
	defer sc.giveBack()
	if q.Book != "" {
		x.in.scan(sc, q, x.in.shelves[q.Book], s, h.At(q.Book))
	} else {
		for book, sh := range x.in.shelves {
			x.in.scan(sc, q, sh, s, h.At(book))
		}
	}
	best := sc.best(x.in.docs, q.Limit, func(n uint32) bool {
		d := &x.in.docs[n]
		sentence := d.from.source.Sentences[d.sentence]
		// A visible passage has postings past the Horizon too, for what its
		// hidden context lends it; the passage itself is not beyond.
		if s == beyond && sentence.Passage.Reveal() <= h.At(sentence.Passage.Book()) {
			return false
		}
		return q.Keep == nil || q.Keep(sentence)
	})
	if len(best) == 0 {
		return nil
	}
	hits := make([]Hit, len(best))
	for i, f := range best {
		d := &x.in.docs[f.doc]
		hits[i] = Hit{
			Source:   d.from.source.ID,
			Sentence: int(d.sentence),
			Kind:     d.from.source.Sentences[d.sentence].Kind,
			Score:    f.score,
			Cover:    min(f.cover/q.Words.p.total, 1),
			from:     &d.from.source,
		}
	}
	return hits
}

// scan scores the passages of one book on one side of a Position and notes
// those of the kinds that the Query wants.
func (in *inside) scan(sc *scores, q Query, sh *shelf, s side, at spoiler.Position) {
	for _, t := range q.Words.p.terms {
		sc.term(t.weight, s.of(sh.buckets(t.stem), at))
	}
	want := kindsOf(q.Kinds...)
	if len(q.Kinds) == 0 {
		want = prose | item
	}
	sc.drain(func(n uint32) bool {
		d := &in.docs[n]
		return d.kind&want != 0 && (!q.Answers || d.answer)
	})
}
