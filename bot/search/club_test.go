package search

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"dogear/bot/library"
	"dogear/bot/spoiler"
)

const tideClock spoiler.BookID = "tide-clock"

// readClub reads testdata/club.txt.
func readClub(t testing.TB) []library.Source {
	t.Helper()
	data, err := os.ReadFile("testdata/club.txt")
	if err != nil {
		t.Fatal(err)
	}
	var (
		sources   []library.Source
		s         *library.Source
		at        int
		section   int
		paragraph int
		entry     int
	)
	kinds := map[string]library.Kind{"heading": library.Heading, "question": library.Question, "item": library.Item, "title": library.Title}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		if line == "" {
			paragraph++
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		if word == "source" {
			sources = append(sources, library.Source{ID: library.SourceID(rest), Book: tideClock})
			s, at, section, paragraph, entry = &sources[len(sources)-1], 0, 0, 1, 0
			continue
		}
		kind, marked := kinds[word]
		if marked {
			word, rest, _ = strings.Cut(rest, " ")
		} else {
			kind = library.Prose
		}
		reveal, err := strconv.Atoi(word)
		if err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		switch kind {
		case library.Heading:
			section++
			paragraph++
			entry = 0
		case library.Question:
			entry++
			paragraph++
		case library.Item:
			paragraph++
		}
		p := spoiler.Seal(tideClock, spoiler.Position(reveal), rest)
		if kind == library.Title {
			s.Title = p
		}
		s.Sentences = append(s.Sentences, library.Sentence{
			Start: at, End: at + len(rest), Kind: kind, Section: section, Paragraph: paragraph, Entry: entry, Passage: p,
		})
		at += len(rest) + 1
	}
	return sources
}

// at is the Horizon of somebody at a place in the Tide Clock.
func at(place int) spoiler.Horizon {
	return spoiler.Horizon{}.With(tideClock, spoiler.Position(place))
}

// indexOf returns an Index of sources.
func indexOf(sources ...library.Source) *Index {
	x := New()
	for _, s := range sources {
		x.Put(s)
	}
	return x
}

// find searches the Tide Clock.
func find(x *Index, place int, question string) []Hit {
	return x.Search(at(place), Query{Book: tideClock, Words: WordsOf(question)})
}

// open returns the text of a hit that somebody at the place may see.
func open(t testing.TB, h Hit, place int) string {
	t.Helper()
	text, ok := h.Passage().Open(at(place))
	if !ok {
		t.Fatalf("hit %s/%d lies past place %d", h.Source, h.Sentence, place)
	}
	return text
}
