// Package answer turns a question and a horizon into what to quote, in which
// order, or into the knowledge that there is nothing to say.
//
// The visible part is made from what lies within the horizon and from nothing
// else; what lies past it is looked for afterwards, by another call, and stands
// apart.
package answer

import (
	"slices"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/search"
	"dogear/bot/spoiler"
)

const (
	// most is how many quotations a part of an answer holds.
	most = 3
	// enough is the share of a question's words, by weight, that a passage or
	// its surroundings must hold to be quoted for it.
	enough = 0.55
	// enoughFAQ is the share for an answer of the FAQ.
	enoughFAQ = 0.7
	// pool is how many of the best hits are considered.
	pool = 40
)

// Visible returns what to quote for a question to an audience, best first; nil
// where nothing fits. It depends on nothing that lies past the horizon.
func (q Question) Visible(ix *search.Index, book spoiler.BookID, h spoiler.Horizon) []search.Hit {
	if q.intent == ending && h.At(book) < q.end {
		return nil // whatever is visible is about something else
	}
	return q.pick(func(sq search.Query) []search.Hit { return ix.Search(h, sq) }, book, h)
}

// Veiled returns what to quote for a question from past the audience's place,
// best first; nil where nothing fits.
func (q Question) Veiled(ix *search.Index, book spoiler.BookID, h spoiler.Horizon) []search.Hit {
	return q.pick(func(sq search.Query) []search.Hit { return ix.Beyond(h, sq) }, book, h)
}

// pick chooses from what one side of the horizon holds.
func (q Question) pick(find func(search.Query) []search.Hit, book spoiler.BookID, h spoiler.Horizon) []search.Hit {
	standing := func(a, b search.Hit) int { return leans(a) - leans(b) }
	faq := find(search.Query{Book: book, Words: q.words, Answers: true, Limit: pool})
	faq = slices.DeleteFunc(faq, func(hit search.Hit) bool { return hit.Cover < enoughFAQ })
	var chosen []search.Hit
	for _, hit := range faq {
		chosen = add(chosen, hit, most-1)
	}
	if len(chosen) == 2 && chosen[0].Source == chosen[1].Source && chosen[1].Sentence < chosen[0].Sentence {
		slices.Reverse(chosen) // an answer is read from its beginning
	}
	var rest []search.Hit
	if words, ok := lexis[q.intent]; !ok {
		rest = find(search.Query{Book: book, Words: q.words, Limit: pool})
		rest = slices.DeleteFunc(rest, func(hit search.Hit) bool { return hit.Cover < enough })
	} else {
		// A question that readers ask of every book is rarely answered in
		// its own words.
		rest = find(search.Query{Book: book, Words: words, Keep: q.intent.fits, Limit: pool})
		rest = slices.DeleteFunc(rest, func(hit search.Hit) bool {
			// Opinions that lie past a place stay there: text is empty.
			text, _ := hit.Passage().Open(h)
			return q.intent == liked && !ownVoice(text)
		})
	}
	slices.SortStableFunc(rest, standing)
	seen := map[library.SourceID]bool{}
	for _, hit := range rest {
		// One quotation a voice first; a second from the same only where
		// the others are silent.
		if !seen[hit.Source] {
			seen[hit.Source] = true
			chosen = add(chosen, hit, most)
		}
	}
	for _, hit := range rest {
		chosen = add(chosen, hit, most)
	}
	return chosen
}

// leans returns 1 for a hit that hangs on the sentence before it, so that those
// that stand on their own come first.
func leans(hit search.Hit) int {
	if hit.From().Sentences[hit.Sentence].Leans {
		return 1
	}
	return 0
}

// add appends a hit unless it is there already or there are n.
func add(hits []search.Hit, hit search.Hit, n int) []search.Hit {
	if len(hits) >= n || slices.ContainsFunc(hits, func(h search.Hit) bool {
		return h.Source == hit.Source && h.Sentence == hit.Sentence
	}) {
		return hits
	}
	return append(hits, hit)
}

// Excerpt returns a hit as a document takes it.
func Excerpt(hit search.Hit) reply.Excerpt {
	return ExcerptOf(hit.From(), hit.Sentence)
}

// starters are questions that readers ask of every book, to be suggested where
// one of theirs found nothing.
var starters = []reply.Phrase{
	reply.Words("What is it about?"),
	reply.Words("Is it worth reading?"),
	reply.Words("Did people like it?"),
	reply.Words("How is it written?"),
	reply.Words("Is it a sad book?"),
}

// starting holds the starters as they are understood; they name no book, so
// that every book understands them alike.
var starting = func() []Question {
	var out []Question
	for _, p := range starters {
		out = append(out, Read(p.String(), library.Book{}))
	}
	return out
}()

// Suggestions returns up to three questions each of which, asked by the same
// audience at once, is answered.
func Suggestions(ix *search.Index, book library.Book, h spoiler.Horizon) []reply.Phrase {
	var out []reply.Phrase
	for i, q := range starting {
		if len(out) < 3 && q.Visible(ix, book.ID, h) != nil {
			out = append(out, starters[i])
		}
	}
	return out
}
