package reading

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestMrkdwn(t *testing.T) {
	for text, want := range map[string]struct {
		shown string
		live  []string
	}{
		"plain, 3 < 4 & 5 > 4":     {"plain, 3 < 4 & 5 > 4", nil},
		"&lt;!channel&gt; &amp;":   {"<!channel> &", nil},
		"&amp;lt;!channel&amp;gt;": {"&lt;!channel&gt;", nil},
		"&#60; &quot; &nbsp;":      {"&#60; &quot; &nbsp;", nil},

		"<!channel> <!here|x>":           {"@channel @x", []string{"<!channel>", "<!here|x>"}},
		"<@U1> <@U1|frank>":              {"@U1 @frank", []string{"<@U1>", "<@U1|frank>"}},
		"<#C1> <#C1|general>":            {"#C1 #general", []string{"<#C1>", "<#C1|general>"}},
		"<!subteam^S1> <!subteam^S1|@a":  {"@S1 <!subteam^S1|@a", []string{"<!subteam^S1>", "@a"}},
		"<http://x|y &lt;> z":            {"y < z", []string{"<http://x|y &lt;>"}},
		"<http://x?a&amp;b>":             {"http://x?a&b", []string{"<http://x?a&amp;b>"}},
		"<http://a_b_c|*b*>":             {"*b*", []string{"<http://a_b_c|*b*>", "*b*"}},
		"<http://a/_b_>":                 {"http://a/_b_", []string{"<http://a/_b_>"}},
		"<mailto:a@b.c|y>":               {"y", []string{"<mailto:a@b.c|y>"}},
		"<!date^0^{date}^http://x|then>": {"{date} then", []string{"<!date^0^{date}^http://x|then>"}},
		"<>":                             {"<>", nil},
		"a < b\n> c":                     {"a < b\n> c", []string{"> c"}},

		"*b* (_i_) ~s~, `c`":    {"*b* (_i_) ~s~, `c`", []string{"`c`", "*b*", "_i_", "~s~"}},
		"*<@U1>*":               {"*@U1*", []string{"<@U1>", "*\uFFFC\uFFFC*"}},
		"a*b*c 3 * 4 * 5 a_b_c": {"a*b*c 3 * 4 * 5 a_b_c", nil},
		"*a\nb*":                {"*a\nb*", nil},
		"* a* *a *":             {"* a* *a *", nil},
		"**a** __":              {"**a** __", []string{"*a*"}},
		"日本*語*":                 {"日本*語*", []string{"*語*"}},
		"＊b＊ ＿i＿ ｀c｀":           {"＊b＊ ＿i＿ ｀c｀", []string{"`c`", "＊b＊", "＿i＿"}},
		"```a\nb```":            {"```a\nb```", []string{"```a\nb```"}},
		"a\n> b\n  &gt; c\n＞d":  {"a\n> b\n  > c\n＞d", []string{"> b", "  > c", "＞d"}},
		"&amp;gt; a, b &gt; c":  {"&gt; a, b > c", nil},
		":smile: 12:30 :日本:":    {":smile: 12:30 :日本:", []string{":smile:", ":日本:"}},
		"a: b :c":               {"a: b :c", nil},

		"see http://x.y/z, www.a.b": {"see http://x.y/z, www.a.b", []string{"http://x.y/z,", "www.a.b"}},
		"a@example.org example.com": {"a@example.org example.com", []string{"a@example.org", "example.com"}},
		"the end.But 3.5 Mr.X":      {"the end.But 3.5 Mr.X", nil},
		"@here (#general) a#b &#9;": {"@here (#general) a#b &#9;", []string{"@here", "#general"}},
	} {
		r := newReader()
		shown := r.mrkdwn(text, all)
		if shown != want.shown {
			t.Errorf("%q: shown %q, want %q", text, shown, want.shown)
		}
		if !slices.Equal(r.live, want.live) {
			t.Errorf("%q: live %q, want %q", text, r.live, want.live)
		}
	}
}

// TestWhereLive says where a text is live and where it is not.
func TestWhereLive(t *testing.T) {
	const text = "<!here> *b* :smile: http://x.y @here"
	emoji := []string{":smile:"}
	marked := []string{"<!here>", "*b*", ":smile:", "http://x.y"}
	named := append(slices.Clone(marked), "@here")
	for name, c := range map[string]struct {
		payload obj
		live    []string
	}{
		"a message's text":       {obj{"text": text}, marked},
		"one without addresses":  {obj{"text": text, "parse": "none"}, marked[:3]},
		"one with names":         {obj{"text": text, "link_names": true}, named},
		"one that is parsed":     {obj{"text": text, "parse": "full"}, named},
		"mrkdwn":                 {obj{"blocks": objs{section(text)}}, named},
		"verbatim":               {obj{"blocks": objs{obj{"type": "section", "text": obj{"type": "mrkdwn", "text": text, "verbatim": true}}}}, named},
		"plain text":             {obj{"blocks": objs{obj{"type": "header", "text": plainly(text)}}}, nil},
		"plain text with emojis": {obj{"blocks": objs{obj{"type": "header", "text": obj{"type": "plain_text", "text": text, "emoji": true}}}}, emoji},
		"plain text by default":  {obj{"blocks": objs{obj{"type": "header", "text": obj{"type": "plain_text", "text": text}}}}, emoji},
		"rich text":              {obj{"blocks": objs{rich(text)}}, nil},
		"an alt text":            {obj{"blocks": objs{obj{"type": "image", "alt_text": text, "image_url": "x"}}}, nil},
		"rich elements": {obj{"blocks": objs{obj{"type": "rich_text", "elements": objs{obj{"type": "rich_text_section", "elements": objs{
			obj{"type": "user", "user_id": "U1"}, obj{"type": "usergroup", "usergroup_id": "S1"}, obj{"type": "channel", "channel_id": "C1"}, obj{"type": "broadcast", "range": "channel"},
			obj{"type": "link", "url": "http://x", "text": "y"}, obj{"type": "link", "url": "http://x"}, obj{"type": "emoji", "name": "wave"}, obj{"type": "date", "timestamp": 1, "format": "{date}"}, obj{"type": "color", "value": "#F405B3"},
		}}}}}}, []string{"<@U1>", "<!subteam^S1>", "<#C1>", "<!channel>", "<http://x|y>", "<http://x>", ":wave:", "<!date^{date}>", "#F405B3"}},
		"a button's address": {obj{"blocks": objs{obj{"type": "actions", "elements": objs{obj{"type": "button", "text": plainly("b"), "url": "http://x"}}}}}, []string{"http://x"}},
	} {
		if seen := Message(encode(t, c.payload)); !slices.Equal(seen.Live, c.live) {
			t.Errorf("%s: live %q, want %q", name, seen.Live, c.live)
		}
	}
}

// TestEntities reads entities in plain text in both ways.
func TestEntities(t *testing.T) {
	seen := View(encode(t, modal(obj{"type": "header", "text": plainly("a &lt; b")})))
	for _, want := range []string{"a &lt; b", "a < b"} {
		if !strings.Contains(seen.Text, want) {
			t.Errorf("%q is not in %q", want, seen.Text)
		}
	}
}

// TestLong reads long texts that would take a careless reader minutes. The limit
// is wide, for a busy machine.
func TestLong(t *testing.T) {
	for _, unit := range []string{"<", "<a", "<!a|", "`", "``", "```", "*", "*a", "*a ", " *a", "_", ":", ":a", "a.", "a.b@", "http://", "#", "&", "&lt;", "\n>", "@a", "a:"} {
		start := time.Now()
		Message(encode(t, obj{"text": strings.Repeat(unit, 20000/len(unit)), "blocks": objs{section(strings.Repeat(unit, 20000/len(unit)))}}))
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%q over and over took %v", unit, took)
		}
	}
}
