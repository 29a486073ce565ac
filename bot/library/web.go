package library

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/text/language"
)

// shortArticle is how many characters the article of a page has at least. One
// that is shorter is looked for again with menus and the like let in.
const shortArticle = 100

// web reads a web page as a browser saved it: its article, without what stands
// around it. The text of the page is its title and the article.
func (p *page) web() error {
	text := unnumbered(strings.TrimPrefix(string(p.runes), "\ufeff"))
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return refuse(p.name, "is no web page that can be read: its elements are nested too deeply")
	}
	found, err := article(text, doc)
	if err != nil {
		return refuse(p.name, "is no web page that can be read")
	}
	about, writers := aboutPage(doc, found.root)
	if about.title == "" {
		about.title = found.title
	}
	about.title = strings.Join(strings.Fields(about.title), " ")
	if utf8.RuneCountInString(about.title) > 200 {
		about.title = "" // no title, and no place for a text either
	}
	p.meta = about
	for _, w := range append(writers, found.byline) {
		p.writtenBy(w)
	}

	f := &flow{kept: found.texts}
	if about.title != "" {
		f.kind, f.level = Heading, 1
		f.add(about.title)
		f.endBlock()
		f.kind, f.level = "", 0
		drop(doc, found.texts, about.title)
	}
	f.draw(doc)
	if broken(text) {
		f.covers = append(f.covers, span{0, len(f.runes)})
	}
	p.drawn(f)
	return nil
}

// writtenBy takes the reviewer from a line that says who wrote the page.
func (p *page) writtenBy(byline string) {
	s := strings.Join(strings.Fields(byline), " ")
	if m := bylineOf.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	if at := parted.FindStringIndex(s); at != nil {
		s = s[:at[0]]
	}
	if p.meta.reviewer == "" && isPerson(s) && !strings.ContainsAny(s, "/:?!<>") {
		p.take("reviewer", s)
	}
}

var bylineOf = regexp.MustCompile(`(?i)^(?:(?:a )?review(?:ed)? |written |posted |guest post )?by:?\s+(.+?)(?:\s+on\s+.{4,40})?$`)

// The texts of a page are numbered with code points that no text uses, so that
// those of the article can be told whatever becomes of the elements around
// them.
const (
	numberMark = '\ue000'
	digitZero  = '\ue010'
)

// found is the article of a page.
type found struct {
	title, byline string
	root          *html.Node // in which all of it stands; nil: there is none
	texts         map[*html.Node]bool
}

// article finds the article of a page. doc was parsed from the same HTML.
func article(text string, doc *html.Node) (found, error) {
	work, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return found{}, err
	}
	for i, n := range texts(work) {
		n.Data = withNumber(i) + n.Data
	}
	laidOpen(work, false)
	parser := readability.NewParser()
	parser.CharThresholds = shortArticle
	read, err := parser.ParseAndMutate(work, &url.URL{})
	if err != nil {
		return found{}, err
	}
	out := found{title: unnumbered(read.Title()), byline: unnumbered(read.Byline()), texts: map[*html.Node]bool{}}
	if read.Node == nil {
		return out, nil
	}
	all, last := texts(doc), -1
	for _, n := range texts(read.Node) {
		for _, i := range numbers(n.Data) {
			if i < len(all) {
				out.texts[all[i]] = true
				last = max(last, i)
			}
		}
	}
	if last >= 0 {
		out.rescue(doc, all[last])
	}
	return out, nil
}

// rescue keeps what was left out of an article and says of it what spoils: a
// spoiler that stands in it, and a warning before its end.
func (f *found) rescue(doc, last *html.Node) {
	root, kept := last, f.texts
	for n := range kept {
		for !inside(n, root) {
			root = root.Parent
		}
	}
	f.root = root
	ended := false
	var walk func(n *html.Node, within, named bool)
	walk = func(n *html.Node, within, named bool) {
		within = within || n == root
		switch {
		case n.Type == html.TextNode:
			kept[n] = kept[n] || within && named || !ended && (warns(n.Data) || onlyWarns(strings.TrimSpace(n.Data)))
			ended = ended || n == last
		case n.Type == html.ElementNode:
			if !inside(root, n) && isAround(n) {
				return
			}
			named = named || namesSpoiler(n)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, within, named)
		}
	}
	walk(doc, false, false)
}

// inside reports whether a node is another, or stands in it.
func inside(n, root *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == root {
			return true
		}
	}
	return false
}

var aroundName = regexp.MustCompile(`(?i)(?:^|[\s_-])(?:comments?|commentlist|respond|repl(?:y|ies)|disqus|sidebar|widgets?|related|jp-relatedposts|share|sharing|sharedaddy|social|nav|navigation|menu|breadcrumbs?|masthead|colophon|cookie|newsletter|subscribe|site-header|site-footer)(?:$|[\s_-])`)

// isAround reports whether an element is a menu, the comments or what else a
// page puts around an article.
func isAround(n *html.Node) bool {
	switch n.Data {
	case "nav", "footer", "form":
		return true
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id":
			if aroundName.MatchString(a.Val) {
				return true
			}
		case "role":
			if a.Val == "navigation" || a.Val == "contentinfo" || a.Val == "complementary" {
				return true
			}
		}
	}
	return false
}

// laidOpen takes from the elements that name spoilers, and from what stands in
// them, whatever would have them left out of the article.
func laidOpen(n *html.Node, in bool) {
	if n.Type == html.ElementNode && n.Data != "html" && n.Data != "body" && (in || namesSpoiler(n)) {
		in = true
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key != "href" && a.Key != "src" })
		switch {
		case n.Data == "details":
			n.Data, n.DataAtom = "div", 0
		case n.Data == "summary":
			n.Data, n.DataAtom = "p", 0
		case isNamed(n.Data):
			n.Data, n.DataAtom = "span", 0
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		laidOpen(c, in)
	}
}

// texts returns the texts below a node, in their order, but for those that no
// page shows.
func texts(n *html.Node) []*html.Node {
	var all []*html.Node
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode && strings.TrimSpace(n.Data) != "":
			all = append(all, n)
		case n.Type == html.ElementNode && unseenNames[n.Data]:
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return all
}

func withNumber(i int) string {
	var digits []rune
	for ; i > 0 || len(digits) == 0; i /= 10 {
		digits = append(digits, digitZero+rune(i%10))
	}
	slices.Reverse(digits)
	return string(numberMark) + string(digits) + string(numberMark)
}

// numbers returns the numbers in a text.
func numbers(s string) []int {
	var all []int
	n, open := 0, false
	for _, r := range s {
		switch {
		case r == numberMark && open:
			all = append(all, n)
			open = false
		case r == numberMark:
			n, open = 0, true
		case open && r >= digitZero && r < digitZero+10 && n < 1<<30:
			n = n*10 + int(r-digitZero)
		default:
			open = false
		}
	}
	return all
}

// unnumbered returns a text without numbers.
func unnumbered(s string) string {
	return strings.Map(func(r rune) rune {
		if r == numberMark || r >= digitZero && r < digitZero+10 {
			return -1
		}
		return r
	}, s)
}

// drop leaves the first heading out of an article that says its title again.
func drop(n *html.Node, kept map[*html.Node]bool, title string) bool {
	if n.Type == html.ElementNode && (n.Data == "h1" || n.Data == "h2") {
		if strings.EqualFold(strings.Join(strings.Fields(textOf(n)), " "), title) {
			for _, t := range texts(n) {
				delete(kept, t)
			}
			return true
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if drop(c, kept, title) {
			return true
		}
	}
	return false
}

var (
	// authorName is in the attributes of what names who wrote a page.
	authorName = regexp.MustCompile(`(?i)(?:^|[\s_-])(?:author|byline|writer|reviewer)(?:$|\s|[_-]name)`)

	isoDate  = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}`)
	httpLink = regexp.MustCompile(`(?i)^https?://\S+$`)
)

// aboutPage reads what a page says of itself, and who may have written the
// article in root.
func aboutPage(doc, root *html.Node) (m metadata, writers []string) {
	var named []string
	var canonical, stamp string
	set := func(into *string, s string) {
		if *into == "" {
			*into = strings.Join(strings.Fields(s), " ")
		}
	}
	link := func(into *string, s string) {
		if s = strings.TrimSpace(s); *into == "" && httpLink.MatchString(s) {
			*into = s
		}
	}
	date := func(into *string, s string) {
		if *into == "" {
			*into = isoDate.FindString(strings.TrimSpace(s))
		}
	}
	var walk func(*html.Node, bool)
	walk = func(n *html.Node, around bool) {
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
		}
		switch n.Data {
		case "html":
			if tag, err := language.Parse(at["lang"]); err == nil && tag != language.Und {
				m.language = tag.String()
			}
		case "link":
			if strings.EqualFold(at["rel"], "canonical") {
				link(&canonical, at["href"])
			}
		case "meta":
			switch strings.ToLower(at["property"] + at["name"] + at["itemprop"]) {
			case "author", "article:author", "dc.creator":
				named = append(named, at["content"])
			case "og:title":
				set(&m.title, at["content"])
			case "og:url":
				link(&m.link, at["content"])
			case "article:published_time", "datepublished", "date":
				date(&m.date, at["content"])
			case "article:tag", "keywords":
				m.flagged = m.flagged || mentionsSpoilers(at["content"])
			}
		case "time":
			if !around {
				date(&stamp, at["datetime"])
			}
		case "a":
			if rel := strings.Fields(strings.ToLower(at["rel"])); slices.Contains(rel, "tag") || slices.Contains(rel, "category") {
				m.flagged = m.flagged || mentionsSpoilers(textOf(n))
			}
		}
		if n.Type == html.ElementNode {
			around = around || n.Data != "footer" && isAround(n) && !inside(root, n)
			if !around && len(writers) < 20 && authorName.MatchString(at["class"]+" "+at["rel"]+" "+at["itemprop"]) {
				writers = append(writers, textOf(n))
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, around)
		}
	}
	walk(doc, false)
	if canonical != "" {
		m.link = canonical
	}
	set(&m.date, stamp)
	return m, append(writers, named...)
}

// textOf returns the text below a node.
func textOf(n *html.Node) string {
	var b strings.Builder
	for _, t := range texts(n) {
		b.WriteString(t.Data)
	}
	return b.String()
}
