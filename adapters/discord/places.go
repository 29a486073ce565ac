package discord

import (
	"context"
	"time"

	"github.com/maypok86/otter/v2"
)

// remembered is for how long, and mostRemembered of how many, what Discord says
// of a channel or a member is not asked again.
const (
	remembered     = 10 * time.Minute
	mostRemembered = 10_000
)

// places knows which channel a thread belongs to: events of messages don't say
// whether they were written in one.
type places struct {
	rest  *rest
	known *otter.Cache[string, channel]
}

func newPlaces(r *rest) *places { return &places{r, newCache[string, channel](remembered)} }

// newCache returns a cache that is bounded in size and age.
func newCache[K comparable, V any](life time.Duration) *otter.Cache[K, V] {
	return otter.Must(&otter.Options[K, V]{MaximumSize: mostRemembered, ExpiryCalculator: otter.ExpiryWriting[K, V](life)})
}

// of returns a channel of a server; the zero channel for a direct message.
func (p *places) of(ctx context.Context, id, guild string) (channel, error) {
	if guild == "" {
		return channel{}, nil
	}
	return p.known.Get(ctx, id, otter.LoaderFunc[string, channel](p.rest.channel))
}

func (p *places) close() { p.known.StopAllGoroutines() }
