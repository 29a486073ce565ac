package library

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// said are the words in which lists and pages are refused. Nothing in them comes
// from a file but numbers and the names of columns that are known.
var said = regexp.MustCompile(`^(?:a\.\w+(?::\d+)?: (?:` +
	`is empty|is larger than \d+ KiB|is an? [\w, ]+(?:, not text|; save it as plain text)|looks like [\w ,()-]+(?:; save it as UTF-8|, not text)|is damaged: [\w :-]+|is not UTF-8 but in some other encoding; save it as UTF-8` +
	`|holds no sentence|is no web page that can be read(?:: its elements are nested too deeply)?` +
	`|is not valid JSON from here on|is not valid JSON: it ends before it is complete|want a review: an object with the fields [\w, ]+|an unknown field; a review has the fields [\w, ]+` +
	`|(?:book|title|reviewer|link|date|rating|language|spoilers|text|id) (?:stands here for the second time|is neither true nor false|is no text in quotes|is longer than 80 characters|is not a language tag such as en or de-AT)` +
	`|the review (?:has no text|holds no sentence|names no book)|the id stands here for the second time|the rating is no number from 0 to 5|would replace a\.\w+[^\n]*, which has the same name or link; rename one of them` +
	`|is no CSV that can be read|is no export that can be read: [\w, :;]+|is an export of \w+ (?:without the column|with two columns) [\w, ]+|the row that begins here has \d+ fields?, and the first line has \d+` +
	`|there is a quote here in a field that does not begin with one; quotes within a field are doubled|the row that begins on line \d+ has a quote that is not doubled, or is never closed` +
	`)(?:\n|$))+$`)

// FuzzReadAll reads anything as a page and as each kind of list without a panic.
// What it reads stands in the text where it says, and what it refuses it does
// not quote.
func FuzzReadAll(f *testing.F) {
	names := []string{"a.html", "a.csv", "a.json", "a.jsonl"}
	for kind, pattern := range []string{"pages/*.html", "lists/*.csv", "lists/*.json", "lists/*.jsonl"} {
		found, err := filepath.Glob(filepath.Join("testdata", pattern))
		if err != nil || len(found) == 0 {
			f.Fatal("no seeds", err)
		}
		for _, path := range found {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(strings.ReplaceAll(string(data), "Never Let Me Go", "The Lamp Keepers"), kind)
		}
	}
	const head = "Book Id,Title,Author,My Rating,My Review,Spoiler\n"
	for _, text := range []string{
		"a<br/><br/>\nb<spoiler>c", "<p><span class=spoiler>a</p>b", "<details><summary>ch. 3</summary>a</details>", "</spoiler>a", "<b><spoiler>a</b>b</spoiler>", "<pre>a\n\nb</pre>\ue000\ue011\ue000",
		"<li>- a<td>b<h2>c", "<table><spoiler>a<tr><td>b", "<svg><title>a</svg><a href=/s>b</a>", "&lt;spoiler&gt;a ||b||", "<div hidden>a</div><div hidden class=spoiler>b</div>",
	} {
		f.Add(text, 0)
		f.Add(head+"1,,,4,\""+text+"\",\n2,The Lamp Keepers,Quill,3.5,\""+text+"\",true\n", 1)
		f.Add("[{\"text\":\""+strings.ReplaceAll(text, "\n", "\\n")+"\"}]", 2)
	}
	f.Fuzz(func(t *testing.T, text string, kind int) {
		file := File{Name: names[uint(kind)%uint(len(names))], Data: []byte(text)}
		if _, _, err := ReadAll([]File{file}, lamp, nil); err != nil {
			var p Problem
			var ps Problems
			if !errors.As(err, &p) && !errors.As(err, &ps) || !said.MatchString(err.Error()) {
				t.Fatalf("%v", err)
			}
			return
		}
		var pages []*page
		drawn := map[*page]bool{} // of HTML, and so with no markup left in it
		if isWeb(file.Name) {
			p := &page{name: file.Name, runes: []rune(text), book: lamp}
			if err := p.web(); err != nil {
				t.Fatal(err)
			}
			pages, drawn[p] = append(pages, p), true
		} else {
			rows, _, err := rowsOf(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				p := r.page(file, lamp)
				pages, drawn[p] = append(pages, p), r.html
			}
		}
		for _, p := range pages {
			src := p.source()
			if drawn[p] {
				checkOffsets(t, string(p.runes), src)
			}
			last := 0
			for _, s := range src.Sentences {
				if s.Start < last || s.End <= s.Start || s.End > len(p.runes) {
					t.Fatalf("a sentence at %d to %d, after one that ended at %d, of %d", s.Start, s.End, last, len(p.runes))
				}
				last = s.End
			}
			if _, err := EncodeSource(src); err != nil {
				t.Fatal(err)
			}
		}
	})
}
