package discordtest

import (
	"maps"
	"slices"
	"strings"
)

// definition finds a registered command, of the guild or global. Where none at
// all is registered, everything is known. The lock is held.
func (d *Discord) definition(c *Channel, kind int, name string) (object, bool) {
	var all []object
	if c.guild != nil {
		all = append(all, d.commands[c.guild.ID]...)
	}
	all = append(all, d.commands[""]...)
	for _, o := range all {
		if number(o, "type") != kind || text(o, "name") != name {
			continue
		}
		if has(o, "contexts") && !slices.Contains(list(o, "contexts"), any(float64(c.context()))) {
			d.violate(Commands, "%q is not for #%s", name, c.Name)
			return o, d.tolerates(Commands)
		}
		return o, true
	}
	if len(all) > 0 {
		d.violate(Commands, "no command %q is registered", name)
		if !d.tolerates(Commands) {
			return nil, false
		}
	}
	return object{"id": d.newID(), "name": name}, true
}

// context is where interactions of the channel happen: 0 is a server, 1 the
// direct messages of the bot.
func (c *Channel) context() int {
	if c.guild == nil {
		return 1
	}
	return 0
}

// command is the data of a chat command. The lock is held.
func (r *Reader) command(c *Channel, name string, options Opt, focused string) (object, bool) {
	path := strings.Fields(name)
	definition, ok := r.d.definition(c, commandChat, path[0])
	if !ok {
		return nil, false
	}
	data := object{"id": definition["id"], "name": path[0], "type": commandChat}
	resolved := object{}
	at, under := data, definition
	known := has(definition, "options")
	for i, sub := range path[1:] {
		kind := optionSub
		if i < len(path)-2 {
			kind = optionGroup
		}
		next, found := option(under, sub)
		if known && (!found || number(next, "type") != kind) {
			r.d.violate(Commands, "%q has no subcommand %q", path[0], sub)
			return nil, false
		}
		into := object{"name": sub, "type": kind}
		at["options"] = []any{into}
		at, under = into, next
	}
	out := []any{}
	for _, key := range order(under, options) {
		defined, found := option(under, key)
		if known && !found {
			r.d.violate(Commands, "%q has no option %q", name, key)
			return nil, false
		}
		o := r.option(c, key, options[key], resolved)
		if found && key != focused && number(defined, "type") != o["type"] {
			o["type"] = number(defined, "type")
		}
		if key == focused {
			o["focused"] = true
			if found {
				o["type"] = number(defined, "type")
			}
			if known && !flag(defined, "autocomplete") {
				r.d.violate(Commands, "%q of %q has no autocompletion", key, name)
				return nil, false
			}
		}
		out = append(out, o)
	}
	for _, v := range list(under, "options") {
		o, _ := v.(object)
		if _, given := options[text(o, "name")]; flag(o, "required") && !given && focused == "" {
			r.d.violate(Commands, "%q needs the option %q", name, text(o, "name"))
			return nil, false
		}
	}
	at["options"] = out
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	return data, true
}

// option finds an option of a command by its name.
func option(of object, name string) (object, bool) {
	for _, v := range list(of, "options") {
		if o, ok := v.(object); ok && text(o, "name") == name {
			return o, true
		}
	}
	return nil, false
}

// order are the names of options as the definition has them, the others after
// those by name.
func order(under object, options Opt) []string {
	rank := map[string]int{}
	for i, v := range list(under, "options") {
		o, _ := v.(object)
		rank[text(o, "name")] = i - len(list(under, "options"))
	}
	return slices.SortedStableFunc(slices.Values(slices.Sorted(maps.Keys(options))), func(a, b string) int { return rank[a] - rank[b] })
}

// option is one option with its value, and what that resolves to.
func (r *Reader) option(c *Channel, name string, value any, resolved object) object {
	put := func(kind int, of, id string, o object) object {
		all, ok := resolved[of].(object)
		if !ok {
			all = object{}
			resolved[of] = all
		}
		all[id] = o
		return object{"name": name, "type": kind, "value": id}
	}
	switch v := value.(type) {
	case File:
		hosted := r.d.host(c, []File{v})[0]
		return put(optionFile, "attachments", hosted.id, hosted.object())
	case *Reader:
		return put(optionUser, "users", v.ID, v.user.object())
	case *Channel:
		return put(optionChannel, "channels", v.ID, v.object())
	case bool:
		return object{"name": name, "type": optionBoolean, "value": v}
	case int:
		return object{"name": name, "type": optionInteger, "value": v}
	case float64:
		return object{"name": name, "type": optionNumber, "value": v}
	}
	return object{"name": name, "type": optionText, "value": value}
}
