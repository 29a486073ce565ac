package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTriesAgain(t *testing.T) {
	type answers []func(http.ResponseWriter)
	for _, tt := range []struct {
		name    string
		calls   string
		answers answers // yes ever after
		want    int     // calls that came
		is      []error // nil: it succeeds
		fails   bool
	}{
		{"too many, twice", "post whisper respond open update", answers{busy, busy}, 3, nil, false},
		{"too many, as a code", "post", answers{no("ratelimited"), no("rate_limited")}, 3, nil, false},
		{"a post that may have arrived", "post whisper respond open push", answers{say(502, "<html>")}, 1, []error{errUnsure}, true},
		{"a post that was cut off", "post whisper respond open push", answers{hangUp}, 1, []error{errUnsure}, true},
		{"a post that failed half way", "post whisper open push", answers{no("internal_error")}, 1, []error{errUnsure}, true},
		{"a post that is answered with something else", "post whisper open push", answers{say(200, "<html>hello")}, 1, []error{errUnsure}, true},
		{"a post that is answered with nothing", "post whisper open push", answers{say(200, "{}")}, 1, []error{errUnsure}, true},
		{"a no without a reason", "post whisper open push", answers{say(200, `{"ok":false}`)}, 1, nil, true},
		{"what does no harm twice", "update delete change publish", answers{say(503, ""), hangUp, no("fatal_error")}, 4, nil, false},
		{"what does no harm, at last", "update delete", answers{hangUp, hangUp, hangUp, hangUp}, 4, []error{errUnsure}, true},
		{"a no", "update post open publish", answers{no("invalid_blocks")}, 1, nil, true},
		{"a message that is gone", "update delete", answers{no("message_not_found")}, 1, nil, false},
		{"a delete that took effect at first", "delete", answers{say(500, ""), no("message_not_found")}, 2, nil, false},
		{"a message that can't be changed", "update", answers{no("cant_update_message")}, 1, nil, true},
		{"a channel that is gone", "update delete post whisper", answers{no("channel_not_found")}, 1, []error{errNoRoom}, true},
		{"not in the channel", "post whisper", answers{no("not_in_channel")}, 1, []error{errNoRoom}, true},
		{"the user is not in the channel", "whisper", answers{no("user_not_in_channel")}, 1, []error{errNoRoom}, true},
		{"an archived channel", "post", answers{no("is_archived")}, 1, []error{errNoRoom}, true},
		{"a channel that is closed", "post", answers{no("restricted_action_read_only_channel")}, 1, []error{errNoRoom}, true},
		{"a trigger that expired", "open push", answers{no("expired_trigger_id")}, 1, []error{errLate}, true},
		{"a trigger that was used", "open push", answers{no("exchanged_trigger_id")}, 1, []error{errLate}, true},
		{"no trigger at all", "open push", answers{no("invalid_trigger_id")}, 1, []error{errLate}, true},
		{"a modal that was closed", "change", answers{no("not_found")}, 1, []error{errGone}, true},
		{"a response_url that expired", "respond", answers{say(404, `{"ok":false,"error":"expired_url"}`)}, 1, []error{errGone}, true},
		{"a response_url that was used up", "respond", answers{say(404, "used_url")}, 1, []error{errGone}, true},
		{"a response_url that is not there", "respond", answers{say(410, "<html>")}, 1, []error{errGone}, true},
		{"a response_url that says no with a 200", "respond", answers{no("expired_url")}, 1, []error{errGone}, true},
		{"a response_url that says ok", "respond", answers{say(200, "ok")}, 1, nil, false},
		{"an address that is elsewhere", "post respond", answers{func(rw http.ResponseWriter) {
			rw.Header().Set("Location", "/api/chat.postMessage")
			rw.WriteHeader(http.StatusTemporaryRedirect)
		}}, 1, nil, true},
	} {
		for name := range strings.FieldsSeq(tt.calls) {
			t.Run(name+": "+tt.name, func(t *testing.T) {
				t.Parallel()
				d, a := newDesk(t, func(n int, rw http.ResponseWriter, _ *http.Request) {
					if n < len(tt.answers) {
						tt.answers[n](rw)
						return
					}
					fmt.Fprint(rw, yes)
				})
				a.limits.trigger = time.Minute
				err := callsOf[name](t.Context(), a, d.URL)
				if (err != nil) != tt.fails {
					t.Errorf("it returned %v", err)
				}
				for _, target := range []error{errLate, errGone, errNoRoom, errUnsure} {
					want := false
					for _, is := range tt.is {
						want = want || is == target
					}
					if errors.Is(err, target) != want {
						t.Errorf("%v: is it %q? want %t", err, target, want)
					}
				}
				if n := len(d.calls()); n != tt.want {
					t.Errorf("%d calls came, want %d", n, tt.want)
				}
				noCanary(t, fmt.Sprintf("%v %+v", err, err))
			})
		}
	}
}

func TestWaitsNoLongerThanItMay(t *testing.T) {
	late := func(seconds string) func(int, http.ResponseWriter, *http.Request) {
		return func(_ int, rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Retry-After", seconds)
			rw.WriteHeader(http.StatusTooManyRequests)
		}
	}
	for _, tt := range []struct {
		name, after string
		may         time.Duration
	}{
		{"post", "31", time.Hour}, {"open", "22", time.Hour}, {"push", "22", time.Hour},
		{"post", "28", 25 * time.Second}, {"member", "22", time.Hour}, {"update", "99999999999", time.Minute}, {"update", "-5", time.Second},
	} {
		t.Run(tt.name+" "+tt.after, func(t *testing.T) {
			d, a := newDesk(t, late(tt.after))
			ctx, end := context.WithTimeout(t.Context(), tt.may)
			defer end()
			began := time.Now()
			err := callsOf[tt.name](ctx, a, d.URL)
			if err == nil || errors.Is(err, errUnsure) || !strings.Contains(err.Error(), "429") {
				t.Errorf("it returned %v", err)
			}
			if n := len(d.calls()); n != 1 {
				t.Errorf("%d calls came", n)
			}
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("it waited for %v", took)
			}
		})
	}
}

// What is waited for is added up, over however many tries.
func TestWaitsAreBoundedTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &api{limits: usual, log: quietLog}
		began, tries := time.Now(), 0
		_, err := a.do(t.Context(), call{what: "try", ask: func(ctx context.Context) error {
			tries++
			seen := ctx.Value(answerKey{}).(*answer)
			seen.sent, seen.status, seen.after = true, http.StatusTooManyRequests, 4*time.Second
			return nil
		}})
		if took := time.Since(began); err == nil || took > 30*time.Second || took < 20*time.Second {
			t.Errorf("after %d tries and %v: %v", tries, took, err)
		}
	})
}

func TestStalledSlackIsCut(t *testing.T) {
	stall := func(_ int, rw http.ResponseWriter, req *http.Request) {
		if strings.HasSuffix(req.URL.Path, "users.info") { // the answer begins and does not end
			fmt.Fprint(rw, `{"ok":true,`)
			http.NewResponseController(rw).Flush()
		}
		<-req.Context().Done()
	}
	for name, call := range callsOf {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, a := newDesk(t, stall)
			a.transport.within = 300 * time.Millisecond // of which a busy machine takes its share before the call has come
			err := call(t.Context(), a, d.URL)
			if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, errUnsure) {
				t.Errorf("it returned %v", err)
			}
			want := map[string]int{"update": mostTries, "delete": mostTries, "change": mostTries, "publish": mostTries, "probe": mostTries, "member": mostTries}[name]
			eventually(t, "all calls came", func() bool { return len(d.calls()) >= max(want, 1) })
			if n := len(d.calls()); n != max(want, 1) {
				t.Errorf("%d calls came", n)
			}
			noCanary(t, fmt.Sprintf("%v %+v", err, err))
		})
	}
}

func TestContextEndsACall(t *testing.T) {
	d, a := newDesk(t, func(_ int, _ http.ResponseWriter, req *http.Request) { <-req.Context().Done() })
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	if err := a.update(ctx, "C1", "1.5", deskMessage); !errors.Is(err, context.Canceled) {
		t.Errorf("update: %v", err)
	}
	if n := len(d.calls()); n > 1 {
		t.Errorf("%d calls came", n)
	}
}

func TestNothingWasSentWhereNobodyListens(t *testing.T) {
	d, a := newDesk(t, func(int, http.ResponseWriter, *http.Request) {})
	d.Close()
	for name, call := range callsOf {
		if err := call(t.Context(), a, d.URL); err == nil || errors.Is(err, errUnsure) {
			t.Errorf("%s: %v", name, err)
		} else {
			noCanary(t, err.Error())
		}
	}
}
