package slacktest_test

import (
	"maps"
	"strconv"
	"strings"
	"testing"

	"dogear/adapters/slack/slacktest"
)

func long(n int) string { return strings.Repeat("x", n) }

func many(n int, v any) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// with returns an object with other values; nil takes one away.
func with(o object, key string, v any) object {
	out := maps.Clone(o)
	if out[key] = v; v == nil {
		delete(out, key)
	}
	return out
}

func text(elements ...any) object {
	return object{"type": "rich_text", "elements": []any{object{"type": "rich_text_section", "elements": elements}}}
}

func menu(options []any) object {
	return object{"type": "static_select", "action_id": "m", "placeholder": plain("Which?"), "options": options}
}

func numbered(n int) []any {
	out := []any{}
	for i := range n {
		out = append(out, object{"text": plain("o" + strconv.Itoa(i)), "value": strconv.Itoa(i)})
	}
	return out
}

// TestBlocks holds each shape against its limit, and one past it.
func TestBlocks(t *testing.T) {
	b1 := button("Go", "a", "")
	for name, c := range map[string]struct{ good, bad any }{
		"section":         {section(long(3000)), section(long(3001))},
		"section's text":  {section("x"), section("")},
		"fields":          {object{"type": "section", "fields": many(10, plain("x"))}, object{"type": "section", "fields": many(11, plain("x"))}},
		"nothing":         {section("x"), object{"type": "section"}},
		"header":          {object{"type": "header", "text": plain(long(150))}, object{"type": "header", "text": plain(long(151))}},
		"header's type":   {object{"type": "header", "text": plain("x")}, object{"type": "header", "text": object{"type": "mrkdwn", "text": "x"}}},
		"button":          {actions(button(long(75), "a", "")), actions(button(long(76), "a", ""))},
		"UTF-16":          {actions(button(strings.Repeat("😀", 37), "a", "")), actions(button(strings.Repeat("😀", 38), "a", ""))},
		"value":           {actions(button("x", "a", long(2000))), actions(button("x", "a", long(2001)))},
		"action_id":       {actions(button("x", long(255), "")), actions(button("x", long(256), ""))},
		"action_id twice": {actions(b1, button("x", "b", "")), actions(b1, b1)},
		"block_id":        {with(section("x"), "block_id", long(255)), with(section("x"), "block_id", long(256))},
		"style":           {actions(with(b1, "style", "primary")), actions(with(b1, "style", "default"))},
		"elements":        {actions(numberedButtons(25)...), actions(numberedButtons(26)...)},
		"no elements":     {actions(b1), actions()},
		"context":         {object{"type": "context", "elements": many(10, plain("x"))}, object{"type": "context", "elements": many(11, plain("x"))}},
		"button there":    {actions(b1), object{"type": "context", "elements": []any{b1}}},
		"extra":           {section("x"), with(section("x"), "colour", "red")},
		"type":            {object{"type": "divider"}, object{"type": "container"}},
		"image":           {object{"type": "image", "image_url": "u", "alt_text": "a"}, object{"type": "image", "image_url": "u"}},
		"options":         {actions(menu(numbered(100))), actions(menu(numbered(101)))},
		"no options":      {actions(menu(numbered(1))), actions(menu([]any{}))},
		"option":          {actions(menu(options(long(75)))), actions(menu(options(long(76))))},
		"placeholder":     {actions(with(menu(numbered(1)), "placeholder", plain(long(150)))), actions(with(menu(numbered(1)), "placeholder", plain(long(151))))},
		"initial":         {actions(with(menu(numbered(1)), "initial_option", numbered(1)[0])), actions(with(menu(numbered(1)), "initial_option", numbered(2)[1]))},
		"overflow":        {actions(object{"type": "overflow", "action_id": "o", "options": numbered(5)}), actions(object{"type": "overflow", "action_id": "o", "options": numbered(6)})},
		"rich text":       {text(object{"type": "text", "text": "x", "style": object{"bold": true}}), text(object{"type": "text", "text": ""})},
		"broadcast":       {text(object{"type": "link", "url": "u"}), text(object{"type": "broadcast", "range": "channel"})},
		"rich text list":  {list("bullet"), list("dots")},
		"rich text style": {text(object{"type": "text", "text": "x"}), text(object{"type": "text", "text": "x", "style": object{"spoiler": true}})},
		"typed":           {section("x"), actions(object{"type": "plain_text_input", "action_id": "t"})},
		"text object":     {section("x"), object{"type": "section", "text": object{"type": "mrkdwn", "text": "x", "emoji": true}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := slacktest.New(t, slacktest.Tolerate(slacktest.Limits))
			b, ch := newBot(t, s, club), s.Channel("books")
			post := func(block any) object {
				return b.post(object{"channel": ch.ID, "text": "t", "blocks": []any{block}})
			}
			if got := post(c.good); got["ok"] != true || len(s.Violations()) != 0 {
				t.Errorf("the good one: %v, %q", got["error"], s.Violations())
			}
			if got := post(c.bad); got["error"] != "invalid_blocks" || len(s.Violations()) == 0 {
				t.Errorf("the bad one: %v, %q", got["error"], s.Violations())
			}
		})
	}
}

func numberedButtons(n int) []any {
	out := []any{}
	for i := range n {
		out = append(out, button("x", strconv.Itoa(i), ""))
	}
	return out
}

func list(style string) object {
	section := object{"type": "rich_text_section", "elements": []any{object{"type": "text", "text": "x"}}}
	return object{"type": "rich_text", "elements": []any{object{"type": "rich_text_list", "style": style, "elements": []any{section}}}}
}

func TestMessages(t *testing.T) {
	hundred := section(long(100))
	named := with(section("x"), "block_id", "b")
	for name, c := range map[string]struct {
		args  object
		error any // nil: it is done
		rule  slacktest.Rule
	}{
		"good":        {args: object{"text": "x"}},
		"text":        {args: object{"text": long(4000)}},
		"long text":   {object{"text": long(4001)}, "msg_too_long", slacktest.Limits},
		"nothing":     {object{}, "no_text", slacktest.Protocol},
		"no text":     {object{"blocks": []any{hundred}}, nil, slacktest.Texts},
		"blocks":      {args: object{"text": "x", "blocks": many(50, hundred)}},
		"many blocks": {object{"text": "x", "blocks": many(51, hundred)}, "invalid_blocks", slacktest.Limits},
		"much":        {object{"text": "x", "blocks": many(5, section(long(2800)))}, "msg_blocks_too_long", slacktest.Limits},
		"block_ids":   {object{"text": "x", "blocks": []any{named, named}}, "invalid_blocks", slacktest.Limits},
		"null":        {object{"text": "x", "blocks": "null"}, "invalid_blocks", slacktest.Protocol},
		"broken":      {object{"text": "x", "blocks": "[{"}, "invalid_arguments", slacktest.Protocol},
		"unfurled":    {object{"text": "x", "unfurl_links": "true"}, nil, slacktest.Unfurls},
		"media":       {object{"text": "x", "unfurl_media": ""}, nil, slacktest.Unfurls},
		"names":       {object{"text": "x", "link_names": "1"}, nil, slacktest.Unfurls},
		"parsed":      {object{"text": "x", "parse": "full"}, nil, slacktest.Unfurls},
	} {
		t.Run(name, func(t *testing.T) {
			s := slacktest.New(t, slacktest.Tolerate(c.rule))
			b, ch := newBot(t, s, club), s.Channel("books")
			c.args["channel"] = ch.ID
			if got := b.post(c.args); got["error"] != c.error {
				t.Errorf("the answer is %v", got["error"])
			}
			if broken := len(s.Violations()) != 0; broken != (c.rule != "") {
				t.Errorf("broken: %q", s.Violations())
			}
			if (len(ch.Messages()) == 1) != (c.error == nil) {
				t.Errorf("there are %d messages", len(ch.Messages()))
			}
		})
	}
}

func TestViews(t *testing.T) {
	field := input("L", "b", object{"type": "plain_text_input", "action_id": "t"})
	good := modal("T", field)
	for name, c := range map[string]struct {
		view object
		ok   bool
	}{
		"good":            {good, true},
		"title":           {modal(long(24), section("x")), true},
		"long title":      {modal(long(25), section("x")), false},
		"no title":        {with(good, "title", nil), false},
		"submit":          {with(good, "submit", plain(long(25))), false},
		"no submit":       {with(good, "submit", nil), false},
		"close":           {with(good, "close", plain(long(25))), false},
		"metadata":        {with(good, "private_metadata", long(3000)), true},
		"long metadata":   {with(good, "private_metadata", long(3001)), false},
		"callback":        {with(good, "callback_id", long(256)), false},
		"blocks":          {modal("T", many(100, section("x"))...), true},
		"many blocks":     {modal("T", many(101, section("x"))...), false},
		"a home":          {home(section("x")), false},
		"label":           {modal("T", input(long(2001), "b", object{"type": "plain_text_input"})), false},
		"button in input": {modal("T", input("L", "b", button("x", "a", ""))), false},
		"most typed":      {modal("T", input("L", "b", object{"type": "plain_text_input", "max_length": 3001})), false},
		"markdown":        {modal("T", object{"type": "markdown", "text": "x"}), false},
		"extra":           {with(good, "colour", "red"), false},
	} {
		t.Run(name, func(t *testing.T) {
			s := slacktest.New(t, slacktest.Tolerate(slacktest.Limits))
			b := newBot(t, s, func(b *bot, e told) (any, bool) {
				if e.object["type"] == "shortcut" {
					b.done.Go(func() { b.open(e.object["trigger_id"], c.view) })
				}
				return nil, true
			}).connect()
			_ = b
			ann := s.User("ann")
			if !c.ok {
				ann = ann.Unanswered()
			}
			seen := ann.Shortcut("x")
			if opened := seen.View().ID != ""; opened != c.ok || (len(s.Violations()) == 0) != c.ok {
				t.Errorf("opened: %v, broken: %q", opened, s.Violations())
			}
		})
	}
	t.Run("home", func(t *testing.T) {
		s := slacktest.New(t, slacktest.Tolerate(slacktest.Limits))
		b, ann := newBot(t, s, club), s.User("ann")
		if got := b.json("views.publish", s.BotToken, object{"user_id": ann.ID, "view": with(home(section("x")), "title", plain("x"))}); got["error"] != "invalid_arguments" {
			t.Errorf("a home with a title: %v", got["error"])
		}
	})
}
