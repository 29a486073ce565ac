package label

import (
	"maps"
	"slices"

	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// event is a ledger entry made ready for matching.
type event struct {
	id     spoiler.Passage
	at     spoiler.Position
	claims [][]atom        // the content of each paraphrase
	terms  [][]atom        // the words of each, in order, grammar included
	vocab  map[atom]bool   // whatever a statement of it may use
	core   map[atom]bool   // what its paraphrases, terms and the fact itself are made of
	spoken map[string]bool // the same as it is written
}

func (l *Labeller) compile(e library.Event) event {
	ev := event{id: e.ID, at: e.Chapter, vocab: map[atom]bool{}, spoken: map[string]bool{}}
	for _, p := range e.Says {
		claim := l.content(p)
		if own, named := weigh(claim); own == 0 && !(named > 1 && slices.Contains(claim, not)) {
			// Names and grammar alone ("what they are"): only word by word.
			ev.terms = append(ev.terms, l.clause(unsealed.Text(p)).sequence())
		} else {
			ev.claims = append(ev.claims, claim)
		}
		ev.learn(claim)
	}
	for _, p := range e.Terms {
		if term := l.clause(unsealed.Text(p)).sequence(); len(term) > 0 {
			ev.terms = append(ev.terms, term)
		}
		ev.learn(l.content(p))
	}
	ev.learn(l.content(e.Fact))
	ev.core = maps.Clone(ev.vocab)
	for _, p := range slices.Concat(e.Words, e.Who) {
		ev.learn(l.content(p))
	}
	for _, p := range slices.Concat(e.Says, e.Terms, []spoiler.Passage{e.Fact}) {
		for _, w := range splitWords(unsealed.Text(p)) {
			ev.spoken[w.text] = true
		}
	}
	for _, n := range l.book.Names {
		if p := pronounOf(n); p != "" && ev.vocab[atom("@"+unsealed.Text(n.Words[0]))] {
			ev.vocab[p] = true
		}
	}
	return ev
}

func (ev *event) learn(atoms []atom) {
	for _, a := range atoms {
		ev.vocab[a] = true
	}
}

// content returns the atoms of a text that are not grammar, each once.
func (l *Labeller) content(p spoiler.Passage) []atom {
	var out []atom
	seen := map[atom]bool{}
	for _, t := range l.clause(unsealed.Text(p)).tokens {
		if t.atom != "" && !seen[t.atom] {
			seen[t.atom] = true
			out = append(out, t.atom)
		}
	}
	return out
}

// fact is an event that a sentence states, and whether it does so by a
// negative: "she does not survive".
type fact struct {
	*event
	denies bool
}

// stated returns the events that a sentence states, by itself or together with
// the one that it leans on; nil before where it leans on none.
func (l *Labeller) stated(c clause, before *clause) []fact {
	atoms := c.atoms
	if before != nil {
		atoms = maps.Clone(c.atoms)
		maps.Copy(atoms, before.atoms)
	}
	words, said := c.sequence(), c.said()
	found := map[*event]*fact{}
	state := func(ev *event, denies bool) {
		if found[ev] == nil {
			found[ev] = &fact{event: ev}
		}
		found[ev].denies = found[ev].denies || denies
	}
	for i, w := range words {
		for _, st := range l.terms[w] {
			if i+len(st.atoms) <= len(words) && slices.Equal(words[i:i+len(st.atoms)], st.atoms) {
				state(st.event, slices.ContainsFunc(st.atoms, negates))
			}
		}
	}
	for a := range atoms {
		for _, st := range l.claims[a] {
			if l.claimed(st.atoms, atoms, c.atoms, said) {
				state(st.event, slices.Contains(st.atoms, not))
			}
		}
	}
	var out []fact
	for i := range l.events {
		if f := found[&l.events[i]]; f != nil {
			out = append(out, *f)
		}
	}
	return out
}

// statement is a term or a paraphrase of an event.
type statement struct {
	event *event
	atoms []atom
}

// index makes the statements of all events ready to be looked up: terms by
// their first word, paraphrases by each word that is no name, of which a
// sentence has at least one in common with them; by their names where they
// have no other.
func (l *Labeller) index() {
	l.terms, l.claims = map[atom][]statement{}, map[atom][]statement{}
	for i := range l.events {
		ev := &l.events[i]
		for _, term := range ev.terms {
			l.terms[term[0]] = append(l.terms[term[0]], statement{ev, term})
		}
		for _, claim := range ev.claims {
			own, _ := weigh(claim)
			for _, a := range claim {
				if a != not && a[0] != '?' && (own == 0) == (a[0] == '@') {
					l.claims[a] = append(l.claims[a], statement{ev, claim})
				}
			}
		}
	}
}

// negates reports whether a word of a term, as it stands there, is a negation.
func negates(a atom) bool { return classOf(string(a))&negation != 0 }

// claimed reports whether a sentence, with these atoms of its own and of the
// one that it leans on, says what a paraphrase says.
func (l *Labeller) claimed(claim []atom, atoms, sentence map[atom]bool, said []atom) bool {
	own, named := weigh(claim)
	if own == 1 && named == 0 {
		// "Nobody escapes": the two words by themselves stand in many a
		// sentence that says something else.
		return contains(said, claim)
	}
	return l.covers(atoms, sentence, claim, own)
}

// weigh returns how many words a claim has but for names, pronouns and
// negations, and how many names.
func weigh(claim []atom) (own, named int) {
	for _, a := range claim {
		switch {
		case a[0] == '@':
			named++
		case a[0] != '?' && a != not:
			own++
		}
	}
	return own, named
}

// covers reports whether the atoms of a claim are in a sentence, where a
// pronoun may stand for any name that it fits. A long claim, of which own are
// words, is recognised with one of them missing: raising a label too often
// costs little. At least one has to be the sentence's own.
func (l *Labeller) covers(atoms, sentence map[atom]bool, claim []atom, own int) bool {
	missing, mine := 0, false
	for _, a := range claim {
		found, at := atoms[a], a
		if !found && a[0] == '@' {
			at = l.pronouns[a]
			found = at != "" && atoms[at] && own > 0 && !l.another(sentence, a, at)
			// "They" is said of anybody, so with one word more it is not
			// enough.
			found = found && (at != "?they" || own > 1)
		}
		switch {
		case found:
			mine = mine || a != not && sentence[at]
		case own >= 3 && missing == 0 && a[0] != '@' && a != not:
			missing++
		default:
			return false
		}
	}
	return mine
}

// another reports whether a sentence names somebody else whom the pronoun may
// mean.
func (l *Labeller) another(sentence map[atom]bool, name, pronoun atom) bool {
	for a := range sentence {
		if a[0] == '@' && a != name && l.pronouns[a] == pronoun {
			return true
		}
	}
	return false
}

// contains reports whether a run of words stands in a sentence.
func contains(words, run []atom) bool {
	for i := 0; i+len(run) <= len(words); i++ {
		if slices.Equal(words[i:i+len(run)], run) {
			return true
		}
	}
	return false
}
