package redis

import (
	"strings"
	"testing"

	"dogear/store/redistest"
	"dogear/store/storetest"
)

// core is the part of the suite that every kind of call is in.
var core = []string{"Advance", "AdvanceTogether", "Veils", "Forget", "ChannelsTogether", "Big", "ChangeTogether", "Posts", "Tickets", "Tallies", "LoadWhole", "Gone", "Purge", "PurgeBeside"}

// TestCluster runs the suite on three masters, and looks that each of them got
// some of it.
func TestCluster(t *testing.T) {
	if testing.Short() {
		t.Skip("starts several servers")
	}
	c := redistest.StartCluster(t, 0)
	storetest.Run(t, maker(clusterURL(c), Options{}))
	for _, n := range c.Nodes {
		if len(n.Keys(t)) == 0 {
			t.Errorf("%s has no key", n.Addr())
		}
	}
	t.Run("Once", func(t *testing.T) { sentOnce(t, c) })
}

// TestSentinel runs the suite on a master that sentinels name.
func TestSentinel(t *testing.T) {
	if testing.Short() {
		t.Skip("starts several servers")
	}
	s := redistest.StartSentinels(t)
	storetest.Run(t, maker(sentinelURL(s), Options{}))
	t.Run("Wait", func(t *testing.T) {
		storetest.Run(t, maker(sentinelURL(s), Options{WaitReplicas: 1}), core...)
	})
}

// TestClusterWait runs the suite's core where a replica has to confirm.
func TestClusterWait(t *testing.T) {
	if testing.Short() {
		t.Skip("starts several servers")
	}
	c := redistest.StartCluster(t, 1)
	storetest.Run(t, maker(clusterURL(c), Options{WaitReplicas: 1}), core...)
	t.Run("Moved", func(t *testing.T) { movedSlots(t, c) })
}

func clusterURL(c *redistest.Cluster) string {
	return "redis+cluster://" + strings.Join(c.Addrs(), ",")
}

func sentinelURL(s *redistest.Sentinels) string {
	return "redis+sentinel://" + strings.Join(s.Addrs(), ",") + "/dogear"
}
