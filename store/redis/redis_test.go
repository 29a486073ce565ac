package redis

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/alicebob/miniredis/v2"

	"dogear/bot"
	"dogear/store/redistest"
	"dogear/store/storetest"
)

// made counts the stores that were made.
var made atomic.Int64

// TestServer runs the suite on a real server.
func TestServer(t *testing.T) {
	server := redistest.Start(t)
	storetest.Run(t, func(tb testing.TB) (bot.Store, func() bot.Store) { return opened(tb, server.URL()) })
}

// TestMini runs the suite on miniredis, which is there wherever Go is.
func TestMini(t *testing.T) {
	storetest.Run(t, func(tb testing.TB) (bot.Store, func() bot.Store) {
		return opened(tb, "redis://"+miniredis.RunT(tb).Addr())
	})
}

// opened makes an empty store under a prefix of its own, and opens it again.
func opened(tb testing.TB, url string) (bot.Store, func() bot.Store) {
	prefix := fmt.Sprintf("test%d:", made.Add(1))
	open := func() bot.Store {
		s, err := Open(url, Options{Prefix: prefix})
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { s.Close() })
		return s
	}
	s := open()
	return s, func() bot.Store {
		if err := s.Close(); err != nil {
			tb.Fatal(err)
		}
		s = open()
		return s
	}
}
