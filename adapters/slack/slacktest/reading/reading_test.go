package reading

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

type (
	obj  = map[string]any
	objs = []any
)

// plainly, marked and rich are a text object of either type, and a rich text.
func plainly(text string) obj { return obj{"type": "plain_text", "text": text, "emoji": false} }
func styled(text string) obj  { return obj{"type": "mrkdwn", "text": text} }
func rich(text string) obj {
	return obj{"type": "rich_text", "elements": objs{obj{"type": "rich_text_section", "elements": objs{obj{"type": "text", "text": text}}}}}
}

func section(text string) obj { return obj{"type": "section", "text": styled(text)} }
func button(id string) obj {
	return obj{"type": "button", "text": plainly("Reveal"), "action_id": id, "value": "v"}
}

// post is a message that is posted; its text says what one rich text says.
func post(blocks ...any) obj {
	return obj{"channel": "C1", "text": "Good words.", "blocks": append(objs{}, blocks...), "unfurl_links": false, "unfurl_media": false}
}

func modal(blocks ...any) obj {
	return obj{"type": "modal", "title": plainly("Title"), "submit": plainly("Save"), "blocks": append(objs{}, blocks...)}
}

func encode(t testing.TB, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// good are payloads with nothing wrong, and what is seen of them.
var good = map[string]struct {
	judge   func([]byte) Seen
	payload any
	text    string
}{
	"a text":           {Message, obj{"text": "Nothing to hide."}, "Nothing to hide."},
	"deleting":         {Message, obj{"delete_original": true}, ""},
	"a post":           {Message, post(rich("Good words."), obj{"type": "actions", "elements": objs{button("a")}}), "Good words.\nReveal\nGood words."},
	"an edit":          {Message, obj{"channel": "C1", "ts": "1.2", "text": "a b", "attachments": objs{}, "blocks": objs{section("a"), section("b")}}, "a\nb\na b"},
	"for one":          {Message, obj{"channel": "C1", "user": "U1", "thread_ts": "1.2", "text": "a"}, "a"},
	"an answer":        {Message, obj{"response_type": "ephemeral", "replace_original": false, "text": "a"}, "a"},
	"words in pieces":  {Message, obj{"text": "Knightley", "blocks": objs{obj{"type": "rich_text", "elements": objs{obj{"type": "rich_text_section", "elements": objs{obj{"type": "text", "text": "Knight"}, obj{"type": "text", "text": "ley", "style": obj{"bold": true}}}}}}}}, "Knightley\nKnightley"},
	"unseen in a word": {Message, obj{"text": "kn\u200bight", "blocks": objs{rich("knight")}}, "knight\nkn\u200bight"},
	"a cut text":       {Message, obj{"text": strings.Repeat("a ", 500) + "…", "blocks": objs{rich("a a b c")}}, "a a b c\n" + strings.Repeat("a ", 500) + "…"},
	"all blocks": {Message, obj{"text": "a b c d e f g h i", "blocks": objs{
		obj{"type": "header", "block_id": "1", "text": plainly("a")},
		obj{"type": "section", "block_id": "2", "fields": objs{styled("b"), plainly("c")}, "accessory": obj{"type": "image", "alt_text": "d", "image_url": "https://x"}},
		obj{"type": "divider", "block_id": "3"},
		obj{"type": "context", "elements": objs{styled("e"), obj{"type": "image", "alt_text": "f", "image_url": "https://x"}}},
		obj{"type": "image", "title": plainly("g"), "alt_text": "h", "image_url": "https://x"},
		obj{"type": "input", "label": plainly("i"), "element": obj{"type": "plain_text_input", "action_id": "a", "placeholder": plainly("j"), "initial_value": "k"}},
	}}, "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\na b c d e f g h i"},
	"rich text": {Message, obj{"text": "a b c d @U1 #C1 @here x", "blocks": objs{obj{"type": "rich_text", "elements": objs{
		obj{"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": objs{obj{"type": "rich_text_section", "elements": objs{obj{"type": "text", "text": "a", "style": obj{"italic": true}}}}}},
		obj{"type": "rich_text_quote", "border": 1, "elements": objs{obj{"type": "text", "text": "*b*"}}},
		obj{"type": "rich_text_preformatted", "elements": objs{obj{"type": "text", "text": "c"}}},
		obj{"type": "rich_text_section", "elements": objs{obj{"type": "link", "url": "https://x", "text": "d"}, obj{"type": "text", "text": "\n"}, obj{"type": "user", "user_id": "U1"}, obj{"type": "channel", "channel_id": "C1"}, obj{"type": "broadcast", "range": "here"},
			obj{"type": "emoji", "name": "wave"}, obj{"type": "date", "timestamp": 1, "format": "{date}", "fallback": "then"}}},
		obj{"type": "rich_text_section", "elements": objs{obj{"type": "link", "url": "x"}}},
	}}}}, "a\n*b*\nc\nd\n@U1#C1@here:wave:{date}then\nx\na b c d @U1 #C1 @here x"},
	"menus": {Message, obj{"text": "a", "blocks": objs{obj{"type": "actions", "elements": objs{
		obj{"type": "static_select", "action_id": "1", "placeholder": plainly("p"), "options": objs{obj{"text": plainly("o"), "value": "1", "description": plainly("d")}}, "initial_option": obj{"text": plainly("o"), "value": "1", "description": plainly("d")}},
		obj{"type": "static_select", "action_id": "2", "option_groups": objs{obj{"label": plainly("g"), "options": objs{obj{"text": plainly("q"), "value": "1"}}}}},
		obj{"type": "external_select", "action_id": "3", "min_query_length": 0},
		obj{"type": "button", "text": plainly("b"), "url": "https://x", "style": "danger", "confirm": obj{"title": plainly("t"), "text": plainly("u"), "confirm": plainly("y"), "deny": plainly("n")}},
	}}}}, "p\no\nd\no\nd\ng\nq\nb\nt\nu\ny\nn\na"},
	"a modal":         {View, modal(rich("words"), obj{"type": "input", "label": plainly("l"), "element": obj{"type": "number_input", "is_decimal_allowed": false, "action_id": "a"}}), "Title\nwords\nl\nSave"},
	"opening a modal": {View, obj{"trigger_id": "1", "view": modal(section("a"))}, "Title\na\nSave"},
	"a modal in text": {View, obj{"view": `{"type":"modal","title":{"type":"plain_text","text":"Title"},"blocks":[{"type":"divider"}]}`}, "Title"},
	"a home":          {View, obj{"user_id": "U1", "view": obj{"type": "home", "blocks": objs{section("a")}}}, "a"},
	"another modal":   {View, obj{"response_action": "update", "view": modal(section("a"))}, "Title\na\nSave"},
	"what was wrong":  {View, obj{"response_action": "errors", "errors": obj{"b1": "no such chapter"}}, "no such chapter"},
	"choices":         {Options, obj{"options": objs{obj{"text": plainly("a"), "value": "1"}, obj{"text": plainly("a"), "value": "2"}}}, "a\na"},
	"no choices":      {Options, obj{"options": objs{}}, ""},
	"grouped choices": {Options, obj{"option_groups": objs{obj{"label": plainly("g"), "options": objs{obj{"text": plainly("a"), "value": "1"}}}}}, "g\na"},
}

func TestGood(t *testing.T) {
	for name, c := range good {
		seen := c.judge(encode(t, c.payload))
		if seen.Broken != nil {
			t.Errorf("%s: broken: %q", name, seen.Broken)
		}
		if seen.Text != c.text {
			t.Errorf("%s: text %q, want %q", name, seen.Text, c.text)
		}
	}
}

// TestForm judges the same message as JSON, as a form, and with its blocks in a
// string.
func TestForm(t *testing.T) {
	payload := post(rich("Good words."), obj{"type": "actions", "block_id": "b", "elements": objs{button("a")}})
	want := Message(encode(t, payload))
	blocks := string(encode(t, payload["blocks"]))
	form := url.Values{"channel": {"C1"}, "text": {"Good words."}, "blocks": {blocks}, "unfurl_links": {"false"}, "unfurl_media": {"0"}}
	payload["blocks"] = blocks
	for name, got := range map[string]Seen{"a form": Message([]byte(form.Encode())), "a string": Message(encode(t, payload))} {
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("as %s: %+v, want %+v", name, got, want)
		}
	}
	form.Add("text", "SECRET")
	if seen := Message([]byte(form.Encode())); seen.Broken == nil || !strings.Contains(seen.Text, "SECRET") {
		t.Errorf("two texts: %+v", seen)
	}
}

func TestNotification(t *testing.T) {
	seen := Message(encode(t, obj{"text": "*top* &lt;", "blocks": objs{
		section("top"),
		obj{"type": "actions", "elements": objs{
			obj{"type": "button", "text": plainly("Button"), "confirm": obj{"title": plainly("t"), "text": plainly("u"), "confirm": plainly("y"), "deny": plainly("n")}},
			obj{"type": "overflow", "options": objs{obj{"text": plainly("Option"), "value": "1"}}},
		}},
	}}))
	if want := "top\nButton\n*top* <"; seen.Notification != want {
		t.Errorf("%q, want %q", seen.Notification, want)
	}
}

// TestHidden puts a name in every place of which a person sees nothing.
func TestHidden(t *testing.T) {
	seen := Message(encode(t, obj{"channel": "CHANNEL", "user": "USER", "thread_ts": "THREAD", "text": "a <http://ADDRESS|a> <@WHO|a> <!date^STAMP^{date}^TARGET|a>",
		"metadata": obj{"event_type": "META", "event_payload": obj{"KEY": objs{"DEEP"}}},
		"blocks": objs{
			obj{"type": "actions", "block_id": "BLOCK", "elements": objs{
				obj{"type": "button", "action_id": "ACTION", "value": "VALUE", "url": "URL", "text": plainly("b")},
				obj{"type": "static_select", "action_id": "MENU", "options": objs{obj{"text": plainly("o"), "value": "OPTION"}}}}},
			obj{"type": "image", "alt_text": "a", "image_url": "IMAGE"},
			obj{"type": "rich_text", "elements": objs{obj{"type": "rich_text_section", "elements": objs{obj{"type": "link", "url": "LINK", "text": "a"}}}}},
		}}))
	modal := View(encode(t, obj{"trigger_id": "TRIGGER", "view": obj{"type": "modal", "title": plainly("t"), "private_metadata": "PRIVATE", "callback_id": "CALLBACK", "external_id": "EXTERNAL", "blocks": objs{section("a")}}}))
	failed := View(encode(t, obj{"response_action": "errors", "errors": obj{"INPUT": "a"}}))
	hidden := strings.Join(slices.Concat(seen.Hidden, modal.Hidden, failed.Hidden), " ")
	for w := range strings.FieldsSeq("CHANNEL USER THREAD ADDRESS WHO STAMP TARGET INPUT META KEY DEEP BLOCK ACTION VALUE URL MENU OPTION IMAGE LINK TRIGGER PRIVATE CALLBACK EXTERNAL") {
		if !strings.Contains(hidden, w) {
			t.Errorf("%s is not hidden: %q", w, hidden)
		}
		if strings.Contains(seen.Text+modal.Text+failed.Text, w) {
			t.Errorf("%s is seen", w)
		}
	}
	if seen.Broken != nil || modal.Broken != nil {
		t.Errorf("broken: %q %q", seen.Broken, modal.Broken)
	}
}

// TestNothingIsLost puts a canary in each string of each good payload: it has
// to be seen or hidden, or the payload to be broken and the canary seen.
func TestNothingIsLost(t *testing.T) {
	for name, c := range good {
		for i := range count(c.payload) {
			payload := replaced(decoded(t, encode(t, c.payload)), i, func(string) any { return "CANARY" })
			seen := c.judge(encode(t, payload))
			if !strings.Contains(seen.Text+strings.Join(seen.Hidden, " ")+fmt.Sprint(seen.Broken), "CANARY") {
				t.Errorf("%s, string %d: lost: %s", name, i, encode(t, payload))
			}
			payload = replaced(decoded(t, encode(t, c.payload)), i, func(string) any { return objs{1, true, "CANARY"} })
			seen = c.judge(encode(t, payload))
			if seen.Broken == nil || !strings.Contains(seen.Text+strings.Join(seen.Hidden, " "), "CANARY") {
				t.Errorf("%s, string %d as a list: lost: %s", name, i, encode(t, payload))
			}
		}
	}
}

func decoded(t testing.TB, raw []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// count returns how many strings a payload holds.
func count(v any) int {
	n := 0
	replaced(v, -1, func(string) any { n++; return nil })
	return n
}

// replaced returns a payload with one of its strings replaced; with -1 it calls
// the function for all and replaces none.
func replaced(v any, which int, by func(string) any) any {
	n := -1
	var walk func(any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case string:
			n++
			if which < 0 {
				by(v)
			} else if n == which {
				return by(v)
			}
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		case map[string]any:
			for _, name := range sorted(v) {
				v[name] = walk(v[name])
			}
		}
		return v
	}
	return walk(v)
}

func TestUTF16(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "é": 1, "👍": 2, "👍🏽": 4, "\xff\xfe": 2} {
		if got := UTF16(s); got != want {
			t.Errorf("%q is %d long, want %d", s, got, want)
		}
	}
}

func TestHostile(t *testing.T) {
	all := map[string]bool{}
	var joined strings.Builder
	for seed := range uint64(5000) {
		text := Hostile(seed)
		if Hostile(seed) != text {
			t.Fatalf("seed %d makes two texts", seed)
		}
		all[text] = true
		joined.WriteString(text)
	}
	if len(all) < 4000 {
		t.Errorf("5000 seeds make %d texts", len(all))
	}
	for _, group := range pieces {
		for _, piece := range group {
			if !strings.Contains(joined.String(), piece) {
				t.Errorf("no text holds %q", piece)
			}
		}
	}
}

// TestHostileIsLive shows that the hostile texts are: to escape them, or to do
// nothing, is not enough in mrkdwn, and that in a rich text they are not.
func TestHostileIsLive(t *testing.T) {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	raw, escaped := 0, 0
	for seed := range uint64(500) {
		text := "x" + strings.ToValidUTF8(Hostile(seed), "")
		if len(Message(encode(t, obj{"text": text})).Live) > 0 {
			raw++
		}
		seen := Message(encode(t, obj{"text": escape.Replace(text)}))
		if len(seen.Live) > 0 {
			escaped++
		}
		if seen.Text != text {
			t.Errorf("seed %d: escaped, %q is read as %q", seed, text, seen.Text)
		}
		if seen := Message(encode(t, obj{"text": strings.Repeat("a ", 500) + "…", "blocks": objs{rich(text)}})); len(seen.Live) > 0 {
			t.Errorf("seed %d: live in a rich text: %q", seed, seen.Live)
		}
	}
	if raw < 200 || escaped < 150 || escaped >= raw {
		t.Errorf("of 500 texts %d are live, %d escaped", raw, escaped)
	}
}

func FuzzMessage(f *testing.F) {
	for _, c := range good {
		f.Add(encode(f, c.payload))
	}
	for seed := range uint64(200) {
		f.Add(encode(f, post(rich(Hostile(seed)), section(Hostile(seed+1000)))))
		f.Add([]byte(Hostile(seed)))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		for _, judge := range []func([]byte) Seen{Message, View, Options} {
			seen := judge(payload)
			if seen.Text == "" && seen.Notification != "" {
				t.Errorf("a notification alone: %q", seen.Notification)
			}
		}
	})
}
