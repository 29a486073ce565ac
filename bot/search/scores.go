package search

import (
	"cmp"
	"slices"
	"sync"
)

// The constants of BM25. A sentence is short, and a long one not much less to
// the point than a short one, so length counts for less than it does for whole
// documents; below the floor it does not count, lest "Yes." come first.
const (
	k1            = 1.2
	b             = 0.4
	averageLength = 10 // words but for function words, in sentences of reviews
	shortest      = 6
)

// gain returns what a term adds to the score of a passage that holds it, in
// units of the term's own weight.
func gain(weight uint32, length uint16) float64 {
	tf := float64(weight) / own
	norm := 1 - b + b*float64(max(length, shortest))/averageLength
	return tf * (k1 + 1) / (tf + k1*norm)
}

// scores is the working memory of one search.
type scores struct {
	slots []slot   // by number of the passage; zero between searches
	seen  []uint32 // the numbers of those that are not
	found []found
}

type slot struct {
	score, cover float64
	weight       uint32 // of the term at hand, gathered over the buckets
	seen         bool
}

type found struct {
	doc          uint32
	score, cover float64
}

var pool = sync.Pool{New: func() any { return new(scores) }}

// borrow returns scores for n passages.
func borrow(n int) *scores {
	sc := pool.Get().(*scores)
	if len(sc.slots) < n {
		sc.slots = make([]slot, n+n/4)
	}
	return sc
}

func (sc *scores) giveBack() {
	sc.found = sc.found[:0]
	pool.Put(sc)
}

// term adds what one term is worth to every passage in the buckets. A passage
// may stand in several of them, once for what its own words hold and again for
// what its context lends; it is scored once, for the sum.
func (sc *scores) term(weight float64, buckets []bucket) {
	if len(buckets) == 1 {
		for _, p := range buckets[0].postings {
			sc.add(weight, uint32(p.weight), p)
		}
		return
	}
	for _, b := range buckets {
		for _, p := range b.postings {
			sc.slots[p.doc].weight += uint32(p.weight)
		}
	}
	for _, b := range buckets {
		for _, p := range b.postings {
			if sum := sc.slots[p.doc].weight; sum > 0 {
				sc.slots[p.doc].weight = 0
				sc.add(weight, sum, p)
			}
		}
	}
}

func (sc *scores) add(weight float64, held uint32, p posting) {
	s := &sc.slots[p.doc]
	if !s.seen {
		s.seen = true
		sc.seen = append(sc.seen, p.doc)
	}
	s.score += weight * gain(held, p.length)
	s.cover += weight * float64(min(held, own)) / own
}

// drain moves the scored passages that fit to found, and clears all.
func (sc *scores) drain(fits func(doc uint32) bool) {
	for _, n := range sc.seen {
		s := &sc.slots[n]
		if fits(n) {
			sc.found = append(sc.found, found{n, s.score, s.cover})
		}
		*s = slot{}
	}
	sc.seen = sc.seen[:0]
}

// best returns the best of found that are wanted, in order, limit of them or
// all if it is not positive. They are good until the scores are given back.
// What is not among the best is never asked about: to ask costs more than to
// score.
func (sc *scores) best(docs []doc, limit int, wanted func(doc uint32) bool) []found {
	before := func(a, b found) int { return order(docs, a, b) }
	// The head of found is a heap with the worst on top, which the better ones
	// of the rest push out.
	top := sc.found[:0]
	for _, f := range sc.found {
		switch {
		case limit <= 0 || len(top) < limit:
			if !wanted(f.doc) {
				continue
			}
			if top = append(top, f); len(top) == limit {
				for i := limit/2 - 1; i >= 0; i-- {
					sink(top, i, before)
				}
			}
		case f.score >= top[0].score && before(f, top[0]) < 0 && wanted(f.doc):
			top[0] = f
			sink(top, 0, before)
		}
	}
	slices.SortFunc(top, before)
	return top
}

// sink restores a heap with the worst on top below i.
func sink(heap []found, i int, before func(a, b found) int) {
	for {
		worst := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(heap); child++ {
			if before(heap[worst], heap[child]) < 0 {
				worst = child
			}
		}
		if worst == i {
			return
		}
		heap[i], heap[worst] = heap[worst], heap[i]
		i = worst
	}
}

// order puts the better score first, then goes by source and by place in it.
func order(docs []doc, a, b found) int {
	if c := cmp.Compare(b.score, a.score); c != 0 {
		return c
	}
	x, y := &docs[a.doc], &docs[b.doc]
	return cmp.Or(
		cmp.Compare(x.from.source.ID, y.from.source.ID),
		cmp.Compare(x.start(), y.start()),
		cmp.Compare(x.sentence, y.sentence))
}

func (d *doc) start() int { return d.from.source.Sentences[d.sentence].Start }
