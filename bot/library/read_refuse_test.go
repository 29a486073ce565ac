package library

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

const secret = "Brandt"

func TestReadRefuses(t *testing.T) {
	wide := func(s string, big bool, bom bool) string {
		var b strings.Builder
		units := utf16.Encode([]rune(s))
		if bom {
			units = append([]uint16{0xfeff}, units...)
		}
		for _, u := range units {
			hi, lo := byte(u>>8), byte(u)
			if big {
				b.WriteByte(hi)
				b.WriteByte(lo)
			} else {
				b.WriteByte(lo)
				b.WriteByte(hi)
			}
		}
		return b.String()
	}
	encode := func(s string, e interface{ String(string) (string, error) }) string {
		out, err := e.String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	const text = secret + " keeps the lamp, and the sea keeps " + secret + ". It is a good book."
	tests := []struct{ name, data, want string }{
		{"empty.txt", "", "empty.txt: is empty"},
		{"bom.txt", "\ufeff", "bom.txt: is empty"},
		{"blank.txt", " \r\n\t\u00a0\n", "blank.txt: is empty"},
		{"le.txt", wide(text, false, true), "le.txt: looks like UTF-16 (little-endian); save it as UTF-8"},
		{"be.txt", wide(text, true, true), "be.txt: looks like UTF-16 (big-endian); save it as UTF-8"},
		{"le2.txt", wide(text, false, false), "le2.txt: looks like UTF-16 (little-endian); save it as UTF-8"},
		{"be2.txt", wide(text, true, false), "be2.txt: looks like UTF-16 (big-endian); save it as UTF-8"},
		{"binary.txt", text + "\x00\x01\x02", "binary.txt: looks like a binary file, not text"},
		{"controls.txt", strings.Repeat("\x01\x02ab", 20), "controls.txt: looks like a binary file, not text"},
		{"a.pdf.txt", "%PDF-1.4 " + text, "a.pdf.txt: is a PDF, not text"},
		{"latin.txt", encode("Café. "+text, charmap.ISO8859_1.NewEncoder()), "latin.txt: looks like Latin-1 or Windows-1252; save it as UTF-8"},
		{"win.txt", encode("“Café”. "+text, charmap.Windows1252.NewEncoder()), "win.txt: looks like Windows-1252; save it as UTF-8"},
		{"sjis.txt", encode("これはとてもいい本でした。わたしは好きです。", japanese.ShiftJIS.NewEncoder()), "sjis.txt: looks like Shift JIS; save it as UTF-8"},
		{"euc.txt", encode("これはとてもいい本でした。わたしは好きです。", japanese.EUCJP.NewEncoder()), "euc.txt: looks like EUC-JP; save it as UTF-8"},
		{"koi.txt", encode("Это очень хорошая книга, и я ее люблю.", charmap.KOI8R.NewEncoder()), "koi.txt: is not UTF-8 but in some other encoding; save it as UTF-8"},
		{"cut.txt", (text + "é")[:len(text)+1], "cut.txt: is damaged: it ends in the middle of a character"},
		{"mixed.txt", "“" + text + "”\né\n\xff " + text, "mixed.txt:3: is damaged: there are bytes here that are not UTF-8"},
		{"lost.txt", strings.Repeat("It\ufffds. ", 9), "lost.txt: is damaged: 9 characters were lost in an earlier conversion"},
		{"big.txt", strings.Repeat("It is. ", MaxFileSize/7+1), "big.txt: is larger than 1024 KiB"},
		{"open.md", "---\ntitle: " + secret + "\n\n" + text, "open.md:1: the front matter that begins here is never closed by a line of ---"},
		{"yaml.md", "---\ndate: 2024\ntitle: " + secret + ": dies\n---\n" + text, "yaml.md:3: front matter: not valid YAML; a value with a colon or a quote in it needs quotes around it"},
		{"quote.md", "---\ntitle: \"" + secret + "\ndate: x\n---\n" + text, "quote.md:2: front matter: not valid YAML; a value with a colon or a quote in it needs quotes around it"},
		{"list.md", "---\n- " + secret + "\n---\n" + text, "list.md:2: front matter: not a list of fields, one a line, each with a colon after its name"},
		{"map.md", "---\ntitle:\n  a: " + secret + "\n---\n" + text, "map.md:2: front matter: title is not a plain value"},
		{"twice.md", "---\ntitle: a\ndate: b\ntitle: c\n---\n" + text, "twice.md:4: front matter: title stands here for the second time"},
		{"long.md", "---\nrating: " + strings.Repeat(secret, 20) + "\n---\n" + text, "long.md:2: front matter: rating is longer than 80 characters"},
		{"lang.md", "---\nlang: " + secret + " dies\n---\n" + text, "lang.md:2: front matter: language is not a language tag such as en or de-AT"},
		{"heads.md", "# " + secret + "\n\n## Dies\n", "heads.md: holds no sentence"},
		{"stars.txt", "*****\n\n@mo\n", "stars.txt: holds no sentence"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(File{Name: tt.name, Data: []byte(tt.data)}, lamp)
			var r Problem
			if !errors.As(err, &r) {
				t.Fatalf("error %v is no Problem", err)
			}
			if got := err.Error(); got != tt.want || r.File != tt.name || strings.Contains(got, secret) {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestSkippable(t *testing.T) {
	for _, name := range []string{"a.txt", "b.MD", "club/c.markdown", "./d.txt", "reading.txt", "e.HTM", "f.html", "club/g.csv", "h.json", "i.jsonl"} {
		if why, skip := Skippable(name); skip {
			t.Errorf("%s: %s", name, why)
		}
	}
	for _, name := range []string{"README.md", "readme", "club/Readme.txt", "LICENSE", "licence.txt", ".hidden.txt", ".git/a.txt", "a.png", "b.JPG", "c.docx", "d", `x\.git\a.md`, "README.de.md"} {
		if why, skip := Skippable(name); !skip || why == "" {
			t.Errorf("%s is not skipped", name)
		}
	}
}
