package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
)

// rest is Discord's HTTP API, as far as dogear calls it. No call outlives its
// context, and no error holds a token or the words of an answer.
type rest struct {
	session   *discordgo.Session
	transport *transport
	log       *slog.Logger
	app       atomic.Value // the application's ID, a string; none: not asked yet

	mu    sync.Mutex
	lanes map[string]*lane // bounded: kinds of call times stripes
}

// Codes of Discord's that mean something to dogear
// (https://discord.com/developers/docs/topics/opcodes-and-status-codes).
const (
	unknownChannel     = 10003
	unknownGuild       = 10004
	unknownMember      = 10007
	unknownMessage     = 10008
	unknownUser        = 10013
	unknownWebhook     = 10015
	unknownInteraction = 10062
	archivedThread     = 50083
	alreadyAnswered    = 40060
	deadToken          = 50027
	noHistory          = 160002
)

// How long Discord takes what answers an interaction.
const (
	firstWithin = 3 * time.Second
	tokenLife   = 15 * time.Minute
)

// usualStarts is how often a day Discord lets a bot identify.
const usualStarts = 1000

// newRest makes a client with a bot's token. An empty apiURL is Discord's own;
// one without a path has Discord's.
func newRest(token, apiURL string, log *slog.Logger) (*rest, error) {
	t, err := newTransport(apiURL)
	if err != nil {
		return nil, err
	}
	session, err := newSession(token, log)
	if err != nil {
		return nil, err
	}
	session.Client = &http.Client{Transport: t, CheckRedirect: stay}
	return &rest{session: session, transport: t, log: log, lanes: map[string]*lane{}}, nil
}

// newSession makes a session of the SDK that does nothing of its own accord.
func newSession(token string, log *slog.Logger) (*discordgo.Session, error) {
	quiet(log)
	session, err := discordgo.New("Bot " + strings.TrimPrefix(token, "Bot "))
	if err != nil {
		return nil, errors.New("discord.token can't be used")
	}
	session.ShouldReconnectOnError = false
	session.ShouldRetryOnRateLimit = false
	session.MaxRestRetries = 0
	session.StateEnabled = false
	session.LogLevel = discordgo.LogDebug // the log decides
	return session, nil
}

// close lets go of idle connections.
func (r *rest) close() { r.transport.base.CloseIdleConnections() }

// application returns the app's ID and the key that its HTTP interactions are
// signed for.
func (r *rest) application(ctx context.Context) (id, publicKey string, err error) {
	var app struct {
		ID  string `json:"id"`
		Key string `json:"verify_key"`
	}
	err = r.get(ctx, &app, "read the application", "applications", "@me")
	if err == nil && app.ID == "" {
		err = errors.New("read the application: it has no ID")
	}
	if err != nil {
		return "", "", err
	}
	r.app.Store(app.ID)
	return app.ID, app.Key, nil
}

// self returns the ID of the app's bot.
func (r *rest) self(ctx context.Context) (string, error) {
	var u user
	err := r.get(ctx, &u, "read who the bot is", "users", "@me")
	return u.ID, err
}

// callback sends the first response to an interaction. It is tried again while
// Discord still takes one, because a second one does nothing. The error is
// errGone where the interaction is dead or another process has answered it.
func (r *rest) callback(ctx context.Context, in *interaction, resp response) error {
	body, files, err := resp.wire()
	if err != nil {
		return fmt.Errorf("answer an interaction: %w", err)
	}
	_, err = r.do(ctx, call{
		what: "answer an interaction", method: http.MethodPost,
		path: []string{"interactions", in.ID, in.Token, "callback"},
		body: body, files: files,
		repeat: true, within: firstWithin, attempt: firstWithin / 2,
	})
	if f := (*fault)(nil); errors.As(err, &f) && f.code == alreadyAnswered && f.maybe {
		return nil // by the try before
	}
	return err
}

// reply returns the ID of the message that the first response has become. It
// waits a little for one that is still on its way.
func (r *rest) reply(ctx context.Context, in *interaction) (string, error) {
	return r.message(ctx, call{
		what: "find a reply", method: http.MethodGet, path: replied(in, firstReply),
		repeat: true, young: true, within: tokenLife,
	})
}

// editReply puts a message in the place of firstReply or of one that follows it.
func (r *rest) editReply(ctx context.Context, in *interaction, id string, m message) error {
	_, err := r.do(ctx, call{
		what: "edit a reply", method: http.MethodPatch, path: replied(in, id),
		body: m.edit(), files: m.files,
		repeat: true, young: true, within: tokenLife,
	})
	return err
}

// deleteReply takes the first response away. It waits a little for one that is
// still on its way; that there is none is no error.
func (r *rest) deleteReply(ctx context.Context, in *interaction) error {
	_, err := r.do(ctx, call{
		what: "delete a reply", method: http.MethodDelete, path: replied(in, firstReply),
		repeat: true, young: true, within: tokenLife,
	})
	return unless(err, unknownMessage, unknownWebhook)
}

// follow sends one more message after the first response. It is never sent a
// second time where the first may have arrived.
func (r *rest) follow(ctx context.Context, in *interaction, m message, private bool) (string, error) {
	body := m.wire()
	if private {
		body.Flags |= discordgo.MessageFlagsEphemeral
	}
	return r.message(ctx, call{
		what: "follow an interaction", method: http.MethodPost,
		path: []string{"webhooks", in.Application, in.Token}, query: "?wait=true",
		body: body, files: m.files, young: true, within: tokenLife,
	})
}

// send posts a message to a channel, as a reply where replyTo names a message
// that is still there. What has the same nonce is posted once, for some minutes,
// by however many processes.
func (r *rest) send(ctx context.Context, channel, replyTo, nonce string, m message) (string, error) {
	body := m.wire()
	body.Nonce, body.EnforceNonce = nonce, true
	if replyTo != "" {
		body.Reference = &discordgo.MessageReference{MessageID: replyTo, FailIfNotExists: new(bool)}
	}
	post := func() (string, error) {
		return r.message(ctx, call{
			what: "post a message", method: http.MethodPost, path: []string{"channels", channel, "messages"},
			body: body, files: m.files, lane: laneOf("send", channel), repeat: true,
		})
	}
	id, err := post()
	if f := (*fault)(nil); errors.As(err, &f) && f.code == noHistory && body.Reference != nil {
		body.Reference = nil // it may write there, and not answer a message that it can't read again
		return post()
	}
	return id, err
}

// edit puts a message in the place of one in a channel. A message that is no
// more is no error.
func (r *rest) edit(ctx context.Context, channel, id string, m message) error {
	return r.change(ctx, channel, call{
		what: "edit a message", method: http.MethodPatch, path: []string{"channels", channel, "messages", id},
		body: m.edit(), files: m.files, lane: laneOf("edit", channel), repeat: true,
	})
}

// delete takes a message in a channel away. One that is no more is no error.
func (r *rest) delete(ctx context.Context, channel, id string) error {
	return r.change(ctx, channel, call{
		what: "delete a message", method: http.MethodDelete, path: []string{"channels", channel, "messages", id},
		lane: laneOf("delete", channel), repeat: true,
	})
}

// change does a call that changes a message in a channel. Where that is a thread
// that Discord has archived, it is opened first: nothing in it can be changed
// otherwise, and all of it can be read.
func (r *rest) change(ctx context.Context, channel string, c call) error {
	_, err := r.do(ctx, c)
	if f := (*fault)(nil); errors.As(err, &f) && f.code == archivedThread {
		_, err = r.do(ctx, call{
			what: "open a thread", method: http.MethodPatch, path: []string{"channels", channel},
			body: map[string]bool{"archived": false}, lane: laneOf("open", channel), repeat: true,
		})
		if err == nil {
			_, err = r.do(ctx, c)
		}
	}
	return unless(err, unknownMessage, unknownChannel)
}

// channel returns a channel or a thread.
func (r *rest) channel(ctx context.Context, id string) (channel, error) {
	var c channel
	return c, r.get(ctx, &c, "read a channel", "channels", id)
}

// isMember tells whether a user is in a server. In one that the bot does not
// see, nobody is.
func (r *rest) isMember(ctx context.Context, guild, user string) (bool, error) {
	var m member
	err := r.get(ctx, &m, "read a member", "guilds", guild, "members", user)
	if err != nil {
		return false, unless(err, unknownMember, unknownUser, unknownGuild)
	}
	return true, nil
}

// guilds returns every server that the bot is in, or an error.
func (r *rest) guilds(ctx context.Context) ([]string, error) {
	var all []string
	for after := "0"; ; {
		data, err := r.do(ctx, call{
			what: "list the servers", method: http.MethodGet, path: []string{"users", "@me", "guilds"},
			query: "?limit=200&after=" + url.QueryEscape(after), lane: laneOf("guilds", ""), repeat: true,
		})
		if err != nil {
			return nil, err
		}
		var page []struct {
			ID string `json:"id"`
		}
		if err := decode(data, &page); err != nil {
			return nil, fmt.Errorf("list the servers: %w", err)
		}
		if len(page) == 0 {
			return all, nil
		}
		for _, g := range page {
			all = append(all, g.ID)
		}
		if last := all[len(all)-1]; last != after {
			after = last
			continue
		}
		return nil, errors.New("list the servers: a page came twice")
	}
}

// commands returns the commands that Discord has, with all their languages; of
// a server where guild is not empty.
func (r *rest) commands(ctx context.Context, guild string) ([]*discordgo.ApplicationCommand, error) {
	path, err := r.commandPath(ctx, guild)
	if err != nil {
		return nil, err
	}
	data, err := r.do(ctx, call{
		what: "read the commands", method: http.MethodGet, path: path,
		query: "?with_localizations=true", lane: laneOf("commands", guild), repeat: true,
	})
	if err != nil {
		return nil, err
	}
	var all []*discordgo.ApplicationCommand
	if err := decode(data, &all); err != nil {
		return nil, fmt.Errorf("read the commands: %w", err)
	}
	return all, nil
}

// overwrite makes Discord's commands those given; of a server where guild is
// not empty.
func (r *rest) overwrite(ctx context.Context, guild string, commands []*discordgo.ApplicationCommand) error {
	path, err := r.commandPath(ctx, guild)
	if err != nil {
		return err
	}
	if commands == nil {
		commands = []*discordgo.ApplicationCommand{}
	}
	_, err = r.do(ctx, call{
		what: "write the commands", method: http.MethodPut, path: path,
		body: commands, lane: laneOf("commands", guild), repeat: true,
	})
	return err
}

func (r *rest) commandPath(ctx context.Context, guild string) ([]string, error) {
	id, _ := r.app.Load().(string)
	if id == "" {
		var err error
		if id, _, err = r.application(ctx); err != nil {
			return nil, err
		}
	}
	if guild != "" {
		return []string{"applications", id, "guilds", guild, "commands"}, nil
	}
	return []string{"applications", id, "commands"}, nil
}

// gateway returns where the gateway is and how Discord wants it used. Where
// only the address is told, one shard does.
func (r *rest) gateway(ctx context.Context) (discordgo.GatewayBotResponse, error) {
	var g discordgo.GatewayBotResponse
	err := r.get(ctx, &g, "find the gateway", "gateway", "bot")
	if f := (*fault)(nil); errors.As(err, &f) && f.status == http.StatusNotFound {
		err = r.get(ctx, &g, "find the gateway", "gateway")
	}
	if g.SessionStartLimit.Total == 0 { // it is not told
		g.SessionStartLimit.Remaining = usualStarts
	}
	g.Shards = max(g.Shards, 1)
	g.SessionStartLimit.MaxConcurrency = max(g.SessionStartLimit.MaxConcurrency, 1)
	return g, err
}

// get reads what a path holds.
func (r *rest) get(ctx context.Context, into any, what string, path ...string) error {
	data, err := r.do(ctx, call{
		what: what, method: http.MethodGet, path: path,
		lane: laneOf(what, strings.Join(path, "/")), repeat: true,
	})
	if err != nil {
		return err
	}
	if err := decode(data, into); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// message does a call that answers with a message, and returns its ID.
func (r *rest) message(ctx context.Context, c call) (string, error) {
	data, err := r.do(ctx, c)
	if err != nil {
		return "", err
	}
	var m struct {
		ID string `json:"id"`
	}
	if err := decode(data, &m); err != nil {
		return "", fmt.Errorf("%s: %w", c.what, err)
	}
	return m.ID, nil
}

// firstReply is what Discord calls the message that the first response to an
// interaction has become.
const firstReply = "@original"

// replied is the path of a message that answers an interaction.
func replied(in *interaction, id string) []string {
	return []string{"webhooks", in.Application, in.Token, "messages", id}
}

// decode reads an answer. What it holds stays out of the error: json quotes it.
func decode(data []byte, into any) error {
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("decode the answer: %T", err)
	}
	return nil
}

// unless returns the error, but nil where Discord answered one of the codes.
func unless(err error, codes ...int) error {
	if f := (*fault)(nil); errors.As(err, &f) && slices.Contains(codes, f.code) {
		return nil
	}
	return err
}
