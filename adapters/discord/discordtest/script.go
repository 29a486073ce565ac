package discordtest

import (
	"slices"
	"strings"
	"time"
)

// Opt are the options of a command by their names: texts, numbers, booleans, a
// File, a *Reader, a *Channel.
type Opt map[string]any

// Slash uses a chat command. Subcommands follow its name after spaces.
func (r *Reader) Slash(c *Channel, command string, options ...Opt) Seen {
	r.d.t.Helper()
	return r.act(c, kindCommand, nil, func() (object, bool) {
		return r.command(c, command, merge(options), "")
	})
}

// Autocomplete types into an option of a command, others being filled in.
func (r *Reader) Autocomplete(c *Channel, command, option, typed string, others ...Opt) []Choice {
	r.d.t.Helper()
	return r.act(c, kindAutocomplete, nil, func() (object, bool) {
		all := merge(others)
		all[option] = typed
		return r.command(c, command, all, option)
	}).Choices
}

// Menu uses a command of a message's context menu.
func (r *Reader) Menu(m Message, command string) Seen {
	r.d.t.Helper()
	c := r.d.channelOf(m)
	return r.act(c, kindCommand, nil, func() (object, bool) {
		target, ok := r.visible(c, m)
		definition, known := r.d.definition(c, commandMessage, command)
		if !ok || !known {
			return nil, false
		}
		return object{
			"id": definition["id"], "name": command, "type": commandMessage, "target_id": m.ID,
			"resolved": object{"messages": object{m.ID: target.object()}},
		}, true
	})
}

// Press presses the button of a message that has a label or a custom_id.
func (r *Reader) Press(m Message, button string) Seen {
	r.d.t.Helper()
	return r.component(m, button, nil)
}

// Select chooses from the select of a message that has a placeholder or a
// custom_id, by values or labels.
func (r *Reader) Select(m Message, menu string, choices ...string) Seen {
	r.d.t.Helper()
	return r.component(m, menu, choices)
}

// Forge uses a component that no message of the channel has, with what was never
// offered, as a reader's own client might.
func (r *Reader) Forge(c *Channel, customID string, values ...string) Seen {
	r.d.t.Helper()
	return r.act(c, kindComponent, nil, func() (object, bool) {
		o := object{"custom_id": customID, "component_type": typeButton, "id": 1}
		if len(values) > 0 {
			o["component_type"] = typeSelect
			chosen := []any{}
			for _, v := range values {
				chosen = append(chosen, v)
			}
			o["values"] = chosen
		}
		return o, true
	})
}

// Submit submits a modal with what is typed, by labels or custom_ids. A field
// that is not named keeps its value.
func (r *Reader) Submit(m *Modal, typed map[string]string) Seen {
	r.d.t.Helper()
	if m == nil {
		r.d.Fail(Answers, "%s submits a modal that is not open", r.Name)
		return Seen{Failed: true}
	}
	return r.act(m.origin.channel, kindModal, m.origin.source, func() (object, bool) {
		values := map[string]string{}
		for _, f := range m.Fields {
			values[f.CustomID] = f.Value
		}
		for name, value := range typed {
			f, ok := find(m.Fields, name)
			if !ok {
				r.d.violate(Answers, "the modal %q has no field %q", m.Title, name)
				return nil, false
			}
			values[f.CustomID] = value
		}
		for _, f := range m.Fields {
			n := units(values[f.CustomID])
			if f.Type == typeInput && (n > f.Max || n < f.Min && (n > 0 || f.Required) || n == 0 && f.Required) {
				r.d.violate(Answers, "%q does not fit into the field %q", values[f.CustomID], f.Label)
				return nil, false
			}
		}
		return object{"custom_id": m.CustomID, "components": submitted(m.raw, values)}, true
	})
}

// submitted is a modal's components as they come back.
func submitted(raw []any, values map[string]string) []any {
	out := []any{}
	for i, v := range raw {
		o, _ := v.(object)
		back := object{"type": number(o, "type"), "id": i + 1}
		if inner, ok := o["component"]; ok {
			back["component"] = submitted([]any{inner}, values)[0]
		}
		if inner := list(o, "components"); len(inner) > 0 {
			back["components"] = submitted(inner, values)
		}
		if id := text(o, "custom_id"); id != "" {
			back["custom_id"] = id
			if number(o, "type") == typeInput {
				back["value"] = values[id]
			} else {
				back["values"] = []any{values[id]}
			}
		}
		out = append(out, back)
	}
	return out
}

// Hostile sends an interaction of any kind with any data, as no client would;
// from a message where that is not the zero one. It waits as for an answer, and
// the test does not fail where none comes.
func (r *Reader) Hostile(c *Channel, kind int, m Message, data map[string]any) Seen {
	r.d.t.Helper()
	r.d.mu.Lock()
	var source *message
	if m.ID != "" {
		source, _ = r.visible(c, m)
	}
	in := r.d.interact(kind, r.in(c), c, source, data)
	w := &wait{d: r.d, reader: r, channel: c, in: in, since: in.since, began: time.Now(), spoilt: true}
	r.d.send(in)
	r.d.mu.Unlock()
	return w.settle()
}

// Mention writes a message that names the bot, and waits for the reply.
func (r *Reader) Mention(c *Channel, words string, files ...File) Seen {
	r.d.t.Helper()
	return r.write(c, r.d.Mention()+" "+words, files)
}

// DM writes a direct message to the bot, and waits for the answer.
func (r *Reader) DM(words string, files ...File) Seen {
	r.d.t.Helper()
	return r.write(r.Direct(), words, files)
}

func (r *Reader) write(c *Channel, words string, files []File) Seen {
	r.d.t.Helper()
	r.d.mu.Lock()
	since := r.d.tick
	m := &message{channel: c, author: r.user, content: words, files: files}
	r.d.post(m)
	w := &wait{d: r.d, reader: r, channel: c, message: m, since: since, began: time.Now()}
	r.d.mu.Unlock()
	return w.settle()
}

// Say writes a message, and waits for nothing.
func (r *Reader) Say(c *Channel, words string, files ...File) Message {
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	m := &message{channel: c, author: r.user, content: words, files: files}
	r.d.post(m)
	return m.view()
}

// Answer writes a message that answers another one, and waits for nothing.
func (r *Reader) Answer(to Message, words string) Message {
	c := r.d.channelOf(to)
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	m := &message{channel: c, author: r.user, content: words, reference: to.ID}
	r.d.post(m)
	return m.view()
}

// Fail reports the breach of a rule.
func (d *Discord) Fail(rule Rule, format string, args ...any) {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.violate(rule, format, args...)
}

// act does something of which an interaction is made, and waits for the answer.
func (r *Reader) act(c *Channel, kind int, source *message, data func() (object, bool)) Seen {
	r.d.t.Helper()
	if c == nil {
		r.d.Fail(Answers, "%s acts where no channel is", r.Name)
		return Seen{Failed: true}
	}
	w, ok := r.begin(c, kind, source, data)
	if !ok {
		return Seen{Failed: true}
	}
	return w.settle()
}

func (r *Reader) begin(c *Channel, kind int, source *message, data func() (object, bool)) (*wait, bool) {
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	o, ok := data()
	if !ok {
		return nil, false
	}
	in := r.d.interact(kind, r.in(c), c, source, o)
	w := &wait{d: r.d, reader: r, channel: c, in: in, since: in.since, began: time.Now()}
	w.spoilt = r.d.delivery.url != "" && len(r.d.delivery.tamper) > 0
	r.d.send(in)
	return w, true
}

func (d *Discord) channelOf(m Message) *Channel {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.channels[m.ChannelID]
}

// visible finds a message that the reader sees. The lock is held.
func (r *Reader) visible(c *Channel, m Message) (*message, bool) {
	for _, found := range c.messages {
		if found.id == m.ID && found.visible(r.user) {
			return found, true
		}
	}
	r.d.violate(Answers, "%s does not see the message", r.Name)
	return nil, false
}

// component uses a component of a message as it is now; nil stands for a press.
func (r *Reader) component(m Message, name string, choices []string) Seen {
	r.d.t.Helper()
	c := r.d.channelOf(m)
	if c == nil {
		r.d.Fail(Answers, "%s looks for %q where no message is", r.Name, name)
		return Seen{Failed: true}
	}
	r.d.mu.Lock()
	source, ok := r.visible(c, m)
	r.d.mu.Unlock()
	if !ok {
		return Seen{Failed: true}
	}
	return r.act(c, kindComponent, source, func() (object, bool) {
		part, ok := source.view().Find(name)
		if !ok || part.Disabled || (part.Type == typeButton) != (choices == nil) {
			r.d.violate(Answers, "there is no %q to be used in the message", name)
			return nil, false
		}
		data := object{"custom_id": part.CustomID, "component_type": part.Type, "id": 1}
		if part.Type != typeButton {
			values := part.choose(choices)
			if values == nil {
				r.d.violate(Answers, "%q does not offer %q", name, choices)
				return nil, false
			}
			data["values"] = values
		}
		return data, true
	})
}

// choose returns the values of what is chosen by value or label; nil where that
// is not offered.
func (c Component) choose(choices []string) []any {
	if len(choices) < c.Min || len(choices) > c.Max {
		return nil
	}
	out := []any{}
	for _, choice := range choices {
		i := slices.IndexFunc(c.Items, func(i Item) bool { return i.Value == choice })
		if i < 0 {
			i = slices.IndexFunc(c.Items, func(i Item) bool { return strings.EqualFold(i.Label, choice) })
		}
		switch {
		case i >= 0:
			out = append(out, c.Items[i].Value)
		case c.Type != typeSelect:
			out = append(out, choice)
		default:
			return nil
		}
	}
	return out
}

func merge(options []Opt) Opt {
	out := Opt{}
	for _, o := range options {
		for k, v := range o {
			out[k] = v
		}
	}
	return out
}
