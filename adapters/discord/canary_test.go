package discord_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dogear/adapters/discord/discordtest"
	"dogear/bot"
	"dogear/bot/library"
)

// end is the end of the book.
const end = 23

// TestNothingLeaks lives a club's life on Discord at random, in both modes:
// readers at several places, with every veil, in channels of several paces and
// tags, in threads and in direct messages. Every text that lies past the start
// has a canary, and of what dogear sends nothing shows one to anybody whose
// place is before it.
func TestNothingLeaks(t *testing.T) {
	acts := 300
	if testing.Short() {
		acts = 40
	}
	for mode := range modes {
		t.Run(mode, func(t *testing.T) {
			l := newLife(t, mode)
			for range acts {
				l.act()
			}
			// Whatever is on its way arrives before the last look.
			if err := l.stop(); err != nil {
				t.Error(err)
			}
			l.lookAround()
			if log := l.log.String(); canaryWord.MatchString(log) {
				t.Errorf("the log has %q", canaryWord.FindString(log))
			}
			t.Logf("%+v", l.judge.counts)
			if n := l.judge.counts; !testing.Short() && (n.covered < 100 || n.open < 100 || n.past < 3 || n.labels < 5 || n.messages < 100) {
				t.Errorf("%+v: that tests little", n)
			}
		})
	}
}

// life is a club whose texts have canaries, with what its readers may see.
type life struct {
	*club
	rng      *rand.Rand
	judge    judge
	readers  []*somebody
	rooms    []*room
	requests int             // of dogear's that were looked at
	next     int             // canary
	titles   map[string]bool // canaries that stand in one
}

// somebody is a reader with what they have told dogear.
type somebody struct {
	*discordtest.Reader
	audience
	direct *room
}

// room is where readers meet: a channel, a thread with its settings, or a
// reader's direct messages.
type room struct {
	*discordtest.Channel
	*audience // nil: a direct message
	name      string
}

func newLife(t *testing.T, mode string) *life {
	l := &life{club: serve(t, mode, discordtest.Quiet(24*time.Millisecond)), rng: rand.New(rand.NewPCG(7, 1)), judge: newJudge(t), titles: map[string]bool{}}
	for n := range 8 {
		l.importText(fmt.Sprintf("review%d.md", n), l.review(n))
	}
	l.importText("faq.md", l.faq())
	l.decide(16)
	for _, of := range []struct {
		name string
		audience
		veil string
	}{
		{"start", audience{0, covered}, "tag"}, {"early", audience{3, covered}, "tag"}, {"seven", audience{7, covered}, "tag"},
		{"hider", audience{7, nothing}, "hide"}, {"shower", audience{12, uncovered}, "show"}, {"done", audience{end, covered}, "tag"},
	} {
		r := &somebody{Reader: l.guild.Member(of.name), audience: of.audience}
		r.direct = &room{Channel: r.Direct(), name: "direct"}
		l.readers = append(l.readers, r)
		l.place(r, of.at)
		l.has(r.Slash(l.books, "spoilers", discordtest.Opt{"veil": of.veil}), "Saved")
	}
	for _, of := range []struct {
		name string
		pace int
		tags string
	}{{"slow", 0, "on"}, {"quick", 7, "on"}, {"button", 7, "button"}, {"off", 12, "off"}, {"finished", end, "on"}} {
		r := &room{Channel: l.guild.Channel(of.name), audience: &audience{}, name: of.name}
		l.mo.Slash(r.Channel, "club book", discordtest.Opt{"book": book})
		l.pace(r, of.pace)
		l.tags(r, of.tags)
		l.rooms = append(l.rooms, r, &room{Channel: r.Thread("evenings"), audience: r.audience, name: of.name + "'s thread"})
	}
	return l
}

// canary returns a word that no text had before. It is safe from the end of the
// book on.
func (l *life) canary() string {
	l.next++
	word := fmt.Sprintf("canary%dx", l.next)
	l.judge.reveal[word] = end
	return word
}

func (l *life) review(n int) string {
	var b strings.Builder
	title := l.canary()
	l.titles[title] = true
	fmt.Fprintf(&b, "---\ntitle: The %s of it\nreviewer: Reviewer%d\nrating: %d/5\n---\n\n", title, n, n%5+1)
	for i := range 12 {
		fmt.Fprintf(&b, "I loved the prose of this novel. Tommy %s || `after` his donation. Ruth *finds* %s\nand the ending has (%s).\n\n", l.canary(), l.canary(), l.canary())
		if i%4 == 0 {
			fmt.Fprintf(&b, "> ||The %s is @everyone's||\n\n", l.canary())
		}
	}
	return b.String()
}

func (l *life) faq() string {
	b := "# Questions\n\n## Is it long?\n\nIt is a short novel.\n\n"
	for range 6 {
		b += fmt.Sprintf("## What becomes of the %s?\n\nThe %s takes it at the end. I admired the pacing.\n\n", l.canary(), l.canary())
	}
	return b
}

func (l *life) importText(name, text string) {
	l.t.Helper()
	in := bot.Import{Book: book, Files: []library.File{{Name: name, Data: []byte(text)}}}
	if _, err := l.bot.Import(l.t.Context(), l.id(), in); err != nil {
		l.t.Fatal(err)
	}
}

// decide has the moderator open some sentences earlier than the end.
func (l *life) decide(many int) {
	seen := l.mo.Press(l.mo.Slash(l.books, "club queue").Message(), "Yes, show them to me")
	for n := range many {
		words := canaryWord.FindAllString(seen.Text(), -1)
		at := []int{0, 3, 7, 12}[n%4]
		modal := l.mo.Press(seen.Message(), "A chapter…").Modal
		seen = l.has(l.mo.Submit(modal, map[string]string{"value": fmt.Sprint(at)}), "Saved.")
		for _, w := range words {
			if !l.titles[w] {
				l.judge.reveal[w] = at
			}
		}
	}
}

// place has a reader say how far they are.
func (l *life) place(r *somebody, at int) {
	said := fmt.Sprint(at)
	switch at {
	case 0:
		said = "start"
	case end:
		said = "finished"
	}
	seen := r.Slash(l.books, "progress", discordtest.Opt{"place": said})
	if label := "Yes, I've finished it"; slices.Contains(seen.Message().Labels(), label) {
		seen = r.Press(seen.Message(), label)
	}
	l.has(seen, "Your place in Never Let Me Go")
	r.at = at
}

// pace has the moderator say how far a channel is.
func (l *life) pace(r *room, at int) {
	said := fmt.Sprint(at)
	if at == end {
		said = "finished"
	}
	seen := l.mo.Slash(r.Channel, "club pace", discordtest.Opt{"place": said})
	if label := "Yes, all have finished it"; slices.Contains(seen.Message().Labels(), label) {
		seen = l.mo.Press(seen.Message(), label)
	}
	l.has(seen, "This channel's place")
	r.at = at
	l.settled(r)
}

func (l *life) tags(r *room, tags string) {
	l.mo.Slash(r.Channel, "club tags", discordtest.Opt{"tags": tags})
	r.past = nothing
	if tags == "on" {
		r.past = covered
	}
	l.settled(r)
}

// settled waits until what was posted in a channel suits its settings.
func (l *life) settled(changed *room) {
	for _, r := range append(l.rooms, changed) {
		if r.audience == changed.audience {
			l.Await("what was posted is edited", func() bool {
				return !slices.ContainsFunc(r.Messages(), func(m discordtest.Message) bool { return m.Author == "" && l.judge.wrong(m, *r.audience) != "" })
			})
		}
	}
}

// lookAround judges whatever dogear has sent since it was called last: what
// stands in the channels, and every part of a request that is no message's text.
func (l *life) lookAround() {
	l.t.Helper()
	for _, r := range l.rooms {
		for _, m := range r.Messages() {
			if m.Author == "" {
				l.judge.message(r.name, m, *r.audience)
			}
		}
	}
	all := l.Requests()
	for _, r := range all[l.requests:] {
		l.judge.request(r)
	}
	l.requests = len(all)
}
