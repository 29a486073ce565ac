package discordtest

import (
	"slices"
	"strings"
	"time"
)

// Request is something that the bot sent, and what it got for it. What the bot
// answers to a delivery over HTTP is one with the method INLINE, and what it
// sends over the gateway one with the method GATEWAY.
type Request struct {
	At       time.Time
	Method   string
	Path     string // below /api/vN
	Query    string
	Body     any // decoded; of a form: its payload_json
	Files    []File
	Status   int // 0: none yet, or no answer at all
	Response any // decoded; nil: no body
}

// Requests are those that all of the filters let through, oldest first.
func (d *Discord) Requests(filters ...func(Request) bool) []Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []Request
	for _, r := range d.requests {
		if !slices.ContainsFunc(filters, func(keep func(Request) bool) bool { return !keep(*r) }) {
			out = append(out, *r)
		}
	}
	return out
}

// To lets through what was sent with a method, to a path that contains a part;
// empty stands for all.
func To(method, part string) func(Request) bool {
	return func(r Request) bool {
		return (method == "" || r.Method == method) && strings.Contains(r.Path, part)
	}
}

// Object is the body; nil where that is no object.
func (r Request) Object() map[string]any {
	o, _ := r.Body.(object)
	return o
}

// Sent are all strings, keys too, of all payloads that ever left the bot, with
// the contents of its files.
func (d *Discord) Sent() []string {
	var out []string
	for _, r := range d.Requests() {
		out = stringsOf(r.Body, out)
		for _, f := range r.Files {
			out = append(out, string(f.Data))
		}
	}
	return out
}

// Everything is what Sent is, with paths, queries and the names of files.
func (d *Discord) Everything() []string {
	out := d.Sent()
	for _, r := range d.Requests() {
		out = append(out, r.Path, r.Query)
		for _, f := range r.Files {
			out = append(out, f.Name)
		}
	}
	return out
}

// Forget forgets what was sent and done so far: requests, interactions, files,
// and all messages. It is for tests of what the bot itself keeps. What is still
// being answered must not be forgotten.
func (d *Discord) Forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.requests, d.violations = nil, nil
	d.interactions, d.nonces = map[string]*interaction{}, map[string]*message{}
	d.attachments, d.activity = map[string]File{}, map[string]*activity{}
	for _, c := range d.channels {
		c.messages = nil
	}
	for _, s := range d.gateway.sessions { // they can't be resumed from before
		s.forgotten, s.events = s.forgotten+len(s.events), nil
	}
}

// record notes what the bot sends. The lock is held.
func (d *Discord) record(r *Request) *Request {
	r.At = d.now()
	d.requests = append(d.requests, r)
	return r
}
