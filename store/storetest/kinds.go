package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// stale: a change that was worked out from another version changes nothing,
// and of many from the same one only one is made.
func stale(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	from := func(base bot.Version) bot.Change {
		return bot.Change{Base: base, PutSources: []library.Source{Source("new", 1)}, RemoveSources: []library.SourceID{"old"}, Settings: &bot.Settings{}, Entry: bot.Entry{What: "import"}}
	}
	refused := func(base bot.Version) {
		t.Helper()
		before := shelf(t, s, "c")
		if v, err := s.Change(bg, "c", from(base)); !errors.Is(err, bot.ErrStale) || v != (bot.Version{}) {
			t.Errorf("from version %v: %v, %v; want ErrStale", base, v, err)
		}
		sameShelf(t, shelf(t, s, "c"), before)
		same(t, "entries", len(log(t, s, "c", 9)), 0)
	}
	refused(bot.Version{N: 1})
	first, err := s.Change(bg, "c", bot.Change{PutSources: []library.Source{Source("old", 1)}})
	must(t, err)
	same(t, "the first version", first.N, 1)
	refused(bot.Version{})
	refused(bot.Version{N: 2})
	refused(bot.Version{N: 1, Mark: "another"})
	s = made.reopened()
	refused(bot.Version{})
	second, err := s.Change(bg, "c", from(first))
	must(t, err)
	same(t, "version", second.N, 2)
	same(t, "sources", sourceIDs(shelf(t, s, "c")), []library.SourceID{"new"})

	wins, hands := make(chan bot.Version, 20), made.hands()
	var wg sync.WaitGroup
	for i := range cap(wins) {
		wg.Go(func() {
			switch v, err := hands[i%len(hands)].Change(bg, "c", from(second)); {
			case err == nil:
				wins <- v
			case !errors.Is(err, bot.ErrStale):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(wins) != 1 || (<-wins).N != 3 {
		t.Error("of changes from the same version, not one alone was made")
	}
}

// logs: the latest first, each with its change, and no more than are kept.
func logs(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	same(t, "no log", log(t, s, "c", 5), nil)
	var want []bot.Entry
	add := func(e bot.Entry) {
		t.Helper()
		change(t, s, "c", bot.Change{Entry: e})
		want = append([]bot.Entry{e}, want...)
	}
	for i, id := range odd {
		add(bot.Entry{When: today.Add(time.Duration(i) * time.Millisecond), By: bot.ReaderID(id), What: "import", On: id, Count: i})
	}
	add(bot.Entry{When: today.In(time.FixedZone("", 3600)), What: "approve"})
	change(t, s, "c", bot.Change{})
	change(t, s, "c\x00", bot.Change{Entry: bot.Entry{What: "of another club"}})
	change(t, s, "b", bot.Change{Entry: bot.Entry{What: "of another club"}})
	s = made.reopened()
	same(t, "log", log(t, s, "c", len(want)+5), want)
	same(t, "the latest", log(t, s, "c", 3), want[:3])
	same(t, "none", log(t, s, "c", 0), nil)
	same(t, "less than none", log(t, s, "c", -1), nil)
}

// kinds: everything that a library is of comes back as it went in, is replaced
// and goes, and settings stay where a change does not speak of them.
func kinds(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	want := everything(t)
	change(t, s, "c", want)
	check := func(version uint64, want bot.Change) {
		t.Helper()
		s = made.reopened()
		sameShelf(t, shelf(t, s, "c"), bot.Shelf{
			Version: bot.Version{N: version}, Books: want.PutBooks, Overlays: want.PutOverlays, Sources: want.PutSources,
			Proposals: want.PutProposals, Rulings: want.PutRulings, Settings: *want.Settings,
		})
	}
	check(1, want)

	want.PutOverlays = []library.Overlay{Overlay(t, "emma", "other: "+canary)}
	want.PutProposals[0].When = today.Add(time.Hour)
	want.PutRulings[0].Steps = append(want.PutRulings[0].Steps, bot.Step{How: bot.Dismissed, By: "m", When: today})
	want.PutRulings = want.PutRulings[:1]
	want.Settings = &bot.Settings{Steer: bot.Moderator}
	change(t, s, "c", bot.Change{
		PutOverlays: want.PutOverlays, PutProposals: want.PutProposals, PutRulings: want.PutRulings, Settings: want.Settings,
		RemoveRulings: []library.SentenceID{"a.1", "a.2"},
	})
	check(2, want)

	change(t, s, "c", bot.Change{
		RemoveBooks: []spoiler.BookID{"emma", "never"}, RemoveOverlays: []spoiler.BookID{"emma", "never"}, RemoveSources: []library.SourceID{"a"},
		RemoveProposals: []library.SourceID{"p", "never"}, RemoveRulings: []library.SentenceID{"a.1", "never"},
	})
	check(3, bot.Change{Settings: want.Settings})
	change(t, s, "c", bot.Change{Settings: &bot.Settings{}})
	check(4, bot.Change{Settings: &bot.Settings{}})
}

// everything is a change with something of every kind, in the order of IDs.
func everything(tb rapid.TB) bot.Change {
	return bot.Change{
		PutBooks:     []library.Book{Book(tb, "emma")},
		PutOverlays:  []library.Overlay{Overlay(tb, "emma", canary+"\x00\n")},
		PutSources:   []library.Source{Source("a", 3)},
		PutProposals: []bot.Proposal{{Source: Source("p", 2), When: today}},
		PutRulings: []bot.Ruling{
			{Sentence: "a.1", Source: "a", Steps: []bot.Step{{How: bot.Reported, By: "r", When: today}, {How: bot.Decided, Reveal: 7, By: "m", When: today}}},
			{Sentence: "a.2", Source: "a", Steps: []bot.Step{{How: bot.Carried, When: today}}},
		},
		Settings: &bot.Settings{Trusted: []string{"readers", "🙂"}, Steer: bot.Trusted},
	}
}

// tallies: counted up together, sentence by sentence and club by club.
func tallies(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	counts := func(club bot.ClubID) map[library.SentenceID]int {
		t.Helper()
		got, err := s.Tallies(bg, club)
		must(t, err)
		return got
	}
	same(t, "unknown", counts("c"), nil)
	want := map[library.SentenceID]int{}
	for i, id := range odd {
		want[library.SentenceID(id)] = i + 1
	}
	must(t, s.Tally(bg, "c", want))
	must(t, s.Tally(bg, "c", nil))
	must(t, s.Tally(bg, "c", map[library.SentenceID]int{"a": 0, "b": -1, "new": 0, "none": -5}))
	must(t, s.Tally(bg, "other", map[library.SentenceID]int{"a": 3}))
	same(t, "counts", counts("c"), want)

	const readers, each = 16, 20
	hands := made.hands()
	var wg sync.WaitGroup
	for i := range readers {
		wg.Go(func() {
			for j := range each {
				if err := hands[(i+j)%len(hands)].Tally(bg, "c", map[library.SentenceID]int{"a": 1, library.SentenceID(fmt.Sprint("of", i)): 2}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	want["a"] += readers * each
	for i := range readers {
		want[library.SentenceID(fmt.Sprint("of", i))] = 2 * each
	}
	s = made.reopened()
	same(t, "counted together", counts("c"), want)
	for range 3 {
		must(t, s.Tally(bg, "other", map[library.SentenceID]int{"a": bot.MaxTally - 1}))
	}
	same(t, "other club", counts("other"), map[library.SentenceID]int{"a": bot.MaxTally})
}
