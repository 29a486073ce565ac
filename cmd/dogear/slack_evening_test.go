package main

import (
	"slices"
	"strings"

	"dogear/adapters/slack"
	"dogear/adapters/slack/slacktest"
)

// donation is a question that only what lies past everybody's place answers.
const donation = "tell me about Tommy's donation"

// home is what a reader does at home: in a modal that a command opens, and in the
// app's own tab.
func (g *gathering) home() {
	eve := g.User("eve")
	home := g.has(eve.Slash(g.books, ""), "Your books", "Never Let Me Go: not started", "The club", "Your data").View()
	if home.Type != "modal" {
		g.t.Errorf("home opens in a %q", home.Type)
	}
	set := g.has(eve.Choose(home, "Set my place", "chapter 9"), "Never Let Me Go: chapter 9 of 23")
	hidden := g.has(eve.Choose(set.View(), "Change that for every book", "Hide it"), "is hidden")
	g.has(eve.Choose(hidden.View(), "Set my place", "finished"), "Finished Never Let Me Go?")
	if v, ok := eve.View(); ok {
		g.has(eve.Submit(v, nil), "Never Let Me Go: finished")
	}
	tab := g.has(eve.OpenHome(), "Your books", "Never Let Me Go: finished").Home()
	tab = g.has(eve.Choose(tab, "Set my place", "start"), "Never Let Me Go: not started").Home()
	g.has(eve.Press(tab, "See it"), "What I keep about you:")
	g.has(eve.Press(tab, "Get it as data"), `"reader": "slack:`)
	g.has(eve.Press(tab, "Ask how it works"), "/dogear progress")
	g.has(eve.Press(tab, "Forget it"), "That can't be undone.")
	if v, ok := eve.View(); ok {
		g.has(eve.Submit(v, nil), "Forgotten.")
	}
}

// reading is what readers do with answers.
func (g *gathering) reading() {
	fay := g.User("fay")
	asked := g.alone(fay.Slash(g.books, "how is the prose?"), canary)
	g.alone(fay.Choose(asked.Message(), "I've read further", "Finished chapter 7"), "Saved. Your place in Never Let Me Go: chapter 7 of 23.")
	posted := g.all(fay.Press(asked.Message(), "Share with the channel"), canary).Message()

	yesNo := g.lacks(g.alone(fay.Slash(g.books, "does Tommy die?")), told)
	if slices.Contains(yesNo.Message().Buttons(), "Reveal") {
		g.t.Errorf("two buttons are an answer:\n%s", yesNo.Text())
	}
	g.alone(fay.Press(yesNo.Message(), "Look past my place"))
	g.lacks(g.has(fay.DM("how is the prose?"), canary), told)
	below := g.all(g.User("gus").Mention(g.books, "how is the prose?"), canary).Message()
	if below.Thread == "" {
		g.t.Error("a mention is answered elsewhere than below the question")
	}
	g.all(g.User("gus").MentionIn(below, "how is the prose?"), canary)

	page := g.alone(fay.Slash(g.books, "reviews read Wren"), "Wren")
	if next := g.alone(fay.Press(page.Message(), "Next page")); next.Text() == page.Text() {
		g.t.Error("the next page is the same")
	}

	// What a menu offers is what begins as was typed.
	fay.Slash(g.books, "reviews add")
	form, _ := fay.View()
	if all, some := fay.Options(form, "book", ""), fay.Options(form, "book", "jane"); len(all) != 2 || len(some) != 1 || some[0].Value != "jane-eyre" {
		g.t.Errorf("books: %+v, for “jane” %+v", all, some)
	}
	g.reported(posted, below)
}

// reported is what becomes of what was posted once somebody has reported it.
func (g *gathering) reported(posted, below slacktest.Message) {
	hal := g.User("hal")
	report := hal.Press(posted, "Report a spoiler")
	if strings.Contains(report.Text(), "Which one is it?") {
		report = hal.Choose(report.Message(), "Report a spoiler", "1")
	}
	g.alone(report, "It is covered for everybody")
	g.Await("messages that were posted no longer quote it", func() bool { return len(g.posts(g.books, canary)) == 0 })
	for _, m := range g.books.Messages() {
		if (m.TS == posted.TS || m.TS == below.TS) && m.Edits == 0 {
			g.t.Error("a message was written anew")
		}
	}
	g.has(g.mo.Slash(g.books, "club restore "+slack.Platform+g.TeamID+"."+hal.ID), "Lifted: 1 report")
}

// revealing is what comes of the button of a cover, by who presses it and where.
func (g *gathering) revealing() {
	ira, jan, kit, lea := g.User("ira"), g.User("jan"), g.User("kit"), g.User("lea")
	const lost = "I can't open that any more."
	posted := g.lacks(g.all(ira.Mention(g.books, donation), "Reveal"), told).Message()
	g.has(g.says(jan, g.has(jan.Slash(g.books, "progress finished"), "Finished Never Let Me Go?"), "Yes"), "Saved.")
	read := g.alone(jan.Press(posted, "Reveal"), told)
	if v := read.View(); v.Type != "modal" {
		g.t.Errorf("it opens in a %q", v.Type)
	}
	asked := g.lacks(g.alone(ira.Press(posted, "Reveal"), "That lies past your place."), told)
	g.alone(g.says(ira, asked, "Yes, show it to me"), told, "(past your place)")
	g.has(kit.Slash(g.books, "spoilers hide"), "hidden")
	refused := g.lacks(g.alone(kit.Press(posted, "Reveal"), "You have asked me to hide what lies past your place."), told)
	if v := refused.View(); v.Submit != "" {
		g.t.Errorf("kit is offered %q", v.Submit)
	}

	value := func(of string) func(map[string]any) {
		return func(o map[string]any) { o["actions"].([]any)[0].(map[string]any)["value"] = of }
	}
	for _, forged := range []string{"AAAAAAAAAAAAAAAAAAAAAAAAAA.1", "", "1", "../1"} {
		g.lacks(g.alone(jan.PressWith(posted, "Reveal", value(forged)), lost), told)
	}
	films := g.Channel("films")
	elsewhere := func(o map[string]any) {
		o["channel"] = map[string]any{"id": films.ID, "name": films.Name}
		o["container"].(map[string]any)["channel_id"] = films.ID
	}
	g.lacks(g.alone(jan.PressWith(posted, "Reveal", elsewhere), lost), told)
	private := g.lacks(g.alone(lea.Slash(g.books, donation), "Reveal"), told).Message()
	g.lacks(g.alone(jan.PressForeign(private, "Reveal"), lost), told)
	g.alone(g.says(lea, lea.Press(private, "Reveal"), "Yes, show it to me"), told)
	for _, stranger := range []*slacktest.User{g.Outsider("zed"), g.Guest("zoe")} {
		g.lacks(stranger.PressForeign(posted, "Reveal"), told, canary)
	}
}

// last is the last message that somebody alone sees.
func (g *gathering) last(u *slacktest.User) slacktest.Message {
	seen := u.Sees(g.books)
	slices.Reverse(seen)
	i := slices.IndexFunc(seen, func(m slacktest.Message) bool { return m.User == u.ID })
	if i < 0 {
		return slacktest.Message{}
	}
	return seen[i]
}

// spoilers are posted by a command and by the shortcut, and changed and taken
// away by who wrote them and by a moderator.
func (g *gathering) spoilers() {
	const first, second, manage = "The lamp is broken by then.", "There was no lamp.", "Edit or remove…"
	nat, oli, jan, mia := g.User("nat"), g.User("oli"), g.User("jan"), g.User("mia") // jan has finished the book
	nat.Slash(g.books, "spoiler")
	form, _ := nat.View()
	posted := g.lacks(g.all(nat.Submit(form, map[string]string{"text": first}), "nat has a spoiler for Never Let Me Go:"), first).Message()
	g.alone(jan.Press(posted, "Reveal"), first)
	g.alone(oli.Press(posted, manage), "Only whoever wrote a spoiler")
	g.alone(nat.Press(posted, manage), "This spoiler for Never Let Me Go is yours.")
	g.in(nat, "Edit…")
	form, _ = nat.View()
	g.alone(nat.Submit(form, map[string]string{"text": second}), "Saved. Its cover opens the new text.")
	g.lacks(g.alone(jan.Press(posted, "Reveal"), second), first)
	g.alone(nat.Press(posted, manage), "is yours")
	g.says(nat, g.in(nat, "Delete"), "Yes, delete it")
	g.Await("the message offers nothing", func() bool { return len(g.posts(g.books, "nat has a spoiler")) == 0 })

	oli.Shortcut("spoiler")
	form, _ = oli.View()
	posted = g.lacks(g.all(oli.Submit(form, map[string]string{"Channel": "books", "place": "5", "text": first}), "oli has a spoiler for Never Let Me Go:"), first).Message()
	g.has(nat.Slash(g.books, "progress 6"), "Saved.")
	g.alone(nat.Press(posted, "Reveal"), first)
	g.alone(mia.Press(posted, manage), "oli has a spoiler for Never Let Me Go.")
	g.alone(g.in(mia, "Cover until the end of the book"), "Saved.")
	g.lacks(g.alone(nat.Press(posted, "Reveal"), "That lies past your place."), first)
	g.alone(mia.Press(posted, manage))
	g.alone(g.says(mia, g.in(mia, "Remove"), "Yes, delete it"), "Deleted.")
	g.Await("the message offers nothing", func() bool { return len(g.posts(g.books, "oli has a spoiler")) == 0 })
}

// in presses a button of what somebody was just shown: a modal, or a message for
// them alone.
func (g *gathering) in(u *slacktest.User, button string) slacktest.Seen {
	g.t.Helper()
	if v, ok := u.View(); ok {
		return u.Press(v, button)
	}
	return u.Press(g.last(u), button)
}
