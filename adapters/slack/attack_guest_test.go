package slack_test

import (
	"strings"
	"testing"

	"dogear/adapters/slack/slacktest"
)

// posts are what everybody in a channel reads of it.
func posts(c *slacktest.Channel) string {
	var all []string
	for _, m := range c.Messages() {
		all = append(all, m.Reads())
	}
	return strings.Join(all, "\n")
}

// TestAttackSpoilerByMention writes a spoiler where everybody reads it, for dogear
// to post it again; and as somebody of another workspace, who has nothing to put
// into the club's library.
func TestAttackSpoilerByMention(t *testing.T) {
	c := serve(t, "socket")
	defer c.stop()
	c.books.Shared()
	zoe := c.Guest("zoe")
	zoe.Mention(c.books, "/spoiler 3 The canary sings.")
	c.has(c.ann.Mention(c.books, "/spoiler 3 The canary sings."), "nobody sees before I have covered it")
	if strings.Contains(posts(c.books), "has a spoiler") {
		t.Error("what everybody has read is posted as a spoiler")
	}
	if seen := c.has(c.ann.Slash(c.books, "privacy export"), "{"); strings.Contains(seen.Text(), "canary") {
		t.Error("what was not posted is kept")
	}
	// What needs no slash command is not refused.
	c.has(c.ann.Submit(c.has(c.ann.Slash(c.books, "spoiler"), "behind a cover").View(), map[string]string{"text": "The canary sings."}), "ann has a spoiler")
}

// TestAttackEcho has dogear say somebody's words in a channel, or call everybody,
// in what it does not understand.
func TestAttackEcho(t *testing.T) {
	c := serve(t, "socket")
	defer c.stop()
	c.books.Shared()
	zoe := c.Guest("zoe")
	for _, command := range []string{"reviews list", "reviews by", "reviews verdict", "faq read", "book about", "reviews read", "spoilers", "club trust", "club tags", "nonsense", "yes", "share", "more", "home"} {
		for _, u := range []*slacktest.User{c.ann, zoe, c.mo} {
			u.Mention(c.books, "/"+command+" <!channel> <@"+c.bob.ID+"> <https://canary.example|canary> canary")
			u.Mention(c.books, "/"+command+" canary")
		}
	}
	for _, s := range c.SentBy("chat.postMessage", "chat.update") {
		for _, no := range []string{"canary", "<!", "<@"} {
			if strings.Contains(s, no) {
				t.Errorf("it says: %s", s)
			}
		}
	}
}
