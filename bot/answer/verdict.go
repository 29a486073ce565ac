package answer

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/search"
	"dogear/bot/spoiler"
)

// Stance is where a reviewer stands.
type Stance int

// The stances.
const (
	Against Stance = iota - 1 // did not like the book
	Torn                      // liked some of it and did not like the rest
	For                       // liked it
)

// Opinion is one reviewer's stance.
type Opinion struct {
	Source   library.SourceID
	Stance   Stance
	Rating   Rating        // the zero Rating: none was given, and the sentences decided
	Excerpt  reply.Excerpt // what shows the stance best; its Passage is zero where no visible sentence does
	Strength float64       // how plain the stance is, from 0 to 1
}

// Verdict is where a book's reviewers stand, as far as an audience may know.
// Each list has the plainest stance first. The zero Verdict: nobody takes one.
type Verdict struct {
	For, Torn, Against []Opinion
	Silent             int           // reviewers of whom something is visible, but no stance
	Disagreement       *Disagreement // nil: no two say opposite things
}

// Disagreement is the two sentences that clash most.
type Disagreement struct {
	About         reply.Phrase // what both judge, "the pace"; the zero Phrase: the book
	Praise, Blame reply.Excerpt
}

const (
	// good and poor are the shares of the best rating from which on, and up
	// to which, a rating takes a side: 3.5 of five stars is for a book, 2 are
	// against it.
	good, poor = 0.7, 0.45
	// shortest and longest are how many words a quotation has.
	shortest, longest = 4, 40
	// shortestOwn is how few do where the reviewer says "I": "I loved it."
	shortestOwn = 3
	// little is how much praise and blame, taken together, is no stance yet.
	little = 0.9
)

// view is what of a review an audience may see, weighed.
type view struct {
	src       *library.Source
	rating    Rating
	stated    int // the sentence that gives the rating; -1: none
	sentences []seen
	judgement judgement // of all of them
}

// seen is a visible sentence that judges.
type seen struct {
	n        int // which of the source's
	quotable bool
	joins    bool // it takes up the one before, and is quoted if nothing else fits as well
	*judgement
}

// Judge returns the verdict of a book's reviewers for an audience. It reads
// only what lies within the horizon, and a review of which nothing does is not
// there. A reviewer who wrote several reviews counts once, by the one that
// says most.
//
// A rating decides where there is one, in the review's head or in a visible
// sentence ("four stars"). Else the visible sentences that the labels know as
// opinions do, and a reviewer whom they do not decide is Silent.
func Judge(sources []library.Source, book library.Book, h spoiler.Horizon) Verdict {
	var reviews []*Review
	for i := range sources {
		reviews = append(reviews, NewReview(&sources[i]))
	}
	return JudgeReviews(reviews, book, h)
}

// JudgeReviews is Judge for what will be judged again.
func JudgeReviews(reviews []*Review, book library.Book, h spoiler.Horizon) Verdict {
	var v Verdict
	voices := map[string]*voice{} // of each reviewer, what speaks for them
	for _, r := range reviews {
		if r.src.Book != book.ID {
			continue
		}
		w, visible := r.look(book, h)
		if !visible {
			continue
		}
		o, ok := w.opinion()
		one := &voice{w, o, ok}
		if best := voices[r.parts().voice]; best == nil || one.compare(best) < 0 {
			voices[r.parts().voice] = one
		}
	}
	var chosen []*voice
	for _, best := range voices {
		if !best.takes {
			v.Silent++
			continue
		}
		chosen = append(chosen, best)
	}
	slices.SortFunc(chosen, func(a, b *voice) int {
		return cmp.Or(cmp.Compare(b.opinion.Strength, a.opinion.Strength), cmp.Compare(a.opinion.Source, b.opinion.Source))
	})
	for _, c := range chosen {
		switch c.opinion.Stance {
		case For:
			v.For = append(v.For, c.opinion)
		case Torn:
			v.Torn = append(v.Torn, c.opinion)
		case Against:
			v.Against = append(v.Against, c.opinion)
		}
	}
	v.Disagreement = clash(chosen)
	return v
}

// voice is one review of a reviewer's, and what it comes to.
type voice struct {
	view    view
	opinion Opinion
	takes   bool // it takes a stance
}

// voiceOf returns what a reviewer is counted by: a name, else the source.
func voiceOf(src library.Source) string {
	if name := strings.Join(search.Terms(src.Reviewer), " "); name != "" {
		return name
	}
	return "\x00" + string(src.ID)
}

// compare puts that one of a reviewer's reviews first which speaks for them: one
// that takes a stance, with a rating, the latest, with something to quote.
func (v *voice) compare(o *voice) int {
	return cmp.Or(
		first(v.takes, o.takes),
		first(!v.opinion.Rating.IsZero(), !o.opinion.Rating.IsZero()),
		day(o.view.src).Compare(day(v.view.src)),
		first(!v.opinion.Excerpt.Passage.IsZero(), !o.opinion.Excerpt.Passage.IsZero()),
		cmp.Compare(o.opinion.Strength, v.opinion.Strength),
		cmp.Compare(v.view.src.ID, o.view.src.ID),
	)
}

// first puts the one of two of which something is true before the other.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// day returns the date of a source; the zero Time where it has none that a
// machine can read.
func day(src *library.Source) time.Time {
	t, err := time.Parse(time.DateOnly, src.Date)
	if err != nil {
		return time.Time{}
	}
	return t
}

// opinion returns the reviewer's stance, and false where they take none.
func (v view) opinion() (Opinion, bool) {
	o := Opinion{Source: v.src.ID, Rating: v.rating}
	sign, much := v.judgement.sign(), v.judgement.praise+v.judgement.blame
	switch share := v.rating.Share(); {
	case !v.rating.IsZero():
		o.Stance, o.Strength = Torn, 1-2*math.Abs(share-(good+poor)/2)
		if share >= good {
			o.Stance, o.Strength = For, share
		} else if share <= poor {
			o.Stance, o.Strength = Against, 1-share
		}
	case much < little:
		return Opinion{}, false
	case math.Abs(sign) < decided:
		o.Stance, o.Strength = Torn, (1-math.Abs(sign))*much/(much+2)
	case sign > 0:
		o.Stance, o.Strength = For, sign*much/(much+2)
	default:
		o.Stance, o.Strength = Against, -sign*much/(much+2)
	}
	n, ok := v.best(o.Stance)
	if ok {
		o.Excerpt = ExcerptOf(*v.src, n)
	}
	// Who gives no rating is counted by what can be quoted.
	return o, ok || !v.rating.IsZero()
}

// best returns the sentence that shows a stance best, and whether one does.
func (v view) best(stance Stance) (n int, ok bool) {
	if v.stated >= 0 {
		n, ok = v.stated, true
	}
	most := 0.0
	for _, s := range v.sentences {
		if shows := s.shows(stance); s.quotable && shows > most {
			most, n, ok = shows, s.n, true
		}
	}
	return n, ok
}

// shows returns how well a sentence shows a stance; 0: not at all.
func (s seen) shows(stance Stance) float64 {
	by := 1.0
	if s.own {
		by = 1.2
	}
	if s.joins {
		by *= 0.7
	}
	if stance == Torn {
		return by * min(s.praise, s.blame) * 2
	}
	if sign := s.sign() * float64(stance); sign >= decided {
		return by * sign * sign * min(math.Abs(s.praise-s.blame), 4)
	}
	return 0
}

// point is a sentence and how well it shows a stance. The zero point is none.
type point struct {
	src   *library.Source
	n     int
	shows float64
}

// points holds the best point about each aspect; about none: the best of all.
type points [aspects]point

// clash returns the two sentences that clash most: of somebody for the book,
// and of somebody against it or else torn. Two about the same aspect come
// before any others, and then what is said most plainly.
func clash(voices []*voice) *Disagreement {
	var praise, blame, doubt points
	for _, v := range voices {
		switch v.opinion.Stance {
		case For:
			praise.take(v.view, For)
		case Torn:
			doubt.take(v.view, Against)
		case Against:
			blame.take(v.view, Against)
		}
	}
	for _, against := range []points{blame, doubt} {
		most, about := 0.0, none
		for a := whole + 1; int(a) < aspects; a++ {
			both := praise[a].shows + against[a].shows
			if praise[a].shows > 0 && against[a].shows > 0 && both > most {
				most, about = both, a
			}
		}
		if about != none {
			return &Disagreement{about.phrase(), praise[about].excerpt(), against[about].excerpt()}
		}
	}
	for _, against := range []points{blame, doubt} {
		if praise[none].shows > 0 && against[none].shows > 0 {
			return &Disagreement{Praise: praise[none].excerpt(), Blame: against[none].excerpt()}
		}
	}
	return nil
}

func (p point) excerpt() reply.Excerpt { return ExcerptOf(*p.src, p.n) }

// take keeps the sentences of a review that show a stance better than those
// that are there.
func (ps *points) take(v view, stance Stance) {
	for _, s := range v.sentences {
		shows := s.shows(stance)
		if !s.quotable || shows == 0 {
			continue
		}
		for a := range ps {
			if (aspect(a) == none || s.of[a]*float64(stance) > 0) && shows > ps[a].shows {
				ps[a] = point{v.src, s.n, shows}
			}
		}
	}
}
