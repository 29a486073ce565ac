package label

import (
	"dogear/bot/library"
	"dogear/bot/spoiler/unsealed"
)

// premise is what a back cover tells, sentence by sentence.
type premise struct {
	all   map[atom]bool
	lines []map[atom]bool
}

func (l *Labeller) compilePremise() {
	l.premise.all = map[atom]bool{}
	for _, p := range l.book.Premise {
		line := map[atom]bool{}
		for _, t := range l.clause(unsealed.Text(p)).tokens {
			if t.atom != "" {
				line[t.atom] = true
				l.premise.all[t.atom] = true
			}
		}
		l.premise.lines = append(l.premise.lines, line)
	}
}

// premiseShare is how much of what a sentence says one line of the premise must
// say too.
const premiseShare = 0.8

// tellsPremise reports whether a sentence tells what a back cover does: what
// one line of the premise says, or most of it. Words of several lines do not
// count together, for old words make up new facts: "Ruth is a memory". The
// persons in it stand together in one line.
func (l *Labeller) tellsPremise(c clause) bool {
	if len(l.premise.lines) == 0 || c.any(l.unknownPeople) || c.bare() || c.has(outcome|turn|negation) || c.has(denied) && !l.deniedInPremise(c) {
		return false
	}
	persons := map[atom]bool{}
	said := map[atom]bool{} // but for names
	judged := 0
	for i, t := range c.tokens {
		switch {
		case t.is == inBook:
			if l.book.Names[t.name].From > 0 || !l.premise.all[t.atom] {
				return false
			}
			if l.book.Names[t.name].Kind == library.Person {
				persons[t.atom] = true
			}
		case t.class&third != 0:
			if !l.bound(c.tokens[:i], t) {
				return false
			}
		case t.is != nobody || !t.content():
		case l.premise.all[t.atom]:
			said[t.atom] = true
		case t.class&(evaluation|form) != 0 && !l.loaded[t.text]:
			judged++
		default:
			return false
		}
	}
	if len(said) < 2 || judged > len(said) {
		return false
	}
	best := 0
	for _, line := range l.premise.lines {
		n := 0
		for a := range said {
			if line[a] {
				n++
			}
		}
		best = max(best, n)
	}
	return float64(best) >= premiseShare*float64(len(said)) && l.together(persons)
}

// unknownPeople reports whether a token means people of the story of whom the
// premise does not speak.
func (l *Labeller) unknownPeople(t token) bool { return inStory(t) && !l.premise.all[t.atom] }

func (l *Labeller) deniedInPremise(c clause) bool {
	return !c.any(func(t token) bool {
		return t.class&negation != 0 || t.class&denied != 0 && !l.premise.all[t.atom]
	})
}

// together reports whether one line of the premise holds all these persons.
func (l *Labeller) together(persons map[atom]bool) bool {
	if len(persons) < 2 {
		return true
	}
	for _, line := range l.premise.lines {
		n := 0
		for a := range persons {
			if line[a] {
				n++
			}
		}
		if n == len(persons) {
			return true
		}
	}
	return false
}

// bound reports whether a third-person pronoun can only mean somebody who is
// named before it in the same sentence: a narrator who tells of "her" past.
func (l *Labeller) bound(before []token, p token) bool {
	for _, t := range before {
		if t.is == inBook && pronounOf(l.book.Names[t.name]) == p.atom {
			return true
		}
	}
	return false
}
