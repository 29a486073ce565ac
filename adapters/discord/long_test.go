package discord

import (
	"fmt"
	"strings"
	"testing"

	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// TestLong renders documents of far more than fits, and shows that what is sent
// is within the limits, that each tag is whole, and each character in it.
func TestLong(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads a few hundred full messages")
	}
	reader := func(veil reply.Veil) func() (*reply.Writer, func() reply.Doc) {
		return func() (*reply.Writer, func() reply.Doc) {
			w := reply.ToReader(spoiler.Horizon{}, veil, "TICKET")
			return &w.Writer, func() reply.Doc { return w.Doc() }
		}
	}
	channel := func(tags reply.Tags) func() (*reply.Writer, func() reply.Doc) {
		return func() (*reply.Writer, func() reply.Doc) {
			w := reply.ToChannel(spoiler.Horizon{}, tags, "TICKET")
			return &w.Writer, func() reply.Doc { return w.Doc() }
		}
	}
	// What a reader sees as one character, however often it is repeated.
	for _, cluster := range []string{"👨‍👩‍👧‍👦", "🇩🇪", "👍🏽", "e\u0301\u0302", "1️⃣", "*\u20dd", "W", ".", "\\", "|", "||a\n"} {
		for name, audience := range map[string]func() (*reply.Writer, func() reply.Doc){
			"tags": reader(reply.Tag), "shown": reader(reply.Show), "channel": channel(reply.Tagged), "buttons": channel(reply.Buttons),
		} {
			t.Run(fmt.Sprintf("%q %s", cluster, name), func(t *testing.T) {
				w, doc := audience()
				text := strings.Repeat(cluster, 4000/units(cluster))
				w.Head("Past your place:")
				for range 60 {
					w.Passage(reply.Excerpt{Passage: spoiler.Seal(book, 1, text), Kind: "review", Reviewer: text})
				}
				w.Offer(reply.Report, "Report a spoiler")
				sent := render(doc())
				for _, flaw := range judge(doc(), nil, sent, message.wire) {
					t.Error(flaw)
				}
				all := strings.Join(payloads(sent), "\n")
				if !strings.Contains(all, "\n"+escape(moreLeft.String())) {
					t.Error("it does not say that there is more")
				}
				if name == "buttons" { // one row is the report's
					if lines, buttons := strings.Count(all, "Covered\\: “Open "), strings.Count(all, `"custom_id":"reveal:`); lines != 20 || buttons != 20 || strings.Contains(all, text[:3*len(cluster)]) {
						t.Errorf("%d lines and %d buttons, want 20 of each and no text", lines, buttons)
					}
					return
				}
				if len(sent) != 5 {
					t.Errorf("%d messages, want 5", len(sent))
				}
				cut := strings.SplitAfter(all, "…")
				for _, before := range cut[:len(cut)-1] {
					if !strings.Contains(cluster, "\n") && !strings.HasSuffix(before, escape(cluster)+"…") {
						t.Fatalf("cut within a character: %+q", before[max(0, len(before)-40):])
					}
				}
				if len(cut) == 1 {
					t.Error("nothing is cut")
				}
			})
		}
	}
}
