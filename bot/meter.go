package bot

import (
	"context"
	"time"

	"dogear/bot/library"
	"dogear/bot/reply"
)

// Outcome says what became of a request.
type Outcome string

// The outcomes.
const (
	Answered Outcome = "answered" // the reply shows at least one passage
	Empty    Outcome = "empty"    // a question, and nothing to show on it
	Done     Outcome = "done"     // a command that quotes nothing did what it does
	Refused  Outcome = "refused"  // a Refusal
	Blind    Outcome = "blind"    // the store could not be read, and yet something was answered
	Failed   Outcome = "failed"   // the neutral line, or something that was not saved
	Dropped  Outcome = "dropped"  // there is no reply
)

// Outcomes lists every outcome.
func Outcomes() []Outcome {
	return []Outcome{Answered, Empty, Done, Refused, Blind, Failed, Dropped}
}

// Handled is what there is to count of a request that was handled. It names no
// club, no reader and no text.
type Handled struct {
	Command string // as the command table has it; empty: it has none such
	Outcome Outcome
	Took    time.Duration
	Covered int // how many covers the reply has
	Opened  int // 1 where the request opened one
}

// MeasureWith names what is told of every request once it was handled; it is
// to be called before the first request. Requests may end at the same time.
// Nil, and a Bot without it, measures nothing.
func (b *Bot) MeasureWith(measure func(Handled)) { b.measure = measure }

// handled counts and logs a request that was handled.
func (b *Bot) handled(ctx context.Context, club ClubID, h Handled) {
	b.log.InfoContext(ctx, "request", "command", h.Command, "outcome", string(h.Outcome), "took", h.Took, "club", club)
	if b.measure != nil {
		b.measure(h)
	}
}

// handledAs returns what there is to count of a reply.
func (t *turn) handledAs(cmd Command, doc reply.Doc) Handled {
	h := Handled{Command: cmd.Name}
	if doc == nil {
		h.Outcome = Dropped
		return h
	}
	shows := len(doc.Shown()) > 0
	h.Covered = len(doc.Covered())
	if cmd.Name == "reveal" && shows {
		h.Opened = 1
	}
	switch {
	case t.unsaved:
		h.Outcome = Failed
	case t.blind != nil:
		h.Outcome = Blind
	case shows:
		h.Outcome = Answered
	case cmd.Name == "ask":
		h.Outcome = Empty
	default:
		h.Outcome = Done
	}
	return h
}

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
		for i, n := range of.decided {
			all.Labels[library.Layers[i]] += n
			all.Passages += n
		}
	}
	return all
}

// clubSize is how much one club holds. The zero clubSize is one that was not
// read yet.
type clubSize struct {
	sources, index int
	decided        []int // passages, by layer as library.Layers lists them
}

func (c *club) size() clubSize {
	size := clubSize{sources: len(c.sources), index: c.index.Bytes(), decided: make([]int, len(library.Layers))}
	for _, s := range c.sources {
		for i, n := range s.decided {
			size.decided[i] += n
		}
	}
	return size
}
