package slacktest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Slack is the platform with one workspace, which has one app installed.
type Slack struct {
	BotToken, AppToken string
	SigningSecret      string
	AppID, TeamID      string
	BotUser, BotID     string // the bot as a user, and as a bot

	t       testing.TB
	server  *httptest.Server
	client  *http.Client    // of the deliveries
	ctx     context.Context // ends with the test
	working sync.WaitGroup  // connections and deliveries

	mu         sync.Mutex
	changed    chan struct{} // closed and replaced when anything changes
	closed     bool
	offset     time.Duration // of the clock
	lastTS     int64         // of messages, in microseconds
	tick       int64         // of changes of what people see
	tolerated  []Rule
	violations []string

	people    []*person
	channels  []*Channel
	views     map[string]*view // by id
	triggers  map[string]*trigger
	hooks     map[string]*hook // by their path
	scopes    []string
	requests  []*Request
	delivered []*delivery
	faults    []*Fault
	activity  map[string]*activity
	lapsed    bool // triggers expire as they are made

	socket socket
	web    web

	ackWithin time.Duration
	retries   []time.Duration
	patience  time.Duration
	quiet     time.Duration
}

// Rule is a kind of rule whose breach fails the test.
type Rule string

const (
	Limits   Rule = "limits"   // sizes and shapes of what is sent
	Texts    Rule = "texts"    // a top-level text with everything that has blocks
	Unfurls  Rule = "unfurls"  // nothing is unfurled, no names are linked
	Tokens   Rule = "tokens"   // the right token, with the scopes that it takes
	Protocol Rule = "protocol" // methods, arguments, and what may answer what and how often
	Answers  Rule = "answers"  // who acts gets an answer, and acts on what they see
)

// Option changes a Slack when it is made.
type Option func(*Slack)

// HTTP delivers to a URL in place of Socket Mode.
func HTTP(url string) Option { return func(s *Slack) { s.web.url = url } }

// Scopes are what the bot's token may do; without it, what dogear's manifest asks for.
func Scopes(scopes ...string) Option { return func(s *Slack) { s.scopes = scopes } }

// Pings is how often Socket Mode pings; without it, every 100 ms. 0: never.
func Pings(every time.Duration) Option { return func(s *Slack) { s.socket.ping = every } }

// AckWithin is how long Slack waits for an acknowledgement; without it, 3 s.
func AckWithin(limit time.Duration) Option { return func(s *Slack) { s.ackWithin = limit } }

// Retries is how long after a failure an event is delivered again, time by time;
// without it, three times within the second.
func Retries(after ...time.Duration) Option { return func(s *Slack) { s.retries = after } }

// Patience is how long somebody waits for an answer; without it, 10 s.
func Patience(limit time.Duration) Option { return func(s *Slack) { s.patience = limit } }

// Quiet is how long nothing may happen before an answer counts as complete, or
// longer where the machine is busy; without it, 60 ms.
func Quiet(span time.Duration) Option { return func(s *Slack) { s.quiet = span } }

// Tolerate keeps breaches of rules from failing the test. What Slack would refuse
// is still refused.
func Tolerate(rules ...Rule) Option {
	return func(s *Slack) { s.tolerated = append(s.tolerated, rules...) }
}

// WithTokens says which tokens there are: the bot's and the app's. Without it, any
// that look like such.
func WithTokens(bot, app string) Option {
	return func(s *Slack) { s.BotToken, s.AppToken = bot, app }
}

// New starts a Slack that ends with the test.
func New(t testing.TB, options ...Option) *Slack {
	t.Helper()
	s := &Slack{
		BotToken: "xoxb-" + rand.Text(), AppToken: "xapp-1-" + rand.Text(), SigningSecret: rand.Text(),
		AppID: id("A"), TeamID: id("T"), BotUser: id("U"), BotID: id("B"),
		t: t, changed: make(chan struct{}), views: map[string]*view{}, triggers: map[string]*trigger{},
		hooks: map[string]*hook{}, activity: map[string]*activity{}, scopes: manifest,
		socket:    socket{ping: 100 * time.Millisecond, tickets: map[string]bool{}, sent: map[string]*delivery{}},
		ackWithin: 3 * time.Second, retries: []time.Duration{20 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond},
		patience: 10 * time.Second, quiet: 60 * time.Millisecond,
	}
	for _, option := range options {
		option(s)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.ctx = ctx
	transport := &http.Transport{}
	s.client = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	s.server = httptest.NewUnstartedServer(s)
	s.server.Start() // now that it is known to those whom it serves
	t.Cleanup(func() {
		s.mu.Lock()
		s.closed = true
		conns := slices.Clone(s.socket.conns)
		s.mu.Unlock()
		cancel()
		for _, c := range conns {
			c.kill()
		}
		s.working.Wait()
		s.server.CloseClientConnections()
		s.server.Close()
		transport.CloseIdleConnections()
	})
	return s
}

// manifest is what dogear's manifest asks for.
var manifest = []string{"commands", "chat:write", "app_mentions:read", "im:history", "im:write", "users:read"}

// URL is what stands for https://slack.com/api/.
func (s *Slack) URL() string { return s.server.URL + "/api/" }

// Now is Slack's clock: the real one, and what Advance has added to it.
func (s *Slack) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// Advance puts Slack's clock forward: triggers and response_urls expire, and
// deliveries over HTTP are signed with that time.
func (s *Slack) Advance(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset += by
	s.broadcast()
}

// Tolerate keeps breaches of rules from failing the test from now on.
func (s *Slack) Tolerate(rules ...Rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tolerated = append(s.tolerated, rules...)
}

// Violations are the breaches of rules so far, tolerated ones too.
func (s *Slack) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// Fail reports the breach of a rule.
func (s *Slack) Fail(rule Rule, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violate(rule, format, args...)
}

// Await waits until a condition holds, which it looks at whenever anything has
// happened; false, and the test has failed, where it does not in time.
func (s *Slack) Await(what string, holds func() bool) bool {
	s.t.Helper()
	limit := time.NewTimer(s.patience)
	defer limit.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if holds() {
			return true
		}
		select {
		case <-changed:
		case <-limit.C:
			s.t.Errorf("slack: waited in vain for %s", what)
			return false
		}
	}
}

// Mention is the markup that names the bot.
func (s *Slack) Mention() string { return "<@" + s.BotUser + ">" }

func (s *Slack) now() time.Time { return time.Now().Add(s.offset) }

// broadcast wakes those who wait. The lock is held.
func (s *Slack) broadcast() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// touch returns the number of a change that somebody may see. The lock is held.
func (s *Slack) touch() int64 {
	s.tick++
	return s.tick
}

// violate notes the breach of a rule. The lock is held.
func (s *Slack) violate(rule Rule, format string, args ...any) {
	what := fmt.Sprintf("slack: %s: %s", rule, fmt.Sprintf(format, args...))
	s.violations = append(s.violations, what)
	if !s.closed && !slices.Contains(s.tolerated, rule) {
		s.t.Error(what)
	}
}

// id returns an id of a kind, as Slack makes them.
func id(kind string) string { return kind + "0" + strings.ToUpper(rand.Text()[:9]) }

// newTS returns a time stamp that names a message. The lock is held.
func (s *Slack) newTS() string {
	s.lastTS = max(s.lastTS+1, s.now().UnixMicro())
	return fmt.Sprintf("%d.%06d", s.lastTS/1e6, s.lastTS%1e6)
}
