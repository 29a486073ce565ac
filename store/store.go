// Package store opens the place where dogear keeps what it must not forget:
// readers' places and veils, channels, libraries and tickets.
package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dogear/bot"
	"dogear/store/embedded"
	"dogear/store/redis"
)

// Forms tells the forms of a store's name, for a help text or an error.
const Forms = "file:PATH (kept in one file), mem: (kept nowhere) or redis://HOST (kept by a server)"

// Open opens the store that spec names: "file:PATH", "mem:", or the address of
// a server as redis.Open has it. A server is not asked anything yet. The errors
// do not repeat spec, because an address may hold a password.
func Open(ctx context.Context, spec string) (bot.Store, error) {
	return OpenWith(ctx, spec, redis.Options{})
}

// OpenWith opens a store as Open does, and a server as options say.
func OpenWith(ctx context.Context, spec string, options redis.Options) (bot.Store, error) {
	form, rest, _ := strings.Cut(spec, ":")
	switch {
	case form == "file" && rest != "":
		s, err := embedded.Open(ctx, rest)
		if err != nil {
			return nil, err // not s: a nil *embedded.Store is no nil bot.Store
		}
		return s, nil
	case form == "file":
		return nil, errors.New("open store: file: needs a path, as in file:dogear.db")
	case spec == "mem:":
		return embedded.NewMemory(), nil
	case strings.HasPrefix(rest, "//"):
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("open store: %w", err)
		}
		s, err := redis.Open(spec, options)
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	return nil, errors.New("open store: a store is named " + Forms)
}
