package discord

import (
	"strings"

	"dogear/bot/reply"
)

// revealAction is what pressing the button of a cover does. It is no
// reply.Action: a cover is no control.
const revealAction reply.Action = "reveal"

// pressed is what a component's custom_id says: an action, on the reply or the
// cover that a ticket names, with a value where the component stands for one.
// It holds no text of a book or a reader.
type pressed struct {
	action reply.Action
	ticket reply.Ticket
	value  string // empty: none, or it comes with the press of a select
}

// customID returns what parseCustomID reads; both parts are of letters, digits,
// dots and hyphens, and far shorter than longestCustomID.
func (p pressed) customID() string {
	return strings.Join([]string{string(p.action), string(p.ticket), p.value}, ":")
}

// parseCustomID returns what a component was made for; false where it is none
// of dogear's.
func parseCustomID(id string) (pressed, bool) {
	parts := strings.Split(id, ":")
	if len(parts) != 3 || parts[0] == "" {
		return pressed{}, false
	}
	return pressed{reply.Action(parts[0]), reply.Ticket(parts[1]), parts[2]}, true
}
