// Package adaptertest is the leak suite that every adapter passes: documents
// with a canary in every field that can hold text, rendered, and every string
// of every payload searched for what its audience may not see.
package adaptertest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// Adapter is how a platform shows a document.
type Adapter struct {
	// Render returns every string of every payload that showing the document
	// sends anywhere.
	Render func(reply.Doc) []string
	// Uncovered returns what of a payload a reader sees without opening a
	// tag, as an independent reader of the platform's markup sees it; empty
	// for one whose whole content is covered. Nil: everything is seen.
	Uncovered func(string) string
	// Withholds says that covered text is not sent at all.
	Withholds bool
}

const book spoiler.BookID = "book"

// chapters is the length of the book that the suite's documents are about.
const chapters = 9

// hostile are texts that a review may hold and that trip renderers up.
var hostile = []string{
	"", "||", "a||b", "`", "```", "*", "_", "~~", "\n", "\r\n", "\u2028", "> ", "- ", "# ", "<!channel>", "<@U1>", "&lt;", "https://a.b/||c||",
	"\\", "\\||", "\x1b[2J", "\x00", "\u202e", "\u200b", "👩‍👩‍👧", "“", "\"", "[1]", "{1}", "%s", "█",
}

// canary is a word that stands nowhere else. Letters only, so that no escaping
// hides it from the search.
func canary(kind string, n int) string {
	letters := []byte{}
	for n >= 0 {
		letters = append(letters, byte('a'+n%26))
		n = n/26 - 1
	}
	return "canary" + kind + "x" + string(letters) + "x"
}

// planted is a canary with what may be known of it.
type planted struct {
	word  string
	past  bool // past the audience's place
	title bool // of a title or a link, which is never covered but left out
	never bool // sealed for ever: for nobody, whatever they ask for
}

// Document builds a document from a seed and returns it with what it holds.
func Document(seed uint64, public bool, veil reply.Veil, decorate string) (reply.Doc, []planted) {
	rng := rand.New(rand.NewPCG(seed, 1))
	at := spoiler.Position(rng.IntN(chapters + 1))
	var h spoiler.Horizon
	h = h.With(book, at)
	var all []planted
	plant := func(kind string, reveal spoiler.Position, title bool) spoiler.Passage {
		word := canary(kind, len(all))
		all = append(all, planted{word, reveal > at, title, reveal == spoiler.Never})
		around := func() string {
			if rng.IntN(3) == 0 {
				return decorate
			}
			return hostile[rng.IntN(len(hostile))]
		}
		return spoiler.Seal(book, reveal, around()+" "+word+" "+around())
	}
	reveal := func() spoiler.Position {
		if rng.IntN(12) == 0 {
			return spoiler.Never
		}
		return spoiler.Position(rng.IntN(chapters + 1))
	}
	var w *reply.Writer
	var doc func() reply.Doc
	if public {
		pw := reply.ToChannel(h, veil != reply.Hide, "ticket")
		w, doc = &pw.Writer, func() reply.Doc { return pw.Doc() }
	} else {
		pw := reply.ToReader(h, veil, "ticket")
		w, doc = &pw.Writer, func() reply.Doc { return pw.Doc() }
	}
	w.Say("For {1}:", reply.Name("The Book "+hostile[rng.IntN(len(hostile))]))
	for range 1 + rng.IntN(5) {
		kind := "review"
		if rng.IntN(2) == 0 {
			kind = "faq"
		}
		w.Passage(reply.Excerpt{
			Passage: plant("text", reveal(), false), Kind: kind, ID: "id", File: "file.txt",
			Title: plant("title", reveal(), true), Link: plant("link", reveal(), true),
			Reviewer: "reviewer" + hostile[rng.IntN(len(hostile))], Date: "2026",
		})
	}
	w.Say("You said {1}.", reply.Own(canary("own", len(all))))
	if public {
		all = append(all, planted{canary("own", len(all)), true, true, false})
	}
	w.Offer(reply.LookPast, "Look past my place")
	return doc(), all
}

// Check renders one document and reports every leak.
func Check(t testing.TB, a Adapter, seed uint64, decorate string) {
	t.Helper()
	for _, public := range []bool{false, true} {
		for _, veil := range []reply.Veil{reply.Hide, reply.Tag, reply.Show} {
			doc, all := Document(seed, public, veil, decorate)
			name := fmt.Sprintf("seed %d, public %v, veil %s", seed, public, veil)
			for _, payload := range a.Render(doc) {
				seen := payload
				if a.Uncovered != nil {
					seen = a.Uncovered(payload)
				}
				for _, p := range all {
					switch {
					case !p.past:
					case p.title, p.never, veil == reply.Hide, a.Withholds && (public || veil != reply.Show):
						if strings.Contains(payload, p.word) {
							t.Errorf("%s: %s is sent, and may not be", name, p.word)
						}
					case public, veil == reply.Tag:
						if strings.Contains(seen, p.word) {
							t.Errorf("%s: %s is seen uncovered", name, p.word)
						}
					}
				}
			}
		}
	}
}

// Run runs the suite. It also checks that what the audience may see is shown,
// lest an adapter pass by showing nothing.
func Run(t *testing.T, a Adapter) {
	t.Helper()
	for seed := range uint64(2000) {
		Check(t, a, seed, "")
	}
	shown := 0
	for seed := range uint64(50) {
		doc, all := Document(seed, false, reply.Tag, "")
		sent := strings.Join(a.Render(doc), "\n")
		for _, p := range all {
			if !p.past && !p.title {
				shown++
				if !strings.Contains(sent, p.word) {
					t.Errorf("seed %d: %s may be seen and is not shown", seed, p.word)
				}
			}
		}
	}
	if shown == 0 {
		t.Error("the suite showed nothing; it tests nothing")
	}
}
