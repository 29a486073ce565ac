package slacktest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dogear/adapters/slack/slacktest"
)

// TestEscaped says what begins markup.
func TestEscaped(t *testing.T) {
	s := slacktest.New(t)
	b, next := taker(t, s)
	ann, ch := s.User("ann").Unanswered(), s.Channel("books")
	ann.DM("a < b && <@U1> https://x.org/?a&b")
	if e, _ := next()["event"].(object); e["text"] != "a &lt; b &amp;&amp; <@U1> <https://x.org/?a&amp;b>" {
		t.Errorf("a message is %q", e["text"])
	}
	if got := ann.Sees(ann.DMs())[0].Reads(); got != "a < b && <@U1> https://x.org/?a&b" {
		t.Errorf("it reads %q", got)
	}
	b.post(object{"channel": ch.ID, "text": "x", "blocks": []any{actions(button("Q & A", "a", "q&a"))}})
	ann.Press(ch.Messages()[0], "Q & A")
	if got := action(next()); got["text"].(object)["text"] != "Q &amp; A" || got["value"] != "q&a" {
		t.Errorf("a press is %v", got)
	}
}

func TestReads(t *testing.T) {
	s := slacktest.New(t)
	b, ch := newBot(t, s, club), s.Channel("books")
	b.post(object{"channel": ch.ID, "text": "top", "blocks": []any{
		object{"type": "header", "text": plain("Head")},
		text(object{"type": "text", "text": "a "}, object{"type": "link", "url": "u", "text": "b"}, object{"type": "link", "url": " u"}, object{"type": "emoji", "name": "x"}, object{"type": "user", "user_id": "U1"}, object{"type": "channel", "channel_id": "C1"}),
		object{"type": "image", "image_url": "u", "alt_text": "a cat"},
		object{"type": "context", "elements": []any{plain("small")}},
		actions(with(button("Go", "go", ""), "confirm", object{"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes"), "deny": plain("No")})),
	}})
	m := ch.Messages()[0]
	if got := m.Reads(); got != "Head\na b u:x:<@U1><#C1>\na cat\nsmall\nGo" {
		t.Errorf("it reads %q", got)
	}
	if !slices.Contains(m.Strings(), "top") || !slices.Contains(m.Strings(), "Sure?") || len(m.Elements()) != 1 {
		t.Errorf("it holds %q", m.Strings())
	}
}

func TestConfirm(t *testing.T) {
	s := slacktest.New(t, slacktest.Tolerate(slacktest.Limits))
	b, ch := newBot(t, s, club), s.Channel("books")
	refused(t, "a long question", b.post(object{"channel": ch.ID, "text": "x", "blocks": []any{
		actions(with(button("Go", "go", ""), "confirm", object{"title": plain(long(101)), "text": plain("?"), "confirm": plain("Yes"), "deny": plain("No")})),
	}}), "invalid_blocks")
}

// TestUntil waits for what comes long after the answer.
func TestUntil(t *testing.T) {
	s := slacktest.New(t)
	later := make(chan bool)
	newBot(t, s, func(b *bot, e told) (any, bool) {
		b.done.Go(func() {
			b.hook(e.object["response_url"], object{"text": "wait"})
			<-later
			b.hook(e.object["response_url"], object{"text": "done", "replace_original": true})
		})
		return nil, true
	}).connect()
	seen := s.User("ann").Slash(s.Channel("books"), "x")
	if seen.Message().Text != "wait" || len(seen.Messages()) != 1 {
		t.Errorf("ann sees %q", seen.Text())
	}
	close(later)
	seen = seen.Until("the answer", func(s slacktest.Seen) bool { return s.Message().Text == "done" })
	if seen.Text() != "done" || !slices.Contains(seen.Strings(), "done") {
		t.Errorf("ann sees %q", seen.Text())
	}
}

func TestForget(t *testing.T) {
	s := slacktest.New(t)
	newBot(t, s, club).connect()
	ann, ch := s.User("ann"), s.Channel("books")
	ann.Slash(ch, "x")
	if s.Forget(); len(s.Requests()) != 0 || len(ann.Sees(ch)) != 0 || len(s.Delivered("slash_commands")) != 0 {
		t.Error("something is remembered")
	}
	if ann.Slash(ch, "x").Message().Text != "covered" {
		t.Error("nothing goes on")
	}
}

func TestAtEnvelope(t *testing.T) {
	s := slacktest.New(t)
	b := newBot(t, s, club).connect()
	s.AtEnvelope(slacktest.Garbled("interactive", "e1"))
	if !s.Deliver("events_api", object{"type": "event_callback", "event": object{"type": "x"}}) {
		t.Error("a payload of mine does not arrive")
	}
	s.Await("the garbled one", func() bool { return s.Acked("e1") })
	if got := b.heard(kind("interactive")); len(got) != 1 || got[0].envelope["envelope_id"] != "e1" {
		t.Errorf("it comes as %v", got)
	}
}

func TestMessageShortcut(t *testing.T) {
	s := slacktest.New(t)
	b, next := taker(t, s)
	ann, ch := s.User("ann").Unanswered(), s.Channel("books")
	m := s.User("bob").Say(ch, "she dies")
	ann.ShortcutOn(m, "cover")
	o := next()
	message, _ := o["message"].(object)
	if o["type"] != "message_action" || o["callback_id"] != "cover" || message["user"] != s.User("bob").ID || message["text"] != "she dies" {
		t.Errorf("it is %v", o)
	}
	if b.hook(o["response_url"], object{"text": "x"})["body"] != "ok" || len(ann.Sees(ch)) != 2 {
		t.Error("it can't be answered")
	}
}

func TestForms(t *testing.T) {
	s := slacktest.New(t)
	b, next := taker(t, s)
	ann := s.User("ann").Unanswered()
	ann.Shortcut("x")
	field := input("L", "b", object{"type": "plain_text_input", "action_id": "t", "initial_value": "first"})
	b.open(next()["trigger_id"], with(with(modal("T", field), "notify_on_close", true), "private_metadata", "m"))
	top, _ := ann.View()
	if top.State["b"].(object)["t"].(object)["value"] != "first" || top.Reads() != "T\nL\nfirst\nSend" || !slices.Equal(top.Buttons(), []string{"Send"}) {
		t.Errorf("it is %+v", top)
	}
	if !slices.Contains(top.Strings(), "m") || len(top.Elements()) != 1 {
		t.Errorf("it holds %q", top.Strings())
	}
	ann.SubmitRaw(top, object{"private_metadata": "forged", "state": object{"values": object{}}})
	o := next()
	if view := o["view"].(object); view["private_metadata"] != "forged" || strings.Contains(joined(view["state"]), "first") {
		t.Errorf("a forged submission is %v", o)
	}
	ann.Shortcut("x")
	b.open(next()["trigger_id"], with(modal("T", field), "notify_on_close", true))
	if ann.Close(); next()["type"] != "view_closed" {
		t.Error("nobody hears that it is closed")
	}
}

func TestMembers(t *testing.T) {
	s := slacktest.New(t, slacktest.Quiet(12*time.Millisecond), slacktest.HTTP("http://127.0.0.1:1"))
	b, ch := newBot(t, s, club), s.Channel("books").Without().With()
	ann := s.User("ann").Leave(ch).Join(ch).Admin()
	refused(t, "a whisper to who is back", b.form("chat.postEphemeral", object{"channel": ch.ID, "user": ann.ID, "text": "x"}), nil)
	o, _ := b.form("users.info", object{"user": s.User("rob").Bot().ID})["user"].(object)
	if o["is_bot"] != true || s.Now().IsZero() {
		t.Errorf("a bot is %v", o)
	}
	if seen := ann.Unanswered().Slash(ch, "x"); !seen.Failed || seen.Status != 0 {
		t.Errorf("nobody answers with %+v", seen)
	}
	if _, ok := ann.Home(); ok {
		t.Error("there is a home")
	}
	b.json("views.publish", s.BotToken, object{"user_id": ann.ID, "view": home(section("x"))})
	if v, ok := ann.Home(); !ok || v.Reads() != "x" {
		t.Errorf("the home is %+v", v)
	}
}

// TestThreadsOf answers in the thread of a message.
func TestThreadsOf(t *testing.T) {
	s := slacktest.New(t)
	_, next := taker(t, s)
	ann := s.User("ann").Unanswered()
	first := ann.DMs()
	ann.DM("one")
	next()
	m := ann.Sees(first)[0]
	ann.DMIn(m, "two")
	if e, _ := next()["event"].(object); e["thread_ts"] != m.TS {
		t.Errorf("it is %v", e)
	}
	ann.DMIn(ann.Sees(first)[1], "three")
	if e, _ := next()["event"].(object); e["thread_ts"] != m.TS {
		t.Errorf("it is %v", e)
	}
}
