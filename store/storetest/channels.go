package storetest

import (
	"errors"
	"sync"
	"testing"

	"dogear/bot"
	"dogear/bot/spoiler"
)

// channelStale: a channel that stands otherwise than whoever sets it thought
// stays as it is.
func channelStale(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	at := bot.Seat{Club: "c", Channel: "h"}
	refused := func(was, stands bot.Channel) {
		t.Helper()
		for _, set := range []bot.Channel{{}, {Pace: 9}, was} {
			if err := s.SetChannel(bg, "c", "h", was, set); !errors.Is(err, bot.ErrStale) {
				t.Errorf("set as if it were %+v: %v, want ErrStale", was, err)
			}
		}
		same(t, "channel", look(t, s, at), bot.View{Channel: stands})
	}
	refused(bot.Channel{Pace: 1}, bot.Channel{})
	stands := bot.Channel{Book: "emma", Of: "emma2", Pace: 3, TagsOff: true, Buttons: true, Before: 2, Paced: 1_700_000_000}
	must(t, s.SetChannel(bg, "c", "h", bot.Channel{}, stands))
	s = made.reopened()
	refused(bot.Channel{}, stands)
	for _, differ := range []func(*bot.Channel){
		func(c *bot.Channel) { c.Book = "" },
		func(c *bot.Channel) { c.Of = "" },
		func(c *bot.Channel) { c.Pace++ },
		func(c *bot.Channel) { c.TagsOff = false },
		func(c *bot.Channel) { c.Buttons = false },
		func(c *bot.Channel) { c.Before = 0 },
		func(c *bot.Channel) { c.Paced++ },
	} {
		was := stands
		differ(&was)
		refused(was, stands)
	}
	must(t, s.SetChannel(bg, "c", "h", stands, stands))
	must(t, s.SetChannel(bg, "c", "h", stands, bot.Channel{}))
	refused(stands, bot.Channel{})
	must(t, s.SetChannel(bg, "c", "h", bot.Channel{}, bot.Channel{}))
	same(t, "other channel", look(t, s, bot.Seat{Club: "c", Channel: "h2"}), bot.View{})
}

// channelsTogether: of what many count up at once, on several processes, nothing
// is lost.
func channelsTogether(t *testing.T, fresh Maker) {
	made := fresh(t)
	hands := made.hands()
	at := bot.Seat{Club: "c", Channel: "h"}
	const counters, each = 16, 10
	var wg sync.WaitGroup
	for i := range counters {
		wg.Go(func() {
			for j := range each {
				s := hands[(i+j)%len(hands)]
				for {
					view, err := s.Look(bg, bot.Visit{Seat: at})
					if err != nil {
						t.Error(err)
						return
					}
					set := view.Channel
					set.Pace++
					if err = s.SetChannel(bg, "c", "h", view.Channel, set); err == nil {
						break
					}
					if !errors.Is(err, bot.ErrStale) {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	wg.Wait()
	for _, s := range hands {
		same(t, "pace", look(t, s, at).Channel.Pace, spoiler.Position(counters*each))
	}
}
