package bot_test

import (
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"dogear/bot"
)

// departed tells that a club has gone, or is there again, some time later.
func (r *roll) departed(later time.Duration, club bot.ClubID, gone bool) error {
	r.now = r.now.Add(later)
	return r.bot.Departed(r.Context(), club, gone, week)
}

// TestDeparted: a club that has been gone for a week goes, and no other, be its
// ID longer by a few letters.
func TestDeparted(t *testing.T) {
	for _, kind := range []string{"memory", "file", "miniredis"} {
		t.Run(kind, func(t *testing.T) {
			r := newRoll(t, empty(t, kind))
			r.fill("slack:10")
			r.must(r.departed(0, "slack:10", true))
			r.must(r.departed(0, "slack:1", false))
			r.must(r.departed(0, "slack:new", true)) // of which nothing is kept
			r.must(r.departed(0, "slack:new", false))
			r.said(`level=WARN msg="a club has removed dogear; its data will go" club=slack:10 on=2026-03-08`, 1)
			r.said("level", 1)
			r.must(r.departed(0, "slack:10", false))
			r.must(r.departed(day, "slack:1", true))
			if noted, err := r.store.Gone(t.Context(), ""); err != nil || len(noted) != 1 || noted["slack:1"].IsZero() {
				t.Errorf("noted are %v (%v)", noted, err)
			}
			r.must(r.departed(0, "slack:10", true))
			for range 6 {
				r.must(r.departed(day, "slack:1", true))
			}
			r.must(r.departed(day-time.Second, "slack:1", true))
			r.kept("discord:1", "discord:2", "discord:3", "slack:1", "slack:10")
			r.must(r.departed(time.Second, "slack:1", true))
			r.kept("discord:1", "discord:2", "discord:3", "slack:10")
			r.said(`msg="a club's data was removed" club=slack:1 gone=168h0m0s`, 1)
			r.must(r.departed(week, "slack:1", true))
			r.must(r.departed(0, "slack:1", false))
			r.said("level", 4)
			r.kept("discord:1", "discord:2", "discord:3", "slack:10")
			r.must(r.departed(0, "slack:1", true)) // of which there is nothing any more
			r.kept("discord:1", "discord:2", "discord:3", "slack:10")
			r.must(r.departed(0, "slack:10", true))
			r.kept("discord:1", "discord:2", "discord:3")
			gone, err := r.store.Gone(t.Context(), "")
			if err != nil || len(gone) > 0 {
				t.Errorf("noted are %v (%v)", gone, err)
			}
		})
	}
}

// TestDepartedBack: a club that comes back is not gone, and counts anew when it
// goes again; so does one that asks, whatever is told of it; and one without a
// week to wait for never goes.
func TestDepartedBack(t *testing.T) {
	r := newRoll(t, memory(t))
	all := []bot.ClubID{"discord:1", "discord:2", "discord:3", "slack:1"}
	r.must(r.departed(0, "slack:1", true))
	r.must(r.departed(week+day, "slack:1", false)) // late, and just in time
	r.must(r.departed(time.Hour, "slack:1", true))
	r.must(r.departed(week-time.Hour, "slack:1", true))
	r.kept(all...)
	r.bot.Handle(t.Context(), bot.Request{Seat: bot.Seat{Club: "slack:1", Reader: "ann", Channel: "c"}, Command: "help"})
	r.must(r.departed(time.Hour, "slack:1", true))
	r.kept(all...)
	r.must(r.departed(time.Hour, "slack:1", true))
	for _, never := range []time.Duration{0, -time.Hour} {
		r.now = r.now.Add(1000 * day)
		r.must(r.bot.Departed(t.Context(), "slack:1", true, never))
	}
	r.kept(all...)
	r.must(r.departed(0, "slack:1", true))
	r.kept("discord:1", "discord:2", "discord:3")
	if err := r.departed(0, "", true); err == nil {
		t.Error("a club without a name was taken")
	}
}

// TestOverdue: what is kept of clubs that have been gone for long goes, without a
// list of who is there; of others nothing does.
func TestOverdue(t *testing.T) {
	r := newRoll(t, memory(t))
	all := []bot.ClubID{"discord:1", "discord:2", "discord:3", "slack:1"}
	overdue := func(in, after time.Duration) {
		t.Helper()
		r.now = r.now.Add(in)
		r.must(r.bot.Overdue(t.Context(), "slack:", after))
	}
	overdue(0, week)
	r.must(r.departed(0, "slack:1", true))
	overdue(week-time.Second, week)
	overdue(time.Second, 0)
	r.kept(all...)
	r.must(r.departed(0, "slack:1", false))
	overdue(week, week)
	r.kept(all...)
	r.must(r.departed(0, "slack:1", true))
	overdue(week, week)
	r.kept("discord:1", "discord:2", "discord:3")
}

// TestDepartedClock: a clock that goes wrong and right again has no club go early.
func TestDepartedClock(t *testing.T) {
	r := newRoll(t, memory(t))
	r.must(r.departed(0, "slack:1", false))
	r.must(r.departed(-30*day, "slack:1", true))
	r.must(r.departed(30*day+time.Hour, "slack:1", true))
	r.must(r.departed(week-2*time.Hour, "slack:1", true))
	r.kept("discord:1", "discord:2", "discord:3", "slack:1")
	r.must(r.departed(time.Hour, "slack:1", true))
	r.kept("discord:1", "discord:2", "discord:3")
}

// TestDepartedFails: after an error, nothing is removed; a purge that was begun is
// ended, even when the club is there again; and a club that another process has
// seen come back stays.
func TestDepartedFails(t *testing.T) {
	for _, call := range []string{"Known", "Gone", "SetGone", "Purge"} {
		l := &lame{Store: memory(t)}
		r := newRoll(t, l)
		if call != "SetGone" {
			r.must(r.departed(0, "slack:1", true))
		}
		l.call = call
		if err := r.departed(week, "slack:1", true); !errors.Is(err, errLame) {
			t.Errorf("%s fails: %v", call, err)
		}
		if want := map[bool]int{true: 1}[call == "Purge"]; len(l.purged) != want {
			t.Errorf("%s fails, and %q are purged", call, l.purged)
		}
		r.said("data was removed", 0)
	}
	l := &lame{Store: memory(t), begun: "slack:1"}
	r := newRoll(t, l)
	r.must(r.departed(0, "slack:1", false))
	r.kept("discord:1", "discord:2", "discord:3")

	l = &lame{Store: memory(t)}
	r = newRoll(t, l)
	r.must(r.departed(0, "slack:1", true))
	l.back = "slack:1"
	r.must(r.departed(week, "slack:1", true))
	r.kept("discord:1", "discord:2", "discord:3", "slack:1")
}

// TestDepartedTogether: processes that are told the same at once note a club once,
// and it goes.
func TestDepartedTogether(t *testing.T) {
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
				if err := b.Departed(t.Context(), "slack:1", true, week); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	tell()
	r.said("has removed dogear", 1)
	r.now = r.now.Add(week)
	tell()
	r.kept("discord:1", "discord:2", "discord:3")
}

// TestOverdueOfOthers: what another workspace's process keeps is not this one's to
// remove.
func TestOverdueOfOthers(t *testing.T) {
	r := newRoll(t, memory(t))
	r.fill("slack:2")
	r.must(r.bot.Departed(t.Context(), "slack:2", true, 0)) // its process keeps it for ever
	r.now = r.now.Add(2 * week)
	r.must(r.bot.Overdue(t.Context(), "slack:", week)) // that of slack:1
	r.kept("discord:1", "discord:2", "discord:3", "slack:1", "slack:2")
}
