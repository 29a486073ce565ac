package library

import (
	"bytes"
	"cmp"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

var (
	entity = regexp.MustCompile(`^&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});`)
	lineTo = regexp.MustCompile(`(?i)^<br\s*/?>$`)
	parser = goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Table)).Parser()
)

// markdownBlocks reads a Markdown file as blocks.
func markdownBlocks(p *page) []block {
	src := []byte(string(p.runes[p.body:]))
	for i, b := range src {
		// Old line ends, so that bytes keep their places.
		if b == '\r' && (i+1 == len(src) || src[i+1] != '\n') {
			src[i] = '\n'
		}
	}
	w := &walker{page: p, src: src, at: make([]int, len(src)+1)}
	n := p.body - 1
	for i, b := range src {
		if utf8.RuneStart(b) {
			n++
		}
		w.at[i] = n
	}
	w.at[len(src)] = n + 1
	doc := parser.Parse(text.NewReader(src))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		w.group++
		w.block(n, Prose)
	}
	// A paragraph that a table takes its rows out of may come after it.
	slices.SortStableFunc(w.out, func(a, b block) int { return cmp.Compare(a.text[0].at.from, b.text[0].at.from) })
	return w.out
}

// walker turns a tree of Markdown into blocks.
type walker struct {
	page  *page
	src   []byte
	at    []int // the code point of each byte of src
	group int
	out   []block
}

// block walks a block and what is in it.
func (w *walker) block(n ast.Node, kind Kind) {
	switch n := n.(type) {
	case *ast.Heading:
		g := trim(w.inline(n))
		// A line of dashes under a paragraph is meant as a rule more often
		// than as the underline of a heading that long.
		if n.Lines().Len() > 1 || len(g) > 160 {
			w.add(block{kind: kind, text: g})
		} else {
			w.add(block{kind: Heading, level: n.Level, text: g})
		}
	case *ast.Paragraph, *ast.TextBlock:
		b := block{kind: kind, text: trim(w.inline(n))}
		if kind == Prose && (isBold(b.text) || isCaps(b.String()) && !isEnded(b.String())) && len(b.text) <= 120 && !hasLines(b.text) {
			b.kind, b.level = Heading, plainLevel
		}
		w.add(b)
	case *extast.TableCell:
		w.add(block{kind: Item, text: trim(w.inline(n))})
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		t := &run{walker: w}
		for i := range n.Lines().Len() {
			s := n.Lines().At(i)
			t.add(s.Start, s.Stop, true)
		}
		w.add(block{kind: kind, text: trim(t.out)})
	case *ast.HTMLBlock:
		w.html(n, kind)
	case *ast.ListItem:
		w.children(n, Item)
	default:
		w.children(n, kind)
	}
}

func (w *walker) children(n ast.Node, kind Kind) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Type() == ast.TypeBlock {
			w.block(c, kind)
		}
	}
}

// add keeps a block unless it is empty.
func (w *walker) add(b block) {
	if len(b.text) == 0 {
		return
	}
	b.group = w.group
	w.out = append(w.out, b)
}

// inline returns the text within a paragraph or a heading.
func (w *walker) inline(n ast.Node) []glyph {
	t := &run{walker: w}
	if n.Lines().Len() > 0 {
		t.last = n.Lines().At(0).Start
	}
	t.walk(n)
	return t.out
}

// run is text in the making.
type run struct {
	*walker
	out  []glyph
	last int  // the byte after what was added last
	soft bool // a line break is due
	hard bool // and it ends a sentence
	bold bool
}

// walk adds the text of what stands within n.
func (t *run) walk(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			t.add(c.Segment.Start, c.Segment.Stop, c.IsRaw() || n.Kind() == ast.KindCodeSpan)
			t.soft = t.soft || c.SoftLineBreak() || c.HardLineBreak()
			t.hard = t.hard || c.HardLineBreak()
		case *ast.RawHTML:
			if c.Segments.Len() == 1 {
				if s := c.Segments.At(0); lineTo.Match(s.Value(t.src)) {
					t.soft, t.hard = true, true
				}
			}
		case *ast.Emphasis:
			was := t.bold
			t.bold = was || c.Level > 1
			t.walk(c)
			t.bold = was
		case *ast.AutoLink:
			// The tree does not say where it stands.
			if i := bytes.Index(t.src[t.last:], c.Label(t.src)); i >= 0 {
				t.add(t.last+i, t.last+i+len(c.Label(t.src)), true)
			}
		case *ast.Link:
			start := len(t.out)
			t.walk(c)
			if start < len(t.out) && spoilerLink.Match(c.Destination) {
				m := &t.page.marks // one by reference is seen nowhere else
				m.covers = append(m.covers, span{t.out[start].at.from, t.out[len(t.out)-1].at.to})
			}
		case *ast.Image:
			// its description is not a part of the text
		default:
			t.walk(c)
		}
	}
}

// add adds the text between two bytes of the source.
func (t *run) add(from, to int, raw bool) {
	if t.soft && len(t.out) > 0 {
		t.lineBreak(from)
	}
	t.soft, t.hard = false, false
	for i := from; i < to; {
		r, n := utf8.DecodeRune(t.src[i:to])
		switch {
		case t.page.marks.drop[t.at[i]-t.page.body] != keep:
		case !raw && r == '\\' && i+1 < to && isPunct(t.src[i+1]):
			if t.page.marks.drop[t.at[i+1]-t.page.body] != keep {
				break
			}
			n = 2
			t.put(rune(t.src[i+1]), i, i+2)
		case !raw && r == '&':
			if m := entity.Find(t.src[i:to]); m != nil {
				n = len(m)
				for _, c := range html.UnescapeString(string(m)) {
					t.put(c, i, i+n)
				}
				break
			}
			t.put(r, i, i+n)
		default:
			t.put(r, i, i+n)
		}
		i += n
	}
	t.last = to
}

func (t *run) put(r rune, from, to int) {
	if r == '\n' && t.page.runes[t.at[from]] == '\r' {
		r = '\r' // as the file has it
	}
	t.out = append(t.out, glyph{r: r, at: span{t.at[from], t.at[to]}, bold: t.bold})
}

// lineBreak adds the break between two lines of a paragraph: as it stands in
// the file, unless there is markup in it.
func (t *run) lineBreak(next int) {
	gap := t.src[t.last:max(next, t.last)]
	if len(gap) == 0 || strings.TrimSpace(string(gap)) != "" {
		t.out = append(t.out, glyph{r: '\n', at: span{t.at[t.last], t.at[t.last]}, hard: t.hard})
		return
	}
	start := len(t.out)
	for i := t.last; i < next; {
		r, n := utf8.DecodeRune(t.src[i:])
		t.put(r, i, i+n)
		i += n
	}
	for i := start; i < len(t.out); i++ {
		t.out[i].hard = t.hard
		t.out[i].bold = t.bold
	}
}

func isPunct(b byte) bool {
	return b < utf8.RuneSelf && (unicode.IsPunct(rune(b)) || unicode.IsSymbol(rune(b)))
}

// isBold reports whether all of a text is bold.
func isBold(g []glyph) bool {
	for _, c := range g {
		if !c.bold && !isSpace(c.r) && c.r != ':' {
			return false
		}
	}
	return len(g) > 0
}

func hasLines(g []glyph) bool {
	for _, c := range g {
		if isBreak(c.r) {
			return true
		}
	}
	return false
}
