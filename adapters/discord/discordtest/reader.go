package discordtest

import (
	"fmt"
	"strconv"
)

// Permissions of members that dogear or Discord looks at.
const (
	Administrator  int64 = 1 << 3
	ManageChannels int64 = 1 << 4
	ManageGuild    int64 = 1 << 5
	ManageMessages int64 = 1 << 13
	ordinary       int64 = 1<<10 | 1<<11 | 1<<31 // see channels, send messages, use commands
)

type user struct {
	id, name, locale string
	bot              bool
	dm               *Channel // nil: none yet
}

// Reader is a person where they act: in a server, or alone with the bot.
type Reader struct {
	ID, Name string

	d           *Discord
	user        *user
	guild       *Guild // nil: alone with the bot
	nick        string
	roles       []string
	permissions int64
}

// User returns the person of a name, alone with the bot. A Member of the same
// name is the same person.
func (d *Discord) User(name string) *Reader {
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.user(name)
	return &Reader{ID: u.id, Name: name, d: d, user: u}
}

func (d *Discord) user(name string) *user {
	u := d.users[name]
	if u == nil {
		u = &user{id: d.newID(), name: name, locale: "en-US"}
		d.users[name] = u
	}
	return u
}

// Member returns the member of a name, who joins with the first call.
func (g *Guild) Member(name string) *Reader {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	for _, r := range g.readers {
		if r.Name == name {
			return r
		}
	}
	u := g.d.user(name)
	r := &Reader{ID: u.id, Name: name, d: g.d, user: u, guild: g, permissions: ordinary}
	g.readers = append(g.readers, r)
	return r
}

// Role gives the member roles by their names.
func (r *Reader) Role(names ...string) *Reader {
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	for _, name := range names {
		r.roles = append(r.roles, r.guild.role(name))
	}
	return r
}

// Role returns the id of the role of a name, which the first call makes.
func (g *Guild) Role(name string) string {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	return g.role(name)
}

func (g *Guild) role(name string) string {
	for _, r := range g.roles {
		if r.name == name {
			return r.id
		}
	}
	id := g.d.newID()
	g.roles = append(g.roles, role{id, name})
	return id
}

// May sets what a member may do beside reading and writing; 0: nothing.
func (r *Reader) May(permissions int64) *Reader {
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	r.permissions = ordinary | permissions
	return r
}

// Nick sets the member's name in the server.
func (r *Reader) Nick(nick string) *Reader {
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	r.nick = nick
	return r
}

// Locale sets the language of the person's client.
func (r *Reader) Locale(locale string) *Reader {
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	r.user.locale = locale
	return r
}

// Bot makes the person another bot.
func (r *Reader) Bot() *Reader {
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	r.user.bot = true
	return r
}

// Direct returns the direct messages between the person and the bot.
func (r *Reader) Direct() *Channel {
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	return r.d.direct(r.user)
}

func (d *Discord) direct(u *user) *Channel {
	if u.dm == nil {
		u.dm = &Channel{ID: d.newID(), Name: "@" + u.name, d: d, kind: kindDM, reader: u}
		d.channels[u.dm.ID] = u.dm
	}
	return u.dm
}

// Sees are the messages of a channel that the reader sees, those meant for them
// alone among them.
func (r *Reader) Sees(c *Channel) []Message { return c.seenBy(r.user) }

// in returns where the reader acts in a channel: in its server, or alone.
func (r *Reader) in(c *Channel) *Reader {
	if c.guild == nil {
		return &Reader{ID: r.ID, Name: r.Name, d: r.d, user: r.user}
	}
	return r
}

func (u *user) object() object {
	o := object{"id": u.id, "username": u.name, "global_name": u.name, "discriminator": "0", "avatar": nil, "public_flags": 0}
	if u.bot {
		o["bot"] = true
	}
	return o
}

// self is the bot's own user.
func (d *Discord) self() object {
	return object{"id": d.AppID, "username": "dogear", "global_name": nil, "discriminator": "0", "avatar": nil, "bot": true, "public_flags": 0}
}

func (r *Reader) member() object {
	roles := []any{}
	for _, id := range r.roles {
		roles = append(roles, id)
	}
	o := object{
		"user": r.user.object(), "roles": roles, "nick": nil, "avatar": nil, "flags": 0, "deaf": false, "mute": false,
		"joined_at": "2024-01-01T00:00:00Z", "permissions": strconv.FormatInt(r.permissions, 10),
	}
	if r.nick != "" {
		o["nick"] = r.nick
	}
	return o
}

// Mention is the markup that names the bot.
func (d *Discord) Mention() string { return fmt.Sprintf("<@%s>", d.AppID) }
