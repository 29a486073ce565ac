package discord

import (
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"

	"dogear/bot/reply"
)

// TestHolds is the table of what is sent and what is not.
func TestHolds(t *testing.T) {
	open := func(s string) line { return line{text: s} }
	cover := func(s string) line { return line{text: s, cover: true} }
	for _, c := range []struct {
		content string
		meant   []line
		want    bool
	}{
		{"a\n||b||\n**c\\.**\n- d", []line{open("a"), cover("b"), open(`**c\.**`), open("- d")}, true},
		{"||a||\n||b||", []line{cover("a"), cover("b")}, true},
		{"", nil, false},
		{" ", []line{open(" ")}, false},
		{"a", []line{cover("a")}, false},
		{"||a||", []line{open("||a||")}, false},
		{"||a||\nb", []line{cover("a"), cover("b")}, false},
		{"b\n||a||", []line{cover("a"), open("b")}, false},
		{"||a\nb||", []line{cover("a\nb")}, false},
		{"||a||b||", []line{cover("a||b")}, false},
		{"||a|||", []line{cover("a|")}, false},
		{"||||", []line{cover("")}, false},
		{"||||\n||a||", []line{cover(""), cover("a")}, false},
		{`||a\||`, []line{cover(`a\`)}, false},
		{`\||a||`, []line{cover("a")}, false},
		{"x ||a||", []line{open("x "), cover("a")}, false},
		{"||a|| x", []line{cover("a"), open(" x")}, false},
		{"**||a||**", []line{cover("a")}, false},
		{"- ||a||", []line{cover("a")}, false},
		{"*\n||a*||", []line{open("*"), cover("a*")}, false},
		{"`\n||a`||", []line{open("`"), cover("a`")}, false},
		{"> a", []line{open("> a")}, false},
		{"1. a", []line{open("1. a")}, false},
		{"https://a", []line{open("https://a")}, false},
		{`**a\**`, []line{open(`**a\**`)}, false},
		{"****", []line{open("****")}, false},
		{`a\b`, []line{open(`a\b`)}, false},
		{"a\u200b", []line{open("a\u200b")}, false},
		{"a\u2028b", []line{open("a\u2028b")}, false},
		{"a\xffb", []line{open("a\xffb")}, false},
		{strings.Repeat("a", 2000), []line{open(strings.Repeat("a", 2000))}, true},
		{strings.Repeat("a", 2001), []line{open(strings.Repeat("a", 2001))}, false},
		{strings.Repeat("𝒜", 1001), []line{open(strings.Repeat("𝒜", 1001))}, false},
	} {
		if got := holds(message{content: c.content}, c.meant); got != c.want {
			t.Errorf("%.40q: holds %v, want %v", c.content, got, c.want)
		}
	}
}

// TestFits is the table of what components are sent.
func TestFits(t *testing.T) {
	button := func(label, id string) discordgo.MessageComponent { return discordgo.Button{Label: label, CustomID: id} }
	menu := func(o ...discordgo.SelectMenuOption) discordgo.MessageComponent {
		return discordgo.SelectMenu{CustomID: "m:t:", Placeholder: "p", Options: o}
	}
	one := discordgo.SelectMenuOption{Label: "l", Value: "v"}
	long := strings.Repeat("a", 101)
	for _, c := range []struct {
		name string
		rows []row
		want bool
	}{
		{"none", nil, true},
		{"what dogear makes", []row{{button("a", "a:T.1:"), button("b", "b:t:")}, {menu(one)}}, true},
		{"an empty row", []row{{}}, false},
		{"the same name twice", []row{{button("a", "a:t:")}, {button("b", "a:t:")}}, false},
		{"no name", []row{{button("a", "")}}, false},
		{"a long name", []row{{button("a", long)}}, false},
		{"text in a name", []row{{button("a", "a b")}}, false},
		{"no label", []row{{button("", "a:t:")}}, false},
		{"a long label", []row{{button(long[:81], "a:t:")}}, false},
		{"a link", []row{{discordgo.Button{Label: "a", CustomID: "a:t:", URL: "https://a.example"}}}, false},
		{"six in a row", []row{{button("a", "a"), button("a", "b"), button("a", "c"), button("a", "d"), button("a", "e"), button("a", "f")}}, false},
		{"a menu beside a button", []row{{menu(one), button("a", "a:t:")}}, false},
		{"a menu of nothing", []row{{menu()}}, false},
		{"a value twice", []row{{menu(one, one)}}, false},
		{"a long choice", []row{{menu(discordgo.SelectMenuOption{Label: long, Value: "v"})}}, false},
		{"six rows", []row{{button("a", "a")}, {button("a", "b")}, {button("a", "c")}, {button("a", "d")}, {button("a", "e")}, {button("a", "f")}}, false},
	} {
		if got := fits(components(c.rows)); got != c.want {
			t.Errorf("%s: fits %v, want %v", c.name, got, c.want)
		}
	}
}

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

// TestHeldBack shows that what does not hold is replaced, with all that follows
// it, by the notice alone.
func TestHeldBack(t *testing.T) {
	r := everyRule()
	n := 0
	r.holds = func(message, []line) bool { n++; return n < 2 }
	got := covered(r, strings.Repeat(strings.Repeat("a", 900)+"\n", 9))
	if len(got) != 2 || got[1].content != escape(heldBack.String()) || got[1].components != nil || got[1].files != nil {
		t.Errorf("sent: %q", payloads(got))
	}
	if !holds(got[1], []line{{text: escape(heldBack.String())}}) {
		t.Error("the notice itself does not hold")
	}
}
