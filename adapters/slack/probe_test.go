package slack

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func TestSettings(t *testing.T) {
	good := Settings{BotToken: deskBot, AppToken: deskApp}
	for name, tt := range map[string]struct {
		change  func(*Settings)
		setting string // that is named; empty: none is wrong
	}{
		"all is well":             {func(*Settings) {}, ""},
		"no bot token":            {func(s *Settings) { s.BotToken = "" }, "slack.bot_token"},
		"a user's token":          {func(s *Settings) { s.BotToken = "xoxp-CANARY" }, "slack.bot_token"},
		"a prefix alone":          {func(s *Settings) { s.BotToken = "xoxb-" }, "slack.bot_token"},
		"a token with its line":   {func(s *Settings) { s.BotToken += "\n" }, "slack.bot_token"},
		"no app token":            {func(s *Settings) { s.AppToken = "" }, "slack.app_token"},
		"a bot's as the app's":    {func(s *Settings) { s.AppToken = deskBot }, "slack.app_token"},
		"HTTP with its secret":    {func(s *Settings) { s.HTTP, s.AppToken, s.SigningSecret = true, "", "8f742231b10e8888" }, ""},
		"HTTP without":            {func(s *Settings) { s.HTTP = true }, "slack.signing_secret"},
		"HTTP with a token":       {func(s *Settings) { s.HTTP, s.SigningSecret = true, deskApp }, "slack.signing_secret"},
		"HTTP with words":         {func(s *Settings) { s.HTTP, s.SigningSecret = true, "CANARY secret" }, "slack.signing_secret"},
		"another API":             {func(s *Settings) { s.APIURL = "https://slack-gov.com/api/" }, ""},
		"an API without a scheme": {func(s *Settings) { s.APIURL = "CANARY.test/api" }, "slack.api_url"},
		"a relative API":          {func(s *Settings) { s.APIURL = "/api/" }, "slack.api_url"},
		"no API":                  {func(s *Settings) { s.APIURL = "https://%zzCANARY" }, "slack.api_url"},
		"an API with a user":      {func(s *Settings) { s.APIURL = "https://u:CANARY@slack.com/api/" }, "slack.api_url"},
		"an API with a query":     {func(s *Settings) { s.APIURL = "https://slack.com/api/?x=CANARY" }, "slack.api_url"},
	} {
		s := good
		tt.change(&s)
		a, err := newAPI(s, quietLog)
		if tt.setting == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			a.close()
			continue
		}
		if e, ok := errors.AsType[*settingError](err); !ok || e.setting != tt.setting || a != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		noCanary(t, err.Error())
	}
}

func TestProbe(t *testing.T) {
	const (
		who    = `{"ok":true,"team_id":"T1","user_id":"U9","bot_id":"B1"}`
		opened = `{"ok":true,"url":"wss://wss.test/?ticket=CANARY"}`
	)
	all := strings.Join(botScopes, ",")
	scope := func(told string) func(http.ResponseWriter) {
		return func(rw http.ResponseWriter) {
			rw.Header().Set("X-OAuth-Scopes", told)
			fmt.Fprint(rw, who)
		}
	}
	for name, tt := range map[string]struct {
		auth, open func(http.ResponseWriter) // nil: all is well
		setting    string                    // that is wrong
		says       string
		fails      bool // and may be tried again, where no setting is wrong
	}{
		"all is well":           {auth: scope("identify, " + all)},
		"scopes are not told":   {},
		"a scope is missing":    {auth: scope(strings.ReplaceAll(all, "im:write,", "")), setting: "slack.bot_token", says: "im:write: print the manifest"},
		"a longer one does not": {auth: scope(strings.ReplaceAll(all, "chat:write", "chat:write.public")), setting: "slack.bot_token", says: "chat:write:"},
		"no such bot token":     {auth: no("invalid_auth"), setting: "slack.bot_token"},
		"revoked":               {auth: no("token_revoked"), setting: "slack.bot_token"},
		"removed":               {auth: no("account_inactive"), setting: "slack.bot_token"},
		"expired":               {auth: no("token_expired"), setting: "slack.bot_token"},
		"another token":         {auth: no("not_allowed_token_type"), setting: "slack.bot_token"},
		"another address":       {auth: say(404, "<html>"), setting: "slack.api_url"},
		"half a success":        {auth: say(200, `{"ok":true}`), fails: true},
		"not Slack":             {auth: say(200, "<html>CANARY"), fails: true},
		"Slack is down":         {auth: say(503, ""), fails: true},
		"cut off":               {auth: hangUp, fails: true},
		"Slack is busy":         {auth: func(rw http.ResponseWriter) { rw.Header().Set("Retry-After", "3600"); rw.WriteHeader(429) }, fails: true},
		"an odd code":           {auth: no("CANARY words"), fails: true},
		"no such app token":     {open: no("invalid_auth"), setting: "slack.app_token"},
		"another app token":     {open: no("not_allowed_token_type"), setting: "slack.app_token", says: "xapp-"},
		"the app's scope":       {open: no("missing_scope"), setting: "slack.app_token", says: "connections:write"},
		"the app's is revoked":  {open: no("token_revoked"), setting: "slack.app_token"},
		"the app's is expired":  {open: no("token_expired"), setting: "slack.app_token"},
		"the app is gone":       {open: no("account_inactive"), setting: "slack.app_token"},
		"Socket Mode is off":    {open: no("socket_mode_not_enabled"), setting: "slack.app_token", says: "Socket Mode"},
		"sockets are down":      {open: say(500, ""), fails: true},
		"sockets fail":          {open: no("internal_error"), fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			d, a := newDesk(t, func(_ int, rw http.ResponseWriter, req *http.Request) {
				answer, usual := tt.auth, who
				if strings.HasSuffix(req.URL.Path, "apps.connections.open") {
					answer, usual = tt.open, opened
				}
				if answer == nil {
					answer = say(200, usual)
				}
				answer(rw)
			})
			got, err := a.probe(t.Context())
			switch e, ok := errors.AsType[*settingError](err); {
			case tt.setting != "" && (!ok || e.setting != tt.setting), tt.setting == "" && (ok || (err != nil) != tt.fails):
				t.Errorf("it returned %v", err)
			case err == nil && got != (identity{team: "T1", bot: "U9"}):
				t.Errorf("it returned %+v", got)
			case err != nil:
				if !strings.Contains(err.Error(), tt.says) {
					t.Errorf("it says %v", err)
				}
				noCanary(t, err.Error())
			}
			if calls := d.calls(); calls[0].form.Get("token") != deskBot || len(calls) > 1 && calls[0].method != calls[1].method && calls[1].auth != "Bearer "+deskApp {
				t.Errorf("it asked %+v", calls)
			}
		})
	}
}

func TestProbeOverHTTPOpensNothing(t *testing.T) {
	d, a := newDesk(t, func(_ int, rw http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(rw, `{"ok":true,"team_id":"T1","user_id":"U9"}`)
	})
	a.settings.HTTP = true
	if _, err := a.probe(t.Context()); err != nil || len(d.calls()) != 1 {
		t.Errorf("after %d calls: %v", len(d.calls()), err)
	}
}

func TestRefusedConnection(t *testing.T) {
	for code, mend := range map[string]bool{"invalid_auth": true, "missing_scope": true, "internal_error": false, "": false} {
		err := refusedConnection(fmt.Errorf("open: %w", slack.SlackErrorResponse{Err: code}))
		if _, ok := errors.AsType[*settingError](err); ok != mend {
			t.Errorf("%q: %v", code, err)
		}
	}
}
