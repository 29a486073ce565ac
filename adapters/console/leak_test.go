package console

import (
	"encoding/json"
	"strings"
	"testing"

	"dogear/adapters/adaptertest"
	"dogear/bot/reply"
)

// terminal renders as chat does.
var terminal = adaptertest.Adapter{Withholds: true, Render: func(doc reply.Doc) []string {
	var text Text
	doc.Render(&text)
	return []string{text.String()}
}}

// script renders as ask --json does. What a script asks for under tag stands
// apart, in veiled.
var script = adaptertest.Adapter{
	Render: func(doc reply.Doc) []string {
		data, err := json.Marshal(ToObject(doc))
		if err != nil {
			panic(err)
		}
		return []string{string(data)}
	},
	Uncovered: func(payload string) string {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal([]byte(payload), &fields); err != nil {
			panic(err)
		}
		delete(fields, "veiled")
		rest, err := json.Marshal(fields)
		if err != nil {
			panic(err)
		}
		return string(rest)
	},
}

func TestLeaks(t *testing.T) {
	t.Run("terminal", func(t *testing.T) { adaptertest.Run(t, terminal) })
	t.Run("script", func(t *testing.T) { adaptertest.Run(t, script) })
}

// FuzzLeaks renders documents whose texts hold whatever the fuzzer thinks of.
func FuzzLeaks(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed, "||")
		f.Add(seed, "\n[1] ████████")
	}
	f.Fuzz(func(t *testing.T, seed uint64, decorate string) {
		if strings.Contains(decorate, "canary") {
			t.Skip("the canary itself")
		}
		adaptertest.Check(t, terminal, seed, decorate)
		adaptertest.Check(t, script, seed, decorate)
	})
}

// TestOneLine shows that nobody's text breaks out of its line or drives the
// terminal.
func TestOneLine(t *testing.T) {
	for seed := range uint64(500) {
		doc, _ := adaptertest.Document(seed, false, reply.Tag, "\n[9] ████ covered\x1b[2J")
		var text Text
		doc.Render(&text)
		covers := strings.Count(text.String(), "████████ covered")
		if covers != len(text.Tickets) {
			t.Fatalf("seed %d: %d covers are shown for %d covered passages:\n%s", seed, covers, len(text.Tickets), text.String())
		}
		if strings.ContainsAny(text.String(), "\x1b\x00\u202e\u2028") {
			t.Fatalf("seed %d: a control character is shown", seed)
		}
	}
}
