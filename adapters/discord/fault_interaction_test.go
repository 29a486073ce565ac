package discord_test

import (
	"strings"
	"testing"
	"time"

	"dogear/adapters/discord"
	"dogear/adapters/discord/discordtest"
)

// Kinds of interactions, as Discord counts them.
const (
	command   = 2
	component = 3
	modal     = 5
)

// Old and hostile custom_ids are answered for whoever pressed, and do nothing.
func customIDs(t *testing.T) {
	var b beside
	defer b.Wait()
	for mode := range modes {
		b.run(t, mode, func(t *testing.T) {
			s := newFaulty(t)
			c := serveOn(t, s, mode)
			asked := c.ann.Slash(c.books, "ask", question).Message()
			moves, changes := s.moves.Load(), s.changes.Load()
			for _, id := range []string{
				"", ":", "::", ":::", "a", "a:b:c:d", strings.Repeat(":", 100), strings.Repeat("x", 100), strings.Repeat("\xf0\x9f\x93\x96", 25), "||" + spoils + "||",
				"ask::", "club::", "progress::finished", "privacy forget::", "club remove:x:y", "form::privacy forget", "form::club remove", "form::faq add",
				"share::", "more:x:", "past:x:", "report:x:1", "report:.:", "reveal:x:", "reveal::", "confirm:x:", "undo:x:", "decide:x:3", "further:x:7",
			} {
				for _, kind := range []int{component, modal} {
					data := map[string]any{"custom_id": id, "component_type": 2, "values": []any{}, "components": []any{}}
					seen := c.bob.Hostile(c.books, kind, discordtest.Message{}, data)
					if seen.Failed && seen.Modal == nil || strings.Contains(plain(seen.Text()), "Tommy") || strings.Contains(plain(seen.Text()), safe) {
						t.Errorf("%q as %d: %s", id, kind, seen.Text())
					}
					for _, m := range seen.Messages {
						if !m.Ephemeral && id != "share::" { // whose reply is for all, be it that there is none
							t.Errorf("%q as %d: everybody sees %s", id, kind, m.Content)
						}
					}
				}
			}
			if s.moves.Load() != moves || s.changes.Load() != changes {
				t.Error("the store has changed")
			}
			c.tellsNothing(c.books)

			// The controls of ann's reply in other hands, another channel and server.
			away := c.Guild("another")
			for _, part := range asked.Components {
				data := map[string]any{"custom_id": part.CustomID, "component_type": part.Type, "values": []any{"7"}}
				if part.Type == 2 {
					delete(data, "values")
				}
				for _, seen := range []discordtest.Seen{
					c.bob.Hostile(c.books, component, discordtest.Message{}, data),
					c.ann.Hostile(c.guild.Channel("elsewhere"), component, discordtest.Message{}, data),
					away.Member("eve").Hostile(away.Channel("books"), component, discordtest.Message{}, data),
				} {
					if text := plain(seen.Text()); seen.Failed || strings.Contains(text, "Tommy") {
						t.Errorf("%q: %+v", part.Label+part.Placeholder, seen)
					}
				}
			}
			c.tellsNothing(away.Channel("books"))
			c.well("all of them")
		})
	}
}

// What an interaction may hold that nobody has seen yet. The SDK's own types
// have no data then, and its accessors panic.
func strangeInteractions(t *testing.T) {
	var b beside
	defer b.Wait()
	for mode := range modes {
		b.run(t, mode, func(t *testing.T) {
			c := serve(t, mode)
			c.Strange(true)
			asked := c.ann.Slash(c.books, "ask", question)
			c.has(c.ann.Select(asked.Message(), "I've read further", "7"), "Saved.")
			c.Strange(false)

			for name, data := range map[string]map[string]any{
				"nothing":             {},
				"an unknown command":  {"name": "novelty", "type": 1},
				"a menu":              {"name": "Novelty", "type": 3, "target_id": "1"},
				"options of no type":  {"name": "ask", "type": 1, "options": []any{map[string]any{"name": "question"}, map[string]any{}, nil}},
				"other types":         {"name": "ask", "type": 1, "options": []any{map[string]any{"name": "question", "type": 4, "value": 7}, map[string]any{"name": "share", "type": 5, "value": []any{true}}}},
				"a file that is none": {"name": "club", "type": 1, "options": []any{map[string]any{"name": "import", "type": 1, "options": []any{map[string]any{"name": "file", "type": 11, "value": "5"}}}}},
				"groups in groups":    {"name": "club", "type": 1, "options": []any{map[string]any{"name": "club", "type": 2, "options": []any{map[string]any{"name": "club", "type": 1}}}}},
			} {
				if seen := c.bob.Hostile(c.books, command, discordtest.Message{}, data); seen.Failed || seen.Text() == "" {
					t.Errorf("%s: %+v", name, seen)
				}
			}
			// A form whose field is filled in with more than it takes opens empty.
			long := map[string]any{"name": "reviews", "type": 1, "options": []any{map[string]any{"name": "edit", "type": 1, "options": []any{
				map[string]any{"name": "review", "type": 3, "value": strings.Repeat("x", 6000)},
			}}}}
			if seen := c.bob.Hostile(c.books, command, discordtest.Message{}, long); seen.Modal == nil {
				t.Errorf("a long value: %+v", seen)
			}
			if seen := c.bob.Hostile(c.books, 77, discordtest.Message{}, map[string]any{}); len(seen.Messages) != 0 {
				t.Errorf("an unknown type: %+v", seen)
			}
			c.logs("is of a type that dogear does not know")
			c.well("strange interactions")
		})
	}
}

// A panic ends the request that it is in, and its reader is told.
func panics(t *testing.T) {
	var b beside
	defer b.Wait()
	for mode := range modes {
		b.run(t, mode, func(t *testing.T) {
			s := newFaulty(t)
			c := serveOn(t, s, mode)
			c.well("the start")
			s.panics.Store(true)
			broke := func() int { return strings.Count(c.log.String(), "panic: string") }
			if text := plain(c.ann.Slash(c.books, "ask", question).Text()); !strings.Contains(text, "Something went wrong on my side") {
				t.Errorf("ann sees: %s", text)
			}
			if text := plain(c.ann.Slash(c.ann.Direct(), "ask", question).Text()); !strings.Contains(text, "Please try again") {
				t.Errorf("in a direct message, ann sees: %s", text)
			}
			if got := c.ann.Autocomplete(c.books, "progress", "place", "1"); len(got) != 0 {
				t.Errorf("choices: %v", got)
			}
			for _, where := range []*discordtest.Channel{c.ann.Direct(), c.books} {
				before := broke()
				c.ann.Say(where, c.Mention()+" how is the prose?")
				eventually(t, "a message breaks what takes it", func() bool { return broke() > before })
			}
			s.panics.Store(false)
			c.well("panics")
		})
	}
}

// More at once than dogear answers: the others are, and all is well afterwards.
func tooMany(t *testing.T) {
	s := newFaulty(t)
	c := serveOn(t, s, "gateway", discordtest.Tolerate(discordtest.Answers), discordtest.Patience(30*time.Second))
	c.well("the start")
	s.slow.Store(int64(time.Hour))
	visits := s.visits.Load()
	over := s.until()
	for range discord.MostAtOnce + 20 {
		c.ann.Say(c.books, c.Mention()+" how is the prose?")
	}
	c.logs("too many readers at once")
	eventually(t, "all the others wait", func() bool { return s.visits.Load()-visits == discord.MostAtOnce })
	s.slow.Store(0)
	over()
	c.Await("all the others are answered", func() bool { return len(c.books.Messages()) == 2*discord.MostAtOnce+20 })
	c.well("too many")
}
