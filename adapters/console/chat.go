package console

import (
	"context"
	"crypto/rand"
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
	Posted(context.Context, bot.Request, reply.PublicDoc, bot.MessageID)
}

// Lines is where a conversation's lines come from. Next returns io.EOF after
// the last one.
type Lines interface {
	Next(prompt string) (string, error)
}

// Conversation is a chat in a terminal, which stands for a channel too: what is
// posted to it is shown, and shown again when it is edited.
type Conversation struct {
	handler Handler
	who     bot.Request // its seat, name and standing
	in      Lines
	out     io.Writer
	session string         // of message IDs
	posted  int            // messages in the channel
	last    reply.Ticket   // of the last answer
	tickets []reply.Ticket // of its covered passages
	report  reply.Ticket   // of the last reply that can be reported
	decide  reply.Ticket   // of the sentence to decide; empty: none
	undo    reply.Ticket   // of the last decision; empty: there was none just now
	queue   bool           // the conversation is about the queue alone
	pending reply.Ticket   // of a reply that waits for a yes; empty: none does
}

var _ bot.Poster = (*Conversation)(nil)

// NewConversation makes a conversation of whoever a request tells: the seat,
// the name and the standing in it count.
func NewConversation(h Handler, who bot.Request, in Lines, out io.Writer) *Conversation {
	return &Conversation{handler: h, who: who, in: in, out: out, session: rand.Text()}
}

// Chat goes from the first line to the last, or until the reader leaves.
func (c *Conversation) Chat(ctx context.Context) error {
	fmt.Fprintln(c.out, "Ask me about the book, or type /help. /quit leaves.")
	return c.listen(ctx)
}

// Queue goes through what a moderator has to decide about a book.
func (c *Conversation) Queue(ctx context.Context, book string) error {
	c.queue = true
	c.handle(ctx, bot.Request{Command: "club queue", Options: map[string]string{"book": book}})
	if c.decide == "" && c.pending == "" {
		return nil
	}
	return c.listen(ctx)
}

func (c *Conversation) listen(ctx context.Context) error {
	for {
		line, err := c.in.Next(c.prompt())
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
		if err := c.say(ctx, line); err != nil {
			return err
		}
	}
}

func (c *Conversation) prompt() string {
	switch {
	case c.pending != "":
		return "yes or no> "
	case c.decide != "":
		return "safe from> "
	}
	return "> "
}

// say hands one line to the bot and shows the reply.
func (c *Conversation) say(ctx context.Context, line string) error {
	pending := c.pending
	c.pending = ""
	var req bot.Request
	switch word := strings.ToLower(line); {
	case pending != "" && (word == "yes" || word == "y"):
		req.Command, req.Options, _ = bot.Pressed(reply.Confirm, pending, "")
	case pending != "" && (word == "no" || word == "n"):
		fmt.Fprintln(c.out, "All right, nothing is changed.")
		return nil
	case c.undo != "" && word == "undo":
		req.Command, req.Options, _ = bot.Pressed(reply.Undo, c.undo, "")
	case c.decide != "" && (decision(word) || c.queue && !strings.HasPrefix(word, "/")):
		req.Command, req.Options, _ = bot.Pressed(reply.Decide, c.decide, word)
	default:
		req.Command, req.Options = bot.Typed(line)
		c.address(&req)
		if err := c.fill(&req); err != nil {
			return err
		}
	}
	c.handle(ctx, req)
	return nil
}

// decision reports whether a line says from where a sentence is safe.
func decision(word string) bool {
	_, err := strconv.Atoi(word)
	return err == nil || slices.Contains([]string{"start", "end", "never", "labels", "skip"}, word)
}

func (c *Conversation) handle(ctx context.Context, req bot.Request) {
	req.Seat, req.Name, req.Roles, req.Moderator = c.who.Seat, c.who.Name, c.who.Roles, c.who.Moderator
	doc := c.handler.Handle(ctx, req)
	text := c.show(doc)
	if public, ok := doc.(reply.PublicDoc); ok {
		c.posted++
		c.handler.Posted(ctx, req, public, bot.MessageID(fmt.Sprintf("%s-%d", c.session, c.posted)))
	}
	c.pending = text.Confirm
	if text.Reply != "" {
		c.last, c.tickets, c.report = text.Reply, nil, ""
	}
	if len(text.Tickets) > 0 {
		c.tickets = text.Tickets
	}
	if text.Report != "" {
		c.report = text.Report
	}
	if !c.queue || text.Decide != "" || strings.HasPrefix(req.Command, "club ") {
		c.decide = text.Decide
	}
	c.undo = text.Undo
}

func (c *Conversation) show(doc reply.Doc) Text {
	var text Text
	doc.Render(&text)
	if _, public := doc.(reply.PublicDoc); public {
		fmt.Fprintln(c.out, "[to the channel]")
	}
	fmt.Fprint(c.out, text.String())
	return text
}

// Edit implements bot.Poster.
func (c *Conversation) Edit(_ context.Context, _ bot.ClubID, _ bot.ChannelID, message bot.MessageID, doc reply.PublicDoc) error {
	var text Text
	doc.Render(&text)
	which := "an earlier message"
	if n, ok := strings.CutPrefix(string(message), c.session+"-"); ok {
		which = "message " + n
	}
	fmt.Fprintf(c.out, "[in the channel, %s now reads]\n%s", which, text.String())
	return nil
}

// address puts tickets in the place of what a terminal calls them by: a number,
// or the last answer.
func (c *Conversation) address(req *bot.Request) {
	switch req.Command {
	case "past", "share", "more", "manage", "rewrite", "cover", "retract":
		req.Options["ticket"] = string(c.last)
	case "report":
		number := req.Options["ticket"]
		req.Options["ticket"] = string(c.report)
		if number != "" {
			req.Options["ticket"] += "." + number
		}
	case "reveal":
		n, err := strconv.Atoi(req.Options["ticket"])
		if err != nil || n < 1 || n > len(c.tickets) {
			req.Options["ticket"] = ""
			return
		}
		req.Options["ticket"] = string(c.tickets[n-1])
	case "club decide":
		req.Options["ticket"] = string(c.decide)
	case "club undo":
		req.Options["ticket"] = string(c.undo)
	}
}

// fill asks for what a form still lacks.
func (c *Conversation) fill(req *bot.Request) error {
	cmd, ok := bot.Form(req.Command)
	if !ok || !c.allowed(cmd) {
		return nil
	}
	for _, o := range cmd.Options {
		if req.Options[o.Name] != "" || o.Name == "book" || o.Name == "ticket" {
			continue
		}
		value, err := c.ask(o)
		if err != nil {
			return err
		}
		req.Options[o.Name] = value
	}
	return nil
}

// allowed spares those who may not the questions of a form.
func (c *Conversation) allowed(cmd bot.Command) bool {
	return c.who.Moderator || cmd.For != bot.Moderator
}

// ask asks for one option; one of several lines ends with a line that holds a
// dot and nothing else.
func (c *Conversation) ask(o bot.Option) (string, error) {
	prompt := o.Name + " (" + o.Summary.String()
	if o.Long {
		prompt += "; a line with only a dot ends it"
	}
	var lines []string
	for {
		line, err := c.in.Next(prompt + ")> ")
		if errors.Is(err, io.EOF) {
			return strings.Join(lines, "\n"), nil
		}
		if err != nil {
			return "", fmt.Errorf("read a line: %w", err)
		}
		if !o.Long {
			return line, nil
		}
		if strings.TrimSpace(line) == "." {
			return strings.Join(lines, "\n"), nil
		}
		lines = append(lines, line)
		prompt = "("
	}
}
