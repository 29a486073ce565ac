package slacktest

import (
	"net/http"
	"slices"
	"time"
)

// hook is a response_url.
type hook struct {
	owner   *person
	channel *Channel
	message *message // that it replaces; nil: a command's, until it has answered
	at      time.Time
	uses    int
}

// hookFor and hookUses are how long and how often a response_url may be used.
const (
	hookFor  = 30 * time.Minute
	hookUses = 5
)

// hook makes a response_url. The lock is held.
func (s *Slack) hook(p *person, c *Channel, m *message) string {
	path := "/hook/" + s.TeamID + "/" + id("") + "/" + id("")
	s.hooks[path] = &hook{owner: p, channel: c, message: m, at: s.now()}
	return s.server.URL + path
}

// respond does what a response_url does. The lock is held.
func (s *Slack) respond(path string, req *Request) (int, string) {
	h, body := s.hooks[path], req.Object()
	switch {
	case h == nil:
		s.violate(Protocol, "a response_url that there never was")
		return http.StatusNotFound, "no_service"
	case s.now().Sub(h.at) > hookFor:
		return http.StatusNotFound, "expired_url"
	case h.uses >= hookUses:
		return http.StatusNotFound, "used_url"
	case body == nil:
		s.violate(Protocol, "response_url: no object")
		return http.StatusBadRequest, "invalid_payload"
	}
	why := s.say(h, req, body)
	if why != "" {
		return http.StatusBadRequest, why
	}
	h.uses++
	return http.StatusOK, ""
}

// say does what an answer through a response_url, or with an acknowledgement,
// asks for. The lock is held.
func (s *Slack) say(h *hook, req *Request, body object) string {
	if flag(body, "delete_original") {
		if h.message == nil {
			s.violate(Protocol, "%s: no message to delete", req.Method)
			return "message_not_found"
		}
		h.message.deleted, h.message.changed = true, s.touch()
		return ""
	}
	kind := text(body, "response_type")
	public := kind == "in_channel"
	replace := flag(body, "replace_original")
	if !slices.Contains([]string{"", "ephemeral", "in_channel"}, kind) {
		s.violate(Protocol, "%s: a response_type of another kind", req.Method)
	}
	if why := s.checkMessage(req, body, public && !replace); why != "" {
		return why
	}
	if replace && h.message != nil && !h.message.deleted {
		body = clone(body)
		if !has(body, "blocks") {
			body["blocks"] = []any{}
		}
		s.edit(h.message, body)
		req.Only = h.message.onlyFor()
		return ""
	}
	m := &message{text: text(body, "text"), blocks: named(body)}
	switch {
	case !public:
		m.only = h.owner
		if text(body, "thread_ts") != "" {
			s.violate(Protocol, "%s: what one reader sees can't go to a thread", req.Method)
		}
	default:
		m.thread = s.thread(h.channel, body)
	}
	h.channel.write(m)
	req.Only = m.onlyFor()
	if h.message == nil {
		h.message = m
	}
	return ""
}
