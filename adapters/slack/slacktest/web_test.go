package slacktest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"dogear/adapters/slack/slacktest"
)

// signed reports whether something was signed with the secret, and when.
func signed(s *slacktest.Slack, e told) (bool, time.Time) {
	h := e.object["header"].(http.Header)
	stamp := h.Get("X-Slack-Request-Timestamp")
	mac := hmac.New(sha256.New, []byte(s.SigningSecret))
	mac.Write([]byte("v0:" + stamp + ":" + e.object["raw"].(string)))
	n, _ := strconv.ParseInt(stamp, 10, 64)
	return h.Get("X-Slack-Signature") == "v0="+hex.EncodeToString(mac.Sum(nil)), time.Unix(n, 0)
}

func all(told) bool { return true }

func TestSignatures(t *testing.T) {
	s := slacktest.New(t)
	b := newBot(t, s, func(*bot, told) (any, bool) { return nil, true })
	s.DeliverTo(b.serve())
	s.Verify()
	for _, with := range []slacktest.Tamper{
		slacktest.TamperBody, slacktest.TamperSignature, slacktest.TamperTimestamp, slacktest.OtherSecret,
		slacktest.NoSignature, slacktest.NoTimestamp, slacktest.ShortSignature, slacktest.Stale, slacktest.Early,
	} {
		s.Verify(with)
	}
	ann := s.User("ann").Unanswered()
	s.Tamper(slacktest.TamperBody)
	ann.Slash(s.Channel("books"), "x")
	ann.Slash(s.Channel("books"), "x")
	s.Replay()
	s.Advance(time.Hour)
	ann.Shortcut("x")
	got := b.heard(all)
	for i, e := range got {
		ok, at := signed(s, e)
		off := time.Until(at).Abs() > time.Minute
		if want := i == 0 || i == 8 || i == 9 || i > 10; ok != want {
			t.Errorf("delivery %d is signed: %v", i, ok)
		}
		if want := i == 6 || i == 8 || i == 9 || i == 13; off != want {
			t.Errorf("delivery %d is of %v", i, at)
		}
	}
	if len(got) != 14 || got[11].object["raw"] != got[12].object["raw"] {
		t.Errorf("there are %d deliveries", len(got))
	}
	if got[0].object["type"] != "url_verification" || got[11].object["command"] != "/dogear" || got[13].object["type"] != "shortcut" {
		t.Error("what is delivered is something else")
	}
}

func TestSaves(t *testing.T) {
	s := slacktest.New(t)
	b := newBot(t, s, func(_ *bot, e told) (any, bool) { return object{"challenge": e.object["challenge"]}, true })
	s.DeliverTo(b.serve())
	if !s.Saves() {
		t.Error("the right answer does not do")
	}
	b.on = func(told) (any, bool) { return nil, true }
	if s.Saves() {
		t.Error("no answer does")
	}
}

func TestEventsAgainOver(t *testing.T) {
	s := slacktest.New(t, quick)
	b := newBot(t, s, func(*bot, told) (any, bool) { return nil, true })
	s.DeliverTo(b.serveWith(http.StatusInternalServerError, http.StatusServiceUnavailable, http.StatusOK))
	if !s.Event("app_uninstalled", nil) {
		t.Error("it never arrives")
	}
	var nums, reasons []string
	for _, e := range b.heard(all) {
		h := e.object["header"].(http.Header)
		nums, reasons = append(nums, h.Get("X-Slack-Retry-Num")), append(reasons, h.Get("X-Slack-Retry-Reason"))
	}
	if !slices.Equal(nums, []string{"", "1", "2"}) || !slices.Equal(reasons, []string{"", "http_error", "http_error"}) {
		t.Errorf("attempts %q for %q", nums, reasons)
	}
}

func TestOthersNotAgainOver(t *testing.T) {
	s := slacktest.New(t, quick)
	b := newBot(t, s, club)
	s.DeliverTo(b.serveWith(http.StatusUnauthorized))
	ann := s.User("ann").Unanswered()
	if seen := ann.Slash(s.Channel("books"), "x"); !seen.Failed || seen.Status != http.StatusUnauthorized {
		t.Errorf("ann sees %+v", seen)
	}
	if seen := ann.Shortcut("x"); !seen.Failed {
		t.Errorf("ann sees %+v", seen)
	}
	if got := b.heard(all); len(got) != 2 {
		t.Errorf("there are %d deliveries", len(got))
	}
}

func TestSlow(t *testing.T) {
	s := slacktest.New(t, quick, slacktest.AckWithin(300*time.Millisecond))
	wait := make(chan bool)
	b := newBot(t, s, func(*bot, told) (any, bool) { <-wait; return nil, true })
	s.DeliverTo(b.serve())
	if s.Event("app_uninstalled", nil) {
		t.Error("what comes too late counts")
	}
	close(wait)
	if got := b.hears(3, all); len(got) != 3 || got[1].object["header"].(http.Header).Get("X-Slack-Retry-Reason") != "http_timeout" {
		t.Errorf("there are %d deliveries", len(got))
	}
}

// TestInline answers with the acknowledgement.
func TestInline(t *testing.T) {
	for name, over := range map[string]bool{"socket": false, "HTTP": true} {
		t.Run(name, func(t *testing.T) {
			s := slacktest.New(t)
			b := newBot(t, s, func(_ *bot, e told) (any, bool) {
				if e.object["text"] == "loud" {
					return object{"text": "all", "response_type": "in_channel", "unfurl_links": false, "unfurl_media": false}, true
				}
				return object{"text": "hi", "blocks": []any{section("hi")}}, true
			})
			if over {
				s.DeliverTo(b.serve())
			} else {
				b.connect()
			}
			ann, ch := s.User("ann"), s.Channel("books")
			seen := ann.Slash(ch, "x")
			if m := seen.Message(); m.User != ann.ID || m.Text != "hi" || seen.Ack == nil {
				t.Errorf("ann sees %+v", seen)
			}
			if ann.Slash(ch, "loud"); len(ch.Messages()) != 1 {
				t.Error("what is for all is not")
			}
			acks := s.Requests(slacktest.To("ack"))
			if len(acks) != 2 || acks[0].Only != ann.ID || acks[1].Only != "" || !slices.Contains(s.SentBy("ack"), "hi") {
				t.Errorf("what was sent is %+v", acks)
			}
			s.Tolerate(slacktest.Protocol)
			if ann.Unanswered().Shortcut("x"); len(s.Violations()) == 0 && !over {
				t.Error("a shortcut may be answered")
			}
		})
	}
}
