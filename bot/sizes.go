package bot

import "dogear/bot/library"

// Sizes is how much a Bot holds in memory.
type Sizes struct {
	Clubs, Sources, Passages int
	IndexBytes               int                   // estimated
	Labels                   map[library.Layer]int // passages, by the layer that decided their label
}

// Sizes returns how much the Bot holds in memory now. It waits for nobody: a
// club that is just being read counts as it did the last time.
func (b *Bot) Sizes() Sizes {
	b.sizing.Lock()
	defer b.sizing.Unlock()
	b.mu.Lock()
	slots := make(map[ClubID]*slot, len(b.clubs))
	for id, s := range b.clubs {
		slots[id] = s
	}
	b.mu.Unlock()
	sizes := make(map[ClubID]clubSize, len(slots))
	for id, s := range slots {
		if !s.mu.TryLock() {
			sizes[id] = b.sized[id]
			continue
		}
		c := s.club
		s.mu.Unlock()
		if c != nil {
			sizes[id] = c.size()
		}
	}
	b.sized = sizes
	all := Sizes{Labels: map[library.Layer]int{}}
	for _, layer := range library.Layers {
		all.Labels[layer] = 0
	}
	for _, of := range sizes {
		if of.decided == nil {
			continue // it was never read
		}
		all.Clubs++
		all.Sources += of.sources
		all.IndexBytes += of.index
		all.Passages += of.passages
		for i, n := range of.decided {
			all.Labels[library.Layers[i]] += n
		}
	}
	return all
}

// clubSize is how much one club holds. The zero clubSize is one that was not
// read yet.
type clubSize struct {
	sources, passages, index int
	decided                  []int // passages, by layer as library.Layers lists them
}

func (c *club) size() clubSize {
	size := clubSize{sources: len(c.sources), index: c.index.Bytes(), decided: make([]int, len(library.Layers))}
	for _, s := range c.sources {
		size.passages += len(s.Sentences)
		for i, n := range s.decided {
			size.decided[i] += n
		}
	}
	return size
}
