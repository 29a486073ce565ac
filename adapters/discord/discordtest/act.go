package discordtest

// Act is something that the gateway does to a connection, in place of what it
// should do or at any time.
type Act func(*conn)

// Silence says nothing from now on, and answers nothing.
func Silence() Act { return func(c *conn) { c.silent = true } }

// Reconnect asks the bot to reconnect and resume (op 7).
func Reconnect() Act { return func(c *conn) { c.send(opReconnect, nil) } }

// Invalid says that the session is invalid (op 9), to be resumed or not.
func Invalid(resumable bool) Act {
	return func(c *conn) {
		c.send(opInvalid, resumable)
		if s := c.session; s != nil && !resumable {
			delete(c.d.gateway.sessions, s.id)
			c.session = nil
		}
	}
}

// Close ends the connection with a code, 4000 to 4014 or 1000 and 1001. What
// Discord makes of the session it makes too.
func Close(code int) Act {
	return func(c *conn) {
		switch s := c.session; {
		case s == nil:
		case code == 1000, code == 1001, code == 4004, code == 4007, code == 4009, code >= 4010:
			delete(c.d.gateway.sessions, s.id)
		}
		c.close(code)
	}
}

// Cut loses the connection without a farewell.
func Cut() Act { return func(c *conn) { c.push(c.hangUp) } }

// CutWithin loses the connection in the middle of a frame.
func CutWithin() Act { return func(c *conn) { c.cutWithin() } }

// Raw sends a frame as it is.
func Raw(frame string) Act { return func(c *conn) { c.text([]byte(frame)) } }

// Event dispatches an event of any name with any data, be it what no such event
// has.
func Event(name string, data any) Act {
	return func(c *conn) {
		if c.session != nil {
			c.session.dispatch(name, data)
		}
	}
}

// AtConnect does something to the next connections, one each, in place of HELLO.
func (d *Discord) AtConnect(acts ...Act) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gateway.onConnect = append(d.gateway.onConnect, acts...)
}

// AtIdentify answers the next IDENTIFYs, one each, in place of READY.
func (d *Discord) AtIdentify(acts ...Act) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gateway.onIdentify = append(d.gateway.onIdentify, acts...)
}

// AtResume answers the next RESUMEs, one each, in place of RESUMED.
func (d *Discord) AtResume(acts ...Act) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gateway.onResume = append(d.gateway.onResume, acts...)
}

// AtInteraction does something right after the next interactions, one each, to
// the connections that they go over.
func (d *Discord) AtInteraction(acts ...Act) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gateway.onInteraction = append(d.gateway.onInteraction, acts...)
}

// Gateway does something to all connections that there are, now.
func (d *Discord) Gateway(act Act) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.gateway.conns {
		act(c)
	}
}

// Shard does something to the connections of one shard, now.
func (d *Discord) Shard(shard int, act Act) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.gateway.conns {
		if c.session != nil && c.session.shard == shard {
			act(c)
		}
	}
}

// Deaf keeps the gateway from acknowledging heartbeats, or lets it again.
func (d *Discord) Deaf(deaf bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gateway.deaf = deaf
}

// Strange puts a component of an unknown type into the messages that
// interactions carry.
func (d *Discord) Strange(strange bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gateway.strange = strange
}

// Repeat delivers each interaction so many times more.
func (d *Discord) Repeat(times int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gateway.repeats = times
}
