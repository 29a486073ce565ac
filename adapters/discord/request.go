package discord

import (
	"context"
	"net/url"
	"strconv"

	"github.com/bwmarrin/discordgo"

	"dogear/bot"
	"dogear/bot/reply"
)

// request returns a request of whoever did something, without their club and
// what they ask for. It asks nobody anything.
func (d *Discord) request(in *interaction) bot.Request {
	who := in.user()
	req := bot.Request{
		Seat:     bot.Seat{Reader: readerID(who.ID), Channel: bot.ChannelID(in.Channel.settled(in.ChannelID))},
		Name:     who.called(""),
		Event:    Platform + in.ID,
		Language: in.Locale,
		Lacks:    bot.Command.OfReply, // replies have buttons for it
	}
	if in.Guild != "" && in.Member != nil {
		req.Name = who.called(in.Member.Nick)
		req.Roles = in.Member.Roles
		req.Moderator = in.Member.moderates()
	}
	return req
}

// club returns the club where something was done or, in a direct message, that
// its reader means.
func (d *Discord) club(ctx context.Context, in *interaction) bot.ClubID {
	reader := readerID(in.user().ID)
	if in.Guild == "" {
		return d.homes.of(ctx, reader)
	}
	club := clubID(in.Guild)
	d.homes.saw(reader, club)
	return club
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
func (m *member) moderates() bool { return holdsRight(m.Permissions, discordgo.PermissionManageGuild) }

// holdsRight reports whether a bit set has a right; one that is not told has
// none.
func holdsRight(permissions string, right uint64) bool {
	set, err := strconv.ParseUint(permissions, 10, 64)
	return err == nil && set&right != 0
}

// editable reports whether dogear can change later what it posts where an
// interaction is from: it has to see the channel for that.
func (d *Discord) editable(ctx context.Context, in *interaction) bool {
	if in.Guild == "" {
		return true
	}
	if !holdsRight(in.Rights, discordgo.PermissionViewChannel) {
		return false
	}
	if in.Channel.Type != discordgo.ChannelTypeGuildPrivateThread {
		return true
	}
	// Its rights may be those in the channel above: a thread that is private has
	// to be opened to dogear, too.
	ctx, cancel := context.WithTimeout(ctx, deferAfter/2)
	defer cancel()
	_, err := d.rest.channel(ctx, in.ChannelID)
	return err == nil
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

// formAction is what submitting the modal of a command does.
const formAction = "form"

// modalOf returns the modal of a form, with what was given already filled in.
// What was chosen among suggestions is a name that nobody wants to see again:
// it goes along unseen, and so does the ticket of a control.
func modalOf(cmd bot.Command, given map[string]string, language *reply.Language) *modal {
	m := &modal{title: plainLabel(cmd.Summary.In(language), longestTitle)}
	chosen := url.Values{}
	for _, o := range cmd.Options {
		value := given[o.Name]
		switch {
		case o.Name == "ticket":
			chosen.Set(o.Name, value)
			continue
		case o.Suggests && value != "" && length(value) < longestCustomID/2:
			chosen.Set(o.Name, value)
			continue
		case length(value) > longestValue: // Discord would refuse the modal
			value = ""
		}
		m.fields = append(m.fields, field{
			customID: o.Name, label: plainLabel(language.Command(o.Name), longestTitle), placeholder: plainLabel(o.Summary.In(language), longestHint),
			value: value, long: o.Long, required: !o.Optional,
		})
	}
	m.customID = pressed{action: formAction, ticket: reply.Ticket(chosen.Encode()), value: cmd.Name}.customID()
	if length(m.customID) > longestCustomID { // more than a name was typed
		return modalOf(cmd, nil, language)
	}
	return m
}

// form returns what a modal that was filled in asks for; false where it is none
// of a command's.
func (p pressed) form(typed map[string]string) (command string, options map[string]string, ok bool) {
	chosen, err := url.ParseQuery(string(p.ticket))
	if _, ok := bot.Form(p.value); !ok || err != nil || p.action != formAction {
		return "", nil, false
	}
	for name := range chosen {
		typed[name] = chosen.Get(name)
	}
	return p.value, typed, true
}
