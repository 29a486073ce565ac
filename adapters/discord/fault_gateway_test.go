package discord_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"dogear/adapters/discord/discordtest"
	"dogear/bot"
	"dogear/bot/library"
)

// ending are what ends a connection and asks for another one. Of the SDK's own
// reconnecting, op 7 and op 9 in answer to its RESUME end in a deadlock.
func ending(codes ...int) map[string]discordtest.Act {
	all := map[string]discordtest.Act{
		"op 7":                        discordtest.Reconnect(),
		"op 9":                        discordtest.Invalid(false),
		"op 9, resumable":             discordtest.Invalid(true),
		"a cut":                       discordtest.Cut(),
		"a cut in the middle":         discordtest.CutWithin(),
		"a frame without JSON":        discordtest.Raw("nonsense"),
		"a frame that is a list":      discordtest.Raw("[]"),
		"hello without an interval":   discordtest.Raw(`{"op":10,"d":{}}`),
		"a type that is a number":     discordtest.Raw(`{"op":0,"t":5,"d":{}}`),
		"a negative interval":         discordtest.Raw(`{"op":10,"d":{"heartbeat_interval":-1}}`),
		"hello in place of the event": discordtest.Raw(`{"op":10,"d":{"heartbeat_interval":1000}}`),
	}
	for _, code := range codes {
		all[fmt.Sprint("close code ", code)] = discordtest.Close(code)
	}
	return all
}

// again waits until dogear has connected again.
func (c *club) again(before int) {
	c.t.Helper()
	eventually(c.t, "it has connected again", func() bool {
		return len(c.Identifies()) > before && c.Ready() == 1 && c.on.Ready() == nil
	})
}

func connectionsThatEnd(t *testing.T) {
	var b beside
	defer b.Wait()
	when := map[string]func(*club, discordtest.Act){
		"later": func(c *club, act discordtest.Act) { c.Gateway(act) },
		"in answer to IDENTIFY": func(c *club, act discordtest.Act) {
			c.AtIdentify(act)
			c.Gateway(discordtest.Cut())
		},
		"in place of HELLO": func(c *club, act discordtest.Act) {
			c.AtConnect(act)
			c.Gateway(discordtest.Cut())
		},
		"in the middle of an interaction": func(c *club, act discordtest.Act) {
			c.AtInteraction(act)
			c.well("the connection ended while it was to answer")
		},
	}
	for name, do := range when {
		b.run(t, name, func(t *testing.T) {
			c := serve(t, "gateway")
			all := ending(1000, 4000, 4009)
			if name == "later" {
				all = ending(1000, 1001, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009)
			}
			for _, what := range slices.Sorted(maps.Keys(all)) {
				if name == "in place of HELLO" && strings.HasPrefix(what, "hello in place") {
					continue // that is what it should be
				}
				before := len(c.Identifies())
				do(c, all[what])
				c.again(before)
				c.well(what)
			}
			c.logs("a connection to Discord ended")
			if n := c.Resumes(); n != 0 {
				t.Errorf("it resumed %d times", n)
			}
		})
	}
}

// A connection on which nothing comes back is none.
func heartbeatsNotAnswered(t *testing.T) {
	c := serve(t, "gateway", discordtest.Heartbeat(time.Second)) // a busy machine may be late by another one
	before := len(c.Identifies())
	c.Gateway(discordtest.Silence())
	c.again(before)
	c.well("silence")
	before = len(c.Identifies())
	silent := func() int { return strings.Count(c.log.String(), "heartbeats are not answered") }
	so := silent()
	if so == 0 {
		t.Error("silence was not noticed")
	}
	c.Deaf(true)
	eventually(t, "it hears nothing", func() bool { return silent() > so })
	c.Deaf(false)
	c.again(before)
	c.well("no acknowledgements")
}

// readiness shows that what asks whether dogear is ready is told the truth.
func readiness(t *testing.T) {
	c := serve(t, "gateway")
	c.AtConnect(discordtest.Silence())
	c.Gateway(discordtest.Cut())
	eventually(t, "it is not ready", func() bool { return c.on.Ready() != nil && c.Ready() == 0 && c.Connections() == 1 })
	c.Gateway(discordtest.Cut())
	eventually(t, "it is ready", func() bool { return c.on.Ready() == nil })
	c.well("a silent connection")
	c.stop()
	if c.on.Ready() == nil {
		t.Error("it is ready after its end")
	}
}

// fatalCodes: the SDK would connect again and again, until Discord takes the
// token away.
func fatalCodes(t *testing.T) {
	var b beside
	defer b.Wait()
	for code, setting := range map[int]string{
		4004: "discord.token", 4010: "discord.shards", 4011: "discord.shards", 4012: "discord.gateway_url",
		4013: "intents", 4014: "intents",
	} {
		for _, at := range []string{"later", "IDENTIFY"} {
			b.run(t, fmt.Sprint(code, " ", at), func(t *testing.T) {
				c := serve(t, "gateway")
				if at == "IDENTIFY" {
					c.AtIdentify(discordtest.Close(code))
					c.Gateway(discordtest.Cut())
				} else {
					c.Gateway(discordtest.Close(code))
				}
				select {
				case err := <-c.ended:
					if err == nil || !strings.Contains(err.Error(), setting) || strings.Contains(err.Error(), c.Token) {
						t.Errorf("it ended with: %v", err)
					}
					c.ended <- nil
				case <-time.After(20 * time.Second):
					t.Error("it goes on")
				}
				if n := len(c.Identifies()); n > 2 {
					t.Errorf("it identified %d times", n)
				}
			})
		}
	}
}

// Events that nobody expects end nothing. Of those that the SDK decodes, an empty
// GUILD_CREATE ends the process.
func malformedEvents(t *testing.T) {
	c := serve(t, "gateway", discordtest.Tolerate(discordtest.Protocol)) // an answer to what has no token
	before := len(c.Identifies())
	for _, event := range strings.Fields("INTERACTION_CREATE MESSAGE_CREATE GUILD_CREATE GUILD_DELETE READY RESUMED CHANNEL_CREATE " +
		"VOICE_STATE_UPDATE VOICE_SERVER_UPDATE GUILD_MEMBERS_CHUNK PRESENCE_UPDATE THREAD_LIST_SYNC MESSAGE_DELETE USER_UPDATE NOVELTY") {
		for _, data := range []any{
			nil, "text", 5, true, []any{}, map[string]any{}, map[string]any{"id": 5}, map[string]any{"type": "x", "data": 7, "message": []any{}},
			map[string]any{"id": "1", "type": 2, "data": nil}, map[string]any{"id": "1", "type": 77, "token": "itk", "data": map[string]any{}},
			map[string]any{"author": nil, "mentions": nil, "content": nil}, map[string]any{"members": "many", "guild_id": []any{1}},
		} {
			c.Gateway(discordtest.Event(event, data))
		}
	}
	for _, frame := range []string{`{}`, `{"op":99}`, `{"op":0}`, `{"op":0,"t":"READY","s":3,"d":{"guilds":[null]}}`, `{"op":1}`} {
		c.Gateway(discordtest.Raw(frame))
	}
	c.well("malformed events")
	c.logs("an interaction was not understood")
	if n := len(c.Identifies()); n != before {
		t.Errorf("it connected again %d times", n-before)
	}
}

// repeated delivers what readers do three times each.
func repeated(t *testing.T) {
	var b beside
	defer b.Wait()
	for mode := range modes {
		b.run(t, mode, func(t *testing.T) {
			s := newFaulty(t)
			c := serveOn(t, s, mode)
			c.Repeat(2)
			moves := s.moves.Load()
			seen := c.has(c.ann.Slash(c.books, "progress", discordtest.Opt{"place": "7"}), "Saved.")
			if n := s.moves.Load() - moves; n != 1 || len(seen.Messages) != 1 {
				t.Errorf("%d changes, %d replies", n, len(seen.Messages))
			}
			asked := c.ann.Slash(c.books, "ask", question)
			c.ann.Press(asked.Message(), "Share with the channel")
			c.posts(c.books, 1)
			c.ann.Slash(c.books, "ask", question, discordtest.Opt{"share": "yes"})
			c.posts(c.books, 2)
			if got := c.ann.Autocomplete(c.books, "progress", "place", "1"); len(got) == 0 {
				t.Error("no places")
			}
			changes := s.changes.Load()
			form := c.ann.Slash(c.books, "reviews add").Modal
			c.has(c.ann.Submit(form, map[string]string{"title": "My evening", "text": "I enjoyed every page."}), "is with the moderators")
			if n := s.changes.Load() - changes; n != 1 {
				t.Errorf("%d changes", n)
			}
		})
	}
}

// A message that comes twice is answered once. What the store can't say, Discord
// can: the nonce names the message.
func repeatedMention(t *testing.T) {
	c := serve(t, "gateway")
	said := c.bob.Mention(c.books, "how is the prose?").Message().ReplyTo
	self := map[string]any{"id": c.AppID}
	c.Gateway(discordtest.Event("MESSAGE_CREATE", map[string]any{
		"id": said, "channel_id": c.books.ID, "guild_id": c.guild.ID, "content": c.Mention() + " how is the prose?",
		"author": map[string]any{"id": c.bob.ID}, "mentions": []any{self},
	}))
	c.logs("outcome=dropped")
	c.posts(c.books, 1)
	for _, r := range c.Requests(discordtest.To("POST", "/channels/")) {
		if r.Object()["nonce"] != said+".0" || r.Object()["enforce_nonce"] != true {
			t.Errorf("sent with the nonce %v", r.Object()["nonce"])
		}
	}
}

// shards has a server on another shard than the first.
func shards(t *testing.T) {
	c := serve(t, "gateway", discordtest.Shards(2), discordtest.Concurrency(2))
	second := c.Guild("second")
	if second.Shard(2) != 1 {
		t.Fatal("it is on the first shard")
	}
	room, mo, zed := second.Channel("books"), second.Member("mo2").May(discordtest.ManageGuild), second.Member("zed")
	in := bot.Import{Book: book, Files: []library.File{{Name: "wren.md", Data: []byte(review)}}}
	if _, err := c.bot.Import(t.Context(), bot.ClubID("discord:"+second.ID), in); err != nil {
		t.Fatal(err)
	}
	c.has(mo.Slash(room, "club book", discordtest.Opt{"book": book}), "This channel now reads")
	asks := func() {
		t.Helper()
		c.has(zed.Slash(room, "ask", question), safe)
		if text := plain(zed.Mention(room, "how is the prose?").Text()); !strings.Contains(text, safe) {
			t.Errorf("mentioned: %s", text)
		}
	}
	asks()
	c.AtConnect(discordtest.Silence())
	c.Shard(1, discordtest.Cut())
	eventually(t, "one is down", func() bool { err := c.on.Ready(); return err != nil && strings.Contains(err.Error(), "1 of 2") })
	c.well("the other shard ended")
	if text := plain(c.ann.DM("how is the prose?").Text()); !strings.Contains(text, safe) {
		t.Errorf("in a direct message: %s", text)
	}
	eventually(t, "a silent connection takes its place", func() bool { return c.Connections() == 2 })
	c.Gateway(discordtest.Cut())
	eventually(t, "both are up", func() bool { return c.on.Ready() == nil && c.Ready() == 2 })
	asks()
	c.well("both shards ended")
}
