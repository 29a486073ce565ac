package slacktest

import (
	"net/http"
	"strconv"
	"time"
)

// delivery is something that the bot is told.
type delivery struct {
	kind    string // as Socket Mode names it
	payload object
	accepts bool                // the acknowledgement may hold an answer
	answer  func(any, *Request) // takes that; nil: there is nothing to take. The lock is held

	envelope string // of the last attempt over Socket Mode
	conn     *conn  // of the same
	attempt  int    // 0: the first
	reason   string // of another attempt
	acked    bool
	failed   bool // nothing more is attempted
	status   int  // of the last attempt over HTTP
	ack      any  // what it was acknowledged with
}

// actor is the id of who has done what is delivered; empty: nobody.
func (d *delivery) actor() string {
	if d == nil {
		return ""
	}
	if id := text(d.payload, "user_id"); id != "" {
		return id
	}
	return text(at(d.payload, "user"), "id")
}

// Delivered are the payloads of a kind that were delivered so far, or attempted to
// be, oldest first: slash_commands, interactive, events_api.
func (s *Slack) Delivered(kind string) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []map[string]any
	for _, d := range s.delivered {
		if d.kind == kind {
			out = append(out, clone(d.payload))
		}
	}
	return out
}

// Kinds of deliveries.
const (
	kindCommand     = "slash_commands"
	kindInteraction = "interactive"
	kindEvent       = "events_api"
)

// event makes the delivery of an event in a channel, nil: in none. Its sender is
// nil where it is nobody's.
func (s *Slack) event(from *person, c *Channel, body object) *delivery {
	if body["event_ts"] == nil {
		body["event_ts"] = s.newTS()
	}
	o := object{
		"token": "verification", "team_id": s.TeamID, "context_team_id": s.TeamID, "context_enterprise_id": nil, "api_app_id": s.AppID,
		"event": body, "type": "event_callback", "event_id": id("Ev"), "event_time": s.now().Unix(), "event_context": id("4-"),
		"is_ext_shared_channel": c != nil && c.shared, "authorizations": []any{object{
			"enterprise_id": nil, "team_id": s.TeamID, "user_id": s.BotUser, "is_bot": true, "is_enterprise_install": false,
		}},
	}
	if from != nil && from.outside {
		o["team_id"], o["context_team_id"] = from.team, from.team
		o["authorizations"] = []any{object{"enterprise_id": nil, "team_id": from.team, "user_id": s.BotUser, "is_bot": true, "is_enterprise_install": false}}
	}
	if from != nil && from.guest {
		body["user_team"], body["source_team"] = from.team, from.team
	}
	return &delivery{kind: kindEvent, payload: o}
}

// Repeat delivers everything so many times more.
func (s *Slack) Repeat(times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.socket.repeats = times
}

// Event tells the bot of an event of any name, and waits until that is
// acknowledged; false where it never is. The body may be nil.
func (s *Slack) Event(name string, body map[string]any) bool {
	s.t.Helper()
	s.mu.Lock()
	o := clone(body)
	if o == nil {
		o = object{}
	}
	o["type"] = name
	d := s.event(nil, nil, o)
	s.mu.Unlock()
	return s.told(d)
}

// Deliver delivers any payload, as Socket Mode names its kind: slash_commands,
// interactive, events_api. It waits until that is acknowledged; false where it
// never is.
func (s *Slack) Deliver(kind string, payload map[string]any) bool {
	s.t.Helper()
	return s.told(&delivery{kind: kind, payload: payload, accepts: kind != kindEvent})
}

func (s *Slack) told(d *delivery) bool {
	s.t.Helper()
	s.mu.Lock()
	s.deliver(d)
	s.mu.Unlock()
	s.Await("an acknowledgement", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return d.acked || d.failed
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	return d.acked
}

// deliver delivers the way that is set, and again where that is asked for. The
// lock is held.
func (s *Slack) deliver(d *delivery) {
	again := *d
	s.delivered = append(s.delivered, d)
	s.send(d)
	for range s.socket.repeats {
		more := again
		more.answer = nil
		s.send(&more)
	}
}

// send attempts a delivery. The lock is held.
func (s *Slack) send(d *delivery) {
	switch {
	case s.closed:
	case s.web.url != "":
		s.sendOver(d)
	default:
		s.sendSocket(d)
	}
}

// missed notes that an attempt was in vain: events come again. The lock is held.
func (s *Slack) missed(d *delivery, reason string, after time.Duration) {
	switch {
	case d.acked || d.failed || s.closed:
	case d.kind == kindEvent && d.attempt < len(s.retries):
		if after < 0 {
			after = s.retries[d.attempt]
		}
		d.attempt++
		d.reason, d.conn, d.envelope = reason, nil, "" // an acknowledgement of this attempt comes too late
		s.later(after, func() { s.send(d) })
	default:
		d.failed = true
	}
	s.broadcast()
}

// later does something in a while, unless the test ends before. The lock is held,
// then as well.
func (s *Slack) later(after time.Duration, do func()) {
	if s.closed {
		return
	}
	s.working.Add(1)
	go func() {
		defer s.working.Done()
		timer := time.NewTimer(after)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-s.ctx.Done():
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.closed {
			do()
		}
	}()
}

// confirm takes an acknowledgement, the first of them. The lock is held.
func (s *Slack) confirm(d *delivery, answer any, req *Request) {
	if d.acked || d.failed {
		return
	}
	d.acked, d.ack = true, answer
	if o, ok := answer.(object); answer != nil && (!ok || len(o) > 0) {
		if !d.accepts {
			s.violate(Protocol, "an acknowledgement that may hold nothing holds something")
		} else if d.answer != nil {
			d.answer(answer, req)
		}
	} else if d.answer != nil {
		d.answer(nil, req)
	}
	s.broadcast()
}

// retry is how another attempt is marked over HTTP.
func (d *delivery) retry(h http.Header) {
	if d.attempt > 0 {
		h.Set("X-Slack-Retry-Num", strconv.Itoa(d.attempt))
		h.Set("X-Slack-Retry-Reason", d.reason)
	}
}
