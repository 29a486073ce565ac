package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dogear/bot"
	"dogear/store"
)

// app is what the commands share.
type app struct {
	configFile string
	flags      *pflag.FlagSet
}

// setUp reads the settings and makes the log that they ask for, of a level that
// holds where they name none.
func (a *app) setUp(cmd *cobra.Command, level string) (config, *slog.Logger, error) {
	c, err := loadConfig(a.configFile, a.flags)
	if err != nil {
		return c, nil, err
	}
	c.Log.Level = cmp.Or(c.Log.Level, level)
	log, err := newLog(c.Log, cmd.ErrOrStderr())
	return c, log, err
}

// with runs f on an opened bot and closes the store behind it.
func (a *app) with(cmd *cobra.Command, f func(context.Context, config, *bot.Bot, bot.Store) error) error {
	c, log, err := a.setUp(cmd, "warn")
	if err != nil {
		return err
	}
	s, err := c.openStore(cmd.Context())
	if err != nil {
		return err
	}
	b := bot.New(s, log)
	return closing(cmd.Context(), b, s, func() error { return f(cmd.Context(), c, b, s) })
}

// openStore opens the store that the settings name.
func (c config) openStore(ctx context.Context) (bot.Store, error) {
	options, err := c.Redis.options()
	if err != nil {
		return nil, err
	}
	return store.OpenWith(ctx, c.Store, options)
}

// closing runs f and closes the store behind it, with all that the bot has
// counted in it.
func closing(ctx context.Context, b *bot.Bot, s bot.Store, f func() error) (err error) {
	defer func() {
		b.Flush(context.WithoutCancel(ctx))
		if closing := s.Close(); err == nil && closing != nil {
			err = fmt.Errorf("close store: %w", closing)
		}
	}()
	return f()
}

// encoder writes JSON as scripts read it: one object a line, < and > as they
// are.
func encoder(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc
}
