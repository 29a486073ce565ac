package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"dogear/bot"
	"dogear/bot/reply"
)

// overview is what a home shows: its lines, each control behind what it follows.
type overview struct {
	plainly
	deeds []reply.Control
}

func (o *overview) Control(c reply.Control) {
	o.plainly.Control(c)
	o.deeds = append(o.deeds, c)
	fmt.Fprintf(&o.out, "[%s] %s", c.Label, c.Does.Command)
	for name, v := range c.Does.Options {
		fmt.Fprintf(&o.out, " %s=%s", name, v)
	}
	if c.Does.Asks != "" {
		fmt.Fprintf(&o.out, " %s?", c.Does.Asks)
	}
	fmt.Fprintln(&o.out)
}

// home returns the overview at a seat, and does what each of its controls says.
func (tb *table) home(at bot.Seat) *overview {
	tb.Helper()
	doc := tb.bot.Handle(tb.Context(), bot.Request{Seat: at, Command: "home", Room: true})
	if _, private := doc.(reply.PrivateDoc); !private {
		tb.Errorf("a home is a %T", doc)
	}
	var o overview
	doc.Render(&o)
	for _, c := range o.deeds {
		if c.Action != reply.Do || c.Ticket != "" {
			tb.Errorf("a control of a home is %+v", c)
		}
		req := bot.Request{Seat: at, Command: c.Does.Command, Options: map[string]string{}}
		for name, v := range c.Does.Options {
			req.Options[name] = v
		}
		if c.Does.Asks != "" {
			choices := c.Choices
			if choices == nil {
				choices = tb.bot.Suggest(tb.Context(), req, c.Does.Asks)
			}
			if len(choices) == 0 {
				tb.Errorf("%q has nothing to choose from", c.Label)
				continue
			}
			if c.Does.Command == "progress" && choices[0].Value == "" {
				tb.Errorf("%q suggests nothing", c.Label)
			}
			continue
		}
		tb.never(tb.handle(req), "I don't know")
	}
	return &o
}

func (tb *table) shows(o *overview, want string) {
	tb.Helper()
	if got := o.out.String(); got != strings.TrimPrefix(want, "\n") {
		tb.Errorf("the home shows\n%s\nwant%s", got, want)
	}
}

const (
	veilDeed = "[Change that for every book] spoilers where=everywhere veil?\n"
	dataPart = `Your data
[See it] privacy show
[Get it as data] privacy export
[Forget it] privacy forget
[Ask how it works] help
`
)

// TestHome shows readers what is theirs: in a channel, in none, before they have
// said anything and after.
func TestHome(t *testing.T) {
	tb := newTable(t)
	nowhere := bot.Seat{Club: "club", Reader: "ann"}
	begin := `
Your books
You haven't told me your place in any book yet. Set it, and I'll quote as far as you have read.
Never Let Me Go: not started
[Set my place] progress book=never-let-me-go place?
Spoilers
What lies past your place is covered until you open it.
` + veilDeed + `The club
No channel here has a current book yet. “/club book” and a title choose one, in the channel that reads it.
` + dataPart
	tb.shows(tb.home(nowhere), begin)
	tb.shows(tb.home(seat("ann")), begin)

	tb.as("mo", true, "/club book Jane Eyre")
	tb.as("mo", true, "/club pace 9")
	tb.say("ann", "/progress 3")
	tb.handle(bot.Request{Seat: seat("ann"), Command: "progress", Options: map[string]string{"place": "7", "book": "never-let-me-go"}})
	tb.say("ann", "/spoilers show")
	tb.handle(bot.Request{Seat: seat("ann"), Command: "spoilers", Options: map[string]string{"veil": "hide", "book": "jane-eyre"}})
	tb.shows(tb.home(seat("ann")), `
Your books
Jane Eyre: chapter 3 of 38
[Set my place] progress book=jane-eyre place?
Never Let Me Go: chapter 7 of 23
[Set my place] progress book=never-let-me-go place?
Spoilers
What lies past your place is shown to you, in replies that only you see.
`+veilDeed+`Jane Eyre: hidden
The club
This channel reads Jane Eyre. Its place: chapter 9 of 38.
What lies past that is covered here.
`+dataPart)
	tb.shows(tb.home(bot.Seat{Club: "club", Reader: "bob"}), `
Your books
You haven't told me your place in any book yet. Set it, and I'll quote as far as you have read.
Jane Eyre: not started
[Set my place] progress book=jane-eyre place?
Spoilers
What lies past your place is covered until you open it.
`+veilDeed+`The club
A channel here reads Jane Eyre. Its place: chapter 9 of 38.
`+dataPart)

	// What is chosen there for every book takes away what was set for one.
	deeds := tb.home(seat("ann")).deeds
	i := slices.IndexFunc(deeds, func(c reply.Control) bool { return c.Does.Command == "spoilers" })
	var values []string
	for _, c := range deeds[i].Choices {
		values = append(values, c.Value)
		tb.want(tb.handle(bot.Request{Seat: seat("ann"), Command: "spoilers", Options: map[string]string{"where": "everywhere", "veil": c.Value}}), "Saved, for every book.")
	}
	if !slices.Equal(values, []string{"hide", "tag", "show"}) {
		t.Errorf("to choose: %q", values)
	}
	tb.never(&tb.home(seat("ann")).plainly, "Jane Eyre: hidden")

	// Without a club there is only what every club's are.
	tb.shows(tb.home(bot.Seat{Reader: "ann", Channel: "d"}), `
Your books
Jane Eyre: chapter 3 of 38
Never Let Me Go: chapter 7 of 23
Spoilers
What lies past your place is shown to you, in replies that only you see.
The club
I don't know which club you are in. Tell me your place once where your club is, with “/progress”; then I know it here too.
`+dataPart)
}

// TestHomeBounded shows no more books than fit, each once, and of several
// channels what they read and not which they are.
func TestHomeBounded(t *testing.T) {
	tb := newTable(t)
	for i := range 20 {
		id := fmt.Sprintf("book%02d", i)
		book := parseBook(t, fmt.Sprintf("id: %s\ntitle: Book %02d\noutline: [{chapters: 4}]\n", id, i))
		if err := tb.bot.AddBook(t.Context(), "club", book); err != nil {
			t.Fatal(err)
		}
		for _, channel := range []string{"secret", "open"} {
			at := bot.Seat{Club: "club", Reader: "mo", Channel: bot.ChannelID(channel + id)}
			tb.handle(bot.Request{Seat: at, Command: "club book", Options: map[string]string{"book": id}, Moderator: true})
		}
	}
	tb.handle(bot.Request{Seat: bot.Seat{Club: "club", Reader: "mo", Channel: "secretbook00"}, Command: "club pace", Options: map[string]string{"place": "2"}, Moderator: true})
	o := tb.home(bot.Seat{Club: "club", Reader: "ann"})
	tb.want(&o.plainly, "And 5 more: “/book list”.")
	tb.never(&o.plainly, "secret")
	if n := strings.Count(o.out.String(), "Set my place"); n != 15 {
		t.Errorf("%d places can be set", n)
	}
	if n := strings.Count(o.out.String(), "A channel here reads"); n != 15 {
		t.Errorf("%d channels are told of", n)
	}
	for line, want := range map[string]int{"Book 00: not started\n": 1, "reads Book 00. Its place: not started.": 1, "reads Book 00. Its place: chapter 2 of 4.": 1, "reads Book 01.": 1} {
		if n := strings.Count(o.out.String(), line); n != want {
			t.Errorf("%q is said %d times", line, n)
		}
	}

	// A pace counts for no other book of that name.
	book := parseBook(t, "id: book00\ntitle: Book 00\noutline: [{chapters: 9}]\n")
	if err := tb.bot.AddBook(t.Context(), "club", book); err != nil {
		t.Fatal(err)
	}
	tb.never(&tb.home(bot.Seat{Club: "club", Reader: "ann"}).plainly, "chapter 2")
}

// lost is a store of which a call can't be answered.
type lost struct {
	bot.Store
	look bool // else the channels
}

func (s *lost) Look(ctx context.Context, v bot.Visit) (bot.View, error) {
	if s.look {
		return bot.View{}, errors.New("no")
	}
	return s.Store.Look(ctx, v)
}

func (s *lost) Channels(context.Context, bot.ClubID) (map[bot.ChannelID]bot.Channel, error) {
	return nil, errors.New("no")
}

// TestHomeBlind tells nothing of a reader's while their notes can't be read.
func TestHomeBlind(t *testing.T) {
	tb := newTable(t)
	tb.handle(bot.Request{Seat: seat("ann"), Command: "progress", Options: map[string]string{"place": "7", "book": "never-let-me-go"}})
	s := &lost{Store: tb.store}
	tb.bot = bot.New(s, nil)
	tb.say("ann", "/book list") // so that the library is known
	for _, s.look = range []bool{false, true} {
		tb.shows(tb.home(bot.Seat{Club: "club", Reader: "ann"}), `
I can't read your progress right now, so this is only what is safe for everyone.
[Ask how it works] help
`)
	}
}

// TestMissing shows what a command can't do without.
func TestMissing(t *testing.T) {
	missing := map[string]bool{
		"ask": true, "reviews by": true, "reviews add": true, "faq add": true, "club book": true, "club preview": true, "club decide": true,
		"progress": false, "home": false, "reviews read": false, "club import": false, "past": false, "report": false,
	}
	for _, cmd := range bot.Commands() {
		want, ok := missing[cmd.Name]
		if !ok {
			continue
		}
		delete(missing, cmd.Name)
		given, blank := map[string]string{}, map[string]string{}
		for _, o := range cmd.Options {
			blank[o.Name] = " "
			if o.Required {
				given[o.Name] = "x"
			}
		}
		if cmd.Missing(nil) != want || cmd.Missing(blank) != want || cmd.Missing(given) {
			t.Errorf("%s: missing %t without options, %t with blank ones, %t with what it needs", cmd.Name, cmd.Missing(nil), cmd.Missing(blank), cmd.Missing(given))
		}
	}
	if len(missing) > 0 {
		t.Errorf("not in the table: %v", missing)
	}
}
