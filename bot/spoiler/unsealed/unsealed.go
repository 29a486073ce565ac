// Package unsealed is the one door to a passage's text whatever the horizon.
// Reading, labelling, indexing, storing and a moderator's work need it; nothing
// that answers a reader does. Who may import it is a fixed list, kept by the
// import test beside cmd/dogear.
package unsealed

import "dogear/bot/spoiler"

// Text returns the text of a Passage; empty for the zero Passage.
func Text(p spoiler.Passage) string {
	var all spoiler.Horizon
	text, _ := p.Open(all.With(p.Book(), p.Reveal()))
	return text
}

// Relabel returns the same text with another Reveal.
func Relabel(p spoiler.Passage, reveal spoiler.Position) spoiler.Passage {
	if p.IsZero() {
		return p
	}
	return spoiler.Seal(p.Book(), reveal, Text(p))
}
