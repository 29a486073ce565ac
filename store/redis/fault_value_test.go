package redis_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/store/redis"
	"dogear/store/redistest"
	"dogear/store/storetest"
)

// call is a method of a store.
type call struct {
	name string
	run  func(bot.Store) error
}

// calls are those that touch everything that live leaves, for ann in the club.
// Those that change something set what was there anew.
func calls(tb testing.TB, s bot.Store) []call {
	tb.Helper()
	ctx := tb.Context()
	at, book := bot.Seat{Club: "club", Reader: ann, Channel: "c"}, bot.BookKey{Book: "never-let-me-go"}
	shelf, err := s.Shelf(ctx, "club")
	if err != nil {
		tb.Fatal(err)
	}
	_, records, err := s.Dump(ctx, "club")
	if err != nil {
		tb.Fatal(err)
	}
	tallies, err := s.Tallies(ctx, "club")
	if err != nil || len(tallies) == 0 {
		tb.Fatalf("%d tallies (%v)", len(tallies), err)
	}
	for id := range tallies {
		tallies[id] = 1
	}
	posts, err := s.Posts(ctx, "club", "", time.Now())
	if err != nil {
		tb.Fatal(err)
	}
	view, err := s.Look(ctx, bot.Visit{Seat: at})
	if err != nil {
		tb.Fatal(err)
	}
	before := bot.Version{N: shelf.Version.N - 1}
	all := []call{
		{"look", func(s bot.Store) error {
			_, err := s.Look(ctx, bot.Visit{Seat: at, Event: "e", Rate: limit, Now: time.Now()})
			return err
		}},
		{"move", func(s bot.Store) error {
			_, err := s.Move(ctx, at, book, bot.Move{How: bot.Put, To: 2, Now: time.Now()})
			return err
		}},
		{"veil", func(s bot.Store) error { return s.SetVeil(ctx, at, bot.BookKey{}, reply.Hide) }},
		{"veil of a book", func(s bot.Store) error { return s.SetVeil(ctx, at, book, reply.Hide) }},
		{"channel", func(s bot.Store) error { return s.SetChannel(ctx, "club", "c", view.Channel, bot.Channel{Pace: 3}) }},
		{"clubs", func(s bot.Store) error { _, err := s.Clubs(ctx, ann); return err }},
		{"shelf", func(s bot.Store) error { _, err := s.Shelf(ctx, "club"); return err }},
		{"since", func(s bot.Store) error {
			// The mark of the version before is not known here: what the journal
			// says of it is read all the same.
			if _, _, err := s.Since(ctx, "club", before); !errors.Is(err, bot.ErrStale) {
				return err
			}
			return nil
		}},
		{"log", func(s bot.Store) error { _, err := s.Log(ctx, "club", 99); return err }},
		{"change", func(s bot.Store) error {
			_, err := s.Change(ctx, "club", bot.Change{
				Base: bot.AnyVersion, PutSources: []library.Source{storetest.Source("new", 1)}, PutProposals: []bot.Proposal{{Source: storetest.Source("new", 1)}},
				PutRulings: []bot.Ruling{{Sentence: "new.1"}}, Entry: bot.Entry{By: ann, What: "write"},
			})
			return err
		}},
		{"posts", func(s bot.Store) error { _, err := s.Posts(ctx, "club", "", time.Now()); return err }},
		{"claim", func(s bot.Store) error { _, _, err := s.ClaimEdits(ctx, "club", time.Minute); return err }},
		{"done", func(s bot.Store) error { return s.EditsDone(ctx, "club", before, before) }},
		{"tally", func(s bot.Store) error { return s.Tally(ctx, "club", tallies) }},
		{"tallies", func(s bot.Store) error { _, err := s.Tallies(ctx, "club"); return err }},
		{"owing", func(s bot.Store) error { _, err := s.Owing(ctx); return err }},
		{"dump", func(s bot.Store) error { _, _, err := s.Dump(ctx, "club"); return err }},
	}
	for _, p := range posts {
		all = append(all, call{"post", func(s bot.Store) error { return s.Post(ctx, "club", p) }})
	}
	for _, r := range records {
		if r.Kind == bot.TicketRecord {
			all = append(all, call{"ticket", func(s bot.Store) error {
				_, err := s.Ticket(ctx, "club", reply.Ticket(r.ID), time.Now())
				return err
			}})
		}
	}
	return all
}

// over is a call that puts each record of a library in the place of itself.
func over(tb testing.TB, s bot.Store) call {
	tb.Helper()
	shelf, err := s.Shelf(tb.Context(), "club")
	if err != nil {
		tb.Fatal(err)
	}
	return call{"change over it", func(s bot.Store) error {
		_, err := s.Change(tb.Context(), "club", bot.Change{
			Base: bot.AnyVersion, PutSources: shelf.Sources, PutProposals: shelf.Proposals, PutRulings: shelf.Rulings, Settings: &shelf.Settings,
		})
		return err
	}}
}

func forgetting(tb testing.TB, reader bot.ReaderID) call {
	return call{"forget", func(s bot.Store) error { return s.Forget(tb.Context(), reader) }}
}

// TestWrongType: each key in turn is of another type. Some calls fail and say
// so, and other readers and clubs go on.
func TestWrongType(t *testing.T) {
	t.Parallel()
	d, server := busy(t)
	if _, ok, err := d.store.ClaimEdits(t.Context(), "club", time.Hour); err != nil || !ok {
		t.Fatalf("the edits are not claimed: %v, %v", ok, err)
	}
	all := append(calls(t, d.store), forgetting(t, ann))
	snapshot := save(t, server)
	for _, e := range snapshot {
		name, _ := strings.CutPrefix(e.key, "dogear:")
		kind := keyKind(name)
		if len(kind) == 1 && kind != "c" && kind != "t" && !strings.Contains(e.key, string(ann)) {
			continue // one reader's will do
		}
		t.Run(kind, func(t *testing.T) {
			d.TB = t
			snapshot.restore(t, server)
			server.Do(t, "DEL", e.key)
			if e.kind == "string" {
				server.Do(t, "RPUSH", e.key, canary)
			} else {
				server.Do(t, "SET", e.key, canary)
			}
			said := 0
			for _, c := range all {
				err := c.run(d.store)
				if err != nil && strings.Contains(err.Error(), canary) {
					t.Errorf("%s repeats what is there: %v", c.name, err)
				}
				if err != nil && strings.Contains(err.Error(), "WRONGTYPE") {
					said++
				} else if err != nil {
					t.Logf("%s: %v", c.name, err)
				}
			}
			if said == 0 && kind != "l" && kind != "d" && kind != "c:edits" { // a visit that counts for nothing, a claim of somebody's
				t.Error("no call says that its key is of another type")
			}
			if is := server.Do(t, "TYPE", e.key); is == e.kind && kind != "c:edits" {
				t.Errorf("it was written over: it is a %v again", is)
			}
			if owing, err := d.store.Owing(t.Context()); kind == "c" && (err != nil || len(owing) != 1) {
				t.Errorf("%d clubs owe edits (%v), want the one that can't be read", len(owing), err)
			}
			d.others(kind)
		})
	}
}

// others checks that other readers and clubs go on where one kind of key is
// broken.
func (d *desk) others(kind string) {
	d.Helper()
	if !strings.HasPrefix(kind, "c") {
		d.sees(d.say(bob, "progress 9"), "Saved.")
	}
	other := request(bob, "progress 8")
	other.Club, other.Options["book"] = "other", "never-let-me-go"
	d.sees(d.handle(other).String(), "Saved.")
	d.say(ann, question) // whatever it says, it is said
	d.bot.Flush(d.Context())
	d.logged("")
}

// busy returns a server that much has happened on.
func busy(t *testing.T) (*desk, *redistest.Server) {
	t.Helper()
	server := redistest.Start(t)
	d := furnish(newDesk(t, server.URL(), redis.Options{}))
	d.live(ann, bob)
	if _, err := d.store.Change(t.Context(), "club", bot.Change{Base: bot.AnyVersion, Settings: &bot.Settings{Steer: bot.Member}}); err != nil {
		t.Fatal(err)
	}
	return d, server
}

// TestForeignValues: each value in turn is of a newer form, or does not decode.
// Some call fails and says so, and none writes over it.
func TestForeignValues(t *testing.T) {
	t.Parallel()
	d, server := busy(t)
	all, again := calls(t, d.store), over(t, d.store)
	snapshot := save(t, server)
	done := map[string]bool{}
	for _, e := range snapshot {
		name, _ := strings.CutPrefix(e.key, "dogear:")
		kind := keyKind(name)
		if kind == "r" && !strings.Contains(e.key, string(ann)) || kind != "t" && e.kind == "string" {
			continue
		}
		for _, field := range e.fields(t, server) {
			what := kind
			if kind == "r" || kind == "c" {
				what += " " + field[:1]
			}
			if kind == "c:journal" && field != fmt.Sprint(len(e.fields(t, server))) {
				continue // the latest one is read
			}
			if done[what] {
				continue
			}
			done[what] = true
			for _, value := range []string{"\x02" + canary, "\x01" + strings.Repeat("\xff", 12) + canary} {
				newer := value[0] == 2
				if !newer && (what == "r m" || what == "c:journal") {
					continue // a member's says nothing; the journal's mark can be anything
				}
				t.Run(fmt.Sprintf("%s of form %d", what, value[0]), func(t *testing.T) {
					d.TB = t
					snapshot.restore(t, server)
					e.set(t, server, field, value)
					try := all
					if newer {
						try = append(append([]call(nil), all...), again, forgetting(t, ann), forgetting(t, bob))
					}
					said, refused := 0, 0
					for _, c := range try {
						err := c.run(d.store)
						if err != nil && strings.Contains(err.Error(), canary) {
							t.Errorf("%s repeats what is there: %v", c.name, err)
						}
						if errors.Is(err, bot.ErrNewer) {
							said++
						}
						if err != nil {
							refused++
						}
						if is := e.get(t, server, field); is != value {
							t.Fatalf("%s has made it %q (%v)", c.name, is, err)
						}
					}
					if newer && said == 0 || refused == 0 {
						t.Errorf("%d calls failed, and %d said that it is of a newer form", refused, said)
					}
					d.others(kind)
				})
			}
		}
	}
	t.Log(len(done), "kinds of values")
	if len(done) != 18 {
		t.Errorf("%d kinds of values: %v", len(done), done)
	}
}
