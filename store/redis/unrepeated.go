package redis

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// unrepeated is a call that is sent once. A cluster's client sends others again
// when no answer came in time, though the server may have them: an event would
// be found to be there already, and a tally be counted twice.
type unrepeated struct{ *redis.Cmd }

// NoRetry implements redis.Cmder.
func (unrepeated) NoRetry() bool { return true }

// processor is a client, or a pipeline.
type processor interface {
	Process(ctx context.Context, cmd redis.Cmder) error
}

// evaluate runs a script, which is named by its text or by its digest.
func evaluate(ctx context.Context, on processor, command, script string, keys []string, args []any) *redis.Cmd {
	line := []any{command, script, len(keys)}
	for _, key := range keys {
		line = append(line, key)
	}
	cmd := redis.NewCmd(ctx, append(line, args...)...)
	cmd.SetFirstKeyPos(3)
	_ = on.Process(ctx, unrepeated{cmd}) // the command has its error
	return cmd
}

// Eval implements redis.Scripter.
func (c *client) Eval(ctx context.Context, script string, keys []string, args ...any) *redis.Cmd {
	return evaluate(ctx, c, "eval", script, keys, args)
}

// EvalSha implements redis.Scripter.
func (c *client) EvalSha(ctx context.Context, digest string, keys []string, args ...any) *redis.Cmd {
	return evaluate(ctx, c, "evalsha", digest, keys, args)
}
