package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dogear/adapters/console"
	"dogear/bot"
	"dogear/store"
	"dogear/store/redis"
	"dogear/store/redistest"
)

const (
	// canary is a sentence that is safe for everybody until it is reported.
	canary = "I loved the prose of this novel."
	wren   = "---\ntitle: A quiet book\nreviewer: Wren\n---\n\n" + canary + "\n\nI admired the pacing.\n"
)

// process is a dogear of its own that is spoken to through pipes.
type process struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

// dogearCommand returns a command of the binary on a store, in a home of its
// own. What does not end is ended in time for the test to say so.
func dogearCommand(t *testing.T, store string, args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
	t.Cleanup(cancel)
	home := t.TempDir()
	cmd := exec.CommandContext(ctx, "dogear", append([]string{"--store", store}, args...)...)
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "DOGEAR_REDIS_TIMEOUT=10s")
	return cmd
}

// begin starts a process that reads what it is told line by line.
func begin(t *testing.T, store string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: dogearCommand(t, store, args...)}
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewScanner(out)
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.in.Close()
		_ = p.cmd.Wait() // it may have been killed
	})
	return p
}

func (p *process) say(line string) {
	p.t.Helper()
	if _, err := fmt.Fprintln(p.in, line); err != nil {
		p.t.Fatal(err)
	}
}

// hear returns what the process says until a line that holds one of the words.
func (p *process) hear(words ...string) string {
	p.t.Helper()
	var heard strings.Builder
	for p.out.Scan() {
		fmt.Fprintln(&heard, p.out.Text())
		for _, word := range words {
			if strings.Contains(p.out.Text(), word) {
				return heard.String()
			}
		}
	}
	p.t.Fatalf("the process ended, and never said %q but: %s", words, heard.String())
	return ""
}

// dogear runs a command to its end and returns what it printed.
func dogear(t *testing.T, store string, in io.Reader, args ...string) string {
	t.Helper()
	cmd := dogearCommand(t, store, args...)
	var errs strings.Builder
	cmd.Stdin, cmd.Stderr = in, &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%q: %v\n%s%s", args, err, out, errs.String())
	}
	return string(out)
}

// importWren puts the review with the canary into a store's club.
func importWren(t *testing.T, store string, args ...string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "wren.md")
	if err := os.WriteFile(file, []byte(wren), 0o600); err != nil {
		t.Fatal(err)
	}
	dogear(t, store, nil, append(args, "import", "--book", "never-let-me-go", file)...)
}

// TestProcsReport shows that what one process has covered is covered in the
// others before their next answer, and open again there once the report is
// lifted: three conversations and a batch, each a process, on one Redis.
func TestProcsReport(t *testing.T) {
	changes := 3400
	if testing.Short() {
		changes /= 10
	}
	url := redistest.Start(t).URL()
	importWren(t, url)
	names := []string{"ann", "bea", "cal"}
	var chats []*process
	for _, name := range names {
		p := begin(t, url, "chat", "--moderator", "--as", name)
		p.hear("/quit leaves")
		chats = append(chats, p)
	}
	batch := begin(t, url, "ask", "--batch", "--veil", "hide")
	stale, answers := 0, 0
	look := func(but int, visible bool) {
		t.Helper()
		for i, p := range chats {
			if i != but {
				p.say("/reviews read 1")
			}
		}
		batch.say(`{"id":1,"q":"did people like the prose?","book":"never-let-me-go"}`)
		said := []string{batch.hear("}")}
		for i, p := range chats {
			if i != but {
				said = append(said, p.hear("/report: "))
			}
		}
		for _, s := range said {
			answers++
			if strings.Contains(s, canary) != visible {
				stale++
				t.Errorf("visible %v, want %v: %s", !visible, visible, s)
			}
		}
	}
	start := time.Now()
	for done := 0; done < changes && !t.Failed(); done += 2 {
		by := done / 2 % 3
		chats[by].say("/reviews read 1")
		chats[by].hear("/report: ")
		chats[by].say("/report 1")
		chats[by].hear("Thank you. ")
		look(by, false)
		lifter := (by + 1 + done/6%2) % 3
		chats[lifter].say("/club restore " + names[by])
		chats[lifter].hear("Lifted: 1 report ")
		look(lifter, true)
	}
	t.Logf("%d changes by 3 processes in %v, %d answers of 4, %d stale", changes, time.Since(start).Round(time.Millisecond), answers, stale)
}

// member is a bot on a store of its own, as a process has it.
type member struct {
	t    *testing.T
	bot  *bot.Bot
	name bot.ReaderID
}

func (m member) ask(line, ticket string) *console.Text {
	command, options := bot.Typed(line)
	if ticket != "" {
		options["ticket"] = ticket
	}
	var said console.Text
	m.bot.Handle(m.t.Context(), bot.Request{
		Seat:    bot.Seat{Club: "local", Reader: m.name, Channel: "c"},
		Command: command, Options: options, Moderator: true,
	}).Render(&said)
	return &said
}

// openPatiently opens a store for a test: a machine that others use may stand
// still for longer than serve waits.
func openPatiently(t *testing.T, url string) (bot.Store, error) {
	return store.OpenWith(t.Context(), url, redis.Options{Timeout: 10 * time.Second})
}

// join opens a store and runs a bot on it, as serve does, until the test ends.
func join(t *testing.T, url string, name bot.ReaderID) member {
	t.Helper()
	s, err := openPatiently(t, url)
	if err != nil {
		t.Fatal(err)
	}
	m := member{t, bot.New(s, nil), name}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { m.bot.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
		m.bot.Flush(context.Background())
		s.Close()
	})
	return m
}

// steps is how far the changes of a library have come: it counts up as one
// begins and as it is acknowledged. After 4n steps nothing is reported, after
// 4n+2 the canary is; between, nobody knows.
type steps struct{ atomic.Int64 }

// known reports whether the canary is to be seen, and whether that is known.
func (s *steps) known() (step int64, visible, known bool) {
	step = s.Load()
	return step, step%4 == 0, step%2 == 0
}

// TestBotsReport is TestProcsReport with bots that have a client each, while
// more readers ask all the time: whatever one asks when a change has been
// acknowledged, and gets before the next one begins, follows it.
func TestBotsReport(t *testing.T) {
	changes := 4000
	if testing.Short() {
		changes /= 10
	}
	url := redistest.Start(t).URL()
	importWren(t, url)
	members := []member{join(t, url, "ann"), join(t, url, "bea"), join(t, url, "cal")}
	var lib steps
	var asked, racing, stale atomic.Int64
	look := func(m member) {
		before, visible, known := lib.known()
		said := m.ask("/reviews read 1", "").String()
		if after := lib.Load(); !known || after != before {
			racing.Add(1)
			return
		}
		asked.Add(1)
		if strings.Contains(said, canary) != visible || !strings.Contains(said, "I admired the pacing.") {
			stale.Add(1)
			t.Errorf("visible %v, want %v: %s", !visible, visible, said)
		}
	}
	ended := make(chan struct{})
	var readers sync.WaitGroup
	for _, m := range members {
		m.name += "'s reader"
		readers.Go(func() {
			for {
				select {
				case <-ended:
					return
				default:
					look(m)
				}
			}
		})
	}
	start := time.Now()
	for done := 0; done < changes && !t.Failed(); done++ {
		by := members[done/2%3]
		lifter := members[(done/2+done/6)%3]
		var said string
		if done%2 == 0 {
			ticket := string(by.ask("/reviews read 1", "").Report)
			lib.Add(1)
			said = by.ask("/report", ticket+".1").String()
		} else {
			lib.Add(1)
			said = lifter.ask("/club restore "+string(by.name), "").String()
		}
		lib.Add(1)
		if !strings.HasPrefix(said, "Thank you. ") && !strings.HasPrefix(said, "Lifted: 1 report ") {
			t.Fatalf("change %d: %s", done, said)
		}
		var next sync.WaitGroup
		for _, m := range members {
			next.Go(func() { look(m) })
		}
		next.Wait()
	}
	close(ended)
	readers.Wait()
	t.Logf("%d changes by 3 bots in %v, %d answers (and %d while one was made), %d stale",
		changes, time.Since(start).Round(time.Millisecond), asked.Load(), racing.Load(), stale.Load())
}
