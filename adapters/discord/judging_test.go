package discord

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dogear/adapters/discord/discordtest/reading"
	"dogear/bot/reply"
)

// held is the flaw of a document of which something was held back.
const held = "held back"

// judge returns what is wrong with what is sent for a document. How a message
// reads is told by somebody who does not know how it was made.
func judge(doc reply.Doc, canaries []canary, sent []message, wire func(message) wireMessage) (flaws []string) {
	say := func(format string, args ...any) { flaws = append(flaws, fmt.Sprintf(format, args...)) }
	var want meant
	doc.Render(&want)
	var got meant
	var shown, covered, notified strings.Builder
	for _, m := range sent {
		chat, note := reading.Chat(m.content), reading.Notification(m.content)
		shown.WriteString(chat.Open + "\n")
		notified.WriteString(note.Open + "\n")
		covered.WriteString(strings.Join(chat.Covered, "\n") + "\n")
		got.covers += chat.Tags
		for l := range strings.SplitSeq(m.content, "\n") {
			if block.MatchString(l) {
				got.blocks++
			}
		}
		if chat.Tags != note.Tags || 4*chat.Tags != strings.Count(m.content, "|") {
			say("%d tags in the chat, %d in a notification, %d bars", chat.Tags, note.Tags, strings.Count(m.content, "|"))
		}
		for _, b := range slices.Concat(chat.Broken, note.Broken) {
			say("%s", b)
		}
		if live := reading.Mentions(m.content); len(live) > 0 {
			say("alive: %q", live)
		}
		if n := reading.UTF16(m.content); n == 0 || n > 2000 || !utf8.ValidString(m.content) {
			say("the content is %d long, valid: %v", n, utf8.ValidString(m.content))
		}
		w, err := json.Marshal(wire(m))
		if err != nil {
			panic(err)
		}
		flaws = append(flaws, inspect(w)...)
		got.buttons += strings.Count(string(w), `"custom_id":"reveal:`)
		for _, f := range m.files {
			shown.Write(f.data) // a file has no tags
		}
	}
	last := sent[len(sent)-1].content
	whole := last != escape(heldBack.String())
	if !whole {
		say(held)
	}
	if strings.HasSuffix(last, escape(moreLeft.String())) {
		whole = false
		if len(sent) < 5 && want.buttons <= 10 {
			say("%d messages, and there is more", len(sent))
		}
	}
	if len(sent) > 5 || got.covers > want.covers || got.buttons > want.buttons || whole && got != want {
		say("%d messages hold %+v, want %+v", len(sent), got, want)
	}
	for _, c := range canaries {
		inOpen := strings.Contains(shown.String(), c.word) || strings.Contains(notified.String(), c.word)
		inCover := strings.Contains(covered.String(), c.word)
		switch {
		case inOpen && (c.sight == nowhere || c.sight == tagged), inCover && (c.sight == nowhere || c.sight == open):
			say("%+v: uncovered %v, covered %v", c, inOpen, inCover)
		case c.due && whole && !inOpen && !inCover:
			say("%+v is not shown", c)
		}
	}
	return flaws
}

// block is how a line of a quote, a list, a heading or small print begins.
var block = regexp.MustCompile(`^\s*(?:>|(?:#{1,3}|-#)\s|[-*+]\s|\d+[.)]\s)`)

// meant counts what a document says, as a Renderer that shows nothing.
type meant struct {
	covers  int // lines under tags
	buttons int // what stands in the place of a text that is not there
	blocks  int // of a list
}

func (m *meant) Line(l reply.Line) {
	if l.Role == reply.Item {
		m.blocks++
	}
}

func (m *meant) Quote(reply.Quotation)      {}
func (m *meant) Source(int, reply.Citation) {}
func (m *meant) Control(reply.Control)      {}

func (m *meant) Spoiler(_ reply.Ticket, body func() reply.Quotation) {
	if body == nil {
		m.buttons++
		return
	}
	for l := range strings.FieldsFuncSeq(body().Text, func(r rune) bool { return strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r) }) {
		if strings.ContainsFunc(l, visible) {
			m.covers++
		}
	}
}

// visible reports whether a character alone is something to cover.
func visible(r rune) bool {
	return r != unicode.ReplacementChar && unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S) &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// component is one of a message in JSON, or an option of one.
type component struct {
	Type                           int
	CustomID                       string `json:"custom_id"`
	Label, Value, Placeholder, URL string
	Options, Components            []component
}

// inspect returns what is wrong with a message beside its content: what Discord
// would refuse, a text where none may be, and that it shows previews or mentions
// somebody.
func inspect(wire []byte) (flaws []string) {
	say := func(format string, args ...any) { flaws = append(flaws, fmt.Sprintf(format, args...)) }
	var m struct {
		Flags       int
		Components  []component
		Allowed     struct{ Parse []string } `json:"allowed_mentions"`
		Attachments []struct{ Filename string }
	}
	if err := json.Unmarshal(wire, &m); err != nil {
		return []string{err.Error()}
	}
	if m.Flags&4 == 0 {
		say("previews of links are shown")
	}
	if m.Allowed.Parse == nil || len(m.Allowed.Parse) > 0 {
		say("mentions are allowed: %q", m.Allowed.Parse)
	}
	ids := map[string]bool{}
	text := func(s string, least, most int) {
		if n := reading.UTF16(s); n < least || n > most || strings.TrimSpace(s) != s || strings.Contains(s, "canary") {
			say("a text of %d to %d: %q", least, most, s)
		}
	}
	for _, row := range m.Components {
		menu := len(row.Components) == 1 && row.Components[0].Type == 3
		if row.Type != 1 || len(row.Components) == 0 || len(row.Components) > 5 {
			say("a row of type %d with %d", row.Type, len(row.Components))
		}
		for _, c := range row.Components {
			if text(c.CustomID, 1, 100); ids[c.CustomID] {
				say("%q twice", c.CustomID)
			}
			ids[c.CustomID] = true
			switch {
			case c.Type == 2 && c.URL == "":
				text(c.Label, 1, 80)
			case c.Type == 3 && menu && len(c.Options) > 0 && len(c.Options) <= 25:
				text(c.Placeholder, 1, 150)
			default:
				say("a component: %+v", c)
			}
			values := map[string]bool{}
			for _, o := range c.Options {
				text(o.Label, 1, 100)
				if text(o.Value, 1, 100); values[o.Value] {
					say("%q twice", o.Value)
				}
				values[o.Value] = true
			}
		}
	}
	if len(m.Components) > 5 {
		say("%d rows", len(m.Components))
	}
	for _, a := range m.Attachments {
		text(a.Filename, 1, 100)
	}
	return flaws
}
