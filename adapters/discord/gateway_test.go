package discord

import (
	"bytes"
	"context"
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
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

// line is one connection to a gateway of a test.
type line struct {
	*websocket.Conn
	t *testing.T
	n int // how many came before
}

func (l line) say(frame string) { l.WriteMessage(websocket.TextMessage, []byte(frame)) }

// hear returns what came, of an operation; false where the connection ended.
func (l line) hear(op int) (json.RawMessage, bool) {
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
func (l line) hello(interval time.Duration) json.RawMessage {
	l.say(fmt.Sprintf(`{"op":10,"d":{"heartbeat_interval":%d}}`, interval.Milliseconds()))
	who, _ := l.hear(2)
	return who
}

func (l line) ready() { l.say(`{"op":0,"t":"READY","s":1,"d":{"session_id":"s"}}`) }

func (l line) close(code int) {
	l.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, testWords), time.Now().Add(time.Second))
	l.hear(-1)
}

// up greets and answers heartbeats until the connection ends.
func (l line) up() {
	l.hello(time.Minute)
	l.ready()
	for {
		if _, ok := l.hear(1); !ok {
			return
		}
		l.say(`{"op":11}`)
	}
}

// newLine makes a gateway that talks to each connection as a test says.
func newLine(t *testing.T, talk func(line)) string {
	t.Helper()
	var mu sync.Mutex
	var n int
	var talks sync.WaitGroup
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		c, err := (&websocket.Upgrader{}).Upgrade(rw, req, nil)
		if err != nil {
			t.Error(err)
			return
		}
		mu.Lock()
		l := line{c, t, n}
		n++
		mu.Unlock()
		talks.Go(func() {
			defer c.Close()
			talk(l)
		})
	}))
	t.Cleanup(func() { server.Close(); talks.Wait() })
	return "ws" + strings.TrimPrefix(server.URL, "http")
}

// newShard makes a shard that may identify whenever it wants to.
func newShard(t *testing.T, url string, take func(string, json.RawMessage)) (*shard, *locked) {
	said := &locked{}
	log := slogTo(said)
	if take == nil {
		take = func(string, json.RawMessage) {}
	}
	t.Cleanup(func() { secret(t, said.String()) })
	return &shard{id: 1, of: 3, token: testToken, url: url, log: log, take: take, enter: func(context.Context, int) error { return nil }}, said
}

// Everything that ends a connection ends it soon, with its reason, and nothing
// of it stays.
func TestConnectionEnds(t *testing.T) {
	leakless(t)
	for _, tt := range []struct {
		name string
		talk func(line)
		want error // nil: any
	}{
		{"another connection is wanted before READY", func(l line) {
			l.hello(time.Minute)
			l.say(`{"op":7,"d":null}`)
			l.hear(-1)
		}, errReconnect},
		{"the session is invalid before READY", func(l line) {
			l.hello(time.Minute)
			l.say(`{"op":9,"d":false}`)
			l.hear(-1)
		}, errInvalid},
		{"an acknowledgement before READY", func(l line) {
			l.hello(time.Minute)
			l.say(`{"op":11}`)
			l.hear(-1)
		}, errFrame},
		{"another connection is wanted instead of hello", func(l line) {
			l.say(`{"op":7,"d":null}`)
			l.hear(-1)
		}, errReconnect},
		{"another connection is wanted", func(l line) {
			l.hello(time.Minute)
			l.ready()
			l.hear(1)
			l.say(`{"op":7,"d":null}`)
			l.hear(-1)
		}, errReconnect},
		{"the session is invalid", func(l line) {
			l.hello(time.Minute)
			l.ready()
			l.hear(1)
			l.say(`{"op":9,"d":true}`)
			l.hear(-1)
		}, errInvalid},
		{"heartbeats are not answered", func(l line) {
			l.hello(100 * time.Millisecond)
			l.ready()
			l.hear(-1)
		}, errSilent},
		{"heartbeats are not answered before READY", func(l line) {
			l.hello(100 * time.Millisecond)
			l.hear(-1)
		}, errSilent},
		{"no interval", func(l line) { l.hello(0) }, errFrame},
		{"a negative interval", func(l line) { l.hello(-time.Second) }, errFrame},
		{"hello twice", func(l line) { l.hello(time.Minute); l.hello(time.Minute) }, errFrame},
		{"no JSON", func(l line) { l.say("nonsense"); l.hear(-1) }, errFrame},
		{"closed before hello", func(l line) { l.close(4000) }, closedError(4000)},
		{"the token is wrong", func(l line) { l.hello(time.Minute); l.close(4004) }, closedError(4004)},
		{"the token is wrong later", func(l line) { l.hello(time.Minute); l.ready(); l.hear(1); l.close(4004) }, closedError(4004)},
		{"cut before hello", func(l line) {}, io.EOF},
		{"cut before READY", func(l line) { l.hello(time.Minute) }, io.EOF},
		{"cut", func(l line) { l.hello(time.Minute); l.ready(); l.hear(1) }, io.EOF},
		{"reset", func(l line) {
			l.hello(time.Minute)
			l.ready()
			l.hear(1)
			l.NetConn().(*net.TCPConn).SetLinger(0)
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, _ := newShard(t, newLine(t, tt.talk), nil)
			began := time.Now()
			err := s.connect(t.Context())
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("connect: %v, want %v", err, tt.want)
			}
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("it took %v", took)
			}
			if s.up.Load() {
				t.Error("it is still up")
			}
			secret(t, fmt.Sprintf("%v %+v", err, err))
		})
	}
}

func TestHeartbeatsKeepAConnection(t *testing.T) {
	leakless(t)
	beats := make(chan struct{})
	s, _ := newShard(t, newLine(t, func(l line) {
		l.hello(50 * time.Millisecond)
		l.ready()
		for range 10 {
			if _, ok := l.hear(1); !ok {
				return
			}
			l.say(`{"op":11}`)
		}
		close(beats)
		l.close(4000)
	}), nil)
	if err := s.connect(t.Context()); !errors.Is(err, closedError(4000)) {
		t.Errorf("connect: %v", err)
	}
	select {
	case <-beats:
	default:
		t.Error("it did not last ten heartbeats")
	}
}

func TestEnd(t *testing.T) {
	leakless(t)
	for name, talk := range map[string]func(l line, in func()){
		"before hello": func(l line, in func()) { in(); l.hear(-1) },
		"before READY": func(l line, in func()) { l.hello(time.Minute); in(); l.hear(-1) },
		"connected": func(l line, in func()) {
			l.hello(time.Minute)
			l.ready()
			l.hear(1)
			in()
			l.hear(-1)
		},
		"nobody reads": func(l line, in func()) {
			l.hello(time.Minute)
			l.ready()
			l.hear(1)
			in()
			<-time.After(2 * time.Second) // longer than the farewell may take
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			var ended time.Time
			s, _ := newShard(t, newLine(t, func(l line) {
				talk(l, func() { ended = time.Now(); cancel() })
			}), nil)
			if err := s.run(ctx); err != nil {
				t.Errorf("run: %v", err)
			}
			if took := time.Since(ended); took > 2*time.Second {
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
				s, _ := newShard(t, newLine(t, func(l line) {
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
	s, said := newShard(t, newLine(t, func(l line) {
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
	if want := []string{"GUILD_CREATE", "MESSAGE_CREATE", "INTERACTION_CREATE", "GUILD_DELETE"}; !slices.Equal(got, want) {
		t.Fatalf("took %q, want %q", got, want)
	}
	if string(bodies[2]) != odd {
		t.Errorf("an interaction came as %s", bodies[2])
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

func TestGateway(t *testing.T) {
	leakless(t)
	var mu sync.Mutex
	came := map[string]int{}
	cut := make(chan struct{})
	url := newLine(t, func(l line) {
		var id struct{ Shard [2]int }
		json.Unmarshal(l.hello(time.Minute), &id)
		mu.Lock()
		came[fmt.Sprint(id.Shard)]++
		first := came[fmt.Sprint(id.Shard)] == 1
		mu.Unlock()
		l.ready()
		if first && id.Shard[0] == 1 {
			<-cut
			return
		}
		for {
			if _, ok := l.hear(1); !ok {
				return
			}
		}
	})
	_, r, _ := newAPI(t, func(n int, rw http.ResponseWriter, _ *http.Request) {
		if n == 0 {
			status(rw, 503, 0)
			return
		}
		fmt.Fprintf(rw, `{"url":%q,"shards":3,"session_start_limit":{"total":1000,"remaining":900,"max_concurrency":16}}`, url)
	})
	g := newGateway(r, gatewaySettings{token: testToken, log: slogTo(&locked{})}, func(string, json.RawMessage) {})
	if g.ready() == nil {
		t.Error("it is ready before it runs")
	}
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error)
	go func() { ran <- g.run(ctx) }()
	until(t, func() bool { return g.ready() == nil })
	close(cut)
	until(t, func() bool { return g.ready() != nil })
	if err := g.ready(); err == nil || !strings.Contains(err.Error(), "2 of 3") {
		t.Errorf("with one connection cut: %v", err)
	}
	until(t, func() bool { return g.ready() == nil })
	cancel()
	ended := time.Now()
	if err := <-ran; err != nil {
		t.Errorf("run: %v", err)
	}
	if took := time.Since(ended); took > 2*time.Second {
		t.Errorf("the end took %v", took)
	}
	if want := map[string]int{"[0 3]": 1, "[1 3]": 2, "[2 3]": 1}; fmt.Sprint(came) != fmt.Sprint(want) {
		t.Errorf("connections: %v", came)
	}
	if g.ready() == nil {
		t.Error("it is ready after its end")
	}
}

func TestGatewayEndsForASetting(t *testing.T) {
	leakless(t)
	url := newLine(t, func(l line) {
		var id struct{ Shard [2]int }
		json.Unmarshal(l.hello(time.Minute), &id)
		if id.Shard[0] == 1 {
			l.close(4004)
			return
		}
		l.ready()
		l.hear(-1)
	})
	_, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(rw, `{"url":"ws://127.0.0.1:1","shards":1,"session_start_limit":{"total":1000,"remaining":900,"max_concurrency":2}}`)
	})
	g := newGateway(r, gatewaySettings{token: testToken, url: url, shards: 2, log: slogTo(&locked{})}, func(string, json.RawMessage) {})
	if err := g.run(t.Context()); err == nil || !strings.Contains(err.Error(), "discord.token") {
		t.Errorf("run: %v", err)
	}

	_, r, _ = newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { status(rw, 401, 0) })
	g = newGateway(r, gatewaySettings{token: testToken, log: slogTo(&locked{})}, nil)
	if err := g.run(t.Context()); err == nil || !strings.Contains(err.Error(), "discord.token") {
		t.Errorf("run: %v", err)
	}
}

func TestIdentifyingIsPaced(t *testing.T) {
	var began time.Time
	_, r, _ := newAPI(t, func(int, http.ResponseWriter, *http.Request) {})
	r.session.Client.Transport = roundTrip(func(req *http.Request) (*http.Response, error) {
		left := 0
		if time.Since(began) > time.Hour {
			left = 1000
		}
		body := fmt.Sprintf(`{"url":"ws://x","shards":4,"session_start_limit":{"total":1000,"remaining":%d,"reset_after":3600000,"max_concurrency":2}}`, left)
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
	})
	synctest.Test(t, func(t *testing.T) {
		g := newGateway(r, gatewaySettings{log: slogTo(&locked{})}, nil)
		g.slots, g.budget = make([]time.Time, 2), 6
		began = time.Now()
		var mu sync.Mutex
		var at [4][]time.Duration
		var all sync.WaitGroup
		for id := range 4 {
			all.Go(func() {
				for range 2 {
					if err := g.enter(t.Context(), id); err != nil {
						t.Error(err)
					}
					mu.Lock()
					at[id] = append(at[id], time.Since(began))
					mu.Unlock()
				}
			})
		}
		all.Wait()
		for slot := range 2 {
			both := append(at[slot], at[slot+2]...)
			slices.Sort(both)
			for i := 1; i < len(both); i++ {
				if both[i]-both[i-1] < identifyEvery {
					t.Errorf("slot %d: %v", slot, both)
				}
			}
		}
		// Six were allowed; the seventh waits for the day to end.
		last := slices.Concat(at[:]...)
		slices.Sort(last)
		if last[5] > time.Minute || last[6] < time.Hour {
			t.Errorf("identified at %v", last)
		}

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := g.enter(ctx, 0); err == nil {
			t.Error("it identifies after the end")
		}
	})
}

func until(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not happen")
		}
	}
}
