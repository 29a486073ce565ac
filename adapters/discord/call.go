package discord

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
)

// errGone says that an interaction can't be answered any more.
var errGone = errors.New("the interaction is gone")

// errHeldUp says that a limit of Discord's lasts longer than a call may.
var errHeldUp = errors.New("a limit of Discord's lasts too long")

// call is one thing to ask of Discord.
type call struct {
	what   string // it does, for errors and the log
	method string
	path   []string
	query  string // with its question mark
	body   any    // nil: none
	files  []file

	lane    string        // empty: of an interaction, which no limit on others holds up
	repeat  bool          // doing it twice is doing it once
	young   bool          // what it is about may not be there yet
	within  time.Duration // all tries together; 0: callWithin
	attempt time.Duration // one try; 0: attemptWithin
}

const (
	callWithin    = time.Minute
	attemptWithin = 15 * time.Second
	youngWithin   = 4 * time.Second
	firstPause    = 200 * time.Millisecond
	longestPause  = 15 * time.Second
)

// fault is why a call failed: what Discord answered, in numbers, or what broke
// on the way. The words of an answer are left out, for they may quote what was
// sent, and so is the address, which may hold a token.
type fault struct {
	status int           // 0: there was no answer
	code   int           // Discord's own; 0: none
	after  time.Duration // to wait, where there were too many calls
	unsent bool          // nothing has reached Discord
	maybe  bool          // a try before may have taken effect
	cause  error         // where there was no answer
}

// Error implements error.
func (f *fault) Error() string {
	switch {
	case f.status == 0:
		return fmt.Sprintf("no answer from Discord: %v", f.cause)
	case f.status == http.StatusUnauthorized && f.code != deadToken:
		return "Discord does not accept discord.token"
	case f.code != 0:
		return fmt.Sprintf("Discord answered %d, code %d", f.status, f.code)
	}
	return fmt.Sprintf("Discord answered %d", f.status)
}

// Unwrap returns what broke.
func (f *fault) Unwrap() error { return f.cause }

// Is tells whether a fault is an errGone.
func (f *fault) Is(target error) bool {
	switch f.code {
	case unknownInteraction, unknownWebhook, deadToken, alreadyAnswered:
		return target == errGone
	}
	return false
}

// do asks, and asks again where that is right, until the call's time is over.
func (r *rest) do(ctx context.Context, c call) ([]byte, error) {
	contentType, body, err := c.encode()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.what, err)
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(c.within, callWithin))
	defer cancel()
	var maybe bool
	began := time.Now()
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		data, f := r.try(ctx, c, contentType, body)
		if f == nil {
			return data, nil
		}
		f.maybe = maybe
		maybe = maybe || f.status >= 500 || f.status == 0 && !f.unsent
		wait := pause/2 + rand.N(pause)
		if f.status == http.StatusTooManyRequests {
			wait = max(f.after, wait)
		}
		again := c.again(f) || c.young && f.status == http.StatusNotFound && time.Since(began) < youngWithin
		if !again || !sleep(ctx, wait) {
			return nil, fmt.Errorf("%s: %w", c.what, f)
		}
		r.log.DebugContext(ctx, "Discord is asked again", "to", c.what, "status", f.status)
	}
}

// again tells whether a call may be tried again after a fault.
func (c call) again(f *fault) bool {
	switch {
	case errors.Is(f.cause, errHeldUp):
		return false
	case f.status == http.StatusTooManyRequests, f.unsent:
		return true
	}
	return c.repeat && (f.status == 0 || f.status >= 500)
}

// try asks once. The SDK does the request and keeps the books on the limits; the
// waiting is done here, because the SDK's own knows no context and holds up all
// who want the same bucket.
func (r *rest) try(ctx context.Context, c call, contentType string, body []byte) ([]byte, *fault) {
	bucket, done, err := r.enter(ctx, c.lane)
	if err != nil {
		return nil, &fault{unsent: true, cause: err}
	}
	defer done()
	seen := &answer{}
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, answerKey{}, seen), cmp.Or(c.attempt, attemptWithin))
	defer cancel()
	// The address is Discord's whatever the API's is: the transport has the last word.
	data, err := r.session.RequestWithLockedBucket(c.method, c.address(), contentType, body, bucket, 0,
		discordgo.WithContext(ctx), discordgo.WithRestRetries(0), discordgo.WithRetryOnRatelimit(false))
	if err == nil {
		return data, nil
	}
	f := &fault{status: seen.status, after: seen.after}
	switch refused, broken, dial := (*discordgo.RESTError)(nil), (*url.Error)(nil), (*net.OpError)(nil); {
	case errors.As(err, &refused):
		if refused.Message != nil {
			f.code = refused.Message.Code
		}
	case errors.As(err, &broken):
		f.status, f.cause = 0, broken.Err
		f.unsent = errors.As(err, &dial) && dial.Op == "dial"
	case f.status < http.StatusBadRequest: // it was cut short
		f.status, f.cause = 0, fmt.Errorf("%T", err)
	}
	return nil, f
}

// address is where the call goes to, at Discord's own.
func (c call) address() string {
	escaped := make([]string, len(c.path))
	for i, p := range c.path {
		escaped[i] = url.PathEscape(p)
	}
	return discordgo.EndpointAPI + strings.Join(escaped, "/") + c.query
}

// encode returns the body and its type.
func (c call) encode() (string, []byte, error) {
	if c.body == nil {
		return "", nil, nil
	}
	if len(c.files) == 0 {
		data, err := json.Marshal(c.body)
		return "application/json", data, err
	}
	files := make([]*discordgo.File, len(c.files))
	for i, f := range c.files {
		files[i] = &discordgo.File{Name: f.name, Reader: bytes.NewReader(f.data)}
	}
	return discordgo.MultipartBodyWithJSON(c.body, files)
}

// stripes is how many lanes there are of a kind. Discord limits by channel; who
// shares a lane waits for the other, and there are never more lanes than this.
const stripes = 64

// lane lets one call of a kind through at a time, as the SDK's books want it.
type lane struct {
	turn   chan struct{} // holds a token while somebody is in
	bucket *discordgo.Bucket
}

func laneOf(kind, key string) string {
	h := fnv.New32a()
	h.Write([]byte(key))
	return fmt.Sprint(kind, "/", h.Sum32()%stripes)
}

// enter waits for a turn and returns a locked bucket, which the SDK unlocks when
// it has sent the request, and what ends the turn.
func (r *rest) enter(ctx context.Context, name string) (*discordgo.Bucket, func(), error) {
	if name == "" {
		b := discordgo.NewRatelimiter().GetBucket("")
		b.Lock()
		return b, func() {}, nil
	}
	l := r.lane(name)
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	done := func() { <-l.turn }
	for {
		l.bucket.Lock()
		wait := r.session.Ratelimiter.GetWaitTime(l.bucket, 1)
		if wait <= 0 {
			l.bucket.Remaining--
			return l.bucket, done, nil
		}
		l.bucket.Unlock()
		if !sleep(ctx, wait) {
			done()
			return nil, nil, cmp.Or(ctx.Err(), errHeldUp)
		}
	}
}

func (r *rest) lane(name string) *lane {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.lanes[name]
	if l == nil {
		l = &lane{turn: make(chan struct{}, 1), bucket: r.session.Ratelimiter.GetBucket(name)}
		r.lanes[name] = l
	}
	return l
}

// sleep waits, and returns false at once where the context ends before.
func sleep(ctx context.Context, d time.Duration) bool {
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= d {
		return false
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
