package bot

import (
	"regexp"
	"strconv"
	"strings"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

var (
	chapterPlace = regexp.MustCompile(`^(?:ch(?:apter)?\.?\s*)?(\d{1,5})$`)
	percentPlace = regexp.MustCompile(`^(\d{1,3}(?:\.\d+)?)\s*(?:%|percent)$`)
	pagePlace    = regexp.MustCompile(`^p(?:age|g)?\.?\s*(\d{1,6})$`)
)

// ParsePlace reads a reading position in a book: "start", "end", a chapter
// finished ("7", "ch7", "chapter 7"), "35%", or a page ("p120") where the book
// has an edition. Everything rounds down. What it cannot read is a Refusal.
func ParsePlace(book library.Book, words string) (spoiler.Position, error) {
	s := strings.ToLower(strings.TrimSpace(words))
	end := book.End()
	switch s {
	case "start", "begin", "beginning", "not started":
		return 0, nil
	case "end", "finished", "done":
		return end, nil
	}
	if m := chapterPlace.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1])
		if n > int(end) {
			return 0, Refusal{reply.Words("{1} has {2}. Say how many you have finished, or “finished”.",
				reply.Name(book.Title), reply.Count(int(end), "chapter", "chapters"))}
		}
		return spoiler.Position(n), nil
	}
	if m := percentPlace.FindStringSubmatch(s); m != nil {
		p, err := strconv.ParseFloat(m[1], 64)
		if err != nil || p > 100 {
			return 0, Refusal{reply.Words("A percentage lies between 0 and 100.")}
		}
		return spoiler.Position(p * float64(end) / 100), nil
	}
	if m := pagePlace.FindStringSubmatch(s); m != nil {
		if len(book.Editions) == 0 {
			return 0, Refusal{reply.Words("I know no page numbers for {1}. Give a chapter (“7”) or a percentage (“35%”) instead.", reply.Name(book.Title))}
		}
		page, _ := strconv.Atoi(m[1])
		return book.Editions[0].At(page), nil
	}
	return 0, Refusal{reply.Words("I don't know the place “{1}”. Say “start”, “finished”, a chapter you have finished (“7”), a percentage (“35%”) or a page (“p120”).", reply.Own(words))}
}
