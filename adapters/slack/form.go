package slack

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"dogear/bot"
	"dogear/bot/reply"
)

// form is what the callback_id of a form says: the command that it is for, and
// what is given already.
type form struct {
	command string
	given   map[string]string
}

const formPrefix = "form:"

// callback returns what parseForm reads; what is given is left out where it is
// too much.
func (f form) callback() string {
	given := url.Values{}
	for name, v := range f.given {
		given.Set(name, v)
	}
	id := formPrefix + f.command + ":" + given.Encode()
	if len(id) > longestID {
		return formPrefix + f.command + ":"
	}
	return id
}

// parseForm returns what a form is for; false where it is none.
func parseForm(callback string) (form, bool) {
	rest, ok := strings.CutPrefix(callback, formPrefix)
	if !ok {
		return form{}, false
	}
	command, encoded, _ := strings.Cut(rest, ":")
	given, err := url.ParseQuery(encoded)
	if err != nil {
		return form{}, false
	}
	f := form{command, map[string]string{}}
	for name := range given {
		f.given[name] = given.Get(name)
	}
	return f, true
}

// with returns what is given with what was filled in.
func (f form) with(typed map[string]string) map[string]string {
	maps.Copy(typed, f.given)
	return typed
}

// asksForMore reports whether a command is to be asked for in a form.
func asksForMore(cmd bot.Command, req bot.Request) bool {
	if cmd.Restricted() && !req.Moderator {
		return false // where that is refused, nothing is to be typed for it
	}
	return cmd.Form || cmd.Missing(req.Options)
}

// Fields of dogear's own.
const (
	channelField = "channel" // where the reply is to be posted
	valueField   = "value"   // of a control
)

// openForm asks for the options of a command. What was given stands in its field,
// for the words behind a command may have been meant otherwise; the reply that the
// command is about stands for itself.
func (s *Slack) openForm(ctx context.Context, x exchange, cmd bot.Command) {
	l := reply.In(x.req.Language)
	f := form{cmd.Name, map[string]string{}}
	blocks := []slack.Block{block(sentence(cmd.Summary.In(l)))}
	if x.channel == "" && bot.Public(bot.Request{Command: cmd.Name}) {
		blocks = append(blocks, channelInput(l))
	}
	for _, o := range cmd.Options {
		given := x.req.Options[o.Name]
		switch {
		case o.File:
		case o.Name == "ticket":
			f.given[o.Name] = given
		default:
			blocks = append(blocks, input(o, given, l))
		}
	}
	s.ask(ctx, x, view{callback: f.callback(), blocks: blocks})
}

// openChapter asks from which chapter a sentence is safe.
func (s *Slack) openChapter(ctx context.Context, x exchange, p pressed) {
	l := reply.In(x.req.Language)
	field := bot.Option{Name: valueField, Required: true, Summary: reply.Words("The number of a chapter")}
	blocks := []slack.Block{block(reply.Words("From which chapter is it safe?").In(l)), input(field, "", l)}
	s.ask(ctx, x, view{callback: p.actionID(), blocks: blocks})
}

// ask opens a view to be filled in.
func (s *Slack) ask(ctx context.Context, x exchange, v view) {
	l := reply.In(x.req.Language)
	v.title, v.submit, v.close = viewTitle, reply.Words("Send").In(l), reply.Words("Cancel").In(l)
	v.metadata = x.origin().metadata()
	if err := s.put(ctx, x, v); err != nil {
		s.log.WarnContext(ctx, "a form was not opened", "cause", err)
		s.tellAlone(ctx, x, ownWords(tooLate, l))
	}
}

// longestTyped is Slack's limit for what is typed into one field.
const longestTyped = 3000

// input returns the field that asks for an option; given is what it holds at first,
// as far as it can.
func input(o bot.Option, given string, l *reply.Language) slack.Block {
	var element slack.BlockElement
	switch {
	case o.Suggests:
		none := 0
		menu := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, nil, o.Name)
		menu.MinQueryLength = &none
		if given = flat(given); !blank(given) && units(given) <= longestLabel {
			menu.InitialOption = slack.NewOptionBlockObject(given, plainText(given), nil)
		}
		element = menu
	case len(o.Choices) > 0:
		var options []*slack.OptionBlockObject
		for _, c := range o.Choices {
			options = append(options, slack.NewOptionBlockObject(c, plainText(plainLabel(l.Command(c), longestLabel)), nil))
		}
		menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, o.Name, options...)
		if i := slices.Index(o.Choices, strings.ToLower(given)); i >= 0 {
			menu.InitialOption = options[i]
		}
		element = menu
	default:
		field := slack.NewPlainTextInputBlockElement(nil, o.Name)
		field.Multiline, field.MaxLength = o.Long, longestTyped
		if given = strings.TrimSpace(normalise(given)); !blank(given) {
			field.InitialValue = cut(given, longestTyped, units)
		}
		element = field
	}
	// A placeholder is cut off on a phone, and gone once something is typed.
	hint := plainText(plainLabel(sentence(o.Summary.In(l)), longestPlaceholder))
	block := slack.NewInputBlock(o.Name, plainText(plainLabel(sentence(l.Command(o.Name)), longestLabel)), hint, element)
	block.Optional = !o.Required
	return block
}

// sentence returns words with a capital at their beginning.
func sentence(words string) string {
	r, n := utf8.DecodeRuneInString(words)
	return string(unicode.ToTitle(r)) + words[n:]
}

// channelInput returns the field that asks where a reply is to be posted.
func channelInput(l *reply.Language) slack.Block {
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, plainText(plainLabel(reply.Words("a book club's channel").In(l), longestPlaceholder)), channelField)
	menu.DefaultToCurrentConversation = true
	menu.Filter = &slack.SelectBlockElementFilter{Include: []string{"public", "private"}, ExcludeBotUsers: true}
	return slack.NewInputBlock(channelField, plainText(plainLabel(reply.Words("Channel").In(l), longestLabel)),
		plainText(plainLabel(reply.Words("I have to be in it: “/invite” me first.").In(l), longestPlaceholder)), menu)
}

// submit does what a view that was filled in stands for. A refusal stands in the
// view, so that nothing that was typed is lost; any other reply takes its place,
// unless it shows what no acknowledgement is for.
func (s *Slack) submit(ctx context.Context, d delivery, in interaction) {
	x := in.exchange()
	typed := in.View.typed()
	f, isForm := parseForm(in.View.Callback)
	late := time.NewTimer(holdFor)
	defer late.Stop()
	if s.meet(ctx, &x); x.guest {
		s.acknowledge(ctx, d, nil)
		s.turnAway(ctx, x)
		return
	}
	x.req.Event = eventID(in.Trigger)
	if isForm {
		x.req.Command, x.req.Options = f.command, f.with(typed)
	} else {
		p, _ := parseActionID(in.View.Callback)
		x.req.Command, x.req.Options = p.request(typed[valueField])
	}
	doc, answer := s.makeBefore(ctx, d, x, late.C)
	if doc == nil {
		return
	}
	_, public := doc.(reply.PublicDoc)
	field := lastField(in.View)
	told := false
	switch {
	case doc.Refuses() && field != "":
		told = answer(refusalOf(doc, field))
	case x.home != "" && x.home != x.view && !isForm: // else the question has taken the home's place
		answer(nil) // the question closes
		s.showHome(ctx, x, doc)
		told = true
	case public || doc.Past():
		answer(map[string]any{"response_action": "clear"})
	default:
		v, _ := renderView(doc)
		v.metadata = x.origin().metadata()
		told = answer(map[string]any{"response_action": "update", "view": v.modal()})
	}
	if !told {
		x.view, x.trigger = "", "" // a modal might be closed with the one that was submitted
		s.send(ctx, x, doc)
	}
}

// makeBefore has an exchange handled, and returns the reply with what takes the
// answer that goes with the acknowledgement, as acknowledge does. Where it was late
// before there was a reply, that was sent without, and no answer is taken. The reply is nil where
// there is none; then everything is acknowledged.
func (s *Slack) makeBefore(ctx context.Context, d delivery, x exchange, late <-chan time.Time) (doc reply.Doc, answer func(any) bool) {
	made := make(chan reply.Doc, 1)
	s.work.Go(func() {
		defer close(made)
		guard(s.log, "a view", func() { made <- s.bot.Handle(ctx, x.req) })
	})
	select {
	case doc = <-made:
		if doc == nil {
			s.acknowledge(ctx, d, nil)
		}
		return doc, func(v any) bool { return s.acknowledge(ctx, d, v) }
	case <-late:
	}
	s.acknowledge(ctx, d, nil)
	return <-made, func(any) bool { return false }
}

// lastField returns the block of a view's last field of those that are one line's
// or a text's: below it stands why what was filled in is not taken.
func lastField(v *shown) string {
	last := ""
	for _, b := range v.Blocks {
		if b.Type == "input" {
			last = b.ID
		}
	}
	return last
}

// said collects dogear's own words of a document.
type said struct{ lines []string }

var _ reply.Renderer = (*said)(nil)

func (d *said) Line(l reply.Line)                            { d.lines = append(d.lines, worded(l)) }
func (d *said) Quote(reply.Quotation)                        {}
func (d *said) Source(int, reply.Citation)                   {}
func (d *said) Spoiler(reply.Ticket, func() reply.Quotation) {}
func (d *said) Control(reply.Control)                        {}

// wordsOf returns dogear's own words in a document.
func wordsOf(doc reply.Doc) string {
	var d said
	doc.Render(&d)
	return strings.Join(d.lines, " ")
}

// refusalOf says below a field of a form why what was filled in is not taken.
func refusalOf(doc reply.Doc, field string) any {
	return map[string]any{"response_action": "errors", "errors": map[string]string{field: plainLabel(wordsOf(doc), longestText)}}
}

// optionsOf returns choices as a menu takes them. One that does not fit is left
// out: cut, its value would be another.
func optionsOf(choices []reply.Choice) any {
	options, taken := []*slack.OptionBlockObject{}, map[string]bool{"": true}
	for _, c := range choices {
		if !taken[c.Value] && units(c.Value) <= longestLabel && len(options) < mostChoices {
			taken[c.Value] = true
			options = append(options, slack.NewOptionBlockObject(c.Value, plainText(plainLabel(c.Label, longestLabel)), nil))
		}
	}
	return map[string]any{"options": options}
}
