package discord

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// intents are what dogear hears of. None is privileged.
const intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages

const (
	openWithin     = 20 * time.Second // from the dialling to READY
	stableAfter    = 5 * time.Minute  // a connection that lasted so long was a good one
	shortestPause  = time.Second
	longestRest    = 2 * time.Minute
	farewellWithin = 1500 * time.Millisecond
)

// shard keeps up one connection to the gateway. It makes another where that
// breaks, each with a session of its own: what is missed in between is dead after
// three seconds anyway, so there is nothing to resume.
type shard struct {
	id, of int
	token  string
	url    string
	log    *slog.Logger
	pace   pacing
	take   func(kind string, data json.RawMessage)
	enter  func(ctx context.Context, shard int) error // waits until it may identify
	up     atomic.Bool
}

// run keeps the connection up until the context ends, which is no error, or
// Discord says that a setting is wrong.
func (s *shard) run(ctx context.Context) error {
	pause := s.pace.pause
	for {
		if err := s.enter(ctx, s.id); err != nil {
			return unlessDone(ctx, err)
		}
		began := time.Now()
		err := s.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if wrong := fatal(err); wrong != nil {
			return wrong
		}
		if time.Since(began) > stableAfter {
			pause = s.pace.pause
		}
		wait := pause/2 + rand.N(pause)
		s.log.WarnContext(ctx, "a connection to Discord ended", "shard", s.id, "again_in", wait.Round(time.Millisecond), "cause", err)
		if !sleep(ctx, wait) {
			return nil
		}
		pause = min(2*pause, s.pace.rest)
	}
}

// connect makes one connection and returns why it ended. Nothing of it is left
// then.
func (s *shard) connect(ctx context.Context) error {
	session, err := newSession(s.token, s.log)
	if err != nil {
		return err
	}
	// The connection has a context of its own: when the shard's ends, there is a
	// farewell to send.
	alive, cut := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cut(nil)
	late := time.AfterFunc(openWithin, func() { cut(errSlow) })
	defer late.Stop()
	goOn := context.AfterFunc(ctx, func() { cut(ctx.Err()) })
	defer goOn()

	var line *tap
	session.Client = &http.Client{Transport: gatewayAt(s.url)}
	session.Dialer = dialer(alive, nil, func(t *tap) { line = t })
	session.ShardID, session.ShardCount = s.id, s.of
	session.Compress = false // or there would be nothing to read along
	session.Identify.Intents = intents
	session.SyncEvents = true // in order, and none piles up
	gone := make(chan struct{})
	bye := sync.OnceFunc(func() { close(gone) })
	session.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) { bye() })
	session.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		if e.Type == "READY" {
			late.Stop()
			s.up.Store(true)
			s.log.InfoContext(ctx, "connected to Discord", "shard", s.id, "of", s.of)
		}
		s.hand(e)
	})
	defer s.up.Store(false)

	err = session.Open()
	if line == nil {
		return cmp.Or(context.Cause(alive), err)
	}
	if err != nil {
		line.end(err)
		if line.why == net.ErrClosed { // by the SDK, which says why
			return err
		}
		return line.why
	}
	goOn()
	select {
	case <-line.done:
	case <-ctx.Done():
		defer time.AfterFunc(farewellWithin, func() { line.end(ctx.Err()) }).Stop()
		session.Close()
	}
	s.up.Store(false)
	<-gone // which the SDK takes a second for
	return line.why
}

// hand gives what dogear reads of an event on. The SDK knows no recover.
func (s *shard) hand(e *discordgo.Event) {
	switch kind := strings.TrimPrefix(e.Type, aside); kind {
	case "INTERACTION_CREATE", "MESSAGE_CREATE":
		guard(s.log, kind, func() { s.take(kind, e.RawData) })
	}
}

// dialing is how a websocket.Dialer wants to be told how to dial.
type dialing func(ctx context.Context, network, addr string) (net.Conn, error)

// dialer makes connections that are read along, and cut when the context ends.
// Without roots the system's count.
func dialer(ctx context.Context, roots *x509.CertPool, made func(*tap)) *websocket.Dialer {
	wrap := func(dial dialing) dialing {
		return func(_ context.Context, network, addr string) (net.Conn, error) {
			c, err := dial(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			t := newTap(c)
			context.AfterFunc(ctx, func() { t.end(context.Cause(ctx)) })
			made(t)
			return t, nil
		}
	}
	plain := &net.Dialer{Timeout: openWithin / 2}
	secure := &tls.Dialer{NetDialer: plain, Config: &tls.Config{RootCAs: roots, NextProtos: []string{"http/1.1"}}}
	return &websocket.Dialer{
		NetDialContext:    wrap(plain.DialContext),
		NetDialTLSContext: wrap(secure.DialContext),
	}
}

// gatewayAt answers a session that asks where the gateway is: only over HTTP can
// it be told.
type gatewayAt string

// RoundTrip implements http.RoundTripper.
func (g gatewayAt) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := json.Marshal(map[string]string{"url": string(g)})
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Header: http.Header{}, Request: req,
		Body: io.NopCloser(bytes.NewReader(body)),
	}, err
}

// fatal returns what is wrong where no other connection would do better; nil
// elsewhere.
func fatal(err error) error {
	var code closedError
	if !errors.As(err, &code) {
		return nil
	}
	switch code {
	case 4004:
		return fmt.Errorf("discord.token: Discord does not accept it: %w", err)
	case 4010, 4011:
		return fmt.Errorf("discord.shards: Discord wants another number: %w", err)
	case 4012:
		return fmt.Errorf("discord.gateway_url: the gateway does not speak version %s: %w", discordgo.APIVersion, err)
	case 4013, 4014:
		return fmt.Errorf("the intents are refused, though none is privileged: %w", err)
	}
	return nil
}

// unlessDone returns the error, but nil where the context has ended.
func unlessDone(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}
