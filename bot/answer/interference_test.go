package answer_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dogear/bot/answer"
	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// change is something that may happen to what lies past a place.
type change func(src library.Source, h spoiler.Horizon, rng *rand.Rand) []library.Source

// past returns a source with every hidden passage changed by f, and with what
// else its hidden sentences hold changed too.
func past(src library.Source, h spoiler.Horizon, f func(string) string) library.Source {
	now := func(p spoiler.Passage) spoiler.Passage {
		if p.IsZero() || p.Within(h) {
			return p
		}
		return spoiler.Seal(p.Book(), p.Reveal(), f(unsealed.Text(p)))
	}
	src.Title, src.Link = now(src.Title), now(src.Link)
	src.Sentences, src.Related = slices.Clone(src.Sentences), slices.Clone(src.Related)
	for i, s := range src.Sentences {
		if !s.Passage.Within(h) {
			src.Sentences[i].Passage = now(s.Passage)
			src.Sentences[i].Kind, src.Sentences[i].Entry, src.Sentences[i].Leans = library.Prose, 0, false
			src.Sentences[i].Because = []library.Evidence{{Layer: library.ByOpinion}}
		}
	}
	for i, p := range src.Related {
		src.Related[i] = now(p)
	}
	return src
}

var changes = map[string]change{
	"deleted": func(src library.Source, h spoiler.Horizon, _ *rand.Rand) []library.Source {
		hidden := func(p spoiler.Passage) bool { return !p.Within(h) }
		if hidden(src.Title) {
			src.Title = spoiler.Passage{}
		}
		if hidden(src.Link) {
			src.Link = spoiler.Passage{}
		}
		src.Sentences = slices.DeleteFunc(slices.Clone(src.Sentences), func(s library.Sentence) bool { return hidden(s.Passage) })
		src.Related = slices.DeleteFunc(slices.Clone(src.Related), hidden)
		if len(src.Sentences) == 0 {
			return nil
		}
		return []library.Source{src}
	},
	"scrambled": func(src library.Source, h spoiler.Horizon, rng *rand.Rand) []library.Source {
		return []library.Source{past(src, h, func(s string) string {
			words := strings.Fields(s)
			rng.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
			return strings.Join(words, " ")
		})}
	},
	"rewritten": func(src library.Source, h spoiler.Horizon, rng *rand.Rand) []library.Source {
		lines := []string{"I hated this awful book.", "I loved this book, a masterpiece.", "One star.", "Five stars from me.", "The prose is flat.", "The Remains of the Day"}
		return []library.Source{past(src, h, func(string) string { return lines[rng.IntN(len(lines))] })}
	},
	"multiplied": func(src library.Source, h spoiler.Horizon, _ *rand.Rand) []library.Source {
		out := []library.Source{src}
		for n := range 9 {
			more := src
			more.ID = library.SourceID(fmt.Sprintf("%d-%s", n, src.ID))
			more.Rating, more.Date = "1/5", "2030-01-01"
			if n%2 == 0 {
				more.Reviewer = fmt.Sprint("Somebody ", n)
			}
			more.Sentences = slices.DeleteFunc(slices.Clone(src.Sentences), func(s library.Sentence) bool { return s.Passage.Within(h) })
			out = append(out, more)
		}
		return out
	},
}

// whole writes all that an audience may learn of a verdict and of other reads.
func whole(sources []library.Source, b library.Book, h spoiler.Horizon) string {
	var out strings.Builder
	v := answer.Judge(sources, b, h)
	for _, list := range [][]answer.Opinion{v.For, v.Torn, v.Against} {
		for _, o := range list {
			fmt.Fprintln(&out, o.Source, o.Stance, o.Rating, o.Strength, seen(o.Excerpt, h))
		}
	}
	fmt.Fprintln(&out, v.Silent, "silent")
	if d := v.Disagreement; d != nil {
		fmt.Fprintln(&out, d.About, seen(d.Praise, h), seen(d.Blame, h))
	}
	for _, r := range answer.RelatedReads(sources, b, h) {
		for _, e := range r.NamedBy {
			fmt.Fprintln(&out, "related", seen(e, h))
		}
	}
	return out.String()
}

const canary = "CANARY"

// spread seals every passage of the sources at places of chance, so that there
// are opinions on both sides of every place, and adds hidden canaries.
func spread(b library.Book, sources []library.Source, rng *rand.Rand) []library.Source {
	anywhere := func(p spoiler.Passage) spoiler.Passage {
		if p.IsZero() {
			return p
		}
		return unsealed.Relabel(p, spoiler.Position(rng.IntN(b.Chapters()+1)))
	}
	var out []library.Source
	for _, src := range sources {
		src.Title, src.Link = anywhere(src.Title), anywhere(src.Link)
		src.Sentences, src.Related = slices.Clone(src.Sentences), slices.Clone(src.Related)
		for i, s := range src.Sentences {
			src.Sentences[i].Passage = anywhere(s.Passage)
		}
		for i, p := range src.Related {
			src.Related[i] = anywhere(p)
		}
		out = append(out, canaries(b, src))
	}
	return out
}

// canaries adds to a source what nobody who has not finished may see.
func canaries(b library.Book, src library.Source) library.Source {
	for _, s := range []string{"I hated this book, " + canary + ".", "One star, " + canary + "."} {
		src.Sentences = append(slices.Clone(src.Sentences), library.Sentence{
			Kind: library.Prose, Passage: spoiler.Seal(b.ID, b.End()+1, s), Because: []library.Evidence{{Layer: library.ByOpinion}},
		})
	}
	src.Related = append(slices.Clone(src.Related), spoiler.Seal(b.ID, b.End()+1, canary+" by Mo Finch"))
	return src
}

// TestVerdictNonInterference changes everything past a place, in four ways, and
// compares all that an audience at that place may learn.
func TestVerdictNonInterference(t *testing.T) {
	b, sources := sampleClub()
	rng := rand.New(rand.NewPCG(1, 2))
	sources = append(sources, sharedReviews(t, b)...)
	clubs := make([][]library.Source, 1)
	for _, src := range sources {
		clubs[0] = append(clubs[0], canaries(b, src))
	}
	for range 5 {
		clubs = append(clubs, spread(b, sources, rng))
	}
	compared := 0
	different := map[string]bool{}
	for n, club := range clubs {
		for _, place := range []spoiler.Position{0, 1, 7, 12, 13, 18, 21, 22, 23} {
			h := at(b, place)
			want := whole(club, b, h)
			different[want] = true
			if strings.Contains(want, canary) || strings.Contains(fmt.Sprintf("%+v %#v %+v", answer.Judge(club, b, h), answer.Judge(club, b, h), answer.RelatedReads(club, b, h)), canary) {
				t.Fatalf("club %d at %d: a canary sings", n, place)
			}
			for way, change := range changes {
				var now []library.Source
				for _, src := range club {
					now = append(now, change(src, h, rng)...)
				}
				rng.Shuffle(len(now), func(i, j int) { now[i], now[j] = now[j], now[i] })
				if got := whole(now, b, h); got != want {
					t.Fatalf("club %d at %d, %s:\n%s", n, place, way, cmp.Diff(want, got))
				}
				compared++
			}
		}
	}
	t.Logf("%d comparisons of %d different verdicts", compared, len(different))
	if len(different) < 30 {
		t.Error("the verdicts are too much alike to show anything")
	}
}
