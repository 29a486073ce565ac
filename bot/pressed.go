package bot

import (
	"context"
	"strings"

	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// Pressed returns the request that pressing a control of a reply is: a command
// with its options. value is what was chosen or typed; empty where there was
// nothing to. It is false for an action that is none of a control's.
func Pressed(action reply.Action, ticket reply.Ticket, value string) (command string, options map[string]string, ok bool) {
	options = map[string]string{"ticket": string(ticket)}
	switch action {
	case reply.Share:
		command = "share"
	case reply.LookPast:
		command = "past"
	case reply.More:
		command = "more"
	case reply.Report:
		command = "report"
		if value != "" {
			options["ticket"] += "." + value
		}
	case reply.ReadFurther:
		command = "progress" // of the book that the reply is about
		options["place"] = value
	case reply.Confirm:
		command = "yes"
	case reply.Decide:
		command = "club decide"
		options["place"] = value
	case reply.Undo:
		command = "club undo"
	case reply.Manage:
		command = "manage"
	case reply.Edit:
		command = "rewrite"
	case reply.Cover:
		command = "cover"
	case reply.Remove:
		command = "retract"
	default:
		return "", nil, false
	}
	return command, options, true
}

// Form returns a command whose options are best asked for one by one, in a
// modal where the platform has one: a command that somebody gave, or one that
// Pressed returned. What has a value already goes along with the modal; of these
// a ticket is never shown. False: there is no such form.
func Form(name string) (Command, bool) {
	cmd, ok := commandNamed(name)
	return cmd, ok && cmd.Name == name && cmd.Form
}

// Public reports whether Handle answers a request with a PublicDoc. A platform
// has to know that before there is a reply. Of a request with ByBook it says
// where the reply may go: whether a book was chosen is known with the reply alone,
// which is a PrivateDoc where none was.
func Public(req Request) bool {
	cmd, ok := commandNamed(req.Command)
	if !ok {
		return req.Room
	}
	return cmd.sight == public || cmd.sight == asAsked && (req.Room || cmd.Name == "ask" && shares(req))
}

// shares reports whether a question is asked for its answer to be shared.
func shares(req Request) bool { return strings.EqualFold(req.Options["share"], "yes") }

// Elsewhere is what a channel sees where somebody asked before it for what is
// for them alone, on a platform that then can't answer them alone: which command
// to use instead. It takes from what they may ask. The Doc is a PublicDoc; nil
// where the request's event was handled before, that was a lot at once, or
// the channel may see no replies: then nothing is to be said.
func (b *Bot) Elsewhere(ctx context.Context, req Request) reply.Doc {
	view, err := b.store.Look(ctx, Visit{Seat: req.Seat, Event: req.Event, Rate: b.rate, Now: b.now()})
	if err == nil && (view.Seen || view.Wait > 0) {
		return nil
	}
	if req.ByBook && view.Channel.Book == "" { // as it is of a store that can't be read
		return nil
	}
	w := reply.In(req.Language).ToChannel(spoiler.Horizon{}, reply.NoTags, "")
	switch cmd, ok := commandNamed(req.Command); {
	case !ok, cmd.Hidden && !cmd.OfReply():
		w.Write(reply.Plain, unknown.Words)
	case cmd.Form && cmd.sight == public:
		w.Say("Use “/{1}” in the channel where that belongs: what you write there nobody sees before I have covered it.", reply.Name(cmd.Name))
	case cmd.OfReply():
		w.Say("That is between you and me: use what stands below my reply, and only you will see it.")
	default:
		w.Say("That is between you and me: use “/{1}”, and only you will see it.", reply.Name(cmd.Name))
	}
	return w.Doc()
}
