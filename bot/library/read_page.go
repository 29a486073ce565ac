package library

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dogear/bot/spoiler"
)

// page is one file on its way to becoming a Source.
type page struct {
	name     string
	runes    []rune
	body     int // where the text begins, after front matter
	meta     metadata
	book     Book
	markdown bool
	lines    []span
	marks    marks
	blocks   []block
}

// aside is the kind of a block that is not kept.
const aside Kind = ""

var (
	byline  = regexp.MustCompile(`(?i)^[*_]*(?:(?:a )?review(?:ed)? |written |posted |guest post )?by:?\s+([^!?]{1,60}?[^.!?])(?:\s+on\s+([^.!?]{4,40}?))?[*_]*$`)
	posted  = regexp.MustCompile(`(?i)^(?:posted|published|written|reviewed) on (.{4,40}?) by ([^!?]{1,60}[^.!?])$`)
	parted  = regexp.MustCompile(`\s+[|·•–—-]\s+|,\s+(?:on\s+)?(?:[A-Z][a-z]+ )?\d`)
	isField = regexp.MustCompile(`(?i)^[*_]*(reviewer|review(?:ed)? by|author|link|url|date|published|posted|posted on|language)[*_]*\s*:[*_]*\s*(.{1,120})$`)
)

// source makes a Source of what was read.
func (p *page) source() Source {
	p.breakOut()
	p.header()
	lower := writesNoCapitals(p.runes[p.body:])
	for i := range p.blocks {
		b := &p.blocks[i]
		switch b.kind {
		case aside:
		case Title, Heading:
			b.sentences = []span{{0, len(b.text)}}
		default:
			b.sentences = split(b.text, lower)
			p.glue(b)
		}
	}
	o := &outline{page: p, book: p.book.ID, end: p.book.End()}
	o.read()
	p.chapterLabels(o)
	src := Source{
		Book: p.book.ID, File: p.name, Reviewer: p.meta.reviewer, Date: p.meta.date,
		Rating: p.meta.rating, Language: p.meta.language, Flagged: p.meta.flagged, Related: o.related,
	}
	if p.meta.title != "" {
		src.Title = o.seal(p.meta.title)
	}
	if p.meta.link != "" {
		src.Link = o.seal(p.meta.link)
	}
	src.Sentences = o.sentences()
	return src
}

// breakOut parts lines that say something of their own (a handle, a warning,
// the head of a list) from the paragraph that they stand in.
func (p *page) breakOut() {
	var out []block
	for _, b := range p.blocks {
		if b.kind != Prose && b.kind != Item || !hasLines(b.text) {
			out = append(out, b)
			continue
		}
		start := 0
		part := func(from, to int) {
			if g := trim(b.text[from:to]); len(g) > 0 {
				piece := b
				piece.text = g
				out = append(out, piece)
			}
		}
		for i, l := range cutLines(b.text) {
			g := trim(b.text[l.from:l.to])
			if len(g) > 0 && p.standsAlone(str(g), i == 0 && len(out) < 2) {
				part(start, l.from)
				part(l.from, l.to)
				start = l.to
			}
		}
		part(start, len(b.text))
	}
	p.blocks = out
}

// standsAlone reports whether a line within a paragraph is not a part of it.
func (p *page) standsAlone(s string, top bool) bool {
	if isFurniture(s) || onlyWarns(s) || endsWarning(s) || ratingLine.MatchString(s) {
		return true
	}
	if _, alone := labelled(s); alone {
		return true
	}
	if _, ok := relatedList(s, false); ok {
		return true
	}
	return top && (isByline(s) || isHeaderField(s))
}

// header finds the title, the reviewer and what else stands above the text.
func (p *page) header() {
	if strings.EqualFold(p.meta.reviewer, p.book.Author) {
		p.meta.reviewer = "" // "author" meant the book's
	}
	i := p.title()
	for ; i < len(p.blocks); i++ {
		b := &p.blocks[i]
		s := b.String()
		switch {
		case p.hidden(b.from(), b.to()), mentionsSpoilers(s):
			return
		case b.kind == Heading && b.level < plainLevel:
			return
		}
		if m := byline.FindStringSubmatch(s); m != nil && isByline(s) {
			name, date := m[1], m[2]
			if at := parted.FindStringIndex(name); at != nil {
				name, date = name[:at[0]], strings.Trim(name[at[0]:], " ,|·•–—-")
			}
			p.take("reviewer", name)
			p.take("date", date)
		} else if m := posted.FindStringSubmatch(s); m != nil {
			p.take("date", m[1])
			p.take("reviewer", m[2])
		} else if m := isField.FindStringSubmatch(s); m != nil && isHeaderField(s) {
			p.take(strings.ToLower(m[1]), m[2])
		} else if m := ratingLine.FindStringSubmatch(s); m != nil {
			p.take("rating", m[1])
		} else if wordy(s) {
			return
		}
		b.kind = aside
	}
}

// isByline reports whether a line says who wrote the review, and is no prose
// that begins with "by": "By the end they have both gone".
func isByline(s string) bool {
	m := byline.FindStringSubmatch(s)
	return m != nil && isPerson(m[1])
}

// isHeaderField reports whether a line is a field of a header. What stands for
// a person has to be one.
func isHeaderField(s string) bool {
	m := isField.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	switch strings.ToLower(m[1]) {
	case "link", "url", "date", "published", "posted", "posted on", "language":
		return true
	}
	return isPerson(m[2])
}

var aliased = regexp.MustCompile(`\s*\([^()]*\)$`)

// isPerson reports whether a text can be a name: a handle, or words that all
// begin with a capital but for those that names hold.
func isPerson(s string) bool {
	if at := parted.FindStringIndex(s); at != nil {
		s = s[:at[0]]
	}
	words := strings.Fields(aliased.ReplaceAllString(strings.Trim(s, "*_ "), ""))
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(strings.Trim(w, "“”\"'@"))
		if len(words) > 1 && unicode.IsLetter(first) && unicode.IsLower(first) && !slices.Contains(nameWords, w) {
			return false
		}
	}
	return len(words) > 0 && len(words) <= 6 && !slices.Contains(noNames, strings.ToLower(words[0]))
}

var (
	nameWords = strings.Fields("de da di del della van von der den la le el al bin y of the and &")
	noNames   = strings.Fields("the then now a an chapter this that these those my his her their its all far no one contrast comparison way")
)

// take keeps what a line of the header says, unless front matter said it.
func (p *page) take(field, value string) {
	value = strings.Trim(strings.Join(strings.Fields(value), " "), "*_ ")
	if field == "reviewer" {
		value = aliased.ReplaceAllString(value, "")
	}
	if value == "" {
		return
	}
	var into *string
	switch field {
	case "link", "url":
		into = &p.meta.link
	case "date", "published", "posted", "posted on":
		into = &p.meta.date
	case "rating":
		into = &p.meta.rating
	case "language":
		return // free words, not a tag
	default:
		into = &p.meta.reviewer
		if strings.EqualFold(value, p.book.Author) {
			return
		}
	}
	if *into == "" && (into == &p.meta.link || utf8.RuneCountInString(value) <= maxField) {
		*into = value
	}
}

// title finds the title in the text and returns the block after it, where a
// header may go on.
func (p *page) title() int {
	first := 0
	for first < len(p.blocks) && isFurniture(p.blocks[first].String()) {
		first++
	}
	if first == len(p.blocks) {
		return first
	}
	b := &p.blocks[first]
	s := strings.Join(strings.Fields(b.String()), " ")
	switch {
	case p.meta.title != "":
		if strings.EqualFold(s, p.meta.title) {
			b.kind = Title
			return first + 1
		}
		return first
	case onlyWarns(s):
		return first
	case b.kind == Heading, b.kind == Prose && p.titleLike(first, s):
		b.kind = Title
		p.meta.title = strings.TrimRight(s, ": ")
		return first + 1
	}
	if one := p.onlyTop(); one != nil {
		one.kind = Title
		p.meta.title = strings.Join(strings.Fields(one.String()), " ")
		return first
	}
	for i := range p.blocks {
		// No title, but a heading that says what is reviewed serves as well.
		if h := &p.blocks[i]; h.kind == Heading && p.namesBook(h.String()) && !p.hidden(h.from(), h.to()) && !mentionsSpoilers(h.String()) {
			p.meta.title = strings.Join(strings.Fields(h.String()), " ")
			break
		}
	}
	return first
}

// onlyTop returns the one heading of the first level of a Markdown file.
func (p *page) onlyTop() *block {
	var top *block
	for i := range p.blocks {
		if b := &p.blocks[i]; b.heads(1) {
			if top != nil {
				return nil
			}
			top = b
		}
	}
	return top
}

// titleLike reports whether a first line is a title and not the first sentence
// of the review.
func (p *page) titleLike(i int, s string) bool {
	n := utf8.RuneCountInString(s)
	if n > 120 || strings.Contains(p.blocks[i].String(), "\n") || i+1 == len(p.blocks) {
		return false
	}
	next := p.blocks[i+1]
	apart := next.group != p.blocks[i].group
	if isByline(next.String()) {
		return true
	}
	bare := parenthese.ReplaceAllString(s, "")
	last, _ := utf8.DecodeLastRuneInString(bare)
	switch {
	case !isTitleCase(s) && len(split(p.blocks[i].text, false)) > 1:
		return false
	case last == '?' || last == '!':
		return isTitleCase(s) || last == '!' && apart && n <= 60
	case isEnded(bare), last == ',', last == ';':
		return false
	}
	return apart || n <= 100
}

// namesBook reports whether a heading is about the book as a whole.
func (p *page) namesBook(s string) bool {
	s = strings.ToLower(s)
	return p.book.Title != "" && strings.HasPrefix(s, strings.ToLower(p.book.Title)) &&
		p.book.Author != "" && strings.Contains(s, strings.ToLower(p.book.Author))
}

// hidden reports whether a stretch of the file stands, in part, behind a mark.
func (p *page) hidden(from, to int) bool {
	for _, c := range p.marks.covers {
		if c.from < to && from < c.to {
			return true
		}
	}
	return false
}

// glue puts a chapter in brackets that stands behind a full stop back to the
// sentence that it is about.
func (p *page) glue(b *block) {
	var out []span
	for _, s := range b.sentences {
		if _, alone := noted(str(b.text[s.from:s.to])); alone && len(out) > 0 {
			out[len(out)-1].to = s.to
			continue
		}
		out = append(out, s)
	}
	b.sentences = out
}

// chapterLabels takes note of the chapters that sentences state themselves: at
// the head of a line, for the rest of it, or in brackets at their end.
func (p *page) chapterLabels(o *outline) {
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.kind != Prose && b.kind != Item && b.kind != Question {
			continue
		}
		var line spoiler.Position
		kept := b.sentences[:0]
		for _, s := range b.sentences {
			text := str(b.text[s.from:s.to])
			alone := false
			if opensLine(b.text, s.from) {
				line, alone = labelled(text)
			}
			if alone {
				continue // "Ch. 13." says nothing itself
			}
			kept = append(kept, s)
			at := span{b.text[s.from].at.from, b.text[s.to-1].at.to}
			own, _ := noted(text)
			if c := max(line, own); c > 0 {
				o.chapters = append(o.chapters, stated{span: at, chapter: c})
			}
		}
		b.sentences = kept
	}
}

// opensLine reports whether a glyph is the first of its line.
func opensLine(g []glyph, i int) bool {
	for i > 0 && isSpace(g[i-1].r) && !isBreak(g[i-1].r) || i > 0 && !unicode.IsLetter(g[i-1].r) && strings.ContainsRune("*_(“\"", g[i-1].r) {
		i--
	}
	return i == 0 || isBreak(g[i-1].r)
}
