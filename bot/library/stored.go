package library

import (
	"encoding/json"
	"fmt"

	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// sourceVersion is the version of a source's stored form. An older form is
// still read; a newer one is refused, because it may say what this code would
// overlook.
const (
	sourceVersion  = 2
	reviewsVersion = 1 // of what is no Spoiler, so that what was read before is read still
)

// storedSource is a Source as stores and exports hold it. This is where sealed
// texts are written out, so it never goes anywhere but to a store.
type storedSource struct {
	V         int              `json:"v"`
	ID        SourceID         `json:"id"`
	Book      spoiler.BookID   `json:"book"`
	File      string           `json:"file"`
	Digest    string           `json:"digest"`
	Title     *storedText      `json:"title,omitempty"`
	Reviewer  string           `json:"reviewer,omitempty"`
	Author    string           `json:"author,omitempty"`
	Link      *storedText      `json:"link,omitempty"`
	Date      string           `json:"date,omitempty"`
	Rating    string           `json:"rating,omitempty"`
	Language  string           `json:"language,omitempty"`
	Flagged   bool             `json:"flagged,omitempty"`
	Spoiler   bool             `json:"spoiler,omitempty"` // from form 2 on
	Labels    string           `json:"labels,omitempty"`
	Sentences []storedSentence `json:"sentences,omitempty"`
	Related   []*storedText    `json:"related,omitempty"`
}

type storedText struct {
	Text   string           `json:"text"`
	Reveal spoiler.Position `json:"reveal"`
}

type storedSentence struct {
	Start     int              `json:"start"`
	End       int              `json:"end"`
	Kind      Kind             `json:"kind"`
	Section   int              `json:"section,omitempty"`
	Paragraph int              `json:"paragraph,omitempty"`
	Entry     int              `json:"entry,omitempty"`
	Covered   bool             `json:"covered,omitempty"`
	Chapter   spoiler.Position `json:"chapter,omitempty"`
	Leans     bool             `json:"leans,omitempty"`
	Passage   *storedText      `json:"passage"`
	Because   []storedEvidence `json:"because,omitempty"`
}

type storedEvidence struct {
	Layer  Layer            `json:"layer"`
	Reveal spoiler.Position `json:"reveal"`
	Event  string           `json:"event,omitempty"`
}

// EncodeSource returns a source in its stored form.
func EncodeSource(src Source) ([]byte, error) {
	out := storedSource{
		V: reviewsVersion, ID: src.ID, Book: src.Book, File: src.File, Digest: src.Digest,
		Title: storeText(src.Title), Reviewer: src.Reviewer, Author: src.Author, Link: storeText(src.Link),
		Date: src.Date, Rating: src.Rating, Language: src.Language, Flagged: src.Flagged, Spoiler: src.Spoiler, Labels: src.Labels,
	}
	if src.Spoiler {
		out.V = sourceVersion // a dogear that knows none would quote it
	}
	for _, s := range src.Sentences {
		st := storedSentence{
			Start: s.Start, End: s.End, Kind: s.Kind, Section: s.Section, Paragraph: s.Paragraph, Entry: s.Entry, Leans: s.Leans,
			Covered: s.Mark.Covered, Chapter: s.Mark.Chapter, Passage: storeText(s.Passage),
		}
		for _, e := range s.Because {
			st.Because = append(st.Because, storedEvidence{Layer: e.Layer, Reveal: e.Reveal, Event: unsealed.Text(e.Event)})
		}
		out.Sentences = append(out.Sentences, st)
	}
	for _, r := range src.Related {
		out.Related = append(out.Related, storeText(r))
	}
	return json.Marshal(out)
}

// DecodeSource reads a source's stored form. The error never quotes it.
func DecodeSource(data []byte) (Source, error) {
	var in storedSource
	if err := json.Unmarshal(data, &in); err != nil {
		return Source{}, fmt.Errorf("a stored source does not decode (%d bytes)", len(data))
	}
	if in.V < 1 || in.V > sourceVersion {
		return Source{}, fmt.Errorf("a stored source has form %d, and this dogear reads forms 1 to %d", in.V, sourceVersion)
	}
	src := Source{
		ID: in.ID, Book: in.Book, File: in.File, Digest: in.Digest,
		Title: in.Title.seal(in.Book), Reviewer: in.Reviewer, Author: in.Author, Link: in.Link.seal(in.Book),
		Date: in.Date, Rating: in.Rating, Language: in.Language, Flagged: in.Flagged, Spoiler: in.Spoiler, Labels: in.Labels,
	}
	for _, st := range in.Sentences {
		s := Sentence{
			Start: st.Start, End: st.End, Kind: st.Kind, Section: st.Section, Paragraph: st.Paragraph, Entry: st.Entry, Leans: st.Leans,
			Mark: Mark{Covered: st.Covered, Chapter: st.Chapter}, Passage: st.Passage.seal(in.Book),
		}
		for _, e := range st.Because {
			ev := Evidence{Layer: e.Layer, Reveal: e.Reveal}
			if e.Event != "" {
				ev.Event = spoiler.Seal(in.Book, e.Reveal, e.Event)
			}
			s.Because = append(s.Because, ev)
		}
		src.Sentences = append(src.Sentences, s)
	}
	for _, r := range in.Related {
		src.Related = append(src.Related, r.seal(in.Book))
	}
	return src, nil
}

func storeText(p spoiler.Passage) *storedText {
	if p.IsZero() {
		return nil
	}
	return &storedText{Text: unsealed.Text(p), Reveal: p.Reveal()}
}

func (t *storedText) seal(book spoiler.BookID) spoiler.Passage {
	if t == nil {
		return spoiler.Passage{}
	}
	return spoiler.Seal(book, t.Reveal, t.Text)
}
