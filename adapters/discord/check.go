package discord

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"
)

// holds reports whether a finished message reads as it was meant: under tags
// what was to be covered, in the open the other lines, and nothing that Discord
// refuses. It reads twice, as the chat does and as a notification does, and
// knows nothing of how the message was made.
func holds(m message, meant []line) bool {
	var tags, open []string
	for _, l := range meant {
		if l.cover {
			tags = append(tags, l.text)
			open = append(open, "")
		} else {
			open = append(open, l.text)
		}
	}
	rest := strings.Join(open, "\n")
	chatTags, chatRest, ok := readChat(m.content)
	noteTags, noteRest := readNotification(m.content)
	return ok && slices.Equal(chatTags, tags) && chatRest == rest &&
		slices.Equal(noteTags, tags) && noteRest == rest &&
		length(m.content) <= longestContent && fits(m.components) &&
		!slices.ContainsFunc(m.files, func(f file) bool { return f.name != exportName })
}

// readNotification reads a content as a notification does, for which two bars
// are a tag wherever they stand. It returns what the tags hold and what is left.
func readNotification(s string) (tags []string, rest string) {
	var out strings.Builder
	for {
		from := strings.Index(s, "||")
		if from < 0 {
			break
		}
		_, first := utf8.DecodeRuneInString(s[from+2:]) // a tag holds something, be it a bar
		n := strings.Index(s[from+2+first:], "||")
		if n < 0 {
			out.WriteString(s[:from+1])
			s = s[from+1:]
			continue
		}
		out.WriteString(s[:from])
		tags = append(tags, s[from+2:from+2+first+n])
		s = s[from+2+first+n+2:]
	}
	out.WriteString(s)
	return tags, out.String()
}

// readChat reads a content as the chat does, as far as dogear uses it: a line
// is a tag from its beginning to its end, or bold, or one of a list, or plain.
// It returns what the tags hold and the other lines, with an empty line for a
// tag; ok is false where there is anything else, which might be read otherwise.
func readChat(s string) (tags []string, rest string, ok bool) {
	var open []string
	for l := range strings.SplitSeq(s, "\n") {
		text := l
		switch {
		case strings.HasPrefix(l, "||"):
			inside, behind, closed := strings.Cut(l[2:], "||")
			if !closed || behind != "" {
				return nil, "", false
			}
			text, l = inside, ""
			tags = append(tags, inside)
		case len(l) > 4 && strings.HasPrefix(l, "**") && strings.HasSuffix(l, "**"):
			text = l[2 : len(l)-2]
		case strings.HasPrefix(l, "- "):
			text = l[2:]
		}
		if !inert(text) {
			return nil, "", false
		}
		open = append(open, l)
	}
	return tags, strings.Join(open, "\n"), true
}

// inert reports whether a text is nothing but text: there is some, and whatever
// could be markup stands behind a backslash of its own.
func inert(s string) bool {
	if strings.TrimSpace(s) != s || !strings.ContainsFunc(s, unicode.IsGraphic) {
		return false
	}
	escaped := false
	for _, r := range s {
		markup := strings.ContainsRune("\\*_~[]()<>#:@-+.!", r)
		switch {
		case escaped != markup && (escaped || r != '\\'):
			return false
		case r == '|', r == '`', r == utf8.RuneError:
			return false
		case r != '\u200d' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
			return false
		}
		escaped = !escaped && r == '\\'
	}
	return !escaped
}

// fits reports whether Discord takes components: rows of buttons or of one
// menu, each with a name of its own that holds no text.
func fits(components []discordgo.MessageComponent) bool {
	names := map[string]bool{}
	named := func(id string) bool {
		fresh := !names[id]
		names[id] = true
		return fresh && within(id, longestCustomID) && !strings.ContainsFunc(id, func(r rune) bool {
			return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(":.-", r)
		})
	}
	for _, c := range components {
		r, ok := c.(discordgo.ActionsRow)
		if !ok || len(r.Components) == 0 || len(r.Components) > mostInRow {
			return false
		}
		for _, c := range r.Components {
			switch c := c.(type) {
			case discordgo.Button:
				ok = named(c.CustomID) && within(c.Label, longestLabel) && c.URL == ""
			case discordgo.SelectMenu:
				ok = len(r.Components) == 1 && named(c.CustomID) && within(c.Placeholder, longestPlaceholder) && choosable(c.Options)
			default:
				ok = false
			}
			if !ok {
				return false
			}
		}
	}
	return len(components) <= mostRows
}

// choosable reports whether Discord takes the options of a menu.
func choosable(options []discordgo.SelectMenuOption) bool {
	values := map[string]bool{}
	for _, o := range options {
		if values[o.Value] || !within(o.Value, longestChoice) || !within(o.Label, longestChoice) {
			return false
		}
		values[o.Value] = true
	}
	return len(options) > 0 && len(options) <= mostChoices
}

// within reports whether there is a text, and no more of it than most.
func within(s string, most int) bool { return s != "" && length(s) <= most }

// length is a text's length in UTF-16 code units.
func length(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}
