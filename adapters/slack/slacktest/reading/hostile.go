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
	"\u200b\u2060\ufeff",
	"\u3164\u2800",
	"\u202e\u2066\u2069",
	"\xff\xfe",
	"\xed\xa0\x80",
	"<!channel>",
	"<!here|all of you>",
	"<@U1>",
	"<#C1>",
	"<!subteam^S1>",
	"<http://x|y>",
	"<mailto:a@b.c|y>",
	"<!date^0^{date_long}^http://x|then>",
	"&lt;!channel&gt;",
	"&amp;lt;!channel&amp;gt;",
	"&gt; a quote",
	"*_~`*_~`",
	"*b* _i_ ~s~ `c`",
	"```\nall of it\n```",
	"> all of it",
	">>> all of it",
	":smile:",
	"@channel",
	"http://x.y",
	"...",
	"…",
	strings.Repeat("a sentence without an end and ", 333) + "more words",
	strings.Repeat("W", 10000),
	strings.Repeat("&", 3000),
	strings.Repeat("<", 3000),
	strings.Repeat("*a", 1500),
	strings.Repeat("e\u0301\u0302\u0303", 1000),
	strings.Repeat("👨‍👩‍👧‍👦", 500),
	strings.Repeat("𝔊", 1501),
	strings.Repeat("a\n", 1500),
	strings.Repeat("a\u2028", 300),
	strings.Repeat(":a:", 300),
	`","type":"mrkdwn","x":"`,
}

// pieces are what a hostile text is put together from. Each group is as likely
// as any other, however many it holds.
var pieces = [][]string{
	{"Mr. Knightley", "proposes", "at last", "the engagement", "Frank", "it was secret all along", "Ch. 12", "3.5", "O'Brien", "naïve", "日本語", "עברית", "snake_case", "3 * 4", "AT&T", "R&D;"},
	{"<!channel>", "<!here>", "<!everyone>", "<!channel|x>", "<@U1>", "<@W1|x>", "<#C1>", "<#C1|x>", "<!subteam^S1|@x>", "<!>", "<@>", "<#>", "<>", "<!unknown>", "<U1>"},
	{"<http://x|y>", "<http://x>", "<https://a.b/*c*|d>", "<mailto:a@b.c|d>", "<tel:1|d>", "<slack://open|d>", "<javascript:a|d>", "<http://x|<@U1>>", "<http://x\n|y>", "|", "<http://x|", "<", ">", "<<", ">>"},
	{"http://x.y", "https://a.b/c_d_e", "www.example.org", "example.com", "a@example.org", "mailto:a@b.c", "ftp://x", "slack://x", "HTTP://X.Y", "://"},
	{"<!date^0^{date}|x>", "<!date^1392734382^{date_num} {time}^https://x|y>", "<!date^x^{_}|*>", "<!date^^^|>", "{date}"},
	{"&lt;", "&gt;", "&amp;", "&amp;lt;", "&amp;amp;", "&lt", "&#60;", "&#x3c;", "&quot;", "&nbsp;", "&lt;@U1&gt;", "&amp;lt;!here&amp;gt;", "&", "&&"},
	{"*", "**", "*b*", "_", "__", "_i_", "~", "~~", "~s~", "*_b_*", "*a", "b*", "* *", "a_b_c", "＊b＊", "＿i＿", "\\*", "*\n*"},
	{"`", "``", "```", "````", "`c`", "```c```", "```\n", "\n```", "｀c｀", "\\`", "ˋ"},
	{"> ", ">", ">>> ", "&gt; ", "＞ ", "\n> ", "\n>", "\n&gt; ", "\n>>> ", "\n- ", "\n1. ", "\n• ", "- ", "# "},
	{":smile:", ":skull:", ":+1:", ":wave::skin-tone-2:", "::", ":", ":a:b:", "12:30:45", ":日本:", ":)", ":\u200bx:", "：x："},
	{"@here", "@channel", "@everyone", "@frank", "#general", "#1", "@", "#", "＠here", "@\u200bhere"},
	{"\n", "\n\n", "\r\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029", "\t", " ", "  ", "\u00a0", "\u3000", "\n \n", "\x00", "\x1b[31m", "\x7f"},
	{"\u202a", "\u202b", "\u202d", "\u202e", "\u202c", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e", "\u200f", "\u061c"},
	{"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u034f", "\u115f", "\u3164", "\u2800", "\U000e0041", "\ufe0f"},
	{"👩‍🚀", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "🇩", "👍🏽", "🏽", "1️⃣", "*️⃣", "❤️", "❤︎", "🏴\U000e0067\U000e0062\U000e007f"},
	{"e\u0301", "a\u0300\u0301\u0302\u0303\u0304", "\u0301", "<\u0338", "*\u20dd", "क्षि", "ก็็็็", "가", "ﷺ", "𝔊"},
	{"\ufffd", "\xff", "\xc3", "\xe2\x80", "\xed\xa0\x80", "\xed\xb0\x80", "\xf0\x9f\x98", "\xc0\xbc", "\x80", "a\xffb"},
	{`"`, `\`, `\"`, `\u003c`, `\ud800`, `"}]`, `{{.}}`, "%s", "%3C", "$1", "</b>", "…", "..."},
	{strings.Repeat("long", 60), strings.Repeat("W", 300), strings.Repeat("&", 40), strings.Repeat("ſ", 200), strings.Repeat("\n", 20), strings.Repeat("`", 30), strings.Repeat("a longer sentence, ", 160)},
}

// Hostile returns a text that a renderer may stumble over: a title, a name or a
// sentence. The same seed gives the same text. Beginnings and ends are most
// hostile, for there a text meets what a template puts around it.
func Hostile(seed uint64) string {
	if seed < uint64(len(whole)) {
		return whole[seed]
	}
	r := rand.New(rand.NewPCG(seed, 0x51ac))
	piece := func() string {
		group := pieces[r.IntN(len(pieces))]
		return group[r.IntN(len(group))]
	}
	word := func() string { return pieces[0][r.IntN(len(pieces[0]))] }
	edge := func() string {
		var b strings.Builder
		for range r.IntN(4) {
			b.WriteString(piece())
		}
		return b.String()
	}
	if r.IntN(40) == 0 {
		return edge() + whole[r.IntN(len(whole))] + edge()
	}
	var b strings.Builder
	b.WriteString(edge())
	markup := r.IntN(8) == 0 // and nothing else
	for range r.IntN(9) {
		switch {
		case markup || r.IntN(3) == 0:
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
	b.WriteString(edge())
	return b.String()
}
