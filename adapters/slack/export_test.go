package slack

import "time"

// Hurry makes connections as fast as a test wants them.
func (s *Slack) Hurry() {
	s.pace = pacing{ping: 20 * time.Second, again: time.Millisecond, most: 10 * time.Millisecond}
	s.api.transport.opening.pace = s.pace
}

// Impatient gives up soon where Slack says nothing. A busy machine may be as slow.
func (s *Slack) Impatient() { s.pace.ping, s.api.transport.within = 2*time.Second, 2*time.Second }

// MostAtOnce is how many deliveries are answered at the same time.
const MostAtOnce = mostAtOnce
