package slacktest

import "strings"

// Slash uses the bot's command in a channel or direct messages; words that begin
// with a slash are another one.
func (u *User) Slash(c *Channel, words string) Seen {
	u.s.t.Helper()
	command := "/dogear"
	if strings.HasPrefix(words, "/") {
		command, words, _ = strings.Cut(words, " ")
	}
	u.s.mu.Lock()
	a := u.act(c, nil)
	channel := c.Name
	url := u.s.hook(u.p, c, nil)
	h := u.s.hooks[strings.TrimPrefix(url, u.s.server.URL)]
	a.tell(&delivery{kind: kindCommand, accepts: true, payload: object{
		"token": "verification", "team_id": u.team(), "team_domain": "club", "channel_id": c.ID, "channel_name": channel,
		"user_id": u.ID, "user_name": strings.ToLower(u.Name), "command": command, "text": words, "api_app_id": u.s.AppID,
		"is_enterprise_install": "false", "response_url": url, "trigger_id": u.s.pull(u.p, c, false),
	}, answer: func(answer any, req *Request) {
		switch body := answer.(type) {
		case nil:
		case object:
			u.s.say(h, req, body)
		default:
			u.s.violate(Protocol, "a command is acknowledged with something other than a message")
		}
	}})
	u.s.mu.Unlock()
	return a.settle()
}

// team is the workspace in whose name the person's acts are delivered.
func (u *User) team() string {
	if u.p.outside {
		return u.p.team
	}
	return u.s.TeamID
}

// Mention writes a message in a channel that names the bot, and waits for the
// reply.
func (u *User) Mention(c *Channel, words string) Seen {
	u.s.t.Helper()
	return u.mention(c, "", u.s.Mention()+" "+words)
}

// MentionIn is what Mention is, in the thread of a message.
func (u *User) MentionIn(m Message, words string) Seen {
	u.s.t.Helper()
	return u.mention(m.m.channel, m.root(), u.s.Mention()+" "+words)
}

// root is the first message of the thread that answers to the message go to.
func (m Message) root() string {
	if m.Thread != "" {
		return m.Thread
	}
	return m.TS
}

func (u *User) mention(c *Channel, thread, words string) Seen {
	u.s.t.Helper()
	u.s.mu.Lock()
	a := u.act(c, nil)
	a.message = c.write(&message{author: u.p, text: words, blocks: typed(words), thread: thread})
	a.since = u.s.tick
	if c.without {
		u.s.mu.Unlock()
		return a.settle()
	}
	a.tell(u.s.event(u.p, c, u.written(a.message, "app_mention")))
	u.s.mu.Unlock()
	return a.settle()
}

// DM writes a direct message to the bot, and waits for the answer.
func (u *User) DM(words string) Seen {
	u.s.t.Helper()
	return u.dm("", words)
}

// DMIn is what DM is, in the thread of a message.
func (u *User) DMIn(m Message, words string) Seen {
	u.s.t.Helper()
	return u.dm(m.root(), words)
}

func (u *User) dm(thread, words string) Seen {
	u.s.t.Helper()
	u.s.mu.Lock()
	c := u.s.direct(u.p)
	a := u.act(c, nil)
	m := c.write(&message{author: u.p, text: words, blocks: typed(words), thread: thread})
	a.since = u.s.tick
	event := u.written(m, "message")
	event["channel_type"] = "im"
	a.tell(u.s.event(u.p, c, event))
	u.s.mu.Unlock()
	return a.settle()
}

// written is the event of a message.
func (u *User) written(m *message, kind string) object {
	o := object{
		"type": kind, "user": u.ID, "ts": m.ts, "client_msg_id": id("m"), "text": m.text, "team": u.p.team,
		"blocks": clone(m.blocks), "channel": m.channel.ID, "event_ts": m.ts,
	}
	if m.thread != "" {
		o["thread_ts"] = m.thread
	}
	if u.p.bot {
		o["bot_id"] = "B" + u.ID[1:]
	}
	return o
}

// OpenHome opens the app's home.
func (u *User) OpenHome() Seen {
	u.s.t.Helper()
	u.s.mu.Lock()
	a := u.act(nil, nil)
	event := object{"type": "app_home_opened", "user": u.ID, "channel": u.s.direct(u.p).ID, "tab": "home"}
	if u.p.home != nil {
		event["view"] = u.p.home.object(u.s)
	}
	a.tell(u.s.event(u.p, nil, event))
	u.s.mu.Unlock()
	return a.settle()
}

// Shortcut uses a global shortcut, by its callback_id.
func (u *User) Shortcut(callback string) Seen {
	u.s.t.Helper()
	u.s.mu.Lock()
	a := u.act(nil, nil)
	o := u.interaction("shortcut")
	o["callback_id"], o["action_ts"], o["trigger_id"] = callback, u.s.newTS(), u.s.pull(u.p, nil, false)
	a.tell(&delivery{kind: kindInteraction, payload: o})
	u.s.mu.Unlock()
	return a.settle()
}

// ShortcutOn uses a shortcut of a message's menu, by its callback_id.
func (u *User) ShortcutOn(m Message, callback string) Seen {
	u.s.t.Helper()
	u.s.mu.Lock()
	c := m.m.channel
	a := u.act(c, nil)
	o := u.interaction("message_action")
	o["callback_id"], o["action_ts"], o["trigger_id"] = callback, u.s.newTS(), u.s.pull(u.p, c, false)
	o["channel"], o["message"], o["message_ts"] = c.object(), m.m.object(u.s), m.TS
	o["response_url"] = u.s.hook(u.p, c, nil)
	a.tell(&delivery{kind: kindInteraction, payload: o})
	u.s.mu.Unlock()
	return a.settle()
}

// interaction is what all interactions say.
func (u *User) interaction(kind string) object {
	return object{
		"type": kind, "token": "verification", "api_app_id": u.s.AppID, "user": u.p.actor(), "enterprise": nil, "is_enterprise_install": false,
		"team": object{"id": u.team(), "domain": "club"},
	}
}
