package slack_test

import (
	"testing"

	"dogear/adapters/slack/slacktest"
)

// TestDeepForm asks for a form where as many modals as there may be lie on top of
// each other: it takes the place of the last.
func TestDeepForm(t *testing.T) {
	c := serve(t, "socket", slacktest.Tolerate(slacktest.Limits))
	seen := c.mo.Press(c.mo.Slash(c.books, "club queue").Message(), "Yes, show them to me")
	seen = c.mo.Press(seen.View(), "Not before the end")
	seen = c.mo.Press(seen.View(), "Take my last decision back")
	seen = c.has(c.mo.Press(seen.View(), "A chapter…"), "From which chapter is it safe?")
	c.has(c.mo.Submit(seen.View(), map[string]string{"value": "23"}), "Saved.")
}
