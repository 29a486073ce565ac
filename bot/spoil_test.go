package bot_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

const secret = "Tommy dies on his fourth donation, says the canary. Kathy drives on."

// spoils posts a spoiler as ann does.
func (p *posting) spoils(message bot.MessageID, options map[string]string) *plainly {
	p.Helper()
	return p.post(message, bot.Request{Seat: seat("ann"), Name: "Ann", Command: "spoiler", Options: options}, nil)
}

// acts does something with the ticket of a message.
func (p *posting) acts(reader bot.ReaderID, command string, ticket reply.Ticket, text string) *plainly {
	p.Helper()
	return p.handle(bot.Request{
		Seat: seat(reader), Name: string(reader), Command: command, Moderator: strings.HasPrefix(string(reader), "mod"), Options: map[string]string{"ticket": string(ticket), "text": text},
	})
}

// agrees says yes to what a reply asks.
func (p *posting) agrees(reader bot.ReaderID, asked *plainly) *plainly {
	p.Helper()
	if !asked.confirm {
		p.Errorf("no yes is asked for:\n%s", asked.out.String())
	}
	return p.acts(reader, "yes", asked.reply, "")
}

// TestSpoiler posts one, opens it, edits it and takes it back.
func TestSpoiler(t *testing.T) {
	p := newPosting(t)
	p.pace(23) // what is posted covered stays covered, however far the channel is
	said := p.spoils("m1", map[string]string{"text": secret, "place": "9"})
	if want := "Ann has a spoiler for Never Let Me Go:\ncovered\n"; said.out.String() != want || len(said.tickets) != 1 {
		t.Fatalf("%d covers:\n%s", len(said.tickets), said.out.String())
	}

	// Whoever presses sees it alone, after a yes where they have not read it.
	asked := p.acts("bob", "reveal", said.tickets[0], "")
	p.never(asked, "canary")
	opened := p.agrees("bob", asked)
	p.want(opened, "quote: "+secret)
	p.want(opened, "source: 0 Ann")
	p.say("bea", "/spoilers hide")
	p.want(p.acts("bea", "reveal", said.tickets[0], ""), "asked me to hide")
	p.handle(bot.Request{Seat: seat("cal"), Command: "progress", Options: map[string]string{"place": "finished"}, Confirmed: true})
	p.want(p.acts("cal", "reveal", said.tickets[0], ""), "quote: "+secret)

	// Its author edits it; nobody else does.
	for _, command := range []string{"manage", "rewrite", "retract"} {
		p.want(p.acts("bob", command, said.reply, "Ruth stays."), "Only whoever wrote a spoiler")
	}
	p.want(p.acts("mod", "rewrite", said.reply, "Ruth stays."), "Only whoever wrote a spoiler")
	p.want(p.acts("ann", "manage", said.reply, ""), "is yours")
	p.want(p.acts("ann", "rewrite", said.reply, "Ruth stays, says the canary."), "Saved.")
	if got := p.wall.reads["m1"]; got != "ann has a spoiler for Never Let Me Go:\ncovered\n" {
		t.Errorf("the message reads:\n%s", got)
	}
	p.want(p.acts("cal", "reveal", said.tickets[0], ""), "I can't open that any more")

	// A yes takes it back.
	p.want(p.agrees("ann", p.acts("ann", "retract", said.reply, "")), "Deleted.")
	if got := p.wall.reads["m1"]; got != "A spoiler stood here. It was taken back by its author.\n" {
		t.Errorf("the message reads:\n%s", got)
	}
	p.want(p.acts("ann", "manage", said.reply, ""), "not here any more")
	log := p.handle(bot.Request{Seat: seat("mod"), Command: "club log", Moderator: true})
	for _, deed := range []string{"ann: post a spoiler", "ann: edit a spoiler", "ann: take back a spoiler"} {
		p.want(log, deed)
	}
}

// TestSpoilerModerated has a moderator cover one and remove another.
func TestSpoilerModerated(t *testing.T) {
	p := newPosting(t)
	said := p.spoils("m1", map[string]string{"text": "The students whisper.", "place": "2"})
	p.handle(bot.Request{Seat: seat("bob"), Command: "progress", Options: map[string]string{"place": "5"}})
	p.want(p.acts("bob", "reveal", said.tickets[0], ""), "whisper")
	p.want(p.acts("bob", "cover", said.reply, ""), "for the club's moderators")
	p.want(p.acts("mod", "manage", said.reply, ""), "Ann has a spoiler for Never Let Me Go.")
	p.want(p.acts("mod", "cover", said.reply, ""), "Saved.")
	if asked := p.acts("bob", "reveal", said.tickets[0], ""); !asked.confirm {
		t.Errorf("it opens at once:\n%s", asked.out.String())
	}
	p.want(p.agrees("mod", p.acts("mod", "retract", said.reply, "")), "Deleted.")
	if got := p.wall.reads["m1"]; got != "A spoiler stood here. It was removed by a moderator.\n" {
		t.Errorf("the message reads:\n%s", got)
	}
}

// TestSpoilerReported covers one for everybody; its message shows it again when
// a moderator has looked.
func TestSpoilerReported(t *testing.T) {
	p := newPosting(t)
	said := p.spoils("m1", map[string]string{"text": secret})
	opened := p.agrees("bob", p.acts("bob", "reveal", said.tickets[0], ""))
	p.want(p.acts("bob", "report", opened.reply, ""), "Thank you")
	if got := p.wall.reads["m1"]; !strings.Contains(got, "until a moderator has looked") || strings.Contains(got, "covered\n") {
		t.Errorf("the message reads:\n%s", got)
	}
	p.want(p.acts("ann", "rewrite", said.reply, "Tommy lives, says the canary."), "a moderator has to look at it first")
	for range 3 {
		q := p.handle(bot.Request{Seat: seat("mod"), Command: "club queue", Moderator: true, Confirmed: true})
		if !strings.Contains(q.out.String(), "canary") {
			break
		}
		p.handle(bot.Request{Seat: seat("mod"), Command: "club decide", Moderator: true, Options: map[string]string{"ticket": string(q.reply), "place": "end"}})
	}
	if got := p.wall.reads["m1"]; !strings.HasSuffix(got, ":\ncovered\n") {
		t.Errorf("the message reads:\n%s", got)
	}
	p.want(p.spoils("m2", map[string]string{"text": secret}), "is covered for everybody here")
}

// TestSpoilerRefused says what is wrong, and has nothing stored.
func TestSpoilerRefused(t *testing.T) {
	p := newPosting(t)
	for _, c := range []struct {
		options map[string]string
		want    string
	}{
		{map[string]string{"text": " "}, "There is no text in it."},
		{map[string]string{"text": strings.Repeat("é", 1501)}, "That takes up 1501 characters, and a cover has room for 1500"},
		{map[string]string{"text": strings.Repeat("Wow! (No.) ", 110)}, "That takes up 1649 characters"}, // a sign that is escaped takes two
		{map[string]string{"text": secret, "place": "0"}, "is no spoiler"},
		{map[string]string{"text": secret, "place": "start"}, "is no spoiler"},
		{map[string]string{"text": secret, "place": "24"}, "a number up to 23"},
		{map[string]string{"text": secret, "place": "Tommy"}, "a number up to 23"},
		{map[string]string{"text": secret, "book": "Nothing"}, "I don't know the book"},
		{map[string]string{"text": "As in Jane Eyre, the wife in the attic burns it all down, says the canary."}, "names another book"},
	} {
		said := p.spoils("m", c.options)
		p.want(said, c.want)
		p.never(said, "canary")
	}
	p.handle(bot.Request{Seat: seat("mod"), Command: "club tags", Options: map[string]string{"tags": "off"}, Moderator: true})
	p.want(p.spoils("m", map[string]string{"text": secret}), "no spoiler tags")
	if got := bot.Kept(p.bot, "club"); len(got) != 1 {
		t.Errorf("%d sources are kept", len(got))
	}
	b := bot.New(&broken{Store: p.store, down: true}, nil)
	if got := told(b.Handle(t.Context(), bot.Request{Seat: seat("ann"), Command: "spoiler", Options: map[string]string{"text": secret}})); strings.Contains(got, "has a spoiler") {
		t.Errorf("unsaved, it is posted:\n%s", got)
	}
}

// TestSpoilerTagsOff takes the cover away where a channel has no tags any more.
func TestSpoilerTagsOff(t *testing.T) {
	p := newPosting(t)
	p.spoils("m1", map[string]string{"text": secret})
	tags := func(set string) string {
		p.handle(bot.Request{Seat: seat("mod"), Command: "club tags", Options: map[string]string{"tags": set}, Moderator: true})
		return p.wall.reads["m1"]
	}
	if got := tags("button"); !strings.HasSuffix(got, ":\ncovered\n") {
		t.Errorf("under button it reads:\n%s", got)
	}
	if got := tags("off"); strings.Contains(got, "covered\n") || !strings.Contains(got, "tags are off") {
		t.Errorf("under off it reads:\n%s", got)
	}
}

// TestSpoilerFrom says from where on a spoiler is safe: as its author says, or
// later where the ledger knows better.
func TestSpoilerFrom(t *testing.T) {
	p := newPosting(t)
	for _, c := range []struct {
		place, text string
		want        spoiler.Position
	}{
		{"", "The students whisper.", 23},
		{"9", "The students whisper.", 9},
		{"35%", "The students whisper.", 9}, // 8.05 rounds up
		{"finished", "The students whisper.", 23},
		{"3", "I loved the prose of this novel.", 3}, // what clears a review clears no spoiler
		{"3", "The students whisper. The students are raised for their organs.", 7},
		{"3", "🎉", 3},
	} {
		p.spoils("m", map[string]string{"text": c.text, "place": c.place})
		for _, src := range bot.Kept(p.bot, "club") {
			if !src.Spoiler {
				continue
			}
			var text []string
			for _, s := range src.Sentences {
				text = append(text, unsealed.Text(s.Passage))
				if at := s.Passage.Reveal(); at != c.want {
					t.Errorf("%q from %q is safe from %d", c.text, c.place, at)
				}
				if s.Decided() == library.ByDefault {
					t.Errorf("%q is unsure", c.text)
				}
			}
			if got := strings.Join(text, " "); got != c.text {
				t.Errorf("%q became %q", c.text, got)
			}
			if _, err := p.store.Change(t.Context(), "club", bot.Change{Base: bot.AnyVersion, RemoveSources: []library.SourceID{src.ID}}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// dated is when something was.
var dated = regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\dZ)?`)

// TestSpoilerIsNowhere compares all that a club says with one that has spoilers,
// byte by byte.
func TestSpoilerIsNowhere(t *testing.T) {
	state := func(with bool) string {
		p := newPosting(t)
		if with {
			p.spoils("m1", map[string]string{"text": "I loved the prose of this novel. " + secret})
			p.spoils("m2", map[string]string{"text": "The prose is plain and gentle.", "place": "1", "book": "jane-eyre"})
		}
		p.handle(bot.Request{Seat: seat("fin"), Command: "progress", Options: map[string]string{"place": "finished"}, Confirmed: true})
		var out bytes.Buffer
		take := func(doc reply.Doc) {
			var v visible
			v.withPast = true
			doc.Render(&v)
			out.WriteString(dated.ReplaceAllString(v.out.String(), ""))
		}
		for _, who := range []bot.ReaderID{"new", "fin", "mod"} {
			for _, q := range append([]string{"what happens to Tommy on his fourth donation?", "does Kathy drive on?", "what does the canary say?"}, questions...) {
				take(p.bot.Handle(t.Context(), bot.Request{Seat: seat(who), Command: "ask", Options: map[string]string{"question": q}}))
			}
			for _, cmd := range bot.Commands() {
				if cmd.OfReply() || cmd.Form || cmd.Name == "club log" {
					continue
				}
				for _, book := range []string{"never-let-me-go", "jane-eyre"} {
					for _, value := range []string{"", "1", "2", "Ann"} {
						fmt.Fprintln(&out, "#", who, cmd.Name, book, value)
						options := map[string]string{"book": book}
						for _, o := range cmd.Options {
							if o.Name != "book" && value != "" && o.Choices == nil {
								options[o.Name] = value
							}
							for _, c := range p.bot.Suggest(t.Context(), bot.Request{Seat: seat(who), Command: cmd.Name, Options: map[string]string{"book": book}, Moderator: who == "mod"}, o.Name) {
								fmt.Fprintln(&out, c)
							}
						}
						if cmd.Name == "club remove" || strings.HasPrefix(cmd.Name, "privacy") && value != "" {
							continue
						}
						take(p.bot.Handle(t.Context(), bot.Request{Seat: seat(who), Command: cmd.Name, Options: options, Moderator: who == "mod"}))
					}
				}
			}
		}
		if with {
			if err := p.bot.Queue(t.Context(), "club", "never-let-me-go", func(bot.Queued, string) error { return nil }); err != nil {
				t.Error(err)
			}
		}
		_, sources, err := p.bot.Club(t.Context(), "club")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&out, len(sources))
		imported, err := p.bot.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{{Name: "again.txt", Data: []byte("I loved the prose of this novel. " + secret)}}})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&out, imported)
		return out.String()
	}
	want, got := strings.Split(state(false), "\n"), strings.Split(state(true), "\n")
	for i := range want {
		if i >= len(got) || want[i] != got[i] {
			t.Fatalf("line %d differs:\n%s\n--- with spoilers\n%s", i, strings.Join(want[max(0, i-3):i+1], "\n"), strings.Join(got[max(0, i-3):min(i+1, len(got))], "\n"))
		}
	}
	if len(want) < 500 {
		t.Errorf("%d lines: that tests little", len(want))
	}
}

// TestSpoilerKept shows that its text stands in the library alone, that its
// ticket lives as long as its message is kept in mind, and that it is exported,
// restored, told its author and forgotten.
func TestSpoilerKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPosting(t)
		said := p.spoils("m1", map[string]string{"text": secret, "place": "9"})
		p.bot.Flush(t.Context())
		_, records, err := p.store.Dump(t.Context(), "club")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			if r.Kind != bot.SourceRecord && bytes.Contains(r.Data, []byte("canary")) {
				t.Errorf("a %s holds its text: %s", r.Kind, r.Data)
			}
		}
		time.Sleep(300 * 24 * time.Hour)
		if asked := p.acts("bob", "reveal", said.tickets[0], ""); !asked.confirm {
			t.Errorf("it does not open:\n%s", asked.out.String())
		}
		p.bot.Flush(t.Context())

		var file, again bytes.Buffer
		if err := p.bot.Export(t.Context(), "club", &file); err != nil {
			t.Fatal(err)
		}
		other := bot.New(memory(t), nil)
		if _, err := other.Restore(t.Context(), "club", "club.jsonl", bytes.NewReader(file.Bytes())); err != nil {
			t.Fatal(err)
		}
		if err := other.Export(t.Context(), "club", &again); err != nil {
			t.Fatal(err)
		}
		if file.String() != again.String() {
			t.Error("what was restored is exported otherwise")
		}

		p.want(p.say("ann", "/reviews mine"), "You have written nothing here yet.")
		p.want(p.say("ann", "/privacy show"), "1 spoiler that you posted behind a cover")
		var kept struct {
			Posted, Reviews []struct{ Text string }
		}
		if err := json.Unmarshal([]byte(p.say("ann", "/privacy export").out.String()), &kept); err != nil || len(kept.Posted) != 1 || len(kept.Reviews) > 0 || kept.Posted[0].Text != secret {
			t.Errorf("she is told %+v, %v", kept, err)
		}
		p.handle(bot.Request{Seat: seat("ann"), Command: "privacy forget", Confirmed: true})
		if got := p.wall.reads["m1"]; got != "A spoiler stood here. It is not kept any more.\n" {
			t.Errorf("the message reads:\n%s", got)
		}
	})
}
