package library

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplit(t *testing.T) {
	tests := []struct{ name, want string }{ // sentences are parted by " | "
		{"plain", "One thing. | Two things! | Three?"},
		{"surname initial inside", "We meet Clara B. in the tower. | She waits."},
		{"surname initial before a small letter", "It is about Clara B. who waits."},
		{"surname initial at the end", "It is about Clara B. | She waits."},
		{"initials", "T. S. Wren and J. R. R. Moor wrote it. | E. M. Vale did not."},
		{"middle initial", "I met Ursula K. Moor there."},
		{"titles", "Mr. Brandt met Mrs. Oil, Dr. Salt and St. Elm. | They talked."},
		{"latin", "Tea, e.g. Assam, vs. Coffee, i.e. Mocha. | Done."},
		{"page", "See p. 207. | It is on pp. 3-4 and in ch. 7. | Look."},
		{"numbers", "I give it 4.5 of 5. | It took 3.25 hours."},
		{"a digit begins a sentence", "It ended. | 20 years went by."},
		{"list numbers inside", "1. A lamp."},
		{"dots and a small letter", "I waited... and then it came."},
		{"dots and a capital", "I waited... | Nothing came."},
		{"ellipsis and a small letter", "I waited…and then… it came."},
		{"ellipsis and a capital", "I waited… | Nothing came."},
		{"ellipsis and I", "Well… I waited."},
		{"closing quote", "Before Clara “left.” | Before she went home."},
		{"quoted question goes on", "“How do we light it?” the boy asks, “and when?” | Nobody knows."},
		{"quoted question spoken", "“How do we light it?” Clara asks. | Nobody knows."},
		{"question in brackets goes on", "He left (did he?) at noon."},
		{"runs", "What?! | No!!! | Really??"},
		{"question goes on", "Was it oil? or tea, perhaps."},
		{"brackets", "I liked it. | (So did she.) | And he did [too]."},
		{"no space before bracket", "He left. | (So did she.)"},
		{"emoji closes", "I cried. 😭😭 | Then I laughed. 👍🏽"},
		{"emoji alone", "I cried."},
		{"so did I", "He left and so did I. | Clara stayed."},
		{"dash", "He left — at last — for home. | She stayed."},
		{"straight quotes", "I thought, \"Yes, quite so,\" and slept. | \"No.\" | She woke."},
		{"U.S.", "In the U.S. edition it differs. | The U.S. The end."},
		{"heart", "I loved it <3 so much."},
		{"combining", "Cafe\u0301. | Tea."},
		{"fragments", "Blah. | Tea, too. | No!"},
		{"wide stop", "終わり。 | 始まり。"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parts := strings.Split(tt.want, " | ")
			text := strings.Join(parts, " ")
			if tt.name == "U.S." {
				parts = []string{"In the U.S. edition it differs.", "The U.S.", "The end."}
			}
			var g []glyph
			for i, r := range []rune(text) {
				g = append(g, glyph{r: r, at: span{i, i + 1}})
			}
			var got []string
			for _, s := range split(g, false) {
				got = append(got, str(g[s.from:s.to]))
			}
			if diff := cmp.Diff(parts, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
