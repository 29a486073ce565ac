package label

import (
	"slices"

	"dogear/bot/spoiler/unsealed"
)

// premise is what a back cover tells, sentence by sentence.
type premise struct {
	all   map[atom]bool
	lines []tale
}

func (l *Labeller) compilePremise() {
	l.premise.all = map[atom]bool{}
	for _, p := range l.book.Premise {
		c := l.clause(unsealed.Text(p))
		for a := range c.atoms {
			l.premise.all[a] = true
		}
		l.premise.lines = append(l.premise.lines, l.tale(c))
	}
}

// premiseShare is how much of what a sentence says one line of the premise must
// say too, where it names nobody and no place.
const premiseShare = 0.8

// tellsPremise reports whether a sentence tells what a back cover does: what
// one line of the premise says, or most of it. Words of several lines do not
// count together, for old words make up new facts: "Ruth is a memory". Where a
// sentence names somebody or somewhere, the same line has to say all of it, and
// to say it of them.
func (l *Labeller) tellsPremise(c clause) bool {
	if len(l.premise.lines) == 0 || c.any(l.unknownPeople) || c.bare() || c.has(outcome|turn|negation) || c.has(denied) && !l.deniedInPremise(c) {
		return false
	}
	said := map[atom]bool{} // but for names
	judged := 0
	for i, t := range c.tokens {
		switch {
		case t.is == inBook:
			if l.book.Names[t.name].From > 0 || !l.premise.all[t.atom] {
				return false
			}
		case t.class&third != 0:
			if !l.bound(c.tokens[:i], t) {
				return false
			}
		case t.is != nobody || !t.content():
		case l.premise.all[t.atom]:
			said[t.atom] = true
		case l.judged(t):
			judged++
		default:
			return false
		}
	}
	if len(said) < 2 || judged > len(said) {
		return false
	}
	told := l.tale(c)
	return slices.ContainsFunc(l.premise.lines, func(line tale) bool { return line.tells(told) })
}

// judged reports whether a token is an opinion and no word of the premise.
func (l *Labeller) judged(t token) bool {
	return !l.premise.all[t.atom] && t.class&(evaluation|form) != 0 && t.class&endtone == 0 && !l.loaded[t.text]
}

// unknownPeople reports whether a token means people of the story of whom the
// premise does not speak.
func (l *Labeller) unknownPeople(t token) bool { return inStory(t) && !l.premise.all[t.atom] }

func (l *Labeller) deniedInPremise(c clause) bool {
	return !c.any(func(t token) bool {
		return t.class&negation != 0 || t.class&denied != 0 && !l.premise.all[t.atom]
	})
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
