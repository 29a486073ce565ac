package bot_test

import (
	"bytes"
	"context"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"dogear/bot"
	"dogear/bot/library"
)

// meter keeps what it is told of.
type meter struct{ all []bot.Handled }

// last returns what was told of the last request, without how long it took.
func (m *meter) last() bot.Handled {
	h := m.all[len(m.all)-1]
	h.Took = 0
	return h
}

// TestMeasure handles a request of each outcome.
func TestMeasure(t *testing.T) {
	tb := newTable(t)
	s := &broken{Store: tb.store}
	tb.bot = bot.New(s, slog.New(slog.NewTextHandler(&tb.log, nil)))
	var m meter
	tb.bot.MeasureWith(func(h bot.Handled) { m.all = append(m.all, h) })
	requests := 0
	check := func(want bot.Handled) {
		t.Helper()
		if requests++; len(m.all) != requests {
			t.Fatalf("%d requests were measured, want %d", len(m.all), requests)
		}
		if m.all[requests-1].Took <= 0 {
			t.Error("it took no time")
		}
		if got := m.last(); got != want {
			t.Errorf("measured %+v, want %+v", got, want)
		}
	}
	tb.say("ann", "how is the prose?")
	check(bot.Handled{Command: "ask", Outcome: bot.Answered, Covered: 0})
	asked := tb.say("ann", "what happens to tommy on his donation")
	check(bot.Handled{Command: "ask", Outcome: bot.Empty, Covered: len(asked.tickets)})
	reveal := bot.Request{Seat: seat("ann"), Command: "reveal", Options: map[string]string{"ticket": string(asked.tickets[0])}}
	tb.handle(reveal)
	check(bot.Handled{Command: "reveal", Outcome: bot.Done})
	reveal.Confirmed = true
	tb.handle(reveal)
	check(bot.Handled{Command: "reveal", Outcome: bot.Answered, Opened: 1})
	tb.say("ann", "progress 7")
	check(bot.Handled{Command: "progress", Outcome: bot.Done})
	tb.say("ann", "progress 99")
	check(bot.Handled{Command: "progress", Outcome: bot.Refused})
	tb.handle(bot.Request{Seat: seat("ann"), Command: "canary"})
	check(bot.Handled{Outcome: bot.Refused})
	tb.handle(bot.Request{Seat: seat("ann"), Command: "spoilers", Options: map[string]string{"veil": "canary"}})
	check(bot.Handled{Command: "spoilers", Outcome: bot.Refused})

	s.down = true
	tb.say("ann", "how is the prose?")
	check(bot.Handled{Command: "ask", Outcome: bot.Blind})
	tb.say("ann", "progress 8")
	check(bot.Handled{Command: "progress", Outcome: bot.Failed})
	tb.handle(bot.Request{Seat: bot.Seat{Club: "never read", Reader: "ann"}, Options: map[string]string{"question": "why?"}})
	check(bot.Handled{Command: "ask", Outcome: bot.Failed})
	for _, h := range m.all {
		known := false
		for _, o := range bot.Outcomes() {
			known = known || h.Outcome == o
		}
		if !known {
			t.Errorf("%q is not among the outcomes", h.Outcome)
		}
	}
}

// TestRequestIDs shows that the number in the neutral line is the one under
// which the log has the request, once a line, and that each request has its own.
func TestRequestIDs(t *testing.T) {
	tb := newTable(t)
	s := &broken{Store: tb.store, down: true}
	tb.bot = bot.New(s, slog.New(bot.WithRequestIDs(slog.NewTextHandler(&tb.log, nil))))
	shown := regexp.MustCompile(`this number: ([A-Z0-9]{8})\.`)
	ids := map[string]bool{}
	for range 3 {
		tb.log.Reset()
		p := tb.say("ann", "how is the prose?")
		m := shown.FindStringSubmatch(p.out.String())
		if m == nil || ids[m[1]] {
			t.Fatalf("no number of its own in:\n%s", p.out.String())
		}
		ids[m[1]] = true
		lines := strings.Split(strings.TrimSpace(tb.log.String()), "\n")
		if len(lines) != 3 {
			t.Errorf("%d log lines, want what failed twice and the request", len(lines))
		}
		for _, line := range lines {
			if strings.Count(line, "request="+m[1]) != 1 {
				t.Errorf("the number %s is not once in: %s", m[1], line)
			}
		}
	}
}

// TestLogHoldsNothing puts a canary into all that a reader or a book supplies,
// and shows that the log, with everything in it, has none.
func TestLogHoldsNothing(t *testing.T) {
	tb := newTable(t)
	var log bytes.Buffer
	s := &broken{Store: tb.store}
	tb.bot = bot.New(s, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if _, err := tb.bot.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{
		{Name: "canary.txt", Data: []byte("A canary review\nby Canary\n\nThe canary prose is quiet. Tommy is a canary in the end.")},
	}}); err != nil {
		t.Fatal(err)
	}
	requests := 0
	all := func() {
		for _, line := range []string{
			"how is the canary prose?", "what of tommy the canary?", "progress canary", "progress 7", "spoilers canary", "spoilers tag", "reviews", "reviews 2",
			"reviews by canary", "reveal canary", "report canary", "/club book canary", "/club trust canary", "/club sources", "/privacy show", "/canary", "help", "more canary",
		} {
			command, options := bot.Typed(line)
			for _, moderator := range []bool{false, true} {
				requests++
				tb.bot.Handle(context.Background(), bot.Request{
					Seat: bot.Seat{Club: "club", Reader: "canary", Channel: "canary"}, Command: command, Options: options,
					Name: "canary", Roles: []string{"canary"}, Moderator: moderator,
				})
			}
		}
	}
	all()
	s.down = true
	all()
	if n := strings.Count(log.String(), "msg=request "); n != requests {
		t.Errorf("%d lines for %d requests", n, requests)
	}
	for line := range strings.Lines(log.String()) {
		if strings.Contains(strings.ToLower(line), "canary") {
			t.Errorf("a canary is in the log: %s", line)
		}
	}
}

// TestSizes counts what a bot holds: nothing at first, then the club that was
// asked in.
func TestSizes(t *testing.T) {
	tb := newTable(t)
	tb.bot = bot.New(tb.store, nil)
	if s := tb.bot.Sizes(); s.Clubs+s.Sources+s.Passages+s.IndexBytes != 0 || len(s.Labels) != len(library.Layers) {
		t.Errorf("a bot that was never asked holds %+v", s)
	}
	tb.say("ann", "how is the prose?")
	s := tb.bot.Sizes()
	_, sources, err := tb.bot.Club(t.Context(), "club")
	if err != nil {
		t.Fatal(err)
	}
	passages, labels := 0, 0
	for _, src := range sources {
		passages += len(src.Sentences)
	}
	for _, n := range s.Labels {
		labels += n
	}
	if s.Clubs != 1 || s.Sources != 1 || s.Passages != passages || labels != passages || s.IndexBytes <= 0 {
		t.Errorf("the bot holds %+v, want 1 club, 1 source, %d passages", s, passages)
	}
	if s.Labels[library.ByLedger] == 0 || s.Labels[library.ByOpinion] == 0 {
		t.Errorf("labels are counted as %v", s.Labels)
	}
}

// held is a store that gives out no library until it is let go.
type held struct {
	bot.Store
	asked, letGo chan bool
}

func (h *held) Shelf(ctx context.Context, club bot.ClubID) (bot.Shelf, error) {
	h.asked <- true
	<-h.letGo
	return h.Store.Shelf(ctx, club)
}

// TestSizesDoNotWait shows that a club which is being read again counts as it
// did before, at once.
func TestSizesDoNotWait(t *testing.T) {
	tb := newTable(t)
	s := &held{Store: tb.store, asked: make(chan bool), letGo: make(chan bool)}
	tb.bot = bot.New(s, nil)
	ask := func() chan bool {
		done := make(chan bool)
		go func() {
			tb.bot.Handle(context.Background(), bot.Request{Seat: seat("ann"), Options: map[string]string{"question": "how is the prose?"}})
			close(done)
		}()
		<-s.asked
		return done
	}
	first := ask()
	if n := tb.bot.Sizes(); n.Clubs != 0 {
		t.Errorf("a club that is read for the first time counts as %+v", n)
	}
	s.letGo <- true
	<-first
	before := tb.bot.Sizes()
	if _, err := bot.New(tb.store, nil).Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{
		{Name: "s.txt", Data: []byte("Another\n\nThe prose is calm.")},
	}}); err != nil {
		t.Fatal(err)
	}
	second := ask()
	if n := tb.bot.Sizes(); n.Sources != 1 || n.Passages != before.Passages {
		t.Errorf("while it is read again it counts as %+v, before as %+v", n, before)
	}
	s.letGo <- true
	<-second
	if n := tb.bot.Sizes(); n.Sources != 2 {
		t.Errorf("afterwards it counts as %+v", n)
	}
}
