package reading

import (
	"regexp"
	"strings"
)

// live are the things that the client makes more than text, as they begin.
// Invitations count without a scheme: the client finds them by their address.
var live = regexp.MustCompile(`^(?i:` + strings.Join([]string{
	`@everyone`,
	`@here`,
	`<(?:@[!&]?|#|/|t:|a?:|id:)[^<>\n]{1,100}>`,
	`<(?:mailto:|tel:|sms:|\+)[^<>\s]{1,100}>`,
	`<[^<>\s@]{1,100}@[^<>\s]{1,100}>`,
	`[a-z][a-z0-9+.-]{1,15}://[^\s<]+`,
	`discord(?:app)?\.(?:gg|com)/[^\s<]+`,
}, "|") + `)`)

// Mentions returns what in a content would mention, link or come alive in the
// client, in order: what no backslash has made inert. It does not spare code,
// which a server reads as any other text.
func Mentions(content string) []string {
	t := newText(content)
	var out []string
	label := -1 // where the label of a masked link may have begun
	for i := 0; i < len(content); {
		rest := content[i:]
		// A backslash before the bracket does not hold a masked link back.
		if label >= 0 && strings.HasPrefix(rest, "](") {
			if n := strings.IndexByte(rest, ')'); n >= 0 {
				out = append(out, content[label:i+n+1])
				label = -1
			}
			i += 2
			continue
		}
		if t.escaped[i] {
			i++
			continue
		}
		if rest[0] == '[' && label < 0 {
			label = i
		}
		if mayLive(rest) {
			if m := live.FindString(rest); m != "" {
				out = append(out, m)
				i += len(m)
				continue
			}
		}
		i++
	}
	return out
}

// mayLive reports whether it is worth asking whether a text begins with what is
// live: most places of a text are not.
func mayLive(s string) bool {
	switch c := s[0]; {
	case c == '@', c == '<', c == 'd', c == 'D':
		return true
	case isLetter(c), c >= 0x80: // what the case of letters is folded to may be anything
		return strings.Contains(s[:min(len(s), 64)], "://")
	}
	return false
}

// UTF16 returns how long a text is as Discord measures: in UTF-16 code units.
// A byte that is not UTF-8 goes as one replacement character.
func UTF16(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
