package discord

import (
	"fmt"
	"unicode/utf16"

	"github.com/bwmarrin/discordgo"
)

const (
	longestValue = 4000 // of a modal's field, in UTF-16 code units
)

// wireMessage is a message in Discord's JSON. The SDK's own types leave out an
// empty list, which is what takes away what was there.
type wireMessage struct {
	Content         string                            `json:"content"`
	Components      []discordgo.MessageComponent      `json:"components"`
	AllowedMentions *discordgo.MessageAllowedMentions `json:"allowed_mentions"`
	Flags           discordgo.MessageFlags            `json:"flags"`
	Attachments     []wireFile                        `json:"attachments,omitzero"` // nil: those that are there stay
	Reference       *discordgo.MessageReference       `json:"message_reference,omitempty"`
	Nonce           string                            `json:"nonce,omitempty"`
	EnforceNonce    bool                              `json:"enforce_nonce,omitempty"`
}

// wireFile names one of the files that come with a message.
type wireFile struct {
	ID   int    `json:"id"`
	Name string `json:"filename"`
}

// wireResponse is a response to an interaction in Discord's JSON.
type wireResponse struct {
	Type discordgo.InteractionResponseType `json:"type"`
	Data any                               `json:"data,omitempty"`
}

type (
	wireFlags struct {
		Flags discordgo.MessageFlags `json:"flags"`
	}
	wireChoices struct {
		Choices []wireChoice `json:"choices"`
	}
	wireChoice struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	wireModal struct {
		CustomID   string            `json:"custom_id"`
		Title      string            `json:"title"`
		Components []discordgo.Label `json:"components"`
	}
)

// wire returns a new message. It mentions nobody and shows no previews of links.
func (m message) wire() wireMessage {
	w := wireMessage{
		Content:         m.content,
		Components:      m.components,
		AllowedMentions: &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}},
		Flags:           discordgo.MessageFlagsSuppressEmbeds,
	}
	if w.Components == nil {
		w.Components = []discordgo.MessageComponent{}
	}
	for i, f := range m.files {
		w.Attachments = append(w.Attachments, wireFile{i, f.name})
	}
	return w
}

// edit returns a message that takes the place of another, of which nothing
// stays.
func (m message) edit() wireMessage {
	w := m.wire()
	if w.Attachments == nil {
		w.Attachments = []wireFile{}
	}
	return w
}

// wire returns a response and the files that come with it.
func (r response) wire() (wireResponse, []file, error) {
	w := wireResponse{Type: r.kind}
	var private discordgo.MessageFlags
	if r.private {
		private = discordgo.MessageFlagsEphemeral
	}
	switch r.kind {
	case discordgo.InteractionResponseChannelMessageWithSource:
		m := r.message.wire()
		m.Flags |= private
		w.Data = m
		return w, r.message.files, nil
	case discordgo.InteractionResponseUpdateMessage:
		w.Data = r.message.edit()
		return w, r.message.files, nil
	case discordgo.InteractionResponseDeferredChannelMessageWithSource:
		w.Data = wireFlags{private}
	case discordgo.InteractionApplicationCommandAutocompleteResult:
		c := wireChoices{make([]wireChoice, len(r.choices))}
		for i, one := range r.choices {
			c.Choices[i] = wireChoice{one.name, one.value}
		}
		w.Data = c
	case discordgo.InteractionResponseModal:
		if r.modal == nil {
			return w, nil, fmt.Errorf("a modal without fields")
		}
		m, err := r.modal.wire()
		if err != nil {
			return w, nil, err
		}
		w.Data = m
	}
	return w, nil, nil
}

func (m modal) wire() (wireModal, error) {
	w := wireModal{CustomID: m.customID, Title: m.title}
	for _, f := range m.fields {
		// A value that was cut would be saved as it is.
		if len(utf16.Encode([]rune(f.value))) > longestValue {
			return w, fmt.Errorf("the field %s is longer than %d", f.customID, longestValue)
		}
		style := discordgo.TextInputShort
		if f.long {
			style = discordgo.TextInputParagraph
		}
		w.Components = append(w.Components, discordgo.Label{
			Label: f.label,
			Component: discordgo.TextInput{
				CustomID: f.customID, Style: style, Placeholder: f.placeholder,
				Value: f.value, Required: &f.required, MaxLength: longestValue,
			},
		})
	}
	return w, nil
}
