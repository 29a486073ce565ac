package discordtest

import (
	"encoding/binary"
	"encoding/json"
	"net"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// conn is one connection to the gateway. What is sent goes through a queue, in
// order, so that nobody waits for the bot to read.
type conn struct {
	d       *Discord
	ws      *websocket.Conn
	session *session // nil: neither identified nor resumed
	silent  bool     // accepts everything, says nothing
	queue   []func() bool
	wake    chan struct{}
	gone    chan struct{}
	once    sync.Once
}

// push queues something to do with the socket; false from it ends the
// connection. The lock is held.
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

func (c *conn) send(op int, data any) {
	raw, _ := json.Marshal(object{"op": op, "d": data, "s": nil, "t": nil})
	c.text(raw)
}

// close ends the connection with a code.
func (c *conn) close(code int) {
	c.push(func() bool {
		_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(5*time.Second))
		return c.hangUp()
	})
}

// hangUp lets the other side read what was sent before the connection is gone.
func (c *conn) hangUp() bool {
	if tcp, ok := c.ws.NetConn().(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	select {
	case <-c.gone:
	case <-time.After(2 * time.Second):
	case <-c.d.ctx.Done():
	}
	return false
}

// kill ends the connection as one that is lost. It may be called at any time.
func (c *conn) kill() { c.once.Do(func() { close(c.gone); reset(c.ws.NetConn()) }) }

// cutWithin begins a frame and loses the connection within it.
func (c *conn) cutWithin() {
	c.push(func() bool {
		head := binary.BigEndian.AppendUint16([]byte{0x81, 126}, 4096)
		conn := c.ws.NetConn()
		_, _ = conn.Write(append(head, `{"op":0,"t":"INTERACTION_CREATE","s":1,"d":{"id":"1`...))
		return c.hangUp()
	})
}

// write works the queue off.
func (c *conn) write() {
	defer c.d.working.Done()
	defer c.kill()
	for {
		c.d.mu.Lock()
		queue := c.queue
		c.queue = nil
		c.d.mu.Unlock()
		for _, do := range queue {
			if !do() {
				return
			}
		}
		select {
		case <-c.wake:
		case <-c.gone:
			return
		}
	}
}

// read takes what the bot sends until the connection ends. One that the bot
// closes on purpose cannot be resumed.
func (c *conn) read() {
	defer c.kill()
	c.ws.SetCloseHandler(func(int, string) error { return nil })
	for {
		_, raw, err := c.ws.ReadMessage()
		c.d.mu.Lock()
		if err != nil {
			c.leave(websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway))
			c.d.mu.Unlock()
			return
		}
		if !c.silent {
			c.d.handle(c, raw)
		}
		c.d.mu.Unlock()
	}
}

// leave forgets the connection. The lock is held.
func (c *conn) leave(forGood bool) {
	g := &c.d.gateway
	for i, other := range g.conns {
		if other == c {
			g.conns = append(g.conns[:i:i], g.conns[i+1:]...)
			break
		}
	}
	if s := c.session; s != nil && s.conn == c {
		s.conn, s.ready = nil, false
		if forGood {
			delete(g.sessions, s.id)
		}
	}
	c.d.broadcast()
}
