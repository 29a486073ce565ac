package bot_test

import (
	"errors"
	"strings"
	"testing"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/spoiler"
)

func parseBook(t *testing.T, file string) library.Book {
	t.Helper()
	b, err := library.ParseBook([]byte(file), "b.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestPlacesInEditions is the table of pages and minutes.
func TestPlacesInEditions(t *testing.T) {
	book := parseBook(t, `
id: b
title: The Book
outline: [{chapters: 4}]
editions:
  - {name: Paperback, first: [1, 101, 201, 301], pages: 400}
  - {name: Hardback, first: [1, 91, 181, 271], pages: 350}
  - {name: Hard case, first: [1, 11, 21, 31], pages: 40}
  - {name: Audiobook, first: [0, 60, 120, 180], minutes: 240}
`)
	for words, want := range map[string]spoiler.Position{
		"p120": 1, "page 95": 0, "p 95 hardback": 1, "p95 of HARDB": 1, "p95 in paper": 0, "p. 400": 4, "p 350": 3, "p 350 hardback": 4, "p408": 4,
		"p35 hard": 0, // of two that this may mean, the lowest
		"2h30":     2, "2h": 2, "1 hour 59 min": 1, "150min": 2, "150 minutes of audiobook": 2, "4h audio": 4, "240m": 4, "0h59": 0, "ch 3": 3,
	} {
		if got, err := bot.ParsePlace(book, words); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", words, got, err, want)
		}
	}
	for words, says := range map[string]string{
		"p409":              "The Book has 400 pages in the edition “Paperback”. If you have read it all, say “finished”.",
		"p 360 hardback":    "The Book has 350 pages in the edition “Hardback”. If you have read it all, say “finished”.",
		"5h":                "The Book has 240 minutes in the edition “Audiobook”. If you have read it all, say “finished”.",
		"p12 kindle":        "I know no edition “kindle” of The Book. These I know: Paperback, Hardback, Hard case.",
		"p12 audiobook":     "I know no edition “audiobook” of The Book. These I know: Paperback, Hardback, Hard case.",
		"2h30 paperback":    "I know no edition “paperback” of The Book. These I know: Audiobook.",
		"page 999999 paper": "The Book has 400 pages in the edition “Paperback”. If you have read it all, say “finished”.",
	} {
		refused(t, book, words, says)
	}
	unnamed := parseBook(t, "id: b\ntitle: The Book\noutline: [{chapters: 4}]\neditions: [{pages: 400}]\n")
	refused(t, unnamed, "p500", "The Book has 400 pages. If you have read it all, say “finished”.")
	refused(t, unnamed, "p50 paperback", "I know one edition of The Book, and it has no name. Leave out “paperback”.")
	refused(t, unnamed, "2h", "I know no audiobook of The Book. Give a chapter (“7”) or a percentage (“35%”) instead.")
	if at, err := bot.ParsePlace(unnamed, "p399"); err != nil || at != 2 {
		t.Errorf("page 399 of 400 is an estimate: %d, %v", at, err)
	}
}

func refused(t *testing.T, book library.Book, words, says string) {
	t.Helper()
	var no bot.Refusal
	if _, err := bot.ParsePlace(book, words); !errors.As(err, &no) || strings.TrimSpace(no.Error()) != says {
		t.Errorf("%q: %v, want %q", words, err, says)
	}
}
