package redistest

import (
	"fmt"
	"testing"
	"time"
)

func TestCluster(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	began := time.Now()
	c := StartCluster(t, 1)
	t.Logf("it took %v to start", time.Since(began))
	same(t, "nodes", len(c.Addrs()), 6)
	same(t, "masters", c.Masters(t), c.Nodes[:3])

	key := func(i int) string { return fmt.Sprintf("{tag}%d", i) }
	from := c.MasterOf(t, "{tag}")
	const n = 250
	for i := range n {
		from.Do(t, "SET", key(i), fmt.Sprint(i))
	}
	finish := c.BeginMove(t, "{tag}")
	same(t, "master while it moves", c.MasterOf(t, "{tag}"), from)
	_, err := from.Try("GET", key(1))
	refused(t, err, "ASK ")
	finish()
	_, err = from.Try("GET", key(1))
	refused(t, err, "MOVED ")
	to := c.MasterOf(t, "{tag}")
	same(t, "GET", to.Do(t, "GET", key(n-1)), fmt.Sprint(n-1))
	same(t, "keys", len(to.Keys(t)), n)
	c.MoveSlot(t, "{tag}")
	if third := c.MasterOf(t, "{tag}"); third == to {
		t.Error("the slot did not move")
	} else {
		to = third
	}
	same(t, "GET", to.Do(t, "GET", key(1)), "1")

	began = time.Now()
	to.Kill()
	c.WaitOK(t)
	t.Logf("it took %v to fail over", time.Since(began))
	same(t, "masters", len(c.Masters(t)), 3)
	same(t, "GET", c.MasterOf(t, "{tag}").Do(t, "GET", key(1)), "1")
	began = time.Now()
	to.Restart(t)
	c.WaitOK(t)
	t.Logf("it took %v to come back", time.Since(began))
	same(t, "masters", len(c.Masters(t)), 3)
}
