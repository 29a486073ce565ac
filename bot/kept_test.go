package bot_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
)

// spoilersKept are the spoilers that the club has.
func (p *posting) spoilersKept() []library.Source {
	return slices.DeleteFunc(bot.Kept(p.bot, "club"), func(src library.Source) bool { return !src.Spoiler })
}

// TestForgetKeepingReviews: a spoiler goes with its author, who may keep reviews.
// Its button is theirs, and nobody else could take it away.
func TestForgetKeepingReviews(t *testing.T) {
	p := newPosting(t)
	said := p.spoils("m1", map[string]string{"text": secret})
	p.want(p.handle(bot.Request{Seat: seat("ann"), Name: "Ann", Command: "reviews add", Moderator: true, Options: map[string]string{"text": "The pacing is slow and calm."}}), "Thank you")
	p.post("m2", bot.Request{Seat: seat("bob"), Command: "reviews read", Options: map[string]string{"review": "2"}}, nil)
	p.reads("m2", "Ann", "")

	asked := p.handle(bot.Request{Seat: seat("ann"), Command: "privacy forget", Options: map[string]string{"reviews": "keep"}})
	p.want(asked, "spoilers that you posted are removed")
	p.want(p.agrees("ann", asked), "Your reviews are still there")
	p.reads("m1", "It is not kept any more.", "covered")
	p.reads("m2", "pacing is slow", "Ann")
	if left := p.spoilersKept(); len(left) > 0 {
		t.Errorf("spoilers are kept: %+v", left)
	}
	p.want(p.acts("bob", "reveal", said.tickets[0], ""), "I can't open that any more.")
}

// TestSpoilerOfNoBook: where a spoiler's book goes, or can't be read for a while,
// nobody is said to have taken it back.
func TestSpoilerOfNoBook(t *testing.T) {
	p := newPosting(t)
	add := func(chapters string) {
		t.Helper()
		if err := p.bot.AddBook(t.Context(), "club", parseBook(t, "id: own\ntitle: Own Book\noutline: [{chapters: "+chapters+"}]\n")); err != nil {
			t.Fatal(err)
		}
		p.log.Reset() // which says where the book does not fit
	}
	add("4")
	const overlay = "book: own\nledger:\n  - {id: storm, chapter: 4, fact: A storm destroys the lighthouse., class: event, says: [the storm destroys the lighthouse, the lighthouse falls, the lighthouse is destroyed]}\n"
	if _, err := p.bot.AddOverlay(t.Context(), "club", library.File{Name: "o.yaml", Data: []byte(overlay)}); err != nil {
		t.Fatal(err)
	}
	said := p.spoils("m1", map[string]string{"text": secret, "book": "own"})
	p.reads("m1", "covered", "")

	add("2") // what is known of it does not fit any more
	p.reads("m1", "taken down", "taken back")
	p.want(p.say("ann", "/privacy export"), "says the canary")
	add("4")
	p.reads("m1", "Ann has a spoiler for Own Book:\ncovered", "")

	opened := p.agrees("bob", p.acts("bob", "reveal", said.tickets[0], ""))
	p.want(p.acts("bob", "report", opened.reply, ""), "Thank you")
	add("2")
	if err := p.bot.RemoveBook(t.Context(), "club", "own"); err != nil {
		t.Fatal(err)
	}
	p.log.Reset()
	p.reads("m1", "taken down", "taken back")
	_, records, err := p.store.Dump(t.Context(), "club")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if strings.Contains(string(r.Data), "canary") || r.Kind == bot.RulingRecord {
			t.Errorf("of it is kept: %s %s", r.Kind, r.Data)
		}
	}
}

// TestReportCoversOtherSpoilers: a report covers the same words in every spoiler.
func TestReportCoversOtherSpoilers(t *testing.T) {
	p := newPosting(t)
	one := p.spoils("m1", map[string]string{"text": secret})
	two := p.spoils("m2", map[string]string{"text": secret})
	opened := p.agrees("bob", p.acts("bob", "reveal", one.tickets[0], ""))
	p.want(p.acts("bob", "report", opened.reply, ""), "Thank you")
	for _, message := range []bot.MessageID{"m1", "m2"} {
		p.reads(message, "It is covered for everybody until a moderator has looked at it.", "\ncovered")
	}
	p.never(p.acts("bea", "reveal", two.tickets[0], ""), "says the canary")
}

// ailing is a store that fails where it is told to.
type ailing struct {
	bot.Store
	posts, looks bool // to keep posts; to look once a source was put
	put          bool
}

var errAiling = errors.New("no")

func (s *ailing) Post(ctx context.Context, club bot.ClubID, p bot.Post) error {
	if s.posts {
		return errAiling
	}
	return s.Store.Post(ctx, club, p)
}

func (s *ailing) Change(ctx context.Context, club bot.ClubID, change bot.Change) (bot.Version, error) {
	s.put = s.put || len(change.PutSources) > 0
	return s.Store.Change(ctx, club, change)
}

func (s *ailing) Look(ctx context.Context, v bot.Visit) (bot.View, error) {
	if s.looks && s.put {
		return bot.View{}, errAiling
	}
	return s.Store.Look(ctx, v)
}

// TestSpoilerNotKeptInMind: no spoiler is kept whose message nothing leads from.
func TestSpoilerNotKeptInMind(t *testing.T) {
	p := newPosting(t)
	p.bot = bot.New(&ailing{Store: p.store, posts: true}, nil)
	p.bot.EditWith("", p.wall)
	p.spoils("m1", map[string]string{"text": secret})
	p.reads("m1", "taken down", "Ann")
	if left := p.spoilersKept(); len(left) > 0 {
		t.Errorf("spoilers are kept: %+v", left)
	}
}

// TestSpoilerShown: a spoiler that was made is shown, whatever the store does then;
// and where it is posted nowhere, it can be told by what was to be shown.
func TestSpoilerShown(t *testing.T) {
	p := newPosting(t)
	s := &ailing{Store: p.store, looks: true}
	p.bot = bot.New(s, nil)
	req := bot.Request{Seat: seat("ann"), Name: "Ann", Command: "spoiler", Room: true, Options: map[string]string{"text": secret}}
	doc, ok := p.bot.Handle(t.Context(), req).(reply.PublicDoc)
	if !ok || !strings.Contains(told(doc), "Ann has a spoiler") {
		t.Fatalf("the channel sees:\n%s", told(doc))
	}
	s.looks = false
	p.bot.Unposted(t.Context(), req, doc)
	if left := p.spoilersKept(); len(left) > 0 {
		t.Errorf("spoilers are kept: %+v", left)
	}
}

// TestPostedLate: what stands in a channel is kept in mind although the time for
// the reply is over.
func TestPostedLate(t *testing.T) {
	p := newPosting(t)
	req := p.ask("ann")
	req.Room = true
	doc := p.bot.Handle(t.Context(), req).(reply.PublicDoc)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	p.bot.Posted(over, req, doc, "m1")
	if posts, err := p.store.Posts(t.Context(), "club", "", time.Now()); err != nil || len(posts) != 1 {
		t.Errorf("%d posts are kept in mind, %v", len(posts), err)
	}
	req = bot.Request{Seat: seat("ann"), Name: "Ann", Command: "spoiler", Room: true, Options: map[string]string{"text": secret}}
	p.bot.Unposted(over, req, p.bot.Handle(t.Context(), req).(reply.PublicDoc))
	if left := p.spoilersKept(); len(left) > 0 {
		t.Errorf("spoilers are kept: %+v", left)
	}
}

// stalled is a wall on which an edit takes its time.
type stalled struct {
	*wall
	once        chan struct{} // takes one: the edit that is held
	begun, goOn chan struct{}
}

func (h *stalled) Edit(ctx context.Context, club bot.ClubID, channel bot.ChannelID, message bot.MessageID, doc reply.PublicDoc) error {
	select {
	case h.once <- struct{}{}:
		close(h.begun)
		<-h.goOn
	default:
	}
	return h.wall.Edit(ctx, club, channel, message, doc)
}

// TestForgetWhileEdited: who is forgotten while a message that they asked for is
// edited, or one before it, does not come back with that.
func TestForgetWhileEdited(t *testing.T) {
	for name, hers := range map[string]bot.MessageID{"hers": "m1", "one before hers": "m3"} {
		t.Run(name, func(t *testing.T) {
			p := newPosting(t)
			p.bring("The prose is plain and gentle. I loved the plain prose. The style is calm and plain. " + late)
			h := &stalled{p.wall, make(chan struct{}, 1), make(chan struct{}), make(chan struct{})}
			p.bot.EditWith("", h)
			h.once <- struct{}{} // no edit is held yet
			first := p.post("m2", p.ask("cal"), nil)
			p.post(hers, bot.Request{Seat: seat("ann"), Command: "ask", Options: map[string]string{"question": "what do people say of the prose? my cousin lent me the book"}}, nil)
			<-h.once
			done := make(chan struct{})
			go func() { defer close(done); p.report(first, "1", "") }()
			<-h.begun
			p.want(p.handle(bot.Request{Seat: seat("ann"), Command: "privacy forget", Confirmed: true}), "Nothing else is left.")
			later := time.Now().Add(time.Minute) // an edit takes its time
			bot.Clock(p.bot, func() time.Time { return later })
			close(h.goOn)
			<-done
			p.bot.Flush(t.Context())
			_, records, err := p.store.Dump(t.Context(), "club")
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range records {
				if (r.Kind == bot.TicketRecord || r.Kind == bot.PostRecord) && (strings.Contains(string(r.Data), `"ann"`) || strings.Contains(string(r.Data), "my cousin")) {
					t.Errorf("it is kept: %s %s", r.Kind, r.Data)
				}
			}
		})
	}
}

// TestSpoilerOwed: a spoiler whose message could not be edited is not lost; the
// message is made again later.
func TestSpoilerOwed(t *testing.T) {
	p := newPosting(t)
	p.bot.EditWith("", &failing{wall: wall{reads: map[bot.MessageID]string{}}, fails: 1})
	spoiler := bot.Request{Seat: seat("ann"), Name: "Ann", Command: "spoiler", Options: map[string]string{"text": secret}}
	p.post("m1", spoiler, func() {
		p.handle(bot.Request{Seat: seat("mod"), Command: "club tags", Options: map[string]string{"tags": "off"}, Moderator: true})
	})
	if left := p.spoilersKept(); len(left) != 1 {
		t.Errorf("%d spoilers are kept", len(left))
	}
	posts, err := p.store.Posts(t.Context(), "club", "", time.Now())
	if err != nil || len(posts) != 1 || !posts[0].Owed {
		t.Errorf("kept in mind is %+v, %v", posts, err)
	}
}

// TestTakenDownLate: what can't be kept in mind is taken down, though the store has
// taken all of the time.
func TestTakenDownLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPosting(t)
		p.bot = bot.New(hanging{p.store}, nil)
		p.bot.EditWith("", prompt{p.wall})
		p.spoils("m1", map[string]string{"text": secret})
		p.reads("m1", "taken down", "Ann")
	})
}

// hanging is a store that never keeps a post.
type hanging struct{ bot.Store }

func (s hanging) Post(ctx context.Context, _ bot.ClubID, _ bot.Post) error {
	<-ctx.Done()
	return ctx.Err()
}

// prompt is a wall that does nothing for whom time is over.
type prompt struct{ *wall }

func (w prompt) Edit(ctx context.Context, club bot.ClubID, channel bot.ChannelID, message bot.MessageID, doc reply.PublicDoc) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return w.wall.Edit(ctx, club, channel, message, doc)
}
