package slacktest

import (
	"encoding/binary"
	"net"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// conn is one connection of Socket Mode. What is sent goes through a queue, in
// order, so that nobody waits for the bot to read.
type conn struct {
	s       *Slack
	ws      *websocket.Conn
	greeted bool // hello is on its way
	ready   bool // hello was sent
	retired bool // a disconnect was sent: nothing more is delivered
	silent  bool // accepts everything, says nothing
	left    bool
	queue   []func() bool
	wake    chan struct{}
	gone    chan struct{}
	once    sync.Once
}

// push queues something to do with the socket; false from it ends the connection.
// The lock is held.
func (c *conn) push(do func() bool) {
	c.queue = append(c.queue, do)
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *conn) text(raw []byte) {
	if c.silent {
		return
	}
	c.push(func() bool {
		_ = c.ws.SetWriteDeadline(time.Now().Add(5 * time.Second))
		return c.ws.WriteMessage(websocket.TextMessage, raw) == nil
	})
}

// retire lets nothing more be delivered over the connection. The lock is held.
func (c *conn) retire() { c.retired, c.ready = true, false }

// hangUp lets the other side read what was sent before the connection is gone.
func (c *conn) hangUp() bool {
	if tcp, ok := c.ws.NetConn().(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	select {
	case <-c.gone:
	case <-time.After(2 * time.Second):
	case <-c.s.ctx.Done():
	}
	return false
}

// kill ends the connection as one that is lost. It may be called at any time.
func (c *conn) kill() { c.once.Do(func() { close(c.gone); reset(c.ws.NetConn()) }) }

// cutWithin begins a frame and loses the connection within it.
func (c *conn) cutWithin() {
	c.push(func() bool {
		head := binary.BigEndian.AppendUint16([]byte{0x81, 126}, 4096)
		_, _ = c.ws.NetConn().Write(append(head, `{"envelope_id":"1","type":"interactive","payload":{"type":"block_`...))
		return c.hangUp()
	})
}

// write works the queue off, and pings.
func (c *conn) write() {
	defer c.s.working.Done()
	defer c.kill()
	var pings <-chan time.Time
	if c.s.socket.ping > 0 {
		ticker := time.NewTicker(c.s.socket.ping)
		defer ticker.Stop()
		pings = ticker.C
	}
	ping := func() bool {
		return c.ws.WriteControl(websocket.PingMessage, []byte("Ping from applink-1"), time.Now().Add(time.Second)) == nil
	}
	for {
		c.s.mu.Lock()
		queue, silent := c.queue, c.silent
		c.queue = nil
		c.s.mu.Unlock()
		for _, do := range queue {
			if !do() {
				return
			}
		}
		select {
		case <-c.wake:
		case <-pings:
			if !silent && !ping() {
				return
			}
		case <-c.gone:
			return
		}
	}
}

// read takes what the bot sends until the connection ends.
func (c *conn) read() {
	defer c.kill()
	for {
		_, raw, err := c.ws.ReadMessage()
		c.s.mu.Lock()
		if err != nil {
			c.leave()
			c.s.mu.Unlock()
			return
		}
		if !c.silent {
			c.s.heard(c, raw)
		}
		c.s.mu.Unlock()
	}
}

// leave forgets the connection. The lock is held.
func (c *conn) leave() {
	conns := &c.s.socket.conns
	for i, other := range *conns {
		if other == c {
			*conns = append((*conns)[:i:i], (*conns)[i+1:]...)
			break
		}
	}
	c.left, c.ready, c.greeted = true, false, false
	c.s.lost(c)
	c.s.broadcast()
}
