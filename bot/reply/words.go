package reply

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

// Said is what the program says: the keys that the file of a language may have.
type Said struct {
	Words    map[string]bool // English texts
	Counts   map[string]bool // English words for many
	Commands map[string]bool // names of commands, options and choices, of one word
}

// ReadLanguage reads a language from the file that is called by its tag, such
// as "pt-BR.yaml". Its errors say on which lines something is wrong. With a nil
// said, nobody looks whether the program says what the file translates.
func ReadLanguage(file string, data []byte, said *Said) (*Language, error) {
	name, _ := strings.CutSuffix(file, ".yaml")
	tag, err := language.Parse(name)
	if err != nil || tag.String() != name {
		return nil, fmt.Errorf("%s: a file is called by the tag of its language, such as de.yaml or pt-BR.yaml", file)
	}
	r := wordReader{file: file, said: said, Language: &Language{
		tag: tag, words: map[message]string{}, counts: map[message]map[string]string{}, commands: map[string]string{},
	}}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, fmt.Errorf("%s: %s", file, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(root.Content) > 0 {
		r.parts(root.Content[0])
	}
	if err := errors.Join(r.problems...); err != nil {
		return nil, err
	}
	return r.Language, nil
}

// wordReader reads the file of a language.
type wordReader struct {
	*Language
	file     string
	said     *Said
	problems []error
}

func (r *wordReader) problem(at *yaml.Node, why string, args ...any) {
	r.problems = append(r.problems, fmt.Errorf("%s:%d: %s", r.file, at.Line, fmt.Sprintf(why, args...)))
}

// pairs hands the pairs of a map to each, those alone whose key is new.
func (r *wordReader) pairs(n *yaml.Node, each func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.problem(n, "want names with what stands for them, one a line")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if seen[key.Value] {
			r.problem(key, "%q stands here for the second time", key.Value)
			continue
		}
		seen[key.Value] = true
		each(key, n.Content[i+1])
	}
}

// text returns a line of text; empty where there is none yet.
func (r *wordReader) text(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		r.problem(n, "want a text")
		return ""
	}
	if n.Tag == "!!null" {
		return ""
	}
	text := strings.TrimSpace(n.Value)
	if strings.ContainsFunc(text, unicode.IsControl) {
		r.problem(n, "want a text of one line")
	}
	return text
}

func (r *wordReader) parts(n *yaml.Node) {
	said := Said{}
	if r.said != nil {
		said = *r.said
	}
	known := func(in map[string]bool, key *yaml.Node) bool {
		if ok := r.said == nil || in[key.Value]; !ok {
			r.problem(key, "dogear does not say %q", key.Value)
			return false
		}
		return true
	}
	r.pairs(n, func(part, n *yaml.Node) {
		switch part.Value {
		case "words":
			r.pairs(n, func(key, value *yaml.Node) {
				if text := r.text(value); known(said.Words, key) && text != "" {
					r.same(value, key.Value, text)
					r.words[message(key.Value)] = text
				}
			})
		case "counts":
			r.pairs(n, func(key, value *yaml.Node) {
				if known(said.Counts, key) {
					r.count(key, value)
				}
			})
		case "commands":
			r.pairs(n, func(key, value *yaml.Node) {
				if text := r.text(value); known(said.Commands, key) && text != "" {
					if !isName(text) {
						r.problem(value, "a name is 1 to 32 lower-case letters, digits, - and _")
					}
					r.commands[key.Value] = text
				}
			})
		default:
			r.problem(part, "%q is none of words, counts and commands", part.Value)
		}
	})
}

// count reads the forms of a counted word: all that the language has, or none.
func (r *wordReader) count(key, value *yaml.Node) {
	want := Forms(r.tag)
	texts := map[string]string{}
	r.pairs(value, func(form, value *yaml.Node) {
		if !slices.Contains(want, form.Value) {
			r.problem(form, "the forms of the plural in %s are %s", r.tag, strings.Join(want, ", "))
			return
		}
		if text := r.text(value); text != "" {
			r.same(value, "{1}", text)
			texts[form.Value] = text
		}
	})
	if len(texts) == 0 {
		return
	}
	if len(texts) < len(want) {
		r.problem(key, "the forms of the plural in %s are %s", r.tag, strings.Join(want, ", "))
	}
	r.counts[message(key.Value)] = texts
}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// same refuses a translation that does not fill in what the English fills in.
func (r *wordReader) same(at *yaml.Node, english, text string) {
	if want := placeholders(english); !slices.Equal(want, placeholders(text)) {
		if len(want) == 0 {
			r.problem(at, "nothing is filled in here")
		} else {
			r.problem(at, "want %s in it, and no others", strings.Join(want, " "))
		}
	}
}

// placeholders returns what is to be filled in, each once.
func placeholders(s string) []string {
	return slices.Compact(slices.Sorted(slices.Values(placeholder.FindAllString(s, -1))))
}

// isName reports whether every platform takes a name for that of a command.
func isName(s string) bool {
	if n := utf8.RuneCountInString(s); n < 1 || n > 32 || strings.ToLower(s) != s {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.M) && r != '-' && r != '_' })
}
