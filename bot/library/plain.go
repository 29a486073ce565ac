package library

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	bullet    = regexp.MustCompile(`^\s*(?:[-*+•·‣▪◦●○–]|\d{1,3}[.)]|\(\d{1,3}\)|[a-zA-Z]\))[\s\x{a0}]+`)
	hashes    = regexp.MustCompile(`^\s*(#{1,6})[\s\x{a0}]+`)
	boldLine  = regexp.MustCompile(`^(?:\*\*[^*]+\*\*|__[^_]+__)$`)
	underline = regexp.MustCompile(`^\s*(?:={3,}|-{3,}|~{3,})\s*$`)
)

// logical is a line as its author meant it: one of the file's, or several that
// were wrapped.
type logical struct {
	span
	group  int    // lines between the same two blank lines
	bullet int    // how many code points of bullet or number it begins with
	first  string // the file's first line of it
	kind   Kind   // what a web page says that it is; empty: it does not say
	level  int    // then, of a heading
}

func spans(all []logical) []span {
	out := make([]span, len(all))
	for i, l := range all {
		out[i] = l.span
	}
	return out
}

// paragraphs returns the stretches between blank lines.
func paragraphs(all []span, runes []rune) []span {
	var out []span
	open := false
	for _, l := range all {
		switch {
		case blank(runes, l):
			open = false
		case open:
			out[len(out)-1].to = l.to
		default:
			out = append(out, l)
			open = true
		}
	}
	return out
}

// unwrap puts together the lines of a plain text that its author, or the
// author's editor, wrapped.
func unwrap(runes []rune, all []span) []logical {
	width := wrapWidth(runes, all)
	var out []logical
	group, fresh := 0, true
	for i, l := range all {
		if blank(runes, l) {
			fresh = true
			continue
		}
		text := string(runes[l.from:l.to])
		mark := utf8.RuneCountInString(bullet.FindString(text))
		if fresh {
			group++
		} else if mark == 0 && goesOn(runes, all[i-1], l, width, out[len(out)-1].bullet > 0) {
			out[len(out)-1].to = l.to
			continue
		}
		fresh = false
		out = append(out, logical{span: l, group: group, bullet: mark, first: text})
	}
	return out
}

// goesOn reports whether a line continues the one above it.
func goesOn(runes []rune, above, l span, width int, item bool) bool {
	a := strings.TrimSpace(string(runes[above.from:above.to]))
	b := string(runes[l.from:l.to])
	if !wordy(a) || !wordy(b) || hashes.MatchString(b) || isCaps(a) || isCaps(strings.TrimSpace(b)) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimSpace(b))
	indented := first != []rune(b)[0]
	if item && indented {
		return true
	}
	ended := isEnded(a) || strings.HasSuffix(a, ":")
	if !ended && unicode.IsLower(first) && utf8.RuneCountInString(a) >= 40 {
		return true
	}
	// In a wrapped file a line breaks where the next word no longer fits. One
	// that breaks earlier was meant to.
	word, _, _ := strings.Cut(strings.TrimSpace(b), " ")
	return width > 0 && !indented && utf8.RuneCountInString(a)+1+utf8.RuneCountInString(word) > width
}

// wrapWidth returns the width at which a file's lines are wrapped; 0 if they
// are not.
func wrapWidth(runes []rune, all []span) int {
	var longest, long, pairs, open int
	for i, l := range all {
		if blank(runes, l) {
			continue
		}
		n := l.to - l.from
		if n > 110 {
			long++
			continue
		}
		longest = max(longest, n)
		if n < 40 || i+1 == len(all) || blank(runes, all[i+1]) {
			continue
		}
		pairs++
		if !isEnded(strings.TrimSpace(string(runes[l.from:l.to]))) {
			open++
		}
	}
	if long*10 > len(all) || open < 2 && long > 0 || open*5 < pairs*2 || open == 0 {
		return 0
	}
	return longest
}

// isEnded reports whether a line ends as a sentence does.
func isEnded(s string) bool {
	s = strings.TrimRightFunc(s, func(r rune) bool {
		return isSpace(r) || isCloser(r) || isEmoji(r) || strings.ContainsRune("|<>~`", r)
	})
	r, _ := utf8.DecodeLastRuneInString(s)
	return isStop(r) || r == '。' || r == '？' || r == '！'
}

// plainBlocks reads the lines of a plain text as headings, items and prose.
func plainBlocks(p *page, all []logical) []block {
	var out []block
	ruled := -1 // the block above a line of dashes
	for i, l := range all {
		text := strings.TrimSpace(string(p.runes[l.from:l.to]))
		if underline.MatchString(text) && i > 0 && ruled >= 0 && all[i-1].group == l.group {
			if b := &out[ruled]; b.kind == Prose && len(b.text) <= 80 && !strings.HasSuffix(b.String(), ".") {
				b.kind, b.level = Heading, plainLevel
			}
		}
		ruled = -1
		b := block{kind: Prose, group: l.group}
		from, to := l.from, l.to
		switch {
		case l.kind != "":
			b.kind, b.level = l.kind, l.level
		case l.bullet > 0:
			b.kind = Item
			from += l.bullet
		case hashes.MatchString(l.first):
			m := hashes.FindStringSubmatch(l.first)
			b.kind, b.level = Heading, len(m[1])
			from += utf8.RuneCountInString(m[0])
		}
		b.text = trim(p.glyphs(from, to))
		if len(b.text) > 80 && b.kind == Heading && l.kind == "" {
			b.kind, b.level = Prose, 0
		}
		if s := b.String(); boldLine.MatchString(s) && len(b.text) <= 84 {
			b.kind, b.level = Heading, plainLevel
			b.text = trim(b.text[2 : len(b.text)-2])
		}
		if len(b.text) == 0 {
			continue
		}
		out = append(out, b)
		ruled = len(out) - 1
	}
	for i := range out {
		if out[i].kind != Prose {
			continue
		}
		if level := headingLevel(out, i); level > 0 {
			out[i].kind, out[i].level = Heading, level
		}
	}
	return out
}

// glyphs returns the text of a stretch of the file without spoiler marks.
func (p *page) glyphs(from, to int) []glyph {
	out := make([]glyph, 0, to-from)
	for i := from; i < to; i++ {
		switch p.marks.drop[i-p.body] {
		case keep:
			out = append(out, glyph{r: p.runes[i], at: span{i, i + 1}})
		case apart:
			out = append(out, glyph{r: '\n', at: span{i, i}, hard: true})
		}
	}
	return out
}

// headingLevel returns the level of the heading that a line of plain text is,
// or 0 if it is prose. A heading is short, unlike a sentence in its ending or
// its capitals, and stands over prose.
func headingLevel(all []block, i int) int {
	s := all[i].String()
	n := utf8.RuneCountInString(s)
	if n > 80 || strings.ContainsRune(s, '\n') || !wordy(s) {
		return 0
	}
	bare := parenthese.ReplaceAllString(s, "") // what is said in brackets ends nothing
	last, _ := utf8.DecodeLastRuneInString(bare)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }))
	switch {
	case isCaps(s) && last != '.' && last != '!':
		return plainLevel
	case last == ':':
		return colonLevel
	case unicode.IsLower(first), len(strings.Fields(s)) > 12, i+1 == len(all):
		return 0
	case last == '?':
		if isTitleCase(s) && standsOver(all, i) {
			return plainLevel
		}
		return 0
	case isEnded(bare), strings.ContainsRune(",;-–—", last):
		return 0
	case isTitleCase(s) && all[i+1].kind != Item, standsOver(all, i):
		return plainLevel
	}
	return 0
}

// standsOver reports whether a short line is followed by prose proper and does
// not belong to a run of short lines, as in a poem or a list.
func standsOver(all []block, i int) bool {
	below := all[i+1]
	if below.kind != Prose || len(below.text) < 40 && !isEnded(below.String()) {
		return false
	}
	return i == 0 || all[i].group != all[i-1].group || all[i-1].kind != Prose || isEnded(all[i-1].String())
}

// isCaps reports whether a text is written in capitals.
func isCaps(s string) bool {
	letters := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters > 2
}

// isTitleCase reports whether every longer word of a text has a capital.
func isTitleCase(s string) bool {
	longer := 0
	for _, w := range strings.Fields(s) {
		w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
		if utf8.RuneCountInString(w) < 4 {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) && w != "with" && w != "from" && w != "into" && w != "that" && w != "over" {
			return false
		}
		longer++
	}
	return longer > 0
}
