package redistest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
)

const (
	masters = 3
	slots   = 16384
)

// Cluster is a Redis cluster of three masters and their replicas.
type Cluster struct {
	Nodes []*Server // the first three began as masters
}

// StartCluster starts a cluster with so many replicas for each master, and
// waits until all its nodes agree. A node that is gone is noticed after 1 s.
func StartCluster(tb testing.TB, replicas int) *Cluster {
	tb.Helper()
	c := &Cluster{}
	for range masters * (1 + replicas) {
		c.Nodes = append(c.Nodes, Start(tb, "cluster-enabled yes", "cluster-node-timeout 1000"))
	}
	for i, n := range c.Nodes {
		n.Do(tb, "CLUSTER", "SET-CONFIG-EPOCH", fmt.Sprint(i+1)) // or they argue about epochs first
		if i < masters {
			n.Do(tb, "CLUSTER", "ADDSLOTSRANGE", fmt.Sprint(i*slots/masters), fmt.Sprint((i+1)*slots/masters-1))
		}
		for _, other := range c.Nodes[:i] {
			n.Do(tb, "CLUSTER", "MEET", host, fmt.Sprint(other.port), fmt.Sprint(other.busPort))
		}
	}
	for i, n := range c.Nodes[masters:] {
		id := c.Nodes[i%masters].id(tb)
		until(tb, "CLUSTER REPLICATE", func() error { // refused until the two have met
			_, err := n.Try("CLUSTER", "REPLICATE", id)
			return err
		})
	}
	until(tb, "cluster", func() error {
		spans, err := c.agreed()
		for _, span := range spans {
			if span.replicas != replicas {
				return errors.New("a replica is not known yet")
			}
		}
		return err
	})
	return c
}

// Addrs returns the addresses of all nodes.
func (c *Cluster) Addrs() []string { return addrs(c.Nodes) }

func addrs(servers []*Server) []string {
	var out []string
	for _, s := range servers {
		out = append(out, s.Addr())
	}
	return out
}

// alive returns the nodes that can answer, and fails the test if none can.
func (c *Cluster) alive(tb testing.TB) []*Server {
	tb.Helper()
	out := slices.DeleteFunc(slices.Clone(c.Nodes), func(n *Server) bool { return !n.alive() })
	if len(out) == 0 {
		tb.Fatal("no node of the cluster is alive")
	}
	return out
}

// Masters returns the nodes that can answer and call themselves masters.
func (c *Cluster) Masters(tb testing.TB) []*Server {
	tb.Helper()
	return slices.DeleteFunc(c.alive(tb), func(n *Server) bool {
		return n.Do(tb, "ROLE").([]any)[0] != "master"
	})
}

// MasterOf returns the master of a key's slot, as the first node that can
// answer sees it: right after a kill it may be the one that is gone.
func (c *Cluster) MasterOf(tb testing.TB, key string) *Server {
	tb.Helper()
	first := c.alive(tb)[0]
	slot := first.Do(tb, "CLUSTER", "KEYSLOT", key).(int64)
	spans, err := first.spans()
	if err != nil {
		tb.Fatal(err)
	}
	for _, span := range spans {
		if span.from <= slot && slot <= span.to {
			return c.node(span.master)
		}
	}
	tb.Fatalf("slot %d has no master", slot)
	return nil
}

// node returns the node with a port; nil if there is none.
func (c *Cluster) node(port int64) *Server {
	i := slices.IndexFunc(c.Nodes, func(n *Server) bool { return int64(n.port) == port })
	if i < 0 {
		return nil
	}
	return c.Nodes[i]
}

// id returns a node's name in its cluster.
func (s *Server) id(tb testing.TB) string {
	tb.Helper()
	return s.Do(tb, "CLUSTER", "MYID").(string)
}

// span is a range of slots, the port of their master, and how many replicas
// are known to work.
type span struct {
	from, to, master int64
	replicas         int
}

// spans returns who has which slots, as this node sees it.
func (s *Server) spans() ([]span, error) {
	reply, err := s.Try("CLUSTER", "SLOTS")
	if err != nil {
		return nil, err
	}
	var out []span
	for _, row := range reply.([]any) {
		row := row.([]any) // from, to, then nodes, the master first
		master := row[2].([]any)
		out = append(out, span{row[0].(int64), row[1].(int64), master[1].(int64), len(row) - 3})
	}
	return out, nil
}

// WaitOK waits until every slot has a master that is alive, its replicas that
// are alive follow it, and all nodes that are alive see the same. To look at
// cluster_state alone is not enough: it is ok until a failure is noticed.
func (c *Cluster) WaitOK(tb testing.TB) {
	tb.Helper()
	until(tb, "cluster", func() error {
		_, err := c.agreed()
		return err
	})
}

func (c *Cluster) agreed() ([]span, error) {
	var all []span
	for _, n := range c.Nodes {
		if !n.alive() {
			continue
		}
		info, err := n.Try("CLUSTER", "INFO")
		if err != nil {
			return nil, err
		}
		if state := field(info, "cluster_state"); state != "ok" {
			return nil, fmt.Errorf("%s says %q", n.Addr(), state)
		}
		spans, err := n.spans()
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = spans
		} else if !slices.Equal(all, spans) {
			return nil, errors.New("the nodes disagree")
		}
		role, err := n.role()
		if err != nil {
			return nil, err
		}
		if master := c.node(role.master); role.replica && (role.link != "connected" || master == nil || !master.alive()) {
			return nil, fmt.Errorf("replica %s: %q", n.Addr(), role.link)
		}
	}
	covered := int64(0)
	for _, span := range all {
		master := c.node(span.master)
		if master == nil || !master.alive() {
			return nil, fmt.Errorf("the master at port %d is gone", span.master)
		}
		if role, err := master.role(); err != nil || role.replica {
			return nil, fmt.Errorf("%s is a replica (%v)", master.Addr(), err)
		}
		covered += span.to - span.from + 1
	}
	if covered != slots {
		return nil, fmt.Errorf("%d slots have a master", covered)
	}
	return all, nil
}

// role is what a server calls itself; master and link are a replica's.
type role struct {
	replica bool
	master  int64 // its port
	link    string
}

func (s *Server) role() (role, error) {
	reply, err := s.Try("ROLE")
	if err != nil {
		return role{}, err
	}
	if row := reply.([]any); row[0] == "slave" {
		return role{true, row[2].(int64), row[3].(string)}, nil
	}
	return role{}, nil
}

// MoveSlot moves a key's slot, with all its keys, to another master.
func (c *Cluster) MoveSlot(tb testing.TB, key string) {
	tb.Helper()
	c.BeginMove(tb, key)()
}

// BeginMove moves the keys of a key's slot to another master, but leaves the
// slot where it is until finish is called: its master answers ASK. finish
// waits until all nodes know.
func (c *Cluster) BeginMove(tb testing.TB, key string) (finish func()) {
	tb.Helper()
	from := c.MasterOf(tb, key)
	var to *Server
	for _, m := range c.Masters(tb) {
		if m != from {
			to = m
		}
	}
	if to == nil {
		tb.Fatal("there is no other master")
	}
	slot := strconv.FormatInt(from.Do(tb, "CLUSTER", "KEYSLOT", key).(int64), 10)
	id := to.id(tb)
	to.Do(tb, "CLUSTER", "SETSLOT", slot, "IMPORTING", from.id(tb))
	from.Do(tb, "CLUSTER", "SETSLOT", slot, "MIGRATING", id)
	for {
		keys := from.Do(tb, "CLUSTER", "GETKEYSINSLOT", slot, "100").([]any)
		if len(keys) == 0 {
			break
		}
		migrate := []string{"MIGRATE", host, fmt.Sprint(to.port), "", "0", "5000", "KEYS"}
		for _, key := range keys {
			migrate = append(migrate, key.(string))
		}
		from.Do(tb, migrate...)
	}
	return func() {
		tb.Helper()
		// The new master first: should the others hear before it, they would
		// send everybody to one that sends them back.
		to.Do(tb, "CLUSTER", "SETSLOT", slot, "NODE", id)
		for _, m := range c.Masters(tb) {
			if m != to {
				m.Do(tb, "CLUSTER", "SETSLOT", slot, "NODE", id)
			}
		}
		c.WaitOK(tb)
	}
}
