package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"dogear/adapters/discord"
	"dogear/adapters/discord/discordtest"
	"dogear/store/redistest"
)

// Sentences of the server's review: one is safe for everybody, one tells the end.
const (
	told  = "Tommy completes after his fourth donation."
	robin = "---\ntitle: A quiet book\nreviewer: Robin\n---\n\n" + canary + "\n\nI admired the pacing.\n\n" + told + "\n\nNothing in the last pages is as it seemed.\n"
)

// hosted is the binary as it serves a Discord or a Slack or both, a process of its
// own.
type hosted struct {
	t      *testing.T
	cmd    *exec.Cmd
	log    *lines
	health string // its address
	web    string // where interactions come in; empty: over the gateway
	slack  string // where Slack's requests come in; empty: over Socket Mode
	ended  chan struct{}
}

var (
	takenAt      = regexp.MustCompile(`interactions are taken over HTTP" at=(\S+)`)
	slackTakenAt = regexp.MustCompile(`Slack's requests are taken" at=(\S+)`)
)

// host starts the binary on a store and a Discord, and waits until it is ready.
func host(t *testing.T, store string, d *discordtest.Discord, env ...string) *hosted {
	t.Helper()
	return launch(t, onDiscord(dogearCommand(t, store, "serve"), d, env...))
}

// launch starts a serve with its settings in its environment, and waits until it
// is ready.
func launch(t *testing.T, cmd *exec.Cmd) *hosted {
	t.Helper()
	h := &hosted{t: t, cmd: cmd, log: &lines{}, ended: make(chan struct{})}
	cmd.Env = append(cmd.Env, "DOGEAR_SERVE_LISTEN=127.0.0.1:0")
	cmd.Stderr = h.log
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = h.cmd.Wait() // ProcessState has it
		close(h.ended)
	}()
	t.Cleanup(func() {
		_ = h.cmd.Process.Kill()
		<-h.ended
		if t.Failed() {
			t.Logf("its log:\n%s", h.log)
		}
	})
	soon(t, "it is ready", func() bool {
		select {
		case <-h.ended:
			t.Fatalf("it ended: %v\n%s", h.cmd.ProcessState, h.log)
		default:
		}
		if m := servedAt.FindStringSubmatch(h.log.String()); m != nil {
			h.health = "http://" + m[1]
		}
		if h.health == "" {
			return false
		}
		status, _, err := get(h.health + "/readyz")
		return err == nil && status == http.StatusOK
	})
	log := h.log.String() // which tells where it is by now
	if m := takenAt.FindStringSubmatch(log); m != nil {
		h.web = "http://" + m[1] + "/"
	}
	if m := slackTakenAt.FindStringSubmatch(log); m != nil {
		h.slack = "http://" + m[1] + "/"
	}
	return h
}

// stop tells the process to end, and wants it to have answered everything.
func (h *hosted) stop() {
	h.t.Helper()
	if err := h.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		h.t.Error(err)
	}
	select {
	case <-h.ended:
	case <-time.After(30 * time.Second):
		h.t.Fatal("it does not end")
	}
	if code := h.cmd.ProcessState.ExitCode(); code != done {
		h.t.Errorf("it ended with %d", code)
	}
}

// discordModes are the two ways in which interactions come, as settings.
var discordModes = map[string][]string{
	"gateway": nil,
	"http":    {"DOGEAR_DISCORD_MODE=http", "DOGEAR_DISCORD_LISTEN=127.0.0.1:0"},
}

// evening is a server on a Discord of the test's own, whose club has a review.
type evening struct {
	*discordtest.Discord
	t                 *testing.T
	guild             *discordtest.Guild
	books             *discordtest.Channel
	mo, ann, bob, cal *discordtest.Reader // mo moderates
}

func newEvening(t *testing.T, store string) *evening {
	t.Helper()
	e := &evening{Discord: discordtest.New(t, discordtest.Patience(30*time.Second)), t: t}
	e.guild = e.Guild("club")
	e.books = e.guild.Channel("books")
	e.mo = e.guild.Member("mo").May(discordtest.ManageGuild)
	e.ann, e.bob, e.cal = e.guild.Member("ann"), e.guild.Member("bob"), e.guild.Member("cal")
	file := filepath.Join(t.TempDir(), "robin.md")
	if err := os.WriteFile(file, []byte(robin), 0o600); err != nil {
		t.Fatal(err)
	}
	dogear(t, store, nil, "--club", discord.Platform+e.guild.ID, "import", "--book", "never-let-me-go", file)
	if _, errs, code := says(t, onDiscord(dogearCommand(t, store, "discord", "register"), e.Discord)); code != done {
		t.Fatal(errs)
	}
	return e
}

// sees checks that what a reader sees has some words, and returns it.
func (e *evening) sees(seen discordtest.Seen, words ...string) discordtest.Seen {
	e.t.Helper()
	text := unescaped(seen.Text())
	for _, w := range words {
		if !strings.Contains(text, w) {
			e.t.Errorf("it does not say %q:\n%s", w, text)
		}
	}
	return seen
}

// alone checks that a reader alone sees some words.
func (e *evening) alone(seen discordtest.Seen, words ...string) discordtest.Seen {
	e.t.Helper()
	for _, m := range e.sees(seen, words...).Messages {
		if !m.Ephemeral && m.Edits == 0 { // what was posted before may be edited now
			e.t.Errorf("everybody sees:\n%s", m.Content)
		}
	}
	return seen
}

// all checks that everybody sees some words.
func (e *evening) all(seen discordtest.Seen, words ...string) discordtest.Seen {
	e.t.Helper()
	if m := e.sees(seen, words...).Message(); m.Ephemeral {
		e.t.Errorf("only the reader sees:\n%s", m.Content)
	}
	return seen
}

// unescaped returns what a content shows.
func unescaped(s string) string { return strings.ReplaceAll(s, `\`, "") }

// opts are the options of a command.
type opts = discordtest.Opt

// TestDiscordEvening is a club's evening with the built binary, in both modes.
func TestDiscordEvening(t *testing.T) {
	for mode, env := range discordModes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			kept := "file:" + filepath.Join(t.TempDir(), "dogear.db")
			e := newEvening(t, kept)
			h := host(t, kept, e.Discord, env...)
			if (h.web != "") != (mode == "http") {
				t.Fatalf("interactions come to %q", h.web)
			}
			e.DeliverTo(h.web)
			if mode == "http" && !e.Saves() {
				t.Error("Discord would not take it as an endpoint")
			}
			if status, body, err := get(h.health + "/healthz"); status != http.StatusOK || body != "ok\n" {
				t.Errorf("/healthz: %d %q, %v", status, body, err)
			}
			e.reading()
			e.moderating()
			e.buttons()
			e.ends(h)
			for _, secret := range []string{e.Token, canary, told, "the prose"} {
				if strings.Contains(h.log.String(), secret) {
					t.Errorf("its log has %q", secret)
				}
			}
		})
	}
}

// reading is what readers do.
func (e *evening) reading() {
	t, prose := e.t, opts{"question": "how is the prose?"}
	e.alone(e.mo.Slash(e.books, "club book", opts{"book": "Never Let Me Go"}), "This channel now reads Never Let Me Go.")
	asked := e.alone(e.ann.Slash(e.books, "ask", prose), canary)
	e.alone(e.ann.Select(asked.Message(), "I've read further", "7"), "Saved. Your place in Never Let Me Go: chapter 7 of 23.")
	e.alone(e.ann.Slash(e.books, "ask", opts{"question": "tell me about Tommy's donation"}), "Past your place:", "||“"+told)
	if got := e.ann.Autocomplete(e.books, "ask", "book", "never"); len(got) != 1 || got[0].Value != "never-let-me-go" {
		t.Errorf("books: %+v", got)
	}
	if got := e.ann.Autocomplete(e.books, "progress", "place", "1"); len(got) == 0 {
		t.Error("no places are suggested")
	}

	yesNo := e.alone(e.ann.Slash(e.books, "ask", opts{"question": "does Tommy die?"}))
	if strings.Contains(yesNo.Text(), "||") {
		t.Errorf("two black bars are an answer:\n%s", yesNo.Text())
	}
	e.alone(e.ann.Press(yesNo.Message(), "Look past my place"))
	if got := e.bob.Sees(e.books); len(got) != 0 {
		t.Errorf("bob sees %d messages", len(got))
	}
	shared := e.all(e.ann.Press(asked.Message(), "Share with the channel"), canary)
	e.all(e.ann.Slash(e.books, "ask", opts{"question": "how is the prose?", "share": "yes"}), canary)
	if m := e.all(e.bob.Mention(e.books, "how is the prose?"), canary).Message(); m.ReplyTo == "" {
		t.Error("a mention is answered elsewhere than below the question")
	}
	e.sees(e.ann.DM("how is the prose?"), canary)
	thread := e.books.Thread("Evenings")
	e.alone(e.bob.Slash(thread, "ask", prose), canary)
	e.all(e.bob.Mention(thread, "how is the prose?"), canary)
	e.alone(e.ann.Slash(thread, "book current"), "Never Let Me Go")

	modal := e.ann.Slash(e.books, "reviews add").Modal
	e.alone(e.ann.Submit(modal, map[string]string{"title": "My evening", "text": "I enjoyed every page of this novel."}), "is with the moderators")
	report := e.bob.Press(shared.Message(), "Report a spoiler")
	if m := report.Message(); strings.Contains(unescaped(m.Content), "Which one is it?") {
		report = e.bob.Select(m, "Report a spoiler", "1")
	}
	e.alone(report, "It is covered for everybody")
	e.Await("messages that were posted no longer quote it", func() bool {
		for _, m := range append(e.books.Messages(), thread.Messages()...) {
			if m.Author == "" && strings.Contains(unescaped(m.Content), canary) {
				return false
			}
		}
		return true
	})
	e.alone(e.mo.Slash(e.books, "club restore", opts{"reader": discord.Platform + e.bob.ID}), "Lifted: 1 report")
}

// moderating is what moderators do.
func (e *evening) moderating() {
	faq := e.mo.Slash(e.books, "faq add").Modal
	e.alone(e.mo.Submit(faq, map[string]string{"question": "Is the book long?", "text": "It is a short novel."}), "The FAQ on Never Let Me Go has it now.")
	e.alone(e.ann.Slash(e.books, "faq list"))

	file := discordtest.File{Name: "long.txt", Data: []byte("A long review\nby Wren\n\n" + strings.Repeat("I loved the style. I admired the pacing.\n\n", 40))}
	e.alone(e.ann.Slash(e.books, "club import", opts{"file": file}), "That is for the club's moderators.")
	e.alone(e.mo.Slash(e.books, "club import", opts{"file": file}), "Imported for Never Let Me Go")
	page := e.alone(e.bob.Slash(e.books, "reviews read", opts{"review": "Wren"}), "Wren")
	if next := e.alone(e.bob.Press(page.Message(), "Next page")); next.Text() == page.Text() {
		e.t.Error("the next page is the same")
	}

	queue := e.alone(e.mo.Slash(e.books, "club queue"), "Go on?")
	first := e.alone(e.mo.Press(queue.Message(), "Yes, show them to me"), "to decide in")
	second := e.alone(e.mo.Press(first.Message(), "Not before the end"), "Saved.")
	if second.Message().ID != queue.Message().ID {
		e.t.Error("the queue goes on elsewhere")
	}
	e.alone(e.mo.Press(second.Message(), "Take my last decision back"), "Taken back.")
}

// buttons is a channel that wants none of what is covered in its messages.
func (e *evening) buttons() {
	e.alone(e.mo.Slash(e.books, "club tags", opts{"tags": "button"}))
	posted := e.all(e.ann.Slash(e.books, "ask", opts{"question": "tell me about Tommy's donation", "share": "yes"}), "Past").Message()
	var open string
	for _, label := range posted.Labels() {
		if strings.HasPrefix(label, "Open ") && open == "" {
			open = label
		}
	}
	if open == "" || strings.Contains(unescaped(posted.Content), "Tommy") {
		e.t.Fatalf("posted: %v\n%s", posted.Labels(), posted.Content)
	}
	ask := e.alone(e.bob.Press(posted, open), "That lies past your place.")
	e.alone(e.bob.Press(ask.Message(), "Yes, show it to me"), "(past your place)")
	e.alone(e.cal.Slash(e.books, "spoilers", opts{"veil": "hide"}), "hidden")
	if seen := e.alone(e.cal.Press(posted, open), "You have asked me to hide what lies past your place."); len(seen.Message().Labels()) > 0 {
		e.t.Errorf("cal is offered %v", seen.Message().Labels())
	}
}

// ends ends the process while it answers: what it had taken in is answered.
func (e *evening) ends(h *hosted) {
	e.t.Helper()
	const slow = time.Second
	before := len(e.Requests(discordtest.To("POST", "/messages")))
	e.Fault(discordtest.Fault{Method: "POST", Path: "/messages", Slow: slow})
	answered := make(chan discordtest.Seen)
	go func() { answered <- e.bob.Mention(e.books, "what do you think of the pacing?") }()
	e.Await("it answers", func() bool { return len(e.Requests(discordtest.To("POST", "/messages"))) > before })
	h.stop()
	e.sees(<-answered, "pacing")
}

// TestDiscordPurge shows that what a server has stored goes once it has removed
// dogear for long enough, and not before.
func TestDiscordPurge(t *testing.T) {
	t.Parallel()
	kept := "file:" + filepath.Join(t.TempDir(), "dogear.db")
	e := newEvening(t, kept)
	stays := e.Guild("another club")
	other := stays.Channel("books")
	h := host(t, kept, e.Discord)
	for _, room := range []*discordtest.Channel{e.books, other} {
		mo := e.mo
		if room == other {
			mo = stays.Member("mo").May(discordtest.ManageGuild)
		}
		e.alone(mo.Slash(room, "club book", opts{"book": "Never Let Me Go"}), "This channel now reads")
		e.alone(mo.Slash(room, "progress", opts{"place": "7"}), "Saved.")
	}
	h.stop()
	left := func(guild *discordtest.Guild) bool {
		out := dogear(t, kept, nil, "--club", discord.Platform+guild.ID, "export")
		return strings.Contains(out, e.mo.ID)
	}
	e.guild.Remove()
	for _, step := range []struct{ after, said string }{
		{"168h", "its data will go"}, // noted
		{"168h", ""},                 // not yet
		{"1ms", "a club's data was removed"},
	} {
		lists := discordtest.To("GET", "/users/@me/guilds")
		before := len(e.Requests(lists))
		h := host(t, kept, e.Discord, "DOGEAR_DISCORD_PURGE_AFTER="+step.after)
		soon(t, "it has looked where it is", func() bool {
			return strings.Contains(h.log.String(), step.said) && len(e.Requests(lists)) > before+1 // the last page is empty
		})
		h.stop()
		if purged := step.after == "1ms"; left(e.guild) == purged {
			t.Errorf("after %s, is it purged: %v", step.after, !purged)
		}
	}
	if !left(stays) {
		t.Error("a club that has dogear was purged")
	}
}

// TestDiscordProcesses shows that two processes on one Redis share what Discord
// sends over HTTP, that both know what either does, and that a mention, which
// both of them hear, is answered once.
func TestDiscordProcesses(t *testing.T) {
	t.Parallel()
	url := redistest.Start(t).URL()
	e := newEvening(t, url)
	var hosts []*hosted
	for range 2 {
		hosts = append(hosts, host(t, url, e.Discord, discordModes["http"]...))
	}
	both := func(i int) { e.DeliverTo(hosts[i%2].web) }
	both(0)
	e.alone(e.mo.Slash(e.books, "club book", opts{"book": "Never Let Me Go"}), "This channel now reads")
	both(1)
	asked := e.alone(e.ann.Slash(e.books, "ask", opts{"question": "how is the prose?"}), canary).Message()
	both(0)
	e.alone(e.ann.Select(asked, "I've read further", "7"), "Saved. Your place in Never Let Me Go: chapter 7 of 23.")
	both(1)
	e.alone(e.ann.Slash(e.books, "progress"), "chapter 7 of 23")
	shared := e.all(e.ann.Press(asked, "Share with the channel"), canary).Message()
	const mentions = 10
	for range mentions {
		e.all(e.cal.Mention(e.books, "how is the prose?"), canary)
	}
	// Both have heard all of them, and said so in their logs.
	soon(t, "both have heard everything", func() bool {
		n := 0
		for _, h := range hosts {
			n += strings.Count(h.log.String(), "command=ask")
		}
		return n >= 2*mentions
	})
	answers := map[string]int{}
	for _, m := range e.books.Messages() {
		if m.ReplyTo != "" {
			answers[m.ReplyTo]++
		}
	}
	for id, n := range answers {
		if n != 1 {
			t.Errorf("the mention %s is answered %d times", id, n)
		}
	}
	if len(answers) != mentions {
		t.Errorf("%d mentions of %d are answered", len(answers), mentions)
	}
	both(0)
	report := e.bob.Press(shared, "Report a spoiler")
	both(1)
	if m := report.Message(); strings.Contains(unescaped(m.Content), "Which one is it?") {
		report = e.bob.Select(m, "Report a spoiler", "1")
	}
	e.alone(report, "It is covered for everybody")
	for i := range hosts {
		both(i)
		if seen := e.alone(e.cal.Slash(e.books, "ask", opts{"question": "how is the prose?"})); strings.Contains(unescaped(seen.Text()), canary) {
			t.Errorf("process %d still quotes it", i)
		}
	}
	both(0)
	e.ends(hosts[1]) // whichever answers, it is answered
	e.alone(e.ann.Slash(e.books, "progress"), "chapter 7 of 23")
	hosts[0].stop()
}
