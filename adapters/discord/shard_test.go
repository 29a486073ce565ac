package discord

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// Everything that ends a connection ends it soon, with its reason, and nothing
// of it stays.
func TestConnectionEnds(t *testing.T) {
	leakless(t)
	for _, tt := range []struct {
		name string
		talk func(peer)
		want error // nil: any
	}{
		{"another connection is wanted before READY", func(l peer) {
			l.hello(time.Minute)
			l.say(`{"op":7,"d":null}`)
			l.hear(-1)
		}, errReconnect},
		{"the session is invalid before READY", func(l peer) {
			l.hello(time.Minute)
			l.say(`{"op":9,"d":false}`)
			l.hear(-1)
		}, errInvalid},
		{"an acknowledgement before READY", func(l peer) {
			l.hello(time.Minute)
			l.say(`{"op":11}`)
			l.hear(-1)
		}, errFrame},
		{"another connection is wanted instead of hello", func(l peer) {
			l.say(`{"op":7,"d":null}`)
			l.hear(-1)
		}, errReconnect},
		{"another connection is wanted", func(l peer) {
			l.hello(time.Minute)
			l.ready()
			l.hear(1)
			l.say(`{"op":7,"d":null}`)
			l.hear(-1)
		}, errReconnect},
		{"the session is invalid", func(l peer) {
			l.hello(time.Minute)
			l.ready()
			l.hear(1)
			l.say(`{"op":9,"d":true}`)
			l.hear(-1)
		}, errInvalid},
		{"heartbeats are not answered", func(l peer) {
			l.hello(100 * time.Millisecond)
			l.ready()
			l.hear(-1)
		}, errSilent},
		{"heartbeats are not answered before READY", func(l peer) {
			l.hello(100 * time.Millisecond)
			l.hear(-1)
		}, errSilent},
		{"heartbeats are answered, for longer than silence may last", func(l peer) {
			l.hello(time.Second) // a busy machine may be late by another one
			l.ready()
			for range 4 {
				if _, ok := l.hear(1); !ok {
					return
				}
				l.say(`{"op":11}`)
			}
			l.close(4000)
		}, closedError(4000)},
		{"no interval", func(l peer) { l.hello(0) }, errFrame},
		{"a negative interval", func(l peer) { l.hello(-time.Second) }, errFrame},
		{"hello twice", func(l peer) { l.hello(time.Minute); l.hello(time.Minute) }, errFrame},
		{"no JSON", func(l peer) { l.say("nonsense"); l.hear(-1) }, errFrame},
		{"closed before hello", func(l peer) { l.close(4000) }, closedError(4000)},
		{"the token is wrong", func(l peer) { l.hello(time.Minute); l.close(4004) }, closedError(4004)},
		{"the token is wrong later", func(l peer) { l.hello(time.Minute); l.ready(); l.hear(1); l.close(4004) }, closedError(4004)},
		{"cut before hello", func(l peer) {}, io.EOF},
		{"cut before READY", func(l peer) { l.hello(time.Minute) }, io.EOF},
		{"cut", func(l peer) { l.hello(time.Minute); l.ready(); l.hear(1) }, io.EOF},
		{"reset", func(l peer) {
			l.hello(time.Minute)
			l.ready()
			l.hear(1)
			l.NetConn().(*net.TCPConn).SetLinger(0)
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, _ := newShard(t, newPeer(t, tt.talk), nil)
			began := time.Now()
			err := s.connect(t.Context())
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("connect: %v, want %v", err, tt.want)
			}
			if took := time.Since(began); took > soon {
				t.Errorf("it took %v", took)
			}
			if s.up.Load() {
				t.Error("it is still up")
			}
			secret(t, fmt.Sprintf("%v %+v", err, err))
		})
	}
}

// An acknowledgement that comes before the SDK's Open has returned is one: that
// may take a while on a busy machine.
func TestAcknowledgedAtOnce(t *testing.T) {
	leakless(t)
	url := newPeer(t, func(l peer) {
		l.say(`{"op":10,"d":{"heartbeat_interval":60000}}`)
		l.ready()
		l.say(`{"op":11}`)
		l.hear(-1)
	})
	c, _, err := dialer(t.Context(), nil, func(*tap) {}).Dial(url, nil) // and nothing opens
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, op := range []string{"10", "0", "11"} {
		if _, got, err := c.ReadMessage(); err != nil || !strings.Contains(string(got), `"op":`+op) {
			t.Errorf("read %s, %v, want op %s", got, err, op)
		}
	}

	// It hangs nothing, either.
	for n := range 16 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			took := 0
			s, _ := newShard(t, newPeer(t, func(l peer) {
				l.hello(time.Minute)
				l.ready()
				l.say(`{"op":11}`)
				l.say(`{"op":0,"t":"MESSAGE_CREATE","s":2,"d":{"id":"m"}}`)
				l.hear(1)
				l.close(4000)
			}), func(string, json.RawMessage) { took++ })
			if err := s.connect(t.Context()); !errors.Is(err, closedError(4000)) || took != 1 {
				t.Errorf("connect: %v; it took %d events", err, took)
			}
		})
	}
}

func TestEnd(t *testing.T) {
	leakless(t)
	for name, talk := range map[string]func(l peer, in func(), out <-chan struct{}){
		"before hello": func(l peer, in func(), _ <-chan struct{}) { in(); l.hear(-1) },
		"before READY": func(l peer, in func(), _ <-chan struct{}) { l.hello(time.Minute); in(); l.hear(-1) },
		"connected": func(l peer, in func(), _ <-chan struct{}) {
			l.hello(time.Minute)
			l.ready()
			l.hear(1)
			in()
			l.hear(-1)
		},
		"nobody reads": func(l peer, in func(), out <-chan struct{}) {
			l.hello(time.Minute)
			l.ready()
			l.hear(1)
			in()
			select {
			case <-out:
			case <-time.After(2 * soon):
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			var ended time.Time
			out := make(chan struct{})
			s, _ := newShard(t, newPeer(t, func(l peer) {
				talk(l, func() { ended = time.Now(); cancel() }, out)
			}), nil)
			if err := s.run(ctx); err != nil {
				t.Errorf("run: %v", err)
			}
			close(out)
			if took := time.Since(ended); took > soon {
				t.Errorf("the end took %v", took)
			}
		})
	}
}

func TestFatal(t *testing.T) {
	leakless(t)
	for code, setting := range map[int]string{
		4004: "discord.token", 4010: "discord.shards", 4011: "discord.shards", 4012: "discord.gateway_url",
		4013: "intents", 4014: "intents",
	} {
		for name, late := range map[string]bool{"at once": false, "later": true} {
			t.Run(fmt.Sprint(code, " ", name), func(t *testing.T) {
				t.Parallel()
				s, _ := newShard(t, newPeer(t, func(l peer) {
					l.hello(time.Minute)
					if late {
						l.ready()
						l.hear(1)
					}
					l.close(code)
				}), nil)
				if err := s.run(t.Context()); err == nil || !strings.Contains(err.Error(), setting) {
					t.Errorf("run: %v, want a word about %s", err, setting)
				}
			})
		}
	}
	for _, err := range []error{closedError(4000), closedError(4009), io.EOF, errInvalid, nil} {
		if fatal(err) != nil {
			t.Errorf("%v is fatal", err)
		}
	}
}

func TestEvents(t *testing.T) {
	leakless(t)
	// The SDK's own type does not decode with a component that it does not know.
	const odd = `{"id":"1","type":3,"data":{"custom_id":"c"},"message":{"components":[{"type":99}]},"token":"interaction-token-canary"}`
	var got []string
	var bodies []json.RawMessage
	var who json.RawMessage
	s, said := newShard(t, newPeer(t, func(l peer) {
		who = l.hello(time.Minute)
		l.ready()
		l.say(`{"op":0,"t":"GUILD_CREATE","s":2,"d":{"id":"g","name":"` + testWords + `"}}`)
		l.say(`{"op":0,"t":"TYPING_START","s":3,"d":{}}`)
		l.say(`{"op":0,"t":"MESSAGE_CREATE","s":4,"d":{"id":"m"}}`)
		l.say(`{"op":0,"t":"SOMETHING_NEW","s":4,"d":{"words":"` + testWords + `"}}`)
		l.say(`{"op":0,"t":"INTERACTION_CREATE","s":5,"d":` + odd + `}`)
		l.say(`{"op":0,"t":"GUILD_DELETE","s":6,"d":{"id":"g","unavailable":true}}`)
		l.say(`{"op":77,"d":"` + testWords + `"}`)
		l.hear(1)
		l.close(4000)
	}), func(kind string, data json.RawMessage) {
		got = append(got, kind)
		bodies = append(bodies, data)
		panic(testWords)
	})
	var std bytes.Buffer
	stdlog.SetOutput(&std)
	defer stdlog.SetOutput(os.Stderr)
	if err := s.connect(t.Context()); !errors.Is(err, closedError(4000)) {
		t.Errorf("connect: %v", err)
	}
	if want := []string{"MESSAGE_CREATE", "INTERACTION_CREATE"}; !slices.Equal(got, want) {
		t.Fatalf("took %q, want %q", got, want)
	}
	if string(bodies[1]) != odd {
		t.Errorf("an interaction came as %s", bodies[1])
	}
	var id struct {
		Token   string `json:"token"`
		Intents int    `json:"intents"`
		Shard   [2]int `json:"shard"`
	}
	if err := json.Unmarshal(who, &id); err != nil || id.Token != "Bot "+testToken || id.Shard != [2]int{1, 3} || id.Intents != 1|1<<9|1<<12 {
		t.Errorf("identified as %+v, %v", id, err)
	}
	if std.Len() > 0 {
		t.Errorf("the standard log holds %s", &std)
	}
	if !strings.Contains(said.String(), "panic: string") {
		t.Errorf("a panic was not logged: %s", said)
	}
}

func TestConnectionsOverTLS(t *testing.T) {
	leakless(t)
	server := httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		c, err := (&websocket.Upgrader{}).Upgrade(rw, req, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		l := peer{c, t, 0}
		l.say(`{"op":10,"d":{"heartbeat_interval":60000}}`)
		l.say(`{"op":9,"d":false}`)
		l.hear(-1)
	}))
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	c, _, err := dialer(t.Context(), roots, func(*tap) {}).Dial("wss"+strings.TrimPrefix(server.URL, "https"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, hello, err := c.ReadMessage(); err != nil || !strings.Contains(string(hello), "heartbeat_interval") {
		t.Errorf("read %s, %v", hello, err)
	}
	if _, _, err := c.ReadMessage(); !errors.Is(err, errInvalid) {
		t.Errorf("read: %v", err)
	}
}

// Whatever comes in pieces comes through whole.
func TestFramesOfEverySize(t *testing.T) {
	leakless(t)
	sizes := []int{0, 1, 125, 126, 127, 4096, 65535, 65536, 1 << 20}
	url := newPeer(t, func(l peer) {
		for _, n := range sizes {
			l.WriteMessage(websocket.BinaryMessage, bytes.Repeat([]byte("x"), n))
			l.say(fmt.Sprintf(`{"op":0,"s":7,"t":"X","d":%q}`, strings.Repeat("x", n)))
		}
		l.hear(-1)
	})
	c, _, err := dialer(t.Context(), nil, func(*tap) {}).Dial(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, n := range sizes {
		if _, got, err := c.ReadMessage(); err != nil || len(got) != n {
			t.Errorf("read %d of %d, %v", len(got), n, err)
		}
		var event struct {
			Op, S int
			T, D  string
		}
		if err := c.ReadJSON(&event); err != nil || event.Op != 0 || event.S != 7 || event.T != aside+"X" || len(event.D) != n {
			t.Errorf("an event of %d: %v", n, err)
		}
	}
}

func TestUpgradeRefused(t *testing.T) {
	leakless(t)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { status(rw, 503, 0) }))
	defer server.Close()
	s, _ := newShard(t, "ws"+strings.TrimPrefix(server.URL, "http"), nil)
	if err := s.connect(t.Context()); !errors.Is(err, websocket.ErrBadHandshake) {
		t.Errorf("connect: %v", err)
	}
	s, _ = newShard(t, "ws://127.0.0.1:1", nil)
	if err := s.connect(t.Context()); err == nil {
		t.Error("it connects to nobody")
	}
}
