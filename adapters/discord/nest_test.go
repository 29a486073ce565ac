package discord

import (
	"math/rand/v2"
	"strings"

	"dogear/adapters/discord/discordtest/reading"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// sight is where a canary may be seen. The zero sight is nowhere.
type sight int

const (
	nowhere  sight = iota
	tagged         // under a tag alone
	open           // uncovered
	anywhere       // either
)

// canary is a word that stands in one text of a document.
type canary struct {
	word  string
	sight sight
	due   bool // it stands so early in its text that no cut takes it away
}

// nest is a document that is being written, with the canaries in it.
type nest struct {
	rng      *rand.Rand
	at       spoiler.Position
	past     sight // what is made of what lies past the place
	decorate string
	canaries []canary
}

// lay returns a canary, in letters alone, so that no escaping hides it.
func (n *nest) lay(s sight, due bool) string {
	i := len(n.canaries)
	word := "canary" + string(rune('a'+i/26%26)) + string(rune('a'+i%26)) + "x"
	n.canaries = append(n.canaries, canary{word, s, due && s != nowhere})
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

// around returns a text with a canary in it. It is due where not much stands
// before it.
func (n *nest) around(s sight, due bool, early int) string {
	before := n.hostile()
	return before + n.lay(s, due && units(before) <= early) + n.hostile()
}

// sealed returns a passage whose text goes where its Reveal sends it, which
// within returns for what the audience has read.
func (n *nest) sealed(within, past sight, due bool, early int) (spoiler.Passage, sight) {
	reveal, s := spoiler.Position(n.rng.IntN(2*int(n.at)+2)), within
	switch {
	case n.rng.IntN(16) == 0:
		reveal, s = spoiler.Never, nowhere
	case reveal > n.at:
		s = past
	}
	return spoiler.Seal(book, reveal, n.around(s, due, early)), s
}

// source returns a source; where it is due, what it says of itself is shown, as
// far as there is room.
func (n *nest) source(s sight, due bool) reply.Excerpt {
	e := reply.Excerpt{
		Kind: []string{"review", "faq"}[n.rng.IntN(2)], ID: n.lay(nowhere, false), File: n.lay(nowhere, false),
		Date: n.hostile(), Rating: n.hostile(), Reviewer: n.around(s, due, 40),
	}
	e.Title, _ = n.sealed(s, nowhere, due && units(e.Reviewer) <= 50, 40)
	e.Link = spoiler.Seal(book, 0, "https://"+n.lay(nowhere, false)+".example/"+n.hostile())
	return e
}

// excerpt returns a sentence with its source.
func (n *nest) excerpt() reply.Excerpt {
	e := n.source(anywhere, false)
	e.Passage, _ = n.sealed(open, n.past, true, 200)
	return e
}

// paragraph returns sentences of one source.
func (n *nest) paragraph() []reply.Excerpt {
	e := n.source(anywhere, false)
	var out []reply.Excerpt
	for i := range 1 + n.rng.IntN(3) {
		e.Passage, _ = n.sealed(open, n.past, i == 0, 200)
		out = append(out, e)
	}
	return out
}

// audience starts a document for one of those that there are.
func (n *nest) audience() (w *reply.Writer, doc func() reply.Doc) {
	h := spoiler.Horizon{}.With(book, n.at)
	private := func(veil reply.Veil, past sight) (*reply.Writer, func() reply.Doc) {
		n.past = past
		pw := reply.ToReader(h, veil, "TICKET")
		return &pw.Writer, func() reply.Doc { return pw.Doc() }
	}
	public := func(tags reply.Tags, past sight) (*reply.Writer, func() reply.Doc) {
		n.past = past
		pw := reply.ToChannel(h, tags, "TICKET")
		return &pw.Writer, func() reply.Doc { return pw.Doc() }
	}
	switch n.rng.IntN(8) {
	case 0:
		return private(reply.Hide, nowhere)
	case 1:
		return private(reply.Show, open)
	case 2:
		return public(reply.NoTags, nowhere)
	case 3:
		return public(reply.Buttons, nowhere)
	case 4, 5:
		return public(reply.Tagged, tagged)
	}
	return private(reply.Tag, tagged)
}

// write returns a small document from a seed, with what it holds: hostile texts
// in every place where the core lets a text in.
func write(seed uint64, decorate string) (reply.Doc, []canary) {
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

// open writes a line that begins with a name, and one of those that others
// stand under.
func (n *nest) open(w *reply.Writer) {
	switch n.rng.IntN(3) {
	case 0:
		w.Say("{1}: here is what I found.", reply.Name(n.around(open, true, 200)))
	case 1:
		w.Head("About {1}:", reply.Name(n.around(open, true, 40)))
	case 2:
		w.Head("Past your place:")
	}
}

func (n *nest) part(w *reply.Writer) {
	switch n.rng.IntN(8) {
	case 0, 1, 2:
		w.Passage(n.excerpt())
	case 3:
		w.Numbered(1+n.rng.IntN(20), n.excerpt())
	case 4:
		w.Source(n.rng.IntN(3), n.source(open, true))
	case 5, 6:
		w.Paragraph(n.paragraph())
	case 7:
		w.List("{1} wrote {2}", reply.Name(n.around(open, true, 200)), reply.Count(n.rng.IntN(3), "review", "reviews"))
	}
}

// offer writes controls. Whatever is put into a choice, only dogear's own words
// get there.
func (n *nest) offer(w *reply.Writer) {
	switch n.rng.IntN(4) {
	case 0:
		w.Offer(reply.Share, "Share with the channel")
		w.OfferChoice(reply.Report, "Report a spoiler", reply.Option{Value: "1", Words: reply.Words("{1}", reply.Name(n.lay(nowhere, false)+n.hostile()))})
	case 1:
		w.Offer(reply.Confirm, "Yes, show it to me, though it lies far past the place up to which I have read in this book")
	case 2:
		w.OfferChoice(reply.ReadFurther, "I've read further", reply.Option{Value: "9", Words: reply.Words("Finished chapter {1}", reply.Number(9))})
		w.OfferChoice(reply.Decide, "Safe from chapter", reply.Option{Value: "never", Words: reply.Words("Never")})
	case 3:
		w.Write(reply.Data, reply.Words("{1}", reply.Name(n.hostile()+strings.Repeat(" ", n.rng.IntN(3)))))
	}
}
