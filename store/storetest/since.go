package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// standing returns a club's library with its version, mark and all.
func standing(tb rapid.TB, s bot.Store, club bot.ClubID) bot.Shelf {
	tb.Helper()
	got, err := s.Shelf(bg, club)
	must(tb, err)
	return got
}

// applied returns a shelf as it is after a change, at a version.
func applied(s bot.Shelf, c bot.Change, version bot.Version) bot.Shelf {
	out := bot.Shelf{
		Version:   version,
		Books:     exchanged(s.Books, c.RemoveBooks, c.PutBooks, func(b library.Book) spoiler.BookID { return b.ID }),
		Overlays:  exchanged(s.Overlays, c.RemoveOverlays, c.PutOverlays, func(o library.Overlay) spoiler.BookID { return o.Book }),
		Sources:   exchanged(s.Sources, c.RemoveSources, c.PutSources, func(s library.Source) library.SourceID { return s.ID }),
		Proposals: exchanged(s.Proposals, c.RemoveProposals, c.PutProposals, func(p bot.Proposal) library.SourceID { return p.Source.ID }),
		Rulings:   exchanged(s.Rulings, c.RemoveRulings, c.PutRulings, func(r bot.Ruling) library.SentenceID { return r.Sentence }),
		Settings:  s.Settings,
	}
	if c.Settings != nil {
		out.Settings = *c.Settings
	}
	return out
}

// exchanged returns a list without what is gone and with what is put, in the
// order of IDs.
func exchanged[T any, ID ~string](have []T, gone []ID, put []T, of func(T) ID) (out []T) {
	by := map[ID]T{}
	for _, v := range have {
		by[of(v)] = v
	}
	for _, id := range gone {
		delete(by, id)
	}
	for _, v := range put {
		by[of(v)] = v
	}
	for _, id := range slices.Sorted(maps.Keys(by)) {
		out = append(out, by[id])
	}
	return out
}

// leads asks what has changed since a shelf stood, and reports whether the store
// could tell; then it is exactly what makes that shelf the one that stands now.
func leads(tb rapid.TB, s bot.Store, club bot.ClubID, from, now bot.Shelf) bool {
	tb.Helper()
	change, version, err := s.Since(bg, club, from.Version)
	if errors.Is(err, bot.ErrStale) {
		return false
	}
	must(tb, err)
	same(tb, "version", version, now.Version)
	sameShelf(tb, applied(from, change, version), now)
	if from.Version == now.Version {
		put, gone, err := change.Records()
		must(tb, err)
		same(tb, "what has changed since this version", len(put)+len(gone), 0)
	}
	return true
}

// since: what has changed since any version makes of the library of then the one
// of now, or the store says that it can't tell.
func since(t *testing.T, fresh Maker) {
	made := fresh(t)
	hands := made.hands()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		club := bot.ClubID(fmt.Sprint("c", n))
		names := rapid.SampledFrom([]string{"", "a", "a:", "b", "10", "2", "🙂\n"})
		hand := func() bot.Store { return hands[rapid.IntRange(0, len(hands)-1).Draw(rt, "hand")] }
		been := []bot.Shelf{{}}
		for range rapid.IntRange(1, 12).Draw(rt, "changes") {
			c := drawChange(rt, names, today)
			c.Base = been[len(been)-1].Version
			version, err := hand().Change(bg, club, c)
			must(rt, err)
			now := standing(rt, hand(), club)
			sameShelf(rt, now, applied(been[len(been)-1], c, version))
			been = append(been, now)
		}
		now := been[len(been)-1]
		for _, from := range been[1:] {
			if told := leads(rt, hand(), club, from, now); !told && (made.Tells || from.Version == now.Version) {
				rt.Fatalf("the store can't tell what has changed from %v to %v", from.Version, now.Version)
			}
		}
		leads(rt, hand(), club, bot.Shelf{}, now)
	})
}

// sinceNever: from a version that the library never had, nobody can tell.
func sinceNever(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	never := func(v bot.Version) {
		t.Helper()
		if change, now, err := s.Since(bg, "c", v); !errors.Is(err, bot.ErrStale) || now != (bot.Version{}) || len(change.PutSources) > 0 {
			t.Errorf("since version %v: %v, %v; want ErrStale", v, now, err)
		}
	}
	if !leads(t, s, "c", bot.Shelf{}, bot.Shelf{}) {
		t.Error("a library that is not there has changed")
	}
	never(bot.Version{N: 1})
	var been []bot.Version
	for i := range 5 {
		change(t, s, "c", bot.Change{PutSources: []library.Source{Source(library.SourceID(fmt.Sprint(i)), 1)}})
		change(t, s, "d", bot.Change{})
		been = append(been, versionOf(t, s, "c"))
	}
	for range 2 {
		now := been[len(been)-1]
		for _, v := range been {
			marked := v
			marked.Mark += "x"
			never(marked)
			never(bot.Version{N: v.N, Mark: "another"})
			if v.Mark != "" {
				never(bot.Version{N: v.N})
				never(bot.Version{N: v.N, Mark: v.Mark[1:]})
			}
			if v.Mark != now.Mark {
				never(bot.Version{N: v.N, Mark: now.Mark})
				never(bot.Version{N: now.N, Mark: v.Mark})
			}
			never(bot.Version{N: v.N + now.N, Mark: v.Mark})
		}
		never(bot.Version{N: now.N + 1, Mark: now.Mark})
		never(bot.Version{N: 1 << 62, Mark: now.Mark})
		never(bot.AnyVersion)
		s = made.reopened()
	}
}

// sinceTells: of the last 100 small changes, where the store says so, whatever
// came before them; what was told is the caller's.
func sinceTells(t *testing.T, fresh Maker) {
	made := fresh(t)
	if !made.Tells {
		t.Skip("this store does not tell")
	}
	s := made.Store
	var large bot.Change
	for i := range 500 {
		large.PutSources = append(large.PutSources, Source(library.SourceID(fmt.Sprintf("%04d", i)), 20))
	}
	change(t, s, "c", bot.Change{})
	first := standing(t, s, "c")
	change(t, s, "c", large)
	leads(t, s, "c", first, standing(t, s, "c"))
	for range 2 {
		from := standing(t, s, "c")
		for i := range 100 {
			c := bot.Change{PutSources: []library.Source{Source(library.SourceID(fmt.Sprintf("%04d", 3*i)), 3)}}
			switch i % 5 {
			case 1:
				c = bot.Change{RemoveSources: []library.SourceID{library.SourceID(fmt.Sprintf("%04d", i))}, Entry: bot.Entry{What: "remove"}}
			case 2:
				c = everything(t)
			case 3:
				c = bot.Change{RemoveRulings: []library.SentenceID{"a.1"}, RemoveProposals: []library.SourceID{"p"}, RemoveOverlays: []spoiler.BookID{"emma"}}
			case 4:
				c = bot.Change{Settings: &bot.Settings{Trusted: []string{fmt.Sprint(i)}}}
			}
			change(t, s, "c", c)
		}
		if !leads(t, s, "c", from, standing(t, s, "c")) {
			t.Error("the store can't tell what 100 changes did")
		}
		told, _, err := s.Since(bg, "c", from.Version)
		must(t, err)
		for _, src := range told.PutSources {
			clear(src.Sentences)
		}
		clear(told.PutRulings)
		if !leads(t, s, "c", from, standing(t, s, "c")) {
			t.Error("the store can't tell what it has just told")
		}
		s = made.reopened()
	}
}

// sinceLoad: what was loaded does not follow from anything before, and what is
// changed then follows from that.
func sinceLoad(t *testing.T, fresh Maker) {
	from, made := fresh(t).Store, fresh(t)
	var elsewhere []bot.Version
	for i := range 3 {
		change(t, from, "c", bot.Change{PutSources: []library.Source{Source("a", i+1)}, Entry: bot.Entry{What: "import"}})
		elsewhere = append(elsewhere, versionOf(t, from, "c"))
	}
	version, records := dump(t, from, "c")
	s := made.Store
	must(t, s.Load(bg, "c", version, records))
	s = made.reopened()
	loaded := standing(t, s, "c")
	for _, v := range append(elsewhere, bot.Version{}, bot.Version{N: 1, Mark: loaded.Version.Mark}, bot.Version{N: 2, Mark: loaded.Version.Mark}) {
		if v == loaded.Version {
			continue
		}
		if _, _, err := s.Since(bg, "c", v); !errors.Is(err, bot.ErrStale) {
			t.Errorf("since version %v, before it was loaded: %v, want ErrStale", v, err)
		}
	}
	if !leads(t, s, "c", loaded, loaded) {
		t.Error("the store can't tell that nothing has changed since it was loaded")
	}
	change(t, s, "c", bot.Change{RemoveSources: []library.SourceID{"a"}, PutSources: []library.Source{Source("b", 1)}})
	if told := leads(t, s, "c", loaded, standing(t, s, "c")); !told && made.Tells {
		t.Error("the store can't tell what has changed since it was loaded")
	}
	if _, _, err := s.Since(bg, "c", bot.Version{}); !errors.Is(err, bot.ErrStale) {
		t.Errorf("since before it was loaded: %v, want ErrStale", err)
	}
}

// sinceTogether: whoever follows a library while others change it never sees it
// between two changes.
func sinceTogether(t *testing.T, fresh Maker) {
	made := fresh(t)
	hands := made.hands()
	change(t, hands[0], "c", bot.Change{PutSources: []library.Source{Source("n", 1)}})
	const makers, each = 4, 25
	ended := time.Now().Add(time.Minute)
	var wg sync.WaitGroup
	for i := range makers {
		wg.Go(func() {
			for j := range each {
				c := bot.Change{Base: bot.AnyVersion}
				// Each of the same two sources, so that half a change would be seen.
				id := library.SourceID(fmt.Sprint(i, j%3))
				if j%2 == 0 {
					c.PutSources = []library.Source{Source(id, 1), Source(id+"b", 1)}
				} else {
					c.RemoveSources = []library.SourceID{id, id + "b"}
				}
				if _, err := hands[(i+j)%len(hands)].Change(bg, "c", c); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range hands {
		wg.Go(func() {
			s, have := hands[i], bot.Shelf{}
			for have.Version.N < 1+makers*each && time.Now().Before(ended) && !t.Failed() {
				change, version, err := s.Since(bg, "c", have.Version)
				switch {
				case err == nil && version.N >= have.Version.N:
					have = applied(have, change, version)
				case errors.Is(err, bot.ErrStale):
					have, err = s.Shelf(bg, "c")
				case err == nil:
					err = fmt.Errorf("version %v follows %v", version, have.Version)
				}
				if err != nil {
					t.Error(err)
					return
				}
				by := map[library.SourceID]bool{}
				for _, src := range have.Sources {
					by[src.ID] = true
				}
				for id := range by {
					if id != "n" && !by[id+"b"] && !by[id[:len(id)-1]] {
						t.Errorf("at version %v: %s alone of two", have.Version, id)
						return
					}
				}
			}
			now, err := s.Shelf(bg, "c")
			if err != nil || now.Version != have.Version {
				t.Errorf("ends at version %v: %v, %v", have.Version, now.Version, err)
				return
			}
			sameShelf(t, have, now)
		})
	}
	wg.Wait()
}
