package redis

import (
	"net"
	"testing"
	"time"

	"dogear/store/redistest"
)

// loads are two loads on the same servers, so that the same failovers show
// what waiting for a replica is worth.
type loads struct{ wait, plain *load }

func startLoads(t *testing.T, url string) loads {
	t.Helper()
	ls := loads{wait: startLoad(t, url, Options{WaitReplicas: 1}), plain: startLoad(t, url, Options{})}
	ls.goesOn(t)
	return ls
}

func (ls loads) goesOn(t *testing.T) {
	t.Helper()
	ls.wait.goesOn(t, 10)
	ls.plain.goesOn(t, 5)
}

// backAgain waits until all is as it was before a failover.
func (ls loads) backAgain(t *testing.T) {
	t.Helper()
	ls.goesOn(t)
	ls.wait.hears(t)
	ls.plain.hears(t)
}

// lag cuts a replica off and waits until there are updates that it has not.
func (ls loads) lag(t *testing.T, master, replica *redistest.Server) {
	t.Helper()
	replica.Pause()
	master.Do(t, "CLIENT", "KILL", "TYPE", "replica") // or what it has to read still waits for it
	ls.plain.goesOn(t, 5)
}

// failure is how a master goes and comes back.
type failure string

const (
	kill  failure = "kill"
	pause failure = "pause"
)

func (f failure) stop(master *redistest.Server) {
	if f == kill {
		master.Kill()
	} else {
		master.Pause()
	}
}

func (f failure) back(t *testing.T, master *redistest.Server) {
	t.Helper()
	if f == kill {
		master.Restart(t)
	} else {
		master.Resume()
	}
}

// kept checks the load that waited for a replica; of the other one it says what
// was lost, which nobody promises anything about but that the rest is whole.
func (ls loads) kept(t *testing.T) {
	t.Helper()
	t.Run("Wait", ls.wait.kept)
	t.Run("Plain", func(t *testing.T) {
		f := ls.plain.found(t)
		ls.plain.log(t, f)
		if f.acked < 100 {
			t.Errorf("only %d updates", f.acked)
		}
		if f.lost == 0 {
			t.Error("nothing is lost without waiting: the replicas did not lag")
		}
	})
}

// TestSentinelFailover kills one master after the other under load, and pauses
// one, which goes on believing that it is the master when it wakes. Their
// replica lags behind them just then.
func TestSentinelFailover(t *testing.T) {
	if testing.Short() {
		t.Skip("starts several servers")
	}
	t.Parallel()
	s := redistest.StartSentinels(t)
	ls := startLoads(t, sentinelURL(s))
	for _, f := range []failure{kill, pause, kill} {
		old := s.Master(t)
		replica := s.Servers[0]
		if replica == old {
			replica = s.Servers[1]
		}
		ls.lag(t, old, replica)
		f.stop(old)
		began := time.Now()
		replica.Resume()
		s.WaitFailover(t, old)
		over := time.Since(began)
		f.back(t, old)
		ls.plain.goesOn(t, 5) // the old one is a master of its own all the while
		plain := time.Since(began)
		host, port, err := net.SplitHostPort(s.Master(t).Addr())
		if err != nil {
			t.Fatal(err)
		}
		old.Do(t, "REPLICAOF", host, port) // sentinels take 10 s to say so
		ls.backAgain(t)
		t.Logf("%s: another master after %v, all go on without WAIT after %v, with the replica back after %v", f, over, plain, time.Since(began))
	}
	ls.kept(t)
}

// TestClusterFailover does the same to each master of a cluster.
func TestClusterFailover(t *testing.T) {
	if testing.Short() {
		t.Skip("starts several servers")
	}
	t.Parallel()
	c := redistest.StartCluster(t, 1)
	ls := startLoads(t, clusterURL(c))
	for i, f := range []failure{kill, pause, kill} {
		old, replica := c.Nodes[i], c.Nodes[i+3]
		ls.lag(t, old, replica)
		f.stop(old)
		began := time.Now()
		replica.Resume()
		c.WaitOK(t)
		over := time.Since(began)
		ls.plain.goesOn(t, 5)
		plain := time.Since(began)
		f.back(t, old)
		c.WaitOK(t)
		ls.backAgain(t)
		t.Logf("%s: another master after %v, all go on without WAIT after %v, with the replica back after %v", f, over, plain, time.Since(began))
	}
	ls.kept(t)
}
