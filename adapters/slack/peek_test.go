package slack_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dogear/adapters/slack/slacktest"
	"dogear/bot"
	"dogear/bot/reply"
	"dogear/store"
)

// endings are words of the story's review that lie past every place but the end.
var endings = []string{"completes", "as it seemed", "long shadow"}

// whatEnds is a question about what lies there.
const whatEnds = "what becomes of Tommy's donation?"

// What dogear says to who may not see something, or not yet.
const (
	gone     = "I can't open that any more."
	over     = "That question has expired."
	asksYes  = "That lies past your place."
	hides    = "You have asked me to hide what lies past your place."
	ours     = "I answer the members of this workspace."
	notTheir = "Only whoever wrote a spoiler"
)

func TestPeeks(t *testing.T) {
	for name, peek := range peeks {
		t.Run(name, func(t *testing.T) { peek(serve(t, "socket", slacktest.Quiet(12*time.Millisecond))) })
	}
}

// peeks are readers' ways to what lies past their place, to see it or to have
// others see it. None works, and who tries is told what is the matter.
var peeks = map[string]func(*club){
	"place lowered": func(c *club) {
		m := c.public(c.bob)
		c.finish(c.ann)
		c.has(c.ann.Press(m, "Reveal"), spoils)
		c.has(c.ann.Slash(c.books, "progress undo"), "not started")
		c.sees("after undo", c.ann.Press(m, "Reveal"), asksYes)
		c.finish(c.ann)
		c.has(c.ann.Slash(c.books, "progress start"), "not started")
		c.sees("after start", c.ann.Press(m, "Reveal"), asksYes)
		c.unsent(c.ann)
	},
	"forged tickets": func(c *club) {
		m, hers := c.public(c.bob), c.private(c.ann)
		own, foreign := ticketOf(m), ticketOf(hers)
		name := strings.TrimSuffix(own, ".1")
		for _, ticket := range []string{
			"QQQQQQQQQQQQQQQQQQQQQQQQQQ.1", foreign, name, name + ".", name + ".0", name + ".2", name + ".99", name + ".-1", name + ".01", name + ".1.1", name + ".+1",
			strings.ToLower(own), own + " ", " " + own, own + "\x00", "*", "*.1", "", ".1", "../" + own, strings.Repeat("A", 1900) + ".1",
		} {
			c.sees(ticket, c.bob.PressRaw(m, "reveal::", "b", ticket), gone)
		}
		c.unsent()
	},
	"another's button": func(c *club) {
		hers := c.private(c.ann)
		c.sees("her button", c.bob.PressForeign(hers, "Reveal"), gone)
		for _, e := range hers.Elements() {
			if e.Type == "button" {
				c.sees(e.Label, c.bob.PressForeign(hers, e.Action), gone)
			}
		}
		for _, action := range []string{"reveal", "past", "share", "more", "report", "place", "manage", "edit", "cover", "remove", "decide", "undo", "confirm", "yes", "", "ask", "home"} {
			c.sees(action, c.bob.PressRaw(hers, action+":"+strings.TrimSuffix(ticketOf(hers), ".1")+":1", "b", ticketOf(hers)))
		}
		c.unsent()
	},
	"another workspace": func(c *club) {
		m, eve := c.public(c.bob), c.Outsider("eve")
		c.sees("her press", eve.PressForeign(m, "Reveal"))
		const theirs = "T0ELSEWHERE"
		for what, change := range map[string]func(map[string]any){
			"the user's": func(o map[string]any) { o["user"].(map[string]any)["team_id"] = theirs },
			"both": func(o map[string]any) {
				o["user"].(map[string]any)["team_id"], o["team"] = theirs, map[string]any{"id": theirs}
			},
			"no user":        func(o map[string]any) { o["user"] = map[string]any{"team_id": c.TeamID} },
			"nobody at all":  func(o map[string]any) { o["user"] = map[string]any{} },
			"no team at all": func(o map[string]any) { o["user"], o["team"] = map[string]any{"id": eve.ID}, nil },
		} {
			c.sees(what, c.bob.PressWith(m, "Reveal", change))
		}
		for _, r := range c.Requests() {
			if body := string(encode(r.Body)); strings.Contains(body, asksYes) {
				c.t.Errorf("somebody of another workspace is asked: %s", body)
			}
		}
		c.unsent()
	},
	"another channel": func(c *club) {
		m, other := c.private(c.ann), c.Channel("other")
		c.mo.Slash(other, "club book "+book)
		elsewhere := func(o map[string]any) {
			o["channel"] = map[string]any{"id": other.ID}
			o["container"].(map[string]any)["channel_id"] = other.ID
		}
		c.sees("from there", c.ann.PressWith(m, "Reveal", elsewhere), gone)
		c.sees("from nowhere", c.ann.PressWith(m, "Reveal", func(o map[string]any) {
			delete(o, "channel")
			delete(o, "container")
		}), gone)
		there := c.ann.Slash(other, "is the prose good?").Message()
		c.sees("a ticket of here", c.ann.PressRaw(there, "reveal::", "b", ticketOf(m)), gone)
		direct := c.ann.DM("is the prose good?").Message()
		c.sees("in a direct message", c.ann.PressRaw(direct, "reveal::", "b", ticketOf(m)), gone)
		c.sees("and in the app's home", c.ann.PressRaw(c.ann.OpenHome().Home(), "reveal::", "b", ticketOf(m)))
		c.unsent()
	},
	"hidden since": func(c *club) {
		m, hers := c.public(c.bob), c.private(c.ann)
		asked := c.sees("her cover", c.ann.Press(hers, "Reveal"), asksYes).Message()
		c.has(c.ann.Slash(c.books, "spoilers hide"), "Saved")
		c.sees("a yes", c.ann.Press(asked, "Yes, show it to me"), hides)
		for what, seen := range map[string]slacktest.Seen{
			"hers": c.ann.Press(hers, "Reveal"), "the channel's": c.ann.Press(m, "Reveal"), "past her place": c.ann.Press(hers, "Look past my place"),
		} {
			c.sees(what, seen, hides)
		}
		c.unsent()
	},
	"a yes in a modal": func(c *club) {
		form := c.ann.Slash(c.books, "/dogear /ask").View()
		read := c.sees("a form", c.ann.Submit(form, map[string]string{"question": whatEnds}), "Covered").View()
		asked := c.sees("a cover there", c.ann.Press(read, "Reveal"), asksYes).View()
		c.ann.Submit(asked, nil)
		c.unsent(c.ann) // not with the acknowledgement
		if len(c.Requests(func(r slacktest.Request) bool {
			return r.Only == c.ann.ID && strings.Contains(string(encode(r.Body)), endings[0])
		})) == 0 {
			c.t.Error("she is not shown it")
		}
	},
	"another's yes": func(c *club) {
		m := c.public(c.bob)
		hers := c.sees("ann's", c.ann.Press(m, "Reveal"), asksYes).Message()
		c.sees("her yes", c.bob.PressForeign(hers, "Yes, show it to me"), over)
		his := c.sees("bob's", c.bob.Press(m, "Reveal"), asksYes).Message()
		c.sees("her ticket", c.bob.PressRaw(his, "confirm:"+valueOf(hers, "confirm:")+":", "b", ""), over)
		c.sees("the moderator", c.mo.PressForeign(hers, "Yes, show it to me"), over)
		c.unsent()
	},
	"one ticket for another": func(c *club) {
		m := c.public(c.bob)
		asked := c.sees("a cover", c.ann.Press(m, "Reveal"), asksYes).Message()
		yes, cover := valueOf(asked, "confirm:"), strings.TrimSuffix(ticketOf(m), ".1")
		for _, ticket := range []string{yes, yes + ".1"} {
			c.sees("a yes as a cover", c.ann.PressRaw(m, "reveal::", "b", ticket), gone)
		}
		for _, ticket := range []string{cover, cover + ".1"} {
			c.sees("a cover as a yes", c.ann.PressRaw(asked, "confirm:"+ticket+":", "b", ""), over)
		}
		for _, action := range []string{"past", "share", "more", "report", "manage"} {
			c.sees(action, c.ann.PressRaw(asked, action+":"+yes+":", "b", ""), gone)
		}
		c.unsent()
	},
	"forged forms": func(c *club) {
		m, hers := c.public(c.bob), c.private(c.ann)
		yes := valueOf(c.ann.Press(m, "Reveal").Message(), "confirm:")
		ticket := ticketOf(hers)
		name := strings.TrimSuffix(ticket, ".1")
		for _, callback := range []string{
			"confirm:" + yes + ":", "reveal:" + ticket + ":", "past:" + name + ":", "more:" + name + ":", "share:" + name + ":", "decide:" + name + ":",
			"form:reveal:ticket=" + ticket, "form:yes:ticket=" + yes, "form:past:ticket=" + name, "form:share:ticket=" + name, "form:rewrite:ticket=" + name,
			"form:club queue:", "form:club queue:skip=1", "form:club decide:place=0&ticket=" + name, "form:club preview:place=finished", "form:club sources:", "form:club proposals:",
			"form:", "form::", "form:no such:", "form:ask:question=" + name, "form:spoiler:spoiler=1", ":", "", "do::club+queue/", "do:skip=1:club+queue/",
		} {
			for _, metadata := range []string{`{"c":"` + c.books.ID + `"}`, `{"c":"` + hers.Channel + `","h":"tab"}`, `{"c":"` + c.ann.DMs().ID + `"}`, "{", ""} {
				form := c.bob.Slash(c.books, "spoiler").View()
				state := map[string]any{"values": map[string]any{"text": map[string]any{"text": map[string]any{"type": "plain_text_input", "value": "1"}},
					"x": map[string]any{"ticket": map[string]any{"value": ticket}, "channel": map[string]any{"selected_conversation": c.books.ID}}}}
				c.sees(callback+" "+metadata, c.bob.SubmitRaw(form, map[string]any{"callback_id": callback, "private_metadata": metadata, "state": state}))
			}
		}
		c.unsent()
	},
	"moderators' commands": func(c *club) {
		hers := c.private(c.ann)
		for _, cmd := range bot.Commands() {
			if cmd.Restricted() {
				name := strings.ReplaceAll(cmd.Name, " ", "+")
				for _, id := range []string{"do::" + name + "/", "do:place=finished:" + name + "/", "do:place=finished&skip=1&which=1:" + name + "/", "do::" + name + "/place"} {
					c.sees(id, c.ann.PressRaw(hers, id, "b", "finished"), "oderator")
				}
				c.sees("typed", c.ann.Slash(c.books, cmd.Name+" finished"))
			}
		}
		if v, ok := c.ann.View(); ok {
			c.t.Errorf("a form is open: %s", v.Reads())
		}
		c.unsent()
	},
	"another's spoiler": func(c *club) {
		m := c.posted()
		ticket := valueOf(m, "manage:")
		c.sees("manage", c.bob.Press(m, "Edit or remove…"), notTheir)
		c.sees("remove", c.bob.PressRaw(m, "remove:"+ticket+":", "b", ""), notTheir)
		c.sees("cover", c.bob.PressRaw(m, "cover:"+ticket+":", "b", ""), "oderator")
		form := c.sees("edit", c.bob.PressRaw(m, "edit:"+ticket+":", "b", ""))
		if v := form.View(); v.Submit != "" {
			c.sees("an edit", c.bob.Submit(v, map[string]string{"text": "Nothing of the kind."}), notTheir)
		}
		c.finish(c.bob)
		c.has(c.bob.Press(m, "Reveal"), spoils) // it is as it was
		asked := c.has(c.ann.Press(c.ann.Press(m, "Edit or remove…").Message(), "Delete"), "can't be undone").Message()
		c.sees("her yes", c.bob.PressForeign(asked, "Yes, delete it"))
		c.has(c.bob.Press(m, "Reveal"), spoils)
		c.unsent(c.bob)
	},
	"what menus offer": func(c *club) {
		c.load("---\ntitle: Tommy completes in the end\nreviewer: Wren\n---\n\n" + safe + "\n\n" + spoils + "\n")
		before := len(c.Requests(slacktest.To("ack")))
		for _, menu := range [][2]string{
			{"reviews read", "review"}, {"reviews by", "reviewer"}, {"faq read", "which"}, {"club remove", "which"}, {"club preview", "review"}, {"club edit", "which"},
			{"club approve", "which"}, {"reviews edit", "which"}, {"progress", "place"}, {"spoiler", "place"}, {"club decide", "place"}, {"no such", "which"},
		} {
			for _, typed := range []string{"", "T", "Tommy completes", "Qommy qompletes", "1", "Wren"} {
				payload := map[string]any{
					"type": "block_suggestion", "user": map[string]any{"id": c.ann.ID, "team_id": c.TeamID}, "team": map[string]any{"id": c.TeamID},
					"action_id": menu[1], "block_id": menu[1], "value": typed,
					"view": map[string]any{"id": "V1", "type": "modal", "callback_id": "form:" + menu[0] + ":", "private_metadata": `{"c":"` + c.books.ID + `"}`, "state": map[string]any{}},
				}
				c.Deliver("interactive", payload)
				payload["view"].(map[string]any)["type"], payload["action_id"] = "home", "do:place=finished:"+strings.ReplaceAll(menu[0], " ", "+")+"/"+menu[1]
				c.Deliver("interactive", payload)
			}
		}
		acks := c.Requests(slacktest.To("ack"))[before:]
		for i := 0; i+5 < len(acks); i++ {
			if body := string(encode(acks[i].Body)); strings.Contains(body, "Tommy") {
				c.t.Errorf("a menu offers %s", body)
			}
		}
		c.unsent()
	},
	"sharing": func(c *club) {
		c.has(c.ann.Slash(c.books, "spoilers show"), "Saved")
		m := c.has(c.ann.Slash(c.books, whatEnds), spoils).Message()
		if v, ok := c.ann.View(); ok {
			c.sees("what is shown to her, shared", c.ann.Press(v, "Share with the channel"), "nothing to quote")
		} else {
			c.sees("what is shown to her, shared", c.ann.Press(m, "Share with the channel"))
		}
		for _, words := range []string{"privacy show", "progress", "reviews mine", "spoilers"} {
			seen := c.ann.Slash(c.books, words)
			for _, b := range seen.Message().Buttons() {
				if strings.HasPrefix(b, "Share") {
					c.t.Errorf("%q can be shared", words)
				}
			}
		}
		c.unsent(c.ann)
	},
	"private commands aloud": func(c *club) {
		c.finish(c.ann)
		for _, words := range []string{"progress", "/progress 22", "/spoilers show", "/reviews mine", "/privacy show", "/privacy export", "/home", "/help x", "/club queue", "/club preview finished 1", "/reveal x.1", "/yes x"} {
			seen := c.sees(words, c.ann.Mention(c.books, words))
			if m := seen.Message(); m.User != c.ann.ID && words != "/help x" {
				c.t.Errorf("%q is answered for %q: %s", words, m.User, m.Reads())
			}
		}
		for _, m := range c.books.Messages() {
			if m.Author == "" && (strings.Contains(m.Reads(), "finished") || strings.Contains(m.Reads(), "22")) {
				c.t.Errorf("the channel is told her place: %s", m.Reads())
			}
		}
		c.unsent()
	},
	"edited and repeated mentions": func(c *club) {
		m := c.public(c.bob)
		posts := func() int { return len(c.Requests(slacktest.To("chat.postMessage"))) }
		before := posts()
		for _, event := range []map[string]any{
			{"subtype": "message_changed", "channel": c.books.ID, "message": map[string]any{"user": c.bob.ID, "text": c.Mention() + " " + whatEnds, "ts": m.Thread}},
			{"subtype": "bot_message", "channel": c.books.ID, "user": c.bob.ID, "text": c.Mention() + " " + whatEnds, "ts": m.Thread},
			{"channel": c.books.ID, "user": c.BotUser, "text": c.Mention() + " " + whatEnds, "ts": m.TS},
			{"channel": c.books.ID, "bot_id": "B0OTHER", "user": c.ann.ID, "text": c.Mention() + " " + whatEnds, "ts": m.TS},
			{"channel": c.books.ID, "text": c.Mention() + " " + whatEnds, "ts": m.TS},
		} {
			c.Event("message", event)
			c.Event("app_mention", event)
		}
		c.User("robot").Bot().Unanswered().Mention(c.books, whatEnds)
		if n := posts(); n != before {
			c.t.Errorf("%d posts for what no reader asks", n-before)
		}
		c.ann.DM("is the prose good?") // of its own answers there dogear hears, too
		if n := posts(); n != before+1 {
			c.t.Errorf("%d posts in direct messages for one question", n-before)
		}
		c.unsent()
	},
	"in a thread": func(c *club) {
		m := c.public(c.bob)
		c.has(c.ann.Slash(c.books, "spoilers show"), "Saved")
		c.sees("shown to her, but not there", c.ann.MentionIn(m, whatEnds), "Covered")
		asked := c.sees("a cover there", c.ann.Press(m, "Reveal"), asksYes).Message()
		c.ExpireTriggers() // no modal opens
		opened := c.has(c.ann.Press(asked, "Yes, show it to me"), spoils).Message()
		if opened.User != c.ann.ID || opened.Thread == "" {
			c.t.Errorf("it was said to %q in the thread %q", opened.User, opened.Thread)
		}
		c.unsent(c.ann)
	},
	"guests": func(c *club) {
		shared := c.Channel("shared").Shared()
		c.mo.Slash(shared, "club book "+book)
		eve := c.Guest("eve")
		m := c.sees("a mention", eve.Mention(shared, whatEnds), "Covered").Message()
		for _, e := range m.Elements() {
			if e.Type == "button" {
				c.sees(e.Label, eve.Press(m, e.Action), ours)
			}
		}
		for _, words := range []string{"/spoilers show", "/progress finished", "/privacy show", "/club queue", "/reveal " + ticketOf(m)} {
			c.sees(words, eve.Mention(shared, words), ours)
		}
		c.sees("a command", eve.Slash(shared, "spoilers show"), ours)
		c.sees("a shortcut", eve.Unanswered().Shortcut("spoiler"))
		c.sees("a home", eve.Unanswered().OpenHome())
		if v, ok := eve.Home(); ok && strings.Contains(v.Reads(), "Your books") {
			c.t.Errorf("a guest has a home: %s", v.Reads())
		}
		c.sees("a direct message", eve.Unanswered().DM(whatEnds))
		c.unsent()
	},
	"shown in a direct message": func(c *club) {
		c.has(c.ann.Slash(c.ann.DMs(), "spoilers show"), "Saved")
		c.has(c.ann.DM(whatEnds), spoils)
		c.has(c.ann.Slash(c.ann.DMs(), whatEnds), spoils)
		first := c.has(c.ann.DM("is the prose good?"), safe).Message()
		c.has(c.ann.DMIn(first, whatEnds), spoils)
		c.unsent(c.ann)
	},
	"a channel without a book": func(c *club) {
		other := c.Channel("other")
		c.has(c.ann.Slash(c.books, "spoilers show"), "Saved")
		for _, who := range []*slacktest.User{c.ann, c.bob} { // nobody but who asks is answered there
			if m := who.Mention(other, whatEnds).Message(); m.User != who.ID {
				c.t.Errorf("%s is answered for %q: %s", who.Name, m.User, m.Reads())
			}
		}
		if all := other.Messages(); len(all) != 2 {
			c.t.Errorf("%d messages are there for two questions", len(all))
		}
		c.unsent(c.ann)
	},
	"switched off since": func(c *club) {
		for what, change := range map[string][2]string{
			"no book": {"club book none", "club book " + book}, "another book": {"club book jane-eyre", "club book " + book}, "a lower pace": {"club pace 3", "club pace start"},
		} {
			c.has(c.mo.Press(c.mo.Slash(c.books, "club pace finished").Message(), "Yes, all have finished it"), "finished")
			m := c.has(c.bob.Mention(c.books, whatEnds), spoils).Message()
			c.mo.Slash(c.books, change[0])
			c.Await("it is edited, for "+what, func() bool {
				for _, now := range c.books.Messages() {
					if strings.Contains(strings.Join(now.Strings(), "\n"), "completes") && now.Author == "" {
						return false
					}
				}
				return true
			})
			if v := valueOf(m, "reveal:"); v != "" {
				c.sees(what, c.ann.PressRaw(m, "reveal::", "b", v), gone)
			}
			c.mo.Slash(c.books, change[1])
		}
	},
	"typed tricks": func(c *club) {
		m, hers := c.public(c.bob), c.private(c.ann)
		yes := valueOf(c.bob.Press(m, "Reveal").Message(), "confirm:")
		ticket := ticketOf(hers)
		name := strings.TrimSuffix(ticket, ".1")
		for _, words := range []string{
			"home", "yes " + yes, "yes " + name, "reveal " + ticket, "reveal " + ticketOf(m), "manage " + name, "rewrite x " + name, "cover " + name, "retract " + name, "past " + name,
			"more " + name, "share " + name, "report " + ticket, "reveal 1", "reveal", "past", "share", "yes", "do::club queue/", "/dogear reveal " + ticket, "//reveal " + ticket, "club decide 0 " + name,
		} {
			for what, seen := range map[string]slacktest.Seen{
				"/dogear " + words: c.ann.Slash(c.books, words), "@dogear /" + words: c.ann.Mention(c.books, "/"+words), "directly " + words: c.ann.DM("/" + words), "/dogear /" + words: c.ann.Slash(c.books, "/dogear /"+words),
			} {
				c.sees(what, seen)
			}
		}
		c.unsent()
	},
}

// late is a store for which it is later than it is.
type late struct {
	bot.Store
	by atomic.Int64
}

func (s *late) Ticket(ctx context.Context, club bot.ClubID, id reply.Ticket, now time.Time) (bot.Stub, error) {
	return s.Store.Ticket(ctx, club, id, now.Add(time.Duration(s.by.Load())))
}

// TestOldTickets presses what was offered longer ago than tickets live.
func TestOldTickets(t *testing.T) {
	inner, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { inner.Close() })
	s := &late{Store: inner}
	c := serveOn(t, s, "socket", slacktest.Quiet(12*time.Millisecond))
	m := c.public(c.bob)
	asked := c.sees("a cover", c.ann.Press(m, "Reveal"), asksYes).Message()
	hers := c.private(c.ann)
	s.by.Store(int64(10 * 365 * 24 * time.Hour))
	c.sees("a yes", c.ann.Press(asked, "Yes, show it to me"), over)
	c.sees("a cover", c.ann.Press(m, "Reveal"), gone)
	c.sees("past her place", c.ann.Press(hers, "Look past my place"), gone)
	c.sees("sharing", c.ann.Press(hers, "Share with the channel"), gone)
	c.unsent()
}
