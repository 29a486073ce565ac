package bot

import (
	"slices"
	"strconv"
	"strings"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// reviews suggests those that the list of reviews has.
func (s suggestion) reviews() {
	for i, src := range s.readable(s.book.ID, s.horizon) {
		s.source(string(src.ID), i+1, src.Source)
	}
}

// previewed suggests reviews of which a reader at the place that was given sees
// anything.
func (s suggestion) previewed() {
	at, err := ParsePlace(s.book, s.option("place"))
	if err != nil {
		at = s.horizon.At(s.book.ID)
	}
	var h spoiler.Horizon
	for i, src := range s.readable(s.book.ID, h.With(s.book.ID, at)) {
		s.source(string(src.ID), i+1, src.Source)
	}
}

// reviewers suggests who wrote the reviews that the reader can read.
func (s suggestion) reviewers() {
	seen := map[string]bool{}
	for _, book := range s.club.reviewed() {
		for _, src := range s.readable(book.ID, s.horizon) {
			if src.Reviewer != "" && !seen[src.byline] {
				seen[src.byline] = true
				s.menu.Fitting(src.Reviewer, reply.Words("{1}", reply.Name(src.Reviewer)))
			}
		}
	}
}

// own suggests the reviews that the reader wrote here.
func (s suggestion) own() {
	for i, src := range s.mine() {
		title := s.book.Title
		if book, ok := s.club.book(src.Book); ok {
			title = book.Title
		}
		src.Title = unsealed.Relabel(src.Title, 0) // their own words
		label := reply.Words("{1}. {2}", reply.Name(strconv.Itoa(i+1)), reply.Name(title))
		if src.Title.IsZero() {
			s.menu.Fitting(string(src.ID), label)
			continue
		}
		s.menu.Passage(string(src.ID), reply.Words("{1}: ", reply.Say(label)), src.Title)
	}
}

// questions suggests the FAQ's questions, as far as its list has them.
func (s suggestion) questions() { s.asked(func(library.Source) bool { return true }) }

// questionsHere suggests those of them that were added here.
func (s suggestion) questionsHere() {
	s.asked(func(src library.Source) bool { return strings.HasPrefix(src.File, hereFolder) })
}

func (s suggestion) asked(in func(library.Source) bool) {
	for i, e := range s.entries(s.book.ID, s.horizon) {
		if in(e.src) {
			s.menu.Passage(string(e.src.NameOf(e.question)), numbered(i+1), e.src.Sentences[e.question].Passage)
		}
	}
}

// sources suggests what the moderators' list has.
func (s suggestion) sources() {
	for i, src := range s.club.shelves()[s.book.ID] {
		s.source(string(src.ID), i+1, src.Source)
	}
}

// sourcesHere suggests those reviews of it that a member wrote here.
func (s suggestion) sourcesHere() {
	for i, src := range s.club.shelves()[s.book.ID] {
		if strings.HasPrefix(src.File, hereFolder) && questions(src.Source) == 0 {
			s.source(string(src.ID), i+1, src.Source)
		}
	}
}

// proposals suggests what waits for approval, by who wrote it: nothing else of
// it is told before a moderator has said that they want to read it.
func (s suggestion) proposals() {
	for i, p := range s.pending() {
		s.menu.Fitting(proposalName(p.Source), reply.Words("{1}. {2}", reply.Name(strconv.Itoa(i+1)), byline(p.Source)))
	}
}

// source suggests a source, by who wrote it and, for those who have read far
// enough, its title, or else the first question that it answers.
func (s suggestion) source(value string, n int, src library.Source) {
	by := reply.Words("{1}. {2}", reply.Name(strconv.Itoa(n)), byline(src))
	if s.menu.Passage(value, reply.Words("{1}: ", reply.Say(by)), src.Title) {
		return
	}
	asks := slices.IndexFunc(src.Sentences, func(x library.Sentence) bool { return x.Kind == library.Question && x.Passage.Within(s.horizon) })
	if src.Reviewer == "" && asks >= 0 && s.menu.Passage(value, numbered(n), src.Sentences[asks].Passage) {
		return
	}
	s.menu.Fitting(value, by)
}

func numbered(n int) reply.Phrase { return reply.Words("{1}. ", reply.Name(strconv.Itoa(n))) }

// byline says who wrote a source.
func byline(src library.Source) reply.Arg {
	if src.Reviewer == "" {
		return reply.Say(reply.Words("a reader"))
	}
	return reply.Name(src.Reviewer)
}
