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

// Where a mark may be written in more than one way, with the escapes that
// exports put in, all are taken: a mark that is overlooked is a leak, one too
// many hides a sentence.
var (
	anyMark = regexp.MustCompile(`(?i)^(?:` +
		`(?P<pipes>(?:\\?\|){2,})` +
		`|(?P<open>\\?(?:>|&gt;)!)` +
		`|(?P<shut>!\\?(?:<|&lt;))` +
		`|(?P<code>\\?\[/?(?:spoilers?|details)(?:\s*=[^\]\n]*|\s+\w+\s*=[^\]\n]*)?\\?\])` +
		`|(?P<view>\(view spoilers?\)\s*\\?\[)` +
		`|(?P<hide>\(hide spoilers?\)\s*(?:\\?\])?)` +
		`|(?P<tag></?[a-z][\w-]*(?:[\s/](?:"[^"\n]*"|'[^'\n]*'|[^<>])*)?>))`)
	tagStart = regexp.MustCompile(`(?i)^</?[a-z][\w-]*(?:[\s/][^<>]*)?>`)
	tagParts = regexp.MustCompile(`(?is)^<(/?)([a-z][\w-]*)(.*)>$`)
	summary  = regexp.MustCompile(`(?is)^\s*<summary[^>]*>(.{0,200}?)</summary>`)
	groups   = anyMark.SubexpNames()
)

const (
	markStarts  = `|>&!\[<(` // what a mark can begin with
	longestMark = 2000       // bytes; a tag can be long
)

// marker finds the marks of one file.
type marker struct {
	marks
	text  string // the file from body on
	at    []int  // the code point of each byte of text
	body  int
	paras []span

	pipes []span         // marks ||, to be paired at the end
	ropen int            // where an open >! stands; -1: none
	tags  map[string]int // open spoiler tags by name, with how deep they are nested
	since map[string]int
	views int // (view spoiler)[ marks are seen to up to here

	goodreads [][]int // where its marks stand; nil: not looked for
}

// findMarks finds the spoiler marks in the text of a file. paras are the
// paragraphs that an unclosed mark covers.
func findMarks(runes []rune, body int, paras []span) marks {
	m := &marker{
		text: string(runes[body:]), body: body, paras: paras, ropen: -1,
		tags: map[string]int{}, since: map[string]int{},
	}
	m.drop = make([]uint8, len(runes)-body)
	m.at = make([]int, len(m.text)+1)
	n := body - 1
	for i := range len(m.text) {
		if utf8.RuneStart(m.text[i]) {
			n++
		}
		m.at[i] = n
	}
	n++
	m.at[len(m.text)] = n
	for pos := 0; ; {
		i := strings.IndexAny(m.text[pos:], markStarts)
		if i < 0 {
			break
		}
		pos += i
		loc := anyMark.FindStringSubmatchIndex(m.text[pos:min(len(m.text), pos+longestMark)])
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
	m.finish(n)
	return m.marks
}

// mark takes note of one mark between two bytes of the text and returns where
// to look for the next.
func (m *marker) mark(name string, from, to int) int {
	at := span{m.at[from], m.at[to]}
	switch name {
	case "pipes":
		m.pipes = append(m.pipes, at)
		m.take(at, gone)
	case "open":
		if m.ropen < 0 {
			m.ropen = at.from
		}
		m.take(at, gone)
	case "shut":
		// "!<" is also the end of an exclamation before a tag or a heart.
		angle := strings.IndexByte(m.text[from:to], '<')
		rest := m.text[to:]
		if angle >= 0 && (tagStart.MatchString(m.text[from+angle:min(len(m.text), from+angle+400)]) || strings.HasPrefix(rest, "3")) {
			return from + angle
		}
		if m.ropen < 0 {
			m.cover(m.paragraph(at.from).from, at.to)
		} else {
			m.cover(m.ropen, at.to)
			m.ropen = -1
		}
		m.take(at, gone)
	case "code":
		inner := strings.Trim(m.text[from:to], `\[]`)
		m.take(at, apartIfBlock(m.text, from, to))
		m.tag("[", strings.HasPrefix(inner, "/"), at, chapterOf(inner), true)
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

// html takes note of a tag if it hides text or stands where one that does may
// close.
func (m *marker) html(at span, from, to int) {
	p := tagParts.FindStringSubmatch(m.text[from:to])
	name, attrs := strings.ToLower(p[2]), strings.ToLower(p[3])
	if void(name) || strings.HasSuffix(attrs, "/") {
		return
	}
	named := name == "spoiler" || name == "spoilers" || name == "details"
	hides := named || p[1] == "" && strings.Contains(attrs, "spoiler")
	inside := m.tags[name] > 0
	switch {
	case name == "summary" && m.tags["details"] > 0:
		m.take(at, apart)
	case name == "details":
		m.take(at, apart)
	case named, hides, inside && p[1] == "/" && m.tags[name] == 1:
		m.take(at, gone)
	}
	if !hides && !inside {
		return
	}
	var chapter spoiler.Position
	if s := summary.FindStringSubmatch(m.text[to:min(len(m.text), to+400)]); s != nil && name == "details" {
		chapter = chapterOf(s[1])
	}
	m.tag(name, p[1] == "/", at, chapter, named)
}

// tag counts how deep tags of a name are nested and covers what stands between
// the outermost two. A named tag that closes without having been opened covers
// its paragraph up to there.
func (m *marker) tag(name string, shut bool, at span, chapter spoiler.Position, named bool) {
	switch {
	case !shut && m.tags[name] == 0:
		m.tags[name], m.since[name] = 1, at.from
	case !shut:
		m.tags[name]++
	case m.tags[name] > 1:
		m.tags[name]--
	case m.tags[name] == 1:
		m.tags[name] = 0
		m.cover(m.since[name], at.to)
	case named:
		m.cover(m.paragraph(at.from).from, at.to)
	}
	if chapter > 0 && !shut {
		m.chapters = append(m.chapters, stated{span: span{at.from, -1}, chapter: chapter})
	}
	if shut && named && m.tags[name] == 0 {
		m.closeChapters(at.to)
	}
}

// closeChapters ends what the marks that are now all closed said of chapters.
func (m *marker) closeChapters(to int) {
	for i := range m.chapters {
		if m.chapters[i].to < 0 {
			m.chapters[i].to = to
		}
	}
}

// view covers what Goodreads hides: up to its own closing words, or to the
// bracket that closes the one behind (view spoiler).
func (m *marker) view(from, to int) {
	if from < m.views {
		return
	}
	rest := m.text[to:]
	end := len(rest)
	if next := m.after(to); next != nil && strings.HasSuffix(m.text[:next[1]], "]") {
		end = next[1] - to
	} else {
		depth := 1
		for i, r := range rest {
			switch r {
			case '[':
				depth++
			case ']':
				depth--
			}
			if depth == 0 {
				end = i + 1
				m.take(span{m.at[to+i], m.at[to+i] + 1}, gone)
				break
			}
		}
	}
	m.views = to + end
	m.cover(m.at[from], m.at[m.views])
}

// viewMark finds the marks of Goodreads, of which only a closing one ends in a
// closing bracket.
var viewMark = regexp.MustCompile(`(?i)\(view spoilers?\)|\(hide spoilers?\)\s*\\?\]`)

// after returns the first of these marks at or after a byte.
func (m *marker) after(at int) []int {
	if m.goodreads == nil {
		m.goodreads = viewMark.FindAllStringIndex(m.text, -1)
	}
	i, _ := slices.BinarySearchFunc(m.goodreads, at, func(loc []int, at int) int { return loc[0] - at })
	if i == len(m.goodreads) {
		return nil
	}
	return m.goodreads[i]
}

// finish covers what is left open and what stands between pipes.
func (m *marker) finish(end int) {
	if m.ropen >= 0 {
		m.cover(m.ropen, m.paragraph(m.ropen).to)
	}
	for name, depth := range m.tags {
		if depth > 0 {
			m.cover(m.since[name], end)
		}
	}
	m.closeChapters(end)
	m.pairPipes()
}

// pairPipes covers what stands between two marks || of a paragraph. Where their
// number is odd nobody can say which is which: then everything from the first
// such paragraph to the last is covered.
func (m *marker) pairPipes() {
	first, last := span{-1, -1}, span{-1, -1}
	for i := 0; i < len(m.pipes); {
		para := m.paragraph(m.pipes[i].from)
		j, n := i, 0
		for j < len(m.pipes) && m.pipes[j].from < para.to {
			n += m.width(m.pipes[j]) / 2
			j++
		}
		if n%2 == 0 {
			open := -1
			for _, at := range m.pipes[i:j] {
				if m.width(at)/2%2 == 0 {
					continue // one closes and the next opens
				}
				if open < 0 {
					open = at.from
				} else {
					m.cover(open, at.to)
					open = -1
				}
			}
			if open >= 0 {
				m.cover(open, para.to)
			}
		} else {
			if first.from < 0 {
				first = para
			}
			last = para
		}
		i = max(j, i+1)
	}
	if first.from >= 0 {
		m.cover(first.from, last.to)
	}
}

// width returns how many pipes stand in a mark, without what escapes them.
func (m *marker) width(at span) int {
	from, _ := slices.BinarySearch(m.at, at.from)
	n := 0
	for i := from; i < len(m.text) && (m.text[i] == '|' || m.text[i] == '\\') && m.at[i] < at.to; i++ {
		if m.text[i] == '|' {
			n++
		}
	}
	return n
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

// void reports whether an HTML element has no end.
func void(name string) bool {
	switch name {
	case "img", "br", "hr", "input", "meta", "link", "wbr", "source":
		return true
	}
	return false
}
