package discordtest

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// object is a JSON object.
type object = map[string]any

// Discord is the platform with one application in it.
type Discord struct {
	Token string // of the bot, without "Bot "
	AppID string // of the application, and of its bot user

	t       testing.TB
	server  *httptest.Server
	client  *http.Client // of the deliveries
	private ed25519.PrivateKey
	ctx     context.Context // ends with the test
	working sync.WaitGroup  // connections, deliveries and the pulse

	mu         sync.Mutex
	changed    chan struct{} // closed and replaced when anything changes
	closed     bool
	offset     time.Duration // of the clock
	ran        time.Duration // what the test has had of the machine
	lastID     int64
	tick       int64 // of changes of messages
	tolerated  []Rule
	violations []string

	guilds       []*Guild
	users        map[string]*user    // by name
	channels     map[string]*Channel // by id
	commands     map[string][]object // by guild id; "": global
	interactions map[string]*interaction
	nonces       map[string]*message
	attachments  map[string]File // by path of the CDN
	requests     []*Request
	faults       []*Fault
	activity     map[string]*activity

	gateway  gateway
	delivery delivery

	patience time.Duration
	quiet    time.Duration
}

// Rule is a kind of rule whose breach fails the test.
type Rule string

const (
	Limits   Rule = "limits"   // sizes and shapes of what is sent
	Mentions Rule = "mentions" // allowed_mentions {"parse":[]} with every content
	Embeds   Rule = "embeds"   // SUPPRESS_EMBEDS with every content
	Protocol Rule = "protocol" // routes, and what may answer what and how often
	Answers  Rule = "answers"  // a reader gets an answer
	Commands Rule = "commands" // a reader names commands that are registered
)

// Option changes a Discord when it is made.
type Option func(*Discord)

// HTTP delivers interactions to a URL in place of the gateway.
func HTTP(url string) Option { return func(d *Discord) { d.delivery.url = url } }

// Token has the bot's token be one that a test names.
func Token(token string) Option { return func(d *Discord) { d.Token = token } }

// Shards is how many shards /gateway/bot recommends; without it, 1.
func Shards(n int) Option { return func(d *Discord) { d.gateway.recommended = n } }

// Concurrency is the max_concurrency of identifies; without it, 1.
func Concurrency(n int) Option { return func(d *Discord) { d.gateway.concurrency = n } }

// Heartbeat is the interval that HELLO asks for; without it, Discord's own.
func Heartbeat(every time.Duration) Option {
	return func(d *Discord) { d.gateway.heartbeat = every }
}

// Privileged allows privileged intents.
func Privileged() Option { return func(d *Discord) { d.gateway.privileged = true } }

// Patience is how long a reader waits for a deferred answer; without it, 10 s.
func Patience(limit time.Duration) Option { return func(d *Discord) { d.patience = limit } }

// Quiet is how long nothing may happen before an answer counts as complete, or
// longer where the machine is busy; without it, 60 ms.
func Quiet(span time.Duration) Option { return func(d *Discord) { d.quiet = span } }

// Tolerate keeps breaches of rules from failing the test. What Discord would
// refuse is still refused.
func Tolerate(rules ...Rule) Option {
	return func(d *Discord) { d.tolerated = append(d.tolerated, rules...) }
}

// New starts a Discord that ends with the test.
func New(t testing.TB, options ...Option) *Discord {
	t.Helper()
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	d := &Discord{
		t: t, private: private, changed: make(chan struct{}),
		users: map[string]*user{}, channels: map[string]*Channel{}, commands: map[string][]object{},
		interactions: map[string]*interaction{}, nonces: map[string]*message{}, attachments: map[string]File{},
		activity: map[string]*activity{},
		gateway:  gateway{recommended: 1, concurrency: 1, heartbeat: 41250 * time.Millisecond, sessions: map[string]*session{}},
		patience: 10 * time.Second, quiet: 60 * time.Millisecond,
	}
	d.AppID = d.newID()
	d.Token = "token." + rand.Text()
	for _, option := range options {
		option(d)
	}
	ctx, cancel := context.WithCancel(context.Background())
	d.ctx = ctx
	d.working.Go(d.pulse)
	transport := &http.Transport{}
	d.client = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	d.server = httptest.NewServer(d)
	t.Cleanup(func() {
		d.mu.Lock()
		d.closed = true
		conns := slices.Clone(d.gateway.conns)
		d.mu.Unlock()
		cancel()
		for _, c := range conns {
			c.kill()
		}
		d.working.Wait()
		d.server.CloseClientConnections()
		d.server.Close()
		transport.CloseIdleConnections()
	})
	return d
}

// URL is what stands for https://discord.com, without a slash at its end.
func (d *Discord) URL() string { return d.server.URL }

// GatewayURL is where the gateway listens.
func (d *Discord) GatewayURL() string {
	return "ws" + strings.TrimPrefix(d.server.URL, "http")
}

// PublicKey is the application's key, in hexadecimal.
func (d *Discord) PublicKey() string {
	return hex.EncodeToString(d.private.Public().(ed25519.PublicKey))
}

// Now is Discord's clock: the real one, and what Advance has added to it.
func (d *Discord) Now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now()
}

// Advance puts Discord's clock forward: first responses come too late, and
// tokens expire.
func (d *Discord) Advance(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.offset += by
	d.broadcast()
}

// Tolerate keeps breaches of rules from failing the test from now on.
func (d *Discord) Tolerate(rules ...Rule) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tolerated = append(d.tolerated, rules...)
}

// Violations are the breaches of rules so far, tolerated ones too.
func (d *Discord) Violations() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.violations)
}

// Await waits until a condition holds, which it looks at whenever anything has
// happened; false, and the test has failed, where it does not in time.
func (d *Discord) Await(what string, holds func() bool) bool {
	d.t.Helper()
	limit := time.NewTimer(d.patience)
	defer limit.Stop()
	for {
		d.mu.Lock()
		changed := d.changed
		d.mu.Unlock()
		if holds() {
			return true
		}
		select {
		case <-changed:
		case <-limit.C:
			d.t.Errorf("discord: waited in vain for %s", what)
			return false
		}
	}
}

func (d *Discord) now() time.Time { return time.Now().Add(d.offset) }

// pulseEvery is how often it is looked whether the test runs at all.
const pulseEvery = 10 * time.Millisecond

// pulse counts the time that the test has had of the machine, by beats that it
// came to: while others have the machine, the bot can't answer either.
func (d *Discord) pulse() {
	tick := time.NewTicker(pulseEvery)
	defer tick.Stop()
	for last := time.Now(); ; {
		select {
		case <-tick.C:
		case <-d.ctx.Done():
			return
		}
		now := time.Now()
		d.mu.Lock()
		d.ran += min(now.Sub(last), 2*pulseEvery)
		d.mu.Unlock()
		last = now
	}
}

// waited is how long an interaction has been waiting, as far as the bot could
// have answered it. The lock is held.
func (d *Discord) waited(in *interaction) time.Duration { return d.ran + d.offset - in.began }

// broadcast wakes those who wait. The lock is held.
func (d *Discord) broadcast() {
	close(d.changed)
	d.changed = make(chan struct{})
}

// violate notes the breach of a rule. The lock is held.
func (d *Discord) violate(rule Rule, format string, args ...any) {
	what := fmt.Sprintf("discord: %s: %s", rule, fmt.Sprintf(format, args...))
	d.violations = append(d.violations, what)
	if !d.closed && !d.tolerates(rule) {
		d.t.Error(what)
	}
}

// epoch is the millisecond at which Discord's ids begin.
const epoch = 1420070400000

// newID returns an id that tells the time and rises. The lock is held.
func (d *Discord) newID() string {
	d.lastID++
	return strconv.FormatInt((d.now().UnixMilli()-epoch)<<22|d.lastID&(1<<22-1), 10)
}

// newGuildID returns an id such that guilds go to the shards in turn.
func (d *Discord) newGuildID() string {
	return strconv.FormatInt(int64(len(d.guilds)+1<<30)<<22, 10)
}
