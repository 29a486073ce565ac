package redis

import (
	"context"
	_ "embed"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
)

var (
	//go:embed lua/cas.lua
	casLua string
	//go:embed lua/claim.lua
	claimLua string
	//go:embed lua/commit.lua
	commitLua string
	//go:embed lua/done.lua
	doneLua string
	//go:embed lua/enter.lua
	enterLua string
	//go:embed lua/leave.lua
	leaveLua string
	//go:embed lua/post.lua
	postLua string
	//go:embed lua/purge.lua
	purgeLua string
	//go:embed lua/remember.lua
	rememberLua string
	//go:embed lua/tally.lua
	tallyLua string
)

// scripts is each step that has to be one.
type scripts struct {
	cas, claim, commit, done, enter, leave, post, purge, remember, tally *redis.Script
}

func newScripts() scripts {
	return scripts{
		cas: redis.NewScript(casLua), claim: redis.NewScript(claimLua), commit: redis.NewScript(commitLua), done: redis.NewScript(doneLua),
		enter: redis.NewScript(enterLua), leave: redis.NewScript(leaveLua), post: redis.NewScript(postLua), purge: redis.NewScript(purgeLua),
		remember: redis.NewScript(rememberLua), tally: redis.NewScript(tallyLua),
	}
}

// reading begins a call that changes nothing: it ends with its caller's
// context, and never takes longer than the client may.
func (c *client) reading(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, c.timeout)
}

// writing begins a call that changes something. It does not begin with a
// context that has ended, and once it has begun it goes on whatever happens to
// that, so that what it says of the change is true.
func (c *client) writing(ctx context.Context) (context.Context, context.CancelFunc, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.timeout)
	return ctx, cancel, nil
}

// change runs a script that changes something, and waits until as many
// replicas have it as are asked for. All keys are of one place.
func (s *Store) change(ctx context.Context, c *client, script *redis.Script, keys []string, args ...any) (int64, error) {
	if s.wait == 0 {
		return script.Run(ctx, c, keys, args...).Int64()
	}
	return s.confirmed(ctx, c, keys[0], func(on redis.Pipeliner) *redis.Cmd { return script.Eval(ctx, on, keys, args...) }).Int64()
}

// send runs one command that changes a key, and waits as change does.
func (s *Store) send(ctx context.Context, c *client, command, key string, args ...any) error {
	args = append([]any{command, key}, args...)
	if s.wait == 0 {
		return c.Do(ctx, args...).Err()
	}
	return s.confirmed(ctx, c, key, func(on redis.Pipeliner) *redis.Cmd { return on.Do(ctx, args...) }).Err()
}

// How often a change follows a slot that has moved, and what it waits before,
// because that is known only a moment later: a client asks no more than five
// times a second.
const (
	maxMoves  = 6
	movePause = 40 * time.Millisecond
)

// confirmed makes a change and follows its key to where that has moved.
func (s *Store) confirmed(ctx context.Context, c *client, key string, change func(redis.Pipeliner) *redis.Cmd) *redis.Cmd {
	for tries := 0; ; tries++ {
		done := s.confirmedOnce(ctx, c, key, change)
		all, ok := c.UniversalClient.(*redis.ClusterClient)
		if said, moved := errors.AsType[redis.Error](done.Err()); !ok || !moved || tries == maxMoves || refusalOf(said) != (refusal{"MOVED"}) {
			return done
		}
		all.ReloadState(ctx)
		if err := sleep(ctx, movePause); err != nil {
			done.SetErr(err)
			return done
		}
	}
}

// confirmedOnce makes a change and waits for replicas on one connection: WAIT
// is for what the server had written by its connection's last command. That is
// whatever was there before the change too, and so even one that finds nothing
// to be changed tells only what replicas have.
func (s *Store) confirmedOnce(ctx context.Context, c *client, key string, change func(redis.Pipeliner) *redis.Cmd) *redis.Cmd {
	failed := func(err error) *redis.Cmd {
		cmd := redis.NewCmd(ctx)
		cmd.SetErr(err)
		return cmd
	}
	node, err := c.node(ctx, key)
	if err != nil {
		return failed(err)
	}
	pipe := node.Pipeline()
	done := change(pipe)
	have := pipe.Do(ctx, "wait", s.wait, (c.timeout / 3).Milliseconds())
	_, _ = pipe.Exec(ctx) // each command has its own error
	if done.Err() != nil {
		return done
	}
	switch replicas, err := have.Int(); {
	case err != nil:
		return failed(err)
	case replicas < s.wait:
		return failed(errUnconfirmed)
	}
	return done
}

// refusedBy says why a script has refused to write over something: 0 where that
// is of another form, -1 where it does not decode.
func refusedBy(n int64) error {
	switch n {
	case 0:
		return bot.ErrNewer
	case -1:
		return bot.ErrDamaged
	}
	return nil
}

// setField sets a field where it stands as it was read; false where it does not.
// It is for values that never come back.
func (s *Store) setField(ctx context.Context, key, field, was, set string) (bool, error) {
	n, err := s.change(ctx, s.small, s.cas, []string{key}, field, was, set)
	return n == 1, err
}

// setAgain sets a field where it stands as it was read, and nothing else of its
// hash was set since. A value that comes back would let a call in that arrives
// late, when its caller has been told that it was not made: so one that stays as
// it is is set, too. What follows is another field and what must stand there, or
// nothing.
func (s *Store) setAgain(ctx context.Context, key, field, was, set, count string, while ...any) (bool, error) {
	if was+set+count == "" {
		return true, nil // there is nothing, and there was nothing
	}
	n, err := decodeCount(count)
	if err != nil {
		return false, err
	}
	args := append([]any{field, was, set, count, encodeCount(n + 1)}, while...)
	done, err := s.change(ctx, s.small, s.cas, []string{key}, args...)
	return done == 1, err
}

// longestPause bounds how long a step waits before it is worked out anew.
const longestPause = 10 * time.Millisecond

// again works a step out, and out again, until nobody else was faster; step
// reports whether it was made. Those who have met go on apart.
func again(ctx context.Context, step func() (bool, error)) error {
	for pause := time.Millisecond; ; pause = min(pause+time.Millisecond, longestPause) {
		if done, err := step(); done || err != nil {
			return err
		}
		if sleep(ctx, rand.N(pause)) != nil {
			return errBusy
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// fields reads some fields of a hash; what is not there is empty.
func fields(ctx context.Context, c redis.Cmdable, key string, names ...string) ([]string, error) {
	values, err := c.HMGet(ctx, key, names...).Result()
	if err != nil {
		return nil, err
	}
	out := make([]string, len(names))
	for i, v := range values {
		out[i], _ = v.(string)
	}
	return out, nil
}
