package label

import (
	"slices"
	"strings"
)

// vetoed reports whether a sentence made of harmless words may all the same
// assert something about the plot, or about what never happens. Each veto is
// there because words of opinion, put together so, told an ending.
func (l *Labeller) vetoed(c clause, f frame) bool {
	return f.third ||
		f.odd > 0 && (f.odd > f.room() || f.denies || f.narrator || c.has(outcome|turn)) ||
		f.proper && !((f.author || f.formed) && c.marked(bio)) ||
		c.has(prize) && !f.author || // "Love won"
		c.has(outcome) && (c.has(endtone) || !f.mannered && !f.reviewer) || // "The ending is sad"
		c.has(turn) && (!c.has(negation) || c.has(reading)) || // "I did not see that twist coming"
		f.denies && (!f.formed || f.judgements == 0) || // "There is no hope", "No romance"
		f.narrator && c.narrates() ||
		l.tells(c, f.strong || f.steady) && !(f.author && c.marked(bio)) ||
		c.named() ||
		c.guesses() ||
		c.acts(f) ||
		c.thematic(f) && !(f.author && c.marked(bio)) ||
		c.equates(f) ||
		c.lets() ||
		c.subordinates(f.narrator)
}

// room returns how many ordinary words a sentence may hold.
func (f frame) room() int {
	if f.strong {
		return min(f.content/2, 3)
	}
	return f.content / 3
}

// marked reports whether some token has one of these marks.
func (c clause) marked(m class) bool { return c.any(func(t token) bool { return t.marks&m != 0 }) }

// tells reports whether a sentence holds a word that is loaded in this book, or
// one that is no word of opinion and that a fact is told with: "He never says
// the word copy". The commonest of those tell nothing in what the reviewer says
// of themselves.
func (l *Labeller) tells(c clause, reviewer bool) bool {
	plain := evaluation | form | reading | writing | light | everyday | negation | third | narrating
	if reviewer {
		plain |= loose
	}
	return c.any(func(t token) bool {
		return t.is == nobody && t.content() && (l.loaded[t.text] || l.telling[t.atom] && t.marks&frequent == 0 && t.class&plain == 0)
	})
}

// foreign reports whether a capital in mid-sentence names somebody or
// something that is not of this book, also where the name is a word: "Grace".
func foreign(t token) bool {
	return t.is == nobody && t.capital && !t.first && !slices.Contains(reviewers, t.text) && t.class&form == 0
}

// readOrBy reports whether the name at i, or the run of capitals that it ends,
// is what the reviewer read, or who it is by.
func readOrBy(tokens []token, i int) bool {
	for i > 0 && (foreign(tokens[i-1]) || tokens[i-1].class&function != 0 && tokens[i-1].text != "by" && i > 1 && foreign(tokens[i-2])) {
		i--
	}
	return i > 0 && slices.Contains([]string{"read", "reread", "rereading", "by", "like", "liked"}, tokens[i-1].text)
}

// named reports whether a sentence opens with a given name that is a word too,
// or is nothing else: "Will does not stay", "Prim".
func (c clause) named() bool {
	if len(c.tokens) == 0 || c.tokens[0].marks&given == 0 || !c.tokens[0].capital {
		return false
	}
	return len(c.tokens) == 1 || c.tokens[1].class&(function|negation) != 0 && !slices.Contains(reviewers, c.tokens[1].text)
}

// inStory reports whether a token means those who are in the story, or anybody
// at all.
func inStory(t token) bool { return t.class&people != 0 && !isReader(t) }

// guesses reports whether a sentence guesses at a person: "I never suspected
// the narrator", "I did not expect all ten to go".
func (c clause) guesses() bool {
	return c.marked(guess) && (c.any(inStory) || c.bare() || !c.any(ofForm) && !c.has(evaluation|light))
}

// bare reports whether "the one", "the two" or the like stands for somebody.
func (c clause) bare() bool {
	for i, t := range c.tokens {
		switch t.text {
		case "one", "ones", "two", "three", "both", "all", "ten", "other", "others", "favourite", "favorite":
			if i+1 == len(c.tokens) || c.tokens[i+1].class&(function|negation|light|reading) != 0 || c.tokens[i+1].pause {
				for _, before := range c.tokens[max(0, i-2):i] {
					if slices.Contains([]string{"the", "my", "all", "each"}, before.text) {
						return true
					}
				}
			}
		}
	}
	return false
}

// doing is what people of the story might do.
const doing = theme | reading | writing | light | everyday | common | rare | loose | plot

// acts reports whether people of the story may be doing something in a
// sentence: "The characters never love", "I cried for the two". In what the
// reviewer says of themselves, only what follows the people may be theirs.
func (c clause) acts(f frame) bool {
	if c.bare() && !f.formed {
		return true
	}
	at := slices.IndexFunc(c.tokens, inStory)
	if at < 0 || f.narrator || at > 0 && c.tokens[at-1].text == "your" {
		return false // "your narrator": advice to a writer
	}
	if !f.reviewer {
		return c.has(doing|negation) || f.judgements == 0
	}
	return slices.ContainsFunc(c.tokens[at+1:], func(t token) bool { return t.class&doing != 0 })
}

// verbs are those of the grammar.
var verbs = strings.Fields("is was are were be been being am has have had do does did can could will would shall should may might must it's that's there's isn't wasn't")

// thematic reports whether a theme stands where it may be what happens ("Love
// is not enough in this novel") and not what the book is about ("it asks about
// love and loss").
func (c clause) thematic(f frame) bool {
	// "Memory as Structure", "A novel of love and loss": nothing happens.
	if c.any(ofForm) && !c.any(func(t token) bool {
		return t.class&form == 0 && t.class&(light|reading|writing|negation|third|common|everyday|loose|rare) != 0 || slices.Contains(verbs, t.text)
	}) {
		return false
	}
	told := false
	for i, t := range c.tokens {
		if t.marks&about != 0 {
			told = true
		}
		if t.class&theme == 0 || t.class&(form|evaluation) != 0 || t.class&reading != 0 && (f.reviewer || f.reader) || t.hyphen || i+1 < len(c.tokens) && c.tokens[i+1].hyphen || i > 0 && slices.Contains(reviewers, c.tokens[i-1].text) {
			continue // "I love it" is no theme
		}
		if !told || c.has(negation) {
			return true
		}
		if i+1 < len(c.tokens) {
			next := c.tokens[i+1]
			joined := next.pause || next.class&(theme|evaluation|form) != 0 || slices.Contains([]string{"and", "or", "of", "in", "as", "with", "that", "which"}, next.text)
			if !joined {
				return true
			}
		}
	}
	return false
}

// equates reports whether a sentence says of a form word that it is another
// one, or nothing else: "It was only a story", "The two voices are one".
func (c clause) equates(f frame) bool {
	at := -1
	for i, t := range c.tokens {
		if slices.Contains([]string{"is", "was", "are", "were", "be", "it", "that"}, t.text) {
			at = i
		}
	}
	if at < 0 || at > 0 && c.tokens[at-1].text == "there" || c.any(func(t token) bool { return t.text == "this" }) || !f.formed || f.reviewer || f.reader {
		return false
	}
	predicate := 0
	for _, t := range c.tokens[at+1:] {
		switch {
		case !t.content() || t.class&negation != 0:
		case t.class&(evaluation|everyday|common|rare|loose|light) != 0 && t.class&form == 0:
			return false
		default:
			predicate++
		}
	}
	return predicate <= 1 && f.judgements == 0
}

// openers begin a clause within a sentence.
var openers = []string{"that", "how", "when", "who", "whose", "whom", "whether", "because", "why", "where", "until", "before", "after", "what", "while", "as", "if", "though", "although", "since"}

// subordinates reports whether a clause within a sentence may tell what
// happens: "I was glad that justice was done", "You watch as all is taken". One
// is let pass whose subject is the reviewer, a reader, the author, the book or
// its form, or that holds nothing but judgements.
func (c clause) subordinates(telling bool) bool {
	for i, t := range c.tokens {
		if i == 0 || i+1 == len(c.tokens) || t.idiom || !slices.Contains(openers, t.text) {
			continue
		}
		rest := c.tokens[i+1:]
		if t.text == "that" && t.pause {
			continue // "For me, that makes all the difference"
		}
		if t.text == "as" && (rest[0].text == "a" || rest[0].text == "an" || rest[0].class&evaluation != 0) {
			continue // "as a writer", "as elegant as it is"
		}
		end := len(rest)
		for j, r := range rest {
			if j > 0 && (r.pause || slices.Contains(openers, r.text)) {
				end = j
				break
			}
		}
		relative := t.text == "that" && rest[0].class&function != 0 && rest[0].class&third == 0 && !slices.Contains([]string{"the", "a", "an", "it", "all", "no"}, rest[0].text) ||
			slices.Contains([]string{"that", "which", "who"}, t.text) && (ofForm(c.tokens[i-1]) || isReader(c.tokens[i-1]) || c.tokens[i-1].class&evaluation != 0)
		if !safeClause(rest[:end], relative, telling) {
			return true
		}
	}
	return false
}

// safeClause reports whether a clause is about those who read and write, or
// the book, or judges and no more; one that is relative to a word of form may
// say a little more of that: "momentum that never came".
func safeClause(tokens []token, relative, telling bool) bool {
	judges, judged, equal := true, false, false
	for _, t := range tokens {
		judged = judged || t.class&(evaluation|endtone) != 0
		equal = equal || slices.Contains(verbs, t.text)
	}
	may := function | evaluation | form | negation
	if relative || slices.ContainsFunc(tokens[:min(2, len(tokens))], func(t token) bool { return t.text == "it" || t.text == "this" }) {
		may |= light | reading
	}
	if telling {
		may |= narrating
	}
	for i, t := range tokens {
		ours := slices.Contains(reviewers, t.text) || isReader(t) || t.is == author || ofForm(t)
		if ours && i < 4 && (judged || !equal || !ofForm(t)) {
			return true
		}
		judges = judges && t.class&may != 0 && t.class&(people|third|theme) == 0
	}
	return judges
}

// narrates reports whether what a narrator is said to do is more than to tell,
// and to tell it so: "Kathy recalls when she understood".
func (c clause) narrates() bool {
	if n := len(c.tokens); c.any(ofForm) && c.has(evaluation) && slices.ContainsFunc(c.tokens[max(0, n-2):], func(t token) bool { return t.is == inBook }) &&
		!slices.ContainsFunc(c.tokens[:max(0, n-2)], func(t token) bool { return t.is == inBook }) {
		return false // "The best of the book is Kathy herself"
	}
	told := false // the token before is what the narrator does
	return c.any(func(t token) bool {
		before := told
		told = t.class&narrating != 0
		return !(before && t.class == light) && t.class&(reading|writing|light|theme|outcome|turn|people) != 0 && t.class&(narrating|evaluation|form) == 0 ||
			slices.Contains(openers, t.text) || t.class&negation != 0 && t.class&function == 0 && !c.any(ofForm)
	})
}

// lets reports whether somebody is seen, or let, to do the last word of a
// sentence: "I was sad to see the school go".
func (c clause) lets() bool {
	last := c.tokens[len(c.tokens)-1]
	return last.class&(light|plot|outcome|loose) != 0 && slices.Contains([]string{"go", "fail", "end", "close", "leav", "come", "chang"}, last.stem) &&
		c.any(func(t token) bool {
			return slices.Contains([]string{"see", "watch", "let", "make", "have", "hear"}, t.stem)
		})
}
