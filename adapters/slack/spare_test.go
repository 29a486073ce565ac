package slack

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"dogear/adapters/slack/slacktest/reading"
	"dogear/bot/reply"
)

// under is what a document is rendered and sent under.
type under struct {
	rules
	wire   func(url.Values) // changes what is posted; nil: nothing does
	hidden string           // what the document covers, or keeps in another way
}

// escapeBut escapes in other ways than escape does: what it would put becomes
// something else.
func escapeBut(pairs ...string) func(*under) {
	other := strings.NewReplacer(pairs...).Replace
	return func(u *under) { u.text = func(lines []line) string { return other(textOf(lines)) } }
}

const j = string(joiner)

// eachBlock changes the blocks of lines.
func eachBlock(change func(u *under, b slack.Block) slack.Block) func(*under) {
	return func(u *under) {
		u.blocks = func(lines []line) []slack.Block {
			blocks := blocksOf(lines)
			for i, b := range blocks {
				blocks[i] = change(u, b)
			}
			return blocks
		}
	}
}

// eachButton changes the buttons beside covers.
func eachButton(change func(u *under, b *slack.SectionBlock)) func(*under) {
	return eachBlock(func(u *under, b slack.Block) slack.Block {
		if s, ok := b.(*slack.SectionBlock); ok {
			change(u, s)
		}
		return b
	})
}

// asSection puts a line into a section of another type of text.
func asSection(kind string, emoji bool, escape func(string) string) func(*under) {
	return eachBlock(func(_ *under, b slack.Block) slack.Block {
		rich, ok := b.(*slack.RichTextBlock)
		if !ok {
			return b
		}
		s, ok := rich.Elements[0].(*slack.RichTextSection)
		if !ok {
			return b
		}
		text := s.Elements[0].(*slack.RichTextSectionTextElement).Text
		return slack.NewSectionBlock(slack.NewTextBlockObject(kind, escape(text), emoji, false), nil, nil)
	})
}

// ends changes what stands at the end.
func ends(change func([]slack.BlockElement) []slack.BlockElement) func(*under) {
	return func(u *under) {
		u.ending = func(d *draft) []slack.Block {
			blocks := d.ending()
			for _, b := range blocks {
				a := b.(*slack.ActionBlock)
				a.Elements.ElementSet = change(a.Elements.ElementSet)
			}
			return blocks
		}
	}
}

func posts(change func(url.Values)) func(*under) { return func(u *under) { u.wire = change } }

// flatBut flattens what is not blank in another way.
func flatBut(other func(string) string) func(*under) {
	return func(u *under) {
		u.flat = func(s string) string {
			if flat(s) == "" {
				return ""
			}
			return other(s)
		}
	}
}

func same(s string) string { return s }

// drops put something plausible in the place of each rule.
var drops = []struct {
	name  string
	drop  func(*under)
	blind bool // the last look, which sees what is finished alone, can't tell
}{
	{"flat", flatBut(same), false},
	{"flat on one line", flatBut(func(s string) string { return strings.Trim(normalise(s), " \n") }), false},
	{"flat without the unseen", flatBut(func(s string) string { return strings.Join(strings.Fields(s), " ") }), false},
	{"flat of what is blank", func(u *under) {
		u.flat = func(s string) string { return strings.Join(strings.Fields(normalise(s)), " ") }
	}, true}, // what stands around it is seen
	{"normalise data", func(u *under) { u.normalise = same }, false},
	{"escape", func(u *under) {
		u.text = func(lines []line) string { return unescape(strings.ReplaceAll(textOf(lines), j, "")) }
	}, false},
	{"escape &", escapeBut("&amp;", "&"), false},
	{"escape < and >", escapeBut("&lt;", "<", "&gt;", ">"), false}, // a mention needs both
	{"escape > that quotes", escapeBut(j+"&gt;", "&gt;", j+"＞", "＞"), false},
	{"escape *", escapeBut("∗", "*"), false},
	{"escape _", escapeBut("ˍ", "_"), false},
	{"escape ~", escapeBut("∼", "~"), false},
	{"escape `", escapeBut("ˋ", "`"), false},
	{"escape wide signs", escapeBut("∗", "＊", "ˍ", "＿", "ˋ", "｀"), false},
	{"escape :", escapeBut(":"+j, ":"), false},
	{"escape : behind a word", escapeBut(j+":", ":"), false},
	{"escape .", escapeBut(j+".", "."), false},
	{"fit", func(u *under) { u.fit = func(before, text, after string) string { return before + text + after } }, false},
	{"cite in short", func(u *under) { u.cite = by }, false},
	{"cite without links", func(u *under) {
		u.cite = func(l *reply.Language, c reply.Citation) string { return cite(l, c) + " " + flat(c.Link) }
	}, true},
	{"cite without names of files", func(u *under) {
		u.cite = func(l *reply.Language, c reply.Citation) string { return cite(l, c) + " " + c.File }
	}, true},
	{"a text of its own", func(u *under) { u.text = func([]line) string { return "A message from dogear" } }, false},
	{"a text without covers", func(u *under) {
		u.text = func(lines []line) string {
			return textOf(slices.DeleteFunc(slices.Clone(lines), func(l line) bool { return l.ticket != "" }))
		}
	}, false},
	{"no cover in the text", func(u *under) { u.text = func(lines []line) string { return textOf(lines) + u.hidden } }, false},
	{"no cover in a button's value", eachButton(func(u *under, s *slack.SectionBlock) { s.Accessory.ButtonElement.Value += u.hidden }), false},
	{"no cover in an action", eachButton(func(u *under, s *slack.SectionBlock) { s.Accessory.ButtonElement.ActionID += u.hidden }), false},
	{"no cover in a block's name", eachButton(func(u *under, s *slack.SectionBlock) { s.BlockID = "b" + u.hidden }), false},
	{"no cover in a dialog", eachButton(func(u *under, s *slack.SectionBlock) {
		s.Accessory.ButtonElement.Confirm = slack.NewConfirmationBlockObject(plainText("Sure?"), plainText("Yes"+u.hidden), plainText("Yes"), plainText("No"))
	}), false},
	{"covers have buttons", eachBlock(func(_ *under, b slack.Block) slack.Block {
		if s, ok := b.(*slack.SectionBlock); ok {
			return blocksOf([]line{{text: s.Text.Text}})[0]
		}
		return b
	}), false},
	{"rich text", asSection(slack.MarkdownType, false, same), false},
	{"rich text, escaped", asSection(slack.MarkdownType, false, strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace), false},
	{"no emoji", asSection(slack.PlainTextType, true, same), false},
	{"end with labels cut", ends(func(es []slack.BlockElement) []slack.BlockElement {
		for _, e := range es {
			if b, ok := e.(*slack.ButtonBlockElement); ok {
				b.Text.Text += strings.Repeat("…", longestLabel)
			}
		}
		return es
	}), false},
	{"end with each once", ends(func(es []slack.BlockElement) []slack.BlockElement { return append(es, es...) }), false},
	{"end with choices cut", ends(func(es []slack.BlockElement) []slack.BlockElement {
		for _, e := range es {
			if s, ok := e.(*slack.SelectBlockElement); ok {
				s.Options[0].Text.Text += strings.Repeat("…", longestLabel)
			}
		}
		return es
	}), false},
	{"end with something to choose", ends(func(es []slack.BlockElement) []slack.BlockElement {
		for _, e := range es {
			if s, ok := e.(*slack.SelectBlockElement); ok {
				s.Options = nil
			}
		}
		return es
	}), false},
	{"post without previews", posts(func(v url.Values) { v.Del("unfurl_links") }), true},
	{"post without mentions", posts(func(v url.Values) { v.Set("link_names", "1") }), true},
	{"post a text", posts(func(v url.Values) { v.Del("text") }), true},
}

// TestNoneSpare drops each rule in turn. Without the last look the judge finds
// what comes of it; with it, all that it can tell is held back.
func TestNoneSpare(t *testing.T) {
	const (
		most  = 3000 // seeds after which a rule is spare
		texts = 160  // so many of the hostile ones are tried, in ever other documents
	)
	s := newSender()
	found := func(u *under, seed uint64) []string {
		doc, all := write(seed, reading.Hostile(seed%texts))
		u.hidden = ""
		for _, p := range all {
			if !p.may {
				u.hidden = p.word
			}
		}
		s.wire = u.wire
		return judge(t, s, doc, all, u.rules)
	}
	unchecked := func(u *under) {
		u.holds, u.holdsView = func(message, []line) bool { return true }, func(view, []line) bool { return true }
	}
	for _, d := range drops {
		u := &under{rules: everyRule()}
		d.drop(u)
		checked := *u
		unchecked(u)
		seed, flaws := uint64(0), []string(nil)
		for ; flaws == nil && seed < most; seed++ {
			flaws = found(u, seed)
		}
		if flaws == nil {
			t.Errorf("%s is spare: nothing happens without it", d.name)
			continue
		}
		seed--
		t.Logf("%-29s seed %4d: %.100s", d.name, seed, flaws[0])
		if got := found(&checked, seed); slices.Contains(got, held) == d.blind || !d.blind && len(got) > 1 {
			t.Errorf("%s, seed %d: with the last look it's %q", d.name, seed, got)
		}
	}
	u := &under{rules: everyRule()}
	unchecked(u)
	for seed := range uint64(300) {
		if got := found(u, seed); got != nil {
			t.Errorf("seed %d: without the last look alone it's %q", seed, got)
		}
	}
}
