package label

import (
	"strings"

	"dogear/bot/library"
	"dogear/bot/spoiler/unsealed"
)

// atom is a word as the ledger compares it: a stem, a name of the book
// whatever it is called, a pronoun, or a negation whatever its form.
type atom string

const not atom = "\x00not"

// token is a word of a sentence, or a run of words that names something, with
// all that is known about it.
type token struct {
	word
	class class
	marks class // what else the lists say of it
	idiom bool  // it stands in a fixed phrase
	is    subject
	name  int // index into Book.Names, where is == inBook
	atom  atom
}

// content reports whether the token says something, so that somebody must
// account for it.
func (t token) content() bool {
	return t.is == inBook || t.is == nobody && t.class&function == 0
}

// clause is a sentence made ready for the layers.
type clause struct {
	tokens []token
	atoms  map[atom]bool
}

// clause reads a sentence.
func (l *Labeller) clause(text string) clause {
	words := splitWords(text)
	c := clause{atoms: make(map[atom]bool, len(words))}
	for i := 0; i < len(words); {
		tokens, n := l.tokens(words[i:])
		c.tokens = append(c.tokens, tokens...)
		i += n
	}
	for _, t := range c.tokens {
		if t.atom != "" {
			c.atoms[t.atom] = true
		}
	}
	return c
}

// tokens reads what stands at the start of words: a name, a compound, a phrase
// or a word, and returns how many words it took.
func (l *Labeller) tokens(words []word) ([]token, int) {
	if p, n := l.phrases.at(words); n > 0 {
		t := token{word: words[0], is: p.is, name: p.name}
		t.owner = words[n-1].owner
		if p.is == inBook {
			t.atom = l.nameAtom(p.name)
		}
		return []token{t}, n
	}
	if t, n := compound(words); n > 0 {
		return []token{t}, n
	}
	for n := min(longestPhrase, len(words)); n > 1; n-- {
		if c := phraseClass(words[:n]); c != 0 {
			return inPhrase(words[:n], c), n
		}
	}
	return []token{single(words[0])}, 1
}

// single reads a word by itself.
func single(w word) token {
	t := token{word: w, class: classOf(w.text), marks: marksOf(w.text)}
	switch {
	case t.class&negation != 0:
		t.atom = not
	case t.class&third != 0:
		t.atom = pronoun(t.text)
	case t.class&function == 0:
		t.atom = atom(t.stem)
	}
	return t
}

// inPhrase reads the words of a phrase, which together are of another class
// than each by itself: "left me cold" is no leaving, "look after" no looking.
func inPhrase(words []word, c class) []token {
	out := make([]token, len(words))
	for i, w := range words {
		out[i] = single(w)
		if c&denied == 0 {
			out[i].idiom = true
			if out[i].class&function == 0 {
				out[i].class = c
			}
		}
	}
	if c&denied != 0 {
		out[0].class = c
		if out[0].atom == "" {
			out[0].atom = atom(out[0].stem)
		}
	}
	return out
}

// longestPhrase is how many words the phrases of the lexicon have at most.
const longestPhrase = 6

// phraseClass returns the class of a run of words that the lexicon knows as
// one; the first of them may be inflected.
func phraseClass(words []word) class {
	rest := ""
	for _, w := range words[1:] {
		rest += " " + w.text
	}
	if c := lexicon()[words[0].text+rest]; c != 0 {
		return c
	}
	return lexicon()[words[0].stem+rest]
}

// compound reads words that hyphens join as the one word that a list knows:
// "matter-of-fact" is not a matter of fact.
func compound(words []word) (token, int) {
	n := 1
	for n < len(words) && n < 5 && words[n].hyphen {
		n++
	}
	for ; n > 1; n-- {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = words[i].text
		}
		for _, joined := range []string{strings.Join(parts, "-"), strings.Join(parts, "")} {
			if c := classOf(joined); c != 0 {
				return token{word: words[0], class: c, atom: atom(stem(joined))}, n
			}
		}
	}
	return token{}, 0
}

// nameAtom returns the atom of a name, the same for all its forms.
func (l *Labeller) nameAtom(i int) atom { return atom("@" + unsealed.Text(l.book.Names[i].Words[0])) }

// pronoun returns the atom of a third-person pronoun, the same for its cases.
func pronoun(w string) atom {
	switch {
	case strings.HasPrefix(w, "she") || strings.HasPrefix(w, "her"):
		return "?she"
	case strings.HasPrefix(w, "he") || strings.HasPrefix(w, "hi"):
		return "?he"
	}
	return "?they"
}

// pronounOf returns the atom of the pronoun that may stand for a name; empty
// where none does.
func pronounOf(n library.Name) atom {
	switch n.Pronoun {
	case "she", "he", "they":
		return atom("?" + n.Pronoun)
	}
	return ""
}

// sequence returns the words of the sentence in order, grammar included, as
// terms are compared.
func (c clause) sequence() []atom {
	out := make([]atom, len(c.tokens))
	for i, t := range c.tokens {
		out[i] = atom(t.stem)
		if t.is == inBook {
			out[i] = t.atom
		}
	}
	return out
}

// said returns the words of the sentence in order, grammar left out.
func (c clause) said() []atom {
	var out []atom
	for _, t := range c.tokens {
		if t.atom != "" {
			out = append(out, t.atom)
		}
	}
	return out
}

// any reports whether some token satisfies f.
func (c clause) any(f func(token) bool) bool {
	for _, t := range c.tokens {
		if f(t) {
			return true
		}
	}
	return false
}

// has reports whether some token is of one of these classes.
func (c clause) has(is class) bool {
	return c.any(func(t token) bool { return t.class&is != 0 })
}

// asksOnly reports whether a sentence asks a question about the book, or names
// it, in words that assert nothing: "What is the point of …?"
func (c clause) asksOnly(text string) bool {
	asks := strings.HasSuffix(strings.TrimSpace(text), "?")
	named := c.any(func(t token) bool { return t.is == theBook })
	return (asks || named) && !c.any(func(t token) bool {
		return t.class&(negation|third|people|outcome|turn) != 0 || t.content() && !(asks && t.class&(light|form|evaluation|reading|writing) != 0)
	})
}

// judgesOnly reports whether a sentence holds judgements and what goes with
// them alone: one by itself, or several.
func (c clause) judgesOnly() bool {
	judgements, others := 0, 0
	for _, t := range c.tokens {
		switch {
		case t.class&people != 0 && t.class&form != 0:
			others++
		case t.is != nobody || t.class&(evaluation|function|negation|light|form) == 0 || t.class&(people|outcome|turn) != 0:
			return false
		case t.class&evaluation != 0:
			judgements++
		case t.content() && t.class&negation == 0:
			others++
		}
	}
	return judgements > others && !(others > 0 && judgements < 2)
}
