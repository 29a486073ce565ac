package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"dogear/adapters/webhook"
	"dogear/bot"
)

// Settings is what dogear needs to know to be on Slack.
type Settings struct {
	BotToken      string        // xoxb-…
	AppToken      string        // xapp-…, for Socket Mode
	HTTP          bool          // Slack sends requests, in the place of Socket Mode
	SigningSecret string        // what it signs them with
	Listen        string        // where they are taken
	APIURL        string        // in place of https://slack.com/api/; empty: that
	PurgeAfter    time.Duration // how long what a workspace has stored outlasts its removing dogear; 0: for ever
}

// Platform is what the IDs of Slack's clubs and readers begin with.
const Platform = "slack:"

// mostAtOnce is how many deliveries are answered at the same time. What comes
// beyond that is not acknowledged: Slack delivers it again, or tells its reader.
const mostAtOnce = 256

// Slack answers readers on Slack. Make one with New.
type Slack struct {
	settings Settings
	bot      *bot.Bot
	api      *api
	log      *slog.Logger
	pace     pacing

	work      sync.WaitGroup
	atOnce    chan struct{}
	self      identity                     // once it is found
	found     chan struct{}                // closed then
	gone      atomic.Bool                  // the workspace has removed dogear
	connected atomic.Pointer[func() error] // tells whether it is; nil: Run has not got that far
}

// New returns Slack as the settings want it. It connects to nothing yet. The error
// names the setting that can't be meant.
func New(s Settings, b *bot.Bot, log *slog.Logger) (*Slack, error) {
	a, err := newAPI(s, log)
	if err != nil {
		return nil, err
	}
	return &Slack{settings: s, bot: b, api: a, log: log, pace: slacks, atOnce: make(chan struct{}, mostAtOnce), found: make(chan struct{})}, nil
}

// Check asks Slack whether it takes the settings, and returns the workspace's ID.
// The error names the setting that it does not take.
func Check(ctx context.Context, s Settings, log *slog.Logger) (workspace string, err error) {
	a, err := newAPI(s, log)
	if err != nil {
		return "", err
	}
	defer a.close()
	self, err := a.probe(ctx)
	return self.team, err
}

// Name returns what logs call the platform.
func (s *Slack) Name() string { return "slack" }

// Ready returns nil while dogear is connected to Slack.
func (s *Slack) Ready() error {
	if s.gone.Load() {
		return errors.New("the workspace has removed dogear")
	}
	if connected := s.connected.Load(); connected != nil {
		return (*connected)()
	}
	return errors.New("it is starting")
}

// Run answers readers until ctx ends, and returns when all who had asked by then
// are answered. It fails at once where Slack does not take a setting, and names
// that.
func (s *Slack) Run(ctx context.Context) error {
	defer s.api.close()
	defer s.work.Wait()
	if err := s.introduce(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		// Started again, dogear can't say whose token was revoked. What that workspace
		// has stored goes in time all the same.
		// Where another setting is wrong, the workspace may have dogear again.
		if here, asked := s.api.here(ctx); asked == nil && !here {
			if late := s.bot.Overdue(ctx, Platform, s.settings.PurgeAfter); late != nil {
				s.log.WarnContext(ctx, "nothing is purged", "cause", late)
			}
		}
		return err
	}
	way, ready, err := s.way()
	if err != nil {
		return err
	}
	s.connected.Store(&ready)
	parts, ctx := errgroup.WithContext(ctx)
	parts.Go(func() error { s.lookAround(ctx); return nil })
	parts.Go(func() error { return way(ctx) })
	return parts.Wait()
}

// way returns what takes deliveries until its context ends, and what tells whether it
// does.
func (s *Slack) way() (run func(context.Context) error, ready func() error, err error) {
	if s.settings.HTTP {
		l, err := net.Listen("tcp", s.settings.Listen)
		if err != nil {
			return nil, nil, fmt.Errorf("slack.listen: %w", err)
		}
		s.log.Info("Slack's requests are taken", "at", l.Addr().String())
		web := newWeb(s.settings.SigningSecret, s.log, s.take)
		return func(ctx context.Context) error { return webhook.Serve(ctx, l, web, s.log) }, func() error { return nil }, nil
	}
	socket := newSocket(s.api.client, s.pace, s.log, s.take)
	return func(ctx context.Context) error {
		err := socket.run(ctx)
		if err != nil && s.gone.Load() {
			<-ctx.Done() // what the workspace has stored goes in time
			return nil
		}
		return err
	}, socket.ready, nil
}

// introduce has Slack say who dogear is there. It tries again for as long as Slack
// does not answer.
func (s *Slack) introduce(ctx context.Context) error {
	for wait := s.pace.again; ; wait = min(2*wait, s.pace.most) {
		self, err := s.api.probe(ctx)
		if err == nil {
			s.self = self
			close(s.found)
			return nil
		}
		if errors.As(err, new(*settingError)) {
			return err
		}
		s.log.WarnContext(ctx, "Slack does not answer yet", "cause", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// serves reports whether a club is the workspace that dogear is in.
func (s *Slack) serves(club bot.ClubID) bool {
	select {
	case <-s.found:
		return club == s.club()
	default:
		return false // nobody has said yet which that is
	}
}

// lookEvery is how often dogear looks whether it is still in the workspace.
const lookEvery = time.Hour

// lookAround tells the bot whether the workspace has dogear, so that what it has
// stored goes in time where not.
func (s *Slack) lookAround(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if here, err := s.api.here(ctx); err == nil {
			s.gone.Store(!here)
			s.depart(ctx)
		} else if ctx.Err() == nil {
			s.log.Warn("whether the workspace has dogear is not known; nothing is purged", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// leave notes that the workspace has removed dogear.
func (s *Slack) leave(ctx context.Context) {
	s.gone.Store(true)
	s.depart(ctx)
}

func (s *Slack) depart(ctx context.Context) {
	if err := s.bot.Departed(ctx, s.club(), s.gone.Load(), s.settings.PurgeAfter); err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "whether the workspace has dogear was not noted", "cause", err)
	}
}

// longestWork is how long answering one delivery may take.
const longestWork = time.Minute

// goOn does a piece of work on the side; false where there is too much of it.
// Work that was begun is finished although ctx, which is that of Run, may end.
func (s *Slack) goOn(work func(context.Context)) bool {
	select {
	case s.atOnce <- struct{}{}:
	default:
		s.log.Warn("too much at once; one delivery was not taken")
		return false
	}
	s.work.Go(func() {
		defer func() { <-s.atOnce }()
		ctx, cancel := context.WithTimeout(context.Background(), longestWork)
		defer cancel()
		guard(s.log, "reader", func() { work(ctx) })
	})
	return true
}

// pacing is how long things take, so that tests need not wait.
type pacing struct {
	ping  time.Duration // Slack pings that often; a connection without is dead
	again time.Duration // after a connection that did not last, the next waits so long; twice as long each time, up to longest
	most  time.Duration
}

// slacks is the pacing that suits Slack.
var slacks = pacing{ping: 30 * time.Second, again: time.Second, most: time.Minute}
