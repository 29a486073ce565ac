package answer

import (
	"strings"
	"sync"

	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// Review is a source that is judged for one audience after another. What a
// sentence of it says is weighed once, and not before somebody may see it. A
// Review is safe for concurrent use.
type Review struct {
	src   *library.Source
	parts func() parts
}

// parts is what a Review needs to know of its source at every place.
type parts struct {
	voice    string          // what its reviewer is counted by
	rating   Rating          // in its head
	first    spoiler.Passage // what opens first of it
	opinions []*opined
}

// opined is a sentence that the labels know as an opinion.
type opined struct {
	n       int // which of the source's
	leans   bool
	passage spoiler.Passage
	once    sync.Once
	remark
}

// remark is what the text of a sentence says.
type remark struct {
	judgement
	stars         Rating // that it gives; zero for most
	trails, joins bool   // see trailing and joining
}

// NewReview returns the Review of a source, which must not change any more.
func NewReview(src *library.Source) *Review {
	return &Review{src, sync.OnceValue(func() parts { return partsOf(src) })}
}

func partsOf(src *library.Source) parts {
	p := parts{voice: voiceOf(*src), rating: ParseRating(src.Rating)}
	for n, s := range src.Sentences {
		if s.Kind != library.Prose && s.Kind != library.Item || s.Entry > 0 || s.Passage.Book() != src.Book {
			continue
		}
		if p.first.IsZero() || s.Passage.Reveal() < p.first.Reveal() {
			p.first = s.Passage
		}
		if by := s.Decided(); by == library.ByOpinion || by == library.ByFrame {
			p.opinions = append(p.opinions, &opined{n: n, leans: s.Leans, passage: s.Passage})
		}
	}
	return p
}

// weigh returns what an audience may know of a sentence; false where that is
// nothing.
func (o *opined) weigh(book library.Book, h spoiler.Horizon) (*remark, bool) {
	text, ok := o.passage.Open(h)
	if !ok {
		return nil, false
	}
	o.once.Do(func() {
		o.remark = remark{judgement: judge(text, book), stars: starsIn(text), trails: opensWith(text, trailing), joins: opensWith(text, joining)}
	})
	return &o.remark, true
}

// look weighs what of a review lies within the horizon, and reports whether
// anything of it does. What answers an FAQ question is no review.
func (r *Review) look(book library.Book, h spoiler.Horizon) (view, bool) {
	p := r.parts()
	if !p.first.Within(h) {
		return view{}, false
	}
	v := view{src: r.src, stated: -1, rating: p.rating}
	for _, o := range p.opinions {
		j, ok := o.weigh(book, h)
		if !ok {
			continue
		}
		if v.rating.IsZero() && !j.stars.IsZero() && j.words <= longest {
			v.rating, v.stated = j.stars, o.n
		}
		if j.praise+j.blame == 0 {
			continue
		}
		weight := 1.0
		if j.own {
			weight = 1.5 // "I loved it" says more than "the prose is fine"
		}
		if o.leans {
			weight *= 0.5 // who knows what "it" is
		}
		v.judgement.praise += j.praise * weight
		v.judgement.blame += j.blame * weight
		fewest := shortest
		if j.own {
			fewest = shortestOwn
		}
		v.sentences = append(v.sentences, seen{
			n: o.n, judgement: &j.judgement, joins: j.joins,
			quotable: !o.leans && j.words >= fewest && j.words <= longest && (j.own || j.aboutBook) && !j.trails,
		})
	}
	return v, true
}

// trailing and joining open a sentence that is the tail of the one before it,
// "Which I loved", and one that takes it up, "And I loved it".
var trailing, joining = words("which who whose"), words("and but so yet or then still also instead again")

func opensWith(text string, set map[string]bool) bool {
	first, _, _ := strings.Cut(strings.ToLower(text), " ")
	return set[strings.TrimRight(first, ",")]
}
