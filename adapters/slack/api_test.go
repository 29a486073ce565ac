package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

const (
	deskBot   = "xoxb-1-CANARYBOT"
	deskApp   = "xapp-1-CANARYAPP"
	deskWords = "CANARYWORDS the butler did it"
)

// desk is a Slack that answers calls in turn, and remembers them.
type desk struct {
	*httptest.Server
	log *lines

	mu    sync.Mutex
	asked []asked
}

// asked is a call as it came.
type asked struct {
	method string // the last part of the path
	auth   string
	form   url.Values     // nil: it was JSON
	json   map[string]any // nil: it was a form
}

// lines is a log to look into.
type lines struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newDesk returns a desk and what asks it, with the tests' patience. The handler
// is told how many calls came before.
func newDesk(t *testing.T, handle func(n int, rw http.ResponseWriter, req *http.Request)) (*desk, *api) {
	d := &desk{log: &lines{}}
	d.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		one := asked{method: path.Base(req.URL.Path), auth: req.Header.Get("Authorization")}
		if kind, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type")); kind == "application/json" {
			_ = json.Unmarshal(body, &one.json)
		} else {
			one.form, _ = url.ParseQuery(string(body))
		}
		d.mu.Lock()
		n := len(d.asked)
		d.asked = append(d.asked, one)
		d.mu.Unlock()
		handle(n, rw, req)
	}))
	a, err := newAPI(Settings{BotToken: deskBot, AppToken: deskApp, APIURL: d.URL + "/api"},
		slog.New(slog.NewTextHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	a.limits.pause = time.Millisecond
	a.transport.opening.pace = pacing{again: time.Millisecond, most: time.Millisecond}
	t.Cleanup(func() { a.close(); d.Close(); noCanary(t, d.log.String()) })
	return d, a
}

func (d *desk) calls() []asked {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]asked(nil), d.asked...)
}

// noCanary fails where a text holds a token or somebody's words.
func noCanary(t *testing.T, text string) {
	t.Helper()
	if strings.Contains(text, "CANARY") {
		t.Errorf("it tells a secret: %s", text)
	}
}

// say answers with a status and a body; hangUp with nothing.
func say(status int, body string) func(http.ResponseWriter) {
	return func(rw http.ResponseWriter) {
		rw.WriteHeader(status)
		fmt.Fprint(rw, body)
	}
}

func no(code string) func(http.ResponseWriter) {
	return func(rw http.ResponseWriter) {
		rw.Header().Set("Retry-After", "0.01") // which says something about two codes
		fmt.Fprintf(rw, `{"ok":false,"error":%q}`, code)
	}
}

func hangUp(http.ResponseWriter) { panic(http.ErrAbortHandler) }

func busy(rw http.ResponseWriter) {
	rw.Header().Set("Retry-After", "0.01")
	rw.WriteHeader(http.StatusTooManyRequests)
}

const yes = `{"ok":true,"channel":"C1","ts":"1.5","message_ts":"1.6","message":{"text":"x"},"view":{"id":"V1"}}`

var deskMessage = message{
	text:   deskWords + " &lt;@U1&gt; *not bold*",
	blocks: []slack.Block{slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, deskWords, false, false))},
}

var deskView = view{callback: "cb", title: "Title", submit: "Send", close: "Leave", metadata: "m", blocks: deskMessage.blocks}

// callsOf are the calls of an api by name.
var callsOf = map[string]func(context.Context, *api, string) error{
	"post": func(ctx context.Context, a *api, _ string) error {
		ts, err := a.post(ctx, "C1", "1.1", deskMessage)
		if err == nil && ts != "1.5" {
			return fmt.Errorf("ts is %q", ts)
		}
		return err
	},
	"update": func(ctx context.Context, a *api, _ string) error { return a.update(ctx, "C1", "1.5", deskMessage) },
	"delete": func(ctx context.Context, a *api, _ string) error { return a.delete(ctx, "C1", "1.5") },
	"whisper": func(ctx context.Context, a *api, _ string) error {
		return a.whisper(ctx, "C1", "1.1", "U1", deskMessage)
	},
	"respond": func(ctx context.Context, a *api, base string) error {
		return a.respond(ctx, base+"/actions/CANARYURL", deskMessage, true)
	},
	"open":    func(ctx context.Context, a *api, _ string) error { return a.open(ctx, "T1", deskView, false) },
	"push":    func(ctx context.Context, a *api, _ string) error { return a.open(ctx, "T1", deskView, true) },
	"change":  func(ctx context.Context, a *api, _ string) error { return a.change(ctx, "V1", deskView) },
	"publish": func(ctx context.Context, a *api, _ string) error { return a.publish(ctx, "U1", deskView) },
	"member": func(ctx context.Context, a *api, _ string) error {
		_, err := a.member(ctx, "U1")
		return err
	},
	"probe": func(ctx context.Context, a *api, _ string) error {
		_, err := a.probe(ctx)
		return err
	},
}

func TestWhatIsSent(t *testing.T) {
	blocks := `[{"text":{"emoji":false,"text":"` + deskWords + `","type":"plain_text"},"type":"header"}]`
	form := func(more map[string]string) map[string]string {
		want := map[string]string{
			"token": deskBot, "channel": "C1", "text": deskMessage.text, "blocks": blocks,
			"mrkdwn": "false", "unfurl_links": "false", "unfurl_media": "false",
		}
		for k, v := range more {
			want[k] = v
		}
		return want
	}
	modal := func(kind string) string {
		more := ""
		if kind == "modal" {
			more = `"title":{"type":"plain_text","text":"Title","emoji":false},"submit":{"type":"plain_text","text":"Send","emoji":false},
				"close":{"type":"plain_text","text":"Leave","emoji":false},`
		}
		return `{"type":"` + kind + `",` + more + `"blocks":` + blocks + `,"private_metadata":"m","callback_id":"cb"}`
	}
	for name, want := range map[string]struct {
		method string
		form   map[string]string
		json   string
	}{
		"post":    {method: "chat.postMessage", form: form(map[string]string{"thread_ts": "1.1"})},
		"update":  {method: "chat.update", form: form(map[string]string{"ts": "1.5"})},
		"delete":  {method: "chat.delete", form: map[string]string{"token": deskBot, "channel": "C1", "ts": "1.5"}},
		"whisper": {method: "chat.postEphemeral", form: form(map[string]string{"thread_ts": "1.1", "user": "U1"})},
		"respond": {method: "CANARYURL", json: `{"text":"` + deskMessage.text + `","blocks":` + blocks + `,"response_type":"ephemeral",
			"replace_original":true,"delete_original":false,"unfurl_links":false,"unfurl_media":false}`},
		"open":    {method: "views.open", json: `{"trigger_id":"T1","view":` + modal("modal") + `}`},
		"push":    {method: "views.push", json: `{"trigger_id":"T1","view":` + modal("modal") + `}`},
		"change":  {method: "views.update", json: `{"view_id":"V1","view":` + modal("modal") + `}`},
		"publish": {method: "views.publish", json: `{"user_id":"U1","view":` + modal("home") + `}`},
	} {
		t.Run(name, func(t *testing.T) {
			d, a := newDesk(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, yes) })
			if err := callsOf[name](t.Context(), a, d.URL); err != nil {
				t.Fatal(err)
			}
			got := d.calls()[0]
			if got.method != want.method {
				t.Errorf("it asked for %s", got.method)
			}
			if want.form != nil {
				sent := map[string]string{}
				for k, v := range got.form {
					sent[k] = strings.Join(v, "|")
				}
				sent["blocks"], want.form["blocks"] = sorted(t, sent["blocks"]), sorted(t, want.form["blocks"])
				if diff := cmp.Diff(want.form, sent); diff != "" {
					t.Error(diff)
				}
				return
			}
			if auth := "Bearer " + deskBot; (got.auth == auth) != (name != "respond") {
				t.Errorf("it came with %q", got.auth)
			}
			sent, _ := json.Marshal(got.json)
			if diff := cmp.Diff(sorted(t, want.json), sorted(t, string(sent))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// sorted is JSON in one order.
func sorted(t *testing.T, text string) string {
	if text == "" {
		return ""
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err, text)
	}
	data, _ := json.Marshal(v)
	return string(data)
}

func TestWithoutBlocks(t *testing.T) {
	d, a := newDesk(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, yes) })
	bare := message{text: "x"}
	if _, err := a.post(t.Context(), "C1", "", bare); err != nil {
		t.Error(err)
	}
	if err := a.update(t.Context(), "C1", "1.5", bare); err != nil {
		t.Error(err)
	}
	if err := a.respond(t.Context(), d.URL+"/actions/1", bare, false); err != nil {
		t.Error(err)
	}
	if err := a.publish(t.Context(), "U1", view{}); err != nil {
		t.Error(err)
	}
	got := d.calls()
	if f := got[0].form; f.Has("blocks") || f.Has("thread_ts") {
		t.Errorf("posted %v", f)
	}
	if f := got[1].form; f.Get("blocks") != "[]" {
		t.Errorf("an update keeps the blocks that were there: %v", f)
	}
	if j := got[2].json; j["blocks"] != nil || j["replace_original"] != false {
		t.Errorf("responded %v", j)
	}
	if v, _ := got[3].json["view"].(map[string]any); v["blocks"] == nil {
		t.Errorf("published %v", got[3].json)
	}
}

func TestNothingIsSaidWithoutText(t *testing.T) {
	d, a := newDesk(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, yes) })
	mute := message{text: " \n", blocks: deskMessage.blocks}
	_, err := a.post(t.Context(), "C1", "", mute)
	for _, err := range []error{
		err, a.update(t.Context(), "C1", "1.5", mute), a.whisper(t.Context(), "C1", "", "U1", mute),
		a.respond(t.Context(), d.URL, mute, true),
	} {
		if !errors.Is(err, errNoText) {
			t.Errorf("a message without a text: %v", err)
		}
	}
	if n := len(d.calls()); n != 0 {
		t.Errorf("%d calls", n)
	}
}

func TestRespondGoesToSlackAlone(t *testing.T) {
	d, a := newDesk(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, "ok") })
	port := d.URL[strings.LastIndex(d.URL, ":"):]
	for _, bad := range []string{
		"", "/actions", "http://hooks.slack.com/actions", "https://slack.com.evil.test/", "https://evilslack.com/", "https://evil.test/hooks.slack.com",
		"https://hooks.slack.com@evil.test/", "https://u:p@hooks.slack.com/", "https://hooks.slack.com:8443/", "file:///etc/passwd",
		"http://169.254.169.254/", "http://localhost" + port, "https://127.0.0.1" + port, "https://[::1", "https://evil.test\\.slack.com/",
	} {
		if err := a.respond(t.Context(), bad, message{text: "x"}, false); err == nil || !strings.Contains(err.Error(), "not Slack's") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, good := range []string{
		"https://hooks.slack.com/actions/1", "https://slack.com/x", "https://hooks.slack-gov.com/commands/1", d.URL + "/actions/1",
	} {
		if !takes(good, a.url) {
			t.Errorf("%s is not taken", good)
		}
	}
	if n := len(d.calls()); n != 0 {
		t.Errorf("%d calls", n)
	}
}

func TestMessageTSOutlivesAnAnswerThatTheSDKCannotRead(t *testing.T) {
	_, a := newDesk(t, func(_ int, rw http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(rw, `{"ok":true,"ts":"1.5","message":{"text":7,"blocks":"new"},"view":{"blocks":7}}`)
	})
	for _, name := range []string{"post", "update", "open", "publish"} {
		if err := callsOf[name](t.Context(), a, ""); err != nil {
			t.Errorf("%s was done: %v", name, err)
		}
	}
}
