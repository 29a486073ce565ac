package reading

import (
	"math/rand/v2"
	"strings"
)

// whole are hostile texts that are whole by themselves. The first seeds give
// these, so that no run of a fuzzer misses them.
var whole = []string{
	"",
	" ",
	"\n",
	"||||",
	"|| ||",
	"\\",
	"\u200b\u2060\ufeff",
	"\u202e\u2066\u2069",
	"\xff\xfe",
	"`*_~|\\`*_~|\\",
	"**__~~||``||~~__**",
	"> \n- \n# \n1. ",
	">>> all of it",
	"```\nall of it\n```",
	"[label](https://example.org/||x||)",
	"@everyone",
	strings.Repeat("a sentence without an end and ", 134) + "more",
	strings.Repeat("e\u0301\u0302\u0303", 1000),
	strings.Repeat("|", 4000),
	strings.Repeat("\\", 3999),
	strings.Repeat("👨‍👩‍👧‍👦", 500),
	strings.Repeat("W", 4000),
	strings.Repeat("||a\n", 300),
	strings.Repeat("a\u2028", 300),
}

// pieces are what a hostile text is put together from. Each group is as likely
// as any other, however many it holds.
var pieces = [][]string{
	{"Mr. Knightley", "proposes", "at last", "the engagement", "Frank", "it was secret all along", "Ch. 12", "3.5", "O'Brien", "naïve", "日本語", "עברית"},
	{"|", "||", "|||", "||||", "| |", "|\\|", "\\|", "\\||", "\\\\||", "|| ", " ||", "||x||", "||\n||"},
	{"｜", "∣", "❘", "ǀ", "│", "￨", "‖", "∥", "⏐", "|\u200b|", "|\u0338|", "|\ufe0f|", "|\u00ad|", "|\u200d|", "|\xff|", "|\x00|", "|\ufffd|"},
	{"`", "``", "```", "````", "```go\n", "\n```", "`||`", "\\`", "ˋ", "｀"},
	{"\\", "\\\\", "\\\\\\", "\\n", "\\ ", "\\a", "\\\u200b"},
	{"*", "**", "***", "_", "__", "___", "~", "~~", "~~~", "*a", "b*", "__a", "b__", "a_b_c", "~~a", "\\~~", "* *"},
	{"> ", ">>> ", ">", "- ", "* ", "+ ", "1. ", "12) ", "# ", "## ", "### ", "-# ", "---", "===", "| a | b |", "    code"},
	{"\n> ", "\n>>> ", "\n- ", "\n* ", "\n1. ", "\n# ", "\n-# ", "\n  - ", "\n||", "||\n", "\n```\n"},
	{"\n", "\n\n", "\r\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029", "\t", " ", "  ", "\u00a0", "\u3000", "\n \n", "\x00", "\x1b[31m", "\x7f"},
	{"https://example.org", "https://a.b/||x||", "http://a.b/(c)", "<https://a.b>", "<https://a.b", "discord.gg/abc", "mailto:a@b.c", "<a@b.c>", "steam://run/1", "://", "www.example.org"},
	{"[a](https://b.c)", "[a]", "](", "](https://b.c)", "[", "]", "(", ")", "[||](a)", "[a](<https://b.c> \"t\")", "[1]", "[a]: https://b.c"},
	{"@everyone", "@here", "<@1>", "<@!1>", "<@&1>", "<#1>", "</ask:1>", "<t:0>", "<t:0:R>", "<:x:1>", "<a:x:1>", "<id:home>", ":skull:", "@", "<", ">", "<@", ":", "@\u200beveryone"},
	{"\u202a", "\u202b", "\u202d", "\u202e", "\u202c", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e", "\u200f", "\u061c"},
	{"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u034f", "\u115f", "\u3164", "\U000e0041", "\ufe0f"},
	{"👩‍🚀", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "🇩", "🇩🇪🇫", "👍🏽", "🏽", "1️⃣", "#️⃣", "*️⃣", "❤️", "❤︎", "🏴\U000e0067\U000e0062\U000e007f"},
	{"e\u0301", "a\u0300\u0301\u0302\u0303\u0304", "\u0301", "|\u0301", "\\\u0301", "*\u20dd", "क्षि", "ก็็็็", "가", "ﷺ"},
	{"\ufffd", "\xff", "\xc3", "\xe2\x80", "\xed\xa0\x80", "\xf0\x9f\x98", "\xc0\xfc", "\x80", "a\xffb"},
	{"<b>", "</b>", "&lt;", "&#124;&#124;", "%7C%7C", "<!--", "-->", "<spoiler>", "\\u007c", "{{.}}", "$1", "%s"},
	{strings.Repeat("long", 60), strings.Repeat("W", 300), strings.Repeat("|", 30), strings.Repeat("ſ", 200), strings.Repeat("\n", 20), strings.Repeat("\\|", 40)},
}

// Hostile returns a text that a renderer may stumble over: a title, a name or a
// sentence. The same seed gives the same text. Beginnings and ends are most
// hostile, for there a text meets what a template puts around it.
func Hostile(seed uint64) string {
	if seed < uint64(len(whole)) {
		return whole[seed]
	}
	r := rand.New(rand.NewPCG(seed, 0xd06ea4))
	piece := func() string {
		group := pieces[r.IntN(len(pieces))]
		return group[r.IntN(len(group))]
	}
	word := func() string { return pieces[0][r.IntN(len(pieces[0]))] }
	if r.IntN(40) == 0 {
		return edge(r, piece) + whole[r.IntN(len(whole))] + edge(r, piece)
	}
	var b strings.Builder
	b.WriteString(edge(r, piece))
	markupOnly := r.IntN(8) == 0
	for range r.IntN(9) {
		switch {
		case markupOnly || r.IntN(3) == 0:
			b.WriteString(piece())
		case r.IntN(2) == 0:
			b.WriteString(word() + " ")
		default: // a pair, as markup comes
			sign := piece()
			b.WriteString(sign + word() + sign)
		}
		if r.IntN(3) == 0 {
			b.WriteByte(' ')
		}
	}
	b.WriteString(edge(r, piece))
	return b.String()
}

// edge returns what a hostile text begins or ends with: often nothing, seldom
// more than two pieces.
func edge(r *rand.Rand, piece func() string) string {
	var b strings.Builder
	for range r.IntN(4) {
		b.WriteString(piece())
	}
	return b.String()
}
