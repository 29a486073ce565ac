package slack_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"dogear/adapters/slack/slacktest"
	"dogear/store"
	"dogear/store/redis"
	"dogear/store/redistest"
)

// TestMemory: what readers do leaves nothing behind in the process. What is stored
// is in Redis, so that only the bot's own memory counts.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a while")
	}
	server := redistest.Start(t)
	s, err := store.OpenWith(t.Context(), server.URL(), redis.Options{Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	c := serveOn(t, s, "socket", slacktest.Quiet(12*time.Millisecond), slacktest.Patience(30*time.Second))
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
	// Most acts are delivered without anybody who looks at what comes of them:
	// each leads to one call.
	use := func(i int) {
		who, room := members[i%readers], rooms[i%channels].ID
		command := object{"team_id": c.TeamID, "user_id": who.ID, "channel_id": room}
		pressed := object{
			"type": "block_actions", "user": object{"id": who.ID, "team_id": c.TeamID}, "team": object{"id": c.TeamID}, "channel": object{"id": room},
			"actions": []any{object{"action_id": "reveal:none:", "value": "none"}},
		}
		done := false
		switch i % 5 {
		case 0:
			done = c.Deliver("slash_commands", with(command, object{"text": question}))
		case 1:
			done = c.Deliver("slash_commands", with(command, object{"text": fmt.Sprint("progress ", i%20+1)}))
		case 2:
			done = c.Deliver("interactive", pressed)
		case 3:
			done = c.Event("app_mention", object{"user": who.ID, "team": c.TeamID, "channel": room, "ts": fmt.Sprintf("1.%06d", i), "text": c.Mention() + " " + ending})
		case 4:
			done = c.Event("app_home_opened", object{"user": who.ID, "channel": who.DMs().ID, "tab": "home"})
		}
		if !done {
			t.Errorf("act %d is not acknowledged", i)
		}
	}
	done := 0
	acts := func(until int) {
		for done < until {
			begin, end := done, min(until, done+100)
			batch := make(chan int)
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					for i := range batch {
						use(i)
					}
				})
			}
			for ; done < end; done++ {
				batch <- done
			}
			close(batch)
			all.Wait()
			becomes(t, "all are answered", func() bool {
				return len(c.Requests(slacktest.OK, slacktest.To("chat.postMessage", "chat.postEphemeral", "views.publish"))) >= end-begin
			})
			who, room := members[begin%readers], rooms[begin%channels] // who looks
			who.Press(who.Slash(room, ending).Message(), "Look past my place")
			c.forget()
		}
	}
	base := runtime.NumGoroutine()
	level := func() (heap uint64) {
		becomes(t, "what goes on behind replies is over", func() bool {
			before := heap
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			heap = m.HeapAlloc
			return heap>>12 == before>>12 && runtime.NumGoroutine() < base+150 // 32 idle connections to Slack, and those to Redis
		})
		return heap
	}
	began := time.Now()
	var heaps [3]uint64
	for i, n := range []int{300, 5000, 10_000} {
		acts(n)
		heaps[i] = level()
		t.Logf("after %d acts and %v: %d KiB, %d goroutines", n, time.Since(began).Round(time.Second), heaps[i]/1024, runtime.NumGoroutine())
	}
	if ratio := float64(heaps[2]) / float64(heaps[1]); ratio > 1.25 {
		t.Errorf("5,000 acts have made the heap %.2f times as large, which is %d bytes each", ratio, (heaps[2]-heaps[1])/5000)
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
