package storetest

import (
	"fmt"
	"testing"
	"time"

	"dogear/bot"
	"dogear/bot/library"
)

// post is one that holds something of some sources, for a day.
func post(channel bot.ChannelID, message bot.MessageID, sources ...library.SourceID) bot.Post {
	p := bot.Post{
		Channel: channel, Message: message, Asker: "r", Command: "ask",
		Options: map[string]string{"question": canary}, Language: "de", Expires: today.AddDate(0, 0, 1),
	}
	for i, id := range sources {
		p.Holds = append(p.Holds, bot.Ref{Source: id, Digest: "d", Sentences: []int{library.TitleOf, i, 7}})
	}
	return p
}

// posts: found by what they hold, until they expire, hold it no longer or are
// replaced.
func posts(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	found := func(club bot.ClubID, source library.SourceID, now time.Time, want ...bot.Post) {
		t.Helper()
		got, err := s.Posts(bg, club, source, now)
		must(t, err)
		same(t, fmt.Sprintf("posts with %q", source), got, want)
	}
	put := func(club bot.ClubID, p bot.Post) {
		t.Helper()
		must(t, s.Post(bg, club, p))
	}
	found("c", "s", today)
	short := post("h", "2", "s", "s2")
	short.Expires = today.Add(time.Hour)
	put("c", short)
	put("c", post("h", "10", "s"))
	put("c", post("g", "9", "s", "s"))
	put("c", post("h!", "1", "s2"))
	put("c\x00", post("h", "2", "s"))
	s = made.reopened()
	found("c", "s", today, post("g", "9", "s", "s"), post("h", "10", "s"), short)
	found("c", "s2", today, short, post("h!", "1", "s2"))
	found("c", "", today, post("g", "9", "s", "s"), post("h", "10", "s"), short, post("h!", "1", "s2"))
	found("other", "s", today)
	found("c", "s", short.Expires.Add(-time.Nanosecond), post("g", "9", "s", "s"), post("h", "10", "s"), short)
	found("c", "s", short.Expires, post("g", "9", "s", "s"), post("h", "10", "s"))

	// A post that is edited holds what it holds then, for as long as that says.
	longer := post("h", "2", "s3")
	put("c", longer)
	found("c", "s2", today, post("h!", "1", "s2"))
	found("c", "s3", short.Expires, longer)
	put("c", post("h", "2"))
	put("c", post("h", "2"))
	put("c", post("h", "unknown"))
	found("c", "s3", today)
	found("c\x00", "s", today, post("h", "2", "s"))

	// A store may sweep meanwhile, and must not sweep too much.
	for i := range 300 {
		gone := post("gone", bot.MessageID(fmt.Sprint(i)), "s")
		gone.Expires = today.Add(-48 * time.Hour)
		put("c", gone)
	}
	s = made.reopened()
	found("c", "s", today, post("g", "9", "s", "s"), post("h", "10", "s"))

	// Every name is a name, and none another's, unless the store says no.
	var want []bot.Post
	for _, id := range odd {
		if p := post(bot.ChannelID(id), bot.MessageID(id), "odd"); s.Post(bg, "c", p) == nil {
			want = append(want, p)
		}
	}
	if len(want) < len(odd)-3 { // those with a zero byte
		t.Errorf("%d of %d posts were kept", len(want), len(odd))
	}
	got, err := s.Posts(bg, "c", "odd", today)
	must(t, err)
	same(t, "posts with odd names", len(got), len(want))
}

// askerForgotten: a post stays when whoever asked is forgotten, so that it can
// still be edited; what they asked does not.
func askerForgotten(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	other := post("h", "2", "s")
	other.Asker = "r2"
	must(t, s.Post(bg, "c", post("h", "1", "s")))
	must(t, s.Post(bg, "c", other))
	must(t, s.Post(bg, "d", post("h", "1", "s")))
	must(t, s.Forget(bg, "r"))
	s = made.reopened()
	left := post("h", "1", "s")
	left.Asker, left.Command, left.Options = "", "", nil
	for club, want := range map[bot.ClubID][]bot.Post{"c": {left, other}, "d": {left}} {
		got, err := s.Posts(bg, club, "s", today)
		must(t, err)
		same(t, "posts", got, want)
		got, err = s.Posts(bg, club, "s", left.Expires)
		must(t, err)
		same(t, "expired posts", got, nil)
	}

	// Its message may have been edited meanwhile: what they asked does not come
	// back with what it holds now.
	must(t, s.Post(bg, "c", post("h", "1", "s2")))
	s = made.reopened()
	got, err := s.Posts(bg, "c", "s2", today)
	must(t, err)
	left.Holds = post("h", "1", "s2").Holds
	same(t, "posts that were edited", got, []bot.Post{left})
	must(t, s.Post(bg, "c", post("h", "1")))
	got, err = s.Posts(bg, "c", "s2", today)
	must(t, err)
	same(t, "posts that hold nothing", got, nil)
}
