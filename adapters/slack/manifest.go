package slack

import (
	"encoding/json"
	"errors"
	"net/url"

	"dogear/bot/reply"
)

// commandName is the slash command that all of dogear's commands stand behind.
const commandName = "/dogear"

// spoilerShortcut is the shortcut that opens the form of a spoiler, by the name of
// its command.
const spoilerShortcut = "spoiler"

// Manifest returns what Slack makes the app from, as JSON: for Socket Mode where
// address is empty, else with Slack's requests sent to that address. What Slack
// would fill in by itself is said all the same: its defaults have changed before.
func Manifest(address string) ([]byte, error) {
	if u, err := url.Parse(address); address != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return nil, errors.New("want the address at which Slack reaches dogear, such as https://dogear.example/")
	}
	type object = map[string]any
	words := func(p reply.Phrase) string { return p.String() }
	command := object{
		"command": commandName, "should_escape": true,
		"description": words(reply.Words("Ask about the book; you never see what lies past your place")),
		"usage_hint":  words(reply.Words("is it sad? (or: progress 7, spoilers hide, help)")),
	}
	subscribed := object{"bot_events": []string{"app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked"}}
	interactive := object{"is_enabled": true}
	if address != "" {
		command["url"], subscribed["request_url"] = address, address
		interactive["request_url"], interactive["message_menu_options_url"] = address, address
	}
	return json.MarshalIndent(object{
		"display_information": object{"name": "dogear", "description": words(reply.Words("A book club's memory that never spoils"))},
		"features": object{
			"app_home": object{"home_tab_enabled": true, "messages_tab_enabled": true, "messages_tab_read_only_enabled": false},
			"bot_user": object{"display_name": "dogear", "always_online": true},
			"shortcuts": []object{{
				"name": words(reply.Words("Post a spoiler")), "type": "global", "callback_id": spoilerShortcut,
				"description": words(reply.Words("It stays covered until somebody opens it")),
			}},
			"slash_commands": []object{command},
		},
		"oauth_config": object{"scopes": object{"bot": botScopes}},
		"settings": object{
			"event_subscriptions": subscribed, "interactivity": interactive,
			"org_deploy_enabled": false, "socket_mode_enabled": address == "", "token_rotation_enabled": false,
		},
	}, "", "  ")
}
