package slack

import (
	"context"
	"regexp"
	"slices"

	"dogear/bot"
)

// person is somebody on Slack.
type person struct {
	user  string
	teams []string // their workspaces, as the payload says; empty ones say nothing
}

// meet finds out who asks: it sets x.guest and, without what they ask for, x.req.
// Whoever is not known moderates nothing.
func (s *Slack) meet(ctx context.Context, x *exchange) {
	var m member
	if x.who.user != "" {
		var err error
		if m, err = s.api.member(ctx, x.who.user); err != nil {
			s.log.WarnContext(ctx, "who a reader is is not known", "cause", err)
		}
	}
	x.guest = s.guest(x.who, m)
	seat := bot.Seat{Club: s.club(), Reader: readerID(s.self.team, x.who.user), Channel: bot.ChannelID(x.channel)}
	if x.guest {
		seat.Reader = readerID(s.foreign(append(x.who.teams, m.team)), x.who.user)
		x.req = bot.Request{Seat: seat, ByBook: true, Lacks: notHere}
		return
	}
	x.req = bot.Request{
		Seat: seat, ByBook: true, Lacks: notHere, Name: m.name, Moderator: m.moderates && m.of(s.self.team),
		Roles: []string{x.who.user}, // Slack has no roles: who is trusted is trusted by name
	}
}

// notHere reports what nobody can ask for on Slack: replies have buttons for what
// is about them, and a command takes no file.
func notHere(cmd bot.Command) bool { return cmd.OfReply() || cmd.TakesFile() }

// guest reports whether somebody is not of dogear's own workspace, or is not known to
// be. They see what the channel may see, and nothing else. The zero member is
// somebody of whom Slack does not say who they are.
//
// A payload names the workspace where something was done, or another one of their
// organisation's. Where Slack says that they are of none, it counts.
func (s *Slack) guest(p person, m member) bool {
	elsewhere := s.foreign(p.teams) != ""
	switch {
	case p.user == "":
		return true
	case m.team == "":
		return elsewhere || !slices.Contains(p.teams, s.self.team)
	case elsewhere && len(m.teams) == 0:
		return true
	}
	return !m.of(s.self.team)
}

// foreign returns one of several workspaces that is not dogear's own; empty: none is.
func (s *Slack) foreign(teams []string) string {
	i := slices.IndexFunc(teams, func(t string) bool { return t != "" && t != s.self.team })
	if i < 0 {
		return ""
	}
	return teams[i]
}

// club returns the club that dogear's workspace is.
func (s *Slack) club() bot.ClubID { return bot.ClubID(Platform + s.self.team) }

func readerID(team, user string) bot.ReaderID { return bot.ReaderID(Platform + team + "." + user) }

// called is somebody whom a reader has named, as Slack passes that on.
var called = regexp.MustCompile(`^<@([A-Z0-9]+)(?:\|[^>]*)?>$`)

// resolve puts the IDs of people into the options of a command that take a role or
// a reader.
func (s *Slack) resolve(cmd bot.Command, options map[string]string) {
	for _, o := range cmd.Options {
		switch m := called.FindStringSubmatch(options[o.Name]); {
		case m == nil:
		case o.Role:
			options[o.Name] = m[1]
		case o.Name == "reader":
			options[o.Name] = string(readerID(s.self.team, m[1]))
		}
	}
}
