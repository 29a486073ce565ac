package discord

import (
	"strings"
	"testing"

	"dogear/adapters/discord/discordtest/reading"
)

// flaws renders a document under some rules and returns what is wrong with it.
func flaws(r rules, wire func(message) wireMessage, seed uint64, decorate string) []string {
	doc, canaries := write(seed, decorate)
	return judge(doc, canaries, renderWith(doc, r), wire)
}

// FuzzRender renders documents whose texts hold whatever the fuzzer thinks of.
// Nothing is held back: every text can be shown.
func FuzzRender(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(seed, reading.Hostile(seed))
	}
	f.Fuzz(func(t *testing.T, seed uint64, decorate string) {
		if strings.Contains(decorate, "canary") {
			t.Skip("the canary itself")
		}
		decorate = decorate[:min(len(decorate), 200)]
		for _, flaw := range flaws(everyRule(), message.wire, seed, decorate) {
			t.Errorf("seed %d, %.200q: %s", seed, decorate, flaw)
		}
	})
}
