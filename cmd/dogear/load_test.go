package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dogear/adapters/console"
	"dogear/bot"
	"dogear/bot/library"
	"dogear/store"
	"dogear/store/redis"
	"dogear/store/redistest"
)

// largeReviews is how many reviews of a large club make 10,000 passages.
const largeReviews = 660

var loadQuestions = []string{"is it worth reading?", "what happens to tommy?", "did people like it?", "how is the prose?", "who is miss lucy?"}

// loadBot returns a bot over a server as serve makes it, with a club that has
// sources, and with a limit that nobody reaches.
func loadBot(tb testing.TB, addr string, sources []library.Source) *bot.Bot {
	tb.Helper()
	// A machine that others use may stand still for longer than serve waits.
	kept, err := store.OpenWith(tb.Context(), "redis://"+addr, redis.Options{Timeout: 5 * time.Second})
	if err != nil {
		tb.Fatal(err)
	}
	view, err := kept.Look(tb.Context(), bot.Visit{Seat: bot.Seat{Club: "local"}})
	if err == nil && view.Version.N == 0 {
		_, err = kept.Change(tb.Context(), "local", bot.Change{PutSources: sources})
	}
	if err != nil {
		tb.Fatal(err)
	}
	counts := newMetrics()
	b := bot.New(counts.store(kept), slog.New(slog.NewTextHandler(io.Discard, nil)))
	b.MeasureWith(counts.handled)
	b.LimitTo(bot.Rate{Burst: 1 << 20, Every: time.Millisecond})
	tb.Cleanup(func() {
		b.Flush(context.Background())
		kept.Close()
	})
	return b
}

var loadEvents atomic.Int64

// loadAsk asks as one of many readers does on a platform, and renders.
func loadAsk(ctx context.Context, b *bot.Bot, reader int) *console.Text {
	var said console.Text
	n := loadEvents.Add(1)
	b.Handle(ctx, bot.Request{
		Seat:    bot.Seat{Club: "local", Reader: bot.ReaderID(fmt.Sprint("load:", reader)), Channel: "c"},
		Options: map[string]string{"question": loadQuestions[n%int64(len(loadQuestions))], "book": "never-let-me-go"},
		Event:   fmt.Sprint("event", n),
	}).Render(&said)
	return &said
}

// TestRoundTrips shows that a reader waits for one round trip to the store, and
// how many there are in all: the ticket goes behind the reply.
func TestRoundTrips(t *testing.T) {
	proxy := redistest.StartProxy(t, redistest.Start(t).Addr())
	b := loadBot(t, proxy.Addr(), manySources(t, *many))
	const asks, each = 40, 20 * time.Millisecond
	for reader := range 3 { // connections are made, scripts loaded, the library is read
		loadAsk(t.Context(), b, reader)
	}
	b.Flush(t.Context())
	proxy.SetDelay(each)
	proxy.Reset()
	var waited []float64 // in round trips
	for range asks {
		start := time.Now()
		loadAsk(t.Context(), b, 1)
		waited = append(waited, float64(time.Since(start))/float64(2*each))
	}
	b.Flush(t.Context())
	slices.Sort(waited)
	t.Logf("a reader waits as long as %.2f round trips take in the median, %.2f at most; %d asks made %d in all", waited[asks/2], waited[asks-1], asks, proxy.Trips())
	if waited[asks/2] >= 1.9 {
		t.Errorf("a reader waits for more than one round trip: %.2f", waited)
	}
	if all := proxy.Trips(); all > 3*asks+20 { // a busy machine has more connections, each with its greeting; one trip more an ask would be 40
		t.Errorf("%d asks made %d round trips, want 3 each and a few for what is counted", asks, all)
	}
}

// TestLoad has 64 readers ask at once, over a large library in Redis, and tells
// how many are answered and how fast.
func TestLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("it measures for some seconds; without -short it runs")
	}
	const readers, lasts = 64, 5 * time.Second
	for _, kept := range []struct {
		name    string
		sources []library.Source
	}{{"sample", library.Sample()}, {"large", manySources(t, largeReviews)}} {
		b := loadBot(t, redistest.Start(t).Addr(), kept.sources)
		loadAsk(t.Context(), b, 0)
		var mu sync.Mutex
		var took []time.Duration
		var all sync.WaitGroup
		failed := 0
		start := time.Now()
		for n := range readers {
			all.Go(func() {
				var mine []time.Duration
				bad := 0
				for i := n; time.Since(start) < lasts; i += readers {
					begun := time.Now()
					if said := loadAsk(t.Context(), b, i%10_000); said.Reply == "" {
						bad++
					}
					mine = append(mine, time.Since(begun))
				}
				mu.Lock()
				defer mu.Unlock()
				took = append(took, mine...)
				failed += bad
			})
		}
		all.Wait()
		slices.Sort(took)
		passages := 0
		for _, src := range kept.sources {
			passages += len(src.Sentences)
		}
		t.Logf("%s (%d passages): %.0f asks a second of %d readers at once, p50 %v, p99 %v, %d without an answer", kept.name, passages,
			float64(len(took))/lasts.Seconds(), readers, took[len(took)/2], took[len(took)*99/100], failed)
		if failed > 0 {
			t.Errorf("%d of %d asks had no answer", failed, len(took))
		}
	}
}

// BenchmarkAsk asks over Redis, as one reader after the other.
func BenchmarkAsk(b *testing.B) {
	for name, sources := range map[string]func() []library.Source{
		"sample": library.Sample, "large": func() []library.Source { return manySources(b, largeReviews) },
	} {
		b.Run(name, func(b *testing.B) {
			dogear := loadBot(b, redistest.Start(b).Addr(), sources())
			loadAsk(b.Context(), dogear, 0)
			b.ReportAllocs()
			b.ResetTimer()
			for i := 0; b.Loop(); i++ {
				loadAsk(context.Background(), dogear, i%10_000)
			}
			b.StopTimer()
			dogear.Flush(context.Background())
		})
	}
}
