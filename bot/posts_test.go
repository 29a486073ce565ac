package bot_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
)

// wall is a channel's messages, as they now read.
type wall struct {
	mu    sync.Mutex
	reads map[bot.MessageID]string
	edits int
}

func (w *wall) Edit(_ context.Context, _ bot.ClubID, channel bot.ChannelID, message bot.MessageID, doc reply.PublicDoc) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.edits++
	w.reads[message] = told(doc)
	return nil
}

func told(doc reply.Doc) string {
	var p plainly
	doc.Render(&p)
	return p.out.String()
}

// posting is a table with a channel that shows what is posted to it.
type posting struct {
	*table
	wall *wall
}

func newPosting(t *testing.T) *posting {
	p := &posting{newTable(t), &wall{reads: map[bot.MessageID]string{}}}
	p.bot.EditWith("", p.wall)
	_, sources, err := p.bot.Club(t.Context(), "club")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.store.Change(t.Context(), "club", bot.Change{Base: bot.AnyVersion, RemoveSources: []library.SourceID{sources[0].ID}}); err != nil {
		t.Fatal(err)
	}
	p.bring("The prose is plain and gentle. " + late + " The students are raised for their organs.")
	p.pace(0)
	return p
}

// bring imports the club's only review, under a title and with what its author
// also read.
func (p *posting) bring(text string) {
	p.Helper()
	_, err := p.bot.Import(p.Context(), "club", bot.Import{Book: "never-let-me-go", Files: []library.File{
		{Name: "r.md", Data: []byte("---\ntitle: A quiet book\nreviewer: Ada\n---\n\n" + text + "\n\n## Also read\n\n- The Remains of the Day by Kazuo Ishiguro\n- Klara and the Sun by Kazuo Ishiguro\n")},
	}})
	if err != nil {
		p.Fatal(err)
	}
}

func (p *posting) pace(at int) {
	p.Helper()
	req := bot.Request{Seat: seat("mod"), Command: "club book", Options: map[string]string{"book": "never-let-me-go"}, Moderator: true}
	p.handle(req)
	place := map[int]string{0: "start", 23: "finished"}[at]
	p.want(p.handle(bot.Request{Seat: seat("mod"), Command: "club pace", Options: map[string]string{"place": place}, Confirmed: true, Moderator: true}), "Saved")
}

// post asks before the whole channel and posts the answer, after whatever
// happens in between.
func (p *posting) post(message bot.MessageID, req bot.Request, between func()) *plainly {
	p.Helper()
	req.Room = true
	doc, ok := p.bot.Handle(p.Context(), req).(reply.PublicDoc)
	if !ok {
		p.Fatalf("%s is answered in private", req.Command)
	}
	p.wall.reads[message] = told(doc)
	if between != nil {
		between()
	}
	p.bot.Posted(p.Context(), req, doc, message)
	var out plainly
	doc.Render(&out)
	return &out
}

func (p *posting) ask(reader bot.ReaderID) bot.Request {
	return bot.Request{Seat: seat(reader), Command: "ask", Options: map[string]string{"question": "how is the prose?"}}
}

// report reports the n-th thing that a reply shows.
func (p *posting) report(from *plainly, number string, what string) {
	p.Helper()
	p.want(p.handle(bot.Request{Seat: seat("bob"), Command: "report", Options: map[string]string{"ticket": string(from.reply) + "." + number, "what": what}}), "Thank you")
}

func (p *posting) reads(message bot.MessageID, want, never string) {
	p.Helper()
	got := p.wall.reads[message]
	if want != "" && !strings.Contains(got, want) || never != "" && strings.Contains(got, never) {
		p.Errorf("%s should have %q and not %q:\n%s", message, want, never, got)
	}
	if strings.Contains(p.log.String(), "prose is plain") || strings.Contains(p.log.String(), "level=ERROR") {
		p.Errorf("the log: %s", p.log.String())
	}
}

// TestPostsAreEdited edits what was posted, once something in it is covered.
func TestPostsAreEdited(t *testing.T) {
	t.Run("reported", func(t *testing.T) {
		p := newPosting(t)
		answer := p.post("m1", p.ask("ann"), nil)
		p.post("m2", bot.Request{Seat: seat("ann"), Command: "reviews read", Options: map[string]string{"review": "1"}}, nil)
		p.reads("m1", "prose is plain", "")
		p.report(answer, "1", "")
		p.reads("m1", "", "prose is plain")
		p.reads("m2", "", "prose is plain")
		// A moderator lifts it: what is asked again has it, and what was posted
		// is left as it is.
		p.want(p.handle(bot.Request{Seat: seat("mod"), Command: "club restore", Options: map[string]string{"reader": "bob"}, Moderator: true}), "Lifted")
		p.post("m3", p.ask("ann"), nil)
		p.reads("m3", "prose is plain", "")
	})
	t.Run("title", func(t *testing.T) {
		p := newPosting(t)
		list := p.post("list", bot.Request{Seat: seat("ann"), Command: "reviews list"}, nil)
		p.post("read", bot.Request{Seat: seat("ann"), Command: "reviews read", Options: map[string]string{"review": "1"}}, nil)
		p.reads("list", "A quiet book", "")
		p.reads("read", "A quiet book", "")
		if p.wall.edits != 0 {
			t.Errorf("%d messages were edited as they were posted", p.wall.edits)
		}
		p.report(list, "1", "")
		p.reads("list", "Ada", "A quiet book")
		p.reads("read", "Ada", "A quiet book")
	})
	t.Run("related work", func(t *testing.T) {
		p := newPosting(t)
		p.pace(23)
		related := p.post("related", bot.Request{Seat: seat("ann"), Command: "reviews related"}, nil)
		p.reads("related", "Remains", "")
		p.report(related, "2", "")
		p.reads("related", "Klara", "Remains")
	})
	t.Run("between the answer and its posting", func(t *testing.T) {
		for _, req := range []bot.Request{
			{Seat: seat("ann"), Options: map[string]string{"question": "how is the prose?"}},
			{Seat: seat("ann"), Command: "reviews read", Options: map[string]string{"review": "1"}},
			{Seat: seat("ann"), Command: "book about"},
			{Seat: seat("ann"), Command: "reviews verdict"},
		} {
			p := newPosting(t)
			first := p.post("m1", p.ask("ann"), nil)
			p.post("m2", req, func() { p.report(first, "1", "") })
			p.reads("m2", "", "prose is plain")
		}
		p := newPosting(t)
		list := p.post("m1", bot.Request{Seat: seat("ann"), Command: "reviews list"}, nil)
		p.post("m2", bot.Request{Seat: seat("ann"), Command: "reviews list"}, func() { p.report(list, "1", "title") })
		p.reads("m2", "Ada", "A quiet book")
		p = newPosting(t)
		p.post("m2", p.ask("ann"), func() { p.bring("The pacing is slow and calm.") })
		p.reads("m2", "", "prose is plain")
	})
	t.Run("tags", func(t *testing.T) {
		p := newPosting(t)
		req := bot.Request{Seat: seat("ann"), Command: "ask", Options: map[string]string{"question": "what happens to tommy on his donation"}}
		p.post("m1", req, nil)
		p.reads("m1", "covered", "")
		tags := func(set string) {
			p.handle(bot.Request{Seat: seat("mod"), Command: "club tags", Options: map[string]string{"tags": set}, Moderator: true})
		}
		tags("off")
		p.reads("m1", "", "covered")
		tags("on")
		p.post("m2", req, func() { tags("off") })
		p.reads("m2", "", "covered")
	})
}

// TestPostsAfterPace makes what was posted again when a channel turns out to be
// less far, and takes down what can't be made again.
func TestPostsAfterPace(t *testing.T) {
	p := newPosting(t)
	p.pace(23)
	req := bot.Request{Seat: seat("ann"), Command: "ask", Options: map[string]string{"question": "what happens to tommy on his donation"}}
	p.post("m1", req, nil)
	p.post("m2", bot.Request{Seat: seat("bob"), Command: "ask", Options: req.Options}, nil)
	p.reads("m1", late, "")
	p.want(p.handle(bot.Request{Seat: seat("ann"), Command: "privacy forget", Options: map[string]string{}, Confirmed: true}), "Forgotten")
	p.reads("m1", late, "")
	p.pace(0)
	p.reads("m1", "taken down", late)
	p.reads("m2", "covered", late)
	p.pace(23)
	p.post("m3", req, func() { p.pace(0) })
	p.reads("m3", "", late)

	// What was shared, and further pages, are made again as what they are.
	p.pace(23)
	private := p.say("bob", "what happens to tommy on his donation")
	p.post("m4", bot.Request{Seat: seat("bob"), Command: "share", Options: map[string]string{"ticket": string(private.reply)}}, nil)
	p.reads("m4", late, "")
	p.pace(0)
	p.reads("m4", "covered", late)
}
