package label

import (
	"slices"
	"strings"

	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// accounted reports whether the facts that a sentence states, the latest of
// them told in chapter at, account for all that it says, opinions aside.
//
// A person has to be somebody whom one of these facts is about, and each of
// its clauses has to state something of them or judge and no more. One word in
// three may be an ordinary one, if no later fact is told with it.
func (l *Labeller) accounted(c clause, facts []fact, at spoiler.Position) bool {
	content, odd := 0, 0
	denied := slices.ContainsFunc(facts, func(f fact) bool { return f.denies })
	for i, t := range c.tokens {
		stated := slices.ContainsFunc(facts, func(f fact) bool { return t.atom != "" && f.vocab[t.atom] || f.spoken[t.text] })
		if slices.Contains(riders, t.text) && !slices.ContainsFunc(facts, func(f fact) bool { return f.spoken[t.text] }) {
			return false
		}
		if t.text == "to" && i+1 < len(c.tokens) && !l.purposed(c.tokens[i+1], facts) {
			return false
		}
		if !t.content() {
			continue
		}
		content++
		switch {
		case t.class&negation != 0 && t.is == nobody:
			// "Ruth does not die" is another fact than "Ruth dies".
			if !denied {
				return false
			}
		case stated:
		case t.is == inBook:
			n := l.book.Names[t.name]
			if n.Kind == library.Person || n.Kind == library.Group || n.From > at {
				return false
			}
		case t.class&(third|people|outcome|turn) != 0:
			return false
		case t.class&(evaluation|form) != 0 && !l.loaded[t.text]:
		case t.class&(light|reading|writing|theme) != 0, l.premise.all[t.atom],
			t.class&(fate|kin) == 0 && l.earliest[t.atom] > 0 && l.earliest[t.atom] <= at,
			t.class&(common|everyday|rare) != 0 && l.earliest[t.atom] == 0:
			odd++
		default:
			return false
		}
	}
	return odd*5 <= content*2 && l.everyClause(c, facts)
}

// riders are small words that add an end to an early fact: "Ruth is a donor,
// and it takes two".
var riders = strings.Fields("last end until again later more only left next anymore longer over enough back away gone " +
	"two three four five second third fourth first once twice never forever everyone everybody all none others another")

// purposed reports whether what follows "to" belongs to the facts. Why
// something is done is another fact: "she takes the art to show …".
func (l *Labeller) purposed(t token, facts []fact) bool {
	return !t.content() || t.is != nobody || t.class&evaluation != 0 || slices.ContainsFunc(facts, func(f fact) bool { return f.vocab[t.atom] })
}

// joints part one clause of a sentence from the next.
var joints = strings.Fields("and but because since until so then when while after before though although who which where")

// everyClause reports whether each clause of a sentence says something of the
// facts by a word that they are told with, or judges and no more.
func (l *Labeller) everyClause(c clause, facts []fact) bool {
	from := 0
	for i := 0; i <= len(c.tokens); i++ {
		if i < len(c.tokens) && !slices.Contains(joints, c.tokens[i].text) {
			continue
		}
		says, judges, words := false, true, 0
		for _, t := range c.tokens[from:i] {
			says = says || t.content() && t.is == nobody && slices.ContainsFunc(facts, func(f fact) bool { return f.core[t.atom] }) ||
				t.is == inBook && l.book.Names[t.name].Kind != library.Person
			if t.content() && t.class&(light|theme) == 0 {
				words++
			}
			judges = judges && (!t.content() || t.class&(evaluation|form) != 0 || l.premise.all[t.atom] && t.is == nobody)
		}
		if !says && !judges && words > 0 {
			return false
		}
		from = i + 1
	}
	return true
}
