package slacktest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dogear/adapters/slack/slacktest"
)

// taker is a bot that hands out what it is told, and does nothing.
func taker(t *testing.T, s *slacktest.Slack) (*bot, func() object) {
	b, got := press(t, s)
	return b, func() object {
		select {
		case o := <-got:
			return o
		case <-time.After(5 * time.Second):
			t.Error("nothing comes")
			return object{}
		}
	}
}

func action(o object) object {
	l, _ := o["actions"].([]any)
	if len(l) != 1 {
		return object{}
	}
	return l[0].(object)
}

func TestCommandPayload(t *testing.T) {
	s := slacktest.New(t)
	_, next := taker(t, s)
	ann, ch := s.User("ann").Unanswered(), s.Channel("books")
	ann.Slash(ch, "ask why?")
	o := next()
	if o["command"] != "/dogear" || o["text"] != "ask why?" || o["user_id"] != ann.ID || o["channel_id"] != ch.ID || o["team_id"] != s.TeamID || o["channel_name"] != "books" {
		t.Errorf("a command is %v", o)
	}
	ann.Slash(ann.DMs(), "/other x")
	if o = next(); o["command"] != "/other" || o["text"] != "x" || o["channel_name"] != "directmessage" {
		t.Errorf("another command is %v", o)
	}
}

func TestEventPayload(t *testing.T) {
	s := slacktest.New(t)
	b, next := taker(t, s)
	ann, zoe, ch := s.User("ann").Unanswered(), s.Guest("zoe").Unanswered(), s.Channel("shared").Shared()
	ann.Mention(ch, "why?")
	o := next()
	e, _ := o["event"].(object)
	if e["type"] != "app_mention" || e["text"] != s.Mention()+" why?" || e["user"] != ann.ID || e["thread_ts"] != nil || o["is_ext_shared_channel"] != true {
		t.Errorf("a mention is %v", o)
	}
	zoe.MentionIn(ch.Messages()[0], "why?")
	o = next()
	if e, _ = o["event"].(object); e["thread_ts"] != ch.Messages()[0].TS || e["user_team"] == s.TeamID || o["team_id"] != s.TeamID {
		t.Errorf("a guest's mention is %v", o)
	}
	ann.DM("hi")
	if e, _ = next()["event"].(object); e["type"] != "message" || e["channel_type"] != "im" || e["bot_id"] != nil {
		t.Errorf("a message is %v", e)
	}
	ts := b.post(object{"channel": ann.ID, "text": "echo"})["ts"]
	if e, _ = next()["event"].(object); e["text"] != "echo" || e["bot_id"] != s.BotID || e["user"] != s.BotUser {
		t.Errorf("the bot's own message is %v", e)
	}
	b.form("chat.update", object{"channel": ann.DMs().ID, "ts": ts, "text": "other"})
	if e, _ = next()["event"].(object); e["subtype"] != "message_changed" {
		t.Errorf("a change of it is %v", e)
	}
	ann.OpenHome()
	if e, _ = next()["event"].(object); e["type"] != "app_home_opened" || e["tab"] != "home" || e["view"] != nil {
		t.Errorf("the home is %v", e)
	}
}

func TestPressPayload(t *testing.T) {
	s := slacktest.New(t)
	b, next := taker(t, s)
	ann, zoe, eve := s.User("ann").Unanswered(), s.Guest("zoe").Unanswered(), s.Outsider("eve")
	ch := s.Channel("shared").Shared()
	blocks := []any{section("x"), with(actions(button("Go", "go:1", "v"), button("Go on", "go:2", "")), "block_id", "b"), actions(button("Go", "go:3", ""))}
	b.post(object{"channel": ch.ID, "text": "x", "blocks": blocks})
	m := ch.Messages()[0]
	if !slices.Equal(m.Buttons(), []string{"Go", "Go on", "Go"}) || m.Reads() != "x\nGo\nGo on\nGo" {
		t.Errorf("it reads %q", m.Reads())
	}
	is := func(o object, id string, actor *slacktest.User, team string) {
		t.Helper()
		user, _ := o["user"].(object)
		if action(o)["action_id"] != id || user["id"] != actor.ID || o["team"].(object)["id"] != team || o["channel"].(object)["id"] != ch.ID {
			t.Errorf("a press is %v", o)
		}
	}
	ann.Press(m, "Go")
	o := next()
	is(o, "go:1", ann, s.TeamID)
	if message, _ := o["message"].(object); message["ts"] != m.TS || action(o)["value"] != "v" || action(o)["block_id"] != "b" {
		t.Errorf("a press is %v", o)
	}
	ann.PressN(m, "Go", 1)
	is(next(), "go:3", ann, s.TeamID)
	ann.Press(m, "Go o")
	is(next(), "go:2", ann, s.TeamID)
	zoe.Press(m, "Go")
	o = next()
	if is(o, "go:1", zoe, s.TeamID); o["user"].(object)["team_id"] == s.TeamID {
		t.Error("a guest is of this team")
	}
	eve.PressForeign(m, "Go")
	o = next()
	if is(o, "go:1", eve, o["user"].(object)["team_id"].(string)); o["team"].(object)["id"] == s.TeamID {
		t.Error("an outsider is of this team")
	}
	ann.PressRaw(m, "forged", "b", "v")
	is(next(), "forged", ann, s.TeamID)
	ann.PressWith(m, "Go", func(o map[string]any) { o["channel"] = object{"id": "C1", "name": "x"} })
	if o = next(); o["channel"].(object)["id"] != "C1" {
		t.Errorf("a changed press is %v", o)
	}
	b.form("chat.postEphemeral", object{"channel": ch.ID, "user": ann.ID, "text": "x", "blocks": blocks})
	whisper := ann.Sees(ch)[1]
	ann.Press(whisper, "Go")
	o = next()
	if container := o["container"].(object); o["message"] != nil || container["is_ephemeral"] != true || container["message_ts"] != whisper.TS {
		t.Errorf("a press on a whisper is %v", o)
	}
	if url := o["response_url"]; b.hook(url, object{"text": "new", "replace_original": true})["body"] != "ok" || ann.Sees(ch)[1].Text != "new" {
		t.Error("a whisper is not replaced")
	}
	if len(s.Violations()) != 0 {
		t.Errorf("broken: %q", s.Violations())
	}
}

// TestUnseen acts on what the actor does not see.
func TestUnseen(t *testing.T) {
	s := slacktest.New(t, slacktest.Tolerate(slacktest.Answers))
	b := newBot(t, s, club).connect()
	ann, bob, zoe, ch := s.User("ann"), s.User("bob").Unanswered(), s.Guest("zoe").Unanswered(), s.Channel("books")
	whisper := ann.Slash(ch, "x").Message()
	b.post(object{"channel": ch.ID, "text": "x", "blocks": []any{actions(button("Go", "go:1", ""))}})
	posted := ch.Messages()[0]
	view := ann.OpenHome().View()
	form := ann.Shortcut("x").View()
	for what, do := range map[string]func(){
		"another's whisper": func() { bob.Press(whisper, "Reveal") },
		"another's home":    func() { bob.Press(view, "Go") },
		"another's modal":   func() { bob.Submit(form, nil) },
		"a channel":         func() { zoe.Press(posted, "Go") },
		"a mention there":   func() { zoe.Mention(ch, "x") },
		"nothing":           func() { bob.Press(slacktest.Message{}, "Go") },
		"no button":         func() { bob.Press(posted, "Stop") },
		"no menu":           func() { bob.Choose(posted, "Which?", "x") },
		"no input":          func() { ann.Fill(form, map[string]string{"x": "y"}) },
		"no option":         func() { ann.Fill(form, map[string]string{"Book": "Ulysses"}) },
		"nothing typed":     func() { ann.Submit(form, map[string]string{"Book": "Emma"}) },
	} {
		before := len(s.Violations())
		if do(); len(s.Violations()) == before {
			t.Errorf("%s is no breach", what)
		}
	}
}

// TestNothing lets nothing come of an act.
func TestNothing(t *testing.T) {
	s := slacktest.New(t, slacktest.Tolerate(slacktest.Answers), slacktest.Patience(2*time.Second))
	_, _ = taker(t, s)
	ann := s.User("ann")
	if seen := ann.Unanswered().Shortcut("x"); !seen.Acked || !seen.Nothing() || len(s.Violations()) != 0 {
		t.Errorf("broken: %q", s.Violations())
	}
	if ann.Shortcut("x"); !violated(s, "ann got no answer") {
		t.Error("no answer is no breach")
	}
}

func TestMenus(t *testing.T) {
	s := slacktest.New(t)
	b, next := taker(t, s)
	ann, ch := s.User("ann").Unanswered(), s.Channel("books")
	multi := object{"type": "checkboxes", "action_id": "c", "options": options("One", "Two", "Three")}
	b.post(object{"channel": ch.ID, "text": "x", "blocks": []any{
		actions(menu(options("Emma", "Dune")), object{"type": "overflow", "action_id": "o", "options": options("Drop")}, multi),
		actions(object{"type": "channels_select", "action_id": "where", "placeholder": plain("Where?")}),
		with(section("x"), "accessory", object{"type": "radio_buttons", "action_id": "r", "options": options("Left", "Right")}),
		with(input("Pick", "p", with(menu(options("Up")), "action_id", "pick")), "dispatch_action", true),
	}})
	m := ch.Messages()[0]
	value := func(key string) any {
		chosen, _ := action(next())[key].(object)
		return chosen["value"]
	}
	ann.Choose(m, "Which?", "Du")
	if got := value("selected_option"); got != "dune" {
		t.Errorf("chosen was %v", got)
	}
	ann.Choose(m, "o", "Drop")
	if got := value("selected_option"); got != "drop" {
		t.Errorf("chosen was %v", got)
	}
	ann.Choose(m, "Where?", "books")
	if got := action(next())["selected_channel"]; got != ch.ID {
		t.Errorf("chosen was %v", got)
	}
	ann.Choose(m, "c", "One\nThree")
	if got, _ := action(next())["selected_options"].([]any); len(got) != 2 {
		t.Errorf("chosen was %v", got)
	}
	ann.Choose(m, "Pick", "Up")
	if got := value("selected_option"); got != "up" {
		t.Errorf("chosen was %v", got)
	}
	ann.Choose(m, "r", "Left")
	o := next()
	state, _ := o["state"].(object)
	if values := state["values"].(object); !strings.Contains(joined(values), "dune") || !strings.Contains(joined(values), "left") {
		t.Errorf("the state is %v", values)
	}
}

func joined(v any) string { return strings.Join(strs(v), " ") }

// strs are the strings of a value.
func strs(v any) []string {
	var out []string
	switch v := v.(type) {
	case string:
		return []string{v}
	case object:
		for _, inner := range v {
			out = append(out, strs(inner)...)
		}
	case []any:
		for _, inner := range v {
			out = append(out, strs(inner)...)
		}
	}
	return out
}

func TestSuggestions(t *testing.T) {
	for name, c := range map[string]struct {
		answer any
		good   bool
	}{
		"good":   {object{"options": options("Emma")}, true},
		"none":   {object{"options": []any{}}, true},
		"groups": {object{"option_groups": []any{object{"label": plain("G"), "options": options("Emma")}}}, true},
		"many":   {object{"options": numbered(101)}, false},
		"long":   {object{"options": options(long(76))}, false},
		"both":   {object{"options": options("x"), "option_groups": []any{}}, false},
		"empty":  {object{}, false},
		"extra":  {object{"options": options("x"), "more": true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := slacktest.New(t, slacktest.Tolerate(slacktest.Limits))
			asked := make(chan object, 5)
			b := newBot(t, s, func(_ *bot, e told) (any, bool) { asked <- e.object; return c.answer, true }).connect()
			ann, ch := s.User("ann"), s.Channel("books")
			b.post(object{"channel": ch.ID, "text": "x", "blocks": []any{actions(object{"type": "external_select", "action_id": "book", "placeholder": plain("Book")})}})
			m := ch.Messages()[0]
			if got := ann.Options(m, "Book", "em"); got != nil || len(asked) != 0 {
				t.Error("too little asks")
			}
			ann.Options(m, "Book", "emm")
			if o := <-asked; o["value"] != "emm" || o["action_id"] != "book" || o["type"] != "block_suggestion" {
				t.Errorf("it is asked with %v", o)
			}
			if good := len(s.Violations()) == 0; good != c.good {
				t.Errorf("broken: %q", s.Violations())
			}
		})
	}
}

func TestSubmissions(t *testing.T) {
	field := input("L", "b", object{"type": "plain_text_input", "action_id": "t", "max_length": 5})
	for name, c := range map[string]struct {
		answer any
		good   bool
		views  int
	}{
		"nothing":      {nil, true, 0},
		"empty":        {object{}, true, 0},
		"clear":        {object{"response_action": "clear"}, true, 0},
		"update":       {object{"response_action": "update", "view": modal("U", section("x"))}, true, 1},
		"push":         {object{"response_action": "push", "view": modal("U", section("x"))}, true, 2},
		"errors":       {object{"response_action": "errors", "errors": object{"b": "no"}}, true, 1},
		"no errors":    {object{"response_action": "errors", "errors": object{}}, false, 1},
		"other errors": {object{"response_action": "errors", "errors": object{"x": "no"}}, false, 1},
		"no view":      {object{"response_action": "update"}, false, 1},
		"wrong view":   {object{"response_action": "push", "view": modal(long(25), section("x"))}, false, 1},
		"other":        {object{"response_action": "shut"}, false, 1},
		"text":         {"ok", false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := slacktest.New(t, slacktest.Tolerate(slacktest.Limits, slacktest.Protocol))
			newBot(t, s, func(b *bot, e told) (any, bool) {
				if e.object["type"] == "shortcut" {
					b.done.Go(func() { b.open(e.object["trigger_id"], modal("T", field)) })
					return nil, true
				}
				return c.answer, true
			}).connect()
			ann := s.User("ann")
			form := ann.Shortcut("x").View()
			ann.Unanswered().Submit(form, map[string]string{"L": "typed"})
			if good := len(s.Violations()) == 0; good != c.good {
				t.Errorf("broken: %q", s.Violations())
			}
			n := 0
			for ; n < 5; n++ {
				if _, open := ann.View(); !open {
					break
				}
				ann.Close()
			}
			if n != c.views {
				t.Errorf("%d modals are open", n)
			}
			view, _ := s.Delivered("interactive")[1]["view"].(object)
			if got := joined(view["state"]); !strings.Contains(got, "typed") {
				t.Errorf("the state is %q", got)
			}
		})
	}
}
