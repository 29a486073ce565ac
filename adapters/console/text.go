// Package console shows the whole bot in a terminal, and as the JSON of the
// command line.
package console

import (
	"fmt"
	"strings"
	"unicode"

	"dogear/bot/reply"
)

// Text renders a document as lines of plain text. Covered passages appear as
// numbered blocks without their text; Tickets keeps what opens each.
type Text struct {
	out      strings.Builder
	controls []string
	Tickets  []reply.Ticket // of the covered passages, in order
	Reply    reply.Ticket   // of the reply itself; empty: nothing to come back to
	Confirm  bool           // the reply asks for a yes
}

var _ reply.Renderer = (*Text)(nil)

// Line implements reply.Renderer.
func (t *Text) Line(l reply.Line) {
	var b strings.Builder
	for _, s := range l.Spans {
		if s.Variable {
			b.WriteString(Clean(s.Text))
		} else {
			b.WriteString(s.Text)
		}
	}
	if l.Role == reply.Item {
		t.out.WriteString("  - ")
	}
	t.out.WriteString(b.String() + "\n")
}

// Quote implements reply.Renderer.
func (t *Text) Quote(q reply.Quotation) {
	fmt.Fprintf(&t.out, "“%s” - %s\n", inner(Clean(q.Text)), by(q.Source))
}

// Spoiler implements reply.Renderer. It never asks for the text: a terminal
// has no tag that holds.
func (t *Text) Spoiler(ticket reply.Ticket, _ func() reply.Quotation) {
	t.Tickets = append(t.Tickets, ticket)
	fmt.Fprintf(&t.out, "[%d] ████████ covered: “/reveal %d” opens it\n", len(t.Tickets), len(t.Tickets))
}

// commands are what to type for an action.
var commands = map[reply.Action]string{
	reply.Share: "/share", reply.ReadFurther: "/progress", reply.LookPast: "/past", reply.Confirm: "yes",
}

// Control implements reply.Renderer.
func (t *Text) Control(c reply.Control) {
	if c.Ticket != "" {
		t.Reply = c.Ticket
	}
	if c.Action == reply.Confirm {
		t.Confirm = true
	}
	if typed := commands[c.Action]; typed != "" {
		t.controls = append(t.controls, fmt.Sprintf("%s: %s", typed, c.Label))
	}
}

// String returns what has been rendered.
func (t *Text) String() string {
	if len(t.controls) == 0 {
		return t.out.String()
	}
	return t.out.String() + "(" + strings.Join(t.controls, " | ") + ")\n"
}

// by says whose words a quotation is.
func by(c reply.Citation) string {
	parts := []string{}
	for _, s := range []string{c.Reviewer, c.Title} {
		if s = Clean(s); s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "a reader")
	}
	if c.Kind == "faq" {
		parts[len(parts)-1] += " (FAQ)"
	}
	return strings.Join(parts, ": ")
}

// inner turns double quotes inside a quotation into single ones.
func inner(s string) string {
	return strings.NewReplacer("“", "‘", "”", "’", `"`, "'").Replace(s)
}

// Clean keeps a text on its line: line ends and tabs become spaces, and what
// would drive the terminal (controls, marks that change the direction of
// writing) goes.
func Clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '\u2028', r == '\u2029':
			return ' '
		case r == '\u200d': // joins emoji
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar, r == '█':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ")
}
