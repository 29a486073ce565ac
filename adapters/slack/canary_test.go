package slack_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"dogear/adapters/slack"
	"dogear/adapters/slack/slacktest"
	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/store"
	"dogear/store/redistest"
)

// conversations is how many random conversations TestNothingLeaks has: something
// that somebody does, and what they then press. Lives of as many clubs as that takes
// go on at the same time, if -parallel lets them.
var conversations = flag.Int("conversations", 400, "how many random conversations TestNothingLeaks has")

// aLife is how many conversations one club has at most.
const aLife = 1250

// end is the end of the book.
const end = 23

// TestNothingLeaks lives the lives of clubs on Slack at random, in both modes:
// readers at several places, with every veil, in channels of several paces and
// tags, in threads, direct messages and the app's home; moderators and guests.
// Every text that lies past the start has a canary that says from where on it is
// safe. Of what dogear sends, keeps and logs, nothing shows one to anybody whose
// place is before that, unless they alone see it and have said yes to just it.
func TestNothingLeaks(t *testing.T) {
	want := *conversations
	if testing.Short() {
		want = min(want, 60)
	}
	t.Cleanup(func() { goleak.VerifyNone(t) })
	lives := max(len(modes), (want+aLife-1)/aLife)
	for n := range lives {
		mode := modes[n%len(modes)]
		t.Run(fmt.Sprintf("%s %d", mode, n/len(modes)), func(t *testing.T) {
			l := newLife(t, mode, uint64(n))
			t.Parallel()
			l.live(want / lives)
		})
	}
}

// life is a club whose texts have canaries, with what its readers may see.
type life struct {
	*club
	store   bot.Store
	redis   *redistest.Server // that it is in; nil: it is in memory
	rng     *rand.Rand
	judge   *judge
	readers []*somebody
	mods    []*somebody
	guest   *somebody
	rooms   []*room
	next    int            // canary
	froms   map[string]int // by the ticket of a posted spoiler: from where on it is safe
	did     map[string]int
	last    string // what was done last, for who reads that it failed
}

// somebody is a reader with what dogear knows of them.
type somebody struct {
	*slacktest.User
	moderates bool
	guest     bool
	works     bool  // as a moderator, on what they have said yes to seeing: each reply to that shows the next
	was, now  place // before and after what they did last
}

// place is how far somebody is, and what they want done with what lies past that.
type place struct {
	at   int
	veil reply.Veil
}

// room is a channel, or a reader's direct messages.
type room struct {
	*slacktest.Channel
	of       *somebody // whose direct messages they are; nil: it is a channel
	was, now int       // its pace
}

func newLife(t *testing.T, mode string, seed uint64) *life {
	spec := "mem:"
	var server *redistest.Server
	if _, err := exec.LookPath("redis-server"); err == nil && mode == "socket" {
		server = redistest.Start(t)
		spec = server.URL()
	}
	s, err := store.Open(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	// That no more modals go on top of each other dogear is told by being refused.
	c := open(t, s, mode, slacktest.Quiet(24*time.Millisecond), slacktest.Patience(30*time.Second), slacktest.Tolerate(slacktest.Limits))
	l := &life{club: c, store: s, redis: server, rng: rand.New(rand.NewPCG(7, seed)), judge: newJudge(c), did: map[string]int{}, froms: map[string]int{}}
	l.outline()
	l.importText("wren.md", "A review\n\n"+safe+" I admired the pacing.\n")
	for n := range 8 {
		l.importText(fmt.Sprintf("review%d.md", n), l.review(n))
	}
	l.importText("faq.md", l.faq())
	for _, of := range []struct {
		name string
		at   int
		veil string
	}{{"start", 0, "tag"}, {"early", 3, "tag"}, {"seven", 7, "tag"}, {"hider", 7, "hide"}, {"shower", 12, "show"}, {"done", end, "tag"}, {"mod", 7, "tag"}, {"hiding mod", 0, "hide"}} {
		r := &somebody{User: c.User(of.name), moderates: strings.Contains(of.name, "mod")}
		if r.moderates {
			r.Admin()
			l.mods = append(l.mods, r)
		}
		l.readers = append(l.readers, r)
		l.rooms = append(l.rooms, &room{Channel: r.DMs(), of: r})
		l.place(r, l.books, of.at)
		l.has(r.Slash(l.books, "spoilers "+of.veil), "Saved")
	}
	l.guest = &somebody{User: c.Guest("guest"), guest: true, now: place{veil: reply.Hide}}
	for _, of := range []struct {
		name string
		pace int
		tags string
	}{{"slow", 0, "on"}, {"quick", 7, "on"}, {"button", 7, "button"}, {"off", 12, "off"}, {"finished", end, "on"}} {
		r := &room{Channel: c.Channel(of.name).Shared()}
		l.rooms = append(l.rooms, r)
		l.mo.Slash(r.Channel, "club book "+book)
		l.pace(r, of.pace)
		l.mo.Slash(r.Channel, "club tags "+of.tags)
	}
	l.decide(24)
	l.look()
	l.look()
	l.judge.requests = len(l.Requests()) // what the moderator was shown to decide
	return l
}

// canary returns a word that no text had before, of a text of some source that is
// safe from some chapter on.
func (l *life) canary(source string, from int) string {
	l.next++
	word := fmt.Sprintf("canary%dat%dx", l.next, from)
	l.judge.source[word] = source
	return word
}

// chapters are those from which canaries are safe.
var chapters = []int{3, 7, 12, end}

func (l *life) chapter() int { return chapters[l.rng.IntN(len(chapters))] }

// outline puts a book into the library whose parts and chapters have titles with
// canaries, and whose ledger has some.
func (l *life) outline() {
	l.t.Helper()
	books, _, err := l.bot.Club(l.t.Context(), l.id())
	if err != nil {
		l.t.Fatal(err)
	}
	i := slices.IndexFunc(books, func(b library.Book) bool { return b.ID == book })
	var b strings.Builder
	b.WriteString("outline:\n")
	for first := 1; first <= end; first += 8 {
		chapters := min(8, end+1-first)
		fmt.Fprintf(&b, "  - part: The %s\n    chapters: %d\n    titles:\n", l.canary("outline", first), chapters)
		for n := range chapters {
			fmt.Fprintf(&b, "      - Chapter of the %s\n", l.canary("outline", first+n))
		}
	}
	file := outlineOf.ReplaceAll(books[i].File(), []byte(b.String()))
	own, err := library.ParseBook(file, book)
	if err != nil {
		l.t.Fatal(err)
	}
	if err := l.bot.AddBook(l.t.Context(), l.id(), own); err != nil {
		l.t.Fatal(err)
	}
	lamp := func() string { return l.canary("ledger", 20) }
	overlay := fmt.Sprintf("book: %s\nledger:\n  - {id: ours, chapter: 20, fact: The lamp breaks %s., class: event, says: [the lamp breaks %s, the lamp is broken %s, the broken lamp %s]}\n", book, lamp(), lamp(), lamp(), lamp())
	if _, err := l.bot.AddOverlay(l.t.Context(), l.id(), library.File{Name: "ours.yaml", Data: []byte(overlay)}); err != nil {
		l.t.Fatal(err)
	}
}

var outlineOf = regexp.MustCompile(`(?m)^outline:\n(?:  - .*\n)+`)

// review returns one, with a canary in its title and in each sentence, of which
// none is safe before the end until a moderator says so.
func (l *life) review(n int) string {
	var b strings.Builder
	source := fmt.Sprintf("review%d", n)
	fmt.Fprintf(&b, "---\ntitle: The %s of it\nreviewer: Reviewer%d\nrating: %d/5\n---\n\nI loved the prose of this novel.\n\n", l.title(source), n, n%5+1)
	for i := range 8 {
		fmt.Fprintf(&b, "Tommy *takes* the %s & <!channel> `after` his donation.\n\nRuth finds the %s || there, of hook%dq.\n\n", l.canary(source, l.chapter()), l.canary(source, l.chapter()), n*8+i)
		if i == 4 {
			fmt.Fprintf(&b, "> ||The %s is @everyone's||\n\n", l.canary(source, end))
		}
	}
	return b.String()
}

func (l *life) title(source string) string {
	word := l.canary(source, end)
	l.judge.titles[word] = true
	return word
}

func (l *life) faq() string {
	b := "# Questions\n\n## Is it long?\n\nIt is a short novel.\n\n"
	for range 6 {
		b += fmt.Sprintf("## What becomes of the %s?\n\nThe %s takes it at the end. I admired the pacing.\n\n", l.title("faq"), l.canary("faq", l.chapter()))
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

// decide has the moderator open sentences from where their canaries say.
func (l *life) decide(many int) {
	asked := l.mo.Slash(l.books, "club queue")
	seen := l.mo.Press(asked.Message(), "Yes, show them to me")
	for range many {
		var where slacktest.Place = seen.View()
		if seen.View().ID == "" {
			where = seen.Message()
		}
		seen = l.opens(l.mo, where)
	}
}

// opens has a moderator decide the sentence that they see.
func (l *life) opens(mod *slacktest.User, where slacktest.Place) slacktest.Seen {
	from := 0
	for _, word := range canaryWord.FindAllString(readsOf(where), -1) {
		if !l.judge.titles[word] {
			from = max(from, reveal(word))
		}
		delete(l.judge.covered, word)
	}
	said := fmt.Sprint(from)
	if from == 0 || from == end {
		said = "end"
	}
	form := mod.Press(where, "A chapter…")
	return mod.Submit(form.View(), map[string]string{"value": said})
}

func readsOf(where slacktest.Place) string {
	if m, ok := where.(slacktest.Message); ok {
		return m.Reads()
	}
	return where.(slacktest.View).Reads()
}

// place has a reader say how far they are.
func (l *life) place(r *somebody, in *slacktest.Channel, at int) slacktest.Seen {
	seen := r.Slash(in, "progress "+said(at))
	if label := "Yes, I've finished it"; at == end {
		seen = r.Press(seen.Message(), label)
	}
	return seen
}

func said(at int) string {
	switch at {
	case 0:
		return "start"
	case end:
		return "finished"
	}
	return fmt.Sprint(at)
}

// pace has the moderator say how far a channel is.
func (l *life) pace(r *room, at int) {
	seen := l.mo.Slash(r.Channel, "club pace "+said(at))
	if at == end {
		l.mo.Press(seen.Message(), "Yes, all have finished it")
	}
}

// look notes what dogear knows of everybody now.
func (l *life) look() {
	ctx := l.t.Context()
	for _, r := range l.readers {
		seat := bot.Seat{Club: l.id(), Reader: bot.ReaderID(slack.Platform + l.TeamID + "." + r.ID)}
		v, err := l.store.Look(ctx, bot.Visit{Seat: seat})
		if err != nil {
			l.t.Fatal(err)
		}
		r.was, r.now = r.now, place{veil: reply.Tag}
		if veil, ok := v.Reader.Veils[bot.BookKey{}]; ok {
			r.now.veil = veil
		}
		for key, mark := range v.Reader.Bookmarks { // it is the club's own book, of which the key says more
			if strings.HasPrefix(string(key.Book), book) {
				r.now.at = int(mark.At)
			}
		}
	}
	all, err := l.store.Channels(ctx, l.id())
	if err != nil {
		l.t.Fatal(err)
	}
	for _, r := range l.rooms {
		c := all[bot.ChannelID(r.ID)]
		r.was, r.now = r.now, 0
		if c.Book == book {
			r.now = int(c.Pace)
		}
	}
}

// live has some conversations, and looks at all that comes of them.
func (l *life) live(many int) {
	for n := range many {
		l.converse()
		for _, what := range l.Violations() {
			if !strings.Contains(what, "a fourth modal") {
				l.t.Error(what)
			}
		}
		if l.t.Failed() {
			l.t.Logf("in conversation %d, after: %s", n, l.last)
			return
		}
		if n%60 == 59 {
			l.settled()
			l.judge.kept(l)
			l.act(l.readers[0], "pause", false, func() slacktest.Seen { // what is late comes before it is forgotten
				return l.readers[0].Slash(l.books, "help")
			})
			l.Forget()
			l.judge.requests = 0
		}
	}
	l.settled()
	if err := l.stop(); err != nil { // whatever is on its way arrives before the last look
		l.t.Error(err)
	}
	l.judge.look(l, nil, false)
	l.judge.kept(l)
	l.t.Logf("%d conversations: %+v\n%v", many, l.judge.counts, l.did)
	if n := l.judge.counts; many >= 150 && (n.posts < 30 || n.alone < 100 || n.open < 50 || n.past < 10 || n.labels < 1 || n.covers < 20 || n.spoilers < 1) {
		l.t.Errorf("%+v: that tests little", n)
	}
}

// settled waits until what stands in the channels suits them.
func (l *life) settled() {
	for _, r := range l.rooms {
		at := r.now
		if r.of != nil {
			continue // nobody else is there, and what was once within one's place stays
		}
		l.Await("what was posted is edited", func() bool {
			for _, m := range r.Messages() {
				if m.Author == "" && l.judge.beyond(strings.Join(m.Strings(), "\n"), at) != "" {
					return false
				}
			}
			return true
		})
	}
}
