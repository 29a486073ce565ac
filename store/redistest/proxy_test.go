package redistest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"
)

func TestProxy(t *testing.T) {
	s := Start(t)
	p := StartProxy(t, s.Addr())
	connect := func() *conn {
		t.Helper()
		c, err := dial(p.Addr(), "")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	c := connect()
	answer := func() {
		t.Helper()
		if _, err := c.do("PING"); err != nil {
			t.Fatal(err)
		}
	}
	silent := func(args ...string) {
		t.Helper()
		_, err := c.Write([]byte(request(args...)))
		if err == nil {
			_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
			_, err = c.reply()
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("%v, want a timeout", err)
		}
	}

	if _, err := c.Write([]byte(request("INCR", "n") + request("INCR", "n"))); err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		got, err := c.reply()
		same(t, "INCR", []any{got, err}, []any{int64(i + 1), error(nil)})
	}
	same(t, "trips of a pipeline", p.Trips(), int64(1))
	answer()
	same(t, "trips", p.Trips(), int64(2))
	p.Reset()
	c = connect()
	answer()
	same(t, "trips of a new connection", p.Trips(), int64(1))

	p.SetDelay(20 * time.Millisecond)
	began := time.Now()
	answer()
	if took := time.Since(began); took < 40*time.Millisecond {
		t.Errorf("a trip took %v with 20ms each way", took)
	}
	p.SetDelay(0)

	p.Watch(func(request []byte) { p.SwallowReplies(bytes.Contains(request, []byte("INCR"))) })
	silent("INCR", "n")
	is := func(want string) {
		t.Helper()
		until(t, "INCR", func() error {
			if got := s.Do(t, "GET", "n"); got != want {
				return fmt.Errorf("n is %v", got)
			}
			return nil
		})
	}
	is("3")
	p.Watch(nil)
	p.SwallowReplies(false)

	c = connect()
	p.Hang(true)
	silent("INCR", "n")
	same(t, "GET", s.Do(t, "GET", "n"), "3")
	c.Close()
	p.Hang(false)
	is("4")

	c = connect()
	answer()
	p.Cut()
	if _, err := c.do("PING"); err == nil {
		t.Error("a connection that was cut brings a reply")
	}
	p.Refuse(true)
	c = connect()
	if _, err := c.do("PING"); err == nil {
		t.Error("a connection that was refused brings a reply")
	}
	p.Refuse(false)
	c = connect()
	answer()
}
