package slacktest_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"dogear/adapters/slack/slacktest"
)

// quick retries at once.
var quick = slacktest.Retries(time.Millisecond, time.Millisecond)

// frames are what comes over a socket that nobody acknowledges.
func frames(t *testing.T, s *slacktest.Slack, b *bot) (*websocket.Conn, chan object) {
	t.Helper()
	got := b.json("apps.connections.open", s.AppToken, object{})
	ws, resp, err := websocket.DefaultDialer.Dial(got["url"].(string), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	out := make(chan object, 100)
	t.Cleanup(func() { _ = ws.Close() })
	b.done.Go(func() {
		defer close(out)
		for {
			_, raw, err := ws.ReadMessage()
			if err != nil {
				return
			}
			o := object{"raw": string(raw)}
			_ = json.Unmarshal(raw, &o)
			out <- o
		}
	})
	return ws, out
}

func TestHello(t *testing.T) {
	s := slacktest.New(t)
	b := newBot(t, s, club)
	for i, want := range []any{1.0, 2.0, nil, 10.0} {
		if i == 2 {
			s.AtConnect(slacktest.Hello(-1), slacktest.Hello(10))
		}
		_, got := frames(t, s, b)
		if o := <-got; o["type"] != "hello" || o["num_connections"] != want {
			t.Errorf("connection %d is greeted with %v", i, o)
		}
	}
	s.AwaitConnected(4)
	if s.Connections() != 4 || s.Opens() != 4 {
		t.Errorf("%d connections, %d opens", s.Connections(), s.Opens())
	}
}

func TestTicket(t *testing.T) {
	s := slacktest.New(t)
	b := newBot(t, s, club)
	url := b.json("apps.connections.open", s.AppToken, object{})["url"].(string)
	for i, good := range []bool{true, false} {
		ws, resp, err := websocket.DefaultDialer.Dial(url, nil)
		if (err == nil) != good {
			t.Errorf("attempt %d: %v", i, err)
		}
		_ = resp.Body.Close()
		if err == nil {
			_ = ws.Close()
		}
	}
}

func TestPings(t *testing.T) {
	s := slacktest.New(t, slacktest.Pings(time.Millisecond))
	b := newBot(t, s, club)
	ws, _ := frames(t, s, b)
	_ = ws.Close()
	got := b.json("apps.connections.open", s.AppToken, object{})
	ws, resp, err := websocket.DefaultDialer.Dial(got["url"].(string), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	pinged := make(chan bool, 1)
	ws.SetPingHandler(func(string) error {
		select {
		case pinged <- true:
		default:
		}
		return nil
	})
	b.done.Go(func() {
		for {
			if _, _, err := ws.ReadMessage(); err != nil {
				return
			}
		}
	})
	<-pinged
	_ = ws.Close()
}

func TestActs(t *testing.T) {
	for name, c := range map[string]struct {
		act  slacktest.Act
		want string // what comes first; empty: nothing but the end
	}{
		"disconnect": {slacktest.Disconnect("warning"), "warning"},
		"cut":        {slacktest.Cut(), ""},
		"within":     {slacktest.CutWithin(), ""},
		"raw":        {slacktest.Raw("{?"), "{?"},
		"garbled":    {slacktest.Garbled("interactive", "e1"), "e1"},
		"two":        {slacktest.Then(slacktest.Hello(1), slacktest.Disconnect("refresh_requested")), "hello"},
	} {
		t.Run(name, func(t *testing.T) {
			s := slacktest.New(t)
			b := newBot(t, s, club)
			is := func(from chan object) {
				t.Helper()
				o, ok := <-from
				if raw, _ := o["raw"].(string); ok != (c.want != "") || !strings.Contains(raw, c.want) {
					t.Errorf("it gets %v, %v", raw, ok)
				}
			}
			_, greeted := frames(t, s, b)
			<-greeted
			s.AtConnect(c.act)
			_, fresh := frames(t, s, b)
			is(fresh)
			s.Socket(c.act)
			is(greeted)
		})
	}
}

func TestSilence(t *testing.T) {
	s := slacktest.New(t, slacktest.AckWithin(300*time.Millisecond), quick)
	b := newBot(t, s, club)
	_, got := frames(t, s, b)
	<-got
	s.AwaitConnected(1)
	s.Socket(slacktest.Silence())
	if s.Connected() != 0 || s.Connections() != 1 {
		t.Error("a silent connection counts, or is gone")
	}
	s.Event("app_uninstalled", nil)
	select {
	case o := <-got:
		t.Errorf("a silent connection says %v", o)
	default:
	}
}

func TestEventsAgain(t *testing.T) {
	s := slacktest.New(t, slacktest.AckWithin(300*time.Millisecond), quick)
	b := newBot(t, s, func(*bot, told) (any, bool) { return nil, false }).connect()
	if s.Event("tokens_revoked", object{"tokens": object{"bot": []any{"U1"}}}) {
		t.Error("what nobody has acknowledged counts as acknowledged")
	}
	got := b.hears(3, kind("events_api"))
	if len(got) != 3 {
		t.Fatalf("it comes %d times", len(got))
	}
	for i, e := range got {
		if e.envelope["retry_attempt"] != float64(i) || e.object["event_id"] != got[0].object["event_id"] || i > 0 && e.envelope["retry_reason"] != "timeout" {
			t.Errorf("attempt %d is %v", i, e.envelope)
		}
		if i > 0 && e.envelope["envelope_id"] == got[0].envelope["envelope_id"] {
			t.Error("an envelope comes twice")
		}
	}
}

func TestEventsAfterCut(t *testing.T) {
	s := slacktest.New(t)
	silent, heard := true, make(chan bool, 10)
	b := newBot(t, s, func(b *bot, _ told) (any, bool) {
		heard <- true
		b.mu.Lock()
		defer b.mu.Unlock()
		return nil, !silent
	})
	b.connect()
	told := make(chan bool, 1)
	b.done.Go(func() { told <- s.Event("app_home_opened", nil) })
	<-heard
	b.mu.Lock()
	silent = false
	b.mu.Unlock()
	s.Socket(slacktest.Cut())
	_ = b.ws.Close()
	s.Await("the cut", func() bool { return s.Connections() == 0 })
	b.connect()
	if !<-told {
		t.Error("what was lost with a connection does not come again")
	}
	if got := b.heard(kind("events_api")); len(got) != 2 || got[1].envelope["retry_attempt"] != 1.0 {
		t.Errorf("it came as %v", got)
	}
}

func TestOthersNotAgain(t *testing.T) {
	s := slacktest.New(t, slacktest.AckWithin(300*time.Millisecond), quick, slacktest.Tolerate(slacktest.Answers))
	b := newBot(t, s, func(*bot, told) (any, bool) { return nil, false }).connect()
	ann, ch := s.User("ann"), s.Channel("books")
	if seen := ann.Slash(ch, "x"); !seen.Failed || seen.Acked {
		t.Errorf("ann sees %+v", seen)
	}
	if seen := ann.Shortcut("x"); !seen.Failed {
		t.Errorf("ann sees %+v", seen)
	}
	if commands, others := b.hears(1, kind("slash_commands")), b.hears(1, kind("interactive")); len(commands) != 1 || len(others) != 1 {
		t.Errorf("they come %d and %d times", len(commands), len(others))
	}
	if len(s.Violations()) != 2 {
		t.Errorf("broken: %q", s.Violations())
	}
	_ = b.ws.Close()
	s.Await("the end", func() bool { return s.Connections() == 0 })
	if seen := ann.Unanswered().Slash(ch, "x"); !seen.Failed {
		t.Error("a command without a connection does not fail")
	}
}

func TestDeaf(t *testing.T) {
	s := slacktest.New(t, slacktest.AckWithin(300*time.Millisecond), quick)
	b := newBot(t, s, club).connect()
	s.Deaf(true)
	if s.Event("app_uninstalled", nil) {
		t.Error("the deaf hear")
	}
	s.Deaf(false)
	if !s.Event("app_uninstalled", nil) || len(b.hears(4, kind("events_api"))) != 4 {
		t.Error("those who hear do not")
	}
}

func TestRepeat(t *testing.T) {
	s := slacktest.New(t)
	b := newBot(t, s, club).connect()
	s.Repeat(2)
	s.Event("app_uninstalled", nil)
	s.Await("two more", func() bool { return len(b.heard(kind("events_api"))) == 3 })
	for _, e := range b.heard(kind("events_api")) {
		if e.object["event_id"] != b.heard(kind("events_api"))[0].object["event_id"] {
			t.Error("another event_id")
		}
	}
}

func TestAcks(t *testing.T) {
	for name, c := range map[string]struct {
		frame func(envelope string) string
		words string // of the breach; empty: none
	}{
		"good":    {func(e string) string { return `{"envelope_id":"` + e + `"}` }, ""},
		"empty":   {func(e string) string { return `{"envelope_id":"` + e + `","payload":{}}` }, ""},
		"payload": {func(e string) string { return `{"envelope_id":"` + e + `","payload":{"text":"x"}}` }, "may hold nothing"},
		"twice":   {func(e string) string { return `{"envelope_id":"` + e + `"}` }, "second"},
		"unknown": {func(string) string { return `{"envelope_id":"?"}` }, "not delivered"},
		"none":    {func(string) string { return `{"ok":true}` }, "other than"},
		"JSON":    {func(string) string { return `?` }, "other than"},
		"long":    {func(e string) string { return `{"envelope_id":"` + e + `","payload":{"text":"` + long(20480) + `"}}` }, "bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			s := slacktest.New(t, slacktest.Tolerate(slacktest.Protocol, slacktest.Limits))
			b := newBot(t, s, club)
			ws, got := frames(t, s, b)
			<-got
			s.AwaitConnected(1)
			b.done.Go(func() {
				o, ok := <-got
				envelope, _ := o["envelope_id"].(string)
				if !ok {
					return
				}
				_ = ws.WriteMessage(websocket.TextMessage, []byte(c.frame(envelope)))
				_ = ws.WriteMessage(websocket.TextMessage, []byte(`{"envelope_id":"`+envelope+`"}`))
			})
			if name == "good" || name == "empty" || name == "payload" {
				s.Tolerate(slacktest.Protocol) // the second one is one too many
			}
			s.Event("app_uninstalled", nil)
			s.Await("two acks", func() bool {
				return len(s.Requests(slacktest.To("ack"))) == 2 || violated(s, "other than")
			})
			if c.words != "" && !violated(s, c.words) {
				t.Errorf("broken: %q", s.Violations())
			}
			if c.words == "" && (violated(s, "hold") || violated(s, "bytes")) {
				t.Errorf("broken: %q", s.Violations())
			}
		})
	}
}
