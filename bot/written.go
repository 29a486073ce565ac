package bot

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"dogear/bot/answer"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler/unsealed"
)

// hereFolder is where what was written here stands among a club's files.
const hereFolder = "here/"

// written is a text that somebody wrote for the club, here.
type written struct {
	file   string // empty: a new one
	fields map[string]string
	text   string
}

// read reads a text as if it came in a file.
func (t *turn) read(book library.Book, w written) (library.Source, error) {
	if strings.TrimSpace(w.text) == "" {
		return library.Source{}, Refusal{reply.Words("There is no text in it.")}
	}
	if w.file == "" {
		w.file = hereFolder + strings.ToLower(string(newTicket())[:12]) + ".md"
	}
	maps.DeleteFunc(w.fields, func(_, v string) bool { return strings.TrimSpace(v) == "" })
	// Whatever the text begins with, it is not read as its own front matter.
	fields := map[string]string{"date": t.bot.now().UTC().Format(time.DateOnly)}
	maps.Copy(fields, w.fields)
	front, err := yaml.Marshal(fields)
	if err != nil {
		return library.Source{}, err
	}
	src, err := library.Read(library.File{Name: w.file, Here: true, Data: []byte("---\n" + string(front) + "---\n\n" + w.text + "\n")}, book)
	if one, ok := errors.AsType[library.Problem](err); ok {
		return library.Source{}, Refusal{reply.Words("I can't take that: {1}.", reply.Own(one.Why))}
	}
	if err != nil {
		return library.Source{}, Refusal{reply.Words("I can't take that as a review.")}
	}
	src.Author = string(t.req.Reader)
	return src, nil
}

// runAddReview takes a review, or proposes it.
func runAddReview(t *turn) (reply.Doc, error) {
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return nil, err
	}
	src, err := t.read(book, written{text: t.option("text"), fields: map[string]string{
		"title": t.option("title"), "rating": t.option("rating"), "reviewer": t.req.Name,
	}})
	if err != nil {
		return nil, err
	}
	return t.offerReview(book, src)
}

// offerReview puts a review into the library where its author may do that, and
// before the moderators where not.
func (t *turn) offerReview(book library.Book, src library.Source) (reply.Doc, error) {
	atOnce := t.standing().AtLeast(Trusted)
	err := t.bot.change(t.ctx, t.req.Club, func(c *club) (Change, error) {
		if atOnce {
			return c.take(src, Entry{By: t.req.Reader, What: "write", On: string(src.ID)}, t.bot.now()), nil
		}
		mine := 0
		for _, p := range c.proposals {
			if p.Source.Author == src.Author && p.Source.ID != src.ID {
				mine++
			}
		}
		if mine >= proposalsEach {
			return Change{}, Refusal{reply.Words("You have {1} waiting for a moderator. Please wait until they have read them.", reply.Count(mine, "review", "reviews"))}
		}
		return Change{PutProposals: []Proposal{{src, t.bot.now()}}, Entry: Entry{By: t.req.Reader, What: "propose", On: string(src.ID)}}, nil
	})
	if err != nil {
		return nil, err
	}
	w := plain(t.req)
	if atOnce {
		w.Say("Thank you. The review of {1} is in the library.", reply.Name(book.Title))
	} else {
		w.Say("Thank you. The review of {1} is with the moderators; it is in the library once they have approved it.", reply.Name(book.Title))
	}
	return w.doc(), nil
}

// take returns the change that puts a source into the library, in place of an
// older one. What was covered in that stays covered.
func (c *club) take(src library.Source, entry Entry, when time.Time) Change {
	change := Change{RemoveProposals: []library.SourceID{src.ID}, Entry: entry}
	if book, ok := c.book(src.Book); ok {
		src = c.labellers.of(book).Label(src)
	}
	change.PutRulings = c.covered().over(c.sources[src.ID], src, c.rulings[src.ID], when)
	change.PutSources = []library.Source{src}
	return change
}

// mine returns the reviews that the reader wrote here, those that still wait
// among them, in the order in which they are numbered.
func (t *turn) mine() []library.Source {
	by := map[library.SourceID]library.Source{}
	for id, src := range t.club.sources {
		if src.Author != "" && src.Author == string(t.req.Reader) && !src.Spoiler {
			by[id] = src.labelled
		}
	}
	for id, p := range t.club.proposals {
		if p.Source.Author != "" && p.Source.Author == string(t.req.Reader) {
			by[id] = p.Source
		}
	}
	return slices.SortedFunc(maps.Values(by), func(a, b library.Source) int { return cmp.Compare(a.ID, b.ID) })
}

// runMine lists the reviews that the reader wrote here.
func runMine(t *turn) (reply.Doc, error) {
	w := plain(t.req)
	mine := t.mine()
	if len(mine) == 0 {
		w.Say("You have written nothing here yet. “/reviews add” takes a review.")
		return w.doc(), nil
	}
	w.Head("Written by you:")
	for i, src := range mine {
		e := answer.Cite(src)
		e.Title, e.Link = unsealed.Relabel(e.Title, 0), unsealed.Relabel(e.Link, 0) // their own words
		w.Source(i+1, e)
		if _, waits := t.club.proposals[src.ID]; waits {
			w.Say("(waits for a moderator)")
		}
	}
	return w.doc(), nil
}

// pickMine returns the review of the reader's own that a number names.
func (t *turn) pickMine() (library.Source, error) {
	which := strings.TrimSpace(t.option("which"))
	for i, src := range t.mine() {
		if which == strconv.Itoa(i+1) || which == string(src.ID) {
			t.req.Options["which"] = string(src.ID) // a yes is for this one, whatever the list says then
			return src, nil
		}
	}
	return library.Source{}, Refusal{reply.Words("I don't know which one you mean. “/reviews mine” lists yours, by number.")}
}

// runEditReview puts another text in the place of a review of the reader's own.
func runEditReview(t *turn) (reply.Doc, error) {
	old, err := t.pickMine()
	if err != nil {
		return nil, err
	}
	return t.rewrite(old, t.req.Name)
}

// rewrite puts another text in the place of a review that was written here. It
// stays its author's.
func (t *turn) rewrite(old library.Source, reviewer string) (reply.Doc, error) {
	book, ok := t.club.book(old.Book)
	if !ok {
		return nil, expired
	}
	src, err := t.read(book, written{file: old.File, text: t.option("text"), fields: map[string]string{
		"title": unsealed.Text(old.Title), "rating": old.Rating, "reviewer": reviewer, "date": old.Date,
	}})
	if err != nil {
		return nil, err
	}
	src.Author = old.Author
	return t.offerReview(book, src)
}

// runDeleteReview deletes a review of the reader's own.
func runDeleteReview(t *turn) (reply.Doc, error) {
	src, err := t.pickMine()
	if err != nil {
		return nil, err
	}
	return t.remove(src)
}
