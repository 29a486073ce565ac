package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"dogear/bot/library"
)

// editLease is how long one process has for editing what a change covers, until
// another may take it up.
const editLease = 2 * time.Minute

// settle edits what was posted of sources of which something is covered that
// was not, or that are no longer what they were, since this was last done, by
// whichever process. before is a library as this process held it, if it did:
// with it, fewer messages are made again. What could not be edited is left to
// the next time, and its cause is in the log.
func (b *Bot) settle(ctx context.Context, id ClubID, before *club) error {
	if b.poster(id) == nil {
		return nil
	}
	for {
		from, ok, err := b.store.ClaimEdits(ctx, id, editLease)
		if err == nil && !ok {
			return nil
		}
		if err == nil {
			var upTo Version
			if upTo, err = b.editSince(ctx, id, from, before); err != nil {
				upTo = from
			}
			// Another may have the time that this one has not.
			err = errors.Join(err, b.store.EditsDone(context.WithoutCancel(ctx), id, from, upTo))
		}
		if err != nil {
			b.log.ErrorContext(ctx, "posted messages were not all edited; that is tried again", "club", id, "cause", err)
			return err
		}
	}
}

// editSince edits what was posted of what has changed since a version of a
// club's library, and returns the version that it is edited for.
func (b *Bot) editSince(ctx context.Context, id ClubID, from Version, before *club) (_ Version, err error) {
	defer func() {
		if p := recover(); p != nil { // nobody may have asked for this
			err = fmt.Errorf("panic: %T", p)
		}
	}()
	now, err := b.newest(ctx, id)
	if err != nil {
		return from, err
	}
	var sources []library.SourceID
	if before != nil && before.version == from {
		for source, src := range before.sources {
			// A spoiler's message shows again what is covered no longer.
			if is := now.sources[source]; is != src && (is == nil || is.Spoiler || is.Reviewer != src.Reviewer || rose(src.Source, is.Source)) {
				sources = append(sources, source)
			}
		}
		for source, is := range now.sources {
			if is.Spoiler && before.sources[source] == nil { // its book is there again
				sources = append(sources, source)
			}
		}
	} else {
		change, _, err := b.store.Since(ctx, id, from)
		switch {
		case errors.Is(err, ErrStale):
			sources = []library.SourceID{""} // any of them
		case err != nil:
			return from, err
		default:
			sources = change.touched()
		}
	}
	if len(sources) == 0 {
		return now.version, nil
	}
	read := b.now()
	posts, err := b.store.Posts(ctx, id, "", read)
	if err != nil {
		return from, err
	}
	var problems []error
	for _, p := range posts {
		if slices.ContainsFunc(sources, p.HoldsOf) {
			problems = append(problems, b.repost(ctx, id, p, read))
		}
	}
	return now.version, errors.Join(problems...)
}

// touched returns the sources that a change may have covered something of; the
// empty one stands for any.
func (c Change) touched() []library.SourceID {
	if len(c.RemoveBooks)+len(c.PutBooks)+len(c.RemoveOverlays)+len(c.PutOverlays) > 0 {
		return []library.SourceID{""}
	}
	ids := slices.Clone(c.RemoveSources)
	for _, src := range c.PutSources {
		ids = append(ids, src.ID)
	}
	for _, r := range c.PutRulings {
		ids = append(ids, r.Source)
	}
	for _, name := range c.RemoveRulings {
		ids = append(ids, name.Source())
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// repostOrOwe makes a posted reply again; where that fails, it stays owed.
func (b *Bot) repostOrOwe(ctx context.Context, id ClubID, p Post, read time.Time) error {
	err := b.repost(ctx, id, p, read)
	if err == nil {
		return nil
	}
	return errors.Join(err, b.owe(ctx, id, p))
}

// owe keeps in mind that a posted reply is to be made again.
func (b *Bot) owe(ctx context.Context, id ClubID, p Post) error {
	p.Owed = true
	err := b.store.Post(context.WithoutCancel(ctx), id, p)
	b.even.Delete(id)
	return err
}

// editOwed edits what was posted in a club's channels and is owed to them.
func (b *Bot) editOwed(ctx context.Context, id ClubID) error {
	if _, even := b.even.LoadOrStore(id, nil); even || b.poster(id) == nil {
		return nil
	}
	read := b.now()
	posts, err := b.store.Posts(ctx, id, "", read)
	for _, p := range posts {
		if p.Owed {
			err = errors.Join(err, b.repost(ctx, id, p, read))
		}
	}
	if err != nil {
		b.even.Delete(id)
		b.log.ErrorContext(ctx, "posted messages are still owed to their channels", "club", id, "cause", err)
	}
	return err
}
