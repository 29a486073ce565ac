package slack

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"dogear/bot/reply"
)

const (
	longestPlaceholder = 150 // of a menu, while nothing is chosen

	// How much of a message a menu gets, and all that stands at its end, as
	// JSON in bytes: beside them there is always room for a line.
	longestMenu     = 2800
	longestControls = 6000

	mostInRow = 5 // buttons beside each other, so that they fit on a phone's screen
)

// ending returns the blocks for what a document offers at its end: buttons,
// then menus, as they come. A control without a ticket is left out: pressing it
// would mean nothing.
func (d *draft) ending() []slack.Block {
	var groups [][]slack.BlockElement
	buttons := -1 // which group has the single buttons; -1: none yet
	for _, c := range d.controls {
		if c.Ticket == "" {
			continue
		}
		switch options := d.options(c); {
		case c.Action == reply.Decide:
			groups = append(groups, d.decisions(c, options))
		case len(options) > 0 && (c.Action == reply.ReadFurther || c.Action == reply.Report):
			groups = append(groups, []slack.BlockElement{menu(pressed{action: c.Action, ticket: c.Ticket}.actionID(), c.Label, options)})
		default:
			if buttons < 0 {
				buttons, groups = len(groups), append(groups, nil)
			}
			groups[buttons] = append(groups[buttons], press(pressed{action: c.Action, ticket: c.Ticket}, c.Label))
		}
	}
	var out []slack.Block
	seen := map[string]bool{}
	for _, group := range groups {
		group = slices.DeleteFunc(group, func(e slack.BlockElement) bool {
			id := actionIDOf(e)
			defer func() { seen[id] = true }()
			return seen[id] || units(id) > longestID // of those that would do the same, the first stays
		})
		for row := range slices.Chunk(group, mostInRow) {
			block := slack.NewActionBlock("", row...)
			if spaceOf(append(slices.Clone(out), block)...).bytes > longestControls {
				d.left = true
				continue
			}
			out = append(out, block)
		}
	}
	return out
}

// decisions are the buttons of a moderator: one a choice that an action_id may
// hold, and one that asks for a chapter.
func (d *draft) decisions(c reply.Control, options []*slack.OptionBlockObject) []slack.BlockElement {
	var out []slack.BlockElement
	for _, o := range options {
		if !strings.ContainsFunc(o.Value, func(r rune) bool { return r != '-' && r != '.' && !alphanumeric(r) }) {
			out = append(out, press(pressed{c.Action, c.Ticket, o.Value}, o.Text.Text))
		}
	}
	return append(out, press(pressed{action: c.Action, ticket: c.Ticket}, d.say(chapterLabel)))
}

func alphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// deed puts what does a command by itself where the document has it: a button
// beside those before it, or a menu.
func (d *draft) deed(c reply.Control) {
	id := doID(c.Does.Command, c.Does.Options, c.Does.Asks)
	if c.Does.Command == "" || units(id) > longestID {
		return
	}
	if c.Does.Asks != "" {
		options := d.options(c)
		var element slack.BlockElement = menu(id, c.Label, options)
		if len(options) == 0 {
			element = search(id, c.Label)
		}
		d.lines = append(d.lines, line{elements: []slack.BlockElement{element}})
		return
	}
	element := button(id, "", c.Label)
	if last := len(d.lines) - 1; last >= 0 && d.lines[last].takes(id) {
		d.lines[last].elements = append(d.lines[last].elements, element)
		return
	}
	d.lines = append(d.lines, line{elements: []slack.BlockElement{element}})
}

// takes reports whether a line of buttons has room for another one.
func (l line) takes(id string) bool {
	if len(l.elements) == 0 || len(l.elements) == mostInRow {
		return false
	}
	return !slices.ContainsFunc(l.elements, func(e slack.BlockElement) bool {
		_, ok := e.(*slack.ButtonBlockElement)
		return !ok || actionIDOf(e) == id
	})
}

func press(p pressed, label string) *slack.ButtonBlockElement {
	b := button(p.actionID(), "", label)
	if p.action == reply.Confirm {
		b.Style = slack.StylePrimary
	}
	return b
}

// button returns a button; value is what Slack sends with its action_id, empty:
// nothing.
func button(id, value, label string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(id, value, words(plainLabel(label, longestLabel)))
}

func menu(id, label string, options []*slack.OptionBlockObject) *slack.SelectBlockElement {
	return slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, words(plainLabel(label, longestPlaceholder)), id, options...)
}

// search returns a menu that asks dogear what there is to choose from, at once
// and again with what is typed.
func search(id, label string) *slack.SelectBlockElement {
	s := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, words(plainLabel(label, longestPlaceholder)), id)
	s.MinQueryLength = new(int)
	return s
}

// options returns the choices of a control, as far as Slack takes them and they
// fit.
func (d *draft) options(c reply.Control) []*slack.OptionBlockObject {
	var out []*slack.OptionBlockObject
	size := 0
	for _, choice := range c.Choices {
		taken := slices.ContainsFunc(out, func(o *slack.OptionBlockObject) bool { return o.Value == choice.Value })
		if choice.Value == "" || units(choice.Value) > longestLabel || taken || len(out) == mostChoices {
			continue
		}
		o := slack.NewOptionBlockObject(choice.Value, words(plainLabel(choice.Label, longestLabel)), nil)
		const around = `{"text":{"type":"plain_text","text":"","emoji":false},"value":""},`
		if size += len(around) + encoded(o.Value) + encoded(o.Text.Text); size > longestMenu {
			d.left = true
			break
		}
		out = append(out, o)
	}
	return out
}

// actionIDOf returns the action_id of an element; empty for one that has none.
func actionIDOf(e slack.BlockElement) string {
	switch e := e.(type) {
	case *slack.ButtonBlockElement:
		return e.ActionID
	case *slack.SelectBlockElement:
		return e.ActionID
	}
	return ""
}

// labelsOf returns what elements are called.
func labelsOf(elements []slack.BlockElement) (out []string) {
	for _, e := range elements {
		switch e := e.(type) {
		case *slack.ButtonBlockElement:
			out = append(out, e.Text.Text)
		case *slack.SelectBlockElement:
			out = append(out, e.Placeholder.Text)
		}
	}
	return out
}
