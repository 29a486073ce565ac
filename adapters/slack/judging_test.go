package slack

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"dogear/adapters/slack/slacktest/reading"
	"dogear/bot"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// tray takes what the SDK sends, and says that all of it is well.
type tray struct {
	mu   sync.Mutex
	sent []payload
}

// payload is what went to a method of the Web API.
type payload struct {
	method string
	body   []byte
}

func (t *tray) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sent = append(t.sent, payload{path.Base(req.URL.Path), body})
	return &http.Response{
		StatusCode: http.StatusOK, Request: req, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(`{"ok":true,"channel":"C1","ts":"1.1","message_ts":"1.1","view":{"id":"V1"}}`)),
	}, nil
}

// all returns what was sent since it was last asked for.
func (t *tray) all() []payload {
	t.mu.Lock()
	defer t.mu.Unlock()
	sent := t.sent
	t.sent = nil
	return sent
}

// sender is dogear on a Slack that is no more than a tray.
type sender struct {
	*Slack
	*tray
	wire func(url.Values) // changes what is posted; nil: nothing does
}

// newSender makes one. Nothing of it is ever closed: a fuzzer has one alone.
func newSender() *sender {
	s, err := New(Settings{BotToken: "xoxb-a", AppToken: "xapp-a", APIURL: "http://slack.test/api/"}, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		panic(err)
	}
	t := &tray{}
	s.api.transport.base.RegisterProtocol("http", t)
	return &sender{Slack: s, tray: t}
}

var oneSender = sync.OnceValue(newSender)

// judged is what a person sees of all that is sent for a document.
type judged struct {
	seen, blocks, aloud []string // all, what stands in blocks, what is read out
	hidden              []string
	flaws               []string
}

func (j *judged) say(format string, args ...any) {
	j.flaws = append(j.flaws, fmt.Sprintf(format, args...))
}

// add notes what somebody who does not know how it was made sees of a payload.
func (j *judged) add(what string, s reading.Seen) {
	j.seen, j.hidden = append(j.seen, s.Text), append(j.hidden, s.Hidden...)
	for _, b := range s.Broken {
		j.say("%s, broken: %s", what, b)
	}
	if len(s.Live) > 0 {
		j.say("%s, alive: %q", what, s.Live)
	}
	if r := strings.IndexFunc(s.Text, strange); r >= 0 {
		j.say("%s, unseen: %.20q", what, s.Text[r:])
	}
}

// strange reports whether a character is not seen, and may make others look
// like what they are not. What joins and what keeps apart may stay.
func strange(r rune) bool {
	return r != '\n' && r != '\u200d' && r != joiner && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co)
}

// message judges a message as it is posted: whole, and either half alone.
func (j *judged) message(what string, body []byte) {
	j.add(what, reading.Message(body))
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("text") == "" || form.Get("blocks") == "" {
		j.say("%s is no message of a text and blocks", what)
		return
	}
	text := url.Values{"text": form["text"]}
	j.aloud = append(j.aloud, reading.Message([]byte(text.Encode())).Text)
	form.Del("text")
	j.blocks = append(j.blocks, reading.Message([]byte(form.Encode())).Text)
}

// messages has the messages sent that a document becomes, and judges them.
func (s *sender) messages(t testing.TB, r rendered) *judged {
	j := &judged{}
	for _, m := range r.messages {
		if _, err := s.api.post(t.Context(), "C1", "1.0", m); err != nil {
			j.say("not posted: %v", err)
		}
	}
	for _, p := range s.all() {
		if s.wire != nil {
			form, _ := url.ParseQuery(string(p.body))
			s.wire(form)
			p.body = []byte(form.Encode())
		}
		j.message("a message", p.body)
	}
	return j
}

// view has a view opened, and shown as a home, and judges both.
func (s *sender) view(t testing.TB, v view) *judged {
	j := &judged{}
	if err := s.api.open(t.Context(), "trigger", v, false); err != nil {
		j.say("not opened: %v", err)
	}
	if err := s.api.publish(t.Context(), "U1", v); err != nil {
		j.say("not published: %v", err)
	}
	for _, p := range s.all() {
		seen := reading.View(p.body)
		j.add(p.method, seen)
		j.blocks = append(j.blocks, seen.Text)
	}
	return j
}

// Words that stand in the place of others.
var (
	held = "held back"
	cuts = []reply.Phrase{moreLeft, moreData}
)

// judge returns what is wrong with what is sent for a document.
func judge(t testing.TB, s *sender, doc reply.Doc, canaries []planted, r rules) (flaws []string) {
	var want meant
	doc.Render(&want)
	v, past := renderViewWith(doc, r)
	sent := renderWith(doc, r)
	if past != sent.past || past != want.past {
		flaws = append(flaws, fmt.Sprintf("past: %v and %v, want %v", past, sent.past, want.past))
	}
	for name, j := range map[string]*judged{"as messages": s.messages(t, sent), "as a view": s.view(t, v)} {
		all := strings.Join(j.seen, "\n")
		whole := true
		if strings.Contains(all, heldBack.String()) {
			whole = false
			j.flaws = append(j.flaws, held)
		}
		for _, p := range cuts {
			whole = whole && !strings.Contains(all, p.String())
		}
		j.sees(canaries, whole)
		if name == "as messages" {
			j.counts(want, whole, len(sent.messages))
		}
		for _, flaw := range j.flaws {
			if flaw != held {
				flaw = name + ": " + flaw
			}
			if !slices.Contains(flaws, flaw) {
				flaws = append(flaws, flaw)
			}
		}
	}
	slices.Sort(flaws)
	return flaws
}

// sees notes what is shown and may not be, and what is to be and is not: neither
// what stands in blocks nor what is read out may lack it.
func (j *judged) sees(canaries []planted, whole bool) {
	all := strings.Join(append(j.seen, j.hidden...), "\n")
	blocks, aloud := strings.Join(j.blocks, "\n"), strings.Join(j.aloud, "\n")
	for _, c := range canaries {
		if !c.may && strings.Contains(all, c.word) {
			j.say("%s is sent", c.word)
		}
		if c.due && whole && (!strings.Contains(blocks, c.word) || j.aloud != nil && !strings.Contains(aloud, c.word)) {
			j.say("%s is not shown", c.word)
		}
	}
}

// counts notes where there are more lines or covers than the document has, or
// fewer: a text that passes for a line of dogear's own is one.
func (j *judged) counts(want meant, whole bool, messages int) {
	lines, covers := 0, 0
	for _, text := range j.aloud {
		lines += strings.Count(strings.TrimRight(text, "\n"), "\n") + 1
	}
	for _, h := range j.hidden {
		if p, ok := parseActionID(h); ok && p.action == revealAction {
			covers++
		}
	}
	if covers > want.covers || whole && covers != want.covers {
		j.say("%d covers, want %d", covers, want.covers)
	}
	if whole && messages == 1 && !want.data && lines != max(1, want.lines) {
		j.say("%d lines, want %d", lines, want.lines)
	}
}

// meant counts what a document says, as a Renderer that shows nothing.
type meant struct {
	lines  int
	covers int
	data   bool
	past   bool
}

func (m *meant) text(s string) {
	if strings.ContainsFunc(s, graphic) {
		m.lines++
	}
}

// graphic reports whether a character alone is something to see.
func graphic(r rune) bool {
	return r != unicode.ReplacementChar && r != '\u2800' && unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) &&
		!unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

func (m *meant) Line(l reply.Line) {
	m.data = m.data || l.Role == reply.Data
	m.text(l.Text())
}

func (m *meant) Quote(q reply.Quotation) {
	m.past = m.past || q.Past
	m.text(q.Text)
}

func (m *meant) Source(int, reply.Citation) { m.lines++ }
func (m *meant) Control(reply.Control)      {}
func (m *meant) Spoiler(reply.Ticket, func() reply.Quotation) {
	m.lines, m.covers = m.lines+1, m.covers+1
}

// flaws renders a small document and returns what is wrong with it.
func flaws(t testing.TB, s *sender, r rules, seed uint64, decorate string) []string {
	doc, canaries := write(seed, decorate)
	return judge(t, s, doc, canaries, r)
}

// askedFlaws returns what is wrong with a form that asks for the rest of a
// command of which something was typed, with what says why it is not taken, and
// with what a menu suggests.
func askedFlaws(t testing.TB, s *sender, seed uint64, decorate string) []string {
	j := &judged{}
	decorate = strings.ToValidUTF8(decorate, "?") // it comes as JSON
	all := bot.Commands()
	cmd := all[seed%uint64(len(all))]
	x := exchange{who: person{user: "U1"}, channel: "C1", trigger: "trigger", req: bot.Request{Options: map[string]string{}}}
	for i, o := range cmd.Options {
		if (seed>>i)&1 == 0 {
			x.req.Options[o.Name] = decorate
		}
	}
	s.openForm(t.Context(), x, cmd)
	s.openChapter(t.Context(), x, pressed{action: reply.Decide, ticket: "TICKET"})
	sent := s.all()
	if len(sent) != 2 {
		j.say("%d forms", len(sent))
	}
	for _, p := range sent {
		seen := reading.View(p.body)
		seen.Text = strings.ReplaceAll(seen.Text, decorate, "") // what is typed is shown as it is
		j.add("a form", seen)
	}
	w := reply.ToReader(spoiler.Horizon{}, reply.Tag, "TICKET")
	w.Refuse(reply.Words("I know nothing of “{1}”.", reply.Own(decorate)))
	j.add("a refusal", reading.View(asJSON(refusalOf(w.Doc(), "field"))))
	choices := []reply.Choice{
		{Value: "1", Label: decorate}, {Value: decorate, Label: decorate + reading.Hostile(seed)},
		{Value: "2", Label: reading.Hostile(seed)}, {Value: reading.Hostile(seed), Label: "a"},
	}
	options := asJSON(optionsOf(choices))
	seen := reading.Options(options)
	seen.Text = strings.Join(labels(options), "\n")
	j.add("options", seen)
	return j.flaws
}

// labels returns what the options of a menu are called.
func labels(options []byte) (out []string) {
	var all struct {
		Options []struct{ Text struct{ Text string } }
	}
	if err := json.Unmarshal(options, &all); err != nil {
		panic(err)
	}
	for _, o := range all.Options {
		out = append(out, o.Text.Text)
	}
	return out
}
