package bot_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
)

// TestPosters has one process edit for two platforms: each Poster edits what is
// its own, and what is nobody's here is left to another process.
func TestPosters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tb := newTable(t)
		walls := map[string]*failing{"east:": newFailing(0), "west:": newFailing(0), "west:inn:": newFailing(0)}
		for prefix, w := range walls {
			tb.bot.EditWith(prefix, w)
		}
		clubs := map[bot.ClubID]string{"east:1": "east:", "west:1": "west:", "west:inn:1": "west:inn:", "north:1": "", "east": ""}
		bring := func(club bot.ClubID, text string) {
			t.Helper()
			if _, err := tb.bot.Import(t.Context(), club, bot.Import{Book: "never-let-me-go", Files: []library.File{{Name: "r.txt", Data: []byte("A review\n\n" + text)}}}); err != nil {
				t.Fatal(err)
			}
		}
		for club := range clubs {
			bring(club, "The prose is quiet and precise.")
			req := bot.Request{Seat: bot.Seat{Club: club, Reader: "ann", Channel: "c"}, Options: map[string]string{"question": prose}, Room: true}
			doc, ok := tb.bot.Handle(t.Context(), req).(reply.PublicDoc)
			if !ok || !strings.Contains(told(doc), "quiet") {
				t.Fatalf("what is posted is\n%s", told(doc))
			}
			tb.bot.Posted(t.Context(), req, doc, bot.MessageID("m of "+club))
		}
		end := runs(t, tb.bot)
		for club := range clubs {
			bring(club, "The prose is calm.")
		}
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		end()
		for club, mine := range clubs {
			for prefix, w := range walls {
				out := w.reads(bot.MessageID("m of " + club))
				if edited := strings.Contains(out, "calm"); edited != (prefix == mine) {
					t.Errorf("the message of %s reads for %s:\n%s", club, prefix, out)
				}
			}
			_, owed, err := tb.store.ClaimEdits(t.Context(), club, time.Minute)
			if err != nil || owed != (mine == "") {
				t.Errorf("edits of %s are left to be claimed: %t, %v", club, owed, err)
			}
		}

		// A channel that goes back: its message is its platform's to edit.
		for _, club := range []bot.ClubID{"west:1", "north:1"} {
			before, _ := walls["west:"].count()
			for _, line := range []string{"/club book Never Let Me Go", "/club pace finished", "/club pace start"} {
				cmd, options := bot.Typed(line)
				tb.handle(bot.Request{Seat: bot.Seat{Club: club, Reader: "mo", Channel: "c"}, Command: cmd, Options: options, Moderator: true, Confirmed: true})
			}
			if after, _ := walls["west:"].count(); (after > before) != (club == "west:1") {
				t.Errorf("in %s, %d messages were edited", club, after-before)
			}
		}
	})
}

// TestClubsOf lists where a reader is known.
func TestClubsOf(t *testing.T) {
	tb := newTable(t)
	for _, club := range []bot.ClubID{"b", "a"} {
		tb.handle(bot.Request{Seat: bot.Seat{Club: club, Reader: "ann"}, Command: "progress", Options: map[string]string{"place": "3", "book": "never-let-me-go"}})
	}
	clubs, err := tb.bot.ClubsOf(t.Context(), "ann")
	if err != nil || !slices.Equal(clubs, []bot.ClubID{"a", "b"}) {
		t.Errorf("ann is in %q, %v", clubs, err)
	}
	if clubs, err := tb.bot.ClubsOf(t.Context(), "nobody"); err != nil || len(clubs) > 0 {
		t.Errorf("nobody is in %q, %v", clubs, err)
	}
}
