package slacktest

import (
	"maps"
	"slices"
	"time"
)

// Request is something that the bot sent, and what it got for it. Beside the
// methods of the Web API there are "response_url", and "ack": what it acknowledged
// a delivery with, on a socket or as the answer to a request.
type Request struct {
	At       time.Time
	Method   string
	Token    string
	Body     any    // decoded, without the token; of a form: with its JSON decoded
	Envelope string // of an ack over Socket Mode
	Only     string // the id of who alone gets to see it; empty: everybody, or nobody
	Status   int    // 0: none yet, or no answer at all
	Response any    // decoded; nil: no body

	sizes map[string]int // of what a form holds as JSON
	keys  []string       // whom and what it is about
}

// Requests are those that all of the filters let through, oldest first.
func (s *Slack) Requests(filters ...func(Request) bool) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Request
	for _, r := range s.requests {
		if !slices.ContainsFunc(filters, func(keep func(Request) bool) bool { return !keep(*r) }) {
			out = append(out, *r)
		}
	}
	return out
}

// To lets through what was sent with one of the methods.
func To(methods ...string) func(Request) bool {
	return func(r Request) bool { return slices.Contains(methods, r.Method) }
}

// OK lets through what was done.
func OK(r Request) bool {
	o, _ := r.Response.(object)
	return r.Status == 200 && (o == nil || flag(o, "ok"))
}

// Object is the body; nil where that is no object.
func (r Request) Object() map[string]any {
	o, _ := r.Body.(object)
	return o
}

// Error is the error that Slack has answered with; empty: none.
func (r Request) Error() string {
	o, _ := r.Response.(object)
	return text(o, "error")
}

// Sent are all strings, keys too, of all payloads that ever left the bot.
func (s *Slack) Sent() []string { return s.sent() }

// SentBy is what Sent is, of requests with one of the methods alone.
func (s *Slack) SentBy(methods ...string) []string { return s.sent(To(methods...)) }

func (s *Slack) sent(filters ...func(Request) bool) []string {
	var out []string
	for _, r := range s.Requests(filters...) {
		out = stringsOf(r.Body, out)
	}
	return out
}

// Forget forgets what was sent so far, and all messages. It is for tests of what
// the bot itself keeps. What a busy bot may be about to answer still has its
// trigger and its response_url.
func (s *Slack) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests, s.violations, s.delivered = nil, nil, nil
	s.activity = map[string]*activity{}
	before := s.now().Add(-triggerFor)
	maps.DeleteFunc(s.hooks, func(_ string, h *hook) bool { return h.at.Before(before) })
	maps.DeleteFunc(s.triggers, func(_ string, t *trigger) bool { return t.at.Before(before) })
	maps.DeleteFunc(s.socket.sent, func(_ string, d *delivery) bool { return d.acked || d.failed })
	maps.DeleteFunc(s.views, func(_ string, v *view) bool {
		return v.owner.home != v && !slices.Contains(v.owner.stack, v)
	})
	for _, c := range s.channels {
		c.messages = nil
	}
}

// record notes what the bot sends. The lock is held.
func (s *Slack) record(r *Request) *Request {
	r.At = s.now()
	s.requests = append(s.requests, r)
	return r
}
