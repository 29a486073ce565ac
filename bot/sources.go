package bot

import (
	"slices"
	"strconv"
	"strings"

	"dogear/bot/answer"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler/unsealed"
)

// runSources lists everything in the library about a book, for a moderator.
func runSources(t *turn) (reply.Doc, error) {
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return nil, err
	}
	w, _, ticket := t.start(book)
	some, n, more := onPage(t.club.shelves()[book.ID], t.page())
	if len(some) == 0 {
		w.Say("The library has nothing on {1}.", reply.Name(book.Title))
		return w.doc(), nil
	}
	w.Head("In the library, on {1}:", reply.Name(book.Title))
	for i, src := range some {
		w.Source(n+i, answer.Cite(src.Source))
	}
	if more {
		t.offerMore(w)
	}
	doc := w.doc()
	t.issue(ticket, book, doc)
	return doc, nil
}

// pickSource returns the source that a number of the moderators' list names.
func (t *turn) pickSource() (library.Source, error) {
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return library.Source{}, err
	}
	which := strings.TrimSpace(t.option("which"))
	for i, src := range t.club.shelves()[book.ID] {
		if which == strconv.Itoa(i+1) || which == string(src.ID) {
			t.req.Options["which"] = string(src.ID) // a yes is for this one, whatever the list says then
			return src.Source, nil
		}
	}
	return library.Source{}, Refusal{reply.Words("I don't know which one you mean. “/club sources” lists them, by number.")}
}

// runEditSource puts another text in the place of a member's review, for a
// moderator.
func runEditSource(t *turn) (reply.Doc, error) {
	src, err := t.pickSource()
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(src.File, hereFolder) {
		return nil, Refusal{reply.Words("That one was imported. Correct its file and import it again, or remove it with “/club remove”.")}
	}
	if questions(src) > 0 {
		return nil, Refusal{reply.Words("That is an entry of the FAQ. “/faq edit” changes it.")}
	}
	return t.rewrite(src, src.Reviewer)
}

// runRemove takes a source out of the library, for a moderator.
func runRemove(t *turn) (reply.Doc, error) {
	src, err := t.pickSource()
	if err != nil {
		return nil, err
	}
	return t.remove(src)
}

// remove takes a source out of the library, or out of what waits for approval,
// after a yes.
func (t *turn) remove(src library.Source) (reply.Doc, error) {
	if !t.req.Confirmed {
		h, _ := t.audience(src.Book)
		w := t.askFirst(src.Book)
		w.Say("Delete this one? That can't be undone.")
		e := answer.Cite(src)
		if src.Author == string(t.req.Reader) {
			e.Title = unsealed.Relabel(e.Title, 0) // their own words
		}
		asks := slices.IndexFunc(src.Sentences, func(s library.Sentence) bool { return s.Kind == library.Question && s.Passage.Within(h) })
		if e.Reviewer == "" && asks >= 0 {
			w.Passage(answer.ExcerptOf(src, asks))
		} else {
			w.Source(0, e)
		}
		w.Offer(reply.Confirm, "Yes, delete it")
		return w.doc(), nil
	}
	err := t.bot.change(t.ctx, t.req.Club, func(c *club) (Change, error) {
		change := Change{RemoveProposals: []library.SourceID{src.ID}, Entry: Entry{By: t.req.Reader, What: "delete", On: string(src.ID)}}
		if c.sources[src.ID] != nil {
			change.RemoveSources = []library.SourceID{src.ID}
		}
		return change, nil
	})
	if err != nil {
		return nil, err
	}
	w := plain(t.req)
	w.Say("Deleted.")
	return w.doc(), nil
}
