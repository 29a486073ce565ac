package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/store/storetest"
)

// filled returns the bytes of a store with something of everything in it.
func filled(t *testing.T) []byte {
	t.Helper()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "filled.db")
	s := openFile(t, path)
	var errs []error
	for i := range 300 {
		_, err := s.Move(ctx, killSeat(i), killBook, bot.Move{How: bot.Put, To: 5, Now: time.Now()})
		errs = append(errs, err, s.Issue(ctx, "c", "t", bot.Stub{Command: "ask", Expires: time.Now().Add(time.Hour)}))
	}
	for i := range 50 {
		id := library.SentenceID(fmt.Sprint("s.", i))
		_, err := s.Change(ctx, "c", bot.Change{
			Base: bot.AnyVersion, Settings: &bot.Settings{Steer: bot.Trusted}, Entry: bot.Entry{What: "import", Count: i},
			PutOverlays:  []library.Overlay{storetest.Overlay(t, spoiler.BookID(id), "notes: none")},
			PutProposals: []bot.Proposal{{Source: storetest.Source(library.SourceID(id), 2)}},
			PutRulings:   []bot.Ruling{{Sentence: id, Steps: []bot.Step{{How: bot.Reported}}}},
		})
		post := bot.Post{Channel: "h", Message: bot.MessageID(id), Holds: []bot.Ref{{Source: "s"}}, Expires: time.Now().Add(time.Hour)}
		errs = append(errs, err, s.Post(ctx, "c", post), s.Tally(ctx, "c", map[library.SentenceID]int{id: 1 + i}))
	}
	for i := range 20 {
		_, err := s.Change(ctx, "c", bot.Change{Base: bot.AnyVersion, PutSources: []library.Source{storetest.Source(library.SourceID(fmt.Sprint(i)), 60)}})
		errs = append(errs, err)
	}
	errs = append(errs, s.Close())
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// boltFile returns the bytes of a bbolt file.
func boltFile(t *testing.T, fill func(*bolt.Tx) error) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.db")
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(fill); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestRefused: what is no store, or no longer one, is named in one clear line
// and stays as it is, with nothing left beside it.
func TestRefused(t *testing.T) {
	good := filled(t)
	worn := bytes.Clone(good)
	at := bytes.Index(worn, []byte("which is about as long")) // within a source
	worn[at] ^= 1
	for _, test := range []struct {
		name string
		data []byte
		want string
	}{
		{"text", []byte("Dear diary,\n"), "not a dogear store"},
		{"blank", []byte("\n"), "not a dogear store"},
		{"zeros", make([]byte, 1<<16), "not a dogear store"},
		{"noise", noise(1 << 16), "not a dogear store"},
		{"long text", bytes.Repeat([]byte("Dear diary,\n"), 10_000), "not a dogear store"},
		{"cut in its first page", good[:100], "not a dogear store"},
		{"cut after a page", good[:4096], "not a dogear store"},
		{"cut in half", good[:len(good)/2], "cut short"},
		{"cut after three pages", good[:3*4096], "cut short"},
		{"worn", worn, "damaged"},
		{"pages zeroed", slices.Concat(good[:2*4096], make([]byte, len(good)-2*4096)), "damaged"},
		{"foreign", boltFile(t, func(tx *bolt.Tx) error {
			_, err := tx.CreateBucket([]byte("etcd"))
			return err
		}), "not a dogear store"},
		{"newer", boltFile(t, func(tx *bolt.Tx) error {
			b, err := tx.CreateBucket(metaBucket)
			if err != nil {
				return err
			}
			return b.Put(formatKey, wrap(formatKey, strconv.AppendInt(nil, format+1, 10)))
		}), "newer dogear"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "dogear.db")
			if err := os.WriteFile(path, test.data, 0o600); err != nil {
				t.Fatal(err)
			}
			refused(t, path, test.want)
			after, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(after, test.data) {
				t.Errorf("the file was changed (%v)", err)
			}
			if beside, _ := os.ReadDir(dir); len(beside) != 1 {
				t.Errorf("left beside it: %v", beside)
			}
			// Nor is it still held.
			if err := os.WriteFile(path, good, 0o600); err != nil {
				t.Fatal(err)
			}
			openFile(t, path).Close()
		})
	}
	dir := t.TempDir()
	refused(t, dir, "folder")
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, filepath.Join(dir, "file", "dogear.db"), "not a directory")
	if os.Getuid() != 0 {
		path := filepath.Join(dir, "readonly.db")
		if err := os.WriteFile(path, good, 0o400); err != nil {
			t.Fatal(err)
		}
		refused(t, path, "permission denied")
	}
}

func refused(t *testing.T, path, want string) {
	t.Helper()
	begin := time.Now()
	s, err := Open(context.Background(), path)
	if err == nil {
		s.Close()
		t.Fatal("it was opened")
	}
	t.Log(err)
	msg := err.Error()
	if !strings.Contains(msg, want) || strings.Count(msg, path) != 1 || strings.Contains(msg, "\n") {
		t.Errorf("%q: want one line with %q that names the file once", msg, want)
	}
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}

func noise(n int) []byte {
	rng := rand.NewChaCha8([32]byte{1})
	b := make([]byte, n)
	rng.Read(b)
	return b
}

// TestWorn flips bits all over a store, and many in the heads of those pages
// that lead to others: it is either refused, or what it then says and
// does is right. It never panics, hangs or lies.
func TestWorn(t *testing.T) {
	good := filled(t)
	rng := rand.New(rand.NewPCG(1, 2))
	type bit struct{ at, n int }
	var bits []bit
	for range 300 {
		at := rng.IntN(len(good))
		if rng.IntN(2) == 0 {
			at = at/4096*4096 + rng.IntN(64)
		}
		bits = append(bits, bit{at, rng.IntN(8)})
	}
	for id := 2; id < len(good)/4096; id++ {
		page := good[4096*id:]
		kind := native.Uint16(page[8:])
		if native.Uint64(page) != uint64(id) || kind != branchPage && kind != freelistPage {
			continue
		}
		for i := range pageHead + 2*elementSize {
			for n := i % 3; n < 8; n += 3 {
				bits = append(bits, bit{4096*id + i, n})
			}
		}
	}
	path := filepath.Join(t.TempDir(), "dogear.db")
	if err := os.WriteFile(path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	whole := openFile(t, path)
	_, records, err := whole.Dump(context.Background(), "c")
	if err := errors.Join(err, whole.Close()); err != nil {
		t.Fatal(err)
	}
	want := len(records)
	opened := 0
	for _, b := range bits {
		data := bytes.Clone(good)
		data[b.at] ^= 1 << b.n
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(context.Background(), path)
		if err != nil {
			continue
		}
		opened++
		// Of two headers bbolt falls back to the older one, which knows
		// what was there before the last change: not a place, here.
		for i := range 300 {
			v, err := s.Look(context.Background(), bot.Visit{Seat: bot.Seat{Reader: killReader(i)}})
			if err != nil || v.Reader.Bookmarks[killBook].At != 5 {
				t.Errorf("bit %v flipped: reader %d is at %d (%v)", b, i, v.Reader.Bookmarks[killBook].At, err)
			}
		}
		// Nor did the last change touch any but a source.
		entries, err := s.Log(context.Background(), "c", 99)
		if err != nil || len(entries) != 50 {
			t.Errorf("bit %v flipped: %d entries (%v)", b, len(entries), err)
		}
		if _, dumped, err := s.Dump(context.Background(), "c"); err != nil || len(dumped) < want-1 {
			t.Errorf("bit %v flipped: %d records of %d (%v)", b, len(dumped), want, err)
		}
		if _, err := s.Move(context.Background(), killSeat(1), killBook, bot.Move{How: bot.Put, To: 6, Now: time.Now()}); err != nil {
			t.Errorf("bit %v flipped: %v", b, err)
		}
		if err := errors.Join(s.Forget(context.Background(), killReader(7)), s.Close()); err != nil {
			t.Errorf("bit %v flipped: %v", b, err)
		}
	}
	t.Logf("%d of %d worn files were refused; in the others it was a bit that nothing uses", len(bits)-opened, len(bits))
}

// TestDamagedInUse: a file that is cut short under an open store is an error
// to each call, and Close returns.
func TestDamagedInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dogear.db")
	if err := os.WriteFile(path, filled(t), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openFile(t, path)
	if err := os.Truncate(path, 2*4096); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if _, err := s.Look(ctx, bot.Visit{Seat: bot.Seat{Reader: killReader(1)}}); err == nil {
		t.Error("a cut file was read")
	}
	for range 3 {
		if _, err := s.Move(ctx, killSeat(1), killBook, bot.Move{How: bot.Put, To: 9, Now: time.Now()}); err == nil {
			t.Error("a cut file was written")
		}
	}
	done := make(chan struct{})
	go func() { s.Close(); close(done) }()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatal("Close does not return")
	}
}
