package slack_test

import (
	"fmt"
	"strings"

	"dogear/adapters/slack/slacktest"
)

// converse is something that somebody does, and then what comes of it is used.
func (l *life) converse() {
	l.t.Helper()
	r := l.readers[l.rng.IntN(len(l.readers))]
	in := l.rooms[len(l.readers)+l.rng.IntN(len(l.rooms)-len(l.readers))]
	if l.rng.IntN(6) == 0 {
		in = &room{Channel: r.DMs(), of: r}
	}
	seen := l.begin(r, in)
	for range 1 + l.rng.IntN(3) {
		var used bool
		if seen, used = l.use(r, seen); !used {
			return
		}
	}
}

// act notes what an act is, does it and has it judged.
func (l *life) act(r *somebody, what string, consents bool, do func() slacktest.Seen) slacktest.Seen {
	l.t.Helper()
	l.last = what
	l.did[what]++
	seen := do()
	l.look()
	l.judge.look(l, r, consents)
	return seen
}

// begin does something that nothing that stands there is needed for.
func (l *life) begin(r *somebody, in *room) slacktest.Seen {
	l.t.Helper()
	slash := func(words string) slacktest.Seen {
		name, _, _ := strings.Cut(words, " ")
		queue := r.moderates && words == "club queue" // which asks no yes of who has finished
		return l.act(r, "/"+name, queue && r.now.at == end, func() slacktest.Seen { return r.Slash(in.Channel, words) })
	}
	switch n := l.rng.IntN(100); {
	case n < 25:
		return slash(l.question())
	case n < 40:
		return l.aloud(r, in)
	case n < 52:
		return slash(l.reading())
	case n < 57:
		return l.act(r, "home", false, r.OpenHome)
	case n < 60:
		return slash("")
	case n < 65:
		at := []int{0, 3, 7, 12, end}[l.rng.IntN(5)]
		return slash("progress " + l.pick(said(at), said(at), "undo", "35%"))
	case n < 68:
		return slash("spoilers " + l.pick("hide", "tag", "show"))
	case n < 75:
		from := l.chapter()
		seen := slash("spoiler " + strings.Replace(said(from), "finished", "end", 1))
		return l.write(r, seen, from)
	case n < 78:
		return l.write(r, slash("reviews add"), end)
	case n < 88:
		r = l.mods[l.rng.IntN(len(l.mods))]
		if in.of != nil {
			in = &room{Channel: r.DMs(), of: r}
		}
		seen := slash(l.pick("club queue", "club queue", "club queue", "club preview finished 2", "club preview 12", "club proposals", "club approve 1", "club sources", "club log", "club edit"))
		for used := true; used && l.rng.IntN(4) > 0; {
			seen, used = l.use(r, seen)
		}
		return slacktest.Seen{}
	case n < 91:
		return l.steer(in)
	case n < 95:
		return l.visit()
	}
	return l.press(r, in)
}

// aloud says something that a channel hears, in a thread or not, or directly.
func (l *life) aloud(r *somebody, in *room) slacktest.Seen {
	words := l.question()
	if l.rng.IntN(5) == 0 {
		words = l.pick("progress 22", "/spoilers show", "/reviews read 2", "/club queue", "/privacy export", "/home", "/reviews list")
	}
	var below slacktest.Message
	if all := in.Messages(); len(all) > 0 && l.rng.IntN(2) == 0 {
		below = all[l.rng.IntN(len(all))]
	}
	return l.act(r, "said", false, func() slacktest.Seen {
		switch {
		case in.of != nil && below.TS != "":
			return r.DMIn(below, words)
		case in.of != nil:
			return r.DM(words)
		case below.TS != "":
			return r.MentionIn(below, words)
		}
		return r.Mention(in.Channel, words)
	})
}

// write fills the form that somebody has before them with texts that have canaries,
// safe from some chapter on, and sends it.
func (l *life) write(r *somebody, seen slacktest.Seen, from int) slacktest.Seen {
	l.t.Helper()
	v := seen.View()
	if v.Submit == "" || !strings.HasPrefix(v.Callback, "form:") {
		return seen // it was refused
	}
	if ticket, ok := strings.CutPrefix(v.Callback, "form:rewrite:ticket="); ok {
		if from, ok = l.froms[ticket]; !ok {
			return seen
		}
	}
	source := fmt.Sprintf("%s's %d", r.Name, l.next)
	with := map[string]string{}
	for _, e := range v.Elements() {
		switch {
		case e.Block == "text":
			with["text"] = "Tommy gives away the " + l.canary(source, from) + " *there* <!here>."
		case e.Block == "title":
			with["title"] = "The " + l.title(source)
		case e.Block == "place" && strings.HasPrefix(v.Callback, "form:spoiler"): // it stays as it was given
		case e.Type == "external_select" && e.Block != "book":
			options := r.Options(v, e.Action, l.pick("", "", "R"))
			if len(options) == 0 {
				return seen
			}
			with[e.Block] = options[l.rng.IntN(len(options))].Value
		case e.Type == "plain_text_input" && e.Block != "rating":
			with[e.Block] = l.pick("1", "2", "7")
		}
	}
	for _, word := range canaryWord.FindAllString(with["text"]+with["title"], -1) {
		if l.judge.own[word] = r; strings.HasPrefix(v.Callback, "form:club") {
			l.judge.edited[word] = true
		}
	}
	seen = l.act(r, "write "+v.Callback[:strings.LastIndex(v.Callback, ":")], false, func() slacktest.Seen { return r.Submit(v, with) })
	if strings.HasPrefix(v.Callback, "form:spoiler") {
		for _, m := range seen.Messages() {
			for _, e := range m.Elements() {
				if rest, ok := strings.CutPrefix(e.Action, "manage:"); ok {
					l.froms[strings.TrimSuffix(rest, ":")] = from
					l.judge.counts.spoilers++
				}
			}
		}
	}
	return seen
}

// steer changes what a channel sees.
func (l *life) steer(in *room) slacktest.Seen {
	if in.of != nil {
		in = l.rooms[len(l.rooms)-1]
	}
	mod := l.mods[0]
	l.act(mod, "steer", false, func() slacktest.Seen {
		if l.rng.IntN(2) == 0 {
			at := []int{0, 7, 12, end}[l.rng.IntN(4)]
			seen := mod.Slash(in.Channel, "club pace "+said(at))
			if at == end && strings.Contains(seen.Text(), "Yes, all") {
				seen = mod.Press(seen.Message(), "Yes, all have finished it")
			}
			return seen
		}
		return mod.Slash(in.Channel, "club tags "+l.pick("on", "button", "off"))
	})
	l.settled()
	return slacktest.Seen{}
}

// visit is what somebody of another workspace does, in a channel that is shared.
func (l *life) visit() slacktest.Seen {
	in := l.rooms[len(l.readers)+l.rng.IntN(len(l.rooms)-len(l.readers))]
	seen := l.act(l.guest, "guest", false, func() slacktest.Seen {
		return l.guest.Mention(in.Channel, l.pick(l.question(), l.question(), "/spoilers show", "/reviews read 2", "/home"))
	})
	for _, m := range in.Messages() {
		for _, e := range m.Elements() {
			if e.Type == "button" && l.rng.IntN(8) == 0 {
				return l.act(l.guest, "guest's press", false, func() slacktest.Seen { return l.guest.Press(m, e.Action) })
			}
		}
	}
	return seen
}

// press uses what stands in a channel already, be it another's.
func (l *life) press(r *somebody, in *room) slacktest.Seen {
	all := r.Sees(in.Channel)
	for range min(len(all), 6) {
		m := all[l.rng.IntN(len(all))]
		if m.Author == "" && len(m.Elements()) > 0 {
			seen, _ := l.useOne(r, m, m.Elements())
			return seen
		}
	}
	return slacktest.Seen{}
}

// use uses something of what somebody was shown; false where there is nothing.
func (l *life) use(r *somebody, seen slacktest.Seen) (slacktest.Seen, bool) {
	l.t.Helper()
	v := seen.View()
	switch {
	case strings.HasPrefix(v.Callback, "confirm:") && l.rng.IntN(4) > 0:
		return l.act(r, "confirm", true, func() slacktest.Seen { return r.Submit(v, nil) }), true
	case strings.HasPrefix(v.Callback, "form:"):
		return l.write(r, seen, end), true
	case v.ID != "" && len(v.Elements()) > 0:
		return l.useOne(r, v, v.Elements())
	}
	for _, m := range seen.Messages() {
		if all := m.Elements(); m.Author == "" && len(all) > 0 {
			return l.useOne(r, m, all)
		}
	}
	return seen, false
}

// useOne presses a button, or chooses from a menu.
func (l *life) useOne(r *somebody, where slacktest.Place, all []slacktest.Element) (slacktest.Seen, bool) {
	l.t.Helper()
	e := all[l.rng.IntN(len(all))]
	for range 3 { // what opens something is what matters
		if strings.HasPrefix(e.Action, "reveal:") || strings.HasPrefix(e.Action, "confirm:") || strings.HasPrefix(e.Action, "past:") {
			break
		}
		e = all[l.rng.IntN(len(all))]
	}
	action, _, _ := strings.Cut(e.Action, ":")
	rare := e.Action == "do::privacy+forget/" || action == "report" || strings.HasSuffix(e.Action, ":never")
	switch {
	case strings.HasSuffix(e.Action, ":0"), rare && l.rng.IntN(6) > 0: // what nobody can see any more tests little
		return slacktest.Seen{}, false
	case e.Type == "button" && action == "decide" && strings.HasSuffix(e.Action, ":"):
		return l.act(r, "open", true, func() slacktest.Seen { return l.opens(r.User, where) }), true
	case e.Type == "button":
		consents := action == "confirm" || action == "past" || r.moderates && (action == "decide" || action == "undo")
		if action == "decide" {
			for _, word := range canaryWord.FindAllString(readsOf(where), -1) {
				delete(l.judge.covered, word)
			}
		}
		seen := l.act(r, action, consents, func() slacktest.Seen { return r.Press(where, e.Action) })
		if action == "report" {
			l.reported(where, seen)
		}
		return seen, true
	case e.Type == "external_select":
		typed := l.pick("", "", "1", "7", "ch", "Re", "The")
		options := r.Options(where, e.Action, typed)
		if len(options) == 0 {
			l.judge.look(l, r, false)
			return slacktest.Seen{}, false
		}
		chosen := options[l.rng.IntN(len(options))]
		return l.act(r, "choose", false, func() slacktest.Seen { return r.Choose(where, e.Action, chosen.Value) }), true
	case e.Type == "static_select":
		chosen := e.Options[l.rng.IntN(len(e.Options))]
		return l.act(r, action+" chosen", false, func() slacktest.Seen { return r.Choose(where, e.Action, chosen.Value) }), true
	}
	return slacktest.Seen{}, false
}

// reported notes what a report has covered, where that can be told.
func (l *life) reported(where slacktest.Place, seen slacktest.Seen) {
	var words []string
	for _, word := range canaryWord.FindAllString(readsOf(where), -1) {
		if !l.judge.titles[word] {
			words = append(words, word)
		}
	}
	if len(words) == 1 && strings.Contains(seen.Text(), "covered for everybody") {
		l.judge.covered[words[0]] = true
	}
}

func (l *life) pick(words ...string) string { return words[l.rng.IntN(len(words))] }

// question is one that a reader asks, some of them after what is hidden.
func (l *life) question() string {
	q := l.pick("how is the prose?", "does Tommy die?", "is it long?", "i'm on ch 4, how is the pacing?", "tell me about Tommy's donation", "what does Ruth find?",
		"what is the ending like?", "what is hook%dq?", "what does Ruth find of hook%dq?", "i'm on ch 4, what of hook%dq?", "what becomes of it?", "what becomes of Tommy and Ruth?")
	if strings.Contains(q, "%d") {
		q = fmt.Sprintf(q, l.rng.IntN(64))
	}
	return q
}

// reading is a command that looks at the library.
func (l *life) reading() string {
	n := 1 + l.rng.IntN(9)
	return l.pick("reviews list", fmt.Sprintf("reviews read %d", n), fmt.Sprintf("reviews read Reviewer%d", n), "reviews by", "reviews verdict", "reviews mine",
		"faq list", fmt.Sprintf("faq read %d", n), "book about", "book current", "privacy show", "privacy export", "faq read", "help", "progress", "reviews edit")
}
