package search

import (
	"reflect"

	"dogear/bot/library"
)

// counted is how many of what an Index holds.
type counted struct {
	terms, buckets, postings int
	sentences                int // in the lists of its sources
	posted                   int // stems, over all sources
}

// Bytes estimates what the Index takes in memory, beside the texts, which it
// shares with whoever put them in. It does not look at every posting: it costs
// next to nothing.
func (x *Index) Bytes() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.in == nil {
		return 0
	}
	n := x.in.counted
	lists := len(x.in.docs)*size[doc]() + n.postings*size[posting]()
	maps := n.terms*(size[string]()+size[[]bucket]()) + x.in.remembered.words*2*size[string]()
	// A list that grows has a quarter to spare, and a map half.
	return lists*5/4 + maps*3/2 + n.buckets*size[bucket]() + len(x.in.sources)*size[held]() +
		n.sentences*size[library.Sentence]() + n.posted*size[string]() + x.in.remembered.letters
}

func size[T any]() int { return int(reflect.TypeFor[T]().Size()) }
