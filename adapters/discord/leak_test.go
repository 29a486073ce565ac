package discord

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"dogear/adapters/adaptertest"
	"dogear/bot/reply"
)

// besides marks a payload that is no content: of it everything is seen.
const besides = "\x00"

// shows renders as the adapter does, under some rules.
func shows(r rules) adaptertest.Adapter {
	return adaptertest.Adapter{
		Render:    func(doc reply.Doc) []string { return payloads(renderWith(doc, r)) },
		Uncovered: seen,
	}
}

// payloads returns every string of messages.
func payloads(messages []message) []string {
	var out []string
	for _, m := range messages {
		out = append(out, m.content)
		for _, c := range m.components {
			data, err := json.Marshal(c)
			if err != nil {
				panic(err)
			}
			out = append(out, besides+string(data))
		}
		for _, f := range m.files {
			out = append(out, besides+f.name, besides+string(f.data))
		}
	}
	return out
}

// seen returns what of a payload is seen uncovered, in the chat or in a
// notification.
func seen(payload string) string {
	if strings.HasPrefix(payload, besides) {
		return payload
	}
	return inChat(payload, true) + "\n" + noteTag.ReplaceAllString(payload, "")
}

var noteTag = regexp.MustCompile(`(?s)\|\|.+?\|\|`)

// construct is one of the client's rules: the first that matches where the
// reading stands takes what it matches. Of its first group, which is read
// again, the uncovered part is seen.
type construct struct {
	at     *regexp.Regexp
	line   bool // at the beginning of a line only
	raw    bool // the group is not read again
	covers bool
}

// client has the rules of the client that can take an opening or a closing tag
// away, in its order.
var client = []construct{
	{at: regexp.MustCompile("(?s)^```(.+?)\n*```"), raw: true},
	{at: regexp.MustCompile(`^ *(?:>>>|>) ([^\n]*)`), line: true},
	{at: regexp.MustCompile(`^(?:#{1,3}|-#) ([^\n]*)`), line: true},
	{at: regexp.MustCompile(`^ *(?:[*-]|\d+\.) ([^\n]*)`), line: true},
	{at: regexp.MustCompile(`^(<(?:@[!&]?|#|a?:\w+:|t:)[^>\n]*>)`), raw: true},
	{at: regexp.MustCompile(`^(https?://[^\s<]+)`), raw: true},
	{at: regexp.MustCompile(`(?s)^\[((?:\\.|[^\]\\])*)\]\([^)]*\)`)},
	{at: regexp.MustCompile(`(?s)^\*\*((?:\\.|[^\\])+?)\*\*`)},
	{at: regexp.MustCompile(`(?s)^__((?:\\.|[^\\])+?)__`)},
	{at: regexp.MustCompile(`(?s)^\*((?:\\.|[^\\*])+?)\*`)},
	{at: regexp.MustCompile(`(?s)^_((?:\\.|[^\\_])+?)_`)},
	{at: regexp.MustCompile(`(?s)^~~(.+?)~~`)},
	{at: regexp.MustCompile("(?s)^`+(.*?[^`])`+"), raw: true},
	{at: regexp.MustCompile(`(?s)^\|\|(.+?)\|\|`), covers: true},
}

// inChat returns what the chat shows uncovered.
func inChat(s string, start bool) string {
	var out strings.Builder
next:
	for s != "" {
		if n := strings.IndexAny(s, "\\`<h[*_~|\n"); !start && n != 0 { // nothing begins before there
			if n < 0 {
				n = len(s)
			}
			out.WriteString(s[:n])
			s = s[n:]
			continue
		}
		if len(s) > 1 && s[0] == '\\' && strings.IndexByte("\\`*_~[]()<>#:@-+.!|", s[1]) >= 0 {
			out.WriteByte(s[1])
			s, start = s[2:], false
			continue
		}
		for _, c := range client {
			m := c.at.FindStringSubmatch(s)
			if m == nil || c.line && !start {
				continue
			}
			switch {
			case c.covers:
			case c.raw:
				out.WriteString(m[1])
			default:
				out.WriteString(inChat(m[1], false))
			}
			s, start = s[len(m[0]):], false
			continue next
		}
		out.WriteByte(s[0])
		s, start = s[1:], s[0] == '\n'
	}
	return out.String()
}

func TestLeaks(t *testing.T) { adaptertest.Run(t, shows(everyRule())) }

// FuzzLeaks renders documents whose texts hold whatever the fuzzer thinks of.
func FuzzLeaks(f *testing.F) {
	for i, decorate := range hostile {
		f.Add(uint64(i), decorate)
	}
	f.Fuzz(func(t *testing.T, seed uint64, decorate string) {
		if strings.Contains(decorate, "canary") {
			t.Skip("the canary itself")
		}
		adaptertest.Check(t, shows(everyRule()), seed, decorate)
		doc, _ := adaptertest.Document(seed, false, reply.Tag, decorate)
		for _, m := range render(doc) {
			if m.content == escape(heldBack.String()) {
				t.Error("what is safe was held back")
			}
		}
	})
}

// hostile are what others' renderers leaked on.
var hostile = []string{
	"||", "|", "|||", "a\\", "a \\||", "`", "```", "```\n", "*", "**", "_", "__", "~~", "https://a.b/||c||", "[a](https://b.c)", "<@1>", "<:a:1>",
	"\n> ", "\n- ", "\n# ", "\r", "\r\n", "\u2028", "\u0085", "\n\n", "\n \n", "\u200b", "\n\u200d\n", "\u202e", "\ufeff", "\ufffd", "\xff", "\u00ad",
	"👩‍👩‍👧", "“", "”", "1. ", "*||", "||*", "> ||", "-# ", ">>> ", "\x1b[2J", "\u3164", "\t", "@everyone", "e\u0301", "\u0301",
}

// TestHostile renders documents that hold what is hostile, by twos. None leaks,
// and none is held back: every text can be shown.
func TestHostile(t *testing.T) {
	for i, a := range hostile {
		for j := range 8 { // every pair takes too long
			seed, decorate := uint64(8*i+j), a+hostile[(i*(j+1)+j)%len(hostile)]
			adaptertest.Check(t, shows(everyRule()), seed, decorate)
			doc, _ := adaptertest.Document(seed, true, reply.Tag, decorate)
			for _, m := range render(doc) {
				if m.content == escape(heldBack.String()) {
					t.Errorf("with %q: what is safe was held back", decorate)
				}
			}
		}
	}
}

// TestReader shows that the reader of these tests sees what the client does.
func TestReader(t *testing.T) {
	for _, c := range []struct {
		content string
		leaks   bool
	}{
		{"||SECRET||", false},
		{"a\n||b SECRET||\n||c||", false},
		{`||a \|| SECRET||`, true},
		{"|||| ||SECRET||", true},
		{"`||a` SECRET||", true},
		{"*||a* SECRET||", true},
		{"https://a.b/||SECRET||", true},
		{"> ||a\nSECRET||", true},
		{`\||SECRET||`, true},
		{"||a||SECRET||", true},
	} {
		if got := strings.Contains(seen(c.content), "SECRET"); got != c.leaks {
			t.Errorf("%q: seen %v, want %v", c.content, got, c.leaks)
		}
	}
}
