package redis_test

import (
	"testing"

	"dogear/store/redis"
	"dogear/store/redistest"
)

// TestLateAgain: what was not saved, and then said otherwise, does not come
// true when the call that was not saved arrives: not even where that finds all
// as it was when it was sent.
func TestLateAgain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		setting      []string
		before, slip string
		after        []string // what the reader says then
		look, want   string
	}{
		{name: "veil", setting: settingVeil, before: "spoilers tag", slip: "spoilers show", after: []string{"spoilers tag"}, look: "spoilers", want: "is covered until you open it"},
		{name: "veil and back", setting: settingVeil, before: "spoilers tag", slip: "spoilers show", after: []string{"spoilers hide", "spoilers tag"}, look: "spoilers", want: "is covered until you open it"},
		{name: "place", setting: settingPlace, before: "progress 4", slip: "progress 20", after: []string{"progress 4"}, look: "progress", want: "chapter 4 of 23"},
		{name: "pace", setting: settingChannel, before: "/club pace 4", slip: "/club pace 20", after: []string{"/club pace 4"}, look: "/book current", want: "chapter 4 of 23"},
		{name: "tags", setting: settingChannel, before: "/club tags off", slip: "/club tags on", after: []string{"/club tags off"}, look: "/book current", want: "is hidden here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := redistest.Start(t)
			proxy := redistest.StartProxy(t, server.Addr())
			slow := furnish(newDesk(t, "redis://"+proxy.Addr(), redis.Options{Timeout: hurried}))
			quick := newDesk(t, server.URL(), redis.Options{})
			say := func(d *desk, line string) string {
				req := request(eve, line)
				req.Moderator, req.Confirmed = true, true
				return d.handle(req).String()
			}
			say(slow, "/club book Never Let Me Go")
			say(slow, c.before)
			slow.sees(say(slow, c.look), c.want)

			met := slow.meets(proxy, c.setting, func() { proxy.Hang(true) })
			slow.sees(say(slow, c.slip), "not saved")
			met()
			for _, line := range c.after {
				quick.sees(say(quick, line), "Saved")
			}
			before := scripted(t, server)
			proxy.Hang(false)
			until(t, "the late call", func() error {
				if scripted(t, server) == before {
					return errNotYet
				}
				return nil
			})
			quick.sees(say(quick, c.look), c.want)
		})
	}
}
