package discordtest

import (
	"fmt"
	"slices"
)

// room finds the channel of a call.
func (d *Discord) room(c *call) (*Channel, *apiError) {
	room := d.channels[c.value("channel")]
	switch {
	case room == nil:
		return nil, unknownChannel
	case room.guild != nil && room.guild.removed:
		return nil, missingAccess
	case room.refusal != 0:
		return nil, &apiError{403, room.refusal, "Missing Access", nil}
	}
	return room, nil
}

func (d *Discord) getChannel(c *call) (any, *apiError) {
	room, err := d.room(c)
	if err != nil {
		return nil, err
	}
	return room.object(), nil
}

// editThread opens a thread again, or archives it.
func (d *Discord) editThread(c *call) (any, *apiError) {
	room, err := d.room(c)
	if err != nil {
		return nil, err
	}
	if room.parent == nil {
		return nil, &apiError{403, 50013, "Missing Permissions", nil}
	}
	room.archived = flag(c.body(), "archived")
	return room.object(), nil
}

func (d *Discord) typing(c *call) (any, *apiError) {
	_, err := d.room(c)
	return nil, err
}

func (d *Discord) postMessage(c *call) (any, *apiError) {
	room, err := d.room(c)
	if err != nil {
		return nil, err
	}
	body := c.body()
	nonce := body["nonce"]
	if again := d.nonces[room.ID+fmt.Sprint(nonce)]; flag(body, "enforce_nonce") && nonce != nil && again != nil && !again.deleted {
		return again.object(), nil
	}
	f := &form{}
	f.message(body, c.Files, nil)
	if number(body, "flags")&flagEphemeral != 0 {
		f.wrong(Protocol, "flags", "EPHEMERAL", "A message of a channel is never ephemeral.")
	}
	if s, ok := nonce.(string); ok {
		f.length("nonce", s, 0, 25)
	}
	m := &message{channel: room, nonce: nonce}
	if ref, ok := body["message_reference"].(object); ok && text(ref, "message_id") != "" {
		switch {
		case room.find(text(ref, "message_id")) != nil:
			m.reference = text(ref, "message_id")
		case ref["fail_if_not_exists"] != false:
			f.wrong(Limits, "message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
		}
	}
	if err := d.result(f, "message"); err != nil {
		return nil, err
	}
	if empty(body, c.Files) {
		d.violate(Limits, "an empty message")
		return nil, emptyMessage
	}
	m.change(body, c.Files)
	d.post(m)
	if nonce != nil {
		d.nonces[room.ID+fmt.Sprint(nonce)] = m
	}
	return m.object(), nil
}

// find returns the message of an id that the whole channel sees; nil: none.
func (c *Channel) find(id string) *message {
	i := slices.IndexFunc(c.messages, func(m *message) bool { return m.id == id && m.visible(nil) })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}

// message finds the message of a call.
func (d *Discord) message(c *call) (*message, *apiError) {
	room, err := d.room(c)
	if err != nil {
		return nil, err
	}
	m := room.find(c.value("message"))
	if m == nil {
		return nil, unknownMessage
	}
	return m, nil
}

func (d *Discord) getMessage(c *call) (any, *apiError) {
	m, err := d.message(c)
	if err != nil {
		return nil, err
	}
	return m.object(), nil
}

func (d *Discord) editMessage(c *call) (any, *apiError) {
	m, err := d.message(c)
	if err != nil {
		return nil, err
	}
	if m.author != nil {
		return nil, othersMessage
	}
	if m.channel.archived {
		return nil, threadArchived
	}
	if err := d.tryEdit(m, c); err != nil {
		return nil, err
	}
	return m.object(), nil
}

func (d *Discord) deleteMessage(c *call) (any, *apiError) {
	m, err := d.message(c)
	if err != nil {
		return nil, err
	}
	if m.author != nil {
		return nil, &apiError{403, 50013, "Missing Permissions", nil}
	}
	if m.channel.archived {
		return nil, threadArchived
	}
	d.drop(m)
	return nil, nil
}

// tryEdit edits a message where the change is one that Discord takes.
func (d *Discord) tryEdit(m *message, c *call) *apiError {
	body := c.body()
	f := &form{}
	f.message(body, c.Files, m)
	if err := d.result(f, "edit"); err != nil {
		return err
	}
	would := *m
	would.change(body, c.Files)
	if would.blank() {
		d.violate(Limits, "an edit that leaves a message empty")
		return emptyMessage
	}
	d.edit(m, body, c.Files)
	return nil
}

// edit changes a message. The lock is held.
func (d *Discord) edit(m *message, body object, files []File) {
	first := m.flags&flagLoading != 0
	m.flags &^= flagLoading
	m.change(body, d.host(m.channel, files))
	if !first {
		m.edits++
	}
	d.touch(m)
	if m.only == nil {
		d.announce("MESSAGE_UPDATE", m)
	}
}

// change lays what a payload says over a message: what it leaves out stays.
func (m *message) change(body object, files []File) {
	if _, ok := body["content"]; ok {
		m.content = text(body, "content")
	}
	if _, ok := body["components"]; ok {
		m.components = list(body, "components")
	}
	if _, ok := body["embeds"]; ok {
		m.embeds = list(body, "embeds")
	}
	if has(body, "flags") {
		m.flags = m.flags&(flagEphemeral|flagLoading|flagV2) | number(body, "flags")&(flagSuppressEmbeds|flagV2)
	}
	if kept, ok := body["attachments"].([]any); ok {
		m.files = m.keep(kept)
	}
	m.files = append(slices.Clone(m.files), files...)
}

// keep returns the files that an edit names and the message has; those that it
// brings come with the edit itself.
func (m *message) keep(named []any) []File {
	var out []File
	for _, v := range named {
		o, _ := v.(object)
		for _, f := range m.files {
			if text(o, "id") == f.id {
				out = append(out, f)
			}
		}
	}
	return out
}

func (m *message) blank() bool {
	return m.content == "" && len(m.embeds) == 0 && len(m.files) == 0 && (m.flags&flagV2 == 0 || len(m.components) == 0)
}

// empty reports whether a payload makes an empty message.
func empty(body object, files []File) bool {
	m := &message{}
	m.change(body, files)
	return m.blank() && len(list(body, "sticker_ids")) == 0 && !has(body, "poll")
}
