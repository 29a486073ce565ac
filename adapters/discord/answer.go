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
	begun                          // its first message, or one that was taken back
)

// lost is what a reader is told whose reply did not get through.
var lost = reply.Words("Not all of my answer got through. Please try again.")

// unseen is what a reader is told who wants something posted where dogear could
// not change it later, when something in it is covered.
var unseen = reply.Words("I can't see this channel, so I don't post in it. Whoever manages the server can let me; until then I answer you alone here.")

// answer has an exchange handled and sends the reply: at once, or behind a word
// that it is on its way.
func (d *Discord) answer(ctx context.Context, x exchange) {
	public := bot.Public(x.req)
	if public && !d.editable(ctx, x.interaction) {
		if err := d.begin(ctx, &x, message{content: escape(unseen.In(reply.In(x.Locale)))}, true); err != nil {
			d.log.WarnContext(ctx, "a reader was not answered", "cause", err)
		}
		return
	}
	if public {
		x.req.Language = cmp.Or(x.GuildLocale, x.req.Language)
	}
	made, asked := make(chan madeReply, 1), x
	d.work.Go(func() {
		defer close(made)
		guard(d.log, "a request", func() { made <- d.make(ctx, asked) })
	})
	d.deliver(ctx, &x, public, made)
}

// madeReply is a reply with the request as it was in the end. The zero
// madeReply is none, because what makes it broke.
type madeReply struct {
	req bot.Request
	doc reply.Doc // nil: it was delivered before, and that delivery is answered
	ok  bool
}

// make has an exchange handled. All that may take its time is done here, while
// the reader's time runs elsewhere.
func (d *Discord) make(ctx context.Context, x exchange) madeReply {
	x.req.Club = d.club(ctx, x.interaction)
	x.req.Files = d.fetch(ctx, x)
	doc := d.bot.Handle(ctx, x.req)
	return madeReply{x.req, doc, true}
}

// deliver sends a reply when it is made. A reader who does not get it is told
// so, where that is possible.
func (d *Discord) deliver(ctx context.Context, x *exchange, public bool, made <-chan madeReply) {
	late := time.NewTimer(deferAfter - time.Since(x.came))
	defer late.Stop()
	var r madeReply
	select {
	case r = <-made:
	case <-late.C:
		if !d.promise(ctx, x, public) {
			r = <-made
			if shown, ok := r.doc.(reply.PublicDoc); ok && public {
				d.bot.Unposted(ctx, r.req, shown)
			}
			return
		}
		r = <-made
	}
	x.req = r.req
	if r.ok && r.doc == nil {
		return
	}
	err := errBroke
	if r.ok {
		guard(d.log, "a reply", func() { err = d.tell(ctx, x, public, r.doc) })
	}
	if err != nil {
		d.log.WarnContext(ctx, "a reply was not sent whole", "cause", err)
		if !errors.Is(err, errGone) {
			d.apologise(ctx, x)
		}
	}
}

// errBroke says that what makes a reply panicked.
var errBroke = errors.New("it broke")

// promise tells the reader that the reply is on its way; false where they can't
// be answered any more. A promise that may have arrived has to be kept.
func (d *Discord) promise(ctx context.Context, x *exchange, public bool) bool {
	if err := x.first(ctx, x.deferral(public)); err != nil {
		d.log.WarnContext(ctx, "whether a reader knows that their reply is on its way is not known", "cause", err)
		// Where another process has promised it, whichever of the two has the reply
		// sends it: the other one was told that it came before.
		if f := (*fault)(nil); errors.Is(err, errGone) && !(errors.As(err, &f) && f.code == alreadyAnswered) {
			return false
		}
	}
	x.state = promised
	if public {
		x.state = announced
	}
	return true
}

// tell sends a reply.
func (d *Discord) tell(ctx context.Context, x *exchange, public bool, doc reply.Doc) error {
	if shown, ok := doc.(reply.PublicDoc); ok && public {
		return d.post(ctx, x, shown)
	}
	return d.whisper(ctx, x, doc)
}

// afterwards returns a context for what is left to be done although the time for a
// reply may be over: its token lives a minute longer.
func afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), time.Minute/2)
}

// apologise tells the reader that the reply did not get through.
func (d *Discord) apologise(ctx context.Context, x *exchange) {
	ctx, cancel := afterwards(ctx)
	defer cancel()
	m := message{content: escape(lost.In(reply.In(x.Locale)))}
	var err error
	if x.state == begun {
		_, err = d.rest.follow(ctx, x.interaction, m, true)
	} else {
		err = d.begin(ctx, x, m, true)
	}
	if err != nil {
		d.log.WarnContext(ctx, "a reader was not told that their reply is lost", "cause", err)
	}
}

// deferral tells the reader that the reply is on its way.
func (x exchange) deferral(public bool) response {
	if x.inPlace {
		return response{kind: discordgo.InteractionResponseDeferredMessageUpdate}
	}
	return response{kind: discordgo.InteractionResponseDeferredChannelMessageWithSource, private: !public}
}

// begin sends the first message of a reply.
func (d *Discord) begin(ctx context.Context, x *exchange, m message, private bool) (err error) {
	defer func() {
		if err == nil {
			x.state = begun
		}
	}()
	if x.state != silent {
		return d.rest.editReply(ctx, x.interaction, firstReply, m)
	}
	kind := discordgo.InteractionResponseChannelMessageWithSource
	if x.inPlace {
		kind = discordgo.InteractionResponseUpdateMessage
	}
	return x.first(ctx, response{kind: kind, private: private, message: m})
}

// whisper sends a reply that only the reader sees.
func (d *Discord) whisper(ctx context.Context, x *exchange, doc reply.Doc) error {
	messages := render(doc)
	if x.Guild == "" {
		messages = without(messages, reply.Share) // there is no channel to share with
	}
	if x.state == announced {
		// Who sees a reply can't be changed any more: this one is taken back.
		if err := d.rest.deleteReply(ctx, x.interaction); err != nil {
			return err
		}
		x.state = begun
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
func (d *Discord) post(ctx context.Context, x *exchange, doc reply.PublicDoc) error {
	messages := render(doc)
	err := d.begin(ctx, x, messages[0], false)
	if errors.Is(err, errGone) {
		d.bot.Unposted(ctx, x.req, doc)
		return err
	}
	id := ""
	if err == nil {
		id, err = d.rest.reply(ctx, x.interaction)
	}
	if err != nil {
		left := d.takeBack(ctx, x)
		if left == nil {
			d.bot.Unposted(ctx, x.req, doc)
		}
		return errors.Join(err, left)
	}
	ids := []string{id}
	for _, m := range messages[1:] {
		if id, err = d.rest.follow(ctx, x.interaction, unnamed, false); err != nil {
			break
		}
		ids = append(ids, id)
		if err = d.rest.editReply(ctx, x.interaction, id, m); err != nil {
			break
		}
	}
	d.bot.Posted(ctx, x.req, doc, messageID(x.ChannelID, ids))
	return err
}

// unnamed holds nothing: it stands for a message until dogear knows by which
// name that can be covered later.
var unnamed = message{content: "…"}

// takeBack takes a public reply away that may or may not be there: what can't be
// found again can't be covered later.
func (d *Discord) takeBack(ctx context.Context, x *exchange) error {
	ctx, cancel := afterwards(ctx)
	defer cancel()
	err := d.rest.deleteReply(ctx, x.interaction)
	if err == nil {
		x.state = begun
	}
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
