package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// peer is one connection to a gateway of a test.
type peer struct {
	*websocket.Conn
	t *testing.T
	n int // how many came before
}

func (l peer) say(frame string) { l.WriteMessage(websocket.TextMessage, []byte(frame)) }

// hear returns what came, of an operation; false where the connection ended.
func (l peer) hear(op int) (json.RawMessage, bool) {
	for {
		var got struct {
			Op   int             `json:"op"`
			Data json.RawMessage `json:"d"`
		}
		if err := l.ReadJSON(&got); err != nil {
			return nil, false
		}
		if got.Op == op {
			return got.Data, true
		}
	}
}

// hello says hello and hears who is there.
func (l peer) hello(interval time.Duration) json.RawMessage {
	l.say(fmt.Sprintf(`{"op":10,"d":{"heartbeat_interval":%d}}`, interval.Milliseconds()))
	who, _ := l.hear(2)
	return who
}

func (l peer) ready() { l.say(`{"op":0,"t":"READY","s":1,"d":{"session_id":"s"}}`) }

func (l peer) close(code int) {
	if err := l.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, testWords), time.Now().Add(soon)); err != nil {
		l.t.Logf("it could not be closed with %d: %v", code, err) // and goes on until it is silent
	}
	l.hear(-1)
}

// newLine makes a gateway that talks to each connection as a test says.
func newPeer(t *testing.T, talk func(peer)) string {
	t.Helper()
	var mu sync.Mutex
	var n int
	var talks sync.WaitGroup
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		talks.Add(1) // while the server still waits for this one: after the upgrade it does not
		defer talks.Done()
		c, err := (&websocket.Upgrader{}).Upgrade(rw, req, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		mu.Lock()
		l := peer{c, t, n}
		n++
		mu.Unlock()
		talk(l)
	}))
	t.Cleanup(func() { server.Close(); talks.Wait() })
	return "ws" + strings.TrimPrefix(server.URL, "http")
}

// soon is longer than two seconds, in which all connections have ended: a busy
// machine takes its time. What hangs takes much longer.
const soon = openWithin / 2

// newShard makes a shard that may identify whenever it wants to.
func newShard(t *testing.T, url string, take func(string, json.RawMessage)) (*shard, *locked) {
	said := &locked{}
	log := slogTo(said)
	if take == nil {
		take = func(string, json.RawMessage) {}
	}
	t.Cleanup(func() { secret(t, said.String()) })
	return &shard{id: 1, of: 3, token: testToken, url: url, log: log, pace: discords, take: take, enter: func(context.Context, int) error { return nil }}, said
}

func until(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not happen")
		}
	}
}
