package slacktest

import (
	"maps"
	"slices"
	"strings"
)

// Choose chooses from a menu that has a placeholder, a label or an action_id, by
// the text or the value of an option, or what its text begins with. What a menu asks
// the bot for is asked first. In an input's block that is told nobody, it only stays
// in the form.
func (u *User) Choose(where Place, menu, choice string) Seen {
	u.s.t.Helper()
	u.s.mu.Lock()
	p, ok := u.spot(where, false)
	if !ok {
		u.s.mu.Unlock()
		return Seen{}
	}
	e, ok := find(p.blocks(), menu, 0, isMenu)
	if !ok {
		u.s.violate(Answers, "%s finds no menu %q", u.Name, menu)
		u.s.mu.Unlock()
		return Seen{}
	}
	u.s.mu.Unlock()
	if !u.enter(p, e, choice) {
		return Seen{}
	}
	return u.entered(p, e)
}

// Fill types and chooses in the inputs of a view, by labels, action_ids or
// block_ids. What its blocks want told at once is told.
func (u *User) Fill(v View, with map[string]string) Seen {
	u.s.t.Helper()
	var out Seen
	for _, e := range u.fill(v, with) {
		out = u.entered(spot{v: v.v}, e)
	}
	return out
}

func (u *User) fill(v View, with map[string]string) []Element {
	u.s.t.Helper()
	var out []Element
	for _, name := range slices.Sorted(maps.Keys(with)) {
		u.s.mu.Lock()
		p, ok := u.spot(v, false)
		if !ok {
			u.s.mu.Unlock()
			return nil
		}
		e, ok := find(p.blocks(), name, 0, func(e Element) bool { return e.input || isMenu(e) })
		if !ok {
			u.s.violate(Answers, "%s finds no input %q", u.Name, name)
		}
		u.s.mu.Unlock()
		if ok && u.enter(p, e, with[name]) {
			out = append(out, e)
		}
	}
	return out
}

// entered tells the bot what was entered, if the element wants that.
func (u *User) entered(p spot, e Element) Seen {
	u.s.t.Helper()
	u.s.mu.Lock()
	if !e.dispatch {
		seen := Seen{}
		if p.v != nil {
			seen.view = p.v.view()
		}
		u.s.mu.Unlock()
		return seen
	}
	action := escaped(p.state(u.p)[e.key()])
	if e.Type == "overflow" {
		delete(p.state(u.p), e.key())
	}
	action["type"], action["action_id"], action["block_id"] = e.Type, e.Action, e.Block
	if ph := at(e.raw, "placeholder"); ph != nil {
		action["placeholder"] = clone(ph)
	}
	a := u.used(p, action, nil)
	u.s.mu.Unlock()
	return a.settle()
}

// enter sets the state of an element; several choices are on a line each.
func (u *User) enter(p spot, e Element, value string) bool {
	u.s.t.Helper()
	o := object{"type": e.Type}
	switch e.Type {
	case "plain_text_input", "number_input":
		least, _ := e.raw["min_length"].(float64)
		most, capped := e.raw["max_length"].(float64)
		if n := units(value); value != "" && n < int(least) || capped && n > int(most) {
			u.s.Fail(Answers, "%s can't type %d characters into %q", u.Name, n, e.Label)
			return false
		}
		o["value"] = value
		if value == "" {
			o["value"] = nil
		}
	case "users_select":
		o["selected_user"] = value
	case "channels_select":
		o["selected_channel"] = u.s.channelNamed(value)
	case "conversations_select":
		o["selected_conversation"] = u.s.channelNamed(value)
	case "datepicker":
		o["selected_date"] = value
	case "checkboxes", "multi_static_select":
		chosen := []any{}
		for line := range strings.Lines(value) {
			if c := u.option(p, e, strings.TrimSpace(line)); c != nil {
				chosen = append(chosen, c)
			}
		}
		o["selected_options"] = chosen
	default:
		c := u.option(p, e, value)
		if c == nil {
			return false
		}
		o["selected_option"] = c
	}
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	p.state(u.p)[e.key()] = o
	return true
}

// channelNamed returns the id of a channel by its name, or the id that it is.
func (s *Slack) channelNamed(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.channels {
		if c.with == nil && c.Name == name {
			return c.ID
		}
	}
	return name
}

// option returns the option of an element by its text or value, as the bot has
// sent it; nil, and the test has failed, where there is none.
func (u *User) option(p spot, e Element, name string) object {
	u.s.t.Helper()
	from := e.raw
	if e.Type == "external_select" {
		from = u.suggest(p, e, "")
		if option(from, name) == nil {
			from = u.suggest(p, e, name)
		}
	}
	found := option(from, name)
	if found == nil {
		u.s.Fail(Answers, "%s finds no option %q in %q", u.Name, name, e.Label)
		return nil
	}
	return clone(found)
}

// Options types into a menu that asks the bot what there is to choose.
func (u *User) Options(where Place, menu, typed string) []Choice {
	u.s.t.Helper()
	u.s.mu.Lock()
	p, ok := u.spot(where, false)
	if !ok {
		u.s.mu.Unlock()
		return nil
	}
	e, ok := find(p.blocks(), menu, 0, func(e Element) bool { return e.Type == "external_select" })
	if !ok {
		u.s.violate(Answers, "%s finds no menu %q that asks", u.Name, menu)
	}
	u.s.mu.Unlock()
	if !ok {
		return nil
	}
	return choices(u.suggest(p, e, typed))
}

// suggest asks the bot for options; where too little is typed, Slack does not.
func (u *User) suggest(p spot, e Element, typed string) object {
	u.s.t.Helper()
	least := 3
	if n, ok := e.raw["min_query_length"].(float64); ok {
		least = int(n)
	}
	if units(typed) < least {
		return nil
	}
	u.s.mu.Lock()
	o := u.interaction("block_suggestion")
	u.locate(o, p)
	o["action_id"], o["block_id"], o["value"] = e.Action, e.Block, typed
	delete(o, "state")
	if v, ok := o["view"].(object); ok { // Slack tells of nothing that was filled in since it was opened
		v["state"] = object{"values": object{}}
	}
	var got object
	d := &delivery{kind: kindInteraction, payload: o, accepts: true, answer: func(answer any, _ *Request) {
		got, _ = answer.(object)
		k := &check{}
		k.keys(got, "options", "options", "option_groups")
		k.options(got, "options", kindOf{most: 100})
		for _, what := range k.breaches {
			u.s.violate(Limits, "an answer to block_suggestion: %s", what)
		}
		if len(k.breaches) > 0 {
			got = nil
		}
	}}
	u.s.deliver(d)
	u.s.mu.Unlock()
	u.s.Await("options", func() bool {
		u.s.mu.Lock()
		defer u.s.mu.Unlock()
		return d.acked || d.failed
	})
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if !d.acked && !u.idle {
		u.s.violate(Answers, "%s is offered no options", u.Name)
	}
	return got
}
