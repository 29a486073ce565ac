package discord_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dogear/adapters/discord/discordtest"
)

// passing are faults that pass: a call is tried again, and what it was for
// happens once. The SDK would send a message again after each 5xx, and holds all
// who share a bucket up while it waits.
var passing = map[string]discordtest.Fault{
	"429":                    {Status: 429, Retry: 300 * time.Millisecond},
	"429 for everything":     {Status: 429, Retry: time.Second, Global: true},
	"502":                    {Status: 502},
	"502 twice":              {Status: 502, Times: 2},
	"502, though it is done": {Status: 502, After: true},
	"a cut":                  {Cut: true},
	"a cut, though done":     {Cut: true, After: true},
	"slow":                   {Slow: time.Second / 2},
}

// act is something that a reader does, and which of what comes of it everybody
// sees.
type act struct {
	name         string
	method, path string // of the call that fails
	do           func(*club) discordtest.Seen
	posts        int
	late         bool // the store is slow, so that there is a word before
	gateway      bool // there is no such call in HTTP mode
}

var acts = []act{
	{"an answer", "POST", "/callback", func(c *club) discordtest.Seen { return c.ann.Slash(c.books, "ask", question) }, 0, false, true},
	{"a public answer", "POST", "/callback", shareAsked, 1, false, true},
	{"a public answer is found", "GET", "@original", shareAsked, 1, false, false},
	{"a promise", "POST", "/callback", func(c *club) discordtest.Seen { return c.ann.Slash(c.books, "ask", question) }, 0, true, true},
	{"a late answer", "PATCH", "@original", func(c *club) discordtest.Seen { return c.ann.Slash(c.books, "ask", question) }, 0, true, false},
	{"a late public answer", "PATCH", "@original", shareAsked, 1, true, false},
	{"a mention", "POST", "/messages", func(c *club) discordtest.Seen { return c.ann.Mention(c.books, "how is the prose?") }, 1, false, false},
	{"a direct message", "POST", "/messages", func(c *club) discordtest.Seen { return c.ann.DM("how is the prose?") }, 0, false, false},
}

func shareAsked(c *club) discordtest.Seen {
	return c.ann.Slash(c.books, "ask", question, discordtest.Opt{"share": "yes"})
}

func faultsThatPass(t *testing.T) {
	var b beside
	defer b.Wait()
	for mode := range modes {
		for _, a := range acts {
			if a.gateway && mode == "http" {
				continue
			}
			b.run(t, mode+"/"+a.name, func(t *testing.T) {
				s := newFaulty(t)
				c := serveOn(t, s, mode)
				c.well("the start")
				posts := 0
				for name, fault := range passing {
					if a.late && a.path == "/callback" && fault.Global {
						continue // half of the three seconds are over, and no such limit binds them
					}
					fault.Method, fault.Path = a.method, a.path
					c.Fault(fault)
					if a.late {
						s.slow.Store(int64(1600 * time.Millisecond))
					}
					seen := a.do(c)
					s.slow.Store(0)
					if text := plain(seen.Text()); strings.Count(text, safe) != 1 || len(seen.Messages) != 1 {
						t.Errorf("after %s, ann sees %d messages: %s", name, len(seen.Messages), text)
					}
					posts += a.posts
					c.posts(c.books, posts)
					c.ClearFaults()
				}
				c.well("all of them")
			})
		}
	}
}

// What has been posted is edited, whatever it takes.
func editsThatFail(t *testing.T) {
	var b beside
	defer b.Wait()
	for name, fault := range passing {
		b.run(t, name, func(t *testing.T) {
			c := serve(t, "gateway")
			posted := shareAsked(c)
			fault.Method, fault.Path = "PATCH", "/messages/"+posted.Message().ID
			c.Fault(fault)
			report := c.bob.Press(posted.Message(), "Report a spoiler")
			if m := report.Message(); strings.Contains(plain(m.Content), "Which one is it?") {
				c.bob.Select(m, "Report a spoiler", "1")
			}
			eventually(t, "it is covered", func() bool {
				return !slices.ContainsFunc(c.books.Messages(), func(m discordtest.Message) bool { return strings.Contains(plain(m.Content), safe) })
			})
			c.posts(c.books, 1)
		})
	}
}

// lost: an interaction that Discord does not know any more is given up, and
// nothing is said where it was asked.
func lost(t *testing.T) {
	c := serve(t, "gateway", discordtest.Tolerate(discordtest.Answers))
	c.Fault(discordtest.Lost)
	if seen := c.ann.Slash(c.books, "ask", question); !seen.Failed || len(seen.Messages) != 0 {
		t.Errorf("ann sees %+v", seen.Messages)
	}
	c.Fault(discordtest.Lost)
	if seen := shareAsked(c); !seen.Failed || len(seen.Messages) != 0 {
		t.Errorf("ann sees %+v", seen.Messages)
	}
	if n := len(c.Requests(discordtest.To("", "/callback"))); n != 3 {
		t.Errorf("%d calls", n) // one is the beginning's
	}
	c.posts(c.books, 0)
	c.logs("code 10062")
	c.well("lost interactions")
}

// A public reply that can't be found again is taken back: it could not be
// covered later. Its reader is told.
func publicReplyNotFound(t *testing.T) {
	var b beside
	defer b.Wait()
	for mode := range modes {
		b.run(t, mode, func(t *testing.T) {
			c := serve(t, mode)
			c.Fault(discordtest.Fault{Method: "GET", Path: "@original", Status: 403, Code: 50001})
			seen := shareAsked(c).Until("ann is told", func(s discordtest.Seen) bool { return strings.Contains(s.Text(), "Please try again") })
			if m := seen.Message(); !m.Ephemeral || len(seen.Gone) != 1 {
				t.Errorf("ann sees %+v", seen)
			}
			c.posts(c.books, 0)
			c.well("a reply that was not found")
		})
	}
}

// The same where nobody knows whether it was taken at all.
func publicReplyInDoubt(t *testing.T) {
	var b beside
	defer b.Wait()
	for name, fault := range map[string]discordtest.Fault{
		"done":     {Method: "POST", Path: "/callback", Status: 502, After: true, Times: -1},
		"not done": {Method: "POST", Path: "/callback", Status: 502, Times: -1},
	} {
		b.run(t, name, func(t *testing.T) {
			c := serve(t, "gateway", discordtest.Tolerate(discordtest.Answers))
			c.Fault(fault)
			shareAsked(c)
			eventually(t, "it is taken back", func() bool { return len(c.Requests(discordtest.To("DELETE", "@original"))) > 0 })
			c.ClearFaults()
			c.posts(c.books, 0)
			c.well("a doubt")
		})
	}
}

// A promise that may have arrived is kept.
func promiseInDoubt(t *testing.T) {
	s := newFaulty(t)
	c := serveOn(t, s, "gateway")
	c.well("the start")
	s.slow.Store(int64(1600 * time.Millisecond))
	c.Fault(discordtest.Fault{Method: "POST", Path: "/callback", Status: 502, After: true, Times: -1})
	seen := c.ann.Slash(c.books, "ask", question)
	c.ClearFaults()
	if text := plain(seen.Text()); strings.Count(text, safe) != 1 {
		t.Errorf("ann sees: %s", text)
	}
}

// What Discord refuses is said in other words.
func refusedAnswer(t *testing.T) {
	c := serve(t, "gateway")
	c.Fault(discordtest.Fault{Path: "/callback", Status: 400, Code: 50035})
	seen := c.ann.Slash(c.books, "ask", question)
	if text := plain(seen.Text()); !strings.Contains(text, "Please try again") || !seen.Message().Ephemeral {
		t.Errorf("ann sees: %s", text)
	}
	c.logs("code 50035")
}

// A channel in which dogear may not write, or that is no more, is no reason to
// be silent elsewhere.
func refusedPosts(t *testing.T) {
	c := serve(t, "gateway")
	for i, code := range []int{50001, 50013, 10003} {
		if code == 10003 {
			c.Fault(discordtest.Fault{Method: "POST", Path: "/messages", Status: 404, Code: code})
		} else {
			c.books.Refuse(code)
		}
		c.ann.Say(c.books, c.Mention()+" how is the prose?")
		eventually(t, "it has tried to answer", func() bool {
			for line := range strings.Lines(c.log.String()) {
				if strings.Contains(line, "a reply was not sent whole") && strings.Contains(line, fmt.Sprint("code ", code)) {
					return true
				}
			}
			return false
		})
		c.posts(c.books, i)
		c.books.Refuse(0)
		c.well(fmt.Sprint(code))
		if seen := c.ann.Mention(c.books, "how is the prose?"); !strings.Contains(plain(seen.Text()), safe) {
			t.Errorf("after %d, ann sees: %s", code, seen.Text())
		}
	}
	c.posts(c.books, 3)
}
