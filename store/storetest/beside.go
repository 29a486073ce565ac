package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// beside: what one process has done is there for another at once.
func beside(t *testing.T, fresh Maker) {
	made := fresh(t)
	if made.Beside == nil {
		t.Skip("one process alone has this store")
	}
	hands := made.hands()
	for i := range 30 {
		n := spoiler.Position(i + 1)
		one, other := hands[i%len(hands)], hands[(i+1)%len(hands)]
		id := fmt.Sprint("s", i)
		at := bot.Seat{Club: "c", Reader: "r", Channel: "h"}
		was := look(t, one, at)

		mark := move(t, one, "r", emma, ahead(n))
		same(t, "place", look(t, other, at).Reader.Bookmarks[emma], mark)
		veil := []reply.Veil{reply.Hide, reply.Tag, reply.Show}[i%3]
		must(t, one.SetVeil(bg, at, emma, veil))
		same(t, "veil", look(t, other, at).Reader.Veils[emma], veil)
		must(t, one.SetChannel(bg, "c", "h", was.Channel, bot.Channel{Pace: n}))
		same(t, "channel", look(t, other, at).Channel, bot.Channel{Pace: n})

		stub := bot.Stub{Reader: "r", Command: id, Expires: today.Add(time.Hour)}
		must(t, one.Issue(bg, "c", reply.Ticket(id), stub))
		got, err := other.Ticket(bg, "c", reply.Ticket(id), today)
		must(t, err)
		same(t, "ticket", got, stub)
		kept := post("h", bot.MessageID(id), library.SourceID(id))
		must(t, one.Post(bg, "c", kept))
		posted, err := other.Posts(bg, "c", library.SourceID(id), today)
		must(t, err)
		same(t, "posts", posted, []bot.Post{kept})
		must(t, one.Tally(bg, "c", map[library.SentenceID]int{"a.1": 1}))
		counts, err := other.Tallies(bg, "c")
		must(t, err)
		same(t, "tallies", counts, map[library.SentenceID]int{"a.1": i + 1})

		before := standing(t, other, "c")
		c := everything(t)
		c.Base, c.Entry = before.Version, bot.Entry{By: "r", What: "import", Count: i}
		c.PutSources = append(c.PutSources, Source(library.SourceID(id), 2))
		version, err := one.Change(bg, "c", c)
		must(t, err)
		same(t, "version", versionOf(t, other, "c"), version)
		after := standing(t, other, "c")
		sameShelf(t, after, applied(before, c, version))
		same(t, "log", log(t, other, "c", 1), []bot.Entry{c.Entry})
		if told := leads(t, other, "c", before, after); !told && made.Tells && i > 0 {
			t.Error("the other process can't tell what has changed")
		}
		if v, err := other.Change(bg, "c", c); !errors.Is(err, bot.ErrStale) {
			t.Errorf("changed from the same version: %v, %v; want ErrStale", v, err)
		}
		_, records := dump(t, other, "c")
		_, again := dump(t, one, "c")
		sameRecords(t, again, records)

		if i%7 == 6 {
			must(t, one.Forget(bg, "r"))
			same(t, "forgotten", look(t, other, at).Reader, bot.Reader{})
			if _, err := other.Ticket(bg, "c", reply.Ticket(id), today); !errors.Is(err, bot.ErrNotFound) {
				t.Errorf("a forgotten reader's ticket: %v, want ErrNotFound", err)
			}
			in, err := other.Clubs(bg, "r")
			must(t, err)
			same(t, "clubs", in, nil)
		}
	}
	// One that is closed takes nothing from the others.
	must(t, hands[0].Close())
	move(t, hands[1], "r", emma, ahead(99))
	same(t, "place", place(t, hands[2], "r", emma).At, 99)
}

// watch: a process hears of what another has changed, one thing at a time.
func watch(t *testing.T, fresh Maker) {
	made := fresh(t)
	if made.Beside == nil {
		t.Skip("one process alone has this store")
	}
	hands := made.hands()
	ctx, cancel := context.WithCancel(bg)
	defer cancel()
	heard, ended := make(chan bot.ClubID, 1000), make(chan error, 1)
	var calls atomic.Int32
	go func() {
		ended <- hands[0].Watch(ctx, func(club bot.ClubID) {
			if calls.Add(1) > 1 {
				t.Error("two calls at a time")
			}
			time.Sleep(time.Millisecond)
			calls.Add(-1)
			select {
			case heard <- club:
			default:
			}
		})
	}()
	for _, id := range []string{"c", "", "a\x00b", "{a}", "🙂 ", "\n"} {
		club := bot.ClubID(id)
		const bound = 20 * time.Second
		began := time.Now()
		for told := false; !told; {
			// It may not have begun to listen yet: a call may never come.
			change(t, hands[1], club, bot.Change{PutSources: []library.Source{Source("s", 1)}})
			for wait := time.After(50 * time.Millisecond); wait != nil; {
				select {
				case got := <-heard:
					told = told || got == club
				case err := <-ended:
					t.Fatalf("the watch has ended: %v", err)
				case <-wait:
					wait = nil
				}
			}
			if time.Since(began) > bound {
				t.Fatalf("nothing is heard of a change of %q", club)
			}
		}
	}
	cancel()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Fatal("a watch does not end with its context")
	}
	for len(heard) > 0 {
		<-heard
	}
	change(t, hands[1], "c", bot.Change{})
	time.Sleep(50 * time.Millisecond)
	same(t, "what is heard after the end", len(heard), 0)
}

// watchEnds: with its context, whatever it does then, and leaves nothing behind.
func watchEnds(t *testing.T, fresh Maker) {
	made := fresh(t)
	hands := made.hands()
	run := func() {
		t.Helper()
		ctx, cancel := context.WithCancel(bg)
		defer cancel()
		ended := make(chan error, 1)
		go func() { ended <- made.Store.Watch(ctx, func(bot.ClubID) {}) }()
		change(t, hands[1], "c", bot.Change{})
		time.Sleep(5 * time.Millisecond)
		select {
		case err := <-ended:
			t.Fatalf("a watch has ended: %v", err)
		default:
		}
		cancel()
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			t.Fatal("a watch does not end with its context")
		}
	}
	run() // what a first one leaves may be kept for the others
	before := runtime.NumGoroutine()
	const watches = 20
	for range watches {
		run()
	}
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		left := runtime.NumGoroutine() - before
		if left < watches/2 {
			break
		}
		if time.Since(began) > 20*time.Second {
			t.Fatalf("%d watches have left %d goroutines", watches, left)
		}
	}
	ctx, cancel := context.WithCancel(bg)
	cancel()
	ended := make(chan error, 1)
	go func() { ended <- made.Store.Watch(ctx, func(bot.ClubID) {}) }()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a watch whose context had ended: %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("a watch whose context had ended goes on")
	}
}
