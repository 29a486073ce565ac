package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

var (
	chapterPlace = regexp.MustCompile(`^(?:ch(?:apter)?\.?\s*)?(\d{1,5})$`)
	percentPlace = regexp.MustCompile(`^(\d{1,3}(?:\.\d+)?)\s*(?:%|percent)$`)
	pagePlace    = regexp.MustCompile(`^p(?:age|g)?\.?\s*(\d{1,6})(?:\s+(?:(?:of|in)\s+)?(.+))?$`)
	hourPlace    = regexp.MustCompile(`^(\d{1,4})\s*h(?:(?:ou)?rs?)?\s*(?:(\d{1,2})(?:\s*m(?:in(?:ute)?s?)?)?)?(?:\s+(?:(?:of|in)\s+)?(.+))?$`)
	minutePlace  = regexp.MustCompile(`^()(\d{1,6})\s*m(?:in(?:ute)?s?)?(?:\s+(?:(?:of|in)\s+)?(.+))?$`)
)

// ParsePlace reads a reading position in a book: "start", "end", a chapter
// finished ("7", "ch7", "chapter 7"), "35%", or a page ("p120") or a time
// ("2h30", "150min") where the book has editions in these. The name of an
// edition, or how it begins, may follow ("p120 of paperback"); of several
// editions the lowest place counts. Everything rounds down. What it cannot
// read is a Refusal.
func ParsePlace(book library.Book, words string) (spoiler.Position, error) {
	at, _, err := readPlace(book, words)
	return at, err
}

// readPlace is ParsePlace, and returns the edition that the place was read in;
// the zero Edition for a place that needs none.
func readPlace(book library.Book, words string) (spoiler.Position, library.Edition, error) {
	s := strings.ToLower(strings.TrimSpace(words))
	if m := pagePlace.FindStringSubmatch(s); m != nil {
		page, _ := strconv.Atoi(m[1])
		return inEdition(book, page, library.Pages, m[2])
	}
	for _, re := range []*regexp.Regexp{hourPlace, minutePlace} {
		if m := re.FindStringSubmatch(s); m != nil {
			hours, _ := strconv.Atoi(m[1])
			minutes, _ := strconv.Atoi(m[2])
			return inEdition(book, hours*60+minutes, library.Minutes, m[3])
		}
	}
	at, err := plainPlace(book, words)
	return at, library.Edition{}, err
}

// plainPlace reads a place that needs no edition.
func plainPlace(book library.Book, words string) (spoiler.Position, error) {
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
	return 0, Refusal{reply.Words("I don't know the place “{1}”. Say “start”, “finished”, a chapter you have finished (“7”), a percentage (“35%”) or a page (“p120”).", reply.Own(words))}
}

// inEdition reads a page or a minute in the editions of that name.
func inEdition(book library.Book, n int, unit library.Unit, name string) (spoiler.Position, library.Edition, error) {
	none := library.Edition{}
	title := reply.Name(book.Title)
	all := book.EditionsCalled("", unit)
	called := book.EditionsCalled(name, unit)
	at, by, ok := library.Lowest(called, n)
	switch {
	case ok:
		return at, by, nil
	case len(all) == 0 && unit == library.Pages:
		return 0, none, Refusal{reply.Words("I know no page numbers for {1}. Give a chapter (“7”) or a percentage (“35%”) instead.", title)}
	case len(all) == 0:
		return 0, none, Refusal{reply.Words("I know no audiobook of {1}. Give a chapter (“7”) or a percentage (“35%”) instead.", title)}
	case len(called) == 0 && editionNames(all) == "":
		return 0, none, Refusal{reply.Words("I know one edition of {1}, and it has no name. Leave out “{2}”.", title, reply.Own(name))}
	case len(called) == 0:
		return 0, none, Refusal{reply.Words("I know no edition “{1}” of {2}. These I know: {3}.", reply.Own(name), title, reply.Name(editionNames(all)))}
	}
	longest := slices.MaxFunc(called, func(a, b library.Edition) int { return a.Length - b.Length })
	length := reply.Count(longest.Length, "page", "pages")
	if unit == library.Minutes {
		length = reply.Count(longest.Length, "minute", "minutes")
	}
	if longest.Name == "" {
		return 0, none, Refusal{reply.Words("{1} has {2}. If you have read it all, say “finished”.", title, length)}
	}
	return 0, none, Refusal{reply.Words("{1} has {2} in the edition “{3}”. If you have read it all, say “finished”.", title, length, reply.Name(longest.Name))}
}

// editionNames lists what editions are called.
func editionNames(editions []library.Edition) string {
	var out []string
	for _, e := range editions {
		if e.Name != "" && !slices.Contains(out, e.Name) {
			out = append(out, e.Name)
		}
	}
	return strings.Join(out, ", ")
}
