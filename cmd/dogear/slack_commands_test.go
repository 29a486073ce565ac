package main

import (
	"strings"

	"dogear/adapters/slack/slacktest"
	"dogear/bot"
)

// own is what ann writes of the book.
const own = "I enjoyed every page of this novel."

// typed is something that a member types behind /dogear, with what is filled into
// the form that it opens, and the button that is pressed below the reply.
type typed struct {
	by    *slacktest.User
	words string
	form  map[string]string
	press string
	want  string
}

// commands types every command of the table that can be typed. Members take
// turns: nobody may ask as much as that at once.
func (g *gathering) commands() {
	ann, bob, cal := g.ann, g.bob, g.cal
	mo, mia, max := g.mo, g.User("mia").Admin(), g.User("max").Owner()
	text := func(s string) map[string]string { return map[string]string{"text": s} }
	left := map[string]bool{}
	for _, c := range bot.Commands() {
		if !c.Hidden && !c.OfReply() {
			left[c.Name] = true
		}
	}
	for _, s := range []typed{
		{by: ann, words: "club book Never Let Me Go", want: "In this club that is for moderators to decide."},
		{by: mo, words: "club book", form: map[string]string{"book": "Never Let Me Go"}, want: "This channel now reads Never Let Me Go."},
		{by: ann, words: "ask how is the prose?", want: canary},
		{by: ann, words: "how is the prose?", want: canary},
		{by: ann, words: "progress 7", want: "Saved. Your place in Never Let Me Go: chapter 7 of 23."},
		{by: ann, words: "progress", want: "Your place in Never Let Me Go: chapter 7 of 23."},
		{by: ann, words: "spoilers show here", want: "Saved"},
		{by: ann, words: "spoilers tag", want: "Saved, for every book."},
		{by: ann, words: "reviews", want: "Robin: A quiet book"},
		{by: ann, words: "reviews list", want: "Robin: A quiet book"},
		{by: ann, words: "reviews read Robin", want: "Reveal"},
		{by: cal, words: "reviews by", form: map[string]string{"reviewer": "Robin"}, want: "By Robin:"},
		{by: cal, words: "reviews verdict", want: "2 reviewers liked Never Let Me Go:"},
		{by: cal, words: "reviews related", want: "No review of Never Let Me Go"},
		{by: ann, words: "reviews add", form: map[string]string{"title": "My evening", "rating": "5/5", "text": own}, want: "is with the moderators"},
		{by: mo, words: "club proposals", press: "Yes", want: own},
		{by: mo, words: "club approve 1", want: "Approved. It is in the library."},
		{by: ann, words: "reviews mine", want: "1. ann: My evening, 5/5"},
		{by: ann, words: "reviews edit 1", form: text(own + " I admired the pacing."), want: "is with the moderators"},
		{by: mo, words: "club decline 1", want: "Declined. It is gone."},
		{by: ann, words: "reviews delete 1", press: "Yes", want: "Deleted."},
		{by: bob, words: "reviews delete 1", want: "I don't know which one you mean."},
		{by: mo, words: "club trust <@" + bob.ID + "|bob>", want: "Saved."},
		{by: bob, words: "reviews add", form: map[string]string{"title": "Short", "text": own}, want: "is in the library."},
		{by: mo, words: "club sources", want: "1. bob, 20"},
		{by: mo, words: "club edit", form: map[string]string{"which": "1. bob", "text": "I enjoyed this novel."}, want: "is in the library"},
		{by: mo, words: "club remove", form: map[string]string{"which": "1. bob"}, press: "Yes", want: "Deleted"},
		{by: mo, words: "club distrust <@" + bob.ID + "|bob>", want: "Saved."},
		{by: mia, words: "faq add", form: map[string]string{"question": "Is the book long?", "text": "It is a short novel."}, want: "The FAQ on Never Let Me Go has it now."},
		{by: ann, words: "faq list", want: "“Is the book long?”"},
		{by: ann, words: "faq read 1", want: "“It is a short novel.”"},
		{by: mia, words: "faq edit 1", form: text("It is a short book."), want: "The FAQ on Never Let Me Go has it now."},
		{by: mia, words: "faq delete 1", press: "Yes", want: "Deleted."},
		{by: cal, words: "book list", want: "Jane Eyre by Charlotte Brontë, 38 chapters"},
		{by: cal, words: "book current", want: "This channel reads Never Let Me Go"},
		{by: cal, words: "book about", want: "Never Let Me Go by Kazuo Ishiguro, 23 chapters"},
		{by: mia, words: "club pace 3", want: "Saved. This channel's place in Never Let Me Go: chapter 3 of 23."},
		{by: mia, words: "club pace undo", want: "Taken back. This channel's place in Never Let Me Go: not started."},
		{by: mia, words: "club tags off", want: "nobody sees a trace of it"},
		{by: mia, words: "club tags on", want: "covered until somebody opens it"},
		{by: mia, words: "club settings", want: "A channel's book, pace and tags are for moderators to change."},
		{by: mia, words: "club channels moderators", want: "Saved."},
		{by: max, words: "club queue", press: "Yes", want: "to decide in Never Let Me Go"},
		{by: max, words: "club preview 5 Robin", press: "Yes", want: "As a reader at this place sees it: chapter 5 of 23."},
		{by: max, words: "club import", want: "the command line takes files"},
		{by: max, words: "club reports", want: "Nobody has reported anything."},
		{by: max, words: "club restore ann", want: "“ann” has reported nothing here."},
		{by: max, words: "club log", want: mo.ID + ": approve"},
		{by: bob, words: "privacy show", want: "What I keep about you:"},
		{by: bob, words: "privacy export", want: `"reader": "slack:` + g.TeamID + "." + bob.ID + `"`},
		{by: bob, words: "privacy forget", press: "Yes", want: "Forgotten."},
		{by: cal, words: "help", want: "/dogear progress: see or set how far you have read"},
		{by: cal, words: "spoiler", form: text("The boat is empty."), want: "cal has a spoiler for Never Let Me Go:"},
	} {
		g.enter(s)
		for name := range left {
			if s.words == name || strings.HasPrefix(s.words, name+" ") {
				delete(left, name)
			}
		}
	}
	for name := range left {
		g.t.Errorf("nobody has typed %q", name)
	}
}

// enter types something, and what comes of it says what is wanted.
func (g *gathering) enter(s typed) {
	g.t.Helper()
	seen := s.by.Slash(g.books, s.words)
	if s.form != nil {
		form, ok := s.by.View()
		if !ok {
			g.t.Fatalf("%s: no form opens:\n%s", s.words, seen.Text())
		}
		seen = s.by.Submit(form, s.form)
	}
	if s.press != "" {
		seen = g.says(s.by, seen, s.press)
	}
	if g.has(seen, s.want); s.words != "spoiler" {
		g.alone(seen)
	}
}

// says presses a button that says yes to what was asked: in a modal, its own.
func (g *gathering) says(by *slacktest.User, asked slacktest.Seen, yes string) slacktest.Seen {
	g.t.Helper()
	if v := asked.View(); v.Submit != "" {
		if !strings.HasPrefix(v.Submit, yes) {
			g.t.Errorf("the modal says %q, not %q", v.Submit, yes)
		}
		return by.Submit(v, nil)
	}
	return by.Press(asked.Message(), yes)
}
