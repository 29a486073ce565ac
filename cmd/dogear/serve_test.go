package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"dogear/bot"
	"dogear/store"
)

// hall is a platform of the test's own. It finishes what it has taken in.
type hall struct {
	bot      *bot.Bot
	take     chan bot.Request
	taken    chan bool // tells that a request was taken in
	release  chan bool // once closed, requests that were taken in are answered
	apart    error     // why it is not connected
	breaks   chan error
	answered sync.WaitGroup
}

func newHall() *hall {
	return &hall{take: make(chan bot.Request), taken: make(chan bool), release: make(chan bool), breaks: make(chan error)}
}

func (h *hall) connect(_ config, b *bot.Bot, _ *slog.Logger) (platform, error) {
	h.bot = b
	return h, nil
}

func (h *hall) Name() string { return "hall" }
func (h *hall) Ready() error { return h.apart }

func (h *hall) Run(ctx context.Context) error {
	defer h.answered.Wait()
	for {
		select {
		case req := <-h.take:
			h.answered.Go(func() {
				<-h.release
				h.bot.Handle(context.WithoutCancel(ctx), req)
			})
			h.taken <- true
		case err := <-h.breaks:
			return err
		case <-ctx.Done():
			return nil
		}
	}
}

// lines is a log that can be read while it is written.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// running is a serve that runs until it is stopped.
type running struct {
	t    *testing.T
	url  string
	log  lines
	stop func()
	done chan error
}

var servedAt = regexp.MustCompile(`health and metrics are served" at=(\S+)`)

// serve starts the command on a store and a port of its own, with some more of
// a config file. The test leaks no goroutine of it.
func serve(t *testing.T, store, yaml string, connects ...connect) *running {
	t.Helper()
	ignore := goleak.IgnoreCurrent()
	if !strings.Contains(yaml, "redis:") {
		yaml += "redis:\n  timeout: 10s\n" // a machine that others use may stand still
	}
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte("serve:\n  listen: 127.0.0.1:0\n"+yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	r := &running{t: t, done: make(chan error, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	r.stop = cancel
	over := make(chan struct{})
	t.Cleanup(func() {
		cancel()
		// goleak waits for no more than half a second, and not for a reaper of a server
		// that was started again.
		<-over
		goleak.VerifyNone(t, ignore, goleak.IgnoreAnyFunction("dogear/store/redistest.reap"))
	})
	root := newRoot(connects...)
	root.SetArgs([]string{"--config", file, "--store", store, "serve"})
	root.SetOut(io.Discard)
	root.SetErr(&r.log)
	go func() {
		defer close(over)
		r.done <- root.ExecuteContext(ctx)
	}()
	for {
		select {
		case err := <-r.done:
			t.Fatalf("serve ended at once: %v\n%s", err, r.log.String())
		case <-time.After(5 * time.Millisecond):
		}
		if m := servedAt.FindStringSubmatch(r.log.String()); m != nil {
			r.url = "http://" + m[1]
			return r
		}
	}
}

// get returns what a path answers.
func (r *running) get(path string) (status int, body string) {
	r.t.Helper()
	status, body, err := get(r.url + path)
	if err != nil {
		r.t.Fatal(err)
	}
	return status, body
}

// get fetches a page, and keeps no connection.
func get(url string) (status int, body string, err error) {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	resp, err := client.Get(url)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(data), err
}

func (r *running) want(path string, status int, body string) {
	r.t.Helper()
	if s, b := r.get(path); s != status || b != body {
		r.t.Errorf("%s: %d %q, want %d %q", path, s, b, status, body)
	}
}

// TestServeFinishes shows that what was taken in before the signal is answered,
// and kept, and that serve says meanwhile that it is not ready.
func TestServeFinishes(t *testing.T) {
	spec := "file:" + filepath.Join(t.TempDir(), "dogear.db")
	h := newHall()
	r := serve(t, spec, "", h.connect)
	r.want("/healthz", 200, "ok\n")
	r.want("/readyz", 200, "ok\n")
	seat := bot.Seat{Club: "club", Reader: "ann", Channel: "c"}
	h.take <- bot.Request{Seat: seat, Command: "progress", Options: map[string]string{"place": "7", "book": "never-let-me-go"}}
	<-h.taken
	r.stop()
	r.want("/readyz", 503, "dogear: it is stopping\n")
	r.want("/healthz", 200, "ok\n")
	select {
	case err := <-r.done:
		t.Fatalf("it did not finish what it had taken in: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(h.release)
	if err := <-r.done; err != nil {
		t.Fatal(err)
	}
	if _, _, err := get(r.url + "/healthz"); err == nil {
		t.Error("something still answers")
	}
	s, err := store.Open(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	view, err := s.Look(t.Context(), bot.Visit{Seat: seat})
	if at := view.Reader.Bookmarks[bot.BookKey{Book: "never-let-me-go"}].At; err != nil || at != 7 {
		t.Errorf("the place is %d, %v; want 7", at, err)
	}
}

// TestServeStopsAnyway shows that a platform which never finishes holds serve
// up for no longer than it has patience.
func TestServeStopsAnyway(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	h := newHall()
	h.bot = bot.New(s, nil)
	ctx, cancel := context.WithCancel(t.Context())
	srv := server{log: slog.New(slog.DiscardHandler), bot: bot.New(s, nil), store: s, platforms: []platform{h}, patience: 10 * time.Millisecond}
	done := make(chan error, 1)
	go func() { done <- srv.run(ctx) }()
	h.take <- bot.Request{Seat: bot.Seat{Club: "club", Reader: "ann"}}
	<-h.taken
	cancel()
	if err := <-done; err == nil || !strings.Contains(err.Error(), "work unfinished") {
		t.Errorf("got %v", err)
	}
	close(h.release)
}

// TestServeFails shows that a platform which fails, or ends by itself, ends
// serve with an error that names it.
func TestServeFails(t *testing.T) {
	for cause, want := range map[error]string{errors.New("no such token"): "hall: no such token", nil: "hall: it ended by itself"} {
		h, other := newHall(), newHall()
		r := serve(t, "mem:", "", h.connect, other.connect)
		h.breaks <- cause
		if err := <-r.done; err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestServeNotReady shows what /readyz says of a platform and of a store, and
// that it names no cause.
func TestServeNotReady(t *testing.T) {
	h := newHall()
	h.apart = errors.New("wss://canary:secret@gateway")
	r := serve(t, "mem:", "log:\n  level: debug\n", h.connect)
	r.want("/readyz", 503, "hall: it is not connected\n")
	r.want("/healthz", 200, "ok\n")
	if !strings.Contains(r.log.String(), "not ready") {
		t.Error("the log does not say why")
	}
	r.stop()
	if err := <-r.done; err != nil {
		t.Error(err)
	}

	s, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	srv := server{log: slog.New(slog.DiscardHandler), bot: bot.New(s, nil), store: silent{s}}
	if got := srv.problems(t.Context()); len(got) != 1 || got[0] != "store: it does not answer" {
		t.Errorf("the problems are %q", got)
	}
}

// silent is a store that does not answer until its caller gives up.
type silent struct{ bot.Store }

func (silent) Look(ctx context.Context, _ bot.Visit) (bot.View, error) {
	<-ctx.Done()
	return bot.View{}, ctx.Err()
}

// TestServePortTaken shows what serve says of a port that another has.
func TestServePortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	t.Setenv("DOGEAR_SERVE_LISTEN", l.Addr().String())
	var errs bytes.Buffer
	if code := run(t.Context(), []string{"--store", "mem:", "serve"}, nil, io.Discard, &errs); code != failed {
		t.Errorf("exit code %d", code)
	}
	if said := errs.String(); !strings.Contains(said, "dogear: serve.listen: ") || !strings.Contains(said, "in use") {
		t.Errorf("it says: %s", said)
	}
}

// TestServeNothing shows that there is something to serve, or an error.
func TestServeNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte("serve:\n  listen: \"\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	none := func(config, *bot.Bot, *slog.Logger) (platform, error) { return nil, nil }
	root := newRoot(none)
	root.SetArgs([]string{"--config", file, "--store", "mem:", "serve"})
	if err := root.ExecuteContext(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing to serve") {
		t.Errorf("got %v", err)
	}
}

// TestServePprof shows that profiles are there for whoever asked for them.
func TestServePprof(t *testing.T) {
	for yaml, want := range map[string]int{"": 404, "  pprof: true\n": 200} {
		r := serve(t, "mem:", yaml)
		if status, _ := r.get("/debug/pprof/heap?debug=1"); status != want {
			t.Errorf("with %q: %d, want %d", yaml, status, want)
		}
		r.stop()
		if err := <-r.done; err != nil {
			t.Error(err)
		}
		if !strings.Contains(r.log.String(), "no platform is configured: only health and metrics are served") {
			t.Error("the log does not say that there is no platform")
		}
	}
}
