package slack

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
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
	if got := cut("a<b<c", 7, escaped); got != "a<b…" {
		t.Errorf("cut to what is escaped: %q", got)
	}
}

// TestMeasures shows that a text is no longer than it is said to be.
func TestMeasures(t *testing.T) {
	for _, s := range append([]string{"", "abc", "é“", "👩‍👩‍👧", "𝒜b", "a.b.c. d:e: f@g@ #", ">>\n>"}, hostileTexts...) {
		s = normalise(s)
		if got, want := units(s), len(utf16.Encode([]rune(s))); got != want || length(s) != want {
			t.Errorf("%q: %d and %d, want %d", s, got, length(s), want)
		}
		if got, want := encoded(s), len(asJSON(s))-2; got != want {
			t.Errorf("%q takes %d bytes, want %d", s, got, want)
		}
		for _, around := range []string{"", "a", " "} {
			if got, most := units(escape(around+s+around)), escaped(around)*2+escaped(s); got > most {
				t.Errorf("%q within %q: escaped it takes %d, more than %d", s, around, got, most)
			}
		}
		if 5*room(s) < 2*encoded(s) || room(s) < escaped(s) {
			t.Errorf("%q takes %d", s, room(s))
		}
	}
}

func TestChunks(t *testing.T) {
	for _, c := range []struct {
		in   string
		most int
		want string
	}{
		{"", 3, ""},
		{"abc", 3, "abc"},
		{"abcd", 3, "abc|d"},
		{"a\nbcd\ne", 4, "a\n|bcd\n|e"},
		{"a\nb", 3, "a\nb"},
		{"ae\u0301b", 2, "a|e\u0301|b"},
		{"a\u0301\u0302\u0303", 3, "a\u0301\u0302|\u0303"},
	} {
		got := slices.Collect(chunks(c.in, c.most, units))
		if strings.Join(got, "|") != c.want || strings.Join(got, "") != c.in {
			t.Errorf("%q by %d becomes %q, want %q", c.in, c.most, got, c.want)
		}
	}
}

func TestPlainLabel(t *testing.T) {
	for _, c := range []struct {
		in   string
		most int
		want string
	}{
		{"Chapter 1: *Tides* & <all>", 75, "Chapter 1: *Tides* & <all>"},
		{" a\r\n\u202eb\u200b\tc ", 75, "a b c"},
		{strings.Repeat("ab", 60), 75, strings.Repeat("ab", 37) + "…"},
		{"", 75, "?"},
		{"\u200b\u200d \ufe0f\x00", 75, "?"},
		{"👩‍👩‍👧👩‍👩‍👧", 8, "…"},
	} {
		if got := plainLabel(c.in, c.most); got != c.want {
			t.Errorf("%q to %d becomes %q, want %q", c.in, c.most, got, c.want)
		}
	}
}

// TestDeal shows where messages begin and end.
func TestDeal(t *testing.T) {
	head, cover, long := line{text: "head", over: true}, line{text: strings.Repeat("c", 1200), ticket: "t", label: "l"}, line{text: strings.Repeat("l", 1200)}
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
	each := space{longestText, longestBlocks, mostBlocks}
	for _, c := range []struct {
		name  string
		lines []line
		want  string
		left  bool
	}{
		{"one", []line{long}, "l", false},
		{"two messages", []line{long, long, long}, "ll l", false},
		{"nothing stands over a cover", []line{cover}, "c", false},
		{"what stands over covers does so again", []line{head, cover, cover, cover}, "hcc hc", false},
		{"nothing stands over nothing", []line{long, long, head, long}, "ll hl", false},
		{"what fits", []line{long, long, long, long, long, long, long, long}, "ll ll ll ll", false},
		{"what does not", []line{long, long, long, long, long, long, long, long, long}, "ll ll ll ll", true},
	} {
		pages, left := deal(c.lines, each, mostMessages)
		if got := name(pages); got != c.want || left != c.left {
			t.Errorf("%s: %q, left %v; want %q, %v", c.name, got, left, c.want, c.left)
		}
	}
	if got := name([][]line{endWith([]line{long, {text: strings.Repeat("m", 1799)}, head}, line{text: "words"}, each)}); got != "lw" {
		t.Errorf("a last line: %q", got)
	}
	for _, scarce := range []space{{longestText, 1400, mostBlocks}, {longestText, longestBlocks, 1}} {
		if pages, _ := deal([]line{long, long}, scarce, mostMessages); len(pages) != 2 {
			t.Errorf("of %+v there is more than is used", scarce)
		}
	}
}
