package bot

import (
	"context"
	"fmt"

	"dogear/bot/reply"
)

// issued names a ticket of a club.
type issued struct {
	club ClubID
	id   reply.Ticket
}

// keep puts a ticket into the store, while its reply is already on its way to
// the reader. A ticket that cannot be kept opens nothing, which is the safe
// side.
func (b *Bot) keep(ctx context.Context, club ClubID, id reply.Ticket, stub Stub) {
	b.issuing.Store(issued{club, id}, stub)
	b.behind(func() {
		defer b.issuing.Delete(issued{club, id})
		if err := b.store.Issue(context.WithoutCancel(ctx), club, id, stub); err != nil {
			b.log.ErrorContext(ctx, "a ticket was not kept", "club", club, "cause", err)
		}
	})
}

// behind does what no reader has to wait for.
func (b *Bot) behind(do func()) {
	over := make(chan struct{})
	b.under.Store(over, nil)
	go func() {
		defer close(over)
		defer b.under.Delete(over)
		defer func() {
			if p := recover(); p != nil { // there is no request that it could end
				b.log.Error("what goes on behind replies failed", "cause", fmt.Sprintf("panic: %T", p))
			}
		}()
		do()
	}()
}

// caughtUp waits until all that now goes on behind replies is over.
func (b *Bot) caughtUp(ctx context.Context) (err error) {
	b.under.Range(func(over, _ any) bool {
		select {
		case <-over.(chan struct{}):
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
	if stub, ok := b.issuing.Load(issued{club, id}); ok {
		return stub.(Stub), nil
	}
	return b.store.Ticket(ctx, club, id, b.now())
}
