package discord

import (
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"dogear/bot/reply"
)

// row is a row of components: buttons, at most mostInRow, or one menu.
type row = []discordgo.MessageComponent

// longestPlaceholder is Discord's limit for what a menu says while nothing is
// chosen.
const longestPlaceholder = 150

// rows returns the components for what a document offers. A control without a
// ticket is left out: pressing it would mean nothing.
func (d *draft) rows() []row {
	var groups []row
	buttons := -1 // which group has the single buttons; -1: none yet
	for _, c := range d.controls {
		if c.Ticket == "" {
			continue
		}
		switch options := d.options(c); {
		case c.Action == reply.Decide:
			groups = append(groups, d.decisions(c, options))
		case len(options) > 0 && (c.Action == reply.ReadFurther || c.Action == reply.Report):
			groups = append(groups, row{discordgo.SelectMenu{
				MenuType:    discordgo.StringSelectMenu,
				CustomID:    pressed{action: c.Action, ticket: c.Ticket}.customID(),
				Placeholder: d.label(c.Label, longestPlaceholder),
				Options:     options,
			}})
		default:
			if buttons < 0 {
				buttons, groups = len(groups), append(groups, nil)
			}
			groups[buttons] = append(groups[buttons], d.button(pressed{action: c.Action, ticket: c.Ticket}, c.Label))
		}
	}
	return arrange(groups)
}

// decisions are the buttons of a moderator: one a choice that a custom_id may
// hold, and one that asks for a chapter.
func (d *draft) decisions(c reply.Control, options []discordgo.SelectMenuOption) row {
	var out row
	for _, o := range options {
		if !strings.ContainsFunc(o.Value, func(r rune) bool { return r != '-' && r != '.' && !alphanumeric(r) }) {
			out = append(out, d.button(pressed{c.Action, c.Ticket, o.Value}, o.Label))
		}
	}
	return append(out, d.button(pressed{action: c.Action, ticket: c.Ticket}, d.say(chapterLabel)))
}

func alphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

func (d *draft) button(p pressed, label string) discordgo.Button {
	style := discordgo.SecondaryButton
	if p.action == reply.Confirm {
		style = discordgo.PrimaryButton
	}
	return discordgo.Button{Label: d.label(label, longestLabel), Style: style, CustomID: p.customID()}
}

// options returns the choices of a control, as far as Discord takes them.
func (d *draft) options(c reply.Control) []discordgo.SelectMenuOption {
	var out []discordgo.SelectMenuOption
	for _, choice := range c.Choices {
		taken := slices.ContainsFunc(out, func(o discordgo.SelectMenuOption) bool { return o.Value == choice.Value })
		if choice.Value == "" || units(choice.Value) > longestChoice || taken || len(out) == mostChoices {
			continue
		}
		out = append(out, discordgo.SelectMenuOption{Label: d.label(choice.Label, longestChoice), Value: choice.Value})
	}
	return out
}

// openers returns the buttons for what is covered and withheld in messages.
func openers(pages [][]line) []row {
	var out row
	for _, l := range slices.Concat(pages...) {
		if l.ticket != "" {
			out = append(out, discordgo.Button{
				Label: l.label, Style: discordgo.SecondaryButton, CustomID: pressed{action: revealAction, ticket: l.ticket}.customID(),
			})
		}
	}
	return arrange([]row{out})
}

// arrange puts each group into rows of its own, as many as a message may have.
// Of those that would do the same, the first stays.
func arrange(groups []row) []row {
	var out []row
	seen := map[string]bool{}
	for _, group := range groups {
		group = slices.DeleteFunc(group, func(c discordgo.MessageComponent) bool {
			id := customIDOf(c)
			defer func() { seen[id] = true }()
			return seen[id] || units(id) > longestCustomID
		})
		out = slices.AppendSeq(out, slices.Chunk(group, mostInRow))
	}
	return out[:min(len(out), mostRows)]
}

// customIDOf returns the custom_id of a component; empty for one that has none.
func customIDOf(c discordgo.MessageComponent) string {
	switch c := c.(type) {
	case discordgo.Button:
		return c.CustomID
	case discordgo.SelectMenu:
		return c.CustomID
	}
	return ""
}

// components returns rows as a message takes them.
func components(rows []row) []discordgo.MessageComponent {
	var out []discordgo.MessageComponent
	for _, r := range rows {
		out = append(out, discordgo.ActionsRow{Components: r})
	}
	return out
}
