package redistest

import (
	"errors"
	"fmt"
	"testing"
)

// sentinelMaster is the name that the sentinels know the master by.
const sentinelMaster = "dogear"

// Sentinels are three sentinels that watch a master, by the name "dogear",
// and its replica. Two of the three decide.
type Sentinels struct {
	Servers   []*Server // the first began as master
	Sentinels []*Server
}

// StartSentinels starts a master, a replica and three sentinels, and waits
// until they all know each other. A master that is gone is noticed after half
// a second.
func StartSentinels(tb testing.TB) *Sentinels {
	tb.Helper()
	master := Start(tb)
	replica := Start(tb, fmt.Sprint("replicaof ", host, " ", master.port))
	s := &Sentinels{Servers: []*Server{master, replica}}
	until(tb, "replica", func() error { // a sentinel looks for replicas at once, and then every 10 s
		info, err := master.Try("INFO", "replication")
		if err == nil && field(info, "connected_slaves") != "1" {
			err = errors.New("not connected")
		}
		return err
	})
	for range 3 {
		s.Sentinels = append(s.Sentinels, start(tb, []string{"--sentinel"}, []string{
			fmt.Sprintf("sentinel monitor %s %s %d 2", sentinelMaster, host, master.port),
			fmt.Sprintf("sentinel down-after-milliseconds %s 500", sentinelMaster),
			fmt.Sprintf("sentinel failover-timeout %s 3000", sentinelMaster),
		}))
	}
	for _, sentinel := range s.Sentinels {
		until(tb, "sentinels", func() error {
			reply, err := sentinel.Try("SENTINEL", "MASTER", sentinelMaster)
			if err != nil {
				return err
			}
			got, row := map[any]any{}, reply.([]any)
			for i := 0; i+1 < len(row); i += 2 {
				got[row[i]] = row[i+1]
			}
			if got["flags"] != "master" || got["num-slaves"] != "1" || got["num-other-sentinels"] != "2" {
				return fmt.Errorf("flags %q, %q replicas, %q other sentinels", got["flags"], got["num-slaves"], got["num-other-sentinels"])
			}
			return nil
		})
	}
	return s
}

// Addrs returns the addresses of the sentinels.
func (s *Sentinels) Addrs() []string { return addrs(s.Sentinels) }

// Master returns the master by what the first sentinel says that can answer.
func (s *Sentinels) Master(tb testing.TB) *Server {
	tb.Helper()
	for _, sentinel := range s.Sentinels {
		if sentinel.alive() {
			master, err := s.named(sentinel)
			if err != nil {
				tb.Fatal(err)
			}
			return master
		}
	}
	tb.Fatal("no sentinel is alive")
	return nil
}

// named returns the server that a sentinel names as the master.
func (s *Sentinels) named(sentinel *Server) (*Server, error) {
	reply, err := sentinel.Try("SENTINEL", "GET-MASTER-ADDR-BY-NAME", sentinelMaster)
	if err != nil {
		return nil, err
	}
	if addr, ok := reply.([]any); ok {
		for _, server := range s.Servers {
			if addr[1] == fmt.Sprint(server.port) {
				return server, nil
			}
		}
	}
	return nil, fmt.Errorf("a sentinel names %v", reply)
}

// WaitFailover waits until all sentinels that are alive name another master
// than old, and it says itself that it is one.
func (s *Sentinels) WaitFailover(tb testing.TB, old *Server) {
	tb.Helper()
	until(tb, "failover", func() error {
		for _, sentinel := range s.Sentinels {
			if !sentinel.alive() {
				continue
			}
			master, err := s.named(sentinel)
			if err != nil {
				return err
			}
			if master == old || !master.alive() {
				return errors.New("the old master is named")
			}
			if role, err := master.role(); err != nil || role.replica {
				return fmt.Errorf("%s is a replica (%v)", master.Addr(), err)
			}
		}
		return nil
	})
}
