package slack

import (
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

// byHand are blocks as whoever makes them by hand would: nothing is checked.
var byHand = map[string][]slack.Block{
	"a line":                           richly(textElement("a")),
	"a bold line":                      styled(slack.RichTextSectionTextStyle{Bold: true}),
	"an italic line":                   styled(slack.RichTextSectionTextStyle{Italic: true}),
	"two styles":                       styled(slack.RichTextSectionTextStyle{Bold: true, Strike: true}),
	"two texts":                        richly(textElement("a"), textElement("a")),
	"no text":                          richly(textElement("")),
	"nothing in a section":             richly(),
	"a space before":                   richly(textElement(" a")),
	"two lines":                        richly(textElement("a\na")),
	"unseen":                           richly(textElement("a\u202e")),
	"another line":                     append(richly(textElement("a")), richly(textElement("b"))...),
	"other words":                      richly(textElement("b")),
	"a link":                           richly(slack.NewRichTextSectionLinkElement("https://a.example", "a", nil)),
	"a mention":                        richly(textElement("a"), slack.NewRichTextSectionUserElement("U1", nil)),
	"the channel":                      richly(textElement("a"), slack.NewRichTextSectionBroadcastElement("channel")),
	"an emoji":                         richly(textElement("a"), slack.NewRichTextSectionEmojiElement("smile", 0, nil)),
	"a quote":                          []slack.Block{slack.NewRichTextBlock("", &slack.RichTextQuote{Type: slack.RTEQuote, Elements: []slack.RichTextSectionElement{textElement("a")}})},
	"an item":                          blocksOf([]line{{text: "a", kind: itemLine}}),
	"an ordered list":                  []slack.Block{slack.NewRichTextBlock("", slack.NewRichTextList(slack.RTEListOrdered, 0, richSection("a", nil)))},
	"a list in a list":                 []slack.Block{slack.NewRichTextBlock("", slack.NewRichTextList(slack.RTEListBullet, 0, slack.NewRichTextList(slack.RTEListBullet, 0, richSection("a", nil))))},
	"a header":                         []slack.Block{slack.NewHeaderBlock(plainText("a"))},
	"markup":                           []slack.Block{slack.NewSectionBlock(mrkdwn, nil, nil)},
	"markup beside":                    append(richly(textElement("a")), slack.NewContextBlock("", mrkdwn)),
	"a section":                        []slack.Block{slack.NewSectionBlock(plainText("a"), nil, nil)},
	"a divider":                        append(richly(textElement("a")), slack.NewDividerBlock()),
	"a picture":                        append(richly(textElement("a")), slack.NewImageBlock("https://a.example/a.png", "a", "", nil)),
	"markdown":                         []slack.Block{slack.NewMarkdownBlock("", "a")},
	"a named block":                    []slack.Block{slack.NewRichTextBlock("a", richSection("a", nil))},
	"a cover":                          blocksOf([]line{{text: "a", ticket: "t", label: "l"}}),
	"a cover of another":               blocksOf([]line{{text: "a", ticket: "u", label: "l"}}),
	"a cover that does something else": []slack.Block{slack.NewSectionBlock(plainText("a"), nil, slack.NewAccessory(newButton("undo:t:", "t", "l")))},
	"a cover with another value":       []slack.Block{slack.NewSectionBlock(plainText("a"), nil, slack.NewAccessory(newButton("reveal:u:", "t", "l")))},
	"a cover with fields":              []slack.Block{slack.NewSectionBlock(plainText("a"), []*slack.TextBlockObject{plainText("b")}, slack.NewAccessory(newButton("reveal:t:", "t", "l")))},
	"elements":                         beside(newButton("a:t.1:", "", "a"), newButton("place a/b:t:", "t", "b"), newMenu("m:t:", "p", []*slack.OptionBlockObject{oneChoice}), newSearch("n:t:", "p")),
	"no elements":                      beside(),
	"one id twice":                     beside(newButton("a:t:", "", "a"), newButton("a:t:", "", "b")),
	"no id":                            beside(newButton("", "", "a")),
	"a long id":                        beside(newButton(strings.Repeat("a", 256), "", "a")),
	"text in an id":                    beside(newButton("a:“b”:", "", "a")),
	"text in a value":                  beside(newButton("a:t:", "b", "a")),
	"a value, and an id of one part":   beside(newButton("a", "b", "a")),
	"a long label":                     beside(&slack.ButtonBlockElement{Type: slack.METButton, ActionID: "a:t:", Text: plainText(strings.Repeat("a", 76))}),
	"no label":                         beside(&slack.ButtonBlockElement{Type: slack.METButton, ActionID: "a:t:", Text: plainText("")}),
	"markup in a label":                beside(&slack.ButtonBlockElement{Type: slack.METButton, ActionID: "a:t:", Text: mrkdwn}),
	"emoji in a label":                 beside(&slack.ButtonBlockElement{Type: slack.METButton, ActionID: "a:t:", Text: slack.NewTextBlockObject(slack.PlainTextType, "a", true, false)}),
	"a button that links":              beside(newButton("a:t:", "", "a").WithURL("https://a.example")),
	"a button that asks":               beside(newButton("a:t:", "", "a").WithConfirm(slack.NewConfirmationBlockObject(plainText("a"), plainText("a"), plainText("a"), nil))),
	"a button for a screen reader":     beside(&slack.ButtonBlockElement{Type: slack.METButton, ActionID: "a:t:", Text: plainText("a"), AccessibilityLabel: "b"}),
	"a red button":                     beside(newButton("a:t:", "", "a").WithStyle(slack.StyleDanger)),
	"a menu of nothing":                menuOf(),
	"a value twice":                    menuOf(oneChoice, oneChoice),
	"no value":                         menuOf(slack.NewOptionBlockObject("", plainText("l"), nil)),
	"a long value":                     menuOf(slack.NewOptionBlockObject(strings.Repeat("v", 76), plainText("l"), nil)),
	"a long choice":                    menuOf(slack.NewOptionBlockObject("v", plainText(strings.Repeat("l", 76)), nil)),
	"markup in a choice":               menuOf(slack.NewOptionBlockObject("v", mrkdwn, nil)),
	"a choice with a description":      menuOf(slack.NewOptionBlockObject("v", plainText("l"), plainText("d"))),
	"a menu of users":                  beside(slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plainText("p"), "m:t:")),
	"26 elements":                      beside(repeat(26, func(n int) slack.BlockElement { return newButton(fmt.Sprint("a:", n, ":"), "", "a") })...),
	"101 choices": menuOf(repeat(101, func(n int) *slack.OptionBlockObject {
		return slack.NewOptionBlockObject(fmt.Sprint(n), plainText("l"), nil)
	})...),
	"a search from three letters": beside(&slack.SelectBlockElement{Type: slack.OptTypeExternal, Placeholder: plainText("p"), ActionID: "m:t:", MinQueryLength: new(3)}),
	"51 blocks":                   append(richly(textElement("a")), repeat(50, func(n int) slack.Block { return slack.NewActionBlock("", newButton(fmt.Sprint("a:", n, ":"), "", "a")) })...),
}

var (
	mrkdwn    = slack.NewTextBlockObject(slack.MarkdownType, "a", false, false)
	oneChoice = slack.NewOptionBlockObject("v", plainText("l"), nil)
)

func textElement(s string) slack.RichTextSectionElement {
	return slack.NewRichTextSectionTextElement(s, nil)
}

func richly(e ...slack.RichTextSectionElement) []slack.Block {
	return []slack.Block{slack.NewRichTextBlock("", slack.NewRichTextSection(e...))}
}

func styled(s slack.RichTextSectionTextStyle) []slack.Block {
	return richly(slack.NewRichTextSectionTextElement("a", &s))
}

func beside(e ...slack.BlockElement) []slack.Block {
	return append(richly(textElement("a")), slack.NewActionBlock("", e...))
}

func menuOf(o ...*slack.OptionBlockObject) []slack.Block { return beside(newMenu("m:t:", "p", o)) }

func repeat[T any](n int, make func(int) T) (out []T) {
	for i := range n {
		out = append(out, make(i))
	}
	return out
}

// TestHolds is the table of what is sent and what is not.
func TestHolds(t *testing.T) {
	good := map[string]line{
		"a line": {text: "a"}, "a bold line": {text: "a", kind: boldLine}, "an item": {text: "a", kind: itemLine}, "elements": {text: "a"},
		"a cover": {text: "a", ticket: "t", label: "l"},
	}
	for kind, l := range good {
		if m := (message{text: "a", blocks: byHand[kind]}); !holds(m, []line{l}) || !holdsView(view{blocks: m.blocks}, []line{l}) {
			t.Errorf("%s is not sent", kind)
		}
	}
	for kind, blocks := range byHand {
		if _, ok := good[kind]; ok || kind == "51 blocks" {
			continue
		}
		for _, l := range []line{{text: "a"}, good["a cover"]} {
			if holds(message{text: "a", blocks: blocks}, []line{l}) || holdsView(view{blocks: blocks}, []line{l}) {
				t.Errorf("%s is sent", kind)
			}
		}
	}
	if m := (message{text: "a", blocks: byHand["51 blocks"]}); holds(m, []line{{text: "a"}}) || !holdsView(view{blocks: m.blocks}, []line{{text: "a"}}) {
		t.Error("51 blocks are for a view alone")
	}
	if holds(message{text: "a"}, []line{{text: "a"}}) || holds(message{text: "a"}, nil) {
		t.Error("a message without blocks is sent")
	}
}

// TestTells is the table of what the text of a message may be.
func TestTells(t *testing.T) {
	long := strings.Repeat("a", 3000)
	for _, c := range []struct {
		text  string
		meant line
		want  bool
	}{
		{"a b", line{text: "a b"}, true},
		{"- a b", line{text: "a b", kind: itemLine}, true},
		{"a &lt;∗ &amp; b", line{text: "a <* & b"}, true},
		{long, line{text: long}, true},
		{long + "a", line{text: long + "a"}, false},
		{"", line{text: "a"}, false},
		{" ", line{text: "-"}, false},
		{"a", line{text: "a b"}, false},
		{"a b c", line{text: "a b"}, false},
		{"b a", line{text: "a b"}, false},
		{"a b", line{text: "a b c\n", kind: codeLine}, true},
		{"a c", line{text: "a b c\n", kind: codeLine}, false},
		{"a <b", line{text: "a <b"}, false},
		{"a & b", line{text: "a & b"}, false},
		{"a &quot; b", line{text: "a &quot; b"}, false},
		{"*a*", line{text: "*a*"}, false},
		{"`a`", line{text: "`a`"}, false},
		{"&gt; a", line{text: "> a"}, false},
		{"joiner\u2060&gt; a", line{text: "joiner> a"}, true},
		{":a:", line{text: ":a:"}, false},
		{"@a", line{text: "@a"}, false},
		{"a.b", line{text: "a.b"}, false},
		{"a\u202e", line{text: "a\u202e"}, false},
		{"a\x00", line{text: "a\x00"}, false},
		{"a\xff", line{text: "a\xff"}, false},
	} {
		m := message{text: c.text}
		if got := inert(m.text) && length(m.text) <= longestText && tells(m.text, []line{c.meant}, &gist{}); got != c.want {
			t.Errorf("%.40q for %.40q: %v, want %v", c.text, c.meant.text, got, c.want)
		}
	}
	offer := []line{{elements: []slack.BlockElement{newButton("a:t:", "", "Open")}}}
	for text, want := range map[string]bool{"Open": true, "Ope": true, "Close": false, "": false} {
		if got := holds(message{text: text, blocks: blocksOf(offer)}, offer); got != want {
			t.Errorf("%q for what only offers something: %v, want %v", text, got, want)
		}
	}
}
