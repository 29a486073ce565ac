package answer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dogear/bot/library"
	"dogear/bot/search"
	"dogear/bot/spoiler"
)

// Question is what a reader asked, as far as it could be understood. It is
// never echoed.
type Question struct {
	words  search.Words
	intent intent
	yesNo  bool
	stated bool
	at     spoiler.Position
}

// Read understands a question about a book.
func Read(text string, book library.Book) Question {
	s := strings.Join(strings.Fields(strings.ToLower(strings.Map(plain, text))), " ")
	q := Question{yesNo: yesNo(s)}
	s, q.at, q.stated = stated(s, book)
	s = withoutTitle(s, book)
	q.intent = intentOf(s, search.Terms(book.Author))
	q.words = wordsOf(s)
	return q
}

// wordsOf returns what to look for. A name is rare in the table of words and
// common in what a club holds, so it counts half; what means the same as a
// word that was asked counts a little.
func wordsOf(s string) search.Words {
	words := search.Words{}
	for _, w := range search.Terms(s) {
		weight := 1.0
		if search.Rarity(search.Stem(w)) > nameRarity {
			weight = 0.5
		}
		words = words.Plus(weight, w)
	}
	return words.Plus(0.2, alike(s))
}

// nameRarity is the rarity above which a word is taken for a name.
const nameRarity = 10.5

// YesNo reports whether the question can be answered yes or no. Two covered
// lines under it would be an answer.
func (q Question) YesNo() bool { return q.yesNo }

// Stated returns the place that the reader named in the question, and whether
// they named one: "i'm on ch 9" is eight chapters finished.
func (q Question) Stated() (spoiler.Position, bool) { return q.at, q.stated }

func plain(r rune) rune {
	switch r {
	case '’', '‘', 'ʼ':
		return '\''
	}
	return r
}

var (
	auxiliary = strings.Fields("is isn't are aren't was wasn't were weren't do don't does doesn't did didn't has hasn't have haven't had hadn't " +
		"can can't could couldn't will won't would wouldn't shall should shouldn't may might must am ain't doesnt didnt dont isnt wont cant")
	asking = strings.Fields("what who whom whose which where when why how what's who's whats whos tell describe explain list")
	filler = strings.Fields("so and but ok okay hey hi hello please um well wait just btw then also dogear actually seriously no yes " +
		"quick question spoiler spoilers alert warning without spoiling anything omg lol")
)

// yesNo reports whether a question asks for a yes or a no: it opens with an
// auxiliary, ends in a tag ("right?", "or not?"), or is a statement that ends
// in a question mark, with no question word in it.
func yesNo(s string) bool {
	open := strings.ContainsRune(s, '?')
	found := false
	for _, clause := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(".!?;,:—–\n", r) }) {
		words := strings.Fields(clause)
		for len(words) > 0 && slices.Contains(filler, words[0]) {
			words = words[1:]
		}
		if len(words) == 0 {
			continue
		}
		if slices.Contains(auxiliary, words[0]) || strings.Contains(clause, "whether") || strings.HasSuffix(clause, "or not") ||
			slices.ContainsFunc([]string{" if he ", " if she ", " if they ", " if it ", " true that ", "is it true"}, func(p string) bool { return strings.Contains(" "+clause+" ", p) }) {
			return true
		}
		found = found || slices.ContainsFunc(words, func(w string) bool { return slices.Contains(asking, w) })
	}
	return open && !found
}

var (
	onChapter   = regexp.MustCompile(`\b(?:i'?m|i am|we'?re|we are|currently|only|just)\s+(?:only |just |still |currently |now )*(?:reading |starting |begun |up to |at |on |in |into |halfway through |midway through )+(?:the )?(?:ch(?:apter|ap)?s?\.?\s*|#)(\d{1,4})\b`)
	doneChapter = regexp.MustCompile(`\b(?:finished|completed|read|done with|through|past|after)\s+(?:up to |until |through |to |the first |chapters? 1 (?:to|through) |1-)*(?:ch(?:apter|ap)?s?\.?\s*)(\d{1,4})\b`)
	nthChapter  = regexp.MustCompile(`\b(?:i'?m|i am)\s+(?:only |just |still )*(?:on|in|at|reading)\s+(?:the )?(\d{1,4})(?:st|nd|rd|th) chapter\b`)
	firstN      = regexp.MustCompile(`\b(?:read|finished)\s+(?:only |just )*(?:the )?(?:first )?(\d{1,4}) chapters?\b`)
	percent     = regexp.MustCompile(`\b(?:i'?m|i am)\s+(?:only |just |about |at |around )*(\d{1,3})\s*(?:%|percent)`)
	page        = regexp.MustCompile(`\b(?:i'?m|i am)\s+(?:only |just |still )*(?:on|at|up to)\s+(?:page|p\.?|pg\.?)\s*(\d{1,5})\b`)
	notStarted  = regexp.MustCompile(`\b(?:(?:have\s?n'?t|have not|not|never|haven't even|havent even)\s+(?:yet )?(?:even )?(?:started|begun|read|opened|picked (?:it|this) up)|(?:about|going|yet) to (?:start|read|begin)|before i (?:start|read|begin)|didn'?t (?:start|read))\b`)
	finishedAll = regexp.MustCompile(`\b(?:i'?ve |i have |i |we )?(?:just )?(?:finished|completed|done with) (?:it|this|the (?:whole )?(?:book|novel)|reading)\b`)
)

// stated finds the place that a reader names in passing, and returns the
// question without it. "On chapter 9" is in the middle of it, so eight are
// finished; rounding down is the safe side.
func stated(s string, book library.Book) (rest string, at spoiler.Position, ok bool) {
	end := book.End()
	at = end
	rest = s
	take := func(re *regexp.Regexp, place func(n int) spoiler.Position) {
		for _, m := range re.FindAllStringSubmatch(s, -1) {
			n := 0
			if len(m) > 1 {
				n, _ = strconv.Atoi(m[1])
			}
			at, ok = min(at, max(place(n), 0)), true
			rest = strings.ReplaceAll(rest, m[0], " ")
		}
	}
	reading := func(n int) spoiler.Position { return spoiler.Position(n - 1) }
	done := func(n int) spoiler.Position { return spoiler.Position(n) }
	take(onChapter, reading)
	take(nthChapter, reading)
	take(doneChapter, done)
	take(firstN, done)
	take(percent, func(n int) spoiler.Position { return spoiler.Position(n) * end / 100 })
	if len(book.Editions) > 0 {
		take(page, func(n int) spoiler.Position { return book.Editions[0].At(n) })
	} else {
		take(page, func(int) spoiler.Position { return 0 })
	}
	take(finishedAll, func(int) spoiler.Position { return end })
	take(notStarted, func(int) spoiler.Position { return 0 })
	return rest, at, ok
}

// withoutTitle takes the book's own title out of a question, whose words say
// nothing about what is asked.
func withoutTitle(s string, book library.Book) string {
	for _, t := range append([]string{book.Title}, book.Also...) {
		s = strings.ReplaceAll(s, strings.ToLower(t), " ")
	}
	return s
}
