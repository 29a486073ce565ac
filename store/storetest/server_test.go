package storetest_test

import (
	"testing"

	"dogear/bot"
	"dogear/store/embedded"
	"dogear/store/storetest"
)

// TestServer has the suite see several processes on one store.
func TestServer(t *testing.T) {
	storetest.Run(t, func(tb testing.TB) storetest.Made {
		server := storetest.Serve(embedded.NewMemory())
		open := func() bot.Store {
			s := server.Open()
			tb.Cleanup(func() { s.Close() })
			return s
		}
		return storetest.Made{Store: open(), Beside: open, Tells: true}
	})
}
