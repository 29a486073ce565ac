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
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"

	"dogear/adapters/webhook"
)

var webKey = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

const pressedBody = `{"id":"1","application_id":"2","type":3,"token":"interaction-token-canary"}`

// signed is a request as Discord sends it, at a time.
func signed(at time.Time, body string) *http.Request {
	req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	stamp := strconv.FormatInt(at.Unix(), 10)
	req.Header.Set("X-Signature-Timestamp", stamp)
	req.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(webKey, []byte(stamp+body))))
	return req
}

func testWeb(t *testing.T, r *rest, take func(*interaction)) http.Handler {
	t.Helper()
	h, err := newWeb(r, hex.EncodeToString(webKey.Public().(ed25519.PublicKey)), slog.New(slog.DiscardHandler), take)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// served is what a handler answers to a request.
func served(h http.Handler, req *http.Request) *httptest.ResponseRecorder {
	rw := httptest.NewRecorder()
	h.ServeHTTP(rw, req)
	return rw
}

func TestPublicKey(t *testing.T) {
	for _, bad := range []string{"", "00", strings.Repeat("0", 62), strings.Repeat("0", 66), strings.Repeat("x", 64)} {
		if _, err := newWeb(nil, bad, slog.New(slog.DiscardHandler), nil); err == nil || !strings.Contains(err.Error(), "discord.public_key") {
			t.Errorf("newWeb with key %q: %v", bad, err)
		}
	}
}

func TestPing(t *testing.T) {
	h := testWeb(t, nil, func(*interaction) { t.Error("a ping was taken for more") })
	rw := served(h, signed(time.Now(), `{"type":1}`))
	if rw.Code != 200 || rw.Header().Get("Content-Type") != "application/json" || rw.Body.String() != `{"type":1}` {
		t.Errorf("answered %d %s", rw.Code, rw.Body)
	}
}

func TestRefusals(t *testing.T) {
	ok := func() *http.Request { return signed(time.Now(), pressedBody) }
	with := func(name, value string) *http.Request {
		req := ok()
		req.Header.Set(name, value)
		return req
	}
	get := ok()
	get.Method = http.MethodGet
	tampered := ok()
	tampered.Body = io.NopCloser(strings.NewReader(strings.Replace(pressedBody, `"1"`, `"3"`, 1)))
	cut := ok()
	cut.Body = io.NopCloser(io.MultiReader(strings.NewReader(pressedBody), errReader{}))
	for name, tt := range map[string]struct {
		req  *http.Request
		want int
	}{
		"not a POST":          {get, 405},
		"tampered":            {tampered, 401},
		"another time":        {with("X-Signature-Timestamp", strconv.FormatInt(time.Now().Unix()+1, 10)), 401},
		"no time":             {with("X-Signature-Timestamp", ""), 401},
		"no number":           {with("X-Signature-Timestamp", "now"), 401},
		"the largest number":  {with("X-Signature-Timestamp", "9223372036854775807"), 401},
		"the smallest number": {with("X-Signature-Timestamp", "-9223372036854775808"), 401},
		"too large a number":  {with("X-Signature-Timestamp", "9223372036854775808"), 401},
		"no signature":        {with("X-Signature-Ed25519", ""), 401},
		"a short signature":   {with("X-Signature-Ed25519", "00"), 401},
		"a long signature":    {with("X-Signature-Ed25519", strings.Repeat("0", 130)), 401},
		"not hexadecimal":     {with("X-Signature-Ed25519", strings.Repeat("x", 128)), 401},
		"zeros":               {with("X-Signature-Ed25519", strings.Repeat("0", 128)), 401},
		"old":                 {signed(time.Now().Add(-webhook.StaleAfter-2*time.Second), pressedBody), 401},
		"of the future":       {signed(time.Now().Add(webhook.StaleAfter+2*time.Second), pressedBody), 401},
		"too long":            {signed(time.Now(), pressedBody+strings.Repeat(" ", longestRequest)), 401},
		"cut off":             {cut, 401},
		"no JSON":             {signed(time.Now(), testWords), 400},
	} {
		t.Run(name, func(t *testing.T) {
			h := testWeb(t, nil, func(*interaction) { t.Error("it was taken") })
			rw := served(h, tt.req)
			if rw.Code != tt.want {
				t.Errorf("answered %d, want %d", rw.Code, tt.want)
			}
			secret(t, rw.Body.String())
		})
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestReplays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		taken := 0
		h := testWeb(t, nil, func(in *interaction) {
			taken++
			if err := in.first(t.Context(), response{kind: discordgo.InteractionResponseDeferredMessageUpdate}); err != nil {
				t.Error(err)
			}
		})
		at := time.Now().Add(webhook.StaleAfter) // it stays fresh as long as one can
		for wait := time.Duration(0); wait <= 2*webhook.StaleAfter; wait += time.Minute {
			want := 401
			if wait == 0 {
				want = 200
			}
			req := signed(at, pressedBody)
			if wait%2 == 0 { // the same in other letters
				req.Header.Set("X-Signature-Ed25519", strings.ToUpper(req.Header.Get("X-Signature-Ed25519")))
			}
			if rw := served(h, req); rw.Code != want {
				t.Errorf("after %v: answered %d, want %d", wait, rw.Code, want)
			}
			served(h, signed(time.Now(), strings.Replace(pressedBody, `"1"`, strconv.Quote(wait.String()), 1)))
			time.Sleep(time.Minute)
		}
		if want := 1 + int(2*webhook.StaleAfter/time.Minute) + 1; taken != want {
			t.Errorf("%d were taken, want %d", taken, want)
		}
	})
}

func TestFirstResponseAnswers(t *testing.T) {
	leakless(t)
	for name, take := range map[string]func(first func()){
		"while it is taken": func(first func()) { first() },
		"later":             func(first func()) { go first() },
	} {
		t.Run(name, func(t *testing.T) {
			errs := make(chan error, 2)
			server := httptest.NewServer(testWeb(t, nil, func(in *interaction) {
				take(func() {
					r := response{kind: discordgo.InteractionResponseChannelMessageWithSource, private: true, message: message{content: "x"}}
					errs <- in.first(context.Background(), r)
					errs <- in.first(context.Background(), r)
				})
			}))
			defer server.Close()
			req := signed(time.Now(), pressedBody)
			req.RequestURI = ""
			req.URL, _ = req.URL.Parse(server.URL)
			resp, err := server.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			var got struct {
				Type int
				Data struct {
					Content string
					Flags   int
				}
			}
			if err := json.NewDecoder(resp.Body).Decode(&got); err != nil || resp.StatusCode != 200 || got.Type != 4 || got.Data.Content != "x" || got.Data.Flags != 68 {
				t.Errorf("answered %d %+v, %v", resp.StatusCode, got, err)
			}
			if err := <-errs; err != nil {
				t.Error(err)
			}
			if err := <-errs; !errors.Is(err, errGone) {
				t.Errorf("a second first response: %v", err)
			}
		})
	}
}

func TestNobodyWaits(t *testing.T) {
	r := response{kind: discordgo.InteractionResponseDeferredMessageUpdate}
	for name, tt := range map[string]struct {
		leave time.Duration
		want  int
	}{
		"it takes too long":  {time.Hour, 202},
		"Discord has left":   {time.Second, 200}, // of a recorder that nobody wrote to
		"it can't be thrown": {time.Hour, 202},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var in *interaction
				h := testWeb(t, nil, func(it *interaction) {
					in = it
					if tt.want == 202 && strings.Contains(name, "thrown") {
						panic(testWords)
					}
				})
				ctx, cancel := context.WithTimeout(t.Context(), tt.leave)
				defer cancel()
				began := time.Now()
				rw := served(h, signed(began, pressedBody).WithContext(ctx))
				if took := time.Since(began); took != min(tt.leave, answerWithin) {
					t.Errorf("it waited %v", took)
				}
				if rw.Code != tt.want || rw.Body.Len() > 0 {
					t.Errorf("answered %d %q", rw.Code, rw.Body)
				}
				if err := in.first(t.Context(), r); !errors.Is(err, errGone) {
					t.Errorf("a first response to nobody: %v", err)
				}
				if rw.Body.Len() > 0 {
					t.Errorf("it was written all the same: %s", rw.Body)
				}
			})
		})
	}
}

func TestFilesFollowTheAnswer(t *testing.T) {
	for kind, want := range map[discordgo.InteractionResponseType]string{
		discordgo.InteractionResponseChannelMessageWithSource: `{"type":5,"data":{"flags":64}}`,
		discordgo.InteractionResponseUpdateMessage:            `{"type":6}`,
	} {
		var h http.Handler
		rw := httptest.NewRecorder()
		a, r, _ := newAPI(t, func(_ int, w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"id":"9"}`) })
		h = testWeb(t, r, func(in *interaction) {
			err := in.first(t.Context(), response{kind: kind, private: true, message: message{files: []file{{"a.md", []byte("text")}}}})
			if err != nil {
				t.Error(err)
			}
		})
		h.ServeHTTP(rw, signed(time.Now(), pressedBody))
		if rw.Body.String() != want {
			t.Errorf("answered %s, want %s", rw.Body, want)
		}
		all := a.requests()
		if len(all) != 1 || all[0].method != http.MethodPatch || !strings.HasSuffix(all[0].uri, "/@original") || !strings.Contains(all[0].body, "text") {
			t.Errorf("then asked %+v", all)
		}
	}
}
