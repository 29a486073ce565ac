package discord_test

import (
	"strings"
	"testing"

	"dogear/adapters/discord/discordtest"
)

// sharing asks for an answer that the whole channel sees.
var sharing = discordtest.Opt{"question": "how is the prose?", "share": "yes"}

// losing is what happens, so many times, while Discord's answer says that it did
// not.
func losing(method, path string, times int) discordtest.Fault {
	return discordtest.Fault{Method: method, Path: path, After: true, Status: 500, Times: times}
}

// quoting returns what everybody sees in a channel that holds some words.
func quoting(where *discordtest.Channel, words string) (all []string) {
	for _, m := range where.Messages() {
		if text := plain(strings.Join(m.Strings(), "\n")); strings.Contains(text, words) {
			all = append(all, text)
		}
	}
	return all
}

// gone checks that nothing that everybody sees in a channel goes on quoting
// something.
func (c *club) gone(where *discordtest.Channel, words string) {
	c.t.Helper()
	c.Await("nobody sees it any more", func() bool { return len(quoting(where, words)) == 0 })
}

// TestLostAnswers corrects what stands in messages of which Discord has not told
// the names.
func TestLostAnswers(t *testing.T) {
	for name, fault := range map[string]discordtest.Fault{
		"of a first response":    losing("POST", "/callback", -1),
		"of what follows it":     losing("POST", "/webhooks/", -1),
		"of which message it is": {Method: "GET", Path: "/messages/@original", Status: 403},
	} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, "gateway")
			c.load(wordy())
			c.Fault(fault)
			c.ann.Slash(c.books, "ask", sharing)
			c.ClearFaults()
			c.load("A review\n\nI enjoyed this novel.\n") // nothing is left of it
			c.gone(c.books, "I loved the prose")
		})
	}
}

// wordy is a review of which an answer takes several messages.
func wordy() string {
	var b strings.Builder
	b.WriteString("---\ntitle: A review\nreviewer: Kim\n---\n")
	for n := range 3 {
		b.WriteString("\nI loved the prose of this novel" + strings.Repeat(", and I really loved the prose of this novel", 20+n) + ".\n")
	}
	return b.String()
}

// TestWhereThreadIs asks in a thread while Discord does not say which channel it
// belongs to, in which nothing of what lies past is to be seen.
func TestWhereThreadIs(t *testing.T) {
	c := serve(t, "gateway")
	c.has(c.mo.Slash(c.books, "club tags", discordtest.Opt{"tags": "off"}), "hidden here")
	thread := c.books.Thread("evening")
	c.Fault(discordtest.Fault{Method: "GET", Path: "/channels/" + thread.ID, Status: 403, Times: -1})
	c.ann.Mention(thread, "tell me about Tommy's donation")
	if got := quoting(thread, "Tommy completes"); len(got) > 0 {
		t.Errorf("it shows what is hidden there: %s", got)
	}
	c.ClearFaults()
	if got := c.ann.Mention(thread, "how is the prose?"); !strings.Contains(plain(got.Text()), safe) {
		t.Errorf("it does not answer: %s", got.Text())
	}
}

// TestSentElsewhere shows that what a channel was not answered is not done later
// either, when what was posted there is made again.
func TestSentElsewhere(t *testing.T) {
	c := serve(t, "gateway")
	c.has(c.ann.Slash(c.books, "progress", discordtest.Opt{"place": "3"}), "chapter 3 of 23")
	for _, words := range []string{"progress 22", "/spoilers show", "/reviews add A_title 5/5 I loved this novel."} {
		said := c.ann.Mention(c.books, words).Text()
		for _, pace := range []string{"5", "4"} {
			c.has(c.mo.Slash(c.books, "club pace", discordtest.Opt{"place": pace}), "Saved.")
		}
		if now := c.books.Messages(); now[len(now)-1].Content != said {
			t.Errorf("%q was answered with\n%s\nand that became\n%s", words, said, now[len(now)-1].Content)
		}
	}
	c.has(c.ann.Slash(c.books, "progress"), "chapter 3 of 23")
	c.has(c.ann.Slash(c.books, "spoilers"), "covered until you open it")
	if got := c.ann.Slash(c.books, "reviews mine").Text(); strings.Contains(got, "loved") {
		t.Errorf("a review was added: %s", got)
	}
}

// TestArchivedThread corrects what stands in a thread that Discord has archived,
// in one message and in several.
func TestArchivedThread(t *testing.T) {
	for name, review := range map[string]string{"one": review, "several": wordy()} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, "gateway")
			c.load(review)
			thread := c.books.Thread("evening")
			c.ann.Mention(thread, "how is the prose?")
			if len(quoting(thread, "I loved the prose")) == 0 {
				t.Fatal("it does not answer")
			}
			thread.Archive()
			c.load("A review\n\nI enjoyed this novel.\n")
			c.gone(thread, "I loved the prose")
		})
	}
}
