// Package label decides which sentence spoils what, and says how it knows.
//
// Each layer offers evidence, and one rule composes it: a sentence's Reveal is
// the latest of the facts that it states, if every content word of it is
// accounted for by those facts, the premise, opinion words or a frame;
// otherwise it is the end of the book. Nothing here finds spoilers: it finds
// what is safe, and all else stays covered.
package label

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// Labeller labels sources about one book. It is safe for concurrent use.
type Labeller struct {
	book     library.Book
	phrases  phrasebook
	pronouns map[atom]atom // of a name's atom, the pronoun's that may stand for it
	events   []event
	terms    map[atom][]statement
	claims   map[atom][]statement
	telling  map[atom]bool             // what events are told with, but for what the premise says too
	loaded   map[string]bool           // words that are innocent elsewhere and not in this book
	earliest map[atom]spoiler.Position // of a word, the first event that uses it
	premise  premise
	version  string
}

// Format keeps a Labeller, which knows all that happens in a book, out of
// whatever prints it.
func (l *Labeller) Format(f fmt.State, _ rune) { fmt.Fprint(f, "label.Labeller") }

// New makes a Labeller from what is known about a book. Of a book without
// names, premise and ledger, the general layers alone clear sentences.
func New(book library.Book) *Labeller {
	l := &Labeller{book: book, phrases: newPhrasebook(book), pronouns: map[atom]atom{}, telling: map[atom]bool{}, earliest: map[atom]spoiler.Position{}, loaded: map[string]bool{}}
	for i, n := range book.Names {
		l.pronouns[l.nameAtom(i)] = pronounOf(n)
	}
	for _, e := range book.Ledger {
		l.events = append(l.events, l.compile(e))
	}
	for _, p := range book.Loaded {
		l.loaded[strings.ToLower(unsealed.Text(p))] = true
	}
	l.index()
	l.compilePremise()
	for _, ev := range l.events {
		for a := range ev.core {
			l.telling[a] = !l.premise.all[a]
		}
		for a := range ev.vocab {
			if l.earliest[a] == 0 || ev.at < l.earliest[a] {
				l.earliest[a] = ev.at
			}
		}
	}
	l.version = Version(book)
	return l
}

// Label returns the source with every passage sealed at its Reveal and with
// the evidence for it. What was labelled before is labelled anew.
func (l *Labeller) Label(src library.Source) library.Source {
	out := src
	out.Labels = l.version
	out.Sentences = make([]library.Sentence, len(src.Sentences))
	var before *sentence
	parts, others := restarts(src), l.otherWorks(src)
	for i, s := range src.Sentences {
		if parts {
			s.Mark.Chapter = 0
		}
		if s.Kind != library.Prose && s.Kind != library.Item || before != nil && !follows(src.Sentences[i-1], s) {
			before = nil
		}
		now := l.sentence(unsealed.Text(s.Passage), s.Mark, src.Flagged, before)
		if text := unsealed.Text(s.Passage); now.label.Reveal > 0 && others.in(text) {
			// What it tells of another book nobody knows the chapter of.
			now.label.Reveal = spoiler.Never
		}
		s.Because, s.Leans = now.label.Because, now.clause.leans()
		s.Passage = unsealed.Relabel(s.Passage, now.label.Reveal)
		out.Sentences[i] = s
		before = now
	}
	if src.Spoiler {
		l.declared(out.Sentences)
	}
	if !l.nameShaped(src.Reviewer) {
		out.Reviewer = "" // rather nobody than a sentence in the place of a name
	}
	out.Title = l.alone(src.Title, src.Flagged)
	// An address often spells out its title, and is no easier to judge.
	out.Link = unsealed.Relabel(src.Link, max(out.Title.Reveal(), 0))
	if out.Title.IsZero() || !l.plainAddress(unsealed.Text(src.Link), unsealed.Text(src.Title)+" "+out.Reviewer) {
		out.Link = unsealed.Relabel(src.Link, l.book.End())
	}
	out.Related = nil
	for _, r := range src.Related {
		if !src.Flagged && l.isWork(unsealed.Text(r)) {
			out.Related = append(out.Related, unsealed.Relabel(r, 0))
			continue
		}
		out.Related = append(out.Related, l.alone(r, src.Flagged))
	}
	return out
}

// partHeading opens a part of a book, after which reviewers may count chapters
// from one again.
var partHeading = regexp.MustCompile(`(?i)^\W*part\b`)

// restarts reports whether the chapters that a source states may be counted
// within parts, so that they are no evidence.
func restarts(src library.Source) bool {
	return slices.ContainsFunc(src.Sentences, func(s library.Sentence) bool {
		return s.Kind == library.Heading && partHeading.MatchString(unsealed.Text(s.Passage))
	})
}

// alone labels a text that stands by itself.
func (l *Labeller) alone(p spoiler.Passage, flagged bool) spoiler.Passage {
	if p.IsZero() {
		return p
	}
	return unsealed.Relabel(p, l.sentence(unsealed.Text(p), library.Mark{}, flagged, nil).label.Reveal)
}

// follows reports whether b is read on from a: a sentence takes up the one
// before it across paragraphs, but not across a heading.
func follows(a, b library.Sentence) bool {
	return a.Section == b.Section && a.Entry == b.Entry
}

// sentence is what the next sentence may need to know of one.
type sentence struct {
	clause clause
	label  library.Label
	speaks subject // who "he" or "she" means after it: the author, or the narrator telling
}

// sentence labels one sentence, given the one before it; nil where it opens a
// section or stands alone.
func (l *Labeller) sentence(text string, mark library.Mark, flagged bool, before *sentence) *sentence {
	now := &sentence{clause: l.clause(text)}
	leans := before != nil && now.clause.leans()
	var context *clause
	if leans && !(now.clause.tokens[0].class&third != 0 && before.speaks != nobody) {
		context = &before.clause
	}
	facts := l.stated(now.clause, context)
	marked := mark.Covered || flagged

	latest := spoiler.Position(0)
	var because []library.Evidence
	add := func(layer library.Layer, at spoiler.Position, id spoiler.Passage) {
		latest = max(latest, at)
		because = append(because, library.Evidence{Layer: layer, Reveal: at, Event: id})
	}
	for _, f := range facts {
		add(library.ByLedger, f.at, f.id)
	}
	if from := l.latestName(now.clause); from > latest {
		add(library.ByLedger, from, spoiler.Passage{})
	}
	end := l.book.End()
	switch {
	case len(facts) > 0 && l.accounted(now.clause, facts, latest):
	case mark.Chapter > 0 && len(l.events) > 0 && l.accounted(now.clause, facts, max(latest, mark.Chapter)):
	case len(facts) > 0 || latest > 0:
		add(library.ByDefault, end, spoiler.Passage{})
	case now.clause.asksOnly(text):
		add(library.ByFrame, 0, spoiler.Passage{})
	case marked:
		add(library.ByMarkup, end, spoiler.Passage{})
	default:
		told := l.tellsPremise(now.clause)
		layer, framed := l.framed(now.clause, before)
		if told {
			add(library.ByPremise, 0, spoiler.Passage{})
		}
		if framed {
			add(layer, 0, spoiler.Passage{})
		}
		if !told && !framed {
			add(library.ByDefault, end, spoiler.Passage{})
		}
	}
	if mark.Chapter > 0 {
		// The reviewer's own word for where they are.
		add(library.ByMarkup, min(mark.Chapter, end), spoiler.Passage{})
	}
	if leans && before.label.Reveal > latest && !(latest == 0 && now.settled(before)) {
		add(library.ByContext, before.label.Reveal, spoiler.Passage{})
	}
	// A sentence that is hidden says nothing of who "she" is: what is open may
	// not hang on what is not.
	if before != nil {
		now.speaks = before.speaks
	}
	if latest == 0 {
		now.speaks = l.speaks(now.clause, before)
	}
	now.label = library.Label{Reveal: latest, Because: deciding(because, latest)}
	return now
}

// settled reports whether a cleared sentence that opens with a pronoun says
// nothing of what the one before it tells: the pronoun is the author or the
// narrator, or all that follows it is a judgement.
func (now *sentence) settled(before *sentence) bool {
	if now.clause.tokens[0].class&third != 0 {
		return before.speaks != nobody
	}
	if !now.clause.any(func(t token) bool { return t.content() && t.class&negation == 0 }) {
		return true // "But it didn't, not for me"
	}
	return now.clause.judgesOnly() && !now.clause.pointsBack() && !before.clause.has(outcome)
}

// latestName returns the latest Position from which a name in the sentence
// tells nothing.
func (l *Labeller) latestName(c clause) spoiler.Position {
	at := spoiler.Position(0)
	for _, t := range c.tokens {
		if t.is == inBook {
			at = max(at, l.book.Names[t.name].From)
		}
	}
	return at
}

// deciding puts the evidence that decided first.
func deciding(because []library.Evidence, latest spoiler.Position) []library.Evidence {
	for i, e := range because {
		if e.Reveal == latest {
			out := append([]library.Evidence{e}, because[:i]...)
			return append(out, because[i+1:]...)
		}
	}
	return because
}

// rules is the version of the rules themselves; it rises when a change of this
// package labels any sentence otherwise.
const rules = "3"

// Version names what sources about a book are labelled with: these rules and
// what is known of the book. A source that was labelled with another Version may
// be labelled otherwise now.
func Version(book library.Book) string {
	return fmt.Sprintf("%s-%x", rules, sha256.Sum256(book.File()))[:18]
}
