package slack_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"dogear/adapters/slack/slacktest"
	"dogear/adapters/slack/slacktest/reading"
	"dogear/bot"
	"dogear/bot/reply"
)

// canaryWord is a word that stands in one text and nowhere else. It says from which
// chapter on that is safe.
var canaryWord = regexp.MustCompile(`canary[0-9]+at[0-9]+x`)

// reveal returns from which chapter on a canary is safe.
func reveal(word string) (from int) {
	_, at, _ := strings.Cut(word, "at")
	_, _ = fmt.Sscanf(at, "%dx", &from)
	return from
}

// judge looks at whatever dogear sends, keeps and logs.
type judge struct {
	c        *club
	source   map[string]string    // where each canary stands
	titles   map[string]bool      // canaries that stand in one
	own      map[string]*somebody // who wrote a canary here
	edited   map[string]bool      // canaries that a moderator has put into somebody's text: it is not known whose
	covered  map[string]bool      // reported: nobody sees it
	requests int                  // that were looked at
	logged   int                  // bytes of the log that were
	counts   counts
}

// counts says how much there was to judge: messages that a channel sees, and what
// one reader alone does; canaries in them within a place, and from past one; canaries
// in menus; buttons that stand for one; spoilers that were posted; what was kept.
type counts struct{ posts, alone, open, past, labels, covers, spoilers, own, kept, tickets int }

func newJudge(c *club) *judge {
	return &judge{c: c, source: map[string]string{}, titles: map[string]bool{}, own: map[string]*somebody{}, covered: map[string]bool{}, edited: map[string]bool{}}
}

// audience is who sees something that was sent.
type audience struct {
	name     string
	at       int       // how far they are
	who      *somebody // nil: a channel
	past     bool      // they may see what lies past that: here, and now
	oneThing bool      // but of one source alone
}

// look judges what was sent and logged since it was called last. consents says
// that the actor has just said yes to seeing something, nil: nobody acted.
func (j *judge) look(l *life, actor *somebody, consents bool) {
	l.t.Helper()
	if actor != nil && actor.moderates && consents {
		actor.works = true
	}
	all := l.Requests()
	for _, r := range all[j.requests:] {
		j.request(l, r, actor, consents)
	}
	j.requests = len(all)
	log := l.log.String()
	if word := canaryWord.FindString(log[j.logged:]); word != "" {
		l.t.Errorf("the log has %s", word)
	}
	j.logged = len(log)
}

func (j *judge) request(l *life, r slacktest.Request, actor *somebody, consents bool) {
	l.t.Helper()
	body := encode(r.Body)
	a := l.audienceOf(r, actor, consents)
	for _, s := range hidden(r.Body, "", nil) {
		if word := canaryWord.FindString(s); word != "" {
			l.t.Errorf("%s to %s has %s where nobody reads: %q", r.Method, a.name, word, s)
		}
	}
	if wrong := j.wrong(string(body), a); wrong != "" {
		l.t.Errorf("%s to %s: %s\n%s", r.Method, a.name, wrong, body)
	}
	var seen reading.Seen
	switch o := r.Object(); {
	case o == nil:
		return
	case strings.HasPrefix(r.Method, "chat.post"), r.Method == "chat.update", r.Method == "response_url":
		seen = reading.Message(body)
	case o["options"] != nil:
		seen = reading.Options(body)
		j.counts.labels += len(canaryWord.FindAllString(string(body), -1))
	case o["view"] != nil, o["response_action"] != nil:
		seen = reading.View(body)
	}
	if len(seen.Broken)+len(seen.Live) > 0 {
		l.t.Errorf("%s is broken: %q, or live: %q\n%s", r.Method, seen.Broken, seen.Live, body)
	}
	j.count(r, body, a)
}

func (j *judge) count(r slacktest.Request, body []byte, a audience) {
	if a.who == nil {
		j.counts.posts++
	} else {
		j.counts.alone++
	}
	j.counts.covers += bytes.Count(body, []byte(`"action_id":"reveal:`))
	for _, word := range canaryWord.FindAllString(string(body), -1) {
		switch {
		case reveal(word) <= a.at:
			j.counts.open++
		case j.own[word] != nil && j.own[word] == a.who:
			j.counts.own++
		default:
			j.counts.past++
		}
	}
}

// wrong says what of a payload its audience may not see; empty: nothing.
func (j *judge) wrong(payload string, a audience) string {
	from := ""
	for _, word := range canaryWord.FindAllString(payload, -1) {
		switch {
		case a.who != nil && (j.own[word] == a.who || j.edited[word]):
		case j.covered[word] && !(a.past && a.who.moderates):
			return word + ", which is covered, is seen"
		case reveal(word) <= a.at:
		case !a.past:
			return fmt.Sprintf("%s is seen at %d", word, a.at)
		case a.oneThing && from != "" && from != j.source[word]:
			return word + " is of something else than what was opened"
		default:
			from = j.source[word]
		}
	}
	return ""
}

// beyond returns a canary in a text that is past a place, or covered; empty:
// there is none.
func (j *judge) beyond(s string, at int) string {
	for _, word := range canaryWord.FindAllString(s, -1) {
		if reveal(word) > at || j.covered[word] {
			return word
		}
	}
	return ""
}

// audienceOf returns who sees what was sent: what keeps it shows nothing past a
// place to anybody.
func (l *life) audienceOf(r slacktest.Request, actor *somebody, consents bool) audience {
	id := r.Only
	switch o := r.Object(); r.Method {
	case "chat.postMessage", "chat.update", "chat.delete":
		for _, room := range l.rooms {
			if room.ID == o["channel"] && room.of == nil {
				return audience{name: room.Name, at: max(room.was, room.now)}
			} else if room.ID == o["channel"] {
				id = room.of.ID
			}
		}
	case "chat.postEphemeral":
		id, _ = o["user"].(string)
	case "views.open", "views.push":
		if id == "" && actor != nil {
			id = actor.ID
		}
	}
	alone := strings.HasPrefix(r.Method, "views.") && r.Method != "views.publish" || r.Method == "chat.postEphemeral"
	for _, who := range append(l.readers, l.guest) {
		if who.ID != id {
			continue
		}
		hides := who.was.veil == reply.Hide && who.now.veil == reply.Hide
		shows := who.was.veil == reply.Show || who.now.veil == reply.Show
		said := who == actor && consents && !hides || who.works
		return audience{who.Name, max(who.was.at, who.now.at), who, alone && !who.guest && (shows || said), !who.moderates && !shows && l.last == "confirm"}
	}
	return audience{name: "somebody " + id}
}

// kept looks at what is stored beside the library itself.
func (j *judge) kept(l *life) {
	l.t.Helper()
	_, records, err := l.store.Dump(l.t.Context(), l.id())
	if err != nil {
		l.t.Fatal(err)
	}
	for _, r := range records {
		switch r.Kind {
		case bot.BookRecord, bot.OverlayRecord, bot.SourceRecord, bot.ProposalRecord: // the library itself
			continue
		case bot.TicketRecord, bot.PostRecord:
			j.counts.kept++
		}
		if word := canaryWord.Find(append([]byte(r.ID+"\n"), r.Data...)); word != nil {
			l.t.Errorf("a %s that is kept has %s", r.Kind, word)
		}
	}
	if l.redis != nil {
		j.keys(l)
	}
}

// libraryKey is that of texts, which are where they belong.
var libraryKey = regexp.MustCompile(`:(book|overlay|source|proposal)$`)

// keys looks at all that Redis has beside the library itself.
func (j *judge) keys(l *life) {
	l.t.Helper()
	whole := map[any][]string{"string": {"GET"}, "hash": {"HGETALL"}, "set": {"SMEMBERS"}, "zset": {"ZRANGE", "0", "-1"}, "list": {"LRANGE", "0", "-1"}}
	for _, key := range l.redis.Keys(l.t) {
		kind := l.redis.Do(l.t, "TYPE", key)
		command, ok := whole[kind]
		switch {
		case libraryKey.MatchString(key), kind == "none": // it has expired
			continue
		case !ok:
			l.t.Errorf("%s is a %v", key, kind)
			continue
		}
		if strings.Contains(key, ":t:") {
			j.counts.tickets++
		}
		args := append([]string{command[0], key}, command[1:]...)
		if word := canaryWord.FindString(key + fmt.Sprint(l.redis.Do(l.t, args...))); word != "" {
			l.t.Errorf("the key %s has %s", key, word)
		}
	}
}

// hidden returns the strings of a payload that nobody reads: names of fields, ids,
// values, metadata.
func hidden(v any, key string, out []string) []string {
	switch v := v.(type) {
	case map[string]any:
		for k, below := range v {
			out = hidden(below, k, append(out, k))
		}
	case []any:
		for _, below := range v {
			out = hidden(below, key, out)
		}
	case string:
		if key != "text" {
			out = append(out, v)
		}
	}
	return out
}

func encode(v any) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return out.Bytes()
}

// TestJudge shows that what leaks is noticed, and what does not is not.
func TestJudge(t *testing.T) {
	j := newJudge(nil)
	ann, mod := &somebody{}, &somebody{moderates: true}
	j.source["canary1at7x"], j.source["canary2at7x"], j.source["canary3at7x"] = "one", "one", "two"
	j.covered["canary4at3x"], j.own["canary5at9x"] = true, ann
	for _, c := range []struct {
		name, payload string
		a             audience
		bad           bool
	}{
		{"within", "canary1at7x", audience{at: 7}, false},
		{"past", "canary1at7x", audience{at: 6}, true},
		{"past, of one", "canary1at7x", audience{at: 6, who: ann}, true},
		{"asked for", "canary1at7x canary2at7x", audience{at: 6, who: ann, past: true, oneThing: true}, false},
		{"more than that", "canary1at7x canary3at7x", audience{at: 6, who: ann, past: true, oneThing: true}, true},
		{"covered", "canary4at3x", audience{at: end, who: ann, past: true}, true},
		{"covered, in the queue", "canary4at3x", audience{who: mod, past: true}, false},
		{"one's own", "canary5at9x", audience{who: ann}, false},
		{"another's", "canary5at9x", audience{who: mod}, true},
	} {
		if got := j.wrong(c.payload, c.a); (got != "") != c.bad {
			t.Errorf("%s: %q", c.name, got)
		}
	}
	for _, key := range []string{"action_id", "value", "block_id", "private_metadata", "callback_id", "channel", "metadata"} {
		body := map[string]any{"blocks": []any{map[string]any{key: "canary1at7x"}}}
		if got := strings.Join(hidden(body, "", nil), " "); !strings.Contains(got, "canary1at7x") {
			t.Errorf("%s is not looked at: %q", key, got)
		}
	}
	if veil := (place{}).veil; veil == reply.Show {
		t.Error("somebody who is not known is shown everything")
	}
}
