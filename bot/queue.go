package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dogear/bot/answer"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// waiting is a sentence that a moderator should decide.
type waiting struct {
	src      *shelved
	n        int // below 0: a title or a related work, as library.Source.Has knows them
	name     library.SentenceID
	reported Said // empty: it waits for its label alone
	asked    int  // how often it would have been quoted
}

// queue returns the sentences of a book that a moderator should decide: first
// those that a report covers, then those that nothing vouches for, and of each
// first those that would have been quoted most often.
func (b *Bot) queue(ctx context.Context, id ClubID, c *club, book spoiler.BookID) ([]waiting, error) {
	b.flush(ctx, id)
	tallies, err := b.store.Tallies(ctx, id)
	if err != nil {
		return nil, err
	}
	var first, rest []waiting
	add := func(w waiting) {
		if w.reported != "" || w.asked > 0 {
			first = append(first, w)
		} else {
			rest = append(rest, w)
		}
	}
	for _, src := range slices.Concat(c.shelves()[book], c.spoilers(book)) {
		rulings := c.rulings[src.ID]
		if len(rulings) == 0 {
			for _, u := range src.unsure() {
				add(waiting{src, u.n, u.name, "", tallies[u.name]})
			}
			continue
		}
		seen := map[library.SentenceID]bool{}
		for n := range src.Texts() {
			name := src.NameOf(n)
			reported := rulings[name].waits()
			unsure := n >= 0 && src.Sentences[n].Decided() == library.ByDefault
			if seen[name] || reported == "" && !unsure {
				continue
			}
			seen[name] = true
			add(waiting{src, n, name, reported, tallies[name]})
		}
	}
	slices.SortStableFunc(first, func(a, b waiting) int {
		if (a.reported == "") != (b.reported == "") {
			return cmp.Compare(b.reported, a.reported)
		}
		return cmp.Compare(b.asked, a.asked)
	})
	return append(first, rest...), nil
}

// runQueue shows a moderator the next sentence to decide.
func runQueue(t *turn) (reply.Doc, error) {
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return nil, err
	}
	if at := t.bookmark(book.ID).At; at < book.End() && !t.req.Confirmed && t.option("skip") == "" {
		w := t.askFirst(book.ID)
		w.Say("The queue shows you sentences from the whole of {1}, its ending included. Go on?", reply.Name(book.Title))
		w.Offer(reply.Confirm, "Yes, show them to me")
		return w.doc(), nil
	}
	all, err := t.bot.queue(t.ctx, t.req.Club, t.club, book.ID)
	if err != nil {
		return nil, err
	}
	skip, _ := strconv.Atoi(t.option("skip"))
	skip = max(skip, 0)
	ticket := newTicket()
	w := reply.In(t.req.Language).ToReader(t.everything(), reply.Show, ticket)
	w.Ahead()
	w.Write(reply.Plain, t.news)
	if skip >= len(all) {
		w.Say("There is nothing more to decide in {1}.", reply.Name(book.Title))
		w.Offer(reply.Undo, "Take my last decision back")
		doc := w.Doc()
		t.req.Options["skip"] = strconv.Itoa(skip)
		t.issue(ticket, book, doc)
		return doc, nil
	}
	it := all[skip]
	w.Head("{1} to decide in {2}:", reply.Count(len(all)-skip, "sentence", "sentences"), reply.Name(book.Title))
	if it.n > 0 && it.src.Sentences[it.n].Leans {
		w.Say("After this one:")
		w.Paragraph([]reply.Excerpt{forModerator(it.src.Source, it.n-1)})
	}
	w.Passage(forModerator(it.src.Source, it.n))
	w.Write(reply.Plain, evidence(it, book))
	w.OfferChoice(reply.Decide, "Safe from chapter", decisions...)
	w.Offer(reply.Undo, "Take my last decision back")
	doc := w.Doc()
	t.req.Options["skip"] = strconv.Itoa(skip)
	t.issue(ticket, book, doc)
	return doc, nil
}

// decisions are what can be decided but for a chapter.
var decisions = []reply.Option{
	{Value: "0", Words: reply.Words("Safe for everyone")},
	{Value: "end", Words: reply.Words("Not before the end")},
	{Value: "never", Words: reply.Words("Never")},
	{Value: "labels", Words: reply.Words("Leave it to the labels")},
	{Value: "skip", Words: reply.Words("Skip")},
}

// everything is the horizon of a moderator at work.
func (t *turn) everything() spoiler.Horizon {
	var h spoiler.Horizon
	for _, b := range t.club.books {
		h = h.With(b.ID, b.End())
	}
	return h
}

// forModerator returns a sentence for a moderator's eyes, one that is sealed
// for everybody too.
func forModerator(src library.Source, n int) reply.Excerpt {
	e := answer.Cite(src)
	if n >= 0 {
		e = answer.ExcerptOf(src, n)
	}
	e.Passage, e.Sentence = unsealed.Relabel(src.Passage(n), 0), n
	return e
}

// evidence says in a line what is known of a sentence.
func evidence(it waiting, book library.Book) reply.Phrase {
	var s library.Sentence
	if it.n >= 0 {
		s = it.src.Sentences[it.n]
	}
	known := reply.Words("nothing vouches for it")
	for _, e := range s.Because {
		if e.Layer == library.ByLedger {
			known = reply.Words("it tells what the ledger puts at {1}, and nothing vouches for the rest", reply.Place(e.Reveal, book.Chapters()))
		}
	}
	for _, e := range s.Because {
		if e.Layer == library.ByMarkup {
			known = reply.Words("its author marked it as a spoiler")
		}
	}
	switch it.reported {
	case Reported:
		known = reply.Words("a reader reported it")
	case Carried:
		known = reply.Words("it is new in a source of which something was covered")
	}
	return reply.Words("Why it is here: {1}. It would have been quoted {2}.", reply.Say(known), reply.Count(it.asked, "time", "times"))
}

// runDecide stores what a moderator says of the last sentence of the queue, and
// shows the next.
func runDecide(t *turn) (reply.Doc, error) {
	if t.option("ticket") == "" {
		return nil, Refusal{reply.Words("First look at a sentence: “/club queue” shows the next one to decide.")}
	}
	stub, err := t.stub(reply.Ticket(t.option("ticket")))
	if err != nil {
		return nil, err
	}
	book, ok := t.club.book(stub.Book)
	if !ok || stub.Command != queueCommand || len(stub.Shown) == 0 {
		return nil, expired
	}
	ref := stub.Shown[len(stub.Shown)-1]
	if _, ok := t.excerpts(ref); !ok {
		return nil, expired
	}
	src, _ := t.club.source(ref.Source)
	name := src.NameOf(ref.Sentences[0])
	skip, _ := strconv.Atoi(stub.Options["skip"])
	word := strings.ToLower(strings.TrimSpace(t.option("place")))
	if word == "skip" {
		return t.queueAgain(book.ID, skip+1, reply.Phrase{})
	}
	if err := t.decide(book, name, word); err != nil {
		no, ok := errors.AsType[Refusal](err)
		if !ok {
			return nil, err
		}
		return t.queueAgain(book.ID, skip, no.Words) // the same sentence again
	}
	if n := ref.Sentences[0]; word == "labels" && n >= 0 && t.club.rulings[ref.Source][name].waits() == "" &&
		t.club.sources[ref.Source].labelled.Sentences[n].Decided() == library.ByDefault {
		skip++ // the labels leave it where it is
	}
	return t.queueAgain(book.ID, skip, reply.Words("Saved."))
}

// decide rules on a sentence.
func (t *turn) decide(book library.Book, name library.SentenceID, word string) error {
	step := Step{How: Decided, By: t.req.Reader, When: t.bot.now()}
	switch word {
	case "never":
		step.Reveal = spoiler.Never
	case "labels":
		step.How = Dismissed
	default:
		at, err := ParsePlace(book, word)
		if err != nil {
			return Refusal{reply.Words("Say from which chapter it is safe: a number up to {1}, or 0, end, never, labels or skip.", reply.Name(strconv.Itoa(book.Chapters())))}
		}
		if step.Reveal = at; at == book.End() {
			step.Reveal = endOfBook
		}
	}
	return t.bot.change(t.ctx, t.req.Club, func(c *club) (Change, error) {
		r := c.ruling(name)
		r.Steps = append(r.Steps, step)
		return Change{PutRulings: []Ruling{r}, Entry: Entry{By: step.By, What: string(step.How), On: string(name)}}, nil
	})
}

// runUndecide takes a moderator's last decision back. What stood before it
// stands again.
func runUndecide(t *turn) (reply.Doc, error) {
	err := t.bot.change(t.ctx, t.req.Club, func(c *club) (Change, error) {
		var last Ruling
		at := -1
		for r := range c.allRulings {
			for i, s := range r.Steps {
				mine := (s.How == Decided || s.How == Dismissed) && s.By == t.req.Reader
				if mine && (at < 0 || cmp.Or(s.When.Compare(last.Steps[at].When), cmp.Compare(r.Sentence, last.Sentence)) > 0) {
					last, at = r, i
				}
			}
		}
		if at < 0 {
			return Change{}, Refusal{reply.Words("You have decided nothing that could be taken back.")}
		}
		last.Steps = slices.Delete(slices.Clone(last.Steps), at, at+1)
		change := Change{Entry: Entry{By: t.req.Reader, What: "undo", On: string(last.Sentence)}}
		change.ruling(last)
		return change, nil
	})
	if err != nil {
		return nil, err
	}
	if stub, err := t.stub(reply.Ticket(t.option("ticket"))); err == nil && stub.Command == queueCommand {
		skip, _ := strconv.Atoi(stub.Options["skip"])
		return t.queueAgain(stub.Book, skip, takenBack)
	}
	w := plain(t.req)
	w.Write(reply.Plain, takenBack)
	return w.doc(), nil
}

var takenBack = reply.Words("Taken back. That sentence is as it was before you decided.")

// queueAgain shows the queue as it is after something was done from it, below
// the news of that.
func (t *turn) queueAgain(book spoiler.BookID, skip int, news reply.Phrase) (reply.Doc, error) {
	next := *t
	next.news = news
	next.req.Command, next.req.Options = queueCommand, map[string]string{"book": string(book), "skip": strconv.Itoa(skip)}
	var err error
	if next.club, err = t.bot.newest(t.ctx, t.req.Club); err != nil {
		return nil, err
	}
	return runQueue(&next)
}

// queueCommand shows the queue.
const queueCommand = "club queue"

// runPreview shows a moderator a review as a reader at some place sees it.
func runPreview(t *turn) (reply.Doc, error) {
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return nil, err
	}
	if t.option("place") == "" {
		return nil, Refusal{reply.Words("Say from where: “/club preview 7 1” shows the first review as a reader who has finished chapter 7 sees it.")}
	}
	at, err := ParsePlace(book, t.option("place"))
	if err != nil {
		return nil, err
	}
	if at > t.bookmark(book.ID).At && !t.req.Confirmed {
		w := t.askFirst(book.ID)
		w.Say("That reader is further than you are in {1}. Do you want to see what they see?", reply.Name(book.Title))
		w.Offer(reply.Confirm, "Yes, show it to me")
		return w.doc(), nil
	}
	var h spoiler.Horizon
	h = h.With(book.ID, at)
	ticket := newTicket()
	w := reply.In(t.req.Language).ToReader(h, reply.Tag, ticket)
	if at > t.bookmark(book.ID).At {
		w.Ahead()
	}
	d := draft{&w.Writer, func() reply.Doc { return w.Doc() }}
	src, err := pickReview(t.readable(book.ID, h), h, t.option("review"))
	if err != nil {
		var no Refusal
		if errors.As(err, &no) {
			d.Say("A reader there sees no such review. Those that they see:")
			for i, src := range t.readable(book.ID, h) {
				d.Source(i+1, answer.Cite(src.Source))
			}
			return d.doc(), nil
		}
		return nil, err
	}
	d.Say("As a reader at this place sees it: {1}.", reply.Place(at, book.Chapters()))
	t.readPage(d, src, h)
	doc := d.doc()
	t.issue(ticket, book, doc)
	return doc, nil
}

// Queued is a sentence that a moderator should decide. Its text goes beside it.
type Queued struct {
	Labelled
	Source   library.SourceID   `json:"source"`
	Sentence library.SentenceID `json:"sentence"`
	Why      Said               `json:"why,omitempty"` // "reported" or "carried"; empty: nothing vouches for it
	Asked    int                `json:"asked"`         // how often it would have been quoted
}

// Queue hands the sentences of a book that a moderator should decide to yield,
// the most wanted first.
func (b *Bot) Queue(ctx context.Context, id ClubID, book spoiler.BookID, yield func(Queued, string) error) error {
	c, err := b.newest(ctx, id)
	if err != nil {
		return err
	}
	about, ok := c.book(book)
	if !ok {
		return fmt.Errorf("the book %q is not known; “dogear books” lists those that are", book)
	}
	all, err := b.queue(ctx, id, c, book)
	if err != nil {
		return err
	}
	for _, it := range all {
		s := library.Sentence{Kind: library.Title, Passage: it.src.Passage(it.n)}
		if it.n >= 0 {
			s = it.src.Sentences[it.n]
		} else if it.n != library.TitleOf {
			s.Kind = library.Item
		}
		q := Queued{labelledSentence(it.src.File, s, about), it.src.ID, it.name, it.reported, it.asked}
		if err := yield(q, unsealed.Text(s.Passage)); err != nil {
			return err
		}
	}
	return nil
}
