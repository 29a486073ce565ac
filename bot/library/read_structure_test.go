package library

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadStructure(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"title, byline, headings", "a.txt", `A Light in the Tower
by Mo Finch | 3 May 2021

The keepers are a quarrelsome lot. I liked them all the same.

What the Sea Does
It comes and goes, and the prose goes with it. That is all the plot there is.
MY FAVOURITE KEEPER
It has to be the old one, with the pipe and the temper.
Reader tip:
Take a blanket. The tower is cold.
`, `title: A Light in the Tower
sentence: The keepers are a quarrelsome lot.
sentence: I liked them all the same.
heading: What the Sea Does
sentence: It comes and goes, and the prose goes with it.
sentence: That is all the plot there is.
heading: MY FAVOURITE KEEPER
sentence: It has to be the old one, with the pipe and the temper.
heading: Reader tip:
sentence: Take a blanket.
sentence: The tower is cold.`},
		{"a first paragraph is no title", "a.txt", `The keepers of this tower are a quarrelsome lot, and I liked them. So will you.
The Lamp Keepers by Ada Quill
It is a short book about weather, and it is full of tea.
`, `sentence: The keepers of this tower are a quarrelsome lot, and I liked them.
sentence: So will you.
heading: The Lamp Keepers by Ada Quill
sentence: It is a short book about weather, and it is full of tea.`},
		{"markdown", "a.md", `# A *light* thing

by Mo Finch

I **loved** the [tower](http://x.example/tommy "hidden") and ` + "`the lamp`" + `. It is &amp; stays \*good\*.
A second line goes
on here.

![a tower](t.png)

***

**The people**

1. Old Brandt is a joy. He snores.
2. The boy grows.

> A quoted line.

#Not a heading, but words.
`, `title: A light thing
sentence: I loved the tower and the lamp.
sentence: It is & stays *good*.
sentence: A second line goes
on here.
heading: The people
item: Old Brandt is a joy.
item: He snores.
item: The boy grows.
sentence: A quoted line.
sentence: #Not a heading, but words.`},
		{"wrapped lines", "a.txt", `Some notes

The tower stands on a rock and the rock stands in the sea, and old Mr.
Brandt climbs its two hundred steps with a can of oil in his hand. He is
seventy. I found the whole of the first part slow, as the sea is slow, but
never dull.

Then the boy comes along, and with him the question of what becomes of a
tower that nobody needs.
`, `title: Some notes
sentence: The tower stands on a rock and the rock stands in the sea, and old Mr.
Brandt climbs its two hundred steps with a can of oil in his hand.
sentence: He is
seventy.
sentence: I found the whole of the first part slow, as the sea is slow, but
never dull.
sentence: Then the boy comes along, and with him the question of what becomes of a
tower that nobody needs.`},
		{"an FAQ in plain text", "a.txt", `The lamp
It is a fine book about a tower, and I read it twice.
So, Would I Read It Again?
I would. Often.
FAQ about the lamp (with spoilers)
Who lights it?
Old Brandt does. He has for years.
Does he stop? (spoiler)
He does.
1. Is it long?
No.
Also read:
- The Rock by Ada Quill
- Salt
Thanks for stopping by, and see you next week.
`, `title: The lamp
sentence: It is a fine book about a tower, and I read it twice.
heading: So, Would I Read It Again?
sentence: I would.
sentence: Often.
heading covered: FAQ about the lamp (with spoilers)
question e1 covered: Who lights it?
sentence e1 covered: Old Brandt does.
sentence e1 covered: He has for years.
question e2 covered: Does he stop? (spoiler)
sentence e2 covered: He does.
question e3 covered: Is it long?
sentence e3 covered: No.
sentence: Thanks for stopping by, and see you next week.`},
		{"an FAQ in Markdown", "a.md", `# The lamp

It is a fine book.

## Frequently asked

### Who lights it?
Old Brandt.

**Is it long?**
No. It is short.

Q: Is it sad?

A: A little.

### Notes

This is no answer.

## Verdict

Was it worth it? Yes.
`, `title: The lamp
sentence: It is a fine book.
heading: Frequently asked
question e1: Who lights it?
sentence e1: Old Brandt.
question e2: Is it long?
sentence e2: No.
sentence e2: It is short.
question e3: Is it sad?
sentence e3: A little.
heading: Notes
sentence: This is no answer.
heading: Verdict
sentence: Was it worth it?
sentence: Yes.`},
		{"question headings make an FAQ", "a.md", `# What people ask me

## Who lights it?

Old Brandt.

## Is it long?

No.

## Is it sad?

A little.
`, `title: What people ask me
question e1: Who lights it?
sentence e1: Old Brandt.
question e2: Is it long?
sentence e2: No.
question e3: Is it sad?
sentence e3: A little.`},
		{"boilerplate", "a.md", `# The lamp

It is a fine book. Follow me on Instagram for more!

Instagram: @mo.finch
@mo_finch

❤️❤️❤️

Share this:

Posted in Books, Towers

(Written with the help of ChatGPT.)

Please like, share and subscribe!

A comment of mine: share it with a friend.

Comments
`, `title: The lamp
sentence: It is a fine book.
sentence: A comment of mine: share it with a friend.`},
		{"Q and A", "a.txt", `Q&A: The lamp
Posted on May 3, 2021 by Mo Finch

Q. Who lights it?
A. Brandt does. Every night.

Q. Does he die? (SPOILER)
A. Yes.

Q. Is it long?
A. No.

3 thoughts on “The lamp”
Twitter
`, `title: Q&A: The lamp
question e1: Who lights it?
sentence e1: Brandt does.
sentence e1: Every night.
question e2 covered: Does he die? (SPOILER)
sentence e2 covered: Yes.
question e3: Is it long?
sentence e3: No.`},
		{"addresses", "a.md", "# T\n\nSee <https://x.example> or [this one](https://y.example). So.\n", `title: T
sentence: See https://x.example or this one.
sentence: So.`},
		{"fields above the text", "a.txt", `The lamp
Reviewer: Mo Finch
Date: 2024-02-01
Rating: 4/5

It is a fine book, and nobody is rude in it.
`, `title: The lamp
sentence: It is a fine book, and nobody is rude in it.`},
		{"no capitals", "a.txt", `the lamp!!

i loved it. so much tea! who knew? e.g. the third cup... and then the fourth one was even better
`, `title: the lamp!!
sentence: i loved it.
sentence: so much tea!
sentence: who knew?
sentence: e.g. the third cup... and then the fourth one was even better`},
		{"html", "a.md", `# The lamp

<p>One thing.</p><p>Two things &amp; more.</p>

Text with <b>bold</b> and<br>a break. <!-- not this -->

<script>
var x = "not this.";
</script>
`, `title: The lamp
sentence: One thing.
sentence: Two things & more.
sentence: Text with bold and
sentence: a break.`},
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

// TestByline shows that prose which begins with "by" is no reviewer.
func TestByline(t *testing.T) {

	for line, want := range map[string]string{
		"by Robin Vale": "Robin Vale", "By juniper_and_tea": "juniper_and_tea", "Review by Ann van der Berg": "Ann van der Berg",
		"by bex (the one with the cats)": "bex", "Reviewer: Robin Vale": "Robin Vale",
		"By the end they have both gone": "", "By chapter 23, somebody has gone": "", "by then the house has burnt": "",
		"Reviewer: I cried. The house burns down in the end.": "", "Review by somebody who was there": "",
	} {
		src, err := Read(File{Name: "r.txt", Data: []byte("A Quiet Book\n" + line + "\n\nThe prose is quiet and precise.")}, lamp)
		if err != nil {
			t.Fatal(err)
		}
		if src.Reviewer != want {
			t.Errorf("%q names %q, want %q", line, src.Reviewer, want)
		}
	}
}
