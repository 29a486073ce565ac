package library

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// split returns the sentences of a text as stretches of its glyphs. Unicode's
// rules find them; the habits of reviewers, which those rules do not know, are
// put right afterwards. When in doubt two sentences stay one: a quotation may
// be long, but half a sentence can be safer than the whole is.
func split(g []glyph, lower bool) []span {
	text := make([]rune, len(g))
	for i, c := range g {
		switch {
		case !isBreak(c.r):
			text[i] = c.r
		case c.hard:
			text[i] = '\n'
		default:
			text[i] = ' ' // the line goes on
		}
	}
	s := splitter{text: text, lower: lower}
	var out []span
	start := 0
	for _, end := range append(s.merge(s.cuts()), len(text)) {
		for start < end && isSpace(text[start]) {
			start++
		}
		stop := end
		for stop > start && isSpace(text[stop-1]) {
			stop--
		}
		switch {
		case start == stop:
		case !wordy(string(text[start:stop])):
			if len(out) > 0 && !hasBreak(text[out[len(out)-1].to:start]) {
				out[len(out)-1].to = stop // a stray bracket, an emoji
			}
		default:
			out = append(out, span{start, stop})
		}
		start = end
	}
	return out
}

type splitter struct {
	text  []rune
	lower bool // the author writes no capitals
}

// cuts returns where sentences may begin, by Unicode's rules and some more.
func (s splitter) cuts() []int {
	at := make([]bool, len(s.text)+1)
	pos := 0
	for it := sentences.FromString(string(s.text)); it.Next(); {
		pos += utf8.RuneCountInString(it.Value())
		at[pos] = true
	}
	for i, r := range s.text {
		if !isStop(r) || i+1 < len(s.text) && isStop(s.text[i+1]) {
			continue
		}
		j := i + 1
		for j < len(s.text) && isCloser(s.text[j]) {
			j++
		}
		k := j
		for k < len(s.text) && s.text[k] == ' ' {
			k++
		}
		if k == j || k == len(s.text) {
			continue
		}
		first := s.letter(k)
		dots := r == '…' || i > 0 && r == '.' && s.text[i-1] == '.'
		switch {
		case dots && unicode.IsUpper(first) && s.word(k) != "i":
			at[k] = true
		case r == '.' && !dots && unicode.IsDigit(first) && len(s.token(i)) > 1:
			at[k] = true // Unicode looks past digits for a small letter
		case s.lower && !dots && unicode.IsLower(first):
			at[k] = true
		}
	}
	var out []int
	for i := 1; i < len(s.text); i++ {
		if at[i] {
			out = append(out, s.settle(i))
		}
	}
	return out
}

// settle moves a cut that stands inside "died.(She" or before the emoji that
// closes a sentence to where a reader would put it.
func (s splitter) settle(cut int) int {
	for i := cut; i > 1 && isOpener(s.text[i-1]); i-- {
		if isStop(s.text[i-2]) {
			return i - 1
		}
	}
	if s.text[cut-1] != '\n' && isEmoji(s.text[cut]) {
		for cut < len(s.text) && (isEmoji(s.text[cut]) || s.text[cut] == ' ') {
			cut++
		}
	}
	return cut
}

// merge leaves out the cuts that fall inside a sentence.
func (s splitter) merge(cuts []int) []int {
	var out []int
	start := 0
	for _, cut := range cuts {
		if cut <= start || cut >= len(s.text) || s.joins(start, cut) {
			continue
		}
		out = append(out, cut)
		start = cut
	}
	return out
}

// joins reports whether what stands before a cut and after it is one sentence.
func (s splitter) joins(start, cut int) bool {
	if s.text[cut-1] == '\n' {
		return false
	}
	end := cut
	for end > start && isSpace(s.text[end-1]) {
		end--
	}
	bare, quoted := end, false
	for bare > start && isCloser(s.text[bare-1]) {
		quoted = true
		bare--
	}
	if bare == start {
		return true
	}
	if bare-start < 8 && !strings.ContainsFunc(string(s.text[start:bare]), unicode.IsLetter) {
		return true // "1." or a bullet
	}
	first := s.letter(cut)
	switch s.text[bare-1] {
	case '?', '!', '…':
		if unicode.IsLower(first) && !s.lower {
			return true // “How?” she asks.
		}
		return quoted && s.spoken(cut)
	case '.':
		return s.abbreviated(start, bare-1, cut)
	}
	return false
}

// spoken reports whether a few words after a quoted question say who put it.
func (s splitter) spoken(cut int) bool {
	rest := s.text[cut:]
	words := strings.FieldsFunc(string(rest[:min(len(rest), 60)]), func(r rune) bool { return !unicode.IsLetter(r) })
	for i := 1; i < min(len(words), 4); i++ {
		if speech[words[i]] {
			return true
		}
	}
	return false
}

// abbreviated reports whether the full stop at dot ends an abbreviation and
// not a sentence.
func (s splitter) abbreviated(start, dot, cut int) bool {
	token := s.token(dot)
	if token == "" || dot-len([]rune(token)) < start {
		return false
	}
	first := s.letter(cut)
	switch word := strings.ToLower(token); {
	case always[word]:
		return true
	case numbered[word]:
		return unicode.IsDigit(first)
	case maybe[word], isInitial(token):
		if token == "I" && !strings.HasSuffix(strings.TrimRight(string(s.text[start:dot-1]), " "), ".") {
			return false // "So did I."
		}
		return unicode.IsUpper(first) && !starters[s.word(cut)]
	}
	return false
}

// token returns the letters and dots that stand before a full stop.
func (s splitter) token(dot int) string {
	i := dot
	for i > 0 && dot-i < 24 && (unicode.IsLetter(s.text[i-1]) || s.text[i-1] == '.') {
		i--
	}
	if i > 0 && unicode.IsDigit(s.text[i-1]) {
		return ""
	}
	return strings.TrimLeft(string(s.text[i:dot]), ".")
}

// isInitial reports whether a token is "H" or "U.S".
func isInitial(token string) bool {
	for part := range strings.SplitSeq(token, ".") {
		if r, n := utf8.DecodeRuneInString(part); n != len(part) || !unicode.IsUpper(r) {
			return false
		}
	}
	return true
}

// letter returns the first letter or digit at or shortly after i.
func (s splitter) letter(i int) rune {
	for ; i < len(s.text) && isOpener(s.text[i]); i++ {
	}
	if i < len(s.text) {
		return s.text[i]
	}
	return 0
}

// word returns the word at i in small letters, past quotes and brackets.
func (s splitter) word(i int) string {
	for i < len(s.text) && isOpener(s.text[i]) {
		i++
	}
	j := i
	for j < len(s.text) && unicode.IsLetter(s.text[j]) {
		j++
	}
	return strings.ToLower(string(s.text[i:j]))
}

func isStop(r rune) bool { return r == '.' || r == '!' || r == '?' || r == '…' }

func isCloser(r rune) bool {
	return r == '"' || r == '\'' || r == '*' || r == '_' || unicode.In(r, unicode.Pe, unicode.Pf, unicode.Pi)
}

func isOpener(r rune) bool {
	return r == '"' || r == '\'' || r == '*' || r == '_' || unicode.In(r, unicode.Ps, unicode.Pi)
}

// isEmoji reports whether a code point is a pictograph, a star or one of the
// marks that join and colour them.
func isEmoji(r rune) bool {
	return unicode.Is(unicode.So, r) || r >= 0x1f000 && unicode.Is(unicode.Sk, r) ||
		r == 0x200d || r == 0xfe0f || r == 0x20e3
}

func hasBreak(text []rune) bool {
	for _, r := range text {
		if r == '\n' {
			return true
		}
	}
	return false
}

// writesNoCapitals reports whether an author does without capitals, so that a
// small letter may begin a sentence.
func writesNoCapitals(runes []rune) bool {
	var upper, letters int
	for _, r := range runes {
		if unicode.IsLetter(r) {
			letters++
		}
		if unicode.IsUpper(r) {
			upper++
		}
	}
	return letters > 40 && upper*100 < letters
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

var (
	// always are abbreviations that never end a sentence.
	always = set("mr mrs ms mx dr prof rev hon st messrs mme mlle gen col capt lt sgt vs v e.g i.e eg ie cf viz approx")
	// numbered are abbreviations only where a number follows.
	numbered = set("p pp ch chs chap chaps vol vols no nos nr fig sec pt pts ed eds bk")
	// maybe are abbreviations that may end a sentence as well.
	maybe = set("jr sr co inc ltd bros dept est esp al etc phd ph.d m.d b.a m.a")
	// starters begin a sentence where a name would go on.
	starters = set(`the a an it its it’s he she they we you i this that these those there here but and so or yet in on at as if
when while what who why how for from to of with without after before then now my his her their our your no not every each some
most all both is are was were does do did has have had let even because although though despite unlike like only just one two
three never still also maybe perhaps once since until by yes well oh`)
	speech = set("asks asked ask says said say wonders wondered cries cried shouts shouted whispers whispered replies replied answers answered writes wrote")
)
