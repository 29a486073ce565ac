package slack_test

import (
	"strings"

	"dogear/adapters/slack/slacktest"
)

// sees checks that somebody is told all of these, and none of the endings, seen
// or not; and that nobody else was sent one since.
func (c *club) sees(what string, seen slacktest.Seen, want ...string) slacktest.Seen {
	c.t.Helper()
	all := func(s slacktest.Seen) string { return strings.Join(s.Strings(), "\n") + "\n" + s.Text() }
	for _, w := range want {
		seen = seen.Until(what+": it says "+w, func(s slacktest.Seen) bool { return strings.Contains(all(s), w) })
	}
	text := all(seen)
	for _, e := range endings {
		if strings.Contains(text, e) {
			c.t.Errorf("%s: it has %q:\n%s", what, e, seen.Text())
		}
	}
	return seen
}

// unsent checks that nothing that ever left dogear has an ending, but what went to
// somebody alone in a way that keeps nothing: to one of those who may have it.
func (c *club) unsent(but ...*slacktest.User) {
	c.t.Helper()
	for _, r := range c.Requests() {
		body := string(encode(r.Body))
		for _, e := range endings {
			if !strings.Contains(body, e) {
				continue
			}
			mayBe := false
			for _, u := range but { // of a modal that did not open nobody is told
				mayBe = mayBe || (r.Only == u.ID || r.Only == "" && !slacktest.OK(r)) && (r.Method == "views.open" || r.Method == "views.push" || r.Method == "views.update" || r.Method == "chat.postEphemeral")
			}
			if !mayBe {
				c.t.Errorf("%s to %q has %q", r.Method, r.Only, e)
			}
		}
	}
}

// ticketOf is that of the first cover of what somebody sees.
func ticketOf(where interface{ Elements() []slacktest.Element }) string {
	return valueOf(where, "reveal:")
}

// valueOf is the ticket of the first element with an action, with the number of a
// cover.
func valueOf(where interface{ Elements() []slacktest.Element }, action string) string {
	for _, e := range where.Elements() {
		if rest, ok := strings.CutPrefix(e.Action, action); ok {
			ticket, _, _ := strings.Cut(rest, ":")
			return ticket
		}
	}
	return ""
}

// private is an answer for a reader alone, with a cover.
func (c *club) private(who *slacktest.User) slacktest.Message {
	c.t.Helper()
	m := c.sees("a question", who.Slash(c.books, whatEnds), "Covered").Message()
	if ticketOf(m) == "" {
		c.t.Fatal("there is no cover")
	}
	return m
}

// public is an answer that the channel sees, with a cover.
func (c *club) public(who *slacktest.User) slacktest.Message {
	c.t.Helper()
	m := c.sees("a mention", who.Mention(c.books, whatEnds), "Covered").Message()
	if m.User != "" || ticketOf(m) == "" {
		c.t.Fatalf("it is no answer to the channel with a cover: %+v", m)
	}
	return m
}

// finish has a reader finish the book.
func (c *club) finish(who *slacktest.User) {
	c.t.Helper()
	c.has(who.Press(who.Slash(c.books, "progress finished").Message(), "Yes, I've finished it"), "finished")
}

// posted is a spoiler of ann's, as the channel sees it.
func (c *club) posted() slacktest.Message {
	c.t.Helper()
	form := c.ann.Slash(c.books, "spoiler").View()
	seen := c.ann.Submit(form, map[string]string{"text": spoils})
	m := c.sees("a spoiler", seen, "ann has a spoiler").Message()
	if m.User != "" {
		c.t.Fatal("it was not posted")
	}
	return m
}
