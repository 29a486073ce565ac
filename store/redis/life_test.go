package redis_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dogear/adapters/console"
	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/store/redis"
	"dogear/store/redistest"
	"dogear/store/storetest"
)

// wall is where replies are posted that others see.
type wall struct{}

func (wall) Edit(context.Context, bot.ClubID, bot.ChannelID, bot.MessageID, reply.PublicDoc) error {
	return nil
}

// live has readers do everything that leaves something with the server.
func (d *desk) live(readers ...bot.ReaderID) {
	d.Helper()
	d.bot.EditWith("", wall{})
	d.bot.LimitTo(limit)
	mod := request("moderator", "/club book never let me go")
	mod.Moderator = true
	d.sees(d.handle(mod).String(), "This channel now reads")
	var reports []bot.Request
	for i, reader := range readers {
		for _, line := range []string{"progress 4", "progress 5", "spoilers tag", "spoilers show here"} {
			d.sees(d.say(reader, line), "Saved")
		}
		d.sees(d.handle(review(reader, "A quiet book, says "+string(reader)+".")).String(), "with the moderators")
		trusted := review(reader, "The book is slow and calm. Something happens to somebody at the pier.")
		trusted.Moderator = true
		d.sees(d.handle(trusted).String(), "in the library")
		pier := request(reader, "what happens at the pier?")
		pier.Options["note"] = "for " + string(reader)
		d.handle(pier)
		asked := d.handle(request(reader, "how is the prose?"))
		d.sees(asked.String(), safe)
		d.sees(d.handle(withTicket(request(reader, "/report"), asked)).String(), "Thank you")
		restore := request("moderator", "/club restore "+string(reader))
		restore.Moderator = true
		if got := d.handle(restore).String(); !strings.Contains(got, "Lifted") {
			d.Errorf("nothing was lifted: %s", got)
		}
		reports = append(reports, withTicket(request(reader, "/report"), asked))

		room := request(reader, question)
		room.Room, room.Options["note"] = true, "for "+string(reader)
		doc, ok := d.bot.Handle(d.Context(), room).(reply.PublicDoc)
		if !ok {
			d.Fatal("a reply to the room is none")
		}
		d.bot.Posted(d.Context(), room, doc, bot.MessageID(fmt.Sprint("m", i)))
		d.handle(withTicket(request(reader, "/share"), asked))
	}
	for _, report := range reports {
		d.sees(d.handle(report).String(), "Thank you")
	}
	d.bot.Flush(d.Context())
	d.logged("")
}

// withTicket is a request that is about an earlier reply.
func withTicket(req bot.Request, of *console.Text) bot.Request {
	req.Options["ticket"] = string(of.Reply)
	if of.Report != "" && req.Command == "report" {
		req.Options["ticket"] = string(of.Report) + ".1"
	}
	return req
}

// TestExpiry: after a busy life, whatever is for a while has an end, and
// nothing is kept beside the prefix.
func TestExpiry(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	proxy := redistest.StartProxy(t, server.Addr())
	d := furnish(newDesk(t, "redis://"+proxy.Addr(), redis.Options{Prefix: "their:"}))
	d.live(ann, bob, eve)
	// Who claims edits ends before they are made.
	if _, err := d.store.Change(t.Context(), "club", bot.Change{Base: bot.AnyVersion, Settings: &bot.Settings{}}); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := d.store.ClaimEdits(t.Context(), "club", time.Minute); err != nil || !ok {
		t.Fatalf("the edits are not claimed: %v, %v", ok, err)
	}
	if news, err := d.store.SetGone(t.Context(), "club", time.Now()); err != nil || !news {
		t.Fatalf("the club is not noted as gone: %v, %v", news, err)
	}
	if known, err := d.store.Known(t.Context(), ""); err != nil || !slices.Equal(known, []bot.ClubID{"club"}) {
		t.Fatalf("known are %q (%v)", known, err)
	}
	d.cutStage(server, proxy)

	kinds := map[string]int{}
	for _, key := range server.Keys(t) {
		kind, ok := strings.CutPrefix(key, "their:")
		if !ok {
			t.Errorf("%q is beside the prefix", key)
			continue
		}
		kind = keyKind(kind)
		kinds[kind]++
		ttl := server.Do(t, "PTTL", key).(int64)
		switch kind {
		case "t", "l", "d", "i", "c:edits", "c:stage", "c:post", "c:expiries", "searched":
			if ttl <= 0 || ttl > (366*24*time.Hour).Milliseconds() {
				t.Errorf("%q goes in %d ms", key, ttl)
			}
		case "r", "c", "c:source", "c:proposal", "c:ruling", "c:settings", "c:entry", "c:tally", "c:members", "c:journal", "clubs", "gone":
			if ttl != -1 {
				t.Errorf("%q goes in %d ms", key, ttl)
			}
		default:
			t.Errorf("%q is not in the list of keys", key)
		}
	}
	t.Log(kinds)
	if len(kinds) != 21 {
		t.Errorf("the life was not busy: %d kinds of keys", len(kinds))
	}
}

// keyKind returns a key without its names: "c:post".
func keyKind(key string) string {
	kind, rest, _ := strings.Cut(key, ":{")
	_, rest, _ = strings.Cut(rest, "}")
	part, _, _ := strings.Cut(strings.TrimPrefix(rest, ":"), ":")
	if kind != "c" || part == "" {
		return kind
	}
	return kind + ":" + part
}

// cutStage cuts the connection of a change that is too large for one call.
func (d *desk) cutStage(server *redistest.Server, proxy *redistest.Proxy) {
	d.Helper()
	change := bot.Change{Base: bot.AnyVersion}
	for i := range 6 {
		change.PutSources = append(change.PutSources, storetest.Source(library.SourceID(fmt.Sprint("large", i)), 4000))
	}
	met := d.meets(proxy, []string{"evalsha", ":stage:"}, proxy.Cut) // all parts are there
	if _, err := d.store.Change(d.Context(), "club", change); err == nil {
		d.Error("a change was made that was cut off")
	}
	met()
	if !slices.ContainsFunc(server.Keys(d), func(key string) bool { return keyKind(strings.TrimPrefix(key, "their:")) == "c:stage" }) {
		d.Error("no part of the change is there")
	}
}

// TestForgotten: who is forgotten is nowhere on the server, neither in a key nor
// in a value. The others are.
func TestForgotten(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	d := furnish(newDesk(t, server.URL(), redis.Options{}))
	d.live(ann, bob, eve)
	for _, reader := range []bot.ReaderID{ann, bob, eve} {
		if found := everything(t, server, string(reader)); len(found) < 8 {
			t.Errorf("%s is in %q alone", reader, found)
		}
	}
	yes := request(bob, "/privacy forget")
	d.sees(d.handle(yes).String(), "can't be undone")
	yes.Confirmed, yes.Event = true, "another"
	d.sees(d.handle(yes).String(), "Forgotten.")
	d.bot.Flush(t.Context())
	for _, key := range everything(t, server, string(bob)) {
		t.Errorf("who was forgotten is in %q", key)
	}
	for _, reader := range []bot.ReaderID{ann, eve} {
		if found := everything(t, server, string(reader)); len(found) < 8 {
			t.Errorf("%s is in %q alone", reader, found)
		}
	}
	if reply := d.say(eve, "progress"); !strings.Contains(reply, "chapter 5 of 23") {
		t.Errorf("another's place is gone: %s", reply)
	}
	d.sees(d.say(bob, "progress"), "haven't told me")
}

// TestPurged: of a club that was purged nothing is on the server, neither in a key
// nor in a value, and its readers have their places in other clubs.
func TestPurged(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	d := furnish(newDesk(t, server.URL(), redis.Options{Prefix: "their:"}))
	d.live(ann, bob, eve)
	at := bot.Seat{Club: "club", Reader: ann}
	if _, err := d.store.Move(t.Context(), at, bot.BookKey{Club: "club", Book: "own"}, bot.Move{How: bot.Put, To: 3, Now: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if found := everything(t, server, "club"); len(found) < 20 {
		t.Errorf("the club is in %q alone", found)
	}
	for range 2 { // it is found to be gone, and has been for long enough
		if err := d.bot.Present(t.Context(), "club", nil, time.Nanosecond); err != nil {
			t.Fatal(err)
		}
	}
	d.bot.Flush(t.Context())
	for _, key := range everything(t, server, "club") {
		t.Errorf("a club that was purged is in %q", key)
	}
	for _, reader := range []bot.ReaderID{ann, bob, eve} {
		view, err := d.store.Look(t.Context(), bot.Visit{Seat: bot.Seat{Club: "another", Reader: reader}})
		if err != nil || len(view.Reader.Bookmarks) != 1 || len(view.Reader.Veils) != 2 {
			t.Errorf("%s has %+v (%v)", reader, view.Reader, err)
		}
	}
}
