package main

import (
	"strings"
	"testing"

	"dogear/adapters/slack"
	"dogear/adapters/slack/slacktest"
	"dogear/store/redistest"
)

// TestSlackProcesses shows that two processes on one Redis share what one Slack
// delivers over Socket Mode: whatever one does the other knows, and what both of
// them hear is answered once.
func TestSlackProcesses(t *testing.T) {
	t.Parallel()
	store := redistest.Start(t).URL()
	g := newGathering(t, store)
	hosts := []*hosted{g.host(store), g.host(store)}
	g.AwaitConnected(2)
	g.alone(g.mo.Slash(g.books, "club book Never Let Me Go"), "This channel now reads")
	g.alone(g.ann.Slash(g.books, "progress 7"), "Saved.")
	for range 2 { // one at each
		g.alone(g.ann.Slash(g.books, "progress"), "chapter 7 of 23")
	}
	const mentions = 10
	g.Repeat(1) // Slack delivers what it does not know to have arrived again
	for range mentions {
		g.all(g.cal.Mention(g.books, "how is the prose?"), canary)
	}
	g.Repeat(0)
	answers := map[string]int{}
	for _, m := range g.posts(g.books, "") {
		answers[m.Thread]++
	}
	for thread, n := range answers {
		if n != 1 {
			t.Errorf("the mention %s is answered %d times", thread, n)
		}
	}
	if len(answers) != mentions {
		t.Errorf("%d mentions of %d are answered", len(answers), mentions)
	}

	posted := g.lacks(g.all(g.bob.Mention(g.books, donation), "Reveal"), told).Message()
	for range 2 { // Slack goes from connection to connection: one at each
		asked := g.lacks(g.alone(g.bob.Press(posted, "Reveal"), "That lies past your place."), told)
		g.alone(g.says(g.bob, asked, "Yes, show it to me"), told)
		g.lacks(g.alone(g.ann.Press(posted, "Reveal"), "That lies past your place."), told)
	}
	for i, h := range hosts {
		for _, command := range []string{"ask", "reveal"} {
			if !strings.Contains(h.log.String(), "command="+command+" ") {
				t.Errorf("process %d has heard no %s", i, command)
			}
		}
	}
	report := g.cal.Press(g.posts(g.books, canary)[0], "Report a spoiler")
	if strings.Contains(report.Text(), "Which one is it?") {
		report = g.cal.Choose(report.Message(), "Report a spoiler", "1")
	}
	g.alone(report, "It is covered for everybody")
	for range 2 {
		g.lacks(g.alone(g.ann.Slash(g.books, "how is the prose?")), canary)
	}
	g.Await("messages that were posted no longer quote it", func() bool { return len(g.posts(g.books, canary)) == 0 })
	g.ends(hosts[1]) // whichever answers, it is answered
	g.alone(g.ann.Slash(g.books, "progress"), "chapter 7 of 23")
	hosts[0].stop()
}

// TestSlackExpired shows that a cover whose ticket has expired opens for nobody.
// It does not wait for as long as a ticket lives: Redis lets the tickets expire.
func TestSlackExpired(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	g := newGathering(t, server.URL())
	h := g.host(server.URL())
	g.alone(g.mo.Slash(g.books, "club book Never Let Me Go"), "This channel now reads")
	posted := g.lacks(g.all(g.bob.Mention(g.books, donation), "Reveal"), told).Message()
	asked := g.lacks(g.alone(g.bob.Press(posted, "Reveal"), "That lies past your place."), told)
	for _, key := range server.Keys(t) {
		if strings.HasPrefix(key, "dogear:t:") {
			server.Do(t, "PEXPIREAT", key, "1")
		}
	}
	g.lacks(g.alone(g.bob.Press(posted, "Reveal"), "I can't open that any more."), told)
	g.lacks(g.alone(g.says(g.bob, asked, "Yes, show it to me"), "That question has expired."), told)
	h.stop()
}

// TestSlackRestart shows that what was posted works when dogear has been started
// again, on either store.
func TestSlackRestart(t *testing.T) {
	for name, kept := range stores(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := kept(t)
			g := newGathering(t, store)
			h := g.host(store)
			g.alone(g.mo.Slash(g.books, "club book Never Let Me Go"), "This channel now reads")
			posted := g.lacks(g.all(g.bob.Mention(g.books, donation), "Reveal"), told).Message()
			private := g.alone(g.ann.Slash(g.books, "how is the prose?"), canary).Message()
			g.alone(g.ann.Slash(g.books, "progress 7"), "Saved.")
			h.stop()
			h = g.host(store)
			asked := g.lacks(g.alone(g.cal.Press(posted, "Reveal"), "That lies past your place."), told)
			g.alone(g.says(g.cal, asked, "Yes, show it to me"), told)
			g.alone(g.ann.Slash(g.books, "progress"), "chapter 7 of 23")
			g.all(g.ann.Press(private, "Share with the channel"), canary)
			h.stop()
		})
	}
}

// TestSlackPurge shows that what a workspace has stored goes once it has removed
// dogear for long enough, and not before, and that nothing of another's goes.
func TestSlackPurge(t *testing.T) {
	for name, kept := range stores(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := kept(t)
			g := newGathering(t, store)
			clubs := []string{slack.Platform + g.TeamID, slack.Platform + g.TeamID + "2", slack.Platform + "T2", "discord:" + g.TeamID}
			for _, other := range clubs[1:] {
				importWren(t, store, "--club", other)
			}
			left := func(club string) bool {
				out := dogear(t, store, nil, "--club", club, "export")
				return strings.Contains(out, "Robin") || strings.Contains(out, "Wren") || strings.Contains(out, g.mo.ID)
			}
			for _, c := range []struct {
				after, bot string // whose token was revoked
				said       string // in the log; empty: nobody has left
				purged     bool
			}{
				{after: "168h", bot: g.BotUser, said: "its data will go"},
				{after: "0", bot: g.BotUser, said: "its data stays"},
				{after: "1ms", bot: "U0ANOTHER"},
				{after: "1ms", bot: g.BotUser, said: "a club's data was removed", purged: true},
			} {
				h := g.host(store, "DOGEAR_SLACK_PURGE_AFTER="+c.after)
				g.alone(g.mo.Slash(g.books, "club book Never Let Me Go"), "This channel now reads")
				g.alone(g.mo.Slash(g.books, "progress 7"), "Saved.")
				g.Event("tokens_revoked", map[string]any{"tokens": map[string]any{"oauth": []any{g.mo.ID}, "bot": []any{c.bot}}})
				if c.said != "" {
					soon(t, "it notes that", func() bool { return strings.Contains(h.log.String(), "a club has removed dogear") })
					g.Event("app_uninstalled", nil)
					soon(t, c.said, func() bool { return strings.Contains(h.log.String(), c.said) })
					g.removed(h)
				}
				h.stop()
				if noted := strings.Contains(h.log.String(), "a club has removed dogear"); noted != (c.said != "") {
					t.Errorf("the token of %s was revoked: is it noted: %v", c.bot, noted)
				}
				if left(clubs[0]) == c.purged {
					t.Errorf("after %s, is it purged: %v", c.after, !c.purged)
				}
				g.ClearFaults()
			}
			for _, other := range clubs[1:] {
				if !left(other) {
					t.Errorf("%s was purged", other)
				}
			}
		})
	}
}

// removed is what Slack does with an app that a workspace has removed: it goes on
// running, and is not ready.
func (g *gathering) removed(h *hosted) {
	g.t.Helper()
	g.Fault(slacktest.Fault{Error: "account_inactive", Times: -1})
	g.Socket(slacktest.Cut())
	soon(g.t, "it is not ready", func() bool {
		status, body, err := get(h.health + "/readyz")
		return err == nil && status == 503 && body == "slack: it is not connected\n"
	})
}
