package main

import (
	"strings"
	"testing"

	"dogear/adapters/console"
	"dogear/bot"
	"dogear/store/redistest"
)

// TestReportedBlind: what was reported in another process is not shown by one
// that can't read a reader's own values, or the version, but could read the
// library.
func TestReportedBlind(t *testing.T) {
	for _, c := range []struct {
		name, key, field string
		late             bool // it is written after the report
	}{
		{name: "place", key: "dogear:r:{ann}", field: "p\x00never-let-me-go"},
		{name: "channel", key: "dogear:c:{local}", field: "hc"},
		{name: "version", key: "dogear:c:{local}", field: "v", late: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := redistest.Start(t)
			importWren(t, server.URL())
			old := make([]*bot.Bot, 2)
			for i := range old {
				s, err := openPatiently(t, server.URL())
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { s.Close() })
				old[i] = bot.New(s, nil)
			}
			ask := func() string { return handles(t, old[0], "local", "ann", "did people like the prose?", "").String() }
			handles(t, old[0], "local", "ann", "progress 7", "")
			if said := ask(); !strings.Contains(said, canary) {
				t.Fatalf("it starts with: %s", said)
			}
			if !c.late {
				server.Do(t, "HSET", c.key, c.field, newerForm)
			}
			asked := bot.Request{Seat: bot.Seat{Club: "local", Reader: "mod", Channel: "d"}, Moderator: true}
			asked.Command, asked.Options = bot.Typed("/reviews read 1")
			var said console.Text
			old[1].Handle(t.Context(), asked).Render(&said)
			asked.Command, asked.Options = "report", map[string]string{"ticket": string(said.Report) + ".1"}
			old[1].Handle(t.Context(), asked).Render(&said)
			if !strings.Contains(said.String(), "Thank you. ") {
				t.Fatalf("a report: %s", said.String())
			}
			if c.late {
				server.Do(t, "HSET", c.key, c.field, newerForm)
			}
			if said := ask(); strings.Contains(said, canary) {
				t.Errorf("what was reported is shown: %s", said)
			}
			old[1].Flush(t.Context())
			old[0].Flush(t.Context())
		})
	}
}
