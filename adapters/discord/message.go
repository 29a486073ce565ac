package discord

import (
	"slices"

	"github.com/bwmarrin/discordgo"

	"dogear/bot/reply"
)

// message is one message as Discord takes it. The zero message is empty, which
// Discord refuses.
type message struct {
	content    string // in Discord's Markdown, at most longestContent
	components []discordgo.MessageComponent
	files      []file
}

// file is a file that goes with a message.
type file struct {
	name string // of dogear's own
	data []byte
}

// Discord's limits, in UTF-16 code units where they are about text
// (https://discord.com/developers/docs/resources/message).
const (
	longestContent  = 2000
	longestLabel    = 80  // of a button
	longestCustomID = 100 // unique in its message
	longestChoice   = 100 // of a select or an autocompletion: name and value
	longestTitle    = 45  // of a modal, and of what stands over its fields
	longestHint     = 100 // in an empty field of a modal
	mostChoices     = 25
	mostRows        = 5
	mostInRow       = 5
	// mostMessages is how many messages one reply may take: as many as Discord
	// lets follow an interaction where the app is not in the server.
	mostMessages = 5
)

// without returns messages without the buttons for an action.
func without(messages []message, action reply.Action) []message {
	for i, m := range messages {
		var rows []discordgo.MessageComponent
		for _, c := range m.components {
			row, ok := c.(discordgo.ActionsRow)
			if !ok {
				rows = append(rows, c)
				continue
			}
			row.Components = slices.DeleteFunc(row.Components, func(c discordgo.MessageComponent) bool {
				button, ok := c.(discordgo.Button)
				p, ours := parseCustomID(button.CustomID)
				return ok && ours && p.action == action
			})
			if len(row.Components) > 0 {
				rows = append(rows, row)
			}
		}
		messages[i].components = rows
	}
	return messages
}
