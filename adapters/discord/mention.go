package discord

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"dogear/bot"
	"dogear/bot/reply"
)

// posting is a message that somebody wrote, as far as dogear reads it. Discord
// sends its words only where they are to dogear.
type posting struct {
	ID       string                `json:"id"`
	Type     discordgo.MessageType `json:"type"`
	Channel  string                `json:"channel_id"`
	Guild    string                `json:"guild_id"` // empty: a direct message
	Content  string                `json:"content"`
	Author   user                  `json:"author"`
	Webhook  string                `json:"webhook_id"`
	Mentions []user                `json:"mentions"`
	Member   member                `json:"member"` // without its user
}

// to returns what a message says to dogear, which is a bot; false where it
// says nothing to it.
func (p posting) to(self string) (words string, ok bool) {
	if p.Author.Bot || p.Author.ID == "" || p.Webhook != "" || self == "" {
		return "", false
	}
	if p.Type != discordgo.MessageTypeDefault && p.Type != discordgo.MessageTypeReply {
		return "", false // Discord's own words, such as that something was pinned
	}
	if p.Guild == "" {
		return strings.TrimSpace(p.Content), true
	}
	// A reply to one of dogear's messages mentions it too; that is no question
	// to it.
	addressed := false
	words = p.Content
	for _, m := range []string{"<@" + self + ">", "<@!" + self + ">"} {
		addressed = addressed || strings.Contains(words, m)
		words = strings.ReplaceAll(words, m, " ")
	}
	mentioned := slices.ContainsFunc(p.Mentions, func(u user) bool { return u.ID == self })
	return strings.TrimSpace(words), addressed && mentioned
}

// hear answers a message: for the channel where it was written, or in a direct
// message for its writer.
func (d *Discord) hear(ctx context.Context, said posting, words string) {
	place, err := d.places.of(ctx, said.Channel, said.Guild)
	if err != nil {
		d.log.WarnContext(ctx, "a channel was not found; nothing is said there", "cause", err)
	}
	req := bot.Request{
		Seat: bot.Seat{Reader: readerID(said.Author.ID), Channel: bot.ChannelID(place.settled(said.Channel))},
		Room: said.Guild != "", Name: said.Author.called(said.Member.Nick), Roles: said.Member.Roles, Event: Platform + said.ID,
		Lacks: bot.Command.OfReply,
	}
	if said.Guild == "" {
		req.Club = d.homes.of(ctx, req.Reader)
	} else {
		req.Club = clubID(said.Guild)
		d.homes.saw(req.Reader, req.Club)
	}
	if req.Command, req.Options = bot.Typed(words); req.Command == "home" {
		req.Command = noCommand // it is made of controls that a reply here has none of
	}
	// Nobody knows what may be seen in a channel that was not found.
	ask := d.bot.Handle
	_, form := bot.Form(req.Command)
	elsewhere := err != nil || req.Room && !bot.Public(req) || form && bot.Public(req) // what was written here is to be seen covered alone
	if elsewhere {
		ask = d.bot.Elsewhere
	}
	doc := ask(ctx, req)
	if doc == nil {
		return // it was delivered before
	}
	posted, public := doc.(reply.PublicDoc)
	if req.Room && !public {
		d.log.ErrorContext(ctx, "a private reply was not posted to a channel")
		return
	}
	messages := render(doc)
	if !req.Room {
		messages = without(messages, reply.Share)
	}
	var ids []string
	to := said.ID // only the first stands below the question
	for i, m := range messages {
		id, err := d.rest.send(ctx, said.Channel, to, fmt.Sprintf("%s.%d", said.ID, i), m)
		if err != nil {
			d.log.WarnContext(ctx, "a reply was not sent whole", "cause", err)
			break
		}
		ids, to = append(ids, id), ""
	}
	if public && !elsewhere && len(ids) > 0 {
		d.bot.Posted(ctx, req, posted, messageID(said.Channel, ids))
	}
}
