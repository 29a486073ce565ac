package slack

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/slack-go/slack"
)

// remembered is for how long, and mostRemembered of how many, what Slack says of
// somebody is not asked again.
const (
	remembered     = 10 * time.Minute
	mostRemembered = 10_000
)

// member is somebody, as Slack tells.
type member struct {
	name      string   // as the workspace calls them; empty: nobody knows
	team      string   // their workspace's ID; empty: Slack does not say
	teams     []string // of an organisation's: those of all workspaces that they are in
	moderates bool     // they own or administrate dogear's workspace, if they are of it
}

// of reports whether somebody is of a workspace.
func (m member) of(team string) bool { return m.team == team || slices.Contains(m.teams, team) }

var errNobody = errors.New("look somebody up: nobody is named")

func newMembers() *otter.Cache[string, member] {
	return otter.Must(&otter.Options[string, member]{
		MaximumSize: mostRemembered, ExpiryCalculator: otter.ExpiryWriting[string, member](remembered),
	})
}

// member returns somebody as Slack told within the last minutes. All who ask at
// once wait for the same answer, and not for long. Whoever moderates does so in
// their own workspace: ask member.of. Nobody is looked up where none is named.
func (a *api) member(ctx context.Context, user string) (member, error) {
	if user == "" {
		return member{}, errNobody
	}
	return a.members.Get(ctx, user, otter.LoaderFunc[string, member](a.look))
}

// look asks Slack who somebody is. That one who waits goes away does not take the
// answer from the others.
func (a *api) look(ctx context.Context, user string) (member, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.limits.lookup)
	defer cancel()
	var u *slack.User
	_, err := a.do(ctx, call{what: "look somebody up", repeat: true, reads: true, ask: func(ctx context.Context) (err error) {
		u, err = a.client.GetUserInfoContext(ctx, user)
		return err
	}})
	if err != nil {
		return member{}, err
	}
	machine := u.IsBot || u.IsWorkflowBot || u.IsConnectorBot
	return member{
		name: cmp.Or(strings.TrimSpace(u.Profile.DisplayName), strings.TrimSpace(u.RealName), strings.TrimSpace(u.Profile.RealName), u.Name),
		team: u.TeamID, teams: u.Enterprise.Teams,
		moderates: (u.IsAdmin || u.IsOwner || u.IsPrimaryOwner) &&
			!machine && !u.Deleted && !u.IsStranger && !u.IsRestricted && !u.IsUltraRestricted,
	}, nil
}
