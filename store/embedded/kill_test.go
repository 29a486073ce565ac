package embedded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/store/storetest"
)

// childEnv and holdEnv name the store file to a child of these tests.
const (
	childEnv = "DOGEAR_TEST_STORE"
	holdEnv  = "DOGEAR_TEST_HOLD"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(holdEnv); path != "" {
		s, err := Open(context.Background(), path)
		fmt.Println("open", err)
		_, _ = io.Copy(io.Discard, os.Stdin) // until the parent ends it
		s.Close()
		os.Exit(0)
	}
	if path := os.Getenv(childEnv); path != "" {
		if err := updateUntilKilled(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const (
	killRounds  = 20
	killReaders = 4 // they update at once, so that syncs are shared
	killUpdates = 1000
)

var killBook = bot.BookKey{Book: "emma"}

func killReader(i int) bot.ReaderID { return bot.ReaderID(fmt.Sprint("reader", i)) }

func killSeat(i int) bot.Seat { return bot.Seat{Club: "c", Reader: killReader(i)} }

// updateUntilKilled moves each reader on, a chapter an update, and prints every
// update that the store acknowledged, once it has.
func updateUntilKilled(path string) error {
	s, err := Open(context.Background(), path)
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Println("open 0")
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range killUpdates / killReaders {
			// Each of these changes several records, of several kinds.
			id := library.SourceID(fmt.Sprint(i))
			_, err := s.Change(context.Background(), "c", bot.Change{
				Base: bot.AnyVersion, PutSources: []library.Source{storetest.Source(id, 1)},
				PutRulings: []bot.Ruling{{Sentence: library.SentenceID(id)}}, Entry: bot.Entry{What: "import"},
			})
			post := bot.Post{Channel: "h", Message: bot.MessageID(id), Holds: []bot.Ref{{Source: id}}, Expires: time.Now().Add(time.Hour)}
			err = errors.Join(err, s.Post(context.Background(), "c", post), s.Tally(context.Background(), "c", map[library.SentenceID]int{"a": 1, "b": 1}))
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				return
			}
		}
	})
	for i := range killReaders {
		wg.Go(func() {
			for range killUpdates / killReaders {
				v, err := s.Look(context.Background(), bot.Visit{Seat: bot.Seat{Reader: killReader(i)}})
				if err == nil {
					to := v.Reader.Bookmarks[killBook].At + 1
					if _, err = s.Move(context.Background(), killSeat(i), killBook, bot.Move{How: bot.Advance, To: to, Now: time.Now()}); err == nil {
						fmt.Printf("%s %d\n", killReader(i), to) // one write, to a pipe: not buffered here
					}
				}
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
			}
		})
	}
	wg.Wait()
	return nil
}

// TestKill kills a process in the middle of its updates, again and again: the
// store opens, has all that was acknowledged, and at most the one update that
// each reader had under way besides.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dogear.db")
	last := map[bot.ReaderID]spoiler.Position{}
	acked, killed := 0, 0
	for round := range killRounds {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childEnv+"="+path)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// Most rounds are killed after some number of acknowledgements,
		// some at any time, from before the file is there.
		after := rand.IntN(killUpdates)
		if round%4 == 0 {
			timer := time.AfterFunc(time.Duration(rand.IntN(60))*time.Millisecond, func() { cmd.Process.Kill() })
			defer timer.Stop()
		}
		n := -1
		for lines := bufio.NewScanner(out); lines.Scan(); n++ {
			var who string
			var at spoiler.Position
			if _, err := fmt.Sscan(lines.Text(), &who, &at); err != nil {
				break // cut short by the kill, and so not counted
			}
			if at > 0 {
				last[bot.ReaderID(who)] = max(last[bot.ReaderID(who)], at)
			}
			if n == after {
				cmd.Process.Kill()
			}
		}
		acked += max(n, 0)
		if cmd.Wait() != nil {
			killed++
		}

		s := openFile(t, path)
		for i := range killReaders {
			v, err := s.Look(context.Background(), bot.Visit{Seat: bot.Seat{Reader: killReader(i)}})
			if err != nil {
				t.Fatal(err)
			}
			at, want := v.Reader.Bookmarks[killBook].At, last[killReader(i)]
			if at < want || at > want+1 {
				t.Errorf("round %d: reader %d is at %d, and %d was acknowledged", round, i, at, want)
			}
			last[killReader(i)] = at
		}
		wholeAfterKill(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d of %d rounds killed, %d updates acknowledged, none lost", killed, killRounds, acked)
	if killed < killRounds/2 {
		t.Errorf("only %d of %d rounds were killed", killed, killRounds)
	}
}

// wholeAfterKill checks that of what changes together, all is there or none.
func wholeAfterKill(t *testing.T, s *Store) {
	t.Helper()
	shelf, err := s.Shelf(context.Background(), "c")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := s.Log(context.Background(), "c", bot.MaxLog)
	if err != nil {
		t.Fatal(err)
	}
	if uint64(len(entries)) != shelf.Version.N || len(shelf.Sources) != len(shelf.Rulings) {
		t.Errorf("version %d, %d entries, %d sources, %d rulings", shelf.Version.N, len(entries), len(shelf.Sources), len(shelf.Rulings))
	}
	counts, err := s.Tallies(context.Background(), "c")
	if err != nil || counts["a"] != counts["b"] {
		t.Errorf("tallies %v (%v)", counts, err)
	}
	err = s.view(context.Background(), func(tx *txn) error {
		posts, expiries := len(tx.keysUnder(recordBuckets[bot.PostRecord], nil)), len(tx.keysUnder(expiriesBucket, nil))
		if posts != expiries {
			t.Errorf("%d posts and %d expiries", posts, expiries)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestHolder: another process that has the file is named, and once it is
// killed the file is free.
func TestHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dogear.db")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdEnv+"="+path)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "open <nil>" {
		t.Fatalf("the child says %q", lines.Text())
	}
	refused(t, path, fmt.Sprintf("the process with number %d has it open", cmd.Process.Pid))
	cmd.Process.Kill()
	_ = cmd.Wait()
	openFile(t, path).Close()
}
