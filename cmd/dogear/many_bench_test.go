package main

import (
	"fmt"
	"strings"
	"testing"

	"dogear/bot"
	"dogear/bot/label"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/store"
)

// manyBook returns the book that a large club reads.
func manyBook(t testing.TB) library.Book {
	t.Helper()
	for _, book := range library.Shipped() {
		if book.ID == "never-let-me-go" {
			return book
		}
	}
	t.Fatal("the book is not shipped")
	return library.Book{}
}

// manySources returns the reviews of a large club, labelled.
func manySources(t testing.TB, n int) []library.Source {
	t.Helper()
	book := manyBook(t)
	sources, _, err := library.ReadAll(manyFiles(n), book, library.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	l := label.New(book)
	for i, src := range sources {
		sources[i] = l.Label(src)
	}
	return sources
}

// manyStore returns a store with a large club, of which a bot has not read
// anything yet.
func manyStore(t testing.TB, n int) bot.Store {
	t.Helper()
	s, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Change(t.Context(), "local", bot.Change{PutSources: manySources(t, n)}); err != nil {
		t.Fatal(err)
	}
	for reader, at := range map[bot.ReaderID]spoiler.Position{"start": 0, "seven": 7, "end": 23} {
		seat := bot.Seat{Club: "local", Reader: reader}
		if _, err := s.Move(t.Context(), seat, bot.BookKey{Book: "never-let-me-go"}, bot.Move{How: bot.Put, To: at}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// BenchmarkManyImport imports a large club, and its parts apart.
func BenchmarkManyImport(b *testing.B) {
	files, book := manyFiles(*many), manyBook(b)
	sources, _, err := library.ReadAll(files, book, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := library.ReadAll(files, book, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("label", func(b *testing.B) {
		l := label.New(book)
		for b.Loop() {
			for _, src := range sources {
				l.Label(src)
			}
		}
	})
	b.Run("import", func(b *testing.B) {
		for b.Loop() {
			s, err := store.Open(b.Context(), "mem:")
			if err != nil {
				b.Fatal(err)
			}
			if _, err := bot.New(s, nil).Import(b.Context(), "local", bot.Import{Book: book.ID, Files: files}); err != nil {
				b.Fatal(err)
			}
			s.Close()
		}
	})
}

// BenchmarkManyStart answers the first question of a process to a large club.
func BenchmarkManyStart(b *testing.B) {
	s := manyStore(b, *many)
	for b.Loop() {
		if _, _, err := bot.New(s, nil).Club(b.Context(), "local"); err != nil {
			b.Fatal(err)
		}
	}
}

// nowhere renders a document and keeps nothing but what may be come back to.
type nowhere struct{ report reply.Ticket }

func (*nowhere) Line(reply.Line)                              {}
func (*nowhere) Quote(reply.Quotation)                        {}
func (*nowhere) Source(int, reply.Citation)                   {}
func (*nowhere) Spoiler(reply.Ticket, func() reply.Quotation) {}
func (n *nowhere) Control(c reply.Control) {
	if c.Action == reply.Report {
		n.report = c.Ticket
	}
}

// BenchmarkMany does what readers and moderators of a large club do.
func BenchmarkMany(b *testing.B) {
	s := manyStore(b, *many)
	dogear := bot.New(s, nil)
	ask := func(b *testing.B, reader, line string) *nowhere {
		command, options := bot.Typed(line)
		var out nowhere
		dogear.Handle(b.Context(), bot.Request{
			Seat:    bot.Seat{Club: "local", Reader: bot.ReaderID(reader), Channel: "c"},
			Command: command, Options: options, Confirmed: true, Moderator: true,
		}).Render(&out)
		return &out
	}
	for _, line := range []string{
		"is it worth reading?", "what happens to tommy?", "did people like it?", "xyzzy?", "/reviews list", "/reviews list never-let-me-go 500", "/reviews read 3", "/reviews by Nora 1",
		"/reviews verdict", "/reviews related", "/faq list", "/club queue", "/club sources", "/club reports", "/reviews mine", "progress",
	} {
		for _, reader := range []string{"start", "seven", "end"} {
			b.Run(fmt.Sprintf("%s/%s", strings.TrimPrefix(line, "/"), reader), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					ask(b, reader, line)
				}
			})
		}
	}
	b.Run("report", func(b *testing.B) {
		for b.Loop() {
			said := ask(b, "seven", "is it worth reading?")
			options := map[string]string{"ticket": string(said.report) + ".1"}
			dogear.Handle(b.Context(), bot.Request{
				Seat: bot.Seat{Club: "local", Reader: "seven", Channel: "c"}, Command: "report", Options: options, Moderator: true,
			})
		}
	})
	b.Run("add", func(b *testing.B) {
		for b.Loop() {
			dogear.Handle(b.Context(), bot.Request{
				Seat: bot.Seat{Club: "local", Reader: "seven", Channel: "c"}, Command: "reviews add", Moderator: true,
				Options: map[string]string{"book": "never-let-me-go", "title": "Short", "text": "I loved the prose of this novel."},
			})
		}
	})
}
