package discord

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"dogear/adapters/webhook"
	"dogear/bot"
)

// Settings is what dogear needs to know to be on Discord.
type Settings struct {
	Token      string        // of the app's bot
	HTTP       bool          // interactions come as HTTP requests; the gateway brings the rest
	PublicKey  string        // of the app, in hex; empty: what Discord says it is
	Listen     string        // where such requests are taken
	Shards     int           // connections to the gateway; 0: as many as Discord advises
	APIURL     string        // in place of Discord's REST API; empty: that
	GatewayURL string        // in place of the gateway that the API names; empty: that
	PurgeAfter time.Duration // how long what a server has stored outlasts its removing dogear; 0: for ever
}

// Platform is what the IDs of Discord's clubs and readers begin with.
const Platform = "discord:"

// mostAtOnce is how many readers are answered at the same time. Whoever comes
// beyond that is not answered: Discord tells them so.
const mostAtOnce = 512

// Discord answers readers on Discord. Make one with New.
type Discord struct {
	settings Settings
	bot      *bot.Bot
	rest     *rest
	log      *slog.Logger
	pace     pacing

	self      string // the ID of the bot of the app
	places    *places
	homes     *homes
	work      sync.WaitGroup
	atOnce    chan struct{}
	connected atomic.Pointer[func() error] // tells whether it is; nil: Run has not got that far
}

// New returns Discord as the settings want it. It connects to nothing yet. The
// error names the setting that can't be meant.
func New(s Settings, b *bot.Bot, log *slog.Logger) (*Discord, error) {
	r, err := newRest(s.Token, s.APIURL, log)
	if err != nil {
		return nil, err
	}
	return &Discord{
		settings: s, bot: b, rest: r, log: log, pace: discords,
		places: newPlaces(r), homes: newHomes(b, r, log), atOnce: make(chan struct{}, mostAtOnce),
	}, nil
}

// Check asks Discord whether it takes the settings, and returns how many
// servers have dogear. The error names the setting that it does not take.
func Check(ctx context.Context, s Settings, log *slog.Logger) (servers int, err error) {
	r, err := newRest(s.Token, s.APIURL, log)
	if err != nil {
		return 0, err
	}
	defer r.close()
	_, key, err := r.application(ctx)
	if err != nil {
		return 0, err
	}
	if s.HTTP {
		if _, err := newWeb(r, cmp.Or(s.PublicKey, key), log, nil); err != nil {
			return 0, err
		}
		if s.PublicKey != "" && key != "" && !strings.EqualFold(s.PublicKey, key) {
			return 0, errors.New("discord.public_key: Discord has another one for this app")
		}
	}
	guilds, err := r.guilds(ctx)
	return len(guilds), err
}

// Name returns what logs call the platform.
func (d *Discord) Name() string { return "discord" }

// Ready returns nil while dogear is connected to Discord.
func (d *Discord) Ready() error {
	if connected := d.connected.Load(); connected != nil {
		return (*connected)()
	}
	return errors.New("it is starting")
}

// Run answers readers until ctx ends, and returns when all who had asked by
// then are answered. It fails at once where Discord does not take a setting,
// and names that.
func (d *Discord) Run(ctx context.Context) error {
	defer d.rest.close()
	defer d.places.close()
	defer d.homes.close()
	defer d.work.Wait()
	var key string
	err := untilTold(ctx, d.log, func() (err error) {
		if _, key, err = d.rest.application(ctx); err == nil {
			d.self, err = d.rest.self(ctx)
		}
		return err
	})
	if err != nil {
		return unlessDone(ctx, err)
	}
	g := newGateway(d.rest, gatewaySettings{
		token: d.settings.Token, url: d.settings.GatewayURL, shards: d.settings.Shards, log: d.log, pace: d.pace,
	}, d.takeEvent)
	var web net.Listener
	if d.settings.HTTP {
		if web, err = net.Listen("tcp", d.settings.Listen); err != nil {
			return fmt.Errorf("discord.listen: %w", err)
		}
	}
	ready := g.ready
	d.connected.Store(&ready)
	parts, ctx := errgroup.WithContext(ctx)
	parts.Go(func() error { d.lookAround(ctx); return nil })
	// Mentions and direct messages come over the gateway alone.
	parts.Go(func() error { return g.run(ctx) })
	if web != nil {
		parts.Go(func() error { return d.serve(ctx, web, cmp.Or(d.settings.PublicKey, key)) })
	}
	return parts.Wait()
}

// serve takes interactions as HTTP requests until ctx ends.
func (d *Discord) serve(ctx context.Context, l net.Listener, key string) error {
	web, err := newWeb(d.rest, key, d.log, d.take)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	d.log.Info("interactions are taken over HTTP", "at", l.Addr().String())
	return webhook.Serve(ctx, l, web, d.log)
}

// lookEvery is how often dogear looks in which servers it is.
const lookEvery = time.Hour

// lookAround tells the bot which servers have dogear, so that what the others
// have stored goes in time.
func (d *Discord) lookAround(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := d.present(ctx); err != nil && ctx.Err() == nil {
			d.log.Warn("which servers have dogear is not known; nothing is purged", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (d *Discord) present(ctx context.Context) error {
	guilds, err := d.rest.guilds(ctx)
	if err != nil {
		return err
	}
	clubs := make([]bot.ClubID, len(guilds))
	for i, id := range guilds {
		clubs[i] = clubID(id)
	}
	return d.bot.Present(ctx, Platform, clubs, d.settings.PurgeAfter)
}

// goOn does a piece of work on the side, unless there is too much of it. Work
// that was begun is finished although ctx, which is that of Run, may end.
func (d *Discord) goOn(work func(context.Context)) {
	select {
	case d.atOnce <- struct{}{}:
	default:
		d.log.Warn("too many readers at once; one was not answered")
		return
	}
	d.work.Go(func() {
		defer func() { <-d.atOnce }()
		ctx, cancel := context.WithTimeout(context.Background(), tokenLife-time.Minute)
		defer cancel()
		guard(d.log, "reader", func() { work(ctx) })
	})
}

func clubID(guild string) bot.ClubID    { return bot.ClubID(Platform + guild) }
func readerID(user string) bot.ReaderID { return bot.ReaderID(Platform + user) }
