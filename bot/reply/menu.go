package reply

import (
	"strings"
	"unicode"

	"dogear/bot/spoiler"
)

// Menu is what one reader may choose from while they type. Like a document it
// holds dogear's own words and passages within the reader's horizon, and
// nothing else.
type Menu struct {
	language *Language
	horizon  spoiler.Horizon
	typed    string
	choices  []Choice
}

// NewMenu starts a menu in a language (nil: English) for a reader who has typed
// something already; empty:
// nothing yet. What does not fit that is left out.
func NewMenu(l *Language, h spoiler.Horizon, typed string) *Menu {
	return &Menu{language: l, horizon: h, typed: typed}
}

// Fitting adds a choice in dogear's own words, if they fit what was typed.
func (m *Menu) Fitting(value string, p Phrase) {
	if label := p.In(m.language); Fits(m.typed, label) {
		m.add(value, label)
	}
}

// Always adds a choice in dogear's own words, whatever was typed.
func (m *Menu) Always(value string, p Phrase) { m.add(value, p.In(m.language)) }

// Passage adds a choice that a passage names, with dogear's own words before
// it, if that fits what was typed. It returns false where the reader has not
// read far enough for the passage: then it adds nothing.
func (m *Menu) Passage(value string, before Phrase, p spoiler.Passage) bool {
	text, ok := p.Open(m.horizon)
	if label := before.In(m.language) + text; ok && Fits(m.typed, label) {
		m.add(value, label)
	}
	return ok
}

// Choices returns the choices in the order in which they were added, the first
// 25 of them.
func (m *Menu) Choices() []Choice { return m.choices }

func (m *Menu) add(value, label string) {
	if len(m.choices) < MostChoices {
		m.choices = append(m.choices, Choice{value, label})
	}
}

// Fits reports whether each word that was typed begins a word of a label.
func Fits(typed, label string) bool {
	within := words(label)
	for _, w := range words(typed) {
		if !begins(w, within) {
			return false
		}
	}
	return true
}

func begins(start string, words []string) bool {
	for _, w := range words {
		if strings.HasPrefix(w, start) {
			return true
		}
	}
	return false
}

// words returns the words of a text in small letters; what stands within a word
// ("didn't") does not part it in two.
func words(text string) []string {
	text = strings.NewReplacer("'", "", "’", "").Replace(strings.ToLower(text))
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
}
