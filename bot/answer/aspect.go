package answer

import (
	"strings"

	"dogear/bot/reply"
)

// aspect is what of a book a judgement is about.
type aspect int

// The aspects. A word that names none has none; the whole is the book itself.
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

// aspectWords finds an aspect by a word. It is by word and not by stem, for
// speed: every word of every visible sentence is looked up.
var aspectWords = func() map[string]aspect {
	all := map[string]aspect{}
	for a, list := range [aspects]string{
		whole:      "book novel story stories read reads reading reread title audiobook debut it",
		writing:    "prose write writes writing written style stylistically sentence language vocabulary metaphor imagery description paragraph",
		pace:       "pace paced pacing slow slowly slowness fast drag dragged dragging sag sagged plod plodding sluggish glacial overlong bored boring boredom dull tedious plot momentum rushed meander meandering",
		characters: "character cast protagonist hero heroine",
		narration:  "narrator narrate narrated narration voice tone",
		structure:  "structure structured chapter part order timeline flashback scene arc",
		emotion:    "emotion emotional emotionally moved moving cold coldness connect connected connection distance distant cry cried crying tears heart heartbreaking devastating devastatingly melancholy atmosphere mood",
		ideas:      "idea premise concept theme question world setting message argument",
		dialogue:   "dialogue conversation",
		tension:    "tension suspense suspenseful twist",
		finish:     "ending finale conclusion epilogue",
	} {
		for w := range strings.FieldsSeq(list) {
			all[w] = aspect(a)
		}
	}
	return all
}()

// aspectOf returns the aspect that a word names, or its plural.
func aspectOf(word string) aspect {
	if a, ok := aspectWords[word]; ok {
		return a
	}
	return aspectWords[strings.TrimSuffix(word, "s")]
}
