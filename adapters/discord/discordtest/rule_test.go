package discordtest_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/bwmarrin/discordgo"

	"dogear/adapters/discord/discordtest"
)

// trial is a test that keeps its failures to itself.
type trial struct {
	testing.TB
	mu     sync.Mutex
	failed []string
}

func (t *trial) Error(args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failed = append(t.failed, fmt.Sprint(args...))
}

func (t *trial) Errorf(format string, args ...any) { t.Error(fmt.Sprintf(format, args...)) }

// TestRules shows that a breach of a rule is refused and fails the test, unless
// it is tolerated.
func TestRules(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rule    discordtest.Rule
		body    string
		refused bool // where the rule is tolerated
	}{
		"mentions": {discordtest.Mentions, `{"content":"a","flags":4}`, false},
		"users":    {discordtest.Mentions, `{"content":"a","flags":4,"allowed_mentions":{"parse":[],"users":["1"]}}`, false},
		"embeds":   {discordtest.Embeds, `{"content":"a","allowed_mentions":{"parse":[]}}`, false},
		"limits":   {discordtest.Limits, `{"content":"` + strings.Repeat("a", 2001) + `","flags":4,"allowed_mentions":{"parse":[]}}`, true},
		"private":  {discordtest.Protocol, `{"content":"a","flags":68,"allowed_mentions":{"parse":[]}}`, true},
		"empty":    {discordtest.Limits, `{}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			tried := &trial{TB: t}
			d := discordtest.New(tried)
			path := "/api/v9/channels/" + d.Guild("club").Channel("books").ID + "/messages"
			if status, body := post(t, d, path, c.body); status != http.StatusBadRequest || len(tried.failed) != 1 {
				t.Errorf("%d %s, failures %q", status, body, tried.failed)
			}
			d.Tolerate(c.rule)
			if status, body := post(t, d, path, c.body); (status == http.StatusBadRequest) != c.refused || len(tried.failed) != 1 {
				t.Errorf("tolerated: %d %s, failures %q", status, body, tried.failed)
			}
		})
	}
}

// TestReaderFails shows that a script that cannot go on fails its test.
func TestReaderFails(t *testing.T) {
	t.Parallel()
	tried := &trial{TB: t}
	d := discordtest.New(tried)
	s := open(t, d)
	errs := make(chan error, 8)
	off := discordgo.Button{Label: "off", CustomID: "off", Style: discordgo.PrimaryButton, Disabled: true}
	answering(s, 4, say("a", discordgo.MessageFlagsEphemeral, row(button("b", "c"), off)), errs)
	club := d.Guild("club")
	ann, bob, books := club.Member("ann"), club.Member("bob"), club.Channel("books")
	m := ann.Slash(books, "ask").Message()
	for name, act := range map[string]func() discordtest.Seen{
		"no such button":    func() discordtest.Seen { return ann.Press(m, "d") },
		"a disabled one":    func() discordtest.Seen { return ann.Press(m, "off") },
		"no select":         func() discordtest.Seen { return ann.Select(m, "b", "x") },
		"another's message": func() discordtest.Seen { return bob.Press(m, "b") },
		"no modal":          func() discordtest.Seen { return ann.Submit(nil, nil) },
		"no message":        func() discordtest.Seen { return ann.Press(discordtest.Message{}, "b") },
	} {
		before := len(tried.failed)
		if got := act(); !got.Failed || len(tried.failed) != before+1 {
			t.Errorf("%s: failures %q", name, tried.failed[before:])
		}
	}
	if got := len(d.Requests(discordtest.To("", "/callback"))); got != 1 {
		t.Errorf("%d interactions were made", got)
	}
}

// TestCutInInteraction loses the connection when the bot has just got what a
// reader did: it answers over REST all the same.
func TestCutInInteraction(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	s := open(t, d)
	errs := make(chan error, 1)
	answering(s, 4, say("a", 0), errs)
	d.AtInteraction(discordtest.Cut())
	ann, books := d.Guild("club").Member("ann"), d.Guild("club").Channel("books")
	if got := ann.Slash(books, "ask"); got.Text() != "a" {
		t.Errorf("seen: %+v", got)
	}
	d.Await("the connection to end", func() bool { return d.Connections() == 0 })
}

// TestNobody shows that an interaction for which nobody is there fails at once.
func TestNobody(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Tolerate(discordtest.Answers))
	if got := d.User("ann").Slash(d.User("ann").Direct(), "ask"); !got.Failed {
		t.Errorf("seen: %+v", got)
	}
}

// TestRepeatedDelivery delivers the same interaction twice over HTTP; one of the
// answers counts.
func TestRepeatedDelivery(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	var mu sync.Mutex
	times := 0
	endpoint(t, d, func(w http.ResponseWriter, _ *http.Request) []byte {
		mu.Lock()
		defer mu.Unlock()
		if times++; times == 1 {
			return []byte(plain)
		}
		w.WriteHeader(http.StatusConflict)
		return []byte("{}")
	})
	d.Repeat(1)
	if got := d.Guild("club").Member("ann").Slash(d.Guild("club").Channel("books"), "ask"); got.Text() != "over HTTP" || times != 2 {
		t.Errorf("delivered %d times: %+v", times, got)
	}
}
