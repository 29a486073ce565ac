package bot_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dogear/bot"
	"dogear/bot/reply"
)

// writing is a store that takes its time over tickets.
type writing struct {
	bot.Store
	may         chan struct{} // closed when a ticket may be kept
	begun, kept atomic.Int32
}

func (w *writing) Issue(ctx context.Context, club bot.ClubID, id reply.Ticket, stub bot.Stub) error {
	w.begun.Add(1)
	<-w.may
	defer w.kept.Add(1)
	return w.Store.Issue(ctx, club, id, stub)
}

// TestTicketOnItsWay opens what an answer covers before the store has its
// ticket; whoever ends the process, exports or forgets waits for it, for as long
// as they can.
func TestTicketOnItsWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tb := newTable(t)
		w := &writing{Store: tb.store, may: make(chan struct{})}
		tb.bot = bot.New(w, tb.slog())
		asked := tb.say("ann", "what happens to tommy on his donation")
		if len(asked.tickets) == 0 {
			t.Fatalf("nothing is covered:\n%s", asked.out.String())
		}
		reveal := func(reader bot.ReaderID, ticket reply.Ticket) *plainly {
			return tb.handle(bot.Request{Seat: seat(reader), Command: "reveal", Options: map[string]string{"ticket": string(ticket)}, Confirmed: true})
		}
		tb.want(reveal("ann", asked.tickets[0]), "quote: "+late)
		tb.never(reveal("bob", asked.tickets[0]), "Tommy")
		tb.never(reveal("ann", asked.tickets[0]+"1"), "Tommy")

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		tb.bot.Flush(ctx)
		if ctx.Err() == nil {
			t.Error("Flush does not wait for a ticket")
		}
		forget := bot.Request{Seat: seat("ann"), Command: "privacy forget", Confirmed: true, Options: map[string]string{}}
		began := time.Now()
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if out := told(tb.bot.Handle(short, forget)); !strings.Contains(out, neutral) || time.Since(began) != time.Second {
			t.Errorf("forgotten while their ticket is on its way, after %v: %s", time.Since(began), out)
		}
		var ends sync.WaitGroup
		ends.Go(func() { tb.bot.Flush(t.Context()) })
		ends.Go(func() {
			if out := told(tb.bot.Handle(t.Context(), forget)); !strings.Contains(out, "Forgotten") {
				t.Errorf("forget: %s", out)
			}
		})
		synctest.Wait()
		if w.kept.Load() != 0 {
			t.Error("the ticket is kept already")
		}
		close(w.may)
		ends.Wait()
		if w.kept.Load() == 0 || w.kept.Load() != w.begun.Load() {
			t.Errorf("%d of %d tickets are kept", w.kept.Load(), w.begun.Load())
		}
		tb.never(reveal("ann", asked.tickets[0]), "Tommy")
		if _, records, err := tb.store.Dump(t.Context(), "club"); err != nil || strings.Contains(fmt.Sprintf("%s", records), "on his donation") {
			t.Errorf("what a forgotten reader asked is kept (%v)", err)
		}
	})
}

// TestFlushMeanwhile flushes while readers go on asking.
func TestFlushMeanwhile(t *testing.T) {
	tb := newTable(t)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for range 200 {
				tb.bot.Handle(t.Context(), bot.Request{Seat: seat(bot.ReaderID(fmt.Sprint(i))), Command: "reviews read", Options: map[string]string{"review": "1"}})
			}
		})
		all.Go(func() {
			for range 200 {
				tb.bot.Flush(t.Context())
			}
		})
	}
	all.Wait()
	if out := tb.log.String(); out != "" {
		t.Errorf("the log: %s", out)
	}
}
