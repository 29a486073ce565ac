package redis

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/store/redistest"
	"dogear/store/storetest"
)

// before does something before a script is run.
type before struct {
	once
	do func()
}

func (b *before) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if strings.EqualFold(cmd.Name(), "evalsha") {
			b.do()
		}
		return next(ctx, cmd)
	}
}

// TestStageTorn: a large change of which a failover has lost a part is not made
// of what is left: what it covers is brought last, and what it brings would be
// open.
func TestStageTorn(t *testing.T) {
	server := redistest.Start(t)
	s := open(t, server.URL(), Options{Prefix: fmt.Sprintf("test%d:", made.Add(1))})
	bg := context.Background()
	change := bot.Change{Base: bot.AnyVersion}
	for i := range 6 {
		src := storetest.Source(library.SourceID(fmt.Sprint("large", i)), 4000)
		change.PutSources = append(change.PutSources, src)
		change.PutRulings = append(change.PutRulings, bot.Ruling{Sentence: src.NameOf(0), Source: src.ID, Steps: []bot.Step{{How: bot.Reported}}})
	}
	lost := 0
	s.bulk.AddHook(&before{do: func() {
		if lost > 0 {
			return // one failover
		}
		for _, key := range server.Keys(t) {
			if !strings.Contains(key, ":stage:") {
				continue
			}
			for _, field := range server.Do(t, "HKEYS", key).([]any) {
				if strings.Contains(server.Do(t, "HGET", key, field.(string)).(string), "reported") {
					server.Do(t, "HDEL", key, field.(string)) // the new master does not have it
					lost++
				}
			}
		}
	}})
	_, err := s.Change(bg, "club", change)
	if lost == 0 {
		t.Fatal("nothing was lost: the change is too small, or not staged")
	}
	shelf, failed := s.Shelf(bg, "club")
	if failed != nil {
		t.Fatal(failed)
	}
	if len(shelf.Sources) != len(shelf.Rulings) || err == nil && len(shelf.Sources) == 0 {
		t.Errorf("of a change that has lost %d of its records, %d sources are there and %d rulings (%v)", lost, len(shelf.Sources), len(shelf.Rulings), err)
	}
}
