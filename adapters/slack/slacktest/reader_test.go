package slacktest_test

import (
	"testing"

	"dogear/adapters/slack/slacktest"
)

// TestReaders tells apart whom each thing that was sent reaches.
func TestReaders(t *testing.T) {
	s := slacktest.New(t)
	ann, ch := s.User("ann"), s.Channel("books")
	newBot(t, s, func(b *bot, e told) (any, bool) {
		if e.object["command"] == nil {
			return nil, true // the bot hears itself
		}
		b.done.Go(func() {
			b.form("chat.postEphemeral", object{"channel": ch.ID, "user": ann.ID, "text": "for ann"})
			b.hook(e.object["response_url"], object{"text": "for bob"})
			b.hook(e.object["response_url"], object{"text": "for all", "response_type": "in_channel", "unfurl_links": false, "unfurl_media": false})
			b.post(object{"channel": ann.DMs().ID, "text": "for ann"})
			b.open(e.object["trigger_id"], modal("for bob", section("for bob")))
			b.json("views.publish", b.s.BotToken, object{"user_id": ann.ID, "view": home(section("for ann"))})
		})
		return nil, true
	}).connect()
	bob := s.User("bob")
	seen := bob.Slash(ch, "x").Until("a modal", func(s slacktest.Seen) bool { return s.View().ID != "" })
	for _, m := range seen.Messages() {
		if m.Text == "for ann" {
			t.Errorf("bob sees %q", m.Text)
		}
	}
	if seen.Home().ID != "" || seen.View().Title != "for bob" {
		t.Errorf("bob sees %q", seen.Text())
	}
	want := map[string][]string{
		"chat.postEphemeral": {ann.ID}, "response_url": {bob.ID, ""}, "chat.postMessage": {ann.ID},
		"views.open": {bob.ID}, "views.publish": {ann.ID},
	}
	for method, readers := range want {
		got := s.Requests(slacktest.To(method), slacktest.OK)
		for i, reader := range readers {
			if len(got) <= i || got[i].Only != reader {
				t.Errorf("%s: request %d is for others than %q", method, i, reader)
			}
		}
	}
}
