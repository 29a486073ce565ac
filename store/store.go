// Package store opens the place where dogear keeps what it must not forget:
// readers' places and veils, channels, libraries and tickets.
package store

import (
	"context"
	"errors"
	"strings"

	"dogear/bot"
	"dogear/store/embedded"
)

// Forms tells the forms of a store's name, for a help text or an error.
const Forms = "file:PATH (kept in one file) or mem: (kept nowhere)"

// Open opens the store that spec names: "file:PATH" or "mem:". Its errors do
// not repeat spec, because the address of a server may hold a password.
func Open(ctx context.Context, spec string) (bot.Store, error) {
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
	case form == "redis", form == "rediss":
		return nil, errors.New("open store: this build does not speak Redis yet; use " + Forms)
	}
	return nil, errors.New("open store: a store is named " + Forms)
}
