// Package reply is what dogear says: a typed document that is the same for
// every platform, and the Renderer that an adapter must satisfy to show it.
//
// Nothing that spoils gets into a document as a string. dogear's own words are
// constants; what a book or its readers supplied comes as a spoiler.Passage,
// and Writer.Passage alone decides whether it is shown, covered or left out.
// A document has one way out, Render.
package reply

import (
	"slices"
	"strconv"

	"dogear/bot/spoiler"
)

// Doc is a finished reply: a PrivateDoc or a PublicDoc, and nothing else.
type Doc interface {
	// Render shows the document, part by part and in order.
	Render(Renderer)
	// Covered returns what the document covers, in order: each element is what
	// one ticket opens, a sentence or several of a paragraph. The ticket of
	// the first ends in ".1".
	Covered() [][]Excerpt
	// Shown returns what the document quotes, in order, and the titles of the
	// sources that it names; then what it quotes from past the place, so that
	// what counts the former does not hang on the latter.
	Shown() [][]Excerpt
	// Language returns what the document is written in, for what its renderer
	// says of its own; nil: English.
	Language() *Language
	// Past reports whether the document shows, uncovered, what lies past its
	// reader's place: they have asked for that, and nothing else should keep it.
	Past() bool
	// Refuses reports whether the document only says why nothing was done, and
	// how its reader can mend that.
	Refuses() bool
	body() *body
}

// PrivateDoc is a reply for one reader's eyes. It cannot be posted where
// others see it. The zero PrivateDoc is empty.
type PrivateDoc struct{ b *body }

// PublicDoc is a reply that a whole channel may see. The zero PublicDoc is
// empty.
type PublicDoc struct{ b *body }

// body stands behind a pointer in both documents, so that printing one shows
// none of its words.
type body struct {
	language *Language
	parts    []part
	covered  [][]Excerpt
	shown    [][]Excerpt
	titles   [][]Excerpt
	beyond   [][]Excerpt // shown too, from past the place
	tags     Tags        // of a channel
	refuses  bool
	past     bool
}

type part func(Renderer)

func (d PrivateDoc) body() *body { return d.b }
func (d PublicDoc) body() *body  { return d.b }

// Render shows the document, part by part and in order.
func (d PrivateDoc) Render(r Renderer) { d.b.render(r) }

// Render shows the document, part by part and in order.
func (d PublicDoc) Render(r Renderer) { d.b.render(r) }

// Covered returns what the document covers, in order.
func (d PrivateDoc) Covered() [][]Excerpt { return d.b.hides() }

// Covered returns what the document covers, in order.
func (d PublicDoc) Covered() [][]Excerpt { return d.b.hides() }

// Shown returns what the document quotes, in order.
func (d PrivateDoc) Shown() [][]Excerpt { return d.b.shows() }

// Shown returns what the document quotes, in order.
func (d PublicDoc) Shown() [][]Excerpt { return d.b.shows() }

// Language returns what the document is written in; nil: English.
func (d PrivateDoc) Language() *Language { return d.b.speaks() }

// Language returns what the document is written in; nil: English.
func (d PublicDoc) Language() *Language { return d.b.speaks() }

// Past reports whether the document shows what lies past its reader's place.
func (d PrivateDoc) Past() bool { return d.b != nil && d.b.past }

// Past is false: a channel is shown no such thing.
func (d PublicDoc) Past() bool { return false }

// Refuses reports whether the document only says why nothing was done.
func (d PrivateDoc) Refuses() bool { return d.b != nil && d.b.refuses }

// Refuses reports whether the document only says why nothing was done.
func (d PublicDoc) Refuses() bool { return d.b != nil && d.b.refuses }

func (b *body) speaks() *Language {
	if b == nil {
		return nil
	}
	return b.language
}

// Tags returns what the document has in the place of what it covers.
func (d PublicDoc) Tags() Tags {
	if d.b == nil {
		return NoTags
	}
	return d.b.tags
}

func (b *body) render(r Renderer) {
	if b == nil {
		return
	}
	for _, show := range b.parts {
		show(r)
	}
}

func (b *body) hides() [][]Excerpt {
	if b == nil {
		return nil
	}
	return b.covered
}

func (b *body) shows() [][]Excerpt {
	if b == nil {
		return nil
	}
	return slices.Concat(b.shown, b.titles, b.beyond)
}

// Renderer shows a document on one platform.
type Renderer interface {
	// Line shows words of dogear's own.
	Line(Line)
	// Quote shows a passage that its audience may read.
	Quote(Quotation)
	// Source names a source: over what follows it where n is 0, as the n-th of
	// a list where it is not.
	Source(n int, c Citation)
	// Spoiler stands where a passage is covered. body returns it; a renderer
	// whose platform has a tag that holds calls body and puts what it returns
	// behind that tag. One that does not call body withholds the text, and
	// the ticket can open it later. A nil body is that of a document whose
	// audience does not get the text at all, under Buttons: every renderer then
	// withholds it.
	Spoiler(ticket Ticket, body func() Quotation)
	// Control offers the reader something to press or to type.
	Control(Control)
}

// Line is a line of dogear's own words. Spans that are Variable came from
// outside (a name, a reader's own words) and must be escaped.
type Line struct {
	Role  Role
	Spans []Span
}

// Span is a run of a Line.
type Span struct {
	Text     string
	Variable bool
}

// Role is what a Line is for.
type Role int

// The roles of lines.
const (
	Plain   Role = iota
	Heading      // stands over what follows it
	Item         // one of a list
	Data         // for a machine to read: an adapter may hand it over as a file
)

// Text returns the line as plain text.
func (l Line) Text() string {
	s := ""
	for _, span := range l.Spans {
		s += span.Text
	}
	return s
}

// Quotation is a passage whose text its audience may have.
type Quotation struct {
	Text   string
	Reveal int  // chapters after which it spoils nothing
	Past   bool // it lies past the reader's place, who asked for that
	Number int  // in a list that counts; 0: in none
	Run    bool // of a text that is being read: what stands over it says whose it is
	Source Citation
}

// Citation says where a quotation is from. Title and Link are empty where they
// would tell more than the audience has read.
type Citation struct {
	Kind       string // "review", "faq" or "spoiler"
	ID         string
	Title      string
	Link       string
	Reviewer   string // empty: not named
	Date       string
	Rating     string // as its author gave it; empty: none
	File       string // as the club imported it; for the command line
	Start, End int    // code points into that file
}

// TitleOf is the Sentence of an Excerpt that shows the title of a source.
const TitleOf = -1

// Excerpt is a passage on its way into a document, with where it is from.
// Title and Link may be zero.
type Excerpt struct {
	Passage     spoiler.Passage
	Kind        string
	ID          string
	Sentence    int // which of the source's sentences, counted from 0
	Title, Link spoiler.Passage
	Reviewer    string
	Date        string
	Rating      string
	File        string
	Start, End  int
}

// Action is what a Control does.
type Action string

// The actions.
const (
	Share       Action = "share"   // ask again as the channel, for all to see
	ReadFurther Action = "place"   // say how far one has read
	LookPast    Action = "past"    // see what lies past one's place
	Report      Action = "report"  // report a spoiler
	Confirm     Action = "confirm" // say yes to what this reply asks
	More        Action = "more"    // see the next page
	Decide      Action = "decide"  // say from which chapter a sentence is safe
	Undo        Action = "undo"    // take back what one decided last
	Manage      Action = "manage"  // see what can be done with the spoiler that a message holds
	Edit        Action = "edit"    // write another text in its place
	Cover       Action = "cover"   // have it covered until the end of the book
	Remove      Action = "remove"  // take it away
	Do          Action = "do"      // do what Control.Does says
)

// Control offers an Action. Ticket names the reply that it belongs to.
type Control struct {
	Action  Action
	Label   string
	Ticket  Ticket
	Choices []Choice // at most MostChoices; nil: there is nothing to choose
	Does    Deed     // of Do alone
}

// Deed is a command that a control stands for by itself, with no reply that it
// belongs to. None of its strings is a book's or a reader's text.
type Deed struct {
	Command string
	Options map[string]string // given already; not to be changed
	// Asks names the option that is to be chosen: among the control's choices or,
	// where it has none, among what Bot.Suggest knows. Empty: nothing is asked.
	Asks string
}

// MostChoices is how many choices a control has at most: as many as a select of
// any platform takes.
const MostChoices = 25

// numbered returns the ticket of the n-th covered passage of a reply.
func (t Ticket) numbered(n int) Ticket { return t + "." + Ticket(strconv.Itoa(n)) }
