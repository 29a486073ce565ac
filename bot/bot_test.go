package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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

// plainly renders a document as its audience sees it, covers marked.
type plainly struct {
	out     strings.Builder
	tickets []reply.Ticket
	reply   reply.Ticket
	confirm bool
}

func (p *plainly) Line(l reply.Line)       { fmt.Fprintln(&p.out, l.Text()) }
func (p *plainly) Quote(q reply.Quotation) { fmt.Fprintf(&p.out, "quote: %s\n", q.Text) }

func (p *plainly) Source(n int, c reply.Citation) {
	fmt.Fprintln(&p.out, "source:", n, c.Reviewer, c.Title)
}

func (p *plainly) Spoiler(t reply.Ticket, _ func() reply.Quotation) {
	p.tickets = append(p.tickets, t)
	fmt.Fprintln(&p.out, "covered")
}

func (p *plainly) Control(c reply.Control) {
	p.confirm = p.confirm || c.Action == reply.Confirm
	if c.Ticket != "" {
		p.reply = c.Ticket
	}
}

// table is a club with a review of two sentences, and a bot on it.
type table struct {
	*testing.T
	bot   *bot.Bot
	store bot.Store
	log   lockedLog
}

const late = "Tommy dies on his fourth donation."

func newTable(t *testing.T) *table {
	t.Helper()
	s, err := store.Open(context.Background(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	tb := &table{T: t, store: s}
	tb.bot = bot.New(s, tb.slog())
	t.Cleanup(func() { tb.bot.Flush(context.Background()) })
	_, err = tb.bot.Import(context.Background(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{
		{Name: "r.txt", Data: []byte("A review\n\nThe prose is quiet and precise. " + late + " The students are raised for their organs.")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return tb
}

// slog returns what writes the table's log.
func (tb *table) slog() *slog.Logger {
	return slog.New(slog.NewTextHandler(&tb.log, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// seat is a reader's place at the table.
func seat(reader bot.ReaderID) bot.Seat {
	return bot.Seat{Club: "club", Reader: reader, Channel: "c"}
}

// say sends what a reader types and returns what they see.
func (tb *table) say(reader bot.ReaderID, line string) *plainly {
	tb.Helper()
	command, options := bot.Typed(line)
	return tb.handle(bot.Request{Seat: seat(reader), Command: command, Options: options})
}

func (tb *table) handle(req bot.Request) *plainly {
	tb.Helper()
	var p plainly
	tb.bot.Handle(tb.Context(), req).Render(&p)
	if strings.Contains(tb.log.String(), "Tommy dies") {
		tb.Error("the log holds book text")
	}
	return &p
}

func (tb *table) want(p *plainly, want string) {
	tb.Helper()
	if !strings.Contains(p.out.String(), want) {
		tb.Errorf("no %q in:\n%s", want, p.out.String())
	}
}

func (tb *table) never(p *plainly, never string) {
	tb.Helper()
	if strings.Contains(p.out.String(), never) {
		tb.Errorf("%q in:\n%s", never, p.out.String())
	}
}

// TestReveal opens a covered quotation: after a confirmation, for the reader
// it was covered for, where it was covered, and never under hide.
func TestReveal(t *testing.T) {
	tb := newTable(t)
	asked := tb.say("ann", "what happens to tommy on his donation")
	if len(asked.tickets) == 0 {
		t.Fatalf("nothing is covered:\n%s", asked.out.String())
	}
	reveal := bot.Request{Seat: seat("ann"), Command: "reveal", Options: map[string]string{"ticket": string(asked.tickets[0])}}
	if p := tb.handle(reveal); !p.confirm {
		t.Errorf("no confirmation is asked for:\n%s", p.out.String())
	} else {
		tb.never(p, "Tommy")
		tb.never(p, "23")
	}
	yes := reveal
	yes.Confirmed = true
	tb.want(tb.handle(yes), "quote: "+late)

	// Another reader, another channel, another club, a forged ticket.
	for _, peek := range []bot.Request{
		{Seat: seat("bob"), Command: "reveal", Options: yes.Options, Confirmed: true},
		{Seat: bot.Seat{Club: "club", Reader: "ann", Channel: "d"}, Command: "reveal", Options: yes.Options, Confirmed: true},
		{Seat: bot.Seat{Club: "other", Reader: "ann", Channel: "c"}, Command: "reveal", Options: yes.Options, Confirmed: true},
		{Seat: seat("ann"), Command: "reveal", Options: map[string]string{"ticket": string(asked.tickets[0]) + "1"}, Confirmed: true},
		{Seat: seat("ann"), Command: "reveal", Options: map[string]string{"ticket": "guess.1"}, Confirmed: true},
		{Seat: seat("ann"), Command: "reveal", Confirmed: true},
	} {
		tb.never(tb.handle(peek), "Tommy")
	}
	tb.say("ann", "spoilers hide")
	tb.never(tb.handle(yes), "Tommy")
	tb.say("ann", "spoilers tag")
	tb.want(tb.handle(yes), "quote: "+late)

	// Read far enough, it opens at once.
	tb.handle(bot.Request{Seat: seat("ann"), Command: "progress", Options: map[string]string{"place": "finished"}, Confirmed: true})
	tb.want(tb.handle(reveal), "quote: "+late)
}

// TestTicketExpires shows that a ticket opens nothing once its time is over.
func TestTicketExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tb := newTable(t)
		asked := tb.say("ann", "what happens to tommy on his donation")
		req := bot.Request{Seat: seat("ann"), Command: "reveal", Confirmed: true, Options: map[string]string{"ticket": string(asked.tickets[0])}}
		time.Sleep(13 * 24 * time.Hour)
		tb.want(tb.handle(req), "quote: "+late)
		time.Sleep(25 * time.Hour)
		tb.never(tb.handle(req), "Tommy")
	})
}

// TestUndo takes a change of place back once, within a day.
func TestUndo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tb := newTable(t)
		tb.want(tb.say("ann", "progress undo"), "no change")
		tb.want(tb.say("ann", "progress 7"), "chapter 7 of 23")
		tb.want(tb.say("ann", "progress 12"), "chapter 12 of 23")
		time.Sleep(23 * time.Hour)
		tb.want(tb.say("ann", "progress undo"), "chapter 7 of 23")
		tb.want(tb.say("ann", "progress undo"), "no change")
		tb.say("ann", "progress 9")
		time.Sleep(25 * time.Hour)
		tb.want(tb.say("ann", "progress undo"), "no change")
		tb.want(tb.say("ann", "progress"), "chapter 9 of 23")
		tb.want(tb.say("ann", "progress clear"), "forgotten")
		tb.want(tb.say("ann", "progress"), "haven't told me")
	})
}

// TestFinishedTakesTwoSteps shows that one slip does not open the whole book.
func TestFinishedTakesTwoSteps(t *testing.T) {
	tb := newTable(t)
	for _, place := range []string{"finished", "23", "100%", "end"} {
		if p := tb.say("ann", "/progress "+place); !p.confirm {
			t.Errorf("%s is saved at once:\n%s", place, p.out.String())
		}
	}
	tb.want(tb.say("ann", "progress"), "haven't told me")
}

// TestRoom shows that the audience decides, not the asker: a finished reader's
// question in a channel is answered for the channel.
func TestRoom(t *testing.T) {
	tb := newTable(t)
	tb.handle(bot.Request{Seat: seat("ann"), Command: "progress", Options: map[string]string{"place": "finished"}, Confirmed: true})
	tb.say("ann", "spoilers show")
	tb.want(tb.say("ann", "what happens to tommy on his donation"), "quote: "+late)
	ask := bot.Request{Seat: seat("ann"), Room: true, Options: map[string]string{"question": "what happens to tommy on his donation"}}
	tb.never(tb.handle(ask), "Tommy")
	tb.want(tb.handle(ask), "covered")
	if _, public := tb.bot.Handle(t.Context(), ask).(reply.PublicDoc); !public {
		t.Error("a reply to the room is no PublicDoc")
	}

	// Sharing asks again as the channel.
	answered := tb.say("ann", "what happens to tommy on his donation")
	shared := tb.handle(bot.Request{Seat: seat("ann"), Command: "share", Options: map[string]string{"ticket": string(answered.reply)}})
	tb.never(shared, "Tommy")

	// With the tags off, the channel sees no trace.
	if err := tb.store.SetChannel(t.Context(), "club", "c", bot.Channel{}, bot.Channel{TagsOff: true}); err != nil {
		t.Fatal(err)
	}
	tb.never(tb.handle(ask), "covered")
	// At its pace, it sees what it has read.
	if err := tb.store.SetChannel(t.Context(), "club", "c", bot.Channel{TagsOff: true}, bot.Channel{Book: "never-let-me-go", Pace: 23}); err != nil {
		t.Fatal(err)
	}
	tb.want(tb.handle(ask), "quote: "+late)
}

// TestYesNo shows that a yes/no question gets no covered lines, and that
// looking past one's place does.
func TestYesNo(t *testing.T) {
	tb := newTable(t)
	p := tb.say("ann", "does tommy die on his donation?")
	tb.never(p, "covered")
	tb.want(tb.handle(bot.Request{Seat: seat("ann"), Command: "past", Options: map[string]string{"ticket": string(p.reply)}}), "covered")
	tb.say("ann", "spoilers hide")
	tb.never(tb.handle(bot.Request{Seat: seat("ann"), Command: "past", Options: map[string]string{"ticket": string(p.reply)}}), "covered")
}

// TestStatedPlace shows that a place named in the question counts where it is
// lower.
func TestStatedPlace(t *testing.T) {
	tb := newTable(t)
	tb.handle(bot.Request{Seat: seat("ann"), Command: "progress", Options: map[string]string{"place": "finished"}, Confirmed: true})
	tb.want(tb.say("ann", "what happens to tommy on his donation"), "quote: "+late)
	tb.never(tb.say("ann", "i'm on ch 9, what happens to tommy on his donation"), "quote: "+late)
	tb.say("bob", "progress 3")
	tb.never(tb.say("bob", "i've finished the book, what happens to tommy on his donation"), "Tommy")
}

// broken is a store that does not answer.
type broken struct {
	bot.Store
	down bool
}

var errDown = errors.New("the store is down")

func (b *broken) Look(ctx context.Context, visit bot.Visit) (bot.View, error) {
	if b.down {
		return bot.View{}, errDown
	}
	return b.Store.Look(ctx, visit)
}

func (b *broken) Shelf(ctx context.Context, club bot.ClubID) (bot.Shelf, error) {
	if b.down {
		return bot.Shelf{}, errDown
	}
	return b.Store.Shelf(ctx, club)
}

func (b *broken) Move(ctx context.Context, r bot.Seat, k bot.BookKey, m bot.Move) (bot.Bookmark, error) {
	if b.down {
		return bot.Bookmark{}, errDown
	}
	return b.Store.Move(ctx, r, k, m)
}

// TestStoreDown shows that failure is closed and said: everyone is at the
// start under hide, and what was not saved is said to be not saved.
func TestStoreDown(t *testing.T) {
	tb := newTable(t)
	s := &broken{Store: tb.store}
	tb.bot = bot.New(s, tb.slog())
	tb.handle(bot.Request{Seat: seat("ann"), Command: "progress", Options: map[string]string{"place": "finished"}, Confirmed: true})
	tb.want(tb.say("ann", "what happens to tommy on his donation"), "quote: "+late)

	s.down = true
	p := tb.say("ann", "what happens to tommy on his donation")
	tb.want(p, "can't read your progress right now")
	tb.never(p, "Tommy")
	tb.never(p, "covered")
	tb.want(tb.say("ann", "how is the prose?"), "quote: The prose is quiet and precise.")
	tb.want(tb.say("ann", "progress 3"), "not saved")
	tb.want(tb.say("ann", "spoilers show"), "not saved") // by a store that answers again, too

	// A process that never read the library says the neutral line.
	tb.bot = bot.New(s, tb.slog())
	p = tb.say("ann", "how is the prose?")
	tb.want(p, "Something went wrong on my side")
	if !strings.Contains(tb.log.String(), errDown.Error()) {
		t.Error("the log does not have the cause")
	}

	s.down = false
	tb.want(tb.say("ann", "what happens to tommy on his donation"), "quote: "+late)
}

// TestNewerLibrary shows that an index older than the club's library never
// answers.
func TestNewerLibrary(t *testing.T) {
	tb := newTable(t)
	other := bot.New(tb.store, nil) // another process on the same store
	tb.want(tb.say("ann", "how is the prose?"), "quote: The prose is quiet and precise.")
	if _, err := other.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{
		{Name: "r.txt", Data: []byte("A review\n\nThe prose is calm.")},
	}}); err != nil {
		t.Fatal(err)
	}
	p := tb.say("ann", "how is the prose?")
	tb.want(p, "quote: The prose is calm.")
	tb.never(p, "quiet")
}

// TestSuggestions asks each question that is suggested, of the same club at the
// same place: it is answered.
func TestSuggestions(t *testing.T) {
	s, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	dogear := bot.New(s, nil)
	ask := func(question, at string) (lines []string, quotes int) {
		a, err := dogear.Ask(t.Context(), bot.Asking{
			Request: bot.Request{Seat: bot.Seat{Club: bot.SampleClub, Reader: "r"}}, Question: question, At: at, Veil: reply.Hide,
		})
		if err != nil {
			t.Fatal(err)
		}
		var v visible
		a.Doc.Render(&v)
		for line := range strings.Lines(v.out.String()) {
			if item, ok := strings.CutPrefix(line, fmt.Sprint(reply.Item)+" "); ok {
				lines = append(lines, strings.TrimSpace(item))
			}
		}
		return lines, v.quotes
	}
	for _, at := range []string{"start", "7", "13", "21", "end"} {
		suggested, quotes := ask("xyzzy plugh?", at)
		if quotes != 0 || len(suggested) == 0 || len(suggested) > 3 {
			t.Errorf("at %s: %d quotations and %d suggestions for nonsense", at, quotes, len(suggested))
		}
		for _, question := range suggested {
			if _, quotes := ask(question, at); quotes == 0 {
				t.Errorf("at %s: %q was suggested and is not answered", at, question)
			}
		}
	}
}

// firstBook returns the book that the sample club reads first.
func firstBook(t testing.TB) library.Book {
	t.Helper()
	for _, book := range library.Shipped() {
		if book.ID == "never-let-me-go" {
			return book
		}
	}
	t.Fatal("the first book is not shipped")
	return library.Book{}
}

// TestPlaces is the table of reading positions.
func TestPlaces(t *testing.T) {
	book := firstBook(t)
	for words, want := range map[string]spoiler.Position{
		"start": 0, "end": 23, "finished": 23, "7": 7, "ch7": 7, "Chapter 7": 7, "ch. 7": 7, "35%": 8, "100%": 23, "0%": 0, "99.9%": 22, "50 percent": 11,
	} {
		if got, err := bot.ParsePlace(book, words); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", words, got, err, want)
		}
	}
	for _, words := range []string{"", "24", "-1", "101%", "p120", "nowhere", "7 8", "seven"} {
		var no bot.Refusal
		if _, err := bot.ParsePlace(book, words); !errors.As(err, &no) {
			t.Errorf("%q is no refusal: %v", words, err)
		}
	}
}

// thousands returns a club's worth of labelled passages.
func thousands(b *testing.B, n int) []library.Source {
	b.Helper()
	book := firstBook(b)
	l := label.New(book)
	var out []library.Source
	for made := 0; made < n; {
		for _, src := range library.Sample() {
			src.ID = library.SourceID(fmt.Sprintf("%s-%d", src.ID, made))
			if len(out) < len(library.Sample()) {
				src = l.Label(src)
			} else {
				same := out[len(out)%len(library.Sample())]
				same.ID = src.ID
				src = same
			}
			out = append(out, src)
			made += len(src.Sentences)
		}
	}
	return out
}

// BenchmarkAsk asks a club of 10,000 passages.
func BenchmarkAsk(b *testing.B) {
	s, err := store.Open(b.Context(), "mem:")
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Change(b.Context(), "club", bot.Change{PutSources: thousands(b, 10_000)}); err != nil {
		b.Fatal(err)
	}
	dogear := bot.New(s, nil)
	for _, c := range []struct{ name, question, at string }{
		{"worth at start", "is it worth reading?", "start"},
		{"gallery at 7", "what is the gallery for?", "7"},
		{"tommy at end", "does tommy die?", "end"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := dogear.Ask(b.Context(), bot.Asking{
					Request: bot.Request{Seat: bot.Seat{Club: "club", Reader: "r"}}, Question: c.question, Book: "never-let-me-go", At: c.at,
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkImport imports a review of the sample club into an empty club.
func BenchmarkImport(b *testing.B) {
	data := []byte("A review\n\n" + strings.Repeat("The prose is quiet and precise. Tommy dies on his fourth donation. I enjoyed the pacing of this novel.\n\n", 20))
	b.ReportAllocs()
	for b.Loop() {
		s, err := store.Open(b.Context(), "mem:")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := bot.New(s, nil).Import(b.Context(), "club", bot.Import{
			Book: "never-let-me-go", Files: []library.File{{Name: "r.txt", Data: data}},
		}); err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}
