package bot_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/store"
	"dogear/store/storetest"
)

const (
	prose   = "how is the prose?"
	quiet   = "quote: The prose is quiet and precise."
	neutral = "Something went wrong on my side"
)

// memory opens a store that keeps nothing after the test.
func memory(t testing.TB) bot.Store {
	t.Helper()
	s, err := store.Open(context.Background(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// processes are tables in one club, each with a process of its own on the same
// store.
func processes(t *testing.T, n int, open func() bot.Store) (all []*table) {
	t.Helper()
	first := newTable(t)
	version, records, err := first.store.Dump(t.Context(), "club")
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		tb := &table{T: t, store: open()}
		tb.bot = bot.New(tb.store, tb.slog())
		t.Cleanup(func() { tb.bot.Flush(context.Background()) })
		all = append(all, tb)
	}
	if err := all[0].store.Load(t.Context(), "club", version, records); err != nil {
		t.Fatal(err)
	}
	return all
}

// eachWay runs a test with processes that read a library anew after each change,
// and with some that are told what has changed.
func eachWay(t *testing.T, n int, run func(*testing.T, []*table)) {
	t.Run("read anew", func(t *testing.T) {
		s := memory(t)
		run(t, processes(t, n, func() bot.Store { return s }))
	})
	t.Run("told", func(t *testing.T) {
		run(t, processes(t, n, storetest.Serve(memory(t)).Open))
	})
}

// TestProcesses changes a club through one process: the next answer of each of
// the others has it.
func TestProcesses(t *testing.T) {
	const other = "quote: The prose is calm."
	eachWay(t, 3, func(t *testing.T, all []*table) {
		shown := func(text string, want bool) {
			t.Helper()
			for i, tb := range all {
				for _, req := range []bot.Request{
					{Seat: seat("ann"), Options: map[string]string{"question": prose}},
					{Seat: seat("ann"), Options: map[string]string{"question": prose}, Room: true},
					{Seat: seat("ann"), Command: "reviews read", Options: map[string]string{"review": "1"}},
				} {
					if out := tb.handle(req).out.String(); strings.Contains(out, text) != want {
						t.Fatalf("process %d: %q should be there: %t\n%s", i, text, want, out)
					}
				}
			}
		}
		shown(quiet, true)
		for i, tb := range all {
			answer := tb.say("ann", prose)
			tb.want(tb.handle(bot.Request{Seat: seat("bob"), Command: "report", Options: map[string]string{"ticket": string(tb.say("bob", prose).reply) + ".1"}}), "Thank you")
			shown(quiet, false)
			at := all[(i+1)%len(all)]
			at.want(at.handle(bot.Request{Seat: seat("mod"), Command: "club restore", Options: map[string]string{"reader": "bob"}, Moderator: true}), "Lifted")
			shown(quiet, true)

			// What one has answered another opens, once it is in the store.
			tb.bot.Flush(t.Context())
			at.want(at.handle(bot.Request{Seat: seat("ann"), Command: "report", Options: map[string]string{"ticket": string(answer.reply) + ".1"}}), "Thank you")
			shown(quiet, false)
			tb.want(tb.handle(bot.Request{Seat: seat("mod"), Command: "club restore", Options: map[string]string{"reader": "ann"}, Moderator: true}), "Lifted")
		}
		if _, err := all[1].bot.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{
			{Name: "r.txt", Data: []byte("A review\n\nThe prose is calm.")},
		}}); err != nil {
			t.Fatal(err)
		}
		shown(quiet, false)
		shown(other, true)
		all[2].want(all[2].handle(bot.Request{Seat: seat("mod"), Command: "club remove", Options: map[string]string{"which": "1"}, Moderator: true, Confirmed: true}), "")
		shown(other, false)
		for _, tb := range all {
			if strings.Contains(tb.log.String(), "level=ERROR") {
				t.Errorf("the log: %s", tb.log.String())
			}
		}
	})
}

// TestPlacesOfProcesses tells a place, a veil and a pace to one process: the
// others go by them at once.
func TestPlacesOfProcesses(t *testing.T) {
	eachWay(t, 3, func(t *testing.T, all []*table) {
		question := "what happens to tommy on his donation"
		for i, tb := range all {
			at := all[(i+1)%len(all)]
			tb.want(tb.handle(bot.Request{Seat: seat("ann"), Command: "progress", Options: map[string]string{"place": "finished"}, Confirmed: true}), "finished")
			at.want(at.say("ann", question), "quote: "+late)
			tb.say("ann", "progress undo")
			at.never(at.say("ann", question), "quote: "+late)
			tb.want(at.say("ann", question), "covered")
			tb.say("ann", "spoilers hide")
			at.never(at.say("ann", question), "covered")
			tb.say("ann", "spoilers tag")

			for _, place := range []string{"finished", "start"} {
				mod := bot.Request{Seat: seat("mod"), Command: "club pace", Options: map[string]string{"place": place, "book": "never-let-me-go"}, Moderator: true, Confirmed: true}
				tb.handle(bot.Request{Seat: seat("mod"), Command: "club book", Options: map[string]string{"book": "never-let-me-go"}, Moderator: true})
				tb.want(tb.handle(mod), "Saved")
				out := at.handle(bot.Request{Seat: seat("ann"), Options: map[string]string{"question": question}, Room: true})
				if strings.Contains(out.out.String(), "quote: "+late) != (place == "finished") {
					t.Errorf("with the channel at %s:\n%s", place, out.out.String())
				}
			}
		}
	})
}

// TestCatchingUp has three processes change a club at random. Each of them, when
// it has caught up with what the others did meanwhile, is byte for byte what a
// new one is.
func TestCatchingUp(t *testing.T) {
	steps := 240
	if testing.Short() {
		steps = 96
	}
	all := processes(t, 3, storetest.Serve(memory(t)).Open)
	rng := rand.New(rand.NewPCG(9, 10))
	tb := &table{T: t, store: all[0].store, bot: all[0].bot}
	tb.changeAtRandom(rng, steps, func(step int) {
		tb.bot.Flush(t.Context()) // its tickets are the others', too
		if step%24 == 23 {
			for _, one := range all {
				sameAnew(t, one.bot, bot.New(tb.store, nil), step)
			}
		}
		// For long, one does nothing and hears nothing.
		tb.bot = all[rng.IntN(2+step/48%2)].bot
	})
	for _, one := range all {
		if strings.Contains(one.log.String(), "level=ERROR") {
			t.Errorf("the log: %s", one.log.String())
		}
	}
}

// TestRemovedIsForgotten removes a review of a book that the club does not know,
// and has its author forgotten: it does not come back.
func TestRemovedIsForgotten(t *testing.T) {
	eachWay(t, 2, func(t *testing.T, all []*table) {
		one, other := all[0], all[1]
		one.say("ann", prose)
		for _, c := range []bot.Change{
			{PutSources: []library.Source{{ID: "lost", Book: "unheard of", Author: "ann", Reviewer: "Ann", Digest: "d"}}},
			{RemoveSources: []library.SourceID{"lost"}},
		} {
			c.Base = bot.AnyVersion
			if _, err := other.store.Change(t.Context(), "club", c); err != nil {
				t.Fatal(err)
			}
			one.say("ann", prose)
		}
		one.want(one.handle(bot.Request{Seat: seat("ann"), Command: "privacy forget", Options: map[string]string{"reviews": "keep"}, Confirmed: true}), "Forgotten")
		shelf, err := other.store.Shelf(t.Context(), "club")
		if err != nil || len(shelf.Sources) != 1 {
			t.Errorf("%d reviews are there (%v)", len(shelf.Sources), err)
		}
	})
}

// TestFailOver has a server lose its last changes: what it lost is shown no more,
// what it has since is, and moderators go on without a restart.
func TestFailOver(t *testing.T) {
	for _, since := range []int{0, 1, 2, 3} { // changes after two were lost
		t.Run(fmt.Sprint(since, " since"), func(t *testing.T) {
			server := storetest.Serve(memory(t))
			all := processes(t, 2, server.Open)
			one, other := all[0], all[1]
			bring := func(tb *table, name, text string) {
				t.Helper()
				if _, err := tb.bot.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{{Name: name, Data: []byte("A review\n\n" + text)}}}); err != nil {
					t.Fatal(err)
				}
			}
			bring(one, "a.txt", "The prose is calm.")
			version, records, err := one.store.Dump(t.Context(), "club")
			if err != nil {
				t.Fatal(err)
			}
			bring(one, "b.txt", "The prose is slow.")
			bring(other, "b.txt", "The prose is gentle.")
			for _, tb := range all {
				tb.want(tb.say("ann", prose), "The prose is gentle.")
				tb.bot.Flush(t.Context())
			}

			replica := memory(t)
			if err := replica.Load(t.Context(), "club", version, records); err != nil {
				t.Fatal(err)
			}
			server.FailOver(replica)
			for i := range since {
				bring(other, "c.txt", fmt.Sprintf("The prose is plain, %d.", i))
			}
			for _, tb := range all {
				answer := tb.say("ann", prose)
				tb.never(answer, "gentle")
				tb.want(answer, "The prose is calm.")
				if since > 0 {
					tb.want(answer, fmt.Sprintf("The prose is plain, %d.", since-1))
				}
			}
			sameAnew(t, one.bot, bot.New(one.store, nil), since)
			for _, tb := range all {
				var p plainly
				tb.bot.Handle(t.Context(), bot.Request{Seat: seat("mod"), Command: "reviews add", Name: "Mo", Moderator: true, Options: map[string]string{"book": "never-let-me-go", "text": "I admired the plot."}}).Render(&p)
				tb.want(&p, "in the library")
				queue := tb.handle(bot.Request{Seat: seat("mod"), Command: "club queue", Moderator: true, Confirmed: true, Options: map[string]string{"book": "never-let-me-go"}})
				tb.want(tb.handle(bot.Request{Seat: seat("mod"), Command: "club decide", Moderator: true, Options: map[string]string{"ticket": string(queue.reply), "place": "3"}}), "Saved")
				sameAnew(t, one.bot, bot.New(one.store, nil), since)
				sameAnew(t, other.bot, bot.New(one.store, nil), since)
			}
		})
	}
}
