// Package adaptertest is the leak suite that every adapter passes: documents
// with a canary in every field that can hold text, rendered, and every string
// of every payload searched for what its audience may not see.
package adaptertest

import (
	"fmt"
	"math/rand/v2"
	"strconv"
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
	due   bool // whoever may see it is shown it
}

// garden plants canaries and remembers them.
type garden struct {
	rng      *rand.Rand
	at       spoiler.Position
	decorate string
	planted  []planted
}

// around returns a text that may trip a renderer up.
func (g *garden) around() string {
	if g.rng.IntN(3) == 0 {
		return g.decorate
	}
	return hostile[g.rng.IntN(len(hostile))]
}

// reveal returns the Reveal of a text that is being made up.
func (g *garden) reveal() spoiler.Position {
	if g.rng.IntN(12) == 0 {
		return spoiler.Never
	}
	return spoiler.Position(g.rng.IntN(chapters + 1))
}

func (g *garden) seal(kind string, title, due bool) spoiler.Passage {
	word, reveal := canary(kind, len(g.planted)), g.reveal()
	g.planted = append(g.planted, planted{word, reveal > g.at, title, reveal == spoiler.Never, due})
	return spoiler.Seal(book, reveal, g.around()+" "+word+" "+g.around())
}

// source returns a source as a document takes it. What it says of itself in
// plain words has no canary: no horizon keeps it.
func (g *garden) source(named bool) reply.Excerpt {
	kind := "review"
	if g.rng.IntN(2) == 0 {
		kind = "faq"
	}
	e := reply.Excerpt{
		Kind: kind, ID: "id", File: "file.txt", Reviewer: "reviewer" + g.around(), Date: "2026" + g.around(), Rating: g.around() + "4/5" + g.around(),
	}
	if named || g.rng.IntN(4) > 0 {
		e.Title, e.Link = g.seal("title", true, named), g.seal("link", true, false)
	}
	return e
}

// excerpt returns a sentence as a document takes it.
func (g *garden) excerpt() reply.Excerpt {
	e := g.source(false)
	e.Passage = g.seal("text", false, true)
	return e
}

// paragraph returns up to five sentences of one source.
func (g *garden) paragraph() []reply.Excerpt {
	var out []reply.Excerpt
	e := g.source(false)
	for n := range g.rng.IntN(6) {
		e.Passage, e.Sentence, e.Start, e.End = g.seal("said", false, true), n, 10*n, 10*n+9
		out = append(out, e)
	}
	return out
}

// upTo returns a choice for each number from 1 to n.
func upTo(n int, words func(reply.Arg) reply.Phrase) (out []reply.Option) {
	for i := range n {
		out = append(out, reply.Option{Value: strconv.Itoa(i + 1), Words: words(reply.Number(i + 1))})
	}
	return out
}

// own returns a reader's own words: back to that reader, and to nobody else.
func (g *garden) own(public bool) string {
	word := canary("own", len(g.planted))
	g.planted = append(g.planted, planted{word: word, past: public, title: public, due: true})
	return word
}

// controls are everything that a document can offer, with up to n numbers to
// choose from where there is something to choose.
var controls = []func(w *reply.Writer, n int){
	func(w *reply.Writer, _ int) { w.Offer(reply.Share, "Share with the channel") },
	func(w *reply.Writer, n int) {
		finished := reply.Option{Value: "finished", Words: reply.Words("Finished the book")}
		w.OfferChoice(reply.ReadFurther, "I've read further", append(upTo(min(n, reply.MostChoices-1), func(n reply.Arg) reply.Phrase { return reply.Words("Finished chapter {1}", n) }), finished)...)
	},
	func(w *reply.Writer, _ int) { w.Offer(reply.LookPast, "Look past my place") },
	func(w *reply.Writer, n int) {
		w.OfferChoice(reply.Report, "Report a spoiler", upTo(n, func(n reply.Arg) reply.Phrase { return reply.Words("Number {1}", n) })...)
	},
	func(w *reply.Writer, _ int) { w.Offer(reply.Confirm, "Yes, show it to me") },
	func(w *reply.Writer, _ int) { w.Offer(reply.More, "Next page") },
	func(w *reply.Writer, _ int) {
		w.OfferChoice(reply.Decide, "Safe from chapter", reply.Option{Value: "0", Words: reply.Words("Safe for everyone")},
			reply.Option{Value: "never", Words: reply.Words("Never")})
	},
	func(w *reply.Writer, _ int) { w.Offer(reply.Undo, "Take my last decision back") },
}

// tags are those of a channel, by the veil under which a public document is
// asked for.
var tags = map[reply.Veil]reply.Tags{reply.Hide: reply.NoTags, reply.Tag: reply.Tagged, reply.Show: reply.Buttons}

// Document builds a document from a seed and returns it with what it holds:
// everything that a Writer can write. Nothing is shown to a channel, so a public
// document under Show is that of a channel with buttons in the place of tags.
func Document(seed uint64, public bool, veil reply.Veil, decorate string) (reply.Doc, []planted) {
	rng := rand.New(rand.NewPCG(seed, 1))
	g := &garden{rng: rng, at: spoiler.Position(rng.IntN(chapters + 1)), decorate: decorate}
	var h spoiler.Horizon
	h = h.With(book, g.at)
	var w *reply.Writer
	var doc func() reply.Doc
	if public {
		pw := reply.ToChannel(h, tags[veil], "ticket")
		w, doc = &pw.Writer, func() reply.Doc { return pw.Doc() }
	} else {
		pw := reply.ToReader(h, veil, "ticket")
		w, doc = &pw.Writer, func() reply.Doc { return pw.Doc() }
	}
	w.Say("For {1}:", reply.Name("The Book "+g.around()))
	for n := range 1 + rng.IntN(6) {
		switch rng.IntN(8) {
		case 0, 1, 2:
			w.Passage(g.excerpt())
		case 3:
			w.Numbered(n+1, g.excerpt())
		case 4:
			w.Source(0, g.source(true))
			w.Paragraph(g.paragraph())
		case 5:
			w.Source(n+1, g.source(true))
		case 6:
			w.Paragraph(g.paragraph())
		case 7:
			w.Head("About {1}:", reply.Name(g.around()))
			w.List("{1} wrote {2}", reply.Name(g.around()), reply.Count(rng.IntN(3), "review", "reviews"))
		}
	}
	w.Say("You said {1}.", reply.Own(g.own(public)))
	if rng.IntN(4) == 0 {
		w.Write(reply.Data, reply.Words("{1}", reply.Own("{\n  \"said\": \""+g.own(public)+"\"\n}"+g.around())))
	}
	for _, i := range rng.Perm(len(controls))[:1+rng.IntN(len(controls))] {
		controls[i](w, rng.IntN(reply.MostChoices+1))
	}
	return doc(), g.planted
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
					case p.title, p.never, veil == reply.Hide, public && tags[veil] == reply.Buttons, a.Withholds && (public || veil != reply.Show):
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
	many := uint64(2000)
	if testing.Short() {
		many = 200
	}
	for seed := range many {
		Check(t, a, seed, "")
	}
	shown := map[bool]int{}
	for seed := range uint64(200) {
		for _, public := range []bool{false, true} {
			for _, veil := range []reply.Veil{reply.Hide, reply.Tag, reply.Show} {
				doc, all := Document(seed, public, veil, "")
				sent := strings.Join(a.Render(doc), "\n")
				for _, p := range all {
					asked := !public && veil == reply.Show && !p.title && !p.never
					if !p.due || p.past && !asked {
						continue
					}
					shown[p.title]++
					if !strings.Contains(sent, p.word) {
						t.Errorf("seed %d, public %v, veil %s: %s may be seen and is not shown", seed, public, veil, p.word)
					}
				}
			}
		}
	}
	if shown[false] == 0 || shown[true] == 0 {
		t.Error("the suite showed nothing; it tests nothing")
	}
}
