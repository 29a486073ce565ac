package slack_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dogear/adapters/slack/slacktest"
	"dogear/bot"
	"dogear/bot/library"
)

var update = flag.Bool("update", false, "write the goldens anew")

// sent are the commonest replies: what leads up to each, and which of what dogear
// sends to show.
var sent = map[string]struct {
	methods []string // of the last request that is shown
	do      func(c *club)
}{
	"answer": {[]string{"response_url"}, func(c *club) {
		c.ann.Slash(c.books, "progress 7")
		c.ann.Slash(c.books, "who is Madame?")
	}},
	"new": {[]string{"response_url"}, func(c *club) { c.ann.Slash(c.books, "is it worth reading?") }},
	"nothing": {[]string{"response_url"}, func(c *club) {
		c.ann.Slash(c.books, "progress 7")
		c.ann.Slash(c.books, "is there a film?")
	}},
	"yes-no": {[]string{"response_url"}, func(c *club) {
		c.ann.Slash(c.books, "progress 7")
		c.ann.Slash(c.books, "does Tommy die?")
	}},
	"review": {[]string{"response_url"}, func(c *club) {
		c.ann.Slash(c.books, "progress 7")
		c.ann.Slash(c.books, "reviews read 1")
	}},
	"reviews": {[]string{"response_url"}, func(c *club) { c.ann.Slash(c.books, "reviews list") }},
	"saved":   {[]string{"response_url"}, func(c *club) { c.ann.Slash(c.books, "progress 7") }},
	"unknown": {[]string{"response_url"}, func(c *club) { c.ann.Slash(c.books, "progress about half") }},
	"mention": {[]string{"chat.postMessage"}, func(c *club) {
		c.mo.Slash(c.books, "club pace 7")
		c.bob.Mention(c.books, "who is Madame?")
	}},
	"reveal-asks": {[]string{"response_url", "chat.postEphemeral"}, func(c *club) {
		answer := c.ann.Slash(c.books, "who is Madame?")
		c.ann.Press(answer.Message(), "Reveal")
	}},
	"revealed": {[]string{"views.open"}, func(c *club) {
		answer := c.ann.Slash(c.books, "who is Madame?")
		asked := c.ann.Press(answer.Message(), "Reveal")
		c.ann.Press(asked.Message(), "Yes, show it to me")
	}},
	"revealed-at-once": {[]string{"views.open"}, func(c *club) {
		answer := c.bob.Mention(c.books, "who is Madame?")
		asked := c.ann.Slash(c.books, "progress finished")
		c.ann.Press(asked.Message(), "Yes, I've finished it")
		c.ann.Press(answer.Message(), "Reveal")
	}},
	"home": {[]string{"views.open"}, func(c *club) {
		c.ann.Slash(c.books, "progress 7")
		c.ann.Slash(c.books, "")
	}},
	"home-tab": {[]string{"views.publish"}, func(c *club) {
		c.ann.Slash(c.books, "progress 7")
		c.ann.OpenHome()
	}},
	"finished-asks": {[]string{"views.push", "views.open"}, func(c *club) {
		home := c.ann.Slash(c.books, "")
		c.ann.Choose(home.View(), "Set my place", "finished")
	}},
	"spoiler-form": {[]string{"views.open"}, func(c *club) { c.ann.Slash(c.books, "spoiler") }},
	"spoiler":      {[]string{"chat.postMessage"}, func(c *club) { c.spoiler() }},
	"spoiler-reported": {[]string{"chat.update"}, func(c *club) {
		posted := c.spoiler()
		asked := c.bob.Press(posted, "Reveal")
		opened := c.bob.Press(asked.Message(), "Yes, show it to me")
		c.bob.Press(opened.View(), "Report a spoiler")
		c.Await("the spoiler is covered", func() bool {
			return len(c.Requests(slacktest.To("chat.update"))) > 0
		})
	}},
	"spoiler-mine": {[]string{"response_url", "chat.postEphemeral"}, func(c *club) { c.ann.Press(c.spoiler(), "Edit or remove") }},
}

// spoiler posts a spoiler of ann's, and returns its message.
func (c *club) spoiler() slacktest.Message {
	c.t.Helper()
	form := c.ann.Slash(c.books, "spoiler").View()
	c.ann.Submit(form, map[string]string{"text": "Tommy and Kathy ask for more time."})
	all := c.books.Messages()
	if len(all) == 0 {
		c.t.Fatal("no spoiler was posted")
	}
	return all[len(all)-1]
}

// stock puts what dogear brings along to be tried into the club's library.
func (c *club) stock() {
	c.t.Helper()
	folder := os.DirFS(filepath.Join("..", "..", "bot", "library", "sample", book))
	var files []library.File
	err := fs.WalkDir(folder, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(folder, name)
		files = append(files, library.File{Name: name, Data: data})
		return err
	})
	if err == nil {
		_, err = c.bot.Import(c.t.Context(), c.id(), bot.Import{Book: book, Files: files})
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

// TestSent keeps the commonest replies as Slack gets them.
func TestSent(t *testing.T) {
	for name, reply := range sent {
		t.Run(name, func(t *testing.T) {
			c := serve(t, "socket")
			c.stock()
			reply.do(c)
			all := c.Requests(slacktest.To(reply.methods...))
			if len(all) == 0 {
				t.Fatal("nothing was sent")
			}
			last := all[len(all)-1]
			var out bytes.Buffer
			encode := json.NewEncoder(&out)
			encode.SetEscapeHTML(false)
			encode.SetIndent("", "  ")
			if err := encode.Encode(map[string]any{last.Method: last.Body}); err != nil {
				t.Fatal(err)
			}
			got := c.named(out.String())
			golden := filepath.Join("testdata", "sent", name+".json")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// drawn are what is drawn by lot: what Slack names, and dogear's tickets.
var drawn = []struct {
	what    string
	pattern *regexp.Regexp
}{
	{"TICKET", regexp.MustCompile(`\b[A-Z2-7]{26}\b`)},
	{"TRIGGER", regexp.MustCompile(`\b0[A-Z0-9]{9}\.0[A-Z0-9]{9}\.0[A-Z0-9]{9}\b`)},
	{"TS", regexp.MustCompile(`\b\d{10}\.\d{6}\b`)},
	{"ID", regexp.MustCompile(`\b[A-Zb]0[A-Z0-9]{9}\b`)},
}

// named returns a payload with the same names for what is drawn by lot each time.
func (c *club) named(s string) string {
	for name, id := range map[string]string{"BOOKS": c.books.ID, "MO": c.mo.ID, "ANN": c.ann.ID, "BOB": c.bob.ID} {
		s = strings.ReplaceAll(s, id, name)
	}
	for _, d := range drawn {
		seen := map[string]string{}
		s = d.pattern.ReplaceAllStringFunc(s, func(id string) string {
			if seen[id] == "" {
				seen[id] = fmt.Sprint(d.what, len(seen)+1)
			}
			return seen[id]
		})
	}
	return s
}
