package discord

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
)

// transport sends what the SDK asks of Discord to where the API is.
type transport struct {
	base *http.Transport
	api  *url.URL // nil: Discord's own
}

// answer is what the SDK does not tell of one. answerKey is its key in the
// context of a request.
type (
	answer struct {
		status int
		after  time.Duration // to wait, where there were too many calls
	}
	answerKey struct{}
)

// newTransport makes a transport to an API, to Discord's own where the address
// is empty.
func newTransport(apiURL string) (*transport, error) {
	t := &transport{base: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		HTTP2:                 &http.HTTP2Config{SendPingTimeout: 10 * time.Second, PingTimeout: 5 * time.Second},
		MaxIdleConnsPerHost:   32,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: attemptWithin,
	}}
	if apiURL == "" {
		return t, nil
	}
	api, err := url.Parse(apiURL)
	if err != nil || api.Host == "" || api.Scheme != "http" && api.Scheme != "https" {
		return nil, errors.New("discord.api_url: want an address such as https://discord.com")
	}
	t.api = api
	return t, nil
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if t.api != nil {
		req = req.Clone(req.Context())
		u := *t.api
		at := req.URL.EscapedPath()
		if prefix := strings.TrimSuffix(u.EscapedPath(), "/"); prefix != "" {
			at = prefix + strings.TrimPrefix(at, "/api/v"+discordgo.APIVersion)
		}
		u.RawPath, u.RawQuery = at, req.URL.RawQuery
		u.Path, _ = url.PathUnescape(at)
		req.URL, req.Host = &u, ""
	}
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if a, ok := req.Context().Value(answerKey{}).(*answer); ok {
		a.status = resp.StatusCode
		if resp.StatusCode == http.StatusTooManyRequests {
			a.after = limited(resp.Header)
		}
	}
	return resp, nil
}

// limited returns how long to wait. It completes what the SDK keeps its books
// by: it does not know Retry-After, which is all that a limit on the whole bot
// comes with.
func limited(h http.Header) time.Duration {
	after := h.Get("Retry-After")
	if h.Get("X-RateLimit-Reset-After") == "" || h.Get("X-RateLimit-Global") != "" {
		h.Set("X-RateLimit-Reset-After", after)
	} else if after == "" {
		after = h.Get("X-RateLimit-Reset-After")
	}
	h.Set("X-RateLimit-Remaining", "0")
	seconds, err := strconv.ParseFloat(after, 64)
	if err != nil || seconds < 0 || seconds > (24*time.Hour).Seconds() {
		seconds = 1
		h.Set("X-RateLimit-Reset-After", "1")
	}
	return time.Duration(seconds * float64(time.Second))
}

// stay makes a client follow no redirect: what it would carry is for one host.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// attachmentHosts is where Discord keeps what readers hand over.
var attachmentHosts = []string{"cdn.discordapp.com", "media.discordapp.net"}

// errTooLong says that a file is longer than was asked for.
var errTooLong = errors.New("the file is too long")

// download reads a file that a reader handed over: from Discord alone, and at
// most so many bytes.
func (r *rest) download(ctx context.Context, address string, most int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, callWithin/2)
	defer cancel()
	u, err := url.Parse(address)
	if err != nil || !r.transport.keeps(u) {
		return nil, errors.New("download a file: it is not where Discord keeps files")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, errors.New("download a file: its address can't be used")
	}
	client := &http.Client{Transport: r.transport.base, CheckRedirect: stay}
	resp, err := client.Do(req)
	if err != nil {
		// The address gives the file to whoever has it.
		if broken := (*url.Error)(nil); errors.As(err, &broken) {
			err = broken.Err
		}
		return nil, fmt.Errorf("download a file: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("download a file: %w", &fault{status: resp.StatusCode})
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	if err != nil {
		return nil, fmt.Errorf("download a file: %w", err)
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("download a file: %w", errTooLong)
	}
	return data, nil
}

// keeps tells whether files are kept at an address.
func (t *transport) keeps(u *url.URL) bool {
	if u.User != nil {
		return false
	}
	if t.api != nil && u.Host == t.api.Host && u.Scheme == t.api.Scheme {
		return true
	}
	return u.Scheme == "https" && slices.Contains(attachmentHosts, u.Host)
}
