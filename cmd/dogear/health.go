package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/pprof"
	"time"

	"dogear/bot"
)

// health is the server of health and metrics, for whoever operates dogear. It
// is ready for as long as ctx lasts.
func (s *server) health(ctx context.Context) *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		problems := s.problems(r.Context())
		if ctx.Err() != nil {
			problems = append([]string{"dogear: it is stopping"}, problems...)
		}
		if len(problems) == 0 {
			fmt.Fprintln(w, "ok")
			return
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		for _, p := range problems {
			fmt.Fprintln(w, p)
		}
	})
	mux.Handle("GET /metrics", s.metrics)
	if s.Pprof {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	return &http.Server{
		Handler: mux, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn), MaxHeaderBytes: 1 << 14,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
	}
}

// problems says what dogear waits for, a line each, without an address: the
// causes are in the log, at level debug.
func (s *server) problems(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	var out []string
	if _, err := s.store.Look(ctx, bot.Visit{}); err != nil {
		s.log.Debug("not ready: the store does not answer", "cause", err)
		out = append(out, "store: it does not answer")
	}
	for _, p := range s.platforms {
		if err := p.Ready(); err != nil {
			s.log.Debug("not ready: a platform is not connected", "platform", p.Name(), "cause", err)
			out = append(out, p.Name()+": it is not connected")
		}
	}
	return out
}
