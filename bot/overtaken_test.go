package bot_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/store/storetest"
)

// hooked is a wall of messages on which something happens before each edit.
type hooked struct {
	wall
	before func(bot.MessageID)
}

func (h *hooked) Edit(ctx context.Context, c bot.ClubID, ch bot.ChannelID, m bot.MessageID, doc reply.PublicDoc) error {
	if h.before != nil {
		h.before(m)
	}
	return h.wall.Edit(ctx, c, ch, m, doc)
}

// post asks for the channel and posts the answer on a wall.
func (h *hooked) post(t *testing.T, tb *table, question string, m bot.MessageID) {
	t.Helper()
	req := bot.Request{Seat: seat("ann"), Command: "ask", Options: map[string]string{"question": question}, Room: true}
	doc := tb.bot.Handle(t.Context(), req).(reply.PublicDoc)
	h.reads[m] = told(doc)
	tb.bot.Posted(t.Context(), req, doc, m)
}

// steer does something as a moderator who says yes.
func steer(tb *table, command, option, value string) {
	tb.handle(bot.Request{Seat: seat("mod"), Command: command, Options: map[string]string{option: value}, Moderator: true, Confirmed: true})
}

// TestEditOvertaken has a sentence covered, and edited out of a message, while
// another edit of that message is on its way: the one that lands last does not
// bring the sentence back.
func TestEditOvertaken(t *testing.T) {
	s := memory(t)
	all := processes(t, 2, func() bot.Store { return s })
	one, other := all[0], all[1]
	w := &hooked{wall: wall{reads: map[bot.MessageID]string{}}}
	one.bot.EditWith("", w)
	other.bot.EditWith("", &w.wall)
	steer(one, "club book", "book", "never-let-me-go")
	steer(one, "club pace", "place", "finished")
	w.post(t, one, prose, "m1")
	overtaken := false
	w.before = func(bot.MessageID) {
		if !overtaken {
			overtaken = true
			cover(t, other.bot)
			if out := w.wall.reads["m1"]; strings.Contains(out, "quiet") {
				t.Errorf("what was covered was not edited out:\n%s", out)
			}
		}
	}
	steer(one, "club pace", "place", "start")
	if out := w.wall.reads["m1"]; !overtaken || strings.Contains(out, "quiet") {
		t.Errorf("overtaken: %t; the message reads\n%s", overtaken, out)
	}
}

// TestEditWhileRead has a channel's messages edited while the club's library is
// out of memory, because it is read anew: all of them are.
func TestEditWhileRead(t *testing.T) {
	s := &slow{Store: memory(t)}
	tb := processes(t, 1, func() bot.Store { return s })[0]
	w := &hooked{wall: wall{reads: map[bot.MessageID]string{}}}
	tb.bot.EditWith("", w)
	steer(tb, "club book", "book", "never-let-me-go")
	steer(tb, "club pace", "place", "finished")
	w.post(t, tb, prose, "m1")
	w.post(t, tb, "what happens to tommy on his donation", "m2")
	if out := w.reads["m2"]; !strings.Contains(out, "quote: "+late) {
		t.Fatalf("m2 reads\n%s", out)
	}
	var release func()
	added := make(chan error, 1)
	w.before = func(bot.MessageID) {
		if release != nil {
			return
		}
		release = s.hold()
		go func() {
			book, err := library.NewBook("mine", "First", "A", 10)
			if err == nil {
				err = tb.bot.AddBook(t.Context(), "club", book)
			}
			added <- err
		}()
		time.AfterFunc(50*time.Millisecond, release)
	}
	steer(tb, "club pace", "place", "start")
	if err := <-added; err != nil {
		t.Fatal(err)
	}
	if out := w.reads["m2"]; strings.Contains(out, "quote: "+late) {
		t.Errorf("m2 reads\n%s", out)
	}
}

// lagging gives out a library only some time after it has read it.
type lagging struct {
	bot.Store
	read, may chan struct{}
	once      atomic.Bool
}

func (s *lagging) Shelf(ctx context.Context, club bot.ClubID) (bot.Shelf, error) {
	shelf, err := s.Store.Shelf(ctx, club)
	if s.once.CompareAndSwap(false, true) {
		close(s.read)
		<-s.may
	}
	return shelf, err
}

// TestFailOverWhileReading: a library that a failover has lost does not answer
// those who have looked at the one after it, though it was changed more often.
func TestFailOverWhileReading(t *testing.T) {
	server := storetest.Serve(memory(t))
	other := processes(t, 2, server.Open)[1]
	version, records, err := other.store.Dump(t.Context(), "club")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"The prose is slow.", "The prose is gentle."} {
		if _, err := other.bot.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{{Name: "a.txt", Data: []byte("A review\n\n" + text)}}}); err != nil {
			t.Fatal(err)
		}
	}
	s := &lagging{Store: server.Open(), may: make(chan struct{}), read: make(chan struct{})}
	b := bot.New(s, nil)
	defer b.Flush(context.Background())
	ask := func(r bot.ReaderID) string {
		return told(b.Handle(t.Context(), bot.Request{Seat: seat(r), Options: map[string]string{"question": prose}}))
	}
	first, second := make(chan string, 1), make(chan string, 1)
	go func() { first <- ask("bob") }()
	<-s.read
	replica := memory(t)
	if err := replica.Load(t.Context(), "club", version, records); err != nil {
		t.Fatal(err)
	}
	server.FailOver(replica)
	other.want(other.handle(bot.Request{Seat: seat("bob"), Command: "report", Options: map[string]string{"ticket": string(other.say("bob", prose).reply) + ".1"}}), "Thank you")
	go func() { second <- ask("ann") }()
	time.Sleep(20 * time.Millisecond) // so that ann waits for the reading that bob began
	close(s.may)
	<-first
	if out := <-second; strings.Contains(out, quiet) {
		t.Errorf("asked after the report:\n%s", out)
	}
}

// TestBlindFor: what is in memory answers for a while when the store can't be
// asked, and no longer, because somebody else may have covered something.
func TestBlindFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tb := newTable(t)
		s := &broken{Store: tb.store}
		tb.bot = bot.New(s, nil)
		tb.want(tb.say("ann", prose), quiet)
		s.down = true
		time.Sleep(2 * time.Minute)
		tb.want(tb.say("ann", prose), quiet)
		time.Sleep(time.Second)
		tb.never(tb.say("ann", prose), "quiet")
		tb.want(tb.say("ann", prose), "Something went wrong")
		s.down = false
		tb.want(tb.say("ann", prose), quiet)
		tb.bot.Flush(t.Context())
	})
}
