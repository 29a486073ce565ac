package library

import (
	"strings"
	"testing"

	"dogear/bot/spoiler/unsealed"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestReadMarks(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"inline marks", "a.txt", `It is dark. He says ||the oil is gone|| and sits. It is light.
It is dry. >!The oil is back.!< It is wet.
It is old. [spoiler]The boy is new.[/spoiler] It is red.
`, `sentence: It is dark.
sentence covered: He says the oil is gone and sits.
sentence: It is light.
sentence: It is dry.
sentence covered: The oil is back.
sentence: It is wet.
sentence: It is old.
sentence covered: The boy is new.
sentence: It is red.`},
		{"tags over lines", "a.txt", `It is dark.

<details><summary>The oil</summary>
The oil is gone. So is he.

And the boy.
</details>

It is light.
<spoiler>The lamp is out.</spoiler>
<span class="spoiler-text">The lamp <span>is</span> on.</span> It is day.
`, `sentence: It is dark.
heading covered: The oil
sentence covered: The oil is gone.
sentence covered: So is he.
sentence covered: And the boy.
sentence: It is light.
sentence covered: The lamp is out.
sentence covered: The lamp <span>is</span> on.
sentence: It is day.`},
		{"goodreads", "a.txt", `It is dark. (view spoiler)[The oil [all of it] is gone. So is he.] It is light.
It is dry. (view spoiler)[A smile :] and he is gone. (hide spoiler)] It is wet.
`, `sentence: It is dark.
sentence covered: The oil [all of it] is gone.
sentence covered: So is he.
sentence: It is light.
sentence: It is dry.
sentence covered: A smile :] and he is gone.
sentence: It is wet.`},
		{"unclosed", "a.txt", `It is dark. ||The oil is gone.

It is light. >!The boy is gone. So it goes.

It is day. [spoiler]The lamp is out.

It is night.
`, `sentence covered: It is dark.
sentence covered: The oil is gone.
sentence: It is light.
sentence covered: The boy is gone.
sentence covered: So it goes.
sentence covered: It is day.
sentence covered: The lamp is out.
sentence covered: It is night.`},
		{"pipes over paragraphs", "a.txt", `It is dark.

||The oil is gone.

So is he.

And the boy.||

It is light.
`, `sentence: It is dark.
sentence covered: The oil is gone.
sentence covered: So is he.
sentence covered: And the boy.
sentence: It is light.`},
		{"no marks", "a.txt", `I loved it!<3 It is a -> b. It is 1 | 2. Wow!<br> A spoiler-free review has no spoilers below. I hate spoilers.
`, `sentence: I loved it!
sentence: <3 It is a -> b.
sentence: It is 1 | 2.
sentence: Wow!
sentence: <br> A spoiler-free review has no spoilers below.
sentence: I hate spoilers.`},
		{"markdown marks", "a.md", `It is dark. ||He says *no*, and **goes**.|| It is light.

>!The oil is gone.!< It is day.

It is \|\|quiet\|\| here. So.

<details>
<summary>The end</summary>

The *oil* is gone.

- So is he.

</details>

It is night. <span class="spoiler">The lamp is out.</span> It is on.
`, `sentence: It is dark.
sentence covered: He says no, and goes.
sentence: It is light.
sentence covered: The oil is gone.
sentence: It is day.
sentence covered: It is quiet here.
sentence: So.
heading covered: The end
sentence covered: The oil is gone.
item covered: So is he.
sentence: It is night.
sentence covered: The lamp is out.
sentence: It is on.`},
		{"a zone in Markdown", "a.md", `# The lamp

## Before

It is dark.

## SPOILERS AHEAD

The oil is gone.

### More

So is he.

## Verdict

It is light.

## The rest (with spoilers)

The lamp is out.

## No spoilers from here

It is night.
`, `title: The lamp
heading: Before
sentence: It is dark.
heading covered: SPOILERS AHEAD
sentence covered: The oil is gone.
heading covered: More
sentence covered: So is he.
heading: Verdict
sentence: It is light.
heading covered: The rest (with spoilers)
sentence covered: The lamp is out.
heading: No spoilers from here
sentence: It is night.`},
		{"a zone in plain text", "a.txt", `The lamp

It is dark.

*** SPOILERS BELOW ***

The oil is gone.

THE BOY

So is he.

-- end of spoilers --

It is light. Be warned, spoilers ahead! The lamp is out.

It is out.
`, `title: The lamp
sentence: It is dark.
sentence covered: The oil is gone.
heading covered: THE BOY
sentence covered: So is he.
sentence: It is light.
sentence covered: Be warned, spoilers ahead!
sentence covered: The lamp is out.
sentence covered: It is out.`},
		{"a line in Markdown warns of all that follows", "a.md", `## Before

It is dark.

**Spoilers below!**

The oil is gone.

## After

It is out.
`, `title: Before
sentence: It is dark.
sentence covered: The oil is gone.
heading covered: After
sentence covered: It is out.`},
		{"a line under a heading warns of the section", "a.md", `# The lamp

## The plot

Warning: spoilers.

The oil is gone.

## After

It is light.
`, `title: The lamp
heading: The plot
sentence covered: The oil is gone.
heading: After
sentence: It is light.`},
		{"the review as a whole", "a.txt", `The lamp

It is dark. This review contains spoilers.
`, `title covered: The lamp
sentence covered: It is dark.
sentence covered: This review contains spoilers.`},
		{"words that send away", "a.txt", `The lamp

It rained. I could not stop reading until you called. Please do not read on if you have not finished the book. He drowns.

END SPOILERS

It is light.
`, `title: The lamp
sentence: It rained.
sentence: I could not stop reading until you called.
sentence covered: Please do not read on if you have not finished the book.
sentence covered: He drowns.
sentence: It is light.`},
		{"a line about the whole", "a.txt", `The lamp

**This review contains spoilers**

It is dark.
`, `title covered: The lamp
sentence covered: It is dark.`},
		{"a title that warns", "a.txt", `The lamp (spoilers!)

It is dark.
`, `title covered: The lamp (spoilers!)
sentence covered: It is dark.`},
		{"a title that does not", "a.txt", `The lamp: a spoiler-free review

It is dark.
`, `title: The lamp: a spoiler-free review
sentence: It is dark.`},
		{"a remark that spoils", "a.txt", `The lamp

It is dark. He [spoiler: he dies] is old.

Spoiler: the oil is gone. So is he.

It is light.
`, `title: The lamp
sentence covered: It is dark.
sentence covered: He [spoiler: he dies] is old.
sentence covered: Spoiler: the oil is gone.
sentence covered: So is he.
sentence: It is light.`},
		{"chapters", "a.txt", `The lamp

It is dark in chapter 2 of the book.

- ch. 3.
- The oil is gone.
- So is he (ch. 5).

Chapter 7: he comes back. He is old.
It is light.

Chapter 99: no such place.

He sings. (Chapters 4-6)

Part Two, chapter 3: this is ambiguous.

[spoiler=ch. 9]He drowns.[/spoiler]

Chapter nine

He sinks.

He swims.
`, `title: The lamp
sentence: It is dark in chapter 2 of the book.
item ch3: The oil is gone.
item ch5: So is he (ch. 5).
sentence ch7: Chapter 7: he comes back.
sentence ch7: He is old.
sentence: It is light.
sentence: Chapter 99: no such place.
sentence ch6: He sings. (Chapters 4-6)
sentence: Part Two, chapter 3: this is ambiguous.
sentence covered ch9: He drowns.
heading ch9: Chapter nine
sentence ch9: He sinks.
sentence: He swims.`},
		{"chapters in Markdown", "a.md", `# The lamp

## Chapters 1–3

It is dark.

It is cold. Major spoilers follow. The oil is gone.

## Chapter 4: The Rock

A rock.

## Spoilers up to chapter 6

A lamp.

## Spoilers after chapter 6

A fire.

<details><summary>Chapter 8</summary>

A wave.

</details>
`, `title: The lamp
heading ch3: Chapters 1–3
sentence ch3: It is dark.
sentence ch3: It is cold.
sentence covered: Major spoilers follow.
sentence covered: The oil is gone.
heading covered ch4: Chapter 4: The Rock
sentence covered ch4: A rock.
heading covered ch6: Spoilers up to chapter 6
sentence covered ch6: A lamp.
heading covered: Spoilers after chapter 6
sentence covered: A fire.
heading covered ch8: Chapter 8
sentence covered ch8: A wave.`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := want(strings.Join(shapes(mustRead(t, tt.file, tt.text)), "\n"))
			if diff := cmp.Diff(want(tt.want), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A word behind any kind of mark is covered wherever the mark stands.
func TestReadCoversWhatIsMarked(t *testing.T) {
	kinds := [][2]string{
		{"||", "||"}, {"|| ", " ||"}, {`\|\|`, `\|\|`}, {">!", "!<"}, {"&gt;!", "!&lt;"}, {`\>!`, "!<"},
		{"[spoiler]", "[/spoiler]"}, {"[SPOILER=the end]", "[/SPOILER]"}, {"<spoiler>", "</spoiler>"}, {"<spoiler>", ""},
		{"<details>", "</details>"}, {"<details>\n<summary>x</summary>\n\n", "\n\n</details>"}, {"<details open>", ""},
		{`<span class="spoiler">`, "</span>"}, {`<div data-x='spoiler'>`, "</div>"}, {"(view spoiler)[", "]"},
		{"(view spoiler)[", " (hide spoiler)]"}, {"(view spoiler)[", ""}, {"||", ""}, {">!", ""}, {"[spoiler]", ""},
		{"\n\nSPOILERS AHEAD\n\n", ""}, {"\n\n*** spoilers ***\n\n", ""}, {" Spoiler warning: ", ""}, {"\n\n## The end (with spoilers)\n\n", ""},
		{" Beware, major spoilers follow. ", ""}, {"&#124;&#124;", "&#124;&#124;"}, {"｜｜", "｜｜"}, {"|\u200b|", "||"}, {">\u200b!", "!<"}, {"!>", "<!"}, {"!>", ""},
		{"&lt;spoiler&gt;", "&lt;/spoiler&gt;"}, {"<tg-spoiler>", "</tg-spoiler>"}, {"< spoiler >", "</ spoiler >"}, {"<span hidden>", "</span>"}, {`<p style="display:none">`, ""},
		{"[", "](/spoiler)"}, {"[x](/s \"", "\")"}, {"{{spoiler|", "}}"}, {"{{spoiler|", ""}, {"\n\n::: spoiler x\n", "\n:::\n\n"}, {"\n\n```spoiler\n", "\n```\n\n"}, {"\n\n~~~spoiler\n", ""},
		{"*spoiler* ", " *end spoiler*"}, {"(start spoiler) ", ""}, {"\n\nS P O I L E R S\n\n", ""}, {"\n\nSpolier alert!\n\n", ""}, {"\n\nSpoiler territory:\n\n", ""}, {"\n\nSPOILER SPACE\n.\n.\n", ""},
		{"\n\nIf you haven't finished, turn back now.\n\n", ""}, {"\n\n#!spoiler\n", ""}, {" I can't discuss this without spoilers, so be warned. ", ""}, {"\n\nS\nP\nO\nI\nL\nE\nR\n", ""},
	}
	fill := rapid.SampledFrom([]string{
		"It is dark. ", "A *light* shines. ", "\n", "\n\n", "- ", "Who? ", "\"Oil!\" ", "# ", "> ", "So it goes", " ", "| ", "**", "_", "(so) ", "[a](b) ", "1. ", "\r\n", "😀 ", "Mr. ", "`",
	})
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		name := rapid.SampledFrom([]string{"a.txt", "a.md"}).Draw(t, "name")
		some := rapid.SliceOfN(fill, 0, 6)
		text := "It begins. " + strings.Join(some.Draw(t, "before"), "") + kind[0] +
			rapid.SampledFrom([]string{"", "he ", "a b ", "*c* "}).Draw(t, "lead") + "CANARY" +
			rapid.SampledFrom([]string{"", " d", ". So."}).Draw(t, "tail") + kind[1] + strings.Join(some.Draw(t, "after"), "")
		src, err := Read(File{Name: name, Data: []byte(text)}, lamp)
		if err != nil {
			return // it holds but headings
		}
		for _, s := range src.Sentences {
			if s.Kind == Heading && strings.HasPrefix(kind[0], "\n\n## ") {
				continue // underlined by chance, it ends the section
			}
			if strings.Contains(unsealed.Text(s.Passage), "CANARY") && !s.Mark.Covered {
				t.Fatalf("%s is not covered in %q", shape(s), text)
			}
		}
		if open := src.Reviewer + src.Date + src.Rating + src.Language; strings.Contains(open, "CANARY") {
			t.Fatalf("it stands unsealed in %q", open)
		}
	})
}
