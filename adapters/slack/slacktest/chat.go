package slacktest

import "slices"

func (s *Slack) postMessage(req *Request, body object) (object, string) {
	c, why := s.room(body)
	if why == "" {
		why = s.checkMessage(req, body, true)
	}
	if why != "" {
		return nil, why
	}
	if c.without {
		return nil, "not_in_channel"
	}
	m := c.write(&message{text: text(body, "text"), blocks: named(body), thread: s.thread(c, body)})
	req.Only = m.onlyFor()
	return object{"channel": c.ID, "ts": m.ts, "message": m.object(s)}, ""
}

func (s *Slack) postEphemeral(req *Request, body object) (object, string) {
	c, why := s.room(body)
	if why == "" {
		why = s.checkMessage(req, body, false)
	}
	if why != "" {
		return nil, why
	}
	p := s.person(text(body, "user"))
	switch {
	case c.without:
		return nil, "not_in_channel"
	case p == nil || !c.has(p):
		return nil, "user_not_in_channel"
	}
	m := c.write(&message{text: text(body, "text"), blocks: named(body), thread: s.thread(c, body), only: p})
	req.Only = m.onlyFor()
	return object{"message_ts": m.ts}, ""
}

func (s *Slack) update(req *Request, body object) (object, string) {
	m, why := s.own(body, "cant_update_message")
	if why == "" {
		why = s.checkMessage(req, body, false)
	}
	if why != "" {
		return nil, why
	}
	s.edit(m, body)
	req.Only = m.onlyFor()
	return object{"channel": m.channel.ID, "ts": m.ts, "text": m.text, "message": m.object(s)}, ""
}

func (s *Slack) delete(_ *Request, body object) (object, string) {
	m, why := s.own(body, "cant_delete_message")
	if why != "" {
		return nil, why
	}
	m.deleted, m.changed = true, s.touch()
	return object{"channel": m.channel.ID, "ts": m.ts}, ""
}

// edit puts another content into a message. Blocks stay where there are no others.
func (s *Slack) edit(m *message, body object) {
	if t, ok := body["text"].(string); ok {
		m.text = t
	}
	if body["blocks"] != nil {
		m.blocks, m.state = named(body), nil
	}
	m.edits++
	m.changed = s.touch()
	if c := m.channel; c.with != nil && m.only == nil { // the bot hears itself
		s.deliver(s.event(c.with, c, object{
			"type": "message", "subtype": "message_changed", "hidden": true, "message": m.object(s), "channel": c.ID,
			"ts": s.newTS(), "event_ts": m.ts, "channel_type": "im",
		}))
	}
	s.broadcast()
}

// room returns the channel that a request names.
func (s *Slack) room(body object) (*Channel, string) {
	c := s.channel(text(body, "channel"))
	if c == nil {
		return nil, "channel_not_found"
	}
	return c, ""
}

// own returns the bot's own message that a request names.
func (s *Slack) own(body object, not string) (*message, string) {
	c := s.channel(text(body, "channel"))
	if c == nil {
		return nil, "channel_not_found"
	}
	m := c.message(text(body, "ts"))
	switch {
	case m == nil, m.only != nil:
		return nil, "message_not_found"
	case m.author != nil:
		return nil, not
	}
	return m, ""
}

// thread returns the thread that a message goes to; empty: none, as where its
// first message is gone.
func (s *Slack) thread(c *Channel, body object) string {
	ts := text(body, "thread_ts")
	if ts == "" {
		return ""
	}
	first := c.message(ts)
	switch {
	case first == nil || first.only != nil:
		return ""
	case first.thread != "" && first.thread != ts:
		s.violate(Protocol, "thread_ts names a reply, not the first message of its thread")
		return first.thread
	}
	return ts
}

// named returns the blocks of a body, with ids.
func named(body object) []any {
	blocks := clone(list(body, "blocks"))
	name(blocks)
	return blocks
}

// checkMessage returns why a message is refused; empty: it is not.
func (s *Slack) checkMessage(req *Request, body object, posted bool) string {
	words, blocks := text(body, "text"), list(body, "blocks")
	refused := ""
	breach := func(rule Rule, why, format string, args ...any) {
		s.violate(rule, req.Method+": "+format, args...)
		if refused == "" {
			refused = why
		}
	}
	if words == "" && len(blocks) > 0 {
		s.violate(Texts, "%s: blocks without a top-level text", req.Method)
	}
	if words == "" && len(blocks) == 0 {
		breach(Protocol, "no_text", "neither text nor blocks")
	}
	if n := units(words); n > 4000 {
		breach(Limits, "msg_too_long", "a text of %d characters", n)
	}
	if _, wrong := body["blocks"].([]any); body["blocks"] != nil && !wrong || body["blocks"] == nil && has(body, "blocks") {
		breach(Protocol, "invalid_blocks", "blocks that are no list")
	}
	n := req.sizes["blocks"]
	if n == 0 {
		n = units(string(compact(blocks)))
	}
	if n > 13200 {
		breach(Limits, "msg_blocks_too_long", "blocks of %d characters", n)
	}
	k := &check{surface: "message"}
	k.blocks(blocks, 50)
	for _, what := range k.breaches {
		breach(Limits, "invalid_blocks", "%s", what)
	}
	if posted && !(no(body, "unfurl_links") && no(body, "unfurl_media")) {
		s.violate(Unfurls, "%s: unfurl_links and unfurl_media are not both false", req.Method)
	}
	if yes(body, "link_names") || has(body, "parse") && !slices.Contains([]any{"", "none"}, body["parse"]) {
		s.violate(Unfurls, "%s: names become links", req.Method)
	}
	return refused
}

// has reports whether an object has a key, be it null.
func has(o object, key string) bool { _, ok := o[key]; return ok }
