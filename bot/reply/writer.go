package reply

import (
	"strings"

	"dogear/bot/spoiler"
)

// Writer writes a document for one audience, whose horizon and veil it was
// made with and which nothing can change afterwards.
type Writer struct {
	horizon spoiler.Horizon
	veil    Veil
	public  bool
	ticket  Ticket
	body    *body
}

// PrivateWriter writes a PrivateDoc.
type PrivateWriter struct{ Writer }

// PublicWriter writes a PublicDoc.
type PublicWriter struct{ Writer }

// ToReader starts a document for one reader, in English: their own horizon and
// veil. ticket names the reply.
func ToReader(h spoiler.Horizon, veil Veil, ticket Ticket) *PrivateWriter {
	if veil == "" {
		veil = Tag
	}
	return &PrivateWriter{Writer{horizon: h, veil: veil, ticket: ticket, body: &body{}}}
}

// ToChannel starts a document that a channel can see, in English: the channel's
// horizon, and its tags. Nothing is ever uncovered in one.
func ToChannel(h spoiler.Horizon, tags Tags, ticket Ticket) *PublicWriter {
	veil := Hide
	if tags == Tagged || tags == Buttons {
		veil = Tag
	}
	return &PublicWriter{Writer{horizon: h, veil: veil, public: true, ticket: ticket, body: &body{tags: tags}}}
}

// Doc returns the finished document.
func (w *PrivateWriter) Doc() PrivateDoc { return PrivateDoc{w.body} }

// Doc returns the finished document.
func (w *PublicWriter) Doc() PublicDoc { return PublicDoc{w.body} }

// Say writes a line of dogear's own words.
func (w *Writer) Say(m message, args ...Arg) { w.Write(Plain, Words(m, args...)) }

// Head writes a line that stands over what follows it.
func (w *Writer) Head(m message, args ...Arg) { w.Write(Heading, Words(m, args...)) }

// List writes an item of a list.
func (w *Writer) List(m message, args ...Arg) { w.Write(Item, Words(m, args...)) }

// Write writes a phrase as a line.
func (w *Writer) Write(role Role, p Phrase) {
	if p.m == "" {
		return
	}
	line := Line{Role: role, Spans: p.spans(nil, w.body.language, w.public)}
	w.add(func(r Renderer) { r.Line(line) })
}

// Ahead notes that the document shows what lies past its reader's own place
// although its horizon is further: a moderator's, or an author's.
func (w *PrivateWriter) Ahead() { w.body.past = true }

// Refuse writes why nothing is done.
func (w *Writer) Refuse(why Phrase) {
	w.body.refuses = true
	w.Write(Plain, why)
}

// Passage writes a passage as its audience may have it: quoted where they have
// read far enough; past that, left out, covered or, under Show, quoted as
// lying past their place.
func (w *Writer) Passage(e Excerpt) { w.run([]Excerpt{e}, 0, false) }

// Numbered writes a passage as the n-th of a list, counted from 1. It reports
// whether that leaves any trace in the document.
func (w *Writer) Numbered(n int, e Excerpt) bool {
	w.run([]Excerpt{e}, n, false)
	return w.may(e)
}

// Paragraph writes the sentences of a paragraph, each as its audience may have
// it: what they may read as one quotation, what lies past their place as one
// cover behind it. Where in the paragraph a cover belongs is not told, so that
// what they may read looks the same whatever they may not.
func (w *Writer) Paragraph(sentences []Excerpt) {
	var open, past []Excerpt
	for _, e := range sentences {
		switch {
		case e.Passage.Within(w.horizon):
			open = append(open, e)
		case w.may(e):
			past = append(past, e)
		}
	}
	w.run(open, 0, true)
	w.run(past, 0, true)
}

// Source names a source, without what lies past the audience's place: over
// what follows where n is 0, else as the n-th of a list.
func (w *Writer) Source(n int, e Excerpt) {
	c := e.cite(w.horizon)
	if c.Title != "" {
		e.Sentence = TitleOf
		w.body.titles = append(w.body.titles, []Excerpt{e})
	}
	w.add(func(r Renderer) { r.Source(n, c) })
}

// may reports whether an excerpt leaves any trace in the document.
func (w *Writer) may(e Excerpt) bool {
	if e.Passage.Within(w.horizon) {
		return true
	}
	return !e.Passage.IsZero() && e.Passage.Reveal() != spoiler.Never && w.Veils()
}

// run writes excerpts as one, all of them within the horizon or all past it.
func (w *Writer) run(es []Excerpt, number int, run bool) {
	if len(es) == 0 || !w.may(es[0]) {
		return
	}
	first, last := es[0], es[len(es)-1]
	past := !first.Passage.Within(w.horizon)
	sight := w.horizon
	reveal := spoiler.Position(0)
	for _, e := range es {
		reveal = max(reveal, e.Passage.Reveal())
	}
	if past {
		// The citation stays as the audience may have it: a title that lies
		// past their place is left out even of a covered quotation.
		sight = sight.With(first.Passage.Book(), reveal)
	}
	quote := func() Quotation {
		var texts []string
		for _, e := range es {
			text, _ := e.Passage.Open(sight)
			texts = append(texts, text)
		}
		c := first.cite(w.horizon)
		c.End = last.End
		return Quotation{Text: strings.Join(texts, " "), Reveal: int(reveal), Past: past, Number: number, Run: run, Source: c}
	}
	if !past {
		w.body.shown = append(w.body.shown, es)
		w.add(func(r Renderer) { r.Quote(quote()) })
		return
	}
	if w.veil == Show && !w.public {
		w.body.beyond, w.body.past = append(w.body.beyond, es), true
		w.add(func(r Renderer) { r.Quote(quote()) })
		return
	}
	w.body.covered = append(w.body.covered, es)
	ticket := w.ticket.numbered(len(w.body.covered))
	if w.body.tags == Buttons {
		quote = nil // nobody gets it from this document
	}
	w.add(func(r Renderer) { r.Spoiler(ticket, quote) })
}

// Offer writes a control.
func (w *Writer) Offer(a Action, label message) { w.OfferChoice(a, label) }

// OfferChoice writes a control with values to choose from, of which those past
// MostChoices are left out. Only dogear's own words get into a choice: what an
// Arg brings in from outside is left out, whoever sees the document.
func (w *Writer) OfferChoice(a Action, label message, options ...Option) {
	c := Control{Action: a, Label: w.body.language.say(label), Ticket: w.ticket, Choices: w.choices(options)}
	w.add(func(r Renderer) { r.Control(c) })
}

// OfferDeed writes a control that stands for a command by itself, with the
// choices that its option has; none where there are too many to list.
func (w *Writer) OfferDeed(d Deed, label Phrase, options ...Option) {
	c := Control{Action: Do, Label: label.ours(w.body.language), Choices: w.choices(options), Does: d}
	w.add(func(r Renderer) { r.Control(c) })
}

func (w *Writer) choices(options []Option) (out []Choice) {
	for _, o := range options[:min(len(options), MostChoices)] {
		out = append(out, Choice{o.Value, o.Words.ours(w.body.language)})
	}
	return out
}

// Option is a Choice before it is written.
type Option struct {
	Value string
	Words Phrase
}

// Veils reports whether what lies past the audience's place may appear in this
// document at all.
func (w *Writer) Veils() bool { return w.veil == Tag || w.veil == Show }

func (w *Writer) add(p part) { w.body.parts = append(w.body.parts, p) }

func (e Excerpt) cite(h spoiler.Horizon) Citation {
	title, _ := e.Title.Open(h)
	link, _ := e.Link.Open(h)
	return Citation{
		Kind: e.Kind, ID: e.ID, Title: title, Link: link, Reviewer: e.Reviewer, Date: e.Date, Rating: e.Rating,
		File: e.File, Start: e.Start, End: e.End,
	}
}
