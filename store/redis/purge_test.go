package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/store/redistest"
	"dogear/store/storetest"
)

// cutAfter fails each call that may change something, once it has let some of
// them by.
type cutAfter struct {
	redis.Hook
	left int
}

func (c *cutAfter) DialHook(next redis.DialHook) redis.DialHook { return next }

func (c *cutAfter) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (c *cutAfter) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if slices.Contains([]string{"evalsha", "eval", "hset", "hdel", "srem", "zrem", "del"}, strings.ToLower(cmd.Name())) {
			if c.left--; c.left < 0 {
				cmd.SetErr(errOnce)
				return errOnce
			}
		}
		return next(ctx, cmd)
	}
}

// TestPurgeCut cuts a purge off at each of its calls. From the first on, the club
// can't be taken back, and the next purge leaves nothing of it.
func TestPurgeCut(t *testing.T) {
	server := redistest.Start(t)
	ctx := t.Context()
	const club = "their club"
	hour := time.Now().Add(time.Hour)
	for n := 0; ; n++ {
		s := open(t, server.URL(), Options{Timeout: 10 * time.Second})
		for _, reader := range []bot.ReaderID{"ann", "bob"} {
			at := bot.Seat{Club: club, Reader: reader}
			_, err := s.Move(ctx, at, bot.BookKey{Club: club, Book: "own"}, bot.Move{How: bot.Put, To: 3, Now: hour})
			_, shipped := s.Move(ctx, at, loadBook, bot.Move{How: bot.Put, To: 3, Now: hour})
			_, changed := s.Change(ctx, club, bot.Change{Base: bot.AnyVersion, PutSources: []library.Source{storetest.Source("s", 1)}, Entry: bot.Entry{By: reader, What: "import"}})
			if err := errors.Join(err, shipped, changed,
				s.Issue(ctx, club, "t", bot.Stub{Reader: "eve", Expires: hour}),
				s.Post(ctx, club, bot.Post{Channel: "h", Message: "m", Asker: "joe", Holds: []bot.Ref{{Source: "s"}}, Expires: hour}),
				s.Tally(ctx, club, map[library.SentenceID]int{"s.1": 1})); err != nil {
				t.Fatal(err)
			}
		}
		hook := &cutAfter{left: n}
		s.small.AddHook(hook)
		s.bulk.AddHook(hook)
		err := s.Purge(ctx, club)
		if cut := hook.left < 0; cut != (err != nil) {
			t.Fatalf("cut off at call %d: %t, and %v", n, cut, err)
		}
		done := err == nil

		s = open(t, server.URL(), Options{Timeout: 10 * time.Second})
		noted, err := s.Gone(ctx, club)
		since, begun := noted[club]
		if err != nil || begun != (n > 0 && !done) || !since.IsZero() {
			t.Errorf("cut off at call %d: gone are %v (%v)", n, noted, err)
		}
		if back, err := s.SetGone(ctx, club, time.Time{}); err != nil || back {
			t.Errorf("cut off at call %d, it was taken back: %t, %v", n, back, err)
		}
		if err := s.Purge(ctx, club); err != nil {
			t.Fatal(err)
		}
		for _, key := range server.Keys(t) {
			value := ""
			switch kind := server.Do(t, "TYPE", key).(string); kind {
			case "hash":
				value = fmt.Sprint(server.Do(t, "HGETALL", key))
			case "zset":
				value = fmt.Sprint(server.Do(t, "ZRANGE", key, "0", "-1"))
			case "set":
				value = fmt.Sprint(server.Do(t, "SMEMBERS", key))
			}
			if strings.Contains(key+value, escape(club)) || strings.Contains(key+value, club) || !strings.HasPrefix(key, "dogear:r:") {
				t.Errorf("cut off at call %d, there is still %q", n, key)
			}
		}
		for _, reader := range []bot.ReaderID{"ann", "bob"} {
			view, err := s.Look(ctx, bot.Visit{Seat: bot.Seat{Reader: reader}})
			if err != nil || len(view.Reader.Bookmarks) != 1 || view.Reader.Bookmarks[loadBook].At != 3 {
				t.Errorf("cut off at call %d, %s has %v (%v)", n, reader, view.Reader, err)
			}
		}
		if done {
			if n < 12 {
				t.Errorf("a purge is of %d calls alone", n)
			}
			return
		}
	}
}
