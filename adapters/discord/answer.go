package discord

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"dogear/bot"
	"dogear/bot/reply"
)

// exchange is one thing that a reader asks for by an interaction.
type exchange struct {
	*interaction
	req     bot.Request
	files   []attachment // that come with it, not yet fetched
	came    time.Time
	inPlace bool // the reply takes the place of the message that it was asked from
	state   exchangeState
}

// exchangeState says what the reader has seen of the reply.
type exchangeState int

const (
	silent    exchangeState = iota // nothing
	promised                       // that it is on its way, for their eyes alone
	announced                      // the same, for the whole channel
)

// answer has an exchange handled and sends the reply: at once, or behind a word
// that it is on its way.
func (d *Discord) answer(ctx context.Context, x exchange) {
	public := bot.Public(x.req)
	if public {
		x.req.Language = cmp.Or(x.GuildLocale, x.req.Language)
	}
	made := make(chan handled, 1)
	asked := x // a copy: what the reader has seen may change meanwhile
	d.work.Go(func() {
		defer close(made)
		guard(d.log, "request", func() { made <- d.handle(ctx, asked) })
	})
	late := time.NewTimer(deferAfter - time.Since(x.came))
	defer late.Stop()
	var h handled
	var ok bool // nothing has broken
	select {
	case h, ok = <-made:
	case <-late.C:
		if !d.first(ctx, x.interaction, x.deferral(public)) {
			return
		}
		x.state = promised
		if public {
			x.state = announced
		}
		h, ok = <-made
	}
	x.req = h.req
	var err error
	switch shown, isPublic := h.doc.(reply.PublicDoc); {
	case !ok, h.doc == nil && x.state != silent:
		err = d.begin(ctx, x, message{content: escape(broken.In(reply.In(x.Locale)))}, true)
	case h.doc == nil: // it was delivered before, and that delivery is answered
	case isPublic && public:
		err = d.post(ctx, x, shown)
	default:
		err = d.whisper(ctx, x, h.doc)
	}
	if err != nil {
		d.log.WarnContext(ctx, "a reply was not sent whole", "cause", err)
	}
}

// handled is what became of a request.
type handled struct {
	req bot.Request // with all that it took to handle it
	doc reply.Doc   // nil: there is nothing to say
}

// broken is said where there is no reply to send.
var broken = reply.Words("Something went wrong on my side, so this may not be done. Please try again in a moment.")

// handle completes the request of an exchange by what takes its time, and has
// the bot handle it.
func (d *Discord) handle(ctx context.Context, x exchange) handled {
	x.req.Club = d.club(ctx, x.interaction)
	x.req.Files = d.fetch(ctx, x)
	return handled{x.req, d.bot.Handle(ctx, x.req)}
}

// deferral tells the reader that the reply is on its way.
func (x exchange) deferral(public bool) response {
	if x.inPlace {
		return response{kind: discordgo.InteractionResponseDeferredMessageUpdate}
	}
	return response{kind: discordgo.InteractionResponseDeferredChannelMessageWithSource, private: !public}
}

// begin sends the first message of a reply.
func (d *Discord) begin(ctx context.Context, x exchange, m message, private bool) error {
	if x.state != silent {
		return d.rest.editReply(ctx, x.interaction, m)
	}
	kind := discordgo.InteractionResponseChannelMessageWithSource
	if x.inPlace {
		kind = discordgo.InteractionResponseUpdateMessage
	}
	return x.first(ctx, response{kind: kind, private: private, message: m})
}

// whisper sends a reply that only the reader sees.
func (d *Discord) whisper(ctx context.Context, x exchange, doc reply.Doc) error {
	messages := render(doc)
	if x.Guild == "" {
		messages = without(messages, reply.Share) // there is no channel to share with
	}
	if x.state == announced {
		// Who sees a reply can't be changed any more: this one is taken back.
		if err := d.rest.deleteReply(ctx, x.interaction); err != nil {
			return err
		}
	} else {
		if err := d.begin(ctx, x, messages[0], true); err != nil {
			return err
		}
		messages = messages[1:]
	}
	for _, m := range messages {
		if _, err := d.rest.follow(ctx, x.interaction, m, true); err != nil {
			return err
		}
	}
	return nil
}

// post sends a reply that the channel sees, and tells the bot which messages it
// has become.
func (d *Discord) post(ctx context.Context, x exchange, doc reply.PublicDoc) error {
	messages := render(doc)
	var id string
	err := d.begin(ctx, x, messages[0], false)
	if err == nil {
		id, err = d.rest.reply(ctx, x.interaction)
	}
	switch {
	case errors.Is(err, errGone): // by another process, perhaps, whose reply it is
		return err
	case err != nil:
		// It may stand there all the same, and what can't be found again can't
		// be covered later.
		return errors.Join(err, d.rest.deleteReply(ctx, x.interaction))
	}
	ids := []string{id}
	for _, m := range messages[1:] {
		if id, err = d.rest.follow(ctx, x.interaction, m, false); err != nil {
			break
		}
		ids = append(ids, id)
	}
	d.bot.Posted(ctx, x.req, doc, messageID(x.ChannelID, ids))
	return err
}

// fetch returns the files that came with what a moderator asks for. One that
// can't be fetched has no data.
func (d *Discord) fetch(ctx context.Context, x exchange) []bot.File {
	if !x.req.Moderator {
		return nil
	}
	var out []bot.File
	for _, a := range x.files {
		data, err := d.rest.download(ctx, a.URL, bot.MaxFiles)
		if err != nil {
			d.log.WarnContext(ctx, "an attachment was not fetched", "cause", err)
		}
		out = append(out, bot.File{Name: a.Filename, Data: data})
	}
	return out
}

// messageID names a reply that may take several messages, and may stand in a
// thread of the channel whose settings count.
func messageID(channel string, ids []string) bot.MessageID {
	return bot.MessageID(channel + "/" + strings.Join(ids, "+"))
}

// parseMessageID returns what messageID was made of.
func parseMessageID(id bot.MessageID) (channel string, ids []string) {
	channel, rest, _ := strings.Cut(string(id), "/")
	return channel, strings.Split(rest, "+")
}

// errNotHere is what Edit says of a message of another platform.
var errNotHere = errors.New("that club is not on Discord")

var _ bot.Poster = (*Discord)(nil)

// Edit implements bot.Poster. What does not fit into as many messages as there
// are is left out.
func (d *Discord) Edit(ctx context.Context, club bot.ClubID, _ bot.ChannelID, id bot.MessageID, doc reply.PublicDoc) error {
	if !strings.HasPrefix(string(club), Platform) {
		return errNotHere
	}
	channel, ids := parseMessageID(id)
	messages := render(doc)
	err := d.rewrite(ctx, channel, ids, messages)
	if f := (*fault)(nil); !errors.As(err, &f) || f.code != threadArchived {
		return err
	}
	if err := d.rest.reopen(ctx, channel); err != nil {
		return err
	}
	return d.rewrite(ctx, channel, ids, messages)
}

// rewrite puts messages in the place of others.
func (d *Discord) rewrite(ctx context.Context, channel string, ids []string, messages []message) error {
	var problems []error
	for i, id := range ids {
		if i < len(messages) {
			problems = append(problems, d.rest.edit(ctx, channel, id, messages[i]))
		} else {
			problems = append(problems, d.rest.delete(ctx, channel, id))
		}
	}
	return errors.Join(problems...)
}
