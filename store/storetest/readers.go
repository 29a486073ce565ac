package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"dogear/bot"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// unknown: what was never heard of has its zero value and is no error.
func unknown(t *testing.T, fresh Maker) {
	s := fresh(t).Store
	same(t, "view", look(t, s, bot.Seat{Club: "c", Reader: "r", Channel: "h"}), bot.View{})
	same(t, "shelf", shelf(t, s, "c"), bot.Shelf{})
	must(t, s.Forget(bg, "r"))
	must(t, s.SetVeil(bg, by("r"), emma, ""))
	setChannel(t, s, "c", "h", bot.Channel{})
	if _, err := s.Ticket(bg, "c", "t", today); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("an unknown ticket: %v, want ErrNotFound", err)
	}
	if _, err := s.Move(bg, by("r"), emma, bot.Move{How: bot.Undo, Now: today}); !errors.Is(err, bot.ErrNothingToUndo) {
		t.Errorf("undo without a place: %v, want ErrNothingToUndo", err)
	}
	move(t, s, "r", emma, bot.Move{How: bot.Clear, Now: today})
	same(t, "view", look(t, s, bot.Seat{Club: "c", Reader: "r", Channel: "h"}), bot.View{})
}

// advance: forward only, and every book on its own.
func advance(t *testing.T, fresh Maker) {
	s := fresh(t).Store
	for _, m := range []struct{ to, want spoiler.Position }{{0, 0}, {7, 7}, {3, 7}, {7, 7}, {130, 130}, {129, 130}} {
		if got := move(t, s, "r", emma, ahead(m.to)); got.At != m.want || !got.Set {
			t.Errorf("advance to %d: at %d, want %d", m.to, got.At, m.want)
		}
		same(t, "stored place", place(t, s, "r", emma).At, m.want)
	}
	if _, err := s.Move(bg, by("r"), emma, bot.Move{To: 1, Now: today}); err == nil {
		t.Error("a move of no kind was made")
	}
	own := bot.BookKey{Club: "c", Book: "emma"}
	move(t, s, "r", own, ahead(2))
	move(t, s, "q", emma, ahead(1))
	same(t, "club's own book", place(t, s, "r", own).At, 2)
	same(t, "book of all clubs", place(t, s, "r", emma).At, 130)
	same(t, "other reader", place(t, s, "q", emma).At, 1)
}

// advanceTogether: 16 devices at once, on several processes, end at the furthest
// place, and nobody ever sees one move back.
func advanceTogether(t *testing.T, fresh Maker) {
	made := fresh(t)
	hands := made.hands()
	const devices, each = 16, 25
	stop := make(chan struct{})
	var devs, watch sync.WaitGroup
	for _, s := range hands[:2] {
		watch.Go(func() {
			var last spoiler.Position
			for {
				v, err := s.Look(bg, bot.Visit{Seat: bot.Seat{Reader: "r"}})
				at := v.Reader.Bookmarks[emma].At
				if err != nil || at < last {
					t.Errorf("seen at %d after %d (%v)", at, last, err)
					return
				}
				last = at
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for d := range devices {
		devs.Go(func() {
			var last spoiler.Position
			for i := range each {
				to := spoiler.Position(1 + (i*devices+d*7)%(each*devices))
				b, err := hands[(d+i)%len(hands)].Move(bg, by("r"), emma, ahead(to))
				if err != nil || b.At < to || b.At < last {
					t.Errorf("advance to %d after %d: at %d (%v)", to, last, b.At, err)
					return
				}
				last = b.At
			}
		})
	}
	devs.Wait()
	close(stop)
	watch.Wait()
	same(t, "place at the end", place(t, hands[0], "r", emma).At, each*devices)
}

// undo: one step, for a day, and after a restart.
func undo(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	back := func(now time.Time) bot.Move { return bot.Move{How: bot.Undo, Now: now} }
	refused := func(reader bot.ReaderID, now time.Time) {
		t.Helper()
		before := place(t, s, reader, emma)
		if _, err := s.Move(bg, by(reader), emma, back(now)); !errors.Is(err, bot.ErrNothingToUndo) {
			t.Errorf("undo: %v, want ErrNothingToUndo", err)
		}
		same(t, "place after a refused undo", place(t, s, reader, emma), before)
	}

	move(t, s, "r", emma, put(9, today))
	move(t, s, "r", emma, put(4, today))
	same(t, "put goes back", place(t, s, "r", emma).At, 4)
	s = made.reopened()
	same(t, "undone", move(t, s, "r", emma, back(today.Add(bot.UndoFor))).At, 9)
	refused("r", today) // one step only

	move(t, s, "late", emma, put(9, today))
	refused("late", today.Add(bot.UndoFor+time.Second))

	move(t, s, "r", emma, bot.Move{How: bot.Clear, Now: today})
	if b := place(t, s, "r", emma); b.Set || b.At != 0 {
		t.Errorf("cleared: %+v", b)
	}
	s = made.reopened()
	same(t, "clearing undone", move(t, s, "r", emma, back(today)).At, 9)

	move(t, s, "first", emma, ahead(5))
	if b := move(t, s, "first", emma, back(today)); b.Set || b.At != 0 {
		t.Errorf("the first place undone: %+v", b)
	}
}

func veils(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	all, persuasion := bot.BookKey{}, bot.BookKey{Club: "c", Book: "persuasion"}
	must(t, s.SetVeil(bg, by("r"), all, reply.Hide))
	must(t, s.SetVeil(bg, by("r"), emma, reply.Show))
	must(t, s.SetVeil(bg, by("r"), persuasion, reply.Tag))
	must(t, s.SetVeil(bg, by("r"), persuasion, reply.Hide))
	if err := s.SetVeil(bg, by("r"), emma, "lace"); err == nil {
		t.Error("a veil of no kind was kept")
	}
	want := map[bot.BookKey]reply.Veil{all: reply.Hide, emma: reply.Show, persuasion: reply.Hide}
	same(t, "veils", look(t, s, bot.Seat{Reader: "r"}).Reader, bot.Reader{Veils: want})
	must(t, s.SetVeil(bg, by("r"), emma, ""))
	must(t, s.SetVeil(bg, by("r"), emma, ""))
	must(t, s.SetVeil(bg, by("r"), all, ""))
	s = made.reopened()
	want = map[bot.BookKey]reply.Veil{persuasion: reply.Hide}
	same(t, "veils left", look(t, s, bot.Seat{Reader: "r"}).Reader, bot.Reader{Veils: want})
}

// forget: nothing of the reader is left, their questions in tickets included,
// and nobody else loses anything.
func forget(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	later := today.Add(time.Hour)
	for _, r := range []bot.ReaderID{"r", "r2", "", "r:"} {
		move(t, s, r, emma, ahead(5))
		move(t, s, r, bot.BookKey{Club: "c", Book: "own"}, ahead(5))
		must(t, s.SetVeil(bg, by(r), bot.BookKey{}, reply.Show))
		must(t, s.Issue(bg, "c", reply.Ticket("of "+r), bot.Stub{Reader: r, Options: map[string]string{"question": canary}, Expires: later}))
	}
	for range 2 { // twice is no error
		must(t, s.Forget(bg, "r"))
	}
	s = made.reopened()
	same(t, "forgotten", look(t, s, bot.Seat{Reader: "r"}), bot.View{})
	if _, err := s.Ticket(bg, "c", "of r", today); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("a forgotten reader's ticket: %v, want ErrNotFound", err)
	}
	for _, r := range []bot.ReaderID{"r2", "", "r:"} {
		if got := look(t, s, bot.Seat{Reader: r}).Reader; len(got.Bookmarks) != 2 || len(got.Veils) != 1 {
			t.Errorf("reader %q: %+v", r, got)
		}
		_, err := s.Ticket(bg, "c", reply.Ticket("of "+r), today)
		must(t, err)
	}
	same(t, "begins anew", move(t, s, "r", emma, ahead(1)), bot.Bookmark{At: 1, Set: true, When: today, Undo: true})
}

// clubs: a reader is one of those in which they set or changed something, until
// they are forgotten; then the logs name them no more.
func clubs(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	of := func(r bot.ReaderID, want ...bot.ClubID) {
		t.Helper()
		got, err := s.Clubs(bg, r)
		must(t, err)
		same(t, fmt.Sprintf("clubs of %q", r), got, want)
	}
	of("r")
	_, err := s.Move(bg, bot.Seat{Club: "b", Reader: "r"}, emma, ahead(1))
	must(t, err)
	must(t, s.SetVeil(bg, bot.Seat{Club: "a", Reader: "r"}, emma, reply.Show))
	for _, e := range []bot.Entry{
		{By: "r", What: "report", When: today}, {By: "r2", What: "restore", On: "r", When: today}, {By: "r2", What: "decide", On: "rr", When: today}, {What: "import", When: today},
	} {
		change(t, s, "c", bot.Change{Entry: e, Settings: &bot.Settings{}})
	}
	setChannel(t, s, "d", "h", bot.Channel{Pace: 1})
	s = made.reopened()
	of("r", "a", "b", "c")
	of("r2", "c")
	of("")
	must(t, s.Forget(bg, "r"))
	s = made.reopened()
	of("r")
	of("r2", "c")
	log, err := s.Log(bg, "c", 10)
	must(t, err)
	for _, e := range log {
		if e.Names("r") {
			t.Errorf("the log names a forgotten reader: %+v", e)
		}
	}
	if len(log) != 4 || log[1].On != "rr" || log[1].By != "r2" || log[2].By != "r2" || log[0].By != "" {
		t.Errorf("of the others' doings: %+v", log)
	}
}

// oddIDs: every name is a name, and no two are the same.
func oddIDs(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	want := map[bot.ReaderID]map[bot.BookKey]bot.Bookmark{}
	n := spoiler.Position(0)
	for i, r := range odd {
		marks := map[bot.BookKey]bot.Bookmark{}
		for j, b := range odd {
			// Every pair of club and book would be too many to sync.
			n++
			key := bot.BookKey{Club: bot.ClubID(odd[(i+j)%len(odd)]), Book: spoiler.BookID(b)}
			marks[key] = move(t, s, bot.ReaderID(r), key, ahead(n))
		}
		want[bot.ReaderID(r)] = marks
	}
	s = made.reopened()
	for r, marks := range want {
		same(t, fmt.Sprintf("reader %q", r), look(t, s, bot.Seat{Reader: r}).Reader.Bookmarks, marks)
	}
	for _, r := range odd[:len(odd)/2] {
		must(t, s.Forget(bg, bot.ReaderID(r)))
		delete(want, bot.ReaderID(r))
	}
	for _, r := range odd {
		same(t, fmt.Sprintf("reader %q after some were forgotten", r), look(t, s, bot.Seat{Reader: bot.ReaderID(r)}).Reader.Bookmarks, want[bot.ReaderID(r)])
	}
}

// platforms: who has the same number on another platform is somebody else.
func platforms(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	ids := []bot.ReaderID{"discord:1", "slack:1", "1", "slack:", "slack:1:", "slack"}
	for i, r := range ids {
		v := bot.Visit{Seat: by(r), Event: "e", Rate: bot.Rate{Burst: 1, Every: time.Hour}, Now: today}
		if view := visit(t, s, v); view.Seen || view.Wait != 0 || len(view.Reader.Bookmarks) != 0 {
			t.Errorf("%s comes first: %+v", r, view)
		}
		move(t, s, r, emma, ahead(spoiler.Position(i+1)))
		must(t, s.SetVeil(bg, by(r), emma, reply.Hide))
		must(t, s.Issue(bg, "c", reply.Ticket(r), bot.Stub{Reader: r, Expires: today.Add(time.Hour)}))
		if view := visit(t, s, v); !view.Seen {
			t.Errorf("%s comes again: %+v", r, view)
		}
	}
	must(t, s.Forget(bg, ids[0]))
	s = made.reopened()
	same(t, "forgotten", look(t, s, by(ids[0])), bot.View{})
	for i, r := range ids[1:] {
		same(t, "place of "+string(r), place(t, s, r, emma).At, spoiler.Position(i+2))
		same(t, "veil of "+string(r), look(t, s, by(r)).Reader.Veils, map[bot.BookKey]reply.Veil{emma: reply.Hide})
		_, err := s.Ticket(bg, "c", reply.Ticket(r), today)
		must(t, err)
		got, err := s.Clubs(bg, r)
		must(t, err)
		same(t, "clubs of "+string(r), got, []bot.ClubID{"c"})
	}
}
