package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"dogear/bot"
)

// importing makes a moderator's request to take files in.
func importing(files ...bot.File) bot.Request {
	return bot.Request{Seat: seat("mod"), Command: "club import", Options: map[string]string{"book": "never-let-me-go"}, Files: files, Moderator: true}
}

// TestUpload takes files in that a moderator hands over.
func TestUpload(t *testing.T) {
	tb := newTable(t)
	text := func(name, text string) bot.File { return bot.File{Name: name, Data: []byte(text)} }
	p := tb.handle(importing(
		text("quiet.md", "---\nreviewer: Mo\n---\n\n# A quiet book\n\nI found the pacing slow. Nothing in the last pages is as it seemed."),
		text("list.jsonl", `{"id": "1", "reviewer": "Bo", "text": "I loved this novel."}`+"\n"),
		text("photo.png", "\x89PNG"), text("README.md", "Read me."),
	))
	for _, want := range []string{
		"Imported for Never Let Me Go: 2 sources, 2 of them new or corrected, with ", "Nothing vouches for 1 sentence in it", "“/club queue”",
		"skipped photo.png: an image", "skipped README.md: a README, no review",
	} {
		tb.want(p, want)
	}
	tb.want(tb.handle(of("mod", "club log")), "mod: import never-let-me-go")
	tb.want(tb.handle(of("ann", "reviews read", "review", "Mo")), "quote: I found the pacing slow.")

	// The same again, and corrected: by its name, wherever it lay.
	tb.want(tb.handle(importing(text("quiet.md", "---\nreviewer: Mo\n---\n\n# A quiet book\n\nI found the pacing slow. Nothing in the last pages is as it seemed."))), "in the library already")
	for i, name := range []string{"here/quiet.md", `C:\books\quiet.md`, "../../quiet.md", "qui\u200bet.md\n"} {
		tb.want(tb.handle(importing(text(name, fmt.Sprintf("---\nreviewer: Mo\n---\n\n# A quiet book\n\nI found the pacing slow, %d times.", i)))), "1 source, 1 of them")
	}
	_, sources, err := tb.bot.Club(t.Context(), "club")
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, src := range sources {
		files = append(files, src.File)
	}
	if len(files) != 3 || strings.Contains(strings.Join(files, " "), "/") {
		t.Errorf("the library has %q", files)
	}

	french := strings.Repeat("Le style est calme et précis, et la narratrice se souvient de son enfance avec une grande douceur. ", 8)
	tb.want(tb.handle(importing(text("fr.txt", "Un livre\n\n"+french))), "fr.txt does not look like English")
	many := importing()
	for i := range 14 {
		many.Files = append(many.Files, text(fmt.Sprintf("p%d.png", i), "\x89PNG"))
	}
	p = tb.handle(many)
	tb.want(p, "Nothing was imported for Never Let Me Go.")
	tb.want(p, "and 4 skipped parts more")
}

// TestUploadRefused hands over what can't be taken: the reply says what to do,
// nothing is changed, and neither it nor the log quotes a file.
func TestUploadRefused(t *testing.T) {
	tb := newTable(t)
	_, before, err := tb.bot.Club(t.Context(), "club")
	if err != nil {
		t.Fatal(err)
	}
	good := bot.File{Name: "good.txt", Data: []byte("A review\n\nThe prose is calm.")}
	for want, req := range map[string]bot.Request{
		"Hand a file over with “/club import”": importing(),
		"bad.txt: is empty":                    importing(good, bot.File{Name: "dir/bad.txt", Data: []byte{}}),
		"couldn't fetch “lost.txt”":            importing(good, bot.File{Name: "lost.txt"}),
		"more than the 8 megabytes":            importing(good, bot.File{Name: "large.csv", Data: make([]byte, bot.MaxFiles)}),
		"bad.txt:3: is damaged":                importing(bot.File{Name: "bad.txt", Data: []byte("Ça\n\n" + late + "\xff")}),
		"a.txt: is empty; b.txt: is empty.":    importing(bot.File{Name: "a.txt", Data: []byte{}}, bot.File{Name: "b.txt", Data: []byte{}}, good),
		"list.jsonl:1: ":                       importing(bot.File{Name: "list.jsonl", Data: []byte(`{"text": "x", "` + late + `": 1}`)}),
		"would replace good.txt":               importing(good, bot.File{Name: "x/good.txt", Data: []byte("A review\n\n" + late)}),
		"Give the file a short name":           importing(bot.File{Name: "../..", Data: good.Data}),
		"Give the file a short name, such as":  importing(bot.File{Name: strings.Repeat("x", 300) + ".txt", Data: good.Data}),
		"A new one comes by the command line":  {Seat: seat("mod"), Command: "club import", Options: map[string]string{"book": "no such"}, Files: []bot.File{good}, Moderator: true},
		"That is for the club's moderators":    {Seat: seat("ann"), Command: "club import", Files: []bot.File{good}},
		"This is the sample club":              {Seat: bot.Seat{Club: bot.SampleClub, Reader: "mod"}, Command: "club import", Files: []bot.File{good}, Moderator: true},
		"“dogear import --book ID FILE”": func() bot.Request {
			c, o := bot.Typed("/club import Jane Eyre")
			return bot.Request{Seat: seat("mod"), Command: c, Options: o, Moderator: true}
		}(),
		"and 4 problems more": importing(),
	} {
		if want == "and 4 problems more" {
			for i := range 14 {
				req.Files = append(req.Files, bot.File{Name: fmt.Sprintf("f%d.txt", i), Data: []byte{}})
			}
		}
		p := tb.handle(req)
		tb.want(p, want)
		tb.never(p, "dies")
		tb.never(p, "went wrong")
	}
	if _, after, err := tb.bot.Club(t.Context(), "club"); err != nil || len(after) != len(before) {
		t.Errorf("%d sources were taken, %v", len(after)-len(before), err)
	}
	if log := tb.log.String(); strings.Contains(log, "dies") || strings.Contains(log, "txt") {
		t.Errorf("the log: %s", log)
	}
	if command, options := bot.Typed("/club import Jane Eyre"); command != "club import" || options["book"] != "Jane Eyre" || options["file"] != "" {
		t.Errorf("typed, it is %q %q", command, options)
	}
}
