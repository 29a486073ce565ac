package discord

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"

	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

var update = flag.Bool("update", false, "rewrite testdata/replies")

const book spoiler.BookID = "book"

// sentence returns a sentence of a review that spoils nothing from a position.
func sentence(at spoiler.Position, text, reviewer, title string) reply.Excerpt {
	return reply.Excerpt{
		Passage: spoiler.Seal(book, at, text), Kind: "review", ID: "an-id", Title: spoiler.Seal(book, at, title),
		Link: spoiler.Seal(book, 0, "https://link.example"), Reviewer: reviewer, Date: "2024-05-01", Rating: "4/5", File: "a-file.md",
	}
}

// reader is somebody who has finished chapter 7.
func reader(veil reply.Veil) *reply.PrivateWriter {
	return reply.ToReader(spoiler.Horizon{}.With(book, 7), veil, "TICKET")
}

// answer writes what an answer has.
func anAnswer(w *reply.Writer) {
	w.Passage(sentence(0, "This is not a happy book.", "rouge-readings", ""))
	w.Passage(sentence(3, "The prose is clean, plain, \"precise\".", "Reading21", "The Tide Clock"))
	w.Head("Past your place:")
	w.Passage(sentence(9, "The clock stops.\n\nAnd the harbour | freezes.", "mo", "How it ends"))
	w.Passage(sentence(12, "Nobody comes back.", "mo", "How it ends"))
	w.Offer(reply.Share, "Share with the channel")
	w.Offer(reply.ReadFurther, "I've read further")
	w.Offer(reply.LookPast, "Look past my place")
	w.Offer(reply.Report, "Report a spoiler")
}

// replies are documents as the core writes them.
var replies = map[string]func() reply.Doc{
	"answer": func() reply.Doc {
		w := reader(reply.Tag)
		anAnswer(&w.Writer)
		return w.Doc()
	},
	"answer-hide": func() reply.Doc {
		w := reader(reply.Hide)
		anAnswer(&w.Writer)
		return w.Doc()
	},
	"answer-show": func() reply.Doc {
		w := reader(reply.Show)
		anAnswer(&w.Writer)
		return w.Doc()
	},
	"answer-public": func() reply.Doc {
		w := reply.ToChannel(spoiler.Horizon{}, reply.Tagged, "TICKET")
		anAnswer(&w.Writer)
		return w.Doc()
	},
	"opened": func() reply.Doc {
		w := reader(reply.Show)
		w.Passage(sentence(9, "The clock stops.", "mo", ""))
		w.Offer(reply.Report, "Report a spoiler")
		return w.Doc()
	},
	"review": func() reply.Doc {
		w := reader(reply.Tag)
		w.Source(0, sentence(0, "", "mo", "Tides"))
		w.Paragraph([]reply.Excerpt{sentence(1, "It begins at low water.", "mo", "Tides"), sentence(9, "It ends there too.", "mo", "Tides")})
		w.Offer(reply.More, "Next page")
		return w.Doc()
	},
	"list": func() reply.Doc {
		w := reader(reply.Tag)
		w.Head("Reviews of {1}:", reply.Name("The *Tide* Clock"))
		w.Source(1, sentence(0, "", "mo", "Tides"))
		w.Numbered(2, sentence(0, "A sentence.", "mo", "Tides"))
		w.List("{1} or less", reply.Count(2, "review", "reviews"))
		return w.Doc()
	},
	"confirm": func() reply.Doc {
		w := reader(reply.Tag)
		w.Say("That lies past your place. Do you want to see it all the same?")
		w.Offer(reply.Confirm, "Yes, show it to me")
		return w.Doc()
	},
	"export": func() reply.Doc {
		w := reader(reply.Tag)
		w.Write(reply.Data, reply.Words("{1}", reply.Own("{\n  \"asked\": \"||why?||\"\n}")))
		return w.Doc()
	},
	"empty": func() reply.Doc { return reply.PrivateDoc{} },
}

// TestReplies keeps what is sent for each of replies.
func TestReplies(t *testing.T) {
	for name, doc := range replies {
		t.Run(name, func(t *testing.T) {
			type sent struct {
				Content    string
				Components []discordgo.MessageComponent `json:",omitempty"`
				Files      map[string]string            `json:",omitempty"`
			}
			var all []sent
			for _, m := range render(doc()) {
				s := sent{Content: m.content, Components: m.components}
				for _, f := range m.files {
					s.Files = map[string]string{f.name: string(f.data)}
				}
				all = append(all, s)
			}
			var got bytes.Buffer
			out := json.NewEncoder(&got)
			out.SetEscapeHTML(false)
			out.SetIndent("", "  ")
			if err := out.Encode(all); err != nil {
				t.Fatal(err)
			}
			for _, unshown := range []string{"link.example", "a-file", "an-id"} {
				if strings.Contains(got.String(), unshown) {
					t.Errorf("%s is shown", unshown)
				}
			}
			golden := filepath.Join("testdata", "replies", name+".golden")
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// layout returns rows in short: a button as its label and custom_id, a menu
// with its options.
func layout(m message) []string {
	var out []string
	for _, c := range m.components {
		var cells []string
		for _, c := range c.(discordgo.ActionsRow).Components {
			switch c := c.(type) {
			case discordgo.Button:
				cells = append(cells, c.Label+"="+c.CustomID)
			case discordgo.SelectMenu:
				s := c.Placeholder + "=" + c.CustomID
				for _, o := range c.Options {
					s += "/" + o.Label + "=" + o.Value
				}
				cells = append(cells, s)
			}
		}
		out = append(out, strings.Join(cells, ", "))
	}
	return out
}

// TestControls shows what becomes of what a document offers.
func TestControls(t *testing.T) {
	choices := []reply.Choice{{Value: "1", Label: "Chapter 1"}, {Value: "1", Label: "again"}, {Value: "", Label: "none"}, {Value: strings.Repeat("v", 101), Label: "long"}, {Value: "a:b", Label: "\n"}}
	for _, c := range []struct {
		name     string
		controls []reply.Control
		want     []string
	}{
		{"none", nil, nil},
		{"no ticket", []reply.Control{{Action: reply.Confirm, Label: "Yes"}, {Action: reply.Share, Label: "Share"}}, nil},
		{"buttons", []reply.Control{{Action: reply.Share, Label: "Share", Ticket: "t"}, {Action: reply.Confirm, Label: "Yes", Ticket: "t"}},
			[]string{"Share=share:t:, Yes=confirm:t:"}},
		{"the same twice", []reply.Control{{Action: reply.More, Label: "More", Ticket: "t"}, {Action: reply.More, Label: "Again", Ticket: "t"}},
			[]string{"More=more:t:"}},
		{"a menu has its row", []reply.Control{
			{Action: reply.Share, Label: "Share", Ticket: "t"}, {Action: reply.ReadFurther, Label: "Further", Ticket: "t", Choices: choices}, {Action: reply.More, Label: "More", Ticket: "t"},
		}, []string{"Share=share:t:, More=more:t:", "Further=place:t:/Chapter 1=1/?=a:b"}},
		{"a menu of nothing is a button", []reply.Control{{Action: reply.Report, Label: "Report", Ticket: "t", Choices: choices[2:4]}}, []string{"Report=report:t:"}},
		{"deciding", []reply.Control{{Action: reply.Decide, Label: "Safe from", Ticket: "t", Choices: choices}}, []string{"Chapter 1=decide:t:1, A chapter…=decide:t:"}},
		{"deciding freely", []reply.Control{{Action: reply.Decide, Label: "Safe from", Ticket: "t"}}, []string{"A chapter…=decide:t:"}},
		{"more than a row", []reply.Control{{Action: reply.Decide, Ticket: "t", Choices: []reply.Choice{{Value: "1", Label: "1"}, {Value: "2", Label: "2"}, {Value: "3", Label: "3"}, {Value: "4", Label: "4"}, {Value: "5", Label: "5"}}}},
			[]string{"1=decide:t:1, 2=decide:t:2, 3=decide:t:3, 4=decide:t:4, 5=decide:t:5", "A chapter…=decide:t:"}},
		{"a long label", []reply.Control{{Action: reply.More, Label: strings.Repeat("m", 81), Ticket: "t"}}, []string{strings.Repeat("m", 79) + "…=more:t:"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := draft{rules: everyRule()}
			d.Line(reply.Line{Spans: []reply.Span{{Text: "a line"}}})
			for _, control := range c.controls {
				d.Control(control)
			}
			got := d.messages()
			if diff := cmp.Diff(c.want, layout(got[0])); diff != "" || got[0].content != "a line" {
				t.Errorf("%q: %s", got[0].content, diff)
			}
		})
	}
}

// TestWithheld shows that what is covered without its text has a line and a
// button, as many as fit, and that both go together.
func TestWithheld(t *testing.T) {
	for _, c := range []struct{ covers, menus, want int }{{1, 0, 1}, {7, 1, 7}, {25, 0, 25}, {26, 0, 25}, {26, 2, 15}, {26, 5, 0}} {
		d := draft{rules: everyRule()}
		d.Line(reply.Line{Spans: []reply.Span{{Text: "a line"}}})
		for n := range c.covers {
			d.Spoiler(reply.Ticket(fmt.Sprintf("t.%d", n+1)), nil)
		}
		for n := range c.menus {
			d.Control(reply.Control{Action: reply.Report, Label: "Report", Ticket: reply.Ticket(fmt.Sprint(n)), Choices: []reply.Choice{{Value: "1", Label: "1"}}})
		}
		got := d.messages()
		sent := strings.Join(payloads(got), "\n")
		for n := 1; n <= c.covers; n++ {
			line := strings.Count(sent, fmt.Sprintf("“Open %d”", n))
			button := strings.Count(sent, fmt.Sprintf(`"label":"Open %d"`, n)) + strings.Count(sent, fmt.Sprintf(`"custom_id":"reveal:t.%d:"`, n))
			if n <= c.want && (line != 1 || button != 2) || n > c.want && line+button > 0 {
				t.Errorf("%+v: of cover %d there are %d lines and %d halves of a button", c, n, line, button)
			}
		}
		if told := strings.HasSuffix(got[len(got)-1].content, escape(moreLeft.String())); told != (c.want < c.covers) {
			t.Errorf("%+v: says that there is more: %v", c, told)
		}
	}
}

// TestMoreThanFits shows that a long reply ends with a line that says so, with
// what it offers, and that nothing is lost before.
func TestMoreThanFits(t *testing.T) {
	w := reader(reply.Tag)
	for n := range 200 {
		w.Say("{1}", reply.Name(fmt.Sprintf("line%d: %s", n, strings.Repeat("x", n%150))))
	}
	w.Offer(reply.More, "Next page")
	got := render(w.Doc())
	var all []string
	for i, m := range got {
		all = append(all, strings.Split(m.content, "\n")...)
		if last := i == len(got)-1; units(m.content) > longestContent || last != (m.components != nil) {
			t.Errorf("message %d: %d long, with components %v", i, units(m.content), m.components)
		}
	}
	if len(got) != mostMessages || all[len(all)-1] != escape(moreLeft.String()) {
		t.Fatalf("%d messages, the last line %q", len(got), all[len(all)-1])
	}
	for n, l := range all[:len(all)-1] {
		if !strings.HasPrefix(l, fmt.Sprintf(`line%d\:`, n)) {
			t.Errorf("line %d is %q", n, l)
		}
	}
}

// TestOneLine shows that nobody's text passes for a line of dogear's own.
func TestOneLine(t *testing.T) {
	w := reader(reply.Show)
	w.Passage(sentence(0, "a\nPast your place:\nb", "c\u2028d", "e\rf"))
	if got := render(w.Doc())[0].content; strings.Count(got, "\n") > 0 {
		t.Errorf("one quotation takes several lines:\n%s", got)
	}
}

func BenchmarkRender(b *testing.B) {
	doc := replies["answer"]()
	b.ReportAllocs()
	for b.Loop() {
		render(doc)
	}
}
