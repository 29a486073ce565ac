package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// transport sends what the SDK asks of Slack. It bounds how long an answer takes
// and how much it may be, paces the opening of connections, and notes what the
// SDK does not tell of an answer.
type transport struct {
	base    *http.Transport
	within  time.Duration // one request with its answer
	opening opening
}

func newTransport(within time.Duration) *transport {
	return &transport{
		base: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			ForceAttemptHTTP2:   true,
			HTTP2:               &http.HTTP2Config{SendPingTimeout: 10 * time.Second, PingTimeout: 5 * time.Second},
			MaxIdleConnsPerHost: 32,
			// A post over a connection that Slack is just closing can't be told from
			// one that was made, so they are closed here first.
			IdleConnTimeout:     30 * time.Second,
			TLSHandshakeTimeout: 5 * time.Second,
		},
		within:  within,
		opening: opening{pace: slacks},
	}
}

// mostAnswer is how many bytes an answer may have.
const mostAnswer = 4 << 20

// errTooLong says that an answer has more than mostAnswer.
var errTooLong = errors.New("the answer is too long")

// answer is what Slack said to one request, as far as it matters. answerKey is
// its key in the context of a request.
type (
	answer struct {
		sent   bool // the request may have reached Slack
		status int  // 0: there was no answer
		after  time.Duration
		said   *bool  // ok or not; nil: the answer does not say
		code   string // of Slack's error; empty: none
		needed string // the scope that a call lacked
		ts     string // of the message that was posted
	}
	answerKey struct{}
)

// codes are what Slack's errors look like, scopes what lists of scopes do: other
// words of an answer may be somebody's.
var (
	codes  = regexp.MustCompile(`^[a-z0-9_]{2,80}$`)
	scopes = regexp.MustCompile(`^[a-z0-9_:.,-]{2,200}$`)
)

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if path.Base(req.URL.Path) == "apps.connections.open" {
		if err := t.opening.turn(req.Context()); err != nil {
			if req.Body != nil {
				req.Body.Close()
			}
			return nil, err
		}
	}
	seen, _ := req.Context().Value(answerKey{}).(*answer)
	if seen == nil {
		seen = &answer{}
	}
	ctx, cancel := context.WithTimeout(req.Context(), t.within)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { seen.sent = true },
	})
	resp, err := t.base.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer+1))
	resp.Body.Close()
	if err == nil && len(body) > mostAnswer {
		err = errTooLong
	}
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	seen.read(resp, body)
	return resp, nil
}

// read notes what an answer says.
func (a *answer) read(resp *http.Response, body []byte) {
	a.status = resp.StatusCode
	var said struct {
		OK        *bool  `json:"ok"`
		Error     string `json:"error"`
		Needed    string `json:"needed"`
		TS        string `json:"ts"`
		MessageTS string `json:"message_ts"`
	}
	if json.Unmarshal(body, &said) == nil {
		a.said, a.ts = said.OK, said.TS
		if a.ts == "" {
			a.ts = said.MessageTS
		}
	} else if resp.StatusCode != http.StatusOK {
		said.Error = strings.TrimSpace(string(body)) // as a response_url says it
	}
	if codes.MatchString(said.Error) && (a.said == nil || !*a.said) {
		a.code = said.Error
	}
	if scopes.MatchString(said.Needed) {
		a.needed = said.Needed
	}
	if a.code == "ratelimited" || a.code == "rate_limited" {
		a.status = http.StatusTooManyRequests
	}
	if a.status == http.StatusTooManyRequests {
		a.after = time.Second
		if n, err := strconv.ParseFloat(resp.Header.Get("Retry-After"), 64); err == nil && n > 0 {
			a.after = time.Duration(min(n, 86_400) * float64(time.Second))
		}
	}
}

// stay makes a client follow no redirect: what it would carry is for one host.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// quiet is where the SDK's own words go: nowhere, for they hold what readers wrote.
var quiet = log.New(io.Discard, "", 0)

// opening paces the opening of connections, which the SDK does at once and for
// ever: where they don't last, the next waits ever longer.
type opening struct {
	pace pacing

	mu   sync.Mutex
	last time.Time     // when the last one was let through; zero: none was
	wait time.Duration // from then to the next
}

// turn waits until a connection may be opened. It fails where ctx ends before.
func (o *opening) turn(ctx context.Context) error {
	at := time.NewTimer(o.next())
	defer at.Stop()
	select {
	case <-at.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// next takes the next turn and returns how long it is until then.
func (o *opening) next() time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := time.Now()
	if o.last.IsZero() || now.Sub(o.last) >= o.pace.most {
		o.last, o.wait = now, o.pace.again
		return 0
	}
	at := o.last.Add(o.wait)
	if at.Before(now) {
		at = now
	}
	o.last, o.wait = at, min(2*o.wait, o.pace.most)
	return at.Sub(now)
}

// slackDomains are where Slack takes what answers a reader.
var slackDomains = []string{"slack.com", "slack-gov.com"}

// takes tells whether an address is where Slack takes what answers a reader, or
// on the host of the API.
func takes(address string, api *url.URL) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Host == "" {
		return false
	}
	if u.Scheme == api.Scheme && u.Host == api.Host {
		return true
	}
	for _, domain := range slackDomains {
		if u.Scheme == "https" && (u.Host == domain || strings.HasSuffix(u.Host, "."+domain)) {
			return true
		}
	}
	return false
}
