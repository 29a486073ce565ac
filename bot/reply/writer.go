package reply

import "dogear/bot/spoiler"

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

// ToReader starts a document for one reader: their own horizon and veil.
// ticket names the reply.
func ToReader(h spoiler.Horizon, veil Veil, ticket Ticket) *PrivateWriter {
	if veil == "" {
		veil = Tag
	}
	return &PrivateWriter{Writer{horizon: h, veil: veil, ticket: ticket, body: &body{}}}
}

// ToChannel starts a document that a channel can see: the channel's horizon,
// and whether it has spoiler tags. Nothing is ever uncovered in one.
func ToChannel(h spoiler.Horizon, tags bool, ticket Ticket) *PublicWriter {
	veil := Hide
	if tags {
		veil = Tag
	}
	return &PublicWriter{Writer{horizon: h, veil: veil, public: true, ticket: ticket, body: &body{}}}
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
	line := Line{Role: role, Spans: p.spans(w.public)}
	w.add(func(r Renderer) { r.Line(line) })
}

// Passage writes a passage as its audience may have it: quoted where they have
// read far enough; past that, left out, covered or, under Show, quoted as
// lying past their place.
func (w *Writer) Passage(e Excerpt) {
	past := !e.Passage.Within(w.horizon)
	sight := w.horizon
	if past {
		if e.Passage.IsZero() || e.Passage.Reveal() == spoiler.Never || (w.veil != Tag && w.veil != Show) {
			return
		}
		// The citation stays as the audience may have it: a title that lies
		// past their place is left out even of a covered quotation.
		sight = sight.With(e.Passage.Book(), e.Passage.Reveal())
	}
	quote := func() Quotation {
		text, _ := e.Passage.Open(sight)
		return Quotation{Text: text, Reveal: int(e.Passage.Reveal()), Past: past, Source: e.cite(w.horizon)}
	}
	if !past || (w.veil == Show && !w.public) {
		w.add(func(r Renderer) { r.Quote(quote()) })
		return
	}
	w.body.covered = append(w.body.covered, e)
	ticket := w.ticket.numbered(len(w.body.covered))
	w.add(func(r Renderer) { r.Spoiler(ticket, quote) })
}

// Offer writes a control.
func (w *Writer) Offer(a Action, label message) {
	c := Control{Action: a, Label: string(label), Ticket: w.ticket}
	w.add(func(r Renderer) { r.Control(c) })
}

// Veils reports whether what lies past the audience's place may appear in this
// document at all.
func (w *Writer) Veils() bool { return w.veil != Hide }

func (w *Writer) add(p part) { w.body.parts = append(w.body.parts, p) }

func (e Excerpt) cite(h spoiler.Horizon) Citation {
	title, _ := e.Title.Open(h)
	link, _ := e.Link.Open(h)
	return Citation{
		Kind: e.Kind, ID: e.ID, Title: title, Link: link, Reviewer: e.Reviewer, Date: e.Date,
		File: e.File, Start: e.Start, End: e.End,
	}
}
