package bot

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"dogear/bot/library"
	"dogear/bot/reply"
)

// reportsADay is how many times a member may report in a day, against misuse. A
// moderator may at any time.
const reportsADay = 10

// runReport covers what a reader calls a spoiler, for everybody and at once,
// until a moderator has decided. Its reply says the same whatever it covers.
func runReport(t *turn) (reply.Doc, error) {
	if strings.TrimLeft(t.option("ticket"), ".0123456789") == "" {
		return nil, Refusal{reply.Words("There is nothing in the last reply to report. “report” works right after a reply that quotes something.")}
	}
	name, number, _ := strings.Cut(t.option("ticket"), ".")
	stub, err := t.stub(reply.Ticket(name))
	if err != nil {
		return nil, err
	}
	if len(stub.Shown) == 0 {
		return nil, Refusal{reply.Words("That reply quotes nothing. To report something that you opened, report it from there.")}
	}
	if number == "" && len(stub.Shown) == 1 {
		number = "1"
	}
	if number == "" {
		return t.whichToReport(reply.Ticket(name), stub)
	}
	ref, ok := pick(stub.Shown, number)
	if !ok {
		return nil, Refusal{reply.Words("That reply has no such quotation. “report” lists them by number.")}
	}
	excerpts, ok := t.excerpts(ref)
	if !ok {
		return nil, expired
	}
	src, _ := t.club.source(ref.Source)
	var names []library.SentenceID
	for _, e := range excerpts {
		names = append(names, src.NameOf(e.Sentence))
	}
	if strings.EqualFold(t.option("what"), "title") {
		names = nil
		if src.Has(library.TitleOf) {
			names = append(names, src.NameOf(library.TitleOf))
		}
	}
	if err := t.bot.report(t.ctx, t.req.Club, t.req.Reader, t.standing(), ref.Source, names); err != nil {
		return nil, err
	}
	w := plain(t.req)
	w.Say("Thank you. It is covered for everybody until a moderator has looked at it.")
	return w.doc(), nil
}

// whichToReport asks which quotation of a reply is meant. Those that its reader
// may not see any more are not among them.
func (t *turn) whichToReport(ticket reply.Ticket, stub Stub) (reply.Doc, error) {
	book, ok := t.club.book(stub.Book)
	if !ok {
		return nil, expired
	}
	h, veil := t.audience(book.ID)
	if veil != reply.Show {
		veil = reply.Hide
	}
	w := reply.In(t.req.Language).ToReader(h, veil, ticket)
	w.Head("Which one is it?")
	var listed []reply.Option
	for i, ref := range stub.Shown {
		switch excerpts, ok := t.excerpts(ref); {
		case !ok:
			continue
		case excerpts[0].Sentence == library.TitleOf:
			w.Source(i+1, excerpts[0])
		case !w.Numbered(i+1, excerpts[0]):
			continue
		}
		listed = append(listed, reply.Option{Value: strconv.Itoa(i + 1), Words: reply.Words("Number {1}", reply.Number(i+1))})
	}
	if len(listed) > 0 {
		w.OfferChoice(reply.Report, "Report a spoiler", listed...)
	}
	return w.Doc(), nil
}

// report covers texts of a source, those already covered by a report included.
func (b *Bot) report(ctx context.Context, id ClubID, by ReaderID, standing Standing, source library.SourceID, names []library.SentenceID) error {
	now := b.now()
	return b.change(ctx, id, func(c *club) (Change, error) {
		if !standing.AtLeast(Moderator) && c.reported(by, now.Add(-24*time.Hour)) >= reportsADay {
			return Change{}, Refusal{reply.Words("You have reported as much as one reader can in a day. Please tell a moderator about this one.")}
		}
		change := Change{Entry: Entry{By: by, What: "report", On: string(source), Count: len(names)}}
		if c.sources[source] == nil {
			return Change{}, nil
		}
		for _, name := range c.copies(source, names) {
			r := c.ruling(name)
			if n := len(r.Steps); n > 0 && r.Steps[n-1].How == Reported && r.Steps[n-1].By == by && standing.AtLeast(Moderator) {
				continue // no limit bounds how often a moderator says it again
			}
			r.Steps = append(r.Steps, Step{How: Reported, By: by, When: now})
			change.PutRulings = append(change.PutRulings, r)
		}
		return change, nil
	})
}

// ruling returns the ruling on a sentence, with steps of its own to be changed.
func (c *club) ruling(name library.SentenceID) Ruling {
	r := c.rulings[name.Source()][name]
	r.Sentence, r.Source = name, name.Source()
	r.Steps = slices.Clone(r.Steps)
	return r
}

// allRulings yields the rulings of a club.
func (c *club) allRulings(yield func(Ruling) bool) {
	for _, of := range c.rulings {
		for _, r := range of {
			if !yield(r) {
				return
			}
		}
	}
}

// reported returns how many times a reader has reported since then. Sentences
// that were reported together count once.
func (c *club) reported(by ReaderID, since time.Time) int {
	times := map[int64]bool{}
	for r := range c.allRulings {
		for _, s := range r.Steps {
			if s.How == Reported && s.By == by && s.When.After(since) {
				times[s.When.UnixNano()] = true
			}
		}
	}
	return len(times)
}

// ruling adds a ruling to a change; one without steps is none.
func (change *Change) ruling(r Ruling) {
	if len(r.Steps) == 0 {
		change.RemoveRulings = append(change.RemoveRulings, r.Sentence)
		return
	}
	change.PutRulings = append(change.PutRulings, r)
}

// runReports lists who reported how much, for a moderator.
func runReports(t *turn) (reply.Doc, error) {
	waiting, all := map[ReaderID]int{}, map[ReaderID]int{}
	for r := range t.club.allRulings {
		by, open := map[ReaderID]bool{}, true // whether each one's report still waits
		for _, s := range slices.Backward(r.Steps) {
			open = open && s.How != Decided && s.How != Dismissed
			if s.How == Reported {
				by[s.By] = by[s.By] || open
			}
		}
		for reader, waits := range by {
			all[reader]++
			if waits {
				waiting[reader]++
			}
		}
	}
	w := plain(t.req)
	if len(all) == 0 {
		w.Say("Nobody has reported anything.")
		return w.doc(), nil
	}
	w.Head("Reports, by reader:")
	for _, reader := range slices.Sorted(maps.Keys(all)) {
		w.List("{1}: {2}, of which {3} for a moderator", reply.Name(string(reader)), reply.Count(all[reader], "sentence", "sentences"),
			reply.Count(waiting[reader], "waits", "wait"))
	}
	w.Say("“/club restore” with a reader lifts all that they have reported.")
	return w.doc(), nil
}

// runRestore lifts everything that one reader has reported.
func runRestore(t *turn) (reply.Doc, error) {
	reader := ReaderID(strings.TrimSpace(t.option("reader")))
	if reader == "" {
		return nil, Refusal{reply.Words("Say whose reports: “/club restore” and a reader. “/club reports” lists those who have reported.")}
	}
	lifted := 0
	err := t.bot.change(t.ctx, t.req.Club, func(c *club) (Change, error) {
		lifted = 0
		change := Change{Entry: Entry{By: t.req.Reader, What: "restore", On: string(reader)}}
		for r := range c.allRulings {
			r.Steps = slices.Clone(r.Steps)
			n := len(r.Steps)
			r.Steps = slices.DeleteFunc(r.Steps, func(s Step) bool { return s.How == Reported && s.By == reader })
			if len(r.Steps) < n {
				lifted += n - len(r.Steps)
				change.ruling(r)
			}
		}
		change.Entry.Count = lifted
		return change, nil
	})
	if err != nil {
		return nil, err
	}
	if lifted == 0 {
		return nil, Refusal{reply.Words("“{1}” has reported nothing here. “/club reports” lists those who have.", reply.Own(string(reader)))}
	}
	w := plain(t.req)
	w.Say("Lifted: {1} by that reader. What others reported, and what moderators decided, stays.", reply.Count(lifted, "report", "reports"))
	return w.doc(), nil
}
