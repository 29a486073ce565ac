package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"dogear/store"
)

func TestOpen(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "a", "dogear.db")
	for _, spec := range []string{"mem:", "file:" + path} {
		s, err := store.Open(ctx, spec)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	for spec, want := range map[string]string{
		"redis://:secret@host/x":  "a number",
		"redis://:secret@a,b":     "several servers",
		"rediss://:secret@":       "redis://host",
		"redis+sentinel://secret": "master's name",
		"file:":                   "needs a path",
		"":                        "file:PATH",
		"mem:secret":              "file:PATH",
		"pg://u:secret@host/db":   "redis://host",
		"secret.db":               "file:PATH",
		"file:" + t.TempDir():     "folder",
	} {
		s, err := store.Open(ctx, spec)
		if err == nil || s != nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("open %q: %v, %v; want an error with %q", spec, s, err, want)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := store.Open(ctx, "file:"+path); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
