package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// call is one thing to ask of Slack.
type call struct {
	what   string // it does, for errors and the log
	ask    func(ctx context.Context) error
	repeat bool          // doing it twice is doing it once
	reads  bool          // it is about what Slack answers
	hook   bool          // it goes to a response_url, which answers with a status alone
	wait   time.Duration // for as long at most where there are too many; 0: limits.wait
}

// limits is how long calls take, so that tests need not wait.
type limits struct {
	attempt time.Duration // one request with its answer
	wait    time.Duration // between the tries of a call, together
	trigger time.Duration // the same, where a trigger expires
	lookup  time.Duration // all of a look-up that a reply waits for
	pause   time.Duration // after the first try that failed; then twice as long each time
}

// usual is what suits Slack: a trigger lives 3 s.
var usual = limits{
	attempt: 10 * time.Second, wait: 30 * time.Second, trigger: 2 * time.Second,
	lookup: 1500 * time.Millisecond, pause: 200 * time.Millisecond,
}

// mostTries is how often a call is tried that fails for want of an answer.
const mostTries = 4

// fault is why a call failed: what Slack answered, in its codes, or what broke on
// the way. Other words of an answer are left out, for they may quote what was
// sent, and so is the address, which may hold a secret.
type fault struct {
	status int    // 0: there was no answer
	code   string // Slack's own; empty: none
	needed string // a scope that is lacking
	after  time.Duration
	unsure bool  // it may have taken effect
	cause  error // where there was no answer, or none that can be read
}

// Error implements error.
func (f *fault) Error() string {
	switch {
	case f.status == 0:
		return fmt.Sprintf("no answer from Slack: %v", f.cause)
	case f.code != "" && f.needed != "":
		return fmt.Sprintf("Slack answered %s: %s", f.code, f.needed)
	case f.code != "":
		return "Slack answered " + f.code
	case f.status == http.StatusOK:
		return fmt.Sprintf("Slack's answer can't be read: %v", f.cause)
	}
	return fmt.Sprintf("Slack answered %d", f.status)
}

// Unwrap returns what broke.
func (f *fault) Unwrap() error { return f.cause }

// Slack's codes that tell what to do next.
var (
	lateCodes = []string{"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged", "invalid_trigger_id"}
	goneCodes = []string{
		"message_not_found", "not_found", "view_not_found", "expired_url", "used_url", "expired_response_url", "user_not_found", "user_not_visible",
	}
	roomCodes = []string{
		"not_in_channel", "channel_not_found", "is_archived", "user_not_in_channel", "messages_tab_disabled",
		"cannot_reply_to_message", "team_access_not_granted", "ekm_access_denied", "is_inactive",
	}
	// unsureCodes come with a status of 200, and some of the call may have been done.
	unsureCodes = []string{"fatal_error", "internal_error"}
	// busyCodes are the same, but nothing was done.
	busyCodes = []string{"service_unavailable", "request_timeout", "team_added_to_org"}
)

// Is tells what to do next.
func (f *fault) Is(target error) bool {
	switch target {
	case errLate:
		return slices.Contains(lateCodes, f.code)
	case errGone:
		return slices.Contains(goneCodes, f.code)
	case errNoRoom:
		return slices.Contains(roomCodes, f.code) || strings.HasPrefix(f.code, "restricted_action")
	case errUnsure:
		return f.unsure
	}
	return false
}

// do asks, and asks again where that is right. It returns what Slack said.
func (a *api) do(ctx context.Context, c call) (answer, error) {
	left, pause := cmp.Or(c.wait, a.limits.wait), a.limits.pause
	var unsure bool // a try before may have taken effect
	for try := 1; ; try++ {
		seen := &answer{}
		err := c.ask(context.WithValue(ctx, answerKey{}, seen))
		f := c.judge(seen, err)
		if f == nil {
			return *seen, nil
		}
		unsure = unsure || f.unsure
		f.unsure = unsure
		wait := pause/2 + rand.N(pause)
		busy := f.status == http.StatusTooManyRequests
		if busy {
			wait = f.after + rand.N(pause)
		} else {
			pause *= 2
		}
		again := busy || c.repeat && try < mostTries && f.passing()
		if left -= wait; !again || left < 0 || !sleep(ctx, wait) {
			return *seen, fmt.Errorf("%s: %w", c.what, f)
		}
		a.log.DebugContext(ctx, "Slack is asked again", "to", c.what, "status", f.status, "code", f.code)
	}
}

// judge returns why a try failed; nil: it did not. What Slack said counts, for
// the SDK takes what says nothing for a success, and what holds a field that it
// does not know for a failure.
func (c call) judge(seen *answer, err error) *fault {
	f := &fault{status: seen.status, code: seen.code, needed: seen.needed, after: seen.after}
	switch {
	case seen.status == 0:
		if broken, ok := errors.AsType[*url.Error](err); ok {
			err = broken.Err
		}
		f.unsure, f.cause = seen.sent, cmp.Or(err, errors.New("nothing was asked"))
	case seen.status == http.StatusTooManyRequests:
	case seen.status != http.StatusOK:
		f.unsure = seen.status >= http.StatusInternalServerError
	case c.hook && seen.said == nil && seen.code == "":
		return nil
	case seen.said == nil, *seen.said && c.reads && err != nil:
		f.unsure, f.cause = true, fmt.Errorf("%T", err)
	case *seen.said:
		return nil
	default:
		f.code = cmp.Or(f.code, "nothing")
		f.unsure = slices.Contains(unsureCodes, f.code)
	}
	if c.hook && f.code == "" && (f.status == http.StatusNotFound || f.status == http.StatusGone) {
		f.code = "expired_url"
	}
	return f
}

// passing tells whether another try may do better.
func (f *fault) passing() bool {
	return f.status == 0 && !errors.Is(f.cause, context.Canceled) || f.status >= http.StatusInternalServerError ||
		slices.Contains(unsureCodes, f.code) || slices.Contains(busyCodes, f.code)
}

// unless returns the error, but nil where Slack answered with one of the codes.
func unless(err error, codes ...string) error {
	if f, ok := errors.AsType[*fault](err); ok && slices.Contains(codes, f.code) {
		return nil
	}
	return err
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
