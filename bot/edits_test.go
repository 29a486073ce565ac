package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/store/storetest"
)

// failing is a wall on which something goes wrong at first.
type failing struct {
	wall
	fails  int    // how many edits still fail
	how    func() // what happens before one fails
	failed int
}

func (f *failing) Edit(ctx context.Context, club bot.ClubID, channel bot.ChannelID, message bot.MessageID, doc reply.PublicDoc) error {
	f.mu.Lock()
	fails := f.fails > 0
	if fails {
		f.fails--
		f.failed++
	}
	f.mu.Unlock()
	if fails {
		if f.how != nil {
			f.how()
		}
		return errors.New("the platform does not answer")
	}
	return f.wall.Edit(ctx, club, channel, message, doc)
}

func (f *failing) reads(message bot.MessageID) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.wall.reads[message]
}

// count returns how many edits were made, and how many failed.
func (f *failing) count() (made, failed int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.edits, f.failed
}

func newFailing(fails int) *failing {
	return &failing{wall: wall{reads: map[bot.MessageID]string{}}, fails: fails}
}

// posted has an answer stand as a message of the channel.
func (tb *table) posted(message bot.MessageID, walls ...*failing) {
	tb.Helper()
	req := bot.Request{Seat: seat("ann"), Command: "ask", Options: map[string]string{"question": prose}, Room: true}
	doc, ok := tb.bot.Handle(tb.Context(), req).(reply.PublicDoc)
	if !ok || !strings.Contains(told(doc), quiet) {
		tb.Fatalf("what is posted is\n%s", told(doc))
	}
	for _, w := range walls {
		w.mu.Lock()
		w.wall.reads[message] = told(doc)
		w.mu.Unlock()
	}
	tb.bot.Posted(tb.Context(), req, doc, message)
}

// cover has a process cover what was posted, as the operator's import does.
func cover(t *testing.T, b *bot.Bot) {
	t.Helper()
	if _, err := b.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{
		{Name: "r.txt", Data: []byte("A review\n\nThe prose is calm.")},
	}}); err != nil {
		t.Fatal(err)
	}
}

// runs starts a process's Run; the returned function ends it.
func runs(t *testing.T, b *bot.Bot) (end func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); b.Run(ctx) }()
	return func() {
		t.Helper()
		cancel()
		select {
		case <-ended:
		case <-time.After(time.Hour):
			t.Error("Run does not end with its context")
		}
	}
}

// TestEditFails has a platform not take an edit at first: it is tried again
// until it does, and is then left alone.
func TestEditFails(t *testing.T) {
	for name, how := range map[string]func(){"error": nil, "panic": func() { panic(late) }} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tb := newTable(t)
				w := newFailing(3)
				w.how = how
				tb.bot.EditWith("", w)
				end := runs(t, tb.bot)
				tb.posted("m1", w)
				tb.posted("m2", w)
				cover(t, tb.bot)
				if _, failed := w.count(); failed == 0 || !strings.Contains(tb.log.String(), "that is tried again") {
					t.Errorf("%d edits failed; the log: %s", failed, tb.log.String())
				}
				for range 4 {
					time.Sleep(time.Minute)
					synctest.Wait()
				}
				for _, m := range []bot.MessageID{"m1", "m2"} {
					if out := w.reads(m); strings.Contains(out, "quiet") || !strings.Contains(out, "calm") {
						t.Errorf("%s reads\n%s", m, out)
					}
				}
				edits, _ := w.count()
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				if made, failed := w.count(); failed != 3 || made != edits {
					t.Errorf("%d edits failed, and when all was done %d more were made", failed, made-edits)
				}
				end()
			})
		})
	}
}

// TestEditsOfOthers covers something through a process that edits nothing, as
// the command line is: of the others, one does, once.
func TestEditsOfOthers(t *testing.T) {
	const posts = 3
	for name, told := range map[string]bool{"told": true, "looking": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := memory(t)
				open := func() bot.Store { return s }
				if told {
					open = storetest.Serve(s).Open
				}
				all := processes(t, 4, open)
				line, others := all[0], all[1:]
				var walls []*failing
				var ends []func()
				for _, tb := range others {
					w := newFailing(0)
					tb.bot.EditWith("", w)
					walls, ends = append(walls, w), append(ends, runs(t, tb.bot))
				}
				for i := range posts {
					others[i].posted(bot.MessageID(fmt.Sprint("m", i)), walls...)
				}
				synctest.Wait()
				// What stood before anybody could edit is looked at once.
				time.Sleep(3 * time.Minute)
				synctest.Wait()
				count := func() (edits int) {
					for _, w := range walls {
						made, _ := w.count()
						edits += made
					}
					return edits
				}
				before := count()
				cover(t, line.bot)
				if told {
					time.Sleep(time.Second)
				} else {
					time.Sleep(time.Minute)
				}
				synctest.Wait()
				if made := count() - before; made != posts {
					t.Errorf("%d edits of %d messages", made, posts)
				}
				for i := range posts {
					edited := 0
					for _, w := range walls {
						if strings.Contains(w.reads(bot.MessageID(fmt.Sprint("m", i))), "calm") {
							edited++
						}
					}
					if edited != 1 {
						t.Errorf("message %d is edited by %d processes", i, edited)
					}
				}
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				if made := count() - before; made != posts {
					t.Errorf("%d edits of %d messages in the end", made, posts)
				}
				for _, end := range ends {
					end()
				}
				for _, tb := range all {
					if strings.Contains(tb.log.String(), "level=ERROR") {
						t.Errorf("the log: %s", tb.log.String())
					}
				}
			})
		})
	}
}

// TestEditsAfterRestart leaves edits undone, in each way in which a process
// ends: the next one makes them.
func TestEditsAfterRestart(t *testing.T) {
	for name, leave := range map[string]func(*testing.T, *table, *failing){
		"nobody was there": func(t *testing.T, tb *table, _ *failing) { cover(t, bot.New(tb.store, nil)) },
		"the edit failed":  func(t *testing.T, tb *table, w *failing) { w.fails = 1; cover(t, tb.bot) },
		"the request was cut off": func(t *testing.T, tb *table, w *failing) {
			answer := tb.say("bob", prose)
			ctx, cancel := context.WithCancel(t.Context())
			w.fails, w.how = 1, cancel
			report := bot.Request{Seat: seat("bob"), Command: "report", Options: map[string]string{"ticket": string(answer.reply) + ".1"}}
			if out := told(tb.bot.Handle(ctx, report)); !strings.Contains(out, "Thank you") {
				t.Errorf("the report: %s", out)
			}
		},
		"killed": func(t *testing.T, tb *table, _ *failing) {
			if _, ok, err := tb.store.ClaimEdits(t.Context(), "club", 2*time.Minute); err != nil || ok {
				t.Fatalf("edits are owed at first: %t, %v", ok, err)
			}
			cover(t, bot.New(tb.store, nil))
			if _, ok, err := tb.store.ClaimEdits(t.Context(), "club", 2*time.Minute); err != nil || !ok {
				t.Fatalf("no edits are owed: %t, %v", ok, err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tb := newTable(t)
				first := newFailing(0)
				tb.bot.EditWith("", first)
				end := runs(t, tb.bot)
				tb.posted("m1", first)
				time.Sleep(3 * time.Minute) // what the table's import owes
				synctest.Wait()
				end()
				leave(t, tb, first)
				if out := first.reads("m1"); !strings.Contains(out, quiet) {
					t.Fatalf("it is edited already:\n%s", out)
				}

				second := newFailing(0)
				tb.bot = bot.New(tb.store, tb.slog())
				tb.bot.EditWith("", second)
				end = runs(t, tb.bot)
				time.Sleep(map[bool]time.Duration{false: time.Minute, true: 3 * time.Minute}[name == "killed"])
				synctest.Wait()
				if out := second.reads("m1"); out == "" || strings.Contains(out, "quiet") {
					t.Errorf("after a restart it reads\n%s", out)
				}
				tb.never(tb.say("ann", prose), "quiet")
				end()
			})
		})
	}
}

// TestEditsAtOnce covers one thing after another through many processes at once:
// in the end nothing that is covered is left in any message.
func TestEditsAtOnce(t *testing.T) {
	eachWay(t, 3, func(t *testing.T, all []*table) {
		w := newFailing(5) // one wall for all
		for _, tb := range all {
			tb.bot.EditWith("", w)
		}
		const posts = 8
		for i := range posts {
			all[i%len(all)].posted(bot.MessageID(fmt.Sprint("m", i)), w)
		}
		var wg sync.WaitGroup
		for i, tb := range all {
			wg.Go(func() {
				for n := range 6 {
					if _, err := tb.bot.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{
						{Name: "r.txt", Data: fmt.Appendf(nil, "A review\n\nThe prose is calm, %d.", 10*i+n)},
					}}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		// The next change settles what failed.
		if _, err := all[0].bot.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{
			{Name: "r.txt", Data: []byte("A review\n\nThe prose is gentle.")},
		}}); err != nil {
			t.Fatal(err)
		}
		for i := range posts {
			if out := w.reads(bot.MessageID(fmt.Sprint("m", i))); !strings.Contains(out, "gentle") {
				t.Errorf("message %d reads\n%s", i, out)
			}
		}
	})
}

// TestChannelOwed has a platform not take the edits that a channel's lower pace
// needs: they are made when it does, also by a process that did not see them
// fail.
func TestChannelOwed(t *testing.T) {
	for name, restarted := range map[string]bool{"the same process": false, "another process": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPosting(t)
				p.pace(23)
				p.moderate("club tags", map[string]string{"tags": "off"})
				w := newFailing(1)
				p.bot.EditWith("", w)
				p.post("m1", bot.Request{Seat: seat("ann"), Command: "ask", Options: map[string]string{"question": "what happens to tommy on his donation"}}, nil)
				if !strings.Contains(p.wall.reads["m1"], late) {
					t.Fatalf("it was not posted: %s", p.wall.reads["m1"])
				}
				p.pace(0)
				if _, failed := w.count(); failed != 1 {
					t.Fatalf("%d edits failed", failed)
				}
				b := p.bot
				if restarted {
					b = bot.New(p.store, nil)
					b.EditWith("", w)
					b.Handle(t.Context(), bot.Request{Seat: seat("bob"), Command: "help"})
				}
				end := runs(t, b)
				time.Sleep(5 * time.Minute)
				synctest.Wait()
				end()
				if out := w.reads("m1"); out == "" || strings.Contains(out, late) {
					t.Errorf("the message reads:\n%s", out)
				}
				made, _ := w.count()
				if made != 1 {
					t.Errorf("it was edited %d times", made)
				}
			})
		})
	}
}
