package redis

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"go.uber.org/goleak"

	"dogear/bot"
	"dogear/store/redistest"
	"dogear/store/storetest"
)

// made counts the stores that were made.
var made atomic.Int64

// TestMain looks that stores and their watchers leave nothing running.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("dogear/store/redistest.reap"))
}

// TestServer runs the suite on a real server, and looks that nothing was kept
// outside of a prefix.
func TestServer(t *testing.T) {
	server := redistest.Start(t)
	storetest.Run(t, maker(server.URL(), Options{}))
	for _, key := range server.Keys(t) {
		if !strings.HasPrefix(key, "test") {
			t.Errorf("the key %q is outside of every prefix", key)
		}
	}
}

// TestMini runs the suite on miniredis, which is there wherever Go is.
func TestMini(t *testing.T) {
	storetest.Run(t, func(tb testing.TB) storetest.Made {
		server := miniredis.RunT(tb)
		m := maker("redis://"+server.Addr(), Options{})(tb)
		m.Pass = server.FastForward
		return m
	})
}

// maker makes empty stores at an address, each under a prefix of its own.
func maker(url string, options Options) storetest.Maker {
	return func(tb testing.TB) storetest.Made {
		options := options
		options.Prefix = fmt.Sprintf("test%d:", made.Add(1))
		s := open(tb, url, options)
		return storetest.Made{
			Store: s,
			Reopen: func() bot.Store {
				if err := s.Close(); err != nil {
					tb.Fatal(err)
				}
				s = open(tb, url, options)
				return s
			},
			Beside: func() bot.Store { return open(tb, url, options) },
			Tells:  true,
		}
	}
}

// open opens a store. Where a test does not say how long a server may take, what
// a busy machine makes of that is no matter.
func open(tb testing.TB, url string, options Options) *Store {
	tb.Helper()
	if options.Timeout == 0 {
		options.Timeout = 10 * time.Second
	}
	s, err := Open(url, options)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	return s
}
