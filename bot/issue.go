package bot

import (
	"context"
	"errors"
	"time"

	"dogear/bot/reply"
)

// errSeen ends a request whose event was handled before.
var errSeen = errors.New("this was delivered before")

// issued names a ticket of a club.
type issued struct {
	club ClubID
	id   reply.Ticket
}

// pending is a ticket on its way to the store.
type pending struct {
	Stub
	over chan struct{} // closed when it is there, or will never be
}

// keep puts a ticket into the store, while its reply is already on its way to
// the reader. A ticket that cannot be kept opens nothing, which is the safe
// side.
func (b *Bot) keep(ctx context.Context, club ClubID, id reply.Ticket, stub Stub) {
	p := pending{stub, make(chan struct{})}
	b.issuing.Store(issued{club, id}, p)
	go func() {
		defer close(p.over)
		defer b.issuing.Delete(issued{club, id})
		if err := b.store.Issue(context.WithoutCancel(ctx), club, id, stub); err != nil {
			b.log.ErrorContext(ctx, "a ticket was not kept", "club", club, "cause", err)
		}
	}()
}

// issuedAll waits for the tickets that are now on their way to the store.
func (b *Bot) issuedAll(ctx context.Context) (err error) {
	b.issuing.Range(func(_, p any) bool {
		select {
		case <-p.(pending).over:
		case <-ctx.Done():
			err = ctx.Err()
		}
		return err == nil
	})
	return err
}

// stub returns what a club's ticket stands for; ErrNotFound where there is none
// or it has expired.
func (b *Bot) stub(ctx context.Context, club ClubID, id reply.Ticket) (Stub, error) {
	if p, ok := b.issuing.Load(issued{club, id}); ok {
		return p.(pending).Stub, nil
	}
	return b.store.Ticket(ctx, club, id, b.now())
}

// LimitTo says how often each reader may ask; it is to be called before the
// first request. Without it there is no limit.
func (b *Bot) LimitTo(r Rate) { b.rate = r }

// keepEvery is how often Run looks after what no message told it of.
const keepEvery = time.Minute

// Run keeps the libraries that this process holds as new as the store has
// them, so that no reader waits for that, and edits what was posted of what has
// been covered since, by whichever process, until ctx ends. Answers don't hang
// on it: none comes from a library older than the store's.
func (b *Bot) Run(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := b.store.Watch(ctx, func(id ClubID) { b.lookAfter(ctx, id) }); err != nil && ctx.Err() == nil {
			b.log.Error("what other processes change is not heard of any more", "cause", err)
		}
	}()
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			<-done
			return
		case <-tick.C:
			for _, id := range b.knownClubs() {
				b.lookAfter(ctx, id)
				b.flush(ctx, id)
			}
		}
	}
}

// lookAfter reads a club's library where this process holds it, and settles.
func (b *Bot) lookAfter(ctx context.Context, id ClubID) {
	ctx, _ = withRequestID(ctx) // so that its lines are found together
	before := b.known(id)
	if before != nil {
		if _, err := b.newest(ctx, id); err != nil {
			b.log.WarnContext(ctx, "a library was not read again", "club", id, "cause", err)
			return
		}
	}
	b.settle(ctx, id, before)
}
