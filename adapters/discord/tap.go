package discord

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// tap is the connection under a session of the SDK. It reads along, one
// WebSocket frame after the other, because a session that is told to connect
// again while it opens waits for a lock of its own for ever: what would do that
// ends the connection here and never reaches it. It also learns what the SDK
// keeps for itself, the code that Discord closes with, and misses heartbeats
// sooner.
type tap struct {
	net.Conn
	in     *bufio.Reader
	left   []byte // of what the SDK has not read yet
	state  tapState
	passed int           // texts that the SDK was let hear
	silent *time.Timer   // nil: Discord has not said hello
	within time.Duration // of which a heartbeat is to be answered

	once sync.Once
	why  error         // to be read when done is closed
	done chan struct{} // closed when the connection has ended
}

// tapState is how far the connection is. The zero tapState awaits the answer to
// the handshake.
type tapState int

const (
	shaking tapState = iota
	framed
	refusedUpgrade // there are no frames
)

const (
	writeWithin   = 5 * time.Second
	longestFrame  = 64 << 20
	longestHeader = 16 << 10 // of the answer to the handshake
	// aside is what the names of events begin with on their way through the SDK,
	// which then leaves them as they are.
	aside = "aside/"
	// opening is how many texts a session reads while it opens: hello, and what
	// answers IDENTIFY.
	opening = 2
)

// What ends a connection, beside what breaks it.
var (
	errReconnect = errors.New("another connection is wanted")
	errInvalid   = errors.New("the session is not valid")
	errSilent    = errors.New("heartbeats are not answered")
	errSlow      = errors.New("it took too long to get ready")
	errFrame     = errors.New("a frame that Discord does not send")
)

// closedError is a connection that Discord has closed, with its code.
type closedError int

// Error implements error.
func (c closedError) Error() string {
	return fmt.Sprintf("closed by Discord, code %d", int(c))
}

func newTap(c net.Conn) *tap {
	return &tap{Conn: c, in: bufio.NewReader(c), done: make(chan struct{})}
}

// end closes the connection. The first reason counts.
func (t *tap) end(why error) {
	t.once.Do(func() {
		t.why = why
		t.Conn.Close()
		close(t.done)
	})
}

// Close implements net.Conn.
func (t *tap) Close() error {
	t.end(net.ErrClosed)
	return nil
}

// Write implements net.Conn. One that hangs would hold the session's lock.
func (t *tap) Write(p []byte) (int, error) {
	if err := t.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return 0, err
	}
	return t.Conn.Write(p)
}

// Read implements net.Conn.
func (t *tap) Read(p []byte) (int, error) {
	if t.state == refusedUpgrade {
		return t.in.Read(p)
	}
	if len(t.left) == 0 {
		if err := t.next(); err != nil {
			t.end(err)
			return 0, err
		}
	}
	n := copy(p, t.left)
	t.left = t.left[n:]
	return n, nil
}

// next reads what comes next as a whole.
func (t *tap) next() error {
	if t.state == shaking {
		return t.handshake()
	}
	head := make([]byte, 2, 10)
	if _, err := io.ReadFull(t.in, head); err != nil {
		return err
	}
	length := uint64(head[1])
	if more := map[uint64]int{126: 2, 127: 8}[length]; more > 0 {
		head = head[:2+more]
		if _, err := io.ReadFull(t.in, head[2:]); err != nil {
			return err
		}
		length = binary.BigEndian.Uint64(append(make([]byte, 8-more), head[2:]...))
	} else if length > 127 { // masked, as only clients do
		return errFrame
	}
	if length > longestFrame {
		return errFrame
	}
	frame := append(head, make([]byte, length)...)
	body := frame[len(head):]
	if _, err := io.ReadFull(t.in, body); err != nil {
		return err
	}
	t.left = frame
	switch head[0] {
	case 0x81: // a whole text
		body, err := t.signal(body)
		t.left = whole(body)
		return err
	case 0x88: // the end
		if len(body) >= 2 {
			return closedError(binary.BigEndian.Uint16(body))
		}
		return io.EOF
	}
	return nil
}

// handshake reads the answer to the upgrade up to its blank line.
func (t *tap) handshake() error {
	for !bytes.HasSuffix(t.left, []byte("\r\n\r\n")) {
		line, err := t.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if t.left = append(t.left, line...); len(t.left) > longestHeader {
			return errFrame
		}
	}
	t.state = framed
	if !bytes.HasPrefix(t.left, []byte("HTTP/1.1 101 ")) {
		t.state = refusedUpgrade
		t.in = bufio.NewReader(io.MultiReader(bytes.NewReader(t.left), t.in))
		t.left = nil
	}
	return nil
}

// whole returns the frame of a whole text.
func whole(body []byte) []byte {
	head := []byte{0x81, 0}
	switch n := len(body); {
	case n < 126:
		head[1] = byte(n)
	case n < 1<<16:
		head[1] = 126
		head = binary.BigEndian.AppendUint16(head, uint16(n))
	default:
		head[1] = 127
		head = binary.BigEndian.AppendUint64(head, uint64(n))
	}
	return append(head, body...)
}

// signal looks at what Discord says and returns what the SDK is to hear of it. An
// error ends the connection before it hears anything.
func (t *tap) signal(body []byte) ([]byte, error) {
	var s struct {
		Op       int             `json:"op"`
		Sequence int64           `json:"s"`
		Type     string          `json:"t"`
		Data     json.RawMessage `json:"d"`
	}
	if err := json.Unmarshal(body, &s); err != nil {
		return nil, errFrame
	}
	switch s.Op {
	case 0:
		// The SDK decodes every event that it knows, and an empty one ends the
		// process: there are pointers to what was not sent, and no recover.
		if s.Type == "READY" {
			s.Data = json.RawMessage("{}")
		} else {
			s.Type = aside + s.Type
		}
		event, err := json.Marshal(s)
		if err != nil {
			return nil, errFrame
		}
		body = event
	case 7:
		return nil, errReconnect
	case 9:
		return nil, errInvalid
	case 10:
		var hello struct {
			Interval int64 `json:"heartbeat_interval"`
		}
		// The SDK would start a ticker with whatever it is.
		if err := json.Unmarshal(s.Data, &hello); err != nil || hello.Interval <= 0 || t.silent != nil {
			return nil, errFrame
		}
		t.within = 2 * time.Duration(hello.Interval) * time.Millisecond
		t.silent = time.AfterFunc(t.within, func() { t.end(errSilent) })
	case 11:
		// It would wait for the lock. Later it does no harm, though the session may
		// not have let go of the lock yet: it no longer reads under it.
		if t.passed < opening {
			return nil, errFrame
		}
		if t.silent != nil {
			t.silent.Reset(t.within)
		}
	}
	t.passed++
	return body, nil
}
