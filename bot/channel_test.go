package bot_test

import (
	"context"
	"strings"
	"testing"

	"dogear/bot"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/store"
)

// TestChannelAtOnce has a pace taken back while somebody switches the tags: who
// comes second does not bring the old pace back.
func TestChannelAtOnce(t *testing.T) {
	kept, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	at := seat("mod")
	var stands bot.Channel
	set := func(pace spoiler.Position) {
		next := bot.Channel{Book: "never-let-me-go", Pace: pace}
		if err := kept.SetChannel(t.Context(), at.Club, at.Channel, stands, next); err != nil {
			t.Error(err)
		}
		stands = next
	}
	set(20)
	b := bot.New(&meanwhile{kept, func() { set(3) }}, nil)
	tags := bot.Request{Seat: at, Moderator: true, Command: "club tags", Options: map[string]string{"tags": "off"}}
	if out := told(b.Handle(t.Context(), tags)); !strings.Contains(out, "Somebody else has just changed this channel") {
		t.Errorf("what was overtaken: %s", out)
	}
	if out := told(b.Handle(t.Context(), tags)); !strings.Contains(out, "Saved.") {
		t.Errorf("said again: %s", out)
	}
	view, err := kept.Look(t.Context(), bot.Visit{Seat: at})
	if want := (bot.Channel{Book: "never-let-me-go", Pace: 3, TagsOff: true}); err != nil || view.Channel != want {
		t.Errorf("the channel is %+v, want %+v (%v)", view.Channel, want, err)
	}
}

// meanwhile is a store in which something happens right after the first look.
type meanwhile struct {
	bot.Store
	then func()
}

func (m *meanwhile) Look(ctx context.Context, visit bot.Visit) (bot.View, error) {
	view, err := m.Store.Look(ctx, visit)
	if m.then != nil {
		m.then()
		m.then = nil
	}
	return view, err
}

// TestChannelButtons puts buttons in the place of tags: what was posted is
// edited, the text is in no message, and a button opens it for one reader.
func TestChannelButtons(t *testing.T) {
	p := newPosting(t)
	ask := bot.Request{Seat: seat("ann"), Command: "ask", Options: map[string]string{"question": "what happens to tommy on his donation"}}
	p.post("m1", ask, nil)
	p.reads("m1", "covered", "")
	edits := p.wall.edits
	p.want(p.as("mo", true, "/club tags button"), "in no message here")
	if p.wall.edits == edits {
		t.Error("what was posted is not edited")
	}
	p.want(p.as("mo", true, "/book current"), "behind a button")
	var texts bodies
	ask.Room = true
	doc := p.bot.Handle(p.Context(), ask)
	doc.Render(&texts)
	if texts.with != 0 || texts.without == 0 {
		t.Fatalf("%d covers with their text, %d without", texts.with, texts.without)
	}
	seen := p.handle(ask)
	reveal := bot.Request{Seat: seat("bob"), Command: "reveal", Options: map[string]string{"ticket": string(seen.tickets[0])}}
	p.want(p.yes(seat("bob"), p.handle(reveal), false), late)
	p.say("cat", "spoilers hide")
	reveal.Seat = seat("cat")
	p.want(p.handle(reveal), "You have asked me to hide")

	// What was answered under tags is not left as it was posted.
	p.as("mo", true, "/club tags on")
	edits = p.wall.edits
	p.post("m2", ask, func() { p.as("mo", true, "/club tags button") })
	if p.wall.edits < edits+2 {
		t.Error("an answer under tags stays in a channel with buttons")
	}
	p.as("mo", true, "/club book Jane Eyre")
	p.as("mo", true, "/club book Never Let Me Go")
	p.want(p.as("mo", true, "/book current"), "behind a button")
	p.post("m3", ask, nil)
	p.reads("m3", "covered", "")
	p.want(p.as("mo", true, "/club tags off"), "hidden here")
	p.reads("m3", "", "covered")
}

// bodies counts covers whose text can be had, and those whose can't.
type bodies struct {
	plainly
	with, without int
}

func (b *bodies) Spoiler(_ reply.Ticket, body func() reply.Quotation) {
	if body == nil {
		b.without++
	} else {
		b.with++
	}
}
