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

// premiseShare is how much of a sentence's word weight the premise must hold.
const premiseShare = 0.8

// tellsPremise reports whether a sentence tells what a back cover does. Every
// word is the premise's or an opinion's; the persons in it, if there
// are several, stand together in one line of the premise, so that old words do not
// make up a new fact.
func (l *Labeller) tellsPremise(c clause) bool {
	if len(l.premise.lines) == 0 || c.has(negation|denied) && !l.deniedInPremise(c) {
		return false
	}
	told, whole := 0.0, 0.0
	persons := map[atom]bool{}
	for i, t := range c.tokens {
		switch {
		case t.is == inBook:
			if l.book.Names[t.name].From > 0 || !l.premise.all[t.atom] {
				return false
			}
			if l.book.Names[t.name].Kind == library.Person {
				persons[t.atom] = true
			}
			told, whole = told+1, whole+1
		case t.class&third != 0:
			if !l.bound(c.tokens[:i], t) {
				return false
			}
		case !t.content():
		case l.premise.all[t.atom]:
			told, whole = told+1, whole+1
		case t.class&(evaluation|form|light) != 0 && t.class&(people|outcome|turn) == 0:
			// An opinion beside it weighs less than another fact would.
			whole += 0.25
		default:
			return false
		}
	}
	return whole > 0 && told/whole >= premiseShare && l.together(persons)
}

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
