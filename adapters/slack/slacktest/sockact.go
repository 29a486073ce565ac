package slacktest

// Act is something that Socket Mode does to a connection, in place of hello or at
// any time.
type Act func(*conn)

// Hello greets a connection, as one of so many; of a negative number it says
// nothing.
func Hello(connections int) Act { return func(c *conn) { c.greet(connections) } }

// Disconnect asks the bot to connect anew, for a reason: warning,
// refresh_requested, link_disabled. Nothing more is delivered over the connection.
func Disconnect(reason string) Act {
	return func(c *conn) {
		c.retire()
		c.text(compact(object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "applink-1"}}))
	}
}

// Silence says nothing from now on, not even pings, and hears nothing.
func Silence() Act { return func(c *conn) { c.silent, c.ready = true, false } }

// Cut loses the connection without a farewell.
func Cut() Act { return func(c *conn) { c.retire(); c.push(c.hangUp) } }

// CutWithin loses the connection in the middle of a frame.
func CutWithin() Act { return func(c *conn) { c.retire(); c.cutWithin() } }

// Raw sends a frame as it is.
func Raw(frame string) Act { return func(c *conn) { c.text([]byte(frame)) } }

// Garbled sends an envelope of a kind and an id whose payload is not what such
// envelopes hold. Its acknowledgement is none of something unknown.
func Garbled(kind, envelope string) Act {
	return func(c *conn) {
		c.s.socket.sent[envelope] = &delivery{kind: kind, envelope: envelope, conn: c, accepts: true}
		c.text(compact(object{"envelope_id": envelope, "type": kind, "payload": []any{"?"}, "accepts_response_payload": false}))
	}
}

// Then does several acts in turn.
func Then(acts ...Act) Act {
	return func(c *conn) {
		for _, act := range acts {
			act(c)
		}
	}
}

// AtConnect does something to the next connections, one each, in place of hello.
func (s *Slack) AtConnect(acts ...Act) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.socket.onConnect = append(s.socket.onConnect, acts...)
}

// AtEnvelope does something right after the next envelopes, one each, to the
// connections that they go over.
func (s *Slack) AtEnvelope(acts ...Act) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.socket.onEnvelope = append(s.socket.onEnvelope, acts...)
}

// Socket does something to all connections that there are, now.
func (s *Slack) Socket(act Act) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.socket.conns {
		act(c)
	}
}

// Deaf keeps Socket Mode from hearing acknowledgements, or lets it again.
func (s *Slack) Deaf(deaf bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.socket.deaf = deaf
}

// Acked reports whether the bot has acknowledged an envelope.
func (s *Slack) Acked(envelope string) bool {
	return len(s.Requests(To("ack"), func(r Request) bool { return r.Envelope == envelope })) > 0
}
