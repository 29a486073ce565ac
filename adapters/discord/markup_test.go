package discord

import (
	"strings"
	"testing"
	"unicode/utf8"

	"dogear/bot/reply"
)

// covered renders one covered quotation under a line, and a control.
func covered(r rules, text string) []message {
	d := draft{rules: r}
	d.Line(reply.Line{Role: reply.Heading, Spans: []reply.Span{{Text: pastHead.String()}}})
	d.Spoiler("t.1", func() reply.Quotation {
		return reply.Quotation{Text: text, Past: true, Source: reply.Citation{Kind: "review", Reviewer: "mo", Link: "https://elsewhere.example"}}
	})
	d.Control(reply.Control{Action: reply.Report, Label: strings.Repeat("Report ", 30), Ticket: "t"})
	return d.messages()
}

// TestNoneSpare puts something plausible in the place of each rule. Without the
// last look it does harm; with it, all harm that it can tell is held back.
func TestNoneSpare(t *testing.T) {
	same := func(s string) string { return s }
	uncovers := func(m message) bool { return strings.Contains(seen(m.content), "SECRET") }
	for _, c := range []struct {
		name  string
		text  string
		drop  func(*rules)
		harm  func(message) bool
		blind bool // the last look cannot tell
	}{
		{"normalise", "a\u2028\u202eb", func(r *rules) { r.normalise = same },
			func(m message) bool { return strings.ContainsAny(m.content, "\u2028\u202e") }, false},
		{"escape", "a||b SECRET", func(r *rules) { r.escape = same }, uncovers, false},
		{"escape with backslashes alone", "a || SECRET", func(r *rules) {
			r.escape = strings.NewReplacer(`\`, `\\`, "|", `\|`, "`", "\\`").Replace
		}, func(m message) bool { return strings.Contains(m.content, `\|`) }, false},
		{"escape code", "a` SECRET", func(r *rules) {
			r.escape = func(s string) string { return strings.ReplaceAll(escape(s), "\u02cb", "`") }
		}, func(m message) bool { return strings.Contains(m.content, "`") }, false},
		{"split", "a\nSECRET", func(r *rules) { r.split = func(s string) []string { return []string{s} } },
			func(m message) bool {
				for l := range strings.SplitSeq(m.content, "\n") {
					if strings.Count(l, bars)%2 == 1 {
						return true
					}
				}
				return false
			}, false},
		{"split without blank lines", "a\n\nSECRET", func(r *rules) { r.split = func(s string) []string { return strings.Split(s, "\n") } },
			uncovers, false},
		{"join", "SECRET", func(r *rules) {
			r.join = func(lines []line) string { return strings.ReplaceAll(join(lines), "\n", "") }
		}, func(m message) bool { return !strings.Contains("\n"+m.content, "\n"+bars) }, false},
		{"join without tags", "SECRET", func(r *rules) {
			r.join = func(lines []line) string { return strings.ReplaceAll(join(lines), bars, "") }
		}, uncovers, false},
		{"cut", strings.Repeat("👩‍👩‍👧.", 1000), func(r *rules) {
			r.cut = func(s string, most int, _ func(string) int) string { return s[:min(len(s), most-1)] }
		}, func(m message) bool { return strings.ContainsRune(m.content, utf8.RuneError) }, false},
		{"cut what is escaped", strings.Repeat(".", 4000), func(r *rules) {
			r.cut = func(s string, most int, _ func(string) int) string { return s[:min(len(s), most)] }
		}, func(m message) bool { return units(m.content) > longestContent }, false},
		{"by", "SECRET", func(r *rules) {
			r.by = func(_ *reply.Language, c reply.Citation) string { return c.Reviewer + " " + c.Link }
		},
			func(m message) bool { return strings.Contains(m.content, "elsewhere") }, true},
		{"label", "SECRET", func(r *rules) { r.label = func(s string, _ int) string { return s } },
			func(m message) bool {
				return strings.Contains(payloads([]message{m})[1], strings.Repeat("Report ", 15))
			}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			harmed := func(r rules) bool {
				harm := false
				for _, m := range covered(r, c.text) {
					harm = harm || m.components != nil && c.harm(m)
				}
				return harm
			}
			if harmed(everyRule()) {
				t.Error("harm is done under every rule")
			}
			r := everyRule()
			c.drop(&r)
			if harmed(r) != c.blind {
				t.Errorf("harm is done: %v, want %v", !c.blind, c.blind)
			}
			r.holds = func(message, []line) bool { return true }
			if !harmed(r) {
				t.Error("the rule is spare: nothing happens without it")
			}
		})
	}
}

func TestNormalise(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\nb\rc\u2028d\u2029e\u0085f\vg\fh": "a\nb\nc\nd\ne\nf\ng\nh",
		"a\tb":                                 "a b",
		"a\x00\x1b\u00ad\u200b\u200c\u2060\ufeff\u200e\u202e\u2066\u061c\ufffd\u3164\xffb": "ab",
		"👩‍👩‍👧": "👩‍👩‍👧",
		"é ❤️":  "é ❤️",
	} {
		if got := normalise(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestEscape(t *testing.T) {
	const markup = `\*_~[]()<>#:@-+.!`
	for _, r := range markup {
		if got, want := escape("a"+string(r)+"b"), `a\`+string(r)+"b"; got != want {
			t.Errorf("%q becomes %q", r, got)
		}
	}
	if got := escape("a`b|c é"); got != "aˋb∣c é" {
		t.Errorf("bars and backticks become %q", got)
	}
}

func TestSplit(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		" \n\u200d\n\ufe0f": "",
		" a \n\n  b":        "a/b",
	} {
		if got := strings.Join(split(in), "/"); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestBy(t *testing.T) {
	for _, c := range []struct {
		from reply.Citation
		want string
	}{
		{reply.Citation{Kind: "review", Reviewer: "mo", Title: "Tides"}, "mo: Tides"},
		{reply.Citation{Kind: "review", Title: "Tides"}, "Tides"},
		{reply.Citation{Kind: "review", ID: "id", Link: "link", File: "file"}, "a reader"},
		{reply.Citation{Kind: "faq"}, "the FAQ"},
		{reply.Citation{Kind: "faq", Title: "faq"}, "the FAQ"},
		{reply.Citation{Kind: "faq", Reviewer: "mo", Title: "Tides"}, "mo: Tides (FAQ)"},
	} {
		if got := by(nil, c.from); got != c.want {
			t.Errorf("%+v: %q, want %q", c.from, got, c.want)
		}
	}
}
