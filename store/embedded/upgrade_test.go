package embedded

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"dogear/bot"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// format1 returns a file that a dogear of format 1 wrote: three readers, two
// clubs and a third in a reader's place, a library, channels and a ticket.
func format1(t *testing.T) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "format1.db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestUpgrade: a file of format 1 opens with everything in it but its tickets,
// and each reader is one of every club.
func TestUpgrade(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "dogear.db")
	if err := os.WriteFile(path, format1(t), 0o600); err != nil {
		t.Fatal(err)
	}
	when := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	emma := bot.BookKey{Book: "emma"}
	at := func(n spoiler.Position) bot.Bookmark { return bot.Bookmark{At: n, Set: true, When: when, Undo: true} }
	ann := bot.Reader{
		Bookmarks: map[bot.BookKey]bot.Bookmark{emma: at(7), {Club: "club", Book: "own"}: at(2)},
		Veils:     map[bot.BookKey]reply.Veil{emma: reply.Show},
	}
	for range 2 { // the second time there is nothing to bring up
		s := openFile(t, path)
		view, err := s.Look(ctx, bot.Visit{Seat: bot.Seat{Club: "club", Reader: "ann", Channel: "general"}})
		want := bot.View{Reader: ann, Channel: bot.Channel{Book: "emma", Pace: 4, TagsOff: true}, Version: bot.Version{N: 2}}
		if d := cmp.Diff(want, view); d != "" || err != nil {
			t.Errorf("%v\n%s", err, d)
		}
		shelf, err := s.Shelf(ctx, "club")
		if err != nil || len(shelf.Books) != 1 || shelf.Books[0].Title != "Own Book" || len(shelf.Sources) != 1 || shelf.Sources[0].Reviewer != "Ann" || len(shelf.Sources[0].Sentences) != 1 {
			t.Errorf("shelf: %d books, %d sources (%v)", len(shelf.Books), len(shelf.Sources), err)
		}
		if _, err := s.Ticket(ctx, "club", "ticket", when); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("a ticket that says too little: %v, want ErrNotFound", err)
		}
		for club, want := range map[bot.ClubID][]string{
			"club":      {"book own", "channel general", "reader ann", "reader bob", "reader cyd", "source r1"},
			"quiet":     {"channel general", "reader ann", "reader bob", "reader cyd"},
			"elsewhere": {"reader bob"},
		} {
			_, records, err := s.Dump(ctx, club)
			var got []string
			for _, r := range records {
				got = append(got, string(r.Kind)+" "+r.ID)
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("club %q: %q, want %q (%v)", club, got, want, err)
			}
		}
		err = s.view(ctx, func(tx *txn) error {
			if n := len(tx.keysUnder(recordBuckets[bot.TicketRecord], nil)) + len(tx.keysUnder(expiriesBucket, nil)); n != 0 {
				t.Errorf("%d tickets and expiries are left", n)
			}
			return nil
		})
		if err := errors.Join(err, s.Close()); err != nil {
			t.Error(err)
		}
	}
	s := openFile(t, path)
	defer s.Close()
	for range sweepEvery {
		if err := s.Issue(ctx, "club", "ticket", bot.Stub{Reader: "ann", Expires: time.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Forget(ctx, "ann"); err != nil {
		t.Fatal(err)
	}
	if _, records, err := s.Dump(ctx, "club"); err != nil || len(records) != 5 {
		t.Errorf("%d records after a reader was forgotten (%v)", len(records), err)
	}
}

// TestWornUpgrade: a worn file of format 1 is refused and left as it is, or
// opens with what was in it.
func TestWornUpgrade(t *testing.T) {
	good := format1(t)
	rng := rand.New(rand.NewPCG(3, 4))
	path := filepath.Join(t.TempDir(), "dogear.db")
	refused := 0
	for i := range 300 {
		bit := rng.IntN(8 * len(good))
		if i%2 == 0 { // where there is something
			for good[bit/8] == 0 {
				bit = rng.IntN(8 * len(good))
			}
		}
		data := bytes.Clone(good)
		data[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(context.Background(), path)
		if err != nil {
			refused++
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, data) {
				t.Errorf("bit %d flipped: the file was refused, and changed (%v)", bit, err)
			}
			continue
		}
		view, err := s.Look(context.Background(), bot.Visit{Seat: bot.Seat{Club: "club", Reader: "ann"}})
		if err != nil || view.Version.N != 2 || view.Reader.Bookmarks[bot.BookKey{Book: "emma"}].At != 7 {
			t.Errorf("bit %d flipped: version %d, %+v (%v)", bit, view.Version.N, view.Reader, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d of 300 worn files were refused", refused)
	if refused == 0 {
		t.Error("none was refused")
	}
}

// TestUpgradeWhole: where something in a file of format 1 is not what it should
// be, nothing of it is changed.
func TestUpgradeWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dogear.db")
	if err := os.WriteFile(path, format1(t), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(db.Update(func(tx *bolt.Tx) error {
		key := append(part(nil, "zed"), 'p', 200) // a club's name that is cut short
		return tx.Bucket(readersBucket).Put(key, wrap(key, bot.EncodeBookmark(bot.Bookmark{})))
	}), db.Close())
	if err != nil {
		t.Fatal(err)
	}
	refused(t, path, "damaged")
	db, err = bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bolt.Tx) error {
		tickets := tx.Bucket(recordBuckets[bot.TicketRecord])
		if k, _ := tickets.Cursor().First(); k == nil || tx.Bucket(membersBucket) != nil {
			t.Error("half of it was brought up")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestUpgradeSecond: a file of format 2, which knew no marks and no clubs that
// are gone, opens with all that is in it.
func TestUpgradeSecond(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "dogear.db")
	s := openFile(t, path)
	if _, err := s.Change(ctx, "club", bot.Change{Settings: &bot.Settings{}}); err != nil {
		t.Fatal(err)
	}
	key := part(nil, "club")
	err := s.db.Update(func(tx *bolt.Tx) error {
		return errors.Join(
			tx.DeleteBucket(goneBucket),
			tx.Bucket(versionsBucket).Put(key, wrap(key, []byte{1, 0})),
			tx.Bucket(metaBucket).Put(formatKey, wrap(formatKey, []byte("2"))),
		)
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		s = openFile(t, path)
		news, err := s.SetGone(ctx, "club", time.Now())
		if err != nil || news != want {
			t.Errorf("opened %d times, that a club is gone is news: %t (%v)", i+1, news, err)
		}
		if view, err := s.Look(ctx, bot.Visit{Seat: bot.Seat{Club: "club"}}); err != nil || view.Version != (bot.Version{N: 1}) {
			t.Errorf("version %v (%v)", view.Version, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	// Edits of a library that has no mark, and has been purged, end too late.
	s = openFile(t, path)
	if _, ok, err := s.ClaimEdits(ctx, "club", time.Minute); err != nil || !ok {
		t.Fatalf("edits are owed: %t (%v)", ok, err)
	}
	if err := errors.Join(s.Purge(ctx, "club"), s.EditsDone(ctx, "club", bot.Version{}, bot.Version{N: 1})); err != nil {
		t.Fatal(err)
	}
	known, err := s.Known(ctx, "")
	owing, owingErr := s.Owing(ctx)
	if err := errors.Join(err, owingErr); err != nil || len(known)+len(owing) > 0 {
		t.Errorf("known are %q, and %q owe edits (%v)", known, owing, err)
	}
}
