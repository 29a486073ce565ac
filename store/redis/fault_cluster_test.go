package redis_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"dogear/bot"
	"dogear/store/redis"
	"dogear/store/redistest"
)

// TestSlotsMove: slots of a cluster go to other masters while readers go on,
// and nobody notices.
func TestSlotsMove(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a cluster")
	}
	t.Parallel()
	cluster := redistest.StartCluster(t, 0)
	d := furnish(newDesk(t, "redis+cluster://"+strings.Join(cluster.Addrs(), ","), redis.Options{}))
	d.bot.LimitTo(limit)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	var rounds atomic.Int64
	for i := range 4 {
		reader := bot.ReaderID(fmt.Sprint(canary, i))
		readers.Go(func() {
			for place := 1; ; place = 1 + place%20 {
				select {
				case <-stop:
					return
				default:
				}
				d.sees(d.say(reader, fmt.Sprint("progress ", place)), fmt.Sprintf("Saved. Your place in Never Let Me Go: chapter %d of 23.", place))
				if reply := d.say(ann, question); !strings.Contains(reply, late) {
					t.Errorf("a reader's place is not known: %s", reply)
				}
				rounds.Add(1)
			}
		})
	}
	// more waits until readers have gone on with things as they are.
	more := func() {
		t.Helper()
		was := rounds.Load()
		until(t, "readers", func() error {
			if rounds.Load() < was+20 {
				return errNotYet
			}
			return nil
		})
	}
	for _, key := range []string{"dogear:r:{" + string(ann) + "}", "dogear:c:{club}", "dogear:r:{" + canary + "1}"} {
		more()
		finish := cluster.BeginMove(t, key) // from here on ASK
		more()
		finish() // and then MOVED, once
		more()
		cluster.MoveSlot(t, key)
		more()
	}
	close(stop)
	readers.Wait()
	t.Logf("%d rounds", rounds.Load())
	d.recovers()
	d.sees(d.handle(review(eve, "A calm book.")).String(), "with the moderators")
	if log := d.log.take(); strings.Contains(log, "level=ERROR") {
		t.Errorf("the log: %s", log)
	}
}
