package bot

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"dogear/bot/label"
	"dogear/bot/library"
	"dogear/bot/search"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// Relabelled is a sentence of a club's that opens earlier or later once a
// ledger is tried. Its text goes beside it.
type Relabelled struct {
	File    string           `json:"file"`
	Start   int              `json:"start"`
	End     int              `json:"end"`
	Was     spoiler.Position `json:"was"`
	Now     spoiler.Position `json:"now"`
	Entries []string         `json:"entries"` // of the file that was tried, by id, that it then states; never nil
}

// LedgerTest labels what the club has about a book as it would be labelled with
// an overlay or with another book file, changes nothing, and hands each
// sentence whose Reveal is another one to yield. What a moderator decided
// stays. Problems with the file are library.Problems.
func (b *Bot) LedgerTest(ctx context.Context, club ClubID, id spoiler.BookID, file library.File, yield func(Relabelled, string) error) error {
	c, book, err := b.ledgerOf(ctx, club, id)
	if err != nil {
		return err
	}
	if bare, ok := c.bare[id]; ok {
		book = bare // the file is tried in the place of the overlay that is there
	}
	tried, entries, err := book.Try(file.Data, file.Name)
	if err != nil {
		return err
	}
	ours := map[string]bool{}
	for _, e := range entries {
		ours[unsealed.Text(e)] = true
	}
	l := label.New(tried)
	for _, src := range c.list() {
		if src.Book != id {
			continue
		}
		for i, s := range l.Label(src).Sentences {
			old := src.Sentences[i]
			line := Relabelled{
				File: src.File, Start: s.Start, End: s.End, Entries: []string{},
				Was: min(old.Passage.Reveal(), book.End()), Now: min(s.Passage.Reveal(), book.End()),
			}
			if line.Was == line.Now || old.Decided() == library.ByPerson {
				continue
			}
			for _, e := range s.Because {
				if event := unsealed.Text(e.Event); ours[event] {
					line.Entries = append(line.Entries, event)
				}
			}
			if err := yield(line, unsealed.Text(s.Passage)); err != nil {
				return err
			}
		}
	}
	return nil
}

// LedgerDraft hands yield the sentences of a book's reviews that nothing
// vouches for: those for which ledger entries are still to be written. They
// come review by review, first the ones that share the most of what is rare in
// them with other reviews, for which one entry serves several.
func (b *Bot) LedgerDraft(ctx context.Context, club ClubID, id spoiler.BookID, yield func(Labelled, string) error) error {
	c, book, err := b.ledgerOf(ctx, club, id)
	if err != nil {
		return err
	}
	type open struct {
		library.Sentence
		stems map[string]bool
		worth float64
	}
	type review struct {
		file      string
		sentences []open
	}
	var reviews []review
	users := map[string]int{} // of a stem: how many reviews use it
	for _, src := range c.list() {
		if src.Book != id || label.Foreign(src) {
			continue
		}
		r, used := review{file: src.File}, map[string]bool{}
		for _, s := range src.Sentences {
			if s.Decided() != library.ByDefault || s.Kind != library.Prose && s.Kind != library.Item {
				continue
			}
			o := open{Sentence: s, stems: map[string]bool{}}
			for _, word := range search.Terms(unsealed.Text(s.Passage)) {
				if !search.Stop(word) {
					o.stems[search.Stem(word)], used[search.Stem(word)] = true, true
				}
			}
			r.sentences = append(r.sentences, o)
		}
		for stem := range used {
			users[stem]++
		}
		if len(r.sentences) > 0 {
			reviews = append(reviews, r)
		}
	}
	for _, r := range reviews {
		for i := range r.sentences {
			o := &r.sentences[i]
			for _, stem := range slices.Sorted(maps.Keys(o.stems)) { // a sum of floats depends on its order
				o.worth += float64(users[stem]-1) * search.Rarity(stem)
			}
			o.worth /= float64(len(o.stems) + 3) // a long sentence takes more than one entry
		}
		slices.SortStableFunc(r.sentences, func(x, y open) int { return cmp.Compare(y.worth, x.worth) })
	}
	slices.SortStableFunc(reviews, func(x, y review) int { return cmp.Compare(y.sentences[0].worth, x.sentences[0].worth) })
	for _, r := range reviews {
		for _, o := range r.sentences {
			if err := yield(labelledSentence(r.file, o.Sentence, book), unsealed.Text(o.Passage)); err != nil {
				return err
			}
		}
	}
	return nil
}

// ledgerOf returns a club's library and a book that it knows.
func (b *Bot) ledgerOf(ctx context.Context, in ClubID, id spoiler.BookID) (*club, library.Book, error) {
	c, err := b.newest(ctx, in)
	if err != nil {
		return nil, library.Book{}, err
	}
	book, known := c.book(id)
	if !known {
		return nil, library.Book{}, fmt.Errorf("the book %q is not known; “dogear books” lists those that are", id)
	}
	return c, book, nil
}
