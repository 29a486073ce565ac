package library_test

import (
	"fmt"
	"strings"
	"testing"

	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

func TestDraft(t *testing.T) {
	d := &library.Draft{Known: []spoiler.BookID{"the-island"}}
	for _, err := range []error{
		d.Title("The Island"), d.Author("Zoë Ørsted: “no”"), d.Chapters("9, 8,6"),
		d.Name("Ann, also Annie, also Nan; from 0; she; narrator"), d.Name("the Lighthouse; place; from chapter 3"), d.Name("Ben; Person; FROM 23; he"),
		d.Premise("Ann: she keeps a diary, #1 of many."), d.Premise("yes"),
		d.Edition("paperback 320"), d.Edition("2nd printing, 300 pages"), d.Edition("audiobook 9h30"), d.Edition("570 min"), d.Edition("Other audio 10 h 5"),
		d.Edition("hard 46: 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31,33,35,37,39,41,43,45"),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	book, err := d.Book()
	if err != nil {
		t.Fatal(err)
	}
	if book.ID != "the-island-2" || book.Title != "The Island" || book.Author != "Zoë Ørsted: “no”" || len(book.Outline) != 3 || book.Chapters() != 23 {
		t.Errorf("the book is %s, %q by %q, %d parts", book.ID, book.Title, book.Author, len(book.Outline))
	}
	var names []string
	for _, n := range book.Names {
		for _, w := range n.Words {
			names = append(names, unsealed.Text(w))
		}
		names = append(names, fmt.Sprint(n.Kind, n.Pronoun, n.From, n.Narrator))
	}
	if got := strings.Join(names, " "); got != "Ann Annie Nan personshe0 true the Lighthouse place3 false Ben personhe23 false" {
		t.Errorf("names: %s", got)
	}
	if len(book.Premise) != 2 || unsealed.Text(book.Premise[1]) != "yes" {
		t.Errorf("%d sentences of premise", len(book.Premise))
	}
	var editions []string
	for _, e := range book.Editions {
		editions = append(editions, fmt.Sprint(e.Name, " ", e.Length, " ", e.Unit, " ", len(e.First)))
	}
	if got := strings.Join(editions, ", "); got != "paperback 320 pages 0, 2nd printing 300 pages 0, audiobook 570 minutes 0,  570 minutes 0, Other audio 605 minutes 0, hard 46 pages 23" {
		t.Errorf("editions: %s", got)
	}
	if s := fmt.Sprintf("%v %+v %s %x", d, d, d, d); strings.Contains(s, "diary") {
		t.Error("a draft prints what it holds")
	}
}

// TestDraftRefuses shows that a bad answer is told why, and changes nothing.
func TestDraftRefuses(t *testing.T) {
	d := new(library.Draft)
	if err := d.Chapters("10"); err != nil {
		t.Fatal(err)
	}
	if err := d.Name("Ann; from 0"); err != nil {
		t.Fatal(err)
	}
	before, _ := d.File()
	for _, c := range []struct {
		answer func(string) error
		given  []string
		want   string
	}{
		{d.Title, []string{"", "  "}, "cannot be empty"},
		{d.Title, []string{strings.Repeat("a", 201)}, "longer than 200"},
		{d.Title, []string{"a\x1b[2J", "a\xff"}, "no text"},
		{d.Author, []string{"a\tb"}, "no text"},
		{d.Chapters, []string{"", "ten", "0", "-3", "2001", "3,,3", "3;3", "1e9"}, "say a number from 1 to 2000"},
		{d.Chapters, []string{"1500, 600"}, "that is 2100 chapters"},
		{d.Name, []string{"", " "}, "cannot be empty"},
		{d.Name, []string{"; person; from 3"}, "the name is missing"},
		{d.Name, []string{"also Annie; from 0", "Ben, Benny; from 0", "Ben, also; from 0"}, "give the name first"},
		{d.Name, []string{"ann; from 2"}, "there already"},
		{d.Name, []string{"Ben", "Ben; person"}, "from which chapter on"},
		{d.Name, []string{"Ben; from 11", "Ben; from -1", "Ben; from soon", "Ben; from"}, "a chapter between 0 and 10"},
		{d.Name, []string{"Ben; wizard; from 1", "Ben; ; from 1", "Ben; from 1;"}, "after the name I know"},
		{d.Premise, []string{"", strings.Repeat("a", 501)}, ""},
		{d.Edition, []string{"", "paperback", "paperback -3", "320 paperback", "paperback320", "paperback 320:", "paperback 9999999"}, ""},
		{d.Edition, []string{"paperback 0"}, "how many pages"},
		{d.Edition, []string{"paperback 320: 1, 9"}, "first lists 2 pages, and the outline has 10 chapters"},
		{d.Edition, []string{"paperback 320: 1 9", "paperback 320: 1,,9"}, "with commas"},
		{d.Edition, []string{"paperback 5: 1,2,3,4,5,6,7,8,9,10"}, "after the end"},
	} {
		for _, given := range c.given {
			if err := c.answer(given); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q: %v, want %q", given, err, c.want)
			}
		}
	}
	if after, _ := d.File(); string(after) != string(before) {
		t.Errorf("a refused answer changed the draft:\n%s", after)
	}
	if _, err := d.Book(); err == nil {
		t.Error("a book without a title is drafted")
	}
}

func TestIDFor(t *testing.T) {
	known := []spoiler.BookID{"emma", "emma-2", "book"}
	for title, want := range map[string]spoiler.BookID{
		"Never Let Me Go": "never-let-me-go", "  The  Name -- of the Rose! ": "the-name-of-the-rose", "Emma": "emma-3", "Les Misérables": "les-miserables",
		"Straße nach Łódź": "strasse-nach-lodz", "1984": "1984", "The Handmaid’s Tale": "the-handmaids-tale", "Война и мир": "book-2", "ﬁn": "fin", "Ångström": "angstrom",
		strings.Repeat("long title ", 20): "long-title-long-title-long-title-long-title-long-title-long",
	} {
		if got := library.IDFor(title, known); got != want {
			t.Errorf("%q: %s, want %s", title, got, want)
		}
	}
}

// FuzzDraft shows that a draft whose answers were all taken is a book.
func FuzzDraft(f *testing.F) {
	f.Add("The Island", "Somebody", "9, 8", "Ann, also Annie; person; from 3", "Ann comes back.", "paperback 320")
	f.Add("~", "yes", "1", "no; from 0", "- a: b # c", "0x1 1: 1")
	f.Fuzz(func(t *testing.T, title, author, chapters, name, premise, edition string) {
		d := new(library.Draft)
		if d.Title(title) != nil || d.Chapters(chapters) != nil {
			return
		}
		_, _, _, _ = d.Author(author), d.Name(name), d.Premise(premise), d.Edition(edition)
		book, err := d.Book()
		if err != nil {
			t.Fatal(err)
		}
		if book.Title != strings.TrimSpace(title) {
			t.Fatalf("%q became %q", title, book.Title)
		}
	})
}
