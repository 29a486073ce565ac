package slacktest

import (
	"strings"
	"time"
)

// message is one that somebody or the bot has written.
type message struct {
	ts, thread string // thread is empty outside of threads
	channel    *Channel
	author     *person // nil: the bot
	only       *person // who alone sees it; nil: everybody
	text       string
	blocks     []any
	at         time.Time
	edits      int
	changed    int64
	deleted    bool

	state map[*person]map[string]object // what each has chosen in it
}

// Message is a message as it stands.
type Message struct {
	TS, Channel string // what names it
	Thread      string // the first message of its thread; empty: it is in none
	User        string // who alone sees it; empty: everybody in the channel
	Author      string // the id of who wrote it; empty: the bot
	Text        string // the top-level one
	Blocks      []any  // decoded JSON
	Edits       int
	At          time.Time

	m *message
}

func (m *message) view() Message {
	out := Message{TS: m.ts, Channel: m.channel.ID, Thread: m.thread, Text: m.text, Blocks: clone(m.blocks), Edits: m.edits, At: m.at, m: m}
	if m.only != nil {
		out.User = m.only.id
	}
	if m.author != nil {
		out.Author = m.author.id
	}
	return out
}

// onlyFor is the id of who alone sees the message; empty: everybody.
func (m *message) onlyFor() string {
	switch {
	case m.only != nil:
		return m.only.id
	case m.channel.with != nil:
		return m.channel.with.id
	}
	return ""
}

// Reads is what a person reads in the message: its blocks with the labels of what
// they can use, or its text where it has none. A line a piece.
func (m Message) Reads() string {
	if len(m.Blocks) == 0 {
		return m.Text
	}
	return reads(m.Blocks)
}

// Buttons are the labels of the message's buttons.
func (m Message) Buttons() []string { return buttons(m.Blocks) }

// Elements are what can be used in the message.
func (m Message) Elements() []Element { return elements(m.Blocks) }

// Strings are all strings of the message, keys too, seen or not.
func (m Message) Strings() []string { return stringsOf(m.Blocks, []string{m.Text}) }

// object is a message as an interaction tells.
func (m *message) object(s *Slack) object {
	o := object{"type": "message", "ts": m.ts, "text": m.text, "team": s.TeamID, "blocks": clone(m.blocks)}
	if m.author == nil {
		o["user"], o["bot_id"], o["app_id"] = s.BotUser, s.BotID, s.AppID
	} else {
		o["user"], o["team"] = m.author.id, m.author.team
	}
	if m.thread != "" {
		o["thread_ts"] = m.thread
	}
	return o
}

// write adds a message to a channel. The lock is held.
func (c *Channel) write(m *message) *message {
	m.ts, m.channel, m.at, m.changed = c.s.newTS(), c, c.s.now(), c.s.touch()
	c.messages = append(c.messages, m)
	if c.with != nil && m.author == nil && m.only == nil { // the bot hears itself
		c.s.deliver(c.s.event(c.with, c, object{
			"type": "message", "user": c.s.BotUser, "bot_id": c.s.BotID, "app_id": c.s.AppID, "team": c.s.TeamID, "text": m.text,
			"ts": m.ts, "channel": c.ID, "channel_type": "im", "event_ts": m.ts, "blocks": clone(m.blocks),
		}))
	}
	c.s.broadcast()
	return m
}

// Say writes a message that is not for the bot, which hears of it only in direct
// messages, and waits for nothing.
func (u *User) Say(c *Channel, words string) Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return c.write(&message{author: u.p, text: words, blocks: typed(words)}).view()
}

// typed are the blocks of what a person writes.
func typed(words string) []any {
	return []any{object{"type": "rich_text", "block_id": id("b"), "elements": []any{
		object{"type": "rich_text_section", "elements": []any{object{"type": "text", "text": words}}},
	}}}
}

// reads is what a person reads in blocks.
func reads(blocks []any) string {
	var out []string
	add := func(s string) {
		if s != "" {
			out = append(out, s)
		}
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		case object:
			switch text(v, "type") {
			case "plain_text", "mrkdwn":
				add(text(v, "text"))
				return
			case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
				add(flow(v))
				return
			}
			for _, key := range []string{"title", "label", "text", "fields", "hint", "placeholder", "alt_text", "elements", "element", "accessory", "options", "option_groups", "initial_value"} {
				if s, ok := v[key].(string); ok {
					add(s)
				} else {
					walk(v[key])
				}
			}
		}
	}
	walk(blocks)
	return strings.Join(out, "\n")
}

// flow is the running text of a part of a rich_text.
func flow(o object) string {
	var out strings.Builder
	for _, e := range objects(list(o, "elements")) {
		switch text(e, "type") {
		case "text":
			out.WriteString(text(e, "text"))
		case "link":
			if t := text(e, "text"); t != "" {
				out.WriteString(t)
			} else {
				out.WriteString(text(e, "url"))
			}
		case "emoji":
			out.WriteString(":" + text(e, "name") + ":")
		case "user":
			out.WriteString("<@" + text(e, "user_id") + ">")
		case "channel":
			out.WriteString("<#" + text(e, "channel_id") + ">")
		}
	}
	return out.String()
}
