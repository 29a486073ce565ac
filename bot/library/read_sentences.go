package library

import (
	"cmp"
	"slices"

	"dogear/bot/spoiler"
)

// sentences returns what the blocks hold, each with its mark.
func (o *outline) sentences() []Sentence {
	var out []Sentence
	for _, b := range o.blocks {
		if b.kind == aside {
			continue
		}
		for i, at := range b.sentences {
			g := b.text[at.from:at.to]
			text := str(g)
			if b.kind == Prose && isBoilerplate(text) {
				continue
			}
			kind := b.kind
			if i == 0 && b.asks {
				kind = Question
			}
			out = append(out, Sentence{
				Start: g[0].at.from, End: g[len(g)-1].at.to, Kind: kind,
				Section: b.section, Paragraph: b.paragraph, Entry: b.entry, Passage: o.seal(text),
			})
		}
	}
	mark(out, joined(append(o.covers, o.marks.covers...)), append(o.chapters, o.marks.chapters...), o.end)
	return out
}

// joined returns spans in order, those that touch as one.
func joined(all []span) []span {
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out []span
	for _, s := range all {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// mark says of each sentence whether it is covered, be it in part, and which
// chapter is stated for the whole of it. Sentences and covers are in order.
func mark(all []Sentence, covers []span, chapters []stated, end spoiler.Position) {
	slices.SortStableFunc(chapters, func(a, b stated) int { return cmp.Compare(a.from, b.from) })
	var live []stated
	c, next := 0, 0
	for i := range all {
		s := &all[i]
		for c < len(covers) && covers[c].to <= s.Start {
			c++
		}
		s.Mark.Covered = c < len(covers) && covers[c].from < s.End
		for next < len(chapters) && chapters[next].from < s.End {
			live = append(live, chapters[next])
			next++
		}
		live = slices.DeleteFunc(live, func(x stated) bool { return x.to <= s.Start })
		for _, x := range live {
			switch {
			case x.warning && x.chapter == 0:
				s.Mark.Chapter = 0
			case x.from <= s.Start && s.End <= x.to, s.Mark.Chapter > 0:
				s.Mark.Chapter = max(s.Mark.Chapter, x.chapter)
			}
		}
		if s.Mark.Chapter > end {
			s.Mark.Chapter = 0
		}
	}
}
