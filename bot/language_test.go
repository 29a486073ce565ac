package bot_test

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/reply/replytest"
	"dogear/store"
)

// overheard listens for what dogear says that is not in its Marked language:
// words of its own that came together outside of a message, or as a name.
type overheard struct {
	plainly
	*testing.T
	asked string
	names []string // what may be said as it is, the longest first
	heard map[string]bool
}

func (o *overheard) Line(l reply.Line) {
	o.plainly.Line(l)
	if l.Role == reply.Data {
		return
	}
	depth := 0
	for _, s := range l.Spans {
		if s.Variable {
			o.name(s.Text)
			continue
		}
		for _, r := range s.Text {
			switch string(r) {
			case replytest.Open:
				depth++
			case replytest.Close:
				depth--
			default:
				if depth == 0 && unicode.IsLetter(r) {
					o.Errorf("%s: this is said in English: %q", o.asked, l.Text())
					return
				}
			}
		}
	}
	o.heard[l.Text()] = true
}

func (o *overheard) Control(c reply.Control) {
	o.plainly.Control(c)
	if !strings.HasPrefix(c.Label, replytest.Open) || !strings.HasSuffix(c.Label, replytest.Close) {
		o.Errorf("%s: a control has an English label: %q", o.asked, c.Label)
	}
}

// ids are names that nobody made up: of sources, sentences, requests.
var ids = regexp.MustCompile(`\b(?:[0-9a-f]{8,}|[A-Z2-7]{8,})\b`)

// name looks at what is said as a name: all of it has to be known as one.
func (o *overheard) name(text string) {
	rest := ids.ReplaceAllString(text, "")
	for _, name := range o.names {
		rest = strings.ReplaceAll(rest, name, "")
	}
	if strings.ContainsFunc(rest, unicode.IsLetter) {
		o.Errorf("%s: this is said as a name: %q", o.asked, text)
	}
}

// names returns what may be said as it is: what is called so, and what is to be
// typed.
func names(more ...string) []string {
	out := slices.Concat(more, replytest.Names(), []string{"never-let-me-go", "ann", "bob", "mod", "zoe", "keen"})
	for _, b := range library.Shipped() {
		out = append(out, b.Title, b.Author)
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return out
}

// unwell is a store that can't be read, or changed.
type unwell struct {
	bot.Store
	blind bool
}

func (s unwell) Look(ctx context.Context, v bot.Visit) (bot.View, error) {
	if s.blind {
		return bot.View{}, errors.New("no")
	}
	return s.Store.Look(ctx, v)
}

func (s unwell) Move(context.Context, bot.Seat, bot.BookKey, bot.Move) (bot.Bookmark, error) {
	return bot.Bookmark{}, errors.New("no")
}

// TestNothingInEnglish has every command say what it says in a language in
// which every message is marked, and listens for any English that is left.
func TestNothingInEnglish(t *testing.T) {
	replytest.TeachMarked(t)
	tb := newTable(t)
	_, err := tb.bot.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{
		{Name: "ada.md", Data: []byte("---\ntitle: A quiet book\nreviewer: Ada\nrating: 4/5\n---\n\nI loved this book. The pacing is slow. The prose is beautiful. I recommend this novel.\n\n## Also read\n\n- The Remains of the Day by Kazuo Ishiguro\n")},
		{Name: "bo.md", Data: []byte("---\nreviewer: Bo\n---\n\nI hated this book. The pacing is too slow. The prose is dull and boring. I do not recommend this novel.\n")},
		{Name: "faq.md", Data: []byte("# FAQ\n\n## Is it a long book?\n\nThe book is short.\n")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	heard := map[string]bool{}
	listen := func(b *bot.Bot, req bot.Request) *overheard {
		req.Language = replytest.Marked
		o := &overheard{T: t, asked: req.Command, heard: heard}
		var given []string
		for _, v := range req.Options {
			given = append(given, v, strings.ToLower(v))
			o.asked += " " + v
		}
		o.names = names(append(given, "Ada", "Bo")...)
		doc := b.Handle(t.Context(), req)
		doc.Render(o)
		if doc.Language().Tag() != replytest.Marked {
			t.Errorf("%s: the document is in %q", o.asked, doc.Language().Tag())
		}
		return o
	}
	for _, line := range strings.Split(strings.TrimSpace(scene), "\n") {
		who, line, _ := strings.Cut(line, ": ")
		command, options := bot.Typed(line)
		if command == "reviews add" || command == "faq add" {
			options = map[string]string{"text": "The prose is calm. I loved it.", "title": "A title", "question": "Is it sad?"}
		}
		req := bot.Request{Seat: seat(bot.ReaderID(who)), Command: command, Options: options, Moderator: who == "mod", Name: who}
		room := req
		room.Room = true
		room.Options = map[string]string{}
		for name, v := range options {
			room.Options[name] = v
		}
		listen(tb.bot, room)
		o := listen(tb.bot, req)
		if o.confirm {
			yes := req
			yes.Confirmed = true
			o = listen(tb.bot, yes)
		}
		ticket := string(o.reply)
		for _, press := range []bot.Request{
			{Command: "past", Options: map[string]string{"ticket": ticket}}, {Command: "share", Options: map[string]string{"ticket": ticket}},
			{Command: "more", Options: map[string]string{"ticket": ticket}}, {Command: "report", Options: map[string]string{"ticket": ticket}},
			{Command: "reveal", Options: map[string]string{"ticket": ticket + ".1"}}, {Command: "reveal", Options: map[string]string{"ticket": ticket + ".1"}, Confirmed: true},
			{Command: "club decide", Options: map[string]string{"ticket": ticket, "place": "x"}, Moderator: true}, {Command: "club decide", Options: map[string]string{"ticket": ticket, "place": "7"}, Moderator: true},
			{Command: "club undo", Options: map[string]string{"ticket": ticket}, Moderator: true},
		} {
			press.Seat = req.Seat
			listen(tb.bot, press)
		}
	}
	// What can't be done is said in the reader's language, too.
	listen(tb.bot, bot.Request{Seat: bot.Seat{Club: bot.SampleClub, Reader: "mod"}, Moderator: true, Command: "reviews add", Options: map[string]string{"text": "Good.", "book": "never-let-me-go"}})
	worse := bot.New(unwell{tb.store, false}, nil)
	listen(worse, bot.Request{Seat: seat("ann"), Command: "progress", Options: map[string]string{"place": "7"}})
	down := bot.New(unwell{tb.store, true}, nil)
	listen(down, bot.Request{Seat: seat("ann"), Command: "book list"})
	if len(heard) < 90 {
		t.Errorf("only %d different lines were said; the scene shows too little", len(heard))
	}
}

// scene is what is asked: who, and what they type.
const scene = `
ann: how is the prose?
ann: does tommy die?
ann: zzz
ann: /progress
ann: /progress 7
ann: /progress undo
ann: /progress 99
ann: /progress 101%
ann: /progress p120
ann: /progress 2h30
ann: /progress soon
ann: /progress finished
ann: what happens to tommy on his donation
ann: /progress clear
ann: /spoilers
ann: /spoilers loud
ann: /spoilers show here
ann: what happens to tommy on his donation
ann: /spoilers hide everywhere
ann: what happens to tommy on his donation
ann: /spoilers tag
ann: /reviews
ann: /reviews read 1
ann: /reviews read 99
ann: /reviews by Ada
ann: /reviews by zoe
ann: /reviews by
ann: /reviews verdict
ann: /reviews related
ann: /reviews add
ann: /reviews mine
ann: /reviews edit 9
ann: /faq
ann: /faq read 1
ann: /faq read 9
ann: /book
ann: /book current
ann: /book about
ann: /book about zoe
ann: /club book never-let-me-go
ann: /club queue
mod: /club book
mod: /club pace 3
mod: /club book never-let-me-go
mod: /club pace
mod: /club pace 3
mod: /club pace undo
mod: /club pace undo
mod: /club pace finished
mod: /club pace start
mod: /club tags
mod: /club tags off
mod: /book current
mod: /club tags on
mod: /club settings
mod: /club channels
mod: /club channels trusted
ann: /club pace 3
mod: /club channels everyone
mod: /club trust keen
mod: /club settings
mod: /club distrust keen
mod: /club distrust keen
mod: /club proposals
mod: /club approve 9
mod: /club approve 1
ann: /reviews mine
ann: /reviews add
mod: /club decline 1
mod: /club proposals
ann: /reviews delete 1
mod: /reviews add
mod: /faq add
mod: /club queue
mod: /club decide 7
mod: /club preview
mod: /club preview 7 1
mod: /club preview 7 99
mod: /club sources
mod: /club edit 1
mod: /club remove 9
mod: /club reports
mod: /club restore
mod: /club restore zoe
mod: /club restore ann
mod: /club log
ann: /home
mod: /club book none
mod: /club book none
ann: /home
ann: /spoilers show here
ann: /home
ann: /privacy
ann: /privacy export
ann: /privacy forget keep
ann: /report
ann: /reveal 9
ann: /more
ann: /help
mod: /help
ann: /nonsense
`

// TestPostsKeepTheirLanguage edits a message in the language in which it was
// posted, whoever's request brings that about, and takes one down in it.
func TestPostsKeepTheirLanguage(t *testing.T) {
	replytest.TeachMarked(t)
	p := newPosting(t)
	ask := bot.Request{Seat: seat("ann"), Command: "ask", Options: map[string]string{"question": "zzz"}}
	marked := bot.Request{Seat: seat("ann"), Command: "reviews list", Language: replytest.Marked}
	list := p.post("marked", marked, nil)
	p.post("english", bot.Request{Seat: seat("bob"), Command: "reviews list"}, nil)
	p.reads("marked", "⟦Reviews of Never Let Me Go:⟧", "")
	p.report(list, "1", "title")
	p.reads("marked", "⟦Reviews of Never Let Me Go:⟧", "A quiet book")
	p.reads("english", "Reviews of Never Let Me Go:", "⟦")
	if p.wall.edits != 2 {
		t.Errorf("%d messages were edited, want 2", p.wall.edits)
	}

	// Where the platform tells no language with a press, it is that of the reply.
	ask.Language = replytest.Marked
	private := p.handle(ask)
	share := bot.Request{Seat: seat("ann"), Command: "share", Options: map[string]string{"ticket": string(private.reply)}}
	p.want(p.handle(share), "⟦I have nothing to quote")
	share.Language = "en-GB"
	p.want(p.handle(share), "\nYou could ask:")
	p.never(p.handle(share), "⟦")

	ask.Options = map[string]string{"question": "how is the prose?"}
	p.post("answer", ask, nil)
	p.reads("answer", "prose is plain", "")
	p.want(p.handle(bot.Request{Seat: seat("ann"), Command: "privacy forget", Options: map[string]string{}, Confirmed: true}), "Forgotten")
	p.bring("The pacing is slow and calm.")
	p.reads("answer", "⟦This answer was taken down", "prose is plain")
}

// TestLanguageDoesNotInterfere shows the same replies in another language under
// Hide, whatever lies past the place.
func TestLanguageDoesNotInterfere(t *testing.T) {
	replytest.TeachMarked(t)
	say := func(hidden string) (all string) {
		s, err := store.Open(t.Context(), "mem:")
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		b := bot.New(s, nil)
		if _, err := b.Import(t.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{
			{Name: "r.txt", Data: []byte("A review\n\nThe prose is quiet and precise. " + hidden)},
		}}); err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{"/spoilers hide", "how is the prose?", "what happens to tommy", "/reviews", "/reviews read 1", "/reviews verdict", "/book about"} {
			command, options := bot.Typed(line)
			all += told(b.Handle(t.Context(), bot.Request{Seat: seat("ann"), Command: command, Options: options, Language: replytest.Marked}))
		}
		return all
	}
	if a, b := say(late+" Ruth dies after her second donation."), say(""); a != b || !strings.Contains(a, "⟦") {
		t.Errorf("with something hidden:\n%s\nwithout:\n%s", a, b)
	}
}
