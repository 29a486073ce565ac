package library

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"dogear/bot/spoiler"
)

// What becomes of a code point when the marks are taken out of a text.
const (
	keep  = iota
	gone  // part of a mark
	apart // part of a mark that parts what stands before it from what follows
)

// marks are an author's own spoiler marks in a file.
type marks struct {
	drop     []uint8  // for each code point of the text: keep, gone or apart
	covers   []span   // what stands behind a mark
	chapters []stated // what is said to be of a chapter
}

// stated is a stretch of which its author says up to which chapter it goes. A
// warning without a chapter takes back what was stated before.
type stated struct {
	span
	chapter spoiler.Position
	warning bool
}

// The marks, as they stand in a text that fold has made plain. Where there are
// several ways to write one, all are taken: a mark that is overlooked is a
// leak, one too many hides a sentence.
var (
	anyMark = regexp.MustCompile(`(?i)^(?:` +
		`(?P<pipes>\|{2,})` +
		`|(?P<open>>!)` +
		`|(?P<shut>!<)` +
		`|(?P<reopen>!>)` +
		`|(?P<reshut><!)` +
		`|(?P<code>(?:\[{1,2}!?|\{\{[<%]?|\{%)\s*(?:/|end)?\s*(?:\w*spoil\w*|details|hide|hidden|collapse)(?:\s*=[^\]\n]*|\s+\w+\s*=[^\]\n]*)?\s*(?:\]{1,2}|[>%]?\}\}|%\}))` +
		`|(?P<view>\(view spoilers?\)\s*\[)` +
		`|(?P<hide>\(hide spoilers?\)\s*\]?)` +
		`|(?P<braces>\{\{\s*\w*spoil[\w ]*[|:])` +
		`|(?P<link>\]\(\s*<?[/#]+(?:(?:[\w-]*spoil[\w-]*|sp?)>?(?:\s*\)|\s+["'(])|[\w-]{0,3}>?\s+["'(]))` +
		`|(?P<tag><\s*/?\s*[\w:.-]*spoil[\w:.-]*(?:"[^"\n]*"|'[^'\n]*'|[^<>])*>|</?[a-z][\w:.-]*(?:[\s/](?:"[^"\n]*"|'[^'\n]*'|[^<>])*)?>)` +
		`|(?P<word>` + wordMark + `))`)
	groups = anyMark.SubexpNames()
)

const (
	markStarts  = `|>![<({]*_=~+-` // what a mark can begin with
	longestMark = 2000             // bytes; a tag can be long
)

// marker finds the marks of one file.
type marker struct {
	marks
	runes []rune
	text  string // the file from body on, made plain
	at    []int  // the code point of each byte of text
	body  int
	paras []span

	pipes  []pipes        // marks ||, to be paired at the end
	quote  quote          // marks >!
	ropen  int            // where an open !> stands; -1: none
	rshut  int            // the byte where the last <! stands
	tags   map[string]int // open spoiler tags by name, with how deep they are nested
	since  map[string]int
	views  int // (view spoiler)[ marks are seen to up to here
	braced int // {{spoiler|
	linked int // [text](/s "title")
	ends   int // where the last mark like "*end spoiler*" stands; -1: not looked for

	goodreads [][]int // where its marks stand; nil: not looked for
}

// pipes is a run of pipes.
type pipes struct {
	span
	n   int
	odd bool // they are not written as plain pipes
}

// quote is what is open of marks >!.
type quote struct {
	open  int // where the first stands; -1: none
	last  int // where the last stands
	depth int // how many more there are in later paragraphs
}

// findMarks finds the spoiler marks in the text of a file. paras are the
// paragraphs that an unclosed mark covers.
func findMarks(runes []rune, body int, paras []span) marks {
	m := &marker{
		runes: runes, body: body, paras: paras, quote: quote{open: -1}, ropen: -1, ends: -1,
		tags: map[string]int{}, since: map[string]int{},
	}
	m.text, m.at = fold(runes[body:], body)
	m.rshut = strings.LastIndex(m.text, "<!")
	m.drop = make([]uint8, len(runes)-body)
	m.fences(lines(runes, body))
	for pos := 0; ; {
		i := strings.IndexAny(m.text[pos:], markStarts)
		if i < 0 {
			break
		}
		pos += i
		window := m.text[pos:min(len(m.text), pos+longestMark)]
		if window[0] == '[' && strings.IndexByte(window, ']') < 0 {
			pos++ // and the search below spared
			continue
		}
		loc := anyMark.FindStringSubmatchIndex(window)
		if loc == nil {
			pos++
			continue
		}
		name := ""
		for g := 1; g < len(groups); g++ {
			if loc[2*g] >= 0 {
				name = groups[g]
			}
		}
		pos = m.mark(name, pos, pos+loc[1])
	}
	m.finish(len(runes))
	return m.marks
}

// mark takes note of one mark between two bytes of the text and returns where
// to look for the next.
func (m *marker) mark(name string, from, to int) int {
	at := span{m.at[from], m.at[to]}
	switch name {
	case "pipes":
		m.pipes = append(m.pipes, pipes{at, to - from, at.to-at.from != to-from || m.runes[at.from] != '|'})
		m.take(at, gone)
	case "open":
		if m.quote.open < 0 {
			m.quote = quote{open: at.from}
		} else if m.paragraph(m.quote.last).to < at.from {
			m.quote.depth++ // marks end with their paragraph, so one of the two is never closed
		}
		m.quote.last = at.from
		m.take(at, gone)
	case "shut":
		// "!<" is also the end of an exclamation before a tag or a heart.
		rest := m.text[from+1:]
		if tagStart.MatchString(rest[:min(len(rest), 400)]) || strings.HasPrefix(rest, "<3") {
			return from + 1
		}
		if m.quote.open < 0 {
			m.cover(m.paragraph(at.from).from, at.to)
		} else {
			m.cover(m.quote.open, at.to)
			if m.quote.depth--; m.quote.depth < 0 {
				m.quote.open = -1
			}
		}
		m.take(at, gone)
	case "reopen":
		if m.ropen < 0 && from < m.rshut {
			m.ropen = at.from
		} else {
			m.cover(at.from, m.paragraph(at.from).to)
		}
		m.take(at, gone)
	case "reshut":
		if strings.HasPrefix(m.text[to:], "--") || to < len(m.text) && strings.IndexByte("[dD", m.text[to]) >= 0 {
			return to // a comment or a declaration
		}
		if m.ropen < 0 {
			m.cover(m.paragraph(at.from).from, at.to)
		} else {
			m.cover(m.ropen, at.to)
			m.ropen = -1
		}
		m.take(at, gone)
	case "code":
		inner := strings.Trim(m.text[from:to], "[]{}<>%! \t")
		shut := strings.HasPrefix(inner, "/") || strings.HasPrefix(strings.ToLower(inner), "end")
		m.take(at, apartIfBlock(m.text, from, to))
		m.tag(m.text[from:from+1], shut, at, chapterOf(inner), true)
	case "braces":
		m.take(at, gone)
		m.braces(from, to)
	case "link":
		m.link(from, to)
	case "word":
		m.word(from, to)
	case "view":
		m.take(at, gone)
		m.view(from, to)
	case "hide":
		m.take(at, gone)
	case "tag":
		m.html(at, from, to)
	}
	return to
}

// finish covers what is left open and what stands between pipes.
func (m *marker) finish(end int) {
	if m.quote.open >= 0 {
		m.cover(m.quote.open, end)
	}
	if m.ropen >= 0 {
		m.cover(m.ropen, end)
	}
	for name, depth := range m.tags {
		if depth > 0 {
			m.cover(m.since[name], end)
		}
	}
	if loc := lettered.FindStringIndex(m.text); loc != nil {
		m.cover(m.at[loc[0]], end)
	}
	m.closeChapters(end)
	m.pairPipes()
}

// pairPipes covers what stands between two marks || of a paragraph. Where they
// are not all written alike, everything from the first to the last is covered.
// Where their number is odd nobody can say which is which: then everything from
// the first such paragraph to the last is.
func (m *marker) pairPipes() {
	first, last := span{-1, -1}, span{-1, -1}
	for i := 0; i < len(m.pipes); {
		para := m.paragraph(m.pipes[i].from)
		j, n, mixed := i, 0, false
		for j < len(m.pipes) && m.pipes[j].from < para.to {
			n += m.pipes[j].n / 2
			mixed = mixed || m.pipes[j].odd != m.pipes[i].odd
			j++
		}
		j = max(j, i+1)
		switch {
		case n%2 != 0:
			if first.from < 0 {
				first = para
			}
			last = para
		case mixed:
			m.cover(m.pipes[i].from, m.pipes[j-1].to)
		default:
			m.pair(m.pipes[i:j], para.to)
		}
		i = j
	}
	if first.from >= 0 {
		m.cover(first.from, last.to)
	}
}

// pair covers what stands between two marks, the last up to the end.
func (m *marker) pair(all []pipes, end int) {
	open := -1
	for _, at := range all {
		switch {
		case at.n/2%2 == 0: // one closes and the next opens
		case open < 0:
			open = at.from
		default:
			m.cover(open, at.to)
			open = -1
		}
	}
	if open >= 0 {
		m.cover(open, end)
	}
}

func (m *marker) cover(from, to int) { m.covers = append(m.covers, span{from, to}) }

// take leaves a mark out of the text.
func (m *marker) take(at span, how uint8) {
	for i := at.from; i < at.to; i++ {
		m.drop[i-m.body] = gone
	}
	if at.from < at.to {
		m.drop[at.from-m.body] = how
	}
}

// paragraph returns the paragraph in which a code point stands.
func (m *marker) paragraph(at int) span {
	i, found := slices.BinarySearchFunc(m.paras, at, func(s span, at int) int { return s.from - at })
	if !found {
		i--
	}
	if i < 0 || m.paras[i].to < at {
		return span{at, at + 1}
	}
	return m.paras[i]
}

// apartIfBlock tells a mark that has a line to itself from one in a sentence.
func apartIfBlock(text string, from, to int) uint8 {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, _ := utf8.DecodeRuneInString(text[to:])
	if (from == 0 || isBreak(before)) && (to == len(text) || isBreak(after)) {
		return apart
	}
	return gone
}
