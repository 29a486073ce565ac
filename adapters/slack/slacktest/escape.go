package slacktest

import (
	"regexp"
	"strings"
)

// entities are how Slack tells of characters that would begin markup.
var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// markups are mentions, which people choose from a list, and addresses.
var markups = regexp.MustCompile(`<[@#!][^<>]*>|https?://[^\s<>]+`)

// escape is what a person has typed, as Slack keeps it: nothing in it is markup
// but mentions and addresses.
func escape(words string) string {
	var out strings.Builder
	last := 0
	for _, at := range markups.FindAllStringIndex(words, -1) {
		out.WriteString(entities.Replace(words[last:at[0]]))
		if word := words[at[0]:at[1]]; word[0] == '<' {
			out.WriteString(word)
		} else {
			out.WriteString("<" + entities.Replace(word) + ">")
		}
		last = at[1]
	}
	out.WriteString(entities.Replace(words[last:]))
	return out.String()
}

// escaped returns a copy of what the bot has posted, its plain texts as Slack gives
// them back.
func escaped[T any](v T) T {
	out := clone(v)
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		case object:
			if text(v, "type") == plain {
				v["text"] = entities.Replace(text(v, "text"))
			}
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(out)
	return out
}
