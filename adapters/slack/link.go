package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"
)

const (
	ackWithin  = 2 * time.Second
	leaveAfter = 5 * time.Second // Slack has closed the old connection by then
	manySocks  = 8               // connections of one app; Slack allows 10
)

var (
	// errAckLength is the answer to an acknowledgement that was not sent, for its
	// answer is too long: it has to go another way, and the delivery is still to
	// be acknowledged.
	errAckLength = errors.New("too long an answer to go with an acknowledgement")
	errRelieve   = errors.New("Slack wants another connection")
)

// link is one connection of a socket.
type link struct {
	*socket
	conn    *websocket.Conn
	leave   context.CancelCauseFunc // says why there has to be another
	ended   chan struct{}           // closed when nothing comes any more
	greeted bool
	writing sync.Mutex
}

// envelope is what Slack sends, as far as dogear reads it.
type envelope struct {
	Type        string
	ID          string `json:"envelope_id"`
	Payload     json.RawMessage
	Reason      string // of a disconnect
	Connections int    `json:"num_connections"` // of a hello
}

// read takes what comes until the connection ends.
func (l *link) read(ctx context.Context) {
	defer close(l.ended)
	alive := func() { l.conn.SetReadDeadline(time.Now().Add(l.pace.ping)) }
	pong := l.conn.PingHandler()
	l.conn.SetPingHandler(func(data string) error {
		alive()
		return pong(data)
	})
	for {
		alive()
		_, frame, err := l.conn.ReadMessage()
		if err != nil {
			l.conn.Close()
			if l.greeted {
				l.up.Add(-1)
			}
			if c := (*websocket.CloseError)(nil); errors.As(err, &c) {
				err = fmt.Errorf("closed by Slack, code %d", c.Code)
			}
			l.leave(err)
			return
		}
		if ctx.Err() == nil {
			l.hear(ctx, frame)
		}
	}
}

// close ends the connection where it has not ended yet, with a farewell, so that
// what was sent arrives: when Slack had time to, or when ctx ends.
func (l *link) close(ctx context.Context) {
	select {
	case <-l.ended:
		return
	case <-ctx.Done():
	case <-time.After(leaveAfter):
	}
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	l.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(farewellWithin))
	select {
	case <-l.ended:
	case <-time.After(farewellWithin):
		l.conn.Close()
		<-l.ended
	}
}

// hear does what a frame asks for.
func (l *link) hear(ctx context.Context, frame []byte) {
	var e envelope
	err := json.Unmarshal(frame, &e)
	switch kind := deliveryKind(e.Type); {
	case err != nil:
	case e.Type == "hello":
		l.greet(ctx, e.Connections)
		return
	case e.Type == "disconnect":
		if e.Reason == "link_disabled" {
			l.log.ErrorContext(ctx, "Socket Mode is switched off in the settings of the Slack app")
		}
		l.leave(errRelieve)
		return
	case (kind == commands || kind == interactions || kind == events) && len(e.Payload) > 0 && e.ID != "":
		guard(l.log, e.Type, func() { l.take(delivery{kind, e.Payload, l.acknowledgement(e.ID)}) })
		return
	}
	l.log.WarnContext(ctx, "Slack has sent what dogear can't read", "cause", fmt.Sprintf("%T", err))
	if e.ID == "" {
		return
	}
	// Or it would come again and again.
	if err := l.acknowledgement(e.ID)(ctx, nil); err != nil {
		l.log.WarnContext(ctx, "that can't be acknowledged", "cause", err)
	}
}

// greet is what follows a hello, of the connections that the app has.
func (l *link) greet(ctx context.Context, connections int) {
	if l.greeted {
		return
	}
	l.greeted = true
	l.up.Add(1)
	l.log.InfoContext(ctx, "connected to Slack", "connections", connections)
	if connections >= manySocks {
		l.log.WarnContext(ctx, "this Slack app has many connections: with 10 of them what readers press is lost; is dogear running more than once?", "connections", connections)
	}
}

// acknowledgement returns what acknowledges a delivery.
func (l *link) acknowledgement(id string) func(ctx context.Context, answer any) error {
	var done atomic.Bool
	return func(ctx context.Context, answer any) error {
		frame, err := json.Marshal(socketmode.Response{EnvelopeID: id, Payload: answer})
		switch {
		case err != nil:
			err = fmt.Errorf("%T", err) // it may quote the answer
		case len(frame) >= longestAck:
			err = errAckLength
		case ctx.Err() != nil:
			err = ctx.Err()
		case done.Swap(true):
			err = errGone
		default:
			err = l.write(frame)
		}
		if err != nil {
			return fmt.Errorf("acknowledge a delivery: %w", err)
		}
		return nil
	}
}

// write sends a frame, or ends the connection: it may have been cut short.
func (l *link) write(frame []byte) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.conn.SetWriteDeadline(time.Now().Add(ackWithin))
	err := l.conn.WriteMessage(websocket.TextMessage, frame)
	if err != nil && !errors.Is(err, websocket.ErrCloseSent) {
		l.conn.Close()
	}
	return err
}
