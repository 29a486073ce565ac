package library

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"dogear/bot/spoiler"
)

// outline goes through the blocks of a page once and finds what each of them
// stands under: section, paragraph, FAQ entry, warning.
type outline struct {
	*page
	book spoiler.BookID
	end  spoiler.Position

	section, entry, entries int
	paragraph               int
	faq                     int // the level of the heading of the FAQ; 0: in none
	wholeFAQ                bool
	dotted                  bool // its questions begin with "Q.", and answers with "A."
	open                    []opening
	alone                   map[int]bool // groups whose blocks hold one sentence each
	listing                 bool         // other reads are being listed
	listed                  int          // in this group; if negative, in that or the next
	label                   lone

	covers   []span
	chapters []stated
	related  []spoiler.Passage
}

// opening is a warning or a chapter that is in force until a heading of its
// level; level 0: until the end.
type opening struct {
	at       int
	level    int
	chapter  spoiler.Position
	warning  bool
	question bool
}

// lone is a line that says nothing but a chapter. It governs the rest of its
// paragraph, or the paragraph (the list items) after it.
type lone struct {
	chapter   spoiler.Position
	group     int
	paragraph int // that it governs; 0: none yet
}

// questionLevel ranks a question below every heading.
const questionLevel = colonLevel + 1

var (
	faqWords   = regexp.MustCompile(`(?i)\bfaqs?\b|\bf\.a\.q|frequently asked|\bq ?& ?a\b|\bquestions\b`)
	faqName    = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:faqs?|questions)(?:[^a-z]|$)`)
	askedFor   = regexp.MustCompile(`(?i)^(?:q|question)\s*\d*\s*[:.)]\s+`)
	answered   = regexp.MustCompile(`(?i)^(?:a|answer)\s*\d*\s*[:.)]\s*`)
	parenthese = regexp.MustCompile(`\s*[(\[][^()\[\]]*[)\]]\s*$`)
)

// isQuestion reports whether a line asks something, "(spoilers)" at its end
// aside.
func isQuestion(s string) bool {
	s = strings.TrimRightFunc(parenthese.ReplaceAllString(s, ""), func(r rune) bool {
		return isSpace(r) || isEmoji(r) || r == '*' || r == '_'
	})
	s = strings.TrimRight(s, "!")
	return strings.HasSuffix(s, "?") || strings.HasSuffix(s, "？")
}

// read goes through the page.
func (o *outline) read() {
	o.wholeFAQ = o.isFAQ()
	o.alone = map[int]bool{}
	for _, b := range o.blocks {
		if b.kind == Prose {
			one, seen := o.alone[b.group]
			o.alone[b.group] = len(b.sentences) <= 1 && (one || !seen)
		}
	}
	if o.meta.flagged || mentionsSpoilers(o.meta.title) || warns(o.meta.title) {
		o.flag()
	}
	last := -1 // the block before that is kept
	for i := range o.blocks {
		b := &o.blocks[i]
		switch b.kind {
		case aside:
			continue
		case Title:
			o.paragraph++
			b.paragraph = o.paragraph
			if mentionsSpoilers(b.String()) || warns(b.String()) {
				o.flag()
			}
		case Heading:
			o.heading(b)
		default:
			o.prose(i, last)
		}
		if b.kind == aside {
			continue
		}
		last = i
		o.govern(b)
	}
	o.shut(len(o.runes), func(opening) bool { return true })
}

// flag marks the whole of the source as spoiling.
func (o *outline) flag() {
	o.meta.flagged = true
	o.covers = append(o.covers, span{0, len(o.runes)})
}

// isFAQ reports whether a file is an FAQ from end to end: it says so, or most
// of its headings are questions.
func (o *outline) isFAQ() bool {
	heads, asked, lines, prose, marked := 0, 0, 0, 0, 0
	for i, b := range o.blocks {
		ask := isQuestion(b.String())
		if ask && askedFor.MatchString(b.String()) {
			marked++
		}
		switch {
		case b.kind == Heading && ask:
			asked++
			heads++
		case b.kind == Heading:
			heads++
		case b.kind == Prose:
			prose++
			if ask && len(b.sentences) == 1 && i+1 < len(o.blocks) && !isQuestion(o.blocks[i+1].String()) {
				lines++
			}
		}
	}
	titles := o.meta.title
	if len(o.blocks) > 0 && o.blocks[0].kind == Title {
		titles += " " + o.blocks[0].String()
	}
	says := faqWords.MatchString(titles) || faqName.MatchString(path.Base(o.name))
	return marked >= 2 || asked >= 3 && (says || asked*2 >= heads) || lines >= 3 && (says || lines*3 >= prose)
}

// heading reads a heading.
func (o *outline) heading(b *block) {
	s := b.String()
	from := b.from()
	if o.listing && !o.markdown && b.level == plainLevel && o.lists(b) {
		b.kind = aside
		return
	}
	o.listing = false
	if (o.wholeFAQ || o.faq > 0 && b.level >= o.faq) && isQuestion(s) {
		o.shut(from, func(z opening) bool { return b.level < z.level || z.question })
		o.ask(b, b.level)
		return
	}
	o.entry = 0
	if isFurniture(s) {
		o.discard(b)
		return
	}
	first, listed := relatedList(s, true)
	level := b.level
	if listed {
		level = min(level, plainLevel) // whatever it looks like, the review ends here
	}
	o.shut(from, func(z opening) bool { return level <= z.level })
	if promisesNone(s) {
		o.shut(from, func(z opening) bool { return z.warning })
	}
	if o.faq > 0 && level <= o.faq {
		o.faq = 0
	}
	o.section++
	switch {
	case listed:
		o.list(b, first)
		return
	case endsWarning(s):
		b.kind = aside
		return
	case faqWords.MatchString(s) && o.faq == 0 && !o.wholeFAQ:
		o.faq = level
	}
	o.paragraph++
	b.section, b.paragraph = o.section, o.paragraph
	if mentionsSpoilers(s) || warns(s) {
		z := opening{at: from, level: level, chapter: chapterOf(s), warning: true}
		if level >= plainLevel && (onlyWarns(s) || warns(s)) {
			z.level = 0 // in plain text nothing says where a part ends
		}
		if level >= plainLevel && (onlyWarns(s) || warnsOfAll(s)) {
			b.kind = aside
		}
		if warnsOfAll(s) {
			o.flag()
		}
		o.open = append(o.open, z)
		return
	}
	chapter, _ := labelled(s)
	switch {
	case chapter == 0 || chapter > o.end:
	case level < plainLevel:
		o.open = append(o.open, opening{at: from, level: level, chapter: chapter})
	default:
		o.label = lone{chapter: chapter, group: -1}
		o.chapters = append(o.chapters, stated{span: span{from, b.to()}, chapter: chapter})
	}
}

// ask makes a block the next FAQ question.
func (o *outline) ask(b *block, level int) {
	if m := askedFor.FindString(b.String()); m != "" && wordy(b.String()[len(m):]) {
		o.behead(b, m)
		o.dotted = strings.Contains(m, ".")
	}
	o.entries++
	o.entry = o.entries
	o.paragraph++
	b.section, b.paragraph, b.entry = o.section, o.paragraph, o.entry
	b.sentences = []span{{0, len(b.text)}}
	b.kind = Question
	if mentionsSpoilers(b.String()) {
		o.open = append(o.open, opening{at: b.from(), level: level, warning: true, question: true, chapter: chapterOf(b.String())})
	}
}

// prose reads a paragraph, a line or a list item.
func (o *outline) prose(i, last int) {
	b := &o.blocks[i]
	s := b.String()
	if m := ratingLine.FindStringSubmatch(s); m != nil && !mentionsSpoilers(s) {
		if !o.hidden(b.from(), b.to()) {
			o.take("rating", m[1])
		}
		b.kind = aside
		return
	}
	first, listed := relatedList(s, i+1 < len(o.blocks) && o.blocks[i+1].kind == Item)
	switch {
	case isFurniture(s):
		o.discard(b)
		o.listing = o.listing && !wordy(s)
		return
	case endsWarning(s):
		b.kind = aside
		o.shut(b.from(), func(z opening) bool { return z.warning })
		return
	case onlyWarns(s):
		b.kind = aside
		o.open = append(o.open, opening{at: b.from(), level: o.reach(last), chapter: chapterOf(s), warning: true})
		return
	case listed && b.kind == Prose:
		o.list(b, first)
		return
	case o.listing && (b.kind == Item || !o.markdown && len(b.text) <= 100 && !isEnded(s)) && o.lists(b):
		b.kind = aside
		return
	}
	o.listing = false
	if _, alone := labelled(s); alone {
		chapter, _ := labelled(s)
		o.label = lone{chapter: chapter, group: b.group}
		b.kind = aside
		return
	}
	if o.wholeFAQ || o.faq > 0 {
		o.asked(b)
		if b.kind == Question {
			return
		}
	}
	joins := last >= 0 && b.kind == Prose && o.blocks[last].kind == Prose && o.blocks[last].group == b.group && o.alone[b.group]
	if !joins {
		o.paragraph++
	}
	b.section, b.paragraph, b.entry = o.section, o.paragraph, o.entry
	o.warned(b, last)
}

// asked finds the question with which a block of an FAQ begins.
func (o *outline) asked(b *block) {
	s := b.String()
	prefix := false
	if m := askedFor.FindString(s); m != "" && wordy(s[len(m):]) {
		prefix = true
		o.behead(b, m)
		o.dotted = strings.Contains(m, ".")
	} else if m := answered.FindString(s); m != "" && o.entry > 0 && wordy(s[len(m):]) && (o.dotted || !strings.Contains(m, ".")) {
		o.behead(b, m)
	}
	if len(b.sentences) == 0 {
		return
	}
	q := b.sentences[0]
	ask := isQuestion(str(b.text[q.from:q.to]))
	breaks := q.to < len(b.text) && isBreak(b.text[q.to].r)
	switch {
	case len(b.sentences) == 1 && (ask || prefix):
		o.shut(b.from(), func(z opening) bool { return z.question })
		o.ask(b, questionLevel)
	case ask && (prefix || breaks || isBold(b.text[q.from:q.to])):
		o.shut(b.from(), func(z opening) bool { return z.question })
		o.entries++
		o.entry = o.entries
		b.asks = true
	}
}

// behead takes a "Q:" from the head of a block.
func (o *outline) behead(b *block, head string) {
	b.text = trim(b.text[utf8.RuneCountInString(head):])
	b.sentences = split(b.text, false)
}

// govern gives a block the chapter of the lone line before it.
func (o *outline) govern(b *block) {
	l := &o.label
	if l.chapter == 0 || l.group < 0 && b.kind == Heading {
		l.group = 0 // the heading itself; its paragraph comes next
		return
	}
	if l.paragraph == 0 {
		l.paragraph = b.paragraph
	}
	if b.kind == Heading || b.paragraph != l.paragraph && b.kind != Item {
		o.label = lone{}
		return
	}
	l.paragraph = b.paragraph
	if l.chapter <= o.end {
		o.chapters = append(o.chapters, stated{span: span{b.from(), b.to()}, chapter: l.chapter})
	}
}

// shut ends the openings that match.
func (o *outline) shut(to int, ends func(opening) bool) {
	o.open = slices.DeleteFunc(o.open, func(z opening) bool {
		if to < len(o.runes) && !ends(z) {
			return false
		}
		at := span{z.at, to}
		if z.warning {
			o.covers = append(o.covers, at)
		}
		o.chapters = append(o.chapters, stated{span: at, chapter: z.chapter, warning: z.warning})
		return true
	})
}

func (o *outline) seal(s string) spoiler.Passage { return spoiler.Seal(o.book, o.end, s) }
