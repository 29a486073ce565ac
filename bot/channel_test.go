package bot_test

import (
	"context"
	"strings"
	"testing"

	"dogear/bot"
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
