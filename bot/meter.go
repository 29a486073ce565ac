package bot

import (
	"context"
	"time"

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
	Dropped  Outcome = "dropped"  // it was delivered before, and there is no reply
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
func (t *turn) handledAs(doc reply.Doc) Handled {
	h := Handled{Command: t.req.Command, Covered: len(doc.Covered())}
	shows := len(doc.Shown()) > 0
	if h.Command == "reveal" && shows {
		h.Opened = 1
	}
	switch {
	case t.unsaved:
		h.Outcome = Failed
	case t.blind != nil:
		h.Outcome = Blind
	case shows:
		h.Outcome = Answered
	case h.Command == "ask":
		h.Outcome = Empty
	default:
		h.Outcome = Done
	}
	return h
}
