package redis

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/store/redistest"
)

// oddClubs have names that a key, a slot or a pattern might be led astray by.
var oddClubs = []bot.ClubID{"", "*", "a b", "a:b", "{a}", "}b{", "[ab]", "c\xff", "%41", "?", "\\", "clubs"}

// TestKnown: what an earlier dogear has kept is found once a day, and what this
// one keeps at once, under one prefix and not under another that begins like it.
func TestKnown(t *testing.T) {
	server := redistest.Start(t)
	ctx := t.Context()
	s, other := open(t, server.URL(), Options{Prefix: "a:"}), open(t, server.URL(), Options{Prefix: "a:c:"})
	known := func(want ...bot.ClubID) {
		t.Helper()
		slices.Sort(want)
		if got, err := s.Known(ctx, ""); err != nil || !slices.Equal(got, want) {
			t.Errorf("known are %q, want %q (%v)", got, want, err)
		}
	}
	if err := other.SetChannel(ctx, "theirs", "h", bot.Channel{}, bot.Channel{Pace: 1}); err != nil {
		t.Fatal(err)
	}
	for _, club := range oddClubs {
		server.Do(t, "HSET", s.clubKey(club), channelKey("h"), wrap(bot.EncodeChannel(bot.Channel{Pace: 1})))
	}
	known(oddClubs...)
	ttl := server.Do(t, "PTTL", s.searchedKey()).(int64)
	if ttl <= 0 || ttl > searchEvery.Milliseconds() {
		t.Errorf("looked for again in %d ms", ttl)
	}
	server.Do(t, "HSET", s.clubKey("late"), channelKey("h"), wrap(bot.EncodeChannel(bot.Channel{Pace: 1})))
	known(oddClubs...)
	server.Do(t, "DEL", s.searchedKey())
	known(append([]bot.ClubID{"late"}, oddClubs...)...)
	for _, club := range append([]bot.ClubID{"late"}, oddClubs...) {
		if err := s.Purge(ctx, club); err != nil {
			t.Error(err)
		}
	}
	known()
	server.Do(t, "DEL", s.searchedKey())
	known()
	if got, err := other.Known(ctx, ""); err != nil || !slices.Equal(got, []bot.ClubID{"theirs"}) {
		t.Errorf("of the other prefix, known are %q (%v)", got, err)
	}

	// A process that has not heard of the purge keeps something more.
	if err := s.Tally(ctx, "late", map[library.SentenceID]int{"s.1": 1}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetVeil(ctx, bot.Seat{Club: "a b", Reader: "ann"}, bot.BookKey{}, reply.Hide); err != nil {
		t.Fatal(err)
	}
	known("a b", "late")
}

// TestKnownMeasured: once the clubs were looked for, to know them does not depend
// on how many readers there are.
func TestKnownMeasured(t *testing.T) {
	if testing.Short() {
		t.Skip("it keeps 200,000 readers; without -short it runs")
	}
	server := redistest.Start(t)
	ctx := t.Context()
	s := open(t, server.URL(), Options{Timeout: 30 * time.Second})
	for n := 0; n < 200_000; n += scanCount {
		_, err := s.bulk.Pipelined(ctx, func(pipe redis.Pipeliner) error {
			for i := n; i < n+scanCount; i++ {
				pipe.HSet(ctx, s.readerKey("r", bot.ReaderID(fmt.Sprint("discord:", i))), "p\x00book", wrap("place"))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 1000 {
		server.Do(t, "HSET", s.clubKey(bot.ClubID(fmt.Sprint("discord:", i))), channelKey("h"), wrap("{}"))
	}
	took := [2]time.Duration{1: time.Hour}
	for i := range 6 {
		start := time.Now()
		clubs, err := s.Known(ctx, "discord:")
		if i == 0 {
			took[0] = time.Since(start)
		} else {
			took[1] = min(took[1], time.Since(start)) // a busy machine does not always stand still
		}
		if err != nil || len(clubs) != 1000 {
			t.Fatalf("%d clubs (%v)", len(clubs), err)
		}
	}
	t.Logf("looked for in %v, known in %v", took[0], took[1])
	if 5*took[1] > took[0] {
		t.Errorf("known in %v, and looked for in %v", took[1], took[0])
	}
}
