package bot

import (
	"context"

	"dogear/bot/reply"
)

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
