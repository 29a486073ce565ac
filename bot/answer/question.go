package answer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

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
	end    spoiler.Position // of the book
}

// Read understands a question about a book.
func Read(text string, book library.Book) Question {
	s := strings.Join(strings.Fields(strings.ToLower(strings.Map(plain, norm.NFKC.String(text)))), " ")
	q := Question{yesNo: yesNo(s), end: book.End()}
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
const nameRarity = 9

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
	if unicode.Is(unicode.Cf, r) {
		return ' '
	}
	return r
}

var (
	auxiliary = strings.Fields("is isn't are aren't was wasn't were weren't do don't does doesn't did didn't has hasn't have haven't had hadn't " +
		"can can't could couldn't will won't would wouldn't shall should shouldn't may might must am ain't doesnt didnt dont isnt wasnt cant wont d'you")
	asking = strings.Fields("what who whom whose which where when why how what's who's whats whos where's how's why's tell describe explain list")
	filler = strings.Fields("so and but ok okay hey hi hello please um well wait just btw then also dogear seriously")
	// doubts make a yes/no question of one that opens with a question word.
	doubts = strings.Fields("if whether odds likely chance chances else true confirm correct right")
)

// yesNo reports whether a question may be answered by a yes or a no. Only one
// that plainly asks for something else is not: it opens with a question word,
// and goes on with no doubt, no comma and no other question.
func yesNo(s string) bool {
	rest := strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	words := strings.Fields(rest)
	for len(words) > 0 && slices.Contains(filler, strings.Trim(words[0], ",.!")) {
		words = words[1:]
	}
	if len(words) == 0 || !slices.Contains(asking, words[0]) {
		return true
	}
	for i, w := range words[1:] {
		bare := strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
		switch {
		case slices.Contains(doubts, bare):
			return true
		case slices.Contains(auxiliary, bare) && i > 2 && words[0] == "tell", words[0] == "tell" && i < 3 && slices.Contains(auxiliary, bare):
			return true
		case strings.ContainsAny(w, ",;") && i == 0, strings.ContainsAny(w, ".?!;") && i+2 < len(words):
			return true // "what, he dies?", "why? does he die?"
		}
	}
	return strings.HasSuffix(rest, " or not") || strings.HasSuffix(rest, " what")
}

var (
	onChapter   = regexp.MustCompile(`\b(?:i'?m|i am|we'?re|we are|currently|only|just|^on|^at|^in|[,.:;] ?on|[,.:;] ?at)\s*(?:only |just |still |currently |now |reading |starting |begun |up to |at |on |in |into |between |halfway through |midway through )*(?:the )?(?:ch(?:apter|ap)?s?\.?\s*|#)(\d{1,4})\b`)
	hereChapter = regexp.MustCompile(`^ch(?:apter|ap)?\.?\s*(\d{1,4})(?: here|[:,])`)
	doneChapter = regexp.MustCompile(`\b(?:i |i'?ve |i have |we |we'?ve |just |having |not |n'?t |never |yet |i'?m |only |and |spoil\w* )+(?:just |only |yet |been )*(?:finished|completed|read|done with|through|past|after|got to|gotten to|reached)\s+(?:up to |until |through |to |the first |chapters? 1 (?:to|through) |1-)*(?:ch(?:apter|ap)?s?\.?\s*)(\d{1,4})\b`)
	nthChapter  = regexp.MustCompile(`\b(?:i'?m|i am)\s+(?:only |just |still )*(?:on|in|at|reading)\s+(?:the )?(\d{1,4})(?:st|nd|rd|th) chapter\b`)
	firstN      = regexp.MustCompile(`\b(?:read|finished)\s+(?:only |just )*(?:the )?(?:first )?(\d{1,4}) chapters?\b`)
	percent     = regexp.MustCompile(`\b(?:i'?m|i am)\s+(?:only |just |about |at |around )*(\d{1,3})\s*(?:%|percent)`)
	page        = regexp.MustCompile(`\b(?:i'?m|i am)\s+(?:only |just |still )*(?:on|at|up to)\s+(?:page|p\.?|pg\.?)\s*(\d{1,5})\b`)
	notStarted  = regexp.MustCompile(`\b(?:(?:have\s?n'?t|have not|not|never|haven't even|havent even)\s+(?:yet )?(?:even )?(?:started|begun|read|opened|picked (?:it|this) up)(?: (?:it|this|yet|the book|the novel)\b|[.,;:?!]|$)|(?:about|going|yet) to (?:start|read|begin)|before i (?:start|read|begin)|i (?:only |have |'ve )*just (?:started|begun)|at the (?:very )?(?:beginning|start)\b)`)
	finishedAll = regexp.MustCompile(`\b(?:i'?ve |i have |i |we )?(?:just )?(?:finished|completed|done with) (?:it|this|the (?:whole )?(?:book|novel)|reading)\b`)
	denied      = regexp.MustCompile(`\b(?:not|never|yet to)\b|n'?t\b`)
	partOnly    = regexp.MustCompile(`\b(?:only |just )?(?:read|finished|done with|through|in|on) part (one|two|three|four|five|\d)\b`)
	numberWord  = regexp.MustCompile(`\b(ch(?:apter|ap)?\.?) (one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty)\b`)
)

var numberWords = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty")

// stated finds the place that a reader names in passing, and returns the
// question without it. "On chapter 9" is in the middle of it, so eight are
// finished; rounding down is the safe side.
func stated(s string, book library.Book) (rest string, at spoiler.Position, ok bool) {
	end := book.End()
	at = end
	s = numberWord.ReplaceAllStringFunc(s, func(m string) string {
		ch, word, _ := strings.Cut(m, " ")
		return ch + " " + strconv.Itoa(slices.Index(numberWords, word))
	})
	rest = s
	take := func(re *regexp.Regexp, place func(n int) spoiler.Position) {
		for _, m := range re.FindAllStringSubmatch(s, -1) {
			n := 0
			if len(m) > 1 {
				n, _ = strconv.Atoi(m[1])
			}
			if re != notStarted && denied.MatchString(m[0]) {
				n-- // "I'm not done with chapter 3"
			}
			at, ok = min(at, max(place(n), 0)), true
			rest = strings.ReplaceAll(rest, m[0], " ")
		}
	}
	reading := func(n int) spoiler.Position { return spoiler.Position(n - 1) }
	done := func(n int) spoiler.Position { return spoiler.Position(n) }
	take(onChapter, reading)
	take(hereChapter, reading)
	take(nthChapter, reading)
	take(doneChapter, done)
	take(firstN, done)
	take(percent, func(n int) spoiler.Position { return spoiler.Position(n) * end / 100 })
	take(page, func(n int) spoiler.Position {
		at, _, _ := library.Lowest(book.EditionsCalled("", library.Pages), n) // a page that no edition has is the start
		return at
	})
	for _, m := range partOnly.FindAllStringSubmatch(s, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			n = slices.Index(numberWords, m[1])
		}
		// Somebody in a part has finished the parts before it for sure.
		done := 0
		for _, part := range book.Outline[:min(max(n-1, 0), len(book.Outline))] {
			done += part.Chapters
		}
		at, ok = min(at, spoiler.Position(done)), true
		rest = strings.ReplaceAll(rest, m[0], " ")
	}
	take(finishedAll, func(int) spoiler.Position { return end })
	take(notStarted, func(int) spoiler.Position { return 0 })
	return rest, at, ok
}

// withoutTitle takes the book's own title out of a question, whose words say
// nothing about what is asked.
func withoutTitle(s string, book library.Book) string {
	padded := " " + strings.Join(search.Terms(s), " ") + " "
	for _, t := range append([]string{book.Title}, book.Also...) {
		if !search.WordsOf(t).IsZero() {
			padded = strings.ReplaceAll(padded, " "+strings.Join(search.Terms(t), " ")+" ", " ")
		}
	}
	return padded
}
