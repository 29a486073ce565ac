package slack

import (
	"context"
	"encoding/json"
)

// delivery is something that Slack has delivered, whichever way it came.
type delivery struct {
	kind deliveryKind
	// payload is what it holds: of a command, an object of strings.
	payload json.RawMessage
	// ack tells Slack that it has arrived, which has 3 s from then; answer goes
	// with it, nil: nothing. What is not acknowledged Slack delivers again, or
	// tells its reader that it failed. Only the first call counts.
	ack func(ctx context.Context, answer any) error
}

// deliveryKind says what a delivery is, as Socket Mode names it.
type deliveryKind string

const (
	commands     deliveryKind = "slash_commands"
	interactions deliveryKind = "interactive" // presses, choices, modals, shortcuts, what is typed into a menu
	events       deliveryKind = "events_api"
)
