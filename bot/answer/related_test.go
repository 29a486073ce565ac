package answer_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dogear/bot/answer"
	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// listed makes a source that lists other reads that lie at a place.
func listed(b library.Book, id, reviewer string, place spoiler.Position, reads ...string) library.Source {
	src := review(b, id, reviewer, "", "", "I read this in May.")
	for _, r := range reads {
		src.Related = append(src.Related, spoiler.Seal(b.ID, place, r))
	}
	return src
}

func TestRelatedReads(t *testing.T) {
	b := book(t)
	unheard := listed(b, "e", "Eve", 0, "A Lamp")
	unheard.Sentences[0].Passage = spoiler.Seal(b.ID, 9, "I read this in May.")
	sources := []library.Source{
		listed(b, "d", "Dee", 9, "The Sequel in Which She Dies", "The Lamp"),
		listed(b, "c", "Cy", 0, "the lamp", "Zebra, for its stripes", "The Book"),
		listed(b, "a", "Ann", 0, "The Lamp by Mo Finch, for the light", "Stand by Me", "Lamp by Mo Finch"),
		listed(b, "b", "ann", 0, "“The Lamp” by Mo Finch"),
		listed(b, "f", "Flo", 0, "Stand by You", "The Lamp by Somebody Else"),
		unheard,
	}
	for place, want := range map[spoiler.Position][]string{
		0: {"The Lamp by Mo Finch, for the light (Ann Cy)", "The Lamp by Somebody Else (Flo)", "Stand by Me (Ann)", "Stand by You (Flo)", "Zebra, for its stripes (Cy)"},
		9: {
			"The Lamp by Mo Finch, for the light (Ann Cy Dee Eve)", "The Lamp by Somebody Else (Flo)",
			"The Sequel in Which She Dies (Dee)", "Stand by Me (Ann)", "Stand by You (Flo)", "Zebra, for its stripes (Cy)",
		},
	} {
		for range 5 {
			var got []string
			for _, r := range answer.RelatedReads(sources, b, at(b, place)) {
				var by []string
				for _, e := range r.NamedBy {
					by = append(by, e.Reviewer)
				}
				got = append(got, text(r.NamedBy[0], at(b, place))+" ("+strings.Join(by, " ")+")")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("at %d (-want +got):\n%s", place, diff)
			}
			rand.Shuffle(len(sources), func(i, j int) { sources[i], sources[j] = sources[j], sources[i] })
		}
	}
}

func TestRelatedReadsOfTheSampleClub(t *testing.T) {
	b, sources := sampleClub()
	if got := answer.RelatedReads(sources, b, at(b, b.End())); len(got) != 4 {
		t.Errorf("%d other reads, want 4", len(got))
	}
}
