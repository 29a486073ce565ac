package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
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

func TestTrying(t *testing.T) {
	follow := func(r *rest, ctx context.Context) error {
		_, err := r.follow(ctx, testInteraction, message{content: "x"}, true)
		return err
	}
	send := func(r *rest, ctx context.Context) error {
		_, err := r.send(ctx, "c", "", message{content: "x"})
		return err
	}
	callback := func(r *rest, ctx context.Context) error {
		return r.callback(ctx, testInteraction, response{kind: discordgo.InteractionResponseDeferredChannelMessageWithSource})
	}
	edit := func(r *rest, ctx context.Context) error { return r.edit(ctx, "c", "m", message{content: "x"}) }
	editReply := func(r *rest, ctx context.Context) error {
		return r.editReply(ctx, testInteraction, message{content: "x"})
	}
	reply := func(r *rest, ctx context.Context) error {
		_, err := r.reply(ctx, testInteraction)
		return err
	}
	const hangUp = -1
	for _, tt := range []struct {
		name    string
		call    func(*rest, context.Context) error
		answers [][2]int // status and code; 200 ever after
		want    int      // requests
		fails   bool
		gone    bool
	}{
		{name: "a follow-up may have been made", call: follow, answers: [][2]int{{502, 0}}, want: 1, fails: true},
		{name: "a follow-up was cut off", call: follow, answers: [][2]int{{hangUp, 0}}, want: 1, fails: true},
		{name: "a follow-up was not made", call: follow, answers: [][2]int{{429, 0}}, want: 2},
		{name: "a follow-up before its reply", call: follow, answers: [][2]int{{404, unknownWebhook}}, want: 2},
		{name: "a post has a nonce", call: send, answers: [][2]int{{502, 0}, {hangUp, 0}}, want: 3},
		{name: "a post that is not allowed", call: send, answers: [][2]int{{403, 50013}}, want: 1, fails: true},
		{name: "a first response", call: callback, answers: [][2]int{{503, 0}, {429, 0}, {hangUp, 0}}, want: 4},
		{name: "a first response that took effect", call: callback, answers: [][2]int{{502, 0}, {400, alreadyAnswered}}, want: 2},
		{name: "a first response of another process", call: callback, answers: [][2]int{{400, alreadyAnswered}}, want: 1, fails: true, gone: true},
		{name: "too late", call: callback, answers: [][2]int{{404, unknownInteraction}}, want: 1, fails: true, gone: true},
		{name: "too late after a try", call: callback, answers: [][2]int{{500, 0}, {404, unknownInteraction}}, want: 2, fails: true, gone: true},
		{name: "an edit", call: edit, answers: [][2]int{{500, 0}, {429, 0}, {hangUp, 0}}, want: 4},
		{name: "an edit of what is gone", call: edit, answers: [][2]int{{404, unknownMessage}}, want: 1},
		{name: "an edit in a channel that is gone", call: edit, answers: [][2]int{{404, unknownChannel}}, want: 1},
		{name: "an edit that is not allowed", call: edit, answers: [][2]int{{403, 50001}}, want: 1, fails: true},
		{name: "a reply on its way", call: reply, answers: [][2]int{{404, unknownMessage}, {404, unknownWebhook}}, want: 3},
		{name: "an edit of a reply on its way", call: editReply, answers: [][2]int{{404, unknownMessage}, {502, 0}}, want: 3},
		{name: "an edit of a reply whose token is dead", call: editReply, answers: [][2]int{{401, deadToken}}, want: 1, fails: true, gone: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, r, said := newAPI(t, func(n int, rw http.ResponseWriter, _ *http.Request) {
				switch {
				case n >= len(tt.answers):
					fmt.Fprint(rw, `{"id":"9"}`)
				case tt.answers[n][0] == hangUp:
					panic(http.ErrAbortHandler)
				default:
					status(rw, tt.answers[n][0], tt.answers[n][1])
				}
			})
			err := tt.call(r, t.Context())
			if (err != nil) != tt.fails || errors.Is(err, errGone) != tt.gone {
				t.Errorf("the call returned %v", err)
			}
			all := a.requests()
			if len(all) != tt.want {
				t.Errorf("%d requests, want %d", len(all), tt.want)
			}
			for _, one := range all {
				if one.body != all[0].body || one.auth != "Bot "+testToken {
					t.Errorf("a request is not as the first: %+v", one)
				}
			}
			secret(t, fmt.Sprintf("%v %+v %s", err, err, said))
		})
	}
}

// secret fails where a text holds what must not be told.
func secret(t *testing.T, text string) {
	t.Helper()
	for _, s := range []string{testToken, testWords, testInteraction.Token} {
		if strings.Contains(text, s) {
			t.Errorf("%s is in: %s", s, text)
		}
	}
}

func TestTryAgainWhereNothingWasSent(t *testing.T) {
	a, r, said := newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, `{"id":"9"}`) })
	dial, n := r.transport.base.DialContext, 0
	r.transport.base.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if n++; n == 1 {
			return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
		}
		return dial(ctx, network, addr)
	}
	if id, err := r.follow(t.Context(), testInteraction, message{content: "x"}, false); id != "9" || err != nil {
		t.Errorf("follow = %q, %v", id, err)
	}
	if n != 2 || len(a.requests()) != 1 {
		t.Errorf("dialled %d times for %d requests", n, len(a.requests()))
	}
	secret(t, said.String())
}

func TestContextEndsCalls(t *testing.T) {
	hang := make(chan struct{})
	_, r, said := newAPI(t, func(_ int, _ http.ResponseWriter, req *http.Request) {
		select {
		case <-hang:
		case <-req.Context().Done():
		}
	})
	defer close(hang)
	var calls sync.WaitGroup
	began := time.Now()
	for range 3 { // of which two wait for their turn
		calls.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			_, err := r.send(ctx, "c", "", message{content: testWords})
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("send: %v", err)
			}
			secret(t, fmt.Sprint(err))
		})
		calls.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(100*time.Millisecond, cancel)
			err := r.editReply(ctx, testInteraction, message{content: testWords})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("edit a reply: %v", err)
			}
			secret(t, fmt.Sprint(err))
		})
	}
	calls.Wait()
	if took := time.Since(began); took > restLimit {
		t.Errorf("calls of 100 ms took %v", took)
	}
	secret(t, said.String())
}

func TestLimitHoldsUpItsChannelAlone(t *testing.T) {
	_, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, req *http.Request) {
		if strings.Contains(req.RequestURI, "/channels/") {
			rw.Header().Set("X-RateLimit-Remaining", "0")
			rw.Header().Set("X-RateLimit-Reset-After", "3600")
		}
		fmt.Fprint(rw, `{"id":"9"}`)
	})
	began := time.Now()
	if _, err := r.send(t.Context(), "busy", "", message{content: "x"}); err != nil {
		t.Fatal(err)
	}
	// One waits for the channel as long as it may, while others go on.
	ctx, cancel := context.WithCancel(t.Context())
	waits := make(chan error)
	go func() {
		_, err := r.send(ctx, "busy", "", message{content: "x"})
		waits <- err
	}()
	if err := r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionResponsePong}); err != nil {
		t.Error(err)
	}
	if err := r.editReply(t.Context(), testInteraction, message{content: "x"}); err != nil {
		t.Error(err)
	}
	other := "0"
	for n := 0; laneOf("send", other) == laneOf("send", "busy"); n++ {
		other = strconv.Itoa(n)
	}
	if _, err := r.send(t.Context(), other, "", message{content: "x"}); err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-waits; err == nil {
		t.Error("a channel's limit was not respected")
	}
	if took := time.Since(began); took > restLimit {
		t.Errorf("it took %v", took)
	}
}

func TestLimitOnAll(t *testing.T) {
	_, r, _ := newAPI(t, func(n int, rw http.ResponseWriter, _ *http.Request) {
		if n == 0 {
			rw.Header().Set("X-RateLimit-Global", "true")
			rw.Header().Set("Retry-After", "3600")
			rw.WriteHeader(http.StatusTooManyRequests)
			fmt.Fprint(rw, `<html>not JSON</html>`)
			return
		}
		fmt.Fprint(rw, `{"id":"9"}`)
	})
	if _, err := r.send(t.Context(), "a", "", message{content: "x"}); err == nil {
		t.Error("an hour's limit was waited for")
	}
	if _, err := r.channel(t.Context(), "b"); !errors.Is(err, errHeldUp) {
		t.Errorf("a limit on all was not respected: %v", err)
	}
	if err := r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionResponsePong}); err != nil {
		t.Errorf("an interaction waited for what does not bind it: %v", err)
	}
}

func TestBucketsAreBounded(t *testing.T) {
	_, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, `{"id":"9"}`) })
	for i := range 500 {
		in := &interaction{ID: strconv.Itoa(i), Application: "2", Token: strconv.Itoa(i)}
		if err := errors.Join(
			r.callback(t.Context(), in, response{kind: discordgo.InteractionResponsePong}),
			r.editReply(t.Context(), in, message{}),
			r.edit(t.Context(), strconv.Itoa(i), "1", message{}),
		); err != nil {
			t.Fatal(err)
		}
	}
	buckets := reflect.ValueOf(r.session.Ratelimiter).Elem().FieldByName("buckets").Len()
	if buckets > stripes || len(r.lanes) > stripes {
		t.Errorf("%d buckets, %d lanes after calls to 500 channels", buckets, len(r.lanes))
	}
}

func TestAddressOfTheAPI(t *testing.T) {
	for path, want := range map[string]string{
		"":        "/api/v" + discordgo.APIVersion + "/channels/a%2F..%2Fb",
		"/":       "/api/v" + discordgo.APIVersion + "/channels/a%2F..%2Fb",
		"/fake/":  "/fake/channels/a%2F..%2Fb",
		"/api/v8": "/api/v8/channels/a%2F..%2Fb",
	} {
		a, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(rw, `{"id":"9","type":11,"parent_id":"8"}`)
		})
		var err error
		if r.transport.api, err = r.transport.api.Parse(a.URL + path); err != nil {
			t.Fatal(err)
		}
		c, err := r.channel(t.Context(), "a/../b")
		if want := (channel{ID: "9", Type: discordgo.ChannelTypeGuildPublicThread, Parent: "8"}); c != want || err != nil {
			t.Errorf("channel = %+v, %v", c, err)
		}
		if got := a.requests()[0].uri; got != want {
			t.Errorf("%q: asked for %s, want %s", path, got, want)
		}
	}
	for _, bad := range []string{"discord.com", "ftp://discord.com", "://", "http://"} {
		if _, err := newRest("t", bad, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("newRest takes %q", bad)
		}
	}
}

func TestTokenThatIsNotAccepted(t *testing.T) {
	_, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { status(rw, 401, 0) })
	if _, _, err := r.application(t.Context()); err == nil || !strings.Contains(err.Error(), "discord.token") {
		t.Errorf("application: %v", err)
	}
}

func TestGuilds(t *testing.T) {
	pages := map[string]string{"0": `[{"id":"1"},{"id":"2"}]`, "2": `[{"id":"3"}]`, "3": `[]`}
	answer := func(rw http.ResponseWriter, req *http.Request) {
		fmt.Fprint(rw, pages[req.URL.Query().Get("after")])
	}
	_, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, req *http.Request) { answer(rw, req) })
	if all, err := r.guilds(t.Context()); !reflect.DeepEqual(all, []string{"1", "2", "3"}) || err != nil {
		t.Errorf("guilds = %v, %v", all, err)
	}
	answer = func(rw http.ResponseWriter, req *http.Request) { fmt.Fprint(rw, pages["0"]) }
	if all, err := r.guilds(t.Context()); all != nil || err == nil {
		t.Errorf("the same page again and again: %v, %v", all, err)
	}
	answer = func(rw http.ResponseWriter, req *http.Request) {
		if after := req.URL.Query().Get("after"); after != "0" {
			status(rw, 403, 0)
			return
		}
		fmt.Fprint(rw, pages["0"])
	}
	if all, err := r.guilds(t.Context()); all != nil || err == nil {
		t.Errorf("a page is missing: %v, %v", all, err)
	}
}

func TestIsMember(t *testing.T) {
	for _, tt := range []struct {
		status, code int
		is, fails    bool
	}{
		{200, 0, true, false}, {404, unknownMember, false, false}, {404, unknownUser, false, false},
		{404, unknownGuild, false, false}, {403, 50001, false, true},
	} {
		_, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { status(rw, tt.status, tt.code) })
		if is, err := r.isMember(t.Context(), "g", "u"); is != tt.is || (err != nil) != tt.fails {
			t.Errorf("%+v: isMember = %v, %v", tt, is, err)
		}
	}
}

func TestCommands(t *testing.T) {
	a, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, req *http.Request) {
		switch {
		case strings.HasSuffix(req.URL.Path, "/@me"):
			fmt.Fprint(rw, `{"id":"7","verify_key":"k"}`)
		default:
			fmt.Fprint(rw, `[{"id":"1","name":"ask","name_localizations":{"de":"frag"}}]`)
		}
	})
	all, err := r.commands(t.Context(), "")
	if err != nil || len(all) != 1 || (*all[0].NameLocalizations)[discordgo.German] != "frag" {
		t.Errorf("commands = %+v, %v", all, err)
	}
	if err := r.overwrite(t.Context(), "g", nil); err != nil {
		t.Error(err)
	}
	var uris []string
	for _, one := range a.requests() {
		uris = append(uris, one.method+" "+strings.TrimPrefix(one.uri, "/api/v"+discordgo.APIVersion))
	}
	if want := []string{"GET /applications/@me", "GET /applications/7/commands?with_localizations=true", "PUT /applications/7/guilds/g/commands"}; !reflect.DeepEqual(uris, want) {
		t.Errorf("asked for %q", uris)
	}
	if got := a.requests()[2].body; got != "[]" {
		t.Errorf("no commands are %s", got)
	}
}

func TestWhereTheGatewayIs(t *testing.T) {
	bot := true
	_, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, req *http.Request) {
		switch {
		case !strings.HasSuffix(req.URL.Path, "/bot"):
			fmt.Fprint(rw, `{"url":"ws://plain"}`)
		case bot:
			fmt.Fprint(rw, `{"url":"ws://bot","shards":3,"session_start_limit":{"total":1000,"remaining":0,"reset_after":5,"max_concurrency":2}}`)
		default:
			status(rw, 404, 0)
		}
	})
	g, err := r.gateway(t.Context())
	if err != nil || g.URL != "ws://bot" || g.Shards != 3 || g.SessionStartLimit.Remaining != 0 || g.SessionStartLimit.MaxConcurrency != 2 {
		t.Errorf("gateway = %+v, %v", g, err)
	}
	bot = false
	g, err = r.gateway(t.Context())
	if err != nil || g.URL != "ws://plain" || g.Shards != 1 || g.SessionStartLimit.Remaining != usualStarts || g.SessionStartLimit.MaxConcurrency != 1 {
		t.Errorf("without /gateway/bot: %+v, %v", g, err)
	}
}

func TestDownload(t *testing.T) {
	a, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, req *http.Request) {
		switch req.URL.Path {
		case "/elsewhere":
			http.Redirect(rw, req, "/file", http.StatusFound)
		case "/file":
			fmt.Fprint(rw, "12345")
		}
	})
	if data, err := r.download(t.Context(), a.URL+"/file?signed", 5); string(data) != "12345" || err != nil {
		t.Errorf("download = %q, %v", data, err)
	}
	if got := a.requests()[0].auth; got != "" {
		t.Errorf("the token went along: %s", got)
	}
	if data, err := r.download(t.Context(), a.URL+"/file", 4); data != nil || !errors.Is(err, errTooLong) {
		t.Errorf("a long file: %q, %v", data, err)
	}
	if data, err := r.download(t.Context(), a.URL+"/elsewhere", 5); data != nil || err == nil {
		t.Errorf("a redirect: %q, %v", data, err)
	}
	if n := len(a.requests()); n != 3 {
		t.Errorf("%d requests", n)
	}
	r.transport.api = nil
	for _, bad := range []string{
		a.URL + "/file", "http://cdn.discordapp.com/a", "https://cdn.discordapp.com.evil.test/a", "https://evil.test/cdn.discordapp.com",
		"https://cdn.discordapp.com:444/a", "https://cdn.discordapp.com@evil.test/a", "https://u@cdn.discordapp.com/a", "file:///etc/passwd", "",
	} {
		if _, err := r.download(t.Context(), bad, 5); err == nil || !strings.Contains(err.Error(), "not where Discord keeps files") {
			t.Errorf("download %q: %v", bad, err)
		}
	}
}

func TestWire(t *testing.T) {
	_, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, `{"id":"9"}`) })
	row := discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.Button{Label: "b", CustomID: "c"}}}
	for _, tt := range []struct {
		name string
		send func(*rest) error
		want string // JSON; nonce is cut out
	}{
		{"nothing to choose", func(r *rest) error {
			return r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionApplicationCommandAutocompleteResult})
		}, `{"type":8,"data":{"choices":[]}}`},
		{"choices", func(r *rest) error {
			return r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionApplicationCommandAutocompleteResult, choices: []choice{{"n", "v"}}})
		}, `{"type":8,"data":{"choices":[{"name":"n","value":"v"}]}}`},
		{"a private message", func(r *rest) error {
			return r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionResponseChannelMessageWithSource, private: true, message: message{content: "x"}})
		}, `{"type":4,"data":{"content":"x","components":[],"allowed_mentions":{"parse":[],"replied_user":false},"flags":68}}`},
		{"a private deferral", func(r *rest) error {
			return r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionResponseDeferredChannelMessageWithSource, private: true, message: message{content: "x"}})
		}, `{"type":5,"data":{"flags":64}}`},
		{"a deferred update", func(r *rest) error {
			return r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionResponseDeferredMessageUpdate, private: true})
		}, `{"type":6}`},
		{"an update", func(r *rest) error {
			return r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionResponseUpdateMessage, private: true, message: message{content: "x"}})
		}, `{"type":7,"data":{"content":"x","components":[],"allowed_mentions":{"parse":[],"replied_user":false},"flags":4,"attachments":[]}}`},
		{"a modal", func(r *rest) error {
			return r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionResponseModal, modal: &modal{"c", "t", []field{{"f", "l", "p", "v", true, false}}}})
		}, `{"type":9,"data":{"custom_id":"c","title":"t","components":[{"type":18,"label":"l","component":{"type":4,"custom_id":"f","style":2,"placeholder":"p","value":"v","required":false,"max_length":4000}}]}}`},
		{"a follow-up", func(r *rest) error {
			_, err := r.follow(t.Context(), testInteraction, message{content: "x", components: []discordgo.MessageComponent{row}}, true)
			return err
		}, `{"content":"x","components":[{"type":1,"components":[{"type":2,"label":"b","style":1,"disabled":false,"custom_id":"c"}]}],"allowed_mentions":{"parse":[],"replied_user":false},"flags":68}`},
		{"an edit", func(r *rest) error { return r.edit(t.Context(), "c", "m", message{}) },
			`{"content":"","components":[],"allowed_mentions":{"parse":[],"replied_user":false},"flags":4,"attachments":[]}`},
		{"a reply in a channel", func(r *rest) error {
			_, err := r.send(t.Context(), "c", "m", message{content: "x"})
			return err
		}, `{"content":"x","components":[],"allowed_mentions":{"parse":[],"replied_user":false},"flags":4,"message_reference":{"message_id":"m","fail_if_not_exists":false},"enforce_nonce":true}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, `{"id":"9"}`) })
			if err := tt.send(r); err != nil {
				t.Fatal(err)
			}
			var got, want any
			if err := errors.Join(json.Unmarshal([]byte(a.requests()[0].body), &got), json.Unmarshal([]byte(tt.want), &want)); err != nil {
				t.Fatal(err)
			}
			if m, ok := got.(map[string]any); ok {
				if nonce, ok := m["nonce"].(string); ok && (len(nonce) == 0 || len(nonce) > 25) {
					t.Errorf("nonce %q", nonce)
				}
				delete(m, "nonce")
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("sent %s", a.requests()[0].body)
			}
		})
	}
	long := &modal{fields: []field{{value: strings.Repeat("😀", longestValue/2) + "x"}}}
	if err := r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionResponseModal, modal: long}); err == nil {
		t.Error("a value that Discord would refuse was sent")
	}
}

func TestFiles(t *testing.T) {
	got := map[string]string{}
	_, r, _ := newAPI(t, func(int, http.ResponseWriter, *http.Request) {})
	r.session.Client.Transport = roundTrip(func(req *http.Request) (*http.Response, error) {
		if err := req.ParseMultipartForm(1 << 20); err != nil {
			return nil, err
		}
		got["json"] = req.FormValue("payload_json")
		for name, files := range req.MultipartForm.File {
			f, err := files[0].Open()
			if err != nil {
				return nil, err
			}
			data, _ := io.ReadAll(f)
			f.Close()
			got[name+" "+files[0].Filename] = string(data)
		}
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"id":"9"}`))}, nil
	})
	if err := r.editReply(t.Context(), testInteraction, message{content: "x", files: []file{{"a.md", []byte("text")}}}); err != nil {
		t.Fatal(err)
	}
	if got["files[0] a.md"] != "text" || !strings.Contains(got["json"], `"attachments":[{"id":0,"filename":"a.md"}]`) {
		t.Errorf("sent %q", got)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
