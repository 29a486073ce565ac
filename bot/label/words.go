package label

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// word is one word of a sentence.
type word struct {
	text    string // lower case, straight apostrophes
	stem    string
	capital bool // begins with a capital
	first   bool // begins the sentence, so that its capital says nothing
	hyphen  bool // a hyphen joins it to the word before
	pause   bool // a comma, a colon or the like stands before it
	owner   bool // a possessive 's is cut from it
}

// splitWords returns the words of a sentence in order. A hyphen separates two
// words; an apostrophe stays inside one, but a possessive 's goes.
func splitWords(text string) []word {
	var out []word
	first, hyphen, pause := true, false, false
	add := func(s string) {
		s = strings.Trim(s, "'")
		s, owner := strings.CutSuffix(s, "'s")
		if s == "" {
			return
		}
		r, _ := utf8.DecodeRuneInString(s)
		low := strings.ToLower(s)
		out = append(out, word{
			text: low, stem: stem(low), capital: unicode.IsUpper(r), first: first, hyphen: hyphen, pause: pause, owner: owner,
		})
		first, hyphen, pause = false, false, false
	}
	start := -1
	flat := strings.Map(straight, text)
	for i, r := range flat {
		inside := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '\''
		switch {
		case inside && start < 0:
			start = i
		case !inside && start >= 0:
			add(flat[start:i])
			start = -1
		}
		switch r {
		case ',', ';', ':', '(', ')', '—', '–', '.', '!', '?':
			pause = len(out) > 0
		}
		switch r {
		case '-', '\u2010', '\u2011':
			hyphen = i > 0 && len(out) > 0
		case '.', '!', '?', ':', '"', '“', '”':
			// A capital after a full stop inside a sentence (a heading
			// before a colon, a quoted sentence) says nothing either.
			first = true
		default:
			hyphen = hyphen && inside
		}
	}
	if start >= 0 {
		add(flat[start:])
	}
	if titleCase(out) {
		for i := range out {
			out[i].first = true
		}
	}
	return out
}

// titleCase reports whether a text is written as headings are, so that its
// capitals say nothing.
func titleCase(words []word) bool {
	long, capital := 0, 0
	for _, w := range words {
		if len(w.text) >= 4 {
			long++
			if w.capital {
				capital++
			}
		}
	}
	return long >= 2 && capital == long
}

func straight(r rune) rune {
	switch r {
	case '’', '‘', 'ʼ', '＇':
		return '\''
	}
	return r
}

// irregular holds the verbs of reviews and plots whose past no stemmer finds.
var irregular = func() map[string]string {
	m := map[string]string{}
	for _, line := range strings.Fields("became:become began:begin begun:begin broke:break broken:break brought:bring built:build " +
		"bought:buy came:come chose:choose chosen:choose drew:draw drawn:draw drove:drive driven:drive fell:fall fallen:fall felt:feel " +
		"fought:fight found:find forgot:forget forgotten:forget gave:give given:give went:go gone:go grew:grow grown:grow hid:hide hidden:hide " +
		"held:hold kept:keep knew:know known:know led:lead left:leave lost:lose made:make meant:mean met:meet ran:run said:say saw:see seen:see " +
		"sold:sell sent:send slept:sleep spoke:speak spoken:speak spent:spend stole:steal stolen:steal stood:stand taught:teach told:tell " +
		"took:take taken:take thought:think understood:understand wept:weep won:win wrote:write written:write died:die dying:die lay:lie lives:live lying:lie") {
		past, base, _ := strings.Cut(line, ":")
		m[past] = base
	}
	return m
}()

// stem returns the English stem of a lower-case word.
func stem(s string) string {
	if base, ok := irregular[s]; ok {
		s = base
	}
	env := snowballstem.NewEnv(s)
	english.Stem(env)
	return env.Current()
}

// bases returns the forms of which a word may be a plain inflection, itself
// first. It is far narrower than a stem: what clears a sentence must not find
// "author" in "authority".
func bases(w string) []string {
	out := []string{w}
	if base, ok := irregular[w]; ok {
		out = append(out, base)
	}
	cut := func(suffix string, puts ...string) {
		if base, ok := strings.CutSuffix(w, suffix); ok && len(base) >= 3 {
			for _, put := range puts {
				out = append(out, base+put)
			}
			if n := len(base); base[n-1] == base[n-2] {
				out = append(out, base[:n-1])
			}
		}
	}
	cut("ies", "y")
	cut("es", "")
	cut("s", "")
	cut("ied", "y")
	cut("ed", "", "e")
	cut("ing", "", "e")
	return out
}
