package slack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"dogear/adapters/webhook"
)

const (
	longestRequest = 1 << 20
	answerWithin   = 2900 * time.Millisecond // Slack gives up after 3 s
)

// signature is what Slack has signed a request with.
type signature [sha256.Size]byte

// web takes deliveries over HTTP.
type web struct {
	secret string // empty: everything is refused
	log    *slog.Logger
	take   func(delivery) bool
	seen   webhook.Signatures[signature]
}

// newWeb makes what takes Slack's requests, which are signed with the app's
// signing secret, and hands them to take as newSocket does. What is not signed,
// or not just now, or came before to the byte, is answered with 401, and nothing
// else happens; but who types the same into a menu twice within a second is heard
// twice.
func newWeb(secret string, log *slog.Logger, take func(delivery) bool) http.Handler {
	return &web{secret: secret, log: log, take: take}
}

// ServeHTTP implements http.Handler. A delivery's acknowledgement becomes the
// answer to its request; it may come while take runs or later.
func (w *web) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	late := time.NewTimer(answerWithin)
	defer late.Stop()
	if req.Method != http.MethodPost {
		rw.Header().Set("Allow", http.MethodPost)
		refuse(rw, http.StatusMethodNotAllowed)
		return
	}
	body, fresh, ok := w.admit(rw, req)
	if !ok {
		refuse(rw, http.StatusUnauthorized)
		return
	}
	in, challenge, err := openBody(req.Header.Get("Content-Type"), body)
	if !fresh && !(err == nil && in.suggests() && justSigned(req.Header)) {
		refuse(rw, http.StatusUnauthorized)
		return
	}
	if err != nil {
		w.log.ErrorContext(req.Context(), "a request of Slack's can't be read", "cause", err)
		refuse(rw, http.StatusBadRequest)
		return
	}
	if in.kind == "" { // Slack tries the address
		rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(rw, challenge)
		return
	}
	a := &awaited{rw: rw, done: make(chan struct{})}
	in.ack = a.answer
	taken := false
	guard(w.log, string(in.kind), func() { taken = w.take(in) })
	if !taken {
		a.giveUp(http.StatusServiceUnavailable)
	}
	select {
	case <-a.done:
	case <-req.Context().Done():
		a.giveUp(0)
	case <-late.C:
		a.giveUp(http.StatusServiceUnavailable)
	}
}

// admit returns the body of a request that Slack has signed just now, and whether
// it has not come before.
func (w *web) admit(rw http.ResponseWriter, req *http.Request) (body []byte, fresh, ok bool) {
	verifier, err := slack.NewSecretsVerifier(req.Header, w.secret)
	if err != nil {
		return nil, false, false
	}
	body, err = io.ReadAll(http.MaxBytesReader(rw, req.Body, longestRequest))
	if err != nil {
		return nil, false, false
	}
	verifier.Write(body)
	if verifier.Ensure() != nil {
		return nil, false, false
	}
	sum, err := hex.DecodeString(strings.TrimPrefix(req.Header.Get("X-Slack-Signature"), "v0="))
	return body, err == nil && w.seen.Add(signature(sum)), err == nil
}

// suggests reports whether a delivery asks what a menu has to offer, which names
// nothing that tells one from the next, and changes nothing.
func (d delivery) suggests() bool {
	var in struct{ Type string }
	return d.kind == interactions && json.Unmarshal(d.payload, &in) == nil && in.Type == "block_suggestion"
}

// justSigned reports whether a request was signed so short a time ago that it may
// be another one, of the same second.
func justSigned(h http.Header) bool {
	at, err := strconv.ParseInt(h.Get("X-Slack-Request-Timestamp"), 10, 64)
	return err == nil && time.Since(time.Unix(at, 0)).Abs() < 3*time.Second
}

// openBody returns the delivery that a body holds. The zero delivery stands for
// Slack's trying the address, which the challenge is the answer to. The header
// that names the body's type is not signed, so it has to agree with what is
// there: words of a reader's in an event could pass for a form.
func openBody(contentType string, body []byte) (d delivery, challenge string, err error) {
	kind, _, _ := mime.ParseMediaType(contentType)
	switch {
	case kind == "application/json":
		return openObject(body)
	case kind == "application/x-www-form-urlencoded" && !bytes.HasPrefix(body, []byte("{")):
		d, err = openForm(body)
		return d, "", err
	}
	return delivery{}, "", errors.New("neither an object nor a form")
}

func openObject(body []byte) (d delivery, challenge string, err error) {
	var e struct{ Type, Challenge string }
	if err := json.Unmarshal(body, &e); err != nil {
		return delivery{}, "", fmt.Errorf("an event: %T", err)
	}
	switch e.Type {
	case "url_verification":
		return delivery{}, e.Challenge, nil
	case "event_callback", "app_rate_limited":
		return delivery{kind: events, payload: body}, "", nil
	}
	return delivery{}, "", errors.New("an object of an unknown type")
}

func openForm(body []byte) (delivery, error) {
	form, err := url.ParseQuery(string(body))
	switch {
	case err != nil:
		return delivery{}, fmt.Errorf("a form: %T", err)
	case form.Has("payload"):
		payload := json.RawMessage(form.Get("payload"))
		if !json.Valid(payload) {
			return delivery{}, errors.New("an interaction without JSON")
		}
		return delivery{kind: interactions, payload: payload}, nil
	case form.Has("command"):
		fields := map[string]string{}
		for name := range form {
			fields[name] = form.Get(name)
		}
		payload, err := json.Marshal(fields)
		return delivery{kind: commands, payload: payload}, err
	case form.Get("ssl_check") == "1":
		return delivery{}, nil
	}
	return delivery{}, errors.New("an unknown form")
}

// refuse answers with a status and nothing else.
func refuse(rw http.ResponseWriter, status int) { http.Error(rw, http.StatusText(status), status) }

// awaited is a request that waits for its one answer.
type awaited struct {
	mu   sync.Mutex
	rw   http.ResponseWriter // nil: answered or given up
	done chan struct{}       // closed then
}

// answer acknowledges a delivery, or fails with errGone where nobody waits any
// more, and nothing arrives.
func (a *awaited) answer(ctx context.Context, answer any) error {
	var data []byte
	if answer != nil {
		var err error
		if data, err = json.Marshal(answer); err != nil {
			return fmt.Errorf("acknowledge a delivery: %T", err) // it may quote the answer
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("acknowledge a delivery: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.rw == nil {
		return fmt.Errorf("acknowledge a delivery: %w", errGone)
	}
	defer close(a.done)
	rw := a.rw
	a.rw = nil
	if data != nil {
		rw.Header().Set("Content-Type", "application/json")
	}
	rw.Header().Set("Content-Length", strconv.Itoa(len(data)))
	rw.WriteHeader(http.StatusOK)
	_, err := rw.Write(data)
	if err == nil {
		err = http.NewResponseController(rw).Flush()
	}
	if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("acknowledge a delivery: %w", err) // it may have arrived
	}
	return nil
}

// giveUp ends the waiting, with a status where it is not 0.
func (a *awaited) giveUp(status int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.rw == nil {
		return
	}
	if status != 0 {
		a.rw.WriteHeader(status)
	}
	a.rw = nil
	close(a.done)
}
