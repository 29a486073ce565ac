package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"dogear/bot"
	"dogear/bot/label"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
	"dogear/store"
)

// canaryWord is a word that stands in one text and nowhere else.
var canaryWord = regexp.MustCompile(`canary[0-9]+x`)

// lifeRequests is how many random requests the club's life is made of.
const lifeRequests = 20_000

// TestNoCanaryLeaks lives a club's life at random: every command, by members,
// trusted ones and moderators at several places, in channels and in private.
// Every text that lies past the start has a canary, and no canary reaches
// anybody whose place is before it: no reply, no posted message, no log line
// and no error.
func TestNoCanaryLeaks(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	requests := lifeRequests
	if testing.Short() {
		requests /= 5
	}
	for range requests {
		l.live()
	}
	t.Logf("%d requests, %d refused, %d public, %d canaries seen by those who may, %d edits", requests, l.refused, l.public, l.seen, l.wall.edits)
	if testing.Short() {
		return
	}
	for _, cmd := range bot.Commands() {
		if l.answered[cmd.Name] == 0 {
			t.Errorf("%q was never answered", cmd.Name)
		}
		for _, o := range cmd.Options {
			if n := l.suggested[cmd.Name+" "+o.Name]; (n > 0) != o.Suggests {
				t.Errorf("%d values were suggested for %s of %q, which suggests: %t", n, o.Name, cmd.Name, o.Suggests)
			}
		}
	}
	if len(l.spoilt) < 20 || l.managed < 20 {
		t.Errorf("%d spoilers were posted, and %d things done with them: that tests little", len(l.spoilt), l.managed)
	}
	if l.seen < 1000 || l.reported < 20 || l.decided < 20 || l.said < 20 || l.buttons < 20 {
		t.Errorf("%d canaries were seen, %d reports and %d decisions were made, %d yeses said, %d buttons posted: that tests little", l.seen, l.reported, l.decided, l.said, l.buttons)
	}
}

// life is a club with everything that is known of its canaries.
type life struct {
	t        *testing.T
	rng      *rand.Rand
	bot      *bot.Bot
	store    bot.Store
	book     library.Book
	sources  []library.Source // as they were at first
	titles   []string
	next     int
	own      map[string]bot.ReaderID         // who wrote a canary here
	reveal   map[string]spoiler.Passage      // each canary of the library, sealed as its text is
	tickets  map[bot.ReaderID][]reply.Ticket // that each was given, the latest last
	queue    map[bot.ReaderID]reply.Ticket   // of the sentence that each moderator was shown last
	queueIn  bot.ChannelID
	names    []string // of proposals, as moderators were shown them
	spoilt   []spoilt // spoilers that were posted
	wall     *canaryWall
	answered map[string]int
	// suggested counts what was suggested, by command and option.
	suggested map[string]int

	asked  map[reply.Ticket]bot.Request  // what waits for a yes, by what says it
	latest map[bot.ReaderID]reply.Ticket // of the last thing that each was asked a yes for

	refused, public, seen, reported, decided, buttons, said, managed int
}

// spoilt is a spoiler that somebody posted.
type spoilt struct {
	by     bot.ReaderID
	in     bot.ChannelID
	ticket reply.Ticket
}

// canaryWall is what was posted: which canaries each message shows.
type canaryWall struct {
	mu    sync.Mutex
	shows map[[2]string]sight
	edits int
}

func (w *canaryWall) Edit(_ context.Context, _ bot.ClubID, channel bot.ChannelID, message bot.MessageID, doc reply.PublicDoc) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.edits++
	w.shows[[2]string{string(channel), string(message)}] = look(doc)
	return nil
}

// sight is the canaries in a reply: what is seen at once, what is quoted from
// past the reader's place, and what stands behind covers.
type sight struct {
	open, past, covered []string
	buttons             int // covers whose text the reply does not have
}

func look(doc reply.Doc) sight {
	var s sight
	doc.Render(&s)
	return s
}

func (s *sight) take(into *[]string, texts ...string) {
	for _, text := range texts {
		*into = append(*into, canaryWord.FindAllString(text, -1)...)
	}
}

func (s *sight) Line(l reply.Line) { s.take(&s.open, l.Text()) }
func (s *sight) Quote(q reply.Quotation) {
	s.cite(q.Source)
	if q.Past {
		s.take(&s.past, q.Text)
	} else {
		s.take(&s.open, q.Text)
	}
}
func (s *sight) Source(_ int, c reply.Citation) { s.cite(c) }
func (s *sight) cite(c reply.Citation) {
	s.take(&s.open, c.Title, c.Link, c.Reviewer, c.Date, c.Rating, c.Kind, c.ID, c.File)
}
func (s *sight) Spoiler(ticket reply.Ticket, body func() reply.Quotation) {
	s.take(&s.open, string(ticket))
	if body == nil {
		s.buttons++
		return
	}
	q := body()
	s.cite(q.Source)
	s.take(&s.covered, q.Text)
}
func (s *sight) Control(c reply.Control) {
	s.take(&s.open, c.Label, string(c.Ticket), fmt.Sprint(c.Does))
	for _, choice := range c.Choices {
		s.take(&s.open, choice.Value, choice.Label)
	}
}

// silent is a log in which no canary stands.
type silent struct{ t *testing.T }

func (l silent) Write(p []byte) (int, error) {
	if canaryWord.Match(p) {
		l.t.Errorf("the log has a canary: %s", p)
	}
	if strings.Contains(string(p), "level=ERROR") {
		l.t.Errorf("the log: %s", p)
	}
	return len(p), nil
}

func newLife(t *testing.T) *life {
	s, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	l := &life{
		t: t, rng: rand.New(rand.NewPCG(9, 10)), store: s, bot: bot.New(s, slog.New(slog.NewTextHandler(silent{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))), book: firstBook(t),
		own: map[string]bot.ReaderID{}, tickets: map[bot.ReaderID][]reply.Ticket{}, answered: map[string]int{}, suggested: map[string]int{}, asked: map[reply.Ticket]bot.Request{}, latest: map[bot.ReaderID]reply.Ticket{}, wall: &canaryWall{shows: map[[2]string]sight{}},
	}
	l.bot.EditWith("", l.wall)
	overlay := fmt.Sprintf("book: %s\nledger:\n  - {id: ours, chapter: 20, fact: The lamp breaks %s., class: event, says: [the lamp breaks %s, the lamp is broken %s, the broken lamp %s]}\n",
		l.book.ID, l.canary(), l.canary(), l.canary(), l.canary())
	if _, err := l.bot.AddOverlay(t.Context(), "club", library.File{Name: "ours.yaml", Data: []byte(overlay)}); err != nil {
		t.Fatal(err)
	}
	// Bad files: their errors quote nothing.
	for _, bad := range []string{strings.Replace(overlay, "class: event", "class: "+l.canary(), 1), strings.Replace(overlay, "chapter: 20", "chapter: "+l.canary(), 1), "{" + l.canary()} {
		if _, err := l.bot.AddOverlay(t.Context(), "club", library.File{Name: "bad.yaml", Data: []byte(bad)}); err == nil || canaryWord.MatchString(err.Error()) {
			t.Errorf("a bad overlay: %v", err)
		}
	}
	books, _, err := l.bot.Club(t.Context(), "club")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(books, func(b library.Book) bool { return b.ID == l.book.ID })
	labeller := label.New(books[i])
	var labelled []library.Source
	for _, src := range library.Sample() {
		if src.Book == l.book.ID {
			labelled = append(labelled, labeller.Label(src))
		}
	}
	for _, src := range laden(labelled, l.book) {
		l.sources = append(l.sources, l.plant(src))
	}
	t.Cleanup(func() { l.bot.Flush(context.Background()) })
	l.restock()
	for channel, set := range map[bot.ChannelID]bot.Channel{
		"start": {Book: l.book.ID}, "seven": {Book: l.book.ID, Pace: 7}, "no tags": {Book: l.book.ID, Pace: 13, TagsOff: true},
		"buttons": {Book: l.book.ID, Pace: 13, TagsOff: true, Buttons: true},
	} {
		if err := s.SetChannel(t.Context(), "club", channel, bot.Channel{}, set); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func (l *life) canary() string {
	l.next++
	return fmt.Sprintf("canary%dx", l.next)
}

// plant gives every text of a source that lies past the start a canary.
func (l *life) plant(src library.Source) library.Source {
	mark := func(p spoiler.Passage) spoiler.Passage {
		if p.IsZero() || p.Reveal() == 0 {
			return p
		}
		return spoiler.Seal(p.Book(), p.Reveal(), unsealed.Text(p)+" "+l.canary())
	}
	src.Title, src.Link = mark(src.Title), mark(src.Link)
	src.Sentences, src.Related = slices.Clone(src.Sentences), slices.Clone(src.Related)
	for i := range src.Sentences {
		src.Sentences[i].Passage = mark(src.Sentences[i].Passage)
	}
	for i := range src.Related {
		src.Related[i] = mark(src.Related[i])
	}
	if !src.Title.IsZero() {
		l.titles = append(l.titles, unsealed.Text(src.Title))
	}
	return src
}

// restock brings back what was removed.
func (l *life) restock() {
	if _, err := l.store.Change(l.t.Context(), "club", bot.Change{Base: bot.AnyVersion, PutSources: l.sources}); err != nil {
		l.t.Fatal(err)
	}
	l.bot.Handle(l.t.Context(), bot.Request{Seat: bot.Seat{Club: "club", Reader: "x"}, Command: "book list"})
	l.reveal = l.reveals()
}

// reveals returns from where on each canary of the library may be seen.
func (l *life) reveals() map[string]spoiler.Passage {
	out := map[string]spoiler.Passage{}
	for _, src := range bot.Kept(l.bot, "club") {
		for n := range src.Texts() {
			for _, w := range canaryWord.FindAllString(unsealed.Text(src.Passage(n)), -1) {
				out[w] = src.Passage(n)
				if src.Author != "" {
					l.own[w] = bot.ReaderID(src.Author) // a moderator may have corrected it
				}
			}
		}
		for _, w := range canaryWord.FindAllString(unsealed.Text(src.Link), -1) {
			out[w] = src.Link
		}
	}
	return out
}

// pick returns one of a few words.
func (l *life) pick(words ...string) string { return words[l.rng.IntN(len(words))] }

// value makes up a value of an option.
func (l *life) value(cmd bot.Command, o bot.Option, reader bot.ReaderID) string {
	if o.Choices != nil {
		return l.pick(append(slices.Clone(o.Choices), "", "none of them")...)
	}
	number := fmt.Sprint(l.rng.IntN(14))
	switch o.Name {
	case "question":
		if cmd.Name == "faq add" {
			return l.pick("Is it worth reading?", l.text(reader, "What of the %s?"))
		}
		return questions[l.rng.IntN(len(questions))]
	case "book":
		if cmd.Name == "club book" && l.rng.IntN(8) == 0 {
			return "none"
		}
		return l.pick("", "", "", string(l.book.ID), "jane-eyre", "Never Let Me Go", "nothing")
	case "place":
		return l.pick("start", "0", "3", "7", "7", "13", "21", "ch22", "end", "finished", "never", "labels", "labels", "skip", "undo", "clear", "35%", "p120", "")
	case "review", "reviewer":
		src := l.sources[l.rng.IntN(len(l.sources))]
		return l.pick(number, number, src.Reviewer, string(src.ID), l.titles[l.rng.IntN(len(l.titles))], "")
	case "page":
		return l.pick("", "", "1", "2", "3", "9", "-1")
	case "which":
		if len(l.names) > 0 && l.rng.IntN(3) == 0 {
			return l.names[l.rng.IntN(len(l.names))]
		}
		return number
	case "title":
		return l.pick("", "A few words", l.text(reader, "Tommy dies, %s"))
	case "rating":
		return l.pick("", "4/5", "Tommy dies")
	case "text":
		return l.pick("I liked this novel. ", "I found the pacing slow. ", "") + l.text(reader, "Tommy dies on his fourth donation, %s. The prose is %s. ") + l.text(reader, "I loved the %s.")
	case "ticket":
		of := l.tickets[reader]
		if l.rng.IntN(10) == 0 {
			of = l.tickets[l.readers()[l.rng.IntN(len(l.readers()))]]
		}
		if len(of) == 0 {
			return ""
		}
		ticket := string(of[len(of)-1-l.rng.IntN(min(len(of), 3))])
		if cmd.Name == "report" || cmd.Name == "reveal" {
			ticket += l.pick("", ".1", ".1", ".2", ".3", ".9")
		}
		return ticket
	case "file":
		return ""
	case "role":
		return l.pick("readers", "readers", "regulars")
	case "reader":
		return string(l.readers()[l.rng.IntN(len(l.readers()))])
	}
	l.t.Fatalf("%s takes %q, of which this test knows nothing", cmd.Name, o.Name)
	return ""
}

// text makes a text with canaries that a reader writes.
func (l *life) text(reader bot.ReaderID, form string) string {
	for strings.Contains(form, "%s") {
		w := l.canary()
		l.own[w] = reader
		form = strings.Replace(form, "%s", w, 1)
	}
	return form
}

func (l *life) readers() []bot.ReaderID {
	return []bot.ReaderID{"ann", "bob", "cat", "dan", "trusted1", "trusted2", "mod1", "mod2"}
}

// often are commands that make up most of a club's life.
var often = []string{"ask", "reviews read", "reviews list", "report", "more", "share", "past", "reveal", "faq read", "club decide", "progress", "yes", "spoiler", "rewrite"}

// rare are commands that end what others need.
var rare = []string{"privacy forget", "club remove", "faq delete", "reviews delete", "club restore", "club distrust"}

// request makes up a request.
func (l *life) request() (bot.Request, bot.Command) {
	all := bot.Commands()
	cmd := all[l.rng.IntN(len(all))]
	if l.rng.IntN(2) == 0 {
		name := often[l.rng.IntN(len(often))]
		cmd = all[slices.IndexFunc(all, func(c bot.Command) bool { return c.Name == name })]
	}
	if slices.Contains(rare, cmd.Name) && l.rng.IntN(5) > 0 {
		cmd = all[0]
	}
	reader := l.readers()[l.rng.IntN(len(l.readers()))]
	req := bot.Request{
		Seat: bot.Seat{Club: "club", Reader: reader, Channel: bot.ChannelID(l.pick("start", "seven", "no tags", "buttons"))}, Command: cmd.Name, Options: map[string]string{},
		Room: l.rng.IntN(3) == 0, ByBook: l.rng.IntN(3) == 0, Confirmed: l.rng.IntN(2) == 0, Name: strings.ToUpper(string(reader)), Moderator: strings.HasPrefix(string(reader), "mod"),
	}
	if strings.HasPrefix(string(reader), "trusted") {
		req.Roles = []string{"readers"}
	}
	for _, o := range cmd.Options {
		if v := l.value(cmd, o, reader); v != "" && (!o.Optional || l.rng.IntN(2) == 0 || o.Name == "text") {
			req.Options[o.Name] = v
		}
	}
	if cmd.Name == "club import" && l.rng.IntN(8) > 0 {
		text := l.pick("A review\n\nI found the pacing slow. ", "", "\xff") + l.text("", "Tommy dies on his fourth donation, %s. The prose is %s.")
		req.Files = []bot.File{{Name: l.pick("one.txt", "two.md", "here/three.txt", "../four.csv", "five.pdf"), Data: []byte(text)}}
	}
	if slices.Contains([]string{"club pace", "progress"}, cmd.Name) && l.rng.IntN(3) > 0 {
		req.Options["place"] = l.pick("start", "3", "7", "13", "21")
	}
	if q := l.queue[reader]; q != "" && cmd.Name == "club decide" {
		req.Options["ticket"], req.Channel = string(q), l.queueIn
	}
	if slices.Contains([]string{"manage", "rewrite", "cover", "retract", "reveal"}, cmd.Name) && len(l.spoilt) > 0 && l.rng.IntN(2) == 0 {
		of := l.spoilt[len(l.spoilt)-1-l.rng.IntN(min(len(l.spoilt), 5))]
		if req.Channel, req.Options["ticket"] = of.in, string(of.ticket); cmd.Name == "reveal" {
			req.Options["ticket"] += ".1"
		} else if l.rng.IntN(2) == 0 {
			req.Reader, req.Name, req.Moderator, req.Roles = of.by, strings.ToUpper(string(of.by)), strings.HasPrefix(string(of.by), "mod"), nil
		}
	}
	if yes := l.latest[reader]; yes != "" && cmd.Name == "yes" && l.rng.IntN(4) > 0 {
		req.Options["ticket"], req.Channel = string(yes), l.asked[yes].Channel
	}
	return req, cmd
}

// live makes one request and looks at all that comes of it.
func (l *life) live() {
	ctx := l.t.Context()
	if l.rng.IntN(2500) == 0 {
		l.restock()
	}
	req, cmd := l.request()
	asked := maps.Clone(req.Options)
	before, err := l.store.Look(ctx, bot.Visit{Seat: req.Seat})
	if err != nil {
		l.t.Fatal(err)
	}
	l.suggest(req, cmd, before)
	other := bot.Commands()[l.rng.IntN(len(bot.Commands()))]
	l.suggest(bot.Request{Seat: req.Seat, Command: other.Name, Roles: req.Roles, Moderator: req.Moderator}, other, before)
	did, confirmed := cmd, req.Confirmed
	if of, ok := l.asked[reply.Ticket(asked["ticket"])]; ok && cmd.Name == "yes" && of.Seat == req.Seat {
		did, confirmed = commandOf(of), true
		maps.Copy(asked, of.Options)
		l.said++
	}
	doc := l.bot.Handle(ctx, req)
	after, err := l.store.Look(ctx, bot.Visit{Seat: req.Seat})
	if err != nil {
		l.t.Fatal(err)
	}
	was := l.reveal
	if after.Version != before.Version {
		l.reveal = l.reveals()
	}
	seen, words := look(doc), told(doc)
	public, isPublic := doc.(reply.PublicDoc)
	l.note(req, cmd, did, doc, words)
	say := func(format string, args ...any) {
		l.t.Helper()
		l.t.Fatalf("%s %q by %s in %q (room %v, confirmed %v): %s\n%s", cmd.Name, asked, req.Reader, req.Channel, req.Room, req.Confirmed, fmt.Sprintf(format, args...), words)
	}
	if strings.Contains(words, "went wrong") {
		say("it went wrong")
	}
	if cmd.For == bot.Moderator && !req.Moderator && !strings.Contains(words, "for the club's moderators") && !strings.Contains(words, "none of the choices") {
		say("a member had a moderator's reply")
	}
	// A reply may be made before or after what it does.
	sealed := func(w string) spoiler.Passage {
		if p := was[w]; p.Reveal() < l.reveal[w].Reveal() {
			return p
		}
		return l.reveal[w]
	}
	waits := func(w string) bool { return sealed(w).Reveal() == spoiler.Never }
	veil := func(w string) reply.Veil {
		if v := before.Reader.Veils[bot.BookKey{Book: sealed(w).Book()}]; v != "" {
			return v
		}
		return before.Reader.Veils[bot.BookKey{}]
	}
	own, paced := horizon(before)
	if isPublic {
		l.public++
		if req.ByBook && before.Channel.Book == "" {
			say("a channel without a book sees it")
		}
		for _, w := range slices.Concat(seen.open, seen.past) {
			if !sealed(w).Within(paced) {
				say("%s (from %d) is shown to a channel at %+v", w, sealed(w).Reveal(), before.Channel)
			}
		}
		for _, w := range seen.covered {
			if waits(w) || before.Channel.TagsOff {
				say("%s (from %d) stands behind a cover", w, sealed(w).Reveal())
			}
		}
		if seen.buttons > 0 && !before.Channel.Buttons {
			say("%d buttons in a channel at %+v", seen.buttons, before.Channel)
		}
		l.buttons += seen.buttons
		message := bot.MessageID(fmt.Sprint("m", l.next, "-", l.public))
		if l.rng.IntN(5) == 0 {
			l.wall.shows[[2]string{string(req.Channel), string(message)}] = seen
			req.Options = asked
			l.bot.Posted(ctx, req, public, message)
		}
	} else {
		// What a moderator has asked for and said yes to.
		finished := before.Reader.Bookmarks[bot.BookKey{Book: l.book.ID}].At >= l.book.End() || before.Reader.Bookmarks[bot.BookKey{Book: "jane-eyre"}].At >= 38
		work := req.Moderator && (cmd.Name == "club decide" || cmd.Name == "club undo" ||
			slices.Contains([]string{"club queue", "club proposals", "more"}, did.Name) && (confirmed || finished))
		previewed := req.Moderator && (did.Name == "club preview" || did.Name == "more") // tagged, whatever the moderator's own veil
		preview := previewed && (confirmed || finished)
		mine := slices.Contains([]string{"privacy export", "reviews mine", "reviews delete", "reveal"}, did.Name)
		opened := did.Name == "reveal" && confirmed
		for _, w := range slices.Concat(seen.open, seen.past, seen.covered) {
			switch {
			case work, mine && l.own[w] == req.Reader:
			case strings.Contains(fmt.Sprint(asked), w): // their own words, back to them
			case waits(w):
				say("%s waits for a moderator", w)
			case !sealed(w).Within(own) && veil(w) == reply.Hide && !previewed:
				say("%s by %q (from %d) leaves a trace under hide", w, l.own[w], sealed(w).Reveal())
			default:
				l.seen++
			}
		}
		for _, w := range seen.open {
			if !sealed(w).Within(own) && !work && !preview && !(mine && l.own[w] == req.Reader) && !strings.Contains(fmt.Sprint(asked), w) {
				say("%s by %q (from %d) is shown at %+v", w, l.own[w], sealed(w).Reveal(), before.Reader.Bookmarks)
			}
		}
		for _, w := range seen.past {
			if !sealed(w).Within(own) && !work && veil(w) != reply.Show && !(opened && veil(w) != reply.Hide) {
				say("%s (from %d) is shown at %+v under %s", w, sealed(w).Reveal(), before.Reader.Bookmarks, veil(w))
			}
		}
	}
	if cmd.Name == "report" || strings.HasPrefix(did.Name, "club ") || after.Version != before.Version || isPublic || before.Channel != after.Channel {
		l.checkWall(say)
	}
}

// suggest has values suggested for each option of a request, and looks at what
// the reader is told by that.
func (l *life) suggest(req bot.Request, cmd bot.Command, view bot.View) {
	own, _ := horizon(view)
	for _, o := range cmd.Options {
		typing := req
		typing.Options = map[string]string{}
		maps.Copy(typing.Options, req.Options)
		if l.rng.IntN(3) > 0 {
			typing.Options[o.Name] = l.pick("", "", "t", "1", "ch7", "p12", "the", "12", "canary")
		}
		typed := typing.Options[o.Name]
		for _, c := range l.bot.Suggest(l.t.Context(), typing, o.Name) {
			l.suggested[cmd.Name+" "+o.Name]++
			for _, w := range canaryWord.FindAllString(c.Value+" "+c.Label, -1) {
				if !l.reveal[w].Within(own) && l.own[w] != req.Reader && !strings.Contains(typed, w) {
					l.t.Fatalf("%s is suggested %+v for %s of %q, at %+v", req.Reader, c, o.Name, cmd.Name, view.Reader.Bookmarks)
				}
				l.seen++
			}
			if cmd.For == bot.Moderator && !req.Moderator {
				l.t.Fatalf("a member is suggested %+v for %s of %q", c, o.Name, cmd.Name)
			}
		}
	}
}

// horizon returns how far a reader is, and a channel.
func horizon(view bot.View) (reader, channel spoiler.Horizon) {
	for key, mark := range view.Reader.Bookmarks {
		reader = reader.With(key.Book, mark.At)
	}
	return reader, channel.With(view.Channel.Book, view.Channel.Pace)
}

// checkWall looks at all messages as they now read.
func (l *life) checkWall(say func(string, ...any)) {
	for key, seen := range l.wall.shows {
		view, err := l.store.Look(l.t.Context(), bot.Visit{Seat: bot.Seat{Club: "club", Channel: bot.ChannelID(key[0])}})
		if err != nil {
			l.t.Fatal(err)
		}
		_, paced := horizon(view)
		for _, w := range slices.Concat(seen.open, seen.past) {
			if !l.reveal[w].Within(paced) {
				say("message %q shows %s (from %d) to a channel at %+v", key, w, l.reveal[w].Reveal(), view.Channel)
			}
		}
		for _, w := range seen.covered {
			if l.reveal[w].Reveal() == spoiler.Never || view.Channel.TagsOff {
				say("message %q has %s (from %d) behind a cover", key, w, l.reveal[w].Reveal())
			}
		}
		if seen.buttons > 0 && view.Channel.TagsOff && !view.Channel.Buttons {
			say("message %q has buttons in a channel at %+v", key, view.Channel)
		}
		if len(l.wall.shows) > 60 {
			delete(l.wall.shows, key) // nobody scrolls up that far
		}
	}
}

// commandOf returns the command of a request.
func commandOf(req bot.Request) bot.Command {
	all := bot.Commands()
	return all[slices.IndexFunc(all, func(c bot.Command) bool { return c.Name == req.Command })]
}

// note remembers what later requests can take up.
func (l *life) note(req bot.Request, cmd, did bot.Command, doc reply.Doc, words string) {
	var v visible
	doc.Render(&v)
	if strings.Contains(v.out.String(), string(reply.Confirm)+" Yes") {
		of := req
		of.Command = did.Name
		l.asked[v.ticket], l.latest[req.Reader] = of, v.ticket
	}
	if v.ticket != "" {
		l.tickets[req.Reader] = append(l.tickets[req.Reader], v.ticket)
	}
	if cmd.Name == "spoiler" && v.ticket != "" {
		l.spoilt = append(l.spoilt, spoilt{req.Reader, req.Channel, v.ticket})
	}
	if slices.Contains([]string{"manage", "rewrite", "cover", "retract"}, did.Name) && !strings.Contains(words, "Only whoever wrote") && !strings.Contains(words, "any more") {
		l.managed++
	}
	if words := strings.Contains(words, "Why it is here"); words && l.queue[req.Reader] == "" || words && req.Channel == l.queueIn {
		l.queue, l.queueIn = map[bot.ReaderID]reply.Ticket{req.Reader: v.ticket}, req.Channel
	}
	for _, name := range regexp.MustCompile(`/club approve ([^”]+)”`).FindAllStringSubmatch(words, -1) {
		l.names = append(l.names, name[1])
	}
	switch {
	case strings.Contains(words, "That is for the club's") || strings.Contains(words, "In this club that is for") || strings.Contains(words, "none of the choices"):
		l.refused++
	default:
		l.answered[cmd.Name]++
	}
	if strings.Contains(words, "Thank you. It is covered") {
		l.reported++
	}
	if cmd.Name == "club decide" && strings.Contains(words, "Saved.") {
		l.decided++
	}
}
