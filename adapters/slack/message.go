package slack

import (
	"slices"

	"github.com/slack-go/slack"

	"dogear/bot/reply"
)

// Slack's limits, and dogear's where they are stricter. Texts are counted in
// UTF-16 code units, so that they hold however Slack counts.
const (
	longestText     = 3000  // of a message, and of a section
	longestHeader   = 150   // of a header block
	longestLabel    = 75    // of a button, an option, and an option's value
	longestValue    = 2000  // of a button
	longestID       = 255   // of an action and a block
	longestTitle    = 24    // of a modal, its submit and its close
	longestMetadata = 3000  // of a modal, kept with it unseen
	longestBlocks   = 12000 // of all blocks of a message, as JSON in bytes
	mostBlocks      = 50    // in a message
	mostViewBlocks  = 100   // in a view
	mostInBlock     = 25    // elements of an actions block
	mostChoices     = 100   // options of a menu
)

// message is what dogear says in a channel, a direct message or to one reader.
type message struct {
	text   string // all that it says, escaped: notifications and screen readers take it
	blocks []slack.Block
}

// without returns messages without the buttons for an action.
func without(messages []message, action reply.Action) []message {
	for i, m := range messages {
		var blocks []slack.Block
		for _, b := range m.blocks {
			row, ok := b.(*slack.ActionBlock)
			if !ok {
				blocks = append(blocks, b)
				continue
			}
			row.Elements.ElementSet = slices.DeleteFunc(row.Elements.ElementSet, func(e slack.BlockElement) bool {
				p, ours := parseActionID(actionIDOf(e))
				return ours && p.action == action
			})
			if len(row.Elements.ElementSet) > 0 {
				blocks = append(blocks, row)
			}
		}
		messages[i].blocks = blocks
	}
	return messages
}

// view is a modal, or the app's home.
type view struct {
	callback string // what submitting it does; empty: it can't be submitted
	title    string // of a modal
	submit   string // the words of that button; empty: there is none
	close    string // the same; empty: Slack's own word
	metadata string // what dogear wants to know again; no text of anybody's
	blocks   []slack.Block
}

// viewTitle is what stands over every modal.
const viewTitle = "dogear"
