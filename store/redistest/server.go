package redistest

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	confName = "redis.conf"
	logName  = "redis.log"

	// startTries is how often another port is tried when somebody else was
	// faster to take the one that was free.
	startTries = 5
	// stopTimeout is longer than a server waits for its replicas.
	stopTimeout = 20 * time.Second
)

// defaults are a server's configuration unless the test says otherwise: it
// keeps nothing, feeds a new replica at once, not after the usual 5 s, and
// pings replicas every second, not 10: a cluster does not name them before.
var defaults = []string{
	"bind " + host, "protected-mode no", "daemonize no", `save ""`, "appendonly no",
	"loglevel warning", "logfile " + logName, "repl-diskless-sync-delay 0", "repl-ping-replica-period 1",
}

// Server is a Redis server, or a sentinel, that runs as a child process.
type Server struct {
	binary, dir, password string
	args                  []string
	port, busPort         int // busPort is 0 outside of a cluster

	mu     sync.Mutex
	cmd    *exec.Cmd
	ended  chan struct{} // closed when cmd has ended
	paused bool
}

// Start starts a server and waits until it answers. Each of config is a line
// of its configuration, such as "appendonly yes"; a password given there is
// used here, and is in the URL.
func Start(tb testing.TB, config ...string) *Server {
	tb.Helper()
	return start(tb, nil, config)
}

func start(tb testing.TB, args, config []string) *Server {
	tb.Helper()
	s := &Server{binary: binary(tb, "redis-server"), dir: tb.TempDir(), args: append([]string{confName}, args...)}
	for _, line := range config {
		if password, ok := strings.CutPrefix(line, "requirepass "); ok {
			s.password = password
		}
	}
	tb.Cleanup(s.Kill) // before the directory is removed
	for try := 1; ; try++ {
		s.configure(tb, config)
		if err := s.run(); err != nil {
			tb.Fatal(err)
		}
		if s.wait(tb, s.answers) {
			return s
		}
		if try == startTries || !strings.Contains(s.Log(), "Address already in use") {
			tb.Fatalf("redis-server ended at once: %s", s.Log())
		}
		if err := os.Remove(filepath.Join(s.dir, logName)); err != nil {
			tb.Fatal(err)
		}
	}
}

// configure writes the configuration, with ports that are free. It is a file,
// as in earnest, since failovers are written into it.
func (s *Server) configure(tb testing.TB, config []string) {
	tb.Helper()
	s.port = freePort(tb)
	lines := append(slices.Clone(defaults), fmt.Sprint("port ", s.port))
	if slices.Contains(config, "cluster-enabled yes") {
		s.busPort = freePort(tb)
		lines = append(lines, fmt.Sprint("cluster-port ", s.busPort))
	}
	conf := strings.Join(append(lines, config...), "\n") + "\n"
	if err := os.WriteFile(filepath.Join(s.dir, confName), []byte(conf), 0o600); err != nil {
		tb.Fatal(err)
	}
}

// run starts the process.
func (s *Server) run() error {
	log, err := os.OpenFile(filepath.Join(s.dir, logName), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(s.binary, s.args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.dir, log, log // a bad configuration is said before there is a log
	tie(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go reap(cmd, ended)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cmd, s.ended, s.paused = cmd, ended, false
	return nil
}

func reap(cmd *exec.Cmd, ended chan<- struct{}) {
	_ = cmd.Wait()
	close(ended)
}

// wait waits for cond to have no more objection, and reports false if the
// process has ended instead.
func (s *Server) wait(tb testing.TB, cond func() error) bool {
	tb.Helper()
	running := true
	until(tb, "redis-server", func() error {
		if process, _ := s.running(); process == nil {
			running = false
			return nil
		}
		return cond()
	})
	return running
}

// answers says whether this very process answers, and has loaded its data.
func (s *Server) answers() error {
	if _, err := s.Try("PING"); err != nil {
		return err
	}
	info, err := s.Try("INFO", "server")
	process, _ := s.running()
	if err == nil && (process == nil || field(info, "process_id") != fmt.Sprint(process.Pid)) {
		err = errors.New("another server has the port")
	}
	return err
}

// field returns a field of what INFO answers; empty where it is not there.
func field(info any, name string) string {
	text, _ := info.(string)
	_, rest, _ := strings.Cut("\n"+text, "\n"+name+":")
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}

// running returns the process, nil where none runs, and what is closed when it
// has ended.
func (s *Server) running() (*os.Process, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return nil, nil
	}
	select {
	case <-s.ended:
		return nil, nil
	default:
		return s.cmd.Process, s.ended
	}
}

// alive reports whether the server can answer.
func (s *Server) alive() bool {
	process, _ := s.running()
	s.mu.Lock()
	defer s.mu.Unlock()
	return process != nil && !s.paused
}

// Addr returns host:port, the same after a restart.
func (s *Server) Addr() string { return net.JoinHostPort(host, fmt.Sprint(s.port)) }

// URL returns "redis://127.0.0.1:PORT", with the password if there is one.
func (s *Server) URL() string {
	u := url.URL{Scheme: "redis", Host: s.Addr()}
	if s.password != "" {
		u.User = url.UserPassword("", s.password)
	}
	return u.String()
}

// Dir returns the directory that the server keeps its data in.
func (s *Server) Dir() string { return s.dir }

// Log returns what the server has logged, all its runs.
func (s *Server) Log() string {
	data, err := os.ReadFile(filepath.Join(s.dir, logName))
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// Try runs one command, on a connection of its own, and returns a string, an
// int64, a []any or nil. What the server refuses is an Error.
func (s *Server) Try(args ...string) (any, error) {
	c, err := dial(s.Addr(), s.password)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return c.do(args...)
}

// Do is Try, where an error fails the test.
func (s *Server) Do(tb testing.TB, args ...string) any {
	tb.Helper()
	reply, err := s.Try(args...)
	if err != nil {
		tb.Fatalf("%q: %v", args, err)
	}
	return reply
}

// Keys returns the keys of database 0 in order.
func (s *Server) Keys(tb testing.TB) []string {
	tb.Helper()
	var keys []string
	for cursor := "0"; ; {
		reply := s.Do(tb, "SCAN", cursor, "COUNT", "1000").([]any)
		for _, key := range reply[1].([]any) {
			keys = append(keys, key.(string))
		}
		if cursor = reply[0].(string); cursor == "0" {
			slices.Sort(keys)
			return slices.Compact(keys) // a scan may name a key twice
		}
	}
}

// Kill ends the server as a crash does. It does nothing where none runs.
func (s *Server) Kill() {
	if process, ended := s.running(); process != nil {
		_ = process.Kill() // ends a paused one too, and lets it do nothing more
		<-ended
	}
}

// Stop ends the server as an operator does. It does nothing where none runs.
func (s *Server) Stop() {
	process, ended := s.running()
	if process == nil {
		return
	}
	s.Resume()
	_ = process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(stopTimeout):
		s.Kill()
	}
}

// Restart stops the server if it runs, starts it with the same port, data and
// configuration, and waits until it answers and has loaded the data.
func (s *Server) Restart(tb testing.TB) {
	tb.Helper()
	s.restart(tb, s.answers)
}

// RestartNow is Restart, but waits no longer than until the server can be
// connected to: it may say LOADING for a while.
func (s *Server) RestartNow(tb testing.TB) {
	tb.Helper()
	s.restart(tb, func() error {
		c, err := net.DialTimeout("tcp", s.Addr(), commandTimeout)
		if err == nil {
			c.Close()
		}
		return err
	})
}

func (s *Server) restart(tb testing.TB, cond func() error) {
	tb.Helper()
	s.Stop()
	if err := s.run(); err != nil {
		tb.Fatal(err)
	}
	if !s.wait(tb, cond) {
		tb.Fatalf("redis-server ended at once: %s", s.Log())
	}
}

// Pause stops the process where it is: connections stay, and get no answer.
func (s *Server) Pause() { s.pause(true, pauseSignal) }

// Resume lets a paused server go on.
func (s *Server) Resume() { s.pause(false, resumeSignal) }

func (s *Server) pause(paused bool, signal os.Signal) {
	process, _ := s.running()
	if process == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := process.Signal(signal); err == nil {
		s.paused = paused
	}
}
