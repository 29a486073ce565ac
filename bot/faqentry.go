package bot

import (
	"slices"
	"strings"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// runAddEntry adds a question with its answer to the FAQ.
func runAddEntry(t *turn) (reply.Doc, error) {
	return t.writeEntry(written{text: t.option("text")}, t.option("question"), "add faq")
}

// writeEntry puts an FAQ entry into the library.
func (t *turn) writeEntry(entry written, question, what string) (reply.Doc, error) {
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return nil, err
	}
	question = strings.Join(strings.Fields(question), " ")
	if !strings.HasSuffix(question, "?") || strings.HasPrefix(question, "#") {
		return nil, Refusal{reply.Words("A question ends with a question mark.")}
	}
	if strings.TrimSpace(entry.text) == "" {
		return nil, Refusal{reply.Words("There is no answer in it.")}
	}
	// Below a title, the heading says that what follows it is an FAQ, however
	// short.
	entry.fields = map[string]string{"title": "An answer"}
	entry.text = "# FAQ\n\n## " + question + "\n\n" + entry.text
	src, err := t.read(book, entry)
	if err != nil {
		return nil, err
	}
	src.Title = spoiler.Passage{}
	if questions(src) != 1 || slices.ContainsFunc(src.Sentences, func(s library.Sentence) bool { return said(s) && s.Entry == 0 }) {
		return nil, Refusal{reply.Words("An entry has one question and one answer, without headings or further questions on lines of their own.")}
	}
	err = t.bot.change(t.ctx, t.req.Club, func(c *club) (Change, error) {
		return c.take(src, Entry{By: t.req.Reader, What: what, On: string(src.ID)}, t.bot.now()), nil
	})
	if err != nil {
		return nil, err
	}
	w := plain(t.req)
	w.Say("The FAQ on {1} has it now.", reply.Name(book.Title))
	return w.doc(), nil
}

// questions counts the FAQ questions of a source.
func questions(src library.Source) int {
	n := 0
	for _, s := range src.Sentences {
		n = max(n, s.Entry)
	}
	return n
}

// pickOwnEntry returns the FAQ entry that a number names, if it was added here.
func (t *turn) pickOwnEntry() (faqEntry, error) {
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return faqEntry{}, err
	}
	h, _ := t.audience(book.ID)
	e, err := t.pickEntry(book.ID, h)
	if err != nil {
		return faqEntry{}, err
	}
	if !strings.HasPrefix(e.src.File, hereFolder) {
		return faqEntry{}, Refusal{reply.Words("That one was imported. Correct its file and import it again, or remove it with “/club remove”.")}
	}
	return e, nil
}

// runEditEntry puts another answer in the place of one that was added here.
func runEditEntry(t *turn) (reply.Doc, error) {
	e, err := t.pickOwnEntry()
	if err != nil {
		return nil, err
	}
	question := unsealed.Text(e.src.Sentences[e.question].Passage)
	t.req.Options["book"] = string(e.src.Book)
	return t.writeEntry(written{file: e.src.File, text: t.option("text")}, question, "edit faq")
}

// runDeleteEntry deletes an FAQ entry that was added here.
func runDeleteEntry(t *turn) (reply.Doc, error) {
	e, err := t.pickOwnEntry()
	if err != nil {
		return nil, err
	}
	return t.remove(e.src)
}
