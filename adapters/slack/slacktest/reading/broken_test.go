package reading

import (
	"slices"
	"strings"
	"testing"
)

func richly(parts ...any) obj {
	return says(obj{"type": "rich_text", "elements": append(objs{}, parts...)})
}
func runsOf(elements ...any) obj {
	return richly(obj{"type": "rich_text_section", "elements": append(objs{}, elements...)})
}
func without(o obj, name string) obj { delete(o, name); return o }

// broken are payloads with one thing wrong.
var broken = map[string]struct {
	judge   func([]byte) Seen
	payload any
	want    string // all that is said about it
}{
	"no text":          {Message, obj{"blocks": objs{rich("a")}}, "text: missing"},
	"an empty text":    {Message, obj{"text": ""}, "text: blank"},
	"a blank text":     {Message, obj{"text": " \n\u200b\u3164\u2800\u202e"}, "text: blank"},
	"a text that is 1": {Message, obj{"text": 1}, "text: not a string"},
	"null blocks":      {Message, obj{"text": "a", "blocks": nil}, "blocks: null"},
	"blocks of text":   {Message, obj{"text": "a", "blocks": "nonsense"}, "blocks: not JSON"},
	"blocks and more":  {Message, obj{"text": "a", "blocks": "[] []"}, "blocks: not JSON"},
	"one block":        {Message, obj{"text": "a", "blocks": rich("a")}, "blocks: not a list"},
	"a fallback":       {Message, obj{"text": "A message from dogear", "blocks": objs{rich("Good words.")}}, `text: does not say all that the blocks say: "good"`},
	"a word short":     {Message, obj{"text": "Good words", "blocks": objs{rich("Good"), rich("other words")}}, `text: does not say all that the blocks say: "other"`},
	"cut too soon":     {Message, obj{"text": "Good…", "blocks": objs{rich("Good words")}}, `text: does not say all that the blocks say: "words"`},
	"cut unsaid":       {Message, obj{"text": strings.Repeat("a ", 600), "blocks": objs{rich("Good")}}, `text: does not say all that the blocks say: "good"`},
	"attachments":      {Message, obj{"text": "a", "attachments": objs{obj{"text": "b"}}}, "attachments: 1 > 0"},
	"names linked":     {Message, obj{"text": "a", "link_names": true}, "link_names: on"},
	"all parsed":       {Message, obj{"text": "a", "parse": "full"}, "parse: none of none"},
	"sent to all":      {Message, obj{"text": "a", "reply_broadcast": true}, "reply_broadcast: on"},
	"unfurled":         {Message, obj{"text": "a", "unfurl_links": true}, "unfurl_links: on"},
	"may unfurl":       {Message, without(post(), "unfurl_media"), "unfurl_media: not off"},
	"a visibility":     {Message, obj{"text": "a", "response_type": "public"}, "response_type: none of ephemeral, in_channel"},
	"an argument":      {Message, obj{"text": "a", "sparkle": true}, "sparkle: unknown"},
	"a list":           {Message, objs{}, "payload: neither an object nor a form"},
	"a flag in words":  {Message, obj{"text": "a", "mrkdwn": "perhaps"}, "mrkdwn: neither true nor false"},

	"a container":        {Message, says(obj{"type": "container", "elements": objs{rich("a")}}), `blocks[0]: of a type that is unknown here: "container"`},
	"a block of no type": {Message, says(obj{"text": plainly("a")}), `blocks[0]: of a type that is unknown here: ""`},
	"a text as a block":  {Message, says(plainly("a")), `blocks[0]: of a type that is unknown here: "plain_text"`},
	"a section of none":  {Message, says(obj{"type": "section"}), "blocks[0]: neither text nor fields"},
	"no fields":          {Message, says(obj{"type": "section", "fields": objs{}}), "blocks[0].fields: 0 < 1"},
	"an empty section":   {Message, says(section("")), "blocks[0].text: blank"},
	"a blank section":    {Message, says(section("\u200b")), "blocks[0].text: blank"},
	"an empty header":    {Message, says(obj{"type": "header", "text": plainly("")}), "blocks[0].text: blank"},
	"a marked header":    {Message, says(obj{"type": "header", "text": styled("a")}), "blocks[0].text: no text of type plain_text"},
	"a bare text":        {Message, says(obj{"type": "header", "text": "a"}), "blocks[0].text: no text of type plain_text"},
	"emoji in mrkdwn":    {Message, says(obj{"type": "section", "text": with(styled("a"), "emoji", true)}), "blocks[0].text.emoji: unknown"},
	"verbatim in plain":  {Message, says(obj{"type": "section", "text": with(plainly("a"), "verbatim", true)}), "blocks[0].text.verbatim: unknown"},
	"an empty context":   {Message, says(obj{"type": "context", "elements": objs{}}), "blocks[0].elements: 0 < 1"},
	"a pressed context":  {Message, says(obj{"type": "context", "elements": objs{button("a")}}), "blocks[0].elements[0]: no text of type plain_text or mrkdwn"},
	"no actions":         {Message, says(obj{"type": "actions", "elements": objs{}}), "blocks[0].elements: 0 < 1"},
	"typing in actions":  {Message, acts(obj{"type": "plain_text_input"}), `blocks[0].elements[0]: of a type that is unknown here: "plain_text_input"`},
	"many in actions":    {Message, acts(with(selects(1), "type", "multi_static_select")), `blocks[0].elements[0]: of a type that is unknown here: "multi_static_select"`},
	"pressing an input":  {Message, takes(button("a")), `blocks[0].element: of a type that is unknown here: "button"`},
	"typing aside":       {Message, says(with(section("a"), "accessory", obj{"type": "plain_text_input"})), `blocks[0].accessory: of a type that is unknown here: "plain_text_input"`},
	"no alt text":        {Message, says(obj{"type": "image", "image_url": "x"}), "blocks[0].alt_text: missing"},
	"no image":           {Message, says(obj{"type": "image", "alt_text": "a"}), "blocks[0]: not one image"},
	"two images":         {Message, says(obj{"type": "image", "alt_text": "a", "image_url": "x", "slack_file": obj{"id": "F1"}}), "blocks[0]: not one image"},
	"a block twice":      {Message, obj{"text": "a", "blocks": objs{with(section("a"), "block_id", "b"), with(section("a"), "block_id", "b")}}, "blocks[1].block_id: twice"},
	"an action twice":    {Message, says(obj{"type": "actions", "elements": objs{button("a"), button("a")}}), "blocks[0].elements[1].action_id: twice"},
	"an empty id":        {Message, acts(button("")), "blocks[0].elements[0].action_id: empty"},
	"an empty value":     {Message, acts(with(button("a"), "value", "")), "blocks[0].elements[0].value: empty"},
	"a value that is 1":  {Message, acts(with(button("a"), "value", 1)), "blocks[0].elements[0].value: not a string"},
	"an empty button":    {Message, acts(with(button("a"), "text", plainly(""))), "blocks[0].elements[0].text: blank"},
	"a button of none":   {Message, acts(without(button("a"), "text")), "blocks[0].elements[0].text: missing"},
	"a red button":       {Message, acts(with(button("a"), "style", "red")), "blocks[0].elements[0].style: none of primary, danger"},
	"a hasty dialog":     {Message, acts(with(button("a"), "confirm", without(asks(), "deny"))), "blocks[0].elements[0].confirm.deny: missing"},
	"a silent dialog":    {Message, acts(with(button("a"), "confirm", with(asks(), "text", plainly(" ")))), "blocks[0].elements[0].confirm.text: blank"},
	"no options":         {Message, acts(selects(0)), "blocks[0].elements[0].options: 0 < 1"},
	"neither options":    {Message, acts(without(selects(1), "options")), "blocks[0].elements[0]: not either options or groups of them"},
	"both options":       {Message, acts(with(selects(1), "option_groups", objs{group(1)(0)})), "blocks[0].elements[0]: not either options or groups of them"},
	"a marked option":    {Message, acts(offers(obj{"text": styled("o"), "value": "1"})), "blocks[0].elements[0].options[0].text: no text of type plain_text"},
	"an empty option":    {Message, acts(offers(obj{"text": plainly(""), "value": "1"})), "blocks[0].elements[0].options[0].text: blank"},
	"an option of none":  {Message, acts(offers(obj{"text": plainly("o")})), "blocks[0].elements[0].options[0].value: missing"},
	"a value twice":      {Message, acts(offers(offer(1), offer(1))), "blocks[0].elements[0].options[1].value: twice"},
	"another initial":    {Message, acts(with(selects(1), "initial_option", offer(7))), "blocks[0].elements[0]: an initial option that is not offered"},
	"a half length":      {Message, takes(obj{"type": "plain_text_input", "min_length": 1.5}), "blocks[0].element.min_length: 1.5 is not from 0 to 3000"},

	"a length in words": {Message, takes(obj{"type": "plain_text_input", "min_length": true}), "blocks[0].element.min_length: not a number"},
	"a flag that is 1":  {Message, acts(with(selects(1), "focus_on_load", 1)), "blocks[0].elements[0].focus_on_load: neither true nor false"},

	"an empty run":        {Message, runsOf(obj{"type": "text", "text": ""}), "blocks[0].elements[0].elements[0].text: empty"},
	"a run of none":       {Message, runsOf(obj{"type": "text"}), "blocks[0].elements[0].elements[0].text: missing"},
	"a text object":       {Message, runsOf(plainly("a")), `blocks[0].elements[0].elements[0]: of a type that is unknown here: "plain_text"`},
	"a run by itself":     {Message, richly(obj{"type": "text", "text": "a"}), `blocks[0].elements[0]: of a type that is unknown here: "text"`},
	"no parts":            {Message, richly(), "blocks[0].elements: 0 < 1"},
	"no runs":             {Message, runsOf(), "blocks[0].elements[0].elements: 0 < 1"},
	"a styled run":        {Message, runsOf(obj{"type": "text", "text": "a", "style": "bold"}), "blocks[0].elements[0].elements[0].style: not an object"},
	"a style of its own":  {Message, runsOf(obj{"type": "text", "text": "a", "style": obj{"spoiler": true}}), "blocks[0].elements[0].elements[0].style.spoiler: unknown"},
	"a list of runs":      {Message, richly(with(listed(), "elements", objs{obj{"type": "text", "text": "a"}})), `blocks[0].elements[0].elements[0]: of a type that is unknown here: "text"`},
	"a list of no style":  {Message, richly(without(listed(), "style")), "blocks[0].elements[0].style: missing"},
	"a quoted section":    {Message, richly(obj{"type": "rich_text_quote", "elements": objs{obj{"type": "rich_text_section", "elements": objs{}}}}), `blocks[0].elements[0].elements[0]: of a type that is unknown here: "rich_text_section"`},
	"a mention in code":   {Message, richly(obj{"type": "rich_text_preformatted", "elements": objs{obj{"type": "user", "user_id": "U1"}}}), `blocks[0].elements[0].elements[0]: of a type that is unknown here: "user"`},
	"a link to nowhere":   {Message, runsOf(obj{"type": "link", "text": "a"}), "blocks[0].elements[0].elements[0].url: missing"},
	"a call of the world": {Message, runsOf(obj{"type": "broadcast", "range": "world"}), "blocks[0].elements[0].elements[0].range: none of here, channel, everyone"},

	"no view":            {View, obj{"trigger_id": "1"}, "view: missing"},
	"a view of text":     {View, obj{"view": "nonsense"}, "view: not JSON"},
	"a sheet":            {View, obj{"type": "sheet", "blocks": objs{}}, `payload: of a type that is unknown here: "sheet"`},
	"no title":           {View, without(modal(section("a")), "title"), "title: missing"},
	"an empty title":     {View, with(modal(section("a")), "title", plainly("")), "title: blank"},
	"a marked title":     {View, with(modal(section("a")), "title", styled("a")), "title: no text of type plain_text"},
	"an empty close":     {View, with(modal(section("a")), "close", plainly("")), "close: blank"},
	"an empty modal":     {View, modal(), "blocks: 0 < 1"},
	"no submit":          {View, without(modal(input(obj{"type": "datepicker"})), "submit"), "submit: missing beside an input"},
	"a titled home":      {View, obj{"type": "home", "title": plainly("a"), "blocks": objs{}}, "title: unknown"},
	"home without":       {View, obj{"type": "home"}, "blocks: missing"},
	"text of a modal":    {View, with(modal(section("a")), "text", "a"), "text: unknown"},
	"no errors":          {View, obj{"response_action": "errors"}, "errors: missing"},
	"nothing wrong":      {View, obj{"response_action": "errors", "errors": obj{}}, "errors: nothing in it"},
	"a blank error":      {View, obj{"response_action": "errors", "errors": obj{"b": ""}}, "errors.b: blank"},
	"an update to none":  {View, obj{"response_action": "update"}, "view: missing"},
	"a container inside": {View, modal(obj{"type": "markdown", "text": "a"}), `blocks[0]: of a type that is unknown here: "markdown"`},

	"no answer":       {Options, obj{}, "payload: not either options or groups of them"},
	"both answers":    {Options, obj{"options": objs{}, "option_groups": objs{}}, "payload: not either options or groups of them"},
	"a marked choice": {Options, obj{"options": objs{obj{"text": styled("a"), "value": "1"}}}, "options[0].text: no text of type plain_text"},
	"a choice twice":  {Options, obj{"options": objs{offer(1), offer(1)}}, "options[1].value: twice"},
}

func TestBroken(t *testing.T) {
	for name, c := range broken {
		seen := c.judge(encode(t, c.payload))
		if !slices.Equal(seen.Broken, []string{c.want}) {
			t.Errorf("%s: %q, want %q", name, seen.Broken, c.want)
		}
	}
}

// TestEncoding judges bytes that no encoder of JSON makes.
func TestEncoding(t *testing.T) {
	for payload, want := range map[string]string{
		"":                        "payload: neither an object nor a form",
		"nonsense":                "payload: neither an object nor a form",
		"{":                       "payload: not JSON",
		`{"text":"a"} {}`:         "payload: not JSON",
		"{\"text\":\"a\xff\"}":    "payload: not UTF-8",
		`{"text":"a\ud800"}`:      "payload: a lone surrogate",
		`{"text":"a\udc00"}`:      "payload: a lone surrogate",
		`{"text":"\ud800\ud800"}`: "payload: a lone surrogate",
		"text=a%FF":               "text: not UTF-8",
		"text=a&text=b":           "text: given 2 times",
		`{"text":"\ud83d\udc4d"}`: "",
		`{"text":"\\ud800 \\"}`:   "",
		"text=a":                  "",
	} {
		got := strings.Join(Message([]byte(payload)).Broken, "; ")
		if got != want {
			t.Errorf("%q: %q, want %q", payload, got, want)
		}
	}
}

// TestUnreadIsSeen counts what the judge can't read as read by everybody.
func TestUnreadIsSeen(t *testing.T) {
	for name, payload := range map[string]obj{
		"a container": says(obj{"type": "container", "title": plainly("SECRET"), "is_collapsed": true}),
		"a field":     says(with(section("a"), "spoiler", objs{"SECRET"})),
		"an argument": {"text": "a", "SECRET": true, "more": "SECRET"},
		"attachments": {"text": "a", "attachments": objs{obj{"fallback": "SECRET"}}},
		"a bare text": says(obj{"type": "header", "text": "SECRET"}),
		"no JSON":     {"text": "a", "blocks": "SECRET"},
	} {
		if seen := Message(encode(t, payload)); !strings.Contains(seen.Text, "SECRET") || !strings.Contains(seen.Notification, "SECRET") {
			t.Errorf("%s: %q is seen, %q notified", name, seen.Text, seen.Notification)
		}
	}
}

// TestMutations breaks each good payload in each place: nothing of it may be
// empty, null, of another type, or have a field that Slack doesn't know.
func TestMutations(t *testing.T) {
	for name, c := range good {
		judge := func(what string, payload any) {
			if raw := encode(t, payload); c.judge(raw).Broken == nil {
				t.Errorf("%s, %s: nothing is wrong with it: %s", name, what, raw)
			}
		}
		fresh := func() any { return decoded(t, encode(t, c.payload)) }
		for i := range count(c.payload) {
			judge("a string empty", replaced(fresh(), i, func(string) any { return "" }))
			judge("a string null", replaced(fresh(), i, func(string) any { return nil }))
			judge("a string in a list", replaced(fresh(), i, func(s string) any { return objs{s} }))
		}
		if name == "what was wrong" {
			continue // its fields are the ids of blocks
		}
		for i := range objects(c.payload) {
			judge("a field more", changed(fresh(), i, func(o obj) { o["surprise"] = "x" }))
		}
	}
}

// objects returns how many objects a payload holds.
func objects(v any) int {
	n := 0
	changed(v, -1, func(obj) { n++ })
	return n
}

// changed returns a payload with one of its objects changed; with -1 all are.
func changed(v any, which int, by func(obj)) any {
	n := -1
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			n++
			at := n
			for _, name := range sorted(v) {
				walk(v[name])
			}
			if which < 0 || at == which {
				by(v)
			}
		}
	}
	walk(v)
	return v
}
