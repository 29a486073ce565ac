package bot

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dogear/bot/answer"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler/unsealed"
)

// proposalsEach is how many reviews of one member may wait for approval.
const proposalsEach = 5

// pending returns the reviews that wait for approval, the oldest first.
func (t *turn) pending() []Proposal {
	return slices.SortedFunc(maps.Values(t.club.proposals), func(a, b Proposal) int {
		return cmp.Or(a.When.Compare(b.When), cmp.Compare(a.Source.ID, b.Source.ID))
	})
}

// runProposals shows a moderator one review that waits for approval.
func runProposals(t *turn) (reply.Doc, error) {
	all := t.pending()
	if len(all) == 0 {
		w := plain(t.req)
		w.Say("Nothing waits for approval.")
		return w.doc(), nil
	}
	n := min(t.page(), len(all))
	src := all[n-1].Source
	book, ok := t.club.book(src.Book)
	if !ok {
		return nil, Refusal{reply.Words("That review is about a book that has been removed. “/club decline {1}” lets it go.", reply.Name(strconv.Itoa(n)))}
	}
	asked := t.option("book") // empty: the yes, if there was one, was for any
	if t.bookmark(book.ID).At < book.End() && (!t.req.Confirmed || asked != "" && asked != string(book.ID)) {
		w := t.askFirst(book.ID)
		w.Say("Reading a proposed review may show you anything of {1}, its ending included. Go on?", reply.Name(book.Title))
		w.Offer(reply.Confirm, "Yes, show it to me")
		return w.doc(), nil
	}
	ticket := newTicket()
	w := reply.In(t.req.Language).ToReader(t.everything(), reply.Show, ticket)
	w.Ahead()
	w.Head("Proposal {1} of {2}, on {3}:", reply.Name(strconv.Itoa(n)), reply.Name(strconv.Itoa(len(all))), reply.Name(book.Title))
	e := answer.Cite(src)
	e.Title = unsealed.Relabel(e.Title, 0)
	w.Source(0, e)
	var paragraph []reply.Excerpt
	for i, s := range src.Sentences {
		if i > 0 && s.Paragraph != src.Sentences[i-1].Paragraph {
			w.Paragraph(paragraph)
			paragraph = nil
		}
		if s.Kind != library.Title {
			paragraph = append(paragraph, forModerator(src, i))
		}
	}
	w.Paragraph(paragraph)
	w.Say("“/club approve {1}” takes it into the library, “/club decline {1}” does not.", reply.Name(proposalName(src)))
	if n < len(all) {
		t.offerMore(draft{&w.Writer, nil})
	}
	doc := w.Doc()
	t.issue(ticket, book, doc)
	return doc, nil
}

// proposalName names a proposal as its reader has seen it: one that is changed
// afterwards has another name.
func proposalName(src library.Source) string { return string(src.ID) + "-" + edition(src) }

var proposalChanged = Refusal{reply.Words("That proposal was changed or settled meanwhile. “/club proposals” shows what is there now.")}

// pickProposal returns the proposal that words name: by its number, or by the
// name under which it was shown.
func (t *turn) pickProposal() (Proposal, error) {
	which := strings.TrimSpace(t.option("which"))
	if id, shown, named := strings.Cut(which, "-"); named {
		p, ok := t.club.proposals[library.SourceID(id)]
		if !ok || edition(p.Source) != shown {
			return Proposal{}, proposalChanged
		}
		return p, nil
	}
	all := t.pending()
	n, err := strconv.Atoi(which)
	if err != nil || n < 1 || n > len(all) {
		return Proposal{}, Refusal{reply.Words("I don't know which one you mean. “/club proposals” shows them.")}
	}
	return all[n-1], nil
}

// runApprove takes a proposed review into the library.
func runApprove(t *turn) (reply.Doc, error) {
	p, err := t.pickProposal()
	if err != nil {
		return nil, err
	}
	if _, ok := t.club.book(p.Source.Book); !ok {
		return nil, Refusal{reply.Words("That review is about a book that has been removed. “/club decline” lets it go.")}
	}
	return t.settle(p, func(c *club) Change {
		return c.take(p.Source, Entry{By: t.req.Reader, What: "approve", On: string(p.Source.ID)}, t.bot.now())
	}, reply.Words("Approved. It is in the library."))
}

// runDecline lets a proposed review go.
func runDecline(t *turn) (reply.Doc, error) {
	p, err := t.pickProposal()
	if err != nil {
		return nil, err
	}
	return t.settle(p, func(*club) Change {
		return Change{RemoveProposals: []library.SourceID{p.Source.ID}, Entry: Entry{By: t.req.Reader, What: "decline", On: string(p.Source.ID)}}
	}, reply.Words("Declined. It is gone."))
}

// settle ends a proposal, unless it was ended or changed meanwhile.
func (t *turn) settle(p Proposal, how func(*club) Change, words reply.Phrase) (reply.Doc, error) {
	err := t.bot.change(t.ctx, t.req.Club, func(c *club) (Change, error) {
		if now, ok := c.proposals[p.Source.ID]; !ok || now.Source.Digest != p.Source.Digest {
			return Change{}, proposalChanged
		}
		return how(c), nil
	})
	if err != nil {
		return nil, err
	}
	w := plain(t.req)
	w.Write(reply.Plain, words)
	return w.doc(), nil
}
