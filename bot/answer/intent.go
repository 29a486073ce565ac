package answer

import (
	"slices"
	"strings"

	"dogear/bot/library"
	"dogear/bot/search"
)

// intent is the kind of a question, where it is one that readers ask of every
// book.
type intent int

const (
	plot   intent = iota // anything else: about what the book tells
	about                // what is it about?
	worth                // is it worth reading?
	liked                // did people like it?
	manner               // how is it written?
	mood                 // how does it feel to read?
	ending               // how does it end?
)

// cues are what gives a question's intent away, by whole words; the first that
// fits counts.
var cues = []struct {
	intent intent
	any    []string
}{
	{ending, []string{"end", "ends", "ending", "finale", "conclusion", "epilogue"}},
	{worth, []string{"worth", "should i read", "should i start", "should we read", "recommend", "recommended", "good read", "bother", "good book", "any good", "is it good", "why read", "who is it for", "who should read"}},
	{liked, []string{"like it", "liked it", "like the book", "like this", "love it", "enjoy", "enjoyed", "opinion", "opinions", "think of it", "think of this", "think about it", "think of the book", "thought of", "reviews say", "reviewers say", "reviewers think", "readers think", "people think", "people say", "readers say", "rating", "ratings", "favourite", "hate it", "reception", "reactions", "disappointed", "disappointing", "overrated"}},
	{manner, []string{"prose", "style", "writing", "written", "pacing", "pace", "slow", "fast", "narration", "narrator", "structure", "tone", "voice", "hard to read", "difficult", "easy to read", "language", "plot driven", "plot-driven"}},
	{mood, []string{"sad", "depressing", "happy", "mood", "feel", "feeling", "atmosphere", "scary", "dark", "bleak", "cry", "emotional", "heavy", "moving", "upsetting"}},
	{about, []string{"about", "premise", "synopsis", "summary", "summarise", "summarize", "blurb", "set in", "setting", "set", "genre", "kind of book", "what kind", "what sort", "story"}},
}

// generic are words of such questions that name nothing in the book.
var generic = strings.Fields("book novel story read reading really actually main plot kind sort like get getting give tell say said know want wonder overall generally spoil spoiler spoilers " +
	"make made will lot much many bit quite anyone anybody someone people reader readers reviewer reviewers reviews club think find thing things way good bad start finish dogear author " +
	"explain describe point short brief quick without message theme themes")

// intentOf returns the intent of a question. One that asks for something in
// the book by name or noun is about the plot, whatever else it says: "why is
// she sad?" is not "is it sad?".
func intentOf(s string, names []string) intent {
	padded := " " + strings.Join(search.Terms(s), " ") + " "
	for _, c := range cues {
		for _, cue := range c.any {
			if !strings.Contains(padded, " "+cue+" ") {
				continue
			}
			if c.intent == worth || c.intent == liked || c.intent == ending || !leftover(strings.ReplaceAll(padded, " "+cue+" ", "  "), c.any, names) {
				return c.intent
			}
		}
	}
	return plot
}

// leftover reports whether a question holds a word that is neither grammar,
// nor generic, nor a cue, nor the author's name.
func leftover(s string, cues, names []string) bool {
	for _, w := range strings.Fields(s) {
		switch {
		case w == "he", w == "she", w == "they", w == "him", w == "her", w == "them":
			return true
		case search.Stop(w), slices.Contains(generic, w), slices.Contains(cues, w), slices.Contains(names, w):
		default:
			return true
		}
	}
	return false
}

// lexis holds the words by which reviewers say what such a question asks for.
var lexis = map[intent]search.Words{
	worth:  search.WordsOf("recommend worth regret important enjoy enjoyed admire satisfy patient looking interested elsewhere"),
	liked:  search.WordsOf("enjoyed loved love liked admire disappointed frustrating unsatisfied absorbed cold connect impressed bored favourite recommend"),
	manner: search.WordsOf("prose writing style pacing narration structure restrained precise sentence voice slow tone plain quiet narrative"),
	mood:   search.WordsOf("sad melancholy haunting quiet devastating disturbing heavy emotional atmosphere loss happy bleak tension calm"),
	about:  search.WordsOf("story follows novel about looks back childhood narrator unfolds set explores book tells boarding school memory"),
}

// fits reports whether a sentence may answer a question of this kind, other
// than in the question's own words: what the book tells is what the premise
// and the ledger know of, all else is said in opinions.
func (i intent) fits(s library.Sentence) bool {
	switch i {
	case plot, ending:
		return true
	case about:
		return has(s, library.ByPremise, library.ByLedger)
	default:
		return has(s, library.ByOpinion, library.ByFrame)
	}
}

// ownVoice reports whether reviewers speak of themselves in a text: whether
// people liked a book is for them to say.
func ownVoice(text string) bool {
	return slices.ContainsFunc(search.Terms(text), func(w string) bool {
		return w == "i" || w == "me" || w == "my" || strings.HasPrefix(w, "i'")
	})
}

// synonyms join what readers call the same thing.
var synonyms = map[string]string{
	"die": "dies died death dead", "dies": "die died death dead", "died": "die dies death dead", "dead": "die dies death", "death": "die dies died",
	"escape": "escapes run flee", "kill": "die death", "survive": "die dies survives", "survives": "die dies survive",
	"end": "ending ends", "ending": "end ends", "couple": "together love", "cry": "weep tears crying weeps", "weep": "cry tears",
}

// alike returns further words for those in a question.
func alike(s string) string {
	var more []string
	for _, w := range search.Terms(s) {
		more = append(more, synonyms[w])
	}
	return strings.Join(more, " ")
}

// has reports whether one of these layers gave evidence for a label.
func has(s library.Sentence, layers ...library.Layer) bool {
	return slices.ContainsFunc(s.Because, func(e library.Evidence) bool { return slices.Contains(layers, e.Layer) })
}
