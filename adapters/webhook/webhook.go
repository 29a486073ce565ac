// Package webhook is what every platform needs that sends signed requests: a
// server that ends when it is told to, and a memory for what was signed.
package webhook

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// StaleAfter is how far the time of a signed request may be off, either way.
const StaleAfter = 5 * time.Minute

// farewell is how long requests that are being answered may take once the server
// is to end.
const farewell = 5 * time.Second

// Serve answers requests until ctx ends, and then those that had come. An error
// says that it could not go on.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler: h, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn), MaxHeaderBytes: 1 << 14,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
	}
	broke := make(chan error, 1)
	go func() { broke <- server.Serve(l) }()
	select {
	case err := <-broke:
		return fmt.Errorf("take requests over HTTP: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if server.Shutdown(stop) != nil {
		server.Close()
	}
	<-broke
	return nil
}

// mostSeen is how many signatures Signatures remembers, at most twice.
const mostSeen = 1 << 17

// Signatures remembers what was signed, for at least as long as that is fresh. S
// is a signature. The zero value remembers nothing; it is safe for concurrent use.
type Signatures[S comparable] struct {
	mu       sync.Mutex
	now, old map[S]struct{}
	since    time.Time // now began
}

// Add remembers a signature, and returns false where it was there. Where there are
// too many the oldest go early: only the platform can make them.
func (s *Signatures[S]) Add(one S) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == nil || len(s.now) >= mostSeen || time.Since(s.since) > 2*StaleAfter {
		s.now, s.old, s.since = map[S]struct{}{}, s.now, time.Now()
	}
	for _, seen := range []map[S]struct{}{s.now, s.old} {
		if _, ok := seen[one]; ok {
			return false
		}
	}
	s.now[one] = struct{}{}
	return true
}
