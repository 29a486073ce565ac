package slack

import (
	"net/url"
	"strings"

	"dogear/bot/reply"
)

// Actions of dogear's own, which are no control's.
const (
	// revealAction is what pressing the button of a cover does.
	revealAction reply.Action = "reveal"
	// doAction runs the command that a control stands for by itself.
	doAction reply.Action = "do"
)

// pressed is what an element's action_id says: an action on the reply or the
// cover that a ticket names, with a value where the element stands for one.
// It holds no text of a book or a reader.
type pressed struct {
	action reply.Action
	ticket reply.Ticket
	value  string // empty: none, or it comes with the choice of a menu
}

// actionID returns what parseActionID reads.
func (p pressed) actionID() string {
	return strings.Join([]string{string(p.action), string(p.ticket), p.value}, ":")
}

// parseActionID returns what an element was made for; false where it is none of
// dogear's.
func parseActionID(id string) (pressed, bool) {
	parts := strings.Split(id, ":")
	if len(parts) != 3 || parts[0] == "" {
		return pressed{}, false
	}
	return pressed{reply.Action(parts[0]), reply.Ticket(parts[1]), parts[2]}, true
}

// doID returns the action_id of what does a command, with options, and asks for
// another one of them; asks is empty where it asks for none. Its ticket's place
// has the options, its value's the command and what it asks for.
func doID(command string, options map[string]string, asks string) string {
	given := url.Values{}
	for name, v := range options {
		given.Set(name, v)
	}
	return pressed{doAction, reply.Ticket(given.Encode()), url.QueryEscape(command) + "/" + asks}.actionID()
}

// does returns what doID was made of; false where it was not.
func (p pressed) does() (command string, options map[string]string, asks string, ok bool) {
	given, err := url.ParseQuery(string(p.ticket))
	if p.action != doAction || err != nil {
		return "", nil, "", false
	}
	options = map[string]string{}
	for name := range given {
		options[name] = given.Get(name)
	}
	command, asks, ok = strings.Cut(p.value, "/")
	if command, err = url.QueryUnescape(command); err != nil {
		return "", nil, "", false
	}
	return command, options, asks, ok
}
