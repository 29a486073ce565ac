package slack

import (
	"context"
	"regexp"

	"dogear/bot"
)

// person is somebody on Slack.
type person struct {
	user  string
	teams []string // their workspaces, as the payload says; empty ones say nothing
}

// guest reports whether somebody is not of dogear's own workspace, or is not known to
// be. They see what the channel may see, and nothing else.
//
// A payload names the workspace where something was done, or another one of their
// organisation's. Where Slack says that they are of none, it counts.
func (s *Slack) guest(ctx context.Context, p person) bool {
	if p.user == "" {
		return true
	}
	told, elsewhere := false, false
	for _, team := range p.teams {
		told = told || team != ""
		elsewhere = elsewhere || team != "" && team != s.self.team
	}
	m, err := s.api.member(ctx, p.user)
	switch {
	case err != nil || m.team == "":
		return !told || elsewhere
	case elsewhere && len(m.teams) == 0:
		return true
	}
	return !m.of(s.self.team)
}

// request returns a request of somebody's, without what they ask for. Whoever is
// not known moderates nothing.
func (s *Slack) request(ctx context.Context, p person, channel string) bot.Request {
	req := bot.Request{
		Seat:   bot.Seat{Club: s.club(), Reader: readerID(s.self.team, p.user), Channel: bot.ChannelID(channel)},
		ByBook: true,
		Roles:  []string{p.user}, // Slack has no roles: who is trusted is trusted by name
	}
	m, err := s.api.member(ctx, p.user)
	if err != nil {
		s.log.WarnContext(ctx, "who a reader is is not known", "cause", err)
		return req
	}
	req.Name, req.Moderator = m.name, m.moderates && m.of(s.self.team)
	return req
}

// guestRequest returns a request of somebody of another workspace.
func (s *Slack) guestRequest(p person, channel string) bot.Request {
	team := ""
	for _, t := range p.teams {
		if t != "" && t != s.self.team {
			team = t
		}
	}
	return bot.Request{
		Seat:   bot.Seat{Club: s.club(), Reader: readerID(team, p.user), Channel: bot.ChannelID(channel)},
		ByBook: true,
	}
}

// club returns the club that dogear's workspace is.
func (s *Slack) club() bot.ClubID { return bot.ClubID(Platform + s.self.team) }

func readerID(team, user string) bot.ReaderID { return bot.ReaderID(Platform + team + "." + user) }

// called is somebody whom a reader has named, as Slack passes that on.
var called = regexp.MustCompile(`^<@([A-Z0-9]+)(?:\|[^>]*)?>$`)

// resolve puts the IDs of people into the options of a command that take a role.
func resolve(cmd bot.Command, options map[string]string) {
	for _, o := range cmd.Options {
		if m := called.FindStringSubmatch(options[o.Name]); o.Role && m != nil {
			options[o.Name] = m[1]
		}
	}
}
