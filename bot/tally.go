package bot

import (
	"context"
	"maps"

	"dogear/bot/library"
	"dogear/bot/search"
)

// flushAfter is how many counts are gathered before they go to the store, behind
// the answer: one that is lost with a process is no loss.
const flushAfter = 200

// tally counts what would have been quoted, had it been open.
func (b *Bot) tally(ctx context.Context, id ClubID, hits []search.Hit) {
	b.mu.Lock()
	counts := b.tallies[id]
	if counts == nil {
		counts = map[library.SentenceID]int{}
		b.tallies[id] = counts
	}
	for _, hit := range hits {
		src := hit.From()
		if src.Sentences[hit.Sentence].Decided() == library.ByDefault {
			counts[src.NameOf(hit.Sentence)]++
		}
	}
	full := len(counts) >= flushAfter
	b.mu.Unlock()
	if full {
		b.behind(func() { b.flush(context.WithoutCancel(ctx), id) })
	}
}

// flush puts a club's counts into the store.
func (b *Bot) flush(ctx context.Context, id ClubID) {
	b.mu.Lock()
	counts := b.tallies[id]
	delete(b.tallies, id)
	b.mu.Unlock()
	if len(counts) == 0 {
		return
	}
	if err := b.store.Tally(ctx, id, counts); err != nil {
		b.log.WarnContext(ctx, "how often sentences would have been quoted was not saved", "club", id, "cause", err)
	}
}

// untally drops the counts of a club that are not in the store yet.
func (b *Bot) untally(id ClubID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.tallies, id)
}

// Flush puts what the Bot has not yet put into the store there, which is to be
// closed afterwards.
func (b *Bot) Flush(ctx context.Context) {
	if err := b.caughtUp(ctx); err != nil {
		b.log.Warn("tickets are still on their way to the store", "cause", err)
	}
	b.mu.Lock()
	ids := maps.Clone(b.tallies)
	b.mu.Unlock()
	for id := range ids {
		b.flush(ctx, id)
	}
}
