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
	Report   reply.Ticket   // of a reply that can be reported; empty: none
	Confirm  reply.Ticket   // says yes to what the reply asks; empty: it asks nothing
	Decide   reply.Ticket   // what the reply asks to decide; empty: nothing
	Undo     reply.Ticket   // of a decision that can be taken back; empty: none
}

var _ reply.Renderer = (*Text)(nil)

// Line implements reply.Renderer.
func (t *Text) Line(l reply.Line) {
	if l.Role == reply.Data {
		for line := range strings.Lines(l.Text()) {
			t.out.WriteString(visible(strings.TrimRight(line, "\r\n")) + "\n")
		}
		return
	}
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
	if q.Number > 0 {
		fmt.Fprintf(&t.out, "  %d. ", q.Number)
	}
	fmt.Fprintf(&t.out, "“%s”", inner(Clean(q.Text)))
	if !q.Run {
		t.out.WriteString(" - " + by(q.Source))
	}
	t.out.WriteByte('\n')
}

// Source implements reply.Renderer.
func (t *Text) Source(n int, c reply.Citation) {
	if n > 0 {
		fmt.Fprintf(&t.out, "  %d. ", n)
	}
	t.out.WriteString(by(c))
	for _, s := range []string{c.Rating, c.Date} {
		if s = Clean(s); s != "" {
			t.out.WriteString(", " + s)
		}
	}
	t.out.WriteByte('\n')
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
	reply.Report: "/report", reply.More: "/more",
	reply.Manage: "/manage", reply.Edit: "/rewrite", reply.Cover: "/cover", reply.Remove: "/retract",
}

// Control implements reply.Renderer.
func (t *Text) Control(c reply.Control) {
	if c.Ticket != "" && c.Action != reply.Report && c.Action != reply.Confirm {
		t.Reply = c.Ticket
	}
	switch c.Action {
	case reply.Report:
		t.Report = c.Ticket
		if c.Choices != nil {
			t.controls = append(t.controls, "/report and its number: "+c.Label)
			return
		}
	case reply.Confirm:
		t.Confirm = c.Ticket
	case reply.Decide:
		t.Decide = c.Ticket
		t.controls = append(t.controls, "a chapter, 0, end, never, labels or skip: "+c.Label)
	case reply.Undo:
		t.Undo = c.Ticket
		t.controls = append(t.controls, "undo: "+c.Label)
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
	switch faq := c.Kind == "faq"; {
	case faq && (len(parts) == 0 || len(parts) == 1 && strings.EqualFold(parts[0], "FAQ")):
		return "the FAQ"
	case len(parts) == 0:
		return "a reader"
	case faq:
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
	return strings.Join(strings.Fields(visible(s)), " ")
}

// visible makes spaces of line ends and tabs, and takes out what would drive
// the terminal.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
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
}
