package library

import (
	"fmt"
	"strings"
	"testing"

	"dogear/bot/spoiler/unsealed"

	"github.com/google/go-cmp/cmp"
)

// lamp is a made-up book of twelve chapters.
var lamp = Book{ID: "lamp", Title: "The Lamp Keepers", Author: "Ada Quill", Outline: Outline{{Chapters: 12}}}

// mustRead reads a text or fails the test.
func mustRead(t *testing.T, name, text string) Source {
	t.Helper()
	src, err := Read(File{Name: name, Data: []byte(text)}, lamp)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	checkOffsets(t, text, src)
	return src
}

// checkOffsets checks what holds for every source: sentences in order that do
// not overlap and stand in the file where they say.
func checkOffsets(t *testing.T, text string, src Source) {
	t.Helper()
	runes := []rune(text)
	last := 0
	for _, s := range src.Sentences {
		got := unsealed.Text(s.Passage)
		if s.Start < last || s.End <= s.Start || s.End > len(runes) {
			t.Fatalf("sentence at %d to %d, after one that ended at %d, of %d", s.Start, s.End, last, len(runes))
		}
		last = s.End
		if strings.TrimSpace(got) == "" {
			t.Fatalf("a sentence at %d is empty", s.Start)
		}
		if s.Passage.Reveal() != lamp.End() && s.Passage.Book() == lamp.ID {
			t.Fatalf("a fresh sentence opens at %d", s.Passage.Reveal())
		}
		slice := string(runes[s.Start:s.End])
		if got != slice && !isMarkdown(src.File) && !(holdsMark(text) && within(got, slice)) {
			t.Fatalf("text %q stands in the file as %q", got, slice)
		}
	}
}

// within reports whether a text is another with something left out.
func within(part, whole string) bool {
	left := []rune(part)
	for _, r := range whole {
		if len(left) > 0 && left[0] == r {
			left = left[1:]
		}
	}
	return len(left) == 0
}

// holdsMark reports whether there is anything like a spoiler mark in a text.
func holdsMark(s string) bool {
	s, _ = fold([]rune(s), 0)
	for i := range s {
		if anyMark.MatchString(s[i:]) {
			return true
		}
	}
	return false
}

// shape writes a sentence as a line: its kind, numbers where there are any,
// marks, and text.
func shape(s Sentence) string {
	var b strings.Builder
	b.WriteString(string(s.Kind))
	if s.Entry > 0 {
		fmt.Fprintf(&b, " e%d", s.Entry)
	}
	if s.Mark.Covered {
		b.WriteString(" covered")
	}
	if s.Mark.Chapter > 0 {
		fmt.Fprintf(&b, " ch%d", s.Mark.Chapter)
	}
	return b.String() + ": " + unsealed.Text(s.Passage)
}

func shapes(src Source) []string {
	var all []string
	for _, s := range src.Sentences {
		all = append(all, shape(s))
	}
	return all
}

// want splits a test's expectation into lines.
func want(s string) []string {
	var all []string
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			all = append(all, l)
		}
	}
	return all
}

func TestReadMetadata(t *testing.T) {
	src := mustRead(t, "club/a.md", "\ufeff---\r\ntitle: \"Oil: a review\"\r\nauthor: Ada Quill\r\nreviewer: Mo Finch\r\nurl: https://x.example/a\r\ndate: 2024-02-01\r\nrating: 4/5\r\nlang: en-gb\r\ntags: [a, b]\r\nspoilers: yes\r\n---\r\n\r\nIt is a fine book.\r\n")
	if got := unsealed.Text(src.Title); got != "Oil: a review" {
		t.Errorf("title %q", got)
	}
	if got := unsealed.Text(src.Link); got != "https://x.example/a" {
		t.Errorf("link %q", got)
	}
	got := []string{src.Reviewer, src.Date, src.Rating, src.Language, src.File, fmt.Sprint(src.Flagged)}
	if diff := cmp.Diff([]string{"Mo Finch", "2024-02-01", "4/5", "en-GB", "club/a.md", "true"}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"sentence covered: It is a fine book."}, shapes(src)); diff != "" {
		t.Error(diff)
	}

	src = mustRead(t, "a.txt", "The lamp\nby Mo Finch (the tall one)\n\nIt is a fine book.\n\n★★★★☆\n\nMy rating: 4 of 5\n")
	if src.Reviewer != "Mo Finch" || src.Rating != "4 of 5" || src.Title.IsZero() {
		t.Errorf("reviewer %q, rating %q", src.Reviewer, src.Rating)
	}

	src = mustRead(t, "a.txt", "The lamp\nby Ada Quill\n\nIt is a fine book.\n")
	if src.Reviewer != "" {
		t.Errorf("the book's author is taken for the reviewer")
	}

	src = mustRead(t, "a.md", "Some words.\n\n---\n\nMore words.\n")
	if len(src.Sentences) != 2 || !src.Title.IsZero() {
		t.Errorf("%q", shapes(src))
	}
	src = mustRead(t, "a.md", "---\n\nWords under a rule.\n")
	if len(src.Sentences) != 1 {
		t.Errorf("%q", shapes(src))
	}
}

func TestReadRelated(t *testing.T) {
	src := mustRead(t, "a.txt", `The lamp
It is a fine book, and nobody is rude in it.
🌸 You may also like:
Salt by Ada Quill
The Rock
@mo.finch
`)
	var got []string
	for _, r := range src.Related {
		got = append(got, unsealed.Text(r))
	}
	if diff := cmp.Diff([]string{"Salt by Ada Quill", "The Rock"}, got); diff != "" {
		t.Error(diff)
	}
	if len(src.Sentences) != 2 {
		t.Errorf("%q", shapes(src))
	}
}

func TestReadNumbers(t *testing.T) {
	src := mustRead(t, "a.md", "# T\n\nOne. Two.\n\nThree.\n\n## A\n\nFour.\n\n- five\n- six\n")
	var got []string
	for _, s := range src.Sentences {
		got = append(got, fmt.Sprintf("%s s%d p%d", unsealed.Text(s.Passage), s.Section, s.Paragraph))
	}
	w := []string{"T s0 p1", "One. s0 p2", "Two. s0 p2", "Three. s0 p3", "A s1 p4", "Four. s1 p5", "five s1 p6", "six s1 p7"}
	if diff := cmp.Diff(w, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadIdentity(t *testing.T) {
	read := func(name, text string, book Book) Source {
		src, err := Read(File{Name: name, Data: []byte(text)}, book)
		if err != nil {
			t.Fatal(err)
		}
		return src
	}
	a := read("a.txt", "It is a fine book.", lamp)
	b := read("a.txt", "It is a very fine book.", lamp)
	if a.ID != b.ID || a.Digest == b.Digest {
		t.Error("a correction is another source, or has the same digest")
	}
	if c := read("b.txt", "It is a fine book.", lamp); c.ID == a.ID || c.Digest != a.Digest {
		t.Error("another file has the same id, or another digest")
	}
	if c := read("a.txt", "It is a fine book.", Book{ID: "rock"}); c.ID == a.ID {
		t.Error("a review of another book has the same id")
	}
	front := "---\nlink: https://x.example/a\n---\nIt is a fine book.\n"
	if read("a.md", front, lamp).ID != read("b.md", front, lamp).ID {
		t.Error("two files with one link have two ids")
	}
}

func TestReadOffsets(t *testing.T) {
	for _, text := range []string{
		"\ufeffThe lamp\r\n\r\nIt is fine.\r\nI liked it.\r\n",
		"The lamp\r\rIt is fine. Cafe\u0301 life.\rI liked it 👩‍👩‍👧. So\u00a0there.\u2028A new line. \tTabs.",
		"\u2003The lamp\u2003\n\n\tIt is fine. 👍🏽 Yes.\n",
	} {
		for _, name := range []string{"a.txt", "a.md"} {
			src := mustRead(t, name, text)
			runes := []rune(text)
			for _, s := range src.Sentences {
				if got := unsealed.Text(s.Passage); got != string(runes[s.Start:s.End]) {
					t.Errorf("%s: %q stands in the file as %q", name, got, string(runes[s.Start:s.End]))
				}
			}
		}
	}
}

// What would take a Markdown parser minutes is read as plain text.
func TestReadStrangeMarkdown(t *testing.T) {
	for _, part := range []string{"> ", "1. ", "[a]("} {
		mustRead(t, "a.md", "It is dark.\n\n"+strings.Repeat(part, 20_000))
	}
}
