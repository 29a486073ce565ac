package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dogear/bot"
	"dogear/bot/reply"
)

// holdFor is how long an acknowledgement may wait for what goes with it. Slack
// waits for 3 s.
const holdFor = 2 * time.Second

// take begins to answer what Slack has delivered; false where there is too much
// to do.
func (s *Slack) take(d delivery) bool {
	return s.goOn(func(ctx context.Context) {
		var err error
		switch d.kind {
		case commands:
			var c slash
			if err = json.Unmarshal(d.payload, &c); err == nil {
				s.command(ctx, d, c)
			}
		case interactions:
			var in interaction
			if err = json.Unmarshal(d.payload, &in); err == nil {
				s.interact(ctx, d, in)
			}
		case events:
			var e occurrence
			if err = json.Unmarshal(d.payload, &e); err == nil {
				s.acknowledge(ctx, d, nil)
				s.happen(ctx, e)
			}
		}
		if err != nil {
			s.acknowledge(ctx, d, nil) // else it comes again and again
			s.log.ErrorContext(ctx, "a delivery was not understood", "kind", string(d.kind), "cause", fmt.Sprintf("%T", err))
		}
	})
}

// acknowledge tells Slack that something has arrived; without its answer where
// that is too long. It reports whether the answer may have got there.
func (s *Slack) acknowledge(ctx context.Context, d delivery, answer any) bool {
	err := d.ack(ctx, answer)
	sent := err == nil
	if errors.Is(err, errAckLength) {
		err = d.ack(ctx, nil)
	}
	if err != nil {
		s.log.WarnContext(ctx, "Slack may not know that something has arrived", "cause", err)
	}
	return sent
}

// command does what a slash command asks for. One that asks for nothing opens
// the reader's home, and one whose options are asked for one by one a form.
func (s *Slack) command(ctx context.Context, d delivery, c slash) {
	s.acknowledge(ctx, d, nil)
	x := exchange{who: person{c.User, []string{c.Team}}, channel: c.Channel, trigger: c.Trigger, url: c.URL}
	if s.meet(ctx, &x); s.turnAway(ctx, x) {
		return
	}
	x.req.Event = eventID(c.Trigger)
	words := strings.TrimSpace(unescape(c.Text))
	if words == "" {
		s.openHome(ctx, x)
		return
	}
	x.req.Command, x.req.Options = typed(words)
	if cmd, ok := commandNamed(x.req.Command); ok {
		s.resolve(cmd, x.req.Options)
		if asksForMore(cmd, x.req) {
			s.openForm(ctx, x, cmd)
			return
		}
	}
	s.answer(ctx, x)
}

// typed reads what stands behind “/dogear”: a command, else a question. What is
// about a reply has its buttons: nobody types it.
func typed(words string) (command string, options map[string]string) {
	if command, options = bot.Typed(words); command != "ask" {
		return command, options
	}
	command, options = bot.Typed("/" + strings.TrimPrefix(words, "/"))
	if cmd, ok := commandNamed(command); ok && !cmd.Hidden && !cmd.OfReply() {
		group := strings.HasPrefix(cmd.Name, strings.ToLower(words)+" ") // and no more: its first command
		if group || len(cmd.Options) > 0 {
			return command, options
		}
	}
	return "ask", map[string]string{"question": words}
}

// commandNamed returns the command of a name as the bot's table has it.
func commandNamed(name string) (bot.Command, bool) {
	all := bot.Commands()
	i := slices.IndexFunc(all, func(c bot.Command) bool { return c.Name == name })
	if i < 0 {
		return bot.Command{}, false
	}
	return all[i], true
}

// interact does what somebody did with a message, a view or a shortcut.
func (s *Slack) interact(ctx context.Context, d delivery, in interaction) {
	switch {
	case in.Type == "block_suggestion":
		s.suggest(ctx, d, in)
	case in.Type == "view_submission" && in.View != nil:
		s.submit(ctx, d, in)
	case in.Type == "block_actions":
		s.acknowledge(ctx, d, nil)
		for _, a := range in.Actions {
			s.press(ctx, in, a)
		}
	case in.Type == "shortcut":
		s.acknowledge(ctx, d, nil)
		s.shortcut(ctx, in)
	default:
		s.acknowledge(ctx, d, nil)
	}
}

// exchange returns where somebody has done something, without what they ask for.
func (in interaction) exchange() exchange {
	from := in.View.origin()
	x := exchange{
		who: person{in.User.ID, []string{cmp.Or(in.User.Team, in.Team.ID)}}, trigger: in.Trigger, url: in.URL,
		channel: cmp.Or(in.Channel.ID, in.Container.Channel), thread: in.Container.Thread, home: from.Home,
	}
	if in.View == nil {
		if x.thread == in.Container.Message { // what others have answered to is in no thread itself
			x.thread = ""
		}
		return x
	}
	x.view, x.channel, x.thread = in.View.ID, from.Channel, from.Thread
	if chosen := in.View.channel(); chosen != "" && x.channel == "" { // elsewhere nobody is asked for one
		x.channel, x.thread = chosen, ""
	}
	x.stacked = in.View.Type != "home"
	switch {
	case in.View.Type == "home":
		x.home = tab
	case x.home == ownID:
		x.home = in.View.ID
	}
	return x
}

// press does what a button or a menu stands for.
func (s *Slack) press(ctx context.Context, in interaction, a action) {
	x := in.exchange()
	if s.meet(ctx, &x); s.turnAway(ctx, x) {
		return
	}
	p, ok := parseActionID(a.ID)
	if !ok {
		return // an element that wants nothing, such as a field of a form
	}
	x.req.Event = eventID(in.Trigger)
	value := p.value
	if chosen := a.chosen(); chosen != "" {
		value = chosen
	}
	if command, options, asks, ok := p.does(); ok {
		if asks != "" {
			options[asks] = a.chosen()
		}
		x.req.Command, x.req.Options = command, options
		s.do(ctx, x, asks != "")
		return
	}
	if p.action == reply.Decide && value == "" {
		s.openChapter(ctx, x, p)
		return
	}
	if p.action == revealAction {
		// The button's value is what was asked for: it names the cover.
		x.req.Command, x.req.Options = "reveal", map[string]string{"ticket": a.Value}
	} else {
		x.req.Command, x.req.Options = p.request(value)
	}
	if cmd, ok := bot.Form(x.req.Command); ok {
		s.openForm(ctx, x, cmd)
		return
	}
	x.inPlace = in.Container.Ephemeral && p.replaces(a.chosen() != "")
	s.answer(ctx, x)
}

// noCommand is none of the bot's commands.
const noCommand = "?"

// request returns what a control asks for; what dogear does not know asks for a
// command that there is not.
func (p pressed) request(value string) (command string, options map[string]string) {
	if command, options, ok := bot.Pressed(p.action, p.ticket, value); ok {
		return command, options
	}
	return noCommand, nil
}

// replaces reports whether the reply takes the place of the message that was
// pressed: where that only asked something, and has its answer.
func (p pressed) replaces(chosen bool) bool {
	switch p.action {
	case reply.Confirm, reply.Decide, reply.Undo:
		return true
	case reply.Report:
		return chosen
	}
	return false
}

// shortcut opens the form that a shortcut stands for.
func (s *Slack) shortcut(ctx context.Context, in interaction) {
	x := in.exchange()
	if s.meet(ctx, &x); s.turnAway(ctx, x) {
		return
	}
	if cmd, ok := bot.Form(in.Callback); ok {
		x.req.Command = cmd.Name
		s.openForm(ctx, x, cmd)
	}
}

// suggest fills a menu while its reader types. Whatever goes wrong, there is
// nothing to suggest, and the reader is not kept waiting for that.
func (s *Slack) suggest(ctx context.Context, d delivery, in interaction) {
	found := make(chan []reply.Choice, 1)
	s.work.Go(func() {
		defer close(found)
		guard(s.log, "suggestions", func() { found <- s.suggestions(ctx, in) })
	})
	late := time.NewTimer(holdFor)
	defer late.Stop()
	var choices []reply.Choice
	select {
	case choices = <-found:
	case <-late.C:
	}
	s.acknowledge(ctx, d, optionsOf(choices))
}

func (s *Slack) suggestions(ctx context.Context, in interaction) []reply.Choice {
	ctx, cancel := context.WithTimeout(ctx, holdFor)
	defer cancel()
	x := in.exchange()
	if s.meet(ctx, &x); x.guest {
		return nil
	}
	req := x.req
	asks := in.ActionID
	p, control := parseActionID(in.ActionID)
	if control {
		var ok bool
		if req.Command, req.Options, asks, ok = p.does(); !ok {
			return nil
		}
	} else if in.View != nil {
		form, _ := parseForm(in.View.Callback)
		req.Command, req.Options = form.command, form.with(in.View.typed())
	}
	if req.Options == nil {
		req.Options = map[string]string{}
	}
	typed := unescape(in.Value)
	req.Options[asks] = typed
	choices := s.bot.Suggest(ctx, req, asks)
	if _, err := strconv.Atoi(typed); err == nil && !control && len(choices) == 0 {
		// Slack does not tell what was chosen in the form's other fields meanwhile,
		// such as the book. A number can be chosen as it is; submitting looks at it.
		choices = []reply.Choice{{Value: typed, Label: typed}}
	}
	return choices
}

// elsewhere tells somebody alone what to use in the place of what they wrote.
func (s *Slack) elsewhere(ctx context.Context, x exchange) {
	x.req.ByBook = false // it is not posted
	doc := s.bot.Elsewhere(ctx, x.req)
	if doc == nil {
		return
	}
	if err := s.show(ctx, x, doc); err != nil {
		s.log.WarnContext(ctx, "a reader was not told what to use", "cause", err)
	}
}

// eventID names a delivery to the bot; empty where Slack has not named it.
func eventID(id string) string {
	if id == "" {
		return ""
	}
	return Platform + id
}

// happen answers an event.
func (s *Slack) happen(ctx context.Context, e occurrence) {
	ev := e.Event
	switch ev.Type {
	case "app_mention", "message":
		// What else an app is told of a channel is not said to dogear.
		said := ev.Type == "app_mention" || ev.Kind == "im"
		if said && ev.Bot == "" && ev.Subtype == "" && ev.User != "" && ev.User != s.self.bot {
			s.hear(ctx, ev)
		}
	case "app_home_opened":
		x := exchange{who: person{user: ev.User}, home: tab}
		if s.meet(ctx, &x); ev.Tab == "home" && !x.guest {
			s.showHome(ctx, x, nil)
		}
	case "app_uninstalled", "tokens_revoked":
		// An app may be in other workspaces, too, whose removing it is told alike.
		ours := ev.Type == "app_uninstalled" || slices.Contains(ev.Tokens.Bot, s.self.bot)
		if ours && e.Team == s.self.team {
			s.leave(ctx)
		}
	}
}

// hear answers a message: for the channel where dogear was mentioned, or in a
// direct message for its writer.
func (s *Slack) hear(ctx context.Context, ev event) {
	mention := ev.Type == "app_mention"
	x := exchange{
		who:     person{ev.User, []string{ev.Team, ev.UserTeam, ev.SourceTeam}},
		channel: ev.Channel, thread: ev.Thread, mention: ev.TS, direct: !mention,
	}
	s.meet(ctx, &x)
	// Slack tells of a message anew whenever it is edited, as another event.
	x.req.Event = eventID(ev.Channel + "/" + ev.TS)
	words := strings.ReplaceAll(ev.Text, "<@"+s.self.bot+">", " ")
	words = strings.TrimPrefix(strings.TrimSpace(unescape(words)), commandName+" ")
	x.req.Command, x.req.Options = bot.Typed(words)
	if cmd, ok := commandNamed(x.req.Command); ok {
		s.resolve(cmd, x.req.Options)
	}
	if _, form := bot.Form(x.req.Command); form && bot.Public(x.req) { // what is written openly is covered no more
		if !s.turnAway(ctx, x) {
			s.elsewhere(ctx, x)
		}
		return
	}
	// What is for whoever asks alone they alone are told.
	x.req.Room = mention
	x.req.Room = bot.Public(x.req)
	if !x.req.Room && s.turnAway(ctx, x) {
		return
	}
	s.answer(ctx, x)
}
