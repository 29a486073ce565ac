package redis

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/sony/gobreaker/v2"
)

const (
	// tripAfter is how many calls in a row go without an answer until no more
	// are made.
	tripAfter = 5
	// restFor is how long none is made then, before one tries again.
	restFor = time.Second
)

// breaker stands before a server, so that one that does not answer costs
// microseconds and not a deadline each time. It is a redis.Hook.
type breaker struct {
	*gobreaker.TwoStepCircuitBreaker[struct{}]

	mu   sync.Mutex
	lost time.Time // when a connection was last found to have ended
}

func newBreaker() *breaker {
	return &breaker{TwoStepCircuitBreaker: gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:      restFor,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= tripAfter },
		IsSuccessful: answered,
		IsExcluded:   func(err error) bool { return errors.Is(err, context.Canceled) || errors.Is(err, errKnown) },
	})}
}

// answered reports whether an error is a server's own, or none: whatever it
// said, it is there.
func answered(err error) bool {
	if err == nil || errors.Is(err, redis.Nil) || errors.Is(err, redis.ErrClosed) {
		return true
	}
	_, said := errors.AsType[redis.Error](err)
	return said
}

// passing marks the context of a call that its breaker let pass.
type passing struct{ *breaker }

// pass makes a call unless the server is left alone just now. A call that its
// own caller gave up says nothing of the server. What a new connection begins
// with comes through here too, within the call that needs the connection, and
// is a part of that one: else the one call that tries a server again would wait
// for itself.
func (b *breaker) pass(ctx context.Context, call func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if ctx.Value(passing{b}) != nil {
		return call(ctx)
	}
	done, err := b.Allow()
	if err != nil {
		return errOpen
	}
	defer func() {
		if recover := recover(); recover != nil {
			done(context.Canceled)
			panic(recover)
		}
	}()
	began := time.Now()
	err = call(context.WithValue(ctx, passing{b}, true))
	if b.known(err, began) {
		done(errKnown)
	} else {
		done(err)
	}
	return err
}

// errKnown stands for what says nothing new.
var errKnown = errors.New("known")

// known reports whether a call has failed with a connection that ended when
// others did. Where a server, or what is between, ends all connections at once,
// those who were under way on them have not found it dead, each of them anew.
func (b *breaker) known(err error, began time.Time) bool {
	op, isOp := errors.AsType[*net.OpError](err)
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !(isOp && op.Op != "dial" && !op.Timeout()) {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if began.Before(b.lost) {
		return true
	}
	b.lost = time.Now()
	return false
}

// DialHook implements redis.Hook.
func (b *breaker) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

// ProcessHook implements redis.Hook.
func (b *breaker) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := b.pass(ctx, func(ctx context.Context) error { return next(ctx, cmd) })
		if errors.Is(err, errOpen) {
			cmd.SetErr(err)
		}
		return err
	}
}

// ProcessPipelineHook implements redis.Hook. It sees to it that no command of a
// pipeline that was not sent counts as answered: go-redis leaves them so where a
// new connection is not let in.
func (b *breaker) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err := b.pass(ctx, func(ctx context.Context) error { return next(ctx, cmds) })
		sent := slices.ContainsFunc(cmds, func(cmd redis.Cmder) bool { return cmd.Err() != nil })
		if err != nil && (!sent || ctx.Err() != nil) {
			for _, cmd := range cmds {
				if cmd.Err() == nil {
					cmd.SetErr(err)
				}
			}
		}
		return err
	}
}
