package discord

import (
	"slices"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"

	"dogear/adapters/discord/discordtest/reading"
	"dogear/bot/reply"
)

// under is what a document is rendered and sent under.
type under struct {
	rules
	wire func(message) wireMessage
}

func everything() under { return under{everyRule(), message.wire} }

// but returns an escape that does something else with some characters.
func but(chars string, put func(string) string) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for _, r := range s {
			if c := string(r); strings.ContainsRune(chars, r) {
				b.WriteString(put(c))
			} else {
				b.WriteString(escape(c))
			}
		}
		return b.String()
	}
}

func same(s string) string      { return s }
func backslash(s string) string { return `\` + s }

// drops put something plausible in the place of each rule.
var drops = []struct {
	name  string
	drop  func(*under)
	blind bool // holds, which sees a finished message alone, can't tell
}{
	{"normalise", func(u *under) { u.normalise = same }, false},
	{"normalise ends of lines", func(u *under) {
		u.normalise = func(s string) string {
			return strings.ReplaceAll(normalise(strings.ReplaceAll(s, "\u2028", "L")), "L", "\u2028")
		}
	}, false},
	{"escape", func(u *under) { u.escape = same }, false},
	{"escape |", func(u *under) { u.escape = but("|", same) }, false},
	{"escape | with a backslash", func(u *under) { u.escape = but("|", backslash) }, false},
	{"escape `", func(u *under) { u.escape = but("`", same) }, false},
	{"escape ` with a backslash", func(u *under) { u.escape = but("`", backslash) }, false},
	{`escape \`, func(u *under) { u.escape = but(`\`, same) }, false},
	{"escape *", func(u *under) { u.escape = but("*", same) }, false},
	{"escape _", func(u *under) { u.escape = but("_", same) }, false},
	{"escape ~", func(u *under) { u.escape = but("~", same) }, false},
	{"escape [ (", func(u *under) { u.escape = but("[(", same) }, false}, // a link needs both
	{"escape )", func(u *under) { u.escape = but(")", same) }, false},
	{"escape <", func(u *under) { u.escape = but("<", same) }, false},
	{"escape >", func(u *under) { u.escape = but(">", same) }, false},
	{"escape #", func(u *under) { u.escape = but("#", same) }, false},
	{"escape :", func(u *under) { u.escape = but(":", same) }, false},
	{"escape @", func(u *under) { u.escape = but("@", same) }, false},
	{"escape -", func(u *under) { u.escape = but("-", same) }, false},
	{"escape +", func(u *under) { u.escape = but("+", same) }, false},
	{"escape .", func(u *under) { u.escape = but(".", same) }, false},
	{"split", func(u *under) { u.split = func(s string) []string { return []string{s} } }, false},
	{"split off blank lines", func(u *under) { u.split = func(s string) []string { return strings.Split(s, "\n") } }, false},
	{"split and trim", func(u *under) {
		u.split = func(s string) []string {
			return slices.DeleteFunc(strings.Split(s, "\n"), blank)
		}
	}, false},
	{"join on lines", func(u *under) {
		u.join = func(lines []line) string { return strings.ReplaceAll(join(lines), "\n", "") }
	}, false},
	{"join lists with covers", func(u *under) {
		u.join = func(lines []line) string { return strings.ReplaceAll(join(lines), "\n||", "\n- ||") }
	}, false},
	{"join with tags", func(u *under) {
		u.join = func(lines []line) string { return strings.ReplaceAll(join(lines), bars, "") }
	}, false},
	{"cut", func(u *under) { u.cut = func(s string, _ int, _ func(string) int) string { return s } }, false},
	{"cut by what is escaped", func(u *under) {
		u.cut = func(s string, most int, _ func(string) int) string { return cut(s, most, units) }
	}, false},
	{"cut before escaping", func(u *under) {
		u.cut = func(s string, _ int, _ func(string) int) string { return s }
		u.escape = func(s string) string { return cut(escape(s), 400, units) + "\\" }
	}, false},
	{"by without links", func(u *under) {
		u.by = func(c reply.Citation, l *reply.Language) string { return c.By(l) + " " + c.Link }
	}, true},
	{"by without names of files", func(u *under) {
		u.by = func(c reply.Citation, l *reply.Language) string { return c.By(l) + " " + c.File }
	}, true},
	{"label", func(u *under) { u.label = func(s string, _ int) string { return s } }, false},
	{"suppress embeds", func(u *under) {
		u.wire = func(m message) wireMessage { w := m.wire(); w.Flags = 0; return w }
	}, true},
	{"allowed mentions", func(u *under) {
		u.wire = func(m message) wireMessage {
			w := m.wire()
			w.AllowedMentions = &discordgo.MessageAllowedMentions{}
			return w
		}
	}, true},
}

// TestNoneSpare drops each rule in turn. Without the last look the judge finds
// what comes of it; with it, all that it can tell is held back. What is escaped
// and not in drops, a ] and an exclamation mark, does nothing by itself.
func TestNoneSpare(t *testing.T) {
	const (
		most  = 2000 // seeds after which a rule is spare
		texts = 120  // so many of the hostile ones are tried, in ever other documents
	)
	unchecked := func(message, []line) bool { return true }
	for _, d := range drops {
		u := everything()
		d.drop(&u)
		checked := u.holds
		seed, found := uint64(0), []string(nil)
		for u.holds = unchecked; found == nil && seed < most; seed++ {
			found = flaws(u, seed, reading.Hostile(seed%texts))
		}
		if found == nil {
			t.Errorf("%s is spare: nothing happens without it", d.name)
			continue
		}
		seed--
		t.Logf("%-27s seed %4d: %.100s", d.name, seed, found[0])
		u.holds = checked
		if got := flaws(u, seed, reading.Hostile(seed%texts)); slices.Equal(got, []string{held}) == d.blind {
			t.Errorf("%s, seed %d: with the last look it's %q", d.name, seed, got)
		}
	}
	u := everything()
	u.holds = unchecked
	for seed := range uint64(300) {
		if got := flaws(u, seed, reading.Hostile(seed%texts)); got != nil {
			t.Errorf("seed %d: without the last look alone it's %q", seed, got)
		}
	}
}
