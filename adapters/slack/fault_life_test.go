package slack_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"dogear/adapters/slack"
	"dogear/adapters/slack/slacktest"
	"dogear/bot"
)

// shuttingDown ends dogear while ann and bob wait: they are answered first.
func shuttingDown(t *testing.T, mode string) {
	s := newFaulty(t)
	c := serveOn(t, s, mode)
	visits := s.visits.Load()
	over := s.hold(t)
	answered, ended := make(chan string, 2), make(chan error, 1)
	go func() { answered <- c.ann.Slash(c.books, question).Text() }()
	go func() { answered <- c.bob.DM(question).Text() }()
	becomes(t, "both wait", func() bool { return s.visits.Load() == visits+2 })
	go func() { ended <- c.stop() }()
	if mode == "http" {
		becomes(t, "nobody listens any more", func() bool {
			conn, err := net.Dial("tcp", c.settings.Listen)
			if err == nil {
				conn.Close()
			}
			return err != nil
		})
	} else {
		c.AwaitConnected(0)
	}
	select {
	case err := <-ended:
		t.Errorf("it has not waited for what it was asked: %v", err)
		ended <- err
	default:
	}
	over()
	for range 2 {
		if text := <-answered; strings.Count(text, safe) != 1 {
			t.Errorf("what was asked before is answered: %s", text)
		}
	}
	if err := <-ended; err != nil {
		t.Errorf("it ended with: %v", err)
	}
	if c.on.Ready() == nil && mode == "socket" {
		t.Error("it is ready after its end")
	}
}

// wrongSettings: Run ends at once with what there is to change, and says no secret.
func wrongSettings(t *testing.T, mode string) {
	t.Cleanup(func() { goleak.VerifyNone(t) })
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	refuses := func(method, code string) slacktest.Fault {
		return slacktest.Fault{Method: method, Error: code, Times: -1}
	}
	for name, tt := range map[string]struct {
		only   string // the way that it is of; empty: either
		change func(*slack.Settings)
		scopes []string // that the token has; nil: all
		fault  slacktest.Fault
		want   []string
	}{
		"another bot token":         {change: func(s *slack.Settings) { s.BotToken = "xoxb-wrong" }, want: []string{"slack.bot_token", "does not know"}},
		"the app's as the bot's":    {change: func(s *slack.Settings) { s.BotToken = "xapp-wrong" }, want: []string{"slack.bot_token", "xoxb-"}},
		"a revoked bot token":       {fault: refuses("auth.test", "token_revoked"), want: []string{"slack.bot_token", "revoked"}},
		"an inactive account":       {fault: refuses("auth.test", "account_inactive"), want: []string{"slack.bot_token", "removed"}},
		"an expired bot token":      {fault: refuses("auth.test", "token_expired"), want: []string{"slack.bot_token", "expired"}},
		"missing scopes":            {scopes: []string{"commands", "chat:write", "im:history", "app_mentions:read"}, want: []string{"slack.bot_token", "im:write, users:read"}},
		"another app token":         {only: "socket", change: func(s *slack.Settings) { s.AppToken = "xapp-wrong" }, want: []string{"slack.app_token", "does not know"}},
		"an app token that may not": {only: "socket", fault: refuses("apps.connections.open", "missing_scope"), want: []string{"slack.app_token", "connections:write"}},
		"Socket Mode off":           {only: "socket", fault: refuses("apps.connections.open", "socket_mode_not_enabled"), want: []string{"slack.app_token", "Socket Mode is off"}},
		"no signing secret":         {only: "http", change: func(s *slack.Settings) { s.SigningSecret = "" }, want: []string{"slack.signing_secret"}},
		"an address that is taken":  {only: "http", change: func(s *slack.Settings) { s.Listen = taken.Addr().String() }, want: []string{"slack.listen"}},
		"no Slack there":            {fault: slacktest.Fault{Method: "auth.test", Status: http.StatusNotFound, Times: -1}, want: []string{"slack.api_url"}},
	} {
		if tt.only != "" && tt.only != mode {
			continue
		}
		t.Run(name, func(t *testing.T) {
			options := []slacktest.Option{slacktest.Tolerate(slacktest.Tokens)}
			if tt.scopes != nil {
				options = append(options, slacktest.Scopes(tt.scopes...))
			}
			s := slacktest.New(t, options...)
			if tt.fault.Method != "" {
				s.Fault(tt.fault)
			}
			settings := slack.Settings{BotToken: s.BotToken, AppToken: s.AppToken, APIURL: s.URL()}
			if mode == "http" {
				settings.HTTP, settings.AppToken, settings.SigningSecret, settings.Listen = true, "", s.SigningSecret, freeAddress(t)
			}
			if tt.change != nil {
				tt.change(&settings)
			}
			log := slog.New(slog.DiscardHandler)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			on, err := slack.New(settings, bot.New(newFaulty(t), log), log)
			if err == nil {
				on.Hurry()
				err = on.Run(ctx)
				if on.Ready() == nil && tt.only == "" {
					t.Error("it is ready")
				}
			}
			if err == nil {
				t.Fatal("it goes on")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("it ended with: %v; want %s", err, want)
				}
			}
			for _, secret := range []string{s.BotToken, s.AppToken, s.SigningSecret, "-wrong"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("it says a secret: %v", err)
				}
			}
		})
	}
}

// revoked: where the app's token is taken away while dogear runs, it ends and says
// so. The SDK would ask for ever.
func revoked(t *testing.T, mode string) {
	c := serve(t, mode)
	c.Fault(slacktest.Fault{Method: "apps.connections.open", Error: "token_revoked", Times: -1})
	c.Socket(slacktest.Cut())
	select {
	case err := <-c.ended:
		if err == nil || !strings.Contains(err.Error(), "slack.app_token") || strings.Contains(err.Error(), c.AppToken) {
			t.Errorf("it ended with: %v", err)
		}
		c.ended <- nil
	case <-time.After(20 * time.Second):
		t.Error("it goes on")
	}
	if c.on.Ready() == nil {
		t.Error("it is ready")
	}
}

// gone is what the store has noted of the workspace.
func (c *club) gone(s bot.Store) (since time.Time, noted, known bool) {
	c.t.Helper()
	all, err := s.Gone(c.t.Context(), slack.Platform)
	if err != nil {
		c.t.Fatal(err)
	}
	clubs, err := s.Known(c.t.Context(), slack.Platform)
	if err != nil {
		c.t.Fatal(err)
	}
	since, noted = all[c.id()]
	return since, noted, len(clubs) > 0
}

// uninstalled: the workspace removes dogear, and installs it again in time.
func uninstalled(t *testing.T, mode string) {
	for name, told := range map[string]func(*club) bool{
		"app_uninstalled": func(c *club) bool { return c.Event("app_uninstalled", nil) },
		"tokens_revoked": func(c *club) bool {
			return c.Event("tokens_revoked", object{"tokens": object{"oauth": []any{}, "bot": []any{c.BotUser}}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newFaulty(t)
			c := serveOn(t, s, mode)
			c.settings.PurgeAfter = time.Hour
			c.again()
			c.has(c.ann.Slash(c.books, "progress 7"), "Saved.")
			c.Event("tokens_revoked", object{"tokens": object{"oauth": []any{c.ann.ID}, "bot": []any{c.bob.ID}}}) // others'
			c.well("others' tokens were revoked")
			if _, noted, _ := c.gone(s); noted || c.on.Ready() != nil {
				t.Error("it is gone, though others are")
			}

			if !told(c) {
				t.Error("that is not acknowledged")
			}
			becomes(t, "it is noted", func() bool { _, noted, _ := c.gone(s); return noted })
			told(c) // Slack tells of both
			if err := c.on.Ready(); err == nil || !strings.Contains(err.Error(), "removed") {
				t.Errorf("it says that it is ready: %v", err)
			}
			if mode == "socket" { // and it does not end, for the data goes in time
				asked := len(c.calls("apps.connections.open"))
				c.Fault(slacktest.Fault{Method: "apps.connections.open", Error: "account_inactive", Times: -1})
				c.Socket(slacktest.Cut())
				becomes(t, "Slack refuses it", func() bool { return len(c.calls("apps.connections.open")) > asked })
				c.ClearFaults()
			}
			if _, _, known := c.gone(s); !known {
				t.Error("the data went at once")
			}

			c.again() // with the tokens of the new installation
			becomes(t, "it is noted", func() bool { _, noted, _ := c.gone(s); return !noted })
			c.has(c.ann.Slash(c.books, ""), "chapter 7 of 23")
			c.well("it was installed again")
		})
	}
}

// purged: what the workspace has stored goes in time.
func purged(t *testing.T, mode string) {
	s := newFaulty(t)
	c := serveOn(t, s, mode)
	c.settings.PurgeAfter = time.Nanosecond
	c.again()
	c.has(c.ann.Slash(c.books, "progress 7"), "Saved.")
	if _, noted, known := c.gone(s); noted || !known {
		t.Errorf("before: noted %v, known %v", noted, known)
	}
	c.Event("app_uninstalled", nil)
	becomes(t, "it is noted", func() bool { _, noted, known := c.gone(s); return noted || !known })
	c.Event("tokens_revoked", object{"tokens": object{"bot": []any{c.BotUser}}})
	becomes(t, "all is removed", func() bool { _, noted, known := c.gone(s); return !noted && !known })
	c.log.await(t, "a club's data was removed")
}

// TestPurgedWhenStarted: what the workspace has stored goes, too, where dogear is
// started when its time is over, though nobody says any more whose token that was.
func TestPurgedWhenStarted(t *testing.T) {
	s := newFaulty(t)
	c := serveOn(t, s, "socket")
	c.has(c.ann.Slash(c.books, "progress 7"), "Saved.")
	c.Event("app_uninstalled", nil)
	becomes(t, "it is noted", func() bool { _, noted, _ := c.gone(s); return noted })
	if err := c.stop(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		method, fault, setting string
		after                  time.Duration
		goes                   bool
	}{
		{"auth.test", "account_inactive", "slack.bot_token", time.Hour, false},
		{"apps.connections.open", "invalid_auth", "slack.app_token", time.Nanosecond, false}, // it is installed again
		{"auth.test", "account_inactive", "slack.bot_token", time.Nanosecond, true},
	} {
		c.Fault(slacktest.Fault{Method: tt.method, Error: tt.fault, Times: -1})
		c.settings.PurgeAfter = tt.after
		on, err := slack.New(c.settings, c.bot, slog.New(slog.NewTextHandler(c.log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		if err := on.Run(t.Context()); err == nil || !strings.Contains(err.Error(), tt.setting) {
			t.Errorf("it ends with %v", err)
		}
		if _, _, known := c.gone(s); known == tt.goes {
			t.Errorf("%s, with %v: its data is kept: %t", tt.fault, tt.after, known)
		}
		c.ClearFaults()
	}
}
