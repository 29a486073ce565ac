package redis

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
)

// clusterReload is how often a cluster is asked who has which slots where
// nothing fails: one that only listens finds its way so.
const clusterReload = 10 * time.Second

// lost asks a cluster who has which slots as soon as one of its servers does
// not answer: another one may have them by now, and the client by itself would
// find that when its minute is over. It is a redis.Hook of each server.
type lost struct{ reload func() }

func (l lost) look(err error) {
	if err != nil && !answered(err) && !errors.Is(err, context.Canceled) {
		l.reload()
	}
}

// DialHook implements redis.Hook.
func (l lost) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

// ProcessHook implements redis.Hook.
func (l lost) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		l.look(err)
		return err
	}
}

// ProcessPipelineHook implements redis.Hook.
func (l lost) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err := next(ctx, cmds)
		l.look(err)
		return err
	}
}
