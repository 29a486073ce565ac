package slack_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"dogear/adapters/slack/slacktest"
	"dogear/store"
	"dogear/store/redistest"
)

// TestMemory: what readers do leaves nothing behind in the process. What is stored
// is in Redis, so that only the bot's own memory counts.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a while")
	}
	server := redistest.Start(t)
	s, err := store.Open(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	c := serveOn(t, s, "socket", slacktest.Quiet(48*time.Millisecond), slacktest.Patience(30*time.Second))
	t.Cleanup(func() { c.stop(); s.Close(); server.Kill() })
	const channels, readers = 5, 300
	rooms := make([]*slacktest.Channel, channels)
	for i := range rooms {
		rooms[i] = c.Channel(fmt.Sprint("room", i))
		c.mo.Slash(rooms[i], "club book "+book)
	}
	members := make([]*slacktest.User, readers)
	for i := range members {
		members[i] = c.User(fmt.Sprint("reader", i))
	}
	use := func(i int) {
		who, room := members[i%readers], rooms[i%channels]
		switch i % 5 {
		case 0:
			who.Slash(room, question)
		case 1:
			seen := who.Slash(room, ending)
			who.Press(seen.Message(), "Reveal")
		case 2:
			who.Mention(room, question)
		case 3:
			who.OpenHome()
		case 4:
			who.Slash(room, fmt.Sprint("progress ", i%20+1))
		}
	}
	done := 0
	acts := func(until int) {
		for done < until {
			batch := make(chan int)
			var all sync.WaitGroup
			for range 60 {
				all.Go(func() {
					for i := range batch {
						use(i)
					}
				})
			}
			for end := min(until, done+300); done < end; done++ {
				batch <- done
			}
			close(batch)
			all.Wait()
			c.forget()
		}
	}
	level := func() (heap uint64, goroutines int) {
		c.forget()
		becomes(t, "what goes on behind replies is over", func() bool {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			before := heap
			heap = m.HeapAlloc
			return heap == before || heap/1024 == before/1024
		})
		return heap, runtime.NumGoroutine()
	}
	began := time.Now()
	var heaps [3]uint64
	var routines [3]int
	for i, n := range []int{300, 1000, 10_000} {
		acts(n)
		heaps[i], routines[i] = level()
		t.Logf("after %d acts and %v: %d KiB, %d goroutines", n, time.Since(began).Round(time.Second), heaps[i]/1024, routines[i])
	}
	if ratio := float64(heaps[2]) / float64(heaps[1]); ratio > 1.25 {
		t.Errorf("9,000 acts have made the heap %.2f times as large, which is %d bytes each", ratio, (heaps[2]-heaps[1])/9000)
	}
	if routines[2] > routines[1]+20 {
		t.Errorf("%d goroutines were left", routines[2]-routines[1])
	}
}

// forget drops what the test itself has kept of what happened.
func (c *club) forget() {
	c.Forget()
	c.log.forget()
}

// forget empties the log.
func (l *logged) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all.Reset()
}
