package answer

import (
	"strings"
	"unicode/utf8"

	"dogear/bot/reply"
	"dogear/bot/search"
)

// aspect is what of a book a judgement is about.
type aspect int

const (
	none aspect = iota
	whole
	writing
	pace
	characters
	narration
	structure
	emotion
	ideas
	dialogue
	tension
	finish
	aspects int = iota
)

// phrase returns an aspect as it stands in the middle of a sentence; the zero
// Phrase for the book as a whole.
func (a aspect) phrase() reply.Phrase {
	switch a {
	case writing:
		return reply.Words("the writing")
	case pace:
		return reply.Words("the pace")
	case characters:
		return reply.Words("the characters")
	case narration:
		return reply.Words("the voice")
	case structure:
		return reply.Words("the structure")
	case emotion:
		return reply.Words("how it feels")
	case ideas:
		return reply.Words("the ideas")
	case dialogue:
		return reply.Words("the dialogue")
	case tension:
		return reply.Words("the tension")
	case finish:
		return reply.Words("the ending")
	}
	return reply.Phrase{}
}

// aspectStems finds an aspect by the stem of a word.
var aspectStems = func() map[string]aspect {
	stems := map[string]aspect{}
	for a, list := range map[aspect]string{
		whole:      "book novel story read reading title audiobook debut it",
		writing:    "prose write writes writing written style stylistically sentence language vocabulary metaphor imagery description paragraph",
		pace:       "pace pacing slow slowly fast drag dragged sag plod sluggish glacial overlong bored boring dull tedious plot momentum rushed meander",
		characters: "character characters cast protagonist hero heroine",
		narration:  "narrator narrate narration voice tone",
		structure:  "structure chapter part order timeline flashback scene arc",
		emotion:    "emotion emotional emotionally feel feeling felt moved moving cold coldness connect connected connection distance distant cry cried tears heart heartbreaking devastating melancholy atmosphere mood",
		ideas:      "idea premise concept theme question questions world setting message argument",
		dialogue:   "dialogue conversation",
		tension:    "tension suspense suspenseful twist",
		finish:     "ending finale conclusion epilogue",
	} {
		for w := range strings.FieldsSeq(list) {
			stems[search.Stem(w)] = a
		}
	}
	return stems
}()

func aspectOf(word string) aspect {
	if a, ok := aspectStems[word]; ok {
		return a
	}
	return aspectStems[search.Stem(word)]
}

func firstRune(s string) (rune, int) {
	return utf8.DecodeRuneInString(strings.TrimLeft(s, "\"'“‘([*_"))
}
