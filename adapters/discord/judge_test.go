package discord_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"dogear/adapters/discord/discordtest"
	"dogear/adapters/discord/discordtest/reading"
)

// canaryWord is a word that stands in one text and nowhere else.
var canaryWord = regexp.MustCompile(`canary[0-9]+x`)

// audience is who sees something: how far they are, and what they may see of
// what lies past that. The zero audience has not started and sees nothing past
// it.
type audience struct {
	at   int
	past past
}

type past int

const (
	nothing past = iota
	covered      // behind a tag
	uncovered
)

// judge knows from where on each canary is safe.
type judge struct {
	t      *testing.T
	reveal map[string]int // by canary
	counts counts
	judged map[judgement]bool
}

// counts says how much there was to judge: canaries behind tags, in the open,
// and there from past the place; canaries in labels; messages.
type counts struct{ covered, open, past, labels, messages int }

// judgement is something that need not be judged again.
type judgement struct {
	message, content string
	edits            int
	audience         audience
}

func newJudge(t *testing.T) judge {
	return judge{t: t, reveal: map[string]int{}, judged: map[judgement]bool{}}
}

// message judges a message as its audience sees it.
func (j *judge) message(where string, m discordtest.Message, a audience) {
	j.t.Helper()
	seen := judgement{m.ID, m.Content, m.Edits, a}
	if j.judged[seen] {
		return
	}
	j.judged[seen] = true
	j.counts.messages++
	if wrong := j.wrong(m, a); wrong != "" {
		j.t.Errorf("in %s, for %+v: %s:\n%s\n%+v", where, a, wrong, m.Content, m.Components)
	}
	chat := reading.Chat(m.Content)
	j.counts.covered += len(canaryWord.FindAllString(strings.Join(chat.Covered, " "), -1))
	for _, word := range canaryWord.FindAllString(chat.Open, -1) {
		if j.reveal[word] > a.at {
			j.counts.past++
		} else {
			j.counts.open++
		}
	}
}

// wrong says what is wrong with a message for an audience; empty: nothing.
func (j *judge) wrong(m discordtest.Message, a audience) string {
	chat, note := reading.Chat(m.Content), reading.Notification(m.Content)
	if broken := append(chat.Broken, note.Broken...); len(broken) > 0 {
		return strings.Join(broken, "; ")
	}
	open := chat.Open + "\n" + note.Open
	switch a.past {
	case uncovered:
		open = ""
	case nothing:
		open = m.Content
	}
	if word := j.beyond(open, a.at); word != "" {
		return word + " is seen"
	}
	for _, c := range m.Components {
		beside := []string{c.Label, c.Placeholder, c.Text, c.URL, c.Value}
		for _, i := range c.Items {
			beside = append(beside, i.Label, i.Description)
		}
		if word := j.beyond(strings.Join(beside, "\n"), a.at); word != "" {
			return word + " is seen beside the text"
		}
	}
	return ""
}

// label judges what is seen where nothing can be covered.
func (j *judge) label(what, s string, at int) {
	j.t.Helper()
	if word := j.beyond(s, at); word != "" {
		j.t.Errorf("%s has %s, for somebody at %d: %s", what, word, at, s)
	}
	j.counts.labels += len(canaryWord.FindAllString(s, -1))
}

// request judges what no reader sees as a text.
func (j *judge) request(r discordtest.Request) {
	j.t.Helper()
	names := []string{r.Path, r.Query}
	for _, f := range r.Files {
		names = append(names, f.Name)
	}
	names = silent(r.Body, "", names)
	for _, s := range names {
		if word := canaryWord.FindString(s); word != "" {
			j.t.Errorf("%s %s: %q has %s", r.Method, r.Path, s, word)
		}
	}
}

// silent returns the strings of a payload that are neither a text nor shown as
// one: names of fields, custom_ids, values and whatever else there is.
func silent(v any, key string, out []string) []string {
	switch v := v.(type) {
	case map[string]any:
		for k, below := range v {
			out = silent(below, k, append(out, k))
		}
	case []any:
		for _, below := range v {
			out = silent(below, key, out)
		}
	case string:
		switch key {
		case "content", "label", "placeholder", "title", "description", "name":
		default:
			out = append(out, v)
		}
	}
	return out
}

// beyond returns a canary in a text that is past a place; empty: there is none.
func (j *judge) beyond(s string, at int) string {
	for _, word := range canaryWord.FindAllString(s, -1) {
		if from, known := j.reveal[word]; !known || from > at {
			return fmt.Sprintf("%s, safe from %d,", word, from)
		}
	}
	return ""
}

// TestJudge shows that what leaks is noticed, and what does not is not.
func TestJudge(t *testing.T) {
	j := newJudge(t)
	j.reveal["canary1x"] = 7
	button := []discordtest.Component{{Label: "canary1x"}}
	menu := []discordtest.Component{{Items: []discordtest.Item{{Label: "canary1x"}}}}
	for _, c := range []struct {
		name string
		m    discordtest.Message
		a    audience
		bad  bool
	}{
		{"safe", discordtest.Message{Content: "canary1x"}, audience{7, nothing}, false},
		{"open", discordtest.Message{Content: "canary1x"}, audience{6, covered}, true},
		{"asked for", discordtest.Message{Content: "canary1x"}, audience{6, uncovered}, false},
		{"unknown", discordtest.Message{Content: "canary2x"}, audience{end, covered}, true},
		{"covered", discordtest.Message{Content: "a\n||canary1x||"}, audience{6, covered}, false},
		{"hidden", discordtest.Message{Content: "a\n||canary1x||"}, audience{6, nothing}, true},
		{"code", discordtest.Message{Content: "`||a` canary1x||"}, audience{6, covered}, true},
		{"an opener", discordtest.Message{Content: "||canary1x"}, audience{7, covered}, true},
		{"a label", discordtest.Message{Content: "a", Components: button}, audience{6, uncovered}, true},
		{"a choice", discordtest.Message{Content: "a", Components: menu}, audience{6, uncovered}, true},
		{"a safe label", discordtest.Message{Content: "a", Components: button}, audience{7, nothing}, false},
	} {
		if got := j.wrong(c.m, c.a); (got != "") != c.bad {
			t.Errorf("%s: %q", c.name, got)
		}
	}
	for _, body := range []any{
		map[string]any{"custom_id": "a:canary1x:"}, map[string]any{"canary1x": 1}, map[string]any{"options": []any{map[string]any{"value": "canary1x"}}},
	} {
		if got := strings.Join(silent(body, "", nil), " "); !strings.Contains(got, "canary1x") {
			t.Errorf("%v: only %q is looked at", body, got)
		}
	}
}
