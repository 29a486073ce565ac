package slacktest

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// socket is what Socket Mode keeps.
type socket struct {
	ping    time.Duration
	tickets map[string]bool // of connections to come
	conns   []*conn
	sent    map[string]*delivery // by envelope
	waiting []*delivery          // events, for a connection
	next    int                  // of the connections, for the next delivery
	opens   int
	deaf    bool // acknowledgements are not heard
	repeats int

	onConnect  []Act
	onEnvelope []Act
}

// Connections is how many connections there are, greeted or not.
func (s *Slack) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.socket.conns)
}

// Connected is how many connections have had hello, and neither a disconnect nor an
// end of any kind.
func (s *Slack) Connected() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, c := range s.socket.conns {
		if c.ready {
			n++
		}
	}
	return n
}

// Opens is how often the bot has got the address of a connection.
func (s *Slack) Opens() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.socket.opens
}

// AwaitConnected waits until so many connections have had hello, as Connected
// counts them.
func (s *Slack) AwaitConnected(n int) bool {
	s.t.Helper()
	return s.Await("a connection", func() bool { return s.Connected() == n })
}

// connect takes a connection.
func (s *Slack) connect(w http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	s.mu.Lock()
	ok := s.socket.tickets[ticket] && !s.closed && len(s.socket.conns) < 10
	delete(s.socket.tickets, ticket)
	if ok {
		s.working.Add(1)
	}
	s.mu.Unlock()
	if !ok {
		http.Error(w, "no such ticket", http.StatusUnauthorized)
		return
	}
	defer s.working.Done()
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &conn{s: s, ws: ws, wake: make(chan struct{}, 1), gone: make(chan struct{})}
	s.mu.Lock()
	s.working.Add(1)
	go c.write()
	s.socket.conns = append(s.socket.conns, c)
	if s.closed {
		c.kill()
	}
	act, ok := take(&s.socket.onConnect)
	if !ok {
		act = Hello(len(s.socket.conns))
	}
	act(c)
	s.broadcast()
	s.mu.Unlock()
	c.read()
}

// greet says hello, after which deliveries may come. The lock is held.
func (c *conn) greet(n int) {
	hello := object{
		"type": "hello", "num_connections": n, "connection_info": object{"app_id": c.s.AppID},
		"debug_info": object{"host": "applink-1", "started": "2026-01-01 00:00:00.000", "build_number": 1, "approximate_connection_time": 18060},
	}
	if n < 0 {
		delete(hello, "num_connections")
	}
	c.text(compact(hello))
	if c.silent {
		return
	}
	c.greeted = true
	c.push(func() bool {
		c.s.mu.Lock()
		defer c.s.mu.Unlock()
		c.ready = !c.left && !c.retired && !c.silent
		c.s.broadcast()
		return true
	})
	waiting := c.s.socket.waiting
	c.s.socket.waiting = nil
	for _, d := range waiting {
		c.s.send(d)
	}
}

// sendSocket puts a delivery into an envelope, for one of the connections in
// turn. The lock is held.
func (s *Slack) sendSocket(d *delivery) {
	var conns []*conn
	for _, c := range s.socket.conns {
		if c.greeted && !c.retired {
			conns = append(conns, c)
		}
	}
	switch {
	case len(conns) == 0 && d.kind == kindEvent:
		s.socket.waiting = append(s.socket.waiting, d)
		return
	case len(conns) == 0:
		d.failed = true
		s.broadcast()
		return
	}
	s.socket.next++
	c := conns[s.socket.next%len(conns)]
	d.envelope, d.conn = rand.Text(), c
	envelope := d.envelope
	s.socket.sent[envelope] = d
	o := object{"envelope_id": envelope, "type": d.kind, "payload": d.payload, "accepts_response_payload": d.accepts}
	if d.kind == kindEvent {
		o["retry_attempt"], o["retry_reason"] = d.attempt, d.reason
	}
	c.text(compact(o))
	s.later(s.ackWithin, func() {
		if d.envelope == envelope {
			s.missed(d, "timeout", -1)
		}
	})
	if act, ok := take(&s.socket.onEnvelope); ok {
		act(c)
	}
}

// heard takes what the bot sends over a connection. The lock is held.
func (s *Slack) heard(c *conn, raw []byte) {
	var ack struct {
		Envelope string `json:"envelope_id"`
		Payload  any    `json:"payload"`
	}
	if err := json.Unmarshal(raw, &ack); err != nil || ack.Envelope == "" {
		s.violate(Protocol, "something other than an acknowledgement over Socket Mode")
		return
	}
	d := s.socket.sent[ack.Envelope]
	req := s.record(&Request{Method: "ack", Body: ack.Payload, Envelope: ack.Envelope, Status: http.StatusOK, Only: d.actor()})
	switch {
	case d == nil:
		s.violate(Protocol, "an acknowledgement of what was not delivered")
	case len(raw) >= 20480:
		s.violate(Limits, "an acknowledgement of %d bytes", len(raw))
	case d.acked && d.envelope == ack.Envelope:
		s.violate(Protocol, "a second acknowledgement")
	case s.socket.deaf, d.conn != c, d.envelope != ack.Envelope:
	default:
		s.confirm(d, ack.Payload, req)
	}
	s.broadcast()
}

// lost delivers again what was lost with a connection: events, but nothing else.
// The lock is held.
func (s *Slack) lost(c *conn) {
	for _, d := range s.socket.sent {
		if d.conn == c && !d.acked && !d.failed {
			s.missed(d, "timeout", 0)
		}
	}
}
