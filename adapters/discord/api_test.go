package discord

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

const (
	testToken = "bot-token-canary"
	testWords = "words-canary" // what no error and no log may hold
	restLimit = 5 * time.Second
)

// api is an HTTP API that answers what a test says, and remembers what it was
// asked.
type api struct {
	*httptest.Server
	mu    sync.Mutex
	asked []asked
}

type asked struct {
	method, uri, contentType, auth string
	body                           string
}

// newAPI makes an API whose answers come from a function, which is told how many
// requests came before, and a client of it.
func newAPI(t *testing.T, answer func(n int, rw http.ResponseWriter, req *http.Request)) (*api, *rest, *locked) {
	t.Helper()
	leakless(t)
	a := &api{}
	a.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		a.mu.Lock()
		n := len(a.asked)
		a.asked = append(a.asked, asked{req.Method, req.RequestURI, req.Header.Get("Content-Type"), req.Header.Get("Authorization"), string(body)})
		a.mu.Unlock()
		answer(n, rw, req)
	}))
	t.Cleanup(a.Close)
	said := &locked{}
	r, err := newRest(testToken, a.URL, slogTo(said))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.close)
	return a, r, said
}

// leakless fails where goroutines are left when a test has ended.
func leakless(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, ignore) })
}

func (a *api) requests() []asked {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]asked(nil), a.asked...)
}

// locked is a log's text, which many may write.
type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// slogTo is a log of everything.
func slogTo(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// status answers with a status, a code of Discord's and words that must go
// nowhere.
func status(rw http.ResponseWriter, status, code int) {
	rw.Header().Set("Content-Type", "application/json")
	if status == http.StatusTooManyRequests {
		rw.Header().Set("Retry-After", "0.05")
	}
	rw.WriteHeader(status)
	fmt.Fprintf(rw, `{"code":%d,"message":%q,"retry_after":0.05}`, code, testWords)
}

var testInteraction = &interaction{ID: "1", Application: "2", Token: "interaction-token-canary"}

// secret fails where a text holds what must not be told.
func secret(t *testing.T, text string) {
	t.Helper()
	for _, s := range []string{testToken, testWords, testInteraction.Token} {
		if strings.Contains(text, s) {
			t.Errorf("%s is in: %s", s, text)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
