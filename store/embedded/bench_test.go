package embedded

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/store/storetest"
)

func replyTicket(i int) reply.Ticket { return reply.Ticket(fmt.Sprint("ticket", i)) }

func BenchmarkLook(b *testing.B) {
	s := openFile(b, filepath.Join(b.TempDir(), "dogear.db"))
	defer s.Close()
	ctx := context.Background()
	for i := range 5 {
		book := bot.BookKey{Book: spoiler.BookID(fmt.Sprint("book", i))}
		if _, err := s.Move(ctx, bot.Seat{Club: "c", Reader: "r"}, book, bot.Move{How: bot.Put, To: 5, Now: time.Now()}); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.SetChannel(ctx, "c", "h", bot.Channel{}, bot.Channel{Book: "book1", Pace: 4}); err != nil {
		b.Fatal(err)
	}
	if _, err := s.Change(ctx, "c", bot.Change{Base: bot.AnyVersion}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := s.Look(ctx, bot.Visit{Seat: bot.Seat{Club: "c", Reader: "r", Channel: "h"}}); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkMove(b *testing.B) {
	for _, writers := range []int{1, 50} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s := openFile(b, filepath.Join(b.TempDir(), "dogear.db"))
			defer s.Close()
			var n atomic.Int64
			var wg sync.WaitGroup
			b.ReportAllocs()
			b.ResetTimer()
			for w := range writers {
				wg.Go(func() {
					for i := n.Add(1); i <= int64(b.N); i = n.Add(1) {
						if _, err := s.Move(context.Background(), killSeat(w), killBook, bot.Move{How: bot.Advance, To: spoiler.Position(i), Now: time.Now()}); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "moves/s")
		})
	}
}

func BenchmarkShelf(b *testing.B) {
	s := openFile(b, filepath.Join(b.TempDir(), "dogear.db"))
	defer s.Close()
	var c bot.Change
	for i := range 200 {
		c.PutSources = append(c.PutSources, storetest.Source(library.SourceID(fmt.Sprint(i)), 50))
	}
	if _, err := s.Change(context.Background(), "c", c); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Shelf(context.Background(), "c"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "dogear.db")
	s := openFile(b, path)
	var wg sync.WaitGroup
	for w := range 200 {
		wg.Go(func() {
			for i := range 500 {
				_, _ = s.Move(context.Background(), killSeat(500*w+i), killBook, bot.Move{How: bot.Put, To: 5, Now: time.Now()})
			}
		})
	}
	wg.Wait()
	s.Close()
	b.ResetTimer()
	for b.Loop() {
		openFile(b, path).Close()
	}
}
