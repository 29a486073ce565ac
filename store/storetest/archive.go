package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

func dump(tb rapid.TB, s bot.Store, club bot.ClubID) (uint64, []bot.Record) {
	tb.Helper()
	version, records, err := s.Dump(bg, club)
	must(tb, err)
	return version, records
}

func log(tb rapid.TB, s bot.Store, club bot.ClubID, n int) []bot.Entry {
	tb.Helper()
	entries, err := s.Log(bg, club, n)
	must(tb, err)
	return entries
}

// sameShelf compares shelves with all their texts.
func sameShelf(tb rapid.TB, got, want bot.Shelf) {
	tb.Helper()
	form := func(s bot.Shelf) (out []string) {
		put, _, err := bot.Change{
			PutBooks: s.Books, PutOverlays: s.Overlays, PutSources: s.Sources,
			PutProposals: s.Proposals, PutRulings: s.Rulings, Settings: &s.Settings,
		}.Records()
		must(tb, err)
		for _, r := range put {
			out = append(out, fmt.Sprintf("%s %q: %q", r.Kind, r.ID, r.Data))
		}
		return out
	}
	same(tb, "version", got.Version, want.Version)
	same(tb, "shelf", form(got), form(want))
}

// filled fills a club with something of everything, and returns a seat in it.
func filled(t *testing.T, s bot.Store, club bot.ClubID) bot.Seat {
	t.Helper()
	at := bot.Seat{Club: club, Reader: "r", Channel: "h"}
	for i := range 12 { // entries are counted, not spelled
		c := everything(t)
		c.Base, c.Entry = versionOf(t, s, club), bot.Entry{When: today, By: "m", What: "import", Count: i}
		_, err := s.Change(bg, club, c)
		must(t, err)
	}
	setChannel(t, s, club, "h", bot.Channel{Book: "emma", Pace: 4, Before: 3, Paced: 1_700_000_000, TagsOff: true, Buttons: true})
	for i, id := range odd {
		id := bot.ReaderID(id)
		_, err := s.Move(bg, bot.Seat{Club: club, Reader: id}, emma, ahead(spoiler.Position(i)))
		must(t, err)
		must(t, s.Issue(bg, club, reply.Ticket(id), bot.Stub{Reader: id, Command: "ask", Options: map[string]string{"question": canary}, Covered: []bot.Ref{{Source: "a", Sentences: []int{1}}}, Expires: today.Add(time.Hour)}))
	}
	_, err := s.Move(bg, at, bot.BookKey{Club: club, Book: "own"}, put(3, today))
	must(t, err)
	_, err = s.Move(bg, at, bot.BookKey{Club: club, Book: "own"}, put(2, today))
	must(t, err)
	must(t, s.SetVeil(bg, at, bot.BookKey{}, reply.Hide))
	must(t, s.SetVeil(bg, at, bot.BookKey{Club: club, Book: "own"}, reply.Show))
	must(t, s.Post(bg, club, post("h", "1", "a")))
	must(t, s.Post(bg, club, post("h", "2", "a", "b")))
	must(t, s.Tally(bg, club, map[library.SentenceID]int{"a.1": 3, "a.2": 1}))
	return at
}

// archive: what a club has, it has again in another store, and hands out
// again byte by byte.
func archive(t *testing.T, fresh Maker) {
	s := fresh(t).Store
	made := fresh(t)
	to := made.Store
	for _, club := range []bot.ClubID{"c", "", "a\x00b"} {
		at := filled(t, s, club)
		gone := post("h", "gone", "a")
		gone.Expires = today.Add(-time.Hour)
		must(t, s.Post(bg, club, gone))
		must(t, s.Issue(bg, club, "gone", bot.Stub{Expires: today.Add(-time.Hour)}))

		version, records := dump(t, s, club)
		if !slices.IsSortedFunc(records, bot.CompareRecords) {
			t.Error("the records come in no order")
		}
		given := slices.Clone(records)
		slices.Reverse(given) // the order is Dump's promise, not Load's condition
		must(t, to.Load(bg, club, version, given))
		to = made.reopened()
		againVersion, again := dump(t, to, club)
		same(t, "version", againVersion, version)
		sameRecords(t, again, records)

		sameShelf(t, shelf(t, to, club), shelf(t, s, club))
		same(t, "log", log(t, to, club, 99), log(t, s, club, 99))
		want := look(t, s, at)
		want.Reader = want.Reader.In(club)
		same(t, "view", look(t, to, at), want)
		for i, id := range odd {
			got, err := to.Ticket(bg, club, reply.Ticket(id), today)
			must(t, err)
			want, err := s.Ticket(bg, club, reply.Ticket(id), today)
			must(t, err)
			same(t, "ticket", got, want)
			same(t, "place", place(t, to, bot.ReaderID(id), emma).At, spoiler.Position(i))
		}
		got, err := to.Posts(bg, club, "a", today)
		must(t, err)
		same(t, "posts", got, []bot.Post{post("h", "1", "a"), post("h", "2", "a", "b")})
		counts, err := to.Tallies(bg, club)
		must(t, err)
		same(t, "tallies", counts, map[library.SentenceID]int{"a.1": 3, "a.2": 1})

		// Life goes on.
		_, err = to.Change(bg, club, bot.Change{Base: versionOf(t, to, club), Entry: bot.Entry{What: "the next"}})
		must(t, err)
		same(t, "the next entry", log(t, to, club, 2), []bot.Entry{{What: "the next"}, log(t, s, club, 1)[0]})
		must(t, to.Forget(bg, at.Reader))
		_, records = dump(t, to, club)
		for _, r := range records {
			if r.Kind == bot.ReaderRecord && r.ID == "r" {
				t.Error("a forgotten reader is still the club's")
			}
		}
	}
	version, records := dump(t, s, "unknown")
	if version != 0 || len(records) != 0 {
		t.Errorf("an unknown club has version %d, %d records", version, len(records))
	}
	must(t, to.Load(bg, "unknown", version, records))
	same(t, "shelf", shelf(t, to, "unknown"), bot.Shelf{Version: bot.Version{N: 1}})
}

func sameRecords(tb rapid.TB, got, want []bot.Record) {
	tb.Helper()
	for i := range min(len(got), len(want)) {
		if bot.CompareRecords(got[i], want[i]) != 0 || !bytes.Equal(got[i].Data, want[i].Data) {
			tb.Fatalf("record %d: %s %q: %q, want %s %q: %q", i, got[i].Kind, got[i].ID, got[i].Data, want[i].Kind, want[i].ID, want[i].Data)
		}
	}
	same(tb, "number of records", len(got), len(want))
}

// members: a club takes along the readers who have been in it, and of them
// what concerns its books and those that dogear ships.
func members(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	in := func(club bot.ClubID, r bot.ReaderID) bot.Seat { return bot.Seat{Club: club, Reader: r} }
	do := func(at bot.Seat, key bot.BookKey, m bot.Move) {
		t.Helper()
		_, err := s.Move(bg, at, key, m)
		must(t, err)
	}
	ownA, ownB := bot.BookKey{Club: "a", Book: "own"}, bot.BookKey{Club: "b", Book: "own"}
	do(in("a", "both"), ownA, ahead(1))
	do(in("b", "both"), ownB, ahead(2))
	do(in("b", "both"), emma, ahead(3))
	must(t, s.SetVeil(bg, in("b", "both"), ownB, reply.Show))
	must(t, s.SetVeil(bg, in("b", "both"), bot.BookKey{}, reply.Hide))
	do(in("b", "b only"), emma, ahead(4))
	must(t, s.SetVeil(bg, in("a", "veiled"), emma, reply.Tag))
	do(in("b", "again"), emma, ahead(5))
	do(in("a", "again"), emma, ahead(5)) // changes nothing, and yet they are here
	do(in("a", "nothing"), emma, bot.Move{How: bot.Clear, Now: today})
	must(t, s.SetVeil(bg, in("a", "nothing"), emma, ""))
	if _, err := s.Move(bg, in("a", "nothing"), emma, bot.Move{How: bot.Undo, Now: today}); !errors.Is(err, bot.ErrNothingToUndo) {
		t.Error(err)
	}
	s = made.reopened()
	has := func(club bot.ClubID, want map[bot.ReaderID]bot.Reader) {
		t.Helper()
		got := map[bot.ReaderID]bot.Reader{}
		_, records := dump(t, s, club)
		for _, r := range records {
			if r.Kind != bot.ReaderRecord {
				t.Errorf("%s %q", r.Kind, r.ID)
				continue
			}
			reader, err := bot.DecodeReader(r.Data)
			must(t, err)
			got[bot.ReaderID(r.ID)] = reader
		}
		same(t, "readers of "+string(club), got, want)
	}
	type (
		marks = map[bot.BookKey]bot.Bookmark
		veils = map[bot.BookKey]reply.Veil
	)
	at := func(n spoiler.Position) bot.Bookmark { return bot.Bookmark{At: n, Set: true, When: today, Undo: true} }
	has("a", map[bot.ReaderID]bot.Reader{
		"both":   {Bookmarks: marks{ownA: at(1), emma: at(3)}, Veils: veils{{}: reply.Hide}},
		"veiled": {Veils: veils{emma: reply.Tag}},
		"again":  {Bookmarks: marks{emma: at(5)}},
	})
	has("b", map[bot.ReaderID]bot.Reader{
		"both":   {Bookmarks: marks{ownB: at(2), emma: at(3)}, Veils: veils{{}: reply.Hide, ownB: reply.Show}},
		"b only": {Bookmarks: marks{emma: at(4)}},
		"again":  {Bookmarks: marks{emma: at(5)}},
	})
	must(t, s.Forget(bg, "both"))
	must(t, s.Forget(bg, "again"))
	do(in("b", "both"), emma, ahead(1)) // begins anew, here alone
	has("a", map[bot.ReaderID]bot.Reader{"veiled": {Veils: veils{emma: reply.Tag}}})
	has("b", map[bot.ReaderID]bot.Reader{"both": {Bookmarks: marks{emma: at(1)}}, "b only": {Bookmarks: marks{emma: at(4)}}})
}

// loadWhole: one bad record among good ones, and nothing is loaded.
func loadWhole(t *testing.T, fresh Maker) {
	from := fresh(t).Store
	filled(t, from, "c")
	version, good := dump(t, from, "c")
	s := fresh(t).Store
	record := func(kind bot.RecordKind, id, data string) bot.Record {
		return bot.Record{Kind: kind, ID: id, Data: []byte(data)}
	}
	source, err := library.EncodeSource(Source("b", 1))
	must(t, err)
	foreign, err := bot.EncodeReader(bot.Reader{Bookmarks: map[bot.BookKey]bot.Bookmark{{Club: "other", Book: "own"}: {At: 9, Set: true}}})
	must(t, err)
	veil, err := bot.EncodeReader(bot.Reader{Veils: map[bot.BookKey]reply.Veil{{Club: "other", Book: "own"}: reply.Show}})
	must(t, err)
	for name, bad := range map[string]bot.Record{
		"unknown kind":        record("poem", "x", "{}"),
		"no kind":             record("", "x", "{}"),
		"twice":               good[len(good)/2],
		"book":                record(bot.BookRecord, "x", "id: x"),
		"book of another":     record(bot.BookRecord, "x", string(Book(t, "y").File())),
		"source":              record(bot.SourceRecord, "b", string(source[:len(source)-1])),
		"source of another":   record(bot.SourceRecord, "x", string(source)),
		"newer source":        record(bot.SourceRecord, "b", `{"v":99,"id":"b"}`),
		"proposal":            record(bot.ProposalRecord, "x", `{"v":1}`),
		"ruling":              record(bot.RulingRecord, "x", `[]`),
		"ruling of another":   record(bot.RulingRecord, "x", `{"v":1,"sentence":"y"}`),
		"newer ruling":        record(bot.RulingRecord, "x", `{"v":2,"sentence":"x"}`),
		"settings of another": record(bot.SettingsRecord, "x", `{"v":1}`),
		"entry":               record(bot.EntryRecord, bot.EntryID(99), `{}`),
		"entry of no number":  record(bot.EntryRecord, "99", `{"what":"import"}`),
		"entry of a high one": record(bot.EntryRecord, bot.EntryID(1<<63), `{"what":"import"}`),
		"channel":             record(bot.ChannelRecord, "x", `[]`),
		"reader":              record(bot.ReaderRecord, "x", `{}`),
		"reader's veil":       record(bot.ReaderRecord, "x", `{"v":1,"veils":[{"veil":"lace"}]}`),
		"a foreign place":     {Kind: bot.ReaderRecord, ID: "x", Data: foreign},
		"a foreign veil":      {Kind: bot.ReaderRecord, ID: "x", Data: veil},
		"ticket":              record(bot.TicketRecord, "x", `{"expires":"tomorrow"}`),
		"post":                record(bot.PostRecord, "x", `{"expires":1}`),
		"post of another":     record(bot.PostRecord, "h\x00x", `{"channel":"h","message":"1","expires":"2999-01-01T00:00:00Z"}`),
		"tally of none":       record(bot.TallyRecord, "x", `0`),
		"tally below none":    record(bot.TallyRecord, "x", `-1`),
		"tally":               record(bot.TallyRecord, "x", `1.5`),
	} {
		err := s.Load(bg, "c", version, slices.Insert(slices.Clone(good), len(good)/2, bad))
		if err == nil {
			t.Fatalf("%s: it was loaded", name)
		}
		v, records := dump(t, s, "c")
		same(t, name+": version", v, 0)
		same(t, name+": records", len(records), 0)
		same(t, name+": reader", look(t, s, by("r")), bot.View{})
	}
	if err := s.Load(bg, "c", bot.AnyVersion.N, good); err == nil {
		t.Error("a version was loaded that none can follow")
	}
	must(t, s.Load(bg, "c", version, good))
	same(t, "version", shelf(t, s, "c").Version.N, version)
}

// loadOver: a club that has a library keeps it; one that has none may have
// readers and channels, whose own places and veils stay.
func loadOver(t *testing.T, fresh Maker) {
	from := fresh(t).Store
	filled(t, from, "c")
	version, records := dump(t, from, "c")
	s := fresh(t).Store
	change(t, s, "c", bot.Change{PutSources: []library.Source{Source("mine", 1)}})
	move(t, s, "r", bot.BookKey{Club: "c", Book: "mine"}, ahead(5))
	beforeVersion, before := dump(t, s, "c")
	if err := s.Load(bg, "c", version, records); !errors.Is(err, bot.ErrNotEmpty) {
		t.Errorf("into a club with a library: %v, want ErrNotEmpty", err)
	}
	v, after := dump(t, s, "c")
	same(t, "version", v, beforeVersion)
	sameRecords(t, after, before)

	made := fresh(t)
	s = made.Store
	move(t, s, "r", emma, ahead(1))
	must(t, s.SetVeil(bg, by("r"), bot.BookKey{}, reply.Tag))
	must(t, s.SetVeil(bg, by("r"), emma, reply.Show))
	setChannel(t, s, "c", "mine", bot.Channel{Pace: 2})
	must(t, s.Issue(bg, "c", "a", bot.Stub{Command: "old", Expires: today.Add(2 * time.Hour)}))
	must(t, s.Load(bg, "c", version, records))
	s = made.reopened()
	view := look(t, s, bot.Seat{Club: "c", Reader: "r", Channel: "mine"})
	own := bot.BookKey{Club: "c", Book: "own"}
	same(t, "place", view.Reader.Bookmarks[emma].At, 1)
	same(t, "loaded place", view.Reader.Bookmarks[own], look(t, from, by("r")).Reader.Bookmarks[own])
	same(t, "veils", view.Reader.Veils, map[bot.BookKey]reply.Veil{{}: reply.Tag, emma: reply.Show, own: reply.Show})
	same(t, "channel", view.Channel, bot.Channel{Pace: 2})
	stub, err := s.Ticket(bg, "c", "a", today)
	must(t, err)
	same(t, "ticket", stub.Command, "ask")
	same(t, "swept", func() error { _, err := s.Ticket(bg, "c", "a", today.Add(90*time.Minute)); return err }() != nil, true)
}

// loadBound: a log is no longer after a load than a store lets it grow, and
// goes on from there; tickets and posts that have expired are not loaded.
func loadBound(t *testing.T, fresh Maker) {
	made := fresh(t)
	s := made.Store
	var records []bot.Record
	const first, n = 300, bot.MaxLog + 50
	for i := range n {
		data, err := bot.EncodeEntry(bot.Entry{What: "import", Count: first + i})
		must(t, err)
		records = append(records, bot.Record{Kind: bot.EntryRecord, ID: bot.EntryID(uint64(first + i)), Data: data})
	}
	gone := post("h", "1", "s")
	gone.Expires = today.Add(-time.Hour)
	data, err := bot.EncodePost(gone)
	must(t, err)
	records = append(records, bot.Record{Kind: bot.PostRecord, ID: gone.RecordID(), Data: data})
	data, err = bot.EncodeStub(bot.Stub{Expires: gone.Expires})
	must(t, err)
	records = append(records, bot.Record{Kind: bot.TicketRecord, ID: "t", Data: data})
	must(t, s.Load(bg, "c", 7, records))
	for i := range 30 {
		change(t, s, "c", bot.Change{Entry: bot.Entry{What: "import", Count: first + n + i}})
	}
	s = made.reopened()
	same(t, "version", shelf(t, s, "c").Version.N, 37)
	kept := log(t, s, "c", 2*bot.MaxLog)
	same(t, "entries", len(kept), bot.MaxLog)
	for i, e := range kept {
		same(t, "entry", e.Count, first+n+30-1-i)
	}
	_, dumped := dump(t, s, "c")
	same(t, "records", len(dumped), bot.MaxLog)
	got, err := s.Posts(bg, "c", "s", gone.Expires.Add(-time.Minute))
	must(t, err)
	same(t, "expired posts", got, nil)
	if _, err := s.Ticket(bg, "c", "t", gone.Expires.Add(-time.Minute)); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("an expired ticket: %v", err)
	}
}
