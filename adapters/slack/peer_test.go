package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	slackgo "github.com/slack-go/slack"
	"go.uber.org/goleak"
)

const (
	canary      = "the-butler-canary"
	canaryToken = "xapp-token-canary"
)

// peer is one connection to the Slack of a test.
type peer struct {
	*websocket.Conn
	n int // how many came before
}

func (p peer) say(frame string) { p.WriteMessage(websocket.TextMessage, []byte(frame)) }

func (p peer) hello(connections int) {
	p.say(fmt.Sprintf(`{"type":"hello","num_connections":%d,"connection_info":{"app_id":"A1"}}`, connections))
}

func (p peer) deliver(kind deliveryKind, id, payload string) {
	p.say(fmt.Sprintf(`{"type":%q,"envelope_id":%q,"payload":%s,"accepts_response_payload":true}`, kind, id, payload))
}

// acked is an acknowledgement.
type acked struct {
	ID      string `json:"envelope_id"`
	Payload json.RawMessage
}

// hear returns the next acknowledgement; false where the connection ended.
func (p peer) hear() (a acked, ok bool) { return a, p.ReadJSON(&a) == nil }

// stay keeps the connection until the other side ends it.
func (p peer) stay() {
	for {
		if _, _, err := p.ReadMessage(); err != nil {
			return
		}
	}
}

// peers is a Slack that speaks Socket Mode as a test says.
type peers struct {
	url   string
	mu    sync.Mutex
	opens []time.Time // when it was asked where to connect
	lines int
	// open answers instead where it returns true; nil: it does not.
	open func(n int, rw http.ResponseWriter, req *http.Request) bool
}

func (p *peers) opened() []time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]time.Time(nil), p.opens...)
}

// newPeers makes one that talks to each connection, and closes it then.
func newPeers(t *testing.T, talk func(peer)) *peers {
	t.Helper()
	p := &peers{}
	var talks sync.WaitGroup
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/apps.connections.open", func(rw http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Authorization") != "Bearer "+canaryToken {
			t.Errorf("asked where to connect with %q", req.Header.Get("Authorization"))
		}
		io.Copy(io.Discard, req.Body)
		p.mu.Lock()
		n := len(p.opens)
		p.opens = append(p.opens, time.Now())
		p.mu.Unlock()
		if p.open == nil || !p.open(n, rw, req) {
			fmt.Fprintf(rw, `{"ok":true,"url":"ws://%s/line?ticket=%s"}`, req.Host, canary)
		}
	})
	mux.HandleFunc("GET /line", func(rw http.ResponseWriter, req *http.Request) {
		talks.Add(1) // while the server still waits for this
		defer talks.Done()
		c, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(rw, req, nil)
		if err != nil { // who dialled is gone
			return
		}
		p.mu.Lock()
		n := p.lines
		p.lines++
		p.mu.Unlock()
		defer c.Close()
		talk(peer{c, n})
	})
	server := httptest.NewServer(mux)
	p.url = server.URL + "/api/"
	t.Cleanup(func() { server.CloseClientConnections(); server.Close(); talks.Wait() })
	return p
}

// diary is a log that can be read.
type diary struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (d *diary) Write(b []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.b.Write(b)
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.b.String()
}

func (d *diary) logger() *slog.Logger { return slog.New(slog.NewTextHandler(d, nil)) }

// count returns how many lines hold all that.
func (d *diary) count(parts ...string) (n int) {
lines:
	for line := range strings.Lines(d.String()) {
		for _, part := range parts {
			if !strings.Contains(line, part) {
				continue lines
			}
		}
		n++
	}
	return n
}

// quick is the pace of a test.
var quick = pacing{ping: 10 * time.Second, again: 10 * time.Millisecond, most: 20 * time.Second}

// ran is a socket that runs.
type ran struct {
	*socket
	said diary
	end  context.CancelFunc
	why  chan error // what run returned
}

// run runs a socket until the test ends, and fails where it says what it should
// not, or something is left of it.
func (p *peers) run(t *testing.T, pace pacing, take func(delivery) bool) *ran {
	t.Helper()
	transport := &http.Transport{}
	client := slackgo.New("xoxb", slackgo.OptionAppLevelToken(canaryToken), slackgo.OptionAPIURL(p.url),
		slackgo.OptionHTTPClient(&http.Client{Transport: transport, Timeout: 3 * time.Second}))
	ctx, end := context.WithCancel(t.Context())
	r := &ran{end: end, why: make(chan error, 1)}
	r.socket = newSocket(client, pace, r.said.logger(), take)
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.why <- r.run(ctx)
	}()
	t.Cleanup(func() {
		end()
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			t.Error("run does not end")
		}
		transport.CloseIdleConnections()
		if r.ready() == nil {
			t.Error("it is ready after its end")
		}
		if said := r.said.String(); strings.Contains(said, canary) || strings.Contains(said, canaryToken) {
			t.Errorf("it says what nobody may read:\n%s", said)
		}
	})
	return r
}

// nothingLeft fails where goroutines are left when a test has ended.
func nothingLeft(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, ignore) })
}

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	late := time.After(10 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%s: it never does", what)
		}
	}
}

// receive returns what comes.
func receive[T any](t *testing.T, what string, from <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(10 * time.Second):
		t.Fatalf("%s: it never comes", what)
	}
	return v
}
