package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/bwmarrin/discordgo"

	"dogear/bot"
	"dogear/bot/reply"
)

// deferAfter is how long an answer may take until the reader is told that it
// is on its way. Discord gives up on an interaction after 3 s.
const deferAfter = 1500 * time.Millisecond

// take begins to answer an interaction, whichever way it came.
func (d *Discord) take(in *interaction) {
	came := time.Now()
	d.goOn(func(ctx context.Context) { d.interact(ctx, in, came) })
}

// takeEvent begins to answer an event of the gateway.
func (d *Discord) takeEvent(kind string, data json.RawMessage) {
	switch kind {
	case "INTERACTION_CREATE":
		in, err := decodeInteraction(data)
		if err != nil {
			d.log.Error("an interaction was not understood", "cause", err)
			return
		}
		in.first = func(ctx context.Context, r response) error { return d.rest.callback(ctx, in, r) }
		d.take(in)
	case "MESSAGE_CREATE":
		var said posting
		if err := json.Unmarshal(data, &said); err != nil {
			d.log.Error("a message was not understood", "cause", fmt.Sprintf("%T", err))
			return
		}
		if words, ok := said.to(d.self); ok {
			d.goOn(func(ctx context.Context) { d.hear(ctx, said, words) })
		}
	}
}

// interact answers an interaction.
func (d *Discord) interact(ctx context.Context, in *interaction, came time.Time) {
	switch in.Type {
	case discordgo.InteractionApplicationCommandAutocomplete:
		d.complete(ctx, in)
	case discordgo.InteractionApplicationCommand:
		d.command(ctx, in, came)
	case discordgo.InteractionMessageComponent:
		d.press(ctx, in, came)
	case discordgo.InteractionModalSubmit:
		d.submit(ctx, in, came)
	default:
		d.log.Warn("an interaction is of a type that dogear does not know", "type", int(in.Type))
	}
}

// command does what a slash command asks for. One whose options are asked for
// one by one opens a modal first.
func (d *Discord) command(ctx context.Context, in *interaction, came time.Time) {
	name, options, _, files := in.Data.command()
	if cmd, ok := bot.Form(name); ok && (cmd.For != bot.Moderator || in.Member != nil && in.Member.moderates()) {
		d.open(ctx, in, modalOf(cmd, options, reply.In(in.Locale)))
		return
	}
	if in.Guild == "" {
		delete(options, "share") // there is no channel to share with
	}
	req := d.request(in)
	req.Command, req.Options = name, options
	d.answer(ctx, exchange{interaction: in, req: req, files: files, came: came})
}

// press does what a button or a select stands for.
func (d *Discord) press(ctx context.Context, in *interaction, came time.Time) {
	p, ok := parseCustomID(in.Data.CustomID)
	if len(in.Data.Values) > 0 {
		p.value = in.Data.Values[0]
	}
	if ok && p.action == reply.Decide && p.value == "" {
		d.open(ctx, in, &modal{
			customID: p.customID(), title: reply.Words("From which chapter is it safe?").In(reply.In(in.Locale)),
			fields: []field{{customID: "value", label: reply.Words("The number of a chapter").In(reply.In(in.Locale)), required: true}},
		})
		return
	}
	req := d.request(in)
	req.Command, req.Options = p.request()
	if cmd, ok := bot.Form(req.Command); ok {
		d.open(ctx, in, modalOf(cmd, req.Options, reply.In(in.Locale)))
		return
	}
	chosen := len(in.Data.Values) > 0
	d.answer(ctx, exchange{interaction: in, req: req, came: came, inPlace: in.Message.ephemeral() && p.replaces(chosen)})
}

// submit does what a modal that was filled in stands for.
func (d *Discord) submit(ctx context.Context, in *interaction, came time.Time) {
	p, _ := parseCustomID(in.Data.CustomID)
	typed := in.Data.submitted()
	req := d.request(in)
	if command, options, ok := p.form(typed); ok {
		req.Command, req.Options = command, options
	} else {
		p.value = typed["value"]
		req.Command, req.Options = p.request()
	}
	d.answer(ctx, exchange{interaction: in, req: req, came: came, inPlace: in.Message.ephemeral() && p.replaces(true)})
}

// noCommand is none of the bot's commands.
const noCommand = "?"

// request returns what a press asks for; what dogear does not know asks for a
// command that there is not.
func (p pressed) request() (command string, options map[string]string) {
	if p.action == revealAction {
		return "reveal", map[string]string{"ticket": string(p.ticket)}
	}
	if command, options, ok := bot.Pressed(p.action, p.ticket, p.value); ok {
		return command, options
	}
	return noCommand, nil
}

// replaces reports whether the reply to a press takes the place of the message
// that was pressed: where that only asked something, and has its answer.
func (p pressed) replaces(chosen bool) bool {
	switch p.action {
	case reply.Confirm, reply.Decide, reply.Undo, reply.Cover, reply.Remove:
		return true
	case reply.Report:
		return chosen
	}
	return false
}

// complete suggests what an option may be filled in with. Whatever goes wrong,
// there is nothing to suggest, and the reader is not kept waiting for that.
func (d *Discord) complete(ctx context.Context, in *interaction) {
	found := make(chan []reply.Choice, 1)
	d.work.Go(func() {
		defer close(found)
		guard(d.log, "an autocompletion", func() { found <- d.suggest(ctx, in) })
	})
	late := time.NewTimer(deferAfter)
	defer late.Stop()
	r := response{kind: discordgo.InteractionApplicationCommandAutocompleteResult}
	select {
	case all := <-found:
		for _, c := range all {
			if len(r.choices) < mostChoices && length(c.Value) <= longestChoice {
				r.choices = append(r.choices, choice{name: plainLabel(c.Label, longestChoice), value: c.Value})
			}
		}
	case <-late.C:
	}
	d.first(ctx, in, r)
}

func (d *Discord) suggest(ctx context.Context, in *interaction) []reply.Choice {
	ctx, cancel := context.WithTimeout(ctx, deferAfter)
	defer cancel()
	name, options, focused, _ := in.Data.command()
	req := d.request(in)
	req.Club, req.Command, req.Options, req.Event = d.club(ctx, in), name, options, ""
	return d.bot.Suggest(ctx, req, focused)
}

// open opens a modal.
func (d *Discord) open(ctx context.Context, in *interaction, m *modal) {
	d.first(ctx, in, response{kind: discordgo.InteractionResponseModal, modal: m})
}

// first sends a first response that nothing follows.
func (d *Discord) first(ctx context.Context, in *interaction, r response) {
	if err := in.first(ctx, r); err != nil {
		d.log.WarnContext(ctx, "a reader was not answered", "cause", err)
	}
}
