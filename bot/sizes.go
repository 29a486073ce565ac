package bot

import (
	"maps"
	"slices"

	"dogear/bot/library"
)

// Sizes is how much a Bot holds in memory.
type Sizes struct {
	Clubs, Sources, Passages int
	IndexBytes               int                   // estimated
	Labels                   map[library.Layer]int // passages, by the layer that decided their label
}

// Sizes returns how much the Bot holds in memory now.
func (b *Bot) Sizes() Sizes {
	all := Sizes{Labels: map[library.Layer]int{}}
	for _, layer := range library.Layers {
		all.Labels[layer] = 0
	}
	b.mu.Lock()
	slots := slices.Collect(maps.Values(b.clubs))
	b.mu.Unlock()
	for _, s := range slots {
		if c := s.club.Load(); c != nil {
			all.Clubs++
			all.add(c)
		}
	}
	return all
}

// add adds what a club holds.
func (all *Sizes) add(c *club) {
	all.Sources += len(c.sources)
	all.IndexBytes += c.index.Bytes()
	for _, s := range c.sources {
		all.Passages += len(s.Sentences)
		for i, n := range s.decided {
			all.Labels[library.Layers[i]] += n
		}
	}
}
