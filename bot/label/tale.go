package label

import (
	"slices"
	"strings"

	"dogear/bot/library"
)

// tale is what a sentence says of whom.
type tale struct {
	deeds []deed
	names map[atom]bool // whom it names, also by a pronoun, and where; false for a place that it says nothing of
	lives bool          // it names somebody
	rides []string      // its small words that may add a fact: "for others"
}

// deed is a word that a sentence says of somebody.
type deed struct {
	atom    atom
	denied  bool
	judges  bool   // it is an opinion, of which the premise knows nothing
	of      []atom // whose it is: the subject of its clause; nil where nobody is named
	before  atom   // who is named after it in the same breath: "a French girl, Adèle"; empty if nobody
	aside   string // the preposition that parts it from any subject: "sent to a harsh school"; empty if none does
	acts    bool   // if anything is done, the subject does it: "she sends"
	suffers bool   // it is done to the subject: "she is sent"
}

// asides put what follows them apart from the subject.
var asides = strings.Fields("at in on to from by for about into through among under between beyond during than beneath from")

// relatives go on about the name before them.
var relatives = strings.Fields("who which that where")

// nominative are the pronouns of a subject.
var nominative = strings.Fields("she he they she's he's they're she'd he'd they'd she'll he'll they'll they've")

// articles open a noun phrase.
var articles = strings.Fields("a an the her his their my our this these")

// tale reads who does what in a sentence. It knows no grammar: whatever is
// said is said of the subject named last, and a word after a preposition of
// nobody. The same reading of the premise and of a sentence is what counts: a
// sentence that puts the same things otherwise stays covered.
func (l *Labeller) tale(c clause) tale {
	out := tale{names: map[atom]bool{}}
	var subject, first []atom
	object, joins, passive, phrase, aside := false, false, false, 0, ""
	for i, t := range c.tokens {
		if t.pause && !t.content() {
			aside = ""
		}
		if slices.Contains(riders, t.text) {
			out.rides = append(out.rides, t.text)
		}
		switch {
		case t.is == inBook:
			place := l.book.Names[t.name].Kind == library.Place
			out.lives = out.lives || !place
			out.names[t.atom] = out.names[t.atom] || !place
			for j := phrase; j < len(out.deeds) && (t.pause || !place); j++ {
				out.deeds[j].before = t.atom
			}
			object = (object || t.owner) && !apposed(c.tokens[i+1:])
			switch {
			case object:
			case joins:
				subject = append(slices.Clone(subject), t.atom)
			default:
				if subject == nil && aside == "" {
					first = []atom{t.atom}
				}
				subject, aside = []atom{t.atom}, ""
			}
			joins = !object
			phrase = len(out.deeds)
			continue
		case t.class&third != 0:
			who := l.meant(c.tokens[:i], t)
			for _, a := range who {
				out.names[a] = true
			}
			if slices.Contains(nominative, t.text) {
				if subject == nil && aside == "" {
					first = who
				}
				subject, aside = who, ""
			}
		case slices.Contains(asides, t.text):
			aside = t.text
		case t.text == "as" || t.text == "with":
			aside = ""
		case t.is == nobody && t.content():
			past := strings.HasSuffix(t.text, "ed") || irregular[t.text] != ""
			passive = past && (passive || i+1 < len(c.tokens) && c.tokens[i+1].text == "by" ||
				slices.ContainsFunc(c.tokens[max(0, i-2):i], func(t token) bool { return slices.Contains(verbs, t.text) }))
			out.deeds = append(out.deeds, deed{atom: t.atom, denied: t.class&denied != 0, judges: l.judged(t), of: subject, aside: aside, acts: !past, suffers: passive})
			joins, object = false, false
			continue
		}
		joins = joins && t.text == "and"
		object = slices.Contains(asides, t.text) || t.text == "with" || t.text == "of" || object && (t.text == "and" || slices.Contains(articles, t.text))
		if t.text != "and" {
			passive = false
		}
		switch {
		case slices.Contains(articles, t.text):
			phrase = len(out.deeds)
		case t.text != "and":
			phrase = len(out.deeds) + 1 // no phrase is open
		}
	}
	for i, d := range out.deeds {
		if d.of == nil && d.aside == "" {
			out.deeds[i].of = first // what stands before the first name is said of that
		}
		if d.before != "" {
			out.names[d.before] = true
		}
		for _, a := range out.deeds[i].of {
			out.names[a] = true
		}
	}
	return out
}

// apposed reports whether what follows a name goes on about it: "Lowood, a
// school", "Lowood is".
func apposed(rest []token) bool {
	return len(rest) > 0 && (rest[0].pause && slices.Contains(articles, rest[0].text) || slices.Contains(verbs, rest[0].text) || slices.Contains(relatives, rest[0].text))
}

// meant returns who a third-person pronoun may mean: whoever of a fitting name
// stands before it, or else the narrator.
func (l *Labeller) meant(before []token, p token) []atom {
	var out []atom
	for _, t := range before {
		if t.is == inBook && pronounOf(l.book.Names[t.name]) == p.atom && !slices.Contains(out, t.atom) {
			out = append(out, t.atom)
		}
	}
	if out != nil {
		return out
	}
	for i, n := range l.book.Names {
		if n.Narrator && pronounOf(n) == p.atom {
			return []atom{l.nameAtom(i)}
		}
	}
	return nil
}

// tells reports whether a line of the premise tells what a sentence does, of
// the same people and places.
func (line tale) tells(sentence tale) bool {
	for a, told := range sentence.names {
		if _, named := line.names[a]; told && !named {
			return false
		}
	}
	for _, w := range sentence.rides {
		if sentence.lives && !slices.Contains(line.rides, w) {
			return false
		}
	}
	found, all := map[atom]bool{}, map[atom]bool{}
	for _, d := range sentence.deeds {
		if d.judges && !sentence.lives {
			continue
		}
		all[d.atom] = true
		switch {
		case slices.ContainsFunc(line.deeds, func(e deed) bool { return d.within(e, len(sentence.names) > 0) }):
			found[d.atom] = true
		case len(sentence.names) > 0 || d.denied:
			return false
		}
	}
	return float64(len(found)) >= premiseShare*float64(len(all))
}

// within reports whether a deed of a sentence is a deed e of the premise, by
// the same people.
func (d deed) within(e deed, lives bool) bool {
	if d.atom != e.atom || e.suffers && !d.suffers || d.suffers && e.acts {
		return false
	}
	if d.aside == "for" && e.aside != "for" {
		return false // what something is for is another fact
	}
	if d.aside != "" || !lives {
		return true
	}
	said := func(who []atom) bool {
		return e.before != "" && slices.Equal(who, []atom{e.before}) || e.aside == "" && len(who) > 0 && !slices.ContainsFunc(who, func(a atom) bool { return !slices.Contains(e.of, a) })
	}
	return said(d.of) || d.before != "" && said([]atom{d.before})
}
