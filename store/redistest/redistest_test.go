package redistest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
}

// refused checks that an error is a server's, and begins so.
func refused(t *testing.T, err error, with string) {
	t.Helper()
	var refusal Error
	if !errors.As(err, &refusal) || !strings.HasPrefix(err.Error(), with) {
		t.Fatalf("%v, want %s", err, with)
	}
}

func TestServer(t *testing.T) {
	s := Start(t, "appendonly yes", "appendfsync always", "requirepass a@b/c")
	same(t, "SET", s.Do(t, "SET", "a\r\n", "\x00"), "OK")
	same(t, "INCR", s.Do(t, "INCR", "n"), int64(1))
	same(t, "GET", s.Do(t, "GET", "unknown"), nil)
	same(t, "EVAL", s.Do(t, "EVAL", "return {1, 'a', {}, redis.error_reply('no')}", "0"), []any{int64(1), "a", []any{}, Error("ERR no")})
	_, err := s.Try("INCR", "a\r\n")
	refused(t, err, "ERR")

	addr := s.Addr()
	s.Kill()
	s.Kill() // once more does nothing
	if _, err := s.Try("PING"); err == nil {
		t.Fatal("a server that was killed answers")
	}
	s.Restart(t)
	same(t, "address", s.Addr(), addr)
	same(t, "keys", s.Keys(t), []string{"a\r\n", "n"})
	same(t, "GET", s.Do(t, "GET", "a\r\n"), "\x00")
	s.Restart(t) // one that runs
	same(t, "keys", s.Keys(t), []string{"a\r\n", "n"})

	s.Pause()
	if s.alive() {
		t.Error("a paused server counts as alive")
	}
	s.Resume()
	same(t, "PING", s.Do(t, "PING"), "PONG")
	s.Pause()
	s.Stop()
	if _, err := s.Try("PING"); err == nil {
		t.Fatal("a server that was stopped answers")
	}
}

// configured replaces a line of the configuration.
func (s *Server) configured(t *testing.T, line, by string) {
	t.Helper()
	path := filepath.Join(s.dir, confName)
	data, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, []byte(strings.Replace(string(data), line, by, 1)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestLoading: RestartNow does not wait for the data, Restart does.
func TestLoading(t *testing.T) {
	s := Start(t, "appendonly yes", "key-load-delay 500", "loading-process-events-interval-bytes 1024")
	s.Do(t, "EVAL", "for i = 1, 20000 do redis.call('SET', i, string.rep('x', 100)) end", "0")
	s.Do(t, "BGREWRITEAOF")
	until(t, "BGREWRITEAOF", func() error {
		if info := s.Do(t, "INFO", "persistence"); field(info, "aof_rewrite_in_progress") != "0" || field(info, "aof_rewrite_scheduled") != "0" {
			return errors.New("under way")
		}
		return nil
	})
	s.Kill()
	s.RestartNow(t)
	_, err := s.Try("GET", "1")
	refused(t, err, "LOADING")
	s.configured(t, "key-load-delay 500", "key-load-delay 20")
	s.Restart(t)
	same(t, "keys", len(s.Keys(t)), 20000)
}

// TestBusyPort: where somebody else was faster, another port is taken.
func TestBusyPort(t *testing.T) {
	other := Start(t)
	s := &Server{binary: binary(t, "redis-server"), dir: t.TempDir(), args: []string{confName}}
	s.configure(t, []string{fmt.Sprint("port ", other.port)})
	s.port = other.port
	t.Cleanup(s.Kill)
	if err := s.run(); err != nil {
		t.Fatal(err)
	}
	if s.wait(t, s.answers) || !strings.Contains(s.Log(), "Address already in use") {
		t.Errorf("it took another's port, or another's answer for its own: %s", s.Log())
	}
}

// childEnv names a file to a child of TestCrash, which writes there where its
// server listens.
const childEnv = "DOGEAR_TEST_ADDRESS"

// TestCrash: a server does not outlive tests that crash.
func TestCrash(t *testing.T) {
	if path := os.Getenv(childEnv); path != "" {
		s := Start(t)
		if err := os.WriteFile(path, []byte(s.Addr()), 0o600); err != nil {
			t.Fatal(err)
		}
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Kill()
		}
		t.Fatal(err)
	}
	if runtime.GOOS != "linux" {
		t.Skip("servers are tied to the tests on Linux alone")
	}
	binary(t, "redis-server")
	path := filepath.Join(t.TempDir(), "address")
	cmd := exec.Command(os.Args[0], "-test.run=^TestCrash$")
	cmd.Env = append(os.Environ(), childEnv+"="+path, "TMPDIR="+t.TempDir()) // it leaves its files
	if out, err := cmd.CombinedOutput(); err == nil {
		t.Fatalf("the child did not crash: %s", out)
	}
	addr, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the end of the server", func() error {
		c, err := dial(string(addr), "")
		if err != nil {
			return nil
		}
		c.Close()
		return errors.New("it answers")
	})
}

func TestBenchmark(t *testing.T) {
	s := Start(t)
	for _, args := range [][]string{{"-t", "get"}, {"EVAL", `return "a","b"`, "0"}} {
		if rps := Benchmark(t, s.Addr(), append([]string{"-n", "1000", "-c", "2"}, args...)...); rps < 10 {
			t.Errorf("%v requests per second", rps)
		}
	}
}
