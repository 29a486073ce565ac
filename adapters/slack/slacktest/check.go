package slacktest

import (
	"fmt"
	"slices"
)

// check looks for what Slack refuses in what it is sent.
type check struct {
	surface  string // message, modal, home
	breaches []string
}

func (k *check) breach(format string, args ...any) {
	k.breaches = append(k.breaches, fmt.Sprintf(format, args...))
}

// within checks how long a string of an object is.
func (k *check) within(o object, key string, most int, what string) {
	v, there := o[key]
	s, ok := v.(string)
	switch {
	case there && !ok:
		k.breach("%s: %s is no string", what, key)
	case units(s) > most:
		k.breach("%s: %s of %d characters", what, key, units(s))
	}
}

// keys checks that an object has no other keys.
func (k *check) keys(o object, what string, may ...string) {
	for key := range o {
		if !slices.Contains(may, key) {
			k.breach("%s: there is no %s", what, key)
		}
	}
}

const (
	plain  = "plain_text"
	mrkdwn = "mrkdwn"
)

// words checks a text object.
func (k *check) words(v any, what string, most int, kinds ...string) {
	o, _ := v.(object)
	kind := text(o, "type")
	switch s, ok := o["text"].(string); {
	case o == nil:
		k.breach("%s: no text object", what)
	case !slices.Contains(kinds, kind):
		k.breach("%s: a text of type %q", what, kind)
	case !ok || s == "":
		k.breach("%s: no text", what)
	case units(s) > most:
		k.breach("%s: a text of %d characters", what, units(s))
	}
	if kind == plain {
		k.keys(o, what, "type", "text", "emoji")
	} else {
		k.keys(o, what, "type", "text", "verbatim")
	}
}

// wordsIf checks a text object that may be missing.
func (k *check) wordsIf(o object, key, what string, most int, kinds ...string) {
	if has(o, key) {
		k.words(o[key], what+": "+key, most, kinds...)
	}
}

// view checks a modal or a home.
func (k *check) view(v object) {
	if v == nil {
		k.breach("no view")
		return
	}
	if kind := text(v, "type"); kind != k.surface {
		k.breach("a view of type %q where a %s goes", kind, k.surface)
	}
	k.keys(v, "view", "type", "blocks", "title", "submit", "close", "private_metadata", "callback_id", "external_id", "clear_on_close", "notify_on_close", "submit_disabled")
	blocks, ok := v["blocks"].([]any)
	if !ok {
		k.breach("view: blocks are no list")
	}
	if k.surface == "modal" {
		k.words(v["title"], "title", 24, plain)
		k.wordsIf(v, "submit", "view", 24, plain)
		k.wordsIf(v, "close", "view", 24, plain)
		if v["submit"] == nil && slices.ContainsFunc(objects(blocks), func(b object) bool { return text(b, "type") == "input" }) {
			k.breach("view: an input, and nothing to submit it with")
		}
	} else {
		for _, key := range []string{"title", "submit", "close"} {
			if has(v, key) {
				k.breach("a home has no %s", key)
			}
		}
	}
	k.within(v, "private_metadata", 3000, "view")
	k.within(v, "callback_id", 255, "view")
	k.within(v, "external_id", 255, "view")
	if n := len(compact(v)); n > 250_000 {
		k.breach("a view of %d bytes", n)
	}
	k.blocks(blocks, 100)
}

// blocks checks the blocks of a message or a view.
func (k *check) blocks(blocks []any, most int) {
	if len(blocks) > most {
		k.breach("%d blocks", len(blocks))
	}
	seen := map[string]bool{}
	for i, v := range blocks {
		b, _ := v.(object)
		what := fmt.Sprintf("block %d (%s)", i, text(b, "type"))
		if has(b, "block_id") {
			id := text(b, "block_id")
			k.within(b, "block_id", 255, what)
			if id != "" && seen[id] {
				k.breach("%s: a block_id again", what)
			}
			seen[id] = true
		}
		k.block(b, what)
	}
}

func (k *check) block(b object, what string) {
	kind := text(b, "type")
	shape, ok := shapes[kind]
	switch {
	case !ok, shape.message && k.surface != "message":
		k.breach("%s: there is none in a %s", what, k.surface)
		return
	}
	k.keys(b, what, append([]string{"type", "block_id"}, shape.keys...)...)
	shape.check(k, b, what)
}

// shape is what a block of a type must be.
type shape struct {
	keys    []string
	message bool // in messages alone
	check   func(*check, object, string)
}

var shapes map[string]shape

func init() { // blocks hold elements, which hold blocks
	shapes = map[string]shape{
		"section":   {keys: []string{"text", "fields", "accessory", "expand"}, check: (*check).section},
		"header":    {keys: []string{"text", "level"}, check: func(k *check, b object, what string) { k.words(b["text"], what, 150, plain) }},
		"divider":   {check: func(*check, object, string) {}},
		"context":   {keys: []string{"elements"}, check: (*check).context},
		"image":     {keys: []string{"image_url", "slack_file", "alt_text", "title"}, check: (*check).image},
		"actions":   {keys: []string{"elements"}, check: (*check).actions},
		"input":     {keys: []string{"label", "element", "hint", "optional", "dispatch_action"}, check: (*check).input},
		"rich_text": {keys: []string{"elements"}, check: (*check).richText},
		"markdown":  {keys: []string{"text"}, message: true, check: func(k *check, b object, what string) { k.within(b, "text", 12000, what) }},
	}
}

func (k *check) section(b object, what string) {
	fields := list(b, "fields")
	if b["text"] == nil && len(fields) == 0 {
		k.breach("%s: neither text nor fields", what)
	}
	k.wordsIf(b, "text", what, 3000, plain, mrkdwn)
	if len(fields) > 10 {
		k.breach("%s: %d fields", what, len(fields))
	}
	for _, f := range fields {
		k.words(f, what+": a field", 2000, plain, mrkdwn)
	}
	if has(b, "accessory") {
		e := at(b, "accessory")
		if text(e, "type") == "image" {
			k.image(e, what+": accessory")
			return
		}
		k.element(e, what+": accessory", "section")
	}
}

func (k *check) context(b object, what string) {
	elements := list(b, "elements")
	if len(elements) == 0 || len(elements) > 10 {
		k.breach("%s: %d elements", what, len(elements))
	}
	for _, v := range elements {
		if o, _ := v.(object); text(o, "type") == "image" {
			k.image(o, what)
		} else {
			k.words(v, what, 2000, plain, mrkdwn)
		}
	}
}

func (k *check) image(b object, what string) {
	if text(b, "image_url") == "" && at(b, "slack_file") == nil {
		k.breach("%s: no image", what)
	}
	if text(b, "alt_text") == "" {
		k.breach("%s: no alt_text", what)
	}
	k.within(b, "image_url", 3000, what)
	k.within(b, "alt_text", 2000, what)
	k.wordsIf(b, "title", what, 2000, plain)
}

func (k *check) actions(b object, what string) {
	elements := list(b, "elements")
	if len(elements) == 0 || len(elements) > 25 {
		k.breach("%s: %d elements", what, len(elements))
	}
	seen := map[string]bool{}
	for _, v := range elements {
		e, _ := v.(object)
		if id := text(e, "action_id"); id != "" {
			if seen[id] {
				k.breach("%s: an action_id again", what)
			}
			seen[id] = true
		}
		k.element(e, what, "actions")
	}
}

func (k *check) input(b object, what string) {
	k.words(b["label"], what+": label", 2000, plain)
	k.wordsIf(b, "hint", what, 2000, plain)
	k.element(at(b, "element"), what, "input")
}
