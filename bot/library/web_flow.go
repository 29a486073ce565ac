package library

import (
	"strings"

	"golang.org/x/net/html"
)

// flow is the text of a web page, or of a review in HTML, as its reader sees
// it: a line for each that the page breaks, an empty one between paragraphs.
type flow struct {
	runes    []rune
	lines    []logical
	covers   []span
	chapters []stated

	kept  map[*html.Node]bool // the texts to be drawn; nil: all
	lined bool                // a line that ends in the HTML ends on the page

	kind  Kind // of what is being drawn; empty: the text itself tells
	level int
	group int

	start  int  // where the open line begins
	inLine bool // there is an open line
	space  bool // white space is due in it
	loose  int  // code points of it that are not bold
	bold   int  // how many open elements make the text bold
	breaks int  // line breaks since the last line ended
	forced bool // the last of them is a <br>
	secret int  // how many open elements name a spoiler
}

var (
	// blockNames are the elements that stand apart from the text around them.
	blockNames = set("address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre search section summary table tbody td tfoot th thead tr ul")
	// unseenNames are those of which a page does not show the text, or only on
	// a button.
	unseenNames = set("applet audio button canvas datalist embed frame frameset head iframe input map math meter noembed noframes noscript object optgroup option progress rp rt script select style svg template textarea title video")
)

// draw adds the text of a node.
func (f *flow) draw(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		if f.kept == nil || f.kept[n] {
			f.add(n.Data)
		}
		return
	case html.ElementNode:
		f.element(n)
		return
	}
	f.children(n)
}

func (f *flow) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		f.draw(c)
	}
}

func (f *flow) element(n *html.Node) {
	named := namesSpoiler(n)
	switch {
	case unseenNames[n.Data], !named && f.secret == 0 && unshown(n):
		return
	case n.Data == "br":
		f.endLine()
		f.breaks++
		f.forced = true
		return
	}
	kind, level, lined, from := f.kind, f.level, f.lined, len(f.runes)
	apart := blockNames[n.Data]
	if apart {
		f.endBlock()
	}
	switch name := n.Data; name {
	case "li", "td", "th":
		f.kind, f.level = Item, 0
	case "h1", "h2", "h3", "h4", "h5", "h6":
		f.kind, f.level = Heading, int(name[1]-'0')
	case "summary":
		f.kind, f.level = Heading, colonLevel
	case "pre":
		f.lined = true
	case "b", "strong":
		f.bold++
		defer func() { f.bold-- }()
	}
	if named {
		f.secret++
		defer func() { f.secret-- }()
	}
	f.children(n)
	if apart {
		f.endBlock()
	}
	f.kind, f.level, f.lined = kind, level, lined
	if at := (span{from, len(f.runes)}); at.from < at.to && (named || veiled(n)) {
		f.covers = append(f.covers, at)
		if c := chapterOf(summaryOf(n)); c > 0 {
			f.chapters = append(f.chapters, stated{span: at, chapter: c})
		}
	}
}

// summaryOf returns the line under which a <details> is folded; "" if there is
// none.
func summaryOf(n *html.Node) string {
	for c := n.FirstChild; n.Data == "details" && c != nil; c = c.NextSibling {
		if c.Data == "summary" && c.Type == html.ElementNode {
			f := flow{}
			f.children(c)
			return string(f.runes[:min(len(f.runes), 200)])
		}
	}
	return ""
}

// add adds a text as a page shows it: white space of any length is one space.
func (f *flow) add(text string) {
	for _, r := range text {
		switch {
		case r == '\n' && f.lined:
			if !f.forced {
				f.endLine()
				f.breaks++
			}
			f.forced = false
		case strings.ContainsRune(" \t\n\r\f", r):
			f.space = f.inLine
		default:
			f.put(r)
		}
	}
}

func (f *flow) put(r rune) {
	switch {
	case f.inLine && f.space:
		f.runes = append(f.runes, ' ')
	case !f.inLine:
		if f.breaks > 1 {
			f.group++
		}
		if n := len(f.lines); n > 0 {
			f.runes = append(f.runes, '\n')
			if f.lines[n-1].group != f.group {
				f.runes = append(f.runes, '\n')
			}
		}
		f.inLine, f.start, f.loose = true, len(f.runes), 0
	}
	f.space, f.forced, f.breaks = false, false, 0
	f.runes = append(f.runes, r)
	if f.bold == 0 && !isSpace(r) && r != ':' {
		f.loose++
	}
}

// endLine ends the open line, if there is one. A short bold one is a heading.
func (f *flow) endLine() {
	if !f.inLine {
		return
	}
	f.inLine, f.space = false, false
	l := logical{span: span{f.start, len(f.runes)}, group: f.group, kind: f.kind, level: f.level}
	text := string(f.runes[l.from:l.to])
	l.first = text
	if f.kind == "" && f.loose == 0 && l.to-l.from <= 120 && !isEnded(text) {
		l.kind, l.level = Heading, plainLevel
	}
	if l.kind == "" {
		l.bullet = len([]rune(bullet.FindString(text)))
	}
	f.lines = append(f.lines, l)
}

// endBlock ends the open line and what belongs together with it.
func (f *flow) endBlock() {
	f.endLine()
	if n := len(f.lines); n > 0 && f.lines[n-1].group == f.group {
		f.group++
	}
	f.breaks = 0
}

// drawn takes what was drawn as the text of the page.
func (p *page) drawn(f *flow) {
	f.endBlock()
	p.runes, p.body = f.runes, 0
	var paras []span
	for i, l := range f.lines {
		if i > 0 && f.lines[i-1].group == l.group {
			paras[len(paras)-1].to = l.to
		} else {
			paras = append(paras, l.span)
		}
	}
	p.marks = findMarks(p.runes, 0, paras)
	p.marks.covers = append(p.marks.covers, f.covers...)
	p.marks.chapters = append(p.marks.chapters, f.chapters...)
	p.blocks = plainBlocks(p, f.lines)
}

// parseFragment reads HTML that is no whole page. What is nested too deeply is
// one text, tags and all, whose marks are found like those of any other.
func parseFragment(text string) *html.Node {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return &html.Node{Type: html.TextNode, Data: text}
	}
	return doc
}
