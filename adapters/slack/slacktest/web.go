package slacktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// web is what the deliveries over HTTP keep.
type web struct {
	url    string // empty: Socket Mode
	tamper []Tamper
	last   *signed // nil: none yet
}

// signed is a delivery as it went out.
type signed struct {
	header http.Header
	body   []byte
}

// Delivery is how a delivery over HTTP was answered; a Status of 0 is no answer.
type Delivery struct {
	Status int
	Header http.Header
	Body   []byte
}

// Tamper spoils a delivery over HTTP.
type Tamper int

const (
	TamperBody      Tamper = iota // the body is not the one that was signed
	TamperSignature               // the signature is of nothing
	TamperTimestamp               // the timestamp is not the one that was signed
	OtherSecret                   // signed by somebody else
	NoSignature                   // the header is missing
	NoTimestamp                   // the header is missing
	ShortSignature                // the header is no signature
	Stale                         // rightly signed, ten minutes ago
	Early                         // rightly signed, ten minutes ahead
)

// Content types of deliveries.
const (
	asForm = "application/x-www-form-urlencoded"
	asJSON = "application/json"
)

// DeliverTo delivers to a URL from now on; empty: over Socket Mode.
func (s *Slack) DeliverTo(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.web.url = url
}

// Tamper spoils the next deliveries over HTTP, one each.
func (s *Slack) Tamper(with ...Tamper) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.web.tamper = append(s.web.tamper, with...)
}

// Verify delivers a url_verification, spoilt where that is asked for, as Slack
// does when a request URL is saved. Its challenge is "challenge".
func (s *Slack) Verify(with ...Tamper) Delivery {
	return s.Post(asJSON, compact(object{"token": "verification", "type": "url_verification", "challenge": "challenge"}), with...)
}

// Saves reports whether Slack would take the URL: it gets the challenge back.
func (s *Slack) Saves() bool {
	got := s.Verify()
	var answer struct {
		Challenge string `json:"challenge"`
	}
	if json.Unmarshal(got.Body, &answer) != nil {
		answer.Challenge = strings.TrimSpace(string(got.Body))
	}
	return got.Status == http.StatusOK && answer.Challenge == "challenge"
}

// Post delivers any body of a content type, signed.
func (s *Slack) Post(kind string, body []byte, with ...Tamper) Delivery {
	s.mu.Lock()
	out := s.sign(kind, body, with)
	s.mu.Unlock()
	return s.post(s.ctx, out)
}

// Replay delivers once more what was delivered last, to the byte.
func (s *Slack) Replay() Delivery {
	s.mu.Lock()
	last := s.web.last
	s.mu.Unlock()
	if last == nil {
		return Delivery{}
	}
	return s.post(s.ctx, last)
}

// sign makes a delivery. The lock is held.
func (s *Slack) sign(kind string, body []byte, with []Tamper) *signed {
	at, secret := s.now(), s.SigningSecret
	for _, t := range with {
		switch t {
		case Stale:
			at = at.Add(-10 * time.Minute)
		case Early:
			at = at.Add(10 * time.Minute)
		case OtherSecret:
			secret += "?"
		}
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte("v0:" + stamp + ":" + string(body)))
	out := &signed{header: http.Header{}, body: body}
	out.header.Set("Content-Type", kind)
	out.header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	out.header.Set("X-Slack-Request-Timestamp", stamp)
	out.header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	for _, t := range with {
		switch t {
		case TamperBody:
			out.body = append(bytes.Clone(body), ' ')
		case TamperSignature:
			out.header.Set("X-Slack-Signature", "v0="+strings.Repeat("0", 64))
		case ShortSignature:
			out.header.Set("X-Slack-Signature", "v0=00zz")
		case TamperTimestamp:
			out.header.Set("X-Slack-Request-Timestamp", strconv.FormatInt(at.Unix()+1, 10))
		case NoSignature:
			out.header.Del("X-Slack-Signature")
		case NoTimestamp:
			out.header.Del("X-Slack-Request-Timestamp")
		}
	}
	return out
}

func (s *Slack) post(ctx context.Context, out *signed) Delivery {
	s.mu.Lock()
	to := s.web.url
	s.web.last = out
	s.mu.Unlock()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(out.body))
	if err != nil {
		return Delivery{}
	}
	req.Header = out.header.Clone()
	resp, err := s.client.Do(req)
	if err != nil {
		return Delivery{}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return Delivery{}
	}
	return Delivery{resp.StatusCode, resp.Header, body}
}

// encode is a delivery as the body of a request.
func (d *delivery) encode() (kind string, body []byte) {
	switch d.kind {
	case kindEvent:
		return asJSON, compact(d.payload)
	case kindCommand:
		form := url.Values{}
		for key, v := range d.payload {
			word, _ := v.(string)
			form.Set(key, word)
		}
		return asForm, []byte(form.Encode())
	}
	return asForm, []byte(url.Values{"payload": {string(compact(d.payload))}}.Encode())
}

// sendOver attempts a delivery over HTTP. The lock is held.
func (s *Slack) sendOver(d *delivery) {
	var with []Tamper
	if t, ok := take(&s.web.tamper); ok {
		with = []Tamper{t}
	}
	kind, body := d.encode()
	out := s.sign(kind, body, with)
	d.retry(out.header)
	s.working.Add(1)
	go func() {
		defer s.working.Done()
		ctx, cancel := context.WithTimeout(s.ctx, s.ackWithin)
		defer cancel()
		got := s.post(ctx, out)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.answered(d, got)
	}()
}

// answered takes the answer to a delivery for its acknowledgement. The lock is
// held.
func (s *Slack) answered(d *delivery, got Delivery) {
	d.status = got.Status
	req := &Request{Method: "ack", Status: got.Status, Only: d.actor()}
	var bad bool
	if body := bytes.TrimSpace(got.Body); len(body) > 0 {
		if err := json.Unmarshal(body, &req.Body); err != nil {
			req.Body, bad = string(body), true
		}
	}
	s.record(req)
	switch {
	case got.Status == 0:
		s.missed(d, "http_timeout", -1)
	case got.Status/100 != 2, d.kind != kindEvent && got.Status != http.StatusOK:
		if got.Header.Get("X-Slack-No-Retry") == "1" {
			d.attempt = len(s.retries)
		}
		s.missed(d, "http_error", -1)
	case d.kind == kindEvent:
		s.confirm(d, nil, req)
	case bad && d.kind == kindCommand:
		req.Body = object{"text": req.Body}
		s.confirm(d, req.Body, req)
	case bad:
		s.violate(Protocol, "the answer to a delivery is no JSON")
		s.confirm(d, nil, req)
	default:
		s.confirm(d, req.Body, req)
	}
}
