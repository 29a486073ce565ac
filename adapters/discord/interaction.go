package discord

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/bwmarrin/discordgo"
)

// interaction is something that a reader did in Discord's client, as far as
// dogear reads it. The SDK's own type does not decode where a message holds a
// component that it does not know.
type interaction struct {
	ID          string                    `json:"id"`
	Application string                    `json:"application_id"`
	Type        discordgo.InteractionType `json:"type"`
	Token       string                    `json:"token"`
	Guild       string                    `json:"guild_id"` // empty: a direct message
	ChannelID   string                    `json:"channel_id"`
	Channel     channel                   `json:"channel"`
	Member      *member                   `json:"member"` // nil: a direct message
	User        *user                     `json:"user"`   // nil: in a server, where Member has it
	Locale      string                    `json:"locale"`
	GuildLocale string                    `json:"guild_locale"`
	Rights      string                    `json:"app_permissions"` // of dogear in the channel: a bit set in decimal
	Data        interactionData           `json:"data"`
	Message     *shownMessage             `json:"message"` // on which a component was used; nil: on none

	// first sends the first response, of which there is one: over REST where
	// the gateway brought the interaction, else as the answer to the request
	// that did.
	first func(context.Context, response) error
}

// interactionData is what was done: a command with its options, a component
// with what was chosen, a modal with what was typed.
type interactionData struct {
	Name       string               `json:"name"`
	Options    []interactionOption  `json:"options"`
	CustomID   string               `json:"custom_id"`
	Values     []string             `json:"values"`
	Components []submittedComponent `json:"components"`
	Resolved   struct {
		Attachments map[string]attachment `json:"attachments"`
	} `json:"resolved"`
}

// interactionOption is an option of a command, or a subcommand with its own.
type interactionOption struct {
	Name    string                                 `json:"name"`
	Type    discordgo.ApplicationCommandOptionType `json:"type"`
	Value   any                                    `json:"value"`
	Options []interactionOption                    `json:"options"`
	Focused bool                                   `json:"focused"`
}

// submittedComponent is a field of a modal, or what holds one.
type submittedComponent struct {
	CustomID   string               `json:"custom_id"`
	Value      string               `json:"value"`
	Component  *submittedComponent  `json:"component"`
	Components []submittedComponent `json:"components"`
}

// attachment is a file that a reader handed over.
type attachment struct {
	Filename string `json:"filename"`
	Size     int64  `json:"size"` // bytes, as Discord says
	URL      string `json:"url"`
}

// shownMessage is a message that a reader sees.
type shownMessage struct {
	Flags discordgo.MessageFlags `json:"flags"`
}

// ephemeral reports whether only one reader sees the message.
func (m *shownMessage) ephemeral() bool {
	return m != nil && m.Flags&discordgo.MessageFlagsEphemeral != 0
}

type member struct {
	User        *user    `json:"user"`
	Nick        string   `json:"nick"`
	Roles       []string `json:"roles"`
	Permissions string   `json:"permissions"` // a bit set in decimal; empty: not told
}

type user struct {
	ID       string `json:"id"`
	Name     string `json:"global_name"`
	Username string `json:"username"`
	Bot      bool   `json:"bot"`
}

// channel is a channel or a thread. The zero channel is one of which nothing is
// known.
type channel struct {
	ID     string                `json:"id"`
	Type   discordgo.ChannelType `json:"type"`
	Parent string                `json:"parent_id"` // of a thread: the channel that it belongs to
}

// response is the first response to an interaction.
type response struct {
	kind    discordgo.InteractionResponseType
	private bool     // only the reader sees it
	message message  // of a message
	modal   *modal   // of a modal
	choices []choice // of an autocompletion
}

// choice is a value to choose, with the words that the reader sees.
type choice struct{ name, value string }

// modal is a form that Discord shows.
type modal struct {
	customID string
	title    string
	fields   []field
}

// field is one input of a modal.
type field struct {
	customID    string
	label       string
	placeholder string
	value       string // filled in before
	long        bool   // of several lines
	required    bool
}

// decodeInteraction reads an interaction as Discord sends it.
func decodeInteraction(data []byte) (*interaction, error) {
	var in interaction
	if err := json.Unmarshal(data, &in); err != nil {
		// What it holds stays out of the error: json quotes it.
		return nil, fmt.Errorf("decode interaction: %T", err)
	}
	return &in, nil
}
