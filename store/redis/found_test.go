package redis

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"dogear/bot"
)

// found is how a store stands after a load, against what the load was told.
type found struct {
	acked int // updates
	lost  int // of these
	torn  []string
	what  map[string]int // of what was lost
}

func (f *found) lose(what string, n int) {
	if n > 0 {
		f.lost += n
		f.what[what] += n
	}
}

// found ends the load and compares.
func (l *load) found(t *testing.T) found {
	t.Helper()
	l.end()
	f := found{what: map[string]int{}}
	s := l.calm
	for i, w := range l.writers {
		v, err := s.Look(context.Background(), bot.Visit{Seat: w.seat})
		if err != nil {
			t.Fatal(err)
		}
		at, place := int64(v.Reader.Bookmarks[loadBook].At), w.place.Load()
		f.acked += int(place)
		if at < place {
			f.lose("places", int(place-at))
		} else if at > w.ahead {
			f.tear("writer %d is at %d, and asked for %d at most", i, at, w.ahead)
		}
		f.acked += int(w.channel)
		w.paced(v.Channel.Pace)
		f.lose("paces", w.gone)
		if v.Channel.Pace > w.asked {
			f.tear("channel %d has pace %d, and %d was asked for at most", i, v.Channel.Pace, w.asked)
		}
	}
	for i := range loadClubs {
		l.foundIn(t, &f, loadClub(i))
	}
	return f
}

// foundIn compares what is kept of a club, and looks that what changes together
// is there together.
func (l *load) foundIn(t *testing.T, f *found, club bot.ClubID) {
	t.Helper()
	s, ctx := l.calm, context.Background()
	version, records, err := s.Dump(ctx, club)
	if err != nil {
		t.Fatal(err)
	}
	has := map[bot.RecordKind]map[string][]byte{}
	for _, r := range records {
		if has[r.Kind] == nil {
			has[r.Kind] = map[string][]byte{}
		}
		has[r.Kind][r.ID] = r.Data
	}
	made := uint64(len(has[bot.SourceRecord]))
	if version != made || uint64(len(has[bot.RulingRecord])) != made || uint64(len(has[bot.EntryRecord])) != min(made, bot.MaxLog) {
		f.tear("version %d has %d sources, %d rulings, %d entries", version, made, len(has[bot.RulingRecord]), len(has[bot.EntryRecord]))
	}
	counted, counting := 0, 0
	for _, w := range l.writers {
		if w.seat.Club != club {
			continue
		}
		counted, counting = counted+w.counted, counting+w.counting
		f.acked += len(w.acked)
		newest := acked{}
		for _, a := range w.acked {
			if has[a.kind][a.id] == nil {
				f.lose(string(a.kind)+"s", 1)
			} else if a.version != (bot.Version{}) {
				newest = a
				f.logged(a, version, has[bot.EntryRecord])
			}
		}
		if has[bot.ReaderRecord][string(w.seat.Reader)] == nil && w.place.Load() > 0 {
			f.lose("members", 1)
		}
		if _, _, err := s.Since(ctx, club, newest.version); newest.version.N+100 > version && err != nil {
			f.tear("what came since %s: %v", newest.id, err)
		}
	}
	counts, err := s.Tallies(ctx, club)
	if err != nil {
		t.Fatal(err)
	}
	f.acked += counted
	if counts["a"] != counts["b"] || counts["a"] > counting {
		f.tear("tallies %v of %d", counts, counting)
	}
	f.lose("tallies", max(counted-counts["a"], 0))
	posts := s.small.HLen(ctx, s.kindKey(club, bot.PostRecord)).Val()
	expiries := s.small.ZCard(ctx, s.expiriesKey(club)).Val()
	if posts != expiries || posts == 0 {
		f.tear("%d posts and %d expiries", posts, expiries)
	}
	l.indexed(t, f, club, has)
}

// logged looks for the entry of a change where its version says that it is.
func (f *found) logged(a acked, version uint64, entries map[string][]byte) {
	if a.version.N+bot.MaxLog <= version {
		return // too old
	}
	e, err := bot.DecodeEntry(entries[bot.EntryID(a.version.N)])
	if err != nil || e.What != a.id {
		f.tear("version %d is %s, and its entry is of %q (%v)", a.version.N, a.id, e.What, err)
	}
}

// indexed looks that a reader's tickets and posts are found by the reader, as
// far as they are there: else they would not be forgotten.
func (l *load) indexed(t *testing.T, f *found, club bot.ClubID, has map[bot.RecordKind]map[string][]byte) {
	t.Helper()
	s, ctx := l.calm, context.Background()
	for _, w := range l.writers {
		if w.seat.Club != club || w.kind != 1 && w.kind != 2 {
			continue
		}
		index, err := s.small.ZRange(ctx, s.readerKey("i", w.seat.Reader), 0, -1).Result()
		if err != nil {
			t.Fatal(err)
		}
		kind, noted := byte(postAsked), map[string]bool{}
		if w.kind == 2 {
			kind = ticketAsked
		}
		for _, member := range index {
			noted[member] = true
		}
		for _, a := range w.acked {
			if has[a.kind][a.id] != nil && !noted[asked(kind, club, a.id)] {
				f.lose("index", 1)
			}
		}
	}
}

func (f *found) tear(format string, args ...any) {
	f.torn = append(f.torn, fmt.Sprintf(format, args...))
}

// kept checks that all is there that was acknowledged.
func (l *load) kept(t *testing.T) {
	t.Helper()
	f := l.found(t)
	l.log(t, f)
	if f.lost > 0 || len(f.torn) > 0 || l.back.Load() > 0 {
		t.Errorf("of %d updates %d are lost: %v; torn: %q; %d places moved back", f.acked, f.lost, f.what, f.torn, l.back.Load())
	}
	if f.acked < 100*loadWriters/loadStores {
		t.Errorf("only %d updates", f.acked)
	}
}

func (l *load) log(t *testing.T, f found) {
	t.Helper()
	t.Logf("%d updates acknowledged, %d lost %v, %d torn; %d looks, %d below what was acknowledged, %d below what was seen; %v without any update at the longest",
		f.acked, f.lost, f.what, len(f.torn), l.looks.Load(), l.back.Load(), l.unseen.Load(), time.Duration(l.outage.Load()).Round(time.Millisecond))
}

// logErrors logs what writers were told that failed.
func (l *load) logErrors(t *testing.T) {
	t.Helper()
	errs := map[string]int{}
	for _, w := range l.writers {
		for err, n := range w.errs {
			errs[err] += n
		}
	}
	for _, err := range slices.Sorted(maps.Keys(errs)) {
		t.Logf("%6d times: %s", errs[err], err)
	}
}
