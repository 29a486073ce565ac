package reading

import "maps"

// block reads a block of any kind that this judge can read. Others are not
// known to it: of what it can't read it can't say what is seen.
func block(r *reader, path string, v any) {
	r.actionIDs = map[string]bool{}
	typed(blocks)(r, path, v)
}

var blocks = withID(map[string]shape{
	"section": {
		fields: []field{
			{"text", false, either(3000, content)},
			{"fields", false, list(1, 10, either(2000, content))},
			{"accessory", false, typed(accessories)},
			{"expand", false, flag},
		},
		rule: func(r *reader, path string, v map[string]any) {
			if !has(v, "text") && !has(v, "fields") {
				r.broken(path, "neither text nor fields")
			}
		},
	},
	"header":  {fields: []field{{"text", true, plain(150, content)}}},
	"divider": {},
	"context": {fields: []field{{"elements", true, list(1, 10, contextElement)}}},
	"actions": {fields: []field{{"elements", true, list(1, 25, typed(actions))}}},
	"image":   picture(field{"title", false, plain(2000, content)}),
	"input": {
		fields: []field{
			{"label", true, plain(2000, content)},
			{"element", true, typed(inputs)},
			{"hint", false, plain(2000, content)},
			{"optional", false, flag},
			{"dispatch_action", false, flag},
		},
		rule: func(r *reader, _ string, _ map[string]any) { r.inputs = true },
	},
	"rich_text": {fields: []field{{"elements", true, list(1, noEnd, typed(richText))}}},
})

// withID adds to blocks what all of them may have.
func withID(blocks map[string]shape) map[string]shape {
	for kind, s := range blocks {
		s.fields = append(s.fields, field{"block_id", false, blockID})
		blocks[kind] = s
	}
	return blocks
}

// picture is what an image has, be it a block or an element.
func picture(more ...field) shape {
	return shape{
		fields: append(more,
			field{"alt_text", true, bare(2000, content)},
			field{"image_url", false, unseen(3000)},
			field{"slack_file", false, hidden},
		),
		rule: func(r *reader, path string, v map[string]any) {
			if has(v, "image_url") == has(v, "slack_file") {
				r.broken(path, "not one image")
			}
		},
	}
}

// contextElement reads a text or an image.
func contextElement(r *reader, path string, v any) {
	if fields, _ := v.(map[string]any); fields["type"] == "image" {
		typed(map[string]shape{"image": picture()})(r, path, v)
		return
	}
	either(3000, content)(r, path, v)
}

// The elements, by where they may stand.
var (
	actions     = some("button", "overflow", "checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker", "static_select", "external_select", "users_select", "conversations_select", "channels_select")
	accessories = func() map[string]shape {
		all := some("button", "overflow", "checkboxes", "radio_buttons", "datepicker", "timepicker", "static_select", "external_select", "users_select", "conversations_select", "channels_select", "multi_static_select", "multi_external_select")
		all["image"] = picture()
		return all
	}()
	inputs = some("plain_text_input", "number_input", "email_text_input", "url_text_input", "checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker", "static_select", "external_select", "users_select", "conversations_select", "channels_select", "multi_static_select", "multi_external_select")
)

// some returns elements of these types.
func some(types ...string) map[string]shape {
	all := maps.Clone(elements)
	maps.DeleteFunc(all, func(kind string, _ shape) bool {
		for _, t := range types {
			if t == kind {
				return false
			}
		}
		return true
	})
	return all
}
