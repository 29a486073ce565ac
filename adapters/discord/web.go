package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"dogear/adapters/webhook"
)

const (
	longestRequest = 1 << 20
	answerWithin   = 2900 * time.Millisecond // Discord gives up after firstWithin
)

// web takes interactions over HTTP. What Discord has not signed, or not just now,
// or not for the first time, is refused and nothing else happens.
type web struct {
	key  ed25519.PublicKey
	rest *rest
	log  *slog.Logger
	take func(*interaction)
	seen webhook.Signatures[[ed25519.SignatureSize]byte]
}

// newWeb makes what answers Discord's requests, which are signed for the
// application's public key, and hands the interactions to take, which must not
// block: time runs. An interaction's first response becomes the answer to its
// request; it may come while take runs or later.
func newWeb(r *rest, publicKey string, log *slog.Logger, take func(*interaction)) (http.Handler, error) {
	key, err := hex.DecodeString(publicKey)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, errors.New("discord.public_key: want the 64 hexadecimal digits that Discord shows")
	}
	return &web{key: key, rest: r, log: log, take: take}, nil
}

// ServeHTTP implements http.Handler.
func (w *web) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	late := time.NewTimer(answerWithin)
	defer late.Stop()
	if req.Method != http.MethodPost {
		rw.Header().Set("Allow", http.MethodPost)
		refuse(rw, http.StatusMethodNotAllowed)
		return
	}
	body, ok := w.admit(rw, req)
	if !ok {
		refuse(rw, http.StatusUnauthorized)
		return
	}
	in, err := decodeInteraction(body)
	if err != nil {
		w.log.ErrorContext(req.Context(), "an interaction can't be read", "cause", err)
		refuse(rw, http.StatusBadRequest)
		return
	}
	a := &awaited{rw: rw, done: make(chan struct{})}
	if in.Type == discordgo.InteractionPing {
		a.send(response{kind: discordgo.InteractionResponsePong})
		return
	}
	in.first = func(ctx context.Context, r response) error { return w.first(ctx, in, a, r) }
	guard(w.log, "interaction", func() { w.take(in) })
	select {
	case <-a.done:
	case <-req.Context().Done():
		a.giveUp(0)
	case <-late.C:
		// Discord takes this for "the answer comes another way"; none does.
		a.giveUp(http.StatusAccepted)
	}
}

// admit returns the body of a request that Discord has signed just now and that
// has not come before.
func (w *web) admit(rw http.ResponseWriter, req *http.Request) ([]byte, bool) {
	signature, err := hex.DecodeString(req.Header.Get("X-Signature-Ed25519"))
	if err != nil || len(signature) != ed25519.SignatureSize {
		return nil, false
	}
	stamp := req.Header.Get("X-Signature-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return nil, false
	}
	if off := time.Since(time.Unix(seconds, 0)); off.Abs() > webhook.StaleAfter {
		return nil, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(rw, req.Body, longestRequest))
	if err != nil || !ed25519.Verify(w.key, append([]byte(stamp), body...), signature) {
		return nil, false
	}
	return body, w.seen.Add([ed25519.SignatureSize]byte(signature))
}

// first answers a request. Files can't be part of that answer, so what has some
// follows it.
func (w *web) first(ctx context.Context, in *interaction, a *awaited, r response) error {
	m := r.message
	switch {
	case len(m.files) == 0:
		return a.send(r)
	case r.kind == discordgo.InteractionResponseUpdateMessage:
		r = response{kind: discordgo.InteractionResponseDeferredMessageUpdate}
	default:
		r = response{kind: discordgo.InteractionResponseDeferredChannelMessageWithSource, private: r.private}
	}
	if err := a.send(r); err != nil {
		return err
	}
	return w.rest.editReply(ctx, in, firstReply, m)
}

// refuse answers with a status and nothing else.
func refuse(rw http.ResponseWriter, status int) { http.Error(rw, http.StatusText(status), status) }

// awaited is a request that waits for its one answer.
type awaited struct {
	mu   sync.Mutex
	rw   http.ResponseWriter // nil: answered or given up
	done chan struct{}       // closed when it is answered
}

// send answers, or fails with errGone where nobody waits any more, and nothing
// arrives. An answer that failed otherwise may have arrived.
func (a *awaited) send(r response) error {
	w, _, err := r.wire()
	if err != nil {
		return fmt.Errorf("answer an interaction: %w", err)
	}
	data, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("answer an interaction: %T", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.rw == nil {
		return fmt.Errorf("answer an interaction: %w", errGone)
	}
	defer close(a.done)
	rw := a.rw
	a.rw = nil
	rw.Header().Set("Content-Type", "application/json")
	rw.Header().Set("Content-Length", strconv.Itoa(len(data)))
	_, err = rw.Write(data)
	if err == nil {
		err = http.NewResponseController(rw).Flush()
	}
	if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("answer an interaction: %w", err) // it may have arrived
	}
	return nil
}

// giveUp ends the waiting, with a status where it is not 0.
func (a *awaited) giveUp(status int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.rw != nil && status != 0 {
		a.rw.WriteHeader(status)
	}
	a.rw = nil
}

// guard keeps a panic from ending the process. What it says stays out of the
// log: it may quote what was sent.
func guard(log *slog.Logger, what string, do func()) {
	defer func() {
		if p := recover(); p != nil {
			log.Error("an event broke what took it", "what", what, "cause", fmt.Sprintf("panic: %T", p))
		}
	}()
	do()
}
