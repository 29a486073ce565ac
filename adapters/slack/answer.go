package slack

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"dogear/bot"
	"dogear/bot/reply"
)

// exchange is one thing that somebody asks for, with where they did it: that is
// where the reply goes.
type exchange struct {
	who     person
	req     bot.Request
	channel string // empty: none, it was the app's home or a shortcut
	thread  string // empty: in none
	trigger string // opens a modal, within 3 s; empty: nothing does
	url     string // takes a reply for one alone; empty: none does
	mention string // the message that asks, which a reply for all goes below; empty: there is none
	direct  bool   // it was a direct message
	guest   bool   // of another workspace
	inPlace bool   // it takes the place of the message for one alone that it was asked from
	view    string // that it was asked from; empty: a message
	stacked bool   // that view is a modal: another goes on top of it
	home    string // the view that is the reader's home, as origin has it
}

// origin returns what a view that is opened now keeps of the exchange.
func (x exchange) origin() origin { return origin{Channel: x.channel, Thread: x.thread, Home: x.home} }

// The adapter's own words.
var (
	lost    = reply.Words("Not all of my answer got through. Please try again.")
	inDoubt = reply.Words("I can't tell whether my answer got through. If it isn't here, please try again.")
	forUs   = reply.Words("I answer the members of this workspace. In a book club's channel, mention me, and I answer for the channel.")
	noRoom  = reply.Words("I can't post in this channel. Invite me first, with “/invite”; until then I answer you alone here.")
	tooLate = reply.Words("I couldn't open that in time. Please press it again.")
)

// turnAway tells somebody of another workspace that dogear answers the members
// of its own, and reports whether it had to.
func (s *Slack) turnAway(ctx context.Context, x exchange) bool {
	if x.guest {
		s.tellAlone(ctx, x, ownWords(forUs, nil))
	}
	return x.guest
}

// ownWords returns a message in dogear's own words.
func ownWords(p reply.Phrase, l *reply.Language) message {
	text := p.In(l)
	return message{text: escape(text), blocks: []slack.Block{block(text)}}
}

// block returns a text of dogear's own as a block.
func block(text string) slack.Block { return blocksOf([]line{{text: fit("", flat(text), "")}})[0] }

// answer has an exchange handled and sends the reply.
func (s *Slack) answer(ctx context.Context, x exchange) {
	if doc := s.bot.Handle(ctx, x.req); doc != nil { // else it was delivered before
		s.send(ctx, x, doc)
	}
}

// send sends a reply. Whoever does not get it, or may not, is told so, where that
// is possible.
func (s *Slack) send(ctx context.Context, x exchange, doc reply.Doc) {
	err := s.tell(ctx, x, doc)
	if err == nil {
		return
	}
	s.log.WarnContext(ctx, "a reply was not sent whole", "cause", err)
	words := lost
	if errors.Is(err, errUnsure) {
		words = inDoubt
	}
	s.tellAlone(ctx, x, ownWords(words, doc.Language()))
}

// tell sends a reply to whom it is for.
func (s *Slack) tell(ctx context.Context, x exchange, doc reply.Doc) error {
	posted, public := doc.(reply.PublicDoc)
	switch {
	case public && !(doc.Refuses() && x.mention == ""):
		return s.post(ctx, x, posted)
	case x.guest && !public:
		return s.whisper(ctx, x, []message{ownWords(forUs, doc.Language())})
	}
	return s.show(ctx, x, doc)
}

// post sends a reply that the channel sees, and tells the bot which messages it
// has become.
func (s *Slack) post(ctx context.Context, x exchange, doc reply.PublicDoc) error {
	thread := x.thread
	if thread == "" {
		thread = x.mention
	}
	var ids []string
	var err error
	for _, m := range render(doc).messages {
		var ts string
		if ts, err = s.api.post(ctx, x.channel, thread, m); err != nil {
			break
		}
		ids = append(ids, ts)
	}
	switch {
	case len(ids) > 0:
		s.bot.Posted(ctx, x.req, doc, messageID(x.channel, ids))
	case err != nil && !errors.Is(err, errUnsure):
		s.bot.Unposted(ctx, x.req, doc)
	}
	if errors.Is(err, errNoRoom) {
		s.tellAlone(ctx, x, ownWords(noRoom, doc.Language()))
		return nil
	}
	return err
}

// show sends a reply that its reader alone sees. What lies past their place goes
// into a modal or a message for one alone, and nowhere that keeps it.
func (s *Slack) show(ctx context.Context, x exchange, doc reply.Doc) error {
	r := render(doc)
	if isDirect(x.channel) {
		r.messages = without(r.messages, reply.Share) // there is no channel to share with
	}
	opens := r.past || x.req.Command == "reveal" || x.view != ""
	if opens && x.trigger != "" && !(x.view == "" && asks(doc)) {
		err := s.open(ctx, x, doc)
		if err == nil || errors.Is(err, errUnsure) {
			return err
		}
		s.log.InfoContext(ctx, "a modal was not opened", "cause", err)
	}
	switch {
	case x.direct && !r.past:
		for _, m := range r.messages {
			if _, err := s.api.post(ctx, x.channel, x.thread, m); err != nil {
				return err
			}
		}
		return nil
	case opens && !asks(doc) && !doc.Refuses() || x.url == "" || x.thread != "":
		return s.whisper(ctx, x, r.messages)
	}
	return s.respond(ctx, x, r.messages)
}

// isDirect reports whether a channel is the direct messages with somebody, as its
// ID tells.
func isDirect(channel string) bool { return strings.HasPrefix(channel, "D") }

// open shows a reply in a modal.
func (s *Slack) open(ctx context.Context, x exchange, doc reply.Doc) error {
	v, _ := renderView(doc)
	v.metadata = x.origin().metadata()
	return s.put(ctx, x, v)
}

// put opens a modal, on top of the one that was acted in.
func (s *Slack) put(ctx context.Context, x exchange, v view) error {
	err := s.api.open(ctx, x.trigger, v, x.stacked)
	if err != nil && x.stacked && x.view != "" && !errors.Is(err, errUnsure) {
		return s.api.change(ctx, x.view, v) // as many as there may be lie on top of each other
	}
	return err
}

// whisper sends messages that their reader alone sees, where they asked.
func (s *Slack) whisper(ctx context.Context, x exchange, messages []message) error {
	if x.channel == "" || x.who.user == "" {
		return errNoRoom
	}
	for _, m := range messages {
		if err := s.api.whisper(ctx, x.channel, x.thread, x.who.user, m); err != nil {
			return err
		}
	}
	return nil
}

// respond does the same through the URL that came with what they did.
func (s *Slack) respond(ctx context.Context, x exchange, messages []message) error {
	for i, m := range messages {
		if err := s.api.respond(ctx, x.url, m, x.inPlace && i == 0); err != nil {
			if i == 0 && !errors.Is(err, errUnsure) && s.whisper(ctx, x, messages) == nil {
				return nil // the URL is dead, and the reply is there
			}
			return err
		}
	}
	return nil
}

// tellWithin is how long dogear tries to tell somebody that something went wrong:
// that may be because the time for their reply is over.
const tellWithin = 15 * time.Second

// tellAlone tells somebody something of dogear's own, in whichever way works.
func (s *Slack) tellAlone(ctx context.Context, x exchange, m message) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellWithin)
	defer cancel()
	err := errNoRoom
	if x.url != "" && x.thread == "" {
		err = s.api.respond(ctx, x.url, m, false)
	}
	if err != nil {
		err = s.whisper(ctx, x, []message{m})
	}
	if err != nil && x.trigger != "" {
		err = s.api.open(ctx, x.trigger, view{title: viewTitle, blocks: m.blocks}, x.stacked)
	}
	if err != nil && x.who.user != "" {
		_, err = s.api.post(ctx, x.who.user, "", m) // in a direct message
	}
	if err != nil {
		s.log.WarnContext(ctx, "a reader was not told what became of what they asked", "cause", err)
	}
}

// messageID names a reply that may take several messages.
func messageID(channel string, ids []string) bot.MessageID {
	return bot.MessageID(channel + "/" + strings.Join(ids, "+"))
}

// parseMessageID returns what messageID was made of.
func parseMessageID(id bot.MessageID) (channel string, ids []string) {
	channel, rest, _ := strings.Cut(string(id), "/")
	return channel, strings.Split(rest, "+")
}

// errNotHere is what Edit says of a message of another club.
var errNotHere = errors.New("that club is not this workspace")

var _ bot.Poster = (*Slack)(nil)

// Edit implements bot.Poster. What does not fit into as many messages as there
// are is left out.
func (s *Slack) Edit(ctx context.Context, club bot.ClubID, _ bot.ChannelID, id bot.MessageID, doc reply.PublicDoc) error {
	if !s.serves(club) {
		return errNotHere
	}
	channel, ids := parseMessageID(id)
	messages := render(doc).messages
	var problems []error
	for i, ts := range ids {
		if i < len(messages) {
			problems = append(problems, s.api.update(ctx, channel, ts, messages[i]))
		} else {
			problems = append(problems, s.api.delete(ctx, channel, ts))
		}
	}
	return errors.Join(problems...)
}
