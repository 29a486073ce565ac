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
)

// firstBook returns the book that the sample club's first reviews are about.
func firstBook() library.Book {
	all := library.Shipped()
	return all[slices.IndexFunc(all, func(b library.Book) bool { return b.ID == "never-let-me-go" })]
}

// sampleClub returns the sample club's sources, labelled.
func sampleClub() (library.Book, []library.Source) {
	b := firstBook()
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
			{"blame", "The pacing in the first third is glacial.", text(v.Disagreement.Blame, h)},
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
	b := firstBook()
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
					clash = text(d.Praise, spoiler.Horizon{}) + " / " + text(d.Blame, spoiler.Horizon{})
				}
				if clash != c.clash {
					t.Errorf("clash %q, want %q", clash, c.clash)
				}
				rand.Shuffle(len(c.sources), func(i, j int) { c.sources[i], c.sources[j] = c.sources[j], c.sources[i] })
			}
		})
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
