package redis

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dogear/bot"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/store/redistest"
)

// callers is how many readers call at once.
const callers = 64

// readerCount is how many readers there are.
const readerCount = 1000

// seat returns the seat of one of them.
func seat(n int) bot.Seat {
	return bot.Seat{Club: "club", Reader: bot.ReaderID(fmt.Sprintf("%012d", n%readerCount)), Channel: "channel"}
}

// bench opens a store on a server with readers of five books each, and their
// club.
func bench(tb testing.TB, server *redistest.Server) *Store {
	tb.Helper()
	s := open(tb, server.URL(), Options{Timeout: 5 * time.Second}) // a busy machine must not open the breaker
	together(tb, 5*readerCount, func(i int) error {
		_, err := s.Move(tb.Context(), seat(i/5), benchBook(i%5), bot.Move{How: bot.Put, To: 5, Now: time.Now()})
		return err
	})
	if err := s.SetChannel(tb.Context(), "club", "channel", bot.Channel{}, bot.Channel{Book: "book1", Pace: 4}); err != nil {
		tb.Fatal(err)
	}
	if _, err := s.Change(tb.Context(), "club", bot.Change{}); err != nil {
		tb.Fatal(err)
	}
	return s
}

func benchBook(n int) bot.BookKey {
	return bot.BookKey{Book: spoiler.BookID(fmt.Sprint("a-shipped-book-", n))}
}

// together has all callers make n calls in all, and returns how long it took.
func together(tb testing.TB, n int, call func(i int) error) time.Duration {
	tb.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for range callers {
		wg.Go(func() {
			for i := int(next.Add(1)); i <= n; i = int(next.Add(1)) {
				if err := call(i); err != nil {
					tb.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}

// events counts the visits, of which each has another event.
var events atomic.Int64

// visits are the ways in which answers look.
var visits = map[string]func(i int) bot.Visit{
	"bare": func(i int) bot.Visit { return bot.Visit{Seat: seat(i)} },
	"visit": func(i int) bot.Visit {
		return bot.Visit{Seat: seat(i), Event: fmt.Sprintf("%024d", events.Add(1)), Rate: bot.Rate{Burst: 1 << 20, Every: time.Second}, Now: time.Now()}
	},
}

func BenchmarkLook(b *testing.B) {
	for name, visit := range visits {
		b.Run(name, func(b *testing.B) {
			s := bench(b, redistest.Start(b))
			b.ReportAllocs()
			b.ResetTimer()
			took := together(b, b.N, func(i int) error {
				_, err := s.Look(context.Background(), visit(i))
				return err
			})
			b.ReportMetric(float64(b.N)/took.Seconds(), "looks/s")
		})
	}
}

func BenchmarkMove(b *testing.B) {
	s := bench(b, redistest.Start(b))
	b.ReportAllocs()
	b.ResetTimer()
	took := together(b, b.N, func(i int) error {
		_, err := s.Move(context.Background(), seat(i), benchBook(0), bot.Move{How: bot.Put, To: spoiler.Position(i), Now: time.Now()})
		return err
	})
	b.ReportMetric(float64(b.N)/took.Seconds(), "moves/s")
}

func BenchmarkIssue(b *testing.B) {
	s := bench(b, redistest.Start(b))
	stub := bot.Stub{
		Channel: "channel", Book: "book", Command: "ask", Options: map[string]string{"question": "is it worth reading?"},
		Shown: []bot.Ref{{Source: "e05fcbe982173c7f", Sentences: []int{4}}}, Expires: time.Now().Add(time.Hour),
	}
	b.ReportAllocs()
	b.ResetTimer()
	took := together(b, b.N, func(i int) error {
		mine := stub
		mine.Reader = seat(i).Reader
		return s.Issue(context.Background(), "club", reply.Ticket(fmt.Sprint(i)), mine)
	})
	b.ReportMetric(float64(b.N)/took.Seconds(), "tickets/s")
}
