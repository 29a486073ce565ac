package slacktest

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Seen is what somebody sees of what an act of theirs has led to.
type Seen struct {
	Gone   []string          // the time stamps of messages that were deleted
	Errors map[string]string // of a submitted modal, by block
	Closed bool              // a modal was closed
	Failed bool              // Slack says that the app did not respond
	Acked  bool              // the bot has taken it
	Ack    any               // with what, decoded; nil: nothing
	Status int               // of a delivery over HTTP; 0: there was none

	messages []Message
	view     View
	home     View
	act      *act
}

// Messages are those that are new or changed, oldest first.
func (s Seen) Messages() []Message { return s.messages }

// Message is the newest message; the zero one where there is none.
func (s Seen) Message() Message {
	if len(s.messages) == 0 {
		return Message{}
	}
	return s.messages[len(s.messages)-1]
}

// View is the modal before the person; where there is none, their home if that has
// changed; else the zero View.
func (s Seen) View() View {
	if s.view.ID != "" {
		return s.view
	}
	return s.home
}

// Home is the person's home of the app if it has changed; else the zero View.
func (s Seen) Home() View { return s.home }

// Text is all that the person reads, a line a piece.
func (s Seen) Text() string {
	var out []string
	for _, m := range s.messages {
		out = append(out, m.Reads())
	}
	for _, v := range []View{s.view, s.home} {
		if v.ID != "" {
			out = append(out, v.Reads())
		}
	}
	for _, block := range slices.Sorted(maps.Keys(s.Errors)) {
		out = append(out, s.Errors[block])
	}
	return strings.Join(out, "\n")
}

// Strings are all strings that have come to the person's client, keys too.
func (s Seen) Strings() []string {
	out := stringsOf(s.Ack, nil)
	for _, m := range s.messages {
		out = append(out, m.Strings()...)
	}
	for _, v := range []View{s.view, s.home} {
		if v.ID != "" {
			out = append(out, v.Strings()...)
		}
	}
	return out
}

// Nothing reports whether nothing came.
func (s Seen) Nothing() bool {
	return len(s.messages)+len(s.Gone)+len(s.Errors) == 0 && s.view.ID == "" && s.home.ID == "" && !s.Closed
}

// Until waits until what the person sees is as a test wants it; where it never is,
// the test fails. For what comes later than a moment after the answer.
func (s Seen) Until(what string, holds func(Seen) bool) Seen {
	if s.act == nil {
		return s
	}
	s.act.s.t.Helper()
	s.act.s.Await(what, func() bool {
		s = s.act.seen()
		return holds(s)
	})
	return s
}

// act is something that somebody does, and the wait for the answer.
type act struct {
	s          *Slack
	u          *User
	channel    *Channel // nil: in none
	message    *message // nil: no message was written
	view       *view    // nil: in none
	since      int64
	began      time.Time
	deliveries []*delivery
	errors     map[string]string
}

// act begins something that somebody does. Modals are closed, except by what is
// done in one. The lock is held.
func (u *User) act(c *Channel, v *view) *act {
	if v == nil || v.owner.home == v {
		u.p.stack = nil
	}
	if c == nil && v != nil {
		c = v.origin
	}
	if c != nil && !u.p.outside && !c.has(u.p) {
		u.s.violate(Answers, "%s is not in #%s", u.Name, c.Name)
	}
	return &act{s: u.s, u: u, channel: c, view: v, since: u.s.tick, began: time.Now()}
}

// tell delivers what was done. The lock is held.
func (a *act) tell(d *delivery) *act {
	a.deliveries = append(a.deliveries, d)
	a.s.deliver(d)
	return a
}

// ticks is into how many parts the quiet after an answer is cut. They are counted,
// not the time: where the machine is busy, the bot is as slow as the count is.
const ticks = 12

// settle waits until the answer is complete: until nothing goes on about the
// person and the channel, nor anywhere, which may never be, for a while.
func (a *act) settle() Seen {
	a.s.t.Helper()
	tick := time.NewTicker(max(a.s.quiet/ticks, time.Millisecond))
	defer tick.Stop()
	var last, lastOfAll time.Time
	for calm, calmer := 0, 0; calm < ticks || calmer < ticks && calm < 4*ticks; {
		<-tick.C
		calm, calmer = calm+1, calmer+1
		seen := a.seen()
		a.s.mu.Lock()
		here, all := *a.s.about(a.u.ID), *a.s.about(everything)
		if a.channel != nil {
			here = here.with(a.s.about(a.channel.ID))
		}
		waiting := a.waiting(seen)
		a.s.mu.Unlock()
		if waiting || here.open > 0 || time.Now().Before(here.owed) || here.last != last {
			calm = 0
		}
		if all.open > 0 || all.last != lastOfAll {
			calmer = 0
		}
		last, lastOfAll = here.last, all.last
		if time.Since(a.began) > a.s.patience {
			break
		}
	}
	seen := a.seen()
	if !a.u.idle && seen.Nothing() {
		a.s.Fail(Answers, "%s got no answer", a.u.Name)
	}
	return seen
}

// waiting reports whether something must still come. The lock is held.
func (a *act) waiting(seen Seen) bool {
	pending, failed := false, len(a.deliveries) > 0
	for _, d := range a.deliveries {
		pending = pending || !d.acked && !d.failed
		failed = failed && d.failed
	}
	return pending || !a.u.idle && !failed && len(a.deliveries) > 0 && seen.Nothing()
}

// concerns reports whether a message may be an answer: by the bot, where the person
// sees it, new or changed since. The lock is held.
func (a *act) concerns(m *message) bool {
	c := m.channel
	switch {
	case m.author != nil || m.changed <= a.since || !c.has(a.u.p) || m.only != nil && m.only != a.u.p:
		return false
	case a.channel == nil || m.only == a.u.p || c == a.u.p.dm:
		return true
	case c != a.channel:
		return false
	case a.message != nil: // it is answered in its thread, or by name
		return m.thread == a.message.ts || m.thread == a.message.thread
	}
	return true
}

// seen is what the person sees now.
func (a *act) seen() Seen {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	out := Seen{act: a, Errors: a.errors, Closed: a.u.p.closed > a.since}
	for _, c := range a.s.channels {
		for _, m := range c.messages {
			switch {
			case !a.concerns(m):
			case m.deleted:
				out.Gone = append(out.Gone, m.ts)
			default:
				out.messages = append(out.messages, m.view())
			}
		}
	}
	slices.SortStableFunc(out.messages, func(x, y Message) int { return int(x.m.changed - y.m.changed) })
	if top := a.u.p.top(); top != nil && (top.changed > a.since || out.Closed) {
		out.view = top.view()
	}
	if home := a.u.p.home; home != nil && home.changed > a.since {
		out.home = home.view()
	}
	out.Acked = len(a.deliveries) > 0
	for _, d := range a.deliveries {
		out.Acked = out.Acked && d.acked
		out.Failed = out.Failed || d.failed
		if d.ack != nil {
			out.Ack = d.ack
		}
		if d.status != 0 {
			out.Status = d.status
		}
	}
	return out
}
