package reply

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"dogear/bot/spoiler"
)

// Language is how dogear speaks a language. A nil Language is English, which
// the program itself is written in.
type Language struct {
	tag      language.Tag
	words    map[message]string            // by the English text
	counts   map[message]map[string]string // by the English word for many, then by the form of the plural
	commands map[string]string             // names of commands, options and choices, by the English ones
}

//go:embed words
var shipped embed.FS

// spoken is every language but English, and what chooses among them.
var spoken struct {
	sync.RWMutex
	all    []*Language
	choice language.Matcher // English comes first
}

// Teach makes a language known beside those that ship, in the place of one with
// the same tag.
func Teach(l *Language) {
	load()
	spoken.Lock()
	defer spoken.Unlock()
	learn(l)
}

// load reads the languages that ship, once.
var load = sync.OnceFunc(func() {
	files, err := fs.Glob(shipped, "words/*.yaml")
	if err != nil {
		panic(err)
	}
	spoken.Lock()
	defer spoken.Unlock()
	for _, name := range files {
		data, err := shipped.ReadFile(name)
		if err != nil {
			panic(err)
		}
		if path.Base(name) == english {
			continue
		}
		l, err := ReadLanguage(path.Base(name), data, nil)
		if err != nil {
			panic(fmt.Errorf("a language that ships: %w", err)) // the tests read each of them
		}
		learn(l)
	}
})

// english is the file of the language that needs no translation.
const english = "en.yaml"

func learn(l *Language) {
	spoken.all = slices.DeleteFunc(slices.Clone(spoken.all), func(known *Language) bool { return known.tag == l.tag })
	spoken.all = append(spoken.all, l)
	tags := []language.Tag{language.English}
	for _, l := range spoken.all {
		tags = append(tags, l.tag)
	}
	spoken.choice = language.NewMatcher(tags)
}

// In returns the language that a BCP 47 tag asks for, "de" or "pt-BR", or the
// nearest that dogear speaks and readers of the other understand; English for
// the empty tag, and where there is none.
func In(tag string) *Language {
	if tag == "" {
		return nil
	}
	load()
	spoken.RLock()
	defer spoken.RUnlock()
	if len(spoken.all) == 0 {
		return nil
	}
	asked, err := language.Parse(tag)
	if err != nil {
		return nil
	}
	if i := slices.IndexFunc(spoken.all, func(l *Language) bool { return l.tag == asked }); i >= 0 {
		return spoken.all[i]
	}
	_, i, sure := spoken.choice.Match(asked)
	if i == 0 || sure < language.High {
		return nil
	}
	return spoken.all[i-1]
}

// Languages returns the tags of the languages that dogear speaks beside
// English.
func Languages() []string {
	load()
	spoken.RLock()
	defer spoken.RUnlock()
	var tags []string
	for _, l := range spoken.all {
		tags = append(tags, l.Tag())
	}
	slices.Sort(tags)
	return tags
}

// Tag returns the language's BCP 47 tag; empty for English.
func (l *Language) Tag() string {
	if l == nil {
		return ""
	}
	return l.tag.String()
}

// Command returns what the language calls a command, an option or a choice of
// one word; the word itself where it has no other.
func (l *Language) Command(name string) string {
	if l != nil && l.commands[name] != "" {
		return l.commands[name]
	}
	return name
}

// ToReader is the function ToReader, for a document in this language.
func (l *Language) ToReader(h spoiler.Horizon, veil Veil, ticket Ticket) *PrivateWriter {
	w := ToReader(h, veil, ticket)
	w.body.language = l
	return w
}

// ToChannel is the function ToChannel, for a document in this language.
func (l *Language) ToChannel(h spoiler.Horizon, tags Tags, ticket Ticket) *PublicWriter {
	w := ToChannel(h, tags, ticket)
	w.body.language = l
	return w
}

// say returns a message in the language; in English where that is not
// translated.
func (l *Language) say(m message) string {
	if l != nil && l.words[m] != "" {
		return l.words[m]
	}
	return string(m)
}

// count returns a number of things in the language.
func (l *Language) count(n int, one, many message) string {
	if l != nil {
		if words := l.counts[many]; words != nil {
			return strings.ReplaceAll(words[form(l.tag, n)], "{1}", strconv.Itoa(n))
		}
	}
	if n == 1 {
		many = one
	}
	return strconv.Itoa(n) + " " + string(many)
}

// forms are the forms of the plural, as CLDR calls them.
var forms = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// form returns the form of the plural that a language has for a number.
func form(tag language.Tag, n int) string {
	return forms[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]
}

// Forms returns the forms of the plural that a language has for numbers that
// come up here, in the order in which CLDR lists them.
func Forms(tag language.Tag) []string {
	has := map[string]bool{"other": true}
	for n := range 1000 {
		has[form(tag, n)] = true
	}
	var out []string
	for _, f := range []string{"zero", "one", "two", "few", "many", "other"} {
		if has[f] {
			out = append(out, f)
		}
	}
	return out
}
