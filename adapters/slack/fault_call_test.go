package slack_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dogear/adapters/slack/slacktest"
)

// act is something that a reader does, and the call that its answer is.
type act struct {
	name    string
	method  string
	do      func(*club) slacktest.Seen
	want    string // in the answer
	repeats bool   // the call may be made again
}

var acts = []act{
	{"an answer", "response_url", func(c *club) slacktest.Seen { return c.ann.Slash(c.books, question) }, safe, false},
	{"a mention", "chat.postMessage", func(c *club) slacktest.Seen { return c.ann.Mention(c.books, question) }, safe, false},
	{"a direct message", "chat.postMessage", func(c *club) slacktest.Seen { return c.ann.DM(question) }, safe, false},
	{"what is for ann alone", "chat.postEphemeral", func(c *club) slacktest.Seen { return c.ann.Mention(c.books, "/progress 7") }, "chapter 7 of 23", false},
	{"a home", "views.open", func(c *club) slacktest.Seen { return c.ann.Slash(c.books, "") }, "Your books", false},
	{"a form", "views.open", func(c *club) slacktest.Seen { return c.ann.Slash(c.books, "spoiler") }, "hat is to stand behind the cover", false},
	{"a tab", "views.publish", func(c *club) slacktest.Seen { return c.ann.OpenHome() }, "Your books", true},
}

// What readers are told of an answer that may not have arrived, and of what did
// not open.
const (
	doubtful = "I can't tell whether my answer got through."
	notOpen  = "I couldn't open that in time."
	notWhole = "Not all of my answer got through."
)

// callsThatFail: a call that may have been done is not made again, unless that
// changes nothing, and its reader is told.
func callsThatFail(t *testing.T, mode string) {
	c := serve(t, mode)
	public := 0
	for _, a := range acts {
		for name, fault := range map[string]slacktest.Fault{
			"502":                    {Status: http.StatusBadGateway},
			"502, though it is done": {Status: http.StatusBadGateway, After: true},
			"fatal, though it is":    {Error: "fatal_error", After: true},
			"a cut":                  {Cut: true},
			"a cut, though done":     {Cut: true, After: true},
			"slow":                   {Slow: 300 * time.Millisecond},
		} {
			if fault.Error != "" && a.method == "response_url" {
				continue // that answers with a status alone
			}
			fault.Method = a.method
			failing := name != "slow"
			done := fault.After || a.repeats || !failing
			c.Fault(fault)
			seen := a.do(c)
			if failing && !a.repeats {
				c.has(seen, map[bool]string{true: notOpen, false: doubtful}[a.method == "views.open"])
			}
			// Nothing is there twice, and nothing is said to fail that did not.
			want := 0
			if done {
				want = 1
			}
			text := seen.Text()
			if n := strings.Count(text, a.want); n != want && !(n > 1 && want == 1 && a.want == "Your books") {
				t.Errorf("%s, %s: ann sees it %d times, want %d:\n%s", a.name, name, n, want, text)
			}
			if told := strings.Contains(text, notOpen) || strings.Contains(text, doubtful); told != (failing && !a.repeats) {
				t.Errorf("%s, %s: ann is told %v:\n%s", a.name, name, told, text)
			}
			if a.name == "a mention" {
				public += want
			}
			c.answers(public)
			c.ClearFaults()
		}
		c.well(a.name)
	}
}

// tooManyCalls refuses the first call of each kind for a second: everything
// arrives a bit later, once.
func tooManyCalls(t *testing.T, mode string) {
	c := serve(t, mode)
	for i, a := range acts {
		refused := map[string]bool{}
		var n atomic.Int64
		c.Fault(slacktest.Fault{Status: http.StatusTooManyRequests, Retry: time.Second, Times: -1, If: func(r slacktest.Request) bool {
			first := !refused[r.Method] // under the fake's lock
			refused[r.Method] = true
			if first {
				n.Add(1)
			}
			return first
		}})
		began := time.Now()
		text := a.do(c).Text()
		c.ClearFaults()
		if !strings.Contains(text, a.want) || strings.Contains(text, notOpen) || strings.Contains(text, notWhole) || strings.Contains(text, doubtful) {
			t.Errorf("%s: ann sees:\n%s", a.name, text)
		}
		if n.Load() == 0 || time.Since(began) < time.Second {
			t.Errorf("%s: %d calls were refused, and it took %v", a.name, n.Load(), time.Since(began))
		}
		c.answers(min(i, 1))
	}
	c.well("too many calls")
}

// noCallsAtAll: whatever Slack refuses is given up, and said in the log.
func noCallsAtAll(t *testing.T, mode string) {
	c := serve(t, mode)
	ann, _ := c.idle()
	c.Fault(slacktest.Fault{Status: http.StatusServiceUnavailable, Times: -1})
	untold := func() int { return c.counts("a reader was not told") }
	for name, do := range map[string]func(){
		"a command":        func() { ann.Slash(c.books, question) },
		"a home":           func() { ann.Slash(c.books, "") },
		"a form":           func() { ann.Slash(c.books, "spoiler") },
		"a mention":        func() { ann.Mention(c.books, question) },
		"a direct message": func() { ann.DM(question) },
		"a shortcut":       func() { ann.Shortcut("spoiler") },
	} {
		before := untold()
		do()
		becomes(t, name+" is given up", func() bool { return untold() > before })
	}
	c.ClearFaults()
	c.quiet()
	c.well("all that")

	// Who is not known moderates nothing, and is answered.
	c.Fault(slacktest.Fault{Method: "users.info", Status: http.StatusBadGateway, Times: -1})
	zed := c.User("zed").Admin()
	c.has(zed.Slash(c.books, question), safe)
	c.has(zed.Slash(c.books, "club settings"), "That is for the club's moderators.")
	c.ClearFaults()
	c.lacks(zed.Slash(c.books, "club settings"), "That is for")
}

// What has been posted is edited, whatever it takes.
func editsThatFail(t *testing.T, mode string) {
	for name, fault := range map[string]slacktest.Fault{
		"429":        {Status: http.StatusTooManyRequests, Retry: time.Second},
		"502 twice":  {Status: http.StatusBadGateway, Times: 2},
		"502, after": {Status: http.StatusBadGateway, After: true},
		"a cut":      {Cut: true},
	} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, mode)
			posted := c.has(c.bob.Mention(c.books, question), safe).Message()
			fault.Method = "chat.update"
			c.Fault(fault)
			report := c.bob.Press(posted, "Report a spoiler")
			if strings.Contains(report.Text(), "Which one is it?") {
				c.bob.Choose(report.Message(), "Report a spoiler", "1")
			}
			becomes(t, "it is covered", func() bool { return !holding(c.books.Messages(), safe) })
			if n := len(c.books.Messages()); n != 2 {
				t.Errorf("there are %d messages", n)
			}
			c.stop()
		})
	}
}

const ending = "what becomes of Tommy's donation?"

// asksToReveal brings ann as far as the yes that reveals a passage.
func (c *club) asksToReveal() slacktest.Message {
	c.t.Helper()
	asked := c.ann.Press(c.ann.Slash(c.books, ending).Message(), "Reveal")
	return c.has(asked, "That lies past your place.").Message()
}

// lateTriggers: what would open a modal is said to its reader alone.
func lateTriggers(t *testing.T, mode string) {
	c := serve(t, mode)
	asked := c.asksToReveal()
	public := c.has(c.bob.Mention(c.books, ending), "Reveal").Message()
	c.ann.Slash(c.books, "progress finished")
	c.ExpireTriggers()
	revealed := c.has(c.ann.Press(asked, "Yes, show it to me"), spoils)
	if m := revealed.Message(); m.User != c.ann.ID {
		t.Errorf("it is for %q", m.User)
	}
	c.has(c.bob.Slash(c.books, "spoiler"), notOpen)
	c.has(c.bob.Slash(c.books, ""), notOpen)
	c.has(c.bob.Shortcut("spoiler"), notOpen)
	told := c.bob.Press(public, "Reveal")
	if m := told.Message(); m.User != c.bob.ID || m.Thread != public.Thread {
		t.Errorf("bob is told %q, in the thread %q", m.User, m.Thread)
	}
	c.lacks(told, spoils)
	if reads := reads(c.bob.Sees(c.books)); strings.Contains(reads, spoils) {
		t.Errorf("bob sees:\n%s", reads)
	}
	c.KeepTriggers()
	c.well("late triggers")
}

// deadURL: what a response_url does not take is said in the channel, to its
// reader alone.
func deadURL(t *testing.T, mode string) {
	c := serve(t, mode)
	dead := slacktest.DeadHook
	dead.Times = -1
	c.Fault(dead)
	for range 2 {
		seen := c.has(c.ann.Slash(c.books, question), safe)
		if m := seen.Message(); m.User != c.ann.ID || len(seen.Messages()) != 1 {
			t.Errorf("ann sees %+v", seen.Messages())
		}
	}
	if holding(c.bob.Sees(c.books), safe) {
		t.Error("bob sees it, too")
	}
	c.lacks(c.has(c.ann.Press(c.ann.Slash(c.books, ending).Message(), "Reveal"), "That lies past your place."), spoils)
	c.quiet()
	c.ClearFaults()
	c.well("dead response_urls")
}

// nowhereToTell: where nothing takes a passage, its reader is told, and where
// nothing takes that, the log.
func nowhereToTell(t *testing.T, mode string) {
	c := serve(t, mode)
	asked := c.asksToReveal()
	c.ExpireTriggers()
	c.Fault(slacktest.Fault{Method: "chat.postEphemeral", Error: "user_not_in_channel", Times: -1})
	c.lacks(c.has(c.ann.Press(asked, "Yes, show it to me"), notWhole), spoils)
	asked = c.asksToReveal()
	dead := slacktest.DeadHook
	dead.Times = -1
	c.Fault(dead)
	c.Fault(slacktest.Fault{Method: "chat.postMessage", Error: "messages_tab_disabled", Times: -1})
	c.ann.Unanswered().Press(asked, "Yes, show it to me")
	c.log.await(t, "a reader was not told what became of what they asked")
	for _, who := range []*slacktest.User{c.ann, c.bob} {
		if holding(who.Sees(c.books), spoils) || holding(who.Sees(who.DMs()), spoils) {
			t.Errorf("%s sees it", who.Name)
		}
	}
	c.quiet()
	c.ClearFaults()
	c.KeepTriggers()
	c.well("that")
}

// noRoom: where dogear can't post, whoever asked is told.
func noRoom(t *testing.T, mode string) {
	c := serve(t, mode)
	for _, code := range []string{"not_in_channel", "is_archived", "restricted_action", "channel_not_found"} {
		c.Fault(slacktest.Fault{Method: "chat.postMessage", Error: code})
		c.has(c.bob.Mention(c.books, question), "I can't post in this channel.")
	}
	c.Fault(slacktest.Fault{Method: "chat.postMessage", Error: "invalid_blocks"})
	c.has(c.bob.Mention(c.books, question), notWhole)
	c.quiet()
	c.books.Without()
	c.well("it was removed from the channel") // a response_url works there, too
	c.books.With()
	c.has(c.bob.Mention(c.books, question), safe)
	c.answers(1)
}
