package bot_test

import (
	"strings"
	"testing"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
)

// files imports files about the table's book.
func (tb *table) files(files ...library.File) {
	tb.Helper()
	if _, err := tb.bot.Import(tb.Context(), "club", bot.Import{Book: "never-let-me-go", Files: files}); err != nil {
		tb.Fatal(err)
	}
}

// moderate sends a moderator's command, confirmed.
func (tb *table) moderate(command string, options map[string]string) *plainly {
	tb.Helper()
	return tb.handle(bot.Request{Seat: seat("mo"), Name: "Mo", Moderator: true, Confirmed: true, Command: command, Options: options})
}

// TestNobodysRequest shows that a request without a reader does not have what
// was imported, which is nobody's, forgotten.
func TestNobodysRequest(t *testing.T) {
	tb := newTable(t)
	tb.handle(bot.Request{Seat: seat(""), Command: "privacy forget", Confirmed: true})
	tb.want(tb.say("ann", "how is the prose?"), "quote: The prose is quiet and precise.")
}

// TestCopyInOtherSpaces reports a sentence that another source says with other
// spaces.
func TestCopyInOtherSpaces(t *testing.T) {
	tb := newTable(t)
	tb.files(library.File{Name: "b.txt", Data: []byte("Another review\n\nThe prose\u00a0is quiet and precise. I loved this novel.")})
	asked := tb.say("ann", "how is the prose?")
	tb.handle(bot.Request{Seat: seat("ann"), Command: "report", Options: map[string]string{"ticket": string(asked.reply) + ".1"}})
	tb.never(tb.say("bob", "how is the prose?"), "precise")
}

// TestStatedLink shows that a text written here takes no other's place by what
// it says of where it is found.
func TestStatedLink(t *testing.T) {
	tb := newTable(t)
	tb.files(library.File{Name: "b.md", Data: []byte("---\ntitle: A quiet book\nreviewer: Robin\nlink: https://robin.example/quiet\n---\n\nI loved this novel.")})
	text := "My review\nLink: https://robin.example/quiet\n\nI enjoyed this novel."
	tb.moderate("reviews add", map[string]string{"text": text, "book": "never-let-me-go"})
	list := tb.say("ann", "/reviews list never-let-me-go")
	tb.want(list, "Robin")
	tb.want(list, "Mo")
}

// linked gathers the links that a document shows.
type linked struct {
	plainly
	links []string
}

func (l *linked) Quote(q reply.Quotation)        { l.links = append(l.links, q.Source.Link) }
func (l *linked) Source(_ int, c reply.Citation) { l.links = append(l.links, c.Link) }

// TestTellingLink shows that an address is not shown for its harmless title.
func TestTellingLink(t *testing.T) {
	for link, shown := range map[string]bool{
		"https://robin.example/tommy-dies-on-his-fourth-donation": false,
		"https://robin.example/?p=3#everyone-dies":                false,
		"https://robin.example/t%6fmmy-dies":                      false,
		"https://robin.example/2022/never-let-me-go-review.html":  true,
		"https://www.goodreads.com/review/show/1234":              true,
	} {
		tb := newTable(t)
		tb.files(library.File{Name: "b.md", Data: []byte("---\ntitle: A quiet book\nreviewer: Robin\nlink: " + link + "\n---\n\nI loved this novel.")})
		var l linked
		tb.bot.Handle(t.Context(), bot.Request{Seat: seat("ann"), Command: "reviews list", Options: map[string]string{"book": "never-let-me-go"}}).Render(&l)
		if got := strings.Contains(strings.Join(l.links, " "), link); got != shown {
			t.Errorf("%s is shown: %t", link, got)
		}
	}
}

// TestTellingHandle shows that no handle runs a spoiler together.
func TestTellingHandle(t *testing.T) {
	tb := newTable(t)
	for _, name := range []string{"TommyDies", "tommydies", "TOMMYDIES", "KathyIsAClone", "everyonedies", "theyalldie", "Clone Army", "All Are Clones", "HailshamClosed"} {
		tb.handle(bot.Request{Seat: seat("mo"), Name: name, Moderator: true, Command: "reviews add",
			Options: map[string]string{"text": "I loved this novel, said number " + name[:1], "title": "A review", "book": "never-let-me-go"}})
		tb.never(tb.say("ann", "/reviews list never-let-me-go"), name)
	}
}

// TestPaceOfAnotherBook puts another book in the place of one that a channel has
// finished.
func TestPaceOfAnotherBook(t *testing.T) {
	tb := newTable(t)
	add := func(title string) {
		book, err := library.NewBook("mine", title, "A", 10)
		if err != nil {
			t.Fatal(err)
		}
		if err := tb.bot.AddBook(t.Context(), "club", book); err != nil {
			t.Fatal(err)
		}
	}
	add("First")
	tb.moderate("club book", map[string]string{"book": "mine"})
	tb.moderate("club pace", map[string]string{"place": "finished"})
	add("Second")
	if _, err := tb.bot.Import(t.Context(), "club", bot.Import{Book: "mine", Files: []library.File{{Name: "z.txt", Data: []byte("A review\n\nZed was the killer all along.")}}}); err != nil {
		t.Fatal(err)
	}
	ask := bot.Request{Seat: seat("ann"), Room: true, Command: "ask", Options: map[string]string{"question": "was zed the killer"}}
	tb.never(tb.handle(ask), "Zed")
	tb.moderate("club pace", map[string]string{"place": "finished"})
	tb.want(tb.handle(ask), "Zed")
}

// TestSharedAgain shows that a shared answer that is made again still does not
// tell where its asker is.
func TestSharedAgain(t *testing.T) {
	p := newPosting(t)
	asked := p.say("ann", "i'm on chapter 2. why are the students raised for organs?")
	p.moderate("club pace", map[string]string{"place": "23"})
	req := bot.Request{Seat: seat("ann"), Command: "share", Options: map[string]string{"ticket": string(asked.reply)}}
	doc := p.bot.Handle(t.Context(), req)
	p.bot.Posted(t.Context(), req, doc.(reply.PublicDoc), "m1")
	p.moderate("club pace", map[string]string{"place": "22"})
	if got := p.wall.reads["m1"]; got != told(doc) {
		t.Errorf("the message was\n%s\nand reads\n%s", told(doc), got)
	}
}

// TestOddOptions sends every command with what no console sends: no spoiler is
// shown but to a moderator alone, and nothing goes wrong.
func TestOddOptions(t *testing.T) {
	tb := newTable(t)
	for _, cmd := range bot.Commands() {
		for _, options := range []map[string]string{
			nil, {"page": "-99999999999999999999"}, {"page": "9223372036854775807"}, {"skip": "-1"}, {"skip": "99999999999999999999"}, {"ticket": ".1"},
			{"ticket": "a.b.c"}, {"review": "-1", "which": "9223372036854775808", "place": "-5"}, {"question": strings.Repeat("Tommy ", 5000), "place": "1e9"},
		} {
			for who := range 8 {
				req := bot.Request{Seat: seat("ann"), Command: cmd.Name, Options: map[string]string{}, Confirmed: true, Room: who&1 > 0, Moderator: who&2 > 0}
				if who&4 > 0 {
					req.Reader = ""
				}
				for name, v := range options {
					req.Options[name] = v
				}
				doc := tb.bot.Handle(t.Context(), req)
				said := told(doc)
				if _, public := doc.(reply.PublicDoc); strings.Contains(said, late) && (public || !req.Moderator) || strings.Contains(said, "went wrong") {
					t.Errorf("%s %v, room %t, moderator %t:\n%s", cmd.Name, options, req.Room, req.Moderator, said)
				}
			}
		}
	}
	if strings.Contains(tb.log.String(), "Tommy dies") {
		t.Error("the log holds book text")
	}
}

// TestOtherBookSmuggled shows that whoever has finished a book is not shown what a
// review of it tells of another.
func TestOtherBookSmuggled(t *testing.T) {
	tb := newTable(t)
	tb.files(library.File{Name: "two.txt", Data: []byte("Two books\n\nRochester goes blind when Thornfield burns. I loved this novel. Bertha Mason is his mad wife in the attic.")})
	tb.handle(bot.Request{Seat: seat("ann"), Command: "progress", Options: map[string]string{"place": "finished", "book": "never-let-me-go"}, Confirmed: true})
	tb.say("ann", "spoilers show")
	for _, question := range []string{"what of rochester and thornfield?", "who is bertha mason, the wife in the attic?"} {
		p := tb.handle(bot.Request{Seat: seat("ann"), Command: "ask", Options: map[string]string{"question": question, "book": "never-let-me-go"}})
		tb.never(p, "Rochester goes")
		tb.never(p, "mad wife")
	}
	p := tb.handle(bot.Request{Seat: seat("ann"), Command: "reviews read", Options: map[string]string{"review": "2", "book": "never-let-me-go"}})
	tb.never(p, "Rochester")
}
