package discord_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dogear/adapters/discord/discordtest"
)

// ids returns the custom_ids of what a reader sees.
func ids(seen discordtest.Seen) (all []string) {
	for _, m := range seen.Messages {
		for _, c := range m.Components {
			if c.CustomID != "" {
				all = append(all, c.CustomID)
			}
		}
	}
	return all
}

// never checks that what is seen does not hold some words, covered or not.
func (c *club) never(what string, seen discordtest.Seen, words ...string) {
	c.t.Helper()
	for _, w := range words {
		if text := plain(strings.Join(seen.Strings(), "\n")); strings.Contains(text, w) {
			c.t.Errorf("%s shows %q:\n%s", what, w, text)
		}
	}
}

// TestForged presses what others were offered, or nobody: from another reader,
// another channel, another server, a direct message.
func TestForged(t *testing.T) {
	c := serve(t, "gateway", discordtest.Quiet(12*time.Millisecond))
	// What ann and the moderator see, and may open.
	asked := c.ann.Slash(c.books, "ask", discordtest.Opt{"question": "does Tommy die?"})
	told := c.ann.Slash(c.books, "ask", discordtest.Opt{"question": "tell me about Tommy's donation"})
	queue := c.mo.Slash(c.books, "club queue")
	queueIDs := ids(queue)
	first := c.mo.Press(queue.Message(), "Yes, show them to me")
	preview := c.mo.Slash(c.books, "club preview", discordtest.Opt{"place": "finished", "review": "Wren"})
	c.has(c.mo.Slash(c.books, "club tags", discordtest.Opt{"tags": "button"}), "Saved.")
	shared := c.ann.Press(told.Message(), "Share with the channel")
	c.has(c.bob.Slash(c.books, "spoilers", discordtest.Opt{"veil": "hide"}), "hidden")
	c.never("a channel with buttons", shared, "completes")

	other := c.Guild("other")
	elsewhere := map[string]struct {
		who   *discordtest.Reader
		where *discordtest.Channel
	}{
		"another reader":             {c.bob, c.books},
		"another reader elsewhere":   {c.bob, c.guild.Channel("elsewhere")},
		"another reader in a thread": {c.bob, c.books.Thread("evening")},
		"another server":             {other.Member("bob").May(discordtest.ManageGuild), other.Channel("books")},
		"a direct message":           {c.bob, c.bob.Direct()},
		"her in another server":      {other.Member("ann").May(discordtest.ManageGuild), other.Channel("books")},
	}
	var all []string
	for _, seen := range []discordtest.Seen{asked, told, first, preview, shared} {
		all = append(all, ids(seen)...)
	}
	all = append(all, queueIDs...)
	for _, id := range all { // what was never offered, on the same ticket
		if parts := strings.Split(id, ":"); len(parts) == 3 && parts[0] == "report" {
			for _, action := range []string{"past", "more", "share", "yes", "reveal", "decide", "undo", "form", "ask", ""} {
				all = append(all, fmt.Sprintf("%s:%s:", action, parts[1]), fmt.Sprintf("%s:%s.1:0", action, parts[1]))
			}
		}
	}
	all = append(all, "club queue::", "club decide::0", "form::club queue", "privacy export::", "reveal:.1:", "yes::", ":::", "", "past")
	for who, at := range elsewhere {
		for _, id := range all {
			c.never(who+" with "+id, at.who.Forge(at.where, id), endings...)
			c.never(who+" with "+id, at.who.Forge(at.where, id, "1"), endings...)
		}
	}
	if past := c.ann.Press(told.Message(), "Look past my place"); !strings.Contains(plain(past.Text()), endings[0]) {
		t.Errorf("she herself does not get past her place: %s", past.Text())
	}
	if text := plain(c.bob.Slash(c.books, "progress").Text()); !strings.Contains(text, "haven't told me") {
		t.Errorf("bob's place: %s", text)
	}
}

// endings are words of the story's review that lie past every place but the end.
var endings = []string{"completes", "as it seemed", "long shadow"}

// TestTypedGuesses types what a hidden title says: what is suggested does not
// tell it from nonsense, and shows none of it.
func TestTypedGuesses(t *testing.T) {
	c := serve(t, "gateway", discordtest.Quiet(12*time.Millisecond))
	c.load("---\ntitle: Tommy completes in the end\nreviewer: Wren\n---\n\n" + safe + "\n\n" + spoils + "\n")
	for _, option := range [][2]string{{"reviews read", "review"}, {"reviews by", "reviewer"}, {"faq read", "which"}, {"club remove", "which"}, {"club preview", "review"}, {"progress", "place"}, {"ask", "book"}} {
		who := c.bob
		if strings.HasPrefix(option[0], "club") {
			who = c.mo
		}
		told := fmt.Sprint(who.Autocomplete(c.books, option[0], option[1], "Tommy completes"))
		if none := fmt.Sprint(who.Autocomplete(c.books, option[0], option[1], "Qommy qompletes")); told != none || strings.Contains(told, "ommy") {
			t.Errorf("%v suggests %s for a hidden title, and %s for nonsense", option, told, none)
		}
		if all := fmt.Sprint(who.Autocomplete(c.books, option[0], option[1], "")); strings.Contains(all, "Tommy") {
			t.Errorf("%v suggests %s", option, all)
		}
	}
}

// TestExport shows that what a reader has exported holds no text of others, be it
// one that they have reported or looked at, and no place but theirs.
func TestExport(t *testing.T) {
	c := serve(t, "gateway", discordtest.Quiet(12*time.Millisecond))
	c.ann.Slash(c.books, "progress", discordtest.Opt{"place": "13"})
	told := c.bob.Slash(c.books, "ask", discordtest.Opt{"question": "tell me about Tommy's donation"})
	c.has(c.bob.Press(told.Message(), "Look past my place"))
	asked := c.bob.Slash(c.books, "ask", discordtest.Opt{"question": "how is the prose?"})
	c.bob.Press(asked.Message(), "Report a spoiler")
	for _, m := range c.bob.Slash(c.books, "privacy export").Messages {
		for _, f := range m.Files {
			for _, w := range append([]string{`"at": 13`, safe, c.ann.ID}, endings...) {
				if text := string(f.Data); strings.Contains(text, w) {
					t.Errorf("it holds %q:\n%s", w, text)
				}
			}
		}
	}
	if got := c.ann.Slash(c.books, "privacy export").Message(); len(got.Files) != 1 || !strings.Contains(string(got.Files[0].Data), `"at": 13`) {
		t.Error("ann's own place is not in what she has exported: nothing was tried")
	}
}
