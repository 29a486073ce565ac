package library

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"

	"dogear/bot/spoiler"
)

// File is a file as it was handed over for import.
type File struct {
	Name     string // as it is to be known: the path below the imported folder, or the base name
	Data     []byte
	Reviewer string // who wrote what does not say; empty: nobody is named
	Here     bool   // somebody wrote it for the club: what it says of where it is found makes it nobody else's
}

// Read reads a review or a page of FAQ as its author published it: plain text,
// Markdown, or a web page as a browser saved it. Every text in the Source is
// sealed until the end of the book; labels open it later. An error is a Problem
// and quotes nothing of what the file says. Lists of reviews are for ReadAll.
func Read(f File, book Book) (Source, error) {
	if isList(f.Name) {
		return Source{}, refuse(f.Name, "is a list of reviews, not one of them")
	}
	runes, err := decode(f)
	if err != nil {
		return Source{}, err
	}
	p := &page{name: f.Name, runes: runes, book: book}
	if isWeb(f.Name) {
		err = p.web()
	} else if p.meta, p.body, err = readFrontMatter(f.Name, runes); err == nil {
		p.text(isMarkdown(f.Name))
	}
	if err != nil {
		return Source{}, err
	}
	src := p.source()
	if !saysSomething(src.Sentences) {
		return Source{}, refuse(f.Name, "holds no sentence")
	}
	src.Digest = digest(f.Data)
	if src.Reviewer == "" && f.Reviewer != "" {
		src.Reviewer = f.Reviewer
		src.Digest = digest([]byte(src.Digest + "\x00" + f.Reviewer))
	}
	src.ID = sourceID(book.ID, p.meta.link, f.Name)
	if f.Here {
		src.ID = sourceID(book.ID, "", f.Name)
	}
	return src, nil
}

// text finds the marks and the blocks of a text.
func (p *page) text(markdown bool) {
	p.lines = lines(p.runes, p.body)
	if markdown && !tooMuch(p.runes, p.lines) {
		p.markdown = true
		p.marks = findMarks(p.runes, p.body, paragraphs(p.lines, p.runes))
		p.blocks = markdownBlocks(p)
		return
	}
	logical := unwrap(p.runes, p.lines)
	p.marks = findMarks(p.runes, p.body, spans(logical))
	p.blocks = plainBlocks(p, logical)
}

// saysSomething reports whether there is anything but a title and headings.
// What is marked is no mere heading, bold as it may be.
func saysSomething(all []Sentence) bool {
	for _, s := range all {
		if s.Kind != Title && s.Kind != Heading || s.Mark.Covered {
			return true
		}
	}
	return false
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// sourceID is the same for every correction of a source, wherever its author
// corrects it: it hangs on where the source is found and on nothing it says.
func sourceID(book spoiler.BookID, link, name string) SourceID {
	where := "file\x00" + name
	if link != "" {
		where = "link\x00" + link
	}
	return SourceID(digest([]byte(string(book) + "\x00" + where))[:16])
}

// isMarkdown reports whether a file of this name is read as Markdown.
func isMarkdown(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown":
		return true
	}
	return false
}

// isWeb reports whether a file of this name is read as a web page.
func isWeb(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm":
		return true
	}
	return false
}

// isList reports whether a file of this name holds many reviews.
func isList(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".csv", ".json", ".jsonl":
		return true
	}
	return false
}

// tooMuch reports whether quotations and lists are nested deeper, or brackets
// opened more often, than any author does. Parsing such Markdown takes minutes;
// it is read as plain text.
func tooMuch(runes []rune, all []span) bool {
	brackets := 0
	for _, l := range all {
		depth, head := 0, true
		for i := l.from; i < l.to; i++ {
			r := runes[i]
			if r == '[' {
				brackets++
			}
			head = head && strings.ContainsRune(" \t>-+*0123456789.)", r)
			if head && (r == '>' || r == ' ' && i > l.from && runes[i-1] != ' ') {
				depth++
			}
		}
		if depth > 100 || brackets > 5000 {
			return true
		}
	}
	return false
}

// Skippable tells the files of a folder that are no reviews from those that
// ReadAll is for, with the reason.
func Skippable(name string) (why string, skip bool) {
	name = strings.ReplaceAll(name, `\`, "/")
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") && part != "." && part != ".." {
			return "a hidden file", true
		}
	}
	base := strings.ToLower(path.Base(name))
	ext := path.Ext(base)
	switch strings.TrimSuffix(base, ext) {
	case "readme":
		return "a README, no review", true
	case "license", "licence", "copying":
		return "a licence, no review", true
	}
	switch {
	case strings.HasPrefix(base, "readme"):
		return "a README, no review", true
	case strings.HasPrefix(base, "license"), strings.HasPrefix(base, "licence"):
		return "a licence, no review", true
	}
	switch ext {
	case ".txt", ".md", ".markdown", ".html", ".htm", ".csv", ".json", ".jsonl":
		return "", false
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".heic", ".avif", ".tif", ".tiff", ".ico":
		return "an image", true
	}
	return "not a .txt, .md, .html, .csv, .json or .jsonl file", true
}
