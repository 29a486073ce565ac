package library

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

var (
	htmlTag     = regexp.MustCompile(`(?is)<!--.*?-->|</?([a-z][\w:.-]*)(?:[\s/](?:"[^"\n]*"|'[^'\n]*'|[^<>])*)?>`)
	htmlUnseen  = regexp.MustCompile(`(?is)^\s*<(?:script|style|template|!--|\?|!)`)
	inlineNames = set("a abbr b big cite code del em font i ins kbd mark q s small span strike strong sub sup tt u")
)

// html adds the text of a block of HTML: each element that is not a part of a
// line becomes a block, a summary a heading.
func (w *walker) html(n *ast.HTMLBlock, kind Kind) {
	from, to := -1, -1
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		if from < 0 {
			from = s.Start
		}
		to = s.Stop
	}
	if n.HasClosure() {
		if from < 0 {
			from = n.ClosureLine.Start
		}
		to = n.ClosureLine.Stop
	}
	if from < 0 || to <= from || n.HTMLBlockType != ast.HTMLBlockType6 && n.HTMLBlockType != ast.HTMLBlockType7 && htmlUnseen.Match(w.src[from:to]) {
		return
	}
	t := &run{walker: w}
	is := block{kind: kind}
	flush := func(next block) {
		is.text = trim(t.out)
		w.add(is)
		t.out, is = nil, next
	}
	pos := from
	for _, m := range htmlTag.FindAllSubmatchIndex(w.src[from:to], -1) {
		t.add(pos, from+m[0], false)
		pos = from + m[1]
		if m[2] < 0 {
			continue // a comment
		}
		name := strings.ToLower(string(w.src[from+m[2] : from+m[3]]))
		shut := w.src[from+m[0]+1] == '/'
		switch {
		case name == "summary" && !shut:
			flush(block{kind: Heading, level: colonLevel})
		case name == "li" && !shut:
			flush(block{kind: Item})
		case len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && !shut:
			flush(block{kind: Heading, level: int(name[1] - '0')})
		case !inlineNames[name] && !strings.Contains(name, "spoil"):
			flush(block{kind: kind})
		}
	}
	t.add(pos, to, false)
	flush(block{})
}
