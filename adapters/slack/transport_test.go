package slack

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var quietLog = slog.New(slog.DiscardHandler)

func TestOpeningIsPaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &opening{pace: pacing{again: time.Second, most: time.Minute}}
		began := time.Now()
		turn := func() time.Duration {
			if err := o.turn(t.Context()); err != nil {
				t.Fatal(err)
			}
			return time.Since(began)
		}
		// Connections that break at once.
		var at []time.Duration
		for range 9 {
			at = append(at, turn().Round(time.Second)/time.Second)
		}
		for i, want := range []time.Duration{0, 1, 3, 7, 15, 31, 63, 123, 183} {
			if at[i] != want {
				t.Errorf("number %d went after %d s, want %d", i, at[i], want)
			}
		}
		// One that lasts.
		time.Sleep(time.Minute)
		if got, want := turn(), 243*time.Second; got != want {
			t.Errorf("after one that lasted: %v, want %v", got, want)
		}
		if got, want := turn(), 244*time.Second; got != want {
			t.Errorf("and then: %v, want %v", got, want)
		}
		// One that lasts for a while has waited already.
		time.Sleep(10 * time.Second)
		if got, want := turn(), 254*time.Second; got != want {
			t.Errorf("after a while: %v, want %v", got, want)
		}
	})
}

func TestOpeningEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &opening{pace: slacks}
		_ = o.turn(t.Context())
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Millisecond, cancel)
		began := time.Now()
		if err := o.turn(ctx); !errors.Is(err, context.Canceled) || time.Since(began) > 10*time.Millisecond {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}

func TestOpeningIsPacedForTheSDK(t *testing.T) {
	_, a := newDesk(t, func(_ int, rw http.ResponseWriter, _ *http.Request) {
		io.WriteString(rw, `{"ok":true,"url":"ws://127.0.0.1/"}`)
	})
	a.transport.opening.pace = pacing{again: time.Hour, most: 2 * time.Hour}
	if _, _, err := a.client.StartSocketModeContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, _, err := a.client.StartSocketModeContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the second went at once: %v", err)
	}
	if _, err := a.client.AuthTestContext(t.Context()); err != nil {
		t.Errorf("another call waited: %v", err)
	}
}

func TestAnswersAreBounded(t *testing.T) {
	d, a := newDesk(t, func(_ int, rw http.ResponseWriter, _ *http.Request) {
		io.WriteString(rw, `{"ok":true,"ts":"`)
		_, _ = io.Copy(rw, io.LimitReader(endless{}, mostAnswer))
		io.WriteString(rw, `"}`)
	})
	if _, err := a.post(t.Context(), "C1", "", deskMessage); !errors.Is(err, errTooLong) || !errors.Is(err, errUnsure) {
		t.Errorf("post: %v", err)
	}
	if n := len(d.calls()); n != 1 {
		t.Errorf("%d calls came", n)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, strings.Repeat("7", len(p))), nil }
