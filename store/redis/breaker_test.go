package redis

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

var errHang = &net.OpError{Op: "read", Err: errTimeout{}}

type errTimeout struct{}

func (errTimeout) Error() string   { return "timeout" }
func (errTimeout) Timeout() bool   { return true }
func (errTimeout) Temporary() bool { return true }

// answering returns a call that ends so.
func answering(err error) func(context.Context) error {
	return func(context.Context) error { return err }
}

func (b *breaker) stands(t *testing.T, want string) {
	t.Helper()
	if is := b.State().String(); is != want {
		t.Errorf("the breaker is %s, want %s", is, want)
	}
}

// tripped opens a breaker, and waits until a call may try again.
func (b *breaker) tripped(t *testing.T) {
	t.Helper()
	for range tripAfter {
		b.stands(t, "closed")
		_ = b.pass(t.Context(), answering(errHang))
	}
	b.stands(t, "open")
	if err := b.pass(t.Context(), answering(nil)); !errors.Is(err, errOpen) {
		t.Errorf("a call to a server that is left alone: %v", err)
	}
	for deadline := time.Now().Add(10 * restFor); b.State().String() == "open"; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it is not tried again")
		}
	}
}

// TestBreakerGreeting: a call that tries whether a server is back may connect
// for that.
func TestBreakerGreeting(t *testing.T) {
	t.Parallel()
	b := newBreaker()
	b.tripped(t)
	err := b.pass(t.Context(), func(ctx context.Context) error {
		if err := b.pass(t.Context(), answering(nil)); !errors.Is(err, errOpen) {
			t.Errorf("another call meanwhile: %v", err)
		}
		return b.pass(ctx, answering(nil))
	})
	if err != nil {
		t.Error(err)
	}
	b.stands(t, "closed")
}

// TestBreakerGivenUp: a call that its caller gives up is no answer, nor is it
// none.
func TestBreakerGivenUp(t *testing.T) {
	t.Parallel()
	b := newBreaker()
	for range 2 * tripAfter {
		_ = b.pass(t.Context(), answering(context.Canceled))
	}
	b.tripped(t)
	_ = b.pass(t.Context(), answering(context.Canceled))
	b.stands(t, "half-open")
	_ = b.pass(t.Context(), answering(nil))
	b.stands(t, "closed")
}

// TestBreakerCut: connections that end at once are one failure, and those that
// go on ending are more.
func TestBreakerCut(t *testing.T) {
	t.Parallel()
	b := newBreaker()
	var begun, calls sync.WaitGroup
	cut := make(chan struct{})
	for range 10 * tripAfter {
		begun.Add(1)
		calls.Go(func() {
			_ = b.pass(t.Context(), func(context.Context) error {
				begun.Done()
				<-cut
				return io.EOF
			})
		})
	}
	begun.Wait()
	close(cut)
	calls.Wait()
	b.stands(t, "closed")
	for range tripAfter - 1 {
		b.stands(t, "closed")
		_ = b.pass(t.Context(), answering(&net.OpError{Op: "read", Err: io.ErrClosedPipe}))
	}
	b.stands(t, "open")
}
