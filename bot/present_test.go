package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dogear/bot"
	"dogear/bot/library"
)

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// roll is a store with clubs of two platforms, and the process that is told which
// of them are there.
type roll struct {
	*testing.T
	store bot.Store
	bot   *bot.Bot
	now   time.Time
	log   lockedLog
}

func newRoll(t *testing.T, s bot.Store) *roll {
	r := &roll{T: t, store: s, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	r.bot = bot.New(s, slog.New(slog.NewTextHandler(&r.log, nil)))
	bot.Clock(r.bot, func() time.Time { return r.now })
	for _, id := range []bot.ClubID{"discord:1", "discord:2", "discord:3", "slack:1"} {
		r.fill(id)
	}
	return r
}

func (r *roll) fill(id bot.ClubID) {
	r.Helper()
	_, err := r.store.Change(r.Context(), id, bot.Change{Base: bot.AnyVersion, Settings: &bot.Settings{}})
	if err := errors.Join(err, r.store.SetChannel(r.Context(), id, "c", bot.Channel{}, bot.Channel{Pace: 4})); err != nil {
		r.Fatal(err)
	}
}

// present tells which clubs of Discord are there, some time later.
func (r *roll) present(later time.Duration, ids ...bot.ClubID) error {
	r.now = r.now.Add(later)
	return r.bot.Present(r.Context(), "discord:", ids, week)
}

// kept checks of which clubs there is anything.
func (r *roll) kept(want ...bot.ClubID) {
	r.Helper()
	got, err := r.store.Known(r.Context(), "")
	if err != nil || !slices.Equal(got, want) {
		r.Fatalf("kept are %q, want %q (%v)", got, want, err)
	}
}

// said checks how often the log has a line.
func (r *roll) said(line string, want int) {
	r.Helper()
	if n := strings.Count(r.log.String(), line); n != want {
		r.Errorf("the log says %d times, not %d: %s\n%s", n, want, line, r.log.String())
	}
}

func (r *roll) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// TestPresent: a club that has been gone for a week goes, and no other.
func TestPresent(t *testing.T) {
	for _, kind := range []string{"memory", "file", "miniredis"} {
		t.Run(kind, func(t *testing.T) {
			r := newRoll(t, empty(t, kind))
			r.must(r.present(0, "discord:1", "discord:2", "discord:3", "discord:new"))
			r.said("level", 0)
			r.must(r.present(time.Hour, "discord:1", "discord:3"))
			for range 6 {
				r.must(r.present(day, "discord:1", "discord:3"))
			}
			r.must(r.present(day-time.Second, "discord:1", "discord:3"))
			r.kept("discord:1", "discord:2", "discord:3", "slack:1")
			r.said(`level=WARN msg="a club has removed dogear; its data will go" club=discord:2 on=2026-03-08`, 1)
			r.said("level", 1)
			r.must(r.present(time.Second, "discord:1", "discord:3"))
			r.kept("discord:1", "discord:3", "slack:1")
			r.said(`msg="a club's data was removed" club=discord:2 gone=168h0m0s`, 1)
			r.must(r.present(week, "discord:1", "discord:3"))
			r.must(r.present(week, "discord:1", "discord:3"))
			r.said("level", 2)
			r.kept("discord:1", "discord:3", "slack:1")
			r.fill("discord:2") // it begins anew
			r.must(r.present(0, "discord:1", "discord:2", "discord:3"))
			r.kept("discord:1", "discord:2", "discord:3", "slack:1")
			gone, err := r.store.Gone(t.Context(), "")
			if err != nil || len(gone) > 0 {
				t.Errorf("noted are %v (%v)", gone, err)
			}
		})
	}
}

// TestPresentBack: a club that comes back is not gone, and counts anew when it
// goes again.
func TestPresentBack(t *testing.T) {
	r := newRoll(t, memory(t))
	r.must(r.present(0, "discord:1", "discord:2"))
	r.must(r.present(week+day, "discord:1", "discord:2", "discord:3")) // late, and just in time
	r.must(r.present(time.Hour, "discord:1", "discord:2"))
	r.must(r.present(week-time.Hour, "discord:1", "discord:2"))
	r.kept("discord:1", "discord:2", "discord:3", "slack:1")
	r.must(r.present(time.Hour, "discord:1", "discord:2"))
	r.kept("discord:1", "discord:2", "slack:1")
	r.said("has removed dogear", 2)
}

// TestPresentAsked: a club that asks is not gone, whatever the list says, and
// counts anew from then; one that asks while others go stays.
func TestPresentAsked(t *testing.T) {
	l := &lame{Store: memory(t)}
	r := newRoll(t, l)
	ask := func(club bot.ClubID) {
		r.bot.Handle(t.Context(), bot.Request{Seat: bot.Seat{Club: club, Reader: "ann", Channel: "c"}, Command: "help"})
	}
	ask("discord:3") // before it is noted counts for nothing
	r.must(r.present(time.Hour, "discord:1"))
	r.must(r.present(day, "discord:1"))
	ask("discord:2")
	r.must(r.present(week, "discord:1"))
	r.kept("discord:1", "discord:2", "slack:1")
	r.must(r.present(time.Hour, "discord:1"))
	r.must(r.present(week-time.Second, "discord:1"))
	r.kept("discord:1", "discord:2", "slack:1")
	times := 0
	l.looked = func() { // the second time, it is about to be purged
		if times++; times == 2 {
			ask("discord:2")
		}
	}
	r.must(r.present(time.Second, "discord:1"))
	r.kept("discord:1", "discord:2", "slack:1")
	if times != 2 {
		t.Errorf("it was looked %d times who is gone", times)
	}
	l.looked = nil
	r.must(r.present(0, "discord:1"))
	r.must(r.present(0, "discord:1"))
	r.must(r.present(week, "discord:1"))
	r.kept("discord:1", "slack:1")
}

// TestPresentRefused: a list that can't be right notes nothing.
func TestPresentRefused(t *testing.T) {
	r := newRoll(t, memory(t))
	refused := func(err error) {
		t.Helper()
		if err == nil {
			t.Error("it was taken")
		}
		gone, err := r.store.Gone(t.Context(), "")
		if err != nil || len(gone) > 0 {
			t.Errorf("noted are %v (%v)", gone, err)
		}
	}
	refused(r.present(0))
	refused(r.present(0, "discord:4", "discord:5", "discord:6")) // another bot's
	refused(r.present(0, "1", "2", "3"))                         // names without their platform
	refused(r.present(0, "discord:1", "slack:1"))
	refused(r.bot.Present(t.Context(), "", []bot.ClubID{"discord:1"}, week))
	r.must(r.bot.Present(t.Context(), "slack:", nil, week)) // the only one may go
	r.now = r.now.Add(week)
	r.must(r.bot.Present(t.Context(), "slack:", nil, week))
	r.kept("discord:1", "discord:2", "discord:3")

	r.must(r.present(0, "discord:1"))
	r.now = r.now.Add(1000 * day)
	for _, never := range []time.Duration{0, -time.Hour} {
		r.must(r.bot.Present(t.Context(), "discord:", []bot.ClubID{"discord:1"}, never))
	}
	if r.present(0) == nil { // nor is anything removed by it
		t.Error("an empty list was taken")
	}
	r.kept("discord:1", "discord:2", "discord:3")
}

// TestPresentClock: a clock that goes wrong and right again has no club go early.
func TestPresentClock(t *testing.T) {
	r := newRoll(t, memory(t))
	r.must(r.present(0, "discord:1", "discord:2"))
	r.must(r.present(-30*day, "discord:1"))
	r.must(r.present(0, "discord:1"))
	r.must(r.present(30*day+time.Hour, "discord:1"))
	r.kept("discord:1", "discord:2", "discord:3", "slack:1")
	r.must(r.present(week-2*time.Hour, "discord:1"))
	r.kept("discord:1", "discord:2", "discord:3", "slack:1")
	r.must(r.present(time.Hour, "discord:1"))
	r.kept("discord:1", "slack:1")
}

// lame is a store of which one call fails.
type lame struct {
	bot.Store
	call   string
	purged []bot.ClubID
	begun  bot.ClubID // of which it says that a purge has begun
	looked func()     // nil, or called when it is asked who is gone
	back   bot.ClubID // which another process sees come back as soon as it can
}

var errLame = errors.New("it is down")

func (l *lame) fails(call string) error {
	if l.call == call {
		return errLame
	}
	return nil
}

func (l *lame) Known(ctx context.Context, prefix string) ([]bot.ClubID, error) {
	ids, err := l.Store.Known(ctx, prefix)
	return ids, errors.Join(err, l.fails("Known"))
}

func (l *lame) Gone(ctx context.Context, prefix string) (map[bot.ClubID]time.Time, error) {
	gone, err := l.Store.Gone(ctx, prefix)
	if l.looked != nil {
		l.looked()
	}
	if l.begun != "" {
		gone[l.begun] = time.Time{}
	}
	if l.back != "" {
		_, backErr := l.Store.SetGone(ctx, l.back, time.Time{})
		err = errors.Join(err, backErr)
	}
	return gone, errors.Join(err, l.fails("Gone"))
}

func (l *lame) SetGone(ctx context.Context, club bot.ClubID, since time.Time) (bool, error) {
	if err := l.fails("SetGone"); err != nil {
		return false, err
	}
	return l.Store.SetGone(ctx, club, since)
}

func (l *lame) Purge(ctx context.Context, club bot.ClubID) error {
	l.purged = append(l.purged, club)
	if err := l.fails("Purge"); err != nil {
		return err
	}
	return l.Store.Purge(ctx, club)
}

// TestPresentFails: after an error, nothing more is removed; one purge that was
// begun is ended, even when the club is there again; and a club that another
// process has seen come back stays.
func TestPresentFails(t *testing.T) {
	for _, call := range []string{"Known", "Gone", "SetGone", "Purge"} {
		l := &lame{Store: memory(t)}
		r := newRoll(t, l)
		r.must(r.present(0, "discord:1"))
		r.fill("discord:4")
		l.call = call
		if err := r.present(week, "discord:1"); !errors.Is(err, errLame) {
			t.Errorf("%s fails: %v", call, err)
		}
		if want := map[bool]int{true: 1}[call == "Purge"]; len(l.purged) != want {
			t.Errorf("%s fails, and %q are purged", call, l.purged)
		}
		r.said("data was removed", 0)
	}
	l := &lame{Store: memory(t), begun: "discord:2"}
	r := newRoll(t, l)
	r.must(r.bot.Present(t.Context(), "discord:", []bot.ClubID{"discord:1", "discord:2", "discord:3"}, 0))
	r.kept("discord:1", "discord:2", "discord:3", "slack:1")
	r.must(r.present(0, "discord:1", "discord:2", "discord:3"))
	r.kept("discord:1", "discord:3", "slack:1")

	l = &lame{Store: memory(t)}
	r = newRoll(t, l)
	r.must(r.present(0, "discord:1", "discord:2"))
	l.back = "discord:3"
	r.must(r.present(week, "discord:1", "discord:2"))
	r.kept("discord:1", "discord:2", "discord:3", "slack:1")
}

// TestPresentTogether: processes that are told the same at once note a club once,
// and it goes.
func TestPresentTogether(t *testing.T) {
	r := newRoll(t, memory(t))
	var all []*bot.Bot
	for range 4 {
		b := bot.New(r.store, slog.New(slog.NewTextHandler(&r.log, nil)))
		bot.Clock(b, func() time.Time { return r.now })
		all = append(all, b)
	}
	tell := func() {
		t.Helper()
		var wg sync.WaitGroup
		for _, b := range all {
			wg.Go(func() {
				if err := b.Present(t.Context(), "discord:", []bot.ClubID{"discord:2"}, week); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	tell()
	r.said("has removed dogear", 2)
	r.now = r.now.Add(week)
	tell()
	r.kept("discord:2", "slack:1")
}

// TestPurgedNeverAnswers: what was purged is in no process's answers, neither
// then nor when a new library counts as many changes, and no count of it comes
// back.
func TestPurgedNeverAnswers(t *testing.T) {
	const other = "quote: The prose is calm."
	eachWay(t, 3, func(t *testing.T, all []*table) {
		s := all[0].store
		for _, tb := range all {
			tb.want(tb.say("ann", prose), quiet)
			tb.say("ann", "what happens to tommy on his donation")
		}
		before, err := s.Look(t.Context(), bot.Visit{Seat: seat("ann")})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := all[0].bot.Present(t.Context(), "club", nil, time.Nanosecond); err != nil {
				t.Fatal(err)
			}
		}
		for i, tb := range all {
			tb.never(tb.say("ann", prose), quiet)
			tb.bot.Flush(t.Context())
			if counts, err := s.Tallies(t.Context(), "club"); err != nil || len(counts) > 0 {
				t.Errorf("process %d has counted %v (%v)", i, counts, err)
			}
		}
		for i := range before.Version.N {
			_, err := all[1].bot.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{
				{Name: fmt.Sprint(i, ".txt"), Data: []byte("A review\n\nThe prose is calm.")},
			}})
			if err != nil {
				t.Fatal(err)
			}
		}
		after, err := s.Look(t.Context(), bot.Visit{Seat: seat("ann")})
		if err != nil || after.Version.N != before.Version.N || after.Version == before.Version {
			t.Errorf("version %v after %v (%v)", after.Version, before.Version, err)
		}
		for _, tb := range all {
			p := tb.say("ann", prose)
			tb.never(p, quiet)
			tb.want(p, other)
		}
	})
}
