package reading

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// needed are payloads without what they need, by type: each field named is
// taken from it in turn.
var needed = map[string]struct {
	fields string
	within func(obj) obj
	of     obj
	at     string
}{
	"header":                 {"text", says, obj{"type": "header", "text": plainly("a")}, "blocks[0]"},
	"context":                {"elements", says, obj{"type": "context", "elements": objs{styled("a")}}, "blocks[0]"},
	"actions":                {"elements", says, obj{"type": "actions", "elements": objs{button("a")}}, "blocks[0]"},
	"image":                  {"alt_text", says, obj{"type": "image", "alt_text": "a", "image_url": "x"}, "blocks[0]"},
	"input":                  {"label element", says, input(obj{"type": "datepicker"}), "blocks[0]"},
	"rich_text":              {"elements", says, rich("a"), "blocks[0]"},
	"button":                 {"text", acts, button("a"), "blocks[0].elements[0]"},
	"overflow":               {"options", acts, obj{"type": "overflow", "options": objs{offer(1)}}, "blocks[0].elements[0]"},
	"checkboxes":             {"options", acts, obj{"type": "checkboxes", "options": objs{offer(1)}}, "blocks[0].elements[0]"},
	"radio_buttons":          {"options", acts, obj{"type": "radio_buttons", "options": objs{offer(1)}}, "blocks[0].elements[0]"},
	"number_input":           {"is_decimal_allowed", takes, obj{"type": "number_input", "is_decimal_allowed": true}, "blocks[0].element"},
	"dialog":                 {"title text confirm deny", func(o obj) obj { return acts(with(button("a"), "confirm", o)) }, asks(), "blocks[0].elements[0].confirm"},
	"option":                 {"text value", func(o obj) obj { return acts(offers(o)) }, offer(1).(obj), "blocks[0].elements[0].options[0]"},
	"group":                  {"label options", func(o obj) obj { return acts(obj{"type": "static_select", "option_groups": objs{o}}) }, group(1)(0).(obj), "blocks[0].elements[0].option_groups[0]"},
	"rich_text_section":      {"elements", part, obj{"type": "rich_text_section", "elements": objs{obj{"type": "text", "text": "a"}}}, "blocks[0].elements[0]"},
	"rich_text_quote":        {"elements", part, obj{"type": "rich_text_quote", "elements": objs{obj{"type": "text", "text": "a"}}}, "blocks[0].elements[0]"},
	"rich_text_preformatted": {"elements", part, obj{"type": "rich_text_preformatted", "elements": objs{obj{"type": "text", "text": "a"}}}, "blocks[0].elements[0]"},
	"rich_text_list":         {"elements style", part, listed(), "blocks[0].elements[0]"},
	"text":                   {"text", runOf, obj{"type": "text", "text": "a"}, "blocks[0].elements[0].elements[0]"},
	"link":                   {"url", runOf, obj{"type": "link", "url": "x", "text": "a"}, "blocks[0].elements[0].elements[0]"},
	"user":                   {"user_id", runOf, obj{"type": "user", "user_id": "a"}, "blocks[0].elements[0].elements[0]"},
	"usergroup":              {"usergroup_id", runOf, obj{"type": "usergroup", "usergroup_id": "a"}, "blocks[0].elements[0].elements[0]"},
	"team":                   {"team_id", runOf, obj{"type": "team", "team_id": "a"}, "blocks[0].elements[0].elements[0]"},
	"channel":                {"channel_id", runOf, obj{"type": "channel", "channel_id": "a"}, "blocks[0].elements[0].elements[0]"},
	"broadcast":              {"range", runOf, obj{"type": "broadcast", "range": "here"}, "blocks[0].elements[0].elements[0]"},
	"emoji":                  {"name", runOf, obj{"type": "emoji", "name": "a"}, "blocks[0].elements[0].elements[0]"},
	"date":                   {"timestamp format", runOf, obj{"type": "date", "timestamp": 1, "format": "{date}"}, "blocks[0].elements[0].elements[0]"},
	"color":                  {"value", runOf, obj{"type": "color", "value": "#000000"}, "blocks[0].elements[0].elements[0]"},
}

func part(o obj) obj  { return richly(o) }
func runOf(o obj) obj { return runsOf(o) }

func TestMissing(t *testing.T) {
	for name, c := range needed {
		for field := range strings.FieldsSeq(c.fields) {
			seen := Message(encode(t, c.within(without(maps.Clone(c.of), field))))
			if want := []string{c.at + "." + field + ": missing"}; !slices.Equal(seen.Broken, want) {
				t.Errorf("%s without %s: %q, want %q", name, field, seen.Broken, want)
			}
		}
	}
}

// TestMinimal passes what has all that it needs and nothing more, and looks for
// each element everywhere.
func TestMinimal(t *testing.T) {
	for name, c := range needed {
		if seen := Message(encode(t, c.within(maps.Clone(c.of)))); seen.Broken != nil {
			t.Errorf("%s: %q", name, seen.Broken)
		}
	}
	for name := range elements {
		of := obj{"type": name, "action_id": "a"}
		for field := range strings.FieldsSeq(needed[name].fields) {
			of[field] = needed[name].of[field]
		}
		if strings.HasSuffix(name, "static_select") {
			of["options"] = objs{offer(1)}
		}
		section := Message(encode(t, says(with(section("a"), "accessory", of)))).Broken == nil
		acting := Message(encode(t, acts(of))).Broken == nil
		typing := Message(encode(t, takes(of))).Broken == nil
		if want, ok := stands[name]; !ok || want != [3]bool{section, acting, typing} {
			t.Errorf("%s stands in %v, want %v", name, [3]bool{section, acting, typing}, want)
		}
	}
	if len(stands) != len(elements) {
		t.Errorf("%d elements, want %d", len(elements), len(stands))
	}
}

// stands says where an element may stand: beside a section, among actions, in
// an input.
var stands = map[string][3]bool{
	"button":                {true, true, false},
	"overflow":              {true, true, false},
	"checkboxes":            {true, true, true},
	"radio_buttons":         {true, true, true},
	"datepicker":            {true, true, true},
	"timepicker":            {true, true, true},
	"datetimepicker":        {false, true, true},
	"static_select":         {true, true, true},
	"external_select":       {true, true, true},
	"users_select":          {true, true, true},
	"conversations_select":  {true, true, true},
	"channels_select":       {true, true, true},
	"multi_static_select":   {true, false, true},
	"multi_external_select": {true, false, true},
	"plain_text_input":      {false, false, true},
	"number_input":          {false, false, true},
	"email_text_input":      {false, false, true},
	"url_text_input":        {false, false, true},
}
