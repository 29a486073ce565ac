package library

import (
	"strconv"

	"dogear/bot/spoiler"
)

// NewSpoiler makes a Source of a text that a reader posts behind a cover. They
// say from where on it spoils nothing; 0: from the end of the book. It is taken
// as it stands, without any markup: nothing of it is lost. An error is a Problem
// and quotes nothing of it.
func NewSpoiler(f File, book Book, from spoiler.Position) (Source, error) {
	runes, err := decode(f)
	if err != nil {
		return Source{}, err
	}
	src := Source{
		ID: sourceID(book.ID, "", f.Name), Book: book.ID, File: f.Name, Reviewer: f.Reviewer, Spoiler: true,
		Digest: digest([]byte("spoiler\x00" + strconv.Itoa(int(from)) + "\x00" + string(f.Data))),
	}
	for n, l := range lines(runes, 0) {
		var text []glyph
		for i := l.from; i < l.to; i++ {
			text = append(text, glyph{r: runes[i], at: span{i, i + 1}})
		}
		text = trim(text)
		for _, s := range whole(split(text, writesNoCapitals(runes)), len(text)) {
			g := trim(text[s.from:s.to])
			src.Sentences = append(src.Sentences, Sentence{
				Start: g[0].at.from, End: g[len(g)-1].at.to, Kind: Prose, Paragraph: n + 1,
				Mark: Mark{Covered: true, Chapter: from}, Passage: spoiler.Seal(book.ID, book.End(), str(g)),
			})
		}
	}
	if len(src.Sentences) == 0 {
		return Source{}, refuse(f.Name, "holds no sentence")
	}
	return src, nil
}

// whole stretches the sentences of a text so that all of it is in one of them,
// what is none (an emoji, a row of stars) too.
func whole(sentences []span, length int) []span {
	if len(sentences) == 0 && length > 0 {
		return []span{{0, length}}
	}
	for i := range sentences {
		if i == 0 {
			sentences[i].from = 0
		}
		sentences[i].to = length
		if i+1 < len(sentences) {
			sentences[i].to = sentences[i+1].from
		}
	}
	return sentences
}
