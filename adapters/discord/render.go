package discord

import (
	"strconv"
	"strings"

	"dogear/bot/reply"
)

// The renderer's own words.
var (
	pastHead     = reply.Words("Past your place:") // as a document says it
	pastMark     = reply.Words("(past your place)")
	coverHead    = reply.Words("Covered:")
	chapterLabel = reply.Words("A chapter…")
	inFile       = reply.Words("Here it is, as a file.")
	noWords      = reply.Words("I have nothing to show.")
	moreLeft     = reply.Words("There is more than fits here. Ask about one thing at a time.")
	heldBack     = reply.Words("I can't show this safely here.")
)

// exportName is the file that a document's data goes into.
const exportName = "dogear.json"

// How long a line gets, escaped: one that stands over others, one of those, and
// a last line fit into a message together.
const (
	longestHead   = 300
	longestLine   = 1600
	longestSource = 200 // within a line
)

// render shows a document as messages: at least one, at most mostMessages.
// What the document offers goes with the last.
func render(doc reply.Doc) []message { return renderWith(doc, everyRule()) }

func renderWith(doc reply.Doc, r rules) []message {
	d := draft{rules: r, language: doc.Language()}
	doc.Render(&d)
	return d.messages()
}

// messages returns what has been rendered. A message that does not read as it
// was meant is not sent, nor is what follows it.
func (d *draft) messages() []message {
	rows := d.rows()
	lines, left := d.openable((mostRows - len(rows)) * mostInRow)
	switch {
	case len(lines) > 0:
	case len(d.data) > 0:
		lines = []line{d.own(d.say(inFile))}
	default:
		lines = []line{d.own(d.say(noWords))}
	}
	pages, more := deal(lines, d.head(d.say(coverHead)))
	last := len(pages) - 1
	if left || more {
		pages[last] = end(pages[last], d.own(d.say(moreLeft)))
	}
	var out []message
	for i, page := range pages {
		m := message{content: d.join(page)}
		if i == last {
			m.components = components(append(openers(pages), rows...))
			if len(d.data) > 0 {
				m.files = []file{{exportName, d.data}}
			}
		}
		if !d.holds(m, page) {
			return append(out, message{content: escape(d.say(heldBack))})
		}
		out = append(out, m)
	}
	return out
}

// draft is a document on its way into messages.
type draft struct {
	rules
	language *reply.Language // nil: English
	lines    []line
	heading  string // the last one; empty: there was none yet
	withheld int    // covered passages without their text
	controls []reply.Control
	data     []byte
}

var _ reply.Renderer = (*draft)(nil)

// Line implements reply.Renderer. dogear's own words are escaped too: a phrase
// within a phrase does not tell which of them are its own.
func (d *draft) Line(l reply.Line) {
	if l.Role == reply.Data {
		d.data = append(d.data, l.Text()...)
		return
	}
	text := d.flat(l.Text())
	switch {
	case blank(text):
	case l.Role == reply.Heading:
		d.heading = text
		d.lines = append(d.lines, d.head(text))
	case l.Role == reply.Item:
		d.lines = append(d.lines, line{text: d.fit("- ", text, "", longestLine)})
	default:
		d.lines = append(d.lines, d.own(text))
	}
}

// Quote implements reply.Renderer. A quotation from past the place says so,
// where what stands over it does not.
func (d *draft) Quote(q reply.Quotation) {
	text, mark := inner(d.flat(q.Text)), ""
	if q.Past && d.heading != d.say(pastHead) {
		mark = " " + d.say(pastMark)
	}
	if !blank(text) {
		d.lines = append(d.lines, line{text: d.fit(d.opening(q), text, d.closing(q)+d.escape(mark), longestLine)})
	}
}

// Source implements reply.Renderer.
func (d *draft) Source(n int, c reply.Citation) {
	text := numbered(n) + d.cite(c)
	for _, s := range []string{c.Rating, c.Date} {
		if s = d.flat(s); !blank(s) {
			text += ", " + s
		}
	}
	d.lines = append(d.lines, line{text: d.fit("", text, "", longestHead), over: n == 0})
}

// Spoiler implements reply.Renderer. Where there is a text, each of its lines
// is a tag, and who wrote it stands in the last: nothing follows a tag on its
// line.
func (d *draft) Spoiler(ticket reply.Ticket, body func() reply.Quotation) {
	if body == nil {
		d.withheld++
		label := d.label(d.say(reply.Words("Open {1}", reply.Number(d.withheld))), longestLabel)
		l := d.own(d.say(reply.Words("Covered: “{1}” shows it to you alone.", reply.Name(label))))
		l.ticket, l.label = ticket, label
		d.lines = append(d.lines, l)
		return
	}
	q := body()
	texts := d.split(inner(d.normalise(q.Text)))
	for i, text := range texts {
		before, after := "", ""
		if i == 0 {
			before = d.opening(q)
		}
		if i == len(texts)-1 {
			after = d.closing(q)
		}
		d.lines = append(d.lines, line{text: d.fit(before, text, after, longestLine-2*len(bars)), cover: true})
	}
}

// Control implements reply.Renderer.
func (d *draft) Control(c reply.Control) { d.controls = append(d.controls, c) }

// say returns words of the renderer's own in the document's language.
func (d *draft) say(p reply.Phrase) string { return p.In(d.language) }

// own returns a line in plain text.
func (d *draft) own(text string) line { return line{text: d.fit("", text, "", longestLine)} }

// head returns a line that stands over others.
func (d *draft) head(text string) line {
	return line{text: d.fit("**", text, "**", longestHead), over: true}
}

// opening returns what stands before the text of a quotation, escaped.
func (d *draft) opening(q reply.Quotation) string { return d.escape(numbered(q.Number) + "“") }

// closing returns what stands behind it, escaped.
func (d *draft) closing(q reply.Quotation) string {
	if q.Run {
		return "”"
	}
	return d.escape("” - " + d.cite(q.Source))
}

// cite names a source, no longer than longestSource once it is escaped.
func (d *draft) cite(c reply.Citation) string {
	c.Reviewer, c.Title = d.flat(c.Reviewer), d.flat(c.Title)
	return d.cut(d.by(c, d.language), longestSource, d.escaped)
}

// fit returns a text, escaped, between two that are, and cut so that all three
// are no longer than most.
func (d *draft) fit(before, text, after string, most int) string {
	return before + d.escape(d.cut(text, most-units(before)-units(after), d.escaped)) + after
}

// escaped is the length of a text once it is escaped.
func (d *draft) escaped(s string) int { return units(d.escape(s)) }

// flat returns a text on one line, on which it cannot pass for one of dogear's
// own.
func (d *draft) flat(s string) string { return strings.Join(strings.Fields(d.normalise(s)), " ") }

// openable returns the lines without those whose button does not fit among so
// many, and reports whether there are any.
func (d *draft) openable(most int) (lines []line, left bool) {
	if d.withheld <= most {
		return d.lines, false
	}
	for _, l := range d.lines {
		if l.ticket != "" {
			most--
		}
		if l.ticket == "" || most >= 0 {
			lines = append(lines, l)
		}
	}
	return lines, true
}

// numbered returns the number of one of a list, with what stands behind it;
// nothing for 0.
func numbered(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n) + ". "
}
