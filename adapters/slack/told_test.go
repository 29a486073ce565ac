package slack_test

import (
	"strings"
	"testing"

	"dogear/adapters/slack/slacktest"
)

// TestHomeTells: where a reader's home can't show what became of what they did
// there, they are told elsewhere.
func TestHomeTells(t *testing.T) {
	c := serve(t, "socket")
	told := func(what, words string) {
		t.Helper()
		c.Await(what, func() bool { return strings.Contains(reads(c.ann.Sees(c.ann.DMs())), words) })
	}
	home := c.has(c.ann.OpenHome(), "Your books").Home()
	c.ExpireTriggers()
	c.ann.Unanswered().Choose(home, "Set my place", "finished")
	told("a question that does not open", "I couldn't open that in time.")
	c.KeepTriggers()

	c.Fault(slacktest.Fault{Method: "views.publish", Error: "internal_error", Times: -1})
	c.ann.Unanswered().Choose(home, "Change that for every book", "Hide it: no trace of it")
	told("a home that can't be shown", "Not all of my answer got through.")
	c.ClearFaults()

	// The question takes the place of the home, as where no window opens.
	own := c.has(c.ann.Slash(c.books, ""), "Your books").View()
	c.ExpireTriggers()
	asked := c.has(c.ann.Choose(own, "Set my place", "finished"), "Finished Never Let Me Go?").View()
	c.KeepTriggers()
	c.has(c.ann.Submit(asked, nil), "Saved.")
}

// TestHelpHere: help lists what can be typed here, and no more.
func TestHelpHere(t *testing.T) {
	c := serve(t, "socket")
	help := c.has(c.mo.Slash(c.books, "help"), "/dogear club sources", "/dogear spoiler")
	c.lacks(help, "club import", "/dogear share", "/dogear report", "no buttons")
	c.has(c.ann.Slash(c.books, "privacy"), "What I keep about you:")
}
