package slack

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"dogear/bot/reply"
)

// The renderer's own words.
var (
	pastHead     = reply.Words("Past your place:") // as a document says it
	pastMark     = reply.Words("(past your place)")
	chapterLabel = reply.Words("A chapter…")
	dataHead     = reply.Words("Here it is, as JSON:")
	noWords      = reply.Words("I have nothing to show.")
	moreLeft     = reply.Words("There is more than fits here. Ask about one thing at a time.")
	moreData     = reply.Words("There is more than fits here. Whoever runs dogear can hand you the rest.")
	agreed       = reply.Words("Yes")
	notNow       = reply.Words("Not now")
	heldBack     = reply.Words("I can't show this safely here.")
)

// How long a line gets, as room measures it: one that stands over others, one
// of those, and a last line fit into a message together, with what is offered.
const (
	longestHead   = 300
	longestLine   = 1600
	longestSource = 200  // within a line
	longestCode   = 2400 // lines of data in one block
	longestSaid   = 2400 // of data, in the text of a message

	mostMessages = 4     // that a document takes
	mostParts    = 12    // of data
	longestView  = 40000 // of all blocks of a view, as JSON in bytes
)

// rendered is a document as Slack shows it.
type rendered struct {
	messages []message // at least one
	// past says that a quotation in it lies past its reader's place, uncovered:
	// it may go into a modal or an ephemeral message, and nowhere else.
	past bool
}

// render shows a document as messages, at most mostMessages. What the document
// offers at its end goes with the last. A message that does not read as it was
// meant is not sent, nor is what follows it.
func render(doc reply.Doc) rendered { return renderWith(doc, everyRule()) }

func renderWith(doc reply.Doc, rules rules) rendered {
	d := newDraft(doc, rules)
	pages, controls := d.pages(space{longestText, longestBlocks, mostBlocks}, mostMessages)
	r := rendered{past: doc.Past()}
	for i, page := range pages {
		m := message{text: d.text(page), blocks: d.blocks(page)}
		if i == len(pages)-1 {
			m.blocks = append(m.blocks, controls...)
		}
		if !d.holds(m, page) {
			notice := line{text: d.say(heldBack)}
			r.messages = append(r.messages, message{text: escape(notice.text), blocks: blocksOf([]line{notice})})
			break
		}
		r.messages = append(r.messages, m)
	}
	return r
}

// renderView shows a document as a modal or the app's home, of at most
// mostViewBlocks; what does not fit is left out, and said to be. Where it asks for
// a yes, submitting the view says it.
func renderView(doc reply.Doc) (v view, past bool) { return renderViewWith(doc, everyRule()) }

func renderViewWith(doc reply.Doc, rules rules) (v view, past bool) {
	d := newDraft(doc, rules)
	v.title = viewTitle
	if i := slices.IndexFunc(d.controls, func(c reply.Control) bool { return c.Action == reply.Confirm && c.Ticket != "" }); i >= 0 {
		c := d.controls[i]
		v.callback = pressed{action: c.Action, ticket: c.Ticket}.actionID()
		if v.submit = plainLabel(c.Label, longestLabel); units(v.submit) > longestTitle {
			v.submit = plainLabel(d.say(agreed), longestTitle)
		}
		v.close = plainLabel(d.say(notNow), longestTitle)
		d.controls = slices.Delete(d.controls, i, i+1)
	}
	pages, controls := d.pages(space{math.MaxInt / 2, longestView, mostViewBlocks}, 1)
	v.blocks = append(d.blocks(pages[0]), controls...)
	if !d.holdsView(v, pages[0]) {
		v.blocks = blocksOf([]line{{text: d.say(heldBack)}})
	}
	return v, doc.Past()
}

func newDraft(doc reply.Doc, rules rules) *draft {
	d := &draft{rules: rules, language: doc.Language()}
	doc.Render(d)
	return d
}

// draft is a document on its way into blocks.
type draft struct {
	rules
	language *reply.Language // nil: English
	lines    []line
	heading  string // the last one; empty: there was none yet
	controls []reply.Control
	data     strings.Builder
	left     bool // something of it has been left out
}

var _ reply.Renderer = (*draft)(nil)

// Line implements reply.Renderer.
func (d *draft) Line(l reply.Line) {
	if l.Role == reply.Data {
		d.data.WriteString(l.Text())
		return
	}
	text := d.flat(worded(l))
	switch {
	case text == "":
	case l.Role == reply.Heading:
		d.heading = text
		d.lines = append(d.lines, headLine(text))
	case l.Role == reply.Item:
		d.lines = append(d.lines, line{text: d.fit("", text, ""), kind: itemLine})
	default:
		d.lines = append(d.lines, line{text: d.fit("", text, "")})
	}
}

// worded returns a line as it is said on Slack, where all commands go by one name.
func worded(l reply.Line) string {
	var out strings.Builder
	for i, span := range l.Spans {
		text := span.Text
		if !span.Variable {
			text = strings.ReplaceAll(text, "“/", "“"+commandName+" ")
			if rest, ok := strings.CutPrefix(text, "/"); ok && i == 0 {
				text = commandName + " " + rest
			}
		}
		out.WriteString(text)
	}
	return out.String()
}

// Quote implements reply.Renderer. A quotation from past the place says so,
// where what stands over it does not.
func (d *draft) Quote(q reply.Quotation) {
	text, after := d.flat(inner(q.Text)), "”"
	if text == "" {
		return
	}
	if !q.Run {
		after += " - " + d.cite(d.language, q.Source)
	}
	if q.Past && d.heading != d.say(pastHead) {
		after += " " + d.say(pastMark)
	}
	d.lines = append(d.lines, line{text: d.fit(numbered(q.Number)+"“", text, after)})
}

// Source implements reply.Renderer.
func (d *draft) Source(n int, c reply.Citation) {
	text := numbered(n) + d.cite(d.language, c)
	for _, s := range []string{c.Rating, c.Date} {
		if s = d.flat(s); s != "" {
			text += ", " + s
		}
	}
	d.lines = append(d.lines, line{text: cut(text, longestHead, room), over: n == 0})
}

// Spoiler implements reply.Renderer. Slack has nothing that covers a text: its
// ticket stands in for it, and what body returns is nobody's before they ask.
func (d *draft) Spoiler(ticket reply.Ticket, _ func() reply.Quotation) {
	if ticket == "" || units(pressed{action: revealAction, ticket: ticket}.actionID()) > longestID {
		d.left = true
		return
	}
	d.lines = append(d.lines, line{ticket: ticket})
}

// Control implements reply.Renderer.
func (d *draft) Control(c reply.Control) {
	if c.Action == reply.Do {
		d.deed(c)
		return
	}
	d.controls = append(d.controls, c)
}

// pages returns the lines of each message, at least one, and the blocks that go
// to the end of the last.
func (d *draft) pages(each space, most int) ([][]line, []slack.Block) {
	d.number()
	each.bytes -= len("[]")
	controls := d.rules.ending(d)
	pages, left := d.deal(each, most)
	if last := pages[len(pages)-1]; left || d.left || len(controls) > 0 && !spaceOf(append(blocksOf(last), controls...)...).within(each) {
		each = each.minus(spaceOf(controls...))
		pages, left = d.deal(each, most)
	}
	if left || d.left {
		words := moreLeft
		if d.data.Len() > 0 {
			words = moreData
		}
		last := len(pages) - 1
		pages[last] = endWith(pages[last], line{text: fit("", d.say(words), "")}, each)
	}
	return pages, controls
}

// deal deals all lines out, those of data in large parts where there are too
// many small ones: then the texts of the messages leave some out.
func (d *draft) deal(each space, most int) (pages [][]line, left bool) {
	lines := d.lines
	if data := strings.Trim(d.normalise(d.data.String()), "\n"); !blank(data) {
		lines = append(lines[:len(lines):len(lines)], line{text: fit("", d.say(dataHead), ""), over: true})
		whole := min(each.bytes, longestBlocks) - 1000 // what a message has room for beside two lines
		pages, left = deal(withData(lines, data, min(2*whole/5, longestCode), room), each, most)
		if left {
			pages, left = deal(withData(lines, data, whole, encoded), each, most)
		}
		return pages, left
	}
	says := false
	for _, l := range lines {
		says = says || l.said() != ""
	}
	if !says {
		lines = append([]line{{text: d.say(noWords)}}, lines...)
	}
	return deal(lines, each, most)
}

// withData returns lines with those of data behind them, of which there are no
// more than mostParts: so many never fit.
func withData(lines []line, data string, most int, size func(string) int) []line {
	lines = lines[:len(lines):len(lines)]
	n := 0
	for part := range chunks(data, most, size) {
		if blank(part) {
			continue
		}
		lines = append(lines, line{text: strings.TrimRight(part, "\n"), kind: codeLine})
		if n++; n == mostParts {
			break
		}
	}
	return lines
}

// number gives each cover its words and its button a label: a number where
// there are several.
func (d *draft) number() {
	var covers []int
	for i, l := range d.lines {
		if l.ticket != "" {
			covers = append(covers, i)
		}
	}
	for n, i := range covers {
		label := reply.Words("Reveal")
		if len(covers) > 1 {
			label = reply.Words("Reveal {1}", reply.Number(n+1))
		}
		l := &d.lines[i]
		l.label = plainLabel(d.say(label), longestLabel)
		l.text = fit("", flat(d.say(reply.Words("Covered: “{1}” shows it to you alone.", reply.Name(l.label)))), "")
	}
}

// say returns words of the renderer's own in the document's language.
func (d *draft) say(p reply.Phrase) string { return p.In(d.language) }

// cite names a source, within longestSource.
func cite(l *reply.Language, c reply.Citation) string { return cut(by(l, c), longestSource, room) }

// by names a source, on one line.
func by(l *reply.Language, c reply.Citation) string {
	c.Reviewer, c.Title = flat(c.Reviewer), flat(c.Title)
	return c.By(l)
}

// headLine returns a line that stands over others.
func headLine(text string) line {
	return line{text: cut(text, longestHead, room), kind: boldLine, over: true}
}

// fit returns a text between two others, cut so that all three take no more
// than longestLine.
func fit(before, text, after string) string {
	return before + cut(text, longestLine-room(before)-room(after), room) + after
}

// numbered returns the number of one of a list, with what stands behind it;
// nothing for 0.
func numbered(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n) + ". "
}
