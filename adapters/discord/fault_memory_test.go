package discord_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"dogear/adapters/discord/discordtest"
	"dogear/store"
	"dogear/store/redis"
	"dogear/store/redistest"
)

// TestMemory: what readers do leaves nothing behind in the process. The SDK would
// keep a bucket for the address of each interaction. What is stored is in Redis,
// so that only the bot's own memory counts.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a while")
	}
	server := redistest.Start(t)
	s, err := store.OpenWith(t.Context(), server.URL(), redis.Options{Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	c := serveOn(t, s, "gateway", discordtest.Quiet(12*time.Millisecond))
	const channels, readers = 5, 300
	rooms := make([]*discordtest.Channel, channels)
	for i := range rooms {
		rooms[i] = c.guild.Channel(fmt.Sprint("room", i))
		c.mo.Slash(rooms[i], "club book", discordtest.Opt{"book": book})
	}
	members := make([]*discordtest.Reader, readers)
	for i := range members {
		members[i] = c.guild.Member(fmt.Sprint("reader", i))
	}
	use := func(i int) {
		who, room := members[i%readers], rooms[i%channels]
		switch i % 4 {
		case 0:
			who.Slash(room, "ask", question)
		case 1:
			for _, m := range who.Slash(room, "ask", question).Messages {
				if menu, ok := m.Find("I've read further"); ok { // not a mention's answer
					who.Select(m, menu.CustomID, menu.Items[0].Value)
				}
			}
		case 2:
			who.Autocomplete(room, "progress", "place", fmt.Sprint(i%20))
		case 3:
			who.Mention(room, "how is the prose?")
		}
	}
	done := 0
	acts := func(until int) {
		for done < until {
			batch := make(chan int)
			var all sync.WaitGroup
			for range 24 {
				all.Go(func() {
					for i := range batch {
						use(i)
					}
				})
			}
			for end := min(until, done+500); done < end; done++ {
				batch <- done
			}
			close(batch)
			all.Wait()
			c.Forget()
			c.log.forget()
		}
	}
	level := func() (heap uint64, goroutines int) {
		c.Forget()
		c.log.forget()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		for ctx.Err() == nil { // what goes on behind replies ends
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			if heap == m.HeapAlloc {
				break
			}
			heap = m.HeapAlloc
			time.Sleep(20 * time.Millisecond)
		}
		return heap, runtime.NumGoroutine()
	}
	began := time.Now()
	var heaps [3]uint64
	var routines [3]int
	for i, n := range []int{200, 1000, 10_000} {
		acts(n)
		heaps[i], routines[i] = level()
		t.Logf("after %d acts and %v: %d KiB, %d goroutines", n, time.Since(began).Round(time.Second), heaps[i]/1024, routines[i])
	}
	if grown := int64(heaps[2]) - int64(heaps[1]); grown > 2<<20 {
		t.Errorf("9,000 acts have left %d bytes, %d each", grown, grown/9000)
	}
	if routines[2] > routines[1]+150 { // 32 idle connections have three each
		t.Errorf("%d goroutines were left", routines[2]-routines[1])
	}
}
