package redis

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/store/storetest"
)

const (
	loadWriters = 16
	loadStores  = 4 // as many processes, each with a quarter of the writers
	loadClubs   = 2
	loadPause   = 2 * time.Millisecond // after a call that failed: a breaker says so at once
	patience    = 2 * time.Minute
)

var loadBook = bot.BookKey{Book: "emma"}

// load is writers that update a store without a pause, a watcher that looks at
// places all the time, and what all of them were told.
type load struct {
	stores  []*Store
	calm    *Store // for what is looked at in the end
	writers []*writer
	stop    context.CancelFunc
	running sync.WaitGroup

	looks  atomic.Int64 // by the watcher
	back   atomic.Int64 // places below what was acknowledged before they were asked for
	unseen atomic.Int64 // places below what was seen before
	heard  [loadClubs]atomic.Int64
	last   atomic.Int64 // when anything was acknowledged
	outage atomic.Int64 // the longest time that nothing was
}

// writer moves one reader on, a chapter an update, and makes other updates of
// one kind in between. An update that failed may have been made: the same place
// is asked for again, and anything else under another name.
type writer struct {
	*Store
	kind  int
	seat  bot.Seat
	place atomic.Int64 // acknowledged
	turns atomic.Int64 // in which all was acknowledged
	ahead int64        // asked for

	acked    []acked
	channel  spoiler.Position // the pace acknowledged
	asked    spoiler.Position // and asked for
	gone     int              // paces acknowledged that were found to be gone
	counted  int              // tallies acknowledged
	counting int              // and asked for
	errs     map[string]int
}

// acked is a record that was acknowledged, and at which version of the library.
type acked struct {
	kind    bot.RecordKind
	id      string
	version bot.Version
}

func startLoad(t *testing.T, url string, options Options) *load {
	t.Helper()
	options.Prefix = fmt.Sprintf("test%d:", made.Add(1))
	l := &load{calm: open(t, url, Options{Prefix: options.Prefix})}
	options.Timeout = defaultTimeout // or it waits for those that are gone
	ctx, stop := context.WithCancel(context.Background())
	l.stop = stop
	t.Cleanup(func() {
		if l.end(); t.Failed() {
			l.logErrors(t)
		}
	})
	for range loadStores {
		l.stores = append(l.stores, open(t, url, options))
	}
	l.last.Store(time.Now().UnixNano())
	for i := range loadWriters {
		w := &writer{Store: l.stores[i%loadStores], kind: i / (loadWriters / 4), errs: map[string]int{}}
		w.seat = bot.Seat{Club: loadClub(i), Reader: bot.ReaderID(fmt.Sprint("reader", i)), Channel: bot.ChannelID(fmt.Sprint("channel", i))}
		l.writers = append(l.writers, w)
		l.running.Go(func() { l.write(ctx, w) })
	}
	l.running.Go(func() { l.look(ctx) })
	for _, s := range l.stores[:1] {
		l.running.Go(func() {
			err := s.Watch(ctx, func(club bot.ClubID) {
				for i := range loadClubs {
					if club == loadClub(i) {
						l.heard[i].Add(1)
					}
				}
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("Watch ended: %v", err)
			}
		})
	}
	return l
}

func loadClub(i int) bot.ClubID { return bot.ClubID(fmt.Sprint("club", i%loadClubs)) }

// end ends the load; what it was told may be read then.
func (l *load) end() {
	l.stop()
	l.running.Wait()
}

func (l *load) write(ctx context.Context, w *writer) {
	for n := 1; ctx.Err() == nil; n++ {
		err := w.move(l)
		if err == nil {
			err = w.more(l, fmt.Sprintf("%s.%d", w.seat.Reader, n))
		}
		if err != nil {
			w.errs[err.Error()]++
			time.Sleep(loadPause)
			continue
		}
		w.turns.Add(1)
	}
}

// told notes that an update was acknowledged.
func (l *load) told() {
	now := time.Now().UnixNano()
	if d := now - l.last.Swap(now); d > l.outage.Load() {
		l.outage.Store(d)
	}
}

func (w *writer) move(l *load) error {
	w.ahead = w.place.Load() + 1
	mark, err := w.Move(context.Background(), w.seat, loadBook, bot.Move{How: bot.Advance, To: spoiler.Position(w.ahead), Now: time.Now()})
	if err == nil && int64(mark.At) != w.ahead {
		return fmt.Errorf("a place that was asked for is %d", int64(mark.At)-w.ahead)
	}
	if err == nil {
		w.place.Store(w.ahead)
		l.told()
	}
	return err
}

// more makes an update of the writer's kind, under a name that is new.
func (w *writer) more(l *load, id string) (err error) {
	ctx, in, soon := context.Background(), w.seat.Club, time.Now().Add(time.Hour)
	note := func(kind bot.RecordKind, id string, version bot.Version) {
		if err == nil {
			w.acked = append(w.acked, acked{kind, id, version})
			l.told()
		}
	}
	switch w.kind {
	case 0: // several records, of several kinds
		change := bot.Change{
			Base: bot.AnyVersion, PutSources: []library.Source{storetest.Source(library.SourceID(id), 1)},
			PutRulings: []bot.Ruling{{Sentence: library.SentenceID(id)}}, Entry: bot.Entry{What: id, By: w.seat.Reader},
		}
		var version bot.Version
		version, err = w.Change(ctx, in, change)
		note(bot.SourceRecord, id, version)
	case 1:
		post := bot.Post{Channel: w.seat.Channel, Message: bot.MessageID(id), Asker: w.seat.Reader, Holds: []bot.Ref{{Source: "s"}}, Expires: soon}
		err = w.Post(ctx, in, post)
		note(bot.PostRecord, post.RecordID(), bot.Version{})
		if err == nil {
			w.counting++
			if err = w.Tally(ctx, in, map[library.SentenceID]int{"a": 1, "b": 1}); err == nil {
				w.counted++
			}
		}
	case 2:
		err = w.Issue(ctx, in, reply.Ticket(id), bot.Stub{Reader: w.seat.Reader, Expires: soon})
		note(bot.TicketRecord, id, bot.Version{})
	case 3:
		if err = w.pace(ctx); err != nil {
			return err
		}
		// One whom the club did not know.
		at := bot.Seat{Club: in, Reader: bot.ReaderID(id)}
		_, err = w.Move(ctx, at, loadBook, bot.Move{How: bot.Advance, To: 1, Now: time.Now()})
		note(bot.ReaderRecord, id, bot.Version{})
	}
	return err
}

// pace sets the writer's channel a pace on from what it is found to be. What an
// update that failed has made of it may be gone again.
func (w *writer) pace(ctx context.Context) error {
	v, err := w.Look(ctx, bot.Visit{Seat: w.seat})
	if err != nil {
		return err
	}
	w.paced(v.Channel.Pace)
	w.asked = max(w.asked, v.Channel.Pace+1)
	if err := w.SetChannel(ctx, w.seat.Club, w.seat.Channel, v.Channel, bot.Channel{Pace: v.Channel.Pace + 1}); err != nil {
		return err
	}
	w.channel = v.Channel.Pace + 1
	return nil
}

// paced notes what was acknowledged of a channel and is gone.
func (w *writer) paced(found spoiler.Position) {
	if found < w.channel {
		w.gone += int(w.channel - found)
		w.channel = found
	}
}

// look reads places all the time.
func (l *load) look(ctx context.Context) {
	seen := map[int]int64{}
	for n := 0; ctx.Err() == nil; n++ {
		i := n % loadWriters
		w := l.writers[i]
		before := w.place.Load()
		v, err := l.stores[n%3].Look(context.Background(), bot.Visit{Seat: bot.Seat{Reader: w.seat.Reader}})
		if err != nil {
			time.Sleep(loadPause)
			continue
		}
		l.looks.Add(1)
		at := int64(v.Reader.Bookmarks[loadBook].At)
		if at < before {
			l.back.Add(1)
		}
		if at < seen[i] {
			l.unseen.Add(1)
		}
		seen[i] = at
	}
}

// goesOn waits until every writer has made so many updates from now on.
func (l *load) goesOn(t *testing.T, n int64) {
	t.Helper()
	var turns [loadWriters]int64
	for i, w := range l.writers {
		turns[i] = w.turns.Load()
	}
	until(t, "updates go on", func() error {
		for i, w := range l.writers {
			if w.turns.Load() < turns[i]+1+n { // one may have begun before
				return fmt.Errorf("writer %d is stuck", i)
			}
		}
		return nil
	})
}

// hears waits until changes of every club are heard of from now on.
func (l *load) hears(t *testing.T) {
	t.Helper()
	var heard [loadClubs]int64
	for i := range heard {
		heard[i] = l.heard[i].Load()
	}
	until(t, "changes are heard of", func() error {
		for i := range heard {
			if l.heard[i].Load() == heard[i] {
				return fmt.Errorf("no change of club %d is heard of", i)
			}
		}
		return nil
	})
}

// until waits for cond to have no more objection.
func until(t *testing.T, what string, cond func() error) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		err := cond()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: not in %v: %v", what, patience, err)
		}
	}
}
