package main

import (
	"errors"
	"io"
	"log/slog"
	"os"

	"github.com/lmittmann/tint"
	"golang.org/x/term"

	"dogear/bot"
)

// logConfig is what is logged, and how.
type logConfig struct {
	Level  string `yaml:"level" mapstructure:"level"`   // debug, info, warn or error; empty: info for serve, else warn
	Format string `yaml:"format" mapstructure:"format"` // text or json
}

// newLog returns a log for people or for machines. Only a terminal gets colour.
func newLog(c logConfig, w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Level)); err != nil {
		return nil, errors.New("log.level: want debug, info, warn or error")
	}
	opts := &slog.HandlerOptions{Level: level}
	var h slog.Handler = slog.NewTextHandler(w, opts)
	switch c.Format {
	case "json":
		h = slog.NewJSONHandler(w, opts)
	case "text":
		if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			h = tint.NewTextHandler(f, &tint.Options{Level: level})
		}
	default:
		return nil, errors.New("log.format: want text or json")
	}
	return slog.New(bot.WithRequestIDs(h)), nil
}
