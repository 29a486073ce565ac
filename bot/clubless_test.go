package bot_test

import (
	"strings"
	"testing"

	"dogear/bot"
)

// TestClubless shows what somebody gets of whom no club is known: how to make
// one known, and what concerns them alone.
func TestClubless(t *testing.T) {
	tb := newTable(t)
	for _, cmd := range bot.Commands() {
		req := bot.Request{Seat: bot.Seat{Reader: "zoe", Channel: "d"}, Command: cmd.Name, Moderator: true}
		got := tb.handle(req).out.String()
		knows := strings.HasPrefix(cmd.Name, "privacy ") || cmd.Name == "help" || cmd.Name == "home" || cmd.Name == "yes"
		if lost := strings.HasPrefix(got, "I don't know which club you are in."); lost == knows {
			t.Errorf("%s: %s", cmd.Name, got)
		}
	}
	view, err := tb.store.Look(t.Context(), bot.Visit{})
	if err != nil || view.Version.N != 0 {
		t.Errorf("there is a club without a name now: %v, %v", view.Version, err)
	}
}
