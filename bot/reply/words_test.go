package reply_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"dogear/bot"
	"dogear/bot/reply"
	"dogear/bot/reply/replytest"
	"dogear/bot/spoiler"
)

var template = flag.String("template", "", "write the file of this `language`, or what its file lacks")

// TestWords reads every language that ships and says how complete it is. With
// -template it writes the file of a new one.
func TestWords(t *testing.T) {
	said := replytest.Said(t)
	if len(said.Words) < 200 || !said.Words["Saved."] || !said.Words["that"] || !said.Words["chapter {1} of {2}"] ||
		!said.Words["Next page"] || !said.Counts["chapters"] || !said.Commands["progress"] || said.Words[""] {
		t.Fatalf("the source says %d texts; this test looked at too little", len(said.Words))
	}
	if *template != "" {
		writeTemplate(t, *template)
	}
	files, err := filepath.Glob("words/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no files of languages", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		l, err := reply.ReadLanguage(filepath.Base(name), data, said)
		if err != nil {
			t.Errorf("in words:\n%v", err)
			continue
		}
		for _, name := range ambiguous(l) {
			t.Errorf("two names are %q in %s where a reader has to choose", name, l.Tag())
		}
		if filepath.Base(name) != "en.yaml" {
			missing := replytest.Missing(t, data)
			t.Logf("%s lacks %d of %d texts", name, len(missing), len(said.Words)+len(said.Counts))
		}
	}
}

// ambiguous returns what a language calls two commands of a group, two options
// of a command, or two choices of an option.
func ambiguous(l *reply.Language) (names []string) {
	called := map[[2]string]string{}
	claim := func(among, english string) {
		at := [2]string{among, l.Command(english)}
		if other, taken := called[at]; taken && other != english {
			names = append(names, at[1])
		}
		called[at] = english
	}
	for _, c := range bot.Commands() {
		group, name, grouped := strings.Cut(c.Name, " ")
		claim("", group)
		if grouped {
			claim(group, name)
		}
		for _, o := range c.Options {
			claim(c.Name+"'s", o.Name)
			for _, choice := range o.Choices {
				claim(c.Name+"'s "+o.Name, choice)
			}
		}
	}
	return names
}

// TestAmbiguous shows that two names alike are found where they matter.
func TestAmbiguous(t *testing.T) {
	for data, want := range map[string]string{
		"":                                   "",
		"commands: {show: zeig, page: zeig}": "",
		"commands: {show: zeig, tag: zeig}":  "zeig",
		"commands: {ask: sag, report: sag}":  "sag",
		"commands: {add: neu, edit: neu}":    "neu neu",
	} {
		l, err := reply.ReadLanguage("de.yaml", []byte(data), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(ambiguous(l), " "); got != want {
			t.Errorf("%s: %q, want %q", data, got, want)
		}
	}
}

func writeTemplate(t *testing.T, tag string) {
	name := filepath.Join("words", tag+".yaml")
	if _, err := reply.ReadLanguage(filepath.Base(name), nil, nil); err != nil || tag == "en" {
		t.Fatalf("-template %s: want the tag of a language that is not English, such as de or pt-BR", tag)
	}
	soFar, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, replytest.File(t, language.Make(tag), soFar), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestTemplate shows that a template reads, translates nothing, and keeps what
// was translated.
func TestTemplate(t *testing.T) {
	said := replytest.Said(t)
	soFar := []byte("words: {\"Saved.\": \"Сохранено.\"}\ncounts: {chapters: {one: \"{1} глава\", few: \"{1} главы\", many: \"{1} глав\", other: \"{1} главы\"}}\n")
	file := replytest.File(t, language.Russian, soFar)
	if _, err := reply.ReadLanguage("ru.yaml", file, said); err != nil {
		t.Error(err)
	}
	if !strings.Contains(string(file), "Сохранено.") || !strings.Contains(string(file), "{1} глав\"") {
		t.Error("what was translated is lost")
	}
	all := len(replytest.Missing(t, nil))
	if got := len(replytest.Missing(t, file)); got != all-2 {
		t.Errorf("%d of %d are missing, want all but two", got, all)
	}
}

// TestBadWords shows which files are refused, and on which line.
func TestBadWords(t *testing.T) {
	said := &reply.Said{Words: map[string]bool{"Saved.": true, "{1} of {2}": true}, Counts: map[string]bool{"chapters": true}, Commands: map[string]bool{"book": true}}
	for _, c := range []struct{ file, data, want string }{
		{"de.yaml", "", ""},
		{"de.yaml", "words:\n  Saved.:\ncounts:\n  chapters: {one: '', other: ''}\ncommands: {book: ''}", ""},
		{"de.yaml", "words:\n  Saved.: Gespeichert.\n  '{1} of {2}': 'von {2} {1}, {2}'\ncounts:\n  chapters: {one: '{1} Kapitel', other: '{1} Kapitel'}\ncommands: {book: buch}", ""},
		{"ja.yaml", "counts: {chapters: {other: '{1}章'}}\ncommands: {book: 本}", ""},
		{"german.yaml", "", "german.yaml: a file is called by the tag"},
		{"pt-br.yaml", "", "pt-br.yaml: a file is called by the tag"},
		{"de.yaml", "words:\n\tx", "de.yaml: line 2"},
		{"de.yaml", "- a", "de.yaml:1: want names"},
		{"de.yaml", "words: {}\ntexts: {}", `de.yaml:2: "texts" is none of words, counts and commands`},
		{"de.yaml", "words:\n  Saved.: a\n  Lost.: b", `de.yaml:3: dogear does not say "Lost."`},
		{"de.yaml", "words:\n  Saved.: a\n  Saved.: b", `de.yaml:3: "Saved." stands here for the second time`},
		{"de.yaml", "words:\n  Saved.: a {1}", "de.yaml:2: nothing is filled in here"},
		{"de.yaml", "words:\n  '{1} of {2}': '{1} von {3}'", "de.yaml:2: want {1} {2} in it, and no others"},
		{"de.yaml", "words:\n  '{1} of {2}': '{1} von'", "de.yaml:2: want {1} {2} in it, and no others"},
		{"de.yaml", "words:\n  Saved.: [a]", "de.yaml:2: want a text"},
		{"de.yaml", "words:\n  Saved.: \"a\\nb\"", "de.yaml:2: want a text of one line"},
		{"de.yaml", "counts:\n  pages: {one: '{1} Seite', other: '{1} Seiten'}", `de.yaml:2: dogear does not say "pages"`},
		{"de.yaml", "counts:\n  chapters: {one: '{1} Kapitel'}", "de.yaml:2: the forms of the plural in de are one, other"},
		{"de.yaml", "counts:\n  chapters:\n    one: '{1} Kapitel'\n    few: '{1} Kapitel'\n    other: '{1} Kapitel'", "de.yaml:4: the forms of the plural in de are one, other"},
		{"de.yaml", "counts:\n  chapters:\n    one: '{1} Kapitel'\n    other: Kapitel", "de.yaml:4: want {1} in it, and no others"},
		{"ru.yaml", "counts:\n  chapters: {one: '{1} глава', other: '{1} главы'}", "ru.yaml:2: the forms of the plural in ru are one, few, many, other"},
		{"de.yaml", "commands:\n  tome: band", `de.yaml:2: dogear does not say "tome"`},
		{"de.yaml", "commands:\n  book: Buch", "de.yaml:2: a name is"},
		{"de.yaml", "commands:\n  book: das buch", "de.yaml:2: a name is"},
		{"de.yaml", "commands:\n  book: " + strings.Repeat("b", 33), "de.yaml:2: a name is"},
	} {
		_, err := reply.ReadLanguage(c.file, []byte(c.data), said)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %q: %v", c.file, c.data, err)
		case c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)):
			t.Errorf("%s: %q: %v, want %q", c.file, c.data, err, c.want)
		}
	}
}

// teach makes a language known for the rest of the tests.
func teach(t *testing.T, file, data string) {
	t.Helper()
	l, err := reply.ReadLanguage(file, []byte(data), nil)
	if err != nil {
		t.Fatal(err)
	}
	reply.Teach(l)
}

// TestIn shows which language a platform's tag asks for.
func TestIn(t *testing.T) {
	teach(t, "de.yaml", "")
	teach(t, "pt-BR.yaml", "")
	teach(t, "x-odd.yaml", "")
	for asked, want := range map[string]string{
		"": "", "en": "", "en-GB": "", "de": "de", "de-AT": "de", "pt-BR": "pt-BR", "pt-PT": "pt-BR", "pt": "pt-BR", "DE": "de", "de_DE": "de",
		"fr": "", "zh-TW": "", "x-odd": "x-odd", "x-other": "", "no language": "", "\x00": "",
	} {
		if got := reply.In(asked).Tag(); got != want {
			t.Errorf("%q asks for %q, want %q", asked, got, want)
		}
	}
	if got := strings.Join(reply.Languages(), " "); !strings.Contains(got, "de pt-BR") || strings.Contains(got, "en") {
		t.Errorf("the languages are %s", got)
	}
}

// TestSpeaking writes a document in a language that lacks some of its words.
func TestSpeaking(t *testing.T) {
	teach(t, "uk.yaml", `
words:
  "You asked for {1}, {2}.": "{2}: ваш запит {1}."
  "that": "це"
  "chapter {1} of {2}": "розділ {1} з {2}"
  "Next page": "Далі"
counts:
  chapters: {one: "{1} розділ", few: "{1} розділи", many: "{1} розділів", other: "{1} розділу"}
commands:
  book: книга
`)
	l := reply.In("uk-UA")
	w := l.ToChannel(spoiler.Horizon{}, reply.Tagged, "t")
	for _, n := range []int{0, 1, 2, 5, 21} {
		w.List("{1}", reply.Count(n, "chapter", "chapters"))
	}
	w.Say("{1}", reply.Count(2, "review", "reviews"))
	w.Say("You asked for {1}, {2}.", reply.Own("secret"), reply.Place(3, 7))
	w.Say("{1}", reply.Place(0, 7))
	w.Offer(reply.More, "Next page")
	w.Offer(reply.Share, "Share with the channel")
	w.Passage(excerpt(0))
	var r ignoring
	w.Doc().Render(&r)
	got := strings.Join(r.out, "\n")
	const want = "0 розділів\n1 розділ\n2 розділи\n5 розділів\n21 розділ\n2 reviews\nрозділ 3 з 7: ваш запит це.\nnot started\nДалі\nShare with the channel\n"
	if !strings.HasPrefix(got, want) || !strings.Contains(got, "Text:"+secret) {
		t.Errorf("it says:\n%s", got)
	}
	if tag := w.Doc().Language().Tag(); tag != "uk" {
		t.Errorf("the document is in %q", tag)
	}
	if got := l.Command("book") + l.Command("list") + reply.In("en").Command("book"); got != "книгаlistbook" {
		t.Errorf("commands are called %s", got)
	}
	if p := reply.Words("Next page"); p.In(l) != "Далі" || p.String() != "Next page" || p.In(nil) != "Next page" {
		t.Errorf("a phrase says %q and %q", p.In(l), p)
	}
}
