package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

func tickets(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	expires := today.Add(time.Hour)
	stub := bot.Stub{Reader: "r", Channel: "h", Book: "emma", Asks: true, Command: "ask", Options: map[string]string{"question": canary},
		Covered: []bot.Ref{{Source: "s", Digest: "d", Sentences: []int{3}}}, Shown: []bot.Ref{{Source: "s", Sentences: []int{1, 2}}}, Language: "pt-BR", Expires: expires}
	missing := func(club bot.ClubID, id reply.Ticket, now time.Time) {
		t.Helper()
		if got, err := s.Ticket(bg, club, id, now); !errors.Is(err, bot.ErrNotFound) || !got.Expires.IsZero() {
			t.Errorf("ticket %q of %q: %+v, %v; want ErrNotFound", id, club, got, err)
		}
	}
	for _, id := range odd {
		must(t, s.Issue(bg, "c", reply.Ticket(id), stub))
	}
	s = made.reopened()
	for _, id := range odd {
		got, err := s.Ticket(bg, "c", reply.Ticket(id), expires.Add(-time.Nanosecond))
		must(t, err)
		same(t, fmt.Sprintf("ticket %q", id), got, stub)
		missing("other", reply.Ticket(id), today)
	}
	missing("c", "unknown", today)
	missing("c", "a", expires)
	missing("c", "b", expires.Add(1000*time.Hour))

	// A ticket issued again is the later one, for as long as that says.
	longer := stub
	longer.Expires, longer.Covered = expires.Add(time.Hour), nil
	must(t, s.Issue(bg, "c", "2", longer))
	got, err := s.Ticket(bg, "c", "2", expires)
	must(t, err)
	same(t, "issued again", got, longer)
	for i := range 300 { // a store may sweep meanwhile, and must not sweep too much
		must(t, s.Issue(bg, "c", reply.Ticket(fmt.Sprint("gone", i)), bot.Stub{Reader: "r", Expires: today.Add(-48 * time.Hour)}))
	}
	missing("c", "gone1", today)
	s = made.reopened()
	got, err = s.Ticket(bg, "c", "10", today)
	must(t, err)
	same(t, "swept around", got, stub)
}

// twoClubs: with the same names in both, neither sees the other's.
func twoClubs(t *testing.T, fresh Maker) {
	s := fresh(t).Store
	clubs := []bot.ClubID{"a", "b", "ab", "", "a:", "a\x00"}
	expires := today.Add(time.Hour)
	for i, c := range clubs {
		n := spoiler.Position(i + 1)
		for range i + 1 {
			change(t, s, c, bot.Change{PutBooks: []library.Book{Book(t, "emma")}, PutSources: []library.Source{Source("s", i+1)}})
		}
		setChannel(t, s, c, "h", bot.Channel{Pace: n})
		must(t, s.Issue(bg, c, "t", bot.Stub{Command: string(c), Expires: expires}))
		move(t, s, "r", bot.BookKey{Club: c, Book: "emma"}, ahead(n))
	}
	change(t, s, "a", bot.Change{RemoveSources: []library.SourceID{"s"}, RemoveBooks: []spoiler.BookID{"emma"}})
	setChannel(t, s, "a", "h", bot.Channel{})
	same(t, "emptied club", shelf(t, s, "a"), bot.Shelf{Version: bot.Version{N: 2}})
	same(t, "emptied channel", look(t, s, bot.Seat{Club: "a", Channel: "h"}).Channel, bot.Channel{})
	for i, c := range clubs[1:] {
		n := i + 2
		view := look(t, s, bot.Seat{Club: c, Reader: "r", Channel: "h"})
		same(t, "version", view.Version.N, uint64(n))
		same(t, "channel", view.Channel, bot.Channel{Pace: spoiler.Position(n)})
		same(t, "place", view.Reader.Bookmarks[bot.BookKey{Club: c, Book: "emma"}].At, spoiler.Position(n))
		got := shelf(t, s, c)
		if len(got.Books) != 1 || len(got.Sources) != 1 || len(got.Sources[0].Sentences) != n {
			t.Errorf("club %q: %d books, %d sources", c, len(got.Books), len(got.Sources))
		}
		stub, err := s.Ticket(bg, c, "t", today)
		must(t, err)
		same(t, "ticket", stub.Command, string(c))
	}
}

// calls makes every call of a store once.
func calls(ctx context.Context, tb testing.TB, s bot.Store) map[string]error {
	errs := map[string]error{}
	_, errs["Look"] = s.Look(ctx, bot.Visit{Seat: bot.Seat{Club: "c", Reader: "r", Channel: "h"}})
	_, errs["Move"] = s.Move(ctx, by("r"), emma, ahead(9))
	errs["SetVeil"] = s.SetVeil(ctx, by("r"), emma, reply.Show)
	errs["Forget"] = s.Forget(ctx, "r")
	errs["SetChannel"] = s.SetChannel(ctx, "c", "h", bot.Channel{}, bot.Channel{Pace: 9})
	_, errs["Channels"] = s.Channels(ctx, "c")
	_, errs["Shelf"] = s.Shelf(ctx, "c")
	_, errs["Change"] = s.Change(ctx, "c", bot.Change{Base: bot.AnyVersion, PutSources: []library.Source{Source("s", 1)}, Entry: bot.Entry{What: canary}})
	_, errs["Log"] = s.Log(ctx, "c", 9)
	errs["Issue"] = s.Issue(ctx, "c", "t", bot.Stub{Expires: today.Add(time.Hour)})
	_, errs["Ticket"] = s.Ticket(ctx, "c", "t", today)
	errs["Post"] = s.Post(ctx, "c", post("h", "m", "s"))
	_, errs["Posts"] = s.Posts(ctx, "c", "s", today)
	errs["Tally"] = s.Tally(ctx, "c", map[library.SentenceID]int{"s.1": 1})
	_, errs["Tallies"] = s.Tallies(ctx, "c")
	_, _, errs["Since"] = s.Since(ctx, "c", bot.Version{})
	_, errs["Owing"] = s.Owing(ctx)
	_, _, errs["ClaimEdits"] = s.ClaimEdits(ctx, "c", time.Minute)
	errs["EditsDone"] = s.EditsDone(ctx, "c", bot.Version{}, bot.Version{N: 1})
	_, _, errs["Dump"] = s.Dump(ctx, "c")
	errs["Load"] = s.Load(ctx, "loaded", 1, nil)
	_, errs["Known"] = s.Known(ctx, "")
	_, errs["Gone"] = s.Gone(ctx, "")
	_, errs["SetGone"] = s.SetGone(ctx, "c", today)
	errs["Purge"] = s.Purge(ctx, "c")
	return errs
}

func cancelled(t *testing.T, fresh Maker) {
	s := fresh(t).Store
	at := bot.Seat{Club: "c", Reader: "r", Channel: "h"}
	move(t, s, "r", emma, ahead(1))
	before := look(t, s, at)
	ctx, cancel := context.WithCancel(bg)
	cancel()
	for call, err := range calls(ctx, t, s) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", call, err)
		}
	}
	same(t, "view", look(t, s, at), before)
	same(t, "shelf", shelf(t, s, "c"), bot.Shelf{})
	same(t, "loaded shelf", shelf(t, s, "loaded"), bot.Shelf{})
	for _, club := range []bot.ClubID{"c", "loaded"} {
		v, records := dump(t, s, club)
		same(t, "version", v, 0)
		same(t, "records", len(records), len(map[bot.ClubID][]int{"c": {1}}[club])) // the reader
	}
	if _, err := s.Ticket(bg, "c", "t", today); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("ticket: %v, want ErrNotFound", err)
	}

	// Cancelled at any moment, a call still says truly what it did.
	for i := range spoiler.Position(50) {
		ctx, cancel := context.WithCancel(bg)
		go cancel()
		_, err := s.Move(ctx, by("r2"), emma, put(i+1, today))
		at := place(t, s, "r2", emma).At
		if err == nil && at != i+1 {
			t.Fatalf("acknowledged %d, and it is at %d", i+1, at)
		}
		if err != nil && at == i+1 {
			t.Fatalf("said %v, and moved to %d", err, at)
		}
	}
}

// mutation: what was given and what was got are the caller's to change.
func mutation(t *testing.T, fresh Maker) {
	s := fresh(t).Store
	move(t, s, "r", emma, ahead(1))
	must(t, s.SetVeil(bg, by("r"), emma, reply.Hide))
	got := look(t, s, bot.Seat{Reader: "r"}).Reader
	got.Bookmarks[emma] = bot.Bookmark{At: 9, Set: true}
	got.Bookmarks[bot.BookKey{Book: "x"}] = bot.Bookmark{}
	got.Veils[emma] = reply.Show
	again := look(t, s, bot.Seat{Reader: "r"}).Reader
	if len(again.Bookmarks) != 1 || again.Bookmarks[emma].At != 1 || again.Veils[emma] != reply.Hide {
		t.Errorf("what Look returned was the store's own: %+v", again)
	}

	given := bot.Change{PutSources: []library.Source{Source("a", 3), Source("b", 3)}, PutBooks: []library.Book{Book(t, "emma")}}
	change(t, s, "c", given)
	spoil := func(sources []library.Source) {
		for i := range sources {
			clear(sources[i].Sentences[0].Because)
			sources[i].Sentences[1].Passage = spoiler.Seal("emma", 0, "other")
			sources[i].Related[0] = spoiler.Passage{}
			sources[i].Reviewer = "Nobody"
		}
	}
	spoil(given.PutSources)
	given.PutBooks[0].Title, given.PutBooks[0].Outline[0].Chapters = "Other", 1
	clear(given.PutBooks[0].File())
	for range 2 {
		got := shelf(t, s, "c")
		if len(got.Sources) != 2 || got.Books[0].Title != canary || got.Books[0].Chapters() != 9 {
			t.Fatalf("the store kept what was the caller's: %d sources", len(got.Sources))
		}
		sameSource(t, got.Sources[0], Source("a", 3))
		sameSource(t, got.Sources[1], Source("b", 3))
		spoil(got.Sources)
		slices.Reverse(got.Sources)
		got.Books[0].Title, got.Books[0].Outline[0].Chapters = "Other", 1
	}

	stub := bot.Stub{
		Options: map[string]string{"question": "?"}, Expires: today.Add(time.Hour),
		Covered: []bot.Ref{{Source: "a", Sentences: []int{1, 2}}}, Shown: []bot.Ref{{Source: "b", Sentences: []int{3}}},
	}
	held := post("h", "m", "a")
	must(t, s.Issue(bg, "c", "t", stub))
	must(t, s.Post(bg, "c", held))
	for range 2 {
		stub.Options["question"], held.Options["question"] = "other", "other"
		stub.Covered[0].Sentences[0], stub.Shown[0].Sentences[0], held.Holds[0].Sentences[0] = 9, 9, 9
		stub.Covered[0].Source, stub.Shown[0].Source, held.Holds[0].Digest = "other", "other", "other"
		var err error
		stub, err = s.Ticket(bg, "c", "t", today)
		must(t, err)
		same(t, "ticket", stub, bot.Stub{
			Options: map[string]string{"question": "?"}, Expires: today.Add(time.Hour),
			Covered: []bot.Ref{{Source: "a", Sentences: []int{1, 2}}}, Shown: []bot.Ref{{Source: "b", Sentences: []int{3}}},
		})
		got, err := s.Posts(bg, "c", "a", today)
		must(t, err)
		same(t, "posts", got, []bot.Post{post("h", "m", "a")})
		held = got[0]
	}

	add := map[library.SentenceID]int{"a.1": 1}
	must(t, s.Tally(bg, "c", add))
	for range 2 {
		add["a.1"] = 9
		var err error
		add, err = s.Tallies(bg, "c")
		must(t, err)
		same(t, "tallies", add, map[library.SentenceID]int{"a.1": 1})
	}

	version, records := dump(t, s, "c")
	must(t, s.Load(bg, "d", version, records))
	for range 2 {
		for _, r := range records {
			clear(r.Data)
		}
		_, records = dump(t, s, "d")
		same(t, "shelf", sourceIDs(shelf(t, s, "d")), []library.SourceID{"a", "b"})
	}
}

// canaries: no text that was stored comes back in an error.
func canaries(t *testing.T, fresh Maker) {
	s := fresh(t).Store
	change(t, s, "c", bot.Change{PutBooks: []library.Book{Book(t, "emma")}, PutSources: []library.Source{Source("s", 2)}})
	must(t, s.Issue(bg, "c", "t", bot.Stub{Options: map[string]string{"question": canary}, Expires: today.Add(time.Hour)}))
	var errs []error
	_, err := s.Ticket(bg, "other", "t", today)
	errs = append(errs, err)
	_, err = s.Change(bg, "c", bot.Change{Base: bot.AnyVersion, PutSources: []library.Source{Source("s2", 2)}, PutBooks: []library.Book{{ID: "x", Title: canary}}})
	errs = append(errs, err)
	errs = append(errs, s.Issue(bg, "c", "t", bot.Stub{Options: map[string]string{"question": canary}, Expires: time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)}))
	_, err = s.Ticket(bg, "c", "t", today.AddDate(1, 0, 0))
	errs = append(errs, err)
	far := time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []bot.Change{
		{PutOverlays: []library.Overlay{Overlay(t, "emma", canary)}},
		{PutProposals: []bot.Proposal{{Source: Source("p", 1), When: today}}},
		{PutProposals: []bot.Proposal{{Source: Source("p", 1), When: far}}},
		{PutRulings: []bot.Ruling{{Sentence: "s.1", Steps: []bot.Step{{How: bot.Reported, When: far}}}}},
		{Entry: bot.Entry{When: far, What: canary}},
	} {
		c.Base = bot.Version{N: 99}
		_, err := s.Change(bg, "c", c)
		if err == nil {
			t.Error("a stale change, or one with a date of no form, was made")
		}
		errs = append(errs, err)
	}
	for _, kind := range append(slices.Clone(bot.LibraryRecords), bot.EntryRecord, bot.ChannelRecord, bot.ReaderRecord, bot.TicketRecord, bot.PostRecord, bot.TallyRecord, "poem") {
		for _, data := range []string{canary, `"` + canary + `"`, `{"v":1,"id":"` + canary + `","what":"` + canary + `"}`, `{"v":"` + canary + `"}`} {
			err := s.Load(bg, "l", 1, []bot.Record{{Kind: kind, ID: "x", Data: []byte(data)}})
			if err == nil && kind != bot.OverlayRecord && kind != bot.ChannelRecord && kind != bot.TicketRecord {
				t.Errorf("a bad %s was loaded", kind)
			}
			errs = append(errs, err)
		}
	}
	ctx, cancel := context.WithCancel(bg)
	cancel()
	for _, err := range calls(ctx, t, s) {
		errs = append(errs, err)
	}
	must(t, s.Close())
	for _, err := range calls(bg, t, s) {
		errs = append(errs, err)
	}
	for _, err := range errs {
		if msg := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(msg, canary) {
			t.Errorf("an error holds stored text (%d bytes)", len(msg))
		}
	}
}

// reopening: everything outlives a restart.
func reopening(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	if made.Reopen == nil {
		t.Skip("nothing outlives this store")
	}
	at := bot.Seat{Club: "c", Reader: "r", Channel: "h"}
	move(t, s, "r", emma, ahead(7))
	must(t, s.SetVeil(bg, by("r"), emma, reply.Show))
	setChannel(t, s, "c", "h", bot.Channel{Book: "emma", Pace: 4, TagsOff: true})
	change(t, s, "c", bot.Change{PutBooks: []library.Book{Book(t, "emma")}, PutSources: []library.Source{Source("s", 40)}})
	stub := bot.Stub{Reader: "r", Command: "ask", Expires: today.Add(time.Hour)}
	must(t, s.Issue(bg, "c", "t", stub))
	want := look(t, s, at)
	for range 3 {
		s = made.reopened()
		same(t, "view", look(t, s, at), want)
		got := shelf(t, s, "c")
		same(t, "books", bookIDs(got), []spoiler.BookID{"emma"})
		sameSource(t, got.Sources[0], Source("s", 40))
		kept, err := s.Ticket(bg, "c", "t", today)
		must(t, err)
		same(t, "ticket", kept, stub)
	}
}

// closing: twice is no error, and afterwards each call says that it is closed.
func closing(t *testing.T, fresh Maker) {
	s := fresh(t).Store
	must(t, s.Close())
	must(t, s.Close())
	for call, err := range calls(bg, t, s) {
		if err == nil || !strings.Contains(err.Error(), "closed") {
			t.Errorf("%s after Close: %v", call, err)
		}
	}
}
