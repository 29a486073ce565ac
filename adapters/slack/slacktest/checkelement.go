package slacktest

import (
	"slices"
	"strings"
)

// kindOf is what an element of a type may have beside its type, where it may be,
// and between how many options it lets choose.
type kindOf struct {
	keys        []string
	in          string
	least, most int // 0: no options
}

const menuIn = "section actions input"

var kinds = map[string]kindOf{
	"button":               {keys: []string{"text", "url", "value", "style", "accessibility_label"}, in: "section actions"},
	"static_select":        {keys: []string{"placeholder", "options", "option_groups", "initial_option", "focus_on_load"}, in: menuIn, least: 1, most: 100},
	"external_select":      {keys: []string{"placeholder", "initial_option", "min_query_length", "focus_on_load"}, in: menuIn},
	"multi_static_select":  {keys: []string{"placeholder", "options", "option_groups", "initial_options", "max_selected_items", "focus_on_load"}, in: "section input", least: 1, most: 100},
	"users_select":         {keys: []string{"placeholder", "initial_user", "focus_on_load"}, in: menuIn},
	"channels_select":      {keys: []string{"placeholder", "initial_channel", "response_url_enabled", "focus_on_load"}, in: menuIn},
	"conversations_select": {keys: []string{"placeholder", "initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter", "focus_on_load"}, in: menuIn},
	"overflow":             {keys: []string{"options"}, in: "section actions", least: 1, most: 5},
	"radio_buttons":        {keys: []string{"options", "initial_option", "focus_on_load"}, in: menuIn, least: 1, most: 10},
	"checkboxes":           {keys: []string{"options", "initial_options", "focus_on_load"}, in: menuIn, least: 1, most: 10},
	"datepicker":           {keys: []string{"placeholder", "initial_date", "focus_on_load"}, in: menuIn},
	"plain_text_input":     {keys: []string{"placeholder", "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config", "focus_on_load"}, in: "input"},
	"number_input":         {keys: []string{"placeholder", "initial_value", "is_decimal_allowed", "min_value", "max_value", "dispatch_action_config", "focus_on_load"}, in: "input"},
}

// element checks an interactive element of a block.
func (k *check) element(e object, what, block string) {
	kind, ok := kinds[text(e, "type")]
	what += ": " + text(e, "type")
	if !ok || !slices.Contains(strings.Fields(kind.in), block) {
		k.breach("%s: there is none in a %s block", what, block)
		return
	}
	k.keys(e, what, append([]string{"type", "action_id", "confirm"}, kind.keys...)...)
	k.within(e, "action_id", 255, what)
	k.wordsIf(e, "placeholder", what, 150, plain)
	if has(e, "confirm") {
		k.confirm(at(e, "confirm"), what+": confirm")
	}
	switch text(e, "type") {
	case "button":
		k.words(e["text"], what, 75, plain)
		k.within(e, "value", 2000, what)
		k.within(e, "url", 3000, what)
		k.within(e, "accessibility_label", 75, what)
		if s := text(e, "style"); has(e, "style") && s != "primary" && s != "danger" {
			k.breach("%s: a style %q", what, s)
		}
	case "plain_text_input":
		for _, key := range []string{"min_length", "max_length"} {
			if n, ok := e[key].(float64); has(e, key) && (!ok || n < 0 || n > 3000 || key == "max_length" && n < 1) {
				k.breach("%s: %s", what, key)
			}
		}
		most := 3000
		if n, ok := e["max_length"].(float64); ok {
			most = int(n)
		}
		k.within(e, "initial_value", most, what)
	}
	if kind.most > 0 {
		k.options(e, what, kind)
	}
	k.initial(e, what, kind)
}

// initial checks what is chosen before anybody chooses.
func (k *check) initial(e object, what string, kind kindOf) {
	all := objects(list(e, "initial_options"))
	if has(e, "initial_options") && len(all) == 0 {
		k.breach("%s: empty initial_options", what)
	}
	if has(e, "initial_option") {
		all = append(all, at(e, "initial_option"))
	}
	for _, o := range all {
		k.option(o, what+": initial", text(e, "type"))
		if kind.most > 0 && !offered(e, o) {
			k.breach("%s: its initial option is none of its options", what)
		}
	}
}

// offered reports whether an option is one of a menu's, to the byte.
func offered(menu, o object) bool {
	all := objects(list(menu, "options"))
	for _, g := range objects(list(menu, "option_groups")) {
		all = append(all, objects(list(g, "options"))...)
	}
	return slices.ContainsFunc(all, func(other object) bool { return string(compact(other)) == string(compact(o)) })
}

// options checks what a menu, or an answer to a block_suggestion, lets choose.
func (k *check) options(o object, what string, kind kindOf) {
	options, groups := list(o, "options"), list(o, "option_groups")
	if has(o, "options") == has(o, "option_groups") {
		k.breach("%s: either options or option_groups", what)
	}
	if has(o, "option_groups") && len(groups) < kind.least || len(groups) > 100 {
		k.breach("%s: %d groups of options", what, len(groups))
	}
	each := func(options []any, what string) {
		if len(options) < kind.least || len(options) > kind.most {
			k.breach("%s: %d options", what, len(options))
		}
		for _, v := range options {
			inner, _ := v.(object)
			k.option(inner, what, text(o, "type"))
		}
	}
	if has(o, "options") {
		each(options, what)
	}
	for _, g := range objects(groups) {
		k.words(g["label"], what+": group", 75, plain)
		k.keys(g, what, "label", "options")
		each(list(g, "options"), what+": group")
	}
}

func (k *check) option(o object, what, of string) {
	what += ": option"
	may := []string{plain, mrkdwn}
	if strings.HasSuffix(of, "_select") || of == "overflow" {
		may = may[:1]
	}
	k.keys(o, what, "text", "value", "description", "url")
	k.words(o["text"], what, 75, may...)
	k.within(o, "value", 75, what)
	if text(o, "value") == "" {
		k.breach("%s: no value", what)
	}
	k.wordsIf(o, "description", what, 75, may...)
	if has(o, "url") && of != "overflow" {
		k.breach("%s: a url", what)
	}
}

func (k *check) confirm(o object, what string) {
	k.keys(o, what, "title", "text", "confirm", "deny", "style")
	k.words(o["title"], what+": title", 100, plain)
	k.words(o["text"], what+": text", 300, plain, mrkdwn)
	k.words(o["confirm"], what+": confirm", 30, plain)
	k.words(o["deny"], what+": deny", 30, plain)
}

// richText checks the parts of a rich_text block.
func (k *check) richText(b object, what string) {
	parts := list(b, "elements")
	if len(parts) == 0 {
		k.breach("%s: no elements", what)
	}
	for _, v := range parts {
		k.richPart(v, what)
	}
}

func (k *check) richPart(v any, what string) {
	part, _ := v.(object)
	kind := text(part, "type")
	what += ": " + kind
	inner, ok := part["elements"].([]any)
	if !ok {
		k.breach("%s: elements are no list", what)
	}
	switch kind {
	case "rich_text_list":
		k.keys(part, what, "type", "elements", "style", "indent", "offset", "border")
		if s := text(part, "style"); s != "bullet" && s != "ordered" {
			k.breach("%s: a style %q", what, s)
		}
		for _, v := range inner {
			if o, _ := v.(object); text(o, "type") != "rich_text_section" {
				k.breach("%s: something other than sections", what)
			}
			k.richPart(v, what)
		}
		return
	case "rich_text_section":
		k.keys(part, what, "type", "elements")
	case "rich_text_quote", "rich_text_preformatted":
		k.keys(part, what, "type", "elements", "border", "language")
	default:
		k.breach("%s: there is no such part", what)
		return
	}
	for _, v := range inner {
		k.inline(v, what)
	}
}

// inlines are the pieces of running text, and what each must have.
var inlines = map[string]string{
	"text": "text", "link": "url", "emoji": "name", "user": "user_id", "channel": "channel_id", "date": "timestamp",
}

func (k *check) inline(v any, what string) {
	o, _ := v.(object)
	must, ok := inlines[text(o, "type")]
	switch {
	case text(o, "type") == "broadcast", text(o, "type") == "usergroup":
		k.breach("%s: it calls many people", what)
		return
	case !ok:
		k.breach("%s: there is no %q in it", what, text(o, "type"))
		return
	case o[must] == nil || o[must] == "":
		k.breach("%s: %s without %s", what, text(o, "type"), must)
	}
	k.keys(o, what, "type", must, "text", "style", "unsafe", "unicode", "skin_tone", "format", "url", "fallback")
	style, ok := o["style"].(object)
	if has(o, "style") && !ok {
		k.breach("%s: a style that is no object", what)
	}
	k.keys(style, what+": style", "bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
}
