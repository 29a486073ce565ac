package slacktest

import (
	"fmt"
	"strings"
)

// Element is something that can be used in a message or a view.
type Element struct {
	Type, Action, Block string
	Label               string // of a button, of an input's block; else its placeholder
	Placeholder         string
	Value               string // of a button
	Options             []Choice

	input    bool // its block collects it for the view's submission
	dispatch bool // it is told at once
	optional bool
	raw      object
}

// Choice is an option of a menu.
type Choice struct {
	Text, Value string
	Group       string // empty: it is in none
}

// elements are what can be used in blocks, in their order.
func elements(blocks []any) []Element {
	var out []Element
	for _, b := range objects(blocks) {
		switch text(b, "type") {
		case "actions":
			for _, e := range objects(list(b, "elements")) {
				out = append(out, element(b, e))
			}
		case "section":
			if e := at(b, "accessory"); e != nil && text(e, "type") != "image" {
				out = append(out, element(b, e))
			}
		case "input":
			e := element(b, at(b, "element"))
			e.Label = text(at(b, "label"), "text")
			e.input, e.dispatch, e.optional = true, flag(b, "dispatch_action"), flag(b, "optional")
			out = append(out, e)
		}
	}
	return out
}

func element(block, raw object) Element {
	e := Element{
		Type: text(raw, "type"), Action: text(raw, "action_id"), Block: text(block, "block_id"), Value: text(raw, "value"),
		Label: text(at(raw, "text"), "text"), Placeholder: text(at(raw, "placeholder"), "text"), Options: choices(raw), dispatch: true, raw: raw,
	}
	if e.Label == "" {
		e.Label = e.Placeholder
	}
	return e
}

// choices are the options of a menu, or of what answers a block_suggestion.
func choices(o object) []Choice {
	var out []Choice
	for _, option := range objects(list(o, "options")) {
		out = append(out, Choice{text(at(option, "text"), "text"), text(option, "value"), ""})
	}
	for _, g := range objects(list(o, "option_groups")) {
		for _, c := range choices(g) {
			c.Group = text(at(g, "label"), "text")
			out = append(out, c)
		}
	}
	return out
}

// option returns the one of a text or a value; nil: there is none.
func option(o object, name string) object {
	all := objects(list(o, "options"))
	for _, g := range objects(list(o, "option_groups")) {
		all = append(all, objects(list(g, "options"))...)
	}
	for _, is := range []func(object) bool{
		func(o object) bool { return text(at(o, "text"), "text") == name || text(o, "value") == name },
		func(o object) bool { return strings.HasPrefix(text(at(o, "text"), "text"), name) },
	} {
		for _, o := range all {
			if is(o) {
				return o
			}
		}
	}
	return nil
}

// called reports whether the element goes by a name.
func (e Element) called(name string) bool {
	return e.Label == name || e.Placeholder == name || e.Action == name || e.Block == name
}

// find returns the n-th element of those that an act can be done to, by a name or
// what it begins with.
func find(blocks []any, name string, n int, fits func(Element) bool) (Element, bool) {
	for _, is := range []func(Element) bool{
		func(e Element) bool { return e.called(name) },
		func(e Element) bool { return strings.HasPrefix(e.Label, name) || strings.HasPrefix(e.Action, name) },
	} {
		left := n
		for _, e := range elements(blocks) {
			if fits(e) && is(e) {
				if left == 0 {
					return e, true
				}
				left--
			}
		}
	}
	return Element{}, false
}

func isButton(e Element) bool { return e.Type == "button" }
func isMenu(e Element) bool   { return e.Type != "button" && e.Type != "plain_text_input" }

func (e Element) key() string { return e.Block + "\x00" + e.Action }

// initial is the state of an element that nobody has touched; nil: it has none.
func (e Element) initial() object {
	o := object{"type": e.Type}
	switch e.Type {
	case "button", "overflow", "image":
		return nil
	case "plain_text_input", "number_input", "url_text_input", "email_text_input":
		o["value"] = e.raw["initial_value"]
	case "checkboxes", "multi_static_select", "multi_external_select":
		o["selected_options"] = append([]any{}, list(e.raw, "initial_options")...)
	case "channels_select":
		o["selected_channel"] = e.raw["initial_channel"]
	case "conversations_select":
		o["selected_conversation"] = e.raw["initial_conversation"]
	case "users_select":
		o["selected_user"] = e.raw["initial_user"]
	case "datepicker":
		o["selected_date"] = e.raw["initial_date"]
	default:
		o["selected_option"] = e.raw["initial_option"]
	}
	return o
}

// empty reports whether a state of the element holds nothing.
func (e Element) empty(state object) bool {
	for key, v := range state {
		if l, ok := v.([]any); key != "type" && v != nil && v != "" && (!ok || len(l) > 0) {
			return false
		}
	}
	return true
}

// buttons are the labels of buttons in blocks.
func buttons(blocks []any) []string {
	var out []string
	for _, e := range elements(blocks) {
		if isButton(e) {
			out = append(out, e.Label)
		}
	}
	return out
}

// name gives blocks and elements the ids that they lack.
func name(blocks []any) {
	ids := 0
	set := func(o object, key string) {
		if o != nil && text(o, key) == "" {
			ids++
			o[key] = fmt.Sprintf("%s%d", id("b")[:6], ids)
		}
	}
	for _, b := range objects(blocks) {
		set(b, "block_id")
		switch text(b, "type") {
		case "actions":
			for _, e := range objects(list(b, "elements")) {
				set(e, "action_id")
			}
		case "section":
			if e := at(b, "accessory"); text(e, "type") != "image" {
				set(e, "action_id")
			}
		case "input":
			set(at(b, "element"), "action_id")
		}
	}
}
