package slacktest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"dogear/adapters/slack/slacktest"
)

// refused checks what an answer says.
func refused(t *testing.T, what string, got object, want any) {
	t.Helper()
	if got["error"] != want {
		t.Errorf("%s: %v, not %v", what, got["error"], want)
	}
}

func TestTokens(t *testing.T) {
	s := slacktest.New(t, slacktest.Tolerate(slacktest.Tokens), slacktest.Scopes("commands"))
	b, ch := newBot(t, s, club), s.Channel("books")
	refused(t, "none", b.json("auth.test", "", object{}), "not_authed")
	refused(t, "another", b.json("auth.test", "xoxb-1", object{}), "invalid_auth")
	refused(t, "the app's", b.json("auth.test", s.AppToken, object{}), "not_allowed_token_type")
	refused(t, "the bot's", b.json("apps.connections.open", s.BotToken, object{}), "not_allowed_token_type")
	refused(t, "a scope", b.post(object{"channel": ch.ID, "text": "x"}), "missing_scope")
	got := b.form("auth.test", object{})
	header, _ := got["header"].(http.Header)
	if got["team_id"] != s.TeamID || got["user_id"] != s.BotUser || header.Get("X-Oauth-Scopes") != "commands" {
		t.Errorf("auth.test says %v", got)
	}
	if len(s.Violations()) != 5 {
		t.Errorf("broken: %q", s.Violations())
	}
}

func TestArguments(t *testing.T) {
	s := slacktest.New(t, slacktest.Tolerate(slacktest.Protocol))
	b := newBot(t, s, club)
	refused(t, "no channel", b.post(object{"text": "x"}), "invalid_arguments")
	refused(t, "no trigger", b.open("", modal("T")), "invalid_arguments")
	refused(t, "a wrong trigger", b.open("1.2.3", modal("T", section("x"))), "invalid_trigger_id")
	refused(t, "a method", b.form("files.upload", object{}), "unknown_method")
	if got := b.do(strings.TrimSuffix(s.URL(), "api/")+"else", "application/json", "", nil); got["status"] != http.StatusNotFound {
		t.Errorf("another path: %v", got)
	}
	if got := b.do(s.URL()+"auth.test", "application/x-www-form-urlencoded", "", []byte("text=a&text=b")); got["error"] != "invalid_arguments" {
		t.Errorf("two texts: %v", got)
	}
	if len(s.Violations()) != 6 {
		t.Errorf("broken: %q", s.Violations())
	}
}

func TestChannels(t *testing.T) {
	s := slacktest.New(t)
	b, books, closed := newBot(t, s, club), s.Channel("books"), s.Channel("closed").Without()
	ann, zoe, eve := s.User("ann").Leave(books), s.Guest("zoe"), s.Outsider("eve")
	shared := s.Channel("shared").Shared()
	refused(t, "nowhere", b.post(object{"channel": "C1", "text": "x"}), "channel_not_found")
	refused(t, "without the bot", b.post(object{"channel": closed.ID, "text": "x"}), "not_in_channel")
	whisper := func(c *slacktest.Channel, u *slacktest.User) object {
		return b.form("chat.postEphemeral", object{"channel": c.ID, "user": u.ID, "text": "x"})
	}
	refused(t, "a whisper without the bot", whisper(closed, ann), "not_in_channel")
	refused(t, "a whisper to who has left", whisper(books, ann), "user_not_in_channel")
	refused(t, "a whisper to a guest", whisper(books, zoe), "user_not_in_channel")
	refused(t, "a whisper to a guest in a shared channel", whisper(shared, zoe), nil)
	refused(t, "a whisper to an outsider", whisper(shared, eve), "user_not_in_channel")
	if len(zoe.Sees(shared)) != 1 || len(ann.Sees(shared)) != 0 || zoe.Sees(shared)[0].User != zoe.ID {
		t.Error("a whisper is heard by others")
	}
	if zoe.Reload(); len(zoe.Sees(shared)) != 0 {
		t.Error("a whisper outlasts a reload")
	}
	refused(t, "direct messages", b.post(object{"channel": ann.ID, "text": "x"}), nil)
	if got := b.form("conversations.open", object{"users": ann.ID}); got["channel"].(object)["id"] != ann.DMs().ID {
		t.Errorf("direct messages: %v", got)
	}
	refused(t, "direct messages with an outsider", b.form("conversations.open", object{"users": eve.ID}), "user_not_found")
}

func TestPeople(t *testing.T) {
	s := slacktest.New(t)
	b := newBot(t, s, club)
	get := func(u *slacktest.User) object {
		o, _ := b.form("users.info", object{"user": u.ID})["user"].(object)
		return o
	}
	ann := get(s.User("ann").Owner().Called("Annie"))
	if ann["is_owner"] != true || ann["is_admin"] != true || ann["profile"].(object)["display_name"] != "Annie" || ann["team_id"] != s.TeamID {
		t.Errorf("ann is %v", ann)
	}
	if zoe := get(s.Guest("zoe")); zoe["team_id"] == s.TeamID || zoe["real_name"] != "zoe" || zoe["is_admin"] != nil {
		t.Errorf("zoe is %v", zoe)
	}
	if bob := get(s.User("bob")); bob["is_admin"] != false {
		t.Errorf("bob is %v", bob)
	}
	refused(t, "an outsider", b.form("users.info", object{"user": s.Outsider("eve").ID}), "user_not_found")
}

func TestUpdate(t *testing.T) {
	s := slacktest.New(t)
	b, ch, ann := newBot(t, s, club), s.Channel("books"), s.User("ann")
	ts := b.post(object{"channel": ch.ID, "text": "x", "blocks": []any{section("old")}})["ts"]
	update := func(ts any, args object) object {
		return b.form("chat.update", with(with(args, "channel", ch.ID), "ts", ts))
	}
	refused(t, "one that is not", update("1.000001", object{"text": "y"}), "message_not_found")
	refused(t, "ann's", update(ann.Say(ch, "hi").TS, object{"text": "y"}), "cant_update_message")
	refused(t, "a whisper", update(b.form("chat.postEphemeral", object{"channel": ch.ID, "user": ann.ID, "text": "x"})["message_ts"], object{"text": "y"}), "message_not_found")
	refused(t, "the text", update(ts, object{"text": "y"}), nil)
	if m := ch.Messages()[0]; m.Text != "y" || m.Reads() != "old" || m.Edits != 1 {
		t.Errorf("blocks do not stay: %+v", m)
	}
	refused(t, "the blocks", update(ts, object{"text": "y", "blocks": []any{section("new")}}), nil)
	if m := ch.Messages()[0]; m.Reads() != "new" {
		t.Errorf("blocks do not change: %+v", m)
	}
	remove := func() object { return b.form("chat.delete", object{"channel": ch.ID, "ts": ts}) }
	refused(t, "a deletion", remove(), nil)
	refused(t, "another deletion", remove(), "message_not_found")
	refused(t, "an update of what was deleted", update(ts, object{"text": "y"}), "message_not_found")
}

func TestThreads(t *testing.T) {
	s := slacktest.New(t, slacktest.Tolerate(slacktest.Protocol))
	b, ch := newBot(t, s, club), s.Channel("books")
	first := b.post(object{"channel": ch.ID, "text": "x"})["ts"]
	answer := b.post(object{"channel": ch.ID, "text": "y", "thread_ts": first})["ts"]
	if m := ch.Messages()[1]; m.Thread != first {
		t.Errorf("it is in %q", m.Thread)
	}
	if b.post(object{"channel": ch.ID, "text": "z", "thread_ts": "1.000001"}); ch.Messages()[2].Thread != "" || len(s.Violations()) != 0 {
		t.Error("what answers nothing is in a thread")
	}
	if b.post(object{"channel": ch.ID, "text": "z", "thread_ts": answer}); len(s.Violations()) == 0 {
		t.Error("a reply may begin a thread")
	}
}

// press is a bot that hands out what comes with presses and commands.
func press(t *testing.T, s *slacktest.Slack) (*bot, chan object) {
	out := make(chan object, 10)
	return newBot(t, s, func(_ *bot, e told) (any, bool) { out <- e.object; return nil, true }).connect(), out
}

func TestTriggers(t *testing.T) {
	s := slacktest.New(t, slacktest.Tolerate(slacktest.Protocol, slacktest.Limits))
	b, got := press(t, s)
	ann := s.User("ann").Unanswered()
	pull := func() any { ann.Shortcut("x"); return (<-got)["trigger_id"] }
	view := modal("T", actions(button("More", "more", "")))
	trigger := pull()
	refused(t, "a push without a modal", b.json("views.push", s.BotToken, object{"trigger_id": trigger, "view": view}), "invalid_trigger_id")
	trigger = pull()
	refused(t, "once", b.open(trigger, view), nil)
	refused(t, "twice", b.open(trigger, view), "exchanged_trigger_id")
	trigger = pull()
	s.Advance(4 * time.Second)
	refused(t, "late", b.open(trigger, view), "expired_trigger_id")
	s.ExpireTriggers()
	refused(t, "expired", b.open(pull(), view), "expired_trigger_id")
	s.KeepTriggers()
	first := b.open(pull(), view)["view"].(object)
	push := func() object {
		top, _ := ann.View()
		ann.Press(top, "More")
		return b.json("views.push", s.BotToken, object{"trigger_id": (<-got)["trigger_id"], "view": view})
	}
	second := push()["view"].(object)
	if second["previous_view_id"] != first["id"] || second["root_view_id"] != first["id"] {
		t.Errorf("the second is %v", second)
	}
	refused(t, "the third", push(), nil)
	refused(t, "the fourth", push(), "push_limit_reached")
	top, _ := ann.View()
	if ann.Close(); top.ID == "" {
		t.Error("there is none")
	}
	if top, _ = ann.View(); top.ID != second["id"] {
		t.Error("closing one shows another than the one below")
	}
}

func TestViewsUpdate(t *testing.T) {
	s := slacktest.New(t)
	b, got := press(t, s)
	ann := s.User("ann").Unanswered()
	ann.Shortcut("x")
	field := input("L", "b", object{"type": "plain_text_input", "action_id": "t"})
	v := b.open((<-got)["trigger_id"], modal("T", field))["view"].(object)
	top, _ := ann.View()
	if seen := ann.Fill(top, map[string]string{"L": "typed"}); seen.View().State["b"].(object)["t"].(object)["value"] != "typed" {
		t.Errorf("nothing was typed: %v", seen.View().State)
	}
	update := func(hash any) object {
		return b.json("views.update", s.BotToken, object{"view_id": v["id"], "hash": hash, "view": modal("U", section("x"), field)})
	}
	refused(t, "an old one", update("1.2"), "hash_conflict")
	refused(t, "this one", update(v["hash"]), nil)
	refused(t, "this one again", update(v["hash"]), "hash_conflict")
	refused(t, "another", b.json("views.update", s.BotToken, object{"view_id": "V1", "view": modal("U", section("x"))}), "not_found")
	if top, _ = ann.View(); top.Title != "U" || top.State["b"].(object)["t"].(object)["value"] != "typed" {
		t.Errorf("what was typed does not stay: %+v", top)
	}
	ann.Close()
	refused(t, "what is closed", update(""), "not_found")
}

func TestHooks(t *testing.T) {
	s := slacktest.New(t, slacktest.Tolerate(slacktest.Protocol, slacktest.Texts))
	b, got := press(t, s)
	ann, ch := s.User("ann").Unanswered(), s.Channel("books").Without()
	command := func() any { ann.Slash(ch, "x"); return (<-got)["response_url"] }
	url := command()
	for range 5 {
		refused(t, "a use", b.hook(url, object{"text": "x"}), nil)
	}
	if got := b.hook(url, object{"text": "x"}); got["status"] != http.StatusNotFound || got["body"] != "used_url" {
		t.Errorf("the sixth use: %v", got)
	}
	if len(ann.Sees(ch)) != 5 || len(s.User("bob").Sees(ch)) != 0 {
		t.Error("it was not ann alone who saw them")
	}
	url = command()
	b.hook(url, object{"text": "one"})
	b.hook(url, object{"text": "two", "replace_original": true})
	if seen := ann.Sees(ch); len(seen) != 6 || seen[5].Text != "two" || seen[5].Edits != 1 {
		t.Errorf("ann sees %+v", seen)
	}
	if b.hook(url, object{"delete_original": true}); len(ann.Sees(ch)) != 5 {
		t.Error("nothing is deleted")
	}
	s.Advance(31 * time.Minute)
	if got := b.hook(url, object{"text": "x"}); got["body"] != "expired_url" {
		t.Errorf("after half an hour: %v", got)
	}
	if len(s.Violations()) != 0 {
		t.Fatalf("broken: %q", s.Violations())
	}
	for what, body := range map[string]object{
		"no text":        {"blocks": []any{section("x")}},
		"a thread":       {"text": "x", "thread_ts": "1.1"},
		"another type":   {"text": "x", "response_type": "loud"},
		"null blocks":    {"text": "x", "blocks": nil},
		"null blocks[0]": {"text": "x", "blocks": "?"},
	} {
		before := len(s.Violations())
		if b.hook(command(), body); len(s.Violations()) == before {
			t.Errorf("%s breaks no rule", what)
		}
	}
	if got := b.hook(strings.TrimSuffix(s.URL(), "api/")+"hook/x", object{"text": "x"}); got["status"] != http.StatusNotFound {
		t.Errorf("what never was: %v", got)
	}
}
