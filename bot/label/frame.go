package label

import (
	"slices"
	"strings"

	"dogear/bot/library"
)

// opinionated is what an opinion may be made of.
const opinionated = general | writing | theme | negation | prize | endtone

// framed returns the layer by which a sentence says nothing about the plot:
// ByOpinion where it talks of the book's form, ByFrame where its subject is
// the author, the reviewer, a reader, or the narrator's manner of telling.
// Every content word has to be in a closed list; where one is not, or where
// the sentence could be a short assertion about the plot, it is not cleared.
func (l *Labeller) framed(c clause, before *sentence) (library.Layer, bool) {
	f := l.frame(c, before)
	if !f.closed || f.content == 0 || l.vetoed(c, f) {
		return "", false
	}
	switch {
	case f.narrator && f.strong && !c.any(func(t token) bool { return t.is == inBook }):
		return library.ByFrame, true // "I never felt close to her"
	case f.narrator:
		return library.ByFrame, f.telling || f.formed
	case f.author || f.reviewer || f.reader:
		return library.ByFrame, true
	case f.advice:
		return library.ByFrame, true
	case f.formed:
		return library.ByOpinion, true
	}
	// Bare evaluation: "Impressive", "The characters are passive".
	return library.ByFrame, c.judgesOnly()
}

// ordinary reports whether a token is a word that no list accounts for and
// that is let pass among others in what the reviewer says of themselves. One
// that a fact of this book is told with is not, and of a book without a ledger
// nobody knows which those are.
func (l *Labeller) ordinary(c clause, t token, f frame) bool {
	if len(l.events) == 0 || !f.strong && !f.steady {
		return false
	}
	switch t.class {
	case everyday, loose:
		return true
	case common:
		return f.strong || c.any(isReader) && !l.telling[t.atom]
	case rare, plot:
		return f.strong
	}
	return false
}

// frame is what the words of a sentence make of it.
type frame struct {
	closed     bool // every content word is in a closed list
	content    int  // how many there are
	author     bool // the author is named, or is what "he" means
	narrator   bool // the narrator is named
	telling    bool // … and tells
	reviewer   bool // the reviewer speaks of themselves
	reader     bool // a reader or a writer is spoken of, or to
	odd        int  // how many ordinary words no list accounts for
	proper     bool // names that are not of this book
	advice     bool // opens with what writers are told to do
	strong     bool // opens with the reviewer or the author
	steady     bool // speaks of a reader, or opens with the book
	formed     bool // a word for a book's form
	mannered   bool // … other than for how it ends
	judgements int  // how many words of judgement
	denies     bool // says that there is no such thing
	third      bool // he, she or they, of whom the sentence does not say who
}

// reviewers are the words by which a reviewer means themselves, readers those
// that mean whoever reads.
var (
	reviewers = strings.Fields("i me my mine myself i'm i've i'd i'll")
	readers   = strings.Fields("we us our ours ourselves we're we've we'll we'd you your yours yourself you're you'll you've you'd " +
		"reader readers writer writers author authors novelist novelists")
)

func isReader(t token) bool { return slices.Contains(readers, t.text) }

func (l *Labeller) frame(c clause, before *sentence) frame {
	f := frame{closed: true, formed: c.book(), mannered: c.book()}
	f.steady = c.steady()
	f.advice = len(c.tokens) > 1 && c.tokens[0].class&writing != 0 && c.tokens[0].class&light == 0
	if before != nil {
		// What "she" means is settled by the sentence before.
		f.author = before.speaks == author && c.has(third)
		f.narrator = before.speaks == inBook && c.has(third)
	}
	f.strong = l.strong(c) || f.author && c.tokens[0].class&third != 0
	for i, t := range c.tokens {
		switch {
		case t.is == author:
			f.author = true
			f.content++
		case t.is == theBook:
			f.formed, f.mannered = true, true
			f.content++
		case t.is == inBook && l.book.Names[t.name].Kind == library.Place && l.book.Names[t.name].From == 0,
			foreign(t):
			// Where the author was born, what else they wrote, whose prize
			// it was.
			f.proper = f.proper || !readOrBy(c.tokens, i)
			f.content++
		case t.is == inBook:
			if !l.book.Names[t.name].Narrator {
				f.closed = false
				return f
			}
			f.narrator = true
		case slices.Contains(reviewers, t.text):
			f.reviewer = true
		case slices.Contains(readers, t.text):
			f.reader = true
			f.content++
		case t.class&third != 0:
			// He or she after the author's name is the author; anybody else
			// is somebody in the story.
			they := t.atom == "?they" && slices.ContainsFunc(c.tokens[:i], func(t token) bool { return ofForm(t) && strings.HasSuffix(t.text, "s") })
			f.third = f.third || t.atom == "?they" && !they || t.atom != "?they" && !f.author && !(f.narrator && l.narratorIs(t.atom))
		case t.class&narrating != 0 && f.narrator:
			f.telling = true
			f.formed = f.formed || ofForm(t)
			f.content++
		case l.ordinary(c, t, f):
			f.odd++
			f.content++
		case t.class == 0 || t.class&denied != 0 || t.class&opinionated == 0 && t.class&(narrating|people|outcome|turn) == 0:
			f.closed = false
			return f
		case t.content():
			f.content++
			if t.class&form != 0 && t.class&people == 0 {
				f.formed = true
				f.mannered = f.mannered || t.class&outcome == 0
			}
			if t.class&evaluation != 0 {
				f.judgements++
			}
		}
		f.denies = f.denies || denial(c.tokens, i)
	}
	return f
}

// denial reports whether the token at i says that something does not exist:
// "there is no …", "no …" at the start, "nobody", "nothing".
func denial(tokens []token, i int) bool {
	switch t := tokens[i]; t.text {
	case "no", "none", "nothing":
		if t.class&negation == 0 {
			return false // within an idiom
		}
	}
	switch t := tokens[i]; t.text {
	case "no":
		if i == 0 || tokens[i-1].class&function != 0 {
			return true
		}
	case "nobody", "none", "nothing", "nowhere", "neither", "without":
		return true
	case "there", "there's":
		return i+1 < len(tokens) && tokens[i+1].class&negation != 0
	}
	return false
}

// strong reports whether a sentence opens with the reviewer or the author, so
// that what follows is what they did.
func (l *Labeller) strong(c clause) bool {
	said := false
	for i, t := range c.tokens {
		switch {
		case t.is == author && i < 2, slices.Contains(reviewers, t.text) && (i < 6 || !said):
			return true
		case t.is == inBook, t.class&third != 0:
			return false
		}
		said = said || t.content() && t.class&(evaluation|loose) == 0
	}
	return false
}

// steady reports whether a sentence opens with a reader, or with the book or a
// part of its form.
func (c clause) steady() bool {
	said := false
	for i, t := range c.tokens {
		switch {
		case slices.Contains(readers, t.text), !said && ofForm(t):
			return true
		case i >= 12, t.is == inBook, t.class&third != 0:
			return false
		}
		said = said || t.content()
	}
	return false
}

// narratorIs reports whether a pronoun fits the narrator.
func (l *Labeller) narratorIs(pronoun atom) bool {
	return slices.ContainsFunc(l.book.Names, func(n library.Name) bool { return n.Narrator && pronounOf(n) == pronoun })
}

// speaks returns who a pronoun of the next sentence means, as far as a frame
// may take it: the author or the narrator, if the sentence names one of them
// and nobody else, or goes on about them.
func (l *Labeller) speaks(c clause, before *sentence) subject {
	who := nobody
	for _, t := range c.tokens {
		switch {
		case t.is == author && who == nobody:
			who = author
		case t.is == inBook && l.book.Names[t.name].Narrator && who != author:
			who = inBook
		case t.is == inBook && l.book.Names[t.name].Pronoun != "it", t.is == author, t.class&kin != 0:
			return nobody
		}
	}
	if who == nobody && before != nil {
		return before.speaks // still nobody else has been named
	}
	return who
}
