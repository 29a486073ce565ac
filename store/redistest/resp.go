package redistest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// Error is what a server answered instead of a result, such as "ASK 12 ...".
type Error string

func (e Error) Error() string { return string(e) }

const commandTimeout = 10 * time.Second

// conn is a connection that speaks RESP 2.
type conn struct {
	net.Conn
	replies *bufio.Reader
}

// dial connects, and logs in where there is a password.
func dial(addr, password string) (*conn, error) {
	c, err := net.DialTimeout("tcp", addr, commandTimeout)
	if err != nil {
		return nil, err
	}
	out := &conn{c, bufio.NewReader(c)}
	if password != "" {
		if _, err := out.do("AUTH", password); err != nil {
			c.Close()
			return nil, err
		}
	}
	return out, nil
}

// do sends one command and reads its reply.
func (c *conn) do(args ...string) (any, error) {
	if err := c.SetDeadline(time.Now().Add(commandTimeout)); err != nil {
		return nil, err
	}
	if _, err := io.WriteString(c, request(args...)); err != nil {
		return nil, err
	}
	return c.reply()
}

func request(args ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(args))
	for _, a := range args {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(a), a)
	}
	return b.String()
}

// reply reads a string, an int64, a []any or nil. An Error inside of an array
// is one of its elements.
func (c *conn) reply() (any, error) {
	line, err := c.replies.ReadString('\n')
	if err != nil {
		return nil, err
	}
	kind, rest := line[0], strings.TrimSuffix(line[1:], "\r\n")
	switch kind {
	case '+':
		return rest, nil
	case '-':
		return nil, Error(rest)
	}
	n, err := strconv.ParseInt(rest, 10, 64)
	switch {
	case err != nil:
		return nil, fmt.Errorf("not RESP: %q", line)
	case kind == ':':
		return n, nil
	case kind == '$' && n >= 0:
		data := make([]byte, n+2)
		_, err := io.ReadFull(c.replies, data)
		return string(data[:n]), err
	case kind == '*' && n >= 0:
		out := make([]any, n)
		for i := range out {
			if out[i], err = c.reply(); err != nil {
				if _, ok := err.(Error); !ok {
					return nil, err
				}
				out[i] = err
			}
		}
		return out, nil
	case kind == '$' || kind == '*':
		return nil, nil
	}
	return nil, fmt.Errorf("not RESP: %q", line)
}
