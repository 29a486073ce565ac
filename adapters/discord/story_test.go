package discord_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"dogear/adapters/discord"
	"dogear/adapters/discord/discordtest"
	"dogear/bot"
	"dogear/bot/library"
	"dogear/store"
)

// Sentences of the story's review: one that is safe for everybody, and one
// that tells the end.
const (
	safe   = "I loved the prose of this novel."
	spoils = "Tommy completes after his fourth donation."
	review = "---\ntitle: A quiet book\nreviewer: Wren\n---\n\n" + safe + "\n\nI admired the pacing.\n\n" + spoils + "\n\nNothing in the last pages is as it seemed.\n\nThe boat has a long shadow.\n"
	book   = "never-let-me-go"
)

// club is a club on a Discord of the test's own, which dogear serves.
type club struct {
	*discordtest.Discord
	t        *testing.T
	bot      *bot.Bot
	log      *logged
	guild    *discordtest.Guild
	books    *discordtest.Channel
	mo       *discordtest.Reader // moderates
	ann      *discordtest.Reader
	bob      *discordtest.Reader
	stop     func() error // dogear stops
	on       *discord.Discord
	at       string // where interactions come over HTTP; empty: over the gateway
	settings discord.Settings
	ended    chan error // what dogear stopped with
}

// logged is a log that can be read while it is written.
type logged struct {
	mu  sync.Mutex
	all strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// forget empties the log.
func (l *logged) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all.Reset()
}

// loud returns the log without what the SDK says.
func (l *logged) loud() string {
	var out strings.Builder
	for line := range strings.Lines(l.String()) {
		if !strings.Contains(line, "msg=discordgo ") {
			out.WriteString(line)
		}
	}
	return out.String()
}

// clubs bounds how many there are at the same time.
var clubs = make(chan struct{}, 8)

// modes are the two ways in which interactions come.
var modes = map[string]func(*discord.Settings){
	"gateway": func(*discord.Settings) {},
	"http":    func(s *discord.Settings) { s.HTTP = true },
}

// serve lets dogear serve a club with the story's review, whose channel reads
// the book. Nothing of it is left behind the test.
func serve(t *testing.T, mode string, options ...discordtest.Option) *club {
	t.Helper()
	s, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return serveOn(t, s, mode, options...)
}

func serveOn(t *testing.T, s bot.Store, mode string, options ...discordtest.Option) *club {
	t.Helper()
	if strings.Contains(t.Name(), "/") { // others may run beside it
		clubs <- struct{}{}
		t.Cleanup(func() { <-clubs })
	} else {
		leakless(t)
	}
	c := &club{Discord: discordtest.New(t, options...), t: t, log: &logged{}}
	c.guild = c.Guild("club")
	c.books = c.guild.Channel("books")
	c.mo, c.ann, c.bob = c.guild.Member("mo").May(discordtest.ManageGuild), c.guild.Member("ann"), c.guild.Member("bob")

	log := slog.New(slog.NewTextHandler(c.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	c.bot = bot.New(s, log)
	c.load(review)
	settings := discord.Settings{Token: c.Token, APIURL: c.URL(), GatewayURL: c.GatewayURL()}
	modes[mode](&settings)
	if settings.HTTP {
		settings.Listen = freeAddress(t)
		c.at = "http://" + settings.Listen + "/"
		c.DeliverTo(c.at)
	}
	d, err := discord.New(settings, c.bot, log)
	if err != nil {
		t.Fatal(err)
	}
	d.Hurry()
	c.bot.EditWith(discord.Platform, d)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	c.on, c.ended, c.settings = d, done, settings
	go func() { done <- d.Run(ctx) }()
	c.stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() {
		if err := c.stop(); err != nil {
			t.Errorf("it stopped with: %v", err)
		}
		c.discreet()
		if t.Failed() {
			t.Logf("the log:\n%s", c.log.loud())
		}
	})
	c.Await("dogear is connected", func() bool {
		select {
		case err := <-done:
			t.Fatalf("it stopped: %v\n%s", err, c.log.String())
		default:
		}
		return d.Ready() == nil
	})
	if _, err := discord.Register(t.Context(), settings, "", log); err != nil {
		t.Fatal(err)
	}
	c.has(c.mo.Slash(c.books, "club book", discordtest.Opt{"book": book}), "This channel now reads")
	return c
}

// discreet checks that the log holds no text of a book, no reader's words and
// nothing that opens a door.
func (c *club) discreet() {
	c.t.Helper()
	log := c.log.String()
	for _, s := range []string{safe, "completes after", "as it seemed", "how is the prose", c.Token, "itk"} {
		if strings.Contains(log, s) {
			c.t.Errorf("the log has %q", s)
		}
	}
}

// leakless fails where goroutines are left when a test has ended.
func leakless(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, ignore) })
}

// load imports a review into the club.
func (c *club) load(text string) {
	c.t.Helper()
	in := bot.Import{Book: book, Files: []library.File{{Name: "wren.md", Data: []byte(text)}}}
	if _, err := c.bot.Import(c.t.Context(), c.id(), in); err != nil {
		c.t.Fatal(err)
	}
}

func (c *club) id() bot.ClubID { return bot.ClubID(discord.Platform + c.guild.ID) }

// freeAddress returns an address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// plain returns what a content shows, without escapes.
func plain(s string) string { return strings.ReplaceAll(s, `\`, "") }

// has checks that a reader sees some words, for their eyes alone.
func (c *club) has(seen discordtest.Seen, words ...string) discordtest.Seen {
	c.t.Helper()
	text := plain(seen.Text())
	for _, w := range words {
		if !strings.Contains(text, w) {
			c.t.Errorf("it does not say %q:\n%s", w, text)
		}
	}
	for _, m := range seen.Messages {
		if !m.Ephemeral && m.ChannelID == c.books.ID && m.Edits == 0 {
			c.t.Errorf("everybody sees:\n%s", m.Content)
		}
	}
	return seen
}

// TestStory is a club's evening on Discord, in both modes.
func TestStory(t *testing.T) {
	leakless(t)
	for mode := range modes {
		t.Run(mode, func(t *testing.T) { story(t, serve(t, mode)) })
	}
}

func story(t *testing.T, c *club) {
	opt := func(pairs ...any) discordtest.Opt {
		out := discordtest.Opt{}
		for i := 0; i < len(pairs); i += 2 {
			out[pairs[i].(string)] = pairs[i+1]
		}
		return out
	}

	// Ask: for the reader alone, covered past their place.
	asked := c.has(c.ann.Slash(c.books, "ask", opt("question", "how is the prose?")), safe, "Wren")
	if got := c.bob.Sees(c.books); len(got) != 0 {
		t.Errorf("bob sees %+v", got)
	}
	// Progress in two taps: open the select, choose.
	c.has(c.ann.Select(asked.Message(), "I've read further", "7"), "Saved. Your place in Never Let Me Go: chapter 7 of 23.")
	// What became of Tommy lies past it, behind a tag.
	tommy := c.has(c.ann.Slash(c.books, "ask", opt("question", "tell me about Tommy's donation")))
	if text := plain(tommy.Text()); !strings.Contains(text, "||“"+spoils) {
		t.Errorf("what is past is not covered:\n%s", text)
	}
	// A yes/no question shows nothing past it until that is asked for.
	yesNo := c.ann.Slash(c.books, "ask", opt("question", "does Tommy die?"))
	if strings.Contains(yesNo.Text(), "||") {
		t.Errorf("two black bars are an answer:\n%s", yesNo.Text())
	}
	past := c.ann.Press(yesNo.Message(), "Look past my place")
	c.has(past)

	// Share asks again as the channel.
	shared := c.ann.Press(asked.Message(), "Share with the channel")
	if m := shared.Message(); m.Ephemeral || !strings.Contains(plain(m.Content), safe) {
		t.Errorf("shared: %+v", m)
	}
	if got := c.bob.Sees(c.books); len(got) != 1 {
		t.Errorf("bob sees %d messages", len(got))
	}
	public := c.ann.Slash(c.books, "ask", opt("question", "how is the prose?", "share", "yes"))
	if m := public.Message(); m.Ephemeral || !strings.Contains(plain(m.Content), safe) {
		t.Errorf("asked for the channel: %+v", m)
	}

	// A mention is answered for the channel, below the question; a direct
	// message for its writer.
	mention := c.bob.Mention(c.books, "how is the prose?")
	if m := mention.Message(); m.ReplyTo == "" || !strings.Contains(plain(m.Content), safe) {
		t.Errorf("mentioned: %+v", m)
	}
	if text := plain(c.bob.Mention(c.books, "progress 9").Text()); !strings.Contains(text, "/progress") || strings.Contains(text, "Saved") {
		t.Errorf("progress by a mention: %s", text)
	}
	direct := c.ann.DM("how is the prose?")
	if m := direct.Message(); !strings.Contains(plain(m.Content), safe) || slices.Contains(m.Labels(), "Share with the channel") {
		t.Errorf("in a direct message: %+v", m)
	}
	if text := plain(c.User("zoe").DM("how is the prose?").Text()); strings.Contains(text, safe) || text == "" {
		t.Errorf("somebody of no club reads: %s", text)
	}

	// Autocomplete.
	if got := c.ann.Autocomplete(c.books, "progress", "place", "1"); len(got) == 0 || len(got) > 25 {
		t.Errorf("places: %+v", got)
	}
	if got := c.ann.Autocomplete(c.books, "ask", "book", "never"); len(got) != 1 || got[0].Value != book {
		t.Errorf("books: %+v", got)
	}
	if got := c.ann.Autocomplete(c.books, "club remove", "which", ""); len(got) != 0 {
		t.Errorf("ann is offered what moderators are: %+v", got)
	}

	// Finishing the book takes a yes, in the place of the question.
	end := c.has(c.ann.Slash(c.books, "progress", opt("place", "finished")), "Finished Never Let Me Go?")
	done := c.has(c.ann.Press(end.Message(), "Yes, I've finished it"), "Your place in Never Let Me Go: finished.")
	if done.Message().ID != end.Message().ID {
		t.Error("the yes is answered elsewhere")
	}
	c.has(c.ann.Slash(c.books, "progress", opt("place", "undo")), "chapter 7 of 23")

	// A review through a modal, approved by a moderator.
	if m := c.ann.Slash(c.books, "reviews add").Modal; m == nil {
		t.Error("no modal")
	} else {
		c.has(c.ann.Submit(m, map[string]string{"title": "My evening", "text": "I enjoyed every page of this novel."}), "is with the moderators")
	}
	c.has(c.ann.Slash(c.books, "club proposals"), "That is for the club's moderators.")
	if m := c.ann.Slash(c.books, "faq add"); m.Modal != nil {
		t.Error("whoever may not fills in a form")
	}
	proposals := c.has(c.mo.Slash(c.books, "club proposals"), "Go on?")
	c.has(c.mo.Press(proposals.Message(), "Yes, show it to me"), "I enjoyed every page")
	c.has(c.mo.Slash(c.books, "club approve", opt("which", "1")), "Approved")

	// An import by attachment, for moderators.
	file := discordtest.File{Name: "long.txt", Data: []byte(long())}
	c.has(c.ann.Slash(c.books, "club import", opt("file", file)), "That is for the club's moderators.")
	c.has(c.mo.Slash(c.books, "club import", opt("file", file)), "Imported for Never Let Me Go")

	// Paging.
	read := c.has(c.bob.Slash(c.books, "reviews read", opt("review", "Robin")), "Robin")
	if !slices.Contains(read.Message().Labels(), "Next page") {
		t.Errorf("there is no next page: %v", read.Message().Labels())
	} else if next := c.bob.Press(read.Message(), "Next page"); next.Text() == read.Text() {
		t.Error("the next page is the same")
	}

	// The queue, in one message.
	queue := c.has(c.mo.Slash(c.books, "club queue"), "Go on?")
	first := c.has(c.mo.Press(queue.Message(), "Yes, show them to me"), "to decide in")
	second := c.has(c.mo.Press(first.Message(), "Not before the end"), "Saved.")
	if second.Message().ID != queue.Message().ID {
		t.Error("the queue goes on elsewhere")
	}
	chapter := c.mo.Press(second.Message(), "A chapter…").Modal
	if chapter == nil {
		t.Fatal("no modal asks for the chapter")
	}
	c.has(c.mo.Submit(chapter, map[string]string{"value": "20"}), "Saved.")
	c.has(c.mo.Press(second.Message(), "Take my last decision back"), "Taken back.")

	// A report edits what was posted.
	report := c.bob.Press(public.Message(), "Report a spoiler")
	if m := report.Message(); strings.Contains(plain(m.Content), "Which one is it?") {
		report = c.bob.Select(m, "Report a spoiler", "1")
	}
	c.has(report, "It is covered for everybody")
	c.Await("posted messages no longer quote it", func() bool {
		for _, m := range c.books.Messages() {
			if strings.Contains(plain(m.Content), safe) {
				return false
			}
		}
		return true
	})

	// Privacy: as a file, and forgotten.
	export := c.ann.Slash(c.books, "privacy export")
	if m := export.Message(); len(m.Files) != 1 || !strings.Contains(string(m.Files[0].Data), "Never Let Me Go") || !m.Ephemeral {
		t.Errorf("exported: %+v", m)
	}
	forget := c.has(c.ann.Slash(c.books, "privacy forget"), "can't be undone")
	c.has(c.ann.Press(forget.Message(), "Yes, forget me"), "Forgotten.")

	// Registering again sends nothing.
	before := len(c.Requests(discordtest.To("PUT", "/commands")))
	if changed, err := discord.Register(t.Context(), discord.Settings{Token: c.Token, APIURL: c.URL()}, "", slog.Default()); err != nil || changed {
		t.Errorf("registered again: %v, %v", changed, err)
	}
	if after := len(c.Requests(discordtest.To("PUT", "/commands"))); after != before {
		t.Error("commands that have not changed were sent")
	}
}

// long is a review that takes several pages.
func long() string {
	var b strings.Builder
	fmt.Fprint(&b, "A long review\nby Robin\n\n")
	for range 30 {
		fmt.Fprint(&b, safe, " I admired the pacing.\n\n")
	}
	return b.String()
}
