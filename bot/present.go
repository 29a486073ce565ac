package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Present takes the complete list of the clubs of a platform that have dogear
// now. One that the store knows and that is not among them is noted as gone;
// once it has been for as long as after, all that is kept of it is removed. It is
// to be called every hour or so; several processes may. A platform is how the
// IDs of its clubs begin. Where after is 0 or less, nothing is ever removed.
//
// Nothing more is removed after an error. A list without any club, where the
// store knows several, is one: it is more likely that the listing went wrong.
func (b *Bot) Present(ctx context.Context, platform string, clubs []ClubID, after time.Duration) error {
	if err := b.present(ctx, platform, clubs, after); err != nil {
		return fmt.Errorf("look for clubs that are gone: %w", err)
	}
	return nil
}

func (b *Bot) present(ctx context.Context, platform string, clubs []ClubID, after time.Duration) error {
	here := map[ClubID]bool{}
	for _, id := range clubs {
		here[id] = true
		if !strings.HasPrefix(string(id), platform) {
			return errors.New("a club in the list is another platform's")
		}
	}
	if platform == "" {
		return errors.New("the platform has no name")
	}
	known, err := b.store.Known(ctx, platform)
	if err != nil {
		return err
	}
	if len(clubs) == 0 && len(known) > 1 {
		return fmt.Errorf("the list is empty, and the store knows %d clubs", len(known))
	}
	gone, err := b.store.Gone(ctx, platform)
	if err != nil {
		return err
	}
	for id, since := range gone {
		if here[id] && !since.IsZero() {
			if _, err := b.store.SetGone(ctx, id, time.Time{}); err != nil {
				return err
			}
			delete(gone, id)
		}
	}
	now := b.now().Round(0) // the wall clock's time: that is what the store holds
	since := b.presentAt(now)
	for _, id := range known {
		if _, noted := gone[id]; noted || here[id] {
			continue
		}
		news, err := b.store.SetGone(ctx, id, since)
		if err != nil {
			return err
		}
		if news {
			b.noteGone(id, since, after)
		}
	}
	if after <= 0 {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(gone)) {
		if now.Sub(gone[id]) < after {
			continue
		}
		if err := b.purge(ctx, platform, id, gone[id], now); err != nil {
			return err
		}
	}
	return nil
}

// presentAt returns when a club is noted as gone that is missing now: at the
// latest time that Present was called at. A clock that went back would have it
// gone for longer, as soon as it goes right again.
func (b *Bot) presentAt(now time.Time) time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.latest.Before(now) {
		b.latest = now
	}
	return b.latest
}

func (b *Bot) noteGone(id ClubID, since time.Time, after time.Duration) {
	if after <= 0 {
		b.log.Warn("a club has removed dogear; its data stays", "club", id)
		return
	}
	b.log.Warn("a club has removed dogear; its data will go", "club", id, "on", since.Add(after).UTC().Format(time.DateOnly))
}

// purge removes all that is kept of a club, unless another process has seen it
// come back meanwhile.
func (b *Bot) purge(ctx context.Context, platform string, id ClubID, since, now time.Time) error {
	gone, err := b.store.Gone(ctx, platform)
	if err != nil {
		return err
	}
	if stands, noted := gone[id]; !noted || !stands.Equal(since) && !stands.IsZero() {
		return nil
	}
	b.lose(id) // what is counted here is not to come after
	if err := b.store.Purge(ctx, id); err != nil {
		return err
	}
	b.lose(id)
	if since.IsZero() { // one that had been cut off has lost since when
		b.log.Warn("the rest of a club's data was removed", "club", id)
		return nil
	}
	b.log.Warn("a club's data was removed", "club", id, "gone", now.Sub(since).Round(time.Second).String())
	return nil
}

// lose drops what this process holds of a club.
func (b *Bot) lose(id ClubID) {
	b.untally(id)
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.clubs, id)
}
