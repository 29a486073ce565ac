package redis

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/store/redistest"
	"dogear/store/storetest"
)

// TestUnconfirmed: while no replica confirms, no call that changes something
// says that it did, nor one that finds it as it should be; and a replica takes
// no changes.
func TestUnconfirmed(t *testing.T) {
	master := redistest.Start(t)
	host, port, err := net.SplitHostPort(master.Addr())
	if err != nil {
		t.Fatal(err)
	}
	replica := redistest.Start(t, "replicaof "+host+" "+port)
	s := open(t, master.URL(), Options{WaitReplicas: 1, Timeout: time.Second}) // of which WAIT takes two thirds
	bg, at, now := context.Background(), bot.Seat{Club: "c", Reader: "ann"}, time.Now()
	move := func(to int) error {
		_, err := s.Move(bg, at, loadBook, bot.Move{How: bot.Put, To: 3, Now: now})
		return err
	}
	until(t, "the replica", func() error { return move(3) })
	entry := bot.Entry{What: "import", By: "bob"}
	if _, err := s.Change(bg, "c", bot.Change{Base: bot.AnyVersion, Entry: entry}); err != nil {
		t.Fatal(err)
	}
	version, records, err := s.Dump(bg, "c")
	if err != nil {
		t.Fatal(err)
	}

	replica.Pause()
	until(t, "the replica's end", func() error { // it stops a moment later
		if err := s.SetVeil(bg, at, loadBook, "tag"); !errors.Is(err, errUnconfirmed) {
			return fmt.Errorf("a veil is set: %v", err)
		}
		return nil
	})
	for _, call := range []struct {
		name string
		make func() error
	}{
		{"Move to where it is", func() error { return move(3) }},
		{"Move", func() error { return move(4) }},
		{"SetVeil", func() error { return s.SetVeil(bg, at, loadBook, "hide") }},
		{"SetVeil away", func() error { return s.SetVeil(bg, at, loadBook, "") }},
		{"SetChannel", func() error { return s.SetChannel(bg, "c", "h", bot.Channel{}, bot.Channel{Pace: 1}) }},
		{"SetChannel as it is", func() error { return s.SetChannel(bg, "c", "i", bot.Channel{}, bot.Channel{}) }},
		{"Change", func() error {
			_, err := s.Change(bg, "c", bot.Change{Base: bot.AnyVersion, PutSources: []library.Source{storetest.Source("s", 1)}})
			return err
		}},
		{"Issue", func() error { return s.Issue(bg, "c", "t", bot.Stub{Reader: "ann", Expires: now.Add(time.Hour)}) }},
		{"Issue what has expired", func() error { return s.Issue(bg, "c", "t", bot.Stub{Reader: "ann", Expires: now}) }},
		{"Post", func() error {
			return s.Post(bg, "c", bot.Post{Channel: "h", Message: "m", Holds: []bot.Ref{{Source: "s"}}, Expires: now.Add(time.Hour)})
		}},
		{"Tally", func() error { return s.Tally(bg, "c", map[library.SentenceID]int{"a": 1}) }},
		{"EditsDone", func() error { return s.EditsDone(bg, "c", bot.Version{}, bot.Version{N: 1}) }},
		{"Forget", func() error { return s.Forget(bg, "nobody") }},
		{"Load", func() error { return s.Load(bg, "d", version, records) }},
		{"SetGone", func() error { _, err := s.SetGone(bg, "c", now); return err }},
		{"Purge", func() error { return s.Purge(bg, "nothing") }},
	} {
		t.Run(call.name, func(t *testing.T) {
			if err := call.make(); !errors.Is(err, errUnconfirmed) {
				t.Errorf("%v", err)
			}
		})
	}
	replica.Resume()
	until(t, "the replica", func() error { return move(3) })

	onReplica := open(t, replica.URL(), Options{WaitReplicas: 1})
	_, err = onReplica.Move(bg, at, loadBook, bot.Move{How: bot.Put, To: 9, Now: now})
	if !errors.Is(err, refusal{"READONLY"}) {
		t.Errorf("a replica says %v", err)
	}
}

// once fails one call of a command before it is made, and from then on none.
type once struct {
	redis.Hook
	command string
}

var errOnce = errors.New("cut off")

func (o *once) DialHook(next redis.DialHook) redis.DialHook { return next }

func (o *once) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (o *once) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if strings.EqualFold(cmd.Name(), o.command) {
			o.command = ""
			cmd.SetErr(errOnce)
			return errOnce
		}
		return next(ctx, cmd)
	}
}

// TestJoinCutOff: a reader whom a club was about to list when the call was cut
// off is listed by the next call.
func TestJoinCutOff(t *testing.T) {
	s := open(t, redistest.Start(t).URL(), Options{})
	hook := &once{command: "sadd"}
	s.small.AddHook(hook)
	at, step := bot.Seat{Club: "c", Reader: "ann"}, bot.Move{How: bot.Advance, To: 3, Now: time.Now()}
	if _, err := s.Move(t.Context(), at, loadBook, step); err == nil || hook.command != "" {
		t.Fatalf("not cut off: %v", err)
	}
	if _, err := s.Move(t.Context(), at, loadBook, step); err != nil {
		t.Fatal(err)
	}
	_, records, err := s.Dump(t.Context(), "c")
	if err != nil || len(records) != 1 || records[0].ID != "ann" {
		t.Errorf("records %v (%v)", records, err)
	}
}

// movedSlots moves the slot of a club whose library is changed all the while:
// what is acknowledged is there, and no change ends while the slot is nowhere.
func movedSlots(t *testing.T, c *redistest.Cluster) {
	s := open(t, clusterURL(c), Options{Prefix: fmt.Sprintf("test%d:", made.Add(1)), WaitReplicas: 1})
	var acked []string
	n, refused := 0, map[string]int{}
	change := func() error {
		n++
		what := fmt.Sprint("change ", n)
		_, err := s.Change(context.Background(), "c", bot.Change{Base: bot.AnyVersion, Entry: bot.Entry{What: what}})
		if err == nil {
			acked = append(acked, what)
		} else {
			refused[err.Error()]++
		}
		return err
	}
	for range 3 {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		finish := c.BeginMove(t, s.clubKey("c"))
		for range 3 {
			if err := change(); err == nil {
				t.Error("a change is made while half of the club is elsewhere")
			}
		}
		finish()
		if err := change(); err != nil { // MOVED: it is followed
			t.Errorf("a slot that has moved is not followed: %v", err)
		}
	}
	t.Logf("%d changes acknowledged, refused: %v", len(acked), refused)
	entries, err := s.Log(context.Background(), "c", 2*n)
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, e := range entries {
		there = append([]string{e.What}, there...)
	}
	if strings.Join(there, ", ") != strings.Join(acked, ", ") {
		t.Errorf("there is %q, and acknowledged was %q", there, acked)
	}
}

// sentOnce pauses a server for longer than a call waits for it and less long
// than the call may take: what the server then finds in front of it is the call,
// and not a second one.
func sentOnce(t *testing.T, c *redistest.Cluster) {
	s := open(t, clusterURL(c), Options{Prefix: fmt.Sprintf("test%d:", made.Add(1)), Timeout: time.Second})
	at := bot.Seat{Club: "c", Reader: "ann"}
	paused := func(key string, call func()) {
		t.Helper()
		until(t, "look", func() error {
			_, err := s.Look(context.Background(), bot.Visit{Seat: at})
			return err
		})
		server := c.MasterOf(t, key)
		server.Pause()
		resume := time.AfterFunc(s.timeout+s.timeout/4, server.Resume)
		call()
		if resume.Stop() {
			server.Resume()
		}
		c.WaitOK(t)
	}
	tally := func() error {
		return s.Tally(context.Background(), "c", map[library.SentenceID]int{"a": 1})
	}
	until(t, "tally", tally)
	paused(s.readerKey("r", at.Reader), func() {
		v, err := s.Look(context.Background(), bot.Visit{Seat: at, Event: "e", Now: time.Now()})
		if err == nil && v.Seen {
			t.Error("the first visit counts as the second")
		}
	})
	counted := func() (n int) {
		until(t, "tallies", func() error {
			counts, err := s.Tallies(context.Background(), "c")
			n = counts["a"]
			return err
		})
		return n
	}
	before := counted() // one, or more where an answer was late
	paused(s.kindKey("c", bot.TallyRecord), func() { _ = tally() })
	if n := counted(); n < before || n > before+1 {
		t.Errorf("%d tallies after %d and one more", n, before)
	}
}
