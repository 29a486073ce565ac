package bot

import (
	"time"

	"dogear/bot/library"
)

// Kept returns a club's sources as a bot keeps them, without asking the store.
func Kept(b *Bot, id ClubID) []library.Source { return b.known(id).list() }

// Clock has a bot go by another clock.
func Clock(b *Bot, now func() time.Time) { b.now = now }
