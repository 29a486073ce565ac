package slacktest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
)

// serveWith takes deliveries over HTTP, and answers with one status after the
// other, the last for all that come later.
func (b *bot) serveWith(statuses ...int) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		var o object
		switch form, err := url.ParseQuery(string(raw)); {
		case json.Unmarshal(raw, &o) == nil:
		case err == nil && form.Has("payload"):
			_ = json.Unmarshal([]byte(form.Get("payload")), &o)
		default:
			o = object{}
			for key := range form {
				o[key] = form.Get(key)
			}
		}
		o["header"], o["raw"] = r.Header, string(raw)
		b.note(told{object: o})
		b.mu.Lock()
		status := statuses[0]
		if len(statuses) > 1 {
			statuses = statuses[1:]
		}
		b.mu.Unlock()
		answer, ok := b.on(told{object: o})
		if !ok || status != http.StatusOK {
			w.WriteHeader(status)
			return
		}
		if answer != nil {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(answer)
		}
	}))
	b.t.Cleanup(server.Close)
	return server.URL
}
