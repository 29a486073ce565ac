package redistest

import (
	"net"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// Benchmark measures a server with redis-benchmark and returns requests per
// second. args are further arguments; they name one test or one command.
func Benchmark(tb testing.TB, addr string, args ...string) float64 {
	tb.Helper()
	path := binary(tb, "redis-benchmark")
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.CommandContext(tb.Context(), path, append([]string{"-h", host, "-p", port, "--csv"}, args...)...)
	tie(cmd)
	out, err := cmd.CombinedOutput()
	if err != nil {
		tb.Fatalf("redis-benchmark: %v: %s", err, out)
	}
	// The last line is the name, which may contain anything, requests per
	// second, and six latencies.
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	fields := strings.Split(strings.Trim(lines[len(lines)-1], `"`), `","`)
	if len(fields) < 8 {
		tb.Fatalf("redis-benchmark says %s", out)
	}
	rps, err := strconv.ParseFloat(fields[len(fields)-7], 64)
	if err != nil {
		tb.Fatalf("redis-benchmark says %s", out)
	}
	return rps
}
