package slack_test

import (
	"strings"
	"testing"
)

// TestAttackName has dogear say what somebody calls themself, which is the ending,
// a call for everybody or dogear's own words.
func TestAttackName(t *testing.T) {
	c := serve(t, "socket")
	defer c.stop()
	for i, name := range []string{
		spoils, "Tommy dies", "<!channel>", "<@" + c.bob.ID + ">", "Ruth completes in chapter 19", "ann\n\nTommy completes", "*A moderator* removed this. ann",
		"\u202eyb delaever", "Tommy\u200b completes", strings.Repeat("Tommy dies ", 7),
	} {
		u := c.User(strings.Repeat("u", i+1)).Called(name)
		form := c.has(u.Slash(c.books, "spoiler"), "behind a cover")
		c.has(u.Submit(form.View(), map[string]string{"text": "The canary sings."}), "has a spoiler for Never Let Me Go")
	}
	for _, s := range c.SentBy("chat.postMessage", "chat.update") {
		for _, no := range []string{"ommy", "complete", "<!", "<@", "\u202e", "removed"} {
			if strings.Contains(s, no) {
				t.Errorf("%q in %q", no, s)
			}
		}
	}
}
