package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/spoiler"
)

func channels(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	want := map[bot.ChannelID]bot.Channel{}
	for i, id := range odd {
		set := bot.Channel{Book: spoiler.BookID(id), Pace: spoiler.Position(i), TagsOff: i%2 == 0}
		want[bot.ChannelID(id)] = set
		setChannel(t, s, "c", bot.ChannelID(id), set)
	}
	for _, id := range odd[3:6] {
		delete(want, bot.ChannelID(id))
		setChannel(t, s, "c", bot.ChannelID(id), bot.Channel{})
	}
	change(t, s, "c", bot.Change{Settings: &bot.Settings{}})
	for _, other := range []bot.ClubID{"", "c\x00", "cc", "C"} {
		setChannel(t, s, other, "h", bot.Channel{Pace: 9})
	}
	s = made.reopened()
	got, err := s.Channels(bg, "c")
	must(t, err)
	same(t, "channels", got, want)
	got["h"] = bot.Channel{Pace: 1}
	got, err = s.Channels(bg, "c")
	must(t, err)
	same(t, "channels again", got, want)
	got, err = s.Channels(bg, "never heard of")
	must(t, err)
	same(t, "channels of no club", got, nil)
	for _, id := range odd {
		id := bot.ChannelID(id)
		want := bot.View{Channel: want[id], Version: bot.Version{N: 1}}
		same(t, fmt.Sprintf("channel %q", id), look(t, s, bot.Seat{Club: "c", Channel: id}), want)
	}
}

// order: sources and books in the plain order of their IDs, so "10" before
// "2", whatever the order they came in.
func order(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	var ids []library.SourceID
	for i, id := range odd {
		id := library.SourceID(id)
		ids = append(ids, id)
		if v := change(t, s, "c", bot.Change{PutSources: []library.Source{Source(id, 1)}}); v != uint64(i+1) {
			t.Fatalf("version %d after %d changes", v, i+1)
		}
	}
	books := []spoiler.BookID{"emma", "2", "10", "a"}
	for _, id := range books {
		change(t, s, "c", bot.Change{PutBooks: []library.Book{Book(t, id)}})
	}
	slices.Sort(ids)
	slices.Sort(books)
	s = made.reopened()
	got := shelf(t, s, "c")
	same(t, "sources", sourceIDs(got), ids)
	same(t, "books", bookIDs(got), books)
}

// counting: where things are counted, 2 comes before 10: a source's sentences,
// a ticket's passages, a library's versions.
func counting(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	want := Source("s", 120)
	stub := bot.Stub{Expires: today.AddDate(0, 0, 1), Shown: []bot.Ref{{Source: "s"}}}
	for i := range 120 {
		stub.Covered = append(stub.Covered, bot.Ref{Source: "s", Digest: "d", Sentences: []int{i, library.TitleOf}})
		stub.Shown[0].Sentences = append(stub.Shown[0].Sentences, i)
		if v := change(t, s, "c", bot.Change{PutSources: []library.Source{want}}); v != uint64(i+1) {
			t.Fatalf("version %d after %d changes", v, i+1)
		}
	}
	must(t, s.Issue(bg, "c", "t", stub))
	s = made.reopened()
	sameSource(t, shelf(t, s, "c").Sources[0], want)
	got, err := s.Ticket(bg, "c", "t", today)
	must(t, err)
	same(t, "ticket", got, stub)
	same(t, "version", look(t, s, bot.Seat{Club: "c"}).Version.N, 120)
}

// whole: a change that cannot be made in full is not made at all.
func whole(t *testing.T, fresh Maker) {
	s := fresh(t).Store
	change(t, s, "c", bot.Change{PutBooks: []library.Book{Book(t, "emma")}, PutSources: []library.Source{Source("old", 2)}})
	var unreadable library.Book // no file that it was read from
	for name, c := range map[string]bot.Change{
		"put":    {PutSources: []library.Source{Source("new", 1)}, PutBooks: []library.Book{Book(t, "b"), unreadable}},
		"remove": {RemoveSources: []library.SourceID{"old"}, RemoveBooks: []spoiler.BookID{"emma"}, PutBooks: []library.Book{unreadable}},
	} {
		c.Base, c.Entry = bot.AnyVersion, bot.Entry{What: name}
		if _, err := s.Change(bg, "c", c); err == nil {
			t.Errorf("%s: a book without a file was kept", name)
		}
		got := shelf(t, s, "c")
		same(t, name+": version", got.Version.N, 1)
		same(t, name+": sources", sourceIDs(got), []library.SourceID{"old"})
		same(t, name+": books", bookIDs(got), []spoiler.BookID{"emma"})
	}
}

// removal: before what is put, twice is no error, and the version goes up each
// time, to the last thing removed and beyond.
func removal(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	change(t, s, "c", bot.Change{PutBooks: []library.Book{Book(t, "emma")}, PutSources: []library.Source{Source("a", 1), Source("b", 1)}})
	change(t, s, "c", bot.Change{RemoveSources: []library.SourceID{"a"}, PutSources: []library.Source{Source("a", 5)}})
	got := shelf(t, s, "c")
	same(t, "sources", sourceIDs(got), []library.SourceID{"a", "b"})
	sameSource(t, got.Sources[0], Source("a", 5))
	gone := bot.Change{RemoveSources: []library.SourceID{"a", "b", "never"}, RemoveBooks: []spoiler.BookID{"emma", "never"}}
	same(t, "version", change(t, s, "c", gone), 3)
	same(t, "version", change(t, s, "c", gone), 4)
	same(t, "version of an empty change", change(t, s, "c", bot.Change{}), 5)
	s = made.reopened()
	same(t, "shelf", shelf(t, s, "c"), bot.Shelf{Version: bot.Version{N: 5}})
	same(t, "version", look(t, s, bot.Seat{Club: "c"}).Version.N, 5)
}

// big: as much as a large club has, in one change.
func big(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	var c bot.Change
	for i := range 2000 {
		c.PutSources = append(c.PutSources, Source(library.SourceID(fmt.Sprintf("%04d", i)), 5))
	}
	same(t, "version", change(t, s, "c", c), 1)
	s = made.reopened()
	got := shelf(t, s, "c")
	if len(got.Sources) != 2000 {
		t.Fatalf("%d sources", len(got.Sources))
	}
	for _, i := range []int{0, 999, 1999} {
		sameSource(t, got.Sources[i], c.PutSources[i])
	}
}

// changeTogether: changes at once, by several processes, are all made, each has
// a version of its own, and a shelf is never seen between two of them.
func changeTogether(t *testing.T, fresh Maker) {
	made := fresh(t)
	hands := made.hands()
	const clubs, each = 8, 10
	var mu sync.Mutex
	seen := map[bot.Version]bool{}
	var wg sync.WaitGroup
	for i := range clubs {
		wg.Go(func() {
			for j := range each {
				s := hands[(i+j)%len(hands)]
				id := library.SourceID(fmt.Sprintf("%d-%d", i, j))
				v, err := s.Change(bg, "c", bot.Change{Base: bot.AnyVersion, PutSources: []library.Source{Source(id, 1), Source(id+"b", 1)}})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if seen[v] {
					t.Errorf("version %v twice", v)
				}
				seen[v] = true
				mu.Unlock()
				got, err := s.Shelf(bg, "c")
				if err != nil || uint64(len(got.Sources)) != 2*got.Version.N || got.Version.N < v.N {
					t.Errorf("after version %d: version %d with %d sources (%v)", v.N, got.Version.N, len(got.Sources), err)
				}
			}
		})
	}
	wg.Wait()
	same(t, "version", look(t, hands[0], bot.Seat{Club: "c"}).Version.N, clubs*each)
}
