package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dogear/bot"
)

// TestBatch: changes that fail or panic, before or after writing, harm no
// other in their batch, and leave nothing behind.
func TestBatch(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "dogear.db"))
	defer s.Close()
	ctx := context.Background()
	own := errors.New("own")
	var wg sync.WaitGroup
	var mu sync.Mutex
	wrong := 0
	for i := range 200 {
		wg.Go(func() {
			key := fmt.Appendf(nil, "key%d", i)
			want := own
			err := s.update(ctx, func(tx *txn) error {
				if i%5 == 1 {
					return own
				}
				if err := tx.put(versionsBucket, key, key); err != nil {
					return err
				}
				switch i % 5 {
				case 2:
					return own
				case 3:
					panic("canary")
				}
				return nil
			})
			switch i % 5 {
			case 0, 4:
				want = nil
			case 3:
				want = errPanicked
			}
			if !errors.Is(err, want) || err != nil && strings.Contains(err.Error(), "canary") {
				mu.Lock()
				wrong++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if wrong > 0 {
		t.Errorf("%d callers were told wrong", wrong)
	}
	err := s.view(ctx, func(tx *txn) error {
		for i := range 200 {
			v, err := tx.get(versionsBucket, fmt.Appendf(nil, "key%d", i))
			if err != nil || (v != nil) != (i%5 == 0 || i%5 == 4) {
				t.Errorf("change %d: kept %t (%v)", i, v != nil, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestTakenUp: a change that the writer has taken up is waited for, whatever
// becomes of its context; one that waits its turn is not made any more.
func TestTakenUp(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "dogear.db"))
	defer s.Close()
	ctx, cancel := context.WithCancel(context.Background())
	running, release := make(chan struct{}), make(chan struct{})
	first, second := make(chan error), make(chan error)
	go func() {
		first <- s.update(ctx, func(tx *txn) error {
			close(running)
			<-release
			return tx.put(versionsBucket, []byte("first"), nil)
		})
	}()
	<-running
	go func() {
		second <- s.update(ctx, func(tx *txn) error { return tx.put(versionsBucket, []byte("second"), nil) })
	}()
	time.Sleep(10 * time.Millisecond) // let it reach the queue; passes without
	cancel()
	if err := <-second; !errors.Is(err, context.Canceled) {
		t.Errorf("the one that waited: %v", err)
	}
	close(release)
	if err := <-first; err != nil {
		t.Errorf("the one taken up: %v", err)
	}
	err := s.view(context.Background(), func(tx *txn) error {
		a, _ := tx.get(versionsBucket, []byte("first"))
		b, _ := tx.get(versionsBucket, []byte("second"))
		if a == nil || b != nil {
			t.Errorf("first kept: %t, second kept: %t", a != nil, b != nil)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestCloseDrains: every call at the time of Close is either made or told that
// the store is closed, and says truly which.
func TestCloseDrains(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dogear.db")
	s := openFile(t, path)
	var acked sync.Map
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			for range 1000 {
				b, err := s.Look(context.Background(), bot.Visit{Seat: bot.Seat{Reader: killReader(i)}})
				if err != nil {
					return
				}
				at := b.Reader.Bookmarks[killBook].At + 1
				if _, err := s.Move(context.Background(), killSeat(i), killBook, bot.Move{How: bot.Advance, To: at, Now: time.Now()}); err != nil {
					if !errors.Is(err, errClosed) {
						t.Error(err)
					}
					return
				}
				acked.Store(i, at)
			}
		})
	}
	time.Sleep(50 * time.Millisecond)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	s = openFile(t, path)
	defer s.Close()
	acked.Range(func(i, at any) bool {
		v, err := s.Look(context.Background(), bot.Visit{Seat: bot.Seat{Reader: killReader(i.(int))}})
		if got := v.Reader.Bookmarks[killBook].At; err != nil || got != at {
			t.Errorf("reader %d is at %d, and %d was acknowledged (%v)", i, got, at, err)
		}
		return true
	})
}

// TestOneProcess: the second one to open the file is told soon, and who has it;
// a name left by a killed process is not taken for the holder's.
func TestOneProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "folders", "dogear.db")
	s := openFile(t, path)
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700 | os.ModeDir, filepath.Dir(filepath.Dir(path)): 0o700 | os.ModeDir} {
		if info, err := os.Stat(name); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, want %v (%v)", name, info.Mode(), want, err)
		}
	}
	refused(t, path, fmt.Sprintf("the process with number %d has it open", os.Getpid()))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("left after Close: %v", left)
	}
	if err := os.WriteFile(holderFile(path), []byte("999999\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s = openFile(t, path)
	refused(t, path, fmt.Sprint(os.Getpid()))
	s.Close()
}

// TestNew: many may make the same store at once, and an empty file is as good
// as none; both end with one store.
func TestNew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dogear.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	openFile(t, path).Close()
	openFile(t, path).Close()

	path = filepath.Join(t.TempDir(), "dogear.db")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			s, err := Open(context.Background(), path)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if _, err := s.Move(context.Background(), killSeat(i), killBook, bot.Move{How: bot.Put, To: 5, Now: time.Now()}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s := openFile(t, path)
	defer s.Close()
	for i := range 8 {
		v, err := s.Look(context.Background(), bot.Visit{Seat: bot.Seat{Reader: killReader(i)}})
		if err != nil || v.Reader.Bookmarks[killBook].At != 5 {
			t.Errorf("reader %d was lost (%v)", i, err)
		}
	}
}

// TestSweep: expired tickets and posts do not pile up, at open and while in use.
func TestSweep(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dogear.db")
	s := openFile(t, path)
	count := func() (n int) {
		t.Helper()
		if err := s.view(context.Background(), func(tx *txn) error {
			n = len(tx.keysUnder(recordBuckets[bot.TicketRecord], nil)) + len(tx.keysUnder(recordBuckets[bot.PostRecord], nil))
			if expiries := len(tx.keysUnder(expiriesBucket, nil)); n != expiries {
				t.Errorf("%d tickets and posts, and %d expiries", n, expiries)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	now := time.Now()
	issue := func(i int, expires time.Time) {
		t.Helper()
		if err := s.Issue(context.Background(), "c", replyTicket(i), bot.Stub{Expires: expires}); err != nil {
			t.Fatal(err)
		}
	}
	post := func(i int, expires time.Time) {
		t.Helper()
		post := bot.Post{Channel: "h", Message: bot.MessageID(fmt.Sprint(i)), Holds: []bot.Ref{{Source: "s"}}, Expires: expires}
		if err := s.Post(context.Background(), "c", post); err != nil {
			t.Fatal(err)
		}
	}
	issue(0, now.Add(time.Hour))
	post(0, now.Add(time.Hour))
	for i := range 5 * sweepEvery {
		issue(1+i, now.Add(-time.Hour))
		post(1+i, now.Add(-time.Hour))
	}
	post(1, now.Add(time.Hour))
	for range 2 {
		post(1, now.Add(2*time.Hour)) // with one expiry, the last
	}
	if n := count(); n > sweepEvery+3 {
		t.Errorf("%d tickets and posts are kept", n)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openFile(t, path)
	defer s.Close()
	if n := count(); n != 3 {
		t.Errorf("%d tickets and posts after opening, want the three that are good", n)
	}
	if _, err := s.Ticket(context.Background(), "c", replyTicket(0), now.Add(2*time.Hour)); !errors.Is(err, bot.ErrNotFound) {
		t.Error(err)
	}
	if n := count(); n != 2 {
		t.Errorf("%d tickets and posts after a ticket was found expired, want the posts", n)
	}
	for i := range 2 {
		if err := s.Post(context.Background(), "c", bot.Post{Channel: "h", Message: bot.MessageID(fmt.Sprint(i))}); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(); n != 0 {
		t.Errorf("%d posts after they hold nothing, want none", n)
	}
}
