package answer_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dogear/bot/answer"
	"dogear/bot/label"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// sampleClub returns the sample club's sources, labelled.
func sampleClub() (library.Book, []library.Source) {
	b := library.Shipped()[0]
	l := label.New(b)
	var out []library.Source
	for _, src := range library.Sample() {
		if src.Book == b.ID {
			out = append(out, l.Label(src))
		}
	}
	return b, out
}

// sharedReviews returns real reviews, where the machine has some beside the
// project.
func sharedReviews(t testing.TB, b library.Book) []library.Source {
	t.Helper()
	paths, _ := filepath.Glob("../../../shared/reviews/*.txt")
	l := label.New(b)
	var out []library.Source
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		src, err := library.Read(library.File{Name: filepath.Base(p), Data: data}, b)
		if err != nil {
			t.Fatal(err)
		}
		src.ID = library.SourceID(src.File)
		out = append(out, l.Label(src))
	}
	return out
}

// at returns who has finished so many chapters.
func at(b library.Book, n spoiler.Position) spoiler.Horizon {
	return spoiler.Horizon{}.With(b.ID, n)
}

// seen writes an excerpt as an audience sees it.
func seen(e reply.Excerpt, h spoiler.Horizon) string {
	text, _ := e.Passage.Open(h)
	title, _ := e.Title.Open(h)
	link, _ := e.Link.Open(h)
	return fmt.Sprintf("%q %s %q %s", text, e.Reviewer, title, link)
}

// stands writes who stands where.
func stands(v answer.Verdict) []string {
	var out []string
	for _, list := range []struct {
		stance   string
		opinions []answer.Opinion
	}{{"for", v.For}, {"torn", v.Torn}, {"against", v.Against}} {
		for _, o := range list.opinions {
			out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", list.stance, strings.SplitN(o.Excerpt.File, ".", 2)[0], o.Rating)))
		}
	}
	return out
}

func TestVerdictOfTheSampleClub(t *testing.T) {
	b, sources := sampleClub()
	for _, place := range []spoiler.Position{0, 7, 23} {
		h := at(b, place)
		v := answer.Judge(sources, b, h)
		want := []string{
			"for marginalia-mo 5/5", "for t-okonedo-lane 4.5/5", "for bex 4/5", "for juniper-and-tea",
			"torn dr-v-castellane 3/5", "against harlan-pike 2/5",
		}
		if diff := cmp.Diff(want, stands(v)); diff != "" {
			t.Errorf("at %d (-want +got):\n%s", place, diff)
		}
		if v.Silent != 0 {
			t.Errorf("at %d: %d silent; a page of FAQ is no reviewer", place, v.Silent)
		}
		if v.Disagreement == nil {
			t.Fatalf("at %d: no disagreement", place)
		}
		for _, c := range []struct{ what, want, got string }{
			{"best of the praise", "Never Let Me Go is the best novel I have read in ten years.", text(v.For[0].Excerpt, h)},
			{"best of the blame", "I wanted to like this novel, and I didn't.", text(v.Against[0].Excerpt, h)},
			{"subject", "the pace", v.Disagreement.About.String()},
			{"praise", "The pacing is slow, but the slowness is the point.", text(v.Disagreement.Praise, h)},
			{"blame", "The pacing in the first third is glacial.", text(v.Disagreement.Against, h)},
		} {
			if c.got != c.want {
				t.Errorf("at %d: %s: %q, want %q", place, c.what, c.got, c.want)
			}
		}
	}
}

func text(e reply.Excerpt, h spoiler.Horizon) string {
	s, _ := e.Passage.Open(h)
	return s
}

func TestVerdictOfRealReviews(t *testing.T) {
	b := library.Shipped()[0]
	real := sharedReviews(t, b)
	if real == nil {
		t.Skip("no real reviews beside the project")
	}
	h := at(b, 0)
	v := answer.Judge(real, b, h)
	got := stands(v)
	slices.Sort(got)
	want := []string{"against reading21", "for rouge-readings", "for told-and-not-told", "torn admired-but-not-loved"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if v.Disagreement == nil {
		t.Fatal("no disagreement")
	}
	for _, list := range [][]answer.Opinion{v.For, v.Torn, v.Against} {
		for _, o := range list {
			if text(o.Excerpt, h) == "" {
				t.Errorf("%s has no quotation", o.Source)
			}
		}
	}
}

// review makes a review of sentences that all may see and the labels know as
// opinions.
func review(b library.Book, id, reviewer, date, rating string, sentences ...string) library.Source {
	src := library.Source{ID: library.SourceID(id), Book: b.ID, File: id + ".md", Reviewer: reviewer, Date: date, Rating: rating}
	for i, s := range sentences {
		src.Sentences = append(src.Sentences, library.Sentence{
			Start: 100 * i, Kind: library.Prose, Passage: spoiler.Seal(b.ID, 0, s),
			Because: []library.Evidence{{Layer: library.ByOpinion}},
		})
	}
	return src
}

func TestJudge(t *testing.T) {
	b := book(t)
	faq := review(b, "faq", "Club", "", "", "The book is wonderful.")
	faq.Sentences[0].Entry = 1
	plot := review(b, "plot", "Cy", "", "", "She hated the awful school.")
	plot.Sentences[0].Because = []library.Evidence{{Layer: library.ByLedger}}
	leaning := review(b, "leaning", "Di", "", "", "It was a wonderful thing.")
	leaning.Sentences[0].Leans = true
	hidden := review(b, "hidden", "Eve", "", "1/5", "I hated this book.")
	hidden.Sentences[0].Passage = spoiler.Seal(b.ID, 5, "I hated this book.")
	elsewhere := review(b, "elsewhere", "Flo", "", "5/5", "I loved this book.")
	elsewhere.Book = "other"
	foreign := review(b, "foreign", "Gus", "", "5/5", "I loved this book.")
	foreign.Sentences[0].Passage = spoiler.Seal("other", 0, "I loved this book.")

	for name, c := range map[string]struct {
		sources []library.Source
		want    []string
		silent  int
		clash   string // its two sentences; empty: none
	}{
		"a rating decides": {
			sources: []library.Source{review(b, "a", "Ann", "", "2/5", "The prose is lovely.")},
			want:    []string{"against  2/5"},
		},
		"3.5 of 5 is for the book, 3 is torn, 2 is against it": {
			sources: []library.Source{review(b, "a", "A", "", "3.5/5", "I loved the prose."), review(b, "b", "B", "", "3/5", "I am of two minds."), review(b, "c", "C", "", "2/5", "I was bored by it.")},
			want:    []string{"for a 3.5/5", "torn b 3/5", "against c 2/5"},
			clash:   "I loved the prose. / I was bored by it.",
		},
		"what is no rating does not decide": {
			sources: []library.Source{review(b, "a", "Ann", "", "2/5 and she dies", "I loved this book.")},
			want:    []string{"for a"},
		},
		"stars in a sentence are a rating": {
			sources: []library.Source{review(b, "a", "Ann", "", "", "The prose is lovely.", "Two stars from me.")},
			want:    []string{"against a 2/5"},
		},
		"what readers say is no stance": {
			sources: []library.Source{review(b, "a", "Ann", "", "", "Some readers love this book.", "I read it in May.")},
			silent:  1,
		},
		"no FAQ, no plot, nothing hidden, no other book": {
			sources: []library.Source{faq, plot, hidden, elsewhere, foreign},
			silent:  1, // Cy, who tells the plot
		},
		"nothing to quote is no stance": {
			sources: []library.Source{leaning},
			silent:  1,
		},
		"a reviewer counts once, by the latest": {
			sources: []library.Source{
				review(b, "a", "Ann", "2020-01-01", "5/5", "I loved this book."),
				review(b, "b", "ann", "2024-01-01", "2/5", "I was bored by this book."),
				review(b, "c", "Ann", "2025-01-01", "", "I loved this book again."),
			},
			want: []string{"against b 2/5"},
		},
		"those without a name are each their own": {
			sources: []library.Source{review(b, "a", "", "", "", "I loved this book."), review(b, "b", "", "", "", "I loved this book.")},
			want:    []string{"for a", "for b"},
		},
		"they clash about the same thing first": {
			sources: []library.Source{
				review(b, "a", "A", "", "5/5", "This novel is an absolute masterpiece.", "The narrator is charming."),
				review(b, "b", "B", "", "1/5", "I hated every word of this.", "The narrator is irritating."),
			},
			want:  []string{"for a 5/5", "against b 1/5"},
			clash: "The narrator is charming. / The narrator is irritating.",
		},
		"who is torn clashes where nobody is against": {
			sources: []library.Source{
				review(b, "a", "A", "", "5/5", "The prose is lovely."),
				review(b, "b", "B", "", "3/5", "The prose is flat."),
			},
			want:  []string{"for a 5/5", "torn  3/5"},
			clash: "The prose is lovely. / The prose is flat.",
		},
		"all agree": {
			sources: []library.Source{review(b, "a", "A", "", "5/5", "The prose is lovely."), review(b, "b", "B", "", "4/5", "The prose is great.")},
			want:    []string{"for a 5/5", "for b 4/5"},
		},
		"nobody": {},
	} {
		t.Run(name, func(t *testing.T) {
			for range 5 {
				v := answer.Judge(c.sources, b, spoiler.Horizon{})
				if diff := cmp.Diff(c.want, stands(v)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if v.Silent != c.silent {
					t.Errorf("%d silent, want %d", v.Silent, c.silent)
				}
				clash := ""
				if d := v.Disagreement; d != nil {
					clash = text(d.Praise, spoiler.Horizon{}) + " / " + text(d.Against, spoiler.Horizon{})
				}
				if clash != c.clash {
					t.Errorf("clash %q, want %q", clash, c.clash)
				}
				rand.Shuffle(len(c.sources), func(i, j int) { c.sources[i], c.sources[j] = c.sources[j], c.sources[i] })
			}
		})
	}
}

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
		fmt.Fprintln(&out, d.About, seen(d.Praise, h), seen(d.Against, h))
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
	if len(different) < 40 {
		t.Error("the verdicts are too much alike to show anything")
	}
}

// BenchmarkJudge weighs 1,000 sources, as many as twenty sample clubs and more.
func BenchmarkJudge(b *testing.B) {
	bk, sample := sampleClub()
	var sources []library.Source
	for n := range 1000 {
		src := sample[n%len(sample)]
		src.ID = library.SourceID(fmt.Sprintf("%s-%d", src.ID, n))
		src.Reviewer = fmt.Sprint(src.Reviewer, " ", n)
		sources = append(sources, src)
	}
	h := at(bk, bk.End())
	b.ReportAllocs()
	for b.Loop() {
		answer.Judge(sources, bk, h)
	}
}
