package main

import (
	"strings"
	"testing"
	"time"

	"dogear/store/redistest"
)

const notReady = "store: it does not answer\n"

// becomes waits until /readyz says that serve is ready, or is not.
func (r *running) becomes(status int, body string) {
	r.t.Helper()
	var s int
	var b string
	defer func() {
		if r.t.Failed() {
			r.t.Logf("/readyz says %d %q: %s", s, b, r.log.String())
		}
	}()
	soon(r.t, "/readyz", func() bool {
		s, b = r.get("/readyz")
		return s == status && b == body
	})
}

// TestServeWithoutRedis starts serve while Redis is down: it runs, answers with
// the neutral line, says that it is not ready, and answers right as soon as Redis
// is there.
func TestServeWithoutRedis(t *testing.T) {
	server := redistest.Start(t, "appendonly yes", "appendfsync always")
	importWren(t, server.URL(), "--club", town)
	server.Kill()
	s := newSquare()
	r := serve(t, server.URL(), "", s.connect)
	r.want("/healthz", 200, "ok\n")
	r.want("/readyz", 503, notReady)
	for _, line := range []string{"did people like the prose?", "progress 7"} {
		if said := s.ask(t, "ann", line); !strings.HasPrefix(said, neutral) {
			t.Errorf("%s: %s", line, said)
		}
	}
	server.Restart(t)
	r.becomes(200, "ok\n")
	if said := s.ask(t, "ann", "progress 7"); !strings.HasPrefix(said, "Saved. Your place in Never Let Me Go: chapter 7 ") {
		t.Errorf("it is told a place: %s", said)
	}
	if said := s.ask(t, "ann", "did people like the prose?"); !strings.Contains(said, canary) {
		t.Errorf("it answers: %s", said)
	}
	// What others change is heard of again, too.
	reportCanary(t, server.URL())
	if said := s.ask(t, "ann", "did people like the prose?"); strings.Contains(said, canary) {
		t.Errorf("it answers: %s", said)
	}
}

// TestServeLosesRedis has Redis hang and then die under three serves: they stay
// healthy, say what they must and soon, and recover by themselves.
func TestServeLosesRedis(t *testing.T) {
	server := redistest.Start(t, "appendonly yes", "appendfsync always")
	importWren(t, server.URL(), "--club", town)
	squares := []*square{newSquare(), newSquare(), newSquare()}
	var serves []*running
	for _, s := range squares {
		serves = append(serves, serve(t, server.URL(), "redis:\n  timeout: 1s\n", s.connect))
	}
	well := func(place string) {
		t.Helper()
		for i, s := range squares {
			serves[i].becomes(200, "ok\n")
			reader := string(rune('a' + i))
			if said := s.ask(t, reader, "progress "+place); !strings.HasPrefix(said, "Saved. Your place in Never Let Me Go: chapter "+place) {
				t.Errorf("it is told a place: %s", said)
			}
			if said := s.ask(t, reader, "did people like the prose?"); !strings.Contains(said, canary) || strings.Contains(said, blindly) {
				t.Errorf("it answers: %s", said)
			}
		}
	}
	ill := func() {
		t.Helper()
		for i, s := range squares {
			reader := string(rune('a' + i))
			for line, want := range map[string]string{
				"did people like the prose?": blindly, "progress": blindly, "progress 9": notSaved, "spoilers show": notSaved,
			} {
				start := time.Now()
				if said := s.ask(t, reader, line); !strings.Contains(said, want) {
					t.Errorf("%s: %s", line, said)
				}
				if took := time.Since(start); took > 20*time.Second {
					t.Errorf("%s: it took %v", line, took)
				}
			}
			serves[i].want("/healthz", 200, "ok\n")
			serves[i].want("/readyz", 503, notReady)
		}
	}
	well("7")
	server.Pause()
	ill()
	server.Resume()
	well("8")
	server.Kill()
	ill()
	server.Restart(t)
	well("10")
	for _, reader := range []string{"a", "b", "c"} {
		if said := squares[0].ask(t, reader, "progress"); !strings.Contains(said, "chapter 10 of") {
			t.Errorf("%s is elsewhere: %s", reader, said)
		}
	}
}
