package answer

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"

	"dogear/bot/library"
	"dogear/bot/search"
)

// judgement is how a sentence judges a book.
type judgement struct {
	praise, blame float64          // how much there is of each, 0 or more
	of            [aspects]float64 // of each aspect, praise less blame
	own           bool             // the reviewer speaks of themselves
	aboutBook     bool             // it names the book, or a part of its form
	words         int
}

// sign returns which way a judgement goes, from -1, all blame, to 1, all
// praise; 0 for one that judges nothing.
func (j judgement) sign() float64 {
	if j.praise+j.blame == 0 {
		return 0
	}
	return (j.praise - j.blame) / (j.praise + j.blame)
}

// decided is the sign from which on a judgement is praise; below its negative it
// is blame.
const decided = 0.34

// weighed is a word or a phrase of the polarity list.
type weighed struct {
	words  []string
	weight float64
	both   bool // praise and blame at once
}

//go:embed polarity.txt
var polarityList string

// polarity is the list by first word, the longest phrase first.
var polarity = sync.OnceValue(func() map[string][]weighed {
	list := map[string][]weighed{}
	for line := range strings.Lines(polarityList) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		number, both := strings.CutPrefix(fields[0], "~")
		weight, err := strconv.ParseFloat(number, 64)
		if err != nil {
			panic("answer: the polarity list has a line without a weight: " + fields[0])
		}
		for _, entry := range fields[1:] {
			w := strings.Split(entry, "_")
			list[w[0]] = append(list[w[0]], weighed{w, weight, both})
		}
	}
	for _, entries := range list {
		slices.SortStableFunc(entries, func(a, b weighed) int { return len(b.words) - len(a.words) })
	}
	return list
})

var (
	// myself are words by which reviewers speak of themselves.
	myself = words("i me my mine myself we us our")
	films  = words("film films movie movies adaptation adaptations tv screen")
)

// judge weighs what a sentence says of a book. A question judges nothing, and
// neither does what is said of another work, of a film, under an "if", or by
// others.
func judge(text string, book library.Book) judgement {
	list := terms(text, book)
	j := judgement{words: len(strings.Fields(text))}
	for _, t := range list {
		j.own = j.own || myself[t.text]
		j.aboutBook = j.aboutBook || t.aspect != none
	}
	if strings.HasSuffix(strings.TrimSpace(text), "?") || elsewhere(list, book) {
		return j
	}
	w := weigher{list: list}
	for _, c := range w.clauses() {
		j.praise += c.praise
		j.blame += c.blame
		for a, named := range c.aspects {
			if named {
				j.of[a] += c.praise - c.blame
			}
		}
	}
	return j
}

// elsewhere reports whether a sentence speaks of another work: of a film, or
// of what has a name of two words or more that is neither the book's title nor
// its author's.
func elsewhere(list []term, book library.Book) bool {
	author := search.Terms(book.Author)
	run := 0
	for i, t := range list {
		if films[t.text] {
			return true
		}
		switch {
		case t.pause != 0 || !t.capital && t.text != "of" && t.text != "the" && t.text != "and":
			run = 0
		}
		if t.capital && t.text != "i" && !slices.Contains(author, t.text) {
			run++
		}
		if run > 1 && t.capital && i > 0 {
			return true
		}
	}
	return false
}
