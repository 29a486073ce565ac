package reading

import (
	"maps"
	"math"
	"slices"
)

const (
	mostOptions        = 100
	longestOption      = 75
	longestPlaceholder = 150
)

// elements are those with which a person does something.
var elements = map[string]shape{
	"button": interactive(
		field{"text", true, plain(75, label)},
		field{"accessibility_label", false, bare(75, label)},
		field{"url", false, link},
		field{"value", false, unseen(2000)},
		field{"style", false, choice("primary", "danger")},
		confirm,
	),
	"overflow":            chosen(field{"options", true, options(1, 5, plainText)}, confirm),
	"checkboxes":          chosen(field{"options", true, options(1, 10, plainText, mrkdwn)}, initialMany, confirm, focus),
	"radio_buttons":       chosen(field{"options", true, options(1, 10, plainText, mrkdwn)}, initialOne, confirm, focus),
	"static_select":       offered(initialOne),
	"multi_static_select": offered(initialMany, mostSelected),

	"external_select":       interactive(placeholder, initialOne, queryLength, confirm, focus),
	"multi_external_select": interactive(placeholder, initialMany, queryLength, mostSelected, confirm, focus),

	"users_select":         interactive(placeholder, initially("initial_user"), confirm, focus),
	"channels_select":      interactive(placeholder, initially("initial_channel"), field{"response_url_enabled", false, flag}, confirm, focus),
	"conversations_select": interactive(placeholder, initially("initial_conversation"), field{"default_to_current_conversation", false, flag}, field{"response_url_enabled", false, flag}, field{"filter", false, hidden}, confirm, focus),

	"datepicker":     interactive(placeholder, initially("initial_date"), confirm, focus),
	"timepicker":     interactive(placeholder, initially("initial_time"), field{"timezone", false, unseen(longestID)}, confirm, focus),
	"datetimepicker": interactive(field{"initial_date_time", false, number(0, math.MaxInt64)}, confirm, focus),

	"plain_text_input": interactive(placeholder,
		field{"initial_value", false, bare(3000, menu)},
		field{"multiline", false, flag},
		field{"min_length", false, number(0, 3000)},
		field{"max_length", false, number(1, 3000)},
		dispatch, focus,
	),
	"number_input": interactive(placeholder,
		field{"is_decimal_allowed", true, flag},
		field{"initial_value", false, bare(longestID, menu)},
		field{"min_value", false, unseen(longestID)},
		field{"max_value", false, unseen(longestID)},
		dispatch, focus,
	),
	"email_text_input": interactive(placeholder, field{"initial_value", false, bare(3000, menu)}, dispatch, focus),
	"url_text_input":   interactive(placeholder, field{"initial_value", false, bare(3000, menu)}, dispatch, focus),
}

// The fields that several elements have.
var (
	placeholder  = field{"placeholder", false, plain(longestPlaceholder, menu)}
	initialOne   = field{"initial_option", false, option(plainText, mrkdwn)}
	initialMany  = field{"initial_options", false, options(1, mostOptions, plainText, mrkdwn)}
	confirm      = field{"confirm", false, shaped(dialog)}
	focus        = field{"focus_on_load", false, flag}
	dispatch     = field{"dispatch_action_config", false, hidden}
	queryLength  = field{"min_query_length", false, number(0, 3000)}
	mostSelected = field{"max_selected_items", false, number(1, mostOptions)}
)

// initially is what a menu of Slack's own begins with: an id, a date.
func initially(name string) field { return field{name, false, bare(longestID, menu)} }

// interactive returns an element with fields.
func interactive(fields ...field) shape {
	return shape{fields: append(fields, field{"action_id", false, actionID})}
}

// chosen returns an element whose initial options are among its own.
func chosen(fields ...field) shape {
	s := interactive(fields...)
	s.rule = initialAmong
	return s
}

// offered returns a menu that holds what it offers.
func offered(more ...field) shape {
	s := chosen(append([]field{
		placeholder,
		{"options", false, options(1, mostOptions, plainText)},
		{"option_groups", false, list(1, mostOptions, shaped(optionGroup))},
		confirm, focus,
	}, more...)...)
	s.rule = func(r *reader, path string, v map[string]any) {
		eitherOptions(r, path, v)
		initialAmong(r, path, v)
	}
	return s
}

// initialAmong looks for what is chosen at first among what is offered.
func initialAmong(r *reader, path string, v map[string]any) {
	offers := []any{v["options"]}
	groups, _ := v["option_groups"].([]any)
	for _, g := range groups {
		group, _ := g.(map[string]any)
		offers = append(offers, group["options"])
	}
	initial, _ := v["initial_options"].([]any)
	if has(v, "initial_option") {
		initial = append(initial, v["initial_option"])
	}
	for _, o := range initial {
		if !slices.ContainsFunc(offers, func(offered any) bool { return contains(offered, o) }) {
			r.broken(path, "an initial option that is not offered")
		}
	}
}

// eitherOptions is the rule of what has either options or groups of them.
func eitherOptions(r *reader, path string, v map[string]any) {
	if has(v, "options") == has(v, "option_groups") {
		r.broken(path, "not either options or groups of them")
	}
}

// optionGroup is a group of options in a menu.
var optionGroup = shape{fields: []field{
	{"label", true, plain(longestOption, menu)},
	{"options", true, options(1, mostOptions, plainText)},
}}

// options returns the check of what is offered: no value comes twice.
func options(least, most int, types ...string) check {
	return func(r *reader, path string, v any) {
		values := map[string]bool{}
		list(least, most, func(r *reader, path string, v any) {
			option(types...)(r, path, v)
			o, _ := v.(map[string]any)
			if value, ok := o["value"].(string); ok && values[value] {
				r.broken(join(path, "value"), "twice")
			} else {
				values[value] = true
			}
		})(r, path, v)
	}
}

// option returns the check of an option with texts of these types.
func option(types ...string) check {
	return shaped(shape{fields: []field{
		{"text", true, words(longestOption, menu, types...)},
		{"description", false, words(longestOption, menu, types...)},
		{"value", true, unseen(longestOption)},
		{"url", false, link},
	}})
}

// dialog asks a person whether they mean it.
var dialog = shape{fields: []field{
	{"title", true, plain(100, menu)},
	{"text", true, either(300, menu)},
	{"confirm", true, plain(30, menu)},
	{"deny", true, plain(30, menu)},
	{"style", false, choice("primary", "danger")},
}}

// sorted returns the names of an object's fields in order.
func sorted(fields map[string]any) []string { return slices.Sorted(maps.Keys(fields)) }
