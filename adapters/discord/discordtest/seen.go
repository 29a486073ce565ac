package discordtest

import (
	"slices"
	"strings"
	"time"
)

// Seen is what a reader sees of what an act of theirs has led to.
type Seen struct {
	Messages []Message // new or changed, oldest first
	Gone     []string  // ids of messages that were deleted
	Modal    *Modal    // nil: none was opened
	Choices  []Choice  // of an autocompletion
	Failed   bool      // "The application did not respond", or no answer to a mention
	Thinking bool      // deferred, and nothing came
	Status   int       // of a delivery over HTTP; 0: there was none

	wait *wait
}

// Choice is what an autocompletion offers.
type Choice struct {
	Name  string
	Value any
}

// Modal is a form that is open before a reader.
type Modal struct {
	CustomID string
	Title    string
	Fields   []Component // with the labels that the reader sees

	raw    []any
	origin *interaction
}

// Message is the newest message; the zero one where there is none.
func (s Seen) Message() Message {
	if len(s.Messages) == 0 {
		return Message{}
	}
	return s.Messages[len(s.Messages)-1]
}

// Text is the contents of all messages, one a line.
func (s Seen) Text() string {
	var out []string
	for _, m := range s.Messages {
		out = append(out, m.Content)
	}
	return strings.Join(out, "\n")
}

// Strings are all strings that the reader may come to see.
func (s Seen) Strings() []string {
	var out []string
	for _, m := range s.Messages {
		out = append(out, m.Strings()...)
	}
	for _, c := range s.Choices {
		out = stringsOf(c.Value, append(out, c.Name))
	}
	if s.Modal != nil {
		out = append(out, s.Modal.Title)
		for _, f := range s.Modal.Fields {
			out = append(out, f.Label, f.Placeholder, f.Value)
		}
	}
	return out
}

// Until waits until what the reader sees is as a test wants it; where it never
// is, the test fails. For what comes later than a moment after the answer.
func (s Seen) Until(what string, holds func(Seen) bool) Seen {
	if s.wait == nil {
		return s
	}
	s.wait.d.t.Helper()
	s.wait.d.Await(what, func() bool {
		s = s.wait.seen()
		return holds(s)
	})
	return s
}

// wait is the wait for the answer to one act.
type wait struct {
	d       *Discord
	reader  *Reader
	channel *Channel
	in      *interaction // nil: a message, no interaction
	message *message     // nil: an interaction
	since   int64
	began   time.Time
	spoilt  bool // nothing is expected
}

// ticks is into how many parts the quiet after an answer is cut. They are
// counted, not the time: where the machine is busy, the bot is as slow as the
// count is.
const ticks = 12

// settle waits until the answer is complete.
func (w *wait) settle() Seen {
	w.d.t.Helper()
	tick := time.NewTicker(max(w.d.quiet/ticks, time.Millisecond))
	defer tick.Stop()
	var last time.Time
	for calm := 0; calm < ticks; calm++ {
		<-tick.C
		w.d.mu.Lock()
		a := *w.d.about(w.channel.ID)
		if w.in != nil {
			a = a.with(w.d.about(w.in.token))
		}
		busy, over := a.open > 0 || time.Now().Before(a.owed) || w.unanswered(), w.over()
		w.d.mu.Unlock()
		if over && a.open == 0 {
			break
		}
		if busy || a.last != last {
			calm = -1
		}
		last = a.last
	}
	s := w.seen()
	w.d.mu.Lock()
	defer w.d.mu.Unlock()
	if !w.spoilt && (s.Failed || s.Thinking) {
		w.d.violate(Answers, "%s got no answer in #%s", w.reader.Name, w.channel.Name)
	}
	return s
}

// over reports whether nobody waits any longer. The lock is held.
func (w *wait) over() bool {
	switch in := w.in; {
	case in != nil && in.first == 0:
		return in.failed || w.d.waited(in) > firstResponseWithin
	case in != nil && in.first == answerDeferredEdit && in.pending && w.unanswered():
		return w.d.waited(in) > firstResponseWithin // it may have been all
	}
	return time.Since(w.began) > w.d.patience
}

// unanswered reports whether something must still come. The lock is held.
func (w *wait) unanswered() bool {
	if in := w.in; in != nil && (!in.pending || in.first != answerDeferredEdit) {
		return in.first == 0 || in.pending
	}
	return !slices.ContainsFunc(w.channel.messages, w.follows)
}

// follows reports whether a message is new or changed since the act, by the bot
// and for no interaction; where the act was a message: one that answers it.
func (w *wait) follows(m *message) bool {
	return m.author == nil && m.of == nil && m.changed > w.since &&
		(w.message == nil || w.channel.guild == nil || m.reference == w.message.id)
}

// seen is what the reader sees now.
func (w *wait) seen() Seen {
	w.d.mu.Lock()
	defer w.d.mu.Unlock()
	s := Seen{wait: w}
	for _, m := range w.channel.messages {
		own := w.in != nil && slices.Contains(w.in.touched, m)
		switch {
		case !own && !w.follows(m) || m.only != nil && m.only != w.reader.user:
		case m.deleted:
			s.Gone = append(s.Gone, m.id)
		default:
			s.Messages = append(s.Messages, m.view())
		}
	}
	if in := w.in; in != nil {
		s.Status = in.status
		s.Failed = in.first == 0
		s.Thinking = in.pending && in.first == answerDeferred
		for _, v := range in.choices {
			c, _ := v.(object)
			s.Choices = append(s.Choices, Choice{text(c, "name"), c["value"]})
		}
		if o := in.modal; o != nil {
			s.Modal = &Modal{text(o, "custom_id"), text(o, "title"), flatten(list(o, "components")), list(o, "components"), in}
		}
	} else {
		s.Failed = w.unanswered()
	}
	return s
}
