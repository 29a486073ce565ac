package redis_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dogear/bot"
	"dogear/bot/spoiler"
	"dogear/store/redis"
	"dogear/store/redistest"
)

// tooLong is no reader's patience, but that of a test on a slow machine: a call
// has a quarter of a second.
const tooLong = 5 * time.Second

// TestHang: the server, or the network before it, does not answer, and ends no
// connection.
func TestHang(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	proxy := redistest.StartProxy(t, server.Addr())
	d := furnish(newDesk(t, "redis://"+proxy.Addr(), redis.Options{Timeout: hurried / 4}))
	for _, fault := range []struct {
		name       string
		begin, end func()
	}{
		{"process", server.Pause, server.Resume},
		{"network", func() { proxy.Hang(true) }, func() { proxy.Hang(false) }},
	} {
		t.Run(fault.name, func(t *testing.T) {
			d.TB = t
			fault.begin()
			defer fault.end()
			d.within(tooLong, "the first ask", func() { d.say(ann, question) })
			if is := d.store.Breaker(); is != "closed" {
				t.Errorf("after one call the breaker is %s", is)
			}
			d.within(tooLong, "20 readers at once", func() {
				var readers sync.WaitGroup
				for range 20 {
					readers.Go(func() { d.sees(d.say(ann, question), "can't read your progress", "Tommy", "covered") })
				}
				readers.Wait()
			})
			if is := d.store.Breaker(); is == "closed" { // or it is half-open by now
				t.Errorf("after 21 calls the breaker is %s", is)
			}
			d.closed("no answer in time|has not answered")
			d.cheap()
			// It is tried again after a while, once.
			until(t, "half-open", func() error { return d.is("half-open") })
			d.within(tooLong, "the call that tries", func() { d.say(ann, question) })
			if is := d.store.Breaker(); is == "closed" {
				t.Errorf("after a call in vain the breaker is %s", is)
			}
			fault.end()
			d.recovers()
		})
	}
}

func (d *desk) is(state string) error {
	if is := d.store.Breaker(); is != state {
		return fmt.Errorf("the breaker is %s, not %s", is, state)
	}
	return nil
}

func (d *desk) within(limit time.Duration, what string, f func()) {
	d.Helper()
	begin := time.Now()
	f()
	took := time.Since(begin)
	d.Logf("%s: %v", what, took.Round(time.Millisecond))
	if took > limit {
		d.Errorf("%s took %v", what, took)
	}
}

// cheap checks what calls cost that are not made.
func (d *desk) cheap() {
	d.Helper()
	var took []time.Duration
	for range 1000 {
		begin := time.Now()
		if _, err := d.store.Look(d.Context(), bot.Visit{Seat: bot.Seat{Club: "club", Reader: ann, Channel: "c"}, Event: "e", Now: begin}); err == nil {
			d.Fatal("there was an answer")
		}
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	d.Logf("a call that is not made: %v in the median, %v at most but one", took[500], took[998])
	if took[500] > time.Millisecond {
		d.Errorf("a call that is not made takes %v", took[500])
	}
}

// setting is what a request has in it that sets a place, a veil, what a channel
// has, a club's records or a post, but for the first time on a server.
var (
	settingPlace   = []string{"evalsha", "p\x00never-let-me-go"}
	settingVeil    = []string{"evalsha", "v\x00"}
	settingChannel = []string{"evalsha", "dogear:c:{club}\r\n$2\r\nhc"}
	settingRecords = []string{"evalsha", "{club}:members"}
	settingPost    = []string{"$4\r\neval\r\n", "{club}:post"} // for the first time
)

// meets has something done to the network when a request is sent that has all
// these words in it, and before it arrives. What it returns checks that it was,
// and ends the watch.
func (d *desk) meets(proxy *redistest.Proxy, words []string, do func()) (checked func()) {
	var met atomic.Bool
	proxy.Watch(func(request []byte) {
		if !met.Load() && !slices.ContainsFunc(words, func(w string) bool { return !bytes.Contains(request, []byte(w)) }) {
			do()
			met.Store(true)
		}
	})
	return func() {
		d.Helper()
		proxy.Watch(nil)
		if !met.Load() {
			d.Errorf("no request has %q in it", words)
		}
	}
}

// lost makes a call whose request with these words is carried out, and nobody
// hears of it.
func (d *desk) lost(proxy *redistest.Proxy, words []string, call func()) {
	d.Helper()
	met := d.meets(proxy, words, func() { proxy.SwallowReplies(true) })
	call()
	met()
	proxy.Cut() // what is left of the reply would be taken for another's
	proxy.SwallowReplies(false)
}

// TestLostReply: what was carried out and not acknowledged is not told as
// saved, and doing it once more does no harm.
func TestLostReply(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	proxy := redistest.StartProxy(t, server.Addr())
	d := furnish(newDesk(t, "redis://"+proxy.Addr(), redis.Options{Timeout: hurried}))
	d.say(eve, "progress 4")
	d.say(eve, "spoilers tag")

	var reply string
	d.lost(proxy, settingPlace, func() { reply = d.say(eve, "progress 9") })
	d.sees(reply, "not saved")
	d.logged("no answer in time")
	d.sees(d.say(eve, "progress"), "chapter 9 of 23") // it was made all the same
	d.sees(d.say(eve, "progress 9"), "Saved.")
	d.sees(d.say(eve, "progress undo"), "chapter 4 of 23") // and not twice

	d.lost(proxy, settingVeil, func() { reply = d.say(eve, "spoilers hide") })
	d.sees(reply, "not saved")
	d.sees(d.say(eve, "spoilers"), "hidden")

	// A change of the library: whether it was made is looked up, if that goes.
	d.lost(proxy, settingRecords, func() { reply = d.handle(review(eve, "A calm book.")).String() })
	d.sees(reply, "may not be done")
	until(t, "recovery", d.well)

	post := bot.Post{Channel: "c", Message: "m", Asker: eve, Holds: []bot.Ref{{Source: "s", Sentences: []int{1}}}, Expires: time.Now().Add(time.Hour)}
	posts := func() {
		t.Helper()
		kept, err := d.store.Posts(t.Context(), "club", "", time.Now())
		if err != nil || len(kept) != 1 {
			t.Errorf("%d posts, want one (%v)", len(kept), err)
		}
	}
	var err error
	d.lost(proxy, settingPost, func() { err = d.store.Post(t.Context(), "club", post) })
	if err == nil {
		t.Error("a post counts as kept that was not acknowledged")
	}
	posts()
	if err := d.store.Post(t.Context(), "club", post); err != nil {
		t.Error(err)
	}
	posts()
}

// TestLateCall: a call that arrives long after its caller has gone moves no
// place back.
func TestLateCall(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	proxy := redistest.StartProxy(t, server.Addr())
	slow := furnish(newDesk(t, "redis://"+proxy.Addr(), redis.Options{Timeout: hurried}))
	quick := newDesk(t, server.URL(), redis.Options{})
	at, book := bot.Seat{Club: "club", Reader: eve}, bot.BookKey{Book: "b"}
	move := func(d *desk, how bot.How, to spoiler.Position) error {
		_, err := d.store.Move(t.Context(), at, book, bot.Move{How: how, To: to, Now: time.Now()})
		return err
	}
	for _, how := range []bot.How{bot.Advance, bot.Put} {
		if err := move(slow, bot.Put, 1); err != nil { // so that it has a connection
			t.Fatal(err)
		}
		met := slow.meets(proxy, []string{"evalsha", "p\x00b"}, func() { proxy.Hang(true) })
		if err := move(slow, how, 5); err == nil {
			t.Error("a call counts as made that is under way")
		}
		met()
		if err := move(quick, bot.Advance, 9); err != nil {
			t.Fatal(err)
		}
		before := scripted(t, server)
		proxy.Hang(false)
		until(t, "the late call", func() error {
			if scripted(t, server) == before {
				return errNotYet
			}
			return nil
		})
		view, err := quick.store.Look(t.Context(), bot.Visit{Seat: at})
		if is := view.Reader.Bookmarks[book].At; err != nil || is != 9 {
			t.Errorf("a late call to chapter 5 has moved the place to %d (%v)", is, err)
		}
	}
	slow.recovers()
}

// scripted returns how often a script was run on a server.
func scripted(tb testing.TB, server *redistest.Server) string {
	tb.Helper()
	_, stats, _ := strings.Cut(server.Do(tb, "INFO", "commandstats").(string), "cmdstat_evalsha:calls=")
	n, _, _ := strings.Cut(stats, ",")
	return n
}

// TestCut: connections that end, under load.
func TestCut(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	proxy := redistest.StartProxy(t, server.Addr())
	d := furnish(newDesk(t, "redis://"+proxy.Addr(), redis.Options{}))
	const readers = 30
	stop := make(chan struct{})
	var busy sync.WaitGroup
	var mu sync.Mutex
	failed, done := 0, 0
	for i := range readers {
		reader := bot.ReaderID(fmt.Sprint(canary, i))
		busy.Go(func() {
			for place := 1; ; place = 1 + place%20 {
				select {
				case <-stop:
					return
				default:
				}
				reply := d.say(reader, fmt.Sprint("progress ", place))
				mu.Lock()
				done++
				if !strings.Contains(reply, "Saved.") {
					failed++
				}
				mu.Unlock()
			}
		})
	}
	count := func() (int, int) {
		mu.Lock()
		defer mu.Unlock()
		return done, failed
	}
	const cuts = 5
	for range cuts {
		was, _ := count()
		until(t, "readers", func() error {
			if is, _ := count(); is < was+10*readers {
				return errNotYet
			}
			return nil
		})
		proxy.Cut()
	}
	close(stop)
	busy.Wait()
	t.Logf("%d of %d updates were not saved, with %d readers and %d cuts", failed, done, readers, cuts)
	if failed > cuts*readers {
		t.Errorf("%d updates were not saved; %d were under way when connections ended", failed, cuts*readers)
	}
	proxy.Cut()
	if err := d.well(); err != nil {
		t.Errorf("the next call after a cut: %v", err)
	}
}
