package library

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzRead reads anything without a panic, and what it reads stands in the file
// where it says.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"It is dark. ||The oil|| is gone.\n", "---\ntitle: a\n---\n# b\n\nIt is.\n", "- a\n- (view spoiler)[b [c] d]\n",
		"<details>\n<summary>a</summary>\n\nb\n\n</details>\n", "FAQ\nWho?\nHe.\n", "Also read:\n- a\n", ">!a!<\r\n\r\nb\u2028c", "a\n===\n\n\tb\n",
		"&#124;&#124;a&amp;#124;| b !>c<! \\&lt;spoiler&gt;d [e](/s \"f\") {{spoiler|g}} *spoiler* h", "::: spoiler a\n```spoiler\nb\n```\n:::\nS P O I L E R\n", "<p style=\"color:#fff\">a\n>\u200b!b\n",
		"[spoiler=ch. 3]a[/spoiler] &#0; &#10; \\|\\| <b", "SPOILERS AHEAD\na (ch. 3). b\nend of spoilers\n", "| a | b |\n|---|---|\n| c || d |\n",
	} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, text string, markdown bool) {
		name := "a.txt"
		if markdown {
			name = "a.md"
		}
		src, err := Read(File{Name: name, Data: []byte(text)}, lamp)
		if err != nil {
			var r Problem
			if !errors.As(err, &r) {
				t.Fatalf("%v is no Problem", err)
			}
			return
		}
		checkOffsets(t, text, src)
		if data, err := EncodeSource(src); err != nil || len(data) == 0 {
			t.Fatal(err)
		}
	})
}

// TestReadReviews reads the real reviews beside the project, if they are there.
func TestReadReviews(t *testing.T) {
	dir := above("shared/reviews")
	if dir == "" {
		t.Skip("no folder shared/reviews above this one: nothing real to read")
	}
	book := Book{ID: "never-let-me-go", Title: "Never Let Me Go", Author: "Kazuo Ishiguro", Outline: Outline{{Chapters: 23}}}
	counts := map[string]int{"admired-but-not-loved.txt": 100, "reading21.txt": 99, "rouge-readings.txt": 34, "told-and-not-told.txt": 64}
	for name, n := range counts {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		src, err := Read(File{Name: name, Data: data}, book)
		if err != nil {
			t.Fatal(err)
		}
		checkOffsets(t, string(data), src)
		if len(src.Sentences) != n {
			t.Errorf("%s: %d sentences, not %d", name, len(src.Sentences), n)
		}
		questions, covered, titles := 0, 0, 0
		for _, s := range src.Sentences {
			if isFurniture(shape(s)[len(s.Kind)+2:]) {
				t.Errorf("%s: boilerplate at %d is kept", name, s.Start)
			}
			if s.Kind == Question {
				questions++
			}
			if s.Kind == Title {
				titles++
			}
			if s.Mark.Covered {
				covered++
			}
		}
		wantQ, wantC, wantT := 0, 0, 1
		switch name {
		case "rouge-readings.txt":
			wantQ, wantC = 3, 10
			if len(src.Related) != 4 {
				t.Errorf("%d related reads, not 4", len(src.Related))
			}
		case "told-and-not-told.txt":
			wantT = 0
		}
		if questions != wantQ || covered != wantC || titles != wantT {
			t.Errorf("%s: %d questions, %d covered, %d titles", name, questions, covered, titles)
		}
	}
}

// above returns the folder of this name beside the working directory or above
// it; "" if there is none.
func above(name string) string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		if at := filepath.Join(dir, name); isDir(at) {
			return at
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// TestReadSample reads the sample club, which is in our own words.
func TestReadSample(t *testing.T) {
	read := 0
	err := filepath.WalkDir("sample", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if _, skip := Skippable(path); skip {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		src, err := Read(File{Name: filepath.Base(path), Data: data}, lamp)
		if err != nil {
			return err
		}
		read++
		checkOffsets(t, string(data), src)
		if src.Title.IsZero() || src.Reviewer == "" {
			t.Errorf("%s: no title or no reviewer", path)
		}
		return nil
	})
	if err != nil || read == 0 {
		t.Errorf("read %d files: %v", read, err)
	}
}

func BenchmarkRead(b *testing.B) {
	data := []byte("# The lamp\n\n" + strings.Repeat("It is *dark* in there, and Mr. Brandt is old. ||The oil is gone.||\nSo is he (ch. 4)!\n\n## The rock\n\n- one\n- two\n\n", 200))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Read(File{Name: "long.md", Data: data}, lamp); err != nil {
			b.Fatal(err)
		}
	}
}
