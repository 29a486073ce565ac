package redis

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
)

// Check tries everything that dogear does with the server, in a club and with a
// reader that it makes up and forgets, and returns what will do harm one day. An
// error is what does not work.
func (s *Store) Check(ctx context.Context) (warnings []string, err error) {
	if err := s.small.Ping(ctx).Err(); err != nil {
		return nil, fmt.Errorf("ping: %w", plain(err))
	}
	if err := s.try(ctx); err != nil {
		return nil, err
	}
	all, ok := s.bulk.UniversalClient.(*redis.ClusterClient)
	if !ok {
		return s.harm(ctx, s.bulk)
	}
	var mu sync.Mutex
	err = all.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
		found, err := s.harm(ctx, node)
		mu.Lock()
		defer mu.Unlock()
		warnings = append(warnings, found...)
		return err
	})
	slices.Sort(warnings)
	return slices.Compact(warnings), plain(err)
}

// try makes each kind of call once.
func (s *Store) try(ctx context.Context) (err error) {
	id := "check-" + rand.Text()
	at := bot.Seat{Club: bot.ClubID(id), Reader: bot.ReaderID(id), Channel: "c"}
	now := time.Now()
	defer func() { err = cmp.Or(err, s.forgetTry(context.WithoutCancel(ctx), at)) }()
	sub := s.bulk.Subscribe(ctx, s.changed())
	defer sub.Close()
	var moved bot.Version
	for _, step := range []func() error{
		func() error {
			_, err := sub.Receive(ctx)
			if err != nil {
				return fmt.Errorf("watch: %w", plain(err))
			}
			return nil
		},
		func() error {
			_, err := s.Move(ctx, at, bot.BookKey{Book: "b"}, bot.Move{How: bot.Put, To: 1, Now: now})
			return err
		},
		func() error { return s.SetVeil(ctx, at, bot.BookKey{}, reply.Hide) },
		func() error { return s.SetChannel(ctx, at.Club, at.Channel, bot.Channel{}, bot.Channel{Pace: 1}) },
		func() error { _, err := s.Channels(ctx, at.Club); return err },
		func() (err error) {
			moved, err = s.Change(ctx, at.Club, bot.Change{Settings: &bot.Settings{}, Entry: bot.Entry{When: now, By: at.Reader, What: "check"}})
			return err
		},
		func() error { _, err := s.Shelf(ctx, at.Club); return err },
		func() error { _, _, err := s.Since(ctx, at.Club, bot.Version{}); return err },
		func() error {
			return s.Issue(ctx, at.Club, "t", bot.Stub{Reader: at.Reader, Expires: now.Add(time.Minute)})
		},
		func() error { _, err := s.Ticket(ctx, at.Club, "t", now); return err },
		func() error {
			return s.Post(ctx, at.Club, bot.Post{Channel: "c", Message: "m", Asker: at.Reader, Holds: []bot.Ref{{Source: "s"}}, Expires: now.Add(time.Minute)})
		},
		func() error { return s.Tally(ctx, at.Club, map[library.SentenceID]int{"s.1": 1}) },
		func() error {
			from, _, err := s.ClaimEdits(ctx, at.Club, time.Second)
			return cmp.Or(err, s.EditsDone(ctx, at.Club, from, moved))
		},
		func() error { _, _, err := s.Dump(ctx, at.Club); return err },
		func() error { _, err := s.SetGone(ctx, at.Club, now); return err },
		func() error { _, err := s.Gone(ctx, id); return err },
		func() error { _, err := s.Known(ctx, id); return err },
		func() error {
			// Look makes do without what it may not write; here that is said.
			visit := bot.Visit{Seat: at, Event: "e", Rate: bot.Rate{Burst: 1, Every: time.Second}, Now: now}
			if err := s.enter.Run(ctx, s.small, s.visitKeys(visit), visitArgs(visit)...).Err(); err != nil {
				return fmt.Errorf("enter: %w", plain(err))
			}
			visit.Event = "e2"
			_, err := s.Look(ctx, visit)
			return err
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// forgetTry leaves nothing of a try.
func (s *Store) forgetTry(ctx context.Context, at bot.Seat) error {
	if err := s.Forget(ctx, at.Reader); err != nil {
		return err
	}
	return s.Purge(ctx, at.Club)
}

const (
	// tightMemory is the share of its memory from which on a server is said to
	// run out of it.
	tightMemory = 0.8
	// skewAllowed is how far two clocks may be apart.
	skewAllowed = time.Second
)

// harm returns what will do harm one day on a server.
func (s *Store) harm(ctx context.Context, node redis.Cmdable) (warnings []string, err error) {
	warn := func(format string, args ...any) { warnings = append(warnings, fmt.Sprintf(format, args...)) }
	text, err := node.Info(ctx).Result()
	if err != nil {
		warn("the server's INFO can't be read, so its memory and persistence were not looked at: %v", plain(err))
		return warnings, nil
	}
	info := parseInfo(text)
	if v := info["redis_version"]; info["valkey_version"] == "" && older(v, 6, 2) {
		warn("the server is Redis %s; dogear is made for 6.2 and later", v)
	}
	if info["role"] == "slave" {
		return nil, errors.New("the server is a replica: name its master, or its sentinels")
	}
	if policy := info["maxmemory_policy"]; policy != "" && policy != "noeviction" {
		warn("maxmemory-policy is %s: when its memory is full, the server drops keys, and readers lose their places; set it to noeviction", policy)
	}
	if save, err := node.ConfigGet(ctx, "save").Result(); info["aof_enabled"] == "0" && (err != nil || save["save"] == "") {
		if err != nil {
			warn("appendonly is off, and whether the server writes snapshots can't be read")
		} else {
			warn("the server keeps nothing on disk: after a restart all is gone; set appendonly to yes")
		}
	}
	for field, what := range map[string]string{"rdb_last_bgsave_status": "snapshot", "aof_last_write_status": "write of the append-only file", "aof_last_bgrewrite_status": "rewrite of the append-only file"} {
		if status := info[field]; status != "" && status != "ok" {
			warn("the server's last %s failed", what)
		}
	}
	used, most := number(info["used_memory"]), number(info["maxmemory"])
	if most == 0 {
		most = number(info["total_system_memory"])
	}
	if most > 0 && used > tightMemory*most {
		warn("the server uses %.0f%% of its memory", 100*used/most)
	}
	if n, _ := strconv.Atoi(info["connected_slaves"]); n < s.wait {
		warn("redis.wait_replicas is %d, and the server has %d replicas: no update can be confirmed", s.wait, n)
	}
	before := time.Now()
	there, err := node.Time(ctx).Result()
	if err != nil {
		return warnings, plain(err)
	}
	here := before.Add(time.Since(before) / 2)
	if skew := there.Sub(here).Abs(); skew > skewAllowed {
		warn("the server's clock and this machine's are %s apart", skew.Round(100*time.Millisecond))
	}
	slices.Sort(warnings)
	return warnings, nil
}

// parseInfo reads what INFO says, by field.
func parseInfo(text string) map[string]string {
	info := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			info[name] = value
		}
	}
	return info
}

// number reads a number of INFO's; 0 where it has none.
func number(s string) float64 {
	n, _ := strconv.ParseFloat(s, 64)
	return n
}

// older reports whether a version such as 6.0.16 comes before another.
func older(version string, major, minor int) bool {
	first, rest, _ := strings.Cut(version, ".")
	second, _, _ := strings.Cut(rest, ".")
	a, err := strconv.Atoi(first)
	b, _ := strconv.Atoi(second)
	return err == nil && (a < major || a == major && b < minor)
}
