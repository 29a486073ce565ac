package library

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

// metadata is what a file says of itself before its text begins.
type metadata struct {
	title, reviewer, link, date, rating, language string
	flagged                                       bool
}

// maxField is how many characters a field of front matter may have that is
// kept unsealed. None holds a text, so that none can spoil much.
const maxField = 80

var (
	fieldLine = regexp.MustCompile(`^\s*(?:["']?[\pL_][\pL\pN_ -]*["']?\s*:(?:\s|$)|#)`)
)

// readFrontMatter reads the YAML between two lines of dashes at the top of a
// file. It returns where the text begins: at 0 if there is no front matter.
func readFrontMatter(name string, runes []rune) (metadata, int, error) {
	all := lines(runes, 0)
	line := func(i int) string {
		return strings.TrimRight(strings.TrimPrefix(string(runes[all[i].from:all[i].to]), "\ufeff"), " \t")
	}
	if line(0) != "---" {
		return metadata{}, 0, nil
	}
	end := 0
	for i := 1; i < len(all) && end == 0; i++ {
		switch line(i) {
		case "---", "...":
			end = i
		}
	}
	if len(all) == 1 {
		return metadata{}, 0, nil
	}
	switch fields := fieldLine.MatchString(line(1)); {
	case !fields && (end == 0 || line(1) == ""):
		return metadata{}, 0, nil // a rule, and prose below it
	case end == 0:
		return metadata{}, 0, Problem{name, 1, "the front matter that begins here is never closed by a line of ---"}
	}
	var b strings.Builder
	for i := 1; i < end; i++ {
		b.WriteString(line(i))
		b.WriteByte('\n')
	}
	meta, at, why := parseFields(b.String())
	if why != "" {
		return metadata{}, 0, Problem{name, at + 1, "front matter: " + why}
	}
	return meta, lineAfter(runes, all[end]), nil
}

// parseFields reads the fields of front matter. Where it fails it says why and
// on which line of the YAML, and never repeats what stands there.
func parseFields(text string) (meta metadata, line int, why string) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return meta, brokenLine(text), "not valid YAML; a value with a colon or a quote in it needs quotes around it"
	}
	if len(doc.Content) == 0 {
		return meta, 0, ""
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return meta, root.Line, "not a list of fields, one a line, each with a colon after its name"
	}
	seen := map[*string]bool{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		field, known := strings.ToLower(key.Value), true
		var into *string
		switch field {
		case "title":
			into = &meta.title
		case "reviewer", "author", "by", "reviewed_by", "reviewed by":
			into = &meta.reviewer
		case "link", "url", "permalink", "source":
			into = &meta.link
		case "date":
			into = &meta.date
		case "rating", "stars":
			into = &meta.rating
		case "language", "lang":
			into = &meta.language
		case "spoilers", "spoiler", "contains_spoilers", "contains spoilers":
		default:
			known = strings.Contains(field, "spoiler") && !strings.Contains(field, "free")
		}
		if !known {
			continue
		}
		text, ok := scalar(value)
		switch {
		case !ok:
			return meta, key.Line, field + " is not a plain value"
		case into == nil:
			meta.flagged = meta.flagged || !saysNo(text)
			continue
		case seen[into] && field != "author":
			return meta, key.Line, field + " stands here for the second time"
		case seen[into]:
			continue // a reviewer is named already: this is the book's author
		case into != &meta.title && into != &meta.link && utf8.RuneCountInString(text) > maxField:
			return meta, key.Line, field + " is longer than " + strconv.Itoa(maxField) + " characters"
		}
		if into == &meta.language && text != "" {
			tag, err := language.Parse(text)
			if err != nil {
				return meta, key.Line, "language is not a language tag such as en or de-AT"
			}
			text = tag.String()
		}
		*into, seen[into] = text, field != "author"
	}
	return meta, 0, ""
}

// brokenLine returns the line after the longest head of a broken YAML text that
// is not broken. The parser's own line is where it gave up, which for a quote
// that is never closed is the last one.
func brokenLine(text string) int {
	all := strings.SplitAfter(text, "\n")
	for n := min(len(all), 100) - 1; n > 0; n-- {
		var doc yaml.Node
		if yaml.Unmarshal([]byte(strings.Join(all[:n], "")), &doc) == nil {
			return n + 1
		}
	}
	return 1
}

// scalar returns a value, or a list of them, on one line.
func scalar(n *yaml.Node) (string, bool) {
	switch n.Kind {
	case yaml.AliasNode:
		if n.Alias.Kind != yaml.ScalarNode {
			return "", false
		}
		return scalar(n.Alias)
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return "", true
		}
		return strings.Join(strings.Fields(n.Value), " "), true
	case yaml.SequenceNode:
		var all []string
		for _, c := range n.Content {
			if c.Kind != yaml.ScalarNode {
				return "", false
			}
			all = append(all, strings.Join(strings.Fields(c.Value), " "))
		}
		return strings.Join(all, ", "), true
	}
	return "", false
}

// saysNo reports whether the value of a spoiler field denies spoilers. Whatever
// else stands there ("yes", "heavy", "ending") warns of them.
func saysNo(text string) bool {
	switch strings.ToLower(text) {
	case "", "no", "none", "false", "off", "0", "n", "free":
		return true
	}
	return false
}
