package slack

import (
	"cmp"
	"encoding/json"
)

// slash is a slash command, as far as dogear reads it. Socket Mode delivers all
// of it as strings.
type slash struct {
	Team    string `json:"team_id"`
	Channel string `json:"channel_id"`
	User    string `json:"user_id"`
	Text    string `json:"text"` // escaped
	Trigger string `json:"trigger_id"`
	URL     string `json:"response_url"`
}

// interaction is what somebody did with a message or a view, or a shortcut.
type interaction struct {
	Type      string    `json:"type"`
	Team      named     `json:"team"` // where it was done: in a shared channel that may be another's
	User      actor     `json:"user"`
	Channel   named     `json:"channel"` // zero: it was a view
	Container container `json:"container"`
	Trigger   string    `json:"trigger_id"`
	URL       string    `json:"response_url"`
	Actions   []action  `json:"actions"`
	View      *shown    `json:"view"`        // nil: it was a message
	Callback  string    `json:"callback_id"` // of a shortcut
	// What is typed into a menu.
	ActionID string `json:"action_id"`
	BlockID  string `json:"block_id"`
	Value    string `json:"value"`
}

type named struct {
	ID string `json:"id"`
}

type actor struct {
	ID   string `json:"id"`
	Team string `json:"team_id"`
}

// container is where an element stood.
type container struct {
	Message   string `json:"message_ts"`
	Thread    string `json:"thread_ts"` // empty: in none
	Channel   string `json:"channel_id"`
	Ephemeral bool   `json:"is_ephemeral"`
}

// action is the pressing of a button or a choice in a menu.
type action struct {
	ID       string `json:"action_id"`
	Value    string `json:"value"`
	Selected struct {
		Value string `json:"value"`
	} `json:"selected_option"`
}

// chosen returns what was chosen in a menu; empty of a button.
func (a action) chosen() string { return a.Selected.Value }

// shown is a view that is open, with what is filled in.
type shown struct {
	ID       string `json:"id"`
	Root     string `json:"root_view_id"`
	Type     string `json:"type"` // modal or home
	Callback string `json:"callback_id"`
	Metadata string `json:"private_metadata"`
	Blocks   []struct {
		Type string `json:"type"`
		ID   string `json:"block_id"`
	} `json:"blocks"`
	State struct {
		Values map[string]map[string]filled `json:"values"` // by block, by action
	} `json:"state"`
}

// filled is what one element of a view holds.
type filled struct {
	Value        string `json:"value"`
	Conversation string `json:"selected_conversation"`
	Selected     struct {
		Value string `json:"value"`
	} `json:"selected_option"`
}

// channel returns the channel that was chosen in a form; empty: none was to be.
func (v *shown) channel() string { return v.State.Values[channelField][channelField].Conversation }

// typed returns what else was filled into a view, by the action_ids of its elements.
func (v *shown) typed() map[string]string {
	out := map[string]string{}
	for _, block := range v.State.Values {
		for name, f := range block {
			if value := cmp.Or(f.Value, f.Selected.Value); value != "" {
				out[name] = value
			}
		}
	}
	return out
}

// occurrence is an event with what Slack says about it.
type occurrence struct {
	Team  string `json:"team_id"`
	Event event  `json:"event"`
}

type event struct {
	Type    string `json:"type"`
	Subtype string `json:"subtype"`
	User    string `json:"user"`
	Bot     string `json:"bot_id"`
	Text    string `json:"text"` // escaped
	TS      string `json:"ts"`
	Thread  string `json:"thread_ts"`
	Channel string `json:"channel"`
	Kind    string `json:"channel_type"` // im: a direct message; empty: it was a mention
	Tab     string `json:"tab"`
	Tokens  struct {
		Bot []string `json:"bot"` // the users whose tokens were revoked
	} `json:"tokens"`
	// The workspaces of whoever wrote it, as far as they are told.
	Team       string `json:"team"`
	UserTeam   string `json:"user_team"`
	SourceTeam string `json:"source_team"`
}

// origin is where a view was opened from, kept with it as its metadata.
type origin struct {
	Channel string `json:"c,omitempty"`
	Thread  string `json:"t,omitempty"`
	Home    string `json:"h,omitempty"` // the view that is the reader's home: its ID, or tab; empty: none is open
}

// tab is the origin of what was opened from the app's home, which is no modal.
const tab = "tab"

func (o origin) metadata() string {
	data, err := json.Marshal(o)
	if err != nil {
		return "" // cannot be: it is made of strings
	}
	return string(data)
}

// origin returns where a view was opened from; the zero origin where that is not
// known.
func (v *shown) origin() (o origin) {
	if v == nil || json.Unmarshal([]byte(v.Metadata), &o) != nil {
		return origin{}
	}
	return o
}
