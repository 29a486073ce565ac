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
// A club that is not in the list and has asked this process something since it
// was noted is there all the same: on some platforms a bot answers where it is
// listed nowhere, and a list is older than what has happened since.
//
// Nothing more is removed after an error. A list with none of the clubs that the
// store knows, where those are several, is one: it is more likely that the
// listing went wrong, or is another bot's.
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
	if len(known) > 1 && !slices.ContainsFunc(known, func(id ClubID) bool { return here[id] }) {
		return fmt.Errorf("the list has %d clubs, and none of the %d that the store knows", len(clubs), len(known))
	}
	gone, err := b.store.Gone(ctx, platform)
	if err != nil {
		return err
	}
	return b.settleGone(ctx, roll{platform, known, gone, here}, after)
}

// Departed is Present for a platform that learns of one club at a time: it notes
// that a club has removed dogear, or with a false gone that it is there again;
// once it has been gone for as long as after, all that is kept of it is removed.
// It is to be called when that happens and, of a club that is gone, every hour or
// so; several processes may. Where after is 0 or less, nothing is ever removed.
func (b *Bot) Departed(ctx context.Context, club ClubID, gone bool, after time.Duration) error {
	if err := b.departed(ctx, club, gone, after); err != nil {
		return fmt.Errorf("look whether a club is gone: %w", err)
	}
	return nil
}

func (b *Bot) departed(ctx context.Context, club ClubID, isGone bool, after time.Duration) error {
	if club == "" {
		return errors.New("the club has no name")
	}
	r := roll{prefix: string(club), gone: map[ClubID]time.Time{}, here: map[ClubID]bool{club: !isGone}}
	known, err := b.store.Known(ctx, r.prefix)
	if err != nil {
		return err
	}
	noted, err := b.store.Gone(ctx, r.prefix)
	if err != nil {
		return err
	}
	// Other clubs' names may begin like this one's.
	if slices.Contains(known, club) {
		r.known = []ClubID{club}
	}
	if since, ok := noted[club]; ok {
		r.gone[club] = since
	}
	return b.settleGone(ctx, r, after)
}

// Overdue removes what is kept of those clubs of a platform that were noted as gone
// as long ago as after. It is for a platform that can't say any more which of them
// it is in. Where after is 0 or less, nothing is ever removed; nor where the store
// knows several clubs of the platform: the others are other processes' to remove.
func (b *Bot) Overdue(ctx context.Context, platform string, after time.Duration) error {
	known, err := b.store.Known(ctx, platform)
	var gone map[ClubID]time.Time
	if err == nil {
		gone, err = b.store.Gone(ctx, platform)
	}
	if err == nil && len(known) <= 1 {
		err = b.settleGone(ctx, roll{prefix: platform, gone: gone}, after)
	}
	if err != nil {
		return fmt.Errorf("look for clubs that have been gone for long: %w", err)
	}
	return nil
}

// roll is what there is to say of some clubs, whose IDs begin alike.
type roll struct {
	prefix string
	known  []ClubID             // to the store
	gone   map[ClubID]time.Time // as the store has noted it
	here   map[ClubID]bool      // as the platform says
}

// settleGone notes who has gone and who is there again, and removes what is kept
// of those that have been gone for as long as after.
func (b *Bot) settleGone(ctx context.Context, r roll, after time.Duration) error {
	for id, since := range r.gone {
		if !since.IsZero() && (r.here[id] || b.askedSince(id, since)) {
			r.here[id] = true
			if _, err := b.store.SetGone(ctx, id, time.Time{}); err != nil {
				return err
			}
			delete(r.gone, id)
		}
	}
	now := b.now().Round(0) // the wall clock's time: that is what the store holds
	since := b.presentAt(now)
	for _, id := range r.known {
		if _, noted := r.gone[id]; noted || r.here[id] {
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
	for _, id := range slices.Sorted(maps.Keys(r.gone)) {
		if now.Sub(r.gone[id]) < after {
			continue
		}
		if err := b.purge(ctx, r.prefix, id, r.gone[id], now); err != nil {
			return err
		}
	}
	return nil
}

// presentAt returns when a club is noted as gone that is missing now: at the
// latest time that Present or Departed was called at. A clock that went back would have it
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

// askedSince reports whether a club has asked this process something.
func (b *Bot) askedSince(id ClubID, since time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.clubs[id]
	return s != nil && s.asked.Load() > since.UnixNano()
}

// purge removes all that is kept of a club, unless it has come back meanwhile.
func (b *Bot) purge(ctx context.Context, platform string, id ClubID, since, now time.Time) error {
	gone, err := b.store.Gone(ctx, platform)
	if err != nil {
		return err
	}
	if stands, noted := gone[id]; !noted || !stands.Equal(since) && !stands.IsZero() {
		return nil // another process has seen it
	}
	if !since.IsZero() && b.askedSince(id, since) {
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
