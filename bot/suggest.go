package bot

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// Suggest returns up to 25 values for an option of a request, of which the
// reader has typed something or nothing yet; the other options that they have
// given count. What it returns is for that reader alone, as far as they
// themselves have read. It returns nothing for what takes any value, for what
// the reader may not do, and where it does not know: it never fails.
//
// It comes with every key stroke, so it takes nothing of what the reader may
// ask. It has an allowance of its own, in this process: ten key strokes for
// each question.
func (b *Bot) Suggest(ctx context.Context, req Request, option string) (choices []reply.Choice) {
	ctx, _ = withRequestID(ctx)
	defer func() {
		if p := recover(); p != nil {
			b.log.ErrorContext(ctx, "nothing was suggested", "club", req.Club, "cause", fmt.Sprintf("panic: %T", p))
			choices = nil
		}
	}()
	cmd, ok := commandNamed(req.Command)
	if !ok {
		return nil
	}
	i := slices.IndexFunc(cmd.Options, func(o Option) bool { return o.Name == option && o.suggest != nil })
	if i < 0 || !b.typing.take(req.Reader, b.rate, b.now()) {
		return nil
	}
	req.Command, req.Options = cmd.Name, maps.Clone(req.Options)
	req.Room, req.Event, req.again = false, "", true
	t, err := b.turn(ctx, req)
	if err != nil || !t.may(cmd) {
		return nil
	}
	s := suggestion{turn: t, typed: strings.TrimSpace(req.Options[option])}
	if option != "book" {
		if t.blind != nil {
			return nil
		}
		if s.book, err = t.book(t.option("book"), ""); err != nil && cmd.takes("book") {
			return nil
		}
	}
	s.horizon, _ = t.audience(s.book.ID)
	s.menu = reply.NewMenu(reply.In(s.req.Language), s.horizon, s.typed)
	cmd.Options[i].suggest(s)
	return s.menu.Choices()
}

// suggestion is a menu being filled for whoever types.
type suggestion struct {
	*turn
	typed   string
	book    library.Book // that the request is about; zero for the option that names it
	horizon spoiler.Horizon
	menu    *reply.Menu
}

// may reports whether whoever asks may use a command at all.
func (t *turn) may(cmd Command) bool {
	return t.standing().AtLeast(cmd.For) && (!cmd.steers || t.maySteer() == nil)
}

// takes reports whether a command has an option of that name.
func (c Command) takes(name string) bool {
	return slices.ContainsFunc(c.Options, func(o Option) bool { return o.Name == name })
}

// books suggests books: the channel's, then those whose title begins with what
// was typed, then others that it fits.
func (s suggestion) books() {
	typed := strings.ToLower(s.typed)
	order := func(b library.Book) int {
		switch {
		case b.ID == s.view.Channel.Book:
			return 0
		case strings.HasPrefix(strings.ToLower(b.Title), typed):
			return 1
		}
		return 2
	}
	books := slices.SortedStableFunc(slices.Values(s.club.books), func(a, b library.Book) int { return cmp.Compare(order(a), order(b)) })
	for _, b := range books {
		label := reply.Words("{1}", reply.Name(b.Title))
		if b.Author != "" {
			label = reply.Words("{1} by {2}", reply.Name(b.Title), reply.Name(b.Author))
		}
		called := func(name string) bool { return reply.Fits(s.typed, name) }
		if called(label.String()) || called(string(b.ID)) || slices.ContainsFunc(b.Also, called) {
			s.menu.Always(string(b.ID), label)
		}
	}
}

// choices suggests books for a channel to read, and none where it reads one.
func (s suggestion) choices() {
	s.books()
	if s.stored.Book != "" {
		s.menu.Fitting("none", reply.Words("none: no book any more"))
	}
}

// typing is how much each reader has had suggested, in this process. The zero
// value is ready for use.
type typing struct {
	mu    sync.Mutex
	state map[ReaderID]time.Time
	swept time.Time
}

// keyStrokes is how many of them are reckoned for a question.
const keyStrokes = 10

// take reports whether a reader who may ask at a rate may have something
// suggested, and takes it from what they may.
func (t *typing) take(reader ReaderID, asking Rate, now time.Time) bool {
	r := Rate{Burst: asking.Burst * keyStrokes, Every: asking.Every / keyStrokes}
	t.mu.Lock()
	defer t.mu.Unlock()
	if whole := time.Duration(r.Burst) * r.Every; now.Sub(t.swept) > whole {
		// Whoever has all of it again is not kept in mind.
		maps.DeleteFunc(t.state, func(_ ReaderID, full time.Time) bool { return !full.After(now) })
		t.swept = now
	}
	next, wait := r.Take(t.state[reader], now)
	if next.After(now) {
		if t.state == nil {
			t.state = map[ReaderID]time.Time{}
		}
		t.state[reader] = next
	}
	return wait == 0
}
