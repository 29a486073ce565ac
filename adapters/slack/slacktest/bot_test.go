package slacktest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"dogear/adapters/slack/slacktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = map[string]any

// told is something that the bot was told.
type told struct {
	object
	envelope object // nil: over HTTP
}

// bot is a scripted client of the fake's.
type bot struct {
	t      *testing.T
	s      *slacktest.Slack
	client *http.Client
	// on says what to acknowledge with; silence with false.
	on func(told) (any, bool)

	mu    sync.Mutex
	tells []told
	ws    *websocket.Conn
	done  sync.WaitGroup
}

func newBot(t *testing.T, s *slacktest.Slack, on func(*bot, told) (any, bool)) *bot {
	t.Helper()
	transport := &http.Transport{}
	b := &bot{t: t, s: s, client: &http.Client{Transport: transport, Timeout: 5 * time.Second}}
	b.on = func(e told) (any, bool) { return on(b, e) }
	t.Cleanup(func() {
		if b.ws != nil {
			_ = b.ws.Close()
		}
		b.done.Wait()
		transport.CloseIdleConnections()
	})
	return b
}

// connect opens a socket that acknowledges in a goroutine.
func (b *bot) connect() *bot {
	b.t.Helper()
	b.dial()
	b.s.AwaitConnected(1)
	return b
}

func (b *bot) dial() {
	b.t.Helper()
	got := b.json("apps.connections.open", b.s.AppToken, object{})
	address, _ := got["url"].(string)
	ws, resp, err := websocket.DefaultDialer.Dial(address, http.Header{"Origin": {"https://api.slack.com"}})
	if err != nil {
		b.t.Fatal(err)
	}
	_ = resp.Body.Close()
	b.ws = ws
	b.done.Go(func() {
		for {
			_, raw, err := ws.ReadMessage()
			if err != nil {
				return
			}
			var o object
			if json.Unmarshal(raw, &o) != nil {
				continue
			}
			payload, _ := o["payload"].(object)
			e := told{payload, o}
			b.note(e)
			if o["envelope_id"] == nil {
				continue
			}
			if answer, ok := b.on(e); ok {
				b.ack(ws, o["envelope_id"], answer)
			}
		}
	})
}

func (b *bot) note(e told) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tells = append(b.tells, e)
}

// heard is what the bot was told that a filter lets through.
func (b *bot) heard(keep func(told) bool) []told {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []told
	for _, e := range b.tells {
		if keep(e) {
			out = append(out, e)
		}
	}
	return out
}

// hears waits until the bot was told as many of them.
func (b *bot) hears(n int, keep func(told) bool) []told {
	b.t.Helper()
	for end := time.Now().Add(20 * time.Second); len(b.heard(keep)) < n && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	return b.heard(keep)
}

func kind(name string) func(told) bool {
	return func(e told) bool { return e.envelope != nil && e.envelope["type"] == name }
}

func (b *bot) ack(ws *websocket.Conn, envelope, payload any) {
	o := object{"envelope_id": envelope}
	if payload != nil {
		o["payload"] = payload
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = ws.WriteJSON(o)
}

// json calls a method with JSON and a Bearer.
func (b *bot) json(method, token string, body any) object {
	raw, _ := json.Marshal(body)
	return b.do(b.s.URL()+method, "application/json", token, raw)
}

// form calls a method with a form that holds the bot's token.
func (b *bot) form(method string, args object) object {
	form := url.Values{"token": {b.s.BotToken}}
	for key, v := range args {
		word, ok := v.(string)
		if !ok {
			raw, _ := json.Marshal(v)
			word = string(raw)
		}
		form.Set(key, word)
	}
	return b.do(b.s.URL()+method, "application/x-www-form-urlencoded", "", []byte(form.Encode()))
}

// do returns the answer, with its status; nil where there is none.
func (b *bot) do(address, kind, token string, body []byte) object {
	req, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil
	}
	req.Header.Set("Content-Type", kind)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil
	}
	out := object{}
	if json.Unmarshal(raw, &out) != nil {
		out = object{"body": string(raw)}
	}
	out["status"], out["header"] = resp.StatusCode, resp.Header
	return out
}

// post posts to a channel, as dogear does.
func (b *bot) post(args object) object {
	all := object{"unfurl_links": "false", "unfurl_media": "false"}
	maps.Copy(all, args)
	return b.form("chat.postMessage", all)
}

// hook answers through a response_url.
func (b *bot) hook(address any, body object) object {
	raw, _ := json.Marshal(body)
	to, _ := address.(string)
	return b.do(to, "application/json", "", raw)
}

func (b *bot) open(trigger any, view object) object {
	return b.json("views.open", b.s.BotToken, object{"trigger_id": trigger, "view": view})
}

// Blocks.

func plain(s string) object { return object{"type": "plain_text", "text": s, "emoji": false} }

func section(s string) object {
	return object{"type": "section", "text": object{"type": "mrkdwn", "text": s}}
}

func button(label, action, value string) object {
	return object{"type": "button", "text": plain(label), "action_id": action, "value": value}
}

func actions(of ...any) object { return object{"type": "actions", "elements": of} }

func input(label, block string, element object) object {
	return object{"type": "input", "block_id": block, "label": plain(label), "element": element}
}

func modal(title string, blocks ...any) object {
	v := object{"type": "modal", "title": plain(title), "callback_id": "call", "blocks": blocks}
	for _, b := range blocks {
		if o, _ := b.(object); o["type"] == "input" {
			v["submit"] = plain("Send")
		}
	}
	return v
}

func home(blocks ...any) object { return object{"type": "home", "blocks": blocks} }

func options(texts ...string) []any {
	out := []any{}
	for _, s := range texts {
		out = append(out, object{"text": plain(s), "value": strings.ToLower(s)})
	}
	return out
}

// violated reports whether a rule was broken in some words.
func violated(s *slacktest.Slack, words string) bool {
	return strings.Contains(strings.Join(s.Violations(), "\n"), words)
}
