package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"dogear/bot/library"
)

// change works a change out from a club's library as it stands and makes it;
// where somebody else was faster, it is worked out anew. What the change covers
// is then edited out of what was posted.
func (b *Bot) change(ctx context.Context, id ClubID, work func(*club) (Change, error)) error {
	if id == SampleClub {
		return errSample
	}
	const tries = 20
	for range tries {
		c, err := b.newest(ctx, id)
		if err != nil {
			return err
		}
		change, err := work(c)
		if err != nil || change.isEmpty() {
			return err
		}
		change.Base = c.version
		if !change.Entry.IsZero() {
			change.Entry.When = b.now()
		}
		version, err := b.store.Change(ctx, id, change)
		if errors.Is(err, ErrStale) {
			continue
		}
		if err != nil {
			return fmt.Errorf("write library: %w", err)
		}
		return b.changed(ctx, id, c, change, version)
	}
	return fmt.Errorf("write library: %w", ErrStale)
}

// changed takes over a change that was made, and edits what was posted. That it
// was made stands, whatever happens here.
func (b *Bot) changed(ctx context.Context, id ClubID, before *club, change Change, version Version) error {
	s := b.slot(id)
	if b.poster(id) == nil && len(change.PutSources) > len(before.sources) && s.club.CompareAndSwap(before, nil) {
		// Most of it is new, and nobody may ask before this process ends.
		return nil
	}
	if after, _ := s.follow(before, change, version); after == nil {
		if _, err := b.club(ctx, id, version); err != nil {
			b.log.ErrorContext(ctx, "a changed library was not read again", "club", id, "cause", err)
			return nil
		}
	}
	_ = b.settle(ctx, id, before) // that the change was made stands
	return nil
}

func (c Change) isEmpty() bool {
	return len(c.RemoveBooks)+len(c.RemoveOverlays)+len(c.RemoveSources)+len(c.RemoveProposals)+len(c.RemoveRulings)+
		len(c.PutBooks)+len(c.PutOverlays)+len(c.PutSources)+len(c.PutProposals)+len(c.PutRulings) == 0 && c.Settings == nil
}

// after returns the club as it is after a change, without reading it again; nil
// where it has to be: what is known of a book decides every label.
func (c *club) after(change Change, version Version) *club {
	if len(change.RemoveBooks)+len(change.PutBooks)+len(change.RemoveOverlays)+len(change.PutOverlays) > 0 {
		return nil
	}
	next := *c
	next.version = version
	next.sources, next.proposals, next.rulings = maps.Clone(c.sources), maps.Clone(c.proposals), maps.Clone(c.rulings)
	ruled := map[library.SourceID]bool{}
	if change.Settings != nil {
		next.settings = *change.Settings
	}
	for _, id := range change.RemoveProposals {
		delete(next.proposals, id)
	}
	for _, p := range change.PutProposals {
		next.proposals[p.Source.ID] = p
	}
	for _, name := range change.RemoveRulings {
		next.lift(name)
		ruled[name.Source()] = true
	}
	for _, r := range change.PutRulings {
		next.rule(r)
		ruled[r.Source] = true
	}
	for _, id := range change.RemoveSources {
		next.remove(id)
	}
	for _, src := range change.PutSources {
		next.put(src)
		delete(ruled, src.ID)
	}
	for id := range ruled {
		if s := next.sources[id]; s != nil {
			next.show(s.labelled)
		}
	}
	next.order()
	return &next
}
