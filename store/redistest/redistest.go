// Package redistest starts real Redis servers for tests: one, a cluster, one
// that sentinels watch, and a proxy that counts trips and breaks connections.
// A server is one test's own, and ends with it.
package redistest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"
)

const (
	// patience is how long anything may take on a slow machine.
	patience  = 2 * time.Minute
	pollEvery = 5 * time.Millisecond

	host = "127.0.0.1"
)

// binary returns the path of a program that comes with Redis. Where it is not
// installed the test is skipped, but for CI, which has to have it.
func binary(tb testing.TB, name string) string {
	tb.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") != "" {
		tb.Fatalf("there is no %s here, and CI needs one", name)
	} else if err != nil {
		tb.Skipf("there is no %s here", name)
	}
	return path
}

// until waits for cond to have no more objection.
func until(tb testing.TB, what string, cond func() error) {
	tb.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(pollEvery) {
		err := cond()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			tb.Fatalf("%s: not in %v: %v", what, patience, err)
		}
	}
}

// The ports lie below those that systems give to outgoing connections: a
// server that restarts finds its port free, and no client that calls while it
// is down can get the port as its own and so be connected to itself.
const (
	firstPort = 20000
	portCount = 10000
)

var portsGiven atomic.Uint32

func init() { portsGiven.Store(rand.Uint32N(portCount)) } // other packages' tests run beside

// freePort returns a port that nothing listens on, another one each time.
func freePort(tb testing.TB) int {
	tb.Helper()
	for range portCount {
		port := firstPort + int(portsGiven.Add(1)%portCount)
		if l, err := net.Listen("tcp", fmt.Sprint(host, ":", port)); err == nil {
			l.Close()
			return port
		}
	}
	tb.Fatal("no port is free")
	return 0
}
