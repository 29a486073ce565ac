package slack

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

const aBook spoiler.BookID = "book"

// reviewed returns a sentence of a review that spoils nothing from a position.
func reviewed(at spoiler.Position, text, reviewer, title string) reply.Excerpt {
	return reply.Excerpt{
		Passage: spoiler.Seal(aBook, at, text), Kind: "review", ID: "an-id", Title: spoiler.Seal(aBook, at, title),
		Link: spoiler.Seal(aBook, 0, "https://link.example"), Reviewer: reviewer, Date: "2024-05-01", Rating: "4/5", File: "a-file.md",
	}
}

// toReader writes for somebody who has finished chapter 7.
func toReader(veil reply.Veil) *reply.PrivateWriter {
	return reply.ToReader(spoiler.Horizon{}.With(aBook, 7), veil, "TICKET")
}

// outline returns blocks in short: a line as its text, after # where it is bold
// and - where it is an item, what can be pressed as its label and action_id.
func outline(blocks []slack.Block) (out []string) {
	for _, b := range blocks {
		switch b := b.(type) {
		case *slack.RichTextBlock:
			switch e := b.Elements[0].(type) {
			case *slack.RichTextSection:
				out = append(out, sectionText(e))
			case *slack.RichTextList:
				for _, e := range e.Elements {
					out = append(out, "- "+sectionText(e.(*slack.RichTextSection)))
				}
			case *slack.RichTextPreformatted:
				s := ""
				for _, e := range e.Elements {
					s += e.(*slack.RichTextSectionTextElement).Text
				}
				out = append(out, "{"+s+"}")
			}
		case *slack.SectionBlock:
			open := b.Accessory.ButtonElement
			out = append(out, b.Text.Text+" ["+open.Text.Text+"="+open.ActionID+"="+open.Value+"]")
		case *slack.ActionBlock:
			var cells []string
			for i, e := range b.Elements.ElementSet {
				s := labelsOf(b.Elements.ElementSet)[i] + "=" + actionIDOf(e)
				switch e := e.(type) {
				case *slack.ButtonBlockElement:
					s += map[bool]string{true: "!"}[e.Style == slack.StylePrimary]
				case *slack.SelectBlockElement:
					s += map[bool]string{true: "?"}[e.Type == slack.OptTypeExternal]
					for _, o := range e.Options {
						s += "/" + o.Text.Text + "=" + o.Value
					}
				}
				cells = append(cells, s)
			}
			out = append(out, "["+strings.Join(cells, ", ")+"]")
		}
	}
	return out
}

func sectionText(s *slack.RichTextSection) string {
	e := s.Elements[0].(*slack.RichTextSectionTextElement)
	if e.Style != nil && e.Style.Bold {
		return "# " + e.Text
	}
	return e.Text
}

// TestRender shows what becomes of documents as the core writes them.
func TestRender(t *testing.T) {
	answer := func(w *reply.Writer) {
		w.Passage(reviewed(0, "This is not a happy book.", "rouge", ""))
		w.Passage(reviewed(3, "The prose is \"precise\".", "R21", "The Tide Clock"))
		w.Head("Past your place:")
		w.Passage(reviewed(9, "The clock stops.", "mo", "How it ends"))
		w.Passage(reviewed(12, "Nobody comes back.", "mo", "How it ends"))
		w.Offer(reply.Share, "Share with the channel")
	}
	tagged, shown, hidden := toReader(reply.Tag), toReader(reply.Show), toReader(reply.Hide)
	answer(&tagged.Writer)
	answer(&shown.Writer)
	answer(&hidden.Writer)
	buttons := reply.ToChannel(spoiler.Horizon{}, reply.Buttons, "TICKET")
	buttons.Passage(reviewed(9, "The clock stops.", "mo", "How it ends"))
	opened := toReader(reply.Show)
	opened.Passage(reviewed(9, "The clock\nstops.", "mo", ""))
	list := toReader(reply.Tag)
	list.Head("Reviews of {1}:", reply.Name("The *Tide* <Clock>"))
	list.Source(1, reviewed(0, "", "mo", "Tides"))
	list.Numbered(2, reviewed(0, "A sentence.", "mo", "Tides"))
	list.List("One")
	list.List("Two: :smile:")
	list.Say("Done.")
	read := toReader(reply.Tag)
	read.Source(0, reviewed(0, "", "mo", "Tides"))
	read.Paragraph([]reply.Excerpt{reviewed(1, "It begins.", "mo", "Tides"), reviewed(2, "It goes on.", "mo", "Tides"), reviewed(9, "It ends.", "mo", "Tides")})
	data := toReader(reply.Tag)
	data.Write(reply.Data, reply.Words("{1}", reply.Own("{\n  \"asked\": \"*why?*\"\n}\n")))
	for _, c := range []struct {
		name   string
		doc    reply.Doc
		text   string
		blocks []string
	}{
		{"an answer", tagged.Doc(),
			"“This is not a happy book.” - rouge\n“The prose is 'precise'.” - R21: The Tide Clock\nPast your place:\n" +
				"Covered: “Reveal 1” shows it to you alone.\nCovered: “Reveal 2” shows it to you alone.",
			[]string{
				"“This is not a happy book.” - rouge", "“The prose is 'precise'.” - R21: The Tide Clock", "# Past your place:",
				"Covered: “Reveal 1” shows it to you alone. [Reveal 1=reveal:TICKET.1:=TICKET.1]",
				"Covered: “Reveal 2” shows it to you alone. [Reveal 2=reveal:TICKET.2:=TICKET.2]",
				"[Share with the channel=share:TICKET:]",
			}},
		{"an answer, uncovered", shown.Doc(),
			"“This is not a happy book.” - rouge\n“The prose is 'precise'.” - R21: The Tide Clock\nPast your place:\n" +
				"“The clock stops.” - mo\n“Nobody comes back.” - mo",
			[]string{
				"“This is not a happy book.” - rouge", "“The prose is 'precise'.” - R21: The Tide Clock", "# Past your place:",
				"“The clock stops.” - mo", "“Nobody comes back.” - mo", "[Share with the channel=share:TICKET:]",
			}},
		{"an answer, hidden", hidden.Doc(),
			"“This is not a happy book.” - rouge\n“The prose is 'precise'.” - R21: The Tide Clock\nPast your place:",
			[]string{
				"“This is not a happy book.” - rouge", "“The prose is 'precise'.” - R21: The Tide Clock", "# Past your place:",
				"[Share with the channel=share:TICKET:]",
			}},
		{"buttons", buttons.Doc(), "Covered: “Reveal” shows it to you alone.",
			[]string{"Covered: “Reveal” shows it to you alone. [Reveal=reveal:TICKET.1:=TICKET.1]"}},
		{"opened", opened.Doc(), "“The clock stops.” - mo (past your place)", []string{"“The clock stops.” - mo (past your place)"}},
		{"a list", list.Doc(),
			"Reviews of The ∗Tide∗ &lt;Clock&gt;:\n1. mo: Tides, 4/5, 2024-05-01\n2. “A sentence.” - mo: Tides\n- One\n- Two: \u2060:\u2060smile:\nDone.",
			[]string{"# Reviews of The *Tide* <Clock>:", "1. mo: Tides, 4/5, 2024-05-01", "2. “A sentence.” - mo: Tides", "- One", "- Two: :smile:", "Done."}},
		{"a review", read.Doc(), "mo: Tides, 4/5, 2024-05-01\n“It begins. It goes on.”\nCovered: “Reveal” shows it to you alone.",
			[]string{"mo: Tides, 4/5, 2024-05-01", "“It begins. It goes on.”", "Covered: “Reveal” shows it to you alone. [Reveal=reveal:TICKET.1:=TICKET.1]"}},
		{"data", data.Doc(), "Here it is, as JSON:\n{\n  \"asked\": \"∗why?∗\"\n}", []string{"Here it is, as JSON:", "{{\n  \"asked\": \"*why?*\"\n}}"}},
		{"nothing", reply.PrivateDoc{}, "I have nothing to show.", []string{"I have nothing to show."}},
		{"nothing for a channel", reply.PublicDoc{}, "I have nothing to show.", []string{"I have nothing to show."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := render(c.doc)
			if len(got.messages) != 1 {
				t.Fatalf("%d messages", len(got.messages))
			}
			if diff := cmp.Diff(c.text, got.messages[0].text); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.blocks, outline(got.messages[0].blocks)); diff != "" {
				t.Error(diff)
			}
			v, past := renderView(c.doc)
			if diff := cmp.Diff(c.blocks, outline(v.blocks)); diff != "" || past != got.past {
				t.Errorf("as a view, past %v: %s", past, diff)
			}
			for _, unshown := range []string{"link.example", "a-file", "an-id"} {
				if strings.Contains(strings.Join(stringsOf(c.doc), ""), unshown) {
					t.Errorf("%s is shown", unshown)
				}
			}
		})
	}
}

// TestNotAsked shows that what a cover holds is never asked for.
func TestNotAsked(t *testing.T) {
	d := &draft{rules: everyRule()}
	d.Spoiler("t.1", func() reply.Quotation {
		t.Error("it is")
		return reply.Quotation{}
	})
	if pages, _ := d.pages(space{longestText, longestBlocks, mostBlocks}, 1); len(pages[0]) != 1 {
		t.Errorf("%+v", pages)
	}
}

// TestOffers shows what becomes of what a document offers.
func TestOffers(t *testing.T) {
	choices := []reply.Choice{{Value: "1", Label: "Chapter 1"}, {Value: "1", Label: "again"}, {Value: "", Label: "none"}, {Value: strings.Repeat("v", 76), Label: "long"}, {Value: "a:b", Label: "\n"}}
	deed := func(command, asks string, choices ...reply.Choice) reply.Control {
		return reply.Control{Action: reply.Do, Label: "Do", Does: reply.Deed{Command: command, Options: map[string]string{"b": "c d"}, Asks: asks}, Choices: choices}
	}
	a := reply.Line{Spans: []reply.Span{{Text: "a line"}}}
	for _, c := range []struct {
		name     string
		controls []reply.Control
		want     []string
	}{
		{"none", nil, []string{"a line", "a line"}},
		{"no ticket", []reply.Control{{Action: reply.Confirm, Label: "Yes"}, {Action: reply.Share, Label: "Share"}}, []string{"a line", "a line"}},
		{"buttons", []reply.Control{{Action: reply.Share, Label: "Share", Ticket: "t"}, {Action: reply.Confirm, Label: "Yes", Ticket: "t"}},
			[]string{"a line", "a line", "[Share=share:t:, Yes=confirm:t:!]"}},
		{"the same twice", []reply.Control{{Action: reply.More, Label: "More", Ticket: "t"}, {Action: reply.More, Label: "Again", Ticket: "t"}},
			[]string{"a line", "a line", "[More=more:t:]"}},
		{"a menu has its row", []reply.Control{
			{Action: reply.Share, Label: "Share", Ticket: "t"}, {Action: reply.ReadFurther, Label: "Further", Ticket: "t", Choices: choices}, {Action: reply.More, Label: "More", Ticket: "t"},
		}, []string{"a line", "a line", "[Share=share:t:, More=more:t:]", "[Further=place:t:/Chapter 1=1/?=a:b]"}},
		{"a menu of nothing is a button", []reply.Control{{Action: reply.Report, Label: "Report", Ticket: "t", Choices: choices[2:4]}},
			[]string{"a line", "a line", "[Report=report:t:]"}},
		{"deciding", []reply.Control{{Action: reply.Decide, Label: "Safe from", Ticket: "t", Choices: choices}},
			[]string{"a line", "a line", "[Chapter 1=decide:t:1, A chapter…=decide:t:]"}},
		{"deciding freely", []reply.Control{{Action: reply.Decide, Label: "Safe from", Ticket: "t"}}, []string{"a line", "a line", "[A chapter…=decide:t:]"}},
		{"more than a row", []reply.Control{{Action: reply.Decide, Ticket: "t", Choices: []reply.Choice{{Value: "1", Label: "1"}, {Value: "2", Label: "2"}, {Value: "3", Label: "3"}, {Value: "4", Label: "4"}, {Value: "5", Label: "5"}}}},
			[]string{"a line", "a line", "[1=decide:t:1, 2=decide:t:2, 3=decide:t:3, 4=decide:t:4, 5=decide:t:5]", "[A chapter…=decide:t:]"}},
		{"a long label", []reply.Control{{Action: reply.More, Label: strings.Repeat("m", 76), Ticket: "t"}}, []string{"a line", "a line", "[" + strings.Repeat("m", 74) + "…=more:t:]"}},
		{"a long ticket", []reply.Control{{Action: reply.More, Label: "More", Ticket: reply.Ticket(strings.Repeat("t", 250))}}, []string{"a line", "a line"}},
		{"deeds where they stand", []reply.Control{deed("shelf add", ""), deed("shelf add", ""), deed("help", "")},
			[]string{"a line", "[Do=do:b=c+d:shelf+add/]", "[Do=do:b=c+d:shelf+add/, Do=do:b=c+d:help/]", "a line"}},
		{"a deed with choices", []reply.Control{deed("a", ""), deed("progress", "at", choices...), deed("b", "")},
			[]string{"a line", "[Do=do:b=c+d:a/]", "[Do=do:b=c+d:progress/at/Chapter 1=1/?=a:b]", "[Do=do:b=c+d:b/]", "a line"}},
		{"a deed that asks", []reply.Control{deed("progress", "book")}, []string{"a line", "[Do=do:b=c+d:progress/book?]", "a line"}},
		{"six deeds", []reply.Control{deed("1", ""), deed("2", ""), deed("3", ""), deed("4", ""), deed("5", ""), deed("6", "")},
			[]string{"a line", "[Do=do:b=c+d:1/, Do=do:b=c+d:2/, Do=do:b=c+d:3/, Do=do:b=c+d:4/, Do=do:b=c+d:5/]", "[Do=do:b=c+d:6/]", "a line"}},
		{"no deed", []reply.Control{deed("", ""), deed(strings.Repeat("a", 250), "")}, []string{"a line", "a line"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &draft{rules: everyRule()}
			d.Line(a)
			for _, control := range c.controls {
				d.Control(control)
			}
			d.Line(a)
			pages, controls := d.pages(space{longestText, longestBlocks, mostBlocks}, mostMessages)
			blocks := append(blocksOf(pages[0]), controls...)
			if diff := cmp.Diff(c.want, outline(blocks)); diff != "" {
				t.Error(diff)
			}
			if !holds(message{text: "a line\na line", blocks: blocks}, pages[0]) {
				t.Error("it is not sent")
			}
		})
	}
}

// TestDoID shows that what stands for a command can be read again.
func TestDoID(t *testing.T) {
	w := toReader(reply.Tag)
	w.OfferDeed(reply.Deed{Command: "shelf add", Options: map[string]string{"book": "a:b/c&d=e é"}, Asks: "at"}, reply.Words("Add"))
	for _, e := range render(w.Doc()).messages[0].blocks[1].(*slack.ActionBlock).Elements.ElementSet {
		p, ok := parseActionID(actionIDOf(e))
		command, options, asks, does := p.does()
		if !ok || !does || command != "shelf add" || options["book"] != "a:b/c&d=e é" || asks != "at" {
			t.Errorf("%q: %q, %v, %q", actionIDOf(e), command, options, asks)
		}
		if data := string(asJSON(e)); !strings.Contains(data, `"min_query_length":0`) {
			t.Errorf("it waits for letters: %s", data)
		}
	}
}

// TestCovers shows that there are as many covers as fit, each with its button,
// and that what is left out is said to be.
func TestCovers(t *testing.T) {
	for _, c := range []struct{ covers, most int }{{1, 1}, {7, 7}, {90, 90}, {400, 200}} {
		w := toReader(reply.Tag)
		w.Head("Past your place:")
		for range c.covers {
			w.Passage(reviewed(9, "canary", "mo", ""))
		}
		w.Offer(reply.More, "Next page")
		got := render(w.Doc()).messages
		lines, opens := 0, map[string]bool{}
		for _, m := range got {
			lines += strings.Count(m.text, "Covered: “Reveal")
			if !strings.HasPrefix(m.text, "Past your place:\n") {
				t.Errorf("%d covers: a message begins with %.30q", c.covers, m.text)
			}
			for _, b := range m.blocks {
				if s, ok := b.(*slack.SectionBlock); ok {
					opens[s.Accessory.ButtonElement.Value] = true
				}
			}
		}
		if lines != len(opens) || lines > c.most || c.covers <= 90 && lines != c.covers {
			t.Errorf("of %d covers %d are named and %d can be opened", c.covers, lines, len(opens))
		}
		if told := strings.HasSuffix(got[len(got)-1].text, escape(moreLeft.String())); told != (lines < c.covers) {
			t.Errorf("of %d covers %d are shown; it says that there are more: %v", c.covers, lines, told)
		}
	}
	d := &draft{rules: everyRule()}
	d.Spoiler(reply.Ticket(strings.Repeat("t", 250)), nil)
	if pages, _ := d.pages(space{longestText, longestBlocks, mostBlocks}, 1); pages[0][len(pages[0])-1].text != moreLeft.String() {
		t.Errorf("a cover that can't be opened: %+v", pages)
	}
}

// TestMoreThanFits shows that a long reply ends with a line that says so, with
// what it offers, and that nothing is lost before.
func TestMoreThanFits(t *testing.T) {
	w := toReader(reply.Tag)
	for n := range 300 {
		w.Say("{1}", reply.Name(fmt.Sprintf("line%d %s", n, strings.Repeat("x", n%150))))
	}
	w.Offer(reply.More, "Next page")
	w.OfferChoice(reply.ReadFurther, "I've read further", numbers(25)...)
	var all []string
	got := render(w.Doc()).messages
	for i, m := range got {
		all = append(all, strings.Split(m.text, "\n")...)
		offers := 0
		for _, b := range m.blocks {
			if _, ok := b.(*slack.ActionBlock); ok {
				offers++
			}
		}
		if last := i == len(got)-1; last != (offers == 2) || !last && offers > 0 {
			t.Errorf("message %d offers %d", i, offers)
		}
	}
	if len(got) != mostMessages || all[len(all)-1] != moreLeft.String() {
		t.Fatalf("%d messages, the last line %q", len(got), all[len(all)-1])
	}
	for n, l := range all[:len(all)-1] {
		if !strings.HasPrefix(l+" ", fmt.Sprintf("line%d ", n)) {
			t.Errorf("line %d is %q", n, l)
		}
	}
	v, _ := renderView(w.Doc())
	shown := outline(v.blocks)
	if n := len(shown); n != mostViewBlocks || shown[n-3] != moreLeft.String() || shown[n-4][:6] != "line96" {
		t.Errorf("%d blocks in a view, the last %q", n, shown[max(0, n-4):])
	}
}

// TestLongLine shows that a line of any text fits into one message, cut at the
// end, and still says whose it is.
func TestLongLine(t *testing.T) {
	for _, text := range []string{strings.Repeat("a!", 2000), strings.Repeat("*", 4000), strings.Repeat("<", 4000), strings.Repeat("漢", 4000), strings.Repeat("👩‍👩‍👧", 1000), "e" + strings.Repeat("\u0301", 4000)} {
		w := toReader(reply.Tag)
		w.Head("{1}", reply.Name(text))
		w.Passage(reviewed(0, text, "mo", ""))
		w.OfferChoice(reply.ReadFurther, "I've read further", numbers(25)...)
		w.OfferChoice(reply.Report, "Report a spoiler", numbers(25)...)
		got := render(w.Doc()).messages
		if len(got) != 1 || !strings.HasSuffix(got[0].text, "…” - mo") || len(got[0].blocks) != 4 {
			t.Errorf("%.8q: %d messages, the first %.100q", text, len(got), got[0].text)
		}
	}
}

// TestData shows that data is whole as long as it fits, the texts included, then
// the blocks alone, and that what is left out is said to be.
func TestData(t *testing.T) {
	for _, c := range []struct {
		lines           int
		inText, inBlock bool
	}{{1, true, true}, {100, true, true}, {150, true, true}, {500, false, true}, {2000, false, false}} {
		var list []string
		for n := range c.lines {
			list = append(list, fmt.Sprintf("%d: <what> was asked & %s", n, strings.Repeat("x", n%30)))
		}
		data, err := json.MarshalIndent(list, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		w := toReader(reply.Tag)
		w.Write(reply.Data, reply.Words("{1}", reply.Own(string(data))))
		got := render(w.Doc())
		var text, blocks []string
		for _, m := range got.messages {
			text = append(text, m.text)
			for _, s := range outline(m.blocks) {
				if strings.HasPrefix(s, "{") {
					blocks = append(blocks, s[1:len(s)-1])
				}
			}
		}
		all := strings.Join(text, "\n")
		if inBlock := strings.Join(blocks, "\n") == string(data); inBlock != c.inBlock || inBlock == strings.Contains(all, moreData.String()) {
			t.Errorf("%d lines: whole %v, in %d messages", c.lines, inBlock, len(text))
		}
		if inText := strings.Contains(all, escape(string(data))); inText != c.inText {
			t.Errorf("%d lines: whole in the text %v", c.lines, inText)
		}
	}
}

// TestOneLine shows that nobody's text passes for a line of dogear's own.
func TestOneLine(t *testing.T) {
	w := toReader(reply.Show)
	w.Passage(reviewed(0, "a\nPast your place:\nb", "c\u2028d", "e\rf"))
	m := render(w.Doc()).messages[0]
	if strings.Count(m.text, "\n") > 0 || len(m.blocks) != 1 {
		t.Errorf("one quotation takes several lines:\n%s", m.text)
	}
}

// TestLanguage shows that the renderer's own words are in the document's
// language.
func TestLanguage(t *testing.T) {
	words := "words:\n  \"I have nothing to show.\": \"Nichts da.\"\n  \"Reveal\": \"Zeigen\"\n  \"Covered: “{1}” shows it to you alone.\": \"Verdeckt: „{1}“ zeigt es dir allein.\"\n"
	german, err := reply.ReadLanguage("de.yaml", []byte(words), nil)
	if err != nil {
		t.Fatal(err)
	}
	w := german.ToReader(spoiler.Horizon{}, reply.Tag, "TICKET")
	if got := render(w.Doc()).messages[0].text; got != "Nichts da." {
		t.Error(got)
	}
	w.Passage(reviewed(9, "canary", "mo", ""))
	if got := render(w.Doc()).messages[0].text; got != "Verdeckt: „Zeigen“ zeigt es dir allein." {
		t.Error(got)
	}
}

func BenchmarkRender(b *testing.B) {
	w := toReader(reply.Tag)
	for n := range 10 {
		w.Passage(reviewed(spoiler.Position(n), "The clock stops, and nobody comes back.", "mo", "Tides"))
	}
	w.OfferChoice(reply.ReadFurther, "I've read further", numbers(25)...)
	b.ReportAllocs()
	for b.Loop() {
		render(w.Doc())
	}
}

// TestWideMenus shows that menus of long words leave out choices, then whole
// menus, rather than the message, and say so.
func TestWideMenus(t *testing.T) {
	var wide []reply.Option
	for i := range reply.MostChoices {
		wide = append(wide, reply.Option{Value: fmt.Sprint(i), Words: reply.Words("漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢")})
	}
	w := toReader(reply.Tag)
	w.Head("{1}", reply.Name(strings.Repeat("漢", 4000)))
	w.Passage(reviewed(0, strings.Repeat("漢", 4000), "mo", ""))
	w.OfferDeed(reply.Deed{Command: "progress", Asks: "at"}, reply.Words("Further"), wide...)
	for _, action := range []reply.Action{reply.ReadFurther, reply.Report} {
		w.OfferChoice(action, "Further", wide...)
	}
	w.OfferChoice(reply.Decide, "Further", wide...)
	for _, flaw := range flawsOf(w.Doc()) {
		t.Error(flaw)
	}
	if n := spaceOf(newDraft(w.Doc(), everyRule()).ending()...).bytes; n > longestControls {
		t.Errorf("what is offered takes %d bytes", n)
	}
	got := render(w.Doc()).messages
	menus := 0
	for _, m := range got {
		for _, s := range outline(m.blocks) {
			if n := strings.Count(s, "/漢"); n > 0 {
				menus++
				if n < 8 || n == reply.MostChoices {
					t.Errorf("%d choices", n)
				}
			}
		}
	}
	if last := got[len(got)-1].text; menus != 3 || !strings.Contains(last, moreLeft.String()) {
		t.Errorf("%d menus, and it says %.300q", menus, last)
	}
}

// TestHeldBack shows that what does not read as it was meant is not sent.
func TestHeldBack(t *testing.T) {
	w := reply.ToReader(spoiler.Horizon{}.With(aBook, 7), reply.Tag, "an “odd” ticket")
	w.Say("{1}", reply.Name(strings.Repeat("a ", 700)))
	w.Say("{1}", reply.Name(strings.Repeat("b ", 700)))
	w.Say("{1}", reply.Name(strings.Repeat("c ", 700)))
	w.Offer(reply.More, "Next page")
	got := render(w.Doc()).messages
	if len(got) != 2 || !strings.Contains(got[0].text, "a a") || got[1].text != heldBack.String() || !holds(got[1], []line{{text: heldBack.String()}}) {
		t.Errorf("%+v", got)
	}
	v, _ := renderView(w.Doc())
	if diff := cmp.Diff([]string{heldBack.String()}, outline(v.blocks)); diff != "" {
		t.Error(diff)
	}
}
