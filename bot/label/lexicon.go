package label

import (
	"embed"
	"strings"
	"sync"
)

// class says what a word of the general lexicon may be trusted with. A word
// can have several.
type class uint32

const (
	function   class = 1 << iota // grammar; asserts nothing
	negation                     // no, not, never …
	third                        // he, she, they and their forms
	evaluation                   // judges a work, or a reader's response to it
	form                         // a book's parts and form
	reading                      // what readers do
	writing                      // what authors do, and their prizes
	theme                        // what a book may be said to be about
	light                        // carries almost nothing
	narrating                    // what a narrator does in telling
	people                       // form words for those who are in the story
	outcome                      // form words for how a story ends
	endtone                      // how an ending feels, which tells how it comes out
	turn                         // form words for a surprise, which tell that there is one
	frequent                     // among the most frequent of all
	guess                        // guessing at who or what
	about                        // before a theme
	bio                          // of an author's life
	given                        // a word that is a given name too
	common                       // ordinary, in no other list
	everyday                     // the commonest of those
	rare                         // in the dictionary, and in no other list
	loose                        // settles a story in a short sentence, and nothing in a reviewer's own
	prize                        // winning, which is harmless where prizes are
	fate                         // death, escape and their like
	kin                          // family, and roles that name a character
	plot                         // asserts an event
)

// general is what may stand beside anything that is itself accounted for.
const general = function | evaluation | form | reading | light

// marks say something about a word beside what it may be trusted with.
const marks = frequent | guess | about | bio | given

// denied is what no opinion and no frame ever clears.
const denied = fate | kin | plot

//go:embed lexicon/*.txt
var lists embed.FS

// lexicon is the general word list, from surface form to classes.
var lexicon = sync.OnceValue(func() map[string]class {
	words := map[string]class{}
	for name, c := range map[string]class{
		"function": function, "negation": negation, "third": third, "evaluation": evaluation, "idiom": evaluation, "form": form,
		"reading": reading, "writing": writing, "theme": theme, "light": light, "narrating": narrating, "people": people,
		"outcome": outcome, "endtone": endtone, "turn": turn, "common": common, "everyday": everyday, "rare": rare,
		"loose": loose, "frequent": frequent, "guess": guess, "about": about, "bio": bio, "given": given, "prize": prize, "fate": fate, "kin": kin, "plot": plot, "phrasal": plot,
	} {
		data, err := lists.ReadFile("lexicon/" + name + ".txt")
		if err != nil {
			panic("label: a word list is missing from the program: " + name)
		}
		for line := range strings.Lines(string(data)) {
			if w := strings.TrimSpace(line); w != "" && w[0] != '#' {
				words[w] |= c
			}
		}
	}
	return words
})

// classOf returns the classes of a lower-case word; 0 for one that no list
// holds, which nothing clears. A word that stands in a list itself goes by
// that ("ending" is not "end"); another goes by the words of which it may be
// an inflection, and is denied where one of those is.
func classOf(w string) class {
	c := lexicon()[w] &^ marks
	if c == 0 {
		for _, base := range bases(w) {
			c |= lexicon()[base] &^ marks
		}
	}
	switch {
	case c&denied != 0:
		return c & denied
	case c&loose != 0:
		return loose
	case c == 0 && isNumber(w):
		return function
	case c == 0:
		// "reading21", as blogs number their posts.
		if bare := strings.TrimRight(w, "0123456789"); bare != w && bare != "" {
			return classOf(bare)
		}
	}
	return c
}

// marksOf returns what else the lists say of a lower-case word.
func marksOf(w string) class { return lexicon()[w] & marks }

// isNumber reports whether a word is a number with at most two letters after
// it: 2005, 1980s, 21st.
func isNumber(w string) bool {
	digits := 0
	for _, r := range w {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	// 1980s, 21st, 3rd
	return digits > 0 && len(w)-digits <= 2
}
