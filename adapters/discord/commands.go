package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"dogear/bot"
	"dogear/bot/reply"
)

// longestDescription is how long what Discord says of a command or an option
// may be.
const longestDescription = 100

// commands returns dogear's slash commands as Discord takes them: the core's
// one table without what is done from a reply, by its controls, or by nobody's
// typing.
func commands() []*discordgo.ApplicationCommand {
	var out []*discordgo.ApplicationCommand
	restricted := map[string]bool{} // commands of which everything is for moderators
	for _, c := range bot.Commands() {
		if c.OfReply() || c.Hidden {
			continue
		}
		name, below, grouped := strings.Cut(c.Name, " ")
		if len(out) == 0 || out[len(out)-1].Name != name {
			out = append(out, command(name, c.Summary))
			restricted[name] = true
		}
		top := out[len(out)-1]
		restricted[name] = restricted[name] && c.Restricted()
		if grouped {
			sub := option(discordgo.ApplicationCommandOptionSubCommand, below, c.Summary)
			sub.Options = options(c)
			top.Options = append(top.Options, sub)
		} else {
			top.Options = options(c)
		}
	}
	for _, c := range out {
		if restricted[c.Name] {
			// Whoever else may is for the server's own settings to say; the
			// core looks again.
			manage := int64(discordgo.PermissionManageGuild)
			c.DefaultMemberPermissions = &manage
		}
	}
	return out
}

// command returns a command for servers and for direct messages with the bot.
func command(name string, summary reply.Phrase) *discordgo.ApplicationCommand {
	c := &discordgo.ApplicationCommand{
		Type: discordgo.ChatApplicationCommand, Name: name, Description: described(summary, nil),
		Contexts:         &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild, discordgo.InteractionContextBotDM},
		IntegrationTypes: &[]discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall},
	}
	if names := inEach(func(l *reply.Language) string { return l.Command(name) }); len(names) > 0 {
		c.NameLocalizations = &names
	}
	if words := inEach(func(l *reply.Language) string { return described(summary, l) }); len(words) > 0 {
		c.DescriptionLocalizations = &words
	}
	return c
}

// options returns the options of a command, those that it can't do without
// first. What is paged is paged by a control, and what is long is typed into a
// modal.
func options(c bot.Command) []*discordgo.ApplicationCommandOption {
	var out []*discordgo.ApplicationCommandOption
	for _, o := range c.Options {
		if o.Name == "page" || o.Name == "ticket" || c.Form && !o.Suggests {
			continue
		}
		kind := discordgo.ApplicationCommandOptionString
		switch {
		case o.File:
			kind = discordgo.ApplicationCommandOptionAttachment
		case o.Role:
			kind = discordgo.ApplicationCommandOptionRole
		}
		made := option(kind, o.Name, o.Summary)
		made.Required = o.Required && !c.Form
		made.Autocomplete = o.Suggests
		for _, v := range o.Choices {
			made.Choices = append(made.Choices, &discordgo.ApplicationCommandOptionChoice{Name: v, Value: v})
		}
		out = append(out, made)
	}
	slices.SortStableFunc(out, func(a, b *discordgo.ApplicationCommandOption) int {
		return cmp.Compare(rank(a.Required), rank(b.Required))
	})
	return out
}

// rank puts what is required first, as Discord wants it.
func rank(required bool) int {
	if required {
		return 0
	}
	return 1
}

func option(kind discordgo.ApplicationCommandOptionType, name string, summary reply.Phrase) *discordgo.ApplicationCommandOption {
	return &discordgo.ApplicationCommandOption{
		Type: kind, Name: name, Description: described(summary, nil),
		NameLocalizations:        inEach(func(l *reply.Language) string { return l.Command(name) }),
		DescriptionLocalizations: inEach(func(l *reply.Language) string { return described(summary, l) }),
	}
}

// described returns what Discord says of a command or an option.
func described(summary reply.Phrase, l *reply.Language) string {
	return plainLabel(summary.In(l), longestDescription)
}

// inEach returns words in each language of Discord's for which dogear has a
// translation; nil where there is none.
func inEach(words func(*reply.Language) string) map[discordgo.Locale]string {
	var out map[discordgo.Locale]string
	for locale := range discordgo.Locales {
		l := reply.In(string(locale))
		if l == nil {
			continue
		}
		if out == nil {
			out = map[discordgo.Locale]string{}
		}
		out[locale] = words(l)
	}
	return out
}

// Register writes dogear's commands to Discord, for every server or, where guild
// names one, for that alone. It writes nothing, and changed is false, where
// Discord has them as they are.
func Register(ctx context.Context, s Settings, guild string, log *slog.Logger) (changed bool, err error) {
	r, err := newRest(s.Token, s.APIURL, log)
	if err != nil {
		return false, err
	}
	defer r.close()
	there, err := r.commands(ctx, guild)
	if err != nil {
		return false, err
	}
	ours := commands()
	if guild != "" { // only what is for every server says where it can be used
		for _, c := range ours {
			c.Contexts, c.IntegrationTypes = nil, nil
		}
	}
	if same, err := alike(there, ours); err != nil || same {
		return false, err
	}
	return true, r.overwrite(ctx, guild, ours)
}

// alike reports whether Discord has just these commands. What it fills in
// itself does not count.
func alike(there, ours []*discordgo.ApplicationCommand) (bool, error) {
	a, err := bare(there)
	if err != nil {
		return false, err
	}
	b, err := bare(ours)
	return reflect.DeepEqual(a, b), err
}

// bare returns commands by name, as JSON without what is empty or Discord's
// own.
func bare(all []*discordgo.ApplicationCommand) (map[string]any, error) {
	out := map[string]any{}
	for _, c := range all {
		data, err := json.Marshal(c)
		if err != nil {
			return nil, fmt.Errorf("compare commands: %w", err)
		}
		var fields map[string]any
		if err := json.Unmarshal(data, &fields); err != nil {
			return nil, fmt.Errorf("compare commands: %w", err)
		}
		for _, own := range []string{"id", "application_id", "guild_id", "version", "dm_permission", "default_permission", "nsfw"} {
			delete(fields, own)
		}
		out[c.Name] = strip(fields)
	}
	return out, nil
}

// strip takes out what says nothing: null, false, zero and what is empty.
func strip(v any) any {
	switch v := v.(type) {
	case map[string]any:
		maps.DeleteFunc(v, func(key string, below any) bool {
			v[key] = strip(below)
			return v[key] == nil
		})
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = strip(v[i])
		}
		if len(v) == 0 {
			return nil
		}
	case bool:
		if !v {
			return nil
		}
	case string:
		if v == "" {
			return nil
		}
	}
	return v
}

// inviteURL is where a server's owner lets an app in.
const inviteURL = "https://discord.com/oauth2/authorize?client_id=%s&scope=bot%%20applications.commands&permissions=%d"

// rights is what dogear needs in a server: to see the channels where it is
// asked, to answer there and in threads, and to answer below the question.
const rights = discordgo.PermissionViewChannel | discordgo.PermissionSendMessages |
	discordgo.PermissionSendMessagesInThreads | discordgo.PermissionReadMessageHistory

// Invite returns the link by which a server's owner lets dogear in.
func Invite(ctx context.Context, s Settings, log *slog.Logger) (string, error) {
	r, err := newRest(s.Token, s.APIURL, log)
	if err != nil {
		return "", err
	}
	defer r.close()
	app, _, err := r.application(ctx)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(inviteURL, app, int64(rights)), nil
}
