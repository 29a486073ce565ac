package slacktest

import "slices"

// Channel is a public channel of the workspace, or direct messages with the bot.
type Channel struct {
	ID, Name string

	s        *Slack
	with     *person // whose direct messages it holds; nil: it is a channel
	without  bool    // the bot is not in it
	shared   bool    // with other workspaces
	messages []*message
}

// Channel returns the public channel of a name, which the first call makes, with
// the bot in it.
func (s *Slack) Channel(name string) *Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.channels {
		if c.with == nil && c.Name == name {
			return c
		}
	}
	c := &Channel{ID: id("C"), Name: name, s: s}
	s.channels = append(s.channels, c)
	return c
}

// Without takes the bot out of the channel.
func (c *Channel) Without() *Channel {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.without = true
	return c
}

// With invites the bot again.
func (c *Channel) With() *Channel {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.without = false
	return c
}

// Shared shares the channel with other workspaces: guests are in it.
func (c *Channel) Shared() *Channel {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.shared = true
	return c
}

// Messages are those that everybody in the channel sees as they are now, oldest
// first.
func (c *Channel) Messages() []Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.shown(func(m *message) bool { return m.only == nil })
}

// Sees are the messages of a channel that the person sees, those meant for them
// alone among them; none where they are not in it.
func (u *User) Sees(c *Channel) []Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return c.shown(func(m *message) bool { return c.has(u.p) && (m.only == nil || m.only == u.p) })
}

// shown are the messages that are there and that a filter lets through.
func (c *Channel) shown(keep func(*message) bool) []Message {
	var out []Message
	for _, m := range c.messages {
		if !m.deleted && keep(m) {
			out = append(out, m.view())
		}
	}
	return out
}

// has reports whether somebody is in the channel. The lock is held.
func (c *Channel) has(p *person) bool {
	switch {
	case c.with != nil:
		return c.with == p
	case p.outside || p.left[c]:
		return false
	}
	return !p.guest || c.shared
}

// channel returns what has an id; nil: there is none. Somebody's own id stands for
// their direct messages. The lock is held.
func (s *Slack) channel(id string) *Channel {
	for _, c := range s.channels {
		if c.ID == id {
			return c
		}
	}
	if p := s.person(id); p != nil && !p.outside {
		return s.direct(p)
	}
	return nil
}

// message returns the one that a time stamp names; nil: there is none.
func (c *Channel) message(ts string) *message {
	i := slices.IndexFunc(c.messages, func(m *message) bool { return m.ts == ts && !m.deleted })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}

// object is the channel as an interaction tells.
func (c *Channel) object() object { return object{"id": c.ID, "name": c.Name} }
