package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
)

func known(tb rapid.TB, s bot.Store, prefix string) []bot.ClubID {
	tb.Helper()
	ids, err := s.Known(bg, prefix)
	must(tb, err)
	return ids
}

func gone(tb rapid.TB, s bot.Store, prefix string) map[bot.ClubID]time.Time {
	tb.Helper()
	got, err := s.Gone(bg, prefix)
	must(tb, err)
	return got
}

// knownClubs: a store knows each club of which it keeps anything that does not
// expire, by any name, and no other; it need not know one by what does.
func knownClubs(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	same(t, "clubs of an empty store", known(t, s, ""), nil)
	hour := today.Add(time.Hour)
	for kind, keep := range map[string]func(bot.ClubID){
		"library": func(c bot.ClubID) { change(t, s, c, bot.Change{}) },
		"channel": func(c bot.ClubID) { setChannel(t, s, c, "h", bot.Channel{Pace: 1}) },
		"place": func(c bot.ClubID) {
			_, err := s.Move(bg, bot.Seat{Club: c, Reader: "r"}, emma, ahead(1))
			must(t, err)
		},
		"veil":   func(c bot.ClubID) { must(t, s.SetVeil(bg, bot.Seat{Club: c, Reader: "r"}, emma, reply.Show)) },
		"ticket": func(c bot.ClubID) { must(t, s.Issue(bg, c, "t", bot.Stub{Reader: "r", Expires: hour})) },
		"post":   func(c bot.ClubID) { must(t, s.Post(bg, c, post("h", "1", "a"))) },
		"tally":  func(c bot.ClubID) { must(t, s.Tally(bg, c, map[library.SentenceID]int{"a.1": 1})) },
	} {
		keep(bot.ClubID("kinds:" + kind))
	}
	want := []bot.ClubID{"kinds:channel", "kinds:library", "kinds:place", "kinds:tally", "kinds:veil"}
	kinds := func(s bot.Store) []bot.ClubID {
		return slices.DeleteFunc(known(t, s, "kinds:"), func(c bot.ClubID) bool { return c == "kinds:ticket" || c == "kinds:post" })
	}
	same(t, "clubs", kinds(s), want)
	for _, id := range odd {
		setChannel(t, s, bot.ClubID(id), "h", bot.Channel{Pace: 1})
	}
	s = made.reopened()
	same(t, "clubs", kinds(s), want)
	for _, prefix := range odd {
		var want []bot.ClubID
		for _, id := range odd {
			if strings.HasPrefix(id, prefix) {
				want = append(want, bot.ClubID(id))
			}
		}
		if strings.HasPrefix("kinds:", prefix) {
			continue // those of above, too
		}
		slices.Sort(want)
		same(t, fmt.Sprintf("clubs that begin with %q", prefix), known(t, s, prefix), want)
	}
}

// goneNotes: that a club is gone is noted once, by whichever process, until it is
// taken away.
func goneNotes(t *testing.T, fresh Maker) {
	made := fresh(t)
	set := func(s bot.Store, club bot.ClubID, since time.Time, want bool) {
		t.Helper()
		news, err := s.SetGone(bg, club, since)
		must(t, err)
		if news != want {
			t.Errorf("%q gone since %v is news: %t", club, since, news)
		}
	}
	same(t, "notes of an empty store", gone(t, made.Store, ""), nil)
	then := today.Add(123_456_789) // not of a whole second
	for _, id := range odd {
		set(made.Store, bot.ClubID(id), time.Time{}, false)
		set(made.Store, bot.ClubID(id), then, true)
		set(made.Store, bot.ClubID(id), then.Add(-time.Hour), false)
		set(made.Store, bot.ClubID(id), then.Add(time.Hour), false)
	}
	s := made.reopened()
	for _, id := range odd {
		if since := gone(t, s, id)[bot.ClubID(id)]; !since.Equal(then) {
			t.Errorf("%q is gone since %v, want %v", id, since, then)
		}
	}
	same(t, "notes", len(gone(t, s, "")), len(odd))
	same(t, "notes that begin with a:", len(gone(t, s, "a:")), 1)
	set(s, "a:b", time.Time{}, true)
	set(s, "a:b", time.Time{}, false)
	same(t, "notes that begin with a:", len(gone(t, s, "a:")), 0)
	same(t, "notes", len(gone(t, s, "")), len(odd)-1)
	same(t, "clubs that are only noted", known(t, s, ""), nil)

	hands := made.hands()
	var wg sync.WaitGroup
	news := make([]bool, 4*len(hands))
	for i := range news {
		wg.Go(func() {
			var err error
			if news[i], err = hands[i%len(hands)].SetGone(bg, "together", then.Add(time.Duration(i)*time.Hour)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	first := slices.Index(news, true)
	if first < 0 || slices.Contains(news[first+1:], true) || !gone(t, hands[1], "together")["together"].Equal(then.Add(time.Duration(first)*time.Hour)) {
		t.Errorf("noted together: %v, %v", news, gone(t, hands[1], "together"))
	}
}

// empty checks that a club is one that was never heard of.
func empty(t *testing.T, s bot.Store, club bot.ClubID) {
	t.Helper()
	same(t, "version", versionOf(t, s, club), bot.Version{})
	version, records := dump(t, s, club)
	if version != 0 || len(records) != 0 {
		t.Fatalf("of a purged club, version %d and %d records are kept, the first of %s %q", version, len(records), records[0].Kind, records[0].ID)
	}
	sameShelf(t, shelf(t, s, club), bot.Shelf{})
	same(t, "log", log(t, s, club, 99), nil)
	same(t, "channel", look(t, s, bot.Seat{Club: club, Channel: "h"}).Channel, bot.Channel{})
	if _, err := s.Ticket(bg, club, "a", today); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("ticket: %v", err)
	}
	if slices.Contains(known(t, s, string(club)), club) || len(gone(t, s, "")) > 0 {
		t.Errorf("a purged club is known, or noted: %v", gone(t, s, ""))
	}
	owing, err := s.Owing(bg)
	must(t, err)
	if slices.Contains(owing, club) {
		t.Error("a purged club's posts are to be edited")
	}
	if _, ok := claim(t, s, club); ok {
		t.Error("the edits of a purged club can be claimed")
	}
}

// purge: all of a club goes, and nothing else does; what it does anew begins from
// nothing.
func purge(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	must(t, s.Purge(bg, "never heard of"))
	empty(t, s, "never heard of")
	clubs := []bot.ClubID{"c", "", "a\x00b", "other", "others"}
	for _, club := range clubs {
		filled(t, s, club)
		_, ok := claim(t, s, club)
		same(t, "edits are owed", ok, true)
	}
	for i, club := range clubs {
		at := bot.Seat{Club: club, Reader: "r", Channel: "h"}
		old := versionOf(t, s, club)
		before := look(t, s, at).Reader
		var others [][]bot.Record
		for _, other := range clubs[i+1:] {
			_, records := dump(t, s, other)
			others = append(others, records)
		}
		_, err := s.SetGone(bg, club, today)
		must(t, err)
		must(t, s.Purge(bg, club))
		s = made.reopened()
		empty(t, s, club)
		must(t, s.Purge(bg, club))
		empty(t, s, club)
		for j, other := range clubs[i+1:] {
			_, records := dump(t, s, other)
			sameRecords(t, records, others[j])
		}

		own := bot.BookKey{Club: club, Book: "own"}
		if club != "" { // what is of no club is a shipped book
			delete(before.Bookmarks, own)
			delete(before.Veils, own)
		}
		same(t, "reader", look(t, s, at).Reader, before)
		for n, id := range odd {
			same(t, "place in a shipped book", int(place(t, s, bot.ReaderID(id), emma).At), n)
			in, err := s.Clubs(bg, bot.ReaderID(id))
			must(t, err)
			same(t, "number of clubs", len(in), len(clubs)-i-1)
		}

		// What was begun before comes too late.
		if _, err := s.Change(bg, club, bot.Change{Base: old, Settings: &bot.Settings{}}); !errors.Is(err, bot.ErrStale) {
			t.Errorf("a change of what was purged: %v", err)
		}
		must(t, s.EditsDone(bg, club, bot.Version{}, old))
		empty(t, s, club)

		filled(t, s, club)
		now := versionOf(t, s, club)
		if same(t, "count of changes", now.N, old.N); now == old {
			t.Errorf("the version of a new library is that of one that was purged: %v", now)
		}
		if _, _, err := s.Since(bg, club, old); !errors.Is(err, bot.ErrStale) {
			t.Errorf("what has changed since the library that was purged: %v", err)
		}
		same(t, "log", len(log(t, s, club, 99)), 12)
		from, ok := claim(t, s, club)
		same(t, "edits are owed", ok, true)
		same(t, "edited up to", from, bot.Version{})
		must(t, s.EditsDone(bg, club, from, now))
		if _, ok := claim(t, s, club); ok {
			t.Error("edits are owed that were made")
		}
		must(t, s.Purge(bg, club))
		empty(t, s, club)
	}
}

// purgeBeside: what goes on beside a purge is before it, and gone, or after it,
// and whole: of who is in the log, or has a place, the club is one.
func purgeBeside(t *testing.T, fresh Maker) {
	made := fresh(t)
	hands := made.hands()
	own := bot.BookKey{Club: "c", Book: "own"}
	const readers, rounds = 6, 8
	var wg sync.WaitGroup
	for i := range readers {
		reader := bot.ReaderID(fmt.Sprint("r", i))
		s := hands[i%len(hands)]
		wg.Go(func() {
			for j := range rounds {
				id := library.SourceID(fmt.Sprintf("%d-%d", i, j))
				_, err := s.Change(bg, "c", bot.Change{Base: bot.AnyVersion, PutSources: []library.Source{Source(id, 1), Source(id+"b", 1)}, Entry: bot.Entry{When: today, By: reader, What: "import"}})
				_, moved := s.Move(bg, bot.Seat{Club: "c", Reader: reader}, own, ahead(9))
				veiled := s.SetVeil(bg, bot.Seat{Club: "c", Reader: reader}, own, reply.Show)
				if err := errors.Join(err, moved, veiled); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		for i := range 2 * rounds {
			if err := hands[i%len(hands)].Purge(bg, "c"); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	s := made.Store
	got := shelf(t, s, "c")
	entries := log(t, s, "c", 999)
	if n := int(got.Version.N); len(got.Sources) != 2*n || len(entries) != n {
		t.Errorf("version %d has %d sources and %d entries", n, len(got.Sources), len(entries))
	}
	_, records := dump(t, s, "c")
	in := map[bot.ReaderID]bool{}
	for _, r := range records {
		if r.Kind == bot.ReaderRecord {
			in[bot.ReaderID(r.ID)] = true
		}
	}
	for _, e := range entries {
		if !in[e.By] {
			t.Errorf("the log has %s, who is not of the club", e.By)
		}
	}
	for i := range readers {
		reader := bot.ReaderID(fmt.Sprint("r", i))
		has := look(t, s, bot.Seat{Reader: reader}).Reader
		clubs, err := s.Clubs(bg, reader)
		must(t, err)
		if len(clubs) > 0 != in[reader] || len(has.Bookmarks)+len(has.Veils) > 0 && !in[reader] {
			t.Errorf("%s is of %q, and of the club's: %t; they have %+v", reader, clubs, in[reader], has)
		}
	}
	must(t, s.Purge(bg, "c"))
	empty(t, s, "c")
	for i := range readers {
		same(t, "reader", look(t, s, bot.Seat{Reader: bot.ReaderID(fmt.Sprint("r", i))}).Reader, bot.Reader{})
	}
}
