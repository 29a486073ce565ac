package redis_test

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	goredis "github.com/redis/go-redis/v9"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
	"dogear/store/redis"
	"dogear/store/redistest"
)

// form1 is what a dogear of form 1 has written: two readers, and a club with a
// library that was changed three times. It is never made anew: whatever dogear
// becomes, it reads this.
//
//go:embed testdata/form1.txt
var form1 string

// load has a server take commands, a line each, with their arguments as Go
// writes strings.
func load(t *testing.T, url, commands string) {
	t.Helper()
	at, err := goredis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c := goredis.NewClient(at)
	defer c.Close()
	for line := range strings.Lines(commands) {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		args := []any{name}
		for rest = strings.TrimSpace(rest); rest != ""; rest = strings.TrimSpace(rest) {
			quoted, err := strconv.QuotedPrefix(rest)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			arg, err := strconv.Unquote(quoted)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			args, rest = append(args, arg), rest[len(quoted):]
		}
		if err := c.Do(t.Context(), args...).Err(); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
}

// TestForm1: what was kept once is read as what it was.
func TestForm1(t *testing.T) {
	t.Run("server", func(t *testing.T) { readForm1(t, redistest.Start(t).URL()) })
	t.Run("mini", func(t *testing.T) { readForm1(t, "redis://"+miniredis.RunT(t).Addr()) })
}

func readForm1(t *testing.T, url string) {
	load(t, url, form1)
	s, err := redis.Open(url, redis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := context.Background()
	var (
		when   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		expiry = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
		emma   = bot.BookKey{Book: "emma"}
		own    = bot.BookKey{Club: "a club", Book: "own"}
		second = bot.Version{N: 2, Mark: "D3RMEXT7ILWQIJLA43YTHV5JEU"}
		third  = bot.Version{N: 3, Mark: "3SETMO6OP3O73FNOXWXIQECU23"}
		holds  = []bot.Ref{{Source: "s1", Digest: "0123", Sentences: []int{0}}}
		asked  = map[string]string{"question": "why?"}
	)
	const club, bob = "a club", "bob: é"

	view, err := s.Look(ctx, bot.Visit{Seat: bot.Seat{Club: club, Reader: "ann", Channel: "general"}})
	equal(t, "ann", err, view, bot.View{
		Reader: bot.Reader{
			Bookmarks: map[bot.BookKey]bot.Bookmark{
				emma: {At: 7, Set: true, When: when.Add(time.Hour), Before: 4, WasSet: true, Undo: true},
				own:  {At: 2, Set: true, When: when, Undo: true},
			},
			Veils: map[bot.BookKey]reply.Veil{{}: reply.Hide, own: reply.Show},
		},
		Channel: bot.Channel{Book: "own", Of: "own", Pace: 4, TagsOff: true, Before: 3, Paced: when.Unix()},
		Version: third,
	})
	view, err = s.Look(ctx, bot.Visit{Seat: bot.Seat{Club: "another", Reader: bob, Channel: "general"}})
	equal(t, "bob", err, view, bot.View{Reader: bot.Reader{Bookmarks: map[bot.BookKey]bot.Bookmark{emma: {Before: 300, WasSet: true, When: when}}}})
	clubs, err := s.Clubs(ctx, bob)
	equal(t, "bob's clubs", err, clubs, []bot.ClubID{club})

	shelf, err := s.Shelf(ctx, club)
	equal(t, "version", err, shelf.Version, third)
	equal(t, "settings", nil, shelf.Settings, bot.Settings{Trusted: []string{"critics"}, Steer: bot.Trusted})
	equal(t, "rulings", nil, shelf.Rulings, []bot.Ruling{{Sentence: "s1.1", Source: "s1", Steps: []bot.Step{{How: bot.Reported, By: bob, When: when}}}})
	if len(shelf.Books) != 1 || len(shelf.Overlays) != 1 || len(shelf.Sources) != 1 || len(shelf.Proposals) != 1 {
		t.Fatalf("%d books, %d overlays, %d sources, %d proposals", len(shelf.Books), len(shelf.Overlays), len(shelf.Sources), len(shelf.Proposals))
	}
	if b := shelf.Books[0]; b.ID != "own" || b.Title != "Own Book" || b.Author != "Jane" || b.End() != 9 {
		t.Errorf("the book is %q, %q by %q, of %d chapters", b.ID, b.Title, b.Author, b.End())
	}
	if o := shelf.Overlays[0]; o.Book != "emma" || !bytes.Contains(o.File(), []byte("Emma lives in Highbury.")) {
		t.Errorf("the overlay is %s", o.File())
	}
	if p := shelf.Proposals[0]; p.Source.ID != "s2" || !p.When.Equal(when) || unsealed.Text(p.Source.Sentences[0].Passage) != "It waits." {
		t.Errorf("the proposal is %q of %v", p.Source.ID, p.When)
	}
	src := shelf.Sources[0]
	title, sentence := src.Title, src.Sentences[0]
	if unsealed.Text(title) != "A title" || title.Reveal() != 3 || unsealed.Text(sentence.Passage) != "The lamp breaks." || sentence.Passage.Reveal() != 5 || sentence.Decided() != library.ByLedger {
		t.Errorf("the source says %q and %q", unsealed.Text(title), unsealed.Text(sentence.Passage))
	}
	equal(t, "source", nil, [...]string{string(src.ID), string(src.Book), src.File, src.Digest, src.Reviewer, src.Author, src.Date, src.Rating, src.Language},
		[...]string{"s1", "own", "r.txt", "0123", "Ann", "ann", "2026-03-01", "4/5", "en"})

	change, now, err := s.Since(ctx, club, second)
	equal(t, "version since", err, now, third)
	equal(t, "removed", nil, change.RemoveSources, []library.SourceID{"s0"})
	if len(change.PutProposals) != 1 || len(change.PutRulings) != 1 || len(change.PutSources) != 0 {
		t.Errorf("the latest change put %d proposals, %d rulings and %d sources", len(change.PutProposals), len(change.PutRulings), len(change.PutSources))
	}
	if _, _, err := s.Since(ctx, club, bot.Version{N: 2, Mark: "OTHER"}); !errors.Is(err, bot.ErrStale) {
		t.Errorf("since a version that never was: %v", err)
	}
	entries, err := s.Log(ctx, club, 9)
	equal(t, "log", err, entries, []bot.Entry{
		{When: when, By: bob, What: "report", On: "s1", Count: 1}, {When: when, By: "ann", What: "write", On: "s1", Count: 1}, {When: when, What: "import", On: "own", Count: 1},
	})
	stub, err := s.Ticket(ctx, club, "TICKET", time.Now())
	equal(t, "ticket", err, stub, bot.Stub{
		Reader: "ann", Channel: "general", Public: true, Book: "own", Command: "ask", Options: asked, Covered: holds,
		Shown: []bot.Ref{{Source: "s1", Sentences: []int{library.TitleOf}}}, Expires: expiry,
	})
	posts, err := s.Posts(ctx, club, "s1", time.Now())
	equal(t, "posts", err, posts, []bot.Post{{Channel: "general", Message: "m1", Asker: "ann", Command: "ask", Options: asked, Holds: holds, Expires: expiry}})
	tallies, err := s.Tallies(ctx, club)
	equal(t, "tallies", err, tallies, map[library.SentenceID]int{"s1.1": 12})
	owing, err := s.Owing(ctx)
	equal(t, "owed edits", err, owing, []bot.ClubID{club})
	from, ok, err := s.ClaimEdits(ctx, club, time.Minute)
	equal(t, "edited", err, from, second)
	equal(t, "claimed", nil, ok, true)

	_, records, err := s.Dump(ctx, club)
	var names []string
	for _, r := range records {
		names = append(names, string(r.Kind)+" "+r.ID)
	}
	equal(t, "records", err, names, []string{
		"book own", "channel general", "entry 0000000000000001", "entry 0000000000000002", "entry 0000000000000003", "overlay emma", "post general\x00m1", "proposal s2",
		"reader ann", "reader " + bob, "ruling s1.1", "settings ", "source s1", "tally s1.1", "ticket TICKET",
	})

	// And it is gone on with.
	mark, err := s.Move(ctx, bot.Seat{Club: club, Reader: "ann"}, emma, bot.Move{How: bot.Undo, Now: when.Add(2 * time.Hour)})
	equal(t, "undone", err, mark.At, spoiler.Position(4))
	next, err := s.Change(ctx, club, bot.Change{Base: third, RemoveSources: []library.SourceID{"s1"}, Entry: bot.Entry{When: when, What: "remove", On: "s1"}})
	equal(t, "next version", err, next.N, 4)
	entries, err = s.Log(ctx, club, 9)
	equal(t, "entries", err, len(entries), 4)
	if err := s.Forget(ctx, "ann"); err != nil {
		t.Error(err)
	}
	if _, err := s.Ticket(ctx, club, "TICKET", time.Now()); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("the ticket of a reader who was forgotten: %v", err)
	}
	posts, err = s.Posts(ctx, club, "", time.Now())
	equal(t, "posts", err, posts, []bot.Post{{Channel: "general", Message: "m1", Holds: holds, Expires: expiry}})
	entries, err = s.Log(ctx, club, 9)
	if err != nil || slices.ContainsFunc(entries, func(e bot.Entry) bool { return e.Names("ann") }) {
		t.Errorf("the log after a reader was forgotten: %v (%v)", entries, err)
	}
}

func equal[T any](t *testing.T, what string, err error, got, want T) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); err != nil || d != "" {
		t.Errorf("%s: %v (-want +got)\n%s", what, err, d)
	}
}
