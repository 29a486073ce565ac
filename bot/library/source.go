package library

import (
	"dogear/bot/spoiler"
)

// SourceID names a source within a club. It is made from where the source came
// from, never from what it says, so that it tells nothing.
type SourceID string

// Source is one piece of writing that a club holds: a review, with the FAQ
// that its author put under it, a page of FAQ alone, or a spoiler that a reader
// posted.
type Source struct {
	ID        SourceID
	Book      spoiler.BookID
	File      string // the name that it was imported under, "reading21.txt"; a row of a list as "list.csv#row"
	Digest    string // of the file's bytes, or what the row says, to tell a correction from a repeat
	Title     spoiler.Passage
	Reviewer  string          // empty: not named
	Author    string          // who wrote it here, as the platform knows them; empty: it was imported
	Link      spoiler.Passage // zero: none; an address often spells out the title
	Date      string          // as written; empty: unknown
	Rating    string          // as written, "4/5"; empty: none
	Language  string          // BCP 47; empty: not told
	Flagged   bool            // the whole of it is marked as spoiling
	Spoiler   bool            // its author posted it behind a cover: it is in that message, and nowhere else
	Labels    string          // what its labels were made with; empty: not labelled
	Sentences []Sentence
	Related   []spoiler.Passage // what its author also read or recommends
}

// Kind says what a Sentence is in its source.
type Kind string

// The kinds of sentences.
const (
	Prose    Kind = "sentence"
	Title    Kind = "title"
	Heading  Kind = "heading"
	Item     Kind = "item"
	Question Kind = "question"
)

// Sentence is a sentence, a heading, a list item or an FAQ question of a
// Source. Start and End are offsets in code points; the text is what stands
// between them, without inline markup. They count in the imported file where
// that is plain text or Markdown, in the review's own text where it is Markdown
// in a list, and where it is HTML in the text that a page of it shows: the title
// and the article, their paragraphs parted by an empty line.
type Sentence struct {
	Start, End int
	Kind       Kind
	Section    int  // which heading it stands under, counted from 1; 0: before the first
	Paragraph  int  // which paragraph, counted through the file from 1
	Entry      int  // which FAQ question it is or answers, counted from 1; 0: none
	Mark       Mark // what its author's own spoiler marks say
	Passage    spoiler.Passage
	Leans      bool       // it opens with a pronoun and means what the one before said
	Because    []Evidence // why its Reveal is what it is; nil: not labelled
}

// Mark is what the author's own markup says of a sentence.
type Mark struct {
	Covered bool             // it stands, at least in part, behind a spoiler mark
	Chapter spoiler.Position // a chapter that the mark states; 0: none
}

// Layer names a source of evidence for a label.
type Layer string

// The layers, in the order in which they are asked.
const (
	ByMarkup  Layer = "markup"
	ByLedger  Layer = "ledger"
	ByPremise Layer = "premise"
	ByOpinion Layer = "opinion"
	ByFrame   Layer = "frame"
	ByContext Layer = "context" // inherited from the sentence before
	ByDefault Layer = "default" // nothing vouches for it: end of book
	ByPerson  Layer = "moderator"
)

// Layers lists every layer, in the order in which they are asked.
var Layers = []Layer{ByMarkup, ByLedger, ByPremise, ByOpinion, ByFrame, ByContext, ByDefault, ByPerson}

// Evidence is what one layer said of a sentence.
type Evidence struct {
	Layer  Layer
	Reveal spoiler.Position
	Event  spoiler.Passage // the ledger's event, by its ID; zero: none
}

// Label is a Reveal with its evidence.
type Label struct {
	Reveal  spoiler.Position
	Because []Evidence // the deciding layer first; never empty
}

// Decided returns the layer that decided the label of a sentence; ByDefault
// where it has none yet.
func (s Sentence) Decided() Layer {
	if len(s.Because) == 0 {
		return ByDefault
	}
	return s.Because[0].Layer
}
