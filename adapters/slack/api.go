package slack

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/maypok86/otter/v2"
	"github.com/slack-go/slack"
)

// api is what dogear asks of Slack. Each call has a timeout, waits for as long
// as Slack wants where it asks too much (429), within bounds, and is tried again
// for nothing else that would do something twice.
type api struct {
	client    *slack.Client
	http      *http.Client
	transport *transport
	url       *url.URL // of the API
	settings  Settings
	limits    limits
	members   *otter.Cache[string, member]
	log       *slog.Logger
}

// Errors that tell what to do next.
var (
	errLate   = errors.New("the trigger has expired or was used")      // nothing was opened
	errGone   = errors.New("it is not there any more")                 // a message, a response_url, a view, a user
	errNoRoom = errors.New("dogear is not in that channel")            // nothing was posted
	errUnsure = errors.New("whether Slack has done that is not known") // of what failed within: it may have arrived
)

// identity is who dogear is on Slack.
type identity struct {
	team string // the workspace's ID
	bot  string // the ID of dogear's own user
}

// newAPI makes what asks Slack. It asks nothing yet; the error is a settingError.
func newAPI(s Settings, log *slog.Logger) (*api, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	address := s.APIURL
	if address == "" {
		address = slack.APIURL
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, &settingError{"slack.api_url", "want an address such as https://slack.com/api/"}
	}
	u.Path = strings.TrimSuffix(u.Path, "/") + "/" // the SDK puts a method right behind it
	a := &api{url: u, settings: s, limits: usual, transport: newTransport(usual.attempt), members: newMembers(), log: log}
	// The transport has the timeouts: one of the client would count the waiting, too.
	a.http = &http.Client{Transport: a.transport, CheckRedirect: stay}
	a.client = slack.New(s.BotToken, slack.OptionAppLevelToken(s.AppToken), slack.OptionAPIURL(u.String()),
		slack.OptionHTTPClient(a.http), slack.OptionLog(quiet))
	return a, nil
}

// close lets go of idle connections and of what it remembers.
func (a *api) close() {
	a.members.StopAllGoroutines()
	a.transport.base.CloseIdleConnections()
}

// errNoText says that a message has nothing for notifications and screen
// readers. Slack would make that of its blocks.
var errNoText = errors.New("a message without a text")

// post posts to a channel, in a thread unless that is empty, and returns the
// message's time stamp, which names it.
func (a *api) post(ctx context.Context, channel, thread string, m message) (ts string, err error) {
	said, err := a.send(ctx, m, call{what: "post a message", ask: func(ctx context.Context) error {
		_, _, err := a.client.PostMessageContext(ctx, channel, posted(thread, m))
		return err
	}})
	return said.ts, err
}

// update puts a message in the place of another; one that is no more is no error.
func (a *api) update(ctx context.Context, channel, ts string, m message) error {
	_, err := a.send(ctx, m, call{what: "update a message", repeat: true, ask: func(ctx context.Context) error {
		// Without blocks, those that were there would stay.
		_, _, _, err := a.client.UpdateMessageContext(ctx, channel, ts, saying(m), slack.MsgOptionBlocks(m.blocks...))
		return err
	}})
	return unless(err, "message_not_found")
}

// delete deletes a message; one that is no more is no error.
func (a *api) delete(ctx context.Context, channel, ts string) error {
	_, err := a.do(ctx, call{what: "delete a message", repeat: true, ask: func(ctx context.Context) error {
		_, _, err := a.client.DeleteMessageContext(ctx, channel, ts)
		return err
	}})
	return unless(err, "message_not_found")
}

// whisper shows a message in a channel, in a thread unless that is empty, to one
// user alone, until they load Slack anew.
func (a *api) whisper(ctx context.Context, channel, thread, user string, m message) error {
	_, err := a.send(ctx, m, call{what: "whisper a message", ask: func(ctx context.Context) error {
		_, err := a.client.PostEphemeralContext(ctx, channel, user, posted(thread, m))
		return err
	}})
	return err
}

// respond does the same through the URL that came with what the user did; with
// replace it takes the place of the message that they did it in.
func (a *api) respond(ctx context.Context, url string, m message, replace bool) error {
	if !takes(url, a.url) {
		return errors.New("respond: that address is not Slack's")
	}
	w := &slack.WebhookMessage{
		Text: m.text, ResponseType: slack.ResponseTypeEphemeral, ReplaceOriginal: replace,
		UnfurlLinks: new(bool), UnfurlMedia: new(bool),
	}
	if len(m.blocks) > 0 {
		w.Blocks = &slack.Blocks{BlockSet: m.blocks}
	}
	_, err := a.send(ctx, m, call{what: "respond", hook: true, ask: func(ctx context.Context) error {
		return slack.PostWebhookCustomHTTPContext(ctx, url, a.http, w)
	}})
	return err
}

// send does a call that sends a message.
func (a *api) send(ctx context.Context, m message, c call) (answer, error) {
	if strings.TrimSpace(m.text) == "" {
		return answer{}, errNoText
	}
	return a.do(ctx, c)
}

// posted is how a message is posted.
func posted(thread string, m message) slack.MsgOption {
	options := []slack.MsgOption{saying(m)}
	if len(m.blocks) > 0 {
		options = append(options, slack.MsgOptionBlocks(m.blocks...))
	}
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	return slack.MsgOptionCompose(options...)
}

// saying is the text of a message, in which Slack reads no markup and whose links
// it does not unfold.
func saying(m message) slack.MsgOption {
	return slack.MsgOptionCompose(slack.MsgOptionText(m.text, false), slack.MsgOptionDisableMarkdown(),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
}
