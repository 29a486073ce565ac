package bot

import (
	"cmp"
	"slices"
	"time"

	"dogear/bot/library"
)

// Kept returns a club's sources as a bot keeps them, posted spoilers too, without
// asking the store.
func Kept(b *Bot, id ClubID) (all []library.Source) {
	for _, src := range b.known(id).sources {
		all = append(all, src.Source)
	}
	slices.SortFunc(all, func(a, b library.Source) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// Clock has a bot go by another clock.
func Clock(b *Bot, now func() time.Time) { b.now = now }
