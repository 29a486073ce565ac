package discord

import (
	"strings"
	"testing"

	"dogear/adapters/discord/discordtest/reading"
)

// flaws renders a small document and returns what is wrong with it.
func flaws(u under, seed uint64, decorate string) []string {
	doc, canaries := write(seed, decorate)
	return judge(doc, canaries, renderWith(doc, u.rules), u.wire)
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
		for _, flaw := range flaws(everything(), seed, decorate) {
			t.Errorf("seed %d, %.200q: %s", seed, decorate, flaw)
		}
	})
}
