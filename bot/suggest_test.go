package bot_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dogear/bot"
	"dogear/bot/label"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/store"
)

// typing is a table whose readers have things suggested.
type typing struct{ *table }

// labels returns what is suggested while a line is typed, of which the last
// option is being typed.
func (tb typing) labels(req bot.Request, option string) []string {
	tb.Helper()
	var out []string
	for _, c := range tb.bot.Suggest(tb.Context(), req, option) {
		out = append(out, c.Value+" | "+c.Label)
	}
	return out
}

func (tb typing) want(req bot.Request, option string, want ...string) {
	tb.Helper()
	if got := tb.labels(req, option); !slices.Equal(got, want) {
		tb.Errorf("%s %q: suggested for %s:\n  %s\nwant\n  %s", req.Command, req.Options, option, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// of makes a request of a command with options by name and value.
func of(reader bot.ReaderID, command string, options ...string) bot.Request {
	req := bot.Request{Seat: seat(reader), Command: command, Options: map[string]string{}, Moderator: reader == "mod"}
	for i := 0; i+1 < len(options); i += 2 {
		req.Options[options[i]] = options[i+1]
	}
	return req
}

// newTyping returns a club with a book whose chapters have titles, and a few
// sources.
func newTyping(t *testing.T) typing {
	s, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	tb := typing{&table{T: t, store: s}}
	tb.bot = bot.New(s, tb.slog())
	book := parseBook(t, `
id: lamp
title: The Lamp
author: Ann Other
also: [Lampe]
outline: [{chapters: 4, titles: [Dawn, Dusk, Night, Ash]}]
editions:
  - {name: Paperback, first: [1, 101, 201, 301], pages: 400}
  - {name: Audio, first: [0, 60, 120, 180], minutes: 240}
`)
	if err := tb.bot.AddBook(t.Context(), "club", book); err != nil {
		t.Fatal(err)
	}
	read := func(file, title, reviewer string, from spoiler.Position, body string) library.Source {
		src, err := library.Read(library.File{Name: file, Data: []byte(body)}, book)
		if err != nil {
			t.Fatal(err)
		}
		src = label.New(book).Label(src)
		src.Reviewer, src.Title = reviewer, spoiler.Passage{}
		if title != "" {
			src.Title = spoiler.Seal("lamp", from, title)
		}
		for i := range src.Sentences {
			at := spoiler.Position(0)
			if src.Sentences[i].Kind == library.Question && src.Sentences[i].Entry == 2 {
				at = 3
			}
			src.Sentences[i].Passage = spoiler.Seal("lamp", at, fmt.Sprint("Question ", src.Sentences[i].Entry, "?"))
		}
		return src
	}
	_, err = s.Change(t.Context(), "club", bot.Change{Base: bot.AnyVersion, PutSources: []library.Source{
		read("a.txt", "A quiet book", "Ada", 0, "The prose is quiet."),
		read("b.txt", "The lamp breaks", "Bo", 3, "The prose is plain."),
		read("c.md", "", "", 0, "---\ntitle: Answers\n---\n\n# FAQ\n\n## Is it long?\n\nNo.\n\n## Does the lamp break?\n\nYes.\n"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	tb.handle(of("mod", "club book", "book", "lamp"))
	return tb
}

// idOf returns the ID of a source.
func (tb typing) idOf(file string) string {
	_, sources, err := tb.bot.Club(tb.Context(), "club")
	if err != nil {
		tb.Fatal(err)
	}
	i := slices.IndexFunc(sources, func(src library.Source) bool { return src.File == file })
	return string(sources[i].ID)
}

// TestSuggestPlaces is the table of places.
func TestSuggestPlaces(t *testing.T) {
	tb := newTyping(t)
	tb.want(of("ann", "progress"), "place", "1 | chapter 1", "2 | chapter 2", "3 | chapter 3", "4 | chapter 4", "finished | finished: all of the book")
	tb.handle(of("ann", "progress", "place", "2"))
	tb.want(of("ann", "progress"), "place", "3 | chapter 3", "4 | chapter 4", "finished | finished: all of the book", "start | start: nothing of it yet",
		"undo | undo: take the last change back", "1 | chapter 1: Dawn", "2 | chapter 2: Dusk")
	for typed, want := range map[string]string{
		"2": "2 | chapter 2: Dusk", "3": "3 | chapter 3", "ch3": "ch3 | chapter 3", "0": "0 | start: nothing of it yet", "35%": "35% | 35% of the book",
		"p120": "p120 | page 120 of Paperback", "P 120": "P 120 | page 120 of Paperback", "2h30": "2h30 | 2h30, listened to",
		"dus": "2 | chapter 2: Dusk", "fin": "finished | finished: all of the book", "un": "undo | undo: take the last change back",
	} {
		tb.want(of("ann", "progress", "place", typed), "place", want)
	}
	for _, typed := range []string{"Night", "ash", "9", "p9999", "120%", "nowhere"} {
		tb.want(of("ann", "progress", "place", typed), "place")
	}
	// The channel's pace, and titles as far as whoever types has read.
	tb.handle(of("mod", "club pace", "place", "1"))
	tb.want(of("mod", "club pace"), "place", "2 | chapter 2", "3 | chapter 3", "4 | chapter 4", "finished | finished: all of the book",
		"start | start: nothing of it yet", "undo | undo: take the last change back", "1 | chapter 1")
	tb.handle(of("mod", "progress", "place", "2"))
	tb.want(of("mod", "club preview"), "place", "3 | chapter 3", "4 | chapter 4", "finished | finished: all of the book", "start | start: nothing of it yet",
		"1 | chapter 1: Dawn", "2 | chapter 2: Dusk")
	tb.want(of("ann", "club pace"), "place")
	tb.want(of("ann", "club preview"), "place")
	// A book of many chapters: what else there is to say comes within the 25.
	long := tb.labels(of("ann", "progress", "book", "jane-eyre"), "place")
	if len(long) != 25 || long[20] != "finished | finished: all of the book" || long[21] != "21 | chapter 21" {
		t.Errorf("of a long book:\n%s", strings.Join(long, "\n"))
	}
}

// TestSuggestSources is the table of what is suggested of a library.
func TestSuggestSources(t *testing.T) {
	tb := newTyping(t)
	a, b, c := tb.idOf("a.txt"), tb.idOf("b.txt"), tb.idOf("c.md")
	tb.want(of("ann", "reviews read"), "review", a+" | 1. Ada: A quiet book", b+" | 2. Bo")
	tb.want(of("ann", "reviews read", "review", "lamp"), "review")
	tb.want(of("ann", "reviews read", "review", "2"), "review", b+" | 2. Bo")
	tb.want(of("ann", "reviews read", "book", "jane-eyre"), "review")
	tb.want(of("ann", "reviews read", "book", "nothing"), "review")
	tb.want(of("ann", "reviews by"), "reviewer", "Ada | Ada", "Bo | Bo")
	first := tb.labels(of("ann", "faq read"), "which")
	if len(first) != 1 || !strings.HasSuffix(first[0], " | 1. Question 1?") {
		t.Fatalf("questions: %q", first)
	}
	tb.want(of("mod", "club remove"), "which", a+" | 1. Ada: A quiet book", b+" | 2. Bo", c+" | 3. Question 1?")
	tb.want(of("mod", "club preview", "place", "3"), "review", a+" | 1. Ada: A quiet book", b+" | 2. Bo")
	tb.want(of("mod", "club edit"), "which")
	tb.want(of("mod", "faq delete"), "which")
	tb.want(of("ann", "club remove"), "which")

	// The values are what the commands take.
	if out := told(tb.bot.Handle(t.Context(), of("ann", "reviews read", "review", b))); !strings.Contains(out, "Bo") {
		t.Errorf("a review is read by its value:\n%s", out)
	}
	value, _, _ := strings.Cut(first[0], " | ")
	if out := told(tb.bot.Handle(t.Context(), of("ann", "faq read", "which", value))); !strings.Contains(out, "Question 1?") {
		t.Errorf("a question is read by its value:\n%s", out)
	}
	tb.handle(of("ann", "progress", "place", "3"))
	tb.want(of("ann", "reviews read", "review", "lamp"), "review", b+" | 2. Bo: The lamp breaks")
	if got := tb.labels(of("ann", "faq read"), "which"); len(got) != 2 {
		t.Errorf("questions: %q", got)
	}
	// A channel's further place is nobody's own.
	tb.handle(of("mod", "club pace", "place", "3"))
	room := of("bob", "reviews read")
	room.Room = true
	tb.want(room, "review", a+" | 1. Ada: A quiet book", b+" | 2. Bo")

	// What is written here: one's own, and what waits.
	add := of("bob", "reviews add", "title", "Ash at the end", "text", "I loved it.")
	add.Name = "Bob"
	tb.handle(add)
	own, waits := tb.labels(of("bob", "reviews delete"), "which"), tb.labels(of("mod", "club approve"), "which")
	if len(own) != 1 || !strings.HasSuffix(own[0], " | 1. The Lamp: Ash at the end") || len(waits) != 1 || !strings.HasSuffix(waits[0], " | 1. Bob") {
		t.Errorf("own: %q; waiting: %q", own, waits)
	}
	tb.want(of("ann", "reviews delete"), "which")
	tb.want(of("ann", "club approve"), "which")
	value, _, _ = strings.Cut(waits[0], " | ")
	if out := told(tb.bot.Handle(t.Context(), of("mod", "club approve", "which", value))); !strings.Contains(out, "Approved.") {
		t.Errorf("approved by its value:\n%s", out)
	}
	if got := tb.labels(of("mod", "club edit"), "which"); len(got) != 1 || !strings.HasSuffix(got[0], "Bob") {
		t.Errorf("to be edited: %q", got)
	}
}

// TestSuggestBooks suggests books, also while the store can't be read, and then
// nothing else.
func TestSuggestBooks(t *testing.T) {
	tb := newTyping(t)
	tb.want(of("ann", "ask"), "book", "lamp | The Lamp by Ann Other", "jane-eyre | Jane Eyre by Charlotte Brontë", "never-let-me-go | Never Let Me Go by Kazuo Ishiguro")
	for typed, want := range map[string]string{"lampe": "lamp | The Lamp by Ann Other", "jane e": "jane-eyre | Jane Eyre by Charlotte Brontë", "ishi": "never-let-me-go | Never Let Me Go by Kazuo Ishiguro"} {
		tb.want(of("ann", "ask", "book", typed), "book", want)
	}
	tb.want(of("ann", "ask"), "question")
	tb.want(of("ann", "spoilers"), "veil")
	tb.want(of("ann", "nothing"), "book")
	tb.want(of("ann", "ask"), "nothing")

	down := &unreadable{Store: tb.store}
	b := bot.New(down, tb.slog())
	if got := b.Suggest(t.Context(), of("ann", "ask"), "book"); len(got) != 3 {
		t.Fatalf("%d books", len(got))
	}
	down.why = errors.New("no answer")
	if got := b.Suggest(t.Context(), of("ann", "ask"), "book"); len(got) != 3 {
		t.Errorf("%d books while the store is down", len(got))
	}
	for option, command := range map[string]string{"place": "progress", "review": "reviews read", "which": "faq read", "reviewer": "reviews by"} {
		if got := b.Suggest(t.Context(), of("ann", command), option); len(got) > 0 {
			t.Errorf("%s of %q while the store is down: %+v", option, command, got)
		}
	}
	if got := bot.New(down, nil).Suggest(t.Context(), of("ann", "ask"), "book"); len(got) > 0 {
		t.Errorf("nothing is known, and suggested are %+v", got)
	}
}

// TestOptions leaves out each option that a command is said to do nothing
// without.
func TestOptions(t *testing.T) {
	tb := newTyping(t)
	var last bot.Outcome
	tb.bot.MeasureWith(func(h bot.Handled) { last = h.Outcome })
	for _, cmd := range bot.Commands() {
		for _, missing := range cmd.Options {
			if missing.Suggests && missing.Choices != nil || missing.Required && missing.Optional || missing.File && cmd.Name != "club import" {
				t.Errorf("%s of %q is %+v", missing.Name, cmd.Name, missing)
			}
			if !missing.Required {
				continue
			}
			req := of("mod", cmd.Name)
			for _, o := range cmd.Options {
				switch {
				case o.Name == missing.Name || o.Optional:
				case o.Choices != nil:
					req.Options[o.Name] = o.Choices[0]
				default:
					req.Options[o.Name] = "1"
				}
			}
			if tb.bot.Handle(t.Context(), req); last != bot.Refused {
				t.Errorf("%q without %s is %s", cmd.Name, missing.Name, last)
			}
		}
	}
}

// unreadable is a store that may not answer.
type unreadable struct {
	bot.Store
	why   error // nil: it answers
	looks int
}

func (u *unreadable) Look(ctx context.Context, v bot.Visit) (bot.View, error) {
	u.looks++
	if u.why != nil {
		return bot.View{}, u.why
	}
	return u.Store.Look(ctx, v)
}

// TestSuggestOften has somebody type without end: that takes nothing of what
// they may ask, and is bounded all the same.
func TestSuggestOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tb := newTable(t)
		s := &unreadable{Store: tb.store}
		tb.bot = bot.New(s, nil)
		tb.bot.LimitTo(bot.Rate{Burst: 2, Every: 10 * time.Second})
		suggested := func(reader bot.ReaderID) bool { return len(tb.bot.Suggest(t.Context(), of(reader, "ask"), "book")) > 0 }
		n := 0
		for range 100 {
			if suggested("ann") {
				n++
			}
		}
		if n != 20 || s.looks != 20 {
			t.Errorf("%d of 100 key strokes were answered, with %d looks at the store", n, s.looks)
		}
		if !suggested("bob") {
			t.Error("one reader's typing is another's")
		}
		for range 2 {
			tb.want(tb.say("ann", prose), quiet)
		}
		tb.want(tb.say("ann", prose), "That was a lot at once")
		time.Sleep(time.Second)
		if !suggested("ann") || suggested("ann") {
			t.Error("a second is one more key stroke")
		}
		time.Sleep(time.Hour)
		if !suggested("ann") {
			t.Error("an hour later nothing is suggested")
		}
	})
}

// TestSuggestNonInterference changes everything past a place, in each way, and
// compares what is suggested there.
func TestSuggestNonInterference(t *testing.T) {
	t.Parallel()
	book := firstBook(t)
	var sources []library.Source
	for _, src := range library.Sample() {
		if src.Book == book.ID {
			sources = append(sources, label.New(book).Label(src))
		}
	}
	sources = laden(sources, book)
	rng := rand.New(rand.NewPCG(3, 4))
	compared := 0
	for at := range book.End() + 1 {
		if testing.Short() && at%6 != 0 {
			continue
		}
		place := fmt.Sprint("ch", at)
		all := func(b *bot.Bot) string {
			var out strings.Builder
			b.Handle(t.Context(), of("ann", "progress", "place", place, "book", string(book.ID)))
			for _, veil := range []reply.Veil{reply.Hide, reply.Tag, reply.Show} {
				b.Handle(t.Context(), of("ann", "spoilers", "veil", string(veil)))
				for _, c := range [][2]string{{"progress", "place"}, {"reviews read", "review"}, {"reviews by", "reviewer"}, {"faq read", "which"}} {
					for _, typed := range []string{"", "1", "t", "who", "does"} {
						got := b.Suggest(t.Context(), of("ann", c[0], "book", string(book.ID), c[1], typed), c[1])
						compared += len(got)
						fmt.Fprintln(&out, veil, c, typed, got)
					}
				}
			}
			return out.String()
		}
		want := all(clubOf(t, sources))
		for way, change := range mutations {
			if got := all(clubOf(t, mutate(sources, change, at, rng))); got != want {
				t.Errorf("%s at %d:\n--- before\n%s--- after\n%s", way, at, want, got)
			}
		}
	}
	if compared < 1000 {
		t.Errorf("only %d choices were compared", compared)
	}
}
