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
	s, _ := fresh(t)
	same(t, "view", look(t, s, bot.Seat{Club: "c", Reader: "r", Channel: "h"}), bot.View{})
	same(t, "shelf", shelf(t, s, "c"), bot.Shelf{})
	must(t, s.Forget(bg, "r"))
	must(t, s.SetVeil(bg, "r", emma, ""))
	must(t, s.SetChannel(bg, "c", "h", bot.Channel{}))
	if _, err := s.Ticket(bg, "c", "t", today); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("an unknown ticket: %v, want ErrNotFound", err)
	}
	if _, err := s.Move(bg, "r", emma, bot.Move{How: bot.Undo, Now: today}); !errors.Is(err, bot.ErrNothingToUndo) {
		t.Errorf("undo without a place: %v, want ErrNothingToUndo", err)
	}
	move(t, s, "r", emma, bot.Move{How: bot.Clear, Now: today})
	same(t, "view", look(t, s, bot.Seat{Club: "c", Reader: "r", Channel: "h"}), bot.View{})
}

// advance: forward only, and every book on its own.
func advance(t *testing.T, fresh Maker) {
	s, _ := fresh(t)
	for _, m := range []struct{ to, want spoiler.Position }{{0, 0}, {7, 7}, {3, 7}, {7, 7}, {130, 130}, {129, 130}} {
		if got := move(t, s, "r", emma, ahead(m.to)); got.At != m.want || !got.Set {
			t.Errorf("advance to %d: at %d, want %d", m.to, got.At, m.want)
		}
		same(t, "stored place", place(t, s, "r", emma).At, m.want)
	}
	if _, err := s.Move(bg, "r", emma, bot.Move{To: 1, Now: today}); err == nil {
		t.Error("a move of no kind was made")
	}
	own := bot.BookKey{Club: "c", Book: "emma"}
	move(t, s, "r", own, ahead(2))
	move(t, s, "q", emma, ahead(1))
	same(t, "club's own book", place(t, s, "r", own).At, 2)
	same(t, "book of all clubs", place(t, s, "r", emma).At, 130)
	same(t, "other reader", place(t, s, "q", emma).At, 1)
}

// advanceTogether: 16 devices at once end at the furthest place, and nobody
// ever sees one move back.
func advanceTogether(t *testing.T, fresh Maker) {
	s, _ := fresh(t)
	const devices, each = 16, 25
	stop := make(chan struct{})
	var devs, watch sync.WaitGroup
	for range 2 {
		watch.Go(func() {
			var last spoiler.Position
			for {
				v, err := s.Look(bg, bot.Seat{Reader: "r"})
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
				b, err := s.Move(bg, "r", emma, ahead(to))
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
	same(t, "place at the end", place(t, s, "r", emma).At, each*devices)
}

// undo: one step, for a day, and after a restart.
func undo(t *testing.T, fresh Maker) {
	s, reopen := fresh(t)
	back := func(now time.Time) bot.Move { return bot.Move{How: bot.Undo, Now: now} }
	refused := func(reader bot.ReaderID, now time.Time) {
		t.Helper()
		before := place(t, s, reader, emma)
		if _, err := s.Move(bg, reader, emma, back(now)); !errors.Is(err, bot.ErrNothingToUndo) {
			t.Errorf("undo: %v, want ErrNothingToUndo", err)
		}
		same(t, "place after a refused undo", place(t, s, reader, emma), before)
	}

	move(t, s, "r", emma, put(9, today))
	move(t, s, "r", emma, put(4, today))
	same(t, "put goes back", place(t, s, "r", emma).At, 4)
	if reopen != nil {
		s = reopen()
	}
	same(t, "undone", move(t, s, "r", emma, back(today.Add(bot.UndoFor))).At, 9)
	refused("r", today) // one step only

	move(t, s, "late", emma, put(9, today))
	refused("late", today.Add(bot.UndoFor+time.Second))

	move(t, s, "r", emma, bot.Move{How: bot.Clear, Now: today})
	if b := place(t, s, "r", emma); b.Set || b.At != 0 {
		t.Errorf("cleared: %+v", b)
	}
	if reopen != nil {
		s = reopen()
	}
	same(t, "clearing undone", move(t, s, "r", emma, back(today)).At, 9)

	move(t, s, "first", emma, ahead(5))
	if b := move(t, s, "first", emma, back(today)); b.Set || b.At != 0 {
		t.Errorf("the first place undone: %+v", b)
	}
}

func veils(t *testing.T, fresh Maker) {
	s, reopen := fresh(t)
	all, persuasion := bot.BookKey{}, bot.BookKey{Club: "c", Book: "persuasion"}
	must(t, s.SetVeil(bg, "r", all, reply.Hide))
	must(t, s.SetVeil(bg, "r", emma, reply.Show))
	must(t, s.SetVeil(bg, "r", persuasion, reply.Tag))
	must(t, s.SetVeil(bg, "r", persuasion, reply.Hide))
	if err := s.SetVeil(bg, "r", emma, "lace"); err == nil {
		t.Error("a veil of no kind was kept")
	}
	want := map[bot.BookKey]reply.Veil{all: reply.Hide, emma: reply.Show, persuasion: reply.Hide}
	same(t, "veils", look(t, s, bot.Seat{Reader: "r"}).Reader, bot.Reader{Veils: want})
	must(t, s.SetVeil(bg, "r", emma, ""))
	must(t, s.SetVeil(bg, "r", emma, ""))
	must(t, s.SetVeil(bg, "r", all, ""))
	if reopen != nil {
		s = reopen()
	}
	want = map[bot.BookKey]reply.Veil{persuasion: reply.Hide}
	same(t, "veils left", look(t, s, bot.Seat{Reader: "r"}).Reader, bot.Reader{Veils: want})
}

// forget: nothing of the reader is left, their questions in tickets included,
// and nobody else loses anything.
func forget(t *testing.T, fresh Maker) {
	s, reopen := fresh(t)
	later := today.Add(time.Hour)
	for _, r := range []bot.ReaderID{"r", "r2", "", "r:"} {
		move(t, s, r, emma, ahead(5))
		move(t, s, r, bot.BookKey{Club: "c", Book: "own"}, ahead(5))
		must(t, s.SetVeil(bg, r, bot.BookKey{}, reply.Show))
		must(t, s.Issue(bg, "c", reply.Ticket("of "+r), bot.Stub{Reader: r, Question: canary, Expires: later}))
	}
	for range 2 { // twice is no error
		must(t, s.Forget(bg, "r"))
	}
	if reopen != nil {
		s = reopen()
	}
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

// oddIDs: every name is a name, and no two are the same.
func oddIDs(t *testing.T, fresh Maker) {
	s, reopen := fresh(t)
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
	if reopen != nil {
		s = reopen()
	}
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
