package answer

import (
	"regexp"
	"strings"

	"dogear/bot/library"
	"dogear/bot/reply"
)

// Cite returns a source as a document names it, without a sentence of it. What
// it says of itself without being sealed is shown as far as it can tell
// nothing: a rating that is a rating, a date that is a date.
func Cite(src library.Source) reply.Excerpt {
	e := reply.Excerpt{
		Kind: "review", ID: string(src.ID), Title: src.Title, Link: src.Link, Reviewer: src.Reviewer, Rating: ParseRating(src.Rating).String(), File: src.File,
	}
	switch {
	case src.Spoiler:
		e.Kind = "spoiler"
	case isDate(src.Date):
		e.Date = src.Date
	}
	return e
}

// ExcerptOf returns a sentence of a source, counted from 0, as a document
// takes it.
func ExcerptOf(src library.Source, n int) reply.Excerpt {
	s := src.Sentences[n]
	e := Cite(src)
	e.Passage, e.Sentence, e.Start, e.End = s.Passage, n, s.Start, s.End
	if s.Entry > 0 {
		e.Kind = "faq"
	}
	return e
}

// dateWord is what dates are made of.
var dateWord = regexp.MustCompile(`(?i)^(?:\d{1,4}(?:st|nd|rd|th)?|(?:jan|febr?|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ch|il|ust|ember|ober)?|mon|tues?|wed|thur?s?|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day|spring|summer|autumn|fall|winter|early|late|mid)$`)

// isDate reports whether a text is a date and nothing else.
func isDate(s string) bool {
	words := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,./-–:T", r) })
	if len(words) == 0 || len(words) > 8 {
		return false
	}
	for _, w := range words {
		if !dateWord.MatchString(strings.TrimSuffix(w, "Z")) {
			return false
		}
	}
	return true
}
