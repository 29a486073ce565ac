package bot_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/store"
)

// reviewText returns one of a few texts, so that imports repeat, correct and
// replace one another.
func reviewText(n int) string {
	lines := []string{
		"The prose is quiet and precise.", "I found the pacing slow.", late, "It broke my heart.", "The students are raised for their organs.",
		"Kathy tells the story herself.", "That is why the ending hurts.", "I loved every page of it.",
	}
	var out []string
	for i, line := range lines {
		if (n>>i)&1 == 0 {
			out = append(out, line)
		}
	}
	return fmt.Sprintf("---\ntitle: Thoughts %d\nreviewer: Reader %d\n---\n\n%s\n", n%3, n%5, strings.Join(append(out, "I liked this novel."), " "))
}

// TestChangeByChange changes a club at random and compares it with one that is
// read anew from the store: sources byte by byte, and some answers.
func TestChangeByChange(t *testing.T) {
	tb := newTable(t)
	tb.changeAtRandom(rand.New(rand.NewPCG(7, 8)), 300, func(step int) {
		if step%25 == 24 {
			sameAnew(t, tb.bot, bot.New(tb.store, nil), step)
		}
	})
}

// changeAtRandom has readers and moderators do things to the club.
func (tb *table) changeAtRandom(rng *rand.Rand, steps int, after func(step int)) {
	t := tb.T
	t.Helper()
	readers := []bot.ReaderID{"ann", "bob", "mod"}
	for _, r := range readers {
		tb.handle(bot.Request{Seat: seat(r), Command: "progress", Options: map[string]string{"place": "finished"}, Confirmed: true})
	}
	shown := map[bot.ReaderID]reply.Ticket{}
	var decide reply.Ticket
	ask := func(r bot.ReaderID, command string, options ...string) *plainly {
		req := bot.Request{Seat: seat(r), Name: string(r), Command: command, Options: map[string]string{"book": "never-let-me-go"}, Confirmed: true, Moderator: r == "mod"}
		for i := 0; i < len(options); i += 2 {
			req.Options[options[i]] = options[i+1]
		}
		return tb.handle(req)
	}
	number := func() string { return fmt.Sprint(1 + rng.IntN(4)) }
	for step := range steps {
		r := readers[rng.IntN(len(readers))]
		switch rng.IntN(13) {
		case 0, 1:
			if _, err := tb.bot.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{
				{Name: fmt.Sprintf("r%d.md", rng.IntN(4)), Data: []byte(reviewText(rng.IntN(256)))},
			}}); err != nil {
				t.Fatal(err)
			}
		case 2, 3:
			shown[r] = ask(r, "reviews read", "review", number()).reply
		case 4, 5:
			what := []string{"quotation", "title"}[rng.IntN(2)]
			ask("mod", "report", "ticket", string(shown["mod"])+"."+number(), "what", what)
			ask(r, "report", "ticket", string(shown[r])+"."+number(), "what", what)
		case 6:
			decide = ask("mod", "club queue").reply
		case 7:
			decide = ask("mod", "club decide", "ticket", string(decide), "place", []string{"0", "7", "end", "never", "labels"}[rng.IntN(5)]).reply
		case 8:
			ask("mod", "club undo", "ticket", string(decide))
		case 9:
			ask(r, "reviews add", "text", reviewText(rng.IntN(256))[40:], "title", "Mine")
			ask(r, "reviews edit", "which", number(), "text", reviewText(rng.IntN(256))[40:])
			ask("mod", "club approve", "which", number())
		case 10:
			if rng.IntN(3) == 0 {
				ask("mod", "club remove", "which", number())
			}
			ask("mod", "faq add", "question", "How is the pacing?", "text", "The pacing is slow.")
			ask("mod", []string{"club trust", "club distrust"}[rng.IntN(2)], "role", "role "+number())
			ask("mod", "club channels", "who", []string{"moderators", "trusted", "everyone"}[rng.IntN(3)])
		case 11:
			if rng.IntN(3) == 0 {
				ask(r, "privacy forget", "reviews", []string{"keep", "remove"}[rng.IntN(2)])
				tb.handle(bot.Request{Seat: seat(r), Command: "progress", Options: map[string]string{"place": "finished"}, Confirmed: true})
			} else {
				ask("mod", "club restore", "reader", string(r))
			}
		case 12:
			if rng.IntN(3) == 0 { // after which all of it is read anew
				tb.changeBooks(rng)
			}
		}
		after(step)
	}
	if strings.Contains(tb.log.String(), "level=ERROR") {
		t.Errorf("the log: %s", tb.log.String())
	}
}

// changeBooks changes what the club knows of a book, or a book of its own.
func (tb *table) changeBooks(rng *rand.Rand) {
	tb.Helper()
	var err error
	switch rng.IntN(3) {
	case 0:
		file := fmt.Sprintf("book: never-let-me-go\nledger:\n  - {id: ours, chapter: %d, fact: The pacing is slow., class: event, says: [the pacing is slow, i found the pacing slow, a slow pacing]}\n", 1+rng.IntN(20))
		_, err = tb.bot.AddOverlay(tb.Context(), "club", library.File{Name: "ours.yaml", Data: []byte(file)})
	case 1:
		_, err = tb.bot.Import(tb.Context(), "club", bot.Import{Book: "lamp", Title: "The Lamp", Chapters: 9, Files: []library.File{
			{Name: "lamp.md", Data: []byte(reviewText(rng.IntN(256)))},
		}})
	case 2:
		if err = tb.bot.RemoveBook(tb.Context(), "club", "lamp"); err != nil && strings.Contains(err.Error(), "none of the club's own") {
			err = nil
		}
	}
	if err != nil {
		tb.Fatal(err)
	}
}

// sameAnew compares a club with one that was read anew.
func sameAnew(t *testing.T, kept, anew *bot.Bot, step int) {
	t.Helper()
	state := func(b *bot.Bot) string {
		b.Handle(t.Context(), bot.Request{Seat: seat("x"), Command: "book list"}) // one that is new reads the store
		sources := bot.Kept(b, "club")
		var out bytes.Buffer
		for _, src := range sources {
			data, err := library.EncodeSource(src)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "%s\n", data)
		}
		for _, line := range []string{"how is the prose?", "what happens to tommy?", "is the pacing slow?", "/reviews list", "/reviews verdict", "/faq list", "/reviews read 1"} {
			for _, place := range []string{"", "7"} {
				r := seat(bot.ReaderID("at" + place))
				b.Handle(t.Context(), bot.Request{Seat: r, Command: "progress", Options: map[string]string{"place": place, "book": "never-let-me-go"}})
				command, options := bot.Typed(line)
				options["book"] = "never-let-me-go"
				out.WriteString(told(b.Handle(t.Context(), bot.Request{Seat: r, Command: command, Options: options})))
			}
		}
		for _, list := range []string{"club proposals", "club settings", "club sources", "club reports", "book list"} {
			out.WriteString(told(b.Handle(t.Context(), bot.Request{Seat: seat("mo"), Command: list, Options: map[string]string{"book": "never-let-me-go"}, Moderator: true, Confirmed: true})))
		}
		return out.String()
	}
	if a, b := state(kept), state(anew); a != b {
		t.Fatalf("step %d: the club differs from what is in the store\n--- kept\n%s--- anew\n%s", step, a, b)
	}
}

// TestManyAtOnce has readers report, a moderator decide and files come in at the
// same time: no word is lost, and what waits is shown to nobody.
func TestManyAtOnce(t *testing.T) {
	tb := &table{T: t}
	var err error
	if tb.store, err = store.Open(t.Context(), "mem:"); err != nil {
		t.Fatal(err)
	}
	defer tb.store.Close()
	var log lockedLog
	tb.bot = bot.New(tb.store, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})))
	tb.bot.EditWith("", &wall{reads: map[bot.MessageID]string{}})
	bring := func(n int, more string) {
		if _, err := tb.bot.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{
			{Name: fmt.Sprintf("r%d.txt", n), Data: fmt.Appendf(nil, "A review\n\nThe prose is quiet and precise, %d times. I loved it.%s\n", n, more)},
		}}); err != nil {
			t.Error(err)
		}
	}
	const many = 20
	for n := range many {
		bring(n, "")
	}
	handle := func(req bot.Request) string { return told(tb.bot.Handle(t.Context(), req)) }
	tickets := make([]reply.Ticket, many)
	at := make([]bot.ReaderID, many)
	for n := range many {
		at[n] = bot.ReaderID(fmt.Sprint("reader", n))
		var p plainly
		tb.bot.Handle(t.Context(), bot.Request{Seat: seat(at[n]), Command: "reviews read", Options: map[string]string{"review": tb.sourceOf(n)}}).Render(&p)
		tickets[n] = p.reply
		tb.want(&p, "quiet and precise")
	}
	var all sync.WaitGroup
	for n := range many {
		all.Go(func() {
			switch req := (bot.Request{Seat: seat(at[n]), Options: map[string]string{"book": "never-let-me-go"}}); n % 4 {
			default:
				req.Command, req.Options["ticket"] = "report", string(tickets[n])+".1"
				if out := handle(req); !strings.Contains(out, "Thank you") {
					t.Errorf("report %d: %s", n, out)
				}
			case 2:
				bring(n, " The pacing is slow.")
				req.Command, req.Options["text"] = "reviews add", "I would read this again."
				handle(req)
			case 3:
				req.Moderator, req.Confirmed, req.Command = true, true, "club queue"
				handle(req)
				req.Command, req.Options["who"] = "club channels", "trusted"
				handle(req)
			}
		})
	}
	all.Wait()
	shelf, err := tb.store.Shelf(t.Context(), "club")
	if err != nil {
		t.Fatal(err)
	}
	by := map[bot.ReaderID]bool{}
	for _, r := range shelf.Rulings {
		for _, s := range r.Steps {
			by[s.By] = true
		}
	}
	for n := range many {
		if n%4 < 2 != by[at[n]] {
			t.Errorf("reader %d: a report is kept: %v", n, by[at[n]])
		}
	}
	if len(shelf.Proposals) != many/4 || len(shelf.Sources) != many {
		t.Errorf("%d proposals and %d sources", len(shelf.Proposals), len(shelf.Sources))
	}
	if out := log.String(); out != "" {
		t.Errorf("the log: %s", out)
	}
	sameAnew(t, tb.bot, bot.New(tb.store, nil), 0)
}

// sourceOf returns the ID of a file's review.
func (tb *table) sourceOf(n int) string {
	for _, src := range bot.Kept(tb.bot, "club") {
		if src.File == fmt.Sprintf("r%d.txt", n) {
			return string(src.ID)
		}
	}
	tb.Fatalf("r%d.txt is not there", n)
	return ""
}

// lockedLog is a log that many may write to.
type lockedLog struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.String()
}

func (l *lockedLog) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.out.Reset()
}

// TestLimits bounds what one member may report in a day and have waiting.
func TestLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tb := newTable(t)
		report := func(r bot.ReaderID, moderator bool) *plainly {
			shown := tb.say(r, "how is the prose?")
			time.Sleep(time.Second)
			p := tb.handle(bot.Request{Seat: seat(r), Command: "report", Moderator: moderator, Options: map[string]string{"ticket": string(shown.reply) + ".1"}})
			tb.handle(bot.Request{Seat: seat("mod"), Command: "club queue", Confirmed: true, Moderator: true, Options: map[string]string{"book": "never-let-me-go"}})
			return p
		}
		open := func() {
			queue := tb.handle(bot.Request{Seat: seat("mod"), Command: "club queue", Confirmed: true, Moderator: true, Options: map[string]string{"book": "never-let-me-go"}})
			tb.want(queue, "prose is quiet")
			tb.want(tb.handle(bot.Request{Seat: seat("mod"), Command: "club decide", Moderator: true, Options: map[string]string{"ticket": string(queue.reply), "place": "labels"}}), "Saved")
		}
		for range 10 {
			tb.want(report("ann", false), "Thank you")
			open()
		}
		tb.want(report("ann", false), "as much as one reader can in a day")
		tb.want(tb.say("bob", "how is the prose?"), "prose is quiet")
		tb.want(report("bob", false), "Thank you")
		open()
		time.Sleep(24 * time.Hour)
		for range 11 {
			tb.want(report("mod", true), "Thank you")
			open()
		}
		tb.want(report("ann", false), "Thank you")

		propose := func(r bot.ReaderID) *plainly {
			return tb.handle(bot.Request{Seat: seat(r), Name: "Ann", Command: "reviews add", Options: map[string]string{"text": "I liked it. " + fmt.Sprint(time.Now().Unix()), "book": "never-let-me-go"}})
		}
		for range 5 {
			tb.want(propose("ann"), "with the moderators")
			time.Sleep(time.Second)
		}
		tb.want(propose("ann"), "5 reviews waiting")
		tb.want(propose("bob"), "with the moderators")
		// One that is edited is no further one.
		tb.want(tb.handle(bot.Request{Seat: seat("ann"), Command: "reviews edit", Options: map[string]string{"which": "1", "text": "I liked it a lot."}}), "with the moderators")
		tb.want(tb.handle(bot.Request{Seat: seat("mod"), Command: "club decline", Moderator: true, Options: map[string]string{"which": "1"}}), "Declined")
		tb.want(propose("ann"), "with the moderators")
	})
}

// TestForgotten looks for a reader who was forgotten in everything that is kept
// of their clubs.
func TestForgotten(t *testing.T) {
	for _, keep := range []string{"remove", "keep"} {
		tb := newTable(t)
		const zed = "reader-zed-4711"
		by := func(moderator bool, command string, options ...string) *plainly {
			req := bot.Request{Seat: seat(zed), Name: "Zedekiah", Moderator: moderator, Confirmed: true, Command: command, Options: map[string]string{"book": "never-let-me-go"}}
			for i := 0; i < len(options); i += 2 {
				req.Options[options[i]] = options[i+1]
			}
			return tb.handle(req)
		}
		by(false, "progress", "place", "7")
		by(false, "spoilers", "veil", "show")
		asked := by(false, "ask", "question", "how is the prose of zedekiah?")
		room := bot.Request{Seat: seat(zed), Room: true, Command: "ask", Options: map[string]string{"question": "how is the prose?", "book": "never-let-me-go"}}
		tb.bot.Posted(t.Context(), room, tb.bot.Handle(t.Context(), room).(reply.PublicDoc), "m1")
		tb.want(by(false, "report", "ticket", string(asked.reply)+".1"), "Thank you")
		tb.want(by(true, "reviews add", "text", "I admired the pacing.", "title", "A first look"), "in the library")
		tb.want(by(false, "reviews add", "text", "I admired the plot."), "with the moderators")
		queue := by(true, "club queue")
		by(true, "club decide", "ticket", string(queue.reply), "place", "3")
		by(true, "club restore", "reader", zed)
		tb.want(by(false, "report", "ticket", string(by(false, "reviews read", "review", "zedekiah").reply)+".1"), "Thank you")

		tb.never(tb.say("bob", "how is the pacing?"), "admired")

		dump := func() string {
			_, records, err := tb.store.Dump(t.Context(), "club")
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			for _, r := range records {
				fmt.Fprintf(&out, "%s %s %s\n", r.Kind, r.ID, r.Data)
			}
			return out.String()
		}
		if n := strings.Count(dump(), zed); n < 6 {
			t.Fatalf("only %d traces are there to be forgotten", n)
		}
		tb.want(by(false, "privacy forget", "reviews", keep), "Forgotten")
		left := dump()
		for line := range strings.Lines(left) {
			if strings.Contains(line, zed) || strings.Contains(line, "zedekiah") || strings.Contains(line, "Zedekiah") {
				t.Errorf("%s: left: %s", keep, line)
			}
		}
		if strings.Contains(left, "admired the pacing") != (keep == "keep") || strings.Contains(left, "admired the plot") != (keep == "keep") {
			t.Errorf("%s: the reviews left are not those:\n%s", keep, left)
		}
		tb.want(tb.say(zed, "/reviews mine"), "written nothing")
		// What was reported stays covered, and can be lifted.
		tb.never(tb.say("bob", "how is the pacing?"), "admired")
	}
}
