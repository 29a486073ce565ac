package library

// discard leaves out what belongs to the web page. A tag "spoilers" there is
// about the whole review.
func (o *outline) discard(b *block) {
	b.kind = aside
	if mentionsSpoilers(b.String()) {
		o.flag()
	}
}

// reach returns the level up to which a warning goes: one straight under a
// Markdown heading warns of that section, any other of all that follows.
func (o *outline) reach(last int) int {
	if last >= 0 && o.blocks[last].heads(plainLevel-1) {
		return o.blocks[last].level
	}
	return 0
}

// warned takes note of what warns in a block: a remark covers the block, the
// first sentence or short line that warns covers what follows it.
func (o *outline) warned(b *block, last int) {
	if u := undenied(b.String()); speaksOf(u, "spoil") && (prefixed.MatchString(u) || bracketed.MatchString(u) || tagged.MatchString(u)) {
		o.covers = append(o.covers, span{b.from(), b.to()})
	}
	at := o.shortWarning(b)
	for _, s := range b.sentences {
		text := str(b.text[s.from:s.to])
		if !warns(text) {
			continue
		}
		if warnsOfAll(text) {
			o.flag()
			return
		}
		if at.to == 0 || s.from < at.from {
			at = s
		}
		break
	}
	if at.to == 0 {
		return
	}
	z := opening{at: b.text[at.from].at.from, chapter: chapterOf(str(b.text[at.from:at.to])), warning: true}
	if len(b.sentences) == 1 {
		z.level = o.reach(last)
	}
	o.open = append(o.open, z)
}

// shortWarning returns the first line of a block that is short by intent, not
// as the last of wrapped ones, and speaks of spoilers.
func (o *outline) shortWarning(b *block) span {
	long := false // and not ended
	for _, l := range cutLines(b.text) {
		s := str(b.text[l.from:l.to])
		if !long && l.from < l.to && inShort(s) {
			return l
		}
		long = l.to-l.from > 60 && !isEnded(s)
	}
	return span{}
}
