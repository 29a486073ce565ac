package discord

import (
	"context"
	"slices"
	"strconv"

	"github.com/bwmarrin/discordgo"

	"dogear/bot"
	"dogear/bot/reply"
)

// request returns a request of whoever did something, without what they ask
// for and without their club.
func (in *interaction) request() bot.Request {
	who := in.user()
	req := bot.Request{
		Seat:     bot.Seat{Reader: readerID(who.ID), Channel: bot.ChannelID(in.Channel.settled(in.ChannelID))},
		Name:     who.called(""),
		Event:    Platform + in.ID,
		Language: in.Locale,
	}
	if in.Member != nil {
		req.Name = who.called(in.Member.Nick)
		req.Roles = in.Member.Roles
		req.Moderator = in.Member.moderates()
	}
	return req
}

// club returns the club that an interaction is for. Of a direct message that is
// asked of the store and of Discord, which may take longer than a reader is kept
// waiting.
func (d *Discord) club(ctx context.Context, in *interaction) bot.ClubID {
	reader := readerID(in.user().ID)
	if in.Guild == "" {
		return d.homes.of(ctx, reader)
	}
	d.homes.saw(reader, clubID(in.Guild))
	return clubID(in.Guild)
}

// user returns who did it; never nil.
func (in *interaction) user() *user {
	switch {
	case in.Member != nil && in.Member.User != nil:
		return in.Member.User
	case in.User != nil:
		return in.User
	}
	return &user{}
}

// called returns what a reader is called, by a nickname in the server if they
// have one.
func (u *user) called(nick string) string {
	for _, name := range []string{nick, u.Name, u.Username} {
		if name != "" {
			return name
		}
	}
	return ""
}

// moderates reports whether a member may manage the server, which no setting
// of a single channel gives them.
func (m *member) moderates() bool {
	permissions, err := strconv.ParseUint(m.Permissions, 10, 64)
	return err == nil && permissions&discordgo.PermissionManageGuild != 0
}

// settled returns the channel whose book and pace count: of a thread, the one
// that it belongs to.
func (c channel) settled(id string) string {
	switch c.Type {
	case discordgo.ChannelTypeGuildNewsThread, discordgo.ChannelTypeGuildPublicThread, discordgo.ChannelTypeGuildPrivateThread:
		if c.Parent != "" {
			return c.Parent
		}
	}
	return id
}

// command returns the command that was given, with its options as text, the
// name of the one that is being typed, and the attachments.
func (data interactionData) command() (name string, options map[string]string, focused string, files []attachment) {
	name = data.Name
	given := data.Options
	for len(given) > 0 && (given[0].Type == discordgo.ApplicationCommandOptionSubCommand || given[0].Type == discordgo.ApplicationCommandOptionSubCommandGroup) {
		name += " " + given[0].Name
		given = given[0].Options
	}
	options = map[string]string{}
	for _, o := range given {
		if o.Focused {
			focused = o.Name
		}
		switch v := o.Value.(type) {
		case string:
			options[o.Name] = v
			if o.Type == discordgo.ApplicationCommandOptionAttachment {
				if a, ok := data.Resolved.Attachments[v]; ok {
					files = append(files, a)
				}
				delete(options, o.Name)
			}
		case float64:
			options[o.Name] = strconv.FormatFloat(v, 'f', -1, 64)
		case bool:
			if v {
				options[o.Name] = "yes"
			}
		}
	}
	return name, options, focused, files
}

// submitted returns what was typed into a modal, by field.
func (data interactionData) submitted() map[string]string {
	out := map[string]string{}
	var walk func(submittedComponent)
	walk = func(c submittedComponent) {
		if c.CustomID != "" && c.Value != "" {
			out[c.CustomID] = c.Value
		}
		if c.Component != nil {
			walk(*c.Component)
		}
		for _, below := range c.Components {
			walk(below)
		}
	}
	for _, c := range data.Components {
		walk(c)
	}
	return out
}

// form returns the command of a name, if its options are asked for in a modal.
func form(name string) (bot.Command, bool) {
	all := bot.Commands()
	i := slices.IndexFunc(all, func(c bot.Command) bool { return c.Name == name && c.Form })
	if i < 0 {
		return bot.Command{}, false
	}
	return all[i], true
}

// formAction is what submitting the modal of a command does.
const formAction = "form"

// modalOf returns the modal of a form, with what was given already filled in.
func modalOf(cmd bot.Command, given map[string]string, language *reply.Language) *modal {
	m := &modal{
		customID: pressed{action: formAction, value: cmd.Name}.customID(),
		title:    plainLabel(cmd.Summary.In(language), longestTitle),
	}
	for _, o := range cmd.Options {
		m.fields = append(m.fields, field{
			customID: o.Name, label: plainLabel(language.Command(o.Name), longestTitle), placeholder: plainLabel(o.Summary.In(language), longestHint),
			value: given[o.Name], long: o.Long, required: !o.Optional,
		})
	}
	return m
}
