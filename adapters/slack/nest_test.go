package slack

import (
	"math/rand/v2"
	"strings"

	"dogear/adapters/slack/slacktest/reading"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// planted is a word, a canary, that stands in one text of a document, in letters alone, so
// that no escaping hides it.
type planted struct {
	word string
	may  bool // its audience may see it; else it is nowhere in what is sent
	due  bool // it is seen: it stands so early in its text that no cut takes it away
}

// nest is a document that is being written, with the canaries in it.
type nest struct {
	rng      *rand.Rand
	at       spoiler.Position
	past     bool // what lies past the place is shown
	public   bool
	decorate string
	canaries []planted
}

// lay returns a canary.
func (n *nest) lay(may, due bool) string {
	i := len(n.canaries)
	word := "canary" + string(rune('a'+i/26%26)) + string(rune('a'+i%26)) + "x"
	n.canaries = append(n.canaries, planted{word, may, may && due})
	return word
}

// hostile returns a text without a canary, more often than not a short one.
func (n *nest) hostile() string {
	switch n.rng.IntN(8) {
	case 0, 1:
		return n.decorate
	case 2, 3, 4:
		text := reading.Hostile(n.rng.Uint64())
		if len(text) < 80 || n.rng.IntN(20) == 0 {
			return text
		}
	}
	return ""
}

// around returns a text, with a canary in it more often than not. That is due where
// not much stands before it.
func (n *nest) around(may, due bool, early int) string {
	before := n.hostile()
	if n.rng.IntN(12) == 0 { // which may be seen, or not
		return []string{before, "\u2800", " \u0301"}[n.rng.IntN(3)]
	}
	return before + n.lay(may, due && room(before) <= early) + n.hostile()
}

// sealed returns a passage that its audience may see if they have read far enough,
// or if past is set.
func (n *nest) sealed(past, due bool, early int) (p spoiler.Passage, shown bool) {
	reveal := spoiler.Position(n.rng.IntN(2*int(n.at) + 2))
	if n.rng.IntN(16) == 0 {
		reveal = spoiler.Never
	}
	shown = reveal <= n.at || past && reveal != spoiler.Never
	return spoiler.Seal(aBook, reveal, n.around(shown, due, early)), shown
}

// source returns a source; where it is due, what it says of itself is shown, as
// far as there is room. A title past the place is not, whatever is asked for.
func (n *nest) source(due bool) reply.Excerpt {
	e := reply.Excerpt{
		Kind: []string{"review", "faq"}[n.rng.IntN(2)], ID: n.lay(false, false), File: n.lay(false, false),
		Date: n.hostile(), Rating: n.hostile(), Reviewer: n.around(true, due, 40),
	}
	e.Title, _ = n.sealed(false, due && room(e.Reviewer) <= 50, 40)
	e.Link = spoiler.Seal(aBook, 0, "https://"+n.lay(false, false)+".example/"+n.hostile())
	return e
}

// excerpts returns sentences of one source.
func (n *nest) excerpts(most int) (out []reply.Excerpt) {
	e := n.source(false)
	open, past := true, true // the first of each is due
	for range 1 + n.rng.IntN(most) {
		reveal, due := spoiler.Position(n.rng.IntN(2*int(n.at)+2)), false
		if reveal <= n.at {
			due, open = open, false
		} else {
			due, past = past, false
		}
		if n.rng.IntN(16) == 0 {
			reveal, due = spoiler.Never, false
		}
		may := reveal <= n.at || n.past && reveal != spoiler.Never
		e.Passage = spoiler.Seal(aBook, reveal, n.around(may, due, 200))
		out = append(out, e)
	}
	return out
}

// audience starts a document for one of those that there are.
func (n *nest) audience() (w *reply.Writer, doc func() reply.Doc) {
	h := spoiler.Horizon{}.With(aBook, n.at)
	if tags := []reply.Tags{reply.NoTags, reply.Buttons, reply.Tagged, reply.Tagged}; n.rng.IntN(2) == 0 {
		n.public = true
		pw := reply.ToChannel(h, tags[n.rng.IntN(len(tags))], "TICKET")
		return &pw.Writer, func() reply.Doc { return pw.Doc() }
	}
	veils := []reply.Veil{reply.Hide, reply.Show, reply.Tag, reply.Tag}
	veil := veils[n.rng.IntN(len(veils))]
	n.past = veil == reply.Show
	pw := reply.ToReader(h, veil, "TICKET")
	return &pw.Writer, func() reply.Doc { return pw.Doc() }
}

// write returns a small document from a seed, with what it holds: hostile texts
// in every place where the core lets a text in.
func write(seed uint64, decorate string) (reply.Doc, []planted) {
	n := &nest{rng: rand.New(rand.NewPCG(seed, 2)), decorate: decorate}
	n.at = spoiler.Position(n.rng.IntN(4))
	w, doc := n.audience()
	n.open(w)
	for range 1 + n.rng.IntN(2) {
		n.part(w)
	}
	n.offer(w)
	return doc(), n.canaries
}

// open writes a line that begins with a name, or with a reader's own words, and
// those that others stand under.
func (n *nest) open(w *reply.Writer) {
	switch n.rng.IntN(4) {
	case 0:
		w.Say("{1}: here is what I found.", reply.Name(n.around(true, true, 200)))
	case 1:
		w.Head("About {1}:", reply.Name(n.around(true, true, 40)))
	case 2:
		w.Head("Past your place:")
	case 3:
		w.Say("{1} is none.", reply.Own(n.around(!n.public, true, 200)))
	}
}

func (n *nest) part(w *reply.Writer) {
	switch n.rng.IntN(9) {
	case 0, 1, 2:
		w.Passage(n.excerpts(1)[0])
	case 3:
		w.Numbered(1+n.rng.IntN(20), n.excerpts(1)[0])
	case 4:
		w.Source(n.rng.IntN(3), n.source(true))
	case 5, 6:
		w.Paragraph(n.excerpts(3))
	case 7:
		for range 1 + n.rng.IntN(2) {
			w.List("{1} wrote {2}", reply.Name(n.around(true, true, 200)), reply.Count(n.rng.IntN(3), "review", "reviews"))
		}
	case 8: // what a home has
		deed := reply.Deed{Command: "spoilers", Options: map[string]string{"book": "b"}}
		w.OfferDeed(deed, reply.Words("Hide it{1}", reply.Name(n.lay(false, false)+n.hostile())))
		deed = reply.Deed{Command: "progress", Asks: "place"}
		w.OfferDeed(deed, reply.Words("Set my place"), n.choices()...)
	}
}

// choices are such as a text from outside would get into, if it could.
func (n *nest) choices() []reply.Option {
	return []reply.Option{
		{Value: "9", Words: reply.Words("Finished chapter {1}", reply.Number(9))},
		{Value: "8", Words: reply.Words("{1}", reply.Name(n.lay(false, false)+n.hostile()))},
		{Value: "7", Words: reply.Words("After the chapter that comes behind the one that I would rather not say the number of")},
		{Value: strings.Repeat("7", n.rng.IntN(100)), Words: reply.Words("Never")},
		{Value: "9", Words: reply.Words("Never")},
	}
}

// offer writes controls. Whatever is put into a choice, only dogear's own words
// get there.
func (n *nest) offer(w *reply.Writer) {
	switch n.rng.IntN(4) {
	case 0:
		w.Offer(reply.Share, "Share with the channel")
		w.Offer(reply.Share, "Share with the channel")
		w.OfferChoice(reply.Report, "Report a spoiler", n.choices()...)
	case 1:
		w.Offer(reply.Confirm, "Yes, show it to me, though it lies far past the place up to which I have read in this book")
	case 2:
		w.OfferChoice(reply.ReadFurther, "I've read further", n.choices()...)
		w.OfferChoice(reply.Decide, "Safe from chapter", reply.Option{Value: "never", Words: reply.Words("Never")})
	case 3:
		w.Write(reply.Data, reply.Words("{1}", reply.Name(n.hostile()+strings.Repeat(" ", n.rng.IntN(3)))))
	}
}
