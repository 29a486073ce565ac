package redis

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/store/redistest"
)

// quoted renders what a reply quotes and says.
type quoted struct{ strings.Builder }

func (q *quoted) Line(l reply.Line)                            { fmt.Fprintln(q, l.Text()) }
func (q *quoted) Quote(text reply.Quotation)                   { fmt.Fprintln(q, text.Text) }
func (q *quoted) Source(int, reply.Citation)                   {}
func (q *quoted) Spoiler(reply.Ticket, func() reply.Quotation) {}
func (q *quoted) Control(reply.Control)                        {}

// TestBackInTime: a club whose server lost its last changes in a failover is
// read anew by a bot that had them in memory, also where it has been changed as
// often again; moderators' changes are made to what is there.
func TestBackInTime(t *testing.T) {
	const club, book = "club", "never-let-me-go"
	server := redistest.Start(t)
	for _, again := range []bool{false, true} {
		t.Run(fmt.Sprint("again=", again), func(t *testing.T) {
			options := Options{Prefix: fmt.Sprintf("test%d:", made.Add(1))}
			s := open(t, server.URL(), options)
			had, other := bot.New(s, nil), bot.New(open(t, server.URL(), options), nil)
			say := func(b *bot.Bot, line string) string {
				t.Helper()
				command, words := bot.Typed(line)
				req := bot.Request{Seat: bot.Seat{Club: club, Reader: "ann", Channel: "h"}, Command: command, Options: words, Moderator: true, Confirmed: true}
				var q quoted
				b.Handle(t.Context(), req).Render(&q)
				return q.String()
			}
			bring := func(b *bot.Bot, text string) {
				t.Helper()
				file := library.File{Name: "r.txt", Data: []byte("A review\n\n" + text)}
				if _, err := b.Import(t.Context(), club, bot.Import{Book: book, Files: []library.File{file}}); err != nil {
					t.Fatal(err)
				}
			}
			version := func() bot.Version {
				t.Helper()
				v, err := s.Look(context.Background(), bot.Visit{Seat: bot.Seat{Club: club}})
				if err != nil {
					t.Fatal(err)
				}
				return v.Version
			}
			says := func(b *bot.Bot, want string) {
				t.Helper()
				if got := say(b, "how is the prose?"); !strings.Contains(got, want) || want != "calm" && strings.Contains(got, "calm") {
					t.Errorf("no %q, or what was lost, in:\n%s", want, got)
				}
			}

			bring(had, "The prose is quiet.")
			says(had, "quiet")
			before, was := dumped(t, server, options.Prefix), version()
			bring(had, "The prose is calm.")
			says(had, "calm")
			lost := version()
			restored(t, server, options.Prefix, before)
			if version() != was {
				t.Fatalf("version %v, want %v", version(), was)
			}
			want := "quiet"
			if again {
				want = "precise"
				bring(other, "The prose is precise.")
				if now := version(); now.N != lost.N || now.Mark == lost.Mark {
					t.Fatalf("version %v, and the lost one was %v", now, lost)
				}
			}
			says(had, want)
			bring(had, "The prose is dense.")
			says(had, "dense")
			says(other, "dense")
			if now, want := version().N, was.N+1; !again && now != want || again && now != want+1 {
				t.Errorf("version %d after %d", now, was.N)
			}
		})
	}
}

// dumped returns the keys with a prefix, by name.
func dumped(t *testing.T, server *redistest.Server, prefix string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, key := range server.Keys(t) {
		if strings.HasPrefix(key, prefix) {
			out[key] = server.Do(t, "DUMP", key).(string)
		}
	}
	return out
}

// restored makes the keys with a prefix what they were when they were dumped.
func restored(t *testing.T, server *redistest.Server, prefix string, dump map[string]string) {
	t.Helper()
	for _, key := range server.Keys(t) {
		if strings.HasPrefix(key, prefix) {
			server.Do(t, "DEL", key)
		}
	}
	for key, value := range dump {
		server.Do(t, "RESTORE", key, "0", value)
	}
}
