package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"log/slog"

	"dogear/adapters/console"
	"dogear/bot"
	"dogear/bot/reply"
	"dogear/store/redistest"
)

// town is the club of a platform, as clubs of the console are not.
const town = "discord:1"

// square is a platform of the test's own where messages are posted and edited.
type square struct {
	bot      *bot.Bot
	take     chan taken
	answered sync.WaitGroup

	mu    sync.Mutex
	said  map[bot.ReaderID]string    // the last reply to each
	edits map[bot.MessageID][]string // what messages were made to say
}

// taken is a request that its reader waits for.
type taken struct {
	bot.Request
	done chan struct{}
}

func newSquare() *square {
	return &square{take: make(chan taken), said: map[bot.ReaderID]string{}, edits: map[bot.MessageID][]string{}}
}

func (s *square) connect(_ config, b *bot.Bot, _ *slog.Logger) (platform, error) {
	s.bot = b
	b.EditWith("", s)
	return s, nil
}

func (s *square) Name() string { return "square" }
func (s *square) Ready() error { return nil }

func (s *square) Run(ctx context.Context) error {
	defer s.answered.Wait()
	for {
		select {
		case req := <-s.take:
			s.answered.Go(func() {
				defer close(req.done)
				said := textOf(s.bot.Handle(context.WithoutCancel(ctx), req.Request))
				s.mu.Lock()
				defer s.mu.Unlock()
				s.said[req.Reader] = said
			})
		case <-ctx.Done():
			return nil
		}
	}
}

// Edit implements bot.Poster.
func (s *square) Edit(_ context.Context, _ bot.ClubID, _ bot.ChannelID, message bot.MessageID, doc reply.PublicDoc) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.edits[message] = append(s.edits[message], textOf(doc))
	return nil
}

func (s *square) edited(message bot.MessageID) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.edits[message]
}

func textOf(doc reply.Doc) string {
	var text console.Text
	doc.Render(&text)
	return text.String()
}

// ask says something in the town.
func (s *square) ask(t *testing.T, reader, line string) string {
	t.Helper()
	return handles(t, s.bot, town, reader, line, "").String()
}

// post asks before the whole channel and posts the answer.
func (s *square) post(t *testing.T, message bot.MessageID) {
	t.Helper()
	req := bot.Request{
		Seat: bot.Seat{Club: town, Reader: "ann", Channel: "c"}, Room: true,
		Options: map[string]string{"question": "did people like the prose?", "book": "never-let-me-go"},
	}
	doc, ok := s.bot.Handle(t.Context(), req).(reply.PublicDoc)
	if !ok || !strings.Contains(textOf(doc), canary) {
		t.Fatalf("posted: %s", textOf(doc))
	}
	s.bot.Posted(t.Context(), req, doc, message)
}

// soon waits until something is so.
func soon(t *testing.T, what string, so func() bool) {
	t.Helper()
	for start := time.Now(); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > 30*time.Second {
			t.Fatalf("%s: not within %v", what, 30*time.Second)
		}
	}
}

// settled waits until all that was posted in the town is edited.
func settled(t *testing.T, server *redistest.Server) {
	t.Helper()
	club := "dogear:c:{discord%3a1}"
	soon(t, "posts are edited", func() bool {
		return server.Do(t, "HGET", club, "v") == server.Do(t, "HGET", club, "e") && server.Do(t, "EXISTS", club+":edits") == int64(0)
	})
}

// reportCanary covers the canary from the command line, where nothing can be edited.
func reportCanary(t *testing.T, url string) {
	t.Helper()
	out := dogear(t, url, strings.NewReader("/reviews read 1\n/report 1\n"), "--club", town, "chat", "--moderator", "--as", "mod")
	if !strings.Contains(out, "Thank you. ") {
		t.Fatal(out)
	}
}

// TestServeEditsOnce shows that what a process without a platform covers is
// edited by one of three that have one, and by the next that starts where none
// ran, before anybody asks.
func TestServeEditsOnce(t *testing.T) {
	server := redistest.Start(t)
	importWren(t, server.URL(), "--club", town)
	var serves []*running
	squares := []*square{newSquare(), newSquare(), newSquare()}
	for _, s := range squares {
		serves = append(serves, serve(t, server.URL(), "", s.connect))
	}
	soon(t, "all listen", func() bool {
		return server.Do(t, "PUBSUB", "NUMSUB", "dogear:changed").([]any)[1] == int64(3)
	})
	once := func(message bot.MessageID, of []*square) {
		t.Helper()
		var all []string
		for _, s := range of {
			all = append(all, s.edited(message)...)
		}
		if len(all) != 1 || strings.Contains(all[0], canary) {
			t.Errorf("%s was edited %d times: %q", message, len(all), all)
		}
	}
	squares[0].ask(t, "bea", "progress")
	settled(t, server)
	squares[0].post(t, "m1")
	reportCanary(t, server.URL())
	settled(t, server)
	once("m1", squares)

	dogear(t, server.URL(), strings.NewReader("/club restore mod\n"), "--club", town, "chat", "--moderator")
	settled(t, server)
	squares[1].post(t, "m2")
	for _, r := range serves {
		r.stop()
		if err := <-r.done; err != nil {
			t.Error(err)
		}
	}
	reportCanary(t, server.URL())
	next := newSquare()
	serve(t, server.URL(), "", next.connect)
	settled(t, server)
	once("m2", append(squares, next))
}

// TestServeStopsSaved stops three processes while readers tell them their
// places: whatever was said to be saved is in the store.
func TestServeStopsSaved(t *testing.T) {
	server := redistest.Start(t)
	importWren(t, server.URL(), "--club", town)
	var serves []*running
	squares := []*square{newSquare(), newSquare(), newSquare()}
	for _, s := range squares {
		serves = append(serves, serve(t, server.URL(), "", s.connect))
	}
	var readers sync.WaitGroup
	stopped := make(chan struct{})
	for i, s := range squares {
		for worker := range 8 {
			readers.Go(func() {
				for n := 0; ; n++ {
					req := taken{done: make(chan struct{}), Request: bot.Request{
						Seat:    bot.Seat{Club: town, Reader: bot.ReaderID(fmt.Sprint("reader ", i, worker, n)), Channel: "c"},
						Command: "progress", Options: map[string]string{"place": fmt.Sprint(1 + n%20)},
					}}
					select {
					case s.take <- req:
						<-req.done
					case <-stopped:
						return
					}
				}
			})
		}
	}
	heard := func() (n int) {
		for _, s := range squares {
			s.mu.Lock()
			n += len(s.said)
			s.mu.Unlock()
		}
		return n
	}
	soon(t, "readers are answered", func() bool { return heard() > 1000 })
	before := heard()
	for _, r := range serves {
		r.stop()
	}
	for _, r := range serves {
		if err := <-r.done; err != nil {
			t.Error(err)
		}
	}
	close(stopped)
	readers.Wait()
	s, err := openPatiently(t, server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	saved := 0
	for _, sq := range squares {
		for reader, said := range sq.said {
			var place int
			if n, _ := fmt.Sscanf(said, "Saved. Your place in Never Let Me Go: chapter %d of", &place); n != 1 {
				t.Errorf("%s heard: %s", reader, said)
				continue
			}
			saved++
			view, err := s.Look(t.Context(), bot.Visit{Seat: bot.Seat{Club: town, Reader: reader}})
			if at := view.Reader.Bookmarks[bot.BookKey{Book: "never-let-me-go"}].At; err != nil || int(at) != place {
				t.Errorf("%s is at %d, %v; it was said to be %d", reader, at, err, place)
			}
		}
	}
	t.Logf("%d places were acknowledged, %d of them after the signal, and all are kept", saved, saved-before)
}
