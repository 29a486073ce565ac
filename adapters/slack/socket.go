package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
)

const (
	connectWithin  = 20 * time.Second // for the handshake, once Slack has said where
	longestAck     = 20 << 10         // in bytes; Slack drops what has as many, and says nothing
	longestFrame   = 1 << 20          // of what Slack sends
	farewellWithin = 500 * time.Millisecond
)

// socket takes deliveries over Socket Mode. Of the SDK it uses the call that
// tells where to connect, and no more: its client for what follows neither tells
// whether an acknowledgement was sent nor why Slack wants another connection,
// drops what is on its way when there is one, and makes it at once, always.
type socket struct {
	client *slack.Client
	pace   pacing
	log    *slog.Logger
	take   func(delivery) bool
	lines  sync.WaitGroup // what belongs to connections
	up     atomic.Int32   // connections that Slack has said hello on
}

// newSocket makes one that hands what comes to take, which does not block: it
// returns false where there is too much to do, and then nothing was acknowledged.
// The client knows the app's token and has a time limit.
func newSocket(client *slack.Client, pace pacing, log *slog.Logger, take func(delivery) bool) *socket {
	return &socket{client: client, pace: pace, log: log, take: take}
}

// run takes deliveries until ctx ends. Connections that break are made again,
// ever more slowly where they don't last. It fails only where trying again would
// be in vain: the error names the setting. Nothing of it is left when it returns.
func (s *socket) run(ctx context.Context) error {
	ctx, end := context.WithCancel(ctx)
	defer s.lines.Wait()
	defer end()
	pause := s.pace.again
	for {
		began := time.Now()
		err := s.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err = refusedConnection(err); errors.As(err, new(*settingError)) {
			return err
		}
		level, wait := slog.LevelWarn, pause/2+rand.N(pause)
		if time.Since(began) > s.pace.most { // as they do, every few hours
			level, wait, pause = slog.LevelInfo, 0, 0
		}
		if limit := (*slack.RateLimitedError)(nil); errors.As(err, &limit) {
			wait = max(wait, limit.RetryAfter)
		}
		s.log.Log(ctx, level, "a connection to Slack ended", "again_in", wait.Round(time.Millisecond), "cause", err)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil
		}
		pause = min(max(2*pause, s.pace.again), s.pace.most)
	}
}

// ready returns nil while there is a connection.
func (s *socket) ready() error {
	if s.up.Load() == 0 {
		return errors.New("not connected to Slack")
	}
	return nil
}

// connect makes one connection and returns why there has to be another. The old
// one may still be there, for what comes until Slack closes it.
func (s *socket) connect(ctx context.Context) error {
	conn, err := s.dial(ctx)
	if err != nil {
		return err
	}
	wanted, leave := context.WithCancelCause(ctx)
	l := &link{socket: s, conn: conn, leave: leave, ended: make(chan struct{})}
	s.lines.Go(func() { l.read(ctx) })
	<-wanted.Done()
	s.lines.Go(func() { l.close(ctx) })
	return context.Cause(wanted)
}

// dial makes a connection, or leaves nothing.
func (s *socket) dial(ctx context.Context) (*websocket.Conn, error) {
	_, at, err := s.client.StartSocketModeContext(ctx) // in its turn, and then bounded as any call
	if err != nil {
		return nil, fmt.Errorf("ask where to connect: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, connectWithin)
	defer cancel()
	// The handshake ends with the context, too, which the dialer does not see to.
	goOn := func() bool { return true }
	dialer := websocket.Dialer{
		Proxy:            http.ProxyFromEnvironment,
		HandshakeTimeout: connectWithin / 2,
		WriteBufferSize:  longestAck + 1<<10, // Slack does not put fragments together
		NetDialContext: func(dialing context.Context, network, addr string) (net.Conn, error) {
			c, err := (&net.Dialer{}).DialContext(dialing, network, addr)
			if err == nil {
				goOn = context.AfterFunc(ctx, func() { c.Close() })
			}
			return c, err
		},
	}
	conn, resp, err := dialer.DialContext(ctx, at, nil)
	goOn()
	switch bad := (*url.Error)(nil); {
	case err == nil:
		conn.SetReadLimit(longestFrame)
		return conn, nil
	case resp != nil:
		return nil, fmt.Errorf("connect: %w (status %d)", err, resp.StatusCode)
	case errors.As(err, &bad): // it holds the address, which lets in whoever knows it
		return nil, errors.New("connect: Slack has told no address")
	}
	return nil, fmt.Errorf("connect: %w", err)
}
