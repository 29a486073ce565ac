package library_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dogear/bot/label"
	"dogear/bot/library"
	"dogear/bot/spoiler/unsealed"

	"github.com/google/go-cmp/cmp"
)

// books returns the shipped book and a small one beside it.
func books(t testing.TB) (first, second library.Book) {
	t.Helper()
	i := slices.IndexFunc(library.Shipped(), func(b library.Book) bool { return b.ID == "never-let-me-go" })
	second, err := library.NewBook("the-lighthouse-keeper", "The Lighthouse Keeper", "Ines Marlow", 14)
	if err != nil {
		t.Fatal(err)
	}
	return library.Shipped()[i], second
}

// list reads a list of testdata.
func list(t testing.TB, name string) library.File {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "lists", name))
	if err != nil {
		t.Fatal(err)
	}
	return library.File{Name: name, Data: data}
}

func readAll(t testing.TB, files ...library.File) ([]library.Source, []library.Skipped) {
	t.Helper()
	first, second := books(t)
	sources, skipped, err := library.ReadAll(files, first, []library.Book{second, first})
	if err != nil {
		t.Fatal(err)
	}
	return sources, skipped
}

// summary writes a source as a line.
func summary(s library.Source) string {
	return fmt.Sprintf("%s %s %q %q %q %q %v %d", s.File, s.Book, unsealed.Text(s.Title), s.Reviewer, s.Date, s.Rating, s.Flagged, len(s.Sentences))
}

// TestReadLists reads what the sites export, and our own lists. The unknown
// books, and one of a known name by somebody else, are skipped.
func TestReadLists(t *testing.T) {
	const unknown = "8 reviews of books that the club does not have: Never Let Me Go; A Cup of Rain; Salt Roads (Salt, #2); Letters to a Crow; The Long Thaw; A Field Guide to Sleep; Low Tide; Under Tin Roofs"
	for _, tt := range []struct {
		file    string
		want    []string
		skipped []string
	}{
		{"goodreads.csv", []string{
			`goodreads.csv#1000 never-let-me-go "" "" "2021/05/01" "5/5" false 4`,
			`goodreads.csv#1001 never-let-me-go "" "" "2021/05/02" "4/5" false 4`,
			`goodreads.csv#1002 never-let-me-go "" "" "2021/05/03" "3/5" true 2`,
			`goodreads.csv#1003 never-let-me-go "" "" "2021/05/04" "" false 2`,
			`goodreads.csv#1004 never-let-me-go "" "" "2021/05/05" "2/5" false 3`,
			`goodreads.csv#1005 the-lighthouse-keeper "" "" "2021/05/06" "4/5" false 3`,
			`goodreads.csv#1006 the-lighthouse-keeper "" "" "2021/05/07" "" false 3`,
			`goodreads.csv#1007 the-lighthouse-keeper "" "" "2021/05/08" "1/5" true 1`,
		}, []string{"21 rows without a review", unknown}},
		{"storygraph.csv", []string{
			`storygraph.csv#Never Let Me Go, Kazuo Ishiguro never-let-me-go "" "" "2022/03/01" "3.75/5" false 4`,
			`storygraph.csv#Never Let Me Go (Quiet Classics,  3), Kazuo Ishiguro never-let-me-go "" "" "2022/03/02" "4.5/5" false 4`,
			`storygraph.csv#Never let me go: A Novel, Ishiguro, Kazuo never-let-me-go "" "" "2022/03/03" "" false 2`,
			`storygraph.csv#NÉVER LET ME GO, Kazuo Ishiguro never-let-me-go "" "" "2022/03/04" "" false 2`,
			`storygraph.csv#Never Let Me Go (Hailsham Edition), Kazuo Ishiguro never-let-me-go "" "" "2022/03/05" "5/5" false 3`,
			`storygraph.csv#The Lighthouse Keeper, Ines Marlow the-lighthouse-keeper "" "" "2022/03/06" "2.25/5" false 3`,
			`storygraph.csv#The Lighthouse Keeper (Harbour Tales,  1), Marlow, Ines the-lighthouse-keeper "" "" "2022/03/07" "3.75/5" false 3`,
			`storygraph.csv#The lighthouse keeper: a tale of salt, Ines Marlow the-lighthouse-keeper "" "" "2022/03/08" "4.5/5" false 1`,
		}, []string{"21 rows without a review", unknown}},
		{"bookwyrm.csv", []string{
			`bookwyrm.csv#https://books.example/book/500 never-let-me-go "A quiet one" "" "2020-03-01" "5/5" false 4`,
			`bookwyrm.csv#https://books.example/book/501 never-let-me-go "" "" "2020-03-02" "4/5" false 4`,
			`bookwyrm.csv#https://books.example/book/502 never-let-me-go "" "" "2020-03-03" "3/5" true 2`,
			`bookwyrm.csv#https://books.example/book/503 never-let-me-go "" "" "2020-03-04" "" false 2`,
			`bookwyrm.csv#https://books.example/book/504 never-let-me-go "" "" "2020-03-05" "2/5" false 3`,
			`bookwyrm.csv#https://books.example/book/505 the-lighthouse-keeper "" "" "2020-03-06" "4/5" false 3`,
			`bookwyrm.csv#https://books.example/book/506 the-lighthouse-keeper "" "" "2020-03-07" "" false 3`,
			`bookwyrm.csv#https://books.example/book/507 the-lighthouse-keeper "" "" "2020-03-08" "1/5" true 1`,
		}, []string{"21 rows without a review", unknown}},
		{"club.json", []string{
			`club.json#Mo Finch never-let-me-go "A quiet book" "Mo Finch" "2024-01-02" "4/5" false 3`,
			`club.json#Ada P. the-lighthouse-keeper "" "Ada P." "" "3.5" false 3`,
			`club.json#Ada P. never-let-me-go "" "Ada P." "" "" true 2`,
			`club.json#r-4 never-let-me-go "Slow and certain" "" "" "" false 4`,
		}, []string{"1 review of a book that the club does not have: A Cup of Rain"}},
		{"club.jsonl", []string{
			`club.jsonl#Mo Finch never-let-me-go "A still book" "Mo Finch" "2024-01-02" "4/5" false 3`,
			`club.jsonl#Ada P. the-lighthouse-keeper "" "Ada P." "" "3.5" false 3`,
			`club.jsonl#Ada P. never-let-me-go "" "Ada P." "" "" true 2`,
			`club.jsonl#r-4 never-let-me-go "Slow and certain" "" "" "" false 4`,
		}, []string{"1 review of a book that the club does not have: A Cup of Rain"}},
		{"one.json", []string{`one.json#Mo Finch never-let-me-go "A quiet book" "Mo Finch" "2024-01-02" "4/5" false 3`}, nil},
	} {
		t.Run(tt.file, func(t *testing.T) {
			sources, skipped := readAll(t, list(t, tt.file))
			var got, why []string
			for _, s := range sources {
				got = append(got, summary(s))
				if library.FileOf(s.File) != tt.file {
					t.Errorf("%s stands in %s", s.File, library.FileOf(s.File))
				}
			}
			for _, s := range skipped {
				why = append(why, s.Why)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.skipped, why); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestReadListsCovers labels what was read: what is marked, or stands in a
// review that is flagged, opens at the end or with the ledger alone. What is no
// review is nowhere.
func TestReadListsCovers(t *testing.T) {
	first, second := books(t)
	page, err := os.ReadFile(filepath.Join("testdata", "pages", "quiet-school.html"))
	if err != nil {
		t.Fatal(err)
	}
	files := []library.File{{Name: "quiet-school.html", Data: page}}
	for _, name := range []string{"goodreads.csv", "storygraph.csv", "bookwyrm.csv", "club.json", "club.jsonl"} {
		files = append(files, list(t, name))
	}
	sources, _ := readAll(t, files...)
	labellers := map[string]*label.Labeller{string(first.ID): label.New(first), string(second.ID): label.New(second)}
	ends := map[string]library.Book{string(first.ID): first, string(second.ID): second}
	canaries, open := 0, 0
	for _, src := range sources {
		end := ends[string(src.Book)].End()
		for _, s := range labellers[string(src.Book)].Label(src).Sentences {
			text := unsealed.Text(s.Passage)
			if strings.Contains(text, "PRIVATE") || strings.Contains(text, "MOOD") || strings.Contains(text, "<") {
				t.Errorf("%s: %q is no part of a review", src.File, text)
			}
			if s.Passage.Reveal() == 0 {
				open++
			}
			if !strings.Contains(text, "CANARY") && !src.Flagged {
				continue
			}
			canaries++
			if !s.Mark.Covered {
				t.Errorf("%s: %q is not covered", src.File, text)
			}
			if s.Passage.Reveal() < end && s.Decided() != library.ByLedger && s.Decided() != library.ByMarkup {
				t.Errorf("%s: %q opens at %d by %s", src.File, text, s.Passage.Reveal(), s.Decided())
			}
		}
	}
	if canaries < 30 || open < 30 {
		t.Errorf("%d canaries and %d open sentences: this test looked at too little", canaries, open)
	}
}

// TestReadListsAgain reads an export a second time, corrected and in another
// order: each row keeps its ID, and those that say the same their digest.
func TestReadListsAgain(t *testing.T) {
	for _, name := range []string{"goodreads.csv", "storygraph.csv", "bookwyrm.csv", "club.jsonl"} {
		f := list(t, name)
		before, _ := readAll(t, f)
		lines := strings.SplitAfter(string(f.Data), "\n")
		if name == "storygraph.csv" || name == "bookwyrm.csv" || name == "goodreads.csv" {
			lines = slices.Insert(lines, 1, lines[len(lines)-2]) // everything stands a line further down
		}
		f.Data = []byte(strings.Replace(strings.Join(lines, ""), "I loved the style.", "I liked the style.", 1))
		after, _ := readAll(t, f)
		if len(before) != len(after) {
			t.Fatalf("%s: %d sources, then %d", name, len(before), len(after))
		}
		changed := 0
		for i := range before {
			if before[i].ID != after[i].ID || before[i].File != after[i].File {
				t.Errorf("%s: another identity", before[i].File)
			}
			if before[i].Digest != after[i].Digest {
				changed++
			}
		}
		if changed != 1 {
			t.Errorf("%s: %d sources changed, not 1", name, changed)
		}
		f.Reviewer = "Mo Finch"
		named, _ := readAll(t, f)
		for i, src := range named {
			if src.Reviewer == "" || strings.HasSuffix(name, ".csv") == (src.ID == after[i].ID) {
				t.Errorf("%s: who wrote it is %q, and whoever did, its ID is the same: %v", src.File, src.Reviewer, src.ID == after[i].ID)
			}
		}
	}
}

// TestReadListsRefuse damages each list; it is refused by file and line, and
// nothing of it quoted.
func TestReadListsRefuse(t *testing.T) {
	first, _ := books(t)
	const columns = "one of Goodreads has the columns Book Id, Title, Author, My Rating, Spoiler, My Review; one of StoryGraph has the columns Title, Authors, Star Rating, Review; one of BookWyrm has the columns remote_id, title, author_text, rating, review_name, review_cw, review_content"
	for _, tt := range []struct{ file, old, new, want string }{
		{"goodreads.csv", `"Kathy and Tommy`, `Kathy "and" Tommy`, "goodreads.csv:4: there is a quote here in a field that does not begin with one; quotes within a field are doubled"},
		{"goodreads.csv", `CANARY. I cried, CANARY."`, `CANARY. I cried, CANARY."x`, "goodreads.csv:4: the row that begins on line 4 has a quote that is not doubled, or is never closed"},
		{"goodreads.csv", "1003,", "1003,,", "goodreads.csv:5: the row that begins here has 25 fields, and the first line has 24"},
		{"goodreads.csv", "Spoiler,", "Spoilt,", "goodreads.csv:1: is an export of Goodreads without the column Spoiler"},
		{"goodreads.csv", "Private Notes", "My Review", "goodreads.csv:1: is an export of Goodreads with two columns My Review"},
		{"goodreads.csv", ",4,3.9", ",44,3.9", "goodreads.csv:3: the rating is no number from 0 to 5"},
		{"goodreads.csv", "The prose is quiet", "The prose is \xff quiet", "goodreads.csv:2: is damaged: there are bytes here that are not UTF-8"},
		{"storygraph.csv", "Star Rating", "Stars", "storygraph.csv:1: is an export of StoryGraph without the column Star Rating"},
		{"storygraph.csv", "Salt Roads", `"Salt Roads`, "storygraph.csv:15: the row that begins on line 15 has a quote that is not doubled, or is never closed"},
		{"bookwyrm.csv", "review_cw", "review_was", "bookwyrm.csv:1: is an export of BookWyrm without the column review_cw"},
		{"bookwyrm.csv", "A quiet one,", "A quiet one", "bookwyrm.csv:2: the row that begins here has 26 fields, and the first line has 27"},
		{"bookwyrm.csv", "title,author_text,remote_id", "name;writer;link", "bookwyrm.csv:1: is an export of BookWyrm without the column remote_id, title, author_text"},
		{"club.json", `"rating": "4/5"`, `"ratin": "4/5"`, "club.json:8: an unknown field; a review has the fields book, title, reviewer, link, date, rating, language, spoilers, text and id"},
		{"club.json", `"spoilers": true`, `"spoilers": "yes"`, "club.json:20: spoilers is neither true nor false"},
		{"club.json", `"id": "r-4"`, `"id": ["r-4"]`, "club.json:24: id is no text in quotes"},
		{"club.json", `"language": "en"`, `"language": "so quiet"`, "club.json:9: language is not a language tag such as en or de-AT"},
		{"club.json", `"language": "en"`, `"date": "2020"`, "club.json:9: date stands here for the second time"},
		{"club.json", `"date": "2024-01-02"`, `"date": 2024-01-02`, "club.json:7: is not valid JSON from here on"},
		{"club.json", "\n]", "\n", "club.json:32: is not valid JSON: it ends before it is complete"},
		{"club.json", "{", `3, {`, "club.json:2: want a review: an object with the fields book, title, reviewer, link, date, rating, language, spoilers, text and id"},
		{"club.jsonl", "I cried, CANARY.", `I "cried", CANARY.`, "club.jsonl:4: is not valid JSON from here on"},
		{"club.jsonl", "It is a fine book.", " ", "club.jsonl:6: the review has no text"},
		{"club.jsonl", `"Ada P."`, `"Ada P.", "id": "r-4", "book": "never-let-me-go"`, "club.jsonl:2: book stands here for the second time"},
		{"club.jsonl", `{"reviewer": "Ada P."`, `{"reviewer": "Ada P.", "id": "r-4"`, "club.jsonl:5: the id stands here for the second time"},
		{"club.jsonl", "It is a fine book.", "# It is\\n", "club.jsonl: "},
	} {
		f := list(t, tt.file)
		if !strings.Contains(string(f.Data), tt.old) {
			t.Fatalf("%s does not hold %s", tt.file, tt.old)
		}
		f.Data = []byte(strings.Replace(string(f.Data), tt.old, tt.new, 1))
		_, second := books(t)
		sources, _, err := library.ReadAll([]library.File{list(t, "one.json"), f}, first, []library.Book{second})
		switch {
		case tt.want == "club.jsonl: ": // about a book that nobody knows
			if err != nil {
				t.Error(err)
			}
		case err == nil || err.Error() != tt.want || sources != nil:
			t.Errorf("%s -> %s\ngot  %v\nwant %s", tt.old, tt.new, err, tt.want)
		}
	}
	for text, want := range map[string]string{
		"name,words\na,b\n": "other.csv:1: is no export that can be read: " + columns,
		"Book Id;Title;Author;My Rating;My Review;Spoiler\n1;a;b;3;c;\n": "other.csv:1: is no export that can be read: " + columns,
		"":         "other.csv: is empty",
		"\"":       "other.csv:1: the row that begins on line 1 has a quote that is not doubled, or is never closed",
		"\n\n \n":  "other.csv: is empty",
		"%PDF-1.4": "other.csv: is a PDF, not text",
	} {
		_, _, err := library.ReadAll([]library.File{{Name: "other.csv", Data: []byte(text)}}, first, nil)
		if err == nil || err.Error() != want {
			t.Errorf("%q\ngot  %v\nwant %s", text, err, want)
		}
	}
	long := `[{"text": "` + strings.Repeat("It is. ", library.MaxFileSize/7+1) + "\"},\n" + `{"text": "**"}]`
	_, _, err := library.ReadAll([]library.File{{Name: "long.json", Data: []byte(long)}}, first, nil)
	if want := "long.json:1: the review is larger than 1024 KiB\nlong.json:2: the review holds no sentence"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// TestReadListsFormulas reads the ISBNs that some exports write like formulas.
func TestReadListsFormulas(t *testing.T) {
	f := list(t, "goodreads.csv")
	text := strings.NewReplacer(`"=""`, `="`, `"""`, `"`).Replace(string(f.Data))
	if !strings.Contains(text, `,="1234567891",`) {
		t.Fatal("no formula")
	}
	want, _ := readAll(t, f)
	f.Data = []byte(text)
	got, _ := readAll(t, f)
	for i := range want {
		if got[i].Digest != want[i].Digest {
			t.Errorf("%s differs", want[i].File)
		}
	}
}

// BenchmarkReadLists reads ten thousand reviews.
func BenchmarkReadLists(b *testing.B) {
	first, second := books(b)
	var csv, jsonl strings.Builder
	csv.WriteString("Book Id,Title,Author,My Rating,My Review,Spoiler\n")
	for i := range 10_000 {
		text := strings.Repeat(fmt.Sprintf("The prose is quiet, and this is review %d of them. <spoiler>The keeper drowns.</spoiler> I loved the pacing of it. ", i), 5)
		fmt.Fprintf(&csv, "%d,The Lighthouse Keeper,Ines Marlow,4,\"%s\",\n", i, text)
		fmt.Fprintf(&jsonl, "{\"id\":\"%d\",\"book\":\"the-lighthouse-keeper\",\"text\":%q}\n", i, text)
	}
	for name, data := range map[string]string{"goodreads.csv": csv.String(), "club.jsonl": jsonl.String()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				sources, _, err := library.ReadAll([]library.File{{Name: name, Data: []byte(data)}}, first, []library.Book{second})
				if err != nil || len(sources) != 10_000 {
					b.Fatal(len(sources), err)
				}
			}
		})
	}
}
