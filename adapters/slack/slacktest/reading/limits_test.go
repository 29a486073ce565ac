package reading

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func letters(n int) string { return strings.Repeat("a", n) }

// many returns n of something.
func many(n int, of func(i int) any) objs {
	out := make(objs, n)
	for i := range out {
		out[i] = of(i)
	}
	return out
}

func offer(i int) any { return obj{"text": plainly("o"), "value": fmt.Sprint(i)} }

// says returns a message with a block; its text is cut, so that it need not say
// what the block says.
func says(block obj) obj {
	return obj{"text": strings.Repeat("a ", 600) + "…", "blocks": objs{block}}
}

func acts(element obj) obj  { return says(obj{"type": "actions", "elements": objs{element}}) }
func takes(element obj) obj { return says(input(element)) }
func input(element obj) obj {
	return obj{"type": "input", "label": plainly("l"), "element": element}
}

func with(o obj, name string, v any) obj { o[name] = v; return o }

// limits are those that Slack names: what is at one passes, what is above does
// not.
var limits = map[string]struct {
	limit   int
	at      string
	judge   func([]byte) Seen
	payload func(n int) obj
}{
	"a message":        {4000, "text", Message, func(n int) obj { return obj{"text": letters(n)} }},
	"a message's user": {255, "user", Message, func(n int) obj { return obj{"text": "a", "user": letters(n)} }},
	"blocks":           {50, "blocks", Message, func(n int) obj { return obj{"text": "a", "blocks": many(n, func(int) any { return section("a") })} }},
	"a section":        {3000, "blocks[0].text", Message, func(n int) obj { return says(section(letters(n))) }},
	"plain sections":   {3000, "blocks[0].text", Message, func(n int) obj { return says(obj{"type": "section", "text": plainly(letters(n))}) }},
	"a field":          {2000, "blocks[0].fields[0]", Message, func(n int) obj { return says(obj{"type": "section", "fields": objs{styled(letters(n))}}) }},
	"fields": {10, "blocks[0].fields", Message, func(n int) obj {
		return says(obj{"type": "section", "fields": many(n, func(int) any { return styled("a") })})
	}},
	"a header": {150, "blocks[0].text", Message, func(n int) obj { return says(obj{"type": "header", "text": plainly(letters(n))}) }},
	"a context": {10, "blocks[0].elements", Message, func(n int) obj {
		return says(obj{"type": "context", "elements": many(n, func(int) any { return styled("a") })})
	}},
	"context's text": {3000, "blocks[0].elements[0]", Message, func(n int) obj { return says(obj{"type": "context", "elements": objs{styled(letters(n))}}) }},
	"a block's id":   {255, "blocks[0].block_id", Message, func(n int) obj { return says(with(section("a"), "block_id", letters(n))) }},
	"an alt text":    {2000, "blocks[0].alt_text", Message, func(n int) obj { return says(obj{"type": "image", "image_url": "x", "alt_text": letters(n)}) }},
	"an image's title": {2000, "blocks[0].title", Message, func(n int) obj {
		return says(obj{"type": "image", "image_url": "x", "alt_text": "a", "title": plainly(letters(n))})
	}},
	"an image's place": {3000, "blocks[0].image_url", Message, func(n int) obj { return says(obj{"type": "image", "image_url": letters(n), "alt_text": "a"}) }},

	"actions": {25, "blocks[0].elements", Message, func(n int) obj {
		return says(obj{"type": "actions", "elements": many(n, func(i int) any { return button(fmt.Sprint(i)) })})
	}},
	"a button":           {75, "blocks[0].elements[0].text", Message, func(n int) obj { return acts(with(button("a"), "text", plainly(letters(n)))) }},
	"a button's name":    {75, "blocks[0].elements[0].accessibility_label", Message, func(n int) obj { return acts(with(button("a"), "accessibility_label", letters(n))) }},
	"a button's value":   {2000, "blocks[0].elements[0].value", Message, func(n int) obj { return acts(with(button("a"), "value", letters(n))) }},
	"a button's address": {3000, "blocks[0].elements[0].url", Message, func(n int) obj { return acts(with(button("a"), "url", letters(n))) }},
	"an action's id":     {255, "blocks[0].elements[0].action_id", Message, func(n int) obj { return acts(button(letters(n))) }},
	"a dialog's title":   {100, "blocks[0].elements[0].confirm.title", Message, func(n int) obj { return acts(with(button("a"), "confirm", with(asks(), "title", plainly(letters(n))))) }},
	"a dialog's text":    {300, "blocks[0].elements[0].confirm.text", Message, func(n int) obj { return acts(with(button("a"), "confirm", with(asks(), "text", styled(letters(n))))) }},
	"a dialog's yes": {30, "blocks[0].elements[0].confirm.confirm", Message, func(n int) obj {
		return acts(with(button("a"), "confirm", with(asks(), "confirm", plainly(letters(n)))))
	}},
	"a dialog's no": {30, "blocks[0].elements[0].confirm.deny", Message, func(n int) obj { return acts(with(button("a"), "confirm", with(asks(), "deny", plainly(letters(n))))) }},

	"a placeholder": {150, "blocks[0].elements[0].placeholder", Message, func(n int) obj { return acts(with(selects(1), "placeholder", plainly(letters(n)))) }},
	"a menu":        {100, "blocks[0].elements[0].options", Message, func(n int) obj { return acts(selects(n)) }},
	"an overflow":   {5, "blocks[0].elements[0].options", Message, func(n int) obj { return acts(obj{"type": "overflow", "options": many(n, offer)}) }},
	"boxes":         {10, "blocks[0].elements[0].options", Message, func(n int) obj { return acts(obj{"type": "checkboxes", "options": many(n, offer)}) }},
	"radio buttons": {10, "blocks[0].elements[0].options", Message, func(n int) obj { return acts(obj{"type": "radio_buttons", "options": many(n, offer)}) }},
	"an option":     {75, "blocks[0].elements[0].options[0].text", Message, func(n int) obj { return acts(offers(obj{"text": plainly(letters(n)), "value": "v"})) }},
	"an option's": {75, "blocks[0].elements[0].options[0].description", Message, func(n int) obj {
		return acts(offers(obj{"text": plainly("o"), "description": plainly(letters(n)), "value": "v"}))
	}},
	"its value": {75, "blocks[0].elements[0].options[0].value", Message, func(n int) obj { return acts(offers(obj{"text": plainly("o"), "value": letters(n)})) }},
	"groups": {100, "blocks[0].elements[0].option_groups", View, func(n int) obj {
		return modal(obj{"type": "actions", "elements": objs{obj{"type": "static_select", "option_groups": many(n, group(1))}}})
	}},
	"a label":         {2000, "blocks[0].label", Message, func(n int) obj { return says(with(input(obj{"type": "datepicker"}), "label", plainly(letters(n)))) }},
	"a hint":          {2000, "blocks[0].hint", Message, func(n int) obj { return says(with(input(obj{"type": "datepicker"}), "hint", plainly(letters(n)))) }},
	"what is typed":   {3000, "blocks[0].element.initial_value", Message, func(n int) obj { return takes(obj{"type": "plain_text_input", "initial_value": letters(n)}) }},
	"the longest":     {3000, "blocks[0].element.max_length", Message, func(n int) obj { return takes(obj{"type": "plain_text_input", "max_length": n}) }},
	"an input's hint": {150, "blocks[0].element.placeholder", Message, func(n int) obj { return takes(obj{"type": "plain_text_input", "placeholder": plainly(letters(n))}) }},
	"a list's indent": {8, "blocks[0].elements[0].indent", Message, func(n int) obj { return says(obj{"type": "rich_text", "elements": objs{with(listed(), "indent", n)}}) }},

	"a link's address": {3000, "blocks[0].elements[0].elements[0].url", Message, func(n int) obj { return runsOf(obj{"type": "link", "url": letters(n), "text": "a"}) }},
	"a skin tone":      {6, "blocks[0].elements[0].elements[0].skin_tone", Message, func(n int) obj { return runsOf(obj{"type": "emoji", "name": "a", "skin_tone": n}) }},
	"a name":           {80, "username", Message, func(n int) obj { return obj{"text": "a", "username": letters(n)} }},

	"a view": {100, "blocks", View, func(n int) obj { return modal(many(n, func(int) any { return section("a") })...) }},
	"a home": {100, "view.blocks", View, func(n int) obj {
		return obj{"user_id": "U1", "view": obj{"type": "home", "blocks": many(n, func(int) any { return section("a") })}}
	}},
	"a title":           {24, "title", View, func(n int) obj { return with(modal(section("a")), "title", plainly(letters(n))) }},
	"submit":            {24, "submit", View, func(n int) obj { return with(modal(section("a")), "submit", plainly(letters(n))) }},
	"close":             {24, "close", View, func(n int) obj { return with(modal(section("a")), "close", plainly(letters(n))) }},
	"metadata":          {3000, "private_metadata", View, func(n int) obj { return with(modal(section("a")), "private_metadata", letters(n)) }},
	"a callback":        {255, "callback_id", View, func(n int) obj { return with(modal(section("a")), "callback_id", letters(n)) }},
	"a view's sections": {3000, "blocks[0].text", View, func(n int) obj { return modal(section(letters(n))) }},

	"choices":         {100, "options", Options, func(n int) obj { return obj{"options": many(n, offer)} }},
	"a choice":        {75, "options[0].text", Options, func(n int) obj { return obj{"options": objs{obj{"text": plainly(letters(n)), "value": "v"}}} }},
	"a choice's":      {75, "options[0].value", Options, func(n int) obj { return obj{"options": objs{obj{"text": plainly("o"), "value": letters(n)}}} }},
	"choice groups":   {100, "option_groups", Options, func(n int) obj { return obj{"option_groups": many(n, group(1))} }},
	"grouped choices": {100, "option_groups[0].options", Options, func(n int) obj { return obj{"option_groups": objs{group(n)(0)}} }},
	"a group's label": {75, "option_groups[0].label", Options, func(n int) obj {
		return obj{"option_groups": objs{with(group(1)(0).(obj), "label", plainly(letters(n)))}}
	}},
}

func asks() obj {
	return obj{"title": plainly("t"), "text": plainly("u"), "confirm": plainly("y"), "deny": plainly("n")}
}
func selects(n int) obj         { return offers(many(n, offer)...) }
func offers(options ...any) obj { return obj{"type": "static_select", "options": options} }
func group(n int) func(int) any {
	return func(int) any { return obj{"label": plainly("g"), "options": many(n, offer)} }
}
func listed() obj {
	return obj{"type": "rich_text_list", "style": "bullet", "elements": objs{obj{"type": "rich_text_section", "elements": objs{obj{"type": "text", "text": "a"}}}}}
}

func TestLimits(t *testing.T) {
	for name, c := range limits {
		if seen := c.judge(encode(t, c.payload(c.limit))); seen.Broken != nil {
			t.Errorf("%s at its limit: %q", name, seen.Broken)
		}
		seen := c.judge(encode(t, c.payload(c.limit+1)))
		if len(seen.Broken) != 1 || !strings.HasPrefix(seen.Broken[0], c.at+": "+fmt.Sprint(c.limit+1)) {
			t.Errorf("%s above its limit: %q", name, seen.Broken)
		}
	}
}

// TestLimitOfBlocks measures blocks as they are sent.
func TestLimitOfBlocks(t *testing.T) {
	blocks := func(n int) objs {
		b := objs{rich("a"), rich("a"), rich("a")}
		for _, b := range b {
			run := b.(obj)["elements"].(objs)[0].(obj)["elements"].(objs)[0].(obj)
			run["text"] = letters(4000)
		}
		more := rich("a")
		b = append(b, more)
		more["elements"].(objs)[0].(obj)["elements"].(objs)[0].(obj)["text"] = letters(n - len(encode(t, b)) + 1)
		return b
	}
	text := strings.Repeat("a ", 600) + "…"
	for n, want := range map[int][]string{13200: nil, 13201: {"blocks: 13201 > 13200"}} {
		whole := blocks(n)
		for name, payload := range map[string]obj{"a list": {"text": text, "blocks": whole}, "a string": {"text": text, "blocks": string(encode(t, whole))}} {
			if seen := Message(encode(t, payload)); !slices.Equal(seen.Broken, want) {
				t.Errorf("%d as %s: %q, want %q", n, name, seen.Broken, want)
			}
		}
	}
	whole := blocks(13200)
	spaced := strings.ReplaceAll(string(encode(t, obj{"text": text, "blocks": whole})), `":`, `" : `)
	if seen := Message([]byte(spaced)); seen.Broken != nil {
		t.Errorf("with blanks: %q", seen.Broken)
	}
}

// TestUnits counts what is outside the first plane twice, and entities as they
// are written.
func TestUnits(t *testing.T) {
	for text, want := range map[string]bool{
		strings.Repeat("𝔊", 1500):       true,
		strings.Repeat("𝔊", 1500) + "a": false,
		strings.Repeat("&amp;", 600):    true,
		strings.Repeat("&amp;", 601):    false,
		strings.Repeat("é", 3000):       true,
	} {
		if seen := Message(encode(t, says(section(text)))); (seen.Broken == nil) != want {
			t.Errorf("%d units pass: %v, want %v", UTF16(text), !want, want)
		}
	}
}
