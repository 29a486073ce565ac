package discord

import (
	"strings"
	"testing"
	"unicode/utf16"

	"dogear/bot/reply"
)

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		most int
		want string
	}{
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"ab cd", 4, "ab…"},
		{"a👩‍👩‍👧b", 9, "a…"},
		{"a👩‍👩‍👧bc", 10, "a👩‍👩‍👧…"},
		{"e\u0301e\u0301e\u0301", 4, "e\u0301…"},
		{"🇬🇧🇬🇧", 5, "🇬🇧…"},
		{"", 0, ""},
	} {
		if got := cut(c.in, c.most, units); got != c.want {
			t.Errorf("%q to %d becomes %q, want %q", c.in, c.most, got, c.want)
		}
	}
	if got := cut("a.b.c", 5, func(s string) int { return units(escape(s)) }); got != "a.b…" && got != "a.…" {
		t.Errorf("cut to what is escaped: %q", got)
	}
}

func TestUnits(t *testing.T) {
	for _, s := range []string{"", "abc", "é“", "👩‍👩‍👧", "𝒜b"} {
		want := len(utf16.Encode([]rune(s)))
		if units(s) != want || length(s) != want {
			t.Errorf("%q: %d and %d, want %d", s, units(s), length(s), want)
		}
	}
}

func TestPlainLabel(t *testing.T) {
	for _, c := range []struct {
		in   string
		most int
		want string
	}{
		{"Chapter 1: *Tides*", 100, "Chapter 1: *Tides*"},
		{" a\r\n\u202eb\u200b\tc ", 100, "a b c"},
		{strings.Repeat("ab", 60), 100, strings.Repeat("ab", 49) + "a…"},
		{"", 100, "?"},
		{"\u200b\u200d \ufe0f\x00", 100, "?"},
		{"👩‍👩‍👧👩‍👩‍👧", 8, "…"},
	} {
		if got := plainLabel(c.in, c.most); got != c.want {
			t.Errorf("%q to %d becomes %q, want %q", c.in, c.most, got, c.want)
		}
	}
}

// TestLongLine shows that a line of any text fits into one message, cut at the
// end, and still says whose it is.
func TestLongLine(t *testing.T) {
	for _, text := range []string{strings.Repeat("a!", 2000), strings.Repeat("*", 4000), strings.Repeat("👩‍👩‍👧", 1000), "e" + strings.Repeat("\u0301", 4000)} {
		q := reply.Quotation{Text: text, Source: reply.Citation{Kind: "review", Reviewer: "mo"}}
		for _, cover := range []bool{false, true} {
			d := draft{rules: everyRule()}
			if cover {
				d.Spoiler("t.1", func() reply.Quotation { return q })
			} else {
				d.Quote(q)
			}
			got := d.messages()
			if len(got) != 1 || units(got[0].content) > longestContent || !strings.Contains(got[0].content, "…” \\- mo") {
				t.Errorf("%.8q, covered %v: %d messages, the first of %d: %q", text, cover, len(got), units(got[0].content), got[0].content)
			}
		}
	}
}

// TestDeal shows where messages begin and end.
func TestDeal(t *testing.T) {
	words := line{text: "words", over: true}
	head, cover, long := line{text: "head", over: true}, line{text: strings.Repeat("c", 900), cover: true}, line{text: strings.Repeat("l", 900)}
	name := func(pages [][]line) string {
		var out []string
		for _, page := range pages {
			s := ""
			for _, l := range page {
				s += l.text[:1]
			}
			out = append(out, s)
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		name  string
		lines []line
		want  string
		left  bool
	}{
		{"one", []line{long}, "l", false},
		{"two messages", []line{long, long, long}, "ll l", false},
		{"no message begins with a cover", []line{cover}, "wc", false},
		{"what stands over covers does so again", []line{head, cover, cover, cover}, "hcc hc", false},
		{"nothing stands over nothing", []line{long, long, head, long}, "ll hl", false},
		{"what fits", []line{long, long, long, long, long, long, long, long, long, long}, "ll ll ll ll ll", false},
		{"what does not", []line{long, long, long, long, long, long, long, long, long, long, long}, "ll ll ll ll ll", true},
	} {
		pages, left := deal(c.lines, words)
		if got := name(pages); got != c.want || left != c.left {
			t.Errorf("%s: %q, left %v; want %q, %v", c.name, got, left, c.want, c.left)
		}
	}
	if got := name([][]line{end([]line{long, {text: strings.Repeat("m", 1100)}, head}, words)}); got != "lw" {
		t.Errorf("a last line: %q", got)
	}
}
