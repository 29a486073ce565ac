package reply_test

import (
	"testing"

	"dogear/bot/reply"
)

// TestBy shows whose words a quotation is said to be.
func TestBy(t *testing.T) {
	for _, c := range []struct {
		from reply.Citation
		want string
	}{
		{reply.Citation{Kind: "review", Reviewer: "mo", Title: "Tides"}, "mo: Tides"},
		{reply.Citation{Kind: "review", Title: "Tides"}, "Tides"},
		{reply.Citation{Kind: "review", ID: "id", Link: "link", File: "file"}, "a reader"},
		{reply.Citation{Kind: "faq"}, "the FAQ"},
		{reply.Citation{Kind: "faq", Title: "faq"}, "the FAQ"},
		{reply.Citation{Kind: "faq", Reviewer: "mo", Title: "Tides"}, "mo: Tides (FAQ)"},
	} {
		if got := c.from.By(nil); got != c.want {
			t.Errorf("%+v: %q, want %q", c.from, got, c.want)
		}
	}
}
