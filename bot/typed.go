package bot

import (
	"regexp"
	"slices"
	"strings"

	"dogear/bot/reply"
)

// Typed reads what a reader typed: a command with a slash before it, a command
// whose arguments could be nothing else, or else a question.
func Typed(line string) (command string, options map[string]string) {
	line = strings.TrimSpace(line)
	rest, slash := strings.CutPrefix(line, "/")
	name, rest := typedName(rest)
	if !slash && !bareCommand(name, strings.ToLower(rest)) {
		return "ask", map[string]string{"question": line}
	}
	options = map[string]string{}
	cmd, ok := commandNamed(name)
	if !ok {
		return name, options
	}
	for i, o := range cmd.Options {
		if o.File {
			continue
		}
		rest = strings.TrimSpace(rest)
		if rest == "" {
			break
		}
		value := rest
		if o.Rest {
			rest = ""
			if paged := i+1 < len(cmd.Options) && cmd.Options[i+1].Name == "page"; paged {
				value, rest = cutPage(value)
			}
			if value == "" {
				continue
			}
		} else {
			value, rest, _ = strings.Cut(rest, " ")
		}
		options[o.Name] = value
	}
	return cmd.Name, options
}

// cutPage cuts a number at the end from what stands before it.
func cutPage(words string) (before, page string) {
	at := strings.LastIndexByte(words, ' ') + 1
	if last := words[at:]; strings.Trim(last, "0123456789") == "" {
		return strings.TrimSpace(words[:at]), last
	}
	return words, ""
}

// typedName cuts a command's name, of one word or two, from a line.
func typedName(line string) (name, rest string) {
	name, rest, _ = strings.Cut(line, " ")
	name, rest = strings.ToLower(name), strings.TrimSpace(rest)
	second, after, _ := strings.Cut(rest, " ")
	two := name + " " + strings.ToLower(second)
	if slices.ContainsFunc(Commands(), func(c Command) bool { return c.Name == two }) {
		return two, strings.TrimSpace(after)
	}
	switch whole, ok := grouped[name]; {
	case ok && rest != "":
		return whole, rest
	case rest != "" && !slices.ContainsFunc(Commands(), func(c Command) bool { return c.Name == name }):
		return two, strings.TrimSpace(after) // a slip must not do what the group's first command does
	}
	return name, rest
}

// grouped is what a group's name with something else behind it means.
var grouped = map[string]string{"reviews": "reviews read", "faq": "faq read", "book": "book about"}

// numberedPlace is a page or a time, and nothing after it.
var numberedPlace = regexp.MustCompile(`^(?:p(?:age|g)?\.?\s*\d{1,6}|\d{1,4}\s*h(?:\d{1,2})?|\d{1,6}\s*min)(?:\s+(?:of|in)\s.+)?$`)

// bareCommand reports whether a line without a slash is a command all the same:
// "progress 7", but not "progress of the plot".
func bareCommand(name, rest string) bool {
	first, _, _ := strings.Cut(rest, " ")
	number := strings.Trim(rest, "0123456789") == ""
	switch name {
	case "progress":
		return rest == "" || chapterPlace.MatchString(rest) || percentPlace.MatchString(rest) || numberedPlace.MatchString(rest) ||
			slices.Contains([]string{"show", "undo", "clear", "start", "end", "finished", "done"}, rest)
	case "spoilers":
		_, veil := reply.ParseVeil(first)
		return rest == "" || veil && slices.Contains([]string{"", "here", "everywhere"}, strings.TrimSpace(strings.TrimPrefix(rest, first)))
	case "reveal":
		return rest != "" && number
	case "report", "past", "share", "more", "help", "book", "reviews", "faq":
		return rest == "" || name == "report" && number
	}
	_, known := commandNamed(name)
	return known && strings.Contains(name, " ") && number
}
