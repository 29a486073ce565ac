package slack

import (
	"strings"

	"github.com/slack-go/slack"

	"dogear/bot/reply"
)

// line is a line of a message, in a block of its own. The zero line is none.
type line struct {
	text string // without markup; empty: it has elements
	kind lineKind
	over bool // it stands over what follows it

	// Of a covered passage: the ticket that opens it, and the label of the
	// button that does so. Empty: no such passage.
	ticket reply.Ticket
	label  string

	// Of what is offered in the middle of a document.
	elements []slack.BlockElement
}

// lineKind is what a line looks like.
type lineKind int

const (
	plain lineKind = iota
	bold
	item
	code // of several lines
)

// said returns the line as the text of a message has it; empty for one that
// only offers something.
func (l line) said() string {
	switch l.kind {
	case item:
		return "- " + l.text
	case code: // what does not fit stands in the block alone
		return cut(strings.TrimRight(l.text, "\n"), longestSaid, escaped)
	}
	return l.text
}

// size is how much of a message the line takes.
func (l line) size() space {
	s := spaceOf(blocksOf([]line{l})...)
	if said := l.said(); said != "" {
		s.text = escaped(said) + len("\n")
	}
	return s
}

// textOf returns all that lines say, escaped. Where they only offer something,
// it says what.
func textOf(lines []line) string {
	var said []string
	for _, l := range lines {
		if s := l.said(); s != "" {
			said = append(said, s)
		}
	}
	if said == nil {
		for _, l := range lines {
			said = append(said, labelsOf(l.elements)...)
		}
		return escape(cut(strings.Join(said, "\n"), longestText, escaped))
	}
	return escape(strings.Join(said, "\n"))
}

// blocksOf returns the blocks of lines: items that follow each other are one
// list.
func blocksOf(lines []line) []slack.Block {
	var out []slack.Block
	var list *slack.RichTextList
	for _, l := range lines {
		switch {
		case l.kind == item && list != nil:
			list.Elements = append(list.Elements, section(l.text, nil))
			continue
		case l.kind == item:
			list = slack.NewRichTextList(slack.RTEListBullet, 0, section(l.text, nil))
			out = append(out, slack.NewRichTextBlock("", list))
			continue
		case l.elements != nil:
			out = append(out, slack.NewActionBlock("", l.elements...))
		case l.ticket != "":
			open := button(pressed{action: revealAction, ticket: l.ticket}.actionID(), string(l.ticket), l.label)
			out = append(out, slack.NewSectionBlock(words(l.text), nil, slack.NewAccessory(open)))
		case l.kind == code:
			out = append(out, slack.NewRichTextBlock("", preformatted(l.text)))
		case l.kind == bold:
			out = append(out, slack.NewRichTextBlock("", section(l.text, &slack.RichTextSectionTextStyle{Bold: true})))
		default:
			out = append(out, slack.NewRichTextBlock("", section(l.text, nil)))
		}
		list = nil
	}
	return out
}

// section returns a text in which Slack looks for no markup.
func section(text string, style *slack.RichTextSectionTextStyle) *slack.RichTextSection {
	return slack.NewRichTextSection(slack.NewRichTextSectionTextElement(text, style))
}

// preformatted returns a text of many lines, in which Slack looks for no markup
// either.
func preformatted(text string) *slack.RichTextPreformatted {
	p := &slack.RichTextPreformatted{Type: slack.RTEPreformatted}
	for _, part := range chunks(text, longestText, units) {
		p.Elements = append(p.Elements, slack.NewRichTextSectionTextElement(part, nil))
	}
	return p
}
