package label

import (
	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// declared labels the sentences of a spoiler as one: from where its author says
// that it spoils nothing or, where the ledger knows that any of it tells what
// comes later, from there. That something clears a sentence counts for nothing:
// its author called it a spoiler.
func (l *Labeller) declared(all []library.Sentence) {
	end := l.book.End()
	said := end
	if len(all) > 0 && all[0].Mark.Chapter > 0 { // each has the same
		said = min(all[0].Mark.Chapter, end)
	}
	at := said
	var known []library.Evidence // of the ledger
	for _, s := range all {
		if s.Passage.Reveal() == spoiler.Never {
			at = spoiler.Never // it tells of another book
		}
		for _, e := range s.Because {
			if e.Layer == library.ByLedger {
				at = max(at, e.Reveal)
				known = append(known, e)
			}
		}
	}
	because := deciding(append(known, library.Evidence{Layer: library.ByMarkup, Reveal: said}), at)
	for i := range all {
		all[i].Because = because
		all[i].Passage = unsealed.Relabel(all[i].Passage, at)
	}
}
