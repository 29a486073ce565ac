package slack

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/slack-go/slack"
)

// settingError says that a setting has to be changed, here or on the app's page:
// until then, trying again is in vain.
type settingError struct {
	setting string // its name
	want    string // what to do about it
}

// Error implements error.
func (e *settingError) Error() string { return e.setting + ": " + e.want }

// botScopes are what the bot token has to be allowed.
var botScopes = []string{"commands", "chat:write", "app_mentions:read", "im:history", "im:write", "users:read"}

// check tells whether the settings can be right, before Slack is asked.
func (s Settings) check() error {
	switch {
	case !looksLike(s.BotToken, "xoxb-"):
		return &settingError{"slack.bot_token", "want the bot user's token, which begins with xoxb-"}
	case !s.HTTP && !looksLike(s.AppToken, "xapp-"):
		return &settingError{"slack.app_token", "want an app-level token, which begins with xapp-"}
	case s.HTTP && (!looksLike(s.SigningSecret, "") || strings.HasPrefix(s.SigningSecret, "xoxb-") || strings.HasPrefix(s.SigningSecret, "xapp-")):
		return &settingError{"slack.signing_secret", "want the signing secret, which stands under Basic Information on the app's page"}
	}
	return nil
}

// looksLike tells whether a secret begins with a prefix and goes on in one piece.
func looksLike(secret, prefix string) bool {
	odd := func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsGraphic(r) || unicode.IsSpace(r) }
	rest, ok := strings.CutPrefix(secret, prefix)
	return ok && rest != "" && !strings.ContainsFunc(rest, odd)
}

// probe asks Slack whether it takes the tokens and what they may. A settingError
// names the setting that is wrong; after another error it may be tried again.
func (a *api) probe(ctx context.Context) (identity, error) {
	var who *slack.AuthTestResponse
	_, err := a.do(ctx, call{what: "ask who dogear is", repeat: true, reads: true, ask: func(ctx context.Context) (err error) {
		who, err = a.client.AuthTestContext(ctx)
		return err
	}})
	switch {
	case err != nil:
		return identity{}, a.refused("slack.bot_token", err)
	case who.TeamID == "" || who.UserID == "":
		return identity{}, errors.New("ask who dogear is: Slack does not tell")
	}
	if err := lacking(who.Header); err != nil {
		return identity{}, err
	}
	if !a.settings.HTTP {
		_, err := a.do(ctx, call{what: "ask for a connection", reads: true, ask: func(ctx context.Context) error {
			_, _, err := a.client.StartSocketModeContext(ctx)
			return err
		}})
		if err != nil {
			return identity{}, a.refused("slack.app_token", err)
		}
	}
	return identity{team: who.TeamID, bot: who.UserID}, nil
}

// here reports whether the workspace still has dogear.
func (a *api) here(ctx context.Context) (bool, error) {
	_, err := a.do(ctx, call{what: "ask who dogear is", repeat: true, reads: true, ask: func(ctx context.Context) error {
		_, err := a.client.AuthTestContext(ctx)
		return err
	}})
	if f, ok := errors.AsType[*fault](err); ok && (f.code == "token_revoked" || f.code == "account_inactive") {
		return false, nil
	}
	return err == nil, err
}

// lacking returns a settingError where the bot token has not all of botScopes.
// Where Slack does not tell, it has.
func lacking(h http.Header) error {
	told := h.Get("X-OAuth-Scopes")
	if told == "" {
		return nil
	}
	has := strings.FieldsFunc(told, func(r rune) bool { return r == ',' || r == ' ' })
	missing := slices.DeleteFunc(slices.Clone(botScopes), func(s string) bool { return slices.Contains(has, s) })
	if len(missing) == 0 {
		return nil
	}
	return &settingError{"slack.bot_token", lacks(strings.Join(missing, ", "))}
}

// lacks says what to do about scopes that the bot token has not.
func lacks(scopes string) string {
	return "it lacks " + scopes + ": print the manifest again with `dogear slack manifest`, change the app by it and install it again"
}

// refused returns the settingError that an answer of Slack's to a token means;
// where it means none, the error as it is.
func (a *api) refused(setting string, err error) error {
	f, ok := errors.AsType[*fault](err)
	if !ok {
		return err
	}
	if f.status == http.StatusNotFound && a.settings.APIURL != "" {
		return &settingError{"slack.api_url", "there is no Slack at that address"}
	}
	if want := mend(setting, f.code, f.needed); want != "" {
		return &settingError{setting, want}
	}
	return err
}

// refusedConnection does the same for what the SDK returns of a connection.
func refusedConnection(err error) error {
	if e, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		if want := mend("slack.app_token", e.Err, e.Needed); want != "" {
			return &settingError{"slack.app_token", want}
		}
	}
	return err
}

// mend returns what to do about a token that Slack has refused with a code;
// empty: wait, and try again.
func mend(setting, code, needed string) string {
	app := setting == "slack.app_token"
	switch code {
	case "invalid_auth", "not_authed":
		return "Slack does not know it: copy it again from the app's page"
	case "token_revoked", "account_inactive", "user_removed_from_team":
		return "it was revoked, or the app was removed: install the app again and copy it anew"
	case "token_expired":
		return "it has expired: make another, with token rotation switched off"
	case "not_allowed_token_type":
		if app {
			return "want an app-level token, which begins with xapp-"
		}
		return "want the bot user's token, which begins with xoxb-"
	case "missing_scope", "no_permission":
		if app {
			return "it lacks connections:write: make one with that scope under Basic Information on the app's page"
		}
		return lacks(cmp.Or(needed, "a scope"))
	case "access_denied", "forbidden_team", "enterprise_is_restricted", "team_access_not_granted":
		return "the workspace does not let the app in: ask its owners"
	}
	if app && strings.Contains(code, "socket_mode") {
		return "Socket Mode is off: switch it on, on the app's page"
	}
	return ""
}
