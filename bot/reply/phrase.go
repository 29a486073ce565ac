package reply

import (
	"strconv"
	"strings"

	"dogear/bot/spoiler"
)

// message is a sentence of dogear's own, in English, with {1}, {2} … for its
// arguments; the English is also the key under which another language keeps
// its translation. The type is unexported so that only a constant of the
// program can become one: no book text, and no reader's, ever does.
type message string

// Arg is a value of a safe kind that a message may hold: a name, a count, a
// place, or a reader's own words.
type Arg struct {
	text string
	own  bool
	ours bool // dogear's own words: nothing to escape
}

// Name is the name of a book, an author or a reviewer, a command or a file.
func Name(s string) Arg { return Arg{text: s} }

// Count is a number of things that the audience may know of.
func Count(n int, one, many message) Arg {
	word := many
	if n == 1 {
		word = one
	}
	return Arg{text: strconv.Itoa(n) + " " + string(word), ours: true}
}

// Number is a number as it stands: of a chapter, or in a list.
func Number(n int) Arg { return Arg{text: strconv.Itoa(n), ours: true} }

// Place is a reader's own or a channel's place in a book of so many chapters,
// as it stands in the middle of a sentence.
func Place(at spoiler.Position, chapters int) Arg {
	switch n := strconv.Itoa(int(at)); {
	case at <= 0:
		return Arg{text: "not started", ours: true}
	case int(at) >= chapters:
		return Arg{text: "finished", ours: true}
	default:
		return Arg{text: "chapter " + n + " of " + strconv.Itoa(chapters), ours: true}
	}
}

// Own is a reader's own words, back to that reader. A document that others can
// see shows "that" in their place.
func Own(words string) Arg { return Arg{text: words, own: true} }

// Say is a phrase within another one.
func Say(p Phrase) Arg { return Arg{text: p.String(), ours: p.String() == p.ours()} }

// Phrase is a message with its arguments, to be carried to where it is said.
// The zero Phrase says nothing.
type Phrase struct {
	m    message
	args []Arg
}

// Words makes a Phrase.
func Words(m message, args ...Arg) Phrase { return Phrase{m, args} }

// String returns the phrase as plain text for the reader whose words it may
// hold.
func (p Phrase) String() string { return Line{Spans: p.spans(false)}.Text() }

// ours returns the phrase without what came from outside.
func (p Phrase) ours() string {
	var out strings.Builder
	for _, s := range p.spans(true) {
		if !s.Variable {
			out.WriteString(s.Text)
		}
	}
	return out.String()
}

func (p Phrase) spans(public bool) []Span {
	var spans []Span
	rest := string(p.m)
	for rest != "" {
		open := strings.IndexByte(rest, '{')
		if open < 0 || open+2 >= len(rest) || rest[open+2] != '}' {
			return append(spans, Span{Text: rest})
		}
		n := int(rest[open+1] - '1')
		if open > 0 {
			spans = append(spans, Span{Text: rest[:open]})
		}
		rest = rest[open+3:]
		if n < 0 || n >= len(p.args) {
			continue
		}
		switch a := p.args[n]; {
		case a.own && public:
			spans = append(spans, Span{Text: "that"})
		default:
			spans = append(spans, Span{Text: a.text, Variable: !a.ours})
		}
	}
	return spans
}
