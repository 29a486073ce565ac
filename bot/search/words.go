package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/clipperhouse/uax29/v2/words"
	"golang.org/x/text/unicode/norm"
)

const (
	// longestWord is the length in bytes of the longest word that is looked at;
	// what is longer is an address or noise.
	longestWord = 64
	// mostTerms is how many terms a question may have, so that a question of
	// 10,000 characters costs no more than a long one.
	mostTerms = 64
)

// Terms returns the words of a text in order: in lower case, without accents,
// with a straight apostrophe where one stands inside a word. Numbers are words,
// emoji and punctuation are not. A text without words has nil.
func Terms(text string) []string {
	var terms []string
	eachWord(text, func(w string) { terms = append(terms, w) })
	return terms
}

// eachWord calls yield with every word of a text.
func eachWord(text string, yield func(string)) {
	for tokens := words.FromString(text); tokens.Next(); {
		token := tokens.Value()
		if r, size := utf8.DecodeRuneInString(token); size == len(token) && !wordly(r) {
			continue // a space or a mark, as every second token is
		}
		// UAX #29 keeps "end.Then" and "__bold__" together; reviews mean two
		// words by the one and stress by the other.
		for token != "" {
			part := token
			if i := strings.IndexAny(token, ".:_"); i >= 0 {
				part, token = token[:i], token[i+1:]
			} else {
				token = ""
			}
			if len(part) <= longestWord && strings.ContainsFunc(part, wordly) {
				yield(fold(part))
			}
		}
	}
}

func wordly(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// fold makes one spelling of the many that readers type: lower case, no
// accents, no soft hyphens, a straight apostrophe.
func fold(word string) string {
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			word = strings.Map(func(r rune) rune {
				switch {
				case r == '’' || r == 'ʼ':
					return '\''
				case r >= 0x300 && r < 0x370, unicode.Is(unicode.Cf, r):
					return -1
				}
				return unicode.ToLower(r)
			}, norm.NFKD.String(word))
			break
		}
	}
	return strings.ToLower(word)
}

// Stem returns the stem of a word as Terms gives it: "dies" and "dying" have
// the same one. The empty word has the empty stem.
func Stem(word string) string {
	if word == "" {
		return ""
	}
	env := snowballstem.NewEnv(word)
	english.Stem(env)
	return env.Current()
}

// Stop reports whether a word, as Terms gives it, is a function word, which
// neither a passage nor a question is found by.
func Stop(word string) bool {
	if bare, ok := strings.CutSuffix(word, "'s"); ok {
		word = bare
	}
	_, stop := stopWords[word]
	return stop
}

var stopWords = func() map[string]struct{} {
	set := make(map[string]struct{})
	for _, w := range strings.Fields(`
		a an the this that these those some any each every such both either neither
		i me my mine myself you your yours yourself he him his himself she her hers herself
		it its itself we us our ours ourselves they them their theirs themselves one
		anyone anybody anything everyone everybody everything someone somebody something
		who whom whose which what where when why how
		and or but nor so if then else than as because though although while whether
		of at by for with about against between into through to from in on upon off over under
		am is are was were be been being do does did doing done have has had having
		can could will would shall should may might must ought
		not no yes here there very too just also only even ever again still yet
		isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't can't cannot
		couldn't won't wouldn't shan't shouldn't mustn't ain't
		i'm you're we're they're i've you've we've they've i'd you'd he'd she'd we'd they'd
		i'll you'll he'll she'll it'll we'll they'll
		im ive dont doesnt didnt isnt wasnt cant wont please s t`) {
		set[w] = struct{}{}
	}
	return set
}()

// Words is what somebody looks for. It is made once for a question and serves
// both Search and Beyond. What was asked stands behind a pointer, as a question
// may spoil as much as an answer, and so does each term: %s of a struct that
// holds a pointer prints what it points to. The zero Words finds nothing.
type Words struct {
	p *asked
}

type asked struct {
	terms []*askedTerm // distinct, in the order in which they were asked
	total float64      // the sum of their weights
}

type askedTerm struct {
	stem   string
	weight float64 // its rarity, times what the asker gives for it
}

// WordsOf returns the words of a question but for its function words; one that
// has no others finds nothing. Of more than 64 it keeps the rarest.
func WordsOf(text string) Words { return Words{}.Plus(1, text) }

// Plus returns the same Words and those of text, each of which counts weight
// times as much as it would in a question. A word that is there already keeps
// the greater weight; a weight that is not positive and finite adds nothing.
func (w Words) Plus(weight float64, text string) Words {
	if !(weight > 0) || math.IsInf(weight, 1) {
		return w
	}
	var terms []*askedTerm
	if w.p != nil {
		terms = slices.Clone(w.p.terms)
	}
	place := make(map[string]int, len(terms))
	for i, t := range terms {
		place[t.stem] = i
	}
	seen := make(map[string]bool)
	eachWord(text, func(word string) {
		if seen[word] || Stop(word) {
			return
		}
		seen[word] = true
		stem := Stem(word)
		t := &askedTerm{stem, weight * Rarity(stem)}
		if i, ok := place[stem]; ok {
			if t.weight > terms[i].weight {
				terms[i] = t // and leave w's alone
			}
			return
		}
		place[stem] = len(terms)
		terms = append(terms, t)
	})
	terms = rarest(terms, mostTerms)
	total := 0.0
	for _, t := range terms {
		total += t.weight
	}
	return Words{&asked{terms, total}}
}

// IsZero reports whether the Words hold nothing to look for.
func (w Words) IsZero() bool { return w.p == nil || len(w.p.terms) == 0 }

// rarest keeps the n terms of the greatest weight, in the order in which they
// stand.
func rarest(terms []*askedTerm, n int) []*askedTerm {
	if len(terms) <= n {
		return terms
	}
	order := make([]int, len(terms))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(terms[b].weight, terms[a].weight) })
	order = order[:n]
	slices.Sort(order)
	kept := make([]*askedTerm, n)
	for i, at := range order {
		kept[i] = terms[at]
	}
	return kept
}
