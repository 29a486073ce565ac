package bot

import (
	"context"
	"fmt"

	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// Labelled is a sentence with its label, for a moderator. Its text goes beside
// it.
type Labelled struct {
	File     string            `json:"file"`
	Start    int               `json:"start"`
	End      int               `json:"end"`
	Kind     library.Kind      `json:"kind"`
	Reveal   spoiler.Position  `json:"reveal"`
	Chapters int               `json:"chapters"`
	Never    bool              `json:"never,omitempty"` // shown to nobody, for it spoils another book
	Because  []LabelledBecause `json:"because"`
}

// LabelledBecause is a piece of evidence for a label.
type LabelledBecause struct {
	Layer  library.Layer    `json:"layer"`
	Reveal spoiler.Position `json:"reveal"`
	Event  string           `json:"event,omitempty"` // of the ledger, by its id
}

// Label labels files without storing them and hands each sentence to yield, in
// order. A book that the club does not know is labelled by the number of its
// chapters alone.
func (b *Bot) Label(ctx context.Context, club ClubID, id spoiler.BookID, chapters int, files []library.File, yield func(Labelled, string) error) error {
	c, err := b.newest(ctx, club)
	if err != nil {
		return err
	}
	book, known := c.book(id)
	switch {
	case known && chapters != 0 && chapters != book.Chapters():
		return fmt.Errorf("%q has %d chapters here, not %d", id, book.Chapters(), chapters)
	case !known && chapters < 1:
		return fmt.Errorf("the book %q is not known; say how many chapters it has with --chapters", id)
	case !known:
		if book, err = library.NewBook(id, string(id), "", chapters); err != nil {
			return err
		}
	}
	sources, _, err := library.ReadAll(files, book, c.books)
	if err != nil {
		return err
	}
	l := newLabellers()
	for _, src := range sources {
		about := book
		if other, ok := c.book(src.Book); ok {
			about = other
		}
		for _, s := range l.of(about).Label(src).Sentences {
			if err := yield(labelledSentence(src.File, s, about), unsealed.Text(s.Passage)); err != nil {
				return err
			}
		}
	}
	return nil
}

func labelledSentence(file string, s library.Sentence, book library.Book) Labelled {
	line := Labelled{
		File: file, Start: s.Start, End: s.End, Kind: s.Kind, Chapters: book.Chapters(),
		Reveal: min(s.Passage.Reveal(), book.End()), Never: s.Passage.Reveal() == spoiler.Never,
	}
	for _, e := range s.Because {
		line.Because = append(line.Because, LabelledBecause{e.Layer, min(e.Reveal, book.End()), unsealed.Text(e.Event)})
	}
	return line
}
