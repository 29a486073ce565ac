package main

import (
	"maps"
	"strings"
	"testing"

	"dogear/adapters/console"
	"dogear/bot"
	"dogear/store/redistest"
)

const (
	blindly  = "I can't read your progress right now, so this is only what is safe for everyone."
	neutral  = "Something went wrong on my side, so this may not be done."
	notSaved = "That was not saved: I can't reach my notes right now."
)

// newerForm is how a dogear of tomorrow may keep a value.
const newerForm = "\x02what only it can read"

// handles asks a bot something in a club, as a reader or a moderator.
func handles(t *testing.T, b *bot.Bot, club bot.ClubID, reader, line, ticket string) *console.Text {
	command, options := bot.Typed(line)
	if ticket != "" {
		options["ticket"] = ticket
	}
	var said console.Text
	b.Handle(t.Context(), bot.Request{
		Seat: bot.Seat{Club: club, Reader: bot.ReaderID(reader), Channel: "c"}, Command: command, Options: options, Moderator: reader == "mod", Confirmed: true,
	}).Render(&said)
	return &said
}

// hashes returns all that a server keeps in hashes.
func hashes(t *testing.T, server *redistest.Server) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, key := range server.Keys(t) {
		if server.Do(t, "TYPE", key) != "hash" {
			continue
		}
		fields := server.Do(t, "HGETALL", key).([]any)
		for i := 0; i < len(fields); i += 2 {
			all[key+" "+fields[i].(string)] = fields[i+1].(string)
		}
	}
	return all
}

// TestNewerForm has a newer dogear write something into a store that this one
// serves, as an upgrade of one process after the other does: this one answers
// closed, or not at all, where it would have to read that, writes nothing there,
// and goes on as before everywhere else.
func TestNewerForm(t *testing.T) {
	for _, c := range []struct {
		name       string
		key, field string // empty: of the club's source
		change     bool   // the newer dogear has counted the version up, too
		ann, mod   string // what they hear when they ask, each in the club
		bea        string // another reader of the club
		others     bool   // whether bea's place counts
	}{
		{name: "place", key: "dogear:r:{ann}", field: "p\x00never-let-me-go", ann: blindly, mod: canary, bea: canary, others: true},
		{name: "veil", key: "dogear:r:{ann}", field: "v\x00", ann: blindly, mod: canary, bea: canary, others: true},
		{name: "version", key: "dogear:c:{local}", field: "v", ann: neutral, mod: neutral, bea: neutral}, // nobody can say which library is the newest
		{name: "channel", key: "dogear:c:{local}", field: "hc", ann: blindly, mod: blindly, bea: blindly},
		{name: "record", key: "dogear:c:{local}:source", change: true, ann: neutral, mod: neutral, bea: neutral},
		{name: "ruling", key: "dogear:c:{local}:ruling", field: "of tomorrow", change: true, ann: neutral, mod: neutral, bea: neutral},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := redistest.Start(t)
			importWren(t, server.URL())
			importWren(t, server.URL(), "--club", "other")
			old := join(t, server.URL(), "old").bot
			for _, reader := range []string{"ann", "bea"} {
				for _, club := range []bot.ClubID{"local", "other"} {
					handles(t, old, club, reader, "progress 7", "")
					if said := handles(t, old, club, reader, "did people like the prose?", "").String(); !strings.Contains(said, canary) {
						t.Fatalf("it starts with: %s", said)
					}
				}
			}
			report := string(handles(t, old, "local", "mod", "/reviews read 1", "").Report) + ".1"
			old.Flush(t.Context())

			field := c.field
			if field == "" {
				for _, id := range server.Do(t, "HKEYS", c.key).([]any) {
					field = id.(string)
				}
			}
			server.Do(t, "HSET", c.key, field, newerForm)
			if c.change {
				server.Do(t, "HSET", "dogear:c:{local}", "v", "\x0199 newer")
			}
			before := hashes(t, server)

			for reader, want := range map[string]string{"ann": c.ann, "mod": c.mod, "bea": c.bea} {
				said := handles(t, old, "local", reader, "did people like the prose?", "").String()
				if !strings.Contains(said, want) {
					t.Errorf("%s hears: %s", reader, said)
				}
			}
			writes := map[string]string{"progress 9": notSaved, "spoilers show": notSaved}
			if c.change || c.name == "version" {
				writes = map[string]string{"progress 9": neutral, "spoilers show": neutral}
			}
			for line, want := range writes {
				if said := handles(t, old, "local", "ann", line, "").String(); !strings.HasPrefix(said, want) {
					t.Errorf("%s: %s", line, said)
				}
			}
			lines := map[string]string{} // with their tickets
			if !c.others {
				lines = map[string]string{"/club book Jane Eyre": "", "/club pace 9": ""}
			}
			if !c.others && c.name != "channel" { // which the library has nothing to do with
				lines["/report"], lines["/club remove 1"] = report, ""
			}
			for line, ticket := range lines {
				said := handles(t, old, "local", "mod", line, ticket).String()
				if !strings.HasPrefix(said, neutral) && !strings.HasPrefix(said, notSaved) {
					t.Errorf("%s: %s", line, said)
				}
			}
			old.Flush(t.Context())
			after := hashes(t, server)
			if !maps.Equal(after, before) {
				for name, value := range after {
					if before[name] != value {
						t.Errorf("%q was %q and is %q", name, before[name], value)
					}
				}
				t.Errorf("%d values were kept, and %d are", len(before), len(after))
			}

			// All others go on.
			if said := handles(t, old, "other", "bea", "progress 9", "").String(); !strings.HasPrefix(said, "Saved. Your place in Never Let Me Go: chapter 9") {
				t.Errorf("in another club: %s", said)
			}
			if said := handles(t, old, "other", "bea", "did people like the prose?", "").String(); !strings.Contains(said, canary) {
				t.Errorf("in another club: %s", said)
			}
			if c.others {
				if said := handles(t, old, "local", "mod", "/report", report).String(); !strings.HasPrefix(said, "Thank you. ") {
					t.Errorf("another reader's report: %s", said)
				}
			}
		})
	}
}
