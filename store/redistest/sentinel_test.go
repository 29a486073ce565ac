package redistest

import (
	"testing"
	"time"
)

func TestSentinels(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	began := time.Now()
	s := StartSentinels(t)
	t.Logf("it took %v to start", time.Since(began))
	same(t, "sentinels", len(s.Addrs()), 3)
	old := s.Master(t)
	same(t, "master", old, s.Servers[0])
	began = time.Now()
	old.Kill()
	s.WaitFailover(t, old)
	t.Logf("it took %v to fail over", time.Since(began))
	same(t, "master", s.Master(t), s.Servers[1])
}
