package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"dogear/bot"
)

// platform is where readers are.
type platform interface {
	// Name is what logs and /readyz call it.
	Name() string
	// Run answers readers until ctx ends, and returns when everything that it
	// had taken in by then was answered.
	Run(ctx context.Context) error
	// Ready is nil while it is connected.
	Ready() error
}

// connect makes a platform as the settings want it; nil where they want none.
type connect func(config, *bot.Bot, *slog.Logger) (platform, error)

// patience is how long a platform may take to finish what it has taken in. Who
// runs services waits for 30 s or longer before they kill one.
const patience = 20 * time.Second

// allowance is how often a reader may ask: as often as one does who is curious,
// and no script.
var allowance = bot.Rate{Burst: 20, Every: 3 * time.Second}

func (a *app) serveCommand(connects []connect) *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Answer on the platforms that are configured, and serve health and metrics",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.serve(cmd, connects) },
	}
}

func (a *app) serve(cmd *cobra.Command, connects []connect) error {
	c, log, err := a.setUp(cmd, "info")
	if err != nil {
		return err
	}
	kept, err := c.openStore(cmd.Context())
	if err != nil {
		return err
	}
	counts := newMetrics()
	counted := counts.store(kept)
	b := bot.New(counted, log)
	b.MeasureWith(counts.handled)
	b.LimitTo(allowance)
	counts.registry.MustRegister(newHeld(b, kept))
	return closing(cmd.Context(), b, counted, func() error {
		s := server{serveConfig: c.Serve, log: log, bot: b, store: counted, metrics: counts.handler(), patience: patience}
		for _, connect := range connects {
			p, err := connect(c, b, log)
			if err != nil {
				return err
			}
			if p != nil {
				s.platforms = append(s.platforms, p)
			}
		}
		return s.run(cmd.Context())
	})
}

// server is dogear as it runs for a club on its platforms.
type server struct {
	serveConfig
	log       *slog.Logger
	bot       *bot.Bot
	store     bot.Store
	metrics   http.Handler
	platforms []platform
	patience  time.Duration
}

// run serves until ctx ends or a part of it fails, and then until everything
// that was taken in is answered.
func (s *server) run(ctx context.Context) error {
	work, ctx := errgroup.WithContext(ctx)
	switch {
	case len(s.platforms) > 0:
	case s.Listen == "":
		return errors.New("there is nothing to serve: no platform is configured, and serve.listen is empty")
	default:
		s.log.Warn("no platform is configured: only health and metrics are served")
	}
	if s.Listen != "" {
		end, err := s.serveHealth(ctx, work)
		if err != nil {
			return err
		}
		defer end()
	}
	for _, p := range s.platforms {
		work.Go(func() error {
			err := p.Run(ctx)
			if err == nil && ctx.Err() == nil {
				err = errors.New("it ended by itself")
			}
			if err != nil {
				return fmt.Errorf("%s: %w", p.Name(), err)
			}
			s.log.Info("a platform has finished what it had taken in", "platform", p.Name())
			return nil
		})
	}
	work.Go(func() error { s.bot.Run(ctx); return nil })

	<-ctx.Done()
	s.log.Info("stopping")
	finished := make(chan error, 1)
	go func() { finished <- work.Wait() }()
	select {
	case err := <-finished:
		return err
	case <-time.After(s.patience):
		return fmt.Errorf("stopped with work unfinished, after %v", s.patience)
	}
}

// serveHealth serves health and metrics until end is called: longer than ctx
// lasts, so that one can see it stop. What breaks ends the work.
func (s *server) serveHealth(ctx context.Context, work *errgroup.Group) (end func(), err error) {
	l, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return nil, fmt.Errorf("serve.listen: %w", err)
	}
	h := s.health(ctx)
	broke := make(chan error, 1)
	go func() { broke <- h.Serve(l) }()
	work.Go(func() error {
		select {
		case err := <-broke:
			return fmt.Errorf("serve health: %w", err)
		case <-ctx.Done():
			return nil
		}
	})
	s.log.Info("health and metrics are served", "at", l.Addr().String())
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if h.Shutdown(ctx) != nil {
			h.Close()
		}
	}, nil
}
