package discord

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
)

func TestTrying(t *testing.T) {
	follow := func(r *rest, ctx context.Context) error {
		_, err := r.follow(ctx, testInteraction, message{content: "x"}, true)
		return err
	}
	send := func(r *rest, ctx context.Context) error {
		_, err := r.send(ctx, "c", "", "n", message{content: "x"})
		return err
	}
	callback := func(r *rest, ctx context.Context) error {
		return r.callback(ctx, testInteraction, response{kind: discordgo.InteractionResponseDeferredChannelMessageWithSource})
	}
	edit := func(r *rest, ctx context.Context) error { return r.edit(ctx, "c", "m", message{content: "x"}) }
	editReply := func(r *rest, ctx context.Context) error {
		return r.editReply(ctx, testInteraction, firstReply, message{content: "x"})
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
			_, err := r.send(ctx, "c", "", "n", message{content: testWords})
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("send: %v", err)
			}
			secret(t, fmt.Sprint(err))
		})
		calls.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(100*time.Millisecond, cancel)
			err := r.editReply(ctx, testInteraction, firstReply, message{content: testWords})
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
	if _, err := r.send(t.Context(), "busy", "", "n", message{content: "x"}); err != nil {
		t.Fatal(err)
	}
	// One waits for the channel as long as it may, while others go on.
	ctx, cancel := context.WithCancel(t.Context())
	waits := make(chan error)
	go func() {
		_, err := r.send(ctx, "busy", "", "n", message{content: "x"})
		waits <- err
	}()
	if err := r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionResponsePong}); err != nil {
		t.Error(err)
	}
	if err := r.editReply(t.Context(), testInteraction, firstReply, message{content: "x"}); err != nil {
		t.Error(err)
	}
	other := "0"
	for n := 0; laneOf("send", other) == laneOf("send", "busy"); n++ {
		other = strconv.Itoa(n)
	}
	if _, err := r.send(t.Context(), other, "", "n", message{content: "x"}); err != nil {
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
	if _, err := r.send(t.Context(), "a", "", "n", message{content: "x"}); err == nil {
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
			r.editReply(t.Context(), in, firstReply, message{}),
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
