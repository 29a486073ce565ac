package reply

import (
	"slices"
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
	text      string
	own       bool
	ours      bool    // dogear's own: nothing to escape
	one, many message // of a count of n; empty: it is none
	n         int
	said      *Phrase // a phrase within another one; nil: it is none
}

// Name is the name of a book, an author or a reviewer, a command or a file.
func Name(s string) Arg { return Arg{text: s} }

// Count is a number of things that the audience may know of. Its words are a
// key as messages are: many is what another language keeps its forms under.
func Count(n int, one, many message) Arg { return Arg{n: n, one: one, many: many} }

// Number is a number as it stands: of a chapter, or in a list.
func Number(n int) Arg { return Arg{text: strconv.Itoa(n), ours: true} }

// Place is a reader's own or a channel's place in a book of so many chapters,
// as it stands in the middle of a sentence.
func Place(at spoiler.Position, chapters int) Arg {
	switch {
	case at <= 0:
		return Say(Words("not started"))
	case int(at) >= chapters:
		return Say(Words("finished"))
	default:
		return Say(Words("chapter {1} of {2}", Number(int(at)), Number(chapters)))
	}
}

// Own is a reader's own words, back to that reader. A document that others can
// see shows "that" in their place.
func Own(words string) Arg { return Arg{text: words, own: true} }

// that stands in the place of a reader's own words.
const that message = "that"

// Say is a phrase within another one.
func Say(p Phrase) Arg { return Arg{said: &p} }

// Phrase is a message with its arguments, to be carried to where it is said,
// and to the language in which it is. The zero Phrase says nothing.
type Phrase struct {
	m    message
	args []Arg
}

// Words makes a Phrase.
func Words(m message, args ...Arg) Phrase { return Phrase{m, args} }

// String returns the phrase as plain English text for the reader whose words it
// may hold.
func (p Phrase) String() string { return p.In(nil) }

// In returns the phrase as String does, in a language.
func (p Phrase) In(l *Language) string { return Line{Spans: p.spans(nil, l, false)}.Text() }

// ours returns the phrase in a language, without what came from outside.
func (p Phrase) ours(l *Language) string {
	return Line{Spans: slices.DeleteFunc(p.spans(nil, l, true), func(s Span) bool { return s.Variable })}.Text()
}

// spans appends what the phrase says to spans.
func (p Phrase) spans(spans []Span, l *Language, public bool) []Span {
	rest := l.say(p.m)
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
			spans = append(spans, Span{Text: l.say(that)})
		case a.said != nil:
			spans = a.said.spans(spans, l, public)
		case a.many != "":
			spans = append(spans, Span{Text: l.count(a.n, a.one, a.many)})
		default:
			spans = append(spans, Span{Text: a.text, Variable: !a.ours})
		}
	}
	return spans
}
