// Package storetest is what every bot.Store must pass: the traps that stores
// have fallen into, and a run of random calls against a plain model.
package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// Maker makes an empty store for a test, which closes all of it when it ends.
type Maker func(tb testing.TB) Made

// Made is an empty store, with what else can be done to it.
type Made struct {
	Store bot.Store
	// Reopen closes the store and opens it again as a restart would; nil where
	// nothing outlives Close.
	Reopen func() bot.Store
	// Beside opens the same store again, as another process would have it; nil
	// where one process alone has it.
	Beside func() bot.Store
	// Tells says that Since knows of the last 100 small changes.
	Tells bool
	// Pass lets time go by for the store; nil where that is the real time.
	Pass func(time.Duration)
}

// reopened returns the store as it is after a restart; the same where nothing
// outlives one.
func (m *Made) reopened() bot.Store {
	if m.Reopen != nil {
		m.Store = m.Reopen()
	}
	return m.Store
}

// hands returns the store as several processes have it: the same three times
// where one process alone has it.
func (m *Made) hands() []bot.Store {
	if m.Beside == nil {
		return []bot.Store{m.Store, m.Store, m.Store}
	}
	return []bot.Store{m.Store, m.Beside(), m.Beside()}
}

func (m *Made) pass(d time.Duration) {
	if m.Pass == nil {
		m.Pass = time.Sleep
	}
	m.Pass(d)
}

// Run runs the suite, or those of its tests that are named.
func Run(t *testing.T, fresh Maker, only ...string) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Maker)
	}{
		{"Unknown", unknown},
		{"Advance", advance},
		{"AdvanceTogether", advanceTogether},
		{"Undo", undo},
		{"Veils", veils},
		{"Forget", forget},
		{"Clubs", clubs},
		{"OddIDs", oddIDs},
		{"Platforms", platforms},
		{"Events", events},
		{"Rate", rate},
		{"RateTogether", rateTogether},
		{"ClockBack", clockBack},
		{"Visits", visits},
		{"Channels", channels},
		{"ChannelStale", channelStale},
		{"ChannelsTogether", channelsTogether},
		{"Order", order},
		{"Counting", counting},
		{"Whole", whole},
		{"Removal", removal},
		{"Stale", stale},
		{"Log", logs},
		{"Kinds", kinds},
		{"Big", big},
		{"ChangeTogether", changeTogether},
		{"Since", since},
		{"SinceNever", sinceNever},
		{"SinceTells", sinceTells},
		{"SinceLoad", sinceLoad},
		{"SinceTogether", sinceTogether},
		{"Watch", watch},
		{"WatchEnds", watchEnds},
		{"Beside", beside},
		{"Tickets", tickets},
		{"Posts", posts},
		{"Edits", edits},
		{"EditsLease", editsLease},
		{"EditsTogether", editsTogether},
		{"AskerForgotten", askerForgotten},
		{"Tallies", tallies},
		{"TwoClubs", twoClubs},
		{"Archive", archive},
		{"Members", members},
		{"LoadWhole", loadWhole},
		{"LoadOver", loadOver},
		{"LoadBound", loadBound},
		{"Known", knownClubs},
		{"Gone", goneNotes},
		{"Purge", purge},
		{"PurgeBeside", purgeBeside},
		{"Cancelled", cancelled},
		{"Mutation", mutation},
		{"Canary", canaries},
		{"Reopen", reopening},
		{"Close", closing},
		{"Model", model},
	} {
		if len(only) == 0 || slices.Contains(only, test.name) {
			t.Run(test.name, func(t *testing.T) { test.run(t, fresh) })
		}
	}
}

// odd are names that a store may not confuse, cut, expand or refuse.
var odd = []string{
	"", ":", "*", "a:b", "a", "b", "ab", "a\x00", "a\x00b", "\x00", "\n", "a\nb", "2", "10", "{a}", "%s", "../a", "?", "[a]",
	"\\", "🙂", "é", "e\u0301", "A", " ", "a ", strings.Repeat("long", 200),
}

// canary stands in every text that the suite stores.
const canary = "CANARY-the-butler-did-it"

var (
	bg = context.Background()

	// today is when things happen in the suite. It is near the real time,
	// because a store may let expired tickets go by its own clock.
	today = time.Now().UTC().Truncate(time.Second)

	emma = bot.BookKey{Book: "emma"}
)

func put(to spoiler.Position, now time.Time) bot.Move {
	return bot.Move{How: bot.Put, To: to, Now: now}
}

func ahead(to spoiler.Position) bot.Move {
	return bot.Move{How: bot.Advance, To: to, Now: today}
}

// by is the seat of a reader in a club that most of the suite is about.
func by(reader bot.ReaderID) bot.Seat { return bot.Seat{Club: "c", Reader: reader} }

// look returns what a store says of a seat, without the mark of the version,
// which is the store's own.
func look(tb rapid.TB, s bot.Store, at bot.Seat) bot.View {
	tb.Helper()
	v, err := s.Look(bg, bot.Visit{Seat: at})
	must(tb, err)
	v.Version.Mark = ""
	return v
}

// versionOf returns the version of a club's library, mark and all.
func versionOf(tb rapid.TB, s bot.Store, club bot.ClubID) bot.Version {
	tb.Helper()
	v, err := s.Look(bg, bot.Visit{Seat: bot.Seat{Club: club}})
	must(tb, err)
	return v.Version
}

// setChannel sets a channel, however it stands.
func setChannel(tb rapid.TB, s bot.Store, club bot.ClubID, channel bot.ChannelID, c bot.Channel) {
	tb.Helper()
	must(tb, s.SetChannel(bg, club, channel, look(tb, s, bot.Seat{Club: club, Channel: channel}).Channel, c))
}

func place(tb rapid.TB, s bot.Store, reader bot.ReaderID, book bot.BookKey) bot.Bookmark {
	tb.Helper()
	return look(tb, s, bot.Seat{Reader: reader}).Reader.Bookmarks[book]
}

func move(tb rapid.TB, s bot.Store, reader bot.ReaderID, book bot.BookKey, m bot.Move) bot.Bookmark {
	tb.Helper()
	b, err := s.Move(bg, by(reader), book, m)
	must(tb, err)
	return b
}

// change makes a change on whatever is there, and returns how often the library
// was changed.
func change(tb rapid.TB, s bot.Store, club bot.ClubID, c bot.Change) uint64 {
	tb.Helper()
	c.Base = bot.AnyVersion
	v, err := s.Change(bg, club, c)
	must(tb, err)
	return v.N
}

func shelf(tb rapid.TB, s bot.Store, club bot.ClubID) bot.Shelf {
	tb.Helper()
	got, err := s.Shelf(bg, club)
	must(tb, err)
	same(tb, "version of shelf", got.Version, versionOf(tb, s, club))
	got.Version.Mark = ""
	return got
}

func must(tb rapid.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func same[T any](tb rapid.TB, what string, got, want T) {
	tb.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		tb.Fatalf("%s (-want +got):\n%s", what, d)
	}
}

// Source returns a review with n sentences, each of them different.
func Source(id library.SourceID, n int) library.Source {
	const book = "emma"
	src := library.Source{
		ID: id, Book: book, File: "review.txt", Digest: "d", Title: spoiler.Seal(book, 3, canary), Reviewer: "Ann",
		Related: []spoiler.Passage{spoiler.Seal(book, 0, canary)},
	}
	for i := range n {
		at := spoiler.Position(i % 9)
		src.Sentences = append(src.Sentences, library.Sentence{
			Start: 100 * i, End: 100*i + 99, Kind: library.Prose, Paragraph: i + 1,
			Passage: spoiler.Seal(book, at, fmt.Sprintf("%s: sentence %d, which is about as long as sentences in reviews are.", canary, i)),
			Because: []library.Evidence{{Layer: library.ByLedger, Reveal: at, Event: spoiler.Seal(book, at, canary)}},
		})
	}
	return src
}

// Book returns a small book.
func Book(tb rapid.TB, id spoiler.BookID) library.Book {
	tb.Helper()
	b, err := library.NewBook(id, canary, "Jane", 9)
	must(tb, err)
	return b
}

// Overlay returns an overlay that says something.
func Overlay(tb rapid.TB, book spoiler.BookID, says string) library.Overlay {
	tb.Helper()
	file, err := json.Marshal(map[string]any{"book": book, "premise": []string{says}}) // JSON is YAML
	must(tb, err)
	o, err := library.DecodeOverlay(file, "overlay")
	must(tb, err)
	return o
}

func sourceIDs(s bot.Shelf) (ids []library.SourceID) {
	for _, src := range s.Sources {
		ids = append(ids, src.ID)
	}
	return ids
}

func bookIDs(s bot.Shelf) (ids []spoiler.BookID) {
	for _, b := range s.Books {
		ids = append(ids, b.ID)
	}
	return ids
}

// sameSource compares sources with all their texts.
func sameSource(tb rapid.TB, got, want library.Source) {
	tb.Helper()
	g, err := library.EncodeSource(got)
	must(tb, err)
	w, err := library.EncodeSource(want)
	must(tb, err)
	same(tb, "source "+string(want.ID), string(g), string(w))
	for i := range want.Sentences {
		same(tb, "text", unsealed.Text(got.Sentences[i].Passage), unsealed.Text(want.Sentences[i].Passage))
	}
}
