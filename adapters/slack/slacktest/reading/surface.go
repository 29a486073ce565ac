package reading

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
)

// Slack's limits to the whole of a payload.
const (
	longestText   = 4000  // of a message
	longestBlocks = 13200 // of all blocks of a message, as JSON
	mostBlocks    = 50    // in a message
	mostInView    = 100
	longestTitle  = 24 // of a modal, and of its buttons
	longestMeta   = 3000
	longestID     = 255
)

// cutFrom is how long a message's text has at least to be for it to count as
// cut, where it says so with an ellipsis.
const cutFrom = 1000

func hidden(r *reader, path string, v any) { r.hide(v) }

// message is what may be told with a message.
var message = shape{
	fields: []field{
		{"username", false, bare(80, label)},
		{"blocks", false, messageBlocks},
		{"attachments", false, list(0, 0, func(r *reader, path string, v any) { r.unread(v) })},
		{"text", false, func(*reader, string, any) {}}, // of which messageRule takes care
		{"channel", false, unseen(longestID)},
		{"user", false, unseen(longestID)},
		{"ts", false, unseen(longestID)},
		{"thread_ts", false, unseen(longestID)},
		{"token", false, unseen(longestID)},
		{"client_msg_id", false, unseen(longestID)},
		{"icon_emoji", false, unseen(longestID)},
		{"icon_url", false, unseen(3000)},
		{"metadata", false, hidden},
		{"response_type", false, choice("ephemeral", "in_channel")},
		{"parse", false, choice("none")},
		{"link_names", false, never},
		{"reply_broadcast", false, never},
		{"mrkdwn", false, flag},
		{"as_user", false, flag},
		{"unfurl_links", false, never},
		{"unfurl_media", false, never},
		{"replace_original", false, flag},
		{"delete_original", false, flag},
	},
	rule: messageRule,
}

// never is the check of what must not be switched on, for it takes what is
// said out of where it was meant for, or makes names mentions.
func never(r *reader, path string, v any) {
	flag(r, path, v)
	if on, _, _ := yes(v); on {
		r.broken(path, "on")
	}
}

// messageRule reads a message's text.
func messageRule(r *reader, _ string, v map[string]any) {
	if deletes, _, _ := yes(v["delete_original"]); deletes && !has(v, "text") && !has(v, "blocks") {
		return
	}
	// What is posted may unfurl unless told not to. An ephemeral message does not.
	if has(v, "channel") && !has(v, "user") && !has(v, "ts") {
		for _, name := range []string{"unfurl_links", "unfurl_media"} {
			if !has(v, name) {
				r.broken(name, "not off")
			}
		}
	}
	if !has(v, "text") {
		r.broken("text", "missing")
		return
	}
	text, ok := v["text"].(string)
	if !ok {
		r.broken("text", "not a string")
		r.unread(v["text"])
		return
	}
	r.within("text", text, longestText)
	linked := addresses
	switch {
	case v["parse"] == "full" || linksNames(v):
		linked = all
	case v["parse"] == "none":
		linked = none
	}
	shown := r.mrkdwn(text, linked)
	said := r.said
	r.show(content, shown)
	if blank(shown) {
		r.broken("text", "blank")
		return
	}
	if cut := strings.Contains(text, "…") || strings.Contains(text, "..."); cut && UTF16(text) >= cutFrom {
		return
	}
	words := map[string]bool{}
	for _, w := range split(shown) {
		words[w] = true
	}
	for _, block := range said {
		for _, w := range split(block) {
			if !words[w] {
				r.broken("text", "does not say all that the blocks say: %q", w)
				return
			}
		}
	}
}

func linksNames(v map[string]any) bool {
	on, _, _ := yes(v["link_names"])
	return on
}

// split returns the words of a text. What is not seen does not part them, and
// neither names of emojis nor letters that stand in for markup are any.
func split(text string) []string {
	text = emojis.ReplaceAllString(text, " ")
	text = strings.Map(func(c rune) rune {
		if unicode.In(c, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point) {
			return -1
		}
		return unicode.ToLower(c)
	}, text)
	return strings.FieldsFunc(text, func(c rune) bool {
		return unicode.Is(unicode.Lm, c) || !unicode.In(c, unicode.L, unicode.M, unicode.N)
	})
}

// messageBlocks reads the blocks of a message, which may be JSON in a string.
func messageBlocks(r *reader, path string, v any) {
	var raw []byte
	if s, ok := v.(string); ok {
		raw = []byte(s)
		if v = r.decode(path, raw); v == nil {
			return
		}
	} else {
		var body struct{ Blocks json.RawMessage }
		if json.Unmarshal(r.raw, &body) == nil {
			raw = body.Blocks
		}
	}
	var compact bytes.Buffer
	if json.Compact(&compact, raw) == nil {
		raw = compact.Bytes()
	}
	r.within(path, string(raw), longestBlocks)
	list(0, mostBlocks, block)(r, path, v)
}

// aroundView is what is told with a view.
var aroundView = shape{
	fields: []field{
		{"view", false, view},
		{"errors", false, failed},
		{"trigger_id", false, unseen(longestID)},
		{"interactivity_pointer", false, unseen(longestID)},
		{"view_id", false, unseen(longestID)},
		{"external_id", false, unseen(longestID)},
		{"user_id", false, unseen(longestID)},
		{"hash", false, unseen(longestID)},
		{"token", false, unseen(longestID)},
		{"response_action", false, choice("errors", "update", "push", "clear")},
	},
	rule: func(r *reader, path string, v map[string]any) {
		switch action := v["response_action"]; {
		case action == "errors" && !has(v, "errors"):
			r.broken(join(path, "errors"), "missing")
		case action != "errors" && action != "clear" && !has(v, "view"):
			r.broken(join(path, "view"), "missing")
		}
	},
}

// failed reads what was wrong with what had been filled in, block by block.
func failed(r *reader, path string, v any) {
	errors, _ := v.(map[string]any)
	if len(errors) == 0 {
		r.broken(path, "nothing in it")
		r.unread(v)
	}
	for _, id := range sorted(errors) {
		r.hide(id)
		bare(noEnd, content)(r, join(path, id), errors[id])
	}
}

// view reads a view, which may be JSON in a string.
func view(r *reader, path string, v any) {
	if s, ok := v.(string); ok {
		if v = r.decode(path, []byte(s)); v == nil {
			return
		}
	}
	typed(views)(r, path, v)
}

// views are the kinds of views.
var views = map[string]shape{
	"modal": {
		fields: append([]field{
			{"title", true, plain(longestTitle, content)},
			{"blocks", true, list(1, mostInView, block)},
			{"submit", false, plain(longestTitle, label)},
			{"close", false, plain(longestTitle, label)},
			{"clear_on_close", false, flag},
			{"notify_on_close", false, flag},
			{"submit_disabled", false, flag},
		}, unseenOfView...),
		rule: func(r *reader, path string, v map[string]any) {
			if r.inputs && !has(v, "submit") {
				r.broken(join(path, "submit"), "missing beside an input")
			}
		},
	},
	"home": {fields: append([]field{{"blocks", true, list(0, mostInView, block)}}, unseenOfView...)},
}

var unseenOfView = []field{
	{"private_metadata", false, unseen(longestMeta)},
	{"callback_id", false, unseen(longestID)},
	{"external_id", false, unseen(longestID)},
}

// suggestion is what answers a menu.
var suggestion = shape{
	fields: []field{
		{"options", false, options(0, mostOptions, plainText)},
		{"option_groups", false, list(0, mostOptions, shaped(optionGroup))},
	},
	rule: eitherOptions,
}
