package library

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// view covers what Goodreads hides: up to its own closing words, or to the
// bracket that closes the one behind (view spoiler).
func (m *marker) view(from, to int) {
	if from < m.views {
		return
	}
	if next := m.after(to); next != nil && strings.HasSuffix(m.text[:next[1]], "]") {
		m.views = next[1]
	} else {
		m.views = m.balance(to, "[", "]")
	}
	m.cover(m.at[from], m.at[m.views])
}

// braces covers a {{spoiler|...}}.
func (m *marker) braces(from, to int) {
	if from < m.braced {
		return
	}
	m.braced = m.balance(to, "{{", "}}")
	m.cover(m.at[from], m.at[m.braced])
}

// balance takes the bracket away that closes the one before a byte, and returns
// the byte behind it: the last if it is never closed.
func (m *marker) balance(at int, open, shut string) int {
	for depth := 1; at < len(m.text); {
		switch {
		case strings.HasPrefix(m.text[at:], open):
			depth++
			at += len(open)
		case strings.HasPrefix(m.text[at:], shut):
			depth--
			at += len(shut)
			if depth == 0 {
				m.take(span{m.at[at-len(shut)], m.at[at]}, gone)
				return at
			}
		default:
			at++
		}
	}
	return at
}

// viewMark finds the marks of Goodreads, of which only a closing one ends in a
// closing bracket.
var viewMark = regexp.MustCompile(`(?i)\(view spoilers?\)|\(hide spoilers?\)\s*\]`)

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

var (
	// spoilerLink is where the links lead that old Reddit shows as spoilers.
	spoilerLink = regexp.MustCompile(`(?i)^[/#]+(?:[\w-]*spoil[\w-]*|sp?)$`)
	linkTitle   = regexp.MustCompile(`(?s)^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^)\\]|\\.)*\))\s*\)`)
)

// link covers a link that is a spoiler, from its opening bracket. Its title,
// which begins before to, is left out of the text: no page shows it.
func (m *marker) link(from, to int) {
	if from < m.linked {
		return
	}
	start, depth := from-1, 1
	for ; start >= max(0, from-longestMark); start-- {
		switch m.text[start] {
		case ']':
			depth++
		case '[':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	begin := m.paragraph(m.at[from]).from
	if depth == 0 {
		begin = m.at[start]
		m.take(span{begin, m.at[start+1]}, gone)
	}
	m.linked = to
	if m.text[to-1] != ')' {
		title := linkTitle.FindStringIndex(m.text[to-1:])
		if title == nil {
			m.linked = len(m.text) // nobody can say where it ends
		} else {
			m.linked = to - 1 + title[1]
			to = m.linked
		}
	}
	m.take(span{m.at[from], m.at[to]}, gone)
	m.cover(begin, m.at[m.linked])
}

// wordMark is the word between signs. It is kept short, as runs of signs are
// common and long.
const wordMark = `[*_=~({\[+-]{1,8}\s{0,3}(?:(?:/|(?:end|close|stop|start|begin)(?:s|ing)?(?:\s+of)?(?:\s+the)?\b)\s*)?(?:\w+\s+)?spoilers?(?:\s+(?:starts?|begins?|on|here|ends?|over|off|stops?))*\s{0,3}[!.:]?\s{0,3}[*_=~)}\]+-]{1,8}`

var (
	words    = regexp.MustCompile(`(?i)` + wordMark)
	shutWord = regexp.MustCompile(`(?i)/|\b(?:end|close|stop|over|off)`)
	openWord = regexp.MustCompile(`(?i)\b(?:start|begin)`)
)

// word reads "*spoiler*" and "(end spoiler)". One that has a line to itself is
// a warning like others and no mark, and so is one in the midst of a sentence
// where nothing says that it ends.
func (m *marker) word(from, to int) {
	mark := m.text[from:to]
	if !mentionsSpoilers(mark) {
		return
	}
	at := span{m.at[from], m.at[to]}
	if shutWord.MatchString(mark) {
		if m.tags["*"] > 0 {
			m.take(at, apartIfBlock(m.text, from, to))
			m.tag("*", true, at, 0, true)
		}
		return
	}
	before := strings.TrimRight(m.text[:from], " \t")
	last, _ := utf8.DecodeLastRuneInString(before)
	first := before == "" || isBreak(last)
	next, size := utf8.DecodeRuneInString(strings.TrimLeft(m.text[to:], " \t"))
	if first && (isBreak(next) || size == 0) {
		return
	}
	if m.ends < 0 {
		m.ends = 0
		for _, loc := range words.FindAllStringIndex(m.text, -1) {
			if shutWord.MatchString(m.text[loc[0]:loc[1]]) {
				m.ends = loc[0]
			}
		}
	}
	if from < m.ends || openWord.MatchString(mark) || (first || isStop(last)) && mark[0] != '(' && mark[0] != '[' {
		m.take(at, gone)
		m.tag("*", false, at, 0, true)
	}
}

var (
	fenceLine = regexp.MustCompile("^([\\s>*+-]*)(:{3,}|`{3,}|~{3,})[ \t]*(.*?)\\s*$")
	fenceName = regexp.MustCompile(`(?i)^\S*spoil\S*`)
)

// fences covers the blocks that begin with "::: spoiler" or "```spoiler". A
// block within such a one must end before it does.
func (m *marker) fences(all []span) {
	var open []string
	since := 0
	for _, l := range all {
		line, at := fold(m.runes[l.from:l.to], l.from)
		p := fenceLine.FindStringSubmatchIndex(line)
		if p == nil {
			continue
		}
		fence, rest := line[p[4]:p[5]], line[p[6]:p[7]]
		take := span{at[p[4]], l.to}
		switch n := len(open); {
		case n == 0:
			if !speaksOf(rest, "spoil") {
				continue
			}
			open, since = []string{fence}, l.from
			if name := fenceName.FindString(rest); name != "" && fence[0] == ':' {
				take.to = at[p[6]+len(name)] // what follows is a title
			}
		case fence[0] == open[n-1][0] && rest == "":
			if len(fence) < len(open[n-1]) {
				continue
			}
			if open = open[:n-1]; n == 1 {
				m.cover(since, l.to)
			}
		case open[n-1][0] == ':':
			open = append(open, fence)
			continue
		default:
			continue
		}
		m.take(take, gone)
	}
	if len(open) > 0 {
		m.cover(since, len(m.runes))
	}
}
