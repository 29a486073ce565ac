package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dogear/adapters/slack/slacktest"
)

// onSlack lets a command of the binary know a Slack of the test's own.
func onSlack(cmd *exec.Cmd, s *slacktest.Slack, env ...string) *exec.Cmd {
	cmd.Env = append(cmd.Env, "DOGEAR_SLACK_BOT_TOKEN="+s.BotToken, "DOGEAR_SLACK_APP_TOKEN="+s.AppToken, "DOGEAR_SLACK_API_URL="+s.URL())
	cmd.Env = append(cmd.Env, env...)
	return cmd
}

// slackModes are the two ways in which Slack reaches dogear, as settings.
func slackModes(s *slacktest.Slack) map[string][]string {
	return map[string][]string{
		"socket": nil,
		"http":   {"DOGEAR_SLACK_MODE=http", "DOGEAR_SLACK_LISTEN=127.0.0.1:0", "DOGEAR_SLACK_SIGNING_SECRET=" + s.SigningSecret},
	}
}

// TestSlackManifest prints what Slack makes the app from, for both modes: that
// asks for what dogear needs, and has Slack send everything to the address where
// there is one. The script slack.txtar holds it to the letter.
func TestSlackManifest(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "https://dogear.example.org/"} {
		args := []string{"slack", "manifest"}
		if address != "" {
			args = append(args, "--url", address)
		}
		type reached struct {
			Address string `json:"request_url"`
		}
		var m struct {
			Features struct {
				Commands  []struct{ Command, URL string } `json:"slash_commands"`
				Shortcuts []struct{ Type string }         `json:"shortcuts"`
				Home      struct {
					Tab bool `json:"home_tab_enabled"`
				} `json:"app_home"`
			}
			OAuth struct {
				Scopes struct{ Bot, User []string }
			} `json:"oauth_config"`
			Settings struct {
				Events struct {
					reached
					Bot []string `json:"bot_events"`
				} `json:"event_subscriptions"`
				Interactive struct {
					reached
					Enabled bool   `json:"is_enabled"`
					Menus   string `json:"message_menu_options_url"`
				} `json:"interactivity"`
				Socket bool `json:"socket_mode_enabled"`
			}
		}
		if err := json.Unmarshal([]byte(dogear(t, "mem:", nil, args...)), &m); err != nil {
			t.Fatal(err)
		}
		scopes, events := slices.Sorted(slices.Values(m.OAuth.Scopes.Bot)), slices.Sorted(slices.Values(m.Settings.Events.Bot))
		if want := []string{"app_mentions:read", "chat:write", "commands", "im:history", "im:write", "users:read"}; !slices.Equal(scopes, want) || len(m.OAuth.Scopes.User) > 0 {
			t.Errorf("scopes: %v, and a user's %v", scopes, m.OAuth.Scopes.User)
		}
		if want := []string{"app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked"}; !slices.Equal(events, want) {
			t.Errorf("events: %v", events)
		}
		if m.Settings.Socket != (address == "") || !m.Features.Home.Tab || !m.Settings.Interactive.Enabled || len(m.Features.Shortcuts) != 1 || len(m.Features.Commands) != 1 {
			t.Fatalf("with %q: %+v", address, m)
		}
		for _, at := range []string{m.Features.Commands[0].URL, m.Settings.Events.Address, m.Settings.Interactive.Address, m.Settings.Interactive.Menus} {
			if at != address {
				t.Errorf("Slack sends to %q, not to %q", at, address)
			}
		}
	}
	for _, wrong := range []string{"http://dogear.example.org/", "dogear.example.org", "https://", "://"} {
		out, errs, code := says(t, dogearCommand(t, "mem:", "slack", "manifest", "--url", wrong))
		if code != wrongUsage || out != "" || !strings.Contains(errs, "--url: want the address") {
			t.Errorf("%s: %d, %q, %q", wrong, code, out, errs)
		}
	}
}

// TestSlackWrong shows that what can't be meant is named, in one line and by its
// setting, and that no value of one is repeated.
func TestSlackWrong(t *testing.T) {
	t.Parallel()
	s := slacktest.New(t, slacktest.Tolerate(slacktest.Tokens, slacktest.Protocol))
	bare := slacktest.New(t, slacktest.Tolerate(slacktest.Tokens), slacktest.Scopes("commands", "chat:write"))
	other := slacktest.New(t)
	file := func(content string) string {
		path := filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	http := []string{"DOGEAR_SLACK_MODE=http", "DOGEAR_SLACK_LISTEN=127.0.0.1:0"}
	const secret = "do-not-say-this"
	for _, c := range []struct {
		name string
		on   *slacktest.Slack
		env  []string
		want string
	}{
		{"no bot token", s, []string{"DOGEAR_SLACK_BOT_TOKEN="}, "slack.bot_token is not set: "},
		{"no bot token, http", s, append(http, "DOGEAR_SLACK_BOT_TOKEN=", "DOGEAR_SLACK_SIGNING_SECRET="+secret), "slack.bot_token is not set: "},
		{"another kind", s, []string{"DOGEAR_SLACK_BOT_TOKEN=" + s.AppToken}, "slack.bot_token: want the bot user's token, which begins with xoxb-"},
		{"a user's", s, []string{"DOGEAR_SLACK_BOT_TOKEN=xoxp-" + secret}, "slack.bot_token: want the bot user's token, which begins with xoxb-"},
		{"two words", s, []string{"DOGEAR_SLACK_BOT_TOKEN=xoxb-two " + secret}, "slack.bot_token: want the bot user's token, which begins with xoxb-"},
		{"unknown", s, []string{"DOGEAR_SLACK_BOT_TOKEN=xoxb-" + secret}, "slack.bot_token: Slack does not know it"},
		{"of another app", s, []string{"DOGEAR_SLACK_BOT_TOKEN=" + other.BotToken}, "slack.bot_token: Slack does not know it"},
		{"scopes", bare, nil, "slack.bot_token: it lacks app_mentions:read, im:history, im:write, users:read: print the manifest again"},
		{"no app token", s, []string{"DOGEAR_SLACK_APP_TOKEN="}, "slack.app_token: want an app-level token, which begins with xapp-"},
		{"the bot's again", s, []string{"DOGEAR_SLACK_APP_TOKEN=" + s.BotToken}, "slack.app_token: want an app-level token, which begins with xapp-"},
		{"unknown app token", s, []string{"DOGEAR_SLACK_APP_TOKEN=xapp-" + secret}, "slack.app_token: Slack does not know it"},
		{"no signing secret", s, http, "slack.signing_secret: want the signing secret"},
		{"no signing secret at all", s, append(http, "DOGEAR_SLACK_SIGNING_SECRET="+s.AppToken), "slack.signing_secret: want the signing secret"},
		{"api_url", s, []string{"DOGEAR_SLACK_API_URL=slack.example"}, "slack.api_url: want an address"},
		{"nothing there", s, []string{"DOGEAR_SLACK_API_URL=" + strings.TrimSuffix(s.URL(), "api/") + "no/"}, "slack.api_url: there is no Slack at that address"},
		{"mode", s, []string{"DOGEAR_SLACK_MODE=webhook"}, "slack.mode: want socket or http"},
		{"purge_after", s, []string{"DOGEAR_SLACK_PURGE_AFTER=-1h"}, "slack.purge_after: want a time such as 168h, or 0"},
		{"an empty file", s, []string{"DOGEAR_SLACK_BOT_TOKEN=", "DOGEAR_SLACK_BOT_TOKEN_FILE=" + os.DevNull}, "slack.bot_token_file: is empty"},
		{"no such file", s, []string{"DOGEAR_SLACK_APP_TOKEN=", "DOGEAR_SLACK_APP_TOKEN_FILE=/nowhere"}, "slack.app_token_file: "},
		{"both", s, []string{"DOGEAR_SLACK_APP_TOKEN_FILE=" + file(secret)}, "slack: set app_token or app_token_file, not both"},
		{"a secret's file", s, append(http, "DOGEAR_SLACK_SIGNING_SECRET_FILE="+file("two "+secret)), "slack.signing_secret: want the signing secret"},
	} {
		for _, command := range []string{"serve", "check"} {
			env := append([]string{"DOGEAR_SERVE_LISTEN=127.0.0.1:0", "DOGEAR_LOG_LEVEL=error"}, c.env...)
			out, errs, code := says(t, onSlack(dogearCommand(t, "mem:", command), c.on, env...))
			if code != failed || strings.Contains(out, "slack") || strings.Count(errs, "\n") != 1 || !strings.HasPrefix(errs, "dogear: ") || !strings.Contains(errs, c.want) {
				t.Errorf("%s: %s: %d, %q, %q", c.name, command, code, out, errs)
			}
			for _, value := range []string{s.BotToken, s.AppToken, bare.BotToken, other.BotToken, secret, "webhook", "slack.example/"} {
				if strings.Contains(out+errs, value) {
					t.Errorf("%s: %s: it repeats a value: %q", c.name, command, errs)
				}
			}
		}
	}
	out, errs, code := says(t, onSlack(dogearCommand(t, "mem:", "serve"), s, "DOGEAR_SERVE_LISTEN=127.0.0.1:0", "DOGEAR_LOG_LEVEL=error",
		"DOGEAR_SLACK_MODE=http", "DOGEAR_SLACK_SIGNING_SECRET="+secret, "DOGEAR_SLACK_LISTEN=nowhere"))
	if code != failed || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "slack.listen: ") || strings.Contains(errs, secret) {
		t.Errorf("listen: %d, %q, %q", code, out, errs)
	}
}

// TestSlackCheck shows that check tells whether Slack takes the settings, and the
// ID of the workspace.
func TestSlackCheck(t *testing.T) {
	t.Parallel()
	s := slacktest.New(t)
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(s.BotToken+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := func(mode string) string {
		return "slack: good: mode " + mode + ", workspace " + s.TeamID + "\nEverything is in order.\n"
	}
	for name, c := range map[string]struct {
		env  []string
		want string
	}{
		"socket":   {nil, good("socket")},
		"http":     {append(slackModes(s)["http"], "DOGEAR_SLACK_APP_TOKEN="), good("http")},
		"a file":   {[]string{"DOGEAR_SLACK_BOT_TOKEN=", "DOGEAR_SLACK_BOT_TOKEN_FILE=" + file}, good("socket")},
		"no Slack": {[]string{"DOGEAR_SLACK_BOT_TOKEN=", "DOGEAR_SLACK_APP_TOKEN="}, "Everything is in order.\n"},
	} {
		out, errs, code := says(t, onSlack(dogearCommand(t, "mem:", "check"), s, c.env...))
		if code != done || errs != "" || !strings.HasSuffix(out, c.want) || name == "no Slack" && strings.Contains(out, "slack") {
			t.Errorf("%s: %d, %q, %q", name, code, out, errs)
		}
	}
}
