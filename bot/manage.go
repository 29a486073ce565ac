package bot

import (
	"cmp"
	"strings"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

var (
	spoilerLost = Refusal{reply.Words("That spoiler is not here any more.")}
	notYours    = Refusal{reply.Words("Only whoever wrote a spoiler, and the club's moderators, can change it.")}
)

// posted is a spoiler that somebody wants to change.
type posted struct {
	*shelved
	book   library.Book
	ticket reply.Ticket // of its message
	mine   bool         // it is theirs
}

// posted returns the spoiler of the message that a ticket names, for those who
// may change it: its author and moderators.
func (t *turn) posted() (posted, error) {
	name, _, _ := strings.Cut(t.option("ticket"), ".")
	stub, err := t.stub(reply.Ticket(name))
	if err != nil {
		return posted{}, err
	}
	src := t.club.sources[library.SourceID(stub.Options[whichSpoiler])]
	if stub.Command != spoilerCommand || src == nil || !src.Spoiler {
		return posted{}, spoilerLost
	}
	book, ok := t.club.book(src.Book)
	if !ok {
		return posted{}, spoilerLost
	}
	p := posted{src, book, reply.Ticket(name), src.Author != "" && src.Author == string(t.req.Reader)}
	if !p.mine && !t.standing().AtLeast(Moderator) {
		return posted{}, notYours
	}
	return p, nil
}

// runManage offers what can be done with a posted spoiler.
func runManage(t *turn) (reply.Doc, error) {
	p, err := t.posted()
	if err != nil {
		return nil, err
	}
	w := write(t.req, spoiler.Horizon{}, reply.Hide, p.ticket)
	if p.mine {
		w.Say("This spoiler for {1} is yours.", reply.Name(p.book.Title))
		w.Offer(reply.Edit, "Edit…")
		w.Offer(reply.Remove, "Delete")
	} else {
		w.Say("{1} has a spoiler for {2}.", spoilerBy(p.Source), reply.Name(p.book.Title))
		w.Offer(reply.Cover, "Cover until the end of the book")
		w.Offer(reply.Remove, "Remove")
	}
	return w.doc(), nil
}

// runRewrite puts another text in the place of a reader's own spoiler. What they
// said of where it is safe stays.
func runRewrite(t *turn) (reply.Doc, error) {
	p, err := t.posted()
	if err != nil {
		return nil, err
	}
	if !p.mine {
		return nil, notYours
	}
	file := library.File{Name: p.File, Reviewer: cmp.Or(t.req.Name, p.Reviewer)}
	src, err := t.spoil(p.book, file, p.labelled.Sentences[0].Mark.Chapter)
	if err != nil {
		return nil, err
	}
	err = t.changeSpoiler(p, func(c *club) (Change, error) {
		change := c.take(src, Entry{By: t.req.Reader, What: "edit spoiler", On: string(src.ID)}, t.bot.now())
		return change, whether(change.PutSources)
	})
	if err != nil {
		return nil, err
	}
	now, err := t.bot.newest(t.ctx, t.req.Club)
	if err != nil {
		return nil, err
	}
	w := plain(t.req)
	if src, ok := now.source(p.ID); ok && len(spoilerCovers(src)) < len(src.Sentences) {
		w.Say("Saved. Something in it was covered before, so a moderator has to look at it first.")
	} else {
		w.Say("Saved. Its cover opens the new text.")
	}
	return w.doc(), nil
}

// runCover has a spoiler spoil until the end of the book, by a moderator's word.
func runCover(t *turn) (reply.Doc, error) {
	p, err := t.posted()
	if err != nil {
		return nil, err
	}
	step := Step{How: Decided, Reveal: endOfBook, By: t.req.Reader, When: t.bot.now()}
	err = t.changeSpoiler(p, func(c *club) (Change, error) {
		change := Change{Entry: Entry{By: step.By, What: "cover spoiler", On: string(p.ID)}}
		src, done := c.sources[p.ID], map[library.SentenceID]bool{}
		for n := range src.Texts() {
			if name := src.NameOf(n); !done[name] {
				r := c.ruling(name)
				r.Steps = append(r.Steps, step)
				change.PutRulings, done[name] = append(change.PutRulings, r), true
			}
		}
		return change, nil
	})
	if err != nil {
		return nil, err
	}
	w := plain(t.req)
	w.Say("Saved. It lies past everybody's place now who has not finished {1}.", reply.Name(p.book.Title))
	return w.doc(), nil
}

// runRetract takes a spoiler away, after a yes.
func runRetract(t *turn) (reply.Doc, error) {
	p, err := t.posted()
	if err != nil {
		return nil, err
	}
	if !t.req.Confirmed {
		w := t.askFirst(p.Book)
		if p.mine {
			w.Say("Delete your spoiler for {1}? That can't be undone.", reply.Name(p.book.Title))
		} else {
			w.Say("Remove the spoiler for {1} that {2} posted? That can't be undone.", reply.Name(p.book.Title), byline(p.Source))
		}
		w.Offer(reply.Confirm, "Yes, delete it")
		return w.doc(), nil
	}
	what := "remove spoiler"
	if p.mine {
		what = "take back spoiler"
	}
	err = t.changeSpoiler(p, func(*club) (Change, error) {
		return Change{RemoveSources: []library.SourceID{p.ID}, Entry: Entry{By: t.req.Reader, What: what, On: string(p.ID)}}, nil
	})
	if err != nil {
		return nil, err
	}
	w := plain(t.req)
	w.Say("Deleted.")
	return w.doc(), nil
}

// changeSpoiler makes a change of a spoiler that is still there.
func (t *turn) changeSpoiler(p posted, work func(*club) (Change, error)) error {
	return t.bot.change(t.ctx, t.req.Club, func(c *club) (Change, error) {
		if c.sources[p.ID] == nil {
			return Change{}, spoilerLost
		}
		return work(c)
	})
}
