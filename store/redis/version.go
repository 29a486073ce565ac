package redis

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"

	"dogear/bot"
)

// encodeVersion returns a version in its stored form: count, space, mark. The
// zero Version has none.
func encodeVersion(v bot.Version) string {
	if v == (bot.Version{}) {
		return ""
	}
	return wrap(strconv.FormatUint(v.N, 10) + " " + v.Mark)
}

// decodeVersion reads what encodeVersion wrote; nothing is the zero Version.
func decodeVersion(value string) (bot.Version, error) {
	if value == "" {
		return bot.Version{}, nil
	}
	data, err := unwrap(value)
	if err != nil {
		return bot.Version{}, fmt.Errorf("version: %w", err)
	}
	n, mark, _ := strings.Cut(string(data), " ")
	count, err := strconv.ParseUint(n, 10, 64)
	if err != nil {
		return bot.Version{}, bot.ErrDamaged
	}
	return bot.Version{N: count, Mark: mark}, nil
}

// newVersion returns a version that none was before.
func newVersion(n uint64) bot.Version { return bot.Version{N: n, Mark: rand.Text()} }
