package bot

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dogear/bot/answer"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// spoilerCommand posts a spoiler.
const spoilerCommand = "spoiler"

// whichSpoiler is set among the options of a posted spoiler, in the place of
// its text: which source it is. It counts where the bot itself makes the message
// again, and in a ticket.
const whichSpoiler = "spoiler"

// longestSpoiler is how many characters a spoiler has at most: behind one tag it
// fits into one message of any platform.
const longestSpoiler = 1500

// spoilers returns the spoilers that readers posted on a book, on any where that
// is empty, in the order of their IDs.
func (c *club) spoilers(book spoiler.BookID) []*shelved {
	var out []*shelved
	for _, src := range c.sources {
		if src.Spoiler && (book == "" || src.Book == book) {
			out = append(out, src)
		}
	}
	slices.SortFunc(out, func(a, b *shelved) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// runSpoiler posts a text behind a cover. The channel sees who wrote it and on
// which book, and never from where on it is safe.
func runSpoiler(t *turn) (reply.Doc, error) {
	if which := t.option(whichSpoiler); which != "" && t.req.again {
		return t.spoilerAgain(library.SourceID(which))
	}
	if t.blind != nil {
		return t.notSaved(), nil
	}
	if t.req.tags == reply.NoTags {
		return nil, Refusal{reply.Words("This channel has no spoiler tags, so I can't cover anything here. “/club tags on” turns them on.")}
	}
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return nil, err
	}
	from, err := safeFrom(book, t.option("place"))
	if err != nil {
		return nil, err
	}
	file := library.File{Name: hereFolder + strings.ToLower(string(newTicket())[:12]) + ".txt", Reviewer: t.req.Name}
	src, err := t.spoil(book, file, from)
	if err != nil {
		return nil, err
	}
	err = t.bot.change(t.ctx, t.req.Club, func(c *club) (Change, error) {
		change := c.take(src, Entry{By: t.req.Reader, What: "spoiler", On: string(src.ID)}, t.bot.now())
		if slices.ContainsFunc(change.PutRulings, func(r Ruling) bool { at, ok := r.Reveal(); return ok && at == spoiler.Never }) {
			return Change{}, Refusal{reply.Words("Something in it is covered for everybody here, so it can't be posted.")}
		}
		return change, whether(change.PutSources)
	})
	if err != nil {
		return nil, err
	}
	// What was made is shown without asking the store again: should that fail,
	// nothing would lead to it. What has changed since, Posted sees.
	if c := t.bot.known(t.req.Club); c != nil && c.sources[src.ID] != nil {
		t.club = c
	} else if t.club, err = t.bot.newest(t.ctx, t.req.Club); err != nil {
		return nil, err
	}
	return t.spoilerAgain(src.ID)
}

// whether refuses a labelled spoiler that nobody could ever open.
func whether(spoilers []library.Source) error {
	for _, src := range spoilers {
		if slices.ContainsFunc(src.Sentences, func(s library.Sentence) bool { return s.Passage.Reveal() == spoiler.Never }) {
			return Refusal{reply.Words("It names another book too, and nobody can say who has read that far in both. Please leave the other one out.")}
		}
	}
	return nil
}

// safeFrom reads from where on a spoiler spoils nothing; 0: from the end of the
// book. What is no whole chapter rounds up.
func safeFrom(book library.Book, words string) (spoiler.Position, error) {
	words = strings.ToLower(strings.TrimSpace(words))
	if words == "" {
		return 0, nil
	}
	at, err := plainPlace(book, words)
	if err != nil {
		return 0, Refusal{reply.Words("Say after which chapter of {1} it spoils nothing: a number up to {2}, or “end”.", reply.Name(book.Title), reply.Number(book.Chapters()))}
	}
	if percentPlace.MatchString(words) {
		at++
	}
	switch {
	case at == 0:
		return 0, Refusal{reply.Words("What spoils nothing from the start on is no spoiler: just say it.")}
	case at >= book.End():
		return 0, nil // however many chapters the book will be found to have
	}
	return at, nil
}

// weight is how many characters a text takes behind a cover: what a platform
// escapes, or counts as two, takes two.
func weight(text string) int {
	n := utf8.RuneCountInString(text)
	for _, r := range text {
		if r > 0xffff || strings.ContainsRune(`\*_~[]()<>#:@-+.!`, r) {
			n++
		}
	}
	return n
}

// spoil makes a source of the text of a spoiler, as the reader's.
func (t *turn) spoil(book library.Book, file library.File, from spoiler.Position) (library.Source, error) {
	text := strings.TrimSpace(t.option("text"))
	if text == "" {
		return library.Source{}, Refusal{reply.Words("There is no text in it.")}
	}
	if n := weight(text); n > longestSpoiler {
		return library.Source{}, Refusal{reply.Words("That takes up {1}, and a cover has room for {2}. Please post it in parts.",
			reply.Count(n, "character", "characters"), reply.Number(longestSpoiler))}
	}
	file.Data = []byte(text)
	src, err := library.NewSpoiler(file, book, from)
	if err != nil {
		return library.Source{}, Refusal{reply.Words("I can't take that text.")}
	}
	src.Author, src.Date = string(t.req.Reader), t.bot.now().UTC().Format(time.DateOnly)
	return src, nil
}

// spoilerAgain writes the message of a posted spoiler, as it may be shown now.
func (t *turn) spoilerAgain(id library.SourceID) (reply.Doc, error) {
	src, ok := t.club.source(id)
	book, known := t.club.book(src.Book)
	switch {
	case !known && ok, !ok && (t.blind != nil || t.club.isUnread(id)):
		return takenDown(reply.In(t.req.Language)), nil
	case !ok:
		return t.spoilerGone(id)
	}
	ticket := newTicket()
	veil := reply.Tag
	if t.req.tags == reply.NoTags || t.blind != nil {
		veil = reply.Hide
	}
	w := write(t.req, spoiler.Horizon{}, veil, ticket) // whatever the channel has read, it was posted covered
	covers := spoilerCovers(src)
	name, title := spoilerBy(src), reply.Name(book.Title)
	switch {
	case t.blind != nil:
		w.Say("{1} has a spoiler for {2}. I can't show it right now.", name, title)
	case t.req.tags == reply.NoTags:
		w.Say("{1} has a spoiler for {2}. This channel's spoiler tags are off, so it is not shown.", name, title)
	case len(covers) == 0:
		w.Say("{1} has a spoiler for {2}. It is covered for everybody until a moderator has looked at it.", name, title)
	default:
		w.Say("{1} has a spoiler for {2}:", name, title)
		w.Paragraph(covers)
	}
	w.Offer(reply.Manage, "Edit or remove…")
	t.req.Options = map[string]string{whichSpoiler: string(id)}
	doc := w.doc()
	t.issue(ticket, book, doc)
	return doc, nil
}

// spoilerBy names who posted a spoiler, at the beginning of a sentence.
func spoilerBy(src library.Source) reply.Arg {
	if src.Reviewer == "" {
		return reply.Say(reply.Words("A reader"))
	}
	return reply.Name(src.Reviewer)
}

// spoilerCovers returns what of a spoiler stands behind its cover, be it ruled to
// be safe for everyone; none of what a report covers.
func spoilerCovers(src library.Source) []reply.Excerpt {
	var out []reply.Excerpt
	for n, s := range src.Sentences {
		if s.Passage.Reveal() == spoiler.Never {
			continue
		}
		e := answer.ExcerptOf(src, n)
		e.Passage = unsealed.Relabel(e.Passage, max(e.Passage.Reveal(), 1))
		out = append(out, e)
	}
	return out
}

// logDepth is how far back in the log what became of a spoiler is looked up.
const logDepth = 1000

// spoilerGone stands in the place of a spoiler that was taken away.
func (t *turn) spoilerGone(id library.SourceID) (reply.Doc, error) {
	entries, err := t.bot.store.Log(t.ctx, t.req.Club, logDepth)
	if err != nil {
		return nil, err
	}
	w := plain(t.req)
	said := func(what string) bool {
		return slices.ContainsFunc(entries, func(e Entry) bool { return e.On == string(id) && e.What == what })
	}
	switch {
	case said("remove spoiler"):
		w.Say("A spoiler stood here. It was removed by a moderator.")
	case said("take back spoiler"):
		w.Say("A spoiler stood here. It was taken back by its author.")
	default: // its author was forgotten, or its book removed
		w.Say("A spoiler stood here. It is not kept any more.")
	}
	return w.doc(), nil
}

// spoilerIn returns the options that a message which posted a spoiler is made
// again with: which it is, and none of its text. nil where it posted none.
func spoilerIn(doc reply.PublicDoc) map[string]string {
	refs := holds(doc)
	if len(refs) == 0 {
		return nil
	}
	return map[string]string{whichSpoiler: string(refs[0].Source)}
}
