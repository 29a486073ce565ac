package label_test

import (
	"testing"

	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// book returns a shipped book by its ID.
func book(t testing.TB, id spoiler.BookID) library.Book {
	t.Helper()
	for _, b := range library.Shipped() {
		if b.ID == id {
			return b
		}
	}
	t.Fatalf("%s is not shipped", id)
	return library.Book{}
}

// TestPremise shows that the premise opens what it says of the same people, and
// nothing that its words say of others.
func TestPremise(t *testing.T) {
	for _, c := range []struct {
		book spoiler.BookID
		text string
		open bool
	}{
		{"jane-eyre", "Jane is poor, plain and clever.", true},
		{"jane-eyre", "Adèle is poor and plain.", false},
		{"jane-eyre", "Rochester becomes unloved.", false},
		{"jane-eyre", "Rochester is unloved and unhappy.", false},
		{"jane-eyre", "Rochester is proud, brooding and dark.", true},
		{"jane-eyre", "Jane is proud, brooding and dark.", false},
		{"jane-eyre", "Mrs Reed is cold and cruel.", true},
		{"jane-eyre", "Mrs Reed is unhappy and unloved.", false},
		// Who does it, and to whom.
		{"jane-eyre", "Jane is sent to a harsh boarding school.", true},
		{"jane-eyre", "Jane sends orphan girls to a boarding school.", false},
		{"jane-eyre", "Jane sent poor orphan girls to a boarding school.", false},
		{"jane-eyre", "Jane bullies her cousins.", false},
		{"jane-eyre", "Rochester teaches a little French girl.", false},
		{"jane-eyre", "Rochester leaves Jane.", false},
		{"jane-eyre", "Jane saves Rochester.", false},
		// Of places, too.
		{"jane-eyre", "Thornfield is a lonely old country house.", true},
		{"jane-eyre", "Thornfield is a harsh charity school.", false},
		{"jane-eyre", "Jane is a lonely old governess.", false},
		{"jane-eyre", "Jane is poor, plain and finally content.", false},
		{"never-let-me-go", "Kathy, now an adult, reflects on her school days at Hailsham.", true},
		{"never-let-me-go", "Tommy works as a carer in England.", false},
		{"never-let-me-go", "Ruth is odd and sinister.", false},
		{"never-let-me-go", "Ruth comes to terms with her past.", false},
		{"never-let-me-go", "The students are sheltered from the outside world.", true},
		{"never-let-me-go", "The guardians are sheltered and isolated.", false},
		{"never-let-me-go", "The students are a dark secret.", false},
		{"never-let-me-go", "The teachers raise the boys and girls for others.", false},
	} {
		t.Run(c.text, func(t *testing.T) {
			at, read := reveals(t, book(t, c.book), "## A note\n\n"+c.text)[c.text]
			if !read || (at == 0) != c.open {
				t.Errorf("%d (read: %v)", at, read)
			}
		})
	}
}
