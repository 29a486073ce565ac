package bot

import (
	"strconv"
	"strings"

	"dogear/bot/answer"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// faqEntry is a question of a FAQ: which sentence of which source.
type faqEntry struct {
	src      library.Source
	question int
}

// entries returns the FAQ's questions that spoil nothing for an audience, in
// the order in which they are numbered.
func (t *turn) entries(book spoiler.BookID, h spoiler.Horizon) []faqEntry {
	var out []faqEntry
	for _, src := range t.club.shelves()[book] {
		if !src.asks {
			continue
		}
		for i, s := range src.Sentences {
			if s.Kind == library.Question && s.Entry > 0 && s.Passage.Within(h) {
				out = append(out, faqEntry{src.Source, i})
			}
		}
	}
	return out
}

// runFAQ lists the questions that spoil nothing for the audience.
func runFAQ(t *turn) (reply.Doc, error) {
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return nil, err
	}
	w, h, ticket := t.start(book)
	some, n, more := onPage(t.entries(book.ID, h), t.page())
	if len(some) == 0 {
		w.Say("The FAQ has no question on {1} that I can show you from where you are.", reply.Name(book.Title))
		return t.finish(w, book, ticket), nil
	}
	w.Head("The FAQ on {1}:", reply.Name(book.Title))
	for i, e := range some {
		w.Numbered(n+i, answer.ExcerptOf(e.src, e.question))
	}
	if more {
		t.offerMore(w)
	}
	w.Say("“/faq read 1” reads the first with its answer.")
	return t.finish(w, book, ticket), nil
}

// pickEntry returns the FAQ entry that a number of the list names.
func (t *turn) pickEntry(book spoiler.BookID, h spoiler.Horizon) (faqEntry, error) {
	which := strings.TrimSpace(t.option("which"))
	for i, e := range t.entries(book, h) {
		if name := string(e.src.NameOf(e.question)); which == strconv.Itoa(i+1) || which == name {
			t.req.Options["which"] = name // asked for again, its number may be another one's
			return e, nil
		}
	}
	return faqEntry{}, Refusal{reply.Words("I don't know which question you mean. “/faq list” lists those that you can read, by number.")}
}

// runEntry shows a question with its answer.
func runEntry(t *turn) (reply.Doc, error) {
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return nil, err
	}
	w, h, ticket := t.start(book)
	e, err := t.pickEntry(book.ID, h)
	if err != nil {
		return nil, err
	}
	src := e.src
	w.Passage(answer.ExcerptOf(src, e.question))
	all, open := paragraphs(src, h, func(n int) bool {
		return n != e.question && src.Sentences[n].Entry == src.Sentences[e.question].Entry
	})
	for _, p := range all {
		w.Paragraph(p)
	}
	if len(open) == 0 || open[0] == 0 { // another paragraph begins only after an open one
		w.Say("I have no answer to quote for where you are in {1}.", reply.Name(book.Title))
	}
	return t.finish(w, book, ticket), nil
}
