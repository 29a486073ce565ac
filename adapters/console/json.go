package console

import "dogear/bot/reply"

// Object is an answer as the command line prints it.
type Object struct {
	Book     string    `json:"book"`
	At       int       `json:"at"`
	Chapters int       `json:"chapters"`
	Veil     string    `json:"veil"`
	Answered bool      `json:"answered"`
	Visible  []Passage `json:"visible"`
	Veiled   []Passage `json:"veiled"`
	Text     string    `json:"text"`
}

// Passage is a quotation as the command line prints it.
type Passage struct {
	Text   string `json:"text"`
	Reveal int    `json:"reveal"`
	Source Source `json:"source"`
}

// Source says where a Passage is from. The title is left out where it would
// tell more than the reader has read.
type Source struct {
	Kind     string `json:"kind"`
	ID       string `json:"id"`
	Title    string `json:"title,omitempty"`
	Reviewer string `json:"reviewer,omitempty"`
	File     string `json:"file"`
	Start    int    `json:"start"`
	End      int    `json:"end"`
}

// ToObject renders a document into an Object, of which the fields about its
// audience are left to the caller.
func ToObject(doc reply.Doc) Object {
	r := object{o: Object{Visible: []Passage{}, Veiled: []Passage{}}}
	doc.Render(&r)
	var text Text
	doc.Render(&text)
	r.o.Text = text.String()
	r.o.Answered = len(r.o.Visible) > 0
	return r.o
}

// object is the Renderer of the command line's JSON. A script that asks under
// tag or show has asked for what is covered, so it gets it, apart.
type object struct{ o Object }

var _ reply.Renderer = (*object)(nil)

func (r *object) Line(reply.Line)       {}
func (r *object) Control(reply.Control) {}

func (r *object) Source(int, reply.Citation) {}

func (r *object) Quote(q reply.Quotation) {
	if q.Past {
		r.o.Veiled = append(r.o.Veiled, passage(q))
		return
	}
	r.o.Visible = append(r.o.Visible, passage(q))
}

func (r *object) Spoiler(_ reply.Ticket, body func() reply.Quotation) {
	if body == nil {
		return
	}
	r.o.Veiled = append(r.o.Veiled, passage(body()))
}

func passage(q reply.Quotation) Passage {
	return Passage{Text: q.Text, Reveal: q.Reveal, Source: Source{
		Kind: q.Source.Kind, ID: q.Source.ID, Title: q.Source.Title, Reviewer: q.Source.Reviewer,
		File: q.Source.File, Start: q.Source.Start, End: q.Source.End,
	}}
}
