package discord_test

import (
	"fmt"
	"strings"

	"dogear/adapters/discord/discordtest"
)

// act is one thing that somebody does, and what comes of it is judged.
func (l *life) act() {
	l.t.Helper()
	r, in := l.readers[l.rng.IntN(len(l.readers))], l.rooms[l.rng.IntN(len(l.rooms))]
	if l.rng.IntN(6) == 0 {
		in = r.direct
	}
	sees := r.audience
	var seen discordtest.Seen
	switch n := l.rng.IntN(100); {
	case n < 30:
		seen = r.Slash(in.Channel, "ask", l.maybe(discordtest.Opt{"question": l.question(), "book": book}, in))
	case n < 60:
		var showing bool
		if seen, showing = l.use(r, in); showing {
			sees.past = uncovered // they have said yes to just that
		}
	case n < 80:
		seen = l.read(r, in)
	case n < 85:
		l.suggested(r, in)
	case n < 90:
		if in.audience == nil {
			seen = r.DM(l.question())
		} else {
			seen = r.Mention(in.Channel, l.question())
		}
	case n < 93:
		l.place(r, []int{0, 3, 7, 12, end}[l.rng.IntN(5)])
	case n < 96:
		veil := l.rng.IntN(3)
		seen = r.Slash(in.Channel, "spoilers", discordtest.Opt{"veil": []string{"hide", "tag", "show"}[veil]})
		r.past = past(veil)
		sees = r.audience
	case n < 98:
		if room := l.rooms[l.rng.IntN(len(l.rooms))]; l.rng.IntN(2) == 0 {
			l.pace(room, []int{0, 7, 12, end}[l.rng.IntN(4)])
		} else {
			l.tags(room, []string{"on", "button", "off"}[l.rng.IntN(3)])
		}
	default:
		l.write(r, in)
	}
	l.see(r, in, sees, seen)
	l.lookAround()
}

// see judges what an act has led to.
func (l *life) see(r *somebody, in *room, sees audience, seen discordtest.Seen) {
	l.t.Helper()
	for _, m := range seen.Messages {
		if m.Ephemeral || in.audience == nil {
			l.judge.message(r.Name+"'s", m, sees)
		}
	}
	for _, c := range seen.Choices {
		l.judge.label("a choice", c.Name, r.at)
	}
	if m := seen.Modal; m != nil {
		l.judge.label("a title", m.Title, r.at)
		for _, f := range m.Fields {
			l.judge.label("a field", strings.Join([]string{f.Label, f.Placeholder, f.Value}, "\n"), r.at)
		}
	}
}

// question is one that a reader asks, half of them after what is hidden.
func (l *life) question() string {
	all := []string{
		"how is the prose?", "does Tommy die?", "is it long?", "i'm on ch 4, how is the pacing?", "tell me about Tommy's donation", "what does Ruth find?",
		"what is the ending like?", "tell me about canary%dx", "what is canary%dx?", "who is canary%dx and Tommy?", "what becomes of the canary%dx?",
		"tell me about canary%dx and Tommy's donation", "i'm on ch 4, what is canary%dx?",
	}
	q := all[l.rng.IntN(len(all))]
	if strings.Contains(q, "%d") {
		q = fmt.Sprintf(q, 1+l.rng.IntN(40)) // of the first review: what was opened early is there
	}
	return q
}

// maybe asks for a public answer, half of the time.
func (l *life) maybe(o discordtest.Opt, in *room) discordtest.Opt {
	if in.audience != nil && l.rng.IntN(2) == 0 {
		o["share"] = "yes"
	}
	return o
}

// use presses or chooses something below a message that the reader sees, and
// reports whether that says yes to what is past their place.
func (l *life) use(r *somebody, in *room) (seen discordtest.Seen, showing bool) {
	type part struct {
		m discordtest.Message
		c discordtest.Component
	}
	var all []part
	for _, m := range r.Sees(in.Channel) {
		for _, c := range m.Components {
			all = append(all, part{m, c})
		}
	}
	if len(all) == 0 {
		return seen, false
	}
	p := all[max(len(all)-1-l.rng.IntN(30), 0)] // one of the latest
	if len(p.c.Items) == 0 {
		seen = r.Press(p.m, p.c.CustomID)
		return seen, p.c.Label == "Yes, show it to me"
	}
	item := p.c.Items[l.rng.IntN(len(p.c.Items))]
	if strings.HasPrefix(p.c.CustomID, "place:") {
		if item.Value == "finished" {
			return seen, false // that takes a yes
		}
		defer func() {
			if strings.Contains(plain(seen.Text()), "Saved. Your place") {
				_, _ = fmt.Sscan(item.Value, &r.at)
			}
		}()
	}
	return r.Select(p.m, p.c.CustomID, item.Value), false
}

// read looks at the library.
func (l *life) read(r *somebody, in *room) discordtest.Seen {
	n := 1 + l.rng.IntN(8)
	opt := func(name string, value any) discordtest.Opt { return discordtest.Opt{name: value, "book": book} }
	about := discordtest.Opt{"book": book}
	switch l.rng.IntN(10) {
	case 0:
		return r.Slash(in.Channel, "reviews list", about)
	case 1, 2, 3:
		return r.Slash(in.Channel, "reviews read", opt("review", fmt.Sprint(n)))
	case 4:
		return r.Slash(in.Channel, "reviews by", discordtest.Opt{"reviewer": fmt.Sprintf("Reviewer%d", n)})
	case 5:
		return r.Slash(in.Channel, "reviews verdict", about)
	case 6:
		return r.Slash(in.Channel, "faq list", about)
	case 7:
		return r.Slash(in.Channel, "faq read", opt("which", fmt.Sprint(n)))
	case 8:
		return r.Slash(in.Channel, "book about", about)
	}
	return r.Slash(in.Channel, "privacy show")
}

// suggested types into an option.
func (l *life) suggested(r *somebody, in *room) {
	o := []struct{ command, option string }{
		{"faq read", "which"}, {"reviews read", "review"}, {"reviews by", "reviewer"}, {"progress", "place"}, {"ask", "book"}, {"club remove", "which"},
		{"club preview", "review"}, {"reviews edit", "which"},
	}[l.rng.IntN(8)]
	typed := []string{"", "c", "canary", "1", "What becomes", "R"}[l.rng.IntN(6)]
	for _, c := range r.Autocomplete(in.Channel, o.command, o.option, typed) {
		l.judge.label(o.command+"'s "+o.option, c.Name, r.at)
		if s, _ := c.Value.(string); canaryWord.MatchString(s) {
			l.t.Errorf("the value of a choice is %q", s)
		}
	}
}

// write hands in a review, and the moderator approves it.
func (l *life) write(r *somebody, in *room) {
	seen := r.Slash(in.Channel, "reviews add", discordtest.Opt{"book": book})
	if seen.Modal == nil {
		l.t.Errorf("no modal for %s in %s", r.Name, in.name)
		return
	}
	l.see(r, in, r.audience, seen)
	text := fmt.Sprintf("I loved the prose. The %s comes to nothing.", l.canary())
	l.see(r, in, r.audience, r.Submit(seen.Modal, map[string]string{"title": l.canary(), "text": text}))
	l.mo.Slash(l.books, "club approve", discordtest.Opt{"which": "1"})
}
