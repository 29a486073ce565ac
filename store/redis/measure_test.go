package redis

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"dogear/store/redistest"
)

const (
	measureRounds = 7
	measureCalls  = 5000 // a round
)

// TestMeasured holds the store against what redis-benchmark reaches with the same
// commands at as many clients, in turns, since the machine is one: the median of
// some rounds. redis-benchmark sends one kind of command at a time, so that for
// a call of several commands their times are added up: sent one by one, and,
// which is stricter, as many together as the call sends together.
func TestMeasured(t *testing.T) {
	if testing.Short() {
		t.Skip("it measures for half a minute; without -short it runs")
	}
	server := redistest.Start(t)
	s := bench(t, server)
	ctx := context.Background()
	const anyone = "__rand_int__" // as redis-benchmark puts it, of twelve digits
	club := s.clubKey("club")
	hget := []string{"HGET", club, versionField}
	hgetall := []string{"HGETALL", s.prefix + "r:{" + anyone + "}"}
	hmget := []string{"HMGET", club, versionField, channelKey("channel")}
	hash, err := s.small.ScriptLoad(ctx, enterLua).Result()
	if err != nil {
		t.Fatal(err)
	}
	enter := []string{"EVALSHA", hash, "2", s.prefix + "l:{" + anyone + "}", s.prefix + "d:{" + anyone + "}"}
	for _, arg := range visitArgs(visits["visit"](0)) {
		enter = append(enter, fmt.Sprint(arg))
	}
	enter[8] = anyone + anyone // the event
	for _, c := range []struct {
		name     string
		commands [][]string
		call     func(i int) error
	}{
		{"HGET", [][]string{hget}, func(int) error { return s.small.HGet(ctx, hget[1], hget[2]).Err() }},
		{"HGETALL", [][]string{hgetall}, func(i int) error { return s.small.HGetAll(ctx, s.readerKey("r", seat(i).Reader)).Err() }},
		{"Look", [][]string{hgetall, hmget}, func(i int) error { _, err := s.Look(ctx, visits["bare"](i)); return err }},
		{"Look with event and limit", [][]string{hgetall, hmget, enter}, func(i int) error { _, err := s.Look(ctx, visits["visit"](i)); return err }},
	} {
		// took is how many seconds redis-benchmark takes for one of each command.
		took := func(together int) (sum float64) {
			for _, command := range c.commands {
				args := []string{"-c", fmt.Sprint(callers), "-n", fmt.Sprint(measureCalls * together), "-P", fmt.Sprint(together), "-r", fmt.Sprint(readerCount)}
				sum += 1 / redistest.Benchmark(t, server.Addr(), append(args, command...)...)
			}
			return sum
		}
		var ours, apart, strict, toApart, toStrict []float64
		for range measureRounds {
			our := measureCalls / together(t, measureCalls, c.call).Seconds()
			one, all := took(1), took(len(c.commands))
			ours, apart, strict = append(ours, our), append(apart, 1/one), append(strict, 1/all)
			toApart, toStrict = append(toApart, our*one), append(toStrict, our*all)
		}
		t.Logf("%s: %.0f a second; redis-benchmark %.0f, ours %.2f of it; %d together %.0f, ours %.2f of it",
			c.name, median(ours), median(apart), median(toApart), len(c.commands), median(strict), median(toStrict))
		// The aim is 0.7; others may be at work on the machine, though not always.
		if slices.Max(toApart) < 0.5 {
			t.Errorf("%s: %.2f of what redis-benchmark reaches", c.name, toApart)
		}
	}
}

func median(v []float64) float64 { return slices.Sorted(slices.Values(v))[len(v)/2] }
