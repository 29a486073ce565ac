package slacktest

import (
	"cmp"
	"strings"
)

// person is somebody with an account.
type person struct {
	id, name     string
	team         string
	display      string
	admin, owner bool
	bot          bool
	guest        bool   // of another workspace, in shared channels
	outside      bool   // of another workspace that has nothing to do with this one
	organisation string // that their workspace belongs to; empty: to none
	elsewhere    string // another workspace of it that they are in
	left         map[*Channel]bool
	dm           *Channel // nil: none yet
	stack        []*view  // open modals, the top one last
	home         *view    // nil: none was published
	closed       int64    // when a modal was closed last, in ticks
}

// User is somebody who acts.
type User struct {
	ID, Name string

	s    *Slack
	p    *person
	idle bool // nothing is expected to come of what they do
}

// User returns the workspace's member of a name.
func (s *Slack) User(name string) *User { return s.somebody(name, func(*person) {}) }

// Guest returns the person of a name who belongs to another workspace, and is in
// this one's shared channels.
func (s *Slack) Guest(name string) *User {
	return s.somebody(name, func(p *person) { p.guest, p.team = true, id("T") })
}

// Outsider returns the person of a name in another workspace, who sees nothing of
// this one. What they do is delivered as of theirs.
func (s *Slack) Outsider(name string) *User {
	return s.somebody(name, func(p *person) { p.outside, p.team = true, id("T") })
}

func (s *Slack) somebody(name string, make func(*person)) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.people {
		if p.name == name {
			return &User{ID: p.id, Name: name, s: s, p: p}
		}
	}
	p := &person{id: id("U"), name: name, team: s.TeamID, left: map[*Channel]bool{}}
	make(p)
	s.people = append(s.people, p)
	return &User{ID: p.id, Name: name, s: s, p: p}
}

// Admin makes the member an admin of the workspace.
func (u *User) Admin() *User { return u.set(func(p *person) { p.admin = true }) }

// Owner makes the member an owner of the workspace, who is an admin too.
func (u *User) Owner() *User { return u.set(func(p *person) { p.admin, p.owner = true, true }) }

// Bot makes the member another app's bot.
func (u *User) Bot() *User { return u.set(func(p *person) { p.bot = true }) }

// Organised makes the member one of an organisation with several workspaces. Of those
// Slack tells otherwise: what they do names the organisation as theirs, and
// users.info another of its workspaces, with all that they are in beside it.
func (u *User) Organised() *User {
	return u.set(func(p *person) { p.organisation, p.elsewhere = id("E"), id("T") })
}

// Called sets the member's display name.
func (u *User) Called(name string) *User { return u.set(func(p *person) { p.display = name }) }

// Leave takes the member out of a channel.
func (u *User) Leave(c *Channel) *User { return u.set(func(p *person) { p.left[c] = true }) }

// Join takes the member into a channel that they have left.
func (u *User) Join(c *Channel) *User { return u.set(func(p *person) { delete(p.left, c) }) }

// Reload is what loading Slack anew does: what was shown to the member alone in
// a channel is gone, and so are open modals.
func (u *User) Reload() *User {
	return u.set(func(p *person) {
		p.stack = nil
		for _, c := range u.s.channels {
			for _, m := range c.messages {
				m.deleted = m.deleted || m.only == p
			}
		}
	})
}

func (u *User) set(do func(*person)) *User {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	do(u.p)
	return u
}

// Unanswered returns the same person; it is no failure if nothing comes of what
// they do.
func (u *User) Unanswered() *User {
	idle := *u
	idle.idle = true
	return &idle
}

// DMs returns the direct messages between the person and the bot.
func (u *User) DMs() *Channel {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.s.direct(u.p)
}

func (s *Slack) direct(p *person) *Channel {
	if p.dm == nil {
		p.dm = &Channel{ID: id("D"), Name: "directmessage", s: s, with: p}
		s.channels = append(s.channels, p.dm)
	}
	return p.dm
}

// person returns who has an id; nil: nobody. The lock is held.
func (s *Slack) person(id string) *person {
	for _, p := range s.people {
		if p.id == id {
			return p
		}
	}
	return nil
}

// account is what users.info tells.
func (s *Slack) account(p *person) object {
	foreign := p.team != s.TeamID
	o := object{
		"id": p.id, "team_id": p.team, "name": strings.ToLower(p.name), "real_name": p.name, "deleted": false,
		"is_admin": p.admin, "is_owner": p.owner, "is_primary_owner": false, "is_bot": p.bot, "is_app_user": false,
		"is_restricted": false, "is_ultra_restricted": false, "tz": "Europe/London", "tz_offset": 0,
		"profile": object{
			"real_name": p.name, "real_name_normalized": p.name, "display_name": p.display,
			"display_name_normalized": p.display, "team": p.team,
		},
	}
	if p.organisation != "" {
		o["team_id"] = p.elsewhere
		o["enterprise_user"] = object{"id": p.id, "enterprise_id": p.organisation, "enterprise_name": "club", "teams": []any{p.elsewhere, p.team}}
	}
	if foreign {
		o["is_stranger"] = true
		for _, key := range []string{"is_admin", "is_owner", "is_primary_owner"} {
			delete(o, key)
		}
	}
	return o
}

// actor is who did something, as an interaction tells.
func (p *person) actor() object {
	name := strings.ToLower(p.name)
	return object{"id": p.id, "username": name, "name": name, "team_id": cmp.Or(p.organisation, p.team)}
}
