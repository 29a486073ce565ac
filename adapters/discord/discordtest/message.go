package discordtest

import (
	"net/url"
	"strings"
	"time"
)

// Flags of messages.
const (
	flagSuppressEmbeds = 1 << 2
	flagEphemeral      = 1 << 6
	flagLoading        = 1 << 7
	flagV2             = 1 << 15
)

// message is a message as Discord keeps it.
type message struct {
	id         string
	channel    *Channel
	author     *user // nil: the bot
	content    string
	flags      int
	components []any
	embeds     []any
	files      []File
	reference  string // the message that it answers
	only       *user  // who alone sees it; nil: everybody
	at         time.Time
	edits      int
	deleted    bool
	of         *interaction // that it answers; nil: none
	nonce      any
	changed    int64
}

// Message is a message as a reader sees it.
type Message struct {
	ID         string
	ChannelID  string
	Author     string // empty: the bot
	Content    string
	Flags      int
	Components []Component // flat, from the top
	Embeds     []any
	Files      []File
	ReplyTo    string // the id of the message that it answers
	Ephemeral  bool
	Loading    bool // deferred, and nothing has come yet
	Edits      int
	At         time.Time
}

// Component is a part of a message. Text has what is neither label nor choice.
type Component struct {
	Type        int
	Row         int // of the first level, from 0
	Style       int
	CustomID    string
	Label       string
	Placeholder string
	URL         string
	Text        string
	Disabled    bool
	Required    bool
	Items       []Item
	Min, Max    int // of what is chosen or typed
	Value       string
}

// Item is one choice of a select.
type Item struct {
	Label, Value, Description string
	Default                   bool
}

// File is a file that goes with a message or an option.
type File struct {
	Name string
	Data []byte
	Size int64  // as Discord tells it; 0: the length of Data
	URL  string // on the CDN; empty: Discord finds one

	id string
}

// visible reports whether somebody sees the message; nil stands for anybody.
func (m *message) visible(u *user) bool {
	return !m.deleted && (m.only == nil || m.only == u)
}

func (m *message) view() Message {
	v := Message{
		ID: m.id, ChannelID: m.channel.ID, Content: m.content, Flags: m.flags, Components: flatten(m.components),
		Embeds: m.embeds, Files: m.files, ReplyTo: m.reference, Ephemeral: m.only != nil, Loading: m.flags&flagLoading != 0,
		Edits: m.edits, At: m.at,
	}
	if m.author != nil {
		v.Author = m.author.name
	}
	return v
}

// Find returns the first component that has a label, a placeholder or a
// custom_id; false where there is none.
func (m Message) Find(name string) (Component, bool) { return find(m.Components, name) }

// Labels are the labels of the message's buttons.
func (m Message) Labels() []string {
	var out []string
	for _, c := range m.Components {
		if c.Type == typeButton {
			out = append(out, c.Label)
		}
	}
	return out
}

// Strings are all strings of the message that its reader may come to see.
func (m Message) Strings() []string {
	out := []string{m.Content}
	for _, c := range m.Components {
		out = append(out, c.Label, c.Placeholder, c.Text, c.URL)
		for _, i := range c.Items {
			out = append(out, i.Label, i.Description)
		}
	}
	for _, f := range m.Files {
		out = append(out, f.Name, string(f.Data))
	}
	return stringsOf(m.Embeds, out)
}

func find(in []Component, name string) (Component, bool) {
	for _, by := range []func(Component) string{
		func(c Component) string { return c.CustomID },
		func(c Component) string { return c.Label },
		func(c Component) string { return c.Placeholder },
	} {
		for _, c := range in {
			if name != "" && by(c) == name {
				return c, true
			}
		}
	}
	return Component{}, false
}

// flatten reads components as Discord takes them.
func flatten(components []any) []Component {
	var out []Component
	var walk func(any, int, Component)
	walk = func(v any, row int, outer Component) {
		o, ok := v.(object)
		if !ok {
			return
		}
		c := Component{
			Type: number(o, "type"), Row: row, Style: number(o, "style"), CustomID: text(o, "custom_id"), Label: text(o, "label"),
			Placeholder: text(o, "placeholder"), URL: text(o, "url"), Text: text(o, "content"), Disabled: flag(o, "disabled"),
			Value: text(o, "value"), Required: o["required"] != false, Min: 1, Max: 1,
		}
		if c.Label == "" {
			c.Label = outer.Label
		}
		if e, ok := o["emoji"].(object); ok && c.Text == "" {
			c.Text = text(e, "name")
		}
		if c.Type == typeInput {
			c.Min, c.Max = number(o, "min_length"), longestValue
			if has(o, "max_length") {
				c.Max = number(o, "max_length")
			}
		} else {
			if has(o, "min_values") {
				c.Min = number(o, "min_values")
			}
			if has(o, "max_values") {
				c.Max = number(o, "max_values")
			}
		}
		for _, v := range list(o, "options") {
			if i, ok := v.(object); ok {
				c.Items = append(c.Items, Item{text(i, "label"), text(i, "value"), text(i, "description"), flag(i, "default")})
			}
		}
		if c.Type != typeRow && c.Type != typeLabel {
			out = append(out, c)
		}
		for _, key := range []string{"components", "component", "accessory"} {
			for _, inner := range list(o, key) {
				walk(inner, row, c)
			}
			walk(o[key], row, c)
		}
	}
	for row, v := range components {
		walk(v, row, Component{})
	}
	return out
}

// object is the message as an API object.
func (m *message) object() object {
	d := m.channel.d
	author := d.self()
	if m.author != nil {
		author = m.author.object()
	}
	files := []any{}
	for _, f := range m.files {
		files = append(files, f.object())
	}
	o := object{
		"id": m.id, "channel_id": m.channel.ID, "author": author, "content": m.content, "timestamp": stamp(m.at),
		"edited_timestamp": nil, "tts": false, "mention_everyone": false, "mentions": []any{}, "mention_roles": []any{},
		"attachments": files, "embeds": orEmpty(m.embeds), "components": orEmpty(m.components), "pinned": false,
		"type": 0, "flags": m.flags,
	}
	if m.edits > 0 {
		o["edited_timestamp"] = stamp(m.at)
	}
	if m.reference != "" {
		o["type"] = 19
		o["message_reference"] = object{"message_id": m.reference, "channel_id": m.channel.ID}
	}
	if m.nonce != nil {
		o["nonce"] = m.nonce
	}
	if m.of != nil {
		o["application_id"], o["webhook_id"] = d.AppID, d.AppID
		o["type"] = 20
		meta := object{"id": m.of.id, "type": m.of.kind, "user": m.of.reader.user.object()}
		o["interaction_metadata"], o["interaction"] = meta, meta
	}
	answered := m.channel.find(m.reference)
	if answered != nil {
		bare := *answered
		bare.reference = "" // Discord nests once
		o["referenced_message"] = bare.object()
	}
	named := strings.Contains(m.content, d.Mention()) || strings.Contains(m.content, "<@!"+d.AppID+">")
	if named || m.author != nil && answered != nil && answered.author == nil {
		o["mentions"] = []any{d.self()}
	}
	return o
}

func (f File) object() object {
	size := f.Size
	if size == 0 {
		size = int64(len(f.Data))
	}
	return object{"id": f.id, "filename": f.Name, "size": size, "url": f.URL, "proxy_url": f.URL}
}

// host puts files where the CDN serves them. The lock is held.
func (d *Discord) host(c *Channel, files []File) []File {
	out := make([]File, len(files))
	for i, f := range files {
		if f.id == "" {
			f.id = d.newID()
		}
		if f.URL == "" {
			f.URL = d.server.URL + "/attachments/" + c.ID + "/" + f.id + "/" + url.PathEscape(f.Name)
		}
		d.attachments[f.URL] = f
		out[i] = f
	}
	return out
}

// post adds a message to a channel and tells the gateway. The lock is held.
func (d *Discord) post(m *message) {
	m.id, m.at = d.newID(), d.now()
	m.files = d.host(m.channel, m.files)
	m.channel.messages = append(m.channel.messages, m)
	d.touch(m)
	if m.only == nil {
		d.announce("MESSAGE_CREATE", m)
	}
}

// touch notes that a message has changed. The lock is held.
func (d *Discord) touch(m *message) {
	d.tick++
	m.changed, m.channel.changed = d.tick, d.tick
	d.broadcast()
}

// drop deletes a message. The lock is held.
func (d *Discord) drop(m *message) {
	m.deleted = true
	d.touch(m)
	if m.only == nil {
		event := object{"id": m.id, "channel_id": m.channel.ID}
		if m.channel.guild != nil {
			event["guild_id"] = m.channel.guild.ID
		}
		d.dispatch(m.channel.guild, m.channel.intent(), "MESSAGE_DELETE", event)
	}
}

// announce dispatches a message, with its content where an app without
// MESSAGE_CONTENT gets it. The lock is held.
func (d *Discord) announce(event string, m *message) {
	o := m.object()
	if g := m.channel.guild; g != nil {
		o["guild_id"] = g.ID
		if r := g.reader(m.author); r != nil {
			member := r.member()
			delete(member, "user")
			o["member"] = member
		}
		if m.author != nil && len(o["mentions"].([]any)) == 0 {
			bare := object{}
			for k, v := range o {
				bare[k] = v
			}
			bare["content"], bare["embeds"], bare["attachments"], bare["components"] = "", []any{}, []any{}, []any{}
			d.dispatchContent(g, m.channel.intent(), event, bare, o)
			return
		}
	}
	d.dispatch(m.channel.guild, m.channel.intent(), event, o)
}

// intent is the one with which messages of the channel arrive.
func (c *Channel) intent() int {
	if c.guild == nil {
		return intentDirect
	}
	return intentMessages
}

// reader returns the member that a user is; nil: none.
func (g *Guild) reader(u *user) *Reader {
	for _, r := range g.readers {
		if u != nil && r.user == u {
			return r
		}
	}
	return nil
}
