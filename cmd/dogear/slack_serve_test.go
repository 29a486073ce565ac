package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dogear/adapters/slack"
	"dogear/adapters/slack/slacktest"
)

// patient is how long members wait for what comes late.
const patient = 30 * time.Second

// gathering is a workspace on a Slack of the test's own, whose club has a review.
type gathering struct {
	*slacktest.Slack
	t                 *testing.T
	books             *slacktest.Channel
	mo, ann, bob, cal *slacktest.User // mo moderates
}

func newGathering(t *testing.T, store string, options ...slacktest.Option) *gathering {
	t.Helper()
	g := &gathering{Slack: slacktest.New(t, append(options, slacktest.Patience(patient))...), t: t}
	g.assemble(store)
	return g
}

// assemble makes the club of the workspace, with its members.
func (g *gathering) assemble(store string) {
	g.t.Helper()
	g.books = g.Channel("books")
	g.mo, g.ann, g.bob, g.cal = g.User("mo").Admin(), g.User("ann"), g.User("bob"), g.User("cal")
	g.adds(store, "robin.md", robin)
}

// adds puts a file into the library of the club.
func (g *gathering) adds(store, name, text string) {
	g.t.Helper()
	file := filepath.Join(g.t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		g.t.Fatal(err)
	}
	dogear(g.t, store, nil, "--club", slack.Platform+g.TeamID, "import", "--book", "never-let-me-go", file)
}

// host starts the binary on a store and the gathering's Slack, and waits until it
// is ready. It looks into its log at the test's end.
func (g *gathering) host(store string, env ...string) *hosted {
	g.t.Helper()
	h := launch(g.t, onSlack(dogearCommand(g.t, store, "serve"), g.Slack, env...))
	g.t.Cleanup(func() { g.silent(h.log.String()) })
	return h
}

// silent checks that a log or an output tells nobody's secrets.
func (g *gathering) silent(said string) {
	g.t.Helper()
	for _, secret := range []string{g.BotToken, g.AppToken, g.SigningSecret, canary, told, "the prose", own, "ticket="} {
		if strings.Contains(said, secret) {
			g.t.Errorf("it is said: %q", secret)
		}
	}
}

// has checks that what somebody sees says all of these, and returns it.
func (g *gathering) has(seen slacktest.Seen, want ...string) slacktest.Seen {
	g.t.Helper()
	for _, w := range want {
		if strings.Contains(seen.Text(), w) {
			continue
		}
		seen = seen.Until("it says “"+w+"”", func(s slacktest.Seen) bool { return strings.Contains(s.Text(), w) })
	}
	if g.t.Failed() {
		g.t.Fatalf("what is seen:\n%s", seen.Text())
	}
	return seen
}

// alone checks that somebody alone sees some words.
func (g *gathering) alone(seen slacktest.Seen, words ...string) slacktest.Seen {
	g.t.Helper()
	for _, m := range g.has(seen, words...).Messages() {
		if m.User == "" && m.Edits == 0 && m.Channel == g.books.ID { // what was posted before may be edited now
			g.t.Errorf("everybody sees:\n%s", m.Reads())
		}
	}
	return seen
}

// all checks that everybody sees some words.
func (g *gathering) all(seen slacktest.Seen, words ...string) slacktest.Seen {
	g.t.Helper()
	if m := g.has(seen, words...).Message(); m.TS == "" || m.User != "" {
		g.t.Errorf("not everybody sees:\n%s", seen.Text())
	}
	return seen
}

// lacks checks that nothing that came to somebody's client, seen or not, has these.
func (g *gathering) lacks(seen slacktest.Seen, no ...string) slacktest.Seen {
	g.t.Helper()
	got := strings.Join(seen.Strings(), "\n")
	for _, n := range no {
		if strings.Contains(got, n) {
			g.t.Errorf("it holds %q:\n%s", n, seen.Text())
		}
	}
	return seen
}

// posts are the messages that dogear has posted in a channel, with some words in
// them.
func (g *gathering) posts(c *slacktest.Channel, words string) []slacktest.Message {
	return slices.DeleteFunc(c.Messages(), func(m slacktest.Message) bool {
		return m.Author != "" || !strings.Contains(strings.Join(m.Strings(), "\n"), words)
	})
}

// TestSlackEvening is a club's evening with the built binary, in both modes.
func TestSlackEvening(t *testing.T) {
	for _, mode := range []string{"socket", "http"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			kept := "file:" + filepath.Join(t.TempDir(), "dogear.db")
			g := newGathering(t, kept)
			g.adds(kept, "long.txt", "A long review\nby Wren\n\n"+strings.Repeat("I enjoyed this book. I would read it again.\n\n", 40))
			h := g.host(kept, slackModes(g.Slack)[mode]...)
			if (h.slack != "") != (mode == "http") {
				t.Fatalf("Slack's requests come to %q", h.slack)
			}
			g.DeliverTo(h.slack)
			if mode == "http" && !g.Saves() {
				t.Error("Slack would not take the address")
			}
			for _, path := range []string{"/healthz", "/readyz"} {
				if status, body, err := get(h.health + path); status != http.StatusOK || body != "ok\n" {
					t.Errorf("%s: %d %q, %v", path, status, body, err)
				}
			}
			g.commands()
			g.home()
			g.reading()
			g.revealing()
			g.spoilers()
			g.ends(h)
			for _, r := range g.Requests() {
				if r.Only == "" && strings.Contains(fmt.Sprint(r.Body), told) {
					t.Errorf("everybody gets what is covered, by %s", r.Method)
				}
			}
		})
	}
}

// ends ends the process while it answers: what it had taken in is answered.
func (g *gathering) ends(h *hosted) {
	g.t.Helper()
	post := slacktest.To("chat.postMessage")
	before := len(g.Requests(post))
	g.Fault(slacktest.Fault{Method: "chat.postMessage", Slow: time.Second})
	answered := make(chan slacktest.Seen)
	go func() { answered <- g.bob.Mention(g.books, "what do you think of the pacing?") }()
	g.Await("it answers", func() bool { return len(g.Requests(post)) > before })
	h.stop()
	g.has(<-answered, "pacing")
}
