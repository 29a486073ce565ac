package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// silent listens and says nothing to who connects, until the test ends.
func silent(t *testing.T, came func()) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Error(err)
		return ""
	}
	var all sync.WaitGroup
	t.Cleanup(func() { l.Close(); all.Wait() })
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer c.Close()
				came()
				io.Copy(io.Discard, c)
			})
		}
	})
	return l.Addr().String()
}

// What Slack delivers comes as it was sent, whatever it is, and is acknowledged
// when it is said to be: on its own connection, once, with its answer.
func TestDeliveries(t *testing.T) {
	nothingLeft(t)
	for _, tt := range []struct {
		kind    deliveryKind
		payload string
	}{
		{commands, `{"command":"/dogear","text":"` + canary + `"}`},
		{commands, `["not","as","the","SDK","knows","it"]`},
		{interactions, `{"type":"from next year","actions":7}`},
		{events, `{"type":"event_callback","event":{"type":"message","blocks":"` + canary + `"}}`},
		{events, `{"type":"app_rate_limited"}`},
		{events, `"a text"`},
	} {
		t.Run(tt.payload, func(t *testing.T) {
			got := make(chan acked, 10)
			p := newPeers(t, func(p peer) {
				p.hello(1)
				p.deliver(tt.kind, "E1", tt.payload)
				for {
					a, ok := p.hear()
					if !ok {
						return
					}
					got <- a
				}
			})
			came := make(chan delivery, 1)
			p.run(t, quick, func(d delivery) bool { came <- d; return true })
			d := receive(t, "the delivery", came)
			if d.kind != tt.kind || string(d.payload) != tt.payload {
				t.Errorf("got %s %s", d.kind, d.payload)
			}
			if err := d.ack(t.Context(), strings.Repeat("x", longestAck)); !errors.Is(err, errAckLength) {
				t.Errorf("too long an answer: %v", err)
			}
			over, cancel := context.WithCancel(t.Context())
			cancel()
			if err := d.ack(over, nil); !errors.Is(err, context.Canceled) {
				t.Errorf("when it is over: %v", err)
			}
			if err := d.ack(t.Context(), func() {}); err == nil {
				t.Error("a function went with it")
			}
			if err := d.ack(t.Context(), map[string]string{"text": "<hi>"}); err != nil {
				t.Error(err)
			}
			if err := d.ack(t.Context(), nil); !errors.Is(err, errGone) {
				t.Errorf("a second time: %v", err)
			}
			var answer struct{ Text string }
			if a := receive(t, "the acknowledgement", got); a.ID != "E1" || json.Unmarshal(a.Payload, &answer) != nil || answer.Text != "<hi>" {
				t.Errorf("acknowledged %s %s", a.ID, a.Payload)
			}
			if len(got) > 0 {
				t.Errorf("and then %+v", <-got)
			}
		})
	}
}

// What is not taken, or breaks who takes it, is not acknowledged, and what
// follows comes all the same: more of it than the SDK could hold.
func TestNotTaken(t *testing.T) {
	nothingLeft(t)
	got := make(chan acked, 10)
	p := newPeers(t, func(p peer) {
		p.hello(1)
		for i := range 200 {
			p.deliver(events, fmt.Sprint("E", i), fmt.Sprint(i))
		}
		for {
			a, ok := p.hear()
			if !ok {
				return
			}
			got <- a
		}
	})
	r := p.run(t, quick, func(d delivery) bool {
		switch {
		case string(d.payload) == "199":
			if err := d.ack(t.Context(), nil); err != nil {
				t.Error(err)
			}
			return true
		case string(d.payload) == "7":
			panic(canary)
		}
		return false
	})
	if a := receive(t, "the acknowledgement", got); a.ID != "E199" || a.Payload != nil {
		t.Errorf("acknowledged %+v", a)
	}
	if n := len(p.opened()); n != 1 {
		t.Errorf("%d connections were made", n)
	}
	if r.said.count("level=ERROR", "panic: string") != 1 {
		t.Errorf("it says:\n%s", r.said.String())
	}
}

// What can't be read is acknowledged, or it would come for ever, and its words
// are in no log.
func TestUnreadable(t *testing.T) {
	nothingLeft(t)
	got := make(chan acked, 10)
	p := newPeers(t, func(p peer) {
		p.hello(1)
		for _, frame := range []string{
			canary,
			`["` + canary + `"]`,
			`{"type":"` + canary + `","payload":{}}`,
			`{"type":"` + canary + `","envelope_id":"E1","payload":"` + canary + `"}`,
			`{"type":5,"envelope_id":"E2","payload":"` + canary + `"}`,
			`{"type":"events_api","envelope_id":"E3"}`,
			`{"type":"events_api","payload":{}}`,
			`{"type":"slash_commands","envelope_id":"E4","num_connections":"` + canary + `","payload":{}}`,
		} {
			p.say(frame)
		}
		for {
			a, ok := p.hear()
			if !ok {
				return
			}
			got <- a
		}
	})
	r := p.run(t, quick, nobody(t))
	for _, want := range []string{"E1", "E2", "E3", "E4"} {
		if a := receive(t, "an acknowledgement", got); a.ID != want {
			t.Errorf("acknowledged %q, want %s", a.ID, want)
		}
	}
	if n := r.said.count("level=WARN", "can't read"); n != 8 {
		t.Errorf("it says so %d times:\n%s", n, r.said.String())
	}
	if n := len(p.opened()); n != 1 {
		t.Errorf("%d connections were made", n)
	}
}

// The alarm is raised once a connection.
func TestManyConnections(t *testing.T) {
	nothingLeft(t)
	p := newPeers(t, func(p peer) {
		p.hello([]int{1, manySocks - 1, manySocks, manySocks + 1}[p.n%4])
		p.hello(manySocks) // which it never says twice
		if p.n < 3 {
			p.say(`{"type":"disconnect"}`)
		}
		p.stay()
	})
	r := p.run(t, quick, nobody(t))
	eventually(t, "the last connection", func() bool { return r.said.count("connected to Slack", "connections=9") == 1 })
	r.end()
	receive(t, "the end", r.why)
	if n := r.said.count("level=WARN", "many connections"); n != 2 {
		t.Errorf("the alarm was raised %d times:\n%s", n, r.said.String())
	}
}

// Pings keep a connection.
func TestPings(t *testing.T) {
	nothingLeft(t)
	lasted := make(chan bool, 1)
	p := newPeers(t, func(p peer) {
		if p.n > 0 {
			p.stay()
			return
		}
		pongs := make(chan string, 20)
		p.SetPongHandler(func(data string) error { pongs <- data; return nil })
		p.hello(1)
		var reads sync.WaitGroup
		defer reads.Wait()
		defer p.Close()
		reads.Go(p.stay)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for range 20 {
			<-tick.C
			p.WriteControl(websocket.PingMessage, []byte("n"), time.Now().Add(time.Second))
			select {
			case <-pongs:
			case <-time.After(5 * time.Second):
				lasted <- false
				return
			}
		}
		lasted <- true
	})
	pace := quick
	pace.ping = 3 * time.Second
	p.run(t, pace, nobody(t))
	if !receive(t, "twenty pings", lasted) {
		t.Error("it does not last")
	}
}

// The connection that is relieved goes on until Slack closes it: nothing is
// missed in between.
func TestNoGap(t *testing.T) {
	nothingLeft(t)
	relieved := make(chan struct{})
	got := make(chan acked, 2)
	p := newPeers(t, func(p peer) {
		p.hello(2 - p.n)
		if p.n == 0 {
			p.say(`{"type":"disconnect","reason":"refresh_requested"}`)
			<-relieved
			p.deliver(events, "E-old", `{}`)
			a, _ := p.hear()
			got <- a
			return
		}
		close(relieved)
		p.stay()
	})
	r := p.run(t, quick, func(d delivery) bool {
		if err := d.ack(t.Context(), nil); err != nil {
			t.Error(err)
		}
		return true
	})
	eventually(t, "to be ready", func() bool { return r.ready() == nil })
	if a := receive(t, "the acknowledgement", got); a.ID != "E-old" {
		t.Errorf("acknowledged %+v", a)
	}
	if err := r.ready(); err != nil {
		t.Error(err)
	}
}

// An acknowledgement never blocks for long: not where its connection is no more,
// and not where Slack does not read.
func TestAckOfNoUse(t *testing.T) {
	nothingLeft(t)
	const many = 50
	t.Run("no connection", func(t *testing.T) {
		t.Parallel()
		p := newPeers(t, func(p peer) {
			if p.n == 0 {
				for range many {
					p.deliver(events, "E", `{}`)
				}
			}
		})
		came := make(chan delivery, many)
		pace := quick
		pace.again, pace.most = time.Minute, time.Hour
		r := p.run(t, pace, func(d delivery) bool { came <- d; return true })
		eventually(t, "the end of the connection", func() bool { return r.said.count("a connection to Slack ended") == 1 })
		began := time.Now()
		for range many {
			if d := receive(t, "a delivery", came); d.ack(t.Context(), nil) == nil {
				t.Error("it was acknowledged to nobody")
			}
		}
		if took := time.Since(began); took > ackWithin {
			t.Errorf("it took %v", took)
		}
	})
	t.Run("nobody reads", func(t *testing.T) {
		t.Parallel()
		over := make(chan struct{})
		p := newPeers(t, func(p peer) {
			if p.n > 0 {
				p.stay()
				return
			}
			p.NetConn().(*net.TCPConn).SetReadBuffer(4 << 10)
			for range 2000 {
				p.deliver(events, "E", `{}`)
			}
			<-over
		})
		came := make(chan delivery, 2000)
		p.run(t, quick, func(d delivery) bool { came <- d; return true })
		answer := strings.Repeat("x", longestAck-100)
		for {
			began := time.Now()
			err := receive(t, "a delivery", came).ack(t.Context(), answer)
			if took := time.Since(began); took > ackWithin+8*time.Second {
				t.Fatalf("it took %v", took)
			}
			if err != nil {
				break
			}
		}
		eventually(t, "another connection", func() bool { return len(p.opened()) == 2 })
		close(over)
	})
}

// What was acknowledged before the end arrives, and then a farewell.
func TestAckAtTheEnd(t *testing.T) {
	nothingLeft(t)
	const many = 300
	ids := make(chan []string, 1)
	p := newPeers(t, func(p peer) {
		p.hello(1)
		for i := range many {
			p.deliver(interactions, fmt.Sprint("E", i), `{}`)
		}
		p.SetCloseHandler(func(int, string) error { // Slack has not heard of it yet
			p.deliver(events, "late", `{}`)
			return nil
		})
		var got []string
		for {
			var a acked
			err := p.ReadJSON(&a)
			if err != nil {
				if !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
					t.Errorf("the end: %v", err)
				}
				ids <- got
				return
			}
			got = append(got, a.ID)
		}
	})
	n := 0
	all := make(chan struct{})
	r := p.run(t, quick, func(d delivery) bool {
		if n++; n > many {
			t.Error("something was taken after the end")
			return false
		}
		if err := d.ack(t.Context(), nil); err != nil {
			t.Error(err)
		}
		if n == many {
			close(all)
		}
		return true
	})
	receive(t, "the last one", all)
	r.end()
	if got := receive(t, "what arrived", ids); len(got) != many || slices.Contains(got, "late") {
		t.Errorf("%d arrived", len(got))
	}
}

// The longest acknowledgement goes in one frame: Slack does not put fragments
// together.
func TestAckInOneFrame(t *testing.T) {
	nothingLeft(t)
	heads := make(chan []byte, 1)
	p := newPeers(t, func(p peer) {
		p.hello(1)
		p.deliver(commands, "E1", `{}`)
		head := make([]byte, 4)
		io.ReadFull(p.NetConn(), head)
		heads <- head
		io.Copy(io.Discard, p.NetConn())
	})
	frame := len(`{"envelope_id":"E1","payload":""}`)
	p.run(t, quick, func(d delivery) bool {
		if err := d.ack(t.Context(), strings.Repeat("x", longestAck-frame)); !errors.Is(err, errAckLength) {
			t.Errorf("one that is too long: %v", err)
		}
		if err := d.ack(t.Context(), strings.Repeat("x", longestAck-frame-1)); err != nil {
			t.Error(err)
		}
		return true
	})
	head := receive(t, "the frame", heads)
	if length := int(head[2])<<8 | int(head[3]); head[0] != 0x81 || length != longestAck-1 {
		t.Errorf("it begins with %x", head)
	}
}
