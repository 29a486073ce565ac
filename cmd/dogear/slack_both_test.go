package main

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dogear/adapters/discord"
	"dogear/adapters/discord/discordtest"
	"dogear/adapters/slack"
	"dogear/adapters/slack/slacktest"
	"dogear/store/redistest"
)

// stores are a store of each kind, by its name.
func stores(t *testing.T) map[string]func(*testing.T) string {
	t.Helper()
	return map[string]func(*testing.T) string{
		"file":  func(t *testing.T) string { return "file:" + filepath.Join(t.TempDir(), "dogear.db") },
		"redis": func(t *testing.T) string { return redistest.Start(t).URL() },
	}
}

// TestDiscordAndSlack lets one serve answer a server of Discord and a workspace of
// Slack, whose IDs are the same, as are those of their channels and the names of
// their members. Neither sees anything of the other.
func TestDiscordAndSlack(t *testing.T) {
	for name, kept := range stores(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := kept(t)
			d := newEvening(t, store)
			s := &gathering{Slack: slacktest.New(t, slacktest.Patience(patient)), t: t}
			s.TeamID = d.guild.ID
			s.assemble(store)
			s.books.ID = d.books.ID
			s.adds(store, "finch.md", "---\nreviewer: Finch\n---\n\nI enjoyed this book.\n")
			h := launch(t, onSlack(onDiscord(dogearCommand(t, store, "serve"), d.Discord), s.Slack))
			both := pair{t, d, s}
			both.apart()
			both.tickets()
			both.reports()
			h.stop()
			s.silent(h.log.String())
			if strings.Contains(h.log.String(), d.Token) {
				t.Error("its log has Discord's token")
			}
		})
	}
}

// pair is two clubs that one dogear serves.
type pair struct {
	t *testing.T
	d *evening
	s *gathering
}

// apart shows that places, veils, paces and libraries are each club's own.
func (p pair) apart() {
	d, s := p.d, p.s
	d.alone(d.mo.Slash(d.books, "club book", opts{"book": "Never Let Me Go"}), "This channel now reads")
	if seen := s.has(s.ann.Slash(s.books, "book current")); strings.Contains(seen.Text(), "Never Let Me Go") {
		p.t.Errorf("Slack's channel reads what Discord's does:\n%s", seen.Text())
	}
	s.alone(s.mo.Slash(s.books, "club book Never Let Me Go"), "This channel now reads")

	d.alone(d.ann.Slash(d.books, "progress", opts{"place": "9"}), "chapter 9 of 23")
	s.lacks(s.alone(s.ann.Slash(s.books, "progress")), "chapter 9")
	s.alone(s.ann.Slash(s.books, "progress 3"), "chapter 3 of 23")
	d.alone(d.ann.Slash(d.books, "progress"), "chapter 9 of 23")

	d.alone(d.ann.Slash(d.books, "spoilers", opts{"veil": "hide"}), "hidden")
	s.alone(s.ann.Slash(s.books, donation), "Reveal")
	s.alone(s.mo.Slash(s.books, "club pace 5"), "chapter 5 of 23")
	if seen := d.alone(d.bob.Slash(d.books, "book current"), "Never Let Me Go"); strings.Contains(seen.Text(), "chapter 5") {
		p.t.Errorf("Discord's channel is where Slack's is:\n%s", seen.Text())
	}
	s.alone(s.mo.Slash(s.books, "club pace start"), "not started")

	s.alone(s.bob.Slash(s.books, "reviews list"), "Robin", "Finch")
	if seen := d.alone(d.bob.Slash(d.books, "reviews list"), "Robin"); strings.Contains(seen.Text(), "Finch") {
		p.t.Errorf("Discord's club has Slack's review:\n%s", seen.Text())
	}
	// Who is forgotten on one is not on the other.
	d.alone(d.ann.Press(d.alone(d.ann.Slash(d.books, "privacy forget")).Message(), "Yes, forget me"), "Forgotten.")
	s.alone(s.ann.Slash(s.books, "progress"), "chapter 3 of 23")
}

// tickets shows that what one's buttons stand for opens nothing on the other.
func (p pair) tickets() {
	d, s := p.d, p.s
	const lost = "I can't open that any more."
	d.alone(d.mo.Slash(d.books, "club tags", opts{"tags": "button"}))
	onDiscord := d.all(d.cal.Slash(d.books, "ask", opts{"question": donation, "share": "yes"})).Message()
	onSlack := s.all(s.cal.Mention(s.books, donation), "Reveal").Message()
	ids := func(of []string) []string {
		return slices.DeleteFunc(of, func(id string) bool { return len(strings.Split(id, ":")) != 3 || id == "report::" })
	}
	var theirs, ours []string
	for _, c := range onDiscord.Components {
		theirs = append(theirs, c.CustomID)
	}
	for _, e := range onSlack.Elements() {
		ours = append(ours, e.Action)
		if e.Label == "Reveal" {
			ours = append(ours, "reveal:"+e.Value+":")
		}
	}
	theirs, ours = ids(theirs), ids(ours)
	reveals := func(id string) bool { return strings.HasPrefix(id, "reveal:") }
	if !slices.ContainsFunc(theirs, reveals) || !slices.ContainsFunc(ours, reveals) {
		p.t.Fatalf("their buttons: %q and %q", theirs, ours)
	}
	for _, id := range ours {
		if seen := d.cal.Forge(d.books, id); !strings.Contains(unescaped(seen.Text()), lost) || strings.Contains(unescaped(seen.Text()), told) {
			p.t.Errorf("Discord is answered to Slack's %q:\n%s", id, seen.Text())
		}
	}
	for _, id := range theirs {
		ticket := strings.Split(id, ":")[1]
		s.lacks(s.alone(s.cal.PressRaw(onSlack, id, "b", ticket), lost), told)
	}
}

// reports shows that a report on one edits what was posted there, and nothing on
// the other.
func (p pair) reports() {
	d, s := p.d, p.s
	there := d.all(d.bob.Mention(d.books, "how is the prose?"), canary).Message()
	here := s.all(s.bob.Mention(s.books, "how is the prose?"), canary).Message()
	quoted := func() (onDiscord, onSlack bool) {
		for _, m := range d.books.Messages() {
			onDiscord = onDiscord || m.ID == there.ID && strings.Contains(unescaped(m.Content), canary)
		}
		for _, m := range s.posts(s.books, canary) {
			onSlack = onSlack || m.TS == here.TS
		}
		return onDiscord, onSlack
	}
	report := d.cal.Press(there, "Report a spoiler")
	if m := report.Message(); strings.Contains(unescaped(m.Content), "Which one is it?") {
		report = d.cal.Select(m, "Report a spoiler", "1")
	}
	d.alone(report, "It is covered for everybody")
	d.Await("Discord's message no longer quotes it", func() bool { there, _ := quoted(); return !there })
	if _, onSlack := quoted(); !onSlack || len(s.Requests(slacktest.To("chat.update", "chat.delete"))) > 0 {
		p.t.Error("a report on Discord changes what was posted on Slack")
	}
	s.alone(s.cal.Slash(s.books, "how is the prose?"), canary)

	edits := func() int { return len(d.Requests(discordtest.To(http.MethodPatch, "/channels/"))) }
	before := edits()
	report2 := s.cal.Press(here, "Report a spoiler")
	if strings.Contains(report2.Text(), "Which one is it?") {
		report2 = s.cal.Choose(report2.Message(), "Report a spoiler", "1")
	}
	s.alone(report2, "It is covered for everybody")
	s.Await("Slack's message no longer quotes it", func() bool { _, here := quoted(); return !here })
	if edits() != before {
		p.t.Error("a report on Slack changes what was posted on Discord")
	}
	d.alone(d.mo.Slash(d.books, "club restore", opts{"reader": discord.Platform + d.cal.ID}), "Lifted: 1 report")
	s.lacks(s.ann.Slash(s.books, "how is the prose?"), canary)
	s.alone(s.mo.Slash(s.books, "club restore "+slack.Platform+s.TeamID+"."+s.cal.ID), "Lifted: 1 report")
}
