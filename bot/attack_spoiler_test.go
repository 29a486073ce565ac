package bot_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"dogear/bot"
	"dogear/bot/reply"
)

// TestAttackSmuggledOptions gives commands options that only the bot itself sets,
// or another command's.
func TestAttackSmuggledOptions(t *testing.T) {
	p := newPosting(t)
	said := p.spoils("m1", map[string]string{"text": secret})
	var id string
	for _, src := range bot.Kept(p.bot, "club") {
		if src.Spoiler {
			id = string(src.ID)
		}
	}
	smuggled := map[string]string{
		"spoiler": id, "which": id, "review": id, "skip": id, "more": "yes", "unstated": "yes", "confirmed": "yes", "again": "yes", "tags": "on", "text": "", "page": "1",
		"command": "spoiler", "share": "yes", "question": "what does the canary say of Tommy's donation?",
	}
	for _, cmd := range bot.Commands() {
		for _, ticket := range []string{"", string(said.reply), string(said.tickets[0]), string(said.reply) + ".0", string(said.reply) + ".01", string(said.reply) + ".+1", string(said.reply) + ". 1"} {
			if cmd.Name == "reveal" || cmd.Name == "privacy forget" {
				continue
			}
			options := maps.Clone(smuggled)
			options["ticket"] = ticket
			for _, o := range cmd.Options {
				if o.Choices != nil && options[o.Name] != "" && o.Name != "share" {
					delete(options, o.Name)
				}
			}
			for _, reader := range []bot.ReaderID{"bob", "ann"} {
				if reader == "ann" && (cmd.Name == "retract" || cmd.Name == "privacy export") {
					continue
				}
				for _, room := range []bool{false, true} {
					got := p.handle(bot.Request{Seat: seat(reader), Command: cmd.Name, Options: maps.Clone(options), Room: room})
					p.never(got, "canary says")
					p.never(got, "says the canary")
					if got.reply != "" { // what comes of a reply to that
						for _, next := range []string{"share", "more", "past", "manage", "retract", "report", "yes"} {
							p.never(p.acts("bob", next, got.reply, ""), "says the canary")
						}
					}
				}
			}
		}
	}
	if got := p.wall.reads["m1"]; got != "" && !strings.HasSuffix(got, ":\ncovered\n") {
		t.Errorf("the message reads:\n%s", got)
	}
	if n := len(bot.Kept(p.bot, "club")); n != 2 {
		t.Errorf("%d sources are kept", n)
	}
}

// TestAttackCoveredAgain takes a spoiler away that a moderator has covered, and
// posts it again as safe from the start on.
func TestAttackCoveredAgain(t *testing.T) {
	p := newPosting(t)
	said := p.spoils("m1", map[string]string{"text": "The students whisper.", "place": "1"})
	p.want(p.acts("mod", "cover", said.reply, ""), "Saved.")
	p.want(p.agrees("ann", p.acts("ann", "retract", said.reply, "")), "Deleted.")
	p.handle(bot.Request{Seat: seat("bob"), Command: "progress", Options: map[string]string{"place": "5"}})
	for _, text := range []string{"The students whisper.", "The  students  whisper. Really.", "THE STUDENTS WHISPER."} {
		again := p.spoils("m2", map[string]string{"text": text, "place": "1"})
		if got := p.acts("bob", "reveal", again.tickets[0], ""); !got.confirm {
			t.Errorf("%q opens at once: %s", text, got.out.String())
		}
	}
}

// TestAttackLongQuestion has a channel's question kept, as long as it is.
func TestAttackLongQuestion(t *testing.T) {
	p := newPosting(t)
	p.post("m1", bot.Request{Seat: seat("ann"), Command: "ask", Options: map[string]string{"question": "how is the prose? " + strings.Repeat("y", 50_000)}}, nil)
	posts, err := p.store.Posts(t.Context(), "club", "", time.Now())
	if err != nil || len(posts) != 1 {
		t.Fatal(posts, err)
	}
	if n := len(posts[0].Options["question"]); n > 4000 {
		t.Errorf("%d bytes are kept of a question", n)
	}
}

// TestAttackSetBetween sets a channel otherwise between an answer for it and its
// posting.
func TestAttackSetBetween(t *testing.T) {
	for _, set := range []string{"/club book none", "/club book Jane Eyre", "/club pace start"} {
		p := newPosting(t)
		p.pace(23)
		ask := bot.Request{Seat: seat("ann"), Command: "ask", ByBook: true, Options: map[string]string{"question": "why are the students raised for organs?", "book": "never-let-me-go"}}
		said := p.post("m1", ask, func() { p.as("mo", true, set) })
		p.want(said, "quote: The students are raised")
		p.reads("m1", "", "quote: The students are raised")
	}
}

// TestAttackGuess guesses the ending in spoilers of one's own that are declared safe
// from where one is, and opens them: whether that asks for a yes would tell which
// guess is right.
func TestAttackGuess(t *testing.T) {
	p := newPosting(t)
	p.handle(bot.Request{Seat: seat("ann"), Command: "progress", Options: map[string]string{"place": "3"}})
	guesses := []string{"Tommy dies.", "Tommy marries Madame.", "Tommy completes after his fourth donation."}
	for _, veil := range []string{"tag", "hide"} {
		p.say("ann", "/spoilers "+veil)
		for _, guess := range guesses {
			said := p.spoils("m", map[string]string{"text": guess, "place": "3"})
			p.want(p.acts("ann", "reveal", said.tickets[0], ""), "quote: "+guess)
		}
	}
	// What a report covers opens for nobody.
	said := p.spoils("m", map[string]string{"text": guesses[0]})
	opened := p.acts("ann", "reveal", said.tickets[0], "")
	p.want(p.acts("ann", "report", opened.reply, ""), "Thank you")
	p.never(p.acts("ann", "reveal", said.tickets[0], ""), guesses[0])
}

// TestAttackUnposted keeps nothing of a spoiler that was posted nowhere, and takes
// away nothing else.
func TestAttackUnposted(t *testing.T) {
	p := newPosting(t)
	p.spoils("m1", map[string]string{"text": "Kathy drives on."})
	before := len(bot.Kept(p.bot, "club"))
	for _, req := range []bot.Request{
		{Seat: seat("ann"), Command: "spoiler", Options: map[string]string{"text": secret}},
		{Seat: seat("ann"), Command: "spoiler", Options: map[string]string{"text": " "}},
		p.ask("ann"),
	} {
		req.Room = true
		doc, ok := p.bot.Handle(t.Context(), req).(reply.PublicDoc)
		if !ok {
			t.Fatalf("%s is answered in private", req.Command)
		}
		p.bot.Unposted(t.Context(), req, doc)
		if n := len(bot.Kept(p.bot, "club")); n != before {
			t.Errorf("%s %v: %d sources are kept, want %d", req.Command, req.Options, n, before)
		}
	}
	log := p.handle(bot.Request{Seat: seat("mod"), Command: "club log", Moderator: true})
	if n := strings.Count(log.out.String(), "take back a spoiler"); n != 1 {
		t.Errorf("%d are taken back:\n%s", n, log.out.String())
	}
}

// TestAttackYesTooLate says yes to opening a spoiler after it has become another,
// or nobody's to open.
func TestAttackYesTooLate(t *testing.T) {
	for name, between := range map[string]func(p *posting, said *plainly){
		"rewritten": func(p *posting, said *plainly) {
			p.want(p.acts("ann", "rewrite", said.reply, "Ruth stays."), "Saved.")
		},
		"taken back": func(p *posting, said *plainly) {
			p.want(p.agrees("ann", p.acts("ann", "retract", said.reply, "")), "Deleted.")
		},
		"reported": func(p *posting, said *plainly) {
			opened := p.acts("ann", "reveal", said.tickets[0], "")
			p.want(p.acts("ann", "report", opened.reply, ""), "Thank you")
		},
		"hidden": func(p *posting, said *plainly) { p.say("bob", "/spoilers hide") },
		"forgotten": func(p *posting, said *plainly) {
			p.handle(bot.Request{Seat: seat("ann"), Command: "privacy forget", Confirmed: true})
		},
	} {
		p := newPosting(t)
		said := p.spoils("m1", map[string]string{"text": secret})
		asked := p.acts("bob", "reveal", said.tickets[0], "")
		between(p, said)
		got := p.agrees("bob", asked)
		if out := got.out.String(); strings.Contains(out, "canary") || strings.Contains(out, "Ruth stays") {
			t.Errorf("%s, it opens: %s", name, out)
		}
		if got := p.wall.reads["m1"]; strings.Contains(got, "canary") {
			t.Errorf("%s, it reads: %s", name, got)
		}
	}
}
