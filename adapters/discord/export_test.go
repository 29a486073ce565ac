package discord

import "time"

// Hurry makes connections as fast as a test wants them, and not as Discord
// does: five seconds apart.
func (d *Discord) Hurry() { d.pace = pacing{time.Microsecond, time.Microsecond, time.Millisecond} }

// MostAtOnce is how many readers are answered at the same time.
const MostAtOnce = mostAtOnce
