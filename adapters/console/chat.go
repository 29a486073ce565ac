package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"dogear/bot"
	"dogear/bot/reply"
)

// Handler is what answers; a *bot.Bot is one.
type Handler interface {
	Handle(context.Context, bot.Request) reply.Doc
}

// Lines is where a conversation's lines come from. Next returns io.EOF after
// the last one.
type Lines interface {
	Next(prompt string) (string, error)
}

// Chat holds a conversation from the first line to the last, or until the
// reader leaves.
func Chat(ctx context.Context, h Handler, seat bot.Seat, in Lines, out io.Writer) error {
	c := conversation{ctx: ctx, handler: h, seat: seat, out: out}
	fmt.Fprintln(out, "Ask me about the book, or type /help. /quit leaves.")
	for {
		line, err := in.Next(c.prompt())
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read a line: %w", err)
		}
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if slices.Contains([]string{"/quit", "/exit", "quit", "exit"}, line) {
			return nil
		}
		c.say(line)
	}
}

// conversation remembers what the last replies can be asked about.
type conversation struct {
	ctx     context.Context
	handler Handler
	seat    bot.Seat
	out     io.Writer
	last    reply.Ticket   // of the last answer
	tickets []reply.Ticket // of its covered passages
	pending *bot.Request   // waits for a yes
}

func (c *conversation) prompt() string {
	if c.pending != nil {
		return "yes or no> "
	}
	return "> "
}

// say hands one line to the bot and shows the reply.
func (c *conversation) say(line string) {
	req := bot.Request{Seat: c.seat}
	pending := c.pending
	c.pending = nil
	switch word := strings.ToLower(line); {
	case pending != nil && (word == "yes" || word == "y"):
		req = *pending
		req.Confirmed = true
	case pending != nil && (word == "no" || word == "n"):
		fmt.Fprintln(c.out, "All right, nothing is changed.")
		return
	default:
		req.Command, req.Options = bot.Typed(line)
		c.address(&req)
	}
	doc := c.handler.Handle(c.ctx, req)
	var text Text
	doc.Render(&text)
	if _, public := doc.(reply.PublicDoc); public {
		fmt.Fprintln(c.out, "[to the channel]")
	}
	fmt.Fprint(c.out, text.String())
	if text.Confirm {
		c.pending = &req
	}
	if text.Reply != "" && !text.Confirm {
		c.last, c.tickets = text.Reply, nil
	}
	if len(text.Tickets) > 0 {
		c.tickets = text.Tickets
	}
}

// address puts tickets in the place of what a terminal calls them by: a number,
// or the last answer.
func (c *conversation) address(req *bot.Request) {
	switch req.Command {
	case "past", "share":
		req.Options["ticket"] = string(c.last)
	case "reveal":
		n, err := strconv.Atoi(req.Options["ticket"])
		if err != nil || n < 1 || n > len(c.tickets) {
			req.Options["ticket"] = ""
			return
		}
		req.Options["ticket"] = string(c.tickets[n-1])
	}
}
