// Package replytest finds everything that dogear says, and says it in a
// language that no reader speaks, so that tests see what is not translated.
package replytest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dogear/bot"
	"dogear/bot/reply"
)

// Text is one thing that the program says.
type Text struct {
	English string // of what is counted, the word for many
	One     string // of what is counted, the word for one; empty: nothing is
	File    string // where it is said first
}

// Texts returns what the program says, each once, in the order of its source.
func Texts(t testing.TB) []Text {
	t.Helper()
	root := module(t)
	var all []Text
	seen := map[Text]bool{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != root && (strings.HasPrefix(d.Name(), ".") || strings.HasSuffix(d.Name(), "test") || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		s := source{TB: t, set: set, own: file.Name.Name == "reply", imports: map[string]bool{}}
		for _, imp := range file.Imports {
			full, _ := strconv.Unquote(imp.Path.Value)
			s.imports[path.Base(full)] = true
		}
		if !s.own && !s.imports["reply"] {
			return nil
		}
		ast.Inspect(file, s.look)
		for _, text := range s.texts {
			if !seen[text] {
				seen[text] = true
				text.File = filepath.ToSlash(rel)
				all = append(all, text)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// module returns the folder of go.mod: the test's own, or one above it.
func module(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	t.Fatal("there is no go.mod above the test")
	return ""
}

// source is a file that may say something.
type source struct {
	testing.TB
	set     *token.FileSet
	own     bool            // it is of package reply itself
	imports map[string]bool // by the name that they have in it
	texts   []Text
}

// saying is which arguments of a call are messages.
var saying = map[string][]int{"Words": {0}, "Say": {0}, "Head": {0}, "List": {0}, "Offer": {1}, "OfferChoice": {1}, "Count": {1, 2}}

// look notes what a node says: the messages of a call, or a constant of type
// message. Nothing else can be a message, whose type has no name elsewhere.
func (s *source) look(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ValueSpec:
		if is, ok := n.Type.(*ast.Ident); s.own && ok && is.Name == "message" {
			for _, v := range n.Values {
				s.note(v)
			}
		}
	case *ast.CallExpr:
		name, function := s.called(n.Fun)
		at, ok := saying[name]
		if !ok || function && name == "Say" || len(n.Args) <= at[len(at)-1] {
			break // the function Say takes a phrase
		}
		switch {
		case name == "Count":
			s.note(n.Args[2], n.Args[1])
		case !s.own || function:
			s.note(n.Args[at[0]])
		}
	}
	return true
}

// called returns the name of what is called, and whether that is a function of
// package reply; the empty name for what is none of its functions and methods.
func (s *source) called(fun ast.Expr) (name string, function bool) {
	switch f := fun.(type) {
	case *ast.Ident:
		if s.own {
			return f.Name, true
		}
	case *ast.SelectorExpr:
		of, ok := f.X.(*ast.Ident)
		if function = ok && of.Name == "reply"; ok && s.imports[of.Name] && !function {
			return "", false
		}
		return f.Sel.Name, function
	}
	return "", false
}

// note keeps a text, with that for one where it is for many.
func (s *source) note(many ast.Expr, one ...ast.Expr) {
	english, ok := constant(many)
	text := Text{English: english}
	for _, e := range one {
		var is bool
		text.One, is = constant(e)
		ok = ok && is
	}
	if !ok && s.own {
		return // it hands on what its caller says
	}
	if !ok {
		s.Errorf("%s: write out here what is said, so that it can be found", s.set.Position(many.Pos()))
		return
	}
	s.texts = append(s.texts, text)
}

// constant returns a text that stands in the source.
func constant(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, e.Kind == token.STRING && err == nil
	case *ast.BinaryExpr:
		a, ok := constant(e.X)
		b, too := constant(e.Y)
		return a + b, ok && too && e.Op == token.ADD
	}
	return "", false
}

// Names returns the names of commands, options and choices, of one word each.
func Names() []string {
	var names []string
	for _, c := range bot.Commands() {
		names = append(names, strings.Fields(c.Name)...)
		for _, o := range c.Options {
			names = append(append(names, o.Name), o.Choices...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Said returns what a language's file may translate.
func Said(t testing.TB) *reply.Said {
	t.Helper()
	said := reply.Said{Words: map[string]bool{}, Counts: map[string]bool{}, Commands: map[string]bool{}}
	for _, text := range Texts(t) {
		if text.One != "" {
			said.Counts[text.English] = true
		} else {
			said.Words[text.English] = true
		}
	}
	for _, name := range Names() {
		said.Commands[name] = true
	}
	return &said
}
