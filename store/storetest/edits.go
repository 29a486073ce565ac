package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dogear/bot"
)

// claim claims a club's edits for an hour.
func claim(tb rapid.TB, s bot.Store, club bot.ClubID) (from bot.Version, ok bool) {
	tb.Helper()
	from, ok, err := s.ClaimEdits(bg, club, time.Hour)
	must(tb, err)
	if !ok && from != (bot.Version{}) {
		tb.Errorf("nothing is claimed, from version %v", from)
	}
	return from, ok
}

// edits: owed from the version up to which they were done last, to one caller
// at a time.
func edits(t *testing.T, fresh Maker) {
	made := fresh(t)
	hands := made.hands()
	s := hands[0]
	owing := func(want ...bot.ClubID) {
		t.Helper()
		for _, s := range hands {
			got, err := s.Owing(bg)
			must(t, err)
			same(t, "clubs that owe edits", got, want)
		}
	}
	none := func(why string) {
		t.Helper()
		for i, s := range hands {
			if from, ok := claim(t, s, "c"); ok {
				t.Fatalf("%s: hand %d claims edits from version %v", why, i, from)
			}
		}
	}
	owed := func(s bot.Store, want bot.Version) {
		t.Helper()
		if from, ok := claim(t, s, "c"); !ok || from != want {
			t.Fatalf("claimed edits from version %v, %t; want %v", from, ok, want)
		}
		none("while they are claimed")
	}
	done := func(s bot.Store, from, upTo bot.Version) {
		t.Helper()
		must(t, s.EditsDone(bg, "c", from, upTo))
	}
	step := func() bot.Version {
		t.Helper()
		v, err := s.Change(bg, "c", bot.Change{Base: bot.AnyVersion})
		must(t, err)
		return v
	}
	none("of a club without a library")
	owing()
	v1 := step()
	change(t, s, "b\x00", bot.Change{})
	owing("b\x00", "c")
	owed(s, bot.Version{})
	owing("b\x00", "c") // until it is done
	done(s, bot.Version{}, v1)
	none("when all is done")
	owing("b\x00")

	v2 := step()
	v3 := step()
	owed(hands[1], v1)
	done(hands[1], v1, v1) // it came to nothing
	owed(hands[2], v1)
	done(hands[0], v1, v2) // whoever it was
	owed(hands[1], v2)

	// From somebody who was too slow.
	for _, from := range []bot.Version{{}, v1, v3, {N: v2.N, Mark: v2.Mark + "x"}, {N: 99}} {
		for _, upTo := range []bot.Version{{}, v1, v3, from, {N: 99}} {
			done(hands[2], from, upTo)
			none(fmt.Sprintf("after the edits from version %v up to %v, which are none of theirs", from, upTo))
		}
	}
	done(hands[1], v2, v3)
	none("when all is done again")
	for _, from := range []bot.Version{{}, v1, v2} {
		done(hands[0], from, from)
		none("done by who is late")
	}
	v4 := step()
	owed(hands[0], v3)
	v5 := step()
	done(hands[0], v3, v4)
	owed(hands[0], v4)
	done(hands[0], v4, v4)
	s = made.reopened()
	hands = []bot.Store{s}
	owed(s, v4)
	done(s, v4, v5)
	s = made.reopened()
	hands = []bot.Store{s}
	none("after a restart")

	for i, id := range odd {
		club := bot.ClubID("odd " + id)
		if _, ok := claim(t, s, club); ok {
			t.Errorf("club %q is owed another's edits", club)
		}
		for range i + 1 {
			change(t, s, club, bot.Change{})
		}
		if _, ok := claim(t, s, club); !ok {
			t.Errorf("club %q is owed nothing", club)
		}
	}
}

// editsLease: what is claimed is owed again when its lease has run out, and not
// before.
func editsLease(t *testing.T, fresh Maker) {
	made := fresh(t)
	hands := made.hands()
	change(t, made.Store, "c", bot.Change{})
	const lease = 60 * time.Millisecond
	for i := range 3 {
		began := time.Now()
		if from, ok, err := hands[i].ClaimEdits(bg, "c", lease); err != nil || !ok || from != (bot.Version{}) {
			t.Fatalf("claim %d: from %v, %t, %v", i, from, ok, err)
		}
		for {
			from, ok, err := hands[(i+1)%len(hands)].ClaimEdits(bg, "c", time.Hour)
			after := time.Since(began)
			must(t, err)
			if ok {
				if made.Pass == nil && after < lease-5*time.Millisecond {
					t.Errorf("claimed again after %v", after)
				}
				must(t, hands[0].EditsDone(bg, "c", from, from))
				break
			}
			if after > 20*time.Second {
				t.Fatal("a lease does not run out")
			}
			made.pass(3 * time.Millisecond)
		}
	}
}

// editsTogether: of many who claim at once, on several processes, one does, and
// what they do joins up without a gap.
func editsTogether(t *testing.T, fresh Maker) {
	made := fresh(t)
	hands := made.hands()
	const changes, editors = 40, 6
	type done struct{ from, upTo uint64 }
	var mu sync.Mutex
	var all []done
	editing := 0
	ended := time.Now().Add(time.Minute)
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range changes {
			if _, err := hands[i%len(hands)].Change(bg, "c", bot.Change{Base: bot.AnyVersion}); err != nil {
				t.Error(err)
			}
		}
	})
	edit := func(s bot.Store, fail bool) (upTo uint64, err error) {
		from, ok, err := s.ClaimEdits(bg, "c", time.Hour)
		if err != nil || !ok {
			return 0, err
		}
		mu.Lock()
		if editing++; editing > 1 {
			t.Errorf("%d edit at once", editing)
		}
		mu.Unlock()
		view, err := s.Look(bg, bot.Visit{Seat: bot.Seat{Club: "c"}})
		if err != nil {
			return 0, err
		}
		to := view.Version
		if fail {
			to = from
		}
		mu.Lock()
		editing--
		if !fail {
			all = append(all, done{from.N, to.N})
		}
		mu.Unlock()
		return to.N, s.EditsDone(bg, "c", from, to)
	}
	for i := range editors {
		wg.Go(func() {
			for n := 0; time.Now().Before(ended); n++ {
				upTo, err := edit(hands[(i+n)%len(hands)], n%5 == 4)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				over := upTo == changes || len(all) > 0 && all[len(all)-1].upTo == changes
				mu.Unlock()
				if over {
					return
				}
			}
			t.Error("the edits come to no end")
		})
	}
	wg.Wait()
	slices.SortFunc(all, func(a, b done) int { return cmp.Compare(a.from, b.from) })
	at := uint64(0)
	for _, d := range all {
		if d.from != at || d.upTo <= d.from {
			t.Fatalf("edits from %d up to %d follow those up to %d", d.from, d.upTo, at)
		}
		at = d.upTo
	}
	same(t, "edited up to", at, changes)
	if from, ok := claim(t, hands[0], "c"); ok {
		t.Errorf("edits are owed from version %v", from)
	}
}
