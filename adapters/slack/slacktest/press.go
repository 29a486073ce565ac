package slacktest

import "time"

// Place is a Message or a View that somebody does something in.
type Place interface{ where() (*message, *view) }

func (m Message) where() (*message, *view) { return m.m, nil }
func (v View) where() (*message, *view)    { return nil, v.v }

// spot is where an element is used.
type spot struct {
	m *message
	v *view
}

// spot returns a place; the test fails where the person does not see it, unless
// they may use it unseen. The lock is held.
func (u *User) spot(where Place, unseen bool) (spot, bool) {
	m, v := where.where()
	sees := false
	switch {
	case m != nil:
		sees = !m.deleted && m.channel.has(u.p) && (m.only == nil || m.only == u.p)
	case v != nil:
		sees = v.owner == u.p && (v == u.p.top() || v == u.p.home)
	default:
		u.s.violate(Answers, "%s acts on nothing", u.Name)
		return spot{}, false
	}
	if !sees && !unseen {
		u.s.violate(Answers, "%s does not see what they act on", u.Name)
	}
	return spot{m, v}, sees || unseen
}

func (p spot) blocks() []any {
	if p.m != nil {
		return p.m.blocks
	}
	return list(p.v.raw, "blocks")
}

// state is what was chosen and typed there by a person.
func (p spot) state(of *person) map[string]object {
	if p.v != nil {
		return p.v.state
	}
	if p.m.state == nil {
		p.m.state = map[*person]map[string]object{}
	}
	state := p.m.state[of]
	if state == nil {
		state = map[string]object{}
		for _, e := range elements(p.m.blocks) {
			if o := e.initial(); o != nil {
				state[e.key()] = o
			}
		}
		p.m.state[of] = state
	}
	return state
}

func (p spot) channel() *Channel {
	if p.m != nil {
		return p.m.channel
	}
	return p.v.origin
}

// Press presses a button that has a label or an action_id, or begins so.
func (u *User) Press(where Place, button string) Seen {
	u.s.t.Helper()
	return u.press(where, button, 0, false, nil)
}

// PressN presses the n-th of such buttons, from 0.
func (u *User) PressN(where Place, button string, n int) Seen {
	u.s.t.Helper()
	return u.press(where, button, n, false, nil)
}

// PressForeign presses a button of what the person may not see at all, as no client
// would let them.
func (u *User) PressForeign(where Place, button string) Seen {
	u.s.t.Helper()
	return u.Unanswered().press(where, button, 0, true, nil)
}

// PressWith presses a button, and what is delivered is changed before, as by
// somebody who forges it. The test does not fail where nothing comes of it.
func (u *User) PressWith(where Place, button string, change func(payload map[string]any)) Seen {
	u.s.t.Helper()
	return u.Unanswered().press(where, button, 0, true, change)
}

func (u *User) press(where Place, button string, n int, unseen bool, change func(object)) Seen {
	u.s.t.Helper()
	u.s.mu.Lock()
	p, ok := u.spot(where, unseen)
	if !ok {
		u.s.mu.Unlock()
		return Seen{}
	}
	e, ok := find(p.blocks(), button, n, isButton)
	if !ok {
		u.s.violate(Answers, "%s finds no button %q", u.Name, button)
		u.s.mu.Unlock()
		return Seen{}
	}
	action := object{"type": "button", "action_id": e.Action, "block_id": e.Block, "text": clone(at(e.raw, "text"))}
	for _, key := range []string{"value", "style", "url"} {
		if v, ok := e.raw[key]; ok {
			action[key] = v
		}
	}
	a := u.used(p, action, change)
	u.s.mu.Unlock()
	return a.settle()
}

// PressRaw presses a button that is not there, with any value, as a person's own
// client might. The test does not fail where nothing comes of it.
func (u *User) PressRaw(where Place, actionID, blockID, value string) Seen {
	u.s.t.Helper()
	return u.ActRaw(where, object{
		"type": "button", "action_id": actionID, "block_id": blockID, "value": value, "text": object{"type": plain, "text": "?", "emoji": true},
	})
}

// ActRaw does anything to what is there or is not, as a person's own client might:
// the action is the one of a block_actions. The test does not fail where nothing
// comes of it.
func (u *User) ActRaw(where Place, action map[string]any) Seen {
	u.s.t.Helper()
	u.s.mu.Lock()
	m, v := where.where()
	if m == nil && v == nil {
		u.s.violate(Answers, "%s acts on nothing", u.Name)
		u.s.mu.Unlock()
		return Seen{}
	}
	a := u.Unanswered().used(spot{m, v}, clone(action), nil)
	u.s.mu.Unlock()
	return a.settle()
}

// used delivers an action, changed where change is not nil. The lock is held.
func (u *User) used(p spot, action object, change func(object)) *act {
	var a *act
	if c := p.channel(); u.idle && c != nil && !c.has(u.p) {
		a = &act{s: u.s, u: u, channel: c, view: p.v, since: u.s.tick, began: time.Now()}
	} else {
		a = u.act(c, p.v)
	}
	action["action_ts"] = u.s.newTS()
	o := u.interaction("block_actions")
	u.locate(o, p)
	o["actions"] = []any{action}
	o["trigger_id"] = u.s.pull(u.p, p.channel(), p.v != nil && text(p.v.raw, "type") == "modal")
	if p.m != nil {
		o["response_url"] = u.s.hook(u.p, p.m.channel, p.m)
	}
	if change != nil {
		change(o)
	}
	return a.tell(&delivery{kind: kindInteraction, payload: o})
}

// locate says in an interaction where it was. What one person alone sees is not
// told.
func (u *User) locate(o object, p spot) {
	state := object{"values": values(p.blocks(), p.state(u.p))}
	if p.v != nil {
		o["container"] = object{"type": "view", "view_id": p.v.id}
		o["view"] = p.v.object(u.s)
		if u.p.guest {
			o["team"] = object{"id": u.p.team, "domain": "elsewhere"}
		}
		return
	}
	container := object{"type": "message", "message_ts": p.m.ts, "channel_id": p.m.channel.ID, "is_ephemeral": p.m.only != nil}
	if p.m.thread != "" {
		container["thread_ts"] = p.m.thread
	}
	o["container"], o["channel"], o["state"] = container, p.m.channel.object(), state
	if p.m.only == nil {
		o["message"] = p.m.object(u.s)
	}
}
