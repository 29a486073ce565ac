package bot

import (
	"time"

	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// Ruling is what people have said of one sentence, which wins over every label.
// It is kept under the sentence's own name, so that it outlives a new import
// and a new ledger.
type Ruling struct {
	Sentence library.SentenceID `json:"sentence"`
	Source   library.SourceID   `json:"source"`
	Steps    []Step             `json:"steps"` // the oldest first
}

// Step is one thing that was said of a sentence.
type Step struct {
	How    Said             `json:"how"`
	Reveal spoiler.Position `json:"reveal,omitempty"` // of Decided alone
	By     ReaderID         `json:"by,omitempty"`
	When   time.Time        `json:"when"`
}

// Said is a kind of Step.
type Said string

// What can be said of a sentence.
const (
	// Reported covers it for everybody until a moderator has decided.
	Reported Said = "reported"
	// Carried covers a sentence that came with a correction, in place of one
	// that was covered.
	Carried Said = "carried"
	// Decided sets its Reveal.
	Decided Said = "decided"
	// Dismissed leaves it to the labels again.
	Dismissed Said = "dismissed"
)

// Reveal returns the Reveal that the ruling gives its sentence, and whether it
// gives one: Never while a report waits for a moderator.
func (r Ruling) Reveal() (spoiler.Position, bool) {
	if len(r.Steps) == 0 {
		return 0, false
	}
	switch last := r.Steps[len(r.Steps)-1]; last.How {
	case Decided:
		return last.Reveal, true
	case Dismissed:
		return 0, false
	default:
		return spoiler.Never, true
	}
}

// waits returns why the ruling waits for a moderator; empty where it does not.
func (r Ruling) waits() Said {
	if len(r.Steps) > 0 {
		if last := r.Steps[len(r.Steps)-1].How; last != Decided && last != Dismissed {
			return last
		}
	}
	return ""
}
