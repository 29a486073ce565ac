package library

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"

	"dogear/bot/spoiler"
)

// Draft is a book file in the making, answer by answer. Each answer is checked
// on the spot: the error says what is wrong with it, to whoever gave it, and
// the Draft stays as it was. The zero Draft knows nothing yet.
type Draft struct {
	Known []spoiler.BookID // ids that are taken; nil: none
	file  bookFile
}

// Format keeps what was answered out of whatever prints a Draft.
func (d *Draft) Format(f fmt.State, _ rune) { fmt.Fprint(f, "library.Draft") }

// maxAnswer bounds one answer, in bytes.
const maxAnswer = 500

// Title takes the book's title and makes its id of it.
func (d *Draft) Title(answer string) error {
	if err := oneLine(answer, 200); err != nil {
		return err
	}
	d.file.Title.s = strings.TrimSpace(answer)
	d.file.ID.s = string(IDFor(answer, d.Known))
	return nil
}

// Author takes the author's name; an empty answer leaves it out.
func (d *Draft) Author(answer string) error {
	if strings.TrimSpace(answer) != "" {
		if err := oneLine(answer, 200); err != nil {
			return err
		}
	}
	d.file.Author = strings.TrimSpace(answer)
	return nil
}

// Chapters takes how many chapters the book has ("23") or those of each of its
// parts ("9, 8, 6").
func (d *Draft) Chapters(answer string) error {
	var parts []partFile
	total := 0
	for _, s := range splitAt(answer, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > maxChapters {
			return fmt.Errorf("say a number from 1 to %d, such as 23, or one for each part, such as 9, 8, 6", maxChapters)
		}
		parts, total = append(parts, partFile{Chapters: n}), total+n
	}
	if total > maxChapters {
		return fmt.Errorf("that is %d chapters; dogear takes up to %d", total, maxChapters)
	}
	d.file.Outline = parts
	return nil
}

// Name takes whom or what readers may name: "Ann, also Annie; person; from 3".
// The chapter is asked for, because a name can tell something; the kind is
// person unless it is said.
func (d *Draft) Name(answer string) error {
	if err := oneLine(answer, maxAnswer); err != nil {
		return err
	}
	n := nameFile{Kind: string(Person), From: -1}
	fields := splitAt(answer, ";")
	for i, word := range splitAt(fields[0], ",") {
		also, isAlso := cutWord(word, "also")
		switch {
		case i == 0 && !isAlso:
			n.Name.s = word
		case i == 0 || also == "":
			return errors.New("give the name first, then other words for it: Ann, also Annie")
		default:
			n.Also = append(n.Also, also)
		}
	}
	if n.Name.s == "" {
		return errors.New("the name is missing: Ann, also Annie; person; from 3")
	}
	if slices.ContainsFunc(d.file.Names, func(old nameFile) bool { return strings.EqualFold(old.Name.s, n.Name.s) }) {
		return errors.New("this name is there already")
	}
	for _, f := range fields[1:] {
		from, isFrom := cutWord(f, "from")
		at, err := strconv.Atoi(strings.TrimPrefix(from, "chapter "))
		word := strings.ToLower(f)
		switch {
		case isFrom && (err != nil || at < 0 || at > d.chapters()):
			return fmt.Errorf("from: say a chapter between 0 and %d", d.chapters())
		case isFrom:
			n.From = at
		case slices.Contains(nameKinds, NameKind(word)):
			n.Kind = word
		case word != "" && slices.Contains(pronouns, word):
			n.Pronoun = word
		case word == "narrator":
			n.Narrator = true
		default:
			return errors.New("after the name I know person, group, place, thing or term; she, he, they or it; narrator; and from 3")
		}
	}
	if n.From < 0 {
		return errors.New("say from which chapter on the name tells nothing new: “from 3” once chapter 3 is read, “from 0” if the back cover has it")
	}
	d.file.Names = append(d.file.Names, n)
	return nil
}

// Premise takes one sentence of what a back cover tells.
func (d *Draft) Premise(answer string) error {
	if err := oneLine(answer, maxAnswer); err != nil {
		return err
	}
	d.file.Premise = append(d.file.Premise, lined{s: strings.TrimSpace(answer)})
	return nil
}

// editionAnswer is a name, a length, and where the chapters begin.
var editionAnswer = regexp.MustCompile(`(?i)^(?:(.*?)[\s,]+)?(?:(\d{1,6})(?:\s*(?:pages|p\.?))?|(\d{1,6})\s*min(?:utes)?|(\d{1,4})\s*h(?:ours?)?\s*(\d{1,2})?(?:\s*min(?:utes)?)?)(?:\s*:\s*([\d\s,]+))?$`)

// Edition takes a printing or a recording: its name, its last page or its time,
// and, if they are known, the pages or minutes at which its chapters begin:
// "paperback 320", "audiobook 9h30", "hardback 320: 1, 9, 17".
func (d *Draft) Edition(answer string) error {
	if err := oneLine(answer, 10*maxAnswer); err != nil {
		return err
	}
	m := editionAnswer.FindStringSubmatch(strings.TrimSpace(answer))
	if m == nil {
		return errors.New("say a name and the last page, such as paperback 320, or a time, such as audiobook 9h30; after a colon, the page on which each chapter begins")
	}
	e := editionFile{Name: lined{s: m[1]}}
	e.Pages, _ = strconv.Atoi(m[2])
	e.Minutes, _ = strconv.Atoi(m[3])
	hours, _ := strconv.Atoi(m[4])
	minutes, _ := strconv.Atoi(m[5])
	e.Minutes += hours*60 + minutes
	if m[6] != "" {
		for _, s := range splitAt(m[6], ",") {
			n, err := strconv.Atoi(s)
			if err != nil {
				return errors.New("after the colon, list where each chapter begins, with commas: 1, 9, 17")
			}
			e.First = append(e.First, n)
		}
	}
	p := &bookParser{end: spoiler.Position(d.chapters())}
	if p.edition(e); len(p.problems) > 0 {
		return errors.New(p.problems[0].Why)
	}
	d.file.Editions = append(d.file.Editions, e)
	return nil
}

// File returns the book file.
func (d *Draft) File() ([]byte, error) {
	data, err := yaml.Marshal(d.file)
	if err != nil {
		return nil, fmt.Errorf("write book file: %w", err)
	}
	return data, nil
}

// Book returns the book that was drafted. The error says what is missing.
func (d *Draft) Book() (Book, error) {
	data, err := d.File()
	if err != nil {
		return Book{}, err
	}
	return ParseBook(data, "the book")
}

// chapters returns how many chapters were answered so far.
func (d *Draft) chapters() int {
	n := 0
	for _, p := range d.file.Outline {
		n += p.Chapters
	}
	return n
}

// oneLine refuses what is no line of text.
func oneLine(answer string, most int) error {
	switch {
	case strings.TrimSpace(answer) == "":
		return errors.New("this cannot be empty")
	case len(answer) > most:
		return fmt.Errorf("that is longer than %d characters", most)
	case strings.ContainsFunc(answer, unicode.IsControl) || strings.ToValidUTF8(answer, "") != answer:
		return errors.New("there are characters in it that are no text")
	}
	return nil
}

func splitAt(s, sep string) []string {
	parts := strings.Split(s, sep)
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// cutWord returns what follows a word at the head of s, and whether it is
// there.
func cutWord(s, word string) (string, bool) {
	head, rest, _ := strings.Cut(s, " ")
	return strings.TrimSpace(rest), strings.EqualFold(head, word)
}

// letters are those that no decomposition makes plain.
var letters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "þ", "th", "ł", "l", "ı", "i")

// IDFor makes a book's id of its title: lower case, without accents, with
// hyphens for what is no letter or digit, and with a number behind it where it
// is taken. A title without any letter that an id may have is called "book".
func IDFor(title string, known []spoiler.BookID) spoiler.BookID {
	var b strings.Builder
	for _, r := range letters.Replace(strings.ToLower(norm.NFKD.String(title))) {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	id := strings.Trim(b.String()[:min(b.Len(), 60)], "-")
	if id == "" {
		id = "book"
	}
	free := spoiler.BookID(id)
	for n := 2; slices.Contains(known, free); n++ {
		free = spoiler.BookID(fmt.Sprintf("%s-%d", id, n))
	}
	return free
}
