package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// postLife is how long what was posted is kept in mind, to be edited.
const postLife = 365 * 24 * time.Hour

// Poster is what can change a message that was posted where others see it. An
// adapter is one.
type Poster interface {
	// Edit puts a document in the place of a message. A message that is no
	// more is no error; one of a club that is not this Poster's is: another
	// process has to edit it.
	Edit(ctx context.Context, club ClubID, channel ChannelID, message MessageID, doc reply.PublicDoc) error
}

// EditWith names what edits the messages of the clubs whose IDs begin with a
// prefix, as those of a platform do; the empty one is that of every club, and of
// several that fit the longest counts. It is to be called before the first
// request. The messages of a club without a Poster are another process's to edit.
func (b *Bot) EditWith(prefix string, p Poster) { b.posters[prefix] = p }

// poster returns what edits a club's messages; nil: nothing does, here.
func (b *Bot) poster(id ClubID) Poster {
	var longest string
	for prefix := range b.posters {
		if strings.HasPrefix(string(id), prefix) && len(prefix) > len(longest) {
			longest = prefix
		}
	}
	return b.posters[longest]
}

// keepWithin is how long a posted reply is seen to once it stands there, even
// where the time for the reply itself is over.
const keepWithin = 30 * time.Second

// Posted tells that the reply to a request was posted as a message, so that it
// can be edited when something in it is covered later. If that has happened
// already, the message is edited at once.
func (b *Bot) Posted(ctx context.Context, req Request, doc reply.PublicDoc, message MessageID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepWithin)
	defer cancel()
	if kept, err := b.posted(ctx, req, doc, message); err != nil {
		// What can't be found again can't be covered later.
		b.log.ErrorContext(ctx, "a posted message was not kept in mind; it is taken down", "club", req.Club, "cause", err)
		if !kept {
			defer b.Unposted(ctx, req, doc) // nothing leads to a spoiler without its message
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepWithin) // the store may have taken all of the time
		defer cancel()
		poster := b.poster(req.Club)
		if poster == nil {
			return
		}
		if err := poster.Edit(ctx, req.Club, req.Channel, message, takenDown(doc.Language())); err != nil {
			b.log.ErrorContext(ctx, "a posted message was not taken down", "club", req.Club, "cause", err)
		}
	}
}

// posted reports whether the message is kept in mind, be it that it is owed to its
// channel.
func (b *Bot) posted(ctx context.Context, req Request, doc reply.PublicDoc, message MessageID) (kept bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %T", p)
		}
	}()
	req.Event, req.again = "", true
	t, err := b.turn(ctx, req)
	if err != nil {
		return false, err
	}
	if req.Command == "share" || req.Command == "more" {
		if _, next, err := t.again(); err == nil {
			if req.Command == "more" {
				next.turnPage()
			}
			if req.Command == "share" {
				next.req.Options[unstatedOption] = "yes"
			}
			t.req.Command, t.req.Options = next.req.Command, next.req.Options
		} else {
			t.req.Command, t.req.Options = "", nil
		}
	}
	post := Post{
		Channel: req.Channel, Message: message, Asker: req.Reader, Command: t.req.Command, Options: bounded(t.req.Options),
		Language: doc.Language().Tag(), Holds: holds(doc), Expires: b.now().Add(postLife),
	}
	if req.Command == spoilerCommand {
		post.Options = spoilerIn(doc)
	}
	if post.Command == "" && req.Command == "" {
		post.Command = "ask"
	}
	if err := b.store.Post(ctx, req.Club, post); err != nil {
		return false, err
	}
	// Between the answer and its posting, something in it may have been
	// covered, or the channel may have been set otherwise.
	now, err := b.turn(ctx, Request{Seat: req.Seat, Room: true, again: true})
	if err == nil {
		err = now.blind
	}
	switch {
	case err != nil:
		owed := b.owe(ctx, req.Club, post)
		return owed == nil, errors.Join(err, owed)
	case now.view.Channel == t.view.Channel && now.stands(doc):
		return true, nil
	}
	return true, b.repostOrOwe(ctx, req.Club, post, b.now())
}

// stands reports whether a document that was made for a channel shows nothing,
// and covers nothing, that it could not show or cover now.
func (t *turn) stands(doc reply.PublicDoc) bool {
	same := func(q []reply.Excerpt, may func(spoiler.Passage) bool) bool {
		for _, e := range q {
			src, ok := t.club.sources[library.SourceID(e.ID)]
			if !ok || !src.Has(e.Sentence) {
				return false
			}
			was, is := e.Passage, src.Passage(e.Sentence)
			if e.Sentence == library.TitleOf {
				was = e.Title
			}
			if unsealed.Text(is) != unsealed.Text(was) || is.Reveal() > was.Reveal() || !may(is) || later(e.Title, src.Title) {
				return false
			}
		}
		return true
	}
	h, veil := t.audience("") // a channel's does not hang on the book
	for _, q := range doc.Shown() {
		if !same(q, func(p spoiler.Passage) bool { return p.Within(h) }) {
			return false
		}
	}
	for _, q := range doc.Covered() {
		if !same(q, func(spoiler.Passage) bool { return veil != reply.Hide && doc.Tags() <= t.req.tags }) {
			return false
		}
	}
	return true
}

// editChannel edits everything that was posted in a channel.
func (b *Bot) editChannel(ctx context.Context, id ClubID, channel ChannelID) {
	if b.poster(id) == nil {
		return
	}
	read := b.now()
	posts, err := b.store.Posts(ctx, id, "", read)
	if err != nil {
		b.log.ErrorContext(ctx, "posted messages were not found again, to be edited", "club", id, "cause", err)
	}
	for _, p := range posts {
		if p.Channel != channel {
			continue
		}
		if err := b.repostOrOwe(ctx, id, p, read); err != nil {
			b.log.ErrorContext(ctx, "a posted message was not edited; that is tried again", "club", id, "cause", err)
		}
	}
}

// rose reports whether a source has a sentence, a title or a related work that
// was open earlier, or has one no more.
func rose(old, now library.Source) bool {
	if len(old.Sentences) > 0 && len(old.Sentences) == len(now.Sentences) && &old.Sentences[0] == &now.Sentences[0] {
		return false // nobody has ruled on anything of it
	}
	at := map[library.SentenceID]spoiler.Position{}
	for n := range now.Texts() {
		name := now.NameOf(n)
		at[name] = max(at[name], now.Passage(n).Reveal())
	}
	for n := range old.Texts() {
		if reveal, ok := at[old.NameOf(n)]; !ok || reveal > old.Passage(n).Reveal() {
			return true
		}
	}
	return later(old.Link, now.Link)
}

// later reports whether a text is open later than it was, or is gone.
func later(was, is spoiler.Passage) bool { return !was.IsZero() && is.Reveal() > was.Reveal() }

// repost makes a posted reply again, as its channel may have it now, and again
// where something in it was covered before it was kept in mind. One that was
// made blind stands in for it until the store can be read. The post was read at
// that time.
func (b *Bot) repost(ctx context.Context, id ClubID, p Post, read time.Time) error {
	poster := b.poster(id)
	if poster == nil {
		return nil
	}
	for range maxReposts {
		doc, h := takenDown(reply.In(p.Language)), Handled{}
		p = b.asKept(ctx, id, p, read)
		if p.Command != "" {
			// Its ticket is the asker's, as that of the first reply was: what they
			// asked is forgotten with them.
			var made reply.Doc
			made, h = b.handle(ctx, Request{Seat: Seat{Club: id, Reader: p.Asker, Channel: p.Channel}, Command: p.Command, Options: p.Options, Language: p.Language, Room: true, again: true})
			if public, ok := made.(reply.PublicDoc); ok {
				doc = public
			}
		}
		if err := poster.Edit(ctx, id, p.Channel, p.Message, doc); err != nil {
			return fmt.Errorf("edit message: %w", err)
		}
		if h.Outcome == Blind || h.Outcome == Failed {
			return errors.New("edit message: its answer could not be made again")
		}
		p.Holds, p.Owed = b.holding(id, p, doc), false
		if err := b.store.Post(ctx, id, p); err != nil {
			return fmt.Errorf("keep edited message in mind: %w", err)
		}
		now, err := b.turn(ctx, Request{Seat: Seat{Club: id, Channel: p.Channel}, Room: true, again: true})
		if err == nil {
			err = now.blind
		}
		if err != nil || now.stands(doc) {
			return err
		}
	}
	return fmt.Errorf("edit message: %w", ErrStale)
}

// readAgain is how long ago a post may have been read that is made again.
const readAgain = time.Second

// asKept returns a post as it is now to be made again: since it was read, which may
// be many edits ago, whoever asked may have been forgotten.
func (b *Bot) asKept(ctx context.Context, id ClubID, p Post, read time.Time) Post {
	if b.now().Sub(read) < readAgain {
		return p
	}
	posts, err := b.store.Posts(ctx, id, "", b.now())
	if err == nil && slices.ContainsFunc(posts, func(is Post) bool { return is.RecordID() == p.RecordID() && is.Command == "" }) {
		return p.Forgotten()
	}
	return p
}

// holds says of which sources a document has something.
func holds(doc reply.PublicDoc) (refs []Ref) {
	for _, q := range slices.Concat(doc.Shown(), doc.Covered()) {
		refs = append(refs, Ref{Source: library.SourceID(q[0].ID)})
	}
	return refs
}

// holding says of which sources a message has something that now shows a
// document. One of a spoiler stands for it while all of that is covered, too.
func (b *Bot) holding(id ClubID, p Post, doc reply.PublicDoc) []Ref {
	refs := holds(doc)
	if src := library.SourceID(p.Options[whichSpoiler]); len(refs) == 0 && p.Command == spoilerCommand {
		if c := b.known(id); c != nil && (c.sources[src] != nil || c.isUnread(src)) {
			refs = append(refs, Ref{Source: src})
		}
	}
	return refs
}

// maxReposts is how often a reply is made again while others go on covering it.
const maxReposts = 5

// takenDown stands in the place of a reply that can't be made again.
func takenDown(l *reply.Language) reply.PublicDoc {
	w := l.ToChannel(spoiler.Horizon{}, reply.NoTags, "")
	w.Say("This answer was taken down, because something in it is covered now. Ask again, and I'll look it up afresh.")
	return w.Doc()
}
