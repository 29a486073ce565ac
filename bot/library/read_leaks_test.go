package library

import (
	"slices"
	"strings"
	"testing"

	"dogear/bot/spoiler/unsealed"
)

// leak is a text in which every sentence with CANARY stands behind a mark and
// none with PLAIN does.
type leak struct{ name, text string }

// checkLeaks reads texts as plain text and as Markdown.
func checkLeaks(t *testing.T, tests []leak) {
	t.Helper()
	for _, tt := range tests {
		for _, file := range []string{"a.txt", "a.md"} {
			t.Run(tt.name+"/"+file, func(t *testing.T) {
				src := mustRead(t, file, tt.text)
				for _, s := range src.Sentences {
					text := unsealed.Text(s.Passage)
					if strings.Contains(text, "CANARY") && !s.Mark.Covered {
						t.Errorf("open: %q", text)
					}
					if strings.Contains(text, "PLAIN") && s.Mark.Covered {
						t.Errorf("covered: %q", text)
					}
				}
			})
		}
	}
}

func TestReadUnclosedQuoteMarks(t *testing.T) {
	checkLeaks(t, []leak{
		{"over paragraphs", "It is PLAIN.\n\nSo. >!The CANARY is gone.\n\nThe CANARY is back.\n\nMore CANARY.\n"},
		{"lines", "It is PLAIN.\n\n>! The CANARY is gone.\n>! The CANARY is back.\n"},
		{"lines apart", "It is PLAIN.\n\n>! The CANARY is gone.\n\n>! The CANARY is back.\n"},
		{"closed", "It is PLAIN.\n\n>!The CANARY is gone.\n\nThe CANARY is back.!<\n\nIt stays PLAIN.\n"},
		{"one closed inside", "It is PLAIN.\n\n>!The CANARY is gone.\n\nSo >!CANARY!< it is.\n\nThe CANARY is back.\n"},
		{"reversed", "It is PLAIN. He says !>the CANARY is gone<! and sits. It stays PLAIN.\n"},
		{"reversed, over paragraphs", "It is PLAIN.\n\n!>The CANARY is gone.\n\nThe CANARY is back.<! So.\n\nIt stays PLAIN.\n"},
	})
}

func TestReadWarnings(t *testing.T) {
	var tests []leak
	for _, s := range []string{
		"I can't discuss this without spoilers, so be warned.", "I can’t talk about the end without any spoilers.", "Impossible to review without spoiling it, so be warned.",
		"Spolier alert!", "Spioler warning.", "Sp0ilers ahead!", "Beware of spoliers.", "This is going to get spoilery.", "Spoiler-ish thoughts follow.",
		"S P O I L E R S", "S-P-O-I-L-E-R-S below.", "ＳＰＯＩＬＥＲＳ ahead.", "Spoi\u200blers ahead.", "Spoiler territory:", "Now we enter spoiler territory.", "SPOILER SPACE\n.\n.\n.", "SPOILER SPACE . . . .",
		"If you haven't finished, turn back now.", "Stop reading here if you haven’t finished.", "Only read on if you have finished.", "Read on only once you've finished the book.",
		"Please come back later if you have not read it.", "Unless you are done with the book, look away.", "The rest is only for those who have finished.",
		"#spoilers", "#!spoiler", "#spoilers And so on.", "I am going to spoil the ending now.", "We will spoil everything from here.", "Proceed at your own risk: spoilers.",
		"I can't help it, spoilers for the last part are coming.", "Spoiler-ish", "Spoilery thoughts", "*Heavy spoilers*",
	} {
		tests = append(tests,
			leak{"line: " + s, "It is PLAIN, as I said.\n\n" + s + "\n\nThe CANARY is gone.\n\nThe CANARY is back.\n"})
		if strings.HasPrefix(s, "Spoiler-ish") || strings.HasPrefix(s, "Spoilery") {
			continue
		}
		tests = append(tests, leak{"head of a line: " + s, "It is PLAIN, as I said.\n\n" + s + " The CANARY is gone. So is the other one, and the boy, and the whole of the tower.\n"})
		if last := s[len(s)-1]; (last == '.' || last == '!') && !strings.ContainsAny(s, "#\n") {
			tests = append(tests, leak{"in prose: " + s, "It is PLAIN, as I said. " + s + " The CANARY is gone.\n\nThe CANARY is back.\n"})
		}
	}
	checkLeaks(t, append(tests,
		leak{"in a paragraph", "It is PLAIN.\n\nSpoiler-ish thoughts\nThe CANARY is gone.\n"},
		leak{"letters below each other", "It is PLAIN.\n\nS\nP\nO\nI\nL\nE\nR\nS\n\nThe CANARY is gone.\n"},
		leak{"a tag behind", "It is PLAIN.\n\nThe CANARY is gone. #spoilers\n"},
		leak{"starred", "It is PLAIN. He sits. *spoiler* The CANARY is gone. *end spoiler* It stays PLAIN.\n"},
		leak{"starred, over paragraphs", "It is PLAIN.\n\nSo **SPOILER** the CANARY is gone.\n\nThe CANARY is back **/SPOILER** as we know.\n\nIt stays PLAIN.\n"},
		leak{"starred, open", "It is PLAIN.\n\n*spoiler* the CANARY is gone.\n\nThe CANARY is back.\n"},
		leak{"bracketed", "It is PLAIN.\n\nSo (start spoiler) the CANARY is gone.\n\nThe CANARY is back (end of spoilers) now.\n\nIt stays PLAIN.\n"},
		leak{"a heading sends away", "It is PLAIN.\n\n## Turn back now if you have not finished\n\nThe CANARY is gone.\n"},
	))
}

// Words that deny spoilers, or speak of them in passing, warn of nothing.
func TestReadDenials(t *testing.T) {
	var tests []leak
	for _, s := range []string{
		"This is spoiler-free.", "No spoilers here.", "There are no spoilers.", "I say this without spoiling anything.", "I won't spoil it.", "I will not spoil the end.",
		"It is hard to say more without spoiling it.", "A spoilerfree text!", "#nospoilers", "#spoilerfree", "It spoiled my dinner.", "N O  S P O I L E R S", "I do not want to give any spoilers.",
	} {
		tests = append(tests, leak{"line: " + s, "It is fine and it is PLAIN.\n\n" + s + "\n\nIt stays PLAIN.\n"}, leak{"in prose: " + s, "It is PLAIN. " + s + " It stays PLAIN.\n"})
	}
	for _, s := range []string{
		"I hate spoilers.", "My sister spoiled it for me, and the blurb has its spoilers too.", "You will not be able to stop reading until you have finished.", "I hate *spoilers* in blurbs.",
		"Spoilers never bother me.", "If you haven't read her other books, do so.", "The broiler and the boilers broke.",
	} {
		tests = append(tests, leak{"in passing: " + s, "It is a long book and it is PLAIN. " + s + " It stays PLAIN, as I said.\n"})
	}
	checkLeaks(t, tests)
	checkLeaks(t, []leak{{"struck out", "It is ~~PLAIN~~ here. So."}, {"a short line of its own", "It is PLAIN, as I said.\n\nI hate spoilers.\n\nThe CANARY is gone.\n"}})
}

func TestReadHiddenHTML(t *testing.T) {
	var tests []leak
	for _, m := range [][2]string{
		{"&#124;&#124;", "&#124;&#124;"}, {"&#x7C;&verbar;", "&#0124;&VerticalLine;"}, {"&amp;#124;&amp;#124;", "&amp;#124;&amp;#124;"}, {"&#62;!", "!&#60;"}, {"&gt;&#33;", "&excl;&lt;"},
		{"&lt;spoiler&gt;", "&lt;/spoiler&gt;"}, {"&amp;lt;spoiler&amp;gt;", "&amp;lt;/spoiler&amp;gt;"}, {"&#91;spoiler&#93;", "&#91;/spoiler&#93;"}, {"<tg-spoiler>", "</tg-spoiler>"},
		{"< spoiler >", "</ spoiler >"}, {"<my:spoilerBox a='b'>", "</my:spoilerBox>"}, {"<spoiler-text>", "</spoiler-text>"}, {"<span hidden>", "</span>"},
		{`<span style="display:none">`, "</span>"}, {`<b style='color: red; display : none !important'>`, "</b>"}, {`<i style="visibility:hidden">`, "</i>"}, {`<span style="color:#fff">`, "</span>"},
		{`<span style="color: white; background-color: white;">`, "</span>"}, {`<font color="white">`, "</font>"}, {`<span style="background:black;color:black">`, "</span>"}, {`<span style="color:rgb(255, 255, 255)">`, "</span>"},
		{`<span style="color:transparent">`, "</span>"}, {`<span style="font-size:0">`, "</span>"}, {`<span style="opacity:0;">`, "</span>"}, {`<span class="hidden">`, "</span>"}, {`<span class="spoiler"/>`, "</span>"},
	} {
		tests = append(tests, leak{m[0], "It is PLAIN. He says " + m[0] + "the CANARY is gone" + m[1] + " and sits. It stays PLAIN.\n"},
			leak{m[0] + " left open", "It is PLAIN.\n\nHe says " + m[0] + "the CANARY is gone.\n"})
	}
	checkLeaks(t, append(tests,
		leak{"escaped inside", `It is PLAIN. <span class="spoiler">He &lt;/span&gt; sits. The CANARY is gone.</span> So.`},
		leak{"seen", `It is <i aria-hidden="true">PLAIN</i>, <a href="/hidden">so PLAIN</a>, <b style="color:red">PLAIN</b>, <i style="overflow:hidden;opacity:0.9;background-color:white">PLAIN</i>. So.`},
	))
}

func TestReadOtherMarks(t *testing.T) {
	var tests []leak
	for _, m := range [][2]string{
		{"[", "](/spoiler)"}, {"[", "](#spoiler)"}, {"[", "](/s)"}, {"[", `](/s "the CANARY")`}, {"[", "](#s 'the \\' CANARY')"}, {"[x [y] ", "](/spoilers)"}, {"[", `](# "the CANARY")`},
		{"{{spoiler|", "}}"}, {"{{Spoiler|a {{b}} ", "}}"}, {"{% spoiler %}", "{% endspoiler %}"}, {"{{< spoiler >}}", "{{< /spoiler >}}"}, {"[ spoiler ]", "[ / spoiler ]"}, {"[hide]", "[/hide]"},
		{"｜｜", "｜｜"}, {"‖", "‖"}, {"|\u200b|", "|\u2060|"}, {">\u200b!", "!\ufeff<"}, {"[spoi\u00adler]", "[/spoi\u00adler]"}, {"|\ufe0f|", "||"}, {"||", "｜｜"}, {`|\|`, `\||`},
	} {
		tests = append(tests, leak{m[0] + m[1], "It is PLAIN. He says " + m[0] + "the CANARY is gone" + m[1] + " and sits. It stays PLAIN.\n"})
	}
	for _, m := range [][2]string{
		{"::: spoiler", ":::"}, {"::: spoiler The CANARY", ":::"}, {":::spoiler", ":::"}, {"::: {.spoiler}", ":::"}, {":::: spoiler\n\n::: note\n\nSo.\n\n:::", "::::"}, {"::: spoiler\n\n```\n:::\n```", ":::"},
		{"```spoiler", "```"}, {"``` spoiler The end", "```"}, {"~~~~spoiler\n~~~", "~~~~"}, {"{{spoiler|", "}}"}, {"[spoiler]", "[/spoiler]"},
	} {
		tests = append(tests, leak{"block " + m[0], "It is PLAIN.\n\n" + m[0] + "\nThe CANARY is gone.\n\nThe CANARY is back.\n" + m[1] + "\n\nIt stays PLAIN.\n"},
			leak{"open block " + m[0], "It is PLAIN.\n\n" + m[0] + "\nThe CANARY is gone.\n\nThe CANARY is back.\n"})
	}
	checkLeaks(t, append(tests,
		leak{"mixed pipes", "It is PLAIN.\n\nHe ||is ｜｜so. The CANARY is gone｜｜. So|| it goes.\n"},
		leak{"a callout", "It is PLAIN.\n\n> [!spoiler]- The CANARY\n> The CANARY is gone.\n"},
		leak{"plain links", "It is [PLAIN](/tower), [PLAIN](#note) and [PLAIN](/a/b \"so\"). [spoiler-free] is PLAIN.\n"}))

	for _, file := range []string{"a.txt", "a.md"} {
		src := mustRead(t, file, "It is dark. He [says](/s \"the CANARY is gone\") it. It is light.\n")
		want := []string{"sentence: It is dark.", "sentence covered: He says it.", "sentence: It is light."}
		if got := shapes(src); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
	}
	src := mustRead(t, "a.md", "It is dark. He [goes][x] so.\n\n[x]: /spoiler \"away\"\n")
	if got := shapes(src); got[1] != "sentence covered: He goes so." {
		t.Errorf("%q", got)
	}
}

// What is bold and marked is no heading that says nothing.
func TestReadOnlyMarked(t *testing.T) {
	for _, text := range []string{"**||The CANARY is gone.||**\n", "||**The CANARY is gone**||\n", "# The lamp\n\n**||The CANARY||**\n", ">!**CANARY**!<"} {
		for _, file := range []string{"a.txt", "a.md"} {
			src := mustRead(t, file, text)
			if last := src.Sentences[len(src.Sentences)-1]; !last.Mark.Covered || !strings.Contains(unsealed.Text(last.Passage), "CANARY") {
				t.Errorf("%q", shapes(src))
			}
		}
	}
}
