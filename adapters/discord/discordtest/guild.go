package discordtest

import (
	"slices"
	"strconv"
	"time"
)

// Guild is a server.
type Guild struct {
	ID, Name string

	d       *Discord
	locale  string
	away    bool // an outage
	removed bool // the bot is no longer in it
	readers []*Reader
	rooms   []*Channel
	roles   []role
}

type role struct{ id, name string }

// Channel is a channel of a guild, a thread, or a direct message.
type Channel struct {
	ID, Name string

	d        *Discord
	kind     int
	guild    *Guild   // nil: a direct message
	parent   *Channel // of a thread
	reader   *user    // of a direct message
	archived bool     // of a thread
	refusal  int      // the code with which the bot is refused; 0: it is not
	messages []*message
	changed  int64
}

// Kinds of channels.
const (
	kindText   = 0
	kindDM     = 1
	kindThread = 11
)

// Guild returns the server of a name. The first call adds the bot to it.
func (d *Discord) Guild(name string) *Guild {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, g := range d.guilds {
		if g.Name == name {
			return g
		}
	}
	g := &Guild{ID: d.newGuildID(), Name: name, d: d, locale: "en-US"}
	g.roles = []role{{g.ID, "@everyone"}}
	d.guilds = append(d.guilds, g)
	d.dispatch(g, intentGuilds, "GUILD_CREATE", g.full())
	return g
}

// Locale sets the language that the server prefers.
func (g *Guild) Locale(locale string) *Guild {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	g.locale = locale
	return g
}

// Shard is the shard, of so many, that has the guild.
func (g *Guild) Shard(of int) int { return shardOf(g.ID, of) }

// Remove removes the bot from the server.
func (g *Guild) Remove() {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	g.removed = true
	g.d.dispatch(g, intentGuilds, "GUILD_DELETE", object{"id": g.ID})
}

// Outage makes the server unavailable, which is no removal.
func (g *Guild) Outage() {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	g.away = true
	g.d.dispatch(g, intentGuilds, "GUILD_DELETE", object{"id": g.ID, "unavailable": true})
}

// Return ends an outage, or adds the bot again.
func (g *Guild) Return() {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	g.away, g.removed = false, false
	g.d.dispatch(g, intentGuilds, "GUILD_CREATE", g.full())
}

// Channel returns the text channel of a name, which the first call makes.
func (g *Guild) Channel(name string) *Channel { return g.room(name, kindText, nil) }

// Thread returns the thread of a name in the channel, which the first call
// makes.
func (c *Channel) Thread(name string) *Channel { return c.guild.room(name, kindThread, c) }

func (g *Guild) room(name string, kind int, parent *Channel) *Channel {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	for _, c := range g.rooms {
		if c.Name == name && c.kind == kind && c.parent == parent {
			return c
		}
	}
	c := &Channel{ID: g.d.newID(), Name: name, d: g.d, kind: kind, guild: g, parent: parent}
	g.rooms = append(g.rooms, c)
	g.d.channels[c.ID] = c
	event := "CHANNEL_CREATE"
	if kind == kindThread {
		event = "THREAD_CREATE"
	}
	g.d.dispatch(g, intentGuilds, event, c.object())
	return c
}

// Delete deletes the channel with all its messages.
func (c *Channel) Delete() {
	c.d.mu.Lock()
	defer c.d.mu.Unlock()
	delete(c.d.channels, c.ID)
	c.guild.rooms = slices.DeleteFunc(c.guild.rooms, func(other *Channel) bool { return other == c })
	c.d.dispatch(c.guild, intentGuilds, "CHANNEL_DELETE", c.object())
	c.d.broadcast()
}

// Refuse refuses the bot whatever it wants of the channel over REST with one of
// Discord's codes: 50001 (no access), 50013 (no permission), 50007 (a direct
// message that its reader does not want). 0 refuses it nothing.
func (c *Channel) Refuse(code int) {
	c.d.mu.Lock()
	defer c.d.mu.Unlock()
	c.refusal = code
}

// Archive archives a thread: nothing in it can be changed until it is opened
// again, as a new message does.
func (c *Channel) Archive() {
	c.d.mu.Lock()
	defer c.d.mu.Unlock()
	c.archived = true
}

// Messages are what everybody in the channel sees, oldest first.
func (c *Channel) Messages() []Message { return c.seenBy(nil) }

func (c *Channel) seenBy(u *user) []Message {
	c.d.mu.Lock()
	defer c.d.mu.Unlock()
	var out []Message
	for _, m := range c.messages {
		if m.visible(u) {
			out = append(out, m.view())
		}
	}
	return out
}

func shardOf(guild string, of int) int {
	id, _ := strconv.ParseInt(guild, 10, 64)
	return int((id >> 22) % int64(max(of, 1)))
}

// object is the channel as an API object.
func (c *Channel) object() object {
	o := object{"id": c.ID, "type": c.kind, "name": c.Name, "last_message_id": nil}
	switch {
	case c.guild == nil:
		delete(o, "name")
		o["recipients"] = []any{c.reader.object()}
		return o
	case c.parent != nil:
		o["parent_id"] = c.parent.ID
		o["owner_id"] = c.d.AppID
		o["thread_metadata"] = object{"archived": c.archived, "auto_archive_duration": 1440, "archive_timestamp": stamp(time.Now()), "locked": false}
	}
	o["guild_id"] = c.guild.ID
	return o
}

// full is the guild as GUILD_CREATE has it.
func (g *Guild) full() object {
	o := g.brief()
	channels, threads, members, roles := []any{}, []any{}, []any{}, []any{}
	for _, c := range g.rooms {
		if c.parent != nil {
			threads = append(threads, c.object())
		} else {
			channels = append(channels, c.object())
		}
	}
	for _, r := range g.readers {
		members = append(members, r.member())
	}
	for _, r := range g.roles {
		roles = append(roles, object{"id": r.id, "name": r.name, "permissions": "0"})
	}
	o["channels"], o["threads"], o["members"], o["roles"] = channels, threads, members, roles
	o["member_count"], o["large"], o["unavailable"] = len(members), false, false
	o["joined_at"] = stamp(g.d.now())
	return o
}

func (g *Guild) brief() object {
	return object{"id": g.ID, "name": g.Name, "preferred_locale": g.locale, "owner": false, "permissions": "0", "features": []any{}}
}

// Private returns a private thread of a channel.
func (c *Channel) Private(name string) *Channel { return c.guild.room(name, 12, c) }

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
