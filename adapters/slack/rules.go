package slack

import (
	"github.com/slack-go/slack"

	"dogear/bot/reply"
)

// rules are what keeps texts that are not dogear's own from being anything but
// text, and a message what Slack takes: each so that a test can do without it.
type rules struct {
	flat      func(string) string
	normalise func(string) string // of data, which has lines
	fit       func(before, text, after string) string
	cite      func(*reply.Language, reply.Citation) string
	text      func([]line) string
	blocks    func([]line) []slack.Block
	ending    func(*draft) []slack.Block
	holds     func(message, []line) bool
	holdsView func(view, []line) bool
}

func everyRule() rules {
	return rules{flat, normalise, fit, cite, textOf, blocksOf, (*draft).ending, holds, holdsView}
}
