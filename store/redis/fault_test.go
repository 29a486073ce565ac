package redis_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dogear/adapters/console"
	"dogear/bot"
	"dogear/bot/library"
	"dogear/store/redis"
	"dogear/store/redistest"
)

// canary stands in all that no log may repeat.
const canary = "CANARY"

const (
	safe     = "The prose is quiet and precise."
	late     = "Tommy dies on his fourth donation."
	question = "what happens to tommy on his donation " + canary
	secret   = canary + "-password"

	ann bot.ReaderID = canary + "-ann" // has finished the book
	bob bot.ReaderID = canary + "-bob" // has read three chapters of it
	eve bot.ReaderID = canary + "-eve" // changes her mind often
)

const (
	patience  = 20 * time.Second
	pollEvery = 5 * time.Millisecond

	// A server has its usual time where a test waits for one that hangs; elsewhere
	// a busy machine may stand still for as long as it likes.
	unhurried = 10 * time.Second
	hurried   = time.Second
)

// until waits for cond to have no more objection, and returns how long it took.
func until(tb testing.TB, what string, cond func() error) time.Duration {
	tb.Helper()
	for begin := time.Now(); ; time.Sleep(pollEvery) {
		err := cond()
		took := time.Since(begin)
		if err == nil {
			return took
		}
		if took > patience {
			tb.Fatalf("%s: not in %v: %v", what, patience, err)
		}
	}
}

// lines is a log that is read while it is written.
type lines struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(p)
}

// take returns what was logged since the last time.
func (l *lines) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.out.Reset()
	return l.out.String()
}

// limit is none that a test meets.
var limit = bot.Rate{Burst: 100_000, Every: time.Minute}

// desk is a bot on a store, as readers and operators have it.
type desk struct {
	testing.TB
	store *redis.Store
	bot   *bot.Bot
	log   lines
	moves int // of eve
}

func newDesk(tb testing.TB, url string, options redis.Options) *desk {
	tb.Helper()
	if options.Timeout == 0 {
		options.Timeout = unhurried
	}
	s, err := redis.Open(url, options)
	if err != nil {
		tb.Fatal(err)
	}
	d := &desk{TB: tb, store: s}
	d.bot = bot.New(s, slog.New(slog.NewTextHandler(&d.log, nil)))
	tb.Cleanup(func() {
		d.bot.Flush(tb.Context())
		s.Close()
		d.logged("")
	})
	return d
}

// furnish gives the desk a club with a review, and readers with their places.
func furnish(d *desk) *desk {
	d.Helper()
	_, err := d.bot.Import(d.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{
		{Name: "r.txt", Data: []byte("A review\n\n" + safe + " " + late + " The students are raised for their organs, " + canary + ".")},
	}})
	if err != nil {
		d.Fatal(err)
	}
	yes := request(ann, "progress finished")
	yes.Confirmed = true
	d.handle(yes)
	d.say(bob, "progress 3")
	if err := d.well(); err != nil {
		d.Fatal(err)
	}
	return d
}

// events counts what came in.
var events atomic.Int64

// request is what a reader types. Each comes as an event of its own.
func request(reader bot.ReaderID, line string) bot.Request {
	command, options := bot.Typed(line)
	return bot.Request{
		Seat: bot.Seat{Club: "club", Reader: reader, Channel: "c"}, Command: command, Options: options,
		Event: fmt.Sprint("event ", events.Add(1)),
	}
}

// review is a review that a reader writes.
func review(reader bot.ReaderID, text string) bot.Request {
	req := request(reader, "/reviews add")
	req.Options["text"] = text
	return req
}

func (d *desk) handle(req bot.Request) *console.Text {
	d.Helper()
	var text console.Text
	d.bot.Handle(d.Context(), req).Render(&text)
	return &text
}

func (d *desk) say(reader bot.ReaderID, line string) string {
	d.Helper()
	return d.handle(request(reader, line)).String()
}

// logged checks that what was logged since the last time has a cause in it, and
// nothing that is none of the log's business.
func (d *desk) logged(cause string) {
	d.Helper()
	log := d.log.take()
	if !regexp.MustCompile(cause).MatchString(log) {
		d.Errorf("the log does not say %q:\n%s", cause, log)
	}
	for _, never := range []string{canary, "prose is quiet", "Tommy", "event "} {
		if strings.Contains(log, never) {
			d.Errorf("the log has %q in it:\n%s", never, log)
		}
	}
}

// sees checks what a reader is told.
func (d *desk) sees(reply, want string, never ...string) {
	d.Helper()
	if !strings.Contains(reply, want) {
		d.Errorf("no %q in:\n%s", want, reply)
	}
	for _, word := range append(never, canary) {
		if strings.Contains(reply, word) {
			d.Errorf("%q in:\n%s", word, reply)
		}
	}
}

// closed checks that nothing can be read, and that this is said: everybody is
// at the start of every book, and nothing is saved.
func (d *desk) closed(cause string) {
	d.Helper()
	d.log.take()
	d.sees(d.say(ann, question), "can't read your progress right now", "Tommy", "covered")
	d.logged(cause)
	d.sees(d.say(bob, "how is the prose?"), safe, "Tommy", "covered", "Share")
	d.sees(d.say(bob, "progress 7"), "not saved")
	d.sees(d.say(bob, "spoilers show"), "not saved")
	d.sees(d.say(bob, "progress"), "can't read your progress right now", "chapter 3")
	d.logged("")
}

// frozen checks that places can be read, and that what is not saved is said.
func (d *desk) frozen(cause string) {
	d.Helper()
	d.log.take()
	d.sees(d.say(ann, question), late)
	d.sees(d.say(bob, question), "", late)
	d.sees(d.say(bob, "progress"), "chapter 3 of 23")
	for _, line := range []string{"progress 7", "spoilers show", "progress clear"} {
		d.log.take()
		d.sees(d.say(bob, line), "not saved")
		d.logged(cause)
	}
	d.sees(d.say(bob, "progress"), "chapter 3 of 23")
}

// silent checks what a bot says that has never read the library.
func (d *desk) silent(cause string) {
	d.Helper()
	for _, line := range []string{question, "progress 7", "spoilers show"} {
		d.log.take()
		d.sees(d.say(bob, line), "Something went wrong on my side, so this may not be done.", "Tommy", "prose")
		d.logged(cause)
	}
}

// well says what is wrong; nil where all is as it was.
func (d *desk) well() error {
	d.moves++
	for _, ask := range []struct {
		reader     bot.ReaderID
		line, want string
	}{
		{ann, question, late},
		{bob, "progress", "chapter 3 of 23"},
		{eve, fmt.Sprint("progress ", 1+d.moves%20), "Saved."},
		{eve, "progress", fmt.Sprintf("chapter %d of 23", 1+d.moves%20)},
	} {
		if reply := d.say(ask.reader, ask.line); !strings.Contains(reply, ask.want) {
			return fmt.Errorf("to %q: %s", ask.line, reply)
		}
	}
	return nil
}

// recovers waits until all is well again, with the same Store and Bot.
func (d *desk) recovers() {
	d.Helper()
	d.Logf("all is well again after %v", until(d, "recovery", d.well).Round(time.Millisecond))
	d.logged("")
	if is := d.store.Breaker(); is != "closed" {
		d.Errorf("the breaker is %s", is)
	}
}

// kept are servers that lose nothing that they have acknowledged.
var kept = []string{"appendonly yes", "appendfsync always"}

// TestDownAtStart: nothing listens when the program starts, and the server
// comes up later.
func TestDownAtStart(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, kept...)
	furnish(newDesk(t, server.URL(), redis.Options{}))
	server.Kill()
	d := newDesk(t, server.URL(), redis.Options{})
	d.silent("connection refused|has not answered")
	server.Restart(t)
	d.recovers()
}

// TestKilled: the server is killed while readers go on, and comes back. What
// was acknowledged is there.
func TestKilled(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, kept...)
	d := furnish(newDesk(t, server.URL(), redis.Options{}))
	var readers sync.WaitGroup
	var saved [4]int
	busy := make(chan struct{}, 100)
	for i := range saved {
		readers.Go(func() {
			for place := 1; place < 23; place++ {
				if !strings.Contains(d.say(bot.ReaderID(fmt.Sprint(canary, i)), fmt.Sprint("progress ", place)), "Saved.") {
					return
				}
				saved[i] = place
				busy <- struct{}{}
			}
		})
	}
	for range 8 {
		<-busy
	}
	server.Kill()
	readers.Wait()
	d.closed("redis: .*(refused|closed|reset)|has not answered")
	server.Restart(t)
	d.recovers()
	for i, place := range saved {
		reply := d.say(bot.ReaderID(fmt.Sprint(canary, i)), "progress")
		if !strings.Contains(reply, fmt.Sprintf("chapter %d of", place)) && !strings.Contains(reply, fmt.Sprintf("chapter %d of", place+1)) {
			t.Errorf("reader %d was told that chapter %d is saved: %s", i, place, reply)
		}
	}
}

var errNotYet = errors.New("not yet")
