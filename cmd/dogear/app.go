package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

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

// open reads the settings and opens the store and the bot on it. The caller
// closes the store.
func (a *app) open(cmd *cobra.Command) (config, *bot.Bot, bot.Store, error) {
	c, err := loadConfig(a.configFile, a.flags)
	if err != nil {
		return c, nil, nil, err
	}
	log, err := newLog(c.Log, cmd.ErrOrStderr())
	if err != nil {
		return c, nil, nil, err
	}
	s, err := store.Open(cmd.Context(), c.Store)
	if err != nil {
		return c, nil, nil, err
	}
	return c, bot.New(s, log), s, nil
}

// with runs f on an opened bot and closes the store behind it.
func (a *app) with(cmd *cobra.Command, f func(context.Context, config, *bot.Bot, bot.Store) error) (err error) {
	c, b, s, err := a.open(cmd)
	if err != nil {
		return err
	}
	defer func() {
		b.Flush(context.WithoutCancel(cmd.Context()))
		if closing := s.Close(); err == nil && closing != nil {
			err = fmt.Errorf("close store: %w", closing)
		}
	}()
	return f(cmd.Context(), c, b, s)
}

// encoder writes JSON as scripts read it: one object a line, < and > as they
// are.
func encoder(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc
}
