package label

import "slices"

// pointers open a sentence that means what the one before it said.
var pointers = []string{"it", "this", "that", "these", "those", "such", "another", "both"}

// bookish are the stems of predicates that only a book takes, so that "it"
// before one of them means the book.
var bookish = stems("ask", "read", "explore", "examine", "evoke")

// readerly are the stems of those that only a book takes when they are done to
// a reader: "it stays with you".
var readerly = stems("stay", "linger", "leave", "make", "remind", "invite", "move", "challenge", "haunt", "give", "offer", "keep", "draw", "pull")

// offered are the stems of what readers will do with a book: "you'll love this".
var offered = stems("read", "reread", "love", "like", "enjoy")

func stems(words ...string) []string {
	for i, w := range words {
		words[i] = stem(w)
	}
	return words
}

// leans reports whether a sentence means what the one before it said: it opens
// with a pronoun that nothing inside it resolves, or ends with one.
func (c clause) leans() bool { return c.opensWithPointer() || c.pointsBack() }

// pointsBack reports whether a clause of a sentence ends with a pointer, which
// has no noun after it to mean: "You have every right to be angry about that."
// After a clause about the author it means what they did, and "this" that a
// reader is told to read is the book. "It" is the book too often to be one.
func (c clause) pointsBack() bool {
	named, told := false, false
	for i, t := range c.tokens {
		named, told = named || t.is == author, told || named && t.pause
		if i == 0 || told || !slices.Contains(pointers[1:5], t.text) ||
			t.text == "this" && slices.Contains(offered, c.tokens[i-1].stem) && c.any(isReader) {
			continue
		}
		if i+1 == len(c.tokens) || c.tokens[i+1].pause || slices.Contains(joints, c.tokens[i+1].text) {
			return true
		}
	}
	return false
}

// opensWithPointer reports whether a sentence opens with a pronoun that nothing
// inside it resolves.
func (c clause) opensWithPointer() bool {
	i := 0
	for i < len(c.tokens) && slices.Contains([]string{"and", "but", "so", "yet", "or", "because", "again", "then", "still", "even"}, c.tokens[i].text) {
		i++
	}
	if i == len(c.tokens) {
		return false
	}
	opener := c.tokens[i]
	if opener.class&third != 0 {
		return true
	}
	if !slices.Contains(pointers, opener.text) {
		return false
	}
	rest := c.tokens[i+1:]
	if opener.text != "it" && slices.ContainsFunc(rest[:min(3, len(rest))], ofForm) {
		return false // "This restrained style": the noun says what is meant
	}
	return !readerlyPredicate(rest)
}

// ofForm reports whether a token means the book or a part of its form.
func ofForm(t token) bool {
	return t.is == theBook || t.class&form != 0 && t.class&(people|outcome|turn) == 0
}

// book reports whether a sentence opens with "it" and goes on with what can
// only be said of a book.
func (c clause) book() bool {
	return len(c.tokens) > 1 && c.tokens[0].text == "it" && readerlyPredicate(c.tokens[1:])
}

// readerlyPredicate reports whether what follows "it" can only be said of a
// book: it is one ("it is a slow novel"), or it does what only books do to
// their readers ("it stays with you").
func readerlyPredicate(rest []token) bool {
	for i, t := range rest {
		switch {
		case ofForm(t):
			return true
		case slices.Contains(bookish, t.stem):
			return true
		case slices.Contains(readerly, t.stem):
			return slices.ContainsFunc(rest[i+1:min(i+4, len(rest))], func(t token) bool {
				return slices.Contains(reviewers, t.text) || slices.Contains(readers, t.text)
			})
		case i > 6 || t.class&(function|evaluation|light|negation) == 0:
			// Anything else between the two: it may be said of anything.
			return false
		}
	}
	return false
}
