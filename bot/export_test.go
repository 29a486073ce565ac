package bot_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/store"
	"dogear/store/redistest"
)

// transcript renders all that a reader sees of a document but for the tickets, which
// are new each time.
type transcript struct {
	out     strings.Builder
	reply   reply.Ticket
	covered []reply.Ticket
}

func (p *transcript) Line(l reply.Line) { fmt.Fprintln(&p.out, l.Role, l.Text()) }

func (p *transcript) Quote(q reply.Quotation) {
	fmt.Fprintln(&p.out, "quote", q.Number, q.Run, q.Past, q.Reveal, q.Text)
	p.Source(-1, q.Source)
}

func (p *transcript) Source(n int, c reply.Citation) {
	fmt.Fprintln(&p.out, "source", n, c.Kind, c.Reviewer, c.Title, c.Link, c.Date, c.Rating, c.File, c.Start, c.End)
}

func (p *transcript) Spoiler(t reply.Ticket, _ func() reply.Quotation) {
	p.covered = append(p.covered, t)
	fmt.Fprintln(&p.out, "covered")
}

func (p *transcript) Control(c reply.Control) {
	if c.Ticket != "" {
		p.reply = c.Ticket
	}
	fmt.Fprintln(&p.out, "control", c.Action, c.Label)
}

// edits takes note of what is edited.
type edits []string

func (e *edits) Edit(_ context.Context, club bot.ClubID, channel bot.ChannelID, message bot.MessageID, doc reply.PublicDoc) error {
	var p transcript
	doc.Render(&p)
	*e = append(*e, fmt.Sprintln(club, channel, message, p.out.String()))
	return nil
}

// clubhouse is a bot whose club has something of everything.
type clubhouse struct {
	testing.TB
	bot    *bot.Bot
	store  bot.Store
	club   bot.ClubID
	ticket reply.Ticket // of a covered quotation of ann's
	edited edits
}

// empty returns a store of a kind with nothing in it.
func empty(t testing.TB, kind string) bot.Store {
	t.Helper()
	spec := "mem:"
	switch kind {
	case "file":
		spec = "file:" + filepath.Join(t.TempDir(), "dogear.db")
	case "redis":
		spec = redistest.Start(t).URL()
	case "miniredis":
		spec = "redis://" + miniredis.RunT(t).Addr()
	}
	s, err := store.Open(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newClubhouse(t testing.TB, s bot.Store, club bot.ClubID) *clubhouse {
	l := &clubhouse{TB: t, bot: bot.New(s, nil), store: s, club: club}
	l.bot.EditWith("", &l.edited)
	return l
}

// do does what somebody typed, in a private reply or for all to see.
func (l *clubhouse) do(reader, channel string, room bool, command string, options ...string) *transcript {
	l.Helper()
	req := l.request(reader, channel, room, command, options...)
	var p transcript
	l.bot.Handle(l.Context(), req).Render(&p)
	return &p
}

func (l *clubhouse) request(reader, channel string, room bool, command string, options ...string) bot.Request {
	req := bot.Request{
		Seat:    bot.Seat{Club: l.club, Reader: bot.ReaderID(reader), Channel: bot.ChannelID(channel)},
		Command: command, Options: map[string]string{}, Room: room, Confirmed: true, Name: reader, Moderator: reader == "mod",
	}
	for i := 0; i+1 < len(options); i += 2 {
		req.Options[options[i]] = options[i+1]
	}
	return req
}

func (l *clubhouse) must(p *transcript, want string) *transcript {
	l.Helper()
	if !strings.Contains(p.out.String(), want) {
		l.Fatalf("no %q in:\n%s", want, p.out.String())
	}
	return p
}

// sampleFiles returns the sample club's files about a book.
func sampleFiles(t testing.TB, book string) []library.File {
	t.Helper()
	paths, _ := filepath.Glob("library/sample/" + book + "/*")
	if len(paths) < 3 {
		t.Fatalf("there are no sample files about %s", book)
	}
	var out []library.File
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, library.File{Name: filepath.Base(path), Data: data})
	}
	return out
}

// live fills the club.
func (l *clubhouse) live() {
	l.Helper()
	take := func(in bot.Import) {
		l.Helper()
		if _, err := l.bot.Import(l.Context(), l.club, in); err != nil {
			l.Fatal(err)
		}
	}
	for _, book := range []spoiler.BookID{"never-let-me-go", "jane-eyre"} {
		take(bot.Import{Book: book, Files: sampleFiles(l, string(book))})
	}
	corrected := func(text string) bot.Import {
		return bot.Import{Book: "lamp", Title: "The Lamp", Author: "Mo Finch", Chapters: 9, Files: []library.File{{Name: "lamp.txt", Data: []byte("The Lamp\n\n" + text)}}}
	}
	take(corrected("I loved the prose of this novel. I enjoyed the pacing. The lamp goes out in the end."))
	overlay := "book: never-let-me-go\neditions: [{name: paperback, pages: 288}]\nnames: [{name: the red scarf, kind: thing, from: 4}]\npremise: []\nloaded: []\nledger: []\n"
	if _, err := l.bot.AddOverlay(l.Context(), l.club, library.File{Name: "overlay.yaml", Data: []byte(overlay)}); err != nil {
		l.Fatal(err)
	}

	// Places, veils and channels.
	l.do("ann", "den", false, "progress", "place", "7", "book", "never-let-me-go")
	l.do("ann", "den", false, "progress", "place", "3", "book", "lamp")
	l.do("ann", "den", false, "progress", "place", "5", "book", "lamp")
	l.do("ann", "den", false, "spoilers", "veil", "hide", "where", "here", "book", "jane-eyre")
	l.do("bob", "den", false, "progress", "place", "finished", "book", "jane-eyre")
	l.do("bob", "den", false, "spoilers", "veil", "show")
	l.do("cleo", "den", false, "progress", "place", "20", "book", "never-let-me-go")
	l.do("mod", "den", false, "progress", "place", "finished", "book", "never-let-me-go")
	l.do("mod", "den", false, "club book", "book", "never-let-me-go")
	l.do("mod", "den", false, "club pace", "place", "13")
	l.do("mod", "attic", false, "club book", "book", "jane-eyre")
	l.do("mod", "attic", false, "club tags", "tags", "off")
	l.do("mod", "den", false, "club trust", "role", "old hands")
	l.do("mod", "den", false, "club channels", "who", "trusted")

	// What members write: proposed, approved, declined, at once, an entry.
	for _, text := range []string{"I admired the style of this novel.", "I enjoyed the structure of the book.", "I disliked the tone."} {
		l.must(l.do("ann", "den", false, "reviews add", "title", "Mine", "text", text, "book", "never-let-me-go"), "with the moderators")
	}
	l.must(l.do("mod", "den", false, "club approve", "which", "1"), "Approved")
	l.must(l.do("mod", "den", false, "club decline", "which", "1"), "Declined")
	l.must(l.do("mod", "den", false, "reviews add", "rating", "2/5", "text", "I found the pacing slow.", "book", "jane-eyre"), "is in the library")
	l.must(l.do("mod", "den", false, "faq add", "question", "How is the prose?", "text", "The prose is quiet.", "book", "jane-eyre"), "has it now")

	// What is said of sentences: reported, decided each way, carried.
	asked := l.do("cleo", "den", false, "ask", "question", "is it worth reading?")
	l.must(l.do("cleo", "den", false, "report", "ticket", string(asked.reply)+".1"), "Thank you")
	for _, place := range []string{"7", "never", "end", "0", "labels"} {
		p := l.do("mod", "den", false, "club queue", "book", "never-let-me-go")
		l.must(l.do("mod", "den", false, "club decide", "ticket", string(p.reply), "place", place), "Saved")
	}
	lamp := l.do("ann", "den", false, "ask", "question", "did you enjoy the pacing?", "book", "lamp")
	l.must(l.do("ann", "den", false, "report", "ticket", string(lamp.reply)+".1"), "Thank you")
	take(corrected("I loved the prose. I enjoyed the slow pacing of this novel. The lamp goes out in the end."))

	// What is out there: tickets, posts, tallies.
	p := l.do("ann", "den", false, "ask", "question", "what happens to tommy on his donation", "book", "never-let-me-go")
	if len(p.covered) == 0 {
		l.Fatal("nothing is covered")
	}
	l.ticket = p.covered[0]
	for i, question := range []string{"is it worth reading?", "how is it written?"} {
		req := l.request("bob", "den", true, "ask", "question", question)
		doc, ok := l.bot.Handle(l.Context(), req).(reply.PublicDoc)
		if !ok {
			l.Fatal("a reply to the room is no PublicDoc")
		}
		l.bot.Posted(l.Context(), req, doc, bot.MessageID(fmt.Sprint("m", i)))
	}
	l.bot.Flush(l.Context())
}

// recorded returns 200 questions about both sample books.
func recorded() []string {
	out := slices.Clone(questions)
	names := []string{
		"Kathy", "Ruth", "Tommy", "Madame", "Miss Lucy", "Miss Emily", "Hailsham", "Norfolk", "the red scarf", "Chrissie",
		"Jane", "Rochester", "Helen", "Adèle", "Grace Poole", "Bertha", "St. John", "Thornfield", "Lowood", "Mrs. Reed",
	}
	for _, ask := range []string{"who is %s?", "what happens to %s?", "does %s die?", "what do reviewers say about %s?", "i'm on ch 5, what of %s?", "where does %s end up?", "why is %s sad?", "tell me about %s"} {
		for _, name := range names {
			out = append(out, fmt.Sprintf(ask, name))
		}
	}
	return out[:200]
}

// record asks all that a club can be asked.
func (l *clubhouse) record() string {
	l.Helper()
	var out strings.Builder
	for i, question := range recorded() {
		book := []string{"never-let-me-go", "jane-eyre"}[i%2]
		for _, at := range []string{"start", "7", "13", "end"} {
			for _, veil := range []reply.Veil{reply.Hide, reply.Tag, reply.Show} {
				a, err := l.bot.Ask(l.Context(), bot.Asking{
					Request: bot.Request{Seat: bot.Seat{Club: l.club, Reader: "r", Channel: "c"}}, Question: question, Book: book, At: at, Veil: veil,
				})
				if err != nil {
					l.Fatal(err)
				}
				var p transcript
				a.Doc.Render(&p)
				fmt.Fprintln(&out, "#", question, book, at, veil, a.At, a.Veil)
				out.WriteString(p.out.String())
			}
		}
	}
	for _, reader := range []string{"ann", "bob", "cleo", "mod", "new"} {
		for _, channel := range []string{"den", "attic", "porch"} {
			for _, room := range []bool{false, true} {
				for _, line := range []string{
					"is it worth reading?", "what happens to tommy?", "/reviews list", "/reviews read 1", "/reviews read 2", "/reviews verdict", "/reviews related",
					"/reviews by Marginalia Mo", "/reviews mine", "/faq list", "/faq read 1", "/book list", "/book current", "/book about jane-eyre", "/book about lamp",
					"/reviews list lamp", "/reviews verdict lamp", "/reviews read 1 lamp", "/faq list jane-eyre", "/progress", "/privacy show", "/club queue", "/club queue lamp",
					"/club sources", "/club sources lamp", "/club proposals", "/club reports", "/club log", "/club settings", "/club preview 7 1",
				} {
					command, options := bot.Typed(line)
					req := l.request(reader, channel, room, command)
					req.Options = options
					var p transcript
					l.bot.Handle(l.Context(), req).Render(&p)
					fmt.Fprintln(&out, "#", reader, channel, room, line)
					out.WriteString(p.out.String())
				}
			}
		}
	}
	return out.String()
}

// export returns the club as a file.
func (l *clubhouse) export() []byte {
	l.Helper()
	var out bytes.Buffer
	if err := l.bot.Export(l.Context(), l.club, &out); err != nil {
		l.Fatal(err)
	}
	return out.Bytes()
}

// restored returns a clubhouse in another store, or under another ID.
func (l *clubhouse) restored(t testing.TB, s bot.Store, club bot.ClubID, file []byte) *clubhouse {
	t.Helper()
	out := newClubhouse(t, s, club)
	out.ticket = l.ticket
	if _, err := out.bot.Restore(t.Context(), club, "club.jsonl", bytes.NewReader(file)); err != nil {
		t.Fatal(err)
	}
	return out
}

// differ returns the first lines in which two recordings differ.
func differ(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return strings.Join(x[max(0, i-3):i+1], "\n") + "\n--- and now\n" + y[i]
		}
	}
	return fmt.Sprintf("%d lines and %d", len(x), len(y))
}

// TestExportRestore exports a club that has something of everything, restores
// it into an empty store of each kind, and asks it the same: every byte of
// every reply is the same.
func TestExportRestore(t *testing.T) {
	kinds := []string{"mem", "file"}
	if !testing.Short() {
		kinds = append(kinds, "miniredis")
	}
	if _, err := exec.LookPath("redis-server"); !testing.Short() && (err == nil || os.Getenv("CI") != "") {
		kinds = append(kinds, "redis")
	}
	for _, from := range kinds {
		l := newClubhouse(t, empty(t, from), "club")
		l.live()
		file := l.export()
		for _, kind := range []bot.RecordKind{
			bot.BookRecord, bot.OverlayRecord, bot.SourceRecord, bot.ProposalRecord, bot.RulingRecord, bot.SettingsRecord,
			bot.EntryRecord, bot.ChannelRecord, bot.ReaderRecord, bot.TicketRecord, bot.PostRecord, bot.TallyRecord,
		} {
			if !bytes.Contains(file, fmt.Appendf(nil, `{"kind":%q`, kind)) {
				t.Fatalf("the club has no %s", kind)
			}
		}
		for _, how := range []bot.Said{bot.Reported, bot.Carried, bot.Decided, bot.Dismissed} {
			if !bytes.Contains(file, fmt.Appendf(nil, `"how":%q`, how)) {
				t.Fatalf("nothing in the club is %s", how)
			}
		}
		copies := map[string]*clubhouse{}
		for _, to := range kinds {
			c := l.restored(t, empty(t, to), "club", file)
			copies[to] = c
			if again := c.export(); !bytes.Equal(again, file) {
				t.Errorf("%s to %s: the second export is another one:\n%s", from, to, differ(string(file), string(again)))
			}
		}
		want := l.record()
		if shown := strings.Count(want, "\nquote"); shown < 2500 {
			t.Fatalf("the recording holds %d quotations; it shows too little", shown)
		}
		for to, c := range copies {
			if got := c.record(); got != want {
				t.Errorf("%s to %s: %s", from, to, differ(want, got))
			}
			// What was covered before opens after, and what was posted is edited.
			opened := c.do("ann", "den", false, "reveal", "ticket", string(c.ticket))
			c.must(opened, "quote")
			p := c.do("mod", "den", false, "ask", "question", "is it worth reading?")
			c.must(c.do("mod", "den", false, "report", "ticket", string(p.reply)+".1"), "Thank you")
			if len(c.edited) == 0 {
				t.Errorf("%s to %s: a post of before was not edited", from, to)
			}
		}
	}
}

// TestRestoreElsewhere restores a club under another ID: places in its own
// books move along, and its old place stays as it is.
func TestRestoreElsewhere(t *testing.T) {
	l := newClubhouse(t, empty(t, "mem"), "club")
	l.live()
	file := l.export()
	for _, s := range []bot.Store{l.store, empty(t, "file")} {
		c := l.restored(t, s, "other", file)
		c.must(c.do("ann", "den", false, "progress", "book", "lamp"), "chapter 5 of 9")
		c.must(c.do("ann", "den", false, "progress", "book", "never-let-me-go"), "chapter 7 of 23")
		if got, want := c.do("ann", "den", false, "reviews list", "book", "lamp").out.String(), l.do("ann", "den", false, "reviews list", "book", "lamp").out.String(); got != want {
			t.Errorf("the list is another one:\n%s", differ(want, got))
		}
		c.do("ann", "den", false, "progress", "place", "6", "book", "lamp")
	}
	l.must(l.do("ann", "den", false, "progress", "book", "lamp"), "chapter 5 of 9")
}

// TestRestoreRefuses takes nothing of an export that is not whole, says what is
// wrong by file and line, and takes none into a club that has a library.
func TestRestoreRefuses(t *testing.T) {
	l := newClubhouse(t, empty(t, "mem"), "club")
	l.live()
	file := l.export()
	lines := strings.SplitAfter(strings.TrimSuffix(string(file), "\n"), "\n")
	lines[len(lines)-1] += "\n"
	last := len(lines)
	first := func(kind string) int { // its line, from 1
		return 1 + slices.IndexFunc(lines, func(s string) bool { return strings.HasPrefix(s, `{"kind":"`+kind+`"`) })
	}
	edit := func(f func([]string) []string) []byte { return []byte(strings.Join(f(slices.Clone(lines)), "")) }
	// whole makes an end that fits.
	whole := func(f func([]string) []string) []byte {
		out := f(slices.Clone(lines[:last-1]))
		sum := sha256.Sum256([]byte(strings.Join(out, "")))
		out = append(out, fmt.Sprintf(`{"end":true,"records":%d,"sha256":"%s"}`+"\n", len(out)-1, hex.EncodeToString(sum[:])))
		return []byte(strings.Join(out, ""))
	}
	at := func(n int, f func(string) string) func([]string) []string {
		return func(s []string) []string { s[n-1] = f(s[n-1]); return s }
	}
	swap := func(old, with string) func(string) string {
		return func(s string) string {
			if !strings.Contains(s, old) {
				t.Fatalf("no %q to change", old)
			}
			return strings.Replace(s, old, with, 1)
		}
	}
	source, ruling, reader, book := first("source"), first("ruling"), first("reader"), first("book")
	for _, c := range []struct {
		name string
		data []byte
		line int
	}{
		{"empty", nil, 0},
		{"binary", []byte{0, 1, 2, 0xff, '\n', 0}, 1},
		{"not JSON", []byte("Dear club,\nhere it is.\n"), 1},
		{"other JSON", []byte(`{"title":"A list"}` + "\n"), 1},
		{"only a head", []byte(lines[0]), 1},
		{"no end", edit(func(s []string) []string { return s[:last-1] }), last - 1},
		{"cut in the middle", file[:len(file)/2], 1 + bytes.Count(file[:len(file)/2], []byte("\n"))},
		{"a line cut", edit(at(source, func(s string) string { return s[:len(s)/2] + "\n" })), source},
		{"a line changed", edit(at(source, swap(`"text":"`, `"text":"x`))), last},
		{"a line dropped", edit(func(s []string) []string { return slices.Delete(s, source-1, source) }), last - 1},
		{"a line twice", edit(func(s []string) []string { return slices.Insert(s, source, s[source-1]) }), last + 1},
		{"lines the other way round", edit(func(s []string) []string { s[source-1], s[source] = s[source], s[source-1]; return s }), last},
		{"more behind the end", append(slices.Clone(file), lines[source-1]...), last + 1},
		{"more on the last line", edit(at(last, func(s string) string { return strings.TrimSpace(s) + "{}\n" })), last},
		{"more on the first line", edit(at(1, func(s string) string { return strings.TrimSpace(s) + " {}\n" })), 1},
		{"another's export", edit(at(1, swap(`"club"`, `"shelf"`))), 1},
		{"a newer form", whole(at(1, swap(`"v":1`, `"v":2`))), 1},
		{"an unknown field", whole(at(source, swap(`"kind"`, `"mood":1,"kind"`))), source},
		{"an unknown kind", whole(at(source, swap(`"kind":"source"`, `"kind":"sauce"`))), source},
		{"a bad source", whole(at(source+1, swap(`"v":1`, `"v":"one"`))), source + 1},
		{"a newer source", whole(at(source+1, swap(`"v":1`, `"v":99`))), source + 1},
		{"a source under another's name", whole(at(source, swap(`"id":"`, `"id":"x`))), source},
		{"a bad ruling", whole(at(ruling, swap(`"steps":[`, `"steps":7,"stops":[`))), ruling},
		{"a bad reader", whole(at(reader, swap(`"v":1`, `"v":{}`))), reader},
		{"a bad book", whole(at(book, swap(`chapters: 9`, `chapters: many`))), book},
		{"a record twice", whole(func(s []string) []string { return slices.Insert(s, source, s[source-1]) }), source + 1},
		{"a record of nothing", whole(func(s []string) []string { return append(s, "{}\n") }), last},
	} {
		for _, kind := range []string{"mem", "file"} {
			s := empty(t, kind)
			before, _, err := s.Dump(t.Context(), "club")
			if err != nil || before != 0 {
				t.Fatal(before, err)
			}
			_, err = bot.New(s, nil).Restore(t.Context(), "club", "club.jsonl", bytes.NewReader(c.data))
			var p library.Problem
			if !errors.As(err, &p) || p.File != "club.jsonl" || p.Line != c.line {
				t.Errorf("%s: want a Problem on line %d, not: %v", c.name, c.line, err)
			}
			if err != nil && (strings.Contains(err.Error(), "prose") || len(err.Error()) > 300) {
				t.Errorf("%s: the error tells what the file says: %v", c.name, err)
			}
			if version, records, err := s.Dump(t.Context(), "club"); version != 0 || len(records) != 0 || err != nil {
				t.Errorf("%s: version %d, %d records, %v", c.name, version, len(records), err)
			}
		}
	}

	// A club with a library keeps it.
	for _, kind := range []string{"mem", "file"} {
		c := l.restored(t, empty(t, kind), "club", file)
		_, err := c.bot.Restore(t.Context(), "club", "club.jsonl", bytes.NewReader(file))
		if err == nil || !strings.Contains(err.Error(), "has a library already") {
			t.Errorf("a club was restored over another: %v", err)
		}
		if again := c.export(); !bytes.Equal(again, file) {
			t.Error("the refused restore changed something")
		}
	}
	if _, err := l.bot.Restore(t.Context(), bot.SampleClub, "club.jsonl", bytes.NewReader(file)); err == nil {
		t.Error("the sample club was replaced")
	}
}

// full is a disk with no room left after some bytes.
type full struct{ room int }

var errFull = errors.New("no space left")

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// TestExportFull shows that an export which finds no room says so, wherever it
// ends.
func TestExportFull(t *testing.T) {
	l := newClubhouse(t, empty(t, "mem"), "club")
	l.live()
	size := len(l.export())
	for _, room := range []int{0, 10, size / 2, size - 1} {
		if err := l.bot.Export(t.Context(), "club", &full{room}); !errors.Is(err, errFull) {
			t.Errorf("with room for %d of %d bytes: %v", room, size, err)
		}
	}
	if err := l.bot.Export(t.Context(), "club", &full{size}); err != nil {
		t.Error(err)
	}
}
