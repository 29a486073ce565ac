package embedded

import (
	"context"
	"path/filepath"
	"testing"

	"dogear/bot"
	"dogear/store/storetest"
)

func TestFile(t *testing.T) { storetest.Run(t, makeFile) }

func TestMemory(t *testing.T) {
	storetest.Run(t, func(tb testing.TB) storetest.Made {
		m := NewMemory()
		tb.Cleanup(func() { m.Close() })
		return storetest.Made{Store: m}
	})
}

func makeFile(tb testing.TB) storetest.Made {
	path := filepath.Join(tb.TempDir(), "dogear.db")
	s := openFile(tb, path)
	tb.Cleanup(func() { s.Close() })
	return storetest.Made{Store: s, Reopen: func() bot.Store {
		if err := s.Close(); err != nil {
			tb.Fatal(err)
		}
		s = openFile(tb, path)
		return s
	}}
}

func openFile(tb testing.TB, path string) *Store {
	tb.Helper()
	s, err := Open(context.Background(), path)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
