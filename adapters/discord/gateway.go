package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"golang.org/x/sync/errgroup"
)

// pacing is how fast connections are made.
type pacing struct {
	identify time.Duration // between those that share a slot
	pause    time.Duration // the shortest, after one that broke
	rest     time.Duration // the longest
}

// identifyEvery is how often a shard may identify, of those that share a slot.
const identifyEvery = 5 * time.Second

// discords is the pace that Discord asks for.
var discords = pacing{identifyEvery + identifyEvery/20, shortestPause, longestRest}

// gatewaySettings says where the gateway is, and in how many shards.
type gatewaySettings struct {
	token  string
	url    string // empty: Discord says
	shards int    // 0: Discord says
	log    *slog.Logger
	pace   pacing
}

// gateway keeps up the connections that bring events, one a shard.
type gateway struct {
	gatewaySettings
	rest *rest
	take func(kind string, data json.RawMessage)

	mu     sync.Mutex
	all    []*shard    // nil: not started
	slots  []time.Time // from when on who is next in a slot may identify
	budget int         // how often dogear may identify before it has to ask again
}

// newGateway makes a gateway that hands interactions and messages to take, which
// must not block: heartbeats wait for it.
func newGateway(r *rest, s gatewaySettings, take func(kind string, data json.RawMessage)) *gateway {
	return &gateway{gatewaySettings: s, rest: r, take: take}
}

// run keeps all shards connected until the context ends, which is no error, or
// Discord says that a setting is wrong. It ends within two seconds.
func (g *gateway) run(ctx context.Context) error {
	if err := g.start(ctx); err != nil {
		return unlessDone(ctx, err)
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, s := range g.all {
		group.Go(func() error { return s.run(ctx) })
	}
	return group.Wait()
}

// start learns what there is to connect to.
func (g *gateway) start(ctx context.Context) error {
	told, err := g.ask(ctx)
	if err != nil {
		return err
	}
	n, url := told.Shards, told.URL
	if g.shards > 0 {
		n = g.shards
	}
	if g.url != "" {
		url = g.url
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.slots = make([]time.Time, told.SessionStartLimit.MaxConcurrency)
	g.budget = told.SessionStartLimit.Remaining
	for id := range n {
		g.all = append(g.all, &shard{id: id, of: n, token: g.token, url: url, log: g.log, pace: g.pace, take: g.take, enter: g.enter})
	}
	return nil
}

// ready is nil when every shard is connected.
func (g *gateway) ready() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all == nil {
		return errors.New("not connected to Discord yet")
	}
	up := 0
	for _, s := range g.all {
		if s.up.Load() {
			up++
		}
	}
	if up < len(g.all) {
		return fmt.Errorf("%d of %d connections to Discord are up", up, len(g.all))
	}
	return nil
}

// ask asks how the gateway is to be used, until Discord tells.
func (g *gateway) ask(ctx context.Context) (told discordgo.GatewayBotResponse, err error) {
	err = untilTold(ctx, g.log, func() error {
		told, err = g.rest.gateway(ctx)
		return err
	})
	return told, err
}

// untilTold asks Discord until it answers: that it can't be reached passes. What
// it refuses it would refuse again.
func untilTold(ctx context.Context, log *slog.Logger, ask func() error) error {
	for {
		err := ask()
		if err == nil || ctx.Err() != nil {
			return err
		}
		if f := (*fault)(nil); errors.As(err, &f) && f.status >= 400 && f.status < 500 && f.status != http.StatusTooManyRequests {
			return err
		}
		log.WarnContext(ctx, "Discord does not answer; it is asked again", "cause", err)
		if !sleep(ctx, longestPause) {
			return ctx.Err()
		}
	}
}

// enter waits until a shard may identify: one at a time in a slot, and not more
// often a day than Discord allows, which takes the token away from who does.
func (g *gateway) enter(ctx context.Context, shard int) error {
	for {
		at, spent := g.reserve(shard)
		if !spent {
			if !sleep(ctx, time.Until(at)) {
				return context.Cause(ctx)
			}
			return nil
		}
		told, err := g.ask(ctx)
		if err != nil {
			return err
		}
		limit := told.SessionStartLimit
		if limit.Remaining <= 0 {
			wait := max(time.Duration(limit.ResetAfter)*time.Millisecond, time.Minute)
			g.log.ErrorContext(ctx, "Discord allows no more connections today", "again_in", wait)
			if !sleep(ctx, wait) {
				return context.Cause(ctx)
			}
			continue
		}
		g.mu.Lock()
		g.budget = limit.Remaining
		g.mu.Unlock()
	}
}

// reserve takes the next moment at which a shard may identify; spent where there
// is none before Discord is asked again.
func (g *gateway) reserve(shard int) (at time.Time, spent bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.budget <= 0 {
		return time.Time{}, true
	}
	g.budget--
	slot := &g.slots[shard%len(g.slots)]
	if at = time.Now(); slot.After(at) {
		at = *slot
	}
	*slot = at.Add(g.pace.identify)
	return at, false
}
