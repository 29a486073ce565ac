package bot

import (
	"slices"
	"sync"

	"dogear/bot/answer"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// verdict is what a Verdict's reply needs of it: of thousands of reviewers, how
// many stand where and what is quoted of them.
type verdict struct {
	count        map[answer.Stance]int
	quoted       map[answer.Stance][]answer.Opinion
	disagreement *answer.Disagreement
}

// verdicts keeps those of a club as it stands, by book and place: a verdict
// hangs on nothing else of its audience.
type verdicts struct {
	mu   sync.Mutex
	made map[spoiler.BookID]map[spoiler.Position]verdict
}

// of returns the verdict on a book for an audience, from its sources.
func (vs *verdicts) of(book library.Book, sources []*shelved, h spoiler.Horizon) verdict {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	at := h.At(book.ID)
	if v, ok := vs.made[book.ID][at]; ok {
		return v
	}
	var reviews []*answer.Review
	for _, src := range sources {
		reviews = append(reviews, src.review)
	}
	all := answer.JudgeReviews(reviews, book, h)
	v := verdict{map[answer.Stance]int{}, map[answer.Stance][]answer.Opinion{}, all.Disagreement}
	for stance, opinions := range map[answer.Stance][]answer.Opinion{answer.For: all.For, answer.Torn: all.Torn, answer.Against: all.Against} {
		v.count[stance] = len(opinions)
		v.quoted[stance] = slices.Clone(opinions[:min(len(opinions), quotesEach)])
	}
	if vs.made == nil {
		vs.made = map[spoiler.BookID]map[spoiler.Position]verdict{}
	}
	if vs.made[book.ID] == nil {
		vs.made[book.ID] = map[spoiler.Position]verdict{}
	}
	vs.made[book.ID][at] = v
	return v
}

// runVerdict says how many reviewers stand where, and where they disagree, from
// what the audience may read and from nothing else.
func runVerdict(t *turn) (reply.Doc, error) {
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return nil, err
	}
	w, h, ticket := t.start(book)
	v := t.club.verdicts.of(book, t.club.shelves()[book.ID], h)
	if v.count[answer.For]+v.count[answer.Torn]+v.count[answer.Against] == 0 {
		w.Say("Nobody whose review of {1} I can show you from where you are says whether they liked it.", reply.Name(book.Title))
		return t.finish(w, book, ticket), nil
	}
	stances := []struct {
		stance answer.Stance
		words  func(reply.Arg) reply.Phrase
	}{
		{answer.For, func(n reply.Arg) reply.Phrase { return reply.Words("{1} liked {2}:", n, reply.Name(book.Title)) }},
		{answer.Torn, func(n reply.Arg) reply.Phrase { return reply.Words("{1} in two minds:", n) }},
		{answer.Against, func(n reply.Arg) reply.Phrase { return reply.Words("{1} did not like it:", n) }},
	}
	for _, s := range stances {
		if v.count[s.stance] == 0 {
			continue
		}
		w.Write(reply.Heading, s.words(reply.Count(v.count[s.stance], "reviewer", "reviewers")))
		for _, o := range v.quoted[s.stance] {
			if o.Excerpt.Passage.IsZero() {
				w.Source(0, answer.Cite(t.club.sources[o.Source].Source))
			} else {
				w.Passage(o.Excerpt)
			}
		}
	}
	if d := v.disagreement; d != nil {
		if about := d.About.String(); about != "" {
			w.Head("They disagree most about {1}:", reply.Say(d.About))
		} else {
			w.Head("They disagree most here:")
		}
		w.Passage(d.Praise)
		w.Passage(d.Blame)
	}
	return t.finish(w, book, ticket), nil
}

// quotesEach is how many reviewers of each stance are quoted.
const quotesEach = 3

// runRelated lists what a book's reviewers also read.
func runRelated(t *turn) (reply.Doc, error) {
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return nil, err
	}
	w, h, ticket := t.start(book)
	var sources []library.Source
	for _, src := range t.club.shelves()[book.ID] {
		if len(src.Related) > 0 {
			sources = append(sources, src.Source)
		}
	}
	some, n, more := onPage(answer.RelatedReads(sources, book, h), t.page())
	if len(some) == 0 {
		w.Say("No review of {1} that I can show you from where you are names other books.", reply.Name(book.Title))
		return t.finish(w, book, ticket), nil
	}
	w.Head("Its reviewers also read:")
	for i, r := range some {
		w.Numbered(n+i, r.NamedBy[0])
	}
	if more {
		t.offerMore(w)
	}
	return t.finish(w, book, ticket), nil
}
