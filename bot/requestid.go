package bot

import (
	"context"
	"log/slog"
)

// requestID is the key under which a context holds the id of a request.
type requestID struct{}

// withRequestID gives a request an id that nobody can guess. A request that is
// made within another one keeps the other's, and is not the first.
func withRequestID(ctx context.Context) (_ context.Context, first bool) {
	if requestIDOf(ctx) != "" {
		return ctx, false
	}
	return context.WithValue(ctx, requestID{}, string(newTicket())[:8]), true
}

// requestIDOf returns the id of the request that a context belongs to; empty
// where it belongs to none.
func requestIDOf(ctx context.Context) string {
	id, _ := ctx.Value(requestID{}).(string)
	return id
}

// WithRequestIDs makes a log handler write which request a line is about, as
// "request", where the line was logged with the request's context. One that
// does so already is returned as it is.
func WithRequestIDs(h slog.Handler) slog.Handler {
	if _, ok := h.(identified); ok {
		return h
	}
	return identified{h}
}

// identified is a log handler that writes request ids.
type identified struct{ slog.Handler }

func (h identified) Handle(ctx context.Context, r slog.Record) error {
	if id := requestIDOf(ctx); id != "" {
		r = r.Clone()
		r.AddAttrs(slog.String("request", id))
	}
	return h.Handler.Handle(ctx, r)
}

func (h identified) WithAttrs(attrs []slog.Attr) slog.Handler {
	return identified{h.Handler.WithAttrs(attrs)}
}

func (h identified) WithGroup(name string) slog.Handler {
	return identified{h.Handler.WithGroup(name)}
}
