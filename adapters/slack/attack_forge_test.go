package slack_test

import (
	"net/url"
	"strings"
	"testing"
)

// TestAttackForgedDeeds runs commands through action_ids that nobody was given,
// with options that are another reader's ticket or the bot's own to set.
func TestAttackForgedDeeds(t *testing.T) {
	c := serve(t, "socket")
	defer c.stop()
	c.has(c.ann.Slash(c.books, "progress 22"), "Saved.")
	anns := c.ann.Slash(c.books, "what becomes of Tommy's donation?")
	ticket := ""
	for _, s := range anns.Strings() {
		if parts := strings.Split(s, ":"); len(parts) == 3 && len(parts[1]) == 26 {
			ticket = parts[1]
		}
	}
	form := c.has(c.ann.Slash(c.books, "spoiler"), "behind a cover")
	const secret = "The canary sings."
	c.has(c.ann.Submit(form.View(), map[string]string{"place": "chapter 12", "text": secret}), "ann has a spoiler")
	mine := c.has(c.bob.Slash(c.books, "is the prose good?"), safe)
	before := len(c.books.Messages())
	options := url.Values{
		"ticket": {ticket + ".1"}, "spoiler": {"x"}, "which": {"1"}, "review": {"1"}, "place": {"finished"}, "role": {c.bob.ID}, "text": {secret},
		"confirmed": {"yes"}, "again": {"yes"}, "more": {"yes"}, "unstated": {"yes"}, "reader": {c.ann.ID},
	}.Encode()
	ids := []string{"do:%zz:home/", "do::%zz/", "do:::", "::", "reveal:" + ticket + ":1", "yes:" + ticket + ":1", "past:" + ticket + ":", "share:" + ticket + ":"}
	for _, command := range []string{"reveal", "past", "share", "more", "report", "manage", "rewrite", "retract", "club+decide", "club+trust", "club+preview"} {
		ids = append(ids, "do:"+options+":"+command+"/", "do:ticket="+ticket+":"+command+"/", "do:"+options+":"+command+"/ticket")
	}
	for _, id := range ids {
		c.lacks(c.bob.PressRaw(mine.Message(), id, "x", ticket+".1"), spoils, secret)
		c.bob.Close()
	}
	if n := len(c.books.Messages()); n != before {
		t.Errorf("%d messages are posted", n-before)
	}
	c.has(c.bob.Slash(c.books, "club pace 23"), "for moderators to decide")
	// Whose ticket it is may do so.
	c.has(c.ann.PressRaw(anns.Message(), "do:ticket="+ticket+".1:reveal/", "x", ""), "That lies past your place.")
}

// TestAttackForgedChannel names a channel in a form that asks for none, to post
// where it was not opened.
func TestAttackForgedChannel(t *testing.T) {
	c := serve(t, "socket")
	defer c.stop()
	other := c.Channel("other")
	c.has(c.mo.Slash(other, "club book "+book), "now reads")
	c.bob.Leave(other)
	form := c.has(c.bob.Slash(c.books, "spoiler"), "behind a cover")
	c.bob.SubmitRaw(form.View(), map[string]any{"state": map[string]any{"values": map[string]any{
		"channel": map[string]any{"channel": map[string]any{"type": "conversations_select", "selected_conversation": other.ID}},
		"text":    map[string]any{"text": map[string]any{"type": "plain_text_input", "value": "The canary sings."}},
	}}})
	c.Await("it is posted", func() bool { return strings.Contains(posts(c.books)+posts(other), "bob has a spoiler") })
	if strings.Contains(posts(other), "bob has a spoiler") {
		t.Error("it is posted where the form was not opened")
	}
}
