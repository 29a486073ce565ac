package redis

import (
	"fmt"
	"strings"
	"testing"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/store/redistest"
)

// controls renders what a reply quotes, says and can be reported by.
type controls struct {
	quoted
	report reply.Ticket
}

func (c *controls) Control(control reply.Control) {
	if control.Action == reply.Report {
		c.report = control.Ticket
	}
}

// TestTwoMasters: a library that was read from a master which has been replaced
// does not answer, though it was changed more often: the version that Look saw
// is another one.
func TestTwoMasters(t *testing.T) {
	const club = "club"
	was, is := redistest.Start(t), redistest.Start(t)
	options := Options{Prefix: fmt.Sprintf("test%d:", made.Add(1))}
	say := func(b *bot.Bot, line, ticket string) (string, string) {
		t.Helper()
		command, words := bot.Typed(line)
		if ticket != "" {
			words["ticket"] = ticket
		}
		req := bot.Request{Seat: bot.Seat{Club: club, Reader: "ann", Channel: "h"}, Command: command, Options: words, Moderator: true, Confirmed: true}
		var q controls
		b.Handle(t.Context(), req).Render(&q)
		return q.String(), string(q.report)
	}
	bring := func(b *bot.Bot, name, text string) {
		t.Helper()
		file := library.File{Name: name, Data: []byte("A review\n\n" + text)}
		if _, err := b.Import(t.Context(), club, bot.Import{Book: "never-let-me-go", Files: []library.File{file}}); err != nil {
			t.Fatal(err)
		}
	}
	old := bot.New(open(t, was.URL(), options), nil)
	bring(old, "r.txt", "The prose is quiet.")
	for key, value := range dumped(t, was, options.Prefix) {
		is.Do(t, "RESTORE", key, "0", value)
	}
	bring(old, "s.txt", "The pacing is slow.")
	bring(old, "u.txt", "The pacing is fast.")
	now := bot.New(open(t, is.URL(), options), nil)
	_, ticket := say(now, "/reviews read 1", "")
	if said, _ := say(now, "/report", ticket+".1"); !strings.Contains(said, "Thank you") {
		t.Fatal(said)
	}

	both := open(t, is.URL(), options)
	both.bulk.Close()
	both.bulk = open(t, was.URL(), options).bulk // its connections are older
	if said, _ := say(bot.New(both, nil), "how is the prose?", ""); strings.Contains(said, "quiet") {
		t.Errorf("what was reported is shown: %s", said)
	}
}
