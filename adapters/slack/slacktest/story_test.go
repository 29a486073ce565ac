package slacktest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"dogear/adapters/slack/slacktest"
)

// club is a bot that does what dogear does, in small.
func club(b *bot, e told) (any, bool) {
	event, _ := e.object["event"].(object)
	act := object{}
	if l, _ := e.object["actions"].([]any); len(l) > 0 {
		act, _ = l[0].(object)
	}
	in := func(v any) string { o, _ := v.(object); s, _ := o["id"].(string); return s }
	switch {
	case e.object["command"] != nil:
		b.done.Go(func() {
			b.hook(e.object["response_url"], object{"text": "covered", "blocks": []any{
				section("covered"), actions(button("Reveal", "reveal:t", ""), button("Share", "share:t", "v")),
			}})
		})
	case event["type"] == "app_mention":
		b.done.Go(func() {
			b.post(object{"channel": event["channel"], "thread_ts": event["ts"], "text": "yes"})
		})
	case event["type"] == "message" && event["bot_id"] == nil:
		b.done.Go(func() { b.post(object{"channel": event["channel"], "text": "hello"}) })
	case event["type"] == "app_home_opened":
		b.done.Go(func() {
			b.json("views.publish", b.s.BotToken, object{"user_id": event["user"], "view": home(section("welcome"), actions(button("Go", "go", "")))})
		})
	case e.object["type"] == "shortcut":
		b.done.Go(func() {
			b.open(e.object["trigger_id"], modal("Spoiler",
				input("Text", "text", object{"type": "plain_text_input", "action_id": "t", "multiline": true}),
				input("Book", "book", object{"type": "external_select", "action_id": "b", "min_query_length": 0}),
			))
		})
	case e.object["type"] == "block_suggestion":
		return object{"options": options("Emma", "Dune")}, true
	case e.object["type"] == "view_submission":
		view, _ := e.object["view"].(object)
		state, _ := view["state"].(object)
		values, _ := state["values"].(object)
		block, _ := values["text"].(object)
		typed, _ := block["t"].(object)
		switch typed["value"] {
		case "bad":
			return object{"response_action": "errors", "errors": object{"text": "no"}}, true
		case "more":
			return object{"response_action": "update", "view": modal("Thanks", section("done"))}, true
		}
	case act["action_id"] == "reveal:t":
		b.done.Go(func() { b.open(e.object["trigger_id"], modal("Past your place", section("she dies"))) })
	case act["action_id"] == "share:t":
		b.done.Go(func() { b.post(object{"channel": in(e.object["channel"]), "text": "shared"}) })
	case act["action_id"] == "go":
		b.done.Go(func() {
			b.json("views.publish", b.s.BotToken, object{"user_id": in(e.object["user"]), "view": home(section("gone"))})
		})
	}
	return nil, true
}

func TestStory(t *testing.T) {
	for name, over := range map[string]bool{"socket": false, "HTTP": true} {
		t.Run(name, func(t *testing.T) {
			s := slacktest.New(t)
			b := newBot(t, s, club)
			if over {
				s.DeliverTo(b.serve())
			} else {
				b.connect()
			}
			story(t, s)
			if got := s.Violations(); len(got) != 0 {
				t.Errorf("broken: %q", got)
			}
		})
	}
}

func story(t *testing.T, s *slacktest.Slack) {
	ann, bob, books := s.User("ann"), s.User("bob"), s.Channel("books")
	seen := ann.Slash(books, "ask is it sad?")
	if m := seen.Message(); m.User != ann.ID || m.Text != "covered" || !strings.Contains(m.Reads(), "Reveal") {
		t.Errorf("a command gets %+v", m)
	}
	if got := bob.Sees(books); len(got) != 0 {
		t.Errorf("bob sees %+v", got)
	}
	covered := seen.Message()
	if seen = ann.Press(covered, "Rev"); !strings.Contains(seen.Text(), "she dies") || seen.View().Title != "Past your place" {
		t.Errorf("Reveal shows %q", seen.Text())
	}
	if seen = ann.Press(covered, "Share"); seen.Message().Text != "shared" || len(bob.Sees(books)) != 1 || seen.View().ID != "" {
		t.Errorf("Share shows %q", seen.Text())
	}
	if m := ann.Mention(books, "is it?").Message(); m.Text != "yes" || m.Thread == "" {
		t.Errorf("a mention gets %+v", m)
	}
	if m := ann.DM("hi").Message(); m.Text != "hello" || m.Channel != ann.DMs().ID {
		t.Errorf("a message gets %+v", m)
	}
	if seen = ann.OpenHome(); !strings.Contains(seen.View().Reads(), "welcome") {
		t.Errorf("the home is %q", seen.Text())
	}
	if seen = ann.Press(seen.View(), "Go"); seen.View().Reads() != "gone" {
		t.Errorf("the home is %q", seen.Text())
	}
	form := ann.Shortcut("spoiler").View()
	if got := ann.Options(form, "Book", "e"); !slices.Contains(got, slacktest.Choice{Text: "Emma", Value: "emma"}) {
		t.Errorf("there is %v to choose", got)
	}
	if seen = ann.Submit(form, map[string]string{"Text": "bad", "book": "Emma"}); seen.Errors["text"] != "no" {
		t.Errorf("what is wrong is answered with %+v", seen)
	}
	if seen = ann.Submit(form, map[string]string{"t": "more"}); seen.View().Title != "Thanks" {
		t.Errorf("what is right is answered with %+v", seen)
	}
	form = ann.Shortcut("spoiler").View()
	if seen = ann.Submit(form, map[string]string{"t": "good", "book": "dune"}); !seen.Closed || seen.View().ID != "" {
		t.Errorf("what is right is answered with %+v", seen)
	}
	if _, open := ann.View(); open {
		t.Error("the modal stays open")
	}
	if !slices.Contains(s.SentBy("views.open"), "she dies") || slices.Contains(s.SentBy("chat.postMessage", "response_url"), "she dies") {
		t.Error("what was sent is not told by method")
	}
	if slices.Contains(s.Sent(), s.BotToken) || len(s.Requests(slacktest.To("response_url"), slacktest.OK)) != 1 {
		t.Error("requests are not kept as they should be")
	}
}

// serve takes deliveries over HTTP.
func (b *bot) serve() string { return b.serveWith(http.StatusOK) }
