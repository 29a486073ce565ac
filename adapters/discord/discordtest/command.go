package discordtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Types of commands and options.
const (
	commandChat     = 1
	commandUser     = 2
	commandMessage  = 3
	optionSub       = 1
	optionGroup     = 2
	optionText      = 3
	optionInteger   = 4
	optionBoolean   = 5
	optionUser      = 6
	optionChannel   = 7
	optionRole      = 8
	optionNumber    = 10
	optionFile      = 11
	longestCommand  = 8000
	longestInList   = 100
	mostOptions     = 25
	mostOtherMenues = 15
)

// locales are the languages of Discord's clients.
var locales = strings.Fields("id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko")

var chatName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

func (d *Discord) getCommands(c *call) (any, *apiError) {
	if c.value("app") != d.AppID {
		return nil, unknownApplication
	}
	out := []any{}
	for _, o := range d.commands[c.value("guild")] {
		if c.http.URL.Query().Get("with_localizations") != "true" {
			o = withoutLocalizations(o)
		}
		out = append(out, o)
	}
	return out, nil
}

func withoutLocalizations(o object) object {
	out := object{}
	for k, v := range o {
		if k != "name_localizations" && k != "description_localizations" {
			out[k] = v
		}
	}
	return out
}

func (d *Discord) putCommands(c *call) (any, *apiError) {
	if c.value("app") != d.AppID {
		return nil, unknownApplication
	}
	if id := c.value("guild"); id != "" {
		if _, err := d.guild(c); err != nil {
			return nil, err
		}
	}
	payload, ok := c.Body.([]any)
	if !ok {
		d.violate(Protocol, "commands are not a list")
		return nil, malformed
	}
	f := &form{}
	count, names := map[int]int{}, map[string]bool{}
	var commands []object
	for i, v := range payload {
		o, _ := v.(object)
		kind := max(number(o, "type"), commandChat)
		count[kind]++
		path := fmt.Sprint(i)
		f.command(path, o, kind)
		key := fmt.Sprint(kind, text(o, "name"))
		if names[key] {
			f.wrong(Limits, path+".name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		names[key] = true
		commands = append(commands, d.registered(o, kind, c.value("guild")))
	}
	for kind, most := range map[int]int{commandChat: longestInList, commandUser: mostOtherMenues, commandMessage: mostOtherMenues} {
		if count[kind] > most {
			f.wrong(Limits, "commands", "BASE_TYPE_MAX_LENGTH", "No more than %d commands of type %d. (%d)", most, kind, count[kind])
		}
	}
	if err := d.result(f, "commands"); err != nil {
		return nil, err
	}
	d.commands[c.value("guild")] = commands
	d.broadcast()
	out := []any{}
	for _, o := range commands {
		out = append(out, o)
	}
	return out, nil
}

// registered is a command as Discord keeps it, under the id that it had.
func (d *Discord) registered(o object, kind int, guild string) object {
	kept := object{
		"type": kind, "application_id": d.AppID, "version": d.newID(), "default_member_permissions": nil,
		"nsfw": false, "description": "", "options": []any{},
	}
	for k, v := range o {
		kept[k] = v
	}
	kept["id"] = d.newID()
	if guild != "" {
		kept["guild_id"] = guild
	}
	for _, old := range d.commands[guild] {
		if old["name"] == o["name"] && old["type"] == kind {
			kept["id"] = old["id"]
		}
	}
	return kept
}

// command checks one command.
func (f *form) command(path string, o object, kind int) {
	f.named(path, o, kind == commandChat)
	if kind != commandChat && (text(o, "description") != "" || len(list(o, "options")) > 0) {
		f.wrong(Limits, path+".description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SET", "Only chat input commands have descriptions and options.")
	}
	if p, ok := o["default_member_permissions"]; ok && p != nil {
		if _, isText := p.(string); !isText {
			f.wrong(Limits, path+".default_member_permissions", "BASE_TYPE_STRING", "Must be a string.")
		}
	}
	for key, most := range map[string]float64{"contexts": 2, "integration_types": 1} {
		for _, v := range list(o, key) {
			if n, ok := v.(float64); !ok || n < 0 || n > most {
				f.wrong(Limits, path+"."+key, "BASE_TYPE_CHOICES", "Unknown value.")
			}
		}
	}
	f.options(path+".options", list(o, "options"), 0)
	if n := weight(o); n > longestCommand {
		f.wrong(Limits, path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (%d)", n)
	}
}

// named checks names and descriptions in all languages.
func (f *form) named(path string, o object, chat bool) {
	check := func(at, name string) {
		f.length(at, name, 1, 32)
		if chat && (!chatName.MatchString(name) || strings.ToLower(name) != name) {
			f.wrong(Limits, at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
		}
	}
	check(path+".name", text(o, "name"))
	names, _ := o["name_localizations"].(object)
	for locale, v := range names {
		name, _ := v.(string)
		f.locale(path+".name_localizations", locale)
		check(path+".name_localizations."+locale, name)
	}
	if !chat {
		return
	}
	f.length(path+".description", text(o, "description"), 1, 100)
	descriptions, _ := o["description_localizations"].(object)
	for locale, v := range descriptions {
		description, _ := v.(string)
		f.locale(path+".description_localizations", locale)
		f.length(path+".description_localizations."+locale, description, 1, 100)
	}
}

func (f *form) locale(path, locale string) {
	if !slices.Contains(locales, locale) {
		f.wrong(Limits, path, "BASE_TYPE_CHOICES", "No language of Discord's: %s", locale)
	}
}

// options checks the options of a command or subcommand, so many levels deep.
func (f *form) options(path string, options []any, level int) {
	f.count(path, len(options), 0, mostOptions)
	names, optional, subs := map[string]bool{}, false, 0
	for i, v := range options {
		o, _ := v.(object)
		at := fmt.Sprintf("%s.%d", path, i)
		f.named(at, o, true)
		if names[text(o, "name")] {
			f.wrong(Limits, at+".name", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique")
		}
		names[text(o, "name")] = true
		switch kind := number(o, "type"); {
		case kind == optionSub || kind == optionGroup:
			subs++
			if level > 1 || level == 1 && kind == optionGroup {
				f.wrong(Limits, at+".type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Too deep a level for a subcommand.")
				continue
			}
			next := 2
			if kind == optionGroup {
				next = 1
				f.count(at+".options", len(list(o, "options")), 1, mostOptions)
			}
			f.options(at+".options", list(o, "options"), next)
			continue
		case kind < optionText || kind > optionFile:
			f.wrong(Limits, at+".type", "BASE_TYPE_CHOICES", "No option is of type %d.", kind)
		}
		if flag(o, "required") && optional {
			f.wrong(Limits, at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		optional = optional || !flag(o, "required")
		f.suggestions(at, o)
	}
	if subs > 0 && subs < len(options) || level == 1 && subs < len(options) {
		f.wrong(Limits, path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Subcommands and options do not mix.")
	}
}

// suggestions checks what an option offers to choose from.
func (f *form) suggestions(path string, o object) {
	choices := list(o, "choices")
	f.count(path+".choices", len(choices), 0, mostItems)
	kind := number(o, "type")
	typed := kind == optionText || kind == optionInteger || kind == optionNumber
	if flag(o, "autocomplete") && (len(choices) > 0 || !typed) || len(choices) > 0 && !typed {
		f.wrong(Limits, path+".autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", "Choices and autocompletion are for texts and numbers, and only one of the two.")
	}
	for i, v := range choices {
		c, _ := v.(object)
		f.length(fmt.Sprintf("%s.choices.%d.name", path, i), text(c, "name"), 1, 100)
		if s, ok := c["value"].(string); ok {
			f.length(fmt.Sprintf("%s.choices.%d.value", path, i), s, 1, 100)
		}
	}
}

// weight is how long a command is: its names, descriptions and values, each in
// the language in which it is longest.
func weight(o object) int {
	n := 0
	for _, key := range []string{"name", "description"} {
		longest := units(text(o, key))
		in, _ := o[key+"_localizations"].(object)
		for _, v := range in {
			s, _ := v.(string)
			longest = max(longest, units(s))
		}
		n += longest
	}
	n += units(text(o, "value"))
	for _, key := range []string{"options", "choices"} {
		for _, v := range list(o, key) {
			if inner, ok := v.(object); ok {
				n += weight(inner)
			}
		}
	}
	return n
}
