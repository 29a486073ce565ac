package slack

import (
	"context"
	"errors"
	"log/slog"
)

// api is what dogear asks of Slack. Each call has a timeout, waits for as long
// as Slack wants where it asks too much (429), within bounds, and is tried again
// for nothing else that would do something twice.
type api struct{}

// Errors that tell what to do next.
var (
	errLate   = errors.New("the trigger has expired or was used")      // nothing was opened
	errGone   = errors.New("it is not there any more")                 // a message, a response_url, a view
	errNoRoom = errors.New("dogear is not in that channel")            // nothing was posted
	errUnsure = errors.New("whether Slack has done that is not known") // of what failed within: it may have arrived
)

// identity is who dogear is on Slack.
type identity struct {
	team string // the workspace's ID
	bot  string // the ID of dogear's own user
}

// member is somebody, as Slack tells.
type member struct {
	name      string // as the workspace calls them; empty: nobody knows
	team      string // their workspace's ID
	moderates bool   // they own or administrate the workspace
}

func newAPI(s Settings, log *slog.Logger) (*api, error) { panic("not yet") }

func (a *api) close() {}

// probe asks Slack whether it takes the tokens and what they may. The error names
// the setting that is wrong.
func (a *api) probe(ctx context.Context) (identity, error) { panic("not yet") }

// post posts to a channel, in a thread unless that is empty, and returns the
// message's time stamp, which names it.
func (a *api) post(ctx context.Context, channel, thread string, m message) (ts string, err error) {
	panic("not yet")
}

// update puts a message in the place of another; one that is no more is no error.
func (a *api) update(ctx context.Context, channel, ts string, m message) error { panic("not yet") }

// delete deletes a message; one that is no more is no error.
func (a *api) delete(ctx context.Context, channel, ts string) error { panic("not yet") }

// whisper shows a message in a channel, in a thread unless that is empty, to one
// user alone, until they load Slack anew.
func (a *api) whisper(ctx context.Context, channel, thread, user string, m message) error {
	panic("not yet")
}

// respond does the same through the URL that came with what the user did; with
// replace it takes the place of the message that they did it in.
func (a *api) respond(ctx context.Context, url string, m message, replace bool) error {
	panic("not yet")
}

// open opens a modal for whoever pulled a trigger, or puts it on top of theirs
// where push is set.
func (a *api) open(ctx context.Context, trigger string, v view, push bool) error { panic("not yet") }

// change puts another content into an open modal.
func (a *api) change(ctx context.Context, id string, v view) error { panic("not yet") }

// publish shows a user the app's home.
func (a *api) publish(ctx context.Context, user string, v view) error { panic("not yet") }

// member returns somebody as Slack told within the last minutes.
func (a *api) member(ctx context.Context, user string) (member, error) { panic("not yet") }
