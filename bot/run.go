package bot

import (
	"context"
	"errors"
	"slices"
	"time"
)

// keepEvery is how often Run looks after what no message told it of.
const keepEvery = time.Minute

// Run keeps the libraries that this process holds as new as the store has
// them, so that no reader waits for that, and edits what was posted of what has
// been covered since, by whichever process and be it while none was there,
// until ctx ends. Answers don't hang on it: none comes from a library older than
// the store's, but where the store can't be asked, for a while (see blindly).
func (b *Bot) Run(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.watch(ctx)
	}()
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	resting := map[ClubID]rest{}
	for {
		for _, id := range b.toLookAfter(ctx) {
			if resting[id].until.After(time.Now()) {
				continue
			}
			if b.lookAfter(ctx, id) == nil {
				delete(resting, id)
			} else {
				resting[id] = resting[id].again()
			}
			b.flush(ctx, id)
		}
		select {
		case <-ctx.Done():
			<-done
			return
		case <-tick.C:
		}
	}
}

// toLookAfter returns the clubs of which this process holds a library, and those
// that it can edit posts of.
func (b *Bot) toLookAfter(ctx context.Context) []ClubID {
	ids := b.knownClubs()
	if len(b.posters) > 0 {
		owing, err := b.store.Owing(ctx)
		if err != nil && ctx.Err() == nil {
			b.log.Warn("whether posts are to be edited is not known", "cause", err)
		}
		ids = append(ids, slices.DeleteFunc(owing, func(id ClubID) bool { return b.poster(id) == nil })...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// rest is how long a club is left alone of which something could not be done:
// twice as long each time, so that what can never be done is no burden.
type rest struct {
	until time.Time
	last  time.Duration
}

const longestRest = time.Hour

func (r rest) again() rest {
	r.last = min(max(2*r.last, keepEvery/2), longestRest)
	r.until = time.Now().Add(r.last)
	return r
}

// watch looks after each club of which the store says that another process has
// changed it. A store that can't say so for the moment is asked again.
func (b *Bot) watch(ctx context.Context) {
	for ctx.Err() == nil {
		err := b.store.Watch(ctx, func(id ClubID) { _ = b.lookAfter(ctx, id) })
		if ctx.Err() != nil {
			return
		}
		b.log.Error("what other processes change is not heard of", "cause", err)
		select {
		case <-ctx.Done():
		case <-time.After(keepEvery):
		}
	}
}

// lookAfter reads a club's library where this process holds it, settles, and
// edits what is owed to channels.
// What fails is in the log.
func (b *Bot) lookAfter(ctx context.Context, id ClubID) error {
	ctx, _ = withRequestID(ctx) // so that its lines are found together
	before := b.known(id)
	if before != nil {
		if _, err := b.newest(ctx, id); err != nil {
			if !errors.Is(err, context.Canceled) {
				b.log.WarnContext(ctx, "a library was not read again", "club", id, "cause", err)
			}
			return err
		}
	}
	return errors.Join(b.settle(ctx, id, before), b.editOwed(ctx, id))
}
