package bot

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// kept is everything that is kept about a reader, as data. What they wrote is
// theirs, so it is in it whatever it tells.
type kept struct {
	Reader    ReaderID     `json:"reader"`
	Places    []keptPlace  `json:"places"`
	Veils     []keptVeil   `json:"spoilers"`
	Reviews   []keptReview `json:"reviews"`
	Proposals []keptReview `json:"proposals"`
	Posted    []keptReview `json:"posted,omitempty"` // spoilers
	Reports   []keptReport `json:"reports"`
	Decisions []keptReport `json:"decisions,omitempty"`
}

type keptPlace struct {
	Book string           `json:"book"`
	At   spoiler.Position `json:"at"`
	When time.Time        `json:"when"`
}

type keptVeil struct {
	Book string     `json:"book,omitempty"` // empty: every book
	Veil reply.Veil `json:"spoilers"`
}

type keptReview struct {
	ID     library.SourceID `json:"id"`
	Book   string           `json:"book"`
	Title  string           `json:"title,omitempty"`
	Name   string           `json:"name,omitempty"`
	Date   string           `json:"date,omitempty"`
	Rating string           `json:"rating,omitempty"`
	Text   string           `json:"text"`
}

type keptReport struct {
	Sentence library.SentenceID `json:"sentence"`
	When     time.Time          `json:"when"`
}

// keeps gathers what is kept about the reader in this club.
func (t *turn) keeps() kept {
	out := kept{Reader: t.req.Reader, Places: []keptPlace{}, Veils: []keptVeil{}, Reviews: []keptReview{}, Proposals: []keptReview{}, Reports: []keptReport{}}
	titles := map[BookKey]string{{}: ""}
	for _, b := range t.club.books {
		titles[t.club.key(t.req.Club, b.ID)] = b.Title
	}
	title := func(key BookKey) string {
		if s, ok := titles[key]; ok {
			return s
		}
		return string(key.Book)
	}
	for key, mark := range t.view.Reader.Bookmarks {
		out.Places = append(out.Places, keptPlace{title(key), mark.At, mark.When})
	}
	for key, veil := range t.view.Reader.Veils {
		out.Veils = append(out.Veils, keptVeil{title(key), veil})
	}
	slices.SortFunc(out.Places, func(a, b keptPlace) int { return strings.Compare(a.Book, b.Book) })
	slices.SortFunc(out.Veils, func(a, b keptVeil) int { return strings.Compare(a.Book, b.Book) })
	keep := func(src library.Source) keptReview {
		return keptReview{ID: src.ID, Book: string(src.Book), Title: unsealed.Text(src.Title), Name: src.Reviewer, Date: src.Date, Rating: src.Rating, Text: textOf(src)}
	}
	for _, src := range t.mine() {
		if p, waits := t.club.proposals[src.ID]; waits {
			out.Proposals = append(out.Proposals, keep(p.Source))
		}
		if approved, ok := t.club.source(src.ID); ok {
			out.Reviews = append(out.Reviews, keep(approved))
		}
	}
	for _, src := range t.club.spoilers("") {
		if src.Author != "" && src.Author == string(t.req.Reader) {
			out.Posted = append(out.Posted, keep(src.Source))
		}
	}
	for _, src := range t.club.unread {
		switch {
		case src.Author == "" || src.Author != string(t.req.Reader):
		case src.Spoiler:
			out.Posted = append(out.Posted, keep(src))
		default:
			out.Reviews = append(out.Reviews, keep(src))
		}
	}
	for r := range t.club.allRulings {
		for _, s := range r.Steps {
			if s.By != t.req.Reader {
				continue
			}
			if entry := (keptReport{r.Sentence, s.When}); s.How == Reported {
				out.Reports = append(out.Reports, entry)
			} else {
				out.Decisions = append(out.Decisions, entry)
			}
		}
	}
	for _, list := range [][]keptReport{out.Reports, out.Decisions} {
		slices.SortFunc(list, func(a, b keptReport) int {
			return cmp.Or(cmp.Compare(a.Sentence, b.Sentence), a.When.Compare(b.When))
		})
	}
	return out
}

// textOf returns the text of a source for its author, a paragraph a line.
func textOf(src library.Source) string {
	var b strings.Builder
	for i, s := range src.Sentences {
		switch {
		case i == 0:
		case s.Paragraph != src.Sentences[i-1].Paragraph:
			b.WriteByte('\n')
		default:
			b.WriteByte(' ')
		}
		b.WriteString(unsealed.Text(s.Passage))
	}
	return b.String()
}

// runPrivacy says what is kept about the reader.
func runPrivacy(t *turn) (reply.Doc, error) {
	w := plain(t.req)
	t.warn(w)
	if t.blind != nil {
		return w.doc(), nil
	}
	k := t.keeps()
	w.Head("What I keep about you:")
	for _, p := range k.Places {
		w.List("your place in {1}, after {2}", reply.Name(p.Book), reply.Count(int(p.At), "chapter", "chapters"))
	}
	for _, v := range k.Veils {
		if v.Book == "" {
			w.List("your spoiler setting for every book: {1}", reply.Name(string(v.Veil)))
		} else {
			w.List("your spoiler setting for {1}: {2}", reply.Name(v.Book), reply.Name(string(v.Veil)))
		}
	}
	if n := len(k.Reviews); n > 0 {
		w.List("{1} that you wrote here", reply.Count(n, "review", "reviews"))
	}
	if n := len(k.Proposals); n > 0 {
		w.List("{1} that a moderator has yet to read", reply.Count(n, "review", "reviews"))
	}
	if n := len(k.Posted); n > 0 {
		w.List("{1} that you posted behind a cover", reply.Count(n, "spoiler", "spoilers"))
	}
	if n := len(k.Reports); n > 0 {
		w.List("{1} that you reported as spoilers", reply.Count(n, "sentence", "sentences"))
	}
	w.List("for two weeks, what you asked, so that its buttons work; and for a year, the questions that I answered for a whole channel")
	w.Say("“/privacy export” gives it to you as data. “/privacy forget” forgets it.")
	return w.doc(), nil
}

// runPrivacyExport gives the reader what is kept about them as data.
func runPrivacyExport(t *turn) (reply.Doc, error) {
	if t.blind != nil {
		return nil, t.blind
	}
	data, err := json.MarshalIndent(t.keeps(), "", "  ")
	if err != nil {
		return nil, err
	}
	w := reply.In(t.req.Language).ToReader(spoiler.Horizon{}, reply.Hide, "")
	w.Ahead() // their reviews may tell everything
	w.Write(reply.Data, reply.Words("{1}", reply.Own(string(data))))
	return w.Doc(), nil
}

// runForget forgets the reader, after a yes.
func runForget(t *turn) (reply.Doc, error) {
	if t.blind != nil {
		return t.notSaved(), nil
	}
	if t.req.Reader == "" {
		return nil, Refusal{reply.Words("I don't know who you are, so there is nothing of yours to forget.")} // what was imported is nobody's
	}
	keep := strings.EqualFold(t.option("reviews"), "keep")
	if !t.req.Confirmed {
		w := t.askFirst("")
		w.Say("I'd forget your places, your settings, what you asked, and your name on what you reported. That can't be undone.")
		if keep {
			w.Say("Reviews that you wrote here stay, without your name; spoilers that you posted are removed.")
		} else {
			w.Say("Reviews and spoilers that you wrote here are removed too; “/privacy forget keep” leaves the reviews, without your name.")
		}
		w.Offer(reply.Confirm, "Yes, forget me")
		return w.doc(), nil
	}
	clubs, err := t.bot.store.Clubs(t.ctx, t.req.Reader)
	if err != nil {
		return nil, err
	}
	if t.req.Club != "" && !slices.Contains(clubs, t.req.Club) {
		clubs = append(clubs, t.req.Club)
	}
	for _, id := range clubs {
		err := t.bot.change(t.ctx, id, func(c *club) (Change, error) { return c.forget(t.req.Reader, keep), nil })
		if err != nil && !errors.Is(err, errSample) {
			return nil, err
		}
	}
	if err := t.bot.caughtUp(t.ctx); err != nil { // what they asked a moment ago is to be forgotten, too
		return nil, err
	}
	if err := t.bot.store.Forget(t.ctx, t.req.Reader); err != nil {
		return nil, err
	}
	w := plain(t.req)
	w.Say("Forgotten. For me you have not started any book.")
	if keep {
		w.Say("Your reviews are still there, without your name. What you reported stays as the moderators have it, without your name.")
	} else {
		w.Say("What you reported stays as the moderators have it, without your name. Nothing else is left.")
	}
	return w.doc(), nil
}

// forget returns the change that takes a reader out of a club's library. What
// they reported goes under a name that leads nowhere, so that a moderator can
// still lift it all at once.
func (c *club) forget(reader ReaderID, keep bool) Change {
	nobody := ReaderID("left-" + strings.ToLower(string(newTicket())[:8]))
	change := Change{}
	for r := range c.allRulings {
		if !slices.ContainsFunc(r.Steps, func(s Step) bool { return s.By == reader }) {
			continue
		}
		r.Steps = slices.Clone(r.Steps)
		for i := range r.Steps {
			if r.Steps[i].By == reader {
				r.Steps[i].By = nobody
			}
		}
		change.PutRulings = append(change.PutRulings, r)
	}
	for id, p := range c.proposals {
		switch {
		case p.Source.Author != string(reader):
		case keep:
			p.Source.Author, p.Source.Reviewer = "", ""
			change.PutProposals = append(change.PutProposals, p)
		default:
			change.RemoveProposals = append(change.RemoveProposals, id)
		}
	}
	wrote := slices.Clone(c.unread)
	for _, s := range c.sources {
		wrote = append(wrote, s.labelled)
	}
	for _, src := range wrote {
		switch {
		case src.Author != string(reader):
		case keep && !src.Spoiler: // of which nobody but its author could dispose: its ticket goes with them
			src.Author, src.Reviewer = "", ""
			change.PutSources = append(change.PutSources, src)
		default:
			change.RemoveSources = append(change.RemoveSources, src.ID)
		}
	}
	return change
}
