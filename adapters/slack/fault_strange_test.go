package slack_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"dogear/adapters/slack/slacktest"
)

type object = map[string]any

// with returns an object with more.
func with(o object, more object) object {
	out := object{}
	for _, from := range []object{o, more} {
		for key, v := range from {
			out[key] = v
		}
	}
	return out
}

// odd are values that are not what was expected.
var odd = []any{nil, "", "text", 5, -1.5, true, []any{}, []any{nil, 5}, object{}, object{"id": 5, "type": nil}}

// strange are payloads of a kind that nobody has seen yet.
func (c *club) strange() map[string][]object {
	me := object{"id": c.ann.ID, "team_id": c.TeamID}
	at := object{
		"user": me, "team": object{"id": c.TeamID}, "channel": object{"id": c.books.ID}, "trigger_id": "1.2.3", "response_url": "https://elsewhere.example/hook",
		"container": object{"channel_id": c.books.ID, "message_ts": "1.000001"},
	}
	pressed := func(action object) object { return with(at, object{"type": "block_actions", "actions": []any{action}}) }
	submitted := func(view object) object { return with(at, object{"type": "view_submission", "view": view}) }
	out := map[string][]object{
		"interactive": {
			{}, {"type": "novelty"}, {"type": "view_closed"}, {"type": "message_action"}, {"type": "shortcut", "callback_id": "novelty"}, {"type": "block_actions"},
			{"type": "view_submission"}, {"type": "block_suggestion"}, with(at, object{"type": "shortcut", "callback_id": "club remove"}),
			pressed(nil), pressed(object{}), pressed(object{"action_id": strings.Repeat("x:", 127), "value": strings.Repeat("y", 2000)}),
			submitted(object{}), submitted(object{"type": "modal", "callback_id": "form:", "private_metadata": "nonsense", "state": object{"values": nil}}),
			submitted(object{"type": "home", "callback_id": "form:club remove:%zz", "blocks": nil}),
			submitted(object{"callback_id": "form:club remove:book=" + book, "state": object{"values": object{"a": object{"b": object{}}, "c": nil}}}),
			submitted(object{"callback_id": "form:privacy:forget=yes", "private_metadata": `{"c":5,"h":null}`}),
			submitted(object{"callback_id": "confirm:nothing:", "state": object{"values": object{"value": object{"value": object{"value": "-1"}}}}}),
			with(at, object{"type": "block_suggestion", "action_id": "place", "block_id": "x", "value": strings.Repeat("z", 30_000)}),
		},
		"events_api": {
			{}, {"event": nil}, {"event": object{}}, {"event": object{"type": "novelty"}}, {"team_id": "T0ELSEWHERE", "event": object{"type": "app_home_opened"}},
			{"event": object{"type": "tokens_revoked", "tokens": nil}}, {"event": object{"type": "tokens_revoked", "tokens": object{"bot": nil}}},
			{"event": object{"type": "tokens_revoked", "tokens": object{"oauth": []any{c.ann.ID}, "bot": []any{"U0ELSEWHERE"}}}},
			{"event": object{"type": "app_mention"}}, {"event": object{"type": "app_mention", "user": c.ann.ID}}, {"event": object{"type": "message", "subtype": "message_changed", "message": nil}},
			{"event_id": "Ev1", "event": object{"type": "app_mention", "user": c.ann.ID, "team": c.TeamID, "channel": c.books.ID, "ts": "1.000001", "text": strings.Repeat("how? ", 8000)}},
		},
		"slash_commands": {
			{}, {"text": question}, {"team_id": c.TeamID, "user_id": c.ann.ID, "text": question}, {"team_id": c.TeamID, "user_id": "U0NOBODY", "channel_id": "C0NONE", "text": question},
			{"team_id": c.TeamID, "user_id": c.ann.ID, "channel_id": c.books.ID, "text": "", "trigger_id": "1.2.3"},
			{"team_id": c.TeamID, "user_id": c.ann.ID, "channel_id": c.books.ID, "text": strings.Repeat("how? ", 8000), "response_url": "https://elsewhere.example/hook"},
			{"team_id": c.TeamID, "user_id": c.ann.ID, "channel_id": c.books.ID, "text": "\x00\xff<@|>&lt;!channel> /", "response_url": ":"},
		},
	}
	for _, v := range odd {
		for _, key := range []string{"type", "team", "user", "channel", "container", "trigger_id", "response_url", "actions", "view"} {
			out["interactive"] = append(out["interactive"], with(pressed(object{"action_id": "a"}), object{key: v}))
		}
		for _, key := range []string{"action_id", "value", "selected_option"} {
			out["interactive"] = append(out["interactive"], pressed(object{key: v}))
		}
		for _, key := range []string{"id", "type", "callback_id", "private_metadata", "blocks", "state"} {
			out["interactive"] = append(out["interactive"], submitted(object{key: v}))
		}
		for _, key := range []string{"type", "user", "text", "channel", "ts", "thread_ts", "team", "tokens", "tab"} {
			event := object{"type": "app_mention", "user": c.ann.ID, "team": c.TeamID, "channel": c.books.ID, "ts": "1.000001", "text": "?"}
			out["events_api"] = append(out["events_api"], object{"event": with(event, object{key: v})})
		}
	}
	for _, payload := range out["slash_commands"] {
		payload["command"] = "/dogear"
	}
	for _, payload := range out["events_api"] {
		payload["type"] = "event_callback"
		if _, told := payload["team_id"]; !told {
			payload["team_id"] = c.TeamID
		}
	}
	return out
}

// What is delivered may be anything: it is acknowledged, and changes nothing.
func strangeDeliveries(t *testing.T, mode string) {
	s := newFaulty(t)
	c := serveOn(t, s, mode, slacktest.Tolerate(slacktest.Protocol), slacktest.Patience(30*time.Second))
	opens := c.Opens()
	moves, changes := s.moves.Load(), s.changes.Load()
	for kind, payloads := range c.strange() {
		for _, payload := range payloads {
			if !c.Deliver(kind, payload) {
				t.Errorf("%s is not acknowledged: %v", kind, payload)
			}
		}
	}
	c.well("them")
	if c.counts("a delivery was not understood") == 0 {
		t.Error("the log does not say so")
	}
	if n := c.counts("panic: "); n != 0 {
		t.Errorf("%d panics", n)
	}
	if s.moves.Load() != moves || s.changes.Load() != changes {
		t.Error("the store has changed")
	}
	if c.Opens() != opens {
		t.Error("the connection has ended")
	}
	if c.on.Ready() != nil {
		t.Error("dogear thinks that it was removed")
	}
	for _, said := range c.Sent() {
		if strings.Contains(said, spoils) {
			t.Errorf("it says %s", said)
		}
	}
}

// A frame that is too long ends the connection, and what is deep does not end
// the process.
func strangeFrames(t *testing.T, mode string) {
	c := serve(t, mode)
	before := c.Opens()
	c.Socket(slacktest.Raw(`{"type":"events_api","envelope_id":"deep","payload":` + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000) + `}`))
	c.well("a deep frame")
	if c.Opens() != before {
		t.Error("the connection has ended")
	}
	c.Socket(slacktest.Raw(`{"type":"events_api","envelope_id":"long","payload":{"event":{"text":"` + strings.Repeat("long ", 1<<18) + `"}}}`))
	c.reconnects(before)
	c.well("a long frame")
}

// Requests that Slack has signed may hold anything, too.
func strangeRequests(t *testing.T, mode string) {
	c := serve(t, mode)
	const form, json = "application/x-www-form-urlencoded", "application/json"
	for name, r := range map[string]struct {
		kind, body string
		want       int
	}{
		"nothing":                   {json, "", 400},
		"an empty form":             {form, " ", 400},
		"no JSON":                   {json, "nonsense", 400},
		"a list":                    {json, "[]", 400},
		"null":                      {json, "null", 400},
		"an object of no type":      {json, "{}", 400},
		"an object of another type": {json, `{"type":5}`, 400},
		"an object of a new type":   {json, `{"type":"novelty"}`, 400},
		"a deep object":             {json, `{"type":"event_callback","event":` + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000) + `}`, 400},
		"an object as a form":       {form, `{"type":"event_callback","as":"form"}`, 400},
		"a form as an object":       {json, "command=%2Fdogear&text=x", 400},
		"another type":              {"text/plain", `{"type":"event_callback","as":"text"}`, 400},
		"no type":                   {"", `{"type":"event_callback","as":""}`, 400},
		"a form of something":       {form, "a=b", 400},
		"a broken form":             {form, "command=%zz", 400},
		"an interaction of nothing": {form, "payload=", 400},
		"an interaction of null":    {form, "payload=null", 200},
		"an interaction of a list":  {form, "payload=[]", 200},
		"two of them":               {form, "payload={}&payload=[]&command=x", 200},
		"a command of nothing":      {form, "command=", 200},
		"an event of nothing":       {json, `{"type":"event_callback"}`, 200},
		"too many events":           {json, `{"type":"app_rate_limited","minute_rate_limited":1}`, 200},
		"a certificate's check":     {form, "ssl_check=1", 200},
		"a long body":               {json, `{"type":"event_callback","event":"` + strings.Repeat("long ", 1<<18) + `"}`, http.StatusUnauthorized},
	} {
		if got := c.Post(r.kind, []byte(r.body)); got.Status != r.want || r.want == 400 && bytes.Contains(got.Body, []byte("nonsense")) {
			t.Errorf("%s: %d, want %d: %s", name, got.Status, r.want, got.Body)
		}
	}
	c.well("them")
	if n := c.counts("panic: "); n != 0 {
		t.Errorf("%d panics", n)
	}
}
