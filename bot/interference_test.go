package bot_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dogear/bot"
	"dogear/bot/label"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
	"dogear/store"
)

// questions are what readers ask; half of them fish for spoilers.
var questions = []string{
	"what is it about?", "what is it actually about?", "is it worth reading?", "did people like it?", "how is it written?", "is it a sad book?",
	"what is the prose like?", "is it slow?", "who is Kathy?", "what is Hailsham?", "what genre is it?", "is it hard to read?",
	"who should read it?", "what do reviewers say about the narrator?", "is there a film?", "what else did Ishiguro write?",
	"does tommy die?", "what happens to Ruth?", "what is the gallery for?", "does anyone escape?", "what are donations?", "why did Madame cry?",
	"what does complete mean?", "are they clones?", "do deferrals exist?", "how does it end?", "what is the ending about?", "who dies?",
	"why don't they run away?", "what happens in Norfolk?", "what is the tape?", "what are carers?", "who is Miss Lucy?", "who is Miss Emily?",
	"what is the secret?", "do Kathy and Tommy end up together?", "what do the guardians hide?", "is there hope?", "what is the twist?",
	"i'm on ch 9, what happens next?", "havent started, is it good?", "tell me about memory and loss", "is the ending happy?", "what is a possible?",
}

// visible renders what a reader sees without opening anything.
type visible struct {
	out      strings.Builder
	quotes   int
	named    int          // sources
	withPast bool         // the veiled part counts too: under hide there is none
	ticket   reply.Ticket // of the reply; empty: it has no controls
	more     bool         // it has another page
}

func (v *visible) Line(l reply.Line) {
	if !v.withPast && (strings.HasPrefix(l.Text(), "Past your place") || strings.HasPrefix(l.Text(), "Past this channel's place") || strings.HasPrefix(l.Text(), "There is nothing past your place")) {
		return
	}
	fmt.Fprintln(&v.out, l.Role, l.Text())
}

func (v *visible) Quote(q reply.Quotation) {
	if q.Past && !v.withPast {
		return
	}
	v.quotes++
	fmt.Fprintf(&v.out, "%d %q %d %v %s %s %s\n", q.Number, q.Text, q.Reveal, q.Past, q.Source.Reviewer, q.Source.Title, q.Source.Link)
}

func (v *visible) Source(n int, c reply.Citation) {
	v.named++
	fmt.Fprintln(&v.out, n, c.Reviewer, c.Title, c.Link, c.Rating, c.Date)
}

func (v *visible) Spoiler(reply.Ticket, func() reply.Quotation) {
	if v.withPast {
		fmt.Fprintln(&v.out, "covered")
	}
}

func (v *visible) Control(c reply.Control) {
	if c.Action == reply.Report && !v.withPast {
		c.Choices = nil // under show they number the veiled part, too
	}
	fmt.Fprintln(&v.out, c.Action, c.Label, c.Choices, c.Does)
	v.ticket, v.more = c.Ticket, v.more || c.Action == reply.More
}

// mutation changes what lies past a place, and nothing else.
type mutation func(src library.Source, at spoiler.Position, rng *rand.Rand) []library.Source

// hidden applies f to every hidden text of a source.
func hidden(src library.Source, at spoiler.Position, f func(string) string) library.Source {
	change := func(p spoiler.Passage) spoiler.Passage {
		if p.IsZero() || p.Reveal() <= at {
			return p
		}
		return spoiler.Seal(p.Book(), p.Reveal(), f(unsealed.Text(p)))
	}
	src.Title, src.Link = change(src.Title), change(src.Link)
	src.Sentences = slices.Clone(src.Sentences)
	for i := range src.Sentences {
		src.Sentences[i].Passage = change(src.Sentences[i].Passage)
	}
	src.Related = slices.Clone(src.Related)
	for i, r := range src.Related {
		src.Related[i] = change(r)
	}
	return src
}

var mutations = map[string]mutation{
	"deleted": func(src library.Source, at spoiler.Position, _ *rand.Rand) []library.Source {
		if src.Title.Reveal() > at {
			src.Title = spoiler.Passage{}
		}
		if src.Link.Reveal() > at {
			src.Link = spoiler.Passage{}
		}
		src.Sentences = slices.DeleteFunc(slices.Clone(src.Sentences), func(s library.Sentence) bool { return s.Passage.Reveal() > at })
		src.Related = slices.DeleteFunc(slices.Clone(src.Related), func(p spoiler.Passage) bool { return p.Reveal() > at })
		return []library.Source{src}
	},
	"scrambled": func(src library.Source, at spoiler.Position, rng *rand.Rand) []library.Source {
		return []library.Source{hidden(src, at, func(s string) string {
			words := strings.Fields(s)
			rng.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
			return strings.Join(words, " ")
		})}
	},
	"rewritten": func(src library.Source, at spoiler.Position, rng *rand.Rand) []library.Source {
		return []library.Source{hidden(src, at, func(string) string {
			question := questions[rng.IntN(len(questions))]
			return question + " " + question
		})}
	},
	"multiplied": func(src library.Source, at spoiler.Position, _ *rand.Rand) []library.Source {
		out := []library.Source{src}
		for n := range 9 {
			more := src
			more.ID = library.SourceID(fmt.Sprintf("%s-%d", src.ID, n))
			more.Sentences = slices.DeleteFunc(slices.Clone(src.Sentences), func(s library.Sentence) bool { return s.Passage.Reveal() <= at })
			out = append(out, more)
		}
		return out
	},
}

// TestNonInterference changes everything past a place, in four ways, and
// compares what a reader at that place sees, byte by byte.
func TestNonInterference(t *testing.T) {
	book := firstBook(t)
	l := label.New(book)
	sources := map[string][]library.Source{"sample": nil}
	for _, src := range library.Sample() {
		if src.Book == book.ID {
			sources["sample"] = append(sources["sample"], l.Label(src))
		}
	}
	if real := sharedReviews(t, book); real != nil {
		for i, src := range real {
			real[i] = l.Label(src)
		}
		sources["real reviews"] = real
	}
	for name, library := range sources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			interfere(t, book, library)
		})
	}
}

func interfere(t *testing.T, book library.Book, sources []library.Source) {
	rng := rand.New(rand.NewPCG(1, 2))
	compared, shown := 0, 0
	for _, at := range []spoiler.Position{0, 7, 13, 21, 23} {
		plain := clubOf(t, sources)
		for _, veil := range []reply.Veil{reply.Hide, reply.Tag, reply.Show} {
			for _, q := range questions {
				_, quotes := see(t, plain, q, at, veil)
				if quotes > 0 {
					shown++
				}
				compared++
			}
		}
		for way, change := range mutations {
			changed := clubOf(t, mutate(sources, change, at, rng))
			for _, veil := range []reply.Veil{reply.Hide, reply.Tag, reply.Show} {
				for _, q := range questions {
					same(t, plain, changed, way, q, at, veil)
				}
			}
		}
	}
	t.Logf("%d questions, %d visible parts that are not empty", compared, shown)
	if shown*2 < compared {
		t.Errorf("only %d of %d visible parts hold anything", shown, compared)
	}
}

func mutate(sources []library.Source, m mutation, at spoiler.Position, rng *rand.Rand) []library.Source {
	var out []library.Source
	for _, src := range sources {
		out = append(out, m(src, at, rng)...)
	}
	return out
}

func same(t *testing.T, plain, changed *bot.Bot, way, q string, at spoiler.Position, veil reply.Veil) {
	t.Helper()
	want, _ := see(t, plain, q, at, veil)
	if got, _ := see(t, changed, q, at, veil); got != want {
		t.Errorf("%s, %q at %d under %s:\n--- before\n%s--- after\n%s", way, q, at, veil, want, got)
	}
}

// see returns what a reader sees uncovered, and how many quotations.
func see(t *testing.T, b *bot.Bot, q string, at spoiler.Position, veil reply.Veil) (string, int) {
	t.Helper()
	a, err := b.Ask(context.Background(), bot.Asking{
		Request: bot.Request{Seat: bot.Seat{Club: "club", Reader: "r", Channel: "c"}}, Question: q, At: fmt.Sprint("ch", at), Veil: veil,
	})
	if err != nil {
		t.Fatal(err)
	}
	v := visible{withPast: veil == reply.Hide}
	a.Doc.Render(&v)
	return v.out.String(), v.quotes
}

// clubOf returns a bot with a club that holds these sources, labelled as they
// are.
func clubOf(t *testing.T, sources []library.Source) *bot.Bot {
	t.Helper()
	s, err := store.Open(context.Background(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Change(context.Background(), "club", bot.Change{PutSources: sources}); err != nil {
		t.Fatal(err)
	}
	return bot.New(s, nil)
}

// sharedReviews returns real reviews, where the machine has some beside the
// project; nil elsewhere.
func sharedReviews(t *testing.T, book library.Book) []library.Source {
	t.Helper()
	paths, _ := filepath.Glob("../../shared/reviews/*.txt")
	if len(paths) == 0 {
		t.Log("no real reviews beside the project; the sample club's alone are tried")
		return nil
	}
	var out []library.Source
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		src, err := library.Read(library.File{Name: filepath.Base(p), Data: data}, book)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, src)
	}
	return out
}
