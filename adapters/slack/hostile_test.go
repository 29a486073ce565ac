package slack_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"dogear/adapters/slack/slacktest"
	"dogear/adapters/slack/slacktest/reading"
	"dogear/bot"
	"dogear/bot/library"
)

// signs are what Slack may read as markup, with a word in the middle. Each stays
// what it is wherever a reader's words go.
const signs = "<!channel> <!here> <!everyone> <@U1> <#C1> <http://x.example|y> &lt; &amp;lt; *b* _i_ ~s~ `c` :smile: @channel www.y.example \u202espill\u2066"

// shortSigns are some of them, for a name.
const shortSigns = "<!channel> <@U1> <http://x|y> &lt; *b* _i_ `c` :smile: @here"

// judged fails the test where anything that dogear has sent is live, is more than
// Slack takes, or has no text where it needs one.
func (c *club) judged() {
	c.t.Helper()
	for _, r := range c.Requests() {
		body, err := json.Marshal(r.Body)
		if err != nil {
			c.t.Fatal(err)
		}
		var seen reading.Seen
		object := r.Object()
		_, options := object["options"]
		_, asks := object["response_action"]
		switch {
		case strings.HasPrefix(r.Method, "views."), r.Method == "ack" && asks:
			seen = reading.View(body)
		case r.Method == "ack" && options:
			seen = reading.Options(body)
		case r.Method == "chat.postMessage", r.Method == "chat.postEphemeral", r.Method == "chat.update", r.Method == "response_url":
			seen = reading.Message(body)
		}
		if len(seen.Live) > 0 || seen.Broken != nil {
			c.t.Errorf("%s: alive %q, broken %q:\n%.3000s", r.Method, seen.Live, seen.Broken, seen.Text)
		}
	}
}

// reads fails the test where what somebody sees does not say all of these as they
// stand, in blocks and in the text that is read out.
func (c *club) reads(seen slacktest.Seen, want ...string) slacktest.Seen {
	c.t.Helper()
	c.has(seen, want...)
	for _, m := range seen.Messages() {
		if strings.TrimSpace(m.Text) == "" {
			c.t.Errorf("nothing is read out of:\n%s", m.Reads())
		}
	}
	return seen
}

// stuff puts reviews into the library that are full of signs, and too long.
func (c *club) stuff() {
	c.t.Helper()
	long := strings.Repeat("the prose of this novel is calm and it goes on and on, ", 180)
	files := []library.File{
		{Name: "signs.txt", Reviewer: "Reviewer " + shortSigns, Data: []byte("Title " + shortSigns + "\n\nI loved the pacing of this novel, " + signs + ".\n\n> I admired the dialogue > very much.\n")},
		{Name: "long.txt", Reviewer: strings.Repeat("Longname ", 8), Data: []byte("Long\n\nI found that " + long + "and that is it.\n")},
	}
	if _, err := c.bot.Import(c.t.Context(), c.id(), bot.Import{Book: book, Files: files}); err != nil {
		c.t.Fatal(err)
	}
}

// TestHostileClub lets everybody of a club have words that Slack may read as
// markup: they arrive as words, wherever they are shown.
func TestHostileClub(t *testing.T) {
	c := serve(t, "socket", slacktest.Patience(3*time.Second))
	defer c.stop()
	c.ann.Called("Ann *b* _i_ :smile: @here")
	c.stuff()
	finished := c.ann.Slash(c.books, "progress finished") // what nothing vouches for is shown, too
	c.ann.Press(finished.Message(), "Yes, I've finished it")
	c.mo.Slash(c.books, "club pace finished")

	t.Log("reviews")
	c.ann.Slash(c.books, "how is the pacing?")
	list := c.reads(c.ann.Slash(c.books, "reviews list"), ":smile:", "<http://x|y>", "*b*", "@here")
	if m := list.Message(); !strings.Contains(m.Text, "&lt;\u2060@") || len(m.Buttons()) == 0 {
		t.Errorf("the list is read out as %q with %q", m.Text, m.Buttons())
	}
	for n := range 3 {
		c.ann.Slash(c.books, fmt.Sprint("reviews read ", n+1))
	}
	c.bob.Mention(c.books, "how is the pacing?")
	c.ann.DM("how is the prose?")
	c.judged()

	t.Log("a spoiler with a long text, by somebody with a bad name")
	text := "Ruth knows, " + signs + " " + strings.Repeat("and so on ", 100)
	form := c.ann.Slash(c.books, "spoiler").View()
	c.ann.Submit(form, map[string]string{"text": text})
	all := c.books.Messages()
	posted := all[len(all)-1]
	if !strings.Contains(posted.Reads(), "has a spoiler for Never Let Me Go:") || len(posted.Buttons()) != 2 || strings.Contains(strings.Join(posted.Strings(), ""), "Ruth knows") {
		t.Errorf("it reads: %s", posted.Reads())
	}
	asked := c.bob.Press(posted, "Reveal")
	c.has(c.bob.Press(asked.Message(), "Yes, show it to me"), "Ruth knows", ":smile:")
	mine := c.ann.Press(posted, "Edit or remove")
	edit := c.ann.Press(mine.Message(), "Edit")
	c.ann.Submit(edit.View(), map[string]string{"text": "Ruth knew, " + signs})
	c.judged()

	t.Log("questions, and what nobody understands")
	for _, words := range []string{signs, "*", "&amp;", "> quote", ">>>", "\u202e", "```", strings.Repeat("why ", 2500), strings.Repeat("<", 3000), "progress " + signs, "reviews by " + signs, "club book " + signs, "faq read " + signs} {
		c.mo.Slash(c.books, words)
		c.bob.DM(words)
	}
	c.judged()

	t.Log("home, menus and forms")
	home := c.mo.Slash(c.books, "")
	c.mo.Options(home.View(), "Set my place", "a "+signs)
	c.mo.OpenHome()
	add := c.mo.Slash(c.books, "faq add").View()
	c.has(c.mo.Submit(add, map[string]string{"question": "Why " + signs + "?", "text": signs}))
	review := c.ann.Slash(c.books, "reviews add").View()
	c.ann.Submit(review, map[string]string{"title": signs, "rating": signs, "text": signs + strings.Repeat(" more of it.", 200)})
	c.mo.Slash(c.books, "club proposals")
	c.mo.Slash(c.books, "club queue")
	c.mo.Slash(c.books, "club sources")
	c.mo.Slash(c.books, "club log")
	c.ann.Slash(c.books, "privacy show")
	c.ann.Slash(c.books, "privacy export")
	c.judged()
}

// TestHostileBook names a book so that Slack may read it as markup.
func TestHostileBook(t *testing.T) {
	c := serve(t, "http", slacktest.Patience(3*time.Second))
	defer c.stop()
	title, err := json.Marshal("Tide " + shortSigns + strings.Repeat(" and so on", 12))
	if err != nil {
		t.Fatal(err)
	}
	file := fmt.Sprintf("id: tide\ntitle: %s\nauthor: %s\nlanguage: en\noutline:\n  - {part: %s, chapters: 5}\n", title, title, title)
	tide, err := library.ParseBook([]byte(file), "tide.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.bot.AddBook(t.Context(), c.id(), tide); err != nil {
		t.Fatal(err)
	}
	c.reads(c.mo.Slash(c.books, "club book Tide"), "This channel now reads Tide <!channel>")
	t.Log("its name")
	c.reads(c.ann.Slash(c.books, "book list"), "Tide <!channel>")
	c.reads(c.ann.Slash(c.books, "book current"), "Tide <!channel>")
	c.reads(c.ann.Slash(c.books, "progress 2"), "Saved.")
	c.reads(c.ann.Slash(c.books, ""), "Your books", "Tide <!channel>")
	c.reads(c.ann.OpenHome(), "Tide <!channel>")
	form := c.ann.Slash(c.books, "spoiler").View()
	c.ann.Submit(form, map[string]string{"text": "The tide turns."})
	all := c.books.Messages()
	if m := all[len(all)-1]; !strings.Contains(m.Reads(), "Tide <!channel>") || len(m.Buttons()) != 2 {
		t.Errorf("it reads: %s, with %q", m.Reads(), m.Buttons())
	}
	c.judged()
}

// TestTyped shows that what somebody types is understood as they typed it, however
// Slack passes it on.
func TestTyped(t *testing.T) {
	c := serve(t, "socket", slacktest.Patience(3*time.Second))
	defer c.stop()
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace
	for typed, want := range map[string]string{
		"progress a & b":        "“a & b”",
		"progress 1 < 2 > 3":    "“1 < 2 > 3”",
		"progress &amp;":        "“&amp;”",
		"progress &lt;b":        "“&lt;b”",
		"progress *b* _i_ `c`":  "“*b* _i_ `c`”",
		"progress :smile: “a”":  ":smile:",
		"progress <!channel> a": "“<!channel> a”",
	} {
		c.has(c.ann.Slash(c.books, escape(typed)), want)
		c.has(c.ann.DM("/"+typed), want)
	}
	// With should_escape Slack puts an ID and a name in the place of a mention.
	c.has(c.mo.Slash(c.books, "club trust <@"+c.ann.ID+"|ann>"), "Saved")
	c.has(c.ann.Slash(c.books, "progress <@U1|ann> &amp;amp;"), "&amp;")
	c.judged()
}
