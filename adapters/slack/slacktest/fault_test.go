package slacktest_test

import (
	"net/http"
	"testing"
	"time"

	"dogear/adapters/slack/slacktest"
)

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		fault  slacktest.Fault
		status any // nil: no answer
		error  any
		posted int
	}{
		"none":        {slacktest.Fault{Method: "chat.delete", Error: "x"}, 200, nil, 1},
		"slow":        {slacktest.Fault{Slow: time.Millisecond}, 200, nil, 1},
		"error":       {slacktest.Fault{Method: "chat.postMessage", Error: "restricted_action"}, 200, "restricted_action", 0},
		"after":       {slacktest.Fault{After: true, Status: 500, Error: "internal_error"}, 500, "internal_error", 1},
		"status":      {slacktest.Fault{Status: 503}, 503, nil, 0},
		"limited":     {slacktest.Fault{Status: 429, Retry: 3 * time.Second}, 429, "ratelimited", 0},
		"cut":         {slacktest.Fault{Cut: true}, nil, nil, 0},
		"cut after":   {slacktest.Fault{Cut: true, After: true}, nil, nil, 1},
		"stall":       {slacktest.Fault{Stall: true}, nil, nil, 0},
		"of others":   {slacktest.Fault{If: func(r slacktest.Request) bool { return r.Object()["text"] == "y" }, Status: 500}, 200, nil, 1},
		"of this one": {slacktest.Fault{If: func(r slacktest.Request) bool { return r.Object()["text"] == "x" }, Status: 500}, 500, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := slacktest.New(t)
			b, ch := newBot(t, s, club), s.Channel("books")
			if c.fault.Stall {
				b.client.Timeout = 50 * time.Millisecond
			}
			s.Fault(c.fault)
			got := b.post(object{"channel": ch.ID, "text": "x"})
			if got["status"] != c.status || got["error"] != c.error || len(ch.Messages()) != c.posted {
				t.Errorf("the answer is %v, and %d messages", got, len(ch.Messages()))
			}
			if h, _ := got["header"].(http.Header); c.status == 429 && h.Get("Retry-After") != "3" {
				t.Errorf("Retry-After is %q", h.Get("Retry-After"))
			}
			want := 0
			if c.status == 200 && c.error == nil {
				want = 1
			}
			if got := len(s.Requests(slacktest.To("chat.postMessage"), slacktest.OK)); got != want {
				t.Errorf("%d requests were fine", got)
			}
			b.client.Timeout = 5 * time.Second
			if s.ClearFaults(); b.post(object{"channel": ch.ID, "text": "z"})["ok"] != true {
				t.Error("it happens again")
			}
		})
	}
}

func TestTimes(t *testing.T) {
	s := slacktest.New(t)
	b := newBot(t, s, club)
	fails := func() bool { return b.form("auth.test", object{})["status"] != 200 }
	s.Fault(slacktest.Fault{Status: 500, Times: 2})
	if first, second, third := fails(), fails(), fails(); !first || !second || third {
		t.Error("it does not happen twice")
	}
	s.Fault(slacktest.Fault{Status: 500, Times: -1})
	for range 5 {
		if !fails() {
			t.Error("it does not happen again and again")
		}
	}
}

// TestNamed lets happen what Slack does by itself.
func TestNamed(t *testing.T) {
	s := slacktest.New(t)
	b, got := press(t, s)
	ann := s.User("ann").Unanswered()
	ann.Slash(s.Channel("books"), "x")
	o := <-got
	s.Fault(slacktest.Late)
	refused(t, "a modal", b.open(o["trigger_id"], modal("T", section("x"))), "expired_trigger_id")
	s.Fault(slacktest.DeadHook)
	if got := b.hook(o["response_url"], object{"text": "x"}); got["status"] != http.StatusNotFound || got["body"] != "expired_url" {
		t.Errorf("a response_url: %v", got)
	}
}
